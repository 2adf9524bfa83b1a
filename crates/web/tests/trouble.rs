//! What is below the site goes wrong: the clock is set back, the disk takes nothing, the database is gone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::{StatusCode, header};
use giaouoc_agreement::text::Text;
use giaouoc_store::Store;
use giaouoc_store::people::Role;
use giaouoc_web::files::Files;
use giaouoc_web::{Edge, Site, State};
use giaouoc_worktime::zone::Zone;
use support::{CLUSTER, NOW, TestSite, builder, csrf};

/// A year.
const YEAR: i64 = 365 * 86_400_000_000;

static CLOCK: AtomicI64 = AtomicI64::new(NOW);

fn clock() -> i64 {
    CLOCK.load(Ordering::Relaxed)
}

fn random(bytes: &mut [u8]) {
    bytes.fill(7);
}

/// The same site with a clock that can be set, and files in a folder of this test's choice.
fn with(site: &TestSite, store: Store, files: &std::path::Path) -> axum::Router {
    let _ = site;
    let of = Site {
        name: Text::same("Giao ước"),
        url: "http://localhost".into(),
        upload_limit: 100_000,
        ..Site::default()
    };
    let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
    giaouoc_web::router(State::new(
        store,
        Files::new(files),
        of,
        Edge { now: clock, random },
        zone,
        Arc::default(),
        Arc::new(support::records::InMemory::default()),
    ))
}

async fn ask(router: &axum::Router, request: axum::http::Request<Body>) -> (StatusCode, String) {
    use tower::ServiceExt as _;
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

/// A form with a file.
fn file(session: &str) -> axum::http::Request<Body> {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--x\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"a.csv\"\r\n\r\ncode\n1\n\r\n--x--\r\n",
        csrf(session)
    );
    builder("POST", "/c/six/desk/one/uploads", Some(session))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_clock_that_is_set_back_locks_nobody_out_and_ends_no_session() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let folder = tempfile::tempdir().unwrap();
    let router = with(&site, site.store.clone(), folder.path());
    let get = |path: &str, session: Option<&str>| builder("GET", path, session).body(Body::empty()).unwrap();
    CLOCK.store(NOW + 1_000_000, Ordering::Relaxed);
    assert_eq!(ask(&router, get("/c/six/desk/one/", Some(&officer))).await.0, StatusCode::OK);
    let wrong = |visitor: &str| {
        let body = format!(
            "csrf={}&email=officer@x.vn&password=x&code=&to=",
            support::digest(&format!("form:{visitor}"))
        );
        builder("POST", "/login", None)
            .header(header::COOKIE, format!("giaouoc_visitor={visitor}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap()
    };
    let visitor = "a".repeat(64);
    let mut last = StatusCode::OK;
    for _ in 0..30 {
        last = ask(&router, wrong(&visitor)).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // The clock jumps back by months: roles of that day and sessions hold, nobody is locked out until it has caught up.
    CLOCK.store(NOW - YEAR / 4, Ordering::Relaxed);
    assert_eq!(ask(&router, get("/c/six/desk/one/", Some(&officer))).await.0, StatusCode::OK);
    assert_ne!(ask(&router, wrong(&visitor)).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(&router, get("/c/six/", None)).await.0, StatusCode::OK);
    CLOCK.store(NOW, Ordering::Relaxed);
}

#[tokio::test]
async fn a_disk_that_takes_nothing_is_told_in_both_languages_and_leaks_nothing() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    // Every write there ends with “no space left on device”.
    let router = with(&site, site.store.clone(), std::path::Path::new("/dev/full"));
    let (status, text) = ask(&router, file(&officer)).await;
    assert!(status.is_server_error(), "{status}");
    for leak in ["/dev/full", "os error", "errno"] {
        assert!(!text.contains(leak), "{text}");
    }
    assert!(text.contains("lang=\"vi\"") && text.contains("<main"), "a page: {text}");
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_on_a_page_and_readyz_says_so() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let folder = tempfile::tempdir().unwrap();
    let router = with(&site, site.store.clone(), folder.path());
    site.store.clone().close().await.unwrap();
    for (path, session) in [("/c/six/desk/one/", Some(officer.as_str())), ("/", None), ("/c/six/", None)] {
        let (status, text) = ask(&router, builder("GET", path, session).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(text.contains("Cơ sở dữ liệu tạm thời không trả lời"), "{path}: {text}");
        assert!(!text.contains("pool") && !text.contains("sqlite"), "{path}: {text}");
    }
    let english =
        builder("GET", "/", None).header(header::ACCEPT_LANGUAGE, "en").body(Body::empty()).unwrap();
    assert!(ask(&router, english).await.1.contains("The database does not answer"));
    let of = |path: &str| builder("GET", path, None).body(Body::empty()).unwrap();
    assert_eq!(ask(&router, of("/readyz")).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ask(&router, of("/healthz")).await.0, StatusCode::OK);
}
