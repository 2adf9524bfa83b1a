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
        Access::Inside => inside.contains(&name),
        Access::Head => ["board", "secretary"].contains(&name),
        Access::Unit(Doing::Read) => {
            ["board", "oversight", "secretary", "officer", "leader", "staff"].contains(&name)
        }
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
        ("{person}", "1"),
        ("{role}", "1"),
        ("{ticket}", "x"),
        ("{lang}", "en"),
        ("{name}", "x"),
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

#[tokio::test]
async fn a_change_needs_the_forms_own_token() {
    let site = TestSite::new().await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let leader = site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let other = csrf(&secretary);
    for route in routes().into_iter().filter(|route| route.method == "POST") {
        let path = filled(route.path);
        let who = match route.access {
            Access::Admin => &admin,
            Access::Head => &secretary,
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
