//! Every address for every role, and forms that are not this site's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

use axum::body::Body;
use axum::http::{StatusCode, header};
use giaouoc_store::people::Role;
use giaouoc_store::tokens::Scope;
use giaouoc_web::access::{Access, Doing};
use giaouoc_web::routes;
use support::{CLUSTER, TestSite, builder, csrf};

/// Somebody: name, role, cluster, unit.
type Somebody = (&'static str, Option<Role>, Option<&'static str>, Option<&'static str>);

/// Everybody who may come.
const PEOPLE: [Somebody; 12] = [
    ("nobody", None, None, None),
    ("admin", Some(Role::Admin), None, None),
    ("board", Some(Role::Board), None, None),
    ("oversight", Some(Role::Oversight), None, None),
    ("secretary", Some(Role::Secretary), Some(CLUSTER), None),
    ("officer", Some(Role::Officer), Some(CLUSTER), Some("one")),
    ("leader", Some(Role::Leader), Some(CLUSTER), Some("one")),
    ("staff", Some(Role::Staff), Some(CLUSTER), Some("one")),
    ("officer2", Some(Role::Officer), Some(CLUSTER), Some("two")),
    ("leader2", Some(Role::Leader), Some(CLUSTER), Some("two")),
    ("elsewhere", Some(Role::Secretary), Some("seven"), None),
    ("unscoped", Some(Role::Officer), None, None),
];

/// Who may, as this test says it once more and on its own.
fn may(name: &str, access: Access) -> bool {
    let inside = ["board", "oversight", "secretary", "officer", "leader", "staff", "officer2", "leader2"];
    match access {
        Access::Public => true,
        Access::Person => true,
        Access::Admin => name == "admin",
        Access::City => ["board", "oversight"].contains(&name),
        Access::Board => name == "board",
        Access::Inside => inside.contains(&name),
        Access::Head => ["board", "secretary"].contains(&name),
        // No log-in helps where a token is asked for.
        Access::Token(_) => false,
        Access::Unit(Doing::Read) => {
            ["board", "oversight", "secretary", "officer", "leader", "staff"].contains(&name)
        }
        Access::Unit(Doing::Propose) => ["secretary", "officer", "leader", "staff"].contains(&name),
        Access::Unit(Doing::Bring) => ["secretary", "officer", "leader"].contains(&name),
        Access::Unit(Doing::Confirm) => ["secretary", "leader"].contains(&name),
    }
}

fn filled(path: &str) -> String {
    let values = [
        ("{cluster}", CLUSTER),
        ("{unit}", "one"),
        ("{number}", "1"),
        ("{page}", "method"),
        ("{upload}", "1"),
        ("{kind}", "dialogue"),
        ("{key}", "DT-1"),
        ("{file}", "1"),
        ("{draft}", "1"),
        ("{recount}", "1"),
        ("{person}", "1"),
        ("{role}", "1"),
        ("{ticket}", "x"),
        ("{clause}", "1"),
        ("{measure}", "on-time"),
        ("{target}", "on-time"),
        ("{lang}", "en"),
        ("{name}", "x"),
        ("{provider}", "none"),
        ("{letter}", "1"),
        ("{notice}", "1"),
        ("{list}", "units"),
        ("{circular}", "1"),
        ("{handover}", "1"),
        ("{passkey}", "1"),
        ("{kind}", "dossier"),
        ("{key}", "K1"),
        ("{job}", "1"),
        ("{sort}", "initiative"),
        ("{code}", "DT-1"),
        ("{home}", CLUSTER),
        ("{paper}", "report"),
        ("{event}", "thu-do"),
        ("{month}", "2020-06"),
        ("{token}", "1"),
        ("{file}", "dialogue.xlsx"),
    ];
    let path = values.into_iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "{path}: this test has no value for it");
    path
}

#[tokio::test]
async fn every_address_for_every_role() {
    let site = TestSite::new().await;
    let mut sessions = Vec::new();
    for (name, role, cluster, unit) in PEOPLE {
        sessions.push((name, site.person(name, role, cluster, unit).await));
    }
    let mut opened = 0;
    for route in routes() {
        let path = filled(route.path);
        // Nobody logged in: public pages only, else the way to log in.
        let request = builder(route.method, &path, None).body(Body::empty()).unwrap();
        let (status, headers, _) = site.ask(request).await;
        let to_log_in =
            headers.get(header::LOCATION).is_some_and(|to| to.to_str().unwrap().starts_with("/login?to="));
        if route.path.starts_with("/api/v1/") {
            continue; // below, with tokens
        }
        assert_eq!(to_log_in, route.access != Access::Public, "{} {path}: {status}", route.method);
        for (name, session) in &sessions {
            if path == "/logout" || path == "/me/sessions" {
                continue;
            }
            let (status, _, body) = match route.method {
                "GET" => site.get(&path, Some(session)).await,
                _ => site.post(&path, session, "").await,
            };
            let allowed = may(name, route.access);
            assert_eq!(
                status != StatusCode::FORBIDDEN,
                allowed,
                "{name}: {} {path}: {status}\n{body}",
                route.method
            );
            assert!(status != StatusCode::INTERNAL_SERVER_ERROR, "{name}: {} {path}\n{body}", route.method);
            opened += usize::from(allowed);
        }
    }
    assert!(opened > 150, "{opened}");
}

