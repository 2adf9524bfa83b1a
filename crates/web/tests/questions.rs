//! Questions at the desk, their answers, and what of them and of figures is public.
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
use giaouoc_agreement::text::Text;
use giaouoc_store::people::Role;
use giaouoc_store::questions::{self, Found};
use giaouoc_store::releases::{self, Plan};
use giaouoc_store::{boards, trail};
use giaouoc_web::asked::{Answered, Asked, Case};
use giaouoc_web::opened::{Month, Open, Opened};
use support::{CLUSTER, NOW, TestSite, digest, sheet};

async fn ask(site: &TestSite, cases: &[&str]) {
    let asked = Asked {
        kind: "dossier".into(),
        name: Text::new("Hạn dời", "Due moved"),
        question: Text::same("Vì sao?"),
        count: i64::try_from(cases.len()).unwrap(),
        of: 9,
        cases: cases.iter().map(|key| Case { key: (*key).into(), ..Case::default() }).collect(),
        ..Asked::default()
    };
    let text = serde_json::to_string(&asked).unwrap();
    let found = Found { unit: "one".into(), signal: "due-moved".into(), digest: digest(&text), asked: text };
    let write = site.store.write().await.unwrap();
    questions::keep(write.on(), CLUSTER, &[found], |_, _| false, NOW).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn a_question_is_answered_at_the_desk_as_it_was_shown() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let other = site.person("other", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    ask(&site, &["K-1"]).await;
    let (_, _, desk) = site.get("/c/six/desk/one/", Some(&officer)).await;
    assert!(desk.contains("Câu hỏi chờ trả lời: Hạn dời") && desk.contains("K-1"), "{desk}");
    let (_, _, all) = site.get("/c/six/questions", Some(&other)).await;
    assert!(all.contains("K-1") && !all.contains("/reply"), "read by all inside, answered by the unit");
    let seen = questions::all(site.store.read(), CLUSTER).await.unwrap().remove(0);
    let fields =
        |digest: &str, more: &str| format!("question={}&digest={digest}&reply=vì+thế{more}", seen.id);
    // New data came while the person was writing.
    ask(&site, &["K-1", "K-2"]).await;
    let (status, _, text) = site.post("/c/six/desk/one/reply", &officer, &fields(&seen.digest, "")).await;
    assert_eq!(status, StatusCode::CONFLICT, "{text}");
    let now = questions::all(site.store.read(), CLUSTER).await.unwrap().remove(0);
    assert_eq!((now.id, now.reply.as_deref()), (seen.id, None));
    let (status, _, _) = site.post("/c/six/desk/two/reply", &other, &fields(&now.digest, "")).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "another unit's question");
    let (status, _, _) = site.post("/c/six/desk/one/reply", &secretary, &fields(&now.digest, "")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "on behalf of a unit, resting on nothing");
    let (status, _, _) = site.post("/c/six/desk/one/reply", &officer, "question=1&digest=x&reply=+").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "an empty answer");
    let answer = fields(&now.digest, "&behalf=CV+3");
    let (status, _, _) = site.post("/c/six/desk/one/reply", &secretary, &answer).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, _, _) = site.post("/c/six/desk/one/reply", &officer, &fields(&now.digest, "")).await;
    assert_eq!(status, StatusCode::CONFLICT, "answered once");
    let (_, _, all) = site.get("/c/six/questions", Some(&other)).await;
    assert!(all.contains("vì thế") && all.contains("căn cứ: CV 3"), "{all}");
    let lines = trail::read(site.store.read(), Some(CLUSTER), Some("one"), None, 9).await.unwrap();
    assert_eq!((lines[0].1.act, lines[0].1.on_behalf.as_deref()), (trail::Act::Reply, Some("CV 3")));
}

