//! Log-ins, links that work once, the second factor.
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
use giaouoc_store::people::{self, Purpose, Role};
use support::{NOW, TestSite, builder, csrf, digest};

/// The visitor's cookie of a first look.
async fn visitor(site: &TestSite) -> String {
    let (_, headers, _) = site.get("/login", None).await;
    let cookie = headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(['=', ';']).nth(1).unwrap().to_owned()
}

async fn send(
    site: &TestSite,
    path: &str,
    visitor: &str,
    fields: &str,
) -> (StatusCode, Option<String>, String) {
    let request = builder("POST", path, None)
        .header(header::COOKIE, format!("giaouoc_visitor={visitor}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={}&{fields}", csrf(visitor))))
        .unwrap();
    let (status, headers, text) = site.ask(request).await;
    let session = headers.get_all(header::SET_COOKIE).iter().find_map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        Some(cookie.strip_prefix("giaouoc_session=")?.split(';').next().unwrap().to_owned())
    });
    (status, session, text)
}

const LONG: &str = "password=m%E1%BA%ADt+kh%E1%BA%A9u+d%C3%A0i&again=m%E1%BA%ADt+kh%E1%BA%A9u+d%C3%A0i";
const RIGHT: &str = "email=A%40x.vn&password=m%E1%BA%ADt+kh%E1%BA%A9u+d%C3%A0i";

async fn invited(site: &TestSite) -> i64 {
    let person = people::add(site.store.read(), "a@x.vn", "A", "vi", NOW).await.unwrap();
    let expires = NOW + 1_000_000;
    people::add_ticket(site.store.read(), person.id, Purpose::Invitation, &digest("ticket"), expires)
        .await
        .unwrap();
    person.id
}

#[tokio::test]
async fn an_invitation_works_once_and_the_password_logs_in() {
    let site = TestSite::new().await;
    invited(&site).await;
    let visitor = visitor(&site).await;
    let (status, _, text) = send(&site, "/welcome/ticket", &visitor, "password=short&again=short").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    let (status, session, _) = send(&site, "/welcome/ticket", &visitor, LONG).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/me", session.as_deref()).await.0, StatusCode::OK);
    let (status, _, text) = send(&site, "/welcome/ticket", &visitor, LONG).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("đã dùng"), "{text}");
    let (status, session, _) = send(&site, "/login", &visitor, RIGHT).await;
    assert_eq!((status, session.is_some()), (StatusCode::SEE_OTHER, true));
}

