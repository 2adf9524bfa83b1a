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
