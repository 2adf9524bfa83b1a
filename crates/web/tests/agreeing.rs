//! Drafts as people meet them: nobody's text is lost, nobody outside reads them, silence and open points are told.
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
use giaouoc_store::trail::Act;
use giaouoc_store::{agreeing, clusters, jobs, notices, people, trail};
use support::{CLUSTER, TestSite};

const AT: &str = "/c/six/agreement/drafts/1/";

/// A field of a form as a browser sends it.
fn field(name: &str, value: &str) -> String {
    let value: String = value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("{name}={value}")
}

fn fields(list: &[(&str, &str)]) -> String {
    list.iter().map(|(name, value)| field(name, value)).collect::<Vec<_>>().join("&")
}

async fn begun(site: &TestSite) -> String {
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let (status, headers, body) = site.post("/c/six/agreement/drafts", &secretary, "base=own").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(headers[header::LOCATION], AT);
    secretary
}

/// The figures of the newest version are computed: the test is the worker.
async fn computed(site: &TestSite) {
    let draft = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap();
    let version = agreeing::version(site.store.read(), draft.id, draft.version).await.unwrap().unwrap();
    agreeing::keep_figures(site.store.read(), version.id, "{\"years\":[]}".into()).await.unwrap();
    while let Some(job) = jobs::take(site.store.read(), support::NOW).await.unwrap() {
        jobs::end(site.store.read(), job.id, None, support::NOW).await.unwrap();
    }
}