/// Tokens: by whom, for which unit, with which scopes.
type Made = (&'static str, &'static str, Option<&'static str>, &'static [Scope]);

const ALL: &[Scope] = Scope::ALL;
const TOKENS: [Made; 11] = [
    ("unit", "leader", Some("one"), ALL),
    ("unit writes", "leader", Some("one"), &[Scope::RecordsWrite]),
    ("unit reads", "leader", Some("one"), &[Scope::RecordsRead]),
    ("unit looks", "leader", Some("one"), &[Scope::FiguresRead]),
    ("unit nothing", "leader", Some("one"), &[]),
    ("unit of the secretary", "secretary", Some("one"), ALL),
    ("cluster", "secretary", None, ALL),
    // A token may claim what it likes: its maker cannot do it.
    ("cluster of the board", "board", None, ALL),
    ("cluster of a leader", "leader", None, ALL),
    ("unit of another leader", "leader2", Some("one"), ALL),
    ("elsewhere", "elsewhere", Some("one"), ALL),
];

/// What each may, as this test says it once more and on its own.
fn token_may(name: &str, scope: Scope) -> bool {
    match name {
        "unit" | "unit of the secretary" | "cluster" => true,
        "unit writes" => scope == Scope::RecordsWrite,
        "unit reads" => scope == Scope::RecordsRead,
        "unit looks" | "cluster of a leader" | "unit of another leader" => scope == Scope::FiguresRead,
        "cluster of the board" => scope != Scope::RecordsWrite,
        _ => false,
    }
}

