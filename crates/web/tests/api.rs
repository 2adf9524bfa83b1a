//! The API without a network: languages of problems, wrong methods, the rate of a token, a token that outlives its maker's role.
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
use axum::http::{HeaderMap, StatusCode, header};
use giaouoc_store::people::{self, Role};
use giaouoc_store::tokens::Scope;
use support::{CLUSTER, NOW, TestSite, builder};

const RECORD: &str = "/api/v1/clusters/six/records/dossier/K1";

async fn site() -> (TestSite, String) {
    let site = TestSite::new().await;
    site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await;
    let token = site.token("t", "leader", Some("one"), Scope::ALL, NOW + 1).await;
    (site, token)
}

async fn ask(
    site: &TestSite,
    method: &str,
    path: &str,
    token: &str,
    lang: &str,
    body: &str,
) -> (StatusCode, HeaderMap, String) {
    let request = builder(method, path, None)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT_LANGUAGE, lang)
        .header(header::CONTENT_TYPE, "application/json");
    site.ask(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_problem_is_said_in_the_language_asked_for_and_in_both() {
    let (site, token) = site().await;
    for (lang, word) in [
        ("en", "There is no such record"),
        ("vi", "Không có bản ghi này"),
        ("fr, de", "Không có bản ghi này"),
    ] {
        let (status, headers, body) = ask(&site, "GET", RECORD, &token, lang, "").await;
        assert_eq!(
            (status, headers.get(header::CONTENT_TYPE).unwrap().as_bytes()),
            (StatusCode::NOT_FOUND, &b"application/problem+json"[..])
        );
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(body["detail"].as_str().unwrap().starts_with(word), "{lang}: {body}");
        assert!(
            body["detail_vi"] != body["detail_en"]
                && body["type"].as_str().unwrap().ends_with("/api/#problem-not-found")
        );
    }
}

#[tokio::test]
async fn a_record_is_written_read_and_withdrawn() {
    let (site, token) = site().await;
    let body = r#"{"unit": "one", "received_at": "2020-05-04"}"#;
    let (status, headers, text) = ask(&site, "PUT", RECORD, &token, "vi", body).await;
    assert_eq!(status, StatusCode::CREATED, "{text}");
    let (status, found, text) = ask(&site, "GET", RECORD, &token, "vi", "").await;
    assert_eq!((status, found.get(header::ETAG)), (StatusCode::OK, headers.get(header::ETAG)), "{text}");
    assert!(
        text.contains(r#""received_at":"2020-05-04""#) && text.contains(r#""finished_at":null"#),
        "{text}"
    );
    for wrong in
        [r#"{"unit": "one", "applicant": "Nguyễn Văn A"}"#, r#"{"colour": "red"}"#, r#"{"code": "K2"}"#]
    {
        let (status, _, text) = ask(&site, "PUT", RECORD, &token, "vi", wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {text}");
    }
    let withdrawal = format!("{RECORD}?reason=x");
    assert_eq!(ask(&site, "DELETE", &withdrawal, &token, "vi", "").await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&site, "GET", RECORD, &token, "vi", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_method_says_which_there_are() {
    let (site, token) = site().await;
    let (status, headers, body) = ask(&site, "PATCH", RECORD, &token, "vi", "").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{body}");
    let allow = headers.get(header::ALLOW).unwrap().to_str().unwrap();
    assert!(["GET", "PUT", "DELETE"].iter().all(|method| allow.contains(method)), "{allow}");
    for (method, path) in [("GET", "/api/v1/none"), ("POST", "/api/v1/none"), ("DELETE", "/api/x")] {
        assert_eq!(
            ask(&site, method, path, &token, "vi", "").await.0,
            StatusCode::NOT_FOUND,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_token_that_comes_too_often_waits_and_no_other_does() {
    let (site, token) = site().await;
    let other = site.token("other", "leader", Some("one"), Scope::ALL, NOW + 1).await;
    for _ in 0..3_000 {
        assert_eq!(ask(&site, "GET", "/api/v1/kinds", &token, "vi", "").await.0, StatusCode::OK);
    }
    let (status, headers, _) = ask(&site, "GET", "/api/v1/kinds", &token, "vi", "").await;
    assert_eq!(
        (status, headers.get(header::RETRY_AFTER).unwrap().as_bytes()),
        (StatusCode::TOO_MANY_REQUESTS, &b"60"[..])
    );
    assert_eq!(ask(&site, "GET", "/api/v1/kinds", &other, "vi", "").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_token_does_no_more_than_its_maker_could_today() {
    let (site, token) = site().await;
    let list = "/api/v1/clusters/six/records/dossier";
    assert_eq!(ask(&site, "GET", list, &token, "vi", "").await.0, StatusCode::OK);
    let maker = people::by_email(site.store.read(), "leader@x.vn").await.unwrap().unwrap();
    let held = people::roles(site.store.read(), maker.id).await.unwrap();
    people::end(site.store.read(), held[0].id, "2020-06-30").await.unwrap();
    assert_eq!(ask(&site, "GET", list, &token, "vi", "").await.0, StatusCode::FORBIDDEN);
    people::set_disabled(site.store.read(), maker.id, Some(NOW)).await.unwrap();
    assert_eq!(ask(&site, "GET", list, &token, "vi", "").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn tokens_are_made_shown_once_and_revoked_by_whoever_may() {
    let site = TestSite::new().await;
    let leader = site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let board = site.person("board", Some(Role::Board), None, None).await;
    let page = "/c/six/desk/one/tokens";
    let fields = "name=M%E1%BB%99t+c%E1%BB%ADa&until=2021-06-30&records-write=1";
    let (status, _, text) = site.post(page, &leader, fields).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let secret = text.split("giaouoc_").nth(1).map(|rest| format!("giaouoc_{}", &rest[..64])).unwrap();
    assert!(!site.get(page, Some(&leader)).await.2.contains(&secret), "shown once");
    assert!(site.get(page, Some(&leader)).await.2.contains("Một cửa"));
    assert!(!site.get(page, Some(&officer)).await.2.contains("<fieldset>"), "an officer makes none");
    for wrong in [
        "name=&until=2021-06-30&records-write=1",
        "name=x&until=2021-06-30",
        "name=x&until=2020-06-30&records-write=1",
        "name=x&until=2031-06-30&records-write=1",
        "name=x&until=x&records-write=1",
    ] {
        assert_eq!(site.post(page, &leader, wrong).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    // The city's board reads: it cannot give away what it may not do.
    assert_eq!(
        site.post("/c/six/tokens", &board, "name=x&until=2021-06-30&records-write=1").await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        site.post("/c/six/tokens", &board, "name=x&until=2021-06-30&figures-read=1").await.0,
        StatusCode::OK
    );
    assert_eq!(ask(&site, "GET", "/api/v1/kinds", &secret, "vi", "").await.0, StatusCode::OK);
    assert_eq!(site.post("/c/six/tokens/1/revoke", &board, "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(
        ask(&site, "GET", "/api/v1/kinds", &secret, "vi", "").await.0,
        StatusCode::OK,
        "it is no token of the cluster"
    );
    assert_eq!(site.post(&format!("{page}/1/revoke"), &leader, "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(ask(&site, "GET", "/api/v1/kinds", &secret, "vi", "").await.0, StatusCode::UNAUTHORIZED);
}
