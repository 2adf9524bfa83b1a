//! What is refused on the pages of a draft stays in its form; who is told of what is said about one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

use axum::http::StatusCode;
use giaouoc_store::letters;
use giaouoc_store::notices::{self, Kind};
use giaouoc_store::people::{self, Role};
use giaouoc_store::{agreeing, jobs};
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

/// What stands in a page between two marks.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let begin = page.find(from).unwrap_or_else(|| panic!("no {from} in {page}")) + from.len();
    &page[begin..begin + page[begin..].find(to).unwrap()]
}

/// What is open before somebody: kinds.
async fn told(site: &TestSite, name: &str) -> Vec<Kind> {
    let on = site.store.read();
    let id = people::by_email(on, &format!("{name}@x.vn")).await.unwrap().unwrap().id;
    notices::open(on, id, 50).await.unwrap().iter().map(|notice| notice.kind).collect()
}

/// A draft that goes round until the last day of 2099: secretary, officer of the first unit.
async fn round(site: &TestSite) -> (String, String) {
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    site.person("officer2", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    for name in ["officer", "officer2"] {
        // Whoever has never logged in gets no letters but the invitation.
        let on = site.store.read();
        let id = people::by_email(on, &format!("{name}@x.vn")).await.unwrap().unwrap().id;
        people::set_password(on, id, "x".into()).await.unwrap();
    }
    site.post("/c/six/agreement/drafts", &secretary, "base=own").await;
    let draft = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap();
    let version = agreeing::version(site.store.read(), draft.id, draft.version).await.unwrap().unwrap();
    agreeing::keep_figures(site.store.read(), version.id, "{\"years\":[]}".into()).await.unwrap();
    while let Some(job) = jobs::take(site.store.read(), support::NOW).await.unwrap() {
        jobs::end(site.store.read(), job.id, None, support::NOW).await.unwrap();
    }
    // A day that is past is refused, and stays in the form.
    let form = format!("rev={}&version={}&respond_by=", draft.rev, draft.version);
    let (status, _, body) =
        site.post(&format!("{AT}circulate"), &secretary, &format!("{form}2019-01-01")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("value=\"2019-01-01\""), "{body}");
    assert!(body.contains("phải là hôm nay hoặc một ngày sau đó"), "{body}");
    let (status, ..) = site.post(&format!("{AT}circulate"), &secretary, &format!("{form}2099-12-31")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    (secretary, officer)
}

fn opinion(place: &str, stance: &str, text: &str, seen: &str) -> String {
    fields(&[
        ("place", place),
        ("stance", stance),
        ("text", text),
        ("version", "1"),
        ("seen", seen),
        ("behalf", "CV 1"),
    ])
}

#[tokio::test]
async fn who_is_asked_who_remarks_and_who_is_answered_are_told() {
    let site = TestSite::new().await;
    let (secretary, officer) = round(&site).await;
    for name in ["officer", "officer2"] {
        assert_eq!(told(&site, name).await, [Kind::Comment], "{name}");
    }
    // The letter that asks is one of its own, and there is one.
    let mut asked = Vec::new();
    while let Some(letter) = letters::take(site.store.read(), support::NOW).await.unwrap() {
        asked.push(letter.kind);
    }
    assert_eq!(asked, [letters::Kind::Draft, letters::Kind::Draft]);
    let one = format!("{AT}units/one/opinion");
    site.post(&one, &officer, &opinion("clause:1", "agree", "", "0")).await;
    assert!(told(&site, "officer").await.is_empty(), "the unit has spoken");
    assert!(told(&site, "secretary").await.is_empty(), "who agrees asks for no answer");
    site.post(&one, &officer, &opinion("clause:1", "object", "Chưa rõ", "1")).await;
    site.post(&one, &officer, &opinion("all", "remark", "Góp ý", "0")).await;
    assert_eq!(told(&site, "secretary").await, [Kind::Opinion, Kind::Opinion]);
    // What is taken back needs no answer.
    site.post(&one, &officer, &opinion("all", "agree", "", "1")).await;
    assert_eq!(told(&site, "secretary").await, [Kind::Opinion]);
    let said = agreeing::parts(site.store.read(), 1).await.unwrap();
    let id = said.iter().find(|part| part.place == "clause:1").unwrap().id.to_string();
    // An answer that says nothing is refused at its field; one to what is not there any more keeps what was written.
    let reply = format!("{AT}reply");
    let (status, _, body) =
        site.post(&reply, &secretary, &fields(&[("to", &id), ("text", " "), ("version", "1")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        between(&body, &format!("id=\"reply-{id}\""), "</form>").contains("Hãy ghi câu trả lời."),
        "{body}"
    );
    let astray = fields(&[("to", "999"), ("text", "Lời đã soạn"), ("version", "1")]);
    let (status, _, body) = site.post(&reply, &secretary, &astray).await;
    assert!(status == StatusCode::CONFLICT && body.contains("Lời đã soạn"), "{body}");
    let answer = fields(&[("to", &id), ("text", "Đã làm rõ"), ("version", "1")]);
    assert_eq!(site.post(&reply, &secretary, &answer).await.0, StatusCode::SEE_OTHER);
    assert!(told(&site, "secretary").await.is_empty());
    assert_eq!(told(&site, "officer").await, [Kind::Answer]);
    // An answer again: what was written stays beside what stands now.
    let (status, _, body) = site.post(&reply, &secretary, &answer).await;
    assert!(status == StatusCode::CONFLICT && body.contains("Đã làm rõ"), "{body}");
    // Frozen before everybody has spoken: the page says what is open, and stays.
    let (status, _, body) = site.post(&format!("{AT}freeze"), &secretary, "rev=2&version=1").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Chưa chốt được") && body.contains("id=\"versions\""), "{body}");
    site.post(&format!("{AT}units/two/opinion"), &secretary, &opinion("all", "agree", "", "0")).await;
    assert!(told(&site, "officer2").await.is_empty());
    // A reminder is for those who are silent: nobody is.
    let (status, _, body) = site.post(&format!("{AT}remind"), &secretary, "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"remind-wrong\"") && body.contains("id=\"versions\""), "{body}");
    assert_eq!(
        site.post(&format!("{AT}freeze"), &secretary, "rev=2&version=1").await.0,
        StatusCode::SEE_OTHER
    );
    assert_eq!(told(&site, "officer").await, [Kind::Answer], "an answer stays until it is read");
}

#[tokio::test]
async fn a_scan_that_was_sent_is_not_chosen_again_and_a_wrong_code_stays_in_its_form() {
    let site = TestSite::new().await;
    let (secretary, officer) = round(&site).await;
    for unit in ["one", "two"] {
        site.post(&format!("{AT}units/{unit}/opinion"), &secretary, &opinion("all", "agree", "", "0")).await;
    }
    assert_eq!(
        site.post(&format!("{AT}freeze"), &secretary, "rev=2&version=1").await.0,
        StatusCode::SEE_OTHER
    );
    let digest = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap().digest.unwrap();
    let path = format!("{AT}units/one/signature");
    let other = "0".repeat(64);
    let mut form = vec![
        ("name", ""),
        ("capacity", "delegate"),
        ("day", "2020-07-01"),
        ("digest", other.as_str()),
        ("seen", "0"),
    ];
    let scan: (&str, &str, &[u8]) = ("scan", "trang-ky.pdf", b"%PDF-1.7\n");
    let mandate: (&str, &str, &[u8]) = ("mandate", "uy-quyen.pdf", b"%PDF-1.4\n");
    // No name: the scan is kept.
    let (status, _, body) = site.send_as(&path, &officer, &form, &[scan]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Đã giữ tệp") && body.contains("trang-ky.pdf"), "{body}");
    let draft = between(&body, "name=\"draft\" value=\"", "\"").to_owned();
    // Another person's try does not find it.
    form[0].1 = "B";
    form.push(("draft", draft.as_str()));
    let (_, _, body) = site.send_as(&path, &secretary, &form, &[]).await;
    assert!(body.contains("Cần bản quét") && !body.contains("trang-ky.pdf"), "{body}");
    // No mandate, then another text's digest: both files stay.
    let (status, _, body) = site.send_as(&path, &officer, &form, &[]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("giấy uỷ quyền kèm theo"), "{body}");
    let (_, _, body) = site.send_as(&path, &officer, &form, &[mandate]).await;
    assert!(body.contains("không còn là bản mà trang này đang giữ"), "{body}");
    assert!(body.contains("trang-ky.pdf") && body.contains("uy-quyen.pdf"), "{body}");
    assert_eq!(between(&body, "name=\"draft\" value=\"", "\""), draft);
    form[3].1 = &digest;
    let (status, _, body) = site.send_as(&path, &officer, &form, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    for file in ["scans", "mandates"] {
        assert_eq!(site.get(&format!("{AT}{file}/one"), Some(&officer)).await.0, StatusCode::OK, "{file}");
    }
    let left = giaouoc_store::drafts::of(site.store.read(), CLUSTER, "one", 2).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    // The code of another sheet: it stays in its field, with the reason.
    let part = agreeing::parts(site.store.read(), 1).await.unwrap();
    let id = part.iter().find(|part| part.sort == agreeing::Sort::Signature).unwrap().id.to_string();
    let wrong = fields(&[("signature", &id), ("short", "0000 0000 0000 0000")]);
    let (status, _, body) = site.post(&format!("{AT}certify/one"), &secretary, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("value=\"0000 0000 0000 0000\" aria-invalid"), "{body}");
    assert!(body.contains("không phải của văn bản này") && body.contains("id=\"ceremony\""), "{body}");
    // The ceremony before the text was frozen: day, place and who was there stay.
    let rev = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap().rev.to_string();
    let typed = |day: &str, rev: &str| {
        fields(&[("rev", rev), ("day", day), ("place", "Hà Nội"), ("board", "Ông E, Phó ban")])
    };
    let ceremony = format!("{AT}ceremony");
    let (status, _, body) = site.post(&ceremony, &secretary, &typed("2019-01-01", &rev)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = between(&body, "action=\"/c/six/agreement/drafts/1/ceremony\"", "</form>");
    assert!(
        form.contains("value=\"2019-01-01\" aria-invalid") && form.contains("id=\"day-wrong\""),
        "{form}"
    );
    assert!(form.contains("value=\"Hà Nội\"") && form.contains("value=\"Ông E, Phó ban\""), "{form}");
    // Not yet: the page says why where the button is.
    let force = format!("{AT}force");
    let (status, _, body) = site.post(&force, &secretary, &field("rev", &rev)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(between(&body, "id=\"force-wrong\"", "</p>").contains("Chưa ghi lễ ký"), "{body}");
    // Whoever has an older page: what was typed stays beside what stands now, and goes through when it is sent again.
    let right = site.post(&ceremony, &secretary, &typed("2020-07-01", &rev)).await;
    assert_eq!(right.0, StatusCode::SEE_OTHER, "{}", right.2);
    let (status, _, body) = site.post(&ceremony, &secretary, &typed("2020-07-01", &rev)).await;
    assert!(status == StatusCode::CONFLICT && body.contains("value=\"Hà Nội\""), "{body}");
    assert!(between(&body, "id=\"day-wrong\"", "</p>").contains("Người khác vừa sửa"), "{body}");
    let two = fields(&[("rev", &rev), ("two", "1")]);
    let (status, _, body) = site.post(&format!("{AT}later"), &secretary, &two).await;
    assert!(status == StatusCode::CONFLICT && body.contains("id=\"later-wrong\""), "{body}");
    assert!(body.contains("name=\"two\" value=\"1\" checked"), "{body}");
    let now = between(&body, "name=\"rev\" value=\"", "\"").to_owned();
    let two = fields(&[("rev", &now), ("two", "1")]);
    assert_eq!(site.post(&format!("{AT}later"), &secretary, &two).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn titles_that_are_no_number_stay_in_the_form() {
    let site = TestSite::new().await;
    let (secretary, officer) = round(&site).await;
    let path = format!("{AT}units/one/titles");
    let typed =
        fields(&[("seen", "0"), ("count_ldtt", "12"), ("count_cstd-cs", "ba"), ("note", "Ghi chú còn đây")]);
    let (status, _, body) = site.post(&path, &officer, &typed).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("value=\"12\"") && body.contains("Ghi chú còn đây"), "{body}");
    assert!(
        between(&body, "id=\"count_cstd-cs\"", "class=\"hint\"").contains("không phải số lượng"),
        "{body}"
    );
    // On behalf of the unit without saying on what it rests.
    let (status, _, body) =
        site.post(&path, &secretary, &fields(&[("seen", "0"), ("count_ldtt", "12")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"behalf-wrong\"") && body.contains("value=\"12\""), "{body}");
    let right = fields(&[("seen", "0"), ("count_ldtt", "12")]);
    assert_eq!(site.post(&path, &officer, &right).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_every_unit_would_have_by_a_rival_definition_stands_beside_the_target() {
    use giaouoc_agreement::text::Text;
    use giaouoc_web::drafting::{Figures, LensCell, TargetFigures, YearFigures};
    use giaouoc_web::sheet::Cell;
    let site = TestSite::new().await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    site.post("/c/six/agreement/drafts", &secretary, "base=own").await;
    let text = format!(
        "{}\n[[target]]\nid = \"on-time\"\nclause = \"1\"\nname = \"Đúng hạn\"\n",
        support::drafting::TEXT
    );
    let save = fields(&[("version", "1"), ("text", &text)]);
    let (status, _, body) = site.post(&format!("{AT}text"), &secretary, &save).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let cell = |shown: &str, sign: &str, words: &str| LensCell {
        shown: Text::same(shown),
        met: sign == "✓",
        sign: sign.into(),
        words: Text::same(words),
    };
    let own = |shown: &str| {
        let met = (String::from("met"), String::from("✓"));
        Some(Cell {
            shown: Some(Text::same(shown)),
            verdict: met.0,
            sign: met.1,
            words: Text::same("đạt"),
            ..Cell::default()
        })
    };
    let target = TargetFigures {
        id: "on-time".into(),
        cells: vec![own("96 %"), own("99 %")],
        lenses: vec![(
            Text::same("Theo mọi hồ sơ"),
            vec![Some(cell("91 %", "✗", "không đạt")), Some(cell("98 %", "✓", "đạt"))],
        )],
        ..TargetFigures::default()
    };
    let units = vec![
        (String::from("one"), Text::same("Đơn vị một")),
        (String::from("two"), Text::same("Đơn vị hai")),
    ];
    let year = |year| YearFigures {
        year,
        units: units.clone(),
        targets: vec![target.clone()],
        ..Default::default()
    };
    let draft = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap();
    let version = agreeing::version(site.store.read(), draft.id, draft.version).await.unwrap().unwrap();
    let figures = Figures { years: vec![year(2019), year(2020)] };
    let figures = serde_json::to_string(&figures).unwrap();
    agreeing::keep_figures(site.store.read(), version.id, figures).await.unwrap();
    let (_, _, body) = site.get(AT, Some(&secretary)).await;
    let table = between(&body, "<details class=\"lenses\">", "</details>");
    for there in [
        "Các cách tính đối chiếu theo đơn vị",
        "Năm 2019",
        "Năm 2020",
        "Theo mọi hồ sơ",
        "96 % <small>✓ đạt",
        "91 % <small>✗ không đạt",
        "98 % <small>✓ đạt",
    ] {
        assert!(table.contains(there), "{there}: {table}");
    }
    assert!(body.contains("Theo mọi hồ sơ: 1 trên 2 đơn vị sẽ đạt trong năm 2019"), "{body}");
    assert!(body.contains("2 trên 2 đơn vị đạt trong năm 2019"), "{body}");
}