#[tokio::test]
async fn wrong_log_ins_say_the_same_and_are_slowed() {
    let site = TestSite::new().await;
    invited(&site).await;
    let visitor = visitor(&site).await;
    send(&site, "/welcome/ticket", &visitor, LONG).await;
    let (first, _, unknown) = send(&site, "/login", &visitor, "email=b%40x.vn&password=x").await;
    let (second, _, known) = send(&site, "/login", &visitor, "email=a%40x.vn&password=x").await;
    assert_eq!((first, second), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(unknown.replace("b@x.vn", "a@x.vn"), known);
    for _ in 0..7 {
        assert_eq!(
            send(&site, "/login", &visitor, "email=a%40x.vn&password=x").await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(send(&site, "/login", &visitor, RIGHT).await.0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn where_to_go_after_logging_in_is_on_this_site() {
    let site = TestSite::new().await;
    for to in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let (_, _, page) =
            site.get(&format!("/login?to={}", to.replace('/', "%2F").replace('\\', "%5C")), None).await;
        assert!(page.contains("name=\"to\" value=\"/\""), "{to}: {page}");
    }
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let site = TestSite::new().await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let (status, _, text) = site.post("/people/roles/1/end", &admin, "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    assert_eq!(
        site.post("/people/1/account", &admin, "close=true").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_role_of_a_unit_names_its_unit() {
    let site = TestSite::new().await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let invite = |role: &str, place: &str| format!("name=B&email=b%40x.vn&role={role}&place={place}");
    for (role, place, expected) in [
        ("officer", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("officer", "six", StatusCode::UNPROCESSABLE_ENTITY),
        ("officer", "six/none", StatusCode::NOT_FOUND),
        ("secretary", "seven", StatusCode::NOT_FOUND),
        ("king", "six", StatusCode::NOT_FOUND),
        ("officer", "six/one", StatusCode::OK),
        ("board", "six", StatusCode::OK),
    ] {
        assert_eq!(site.post("/people", &admin, &invite(role, place)).await.0, expected, "{role} {place}");
    }
    let roles = people::all_roles(site.store.read()).await.unwrap();
    let board = roles.iter().find(|held| held.role == Role::Board).unwrap();
    assert_eq!(board.cluster, None, "a role of the whole city has no scope");
}

/// Sends a form as a visitor from a network.
async fn from(site: &TestSite, network: &str, path: &str, visitor: &str, fields: &str) -> StatusCode {
    let peer: std::net::SocketAddr = format!("{network}:1").parse().unwrap();
    let request = builder("POST", path, None)
        .extension(axum::extract::ConnectInfo(peer))
        .header(header::COOKIE, format!("giaouoc_visitor={visitor}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={}&{fields}", csrf(visitor))))
        .unwrap();
    site.ask(request).await.0
}

const WRONG: &str = "email=a%40x.vn&password=wrong";

#[tokio::test]
async fn who_guesses_from_one_network_keeps_nobody_else_out() {
    let site = TestSite::new().await;
    invited(&site).await;
    let visitor = visitor(&site).await;
    send(&site, "/welcome/ticket", &visitor, LONG).await;
    let mut last = StatusCode::OK;
    for host in 1..20 {
        last = from(&site, &format!("203.0.113.{host}"), "/login", &visitor, WRONG).await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "other addresses of one network are one network");
    assert_eq!(from(&site, "203.0.113.9", "/login", &visitor, RIGHT).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from(&site, "198.51.100.1", "/login", &visitor, RIGHT).await, StatusCode::SEE_OTHER);
    // From everywhere there is an end to it as well.
    for network in 1..20 {
        for _ in 0..3 {
            last = from(&site, &format!("10.0.{network}.1"), "/login", &visitor, WRONG).await;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn one_network_does_not_try_everybody() {
    let site = TestSite::new().await;
    let visitor = visitor(&site).await;
    let mut last = StatusCode::OK;
    for number in 0..101 {
        let fields = format!("email=p{number}%40x.vn&password=wrong");
        last = from(&site, "203.0.113.1", "/login", &visitor, &fields).await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from(&site, "203.0.114.1", "/login", &visitor, WRONG).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn forgotten_says_the_same_to_everybody_and_writes_to_who_is_there() {
    use giaouoc_store::letters::{self, Kind};
    let site = TestSite::new().await;
    let id = invited(&site).await;
    let visitor = visitor(&site).await;
    let page = async |email: &str| send(&site, "/forgotten", &visitor, &format!("email={email}")).await;
    let (unknown, known) = (page("b%40x.vn").await, page("A%40x.vn").await);
    assert_eq!(unknown, known);
    assert!(known.2.contains("id=\"sent\""), "{}", known.2);
    let letter = letters::take(site.store.read(), NOW).await.unwrap().unwrap();
    assert_eq!(
        (letter.person, letter.kind),
        (id, Kind::Invitation),
        "who has no password yet is invited anew"
    );
    assert_eq!(letters::take(site.store.read(), NOW).await.unwrap(), None);
    people::set_password(site.store.read(), id, "x".into()).await.unwrap();
    for _ in 0..4 {
        assert_eq!(page("a%40x.vn").await, known, "nobody learns that there were too many");
    }
    for _ in 0..2 {
        let letter = letters::take(site.store.read(), NOW).await.unwrap().unwrap();
        assert_eq!(letter.kind, Kind::Reset);
    }
    assert_eq!(letters::take(site.store.read(), NOW).await.unwrap(), None, "three letters an hour at most");
    people::set_disabled(site.store.read(), id, Some(NOW)).await.unwrap();
    let mut last = StatusCode::OK;
    for _ in 0..9 {
        last = page("c%40x.vn").await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

/// The code of an authenticator app at the time of the tests.
fn code(secret: &str) -> String {
    use totp_rs::{Builder, Secret};
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(u64::try_from(NOW / 1_000_000).unwrap()).to_string()
}

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[tokio::test]
async fn the_second_factor_is_asked_for_after_the_password() {
    let site = TestSite::new().await;
    let id = invited(&site).await;
    let visitor = visitor(&site).await;
    send(&site, "/welcome/ticket", &visitor, LONG).await;
    people::set_second(site.store.read(), id, Some(SECRET.into())).await.unwrap();
    let (status, session, page) = send(&site, "/login", &visitor, RIGHT).await;
    assert_eq!((status, session), (StatusCode::OK, None));
    let step = page.split("name=\"step\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = |step: &str, code: &str| format!("step={step}&code={code}");
    // Another browser, and a wrong code, which asks again.
    let other = "c".repeat(64);
    let (status, _, _) = send(&site, "/login/second", &other, &fields(&step, &code(SECRET))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, session, page) = send(&site, "/login/second", &visitor, &fields(&step, "000000")).await;
    assert_eq!((status, session), (StatusCode::UNPROCESSABLE_ENTITY, None));
    let next = page.split("name=\"step\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (_, session, _) = send(&site, "/login/second", &visitor, &fields(&step, &code(SECRET))).await;
    assert_eq!(session, None, "a step is taken once");
    let (status, session, _) = send(&site, "/login/second", &visitor, &fields(&next, &code(SECRET))).await;
    assert_eq!((status, session.is_some()), (StatusCode::SEE_OTHER, true));
    let (_, _, me) = site.get("/me", session.as_deref()).await;
    assert!(me.contains("đăng nhập không được"), "refused tries are shown to the person: {me}");
}

#[tokio::test]
async fn a_link_for_a_new_password_is_no_second_factor() {
    let site = TestSite::new().await;
    let id = invited(&site).await;
    let on = site.store.read();
    let visitor = visitor(&site).await;
    people::set_second(on, id, Some(SECRET.into())).await.unwrap();
    people::add_ticket(on, id, Purpose::Reset, &digest("reset"), NOW + 1_000_000).await.unwrap();
    let (status, session, _) = send(&site, "/welcome/reset", &visitor, LONG).await;
    assert_eq!((status, session), (StatusCode::SEE_OTHER, None));
    // The administrator helps who has lost the phone.
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    assert_eq!(site.post(&format!("/people/{id}/second"), &admin, "").await.0, StatusCode::SEE_OTHER);
    let (status, session, _) = send(&site, "/login", &visitor, RIGHT).await;
    assert_eq!((status, session.is_some()), (StatusCode::SEE_OTHER, true));
}

#[tokio::test]
async fn what_happens_is_told_once_to_whom_it_concerns() {
    use giaouoc_store::letters::{self, Kind};
    let site = TestSite::new().await;
    let on = site.store.read();
    let (one, two) = (Some("one"), Some("two"));
    let mut ids = std::collections::HashMap::new();
    let mut sessions = std::collections::HashMap::new();
    for (name, role, unit) in [
        ("leader", Role::Leader, one),
        ("officer", Role::Officer, one),
        ("leader2", Role::Leader, two),
        ("officer2", Role::Officer, two),
        ("secretary", Role::Secretary, None),
    ] {
        sessions.insert(name, site.person(name, Some(role), Some(support::CLUSTER), unit).await);
        let person = people::by_email(on, &format!("{name}@x.vn")).await.unwrap().unwrap();
        people::set_password(on, person.id, "x".into()).await.unwrap();
        ids.insert(person.id, name);
    }
    let letters = async || {
        let mut found = Vec::new();
        while let Some(letter) = letters::take(on, NOW).await.unwrap() {
            found.push((ids[&letter.person], letter.kind, letter.path.unwrap()));
        }
        found
    };
    let plan = "name_vi=Qu%C3%BD+I&confirm_by=2020-07-02&publish_at=2020-07-03";
    site.post("/c/six/releases", &sessions["secretary"], plan).await;
    let desk = |unit: &str| format!("/c/six/desk/{unit}/");
    assert_eq!(
        letters().await,
        [("leader", Kind::Confirm, desk("one")), ("leader2", Kind::Confirm, desk("two"))]
    );
    let (status, _, _) = site.post("/me/notices", &sessions["leader2"], "wanted=false").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let contest = "supplier=two&kind=dossier&keys=H1&reason=kh%C3%B4ng+ph%E1%BA%A3i";
    let (status, _, text) = site.post("/c/six/desk/one/contest", &sessions["officer"], contest).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    assert_eq!(letters().await, [("officer2", Kind::Question, desk("two"))]);
    site.post("/c/six/desk/two/answer", &sessions["officer2"], "contest=1&reply=%C4%91%C3%BAng").await;
    assert_eq!(letters().await, [("officer", Kind::Answer, desk("one"))]);
}

#[tokio::test]
async fn letters_that_did_not_go_are_shown_to_the_administrator() {
    use giaouoc_store::letters::{self, Outcome};
    let site = TestSite::new().await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let invite = "name=B&email=b%40x.vn&role=board&place=";
    let (_, _, page) = site.post("/people", &admin, invite).await;
    assert!(page.contains("id=\"link\"") && !page.contains("id=\"letters\""), "{page}");
    let letter = letters::take(site.store.read(), NOW).await.unwrap().unwrap();
    let why = Outcome::Undeliverable("550 no such <user>".into());
    letters::end(site.store.read(), letter.id, why, NOW).await.unwrap();
    let (_, _, page) = site.get("/people", Some(&admin)).await;
    assert!(page.contains("550 no such &#60;user&#62;") && page.contains("b@x.vn"), "{page}");
    site.post(&format!("/people/letters/{}/again", letter.id), &admin, "").await;
    assert_eq!(letters::take(site.store.read(), NOW).await.unwrap().unwrap().id, letter.id);
}

#[tokio::test]
async fn the_administrator_reads_who_tried_to_log_in() {
    let site = TestSite::new().await;
    invited(&site).await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let visitor = visitor(&site).await;
    for email in ["a%40x.vn", "nobody%40x.vn"] {
        send(&site, "/login", &visitor, &format!("email={email}&password=x")).await;
    }
    let (_, _, page) = site.get("/people/trail", Some(&admin)).await;
    assert!(page.contains("tại tài khoản của A") && page.contains("không có tài khoản"), "{page}");
    assert!(!page.contains("nobody"), "what was typed is not kept");
}

#[tokio::test]
async fn whoever_has_passkeys_alone_is_asked_for_one_whatever_is_typed_as_a_code() {
    let site = TestSite::new().await;
    let id = invited(&site).await;
    let visitor = visitor(&site).await;
    send(&site, "/welcome/ticket", &visitor, LONG).await;
    let key = giaouoc_store::passkeys::New {
        name: "điện thoại".into(),
        credential: "AAAA".into(),
        public_key: "-7 AAAA".into(),
        uses: 0,
    };
    assert!(giaouoc_store::passkeys::add(site.store.read(), id, key, NOW).await.unwrap());
    for code in ["", "&code=123456", "&code=%20x"] {
        let (status, session, page) = send(&site, "/login", &visitor, &format!("{RIGHT}{code}")).await;
        assert_eq!((status, session), (StatusCode::OK, None), "{code}: {page}");
        assert!(page.contains("name=\"step\""), "{page}");
    }
}
