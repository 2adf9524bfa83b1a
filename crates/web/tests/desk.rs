//! What is done at a desk.
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
use giaouoc_store::matters;
use giaouoc_store::people::{self, Role};
use giaouoc_store::releases::{self, Plan};
use giaouoc_store::{jobs, notices, trail, uploads};
use support::{CLUSTER, NOW, TestSite, builder, csrf, digest};

/// A form with a file.
async fn bring(
    site: &TestSite,
    session: &str,
    fields: &[(&str, &str)],
    file: &[u8],
) -> (StatusCode, String, String) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    body.extend_from_slice(b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../h\xe1\xbb\x93 s\xc6\xa1.csv\"\r\n\r\n");
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = builder("POST", "/c/six/desk/one/uploads", Some(session))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap();
    let (status, headers, text) = site.ask(request).await;
    let to = headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    (status, to.unwrap_or_default(), text)
}

#[tokio::test]
async fn a_file_is_received_with_its_job_and_its_line() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let token = csrf(&officer);
    let (status, to, _) =
        bring(&site, &officer, &[("csrf", &token), ("supplier", "unit")], b"a,b\n1,2\n").await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/six/desk/one/uploads/1"));
    let upload = uploads::get(site.store.read(), 1).await.unwrap().unwrap();
    assert_eq!(
        (upload.name.as_str(), upload.bytes, upload.supplier.as_deref()),
        ("hồ sơ.csv", 8, Some("one"))
    );
    assert_eq!(upload.sha256, digest("a,b\n1,2\n"));
    assert_eq!(jobs::open(site.store.read(), Some(CLUSTER)).await.unwrap().len(), 1);
    let lines = trail::read(site.store.read(), Some(CLUSTER), Some("one"), None, 10).await.unwrap();
    assert_eq!(lines[0].1.act, trail::Act::Upload);
    let (_, _, page) = site.get(&to, Some(&officer)).await;
    assert!(page.contains("http-equiv=\"refresh\"") && page.contains("đang đọc"), "{page}");
}

#[tokio::test]
async fn a_file_without_a_token_too_great_or_empty_leaves_nothing() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let token = csrf(&officer);
    assert_eq!(bring(&site, &officer, &[], b"a").await.0, StatusCode::FORBIDDEN);
    assert_eq!(bring(&site, &officer, &[("csrf", "wrong")], b"a").await.0, StatusCode::FORBIDDEN);
    let great = vec![b'x'; 100_001];
    let (status, _, text) = bring(&site, &officer, &[("csrf", &token)], &great).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{text}");
    assert_eq!(bring(&site, &officer, &[("csrf", &token)], b"").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(uploads::get(site.store.read(), 1).await.unwrap().is_none());
}

#[tokio::test]
async fn on_behalf_of_a_unit_somebody_says_what_it_rests_on() {
    let site = TestSite::new().await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let token = csrf(&secretary);
    let (status, _, text) = bring(&site, &secretary, &[("csrf", &token)], b"a,b\n").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("nêu căn cứ"), "{text}");
    let fields = [("csrf", token.as_str()), ("behalf", "Công văn 12/TTr")];
    assert_eq!(bring(&site, &secretary, &fields, b"a,b\n").await.0, StatusCode::SEE_OTHER);
    let upload = uploads::get(site.store.read(), 1).await.unwrap().unwrap();
    assert_eq!(upload.on_behalf.as_deref(), Some("Công văn 12/TTr"));
    // Shown as such, to the unit too.
    let staff = site.person("staff", Some(Role::Staff), Some(CLUSTER), Some("one")).await;
    let (_, _, trail) = site.get("/c/six/trail", Some(&staff)).await;
    assert!(trail.contains("Công văn 12/TTr"));
    let other = site.person("other", Some(Role::Staff), Some(CLUSTER), Some("two")).await;
    let (_, _, trail) = site.get("/c/six/trail", Some(&other)).await;
    assert!(!trail.contains("Công văn 12/TTr"));
}

