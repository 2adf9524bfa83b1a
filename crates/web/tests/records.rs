//! Records by form: whose they are, what happens to what was filled in, who sees which file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

use axum::http::{StatusCode, header};
use giaouoc_store::people::Role;
use support::{CLUSTER, TestSite};

const ONE: &str = "/c/six/desk/one/records/dialogue/";
const TWO: &str = "/c/six/desk/two/records/dialogue/";
const PDF: &[u8] = b"%PDF-1.4 invented";

async fn officers(site: &TestSite) -> (String, String) {
    (
        site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await,
        site.person("other", Some(Role::Officer), Some(CLUSTER), Some("two")).await,
    )
}

#[tokio::test]
async fn a_record_with_evidence_is_its_own_desks() {
    let site = TestSite::new().await;
    let (officer, other) = officers(&site).await;
    let fields = [("v.code", "DT/1"), ("v.unit", "one"), ("v.held_on", "2020-05-01")];
    let (status, headers, body) =
        site.send(&format!("{ONE}new"), &officer, &fields, &[("biên bản.pdf", PDF)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let at = headers[header::LOCATION].to_str().unwrap().to_owned();
    assert_eq!(at, format!("{ONE}of/DT%2F1/"));
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(page.contains("biên bản.pdf") && page.contains("2020-05-01"), "{page}");
    let (status, headers, text) = site.get(&format!("{at}files/1"), Some(&officer)).await;
    assert_eq!((status, text.as_bytes()), (StatusCode::OK, PDF));
    assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    // Not at another unit's desk, nor by another unit's officer.
    for (path, session) in [
        (format!("{TWO}of/DT%2F1/"), &other),
        (format!("{TWO}of/DT%2F1/files/1"), &other),
        (format!("{TWO}of/DT%2F1/edit"), &other),
    ] {
        assert_eq!(site.get(&path, Some(session)).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.get(&at, Some(&other)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(site.get(&format!("{at}files/1"), None).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_filled_in_stays_and_files_are_not_chosen_twice() {
    let site = TestSite::new().await;
    let (officer, other) = officers(&site).await;
    // No key: the form comes back with everything, and the file waits in a draft.
    let fields = [("v.code", ""), ("v.unit", "one"), ("v.place", "Hội trường <b>")];
    let (status, _, page) = site.send(&format!("{ONE}new"), &officer, &fields, &[("a.pdf", PDF)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("aria-invalid") && page.contains("Hội trường &#60;b&#62;") && page.contains("a.pdf"),
        "{page}"
    );
    assert!(page.contains("name=\"draft\" value=\"1\""), "{page}");
    // The draft is its person's own.
    let (_, _, page) = site.get(&format!("{ONE}new?draft=1"), Some(&officer)).await;
    assert!(page.contains("Hội trường"), "{page}");
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let (_, _, page) = site.get(&format!("{ONE}new?draft=1"), Some(&secretary)).await;
    assert!(!page.contains("Hội trường"), "{page}");
    let _ = other;
    // Sent again with its key and without the file, the file is there.
    let fields = [("draft", "1"), ("v.code", "DT-2"), ("v.unit", "one")];
    let (status, headers, body) = site.send(&format!("{ONE}new"), &officer, &fields, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let at = headers[header::LOCATION].to_str().unwrap().to_owned();
    assert!(site.get(&at, Some(&officer)).await.2.contains("a.pdf"));
    assert!(!site.get(&format!("{ONE}new?draft=1"), Some(&officer)).await.2.contains("name=\"draft\""));
}

#[tokio::test]
async fn a_correction_meets_what_somebody_else_wrote() {
    let site = TestSite::new().await;
    let (officer, _) = officers(&site).await;
    site.send(&format!("{ONE}new"), &officer, &[("v.code", "DT-3"), ("v.place", "A")], &[]).await;
    let edit = format!("{ONE}of/DT-3/edit");
    let seen = [("version", "1.0"), ("was.place", "A"), ("v.unit", "one"), ("was.unit", "")];
    let first: Vec<_> = seen.iter().copied().chain([("v.place", "B"), ("reason", "sửa")]).collect();
    // The record was entered without a unit by this test's journal: it belongs to the desk that supplied it.
    assert_eq!(site.send(&edit, &officer, &first, &[]).await.0, StatusCode::SEE_OTHER);
    let second: Vec<_> = seen.iter().copied().chain([("v.place", "C"), ("reason", "sửa")]).collect();
    let (status, _, page) = site.send(&edit, &officer, &second, &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Người khác vừa ghi: <bdi>B</bdi>") && page.contains("value=\"C\""), "{page}");
    assert!(page.contains("name=\"version\" value=\"2.0\""), "{page}");
    // Without a reason nothing is corrected, and a key that is there is not entered anew.
    let (status, _, page) =
        site.send(&edit, &officer, &[("version", "2.0"), ("was.place", "B"), ("v.place", "D")], &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("lý do sửa") && page.contains("value=\"D\""), "{page}");
    let (status, _, page) = site.send(&format!("{ONE}new"), &officer, &[("v.code", "DT-3")], &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Mã này đã có bản ghi"), "{page}");
}

#[tokio::test]
async fn on_behalf_says_what_it_rests_on_and_a_forged_form_changes_nothing() {
    let site = TestSite::new().await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let fields = [("v.code", "DT-4"), ("v.unit", "one")];
    let (status, _, page) = site.send(&format!("{ONE}new"), &secretary, &fields, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("nêu căn cứ") && page.contains("value=\"DT-4\""), "{page}");
    let fields = [("v.code", "DT-4"), ("v.unit", "one"), ("behalf", "Công văn 3/TT")];
    assert_eq!(site.send(&format!("{ONE}new"), &secretary, &fields, &[]).await.0, StatusCode::SEE_OTHER);
    let (_, _, trail) = site.get("/c/six/trail", Some(&secretary)).await;
    assert!(trail.contains("Công văn 3/TT") && trail.contains("DT-4"), "{trail}");
    assert!(trail.contains("secretary (Thư ký cụm trưởng)"), "in which capacity: {trail}");
    // A file before the token, and no token at all.
    let body = "--x\r\ncontent-disposition: form-data; name=\"evidence\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4\r\n--x--\r\n";
    let request = support::builder("POST", &format!("{ONE}new"), Some(&secretary))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let (status, _, _) = site.ask(request.body(axum::body::Body::from(body)).unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}