/// Sent round until the last day of 2099, as its secretary sees it.
async fn circulated(site: &TestSite, secretary: &str) {
    let draft = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap();
    let form = format!("rev={}&version={}&respond_by=2099-12-31", draft.rev, draft.version);
    let (status, _, body) = site.post(&format!("{AT}circulate"), secretary, &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
}

#[tokio::test]
async fn a_draft_is_begun_saved_and_of_two_who_save_the_second_sees_the_first() {
    let site = TestSite::new().await;
    let secretary = begun(&site).await;
    let (_, _, page) = site.get(AT, Some(&secretary)).await;
    assert!(page.contains("Thi đua") && page.contains("Đang tính số liệu"), "{page}");
    let open = jobs::open(site.store.read(), Some(CLUSTER)).await.unwrap();
    assert_eq!(open.iter().filter(|job| job.work == jobs::Work::Draft).count(), 1);

    let clause = |number: &str, words: &str, version: &str| {
        fields(&[("version", version), ("number", number), ("text_vi", words), ("text_en", "")])
    };
    let new = format!("{AT}clause/new");
    let (status, ..) = site.post(&new, &secretary, &clause("2", "Khoản của người thứ nhất", "1")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // The second one still has version 1 before them.
    let (status, _, body) = site.post(&new, &secretary, &clause("3", "Khoản của người thứ hai", "1")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(body.contains("Khoản của người thứ hai") && body.contains("thêm khoản 2"), "{body}");
    assert!(body.contains("name=\"version\" value=\"2\""), "{body}");
    let (status, ..) = site.post(&new, &secretary, &clause("3", "Khoản của người thứ hai", "2")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, page) = site.get(AT, Some(&secretary)).await;
    assert!(page.contains("người thứ nhất") && page.contains("người thứ hai"));

    // What is wrong is told, and what was typed stays in the form.
    let (status, _, body) = site.post(&new, &secretary, &clause("3", "Lại khoản ba", "3")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Đã có khoản 3") && body.contains("Lại khoản ba"), "{body}");
    // A text with errors is saved, shown with line and column, and keeps what was typed.
    let (status, ..) = site
        .post(&format!("{AT}text"), &secretary, &fields(&[("version", "3"), ("text", "chưa xong [")]))
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, page) = site.get(&format!("{AT}text"), Some(&secretary)).await;
    assert!(page.contains("agreement.toml:3:7") && page.contains("chưa xong ["), "{page}");
    let (status, _, body) =
        site.post(&format!("{AT}circulate"), &secretary, "rev=1&version=4&respond_by=2099-12-31").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    let lines = trail::read(site.store.read(), Some(CLUSTER), None, None, 9).await.unwrap();
    assert_eq!(lines.iter().filter(|(_, line)| line.act == Act::DraftSaved).count(), 3);
    assert_eq!(lines.iter().filter(|(_, line)| line.act == Act::DraftBegun).count(), 1);
}

#[tokio::test]
async fn units_speak_the_head_answers_and_only_then_it_is_frozen_and_public() {
    let site = TestSite::new().await;
    let secretary = begun(&site).await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let two = site.person("officer2", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    computed(&site).await;
    let unit = |unit: &str| format!("{AT}units/{unit}/opinion");
    let opinion = |stance: &str, text: &str, wording: &str, seen: &str| {
        fields(&[
            ("place", "clause:1"),
            ("stance", stance),
            ("text", text),
            ("wording", wording),
            ("version", "1"),
            ("seen", seen),
        ])
    };
    // Nobody is asked yet.
    let (status, ..) = site.post(&unit("one"), &officer, &opinion("agree", "", "", "0")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    circulated(&site, &secretary).await;
    // The unit's desk says so, and who is to answer gets a letter.
    let (_, _, desk) = site.get("/c/six/desk/one/", Some(&officer)).await;
    assert!(desk.contains("chờ ý kiến của đơn vị đến hết 31/12/2099"), "{desk}");
    let (status, _, body) = site.post(&unit("one"), &officer, &opinion("object", "", "", "0")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("nêu lý do"), "{body}");
    let wordy = opinion("object", "", "Lời đề nghị còn đây", "0");
    let (_, _, body) = site.post(&unit("one"), &officer, &wordy).await;
    assert!(body.contains("Lời đề nghị còn đây"), "what was typed stays: {body}");
    let objects = opinion("object", "Lời chưa rõ", "Thi đua hoàn thành nhiệm vụ", "0");
    assert_eq!(site.post(&unit("one"), &officer, &objects).await.0, StatusCode::SEE_OTHER);
    // Another officer who had not seen that is told.
    assert_eq!(
        site.post(&unit("one"), &officer, &opinion("agree", "", "", "0")).await.0,
        StatusCode::CONFLICT
    );
    // One unit does not speak for another; the secretary does with a ground.
    assert_eq!(site.post(&unit("one"), &two, &opinion("agree", "", "", "1")).await.0, StatusCode::FORBIDDEN);
    let without = site.post(&unit("two"), &secretary, &opinion("agree", "", "", "0")).await;
    assert_eq!(without.0, StatusCode::UNPROCESSABLE_ENTITY);
    let ground = opinion("agree", "", "", "0") + "&" + &field("behalf", "CV 12");
    assert_eq!(site.post(&unit("two"), &secretary, &ground).await.0, StatusCode::SEE_OTHER);

    let (_, _, page) = site.get(AT, Some(&secretary)).await;
    assert!(
        page.contains("Ý kiến chờ trả lời: Đơn vị một")
            && !page.contains("action=\"/c/six/agreement/drafts/1/freeze\"")
    );
    let freeze = |rev: i64, version: i64| format!("rev={rev}&version={version}");
    let (status, _, body) = site.post(&format!("{AT}freeze"), &secretary, &freeze(2, 1)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Ý kiến chờ trả lời"), "{body}");

    // The wording is taken over by one button: the text changes and the opinion is answered.
    let parts = agreeing::parts(site.store.read(), 1).await.unwrap();
    let said = parts.iter().find(|part| part.unit == "one").unwrap();
    let answer =
        fields(&[("to", &said.id.to_string()), ("text", "Xin tiếp thu"), ("take", "1"), ("version", "1")]);
    let (status, _, body) = site.post(&format!("{AT}reply"), &secretary, &answer).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (_, _, page) = site.get(&format!("{AT}compare?from=1&to=2"), Some(&secretary)).await;
    assert!(page.contains("<ins>") && page.contains("hoàn thành"), "{page}");
    computed(&site).await;
    // Before it is frozen nobody outside reads it, in any form.
    for path in ["/c/six/agreement/1", "/c/six/agreement/1/print", "/c/six/agreement/1/text"] {
        assert_eq!(site.get(path, None).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (_, _, body) = site.get("/c/six/agreement", None).await;
    assert!(body.contains("đang được soạn") && !body.contains("Thi đua"), "{body}");
    assert_eq!(site.post(&format!("{AT}freeze"), &secretary, &freeze(2, 1)).await.0, StatusCode::CONFLICT);
    let (status, _, body) = site.post(&format!("{AT}freeze"), &secretary, &freeze(2, 2)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    support::later(2_000_000);
    let (status, _, body) = site.get("/c/six/agreement/1", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Thi đua hoàn thành nhiệm vụ") && !body.contains("Lời chưa rõ"), "{body}");
    let (_, _, print) = site.get("/c/six/agreement/1/print", None).await;
    assert!(print.contains("Độc lập - Tự do - Hạnh phúc") && print.contains("<svg"), "{print}");
    // Its text is closed, for forms and for text.
    let (status, ..) =
        site.post(&format!("{AT}text"), &secretary, &fields(&[("version", "2"), ("text", "x = 1")])).await;
    assert_eq!(status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn scans_are_certified_against_the_digest_and_only_the_whole_comes_into_force() {
    let site = TestSite::new().await;
    let secretary = begun(&site).await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    circulated(&site, &secretary).await;
    for unit in ["one", "two"] {
        let all = fields(&[
            ("place", "all"),
            ("stance", "agree"),
            ("version", "1"),
            ("seen", "0"),
            ("behalf", "CV 1"),
        ]);
        assert_eq!(
            site.post(&format!("{AT}units/{unit}/opinion"), &secretary, &all).await.0,
            StatusCode::SEE_OTHER
        );
    }
    computed(&site).await;
    assert_eq!(
        site.post(&format!("{AT}freeze"), &secretary, "rev=2&version=1").await.0,
        StatusCode::SEE_OTHER
    );
    let digest = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap().digest.unwrap();
    let signature = |name: &'static str, capacity: &'static str, digest: String| {
        [
            ("name", name.to_owned()),
            ("capacity", capacity.to_owned()),
            ("day", "2020-07-01".to_owned()),
            ("digest", digest),
            ("seen", "0".to_owned()),
        ]
    };
    let path = format!("{AT}units/one/signature");
    let send = async |fields: &[(&str, String)], files: &[(&str, &str, &[u8])]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        site.send_as(&path, &officer, &fields, files).await
    };
    let scan: (&str, &str, &[u8]) = ("scan", "trang-ky.pdf", b"%PDF-1.7\n");
    // Without a scan, with another text's digest, as a delegate without a mandate: refused, and nothing is kept.
    let (status, _, body) = send(&signature("A", "head", digest.clone()), &[]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("bản quét"), "{status} {body}");
    assert!(
        body.contains("value=\"A\"") && body.contains("value=\"2020-07-01\""),
        "what was typed stays: {body}"
    );
    assert_eq!(
        send(&signature("A", "head", "0".repeat(64)), &[scan]).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        send(&signature("A", "delegate", digest.clone()), &[scan]).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let (status, _, body) = send(&signature("A", "deputy", digest.clone()), &[scan]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    // Only the head's desk certifies, with the code that stands on the sheet.
    let part = agreeing::parts(site.store.read(), 1).await.unwrap();
    let id = part.iter().find(|part| part.sort == agreeing::Sort::Signature).unwrap().id.to_string();
    let certify = |short: &str| fields(&[("signature", &id), ("short", short)]);
    let to = format!("{AT}certify/one");
    assert_eq!(site.post(&to, &officer, &certify(&digest[..16])).await.0, StatusCode::FORBIDDEN);
    let (status, _, body) = site.post(&to, &secretary, &certify("0000 0000 0000 0000")).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("không phải của văn bản này"),
        "{body}"
    );
    assert_eq!(
        site.post(&to, &secretary, &certify(&digest[..16].to_uppercase())).await.0,
        StatusCode::SEE_OTHER
    );
    assert_eq!(site.post(&to, &secretary, &certify(&digest[..16])).await.0, StatusCode::CONFLICT, "once");
    // Neither the ceremony nor the other unit is there yet.
    let (_, _, body) = site.post(&format!("{AT}force"), &secretary, "rev=3").await;
    assert!(body.contains("Chưa ghi lễ ký") && body.contains("Đơn vị hai"), "{body}");
    let ceremony = fields(&[("rev", "3"), ("day", "2020-07-01"), ("place", "Hà Nội"), ("board", "Ông B")]);
    assert_eq!(site.post(&format!("{AT}ceremony"), &secretary, &ceremony).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&format!("{AT}later"), &secretary, "rev=4&two=1").await.0, StatusCode::SEE_OTHER);
    // What was certified is not opened again.
    assert_eq!(site.post(&format!("{AT}reopen"), &secretary, "rev=5").await.0, StatusCode::CONFLICT);
    let (status, _, body) = site.post(&format!("{AT}force"), &secretary, "rev=5").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let open = jobs::open(site.store.read(), Some(CLUSTER)).await.unwrap();
    assert!(open.iter().any(|job| job.work == jobs::Work::Agree), "{open:?}");
    support::later(2_000_000);
    let (_, _, page) = site.get("/c/six/agreement", None).await;
    for there in ["có hiệu lực", "KT. A", "sẽ ký sau", "Ông B"] {
        assert!(page.contains(there), "{there}: {page}");
    }
    // The scan itself is for those inside.
    assert_eq!(site.get(&format!("{AT}scans/one"), Some(&officer)).await.0, StatusCode::OK);
    assert_ne!(site.get(&format!("{AT}scans/one"), None).await.0, StatusCode::OK);
}

/// What is open before somebody: kinds.
async fn told(site: &TestSite, name: &str) -> Vec<notices::Kind> {
    let on = site.store.read();
    let id = people::by_email(on, &format!("{name}@x.vn")).await.unwrap().unwrap().id;
    notices::open(on, id, 50).await.unwrap().iter().map(|notice| notice.kind).collect()
}

#[tokio::test]
async fn leaders_are_told_of_what_waits_for_their_signature_until_they_answer() {
    let site = TestSite::new().await;
    let secretary = begun(&site).await;
    let one = site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await;
    site.person("leader2", Some(Role::Leader), Some(CLUSTER), Some("two")).await;
    site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    circulated(&site, &secretary).await;
    for unit in ["one", "two"] {
        let all =
            [("place", "all"), ("stance", "agree"), ("version", "1"), ("seen", "0"), ("behalf", "CV 1")];
        let to = format!("{AT}units/{unit}/opinion");
        assert_eq!(site.post(&to, &secretary, &fields(&all)).await.0, StatusCode::SEE_OTHER);
    }
    computed(&site).await;
    let both = async || (told(&site, "leader").await, told(&site, "leader2").await);
    let done = async |what: &str, form: &str| {
        let (status, _, body) = site.post(&format!("{AT}{what}"), &secretary, form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{what}: {body}");
    };
    assert_eq!(both().await, (vec![], vec![]));
    done("freeze", "rev=2&version=1").await;
    let signing = vec![notices::Kind::Signing];
    assert_eq!(both().await, (signing.clone(), signing.clone()));
    assert!(told(&site, "officer").await.is_empty(), "the leader signs");
    let (_, _, page) = site.get("/notices", Some(&one)).await;
    assert!(page.contains("Giao ước chờ lãnh đạo đơn vị ký"), "{page}");
    // Opened again, nobody signs; frozen again, it waits for them again.
    done("reopen", "rev=3").await;
    assert_eq!(both().await, (vec![], vec![]));
    done("freeze", "rev=4&version=1").await;
    assert_eq!(both().await, (signing.clone(), signing.clone()));
    // Whoever says that it does not sign has answered.
    let refuses = [("day", "2020-07-01"), ("refused", "Chờ ý kiến cấp trên"), ("seen", "0")];
    let to = format!("{AT}units/one/signature");
    let (status, _, body) = site.send(&to, &one, &refuses, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(both().await, (vec![], signing.clone()));
    // A step of the ceremony tells nobody anew.
    done("later", "rev=5&two=1").await;
    assert_eq!(both().await, (vec![], signing));
}

#[tokio::test]
async fn the_next_year_has_its_cluster_its_people_and_its_draft_once() {
    let site = TestSite::new().await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let gone = site.person("gone", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    let role = people::all_roles(site.store.read())
        .await
        .unwrap()
        .into_iter()
        .find(|held| held.unit.as_deref() == Some("two"));
    people::end(site.store.read(), role.unwrap().id, "2020-02-01").await.unwrap();
    let mapping = ("one", "procedure", "digest", "kind = \"procedure\"\n");
    let (unit, kind, headers, text) = mapping;
    let on = site.store.read();
    clusters::remember_mapping(on, CLUSTER, unit, kind, headers, text, support::NOW).await.unwrap();
    for _ in 0..2 {
        let (status, headers, body) = site.post("/c/six/agreement/next-year", &secretary, "").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        assert_eq!(headers[header::LOCATION], "/c/six-2021/agreement/drafts/1/");
    }
    let next = clusters::get(site.store.read(), "six-2021").await.unwrap().unwrap();
    assert_eq!(next.year, 2021);
    let learnt = clusters::mapping(site.store.read(), "six-2021", unit, kind, headers).await.unwrap();
    assert_eq!(learnt.as_deref(), Some(text), "files of its systems are read as before");
    let held = people::all_roles(site.store.read()).await.unwrap();
    let there = held.iter().filter(|held| held.cluster.as_deref() == Some("six-2021"));
    assert_eq!(
        there.map(|held| held.role).collect::<Vec<_>>(),
        [Role::Secretary, Role::Officer],
        "who has left stays behind"
    );
    assert_eq!(site.get("/c/six-2021/agreement/drafts/1/", Some(&secretary)).await.0, StatusCode::OK);
    assert_eq!(site.get("/c/six-2021/agreement/drafts/1/", Some(&gone)).await.0, StatusCode::FORBIDDEN);
    let drafts = agreeing::all(site.store.read(), "six-2021").await.unwrap();
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].before.as_deref(), Some(CLUSTER), "its figures are of this year's records too");
}