#[tokio::test]
async fn an_upload_of_another_desk_is_not_there() {
    let site = TestSite::new().await;
    let one = site.person("one", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let two = site.person("two", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    let token = csrf(&one);
    bring(&site, &one, &[("csrf", &token)], b"a,b\n").await;
    assert_eq!(site.get("/c/six/desk/two/uploads/1", Some(&two)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.post("/c/six/desk/two/uploads/1/load", &two, "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/c/six/desk/one/uploads/1", Some(&two)).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn of_two_who_load_at_once_one_does() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let token = csrf(&officer);
    bring(&site, &officer, &[("csrf", &token)], b"a,b\n").await;
    let load = "/c/six/desk/one/uploads/1/load";
    assert_eq!(site.post(load, &officer, "").await.0, StatusCode::CONFLICT, "it was not read yet");
    uploads::step(site.store.read(), 1, &[uploads::State::Received], uploads::State::Checked).await.unwrap();
    let (first, second) = tokio::join!(site.post(load, &officer, ""), site.post(load, &officer, ""));
    let mut found = [first.0, second.0];
    found.sort();
    assert_eq!(found, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn what_was_looked_at_is_what_is_confirmed() {
    let site = TestSite::new().await;
    let leader = site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await;
    let plan = Plan {
        cluster: CLUSTER.into(),
        name_vi: "Sáu tháng".into(),
        name_en: "Half-year".into(),
        confirm_by: NOW + 1_000_000,
        publish_at: NOW + 2_000_000,
        person: 1,
    };
    releases::plan(site.store.read(), plan, NOW).await.unwrap();
    let confirm = "/c/six/desk/one/confirm";
    let (status, _, text) =
        site.post(confirm, &leader, &format!("release=1&digest={}", digest("older"))).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(text.contains("Số liệu vừa đổi"), "{text}");
    let (status, _, _) = site.post(confirm, &leader, &format!("release=1&digest={}", digest("one"))).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let found = releases::confirmations(site.store.read(), 1).await.unwrap();
    assert_eq!((found[0].unit.as_str(), found[0].digest.clone()), ("one", digest("one")));
    let (_, _, desk) = site.get("/c/six/desk/one/", Some(&leader)).await;
    assert!(desk.contains("Đã xác nhận lúc 12:00 ngày 01/07/2020"), "{desk}");
    assert!(desk.contains("href=\"/c/six/now/target-on-time\""), "links of the table lead to the scoreboard");
}

#[tokio::test]
async fn a_nil_report_is_for_kinds_without_records() {
    let site = TestSite::new().await;
    let one = site.person("one", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let two = site.person("two", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    assert_eq!(site.post("/c/six/desk/one/nil", &one, "kind=dossier").await.0, StatusCode::CONFLICT);
    assert_eq!(site.post("/c/six/desk/two/nil", &two, "kind=none").await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.post("/c/six/desk/two/nil", &two, "kind=dossier").await.0, StatusCode::SEE_OTHER);
    let open = jobs::open(site.store.read(), Some(CLUSTER)).await.unwrap();
    assert!(open[0].note.as_ref().unwrap().contains("\"unit\":\"two\""));
    // An officer reports; only the leader confirms.
    assert_eq!(site.post("/c/six/desk/two/nil/confirm", &two, "kind=dossier").await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_release_is_planned_ahead_and_not_behind() {
    let site = TestSite::new().await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let plan = |confirm: &str, publish: &str| {
        format!("name_vi=K%E1%BB%B3&confirm_by={confirm}&publish_at={publish}")
    };
    let path = "/c/six/releases";
    for (confirm, publish) in [
        ("2020-07-01T11:00", "2020-07-01T11:59"),
        ("2020-07-03T00:00", "2020-07-02T00:00"),
        ("x", "2020-07-02T00:00"),
    ] {
        let (status, _, _) = site.post(path, &secretary, &plan(confirm, publish)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{confirm} {publish}");
    }
    let (status, _, _) = site.post(path, &secretary, &plan("2020-07-02T00:00", "2020-07-02T08:00")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, public) = site.get(path, None).await;
    assert!(
        public.contains("08:00 ngày 02/07/2020")
            && !public.contains("<form method=\"post\" action=\"/c/six/releases\"")
    );
    assert!(releases::due(site.store.read(), NOW).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_supplied_the_records_answers_a_contest_and_nobody_else() {
    let site = TestSite::new().await;
    let one = site.person("one", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let two = site.person("two", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let contest = |supplier: &str| format!("kind=dossier&supplier={supplier}&keys=A%2CB&reason=khong");
    let path = "/c/six/desk/one/contest";
    for supplier in ["one", "none"] {
        assert_eq!(
            site.post(path, &one, &contest(supplier)).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{supplier}"
        );
    }
    assert_eq!(site.post(path, &one, &contest("two")).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.post(path, &one, &contest("")).await.0, StatusCode::SEE_OTHER);
    // The unit itself answers nothing; another unit only what it supplied; the cluster's own source, its secretary.
    let answer = |contest: i64| format!("contest={contest}&reply=dung&behalf=x");
    let (at_one, at_two) = ("/c/six/desk/one/answer", "/c/six/desk/two/answer");
    assert_eq!(site.post(at_one, &one, &answer(1)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(site.post(at_two, &two, &answer(2)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(site.post(at_two, &two, &answer(9)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.post(at_two, &two, &answer(1)).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.post(at_two, &two, &answer(1)).await.0, StatusCode::CONFLICT);
    assert_eq!(site.post(at_one, &secretary, &answer(2)).await.0, StatusCode::SEE_OTHER);
    let (_, _, desk) = site.get("/c/six/desk/one/", Some(&one)).await;
    assert_eq!(desk.matches(">dung</span>").count(), 2);
}

/// A review to which units are invited: its number and code.
async fn invited(site: &TestSite, person: i64) -> (i64, String) {
    let on = site.store.read();
    let fields = [("name", "Sơ kết"), ("reports_until", "2020-07-20")];
    let new = matters::New {
        cluster: CLUSTER.into(),
        unit: "one".into(),
        sort: "review".into(),
        prefix: "HN-2020-".into(),
        common: true,
        fields: fields.map(|(id, text)| (id.to_owned(), text.to_owned())).into(),
        person,
        ..matters::New::default()
    };
    let (id, code) = matters::begin(on, new, NOW).await.unwrap();
    let invite = matters::NewStep {
        matter: id,
        step: "invite".into(),
        day: "2020-07-01".into(),
        person,
        ..matters::NewStep::default()
    };
    matters::take(on, invite, NOW).await.unwrap();
    (id, code)
}

#[tokio::test]
async fn who_sends_its_report_is_asked_no_more_and_nobody_is_once_the_invitation_is_taken_back() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    site.person("other", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    let on = site.store.read();
    let person = people::by_email(on, "officer@x.vn").await.unwrap().unwrap().id;
    let other = people::by_email(on, "other@x.vn").await.unwrap().unwrap().id;
    let (id, code) = invited(&site, person).await;
    let told = async |person: i64| {
        let open = notices::open(on, person, 9).await.unwrap();
        open.into_iter().map(|notice| (notice.kind, notice.due.unwrap_or_default())).collect::<Vec<_>>()
    };
    let report = [("version", "0"), ("v.on-time", "met"), ("action", "send")];
    let (status, _, body) =
        site.send(&format!("/c/six/desk/one/report/{code}"), &officer, &report, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(told(person).await, []);
    assert_eq!(told(other).await, [(notices::Kind::Review, "2020-07-20".to_owned())]);
    let version = matters::by_id(on, id).await.unwrap().unwrap().version;
    let back = format!("/c/six/desk/one/year/review/{code}/back");
    let (status, _, body) = site.post(&back, &officer, &format!("version={version}&reason=nham")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(told(other).await, []);
}

#[tokio::test]
async fn a_report_that_was_sent_stays_whole() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let on = site.store.read();
    let person = people::by_email(on, "officer@x.vn").await.unwrap().unwrap().id;
    let (id, code) = invited(&site, person).await;
    let path = format!("/c/six/desk/one/report/{code}");
    let write = async |version: &str, verdict: &str, hard: &str, action: &str| {
        let fields = [("version", version), ("v.on-time", verdict), ("hard", hard), ("action", action)];
        let (status, _, body) = site.send(&path, &officer, &fields, &[]).await;
        (status, body)
    };
    let (status, body) = write("0", "", "Thiếu người", "keep").await;
    assert!(status == StatusCode::OK && body.contains("Đã lưu, chưa gửi. Trong"), "{status} {body}");
    let (status, body) = write("1", "", "Thiếu người", "send").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("Chưa gửi: còn mục"), "{body}");
    assert_eq!(write("1", "met", "Thiếu người", "send").await.0, StatusCode::SEE_OTHER);
    // Kept again with a part missing: refused, and what was written stays in the form.
    let (status, body) = write("2", "", "Đã thêm người", "keep").await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("Chưa lưu: báo cáo này đã gửi"),
        "{body}"
    );
    assert!(body.contains("Đã thêm người"), "{body}");
    let papers = matters::papers(on, id).await.unwrap();
    assert!(papers[0].version == 2 && papers[0].body.contains("Thiếu người"), "{papers:?}");
    let (status, body) = write("2", "met", "Đã thêm người", "keep").await;
    assert!(status == StatusCode::OK && body.contains("Đã lưu vào báo cáo đã gửi"), "{status} {body}");
    let papers = matters::papers(on, id).await.unwrap();
    assert!(papers[0].sent_at.is_some() && papers[0].body.contains("Đã thêm người"), "{papers:?}");
}