#[tokio::test]
async fn every_address_of_the_api_for_every_role_and_token() {
    let site = TestSite::new().await;
    let mut people = std::collections::HashMap::new();
    for (name, role, cluster, unit) in PEOPLE {
        let session = site.person(name, role, cluster, unit).await;
        people.insert(name, session);
    }
    let mut made = Vec::new();
    for (name, by, unit, scopes) in TOKENS {
        made.push((name, site.token(name, by, unit, scopes, support::NOW + 1_000_000).await));
    }
    let expired = site.token("expired", "leader", Some("one"), ALL, support::NOW).await;
    let (mut opened, mut refused) = (0, 0);
    for route in routes().into_iter().filter(|route| route.path.starts_with("/api/v1/")) {
        let path = filled(route.path);
        let ask = async |token: Option<&str>, session: Option<&str>, path: &str| {
            let mut request = builder(route.method, path, session);
            if let Some(token) = token {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            site.ask(request.body(Body::empty()).unwrap()).await
        };
        let needs = match route.access {
            Access::Public => None,
            Access::Token(scope) => Some(scope),
            other => panic!("{path}: {other:?}"),
        };
        // Log-ins of every role: cookies are not looked at.
        for (name, session) in &people {
            let (status, headers, body) = ask(None, Some(session), &path).await;
            assert_eq!(
                status == StatusCode::UNAUTHORIZED,
                needs.is_some(),
                "{name}: {} {path}: {body}",
                route.method
            );
            assert!(headers.get(header::SET_COOKIE).is_none());
        }
        let (status, headers, body) = ask(None, None, &path).await;
        assert_eq!(status == StatusCode::UNAUTHORIZED, needs.is_some(), "{} {path}: {body}", route.method);
        assert_eq!(headers.get(header::WWW_AUTHENTICATE).is_some(), needs.is_some());
        for (name, token) in &made {
            let (status, _, body) = ask(Some(token), None, &path).await;
            let may = needs.is_none_or(|scope| token_may(name, scope));
            assert_eq!(
                status != StatusCode::FORBIDDEN,
                may,
                "{name}: {} {path}: {status} {body}",
                route.method
            );
            assert!(
                status != StatusCode::UNAUTHORIZED && status != StatusCode::INTERNAL_SERVER_ERROR,
                "{name}: {} {path}: {status} {body}",
                route.method
            );
            if may {
                opened += 1
            } else {
                refused += 1
            }
            // The cluster of somebody else.
            if route.path.contains("{cluster}") && needs.is_some() {
                let other = path.replace("/six/", "/seven/");
                assert_eq!(ask(Some(token), None, &other).await.0, StatusCode::FORBIDDEN, "{name}: {other}");
            }
        }
        let forged = "giaouoc_".to_owned() + &"0".repeat(64);
        for (name, token) in [
            ("expired", expired.as_str()),
            ("forged", &forged),
            ("empty", ""),
            ("digest", &support::digest(&made[0].1)),
        ] {
            let (status, _, body) = ask(Some(token), None, &path).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{name}: {} {path}: {body}", route.method);
        }
    }
    assert!(opened > 60 && refused > 20, "{opened} {refused}");
}

#[tokio::test]
async fn a_change_needs_the_forms_own_token() {
    let site = TestSite::new().await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let leader = site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let board = site.person("board", Some(Role::Board), None, None).await;
    let other = csrf(&secretary);
    for route in routes() {
        let path = filled(route.path);
        // Programs have no forms: they show a token, and a cookie is of no use (above).
        if route.method == "GET" || matches!(route.access, Access::Token(_)) {
            continue;
        }
        let who = match route.access {
            Access::Admin => &admin,
            Access::Head => &secretary,
            Access::Board => &board,
            _ => &leader,
        };
        let stolen = if std::ptr::eq(who, &secretary) { csrf(&leader) } else { other.clone() };
        for body in [String::new(), "csrf=".into(), format!("csrf={stolen}")] {
            let request = builder("POST", &path, Some(who))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body.clone()))
                .unwrap();
            let (status, _, text) = site.ask(request).await;
            let stopped = [StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY].contains(&status);
            assert!(stopped, "{path} with {body:?}: {status} {text}");
        }
        // A page of somebody else that sends the person's own form.
        let request = builder("POST", &path, Some(who))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "https://elsewhere.example")
            .body(Body::from(format!("csrf={}", csrf(who))))
            .unwrap();
        assert_eq!(site.ask(request).await.0, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let site = TestSite::new().await;
    for path in ["/", "/login", "/clock", "/nowhere", "/c/six/", "/c/none/", "/c/six/now/", "/assets/x"] {
        let (_, headers, _) = site.get(path, None).await;
        let policy = headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers.get("x-content-type-options").unwrap(), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn provisional_figures_are_nowhere_in_public() {
    let site = TestSite::new().await;
    let staff = site.person("staff", Some(Role::Staff), Some(CLUSTER), Some("one")).await;
    let (_, _, inside) = site.get("/c/six/now/", Some(&staff)).await;
    assert!(inside.contains("bảng tạm tính bí mật"));
    for route in routes().into_iter().filter(|route| route.method == "GET" && route.access == Access::Public)
    {
        for session in [None, Some(staff.as_str())] {
            let (_, _, body) = site.get(&filled(route.path), session).await;
            assert!(!body.contains("bí mật") && !body.contains("secret<"), "{}", route.path);
        }
    }
}

#[tokio::test]
async fn an_ended_session_and_an_ended_role_open_nothing() {
    use giaouoc_store::{people, sessions};
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    assert_eq!(site.get("/c/six/desk/one/", Some(&officer)).await.0, StatusCode::OK);
    let person = people::by_email(site.store.read(), "officer@x.vn").await.unwrap().unwrap();
    let held = people::roles(site.store.read(), person.id).await.unwrap();
    people::end(site.store.read(), held[0].id, "2020-06-30").await.unwrap();
    assert_eq!(site.get("/c/six/desk/one/", Some(&officer)).await.0, StatusCode::FORBIDDEN);
    sessions::end(site.store.read(), person.id, sessions::Ending::All, support::NOW).await.unwrap();
    assert_eq!(site.get("/me", Some(&officer)).await.0, StatusCode::SEE_OTHER);
}

/// Asks for a page as somebody who is not logged in; gives the answer's tag with it.
async fn anonymous(
    site: &TestSite,
    path: &str,
    lang: &str,
    tag: Option<&str>,
) -> (StatusCode, String, String) {
    let mut request = builder("GET", path, None).header(header::ACCEPT_LANGUAGE, lang);
    if let Some(tag) = tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    let (status, headers, body) = site.ask(request.body(Body::empty()).unwrap()).await;
    assert!(headers.get(header::SET_COOKIE).is_none(), "{path} sets a cookie");
    let tag = headers.get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
    (status, tag.unwrap_or_default(), body)
}

#[tokio::test]
async fn pages_of_the_public_are_made_once_and_anew_after_a_release() {
    let site = TestSite::new().await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let (status, tag, first) = anonymous(&site, "/", "vi", None).await;
    assert_eq!((status, tag.len()), (StatusCode::OK, 34), "{first}");
    let (status, again, body) = anonymous(&site, "/", "vi", Some(&tag)).await;
    assert_eq!((status, again, body.as_str()), (StatusCode::NOT_MODIFIED, tag.clone(), ""));
    let (_, english, page) = anonymous(&site, "/", "en", None).await;
    assert!(english != tag && page.contains("Emulation clusters"), "{page}");
    // Whoever is logged in has pages of their own, and nobody else gets them.
    let (_, headers, own) = site.get("/", Some(&secretary)).await;
    assert!(headers.get(header::ETAG).is_none() && own.contains("secretary"));
    assert!(!anonymous(&site, "/", "vi", None).await.2.contains("secretary"));
    // A release is planned: the first page says so, at the latest when a second has gone by.
    let fields =
        "name_vi=S%C3%A1u+th%C3%A1ng&name_en=Half&confirm_by=2030-01-01T00:00&publish_at=2030-01-02T00:00";
    let (status, _, body) = site.post("/c/six/releases", &secretary, fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    support::later(2_000_000);
    let (_, _, after) = anonymous(&site, "/", "vi", Some(&tag)).await;
    assert!(after.contains("Sáu tháng"), "{after}");
}