/// A release of the provisional board, with what it kept beside it.
async fn release(site: &TestSite, answered: &[Answered]) {
    let mut sheet = sheet();
    let month = |cases| Month {
        shown: Some(Text::same("33,3 %")),
        integers: Text::same(format!("1/{cases}")),
        cases,
        at: Some(3_333),
        ..Month::default()
    };
    let open = Open { met_unknown: 2, months: vec![month(2), month(40)], ..Open::default() };
    sheet.opened = vec![Opened {
        months: vec![Text::same("1/2020"), Text::same("2/2020")],
        labels: vec!["1".into(), "2".into()],
        shares: true,
        figures: vec![Some(open), None],
        ..Opened::default()
    }];
    let text = serde_json::to_string(&sheet).unwrap();
    let on = site.store.read();
    let board = boards::keep(on, CLUSTER, 2, &digest(&text), text, NOW).await.unwrap();
    let plan = Plan {
        cluster: CLUSTER.into(),
        name_vi: "Quý II".into(),
        name_en: "Second quarter".into(),
        confirm_by: NOW,
        publish_at: NOW,
        person: 1,
    };
    let number = releases::plan(on, plan, NOW).await.unwrap();
    let id = releases::get(on, CLUSTER, number).await.unwrap().unwrap().id;
    releases::publish(on, id, board, "{}".into(), NOW).await.unwrap();
    questions::freeze(on, id, "questions", serde_json::to_string(answered).unwrap()).await.unwrap();
}

#[tokio::test]
async fn the_public_reads_what_was_answered_and_nothing_that_is_open() {
    let site = TestSite::new().await;
    ask(&site, &["K-1", "K-2"]).await;
    let answered = Answered {
        unit: "two".into(),
        kind: "dossier".into(),
        name: Text::new("Tạm dừng muộn", "Late pause"),
        count: 2,
        of: 40,
        reply: "chờ <b>thuế</b>".into(),
        on: "2020-06-30".into(),
        ..Answered::default()
    };
    release(&site, &[answered]).await;
    for path in ["/c/six/", "/c/six/r/1/", "/c/six/unit-two"] {
        let (status, _, text) = site.get(path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(text.contains("Tạm dừng muộn") && text.contains("chờ &#60;b&#62;thuế"), "{path}: {text}");
        assert!(text.contains("dưới 3 trên 40"), "{path}: {text}");
    }
    for path in ["/c/six/", "/c/six/r/1/", "/c/six/unit-one", "/c/six/unit-two", "/c/six/figure-on-time~one"]
    {
        let (_, _, text) = site.get(path, None).await;
        assert!(!text.contains("Hạn dời") && !text.contains("K-1"), "{path}: {text}");
    }
    assert_eq!(site.get("/c/six/questions", None).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn small_numbers_of_a_figure_are_for_those_inside() {
    let site = TestSite::new().await;
    let staff = site.person("staff", Some(Role::Staff), Some(CLUSTER), Some("two")).await;
    release(&site, &[]).await;
    let (status, _, inside) = site.get("/c/six/now/figure-on-time~one", Some(&staff)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(inside.contains("1/2<") && !inside.contains("dưới 3"), "{inside}");
    // A release is read alike by everybody.
    for session in [None, Some(staff.as_str())] {
        let (_, _, public) = site.get("/c/six/figure-on-time~one", session).await;
        assert!(!public.contains("1/2<") && public.contains("dưới 3"), "{public}");
        // The other month goes along: else the year's figure would say what this one is.
        assert!(!public.contains("1/40") && public.contains("không ghi"), "{public}");
    }
    for path in ["figure-on-time~two", "figure-on-time~all", "figure-on-time", "figure-x~one"] {
        assert_eq!(site.get(&format!("/c/six/{path}"), None).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn words_are_found_without_marks() {
    let site = TestSite::new().await;
    let (_, _, found) = site.get("/terms?q=nguoi+tot", None).await;
    assert!(found.contains("id=\"nguoi-tot-viec-tot\"") && !found.contains("id=\"tam-tinh\""), "{found}");
    let (_, _, none) = site.get("/terms?q=%3Cb%3Ezzz", None).await;
    assert!(none.contains("Không có từ nào") && !none.contains("<b>zzz"), "{none}");
}
