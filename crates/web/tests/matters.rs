//! Matters of the year's work: who begins them, who reads what, what residents ask, who takes them up, what consent means.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

#[path = "matters/leaks.rs"]
mod leaks;

use axum::http::{StatusCode, header};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::notices;
use giaouoc_store::people::{self, Role};
use support::{CLUSTER, TestSite};

const DESK: &str = "/c/six/desk/one/year/";
const PUBLIC: &str = "/c/six/year/";
const PDF: &[u8] = b"%PDF-1.4 invented";

/// A picture of one dot.
fn picture() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082";
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

async fn people(site: &TestSite) -> (String, String, String, String) {
    (
        site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await,
        site.person("staff", Some(Role::Staff), Some(CLUSTER), Some("one")).await,
        site.person("other", Some(Role::Officer), Some(CLUSTER), Some("two")).await,
        site.person("leader", Some(Role::Leader), Some(CLUSTER), Some("one")).await,
    )
}

/// Sends a form that must be taken; gives where it leads.
async fn done(
    site: &TestSite,
    path: &str,
    session: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> String {
    let (status, headers, body) = site.send(path, session, fields, files).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {body}");
    headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// The version that a page's forms name.
fn version(page: &str) -> String {
    let at = page.find("name=\"version\" value=\"").unwrap() + 22;
    page[at..].split('"').next().unwrap().to_owned()
}

async fn step(
    site: &TestSite,
    at: &str,
    session: &str,
    step: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> (StatusCode, String) {
    let (_, _, page) = site.get(at, Some(session)).await;
    let seen = version(&page);
    let desk = at.replace("/c/six/year/", DESK);
    let mut all = vec![("step", step), ("version", seen.as_str())];
    all.extend(fields);
    let (status, _, body) = site.send(&format!("{desk}step"), session, &all, files).await;
    (status, body)
}

const CASE: [(&str, &str); 7] = [
    ("v.headline", "Trả hồ sơ tận nhà"),
    ("v.programme", "good-deeds"),
    ("v.subject", "person"),
    ("v.person_name", "Nguyễn Thị Bịa"),
    ("v.story", "Chị Bịa đi bộ mười cây số"),
    ("v.from", "staff"),
    ("then", "propose"),
];

const DIALOGUE: [(&str, &str); 8] = [
    ("v.topic", "Hộ tịch <b>"),
    ("v.about_procedures", "true"),
    ("v.planned_on", "2020-07-15"),
    ("v.place", "Hội trường"),
    ("v.form", "in-person"),
    ("v.chair_rank", "head"),
    ("v.notice_channel", "portal"),
    ("then", "announce"),
];

#[tokio::test]
async fn a_dialogue_from_its_notice_to_its_answers() {
    let site = TestSite::new().await;
    let (officer, _, other, _) = people(&site).await;
    // What is missing is said by name, and what was written stays.
    let (status, _, body) = site
        .send(
            &format!("{DESK}dialogue/new"),
            &officer,
            &[("v.place", "Hội trường"), ("v.planned_on", "mai")],
            &[],
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("không phải một ngày") && body.contains("value=\"Hội trường\""), "{body}");
    let at = done(&site, &format!("{DESK}dialogue/new"), &officer, &DIALOGUE, &[]).await;
    assert_eq!(at, format!("{PUBLIC}dialogue/DT-2020-001/"));
    let (status, _, page) = site.get(&at, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Hộ tịch &#60;b&#62;") && page.contains("Gửi câu hỏi"), "{page}");
    // Nobody dates a notice back, and nobody but the unit acts.
    let (status, _) =
        step(&site, &at, &officer, "hold", &[("v.attendees", "9"), ("day", "2020-07-02")], &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _, _) = site
        .send(
            &at.replace(PUBLIC, DESK).replace("DT-2020-001/", "DT-2020-001/step"),
            &other,
            &[("step", "hold")],
            &[],
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // A resident asks: nobody reads it before the unit has.
    let (_, headers, _) = site.get(&at, None).await;
    let cookie = headers.get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
    assert!(
        cookie.starts_with("giaouoc_visitor="),
        "whoever comes straight to this page can ask: {headers:?}"
    );
    let stranger = "b".repeat(64);
    let body = format!("csrf={}&text=Khi+nào+có+kết+quả%3F", support::csrf(&stranger));
    let request = support::builder("POST", &format!("{at}ask"), None)
        .header(header::COOKIE, format!("giaouoc_visitor={stranger}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, _, _) = site.ask(request.body(axum::body::Body::from(body)).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!site.get(&at, None).await.2.contains("Khi nào có kết quả"));
    assert!(!site.get(&at, Some(&other)).await.2.contains("Khi nào có kết quả"));
    assert!(site.get(&at, Some(&officer)).await.2.contains("Khi nào có kết quả"));
    assert!(
        site.get("/c/six/desk/one/", Some(&officer)).await.2.contains("1 câu hỏi của người dân chưa đọc")
    );
    let questions = format!("{DESK}dialogue/DT-2020-001/questions");
    let (status, _, body) = site.post(&questions, &officer, "what=show&question=1").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert!(site.get(&at, None).await.2.contains("Khi nào có kết quả"));
    // Held, minuted with its file, and closed only when all is answered.
    let (status, body) =
        step(&site, &at, &officer, "hold", &[("v.attendees", "64"), ("day", "2020-07-01")], &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (status, body) = step(&site, &at, &officer, "minutes", &[("v.conclusions", "Sẽ làm")], &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Hãy đính kèm tệp") && body.contains("Sẽ làm"), "{body}");
    let (status, body) =
        step(&site, &at, &officer, "minutes", &[("v.conclusions", "Sẽ làm")], &[("bb.pdf", PDF)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (status, body) = step(&site, &at, &officer, "followed", &[], &[]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("Còn 1 câu hỏi"), "{body}");
    let (status, _, _) = site.post(&questions, &officer, "what=answer&question=1&text=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "no answer, nobody, no day");
    site.post(&questions, &officer, "what=answer&question=1&text=Trong+tuần+này").await;
    assert!(site.get(&at, None).await.2.contains("Trong tuần này"));
    let (status, _) = step(&site, &at, &officer, "followed", &[], &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // A record follows.
    let open = jobs::open(site.store.read(), Some(CLUSTER)).await.unwrap();
    assert!(open.iter().any(|job| job.work == Work::Carry && job.about == Some(1)), "{open:?}");
    // The cluster reads a file at once, the public once the unit has read it and shows it.
    assert!(site.get(&at, Some(&other)).await.2.contains("bb.pdf"));
    assert!(!site.get(&at, None).await.2.contains("(PDF)"));
    assert_eq!(site.get(&format!("{at}files/1"), None).await.0, StatusCode::NOT_FOUND);
    let pictures = format!("{DESK}dialogue/DT-2020-001/pictures/1");
    assert_eq!(site.post(&pictures, &other, "what=open").await.0, StatusCode::FORBIDDEN);
    assert_eq!(site.post(&pictures, &officer, "what=describe&caption=x").await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&pictures, &officer, "what=open").await.0, StatusCode::SEE_OTHER);
    // In public it is not called what the unit calls it.
    let (_, _, page) = site.get(&at, None).await;
    assert!(page.contains("(PDF)") && !page.contains("bb.pdf"), "{page}");
    let (status, headers, bytes) = site.get(&format!("{at}files/1"), None).await;
    assert_eq!((status, bytes.as_bytes()), (StatusCode::OK, PDF));
    assert!(!headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("bb"));
}

#[tokio::test]
async fn staff_propose_and_the_unit_alone_sees_it_until_it_is_taken_up() {
    let site = TestSite::new().await;
    let (officer, staff, other, _) = people(&site).await;
    let fields = [
        ("v.title", "Phiếu hẹn điện tử"),
        ("v.what", "Quét mã"),
        ("v.about_reform", "true"),
        ("v.authors", "Trần Văn Bịa"),
        ("then", "propose"),
    ];
    let at = done(&site, &format!("{DESK}initiative/new"), &staff, &fields, &[]).await;
    assert_eq!(site.get(&at, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&at, Some(&other)).await.0, StatusCode::NOT_FOUND);
    assert!(site.get(&at, Some(&officer)).await.2.contains("Trần Văn Bịa"));
    assert!(site.get("/c/six/desk/one/", Some(&officer)).await.2.contains("được đề xuất"));
    assert_eq!(told(&site, "officer").await, [(notices::Kind::Proposal, String::new())]);
    assert!(told(&site, "leader").await.is_empty() && told(&site, "other").await.is_empty());
    // Staff do not register; the officer does, and from then on the proposal is no longer theirs to change.
    assert_eq!(step(&site, &at, &staff, "register", &[], &[]).await.0, StatusCode::FORBIDDEN);
    assert_eq!(step(&site, &at, &officer, "register", &[], &[]).await.0, StatusCode::SEE_OTHER);
    assert!(told(&site, "officer").await.is_empty(), "the unit has said what becomes of it");
    let desk = at.replace(PUBLIC, DESK);
    assert_eq!(site.get(&format!("{desk}edit"), Some(&staff)).await.0, StatusCode::FORBIDDEN);
    assert!(
        site.get(&at, Some(&other)).await.2.contains("Phiếu hẹn điện tử"),
        "the cluster sees what is registered"
    );
    assert_eq!(site.get(&at, None).await.0, StatusCode::NOT_FOUND);
    // Staff begin no dialogues.
    assert_eq!(site.get(&format!("{DESK}dialogue/new"), Some(&staff)).await.0, StatusCode::FORBIDDEN);
    // Recognised, it is public; its authors never are.
    step(&site, &at, &officer, "apply", &[("v.benefit", "Nhanh hơn")], &[]).await;
    let fields = [("v.recognised_by", "base"), ("v.recognition_decision", "01/QĐ")];
    let (status, body) = step(&site, &at, &officer, "recognise", &fields, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    for path in [at.clone(), format!("{PUBLIC}initiative/"), format!("{PUBLIC}initiative/list.csv")] {
        let (status, _, page) = site.get(&path, None).await;
        assert!(status == StatusCode::OK && page.contains("Phiếu hẹn điện tử"), "{path}: {page}");
        assert!(!page.contains("Bịa"), "{path}: {page}");
        assert!(!site.get(&path, Some(&other)).await.2.contains("Bịa"), "{path}");
    }
    // Another one like it is asked about.
    let fields = [("v.title", "PHIẾU hẹn điện tử"), ("v.what", "Khác")];
    let again = done(&site, &format!("{DESK}initiative/new"), &officer, &fields, &[]).await;
    assert!(site.get(&again, Some(&officer)).await.2.contains("Tên gần giống sáng kiến"));
}

#[tokio::test]
async fn a_withdrawn_consent_takes_name_story_and_picture_everywhere() {
    let site = TestSite::new().await;
    let (officer, staff, other, leader) = people(&site).await;
    let at = done(&site, &format!("{DESK}exemplar/new"), &staff, &CASE, &[("Bịa.png", &picture())]).await;
    for (step_id, session, fields) in [
        ("verify", &officer, vec![("v.verification", "Đã hỏi")]),
        ("submit", &leader, vec![]),
        ("honour", &officer, vec![("v.decision", "23/QĐ"), ("v.tier", "unit"), ("v.award", "ntvt-unit")]),
    ] {
        let (status, body) = step(&site, &at, session, step_id, &fields, &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{step_id}: {body}");
    }
    // Honoured: the deed and the decision are public, the person is not.
    let hidden = async |when: &str| {
        for path in [
            at.clone(),
            format!("{PUBLIC}exemplar/"),
            format!("{PUBLIC}exemplar/list.csv"),
            PUBLIC.to_owned(),
        ] {
            for reader in [None, Some(other.as_str())] {
                let (_, _, page) = site.get(&path, reader).await;
                assert!(!page.contains("Bịa") && !page.contains("mười cây số"), "{when}: {path}: {page}");
            }
        }
        assert_eq!(site.get(&format!("{at}files/1"), None).await.0, StatusCode::NOT_FOUND, "{when}");
    };
    assert!(site.get(&at, None).await.2.contains("23/QĐ"));
    hidden("no consent").await;
    let (status, _) = step(&site, &at, &officer, "consent", &[], &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "how consent was given is asked");
    step(&site, &at, &officer, "consent", &[("v.consent_by", "Phiếu ngày 01/07/2020")], &[]).await;
    // The picture waits until somebody has looked who is in it.
    let (_, _, page) = site.get(&at, None).await;
    assert!(page.contains("mười cây số") && !page.contains("files/1"), "{page}");
    // Pages of the public are made anew after what happens later than the last change.
    support::later(1);
    let pictures = format!("{}pictures/1", at.replace(PUBLIC, DESK));
    let (status, ..) =
        site.post(&pictures, &officer, "what=describe&caption=Trao+h%E1%BB%93+s%C6%A1&looked=1").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, page) = site.get(&at, None).await;
    assert!(
        page.contains("Nguyễn Thị Bịa") && page.contains("mười cây số") && page.contains("files/1"),
        "{page}"
    );
    assert!(page.contains("alt=\"Trao hồ sơ\""), "what it shows, for who cannot see it: {page}");
    assert_eq!(site.get(&format!("{at}files/1"), None).await.0, StatusCode::OK);
    assert!(!page.contains("Phiếu ngày"), "how consent was given is the unit's");
    step(&site, &at, &officer, "withdraw", &[("note", "Đơn ngày 02/07")], &[]).await;
    hidden("withdrawn").await;
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(
        !page.contains("Bịa") && !page.contains("mười cây số"),
        "nothing is left for the unit either: {page}"
    );
    assert!(site.get(&at, None).await.2.contains("23/QĐ"), "the decision stays");
    assert!(!site.get("/c/six/trail", Some(&officer)).await.2.contains("Bịa"));
    // The story does not come back by the form.
    let desk = at.replace(PUBLIC, DESK);
    let (_, _, page) = site.get(&format!("{desk}edit"), Some(&officer)).await;
    let seen = version(&page);
    let fields = [("v.headline", "x"), ("v.story", "Bịa"), ("reason", "thử"), ("version", seen.as_str())];
    let (status, _, _) = site.send(&format!("{desk}edit"), &officer, &fields, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nor can the withdrawal be taken back.
    let (status, _, _) =
        site.post(&format!("{desk}back"), &officer, &format!("version={seen}&reason=nham")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_model_is_taken_up_by_another_unit_which_reports_back() {
    let site = TestSite::new().await;
    let (officer, staff, other, _) = people(&site).await;
    let fields = [
        ("v.name", "Phiếu hẹn"),
        ("v.what", "a"),
        ("v.evidence", "b"),
        ("v.how", "c"),
        ("v.since", "2020-01-01"),
        ("then", "show"),
    ];
    // Staff may begin a model, and not show it.
    let (status, _, _) = site.send(&format!("{DESK}model/new"), &staff, &fields, &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let at = done(&site, &format!("{DESK}model/new"), &officer, &fields, &[]).await;
    let code = at.trim_end_matches('/').rsplit('/').next().unwrap();
    let join = format!("/c/six/desk/two/join/six/model/{code}");
    assert_eq!(
        site.get(&join.replace("two", "one"), Some(&officer)).await.0,
        StatusCode::NOT_FOUND,
        "not one's own"
    );
    let (_, _, form) = site.get(&join, Some(&other)).await;
    assert!(form.contains("name=\"report_by\" type=\"date\" value=\"2020-"), "a day is suggested: {form}");
    let yes = "what=yes&day=2020-06-30&text=Làm+ở+bộ+phận+một+cửa";
    let (status, _, _) = site.post(&join, &other, &format!("{yes}&report_by=2020-06-29")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "no report before it is taken up");
    let (status, _, body) = site.post(&join, &other, &format!("{yes}&report_by=2020-07-05")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (_, _, page) = site.get(&at, None).await;
    assert!(page.contains("Hẹn báo kết quả trước") && page.contains("05/07/2020"), "{page}");
    let (_, _, told) = site.get("/notices", Some(&other)).await;
    assert!(told.contains("Phiếu hẹn") && told.contains("05/07/2020"), "{told}");
    let (status, _, _) = site.post(&join, &other, "what=yes&day=2020-07-30").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "not in the future");
    site.post(&join, &other, "what=report&text=Giảm+nửa+thời+gian+chờ").await;
    let (_, _, page) = site.get(&at, None).await;
    assert!(page.contains("Đơn vị hai") && page.contains("Giảm nửa thời gian chờ"), "{page}");
    assert!(!page.contains("Hẹn báo kết quả trước"), "it has reported: {page}");
    let (_, _, told) = site.get("/notices", Some(&other)).await;
    assert!(!told.contains("Phiếu hẹn"), "{told}");
}

#[tokio::test]
async fn two_who_change_the_same_matter_see_each_other() {
    let site = TestSite::new().await;
    let (officer, _, _, leader) = people(&site).await;
    let at = done(&site, &format!("{DESK}dialogue/new"), &officer, &DIALOGUE, &[]).await;
    let desk = at.replace(PUBLIC, DESK);
    let (_, _, form) = site.get(&format!("{desk}edit"), Some(&officer)).await;
    let seen = version(&form);
    let edit = |place: &'static str, seen: String| {
        let mut fields: Vec<(&str, String)> = DIALOGUE
            .iter()
            .filter(|(id, _)| id.starts_with("v."))
            .map(|(id, text)| (*id, (*text).to_owned()))
            .collect();
        fields.extend(DIALOGUE.iter().filter(|(id, _)| id.starts_with("v.")).map(|(id, text)| {
            (if *id == "v.place" { "was.place" } else { "was.other" }, (*text).to_owned())
        }));
        fields.iter_mut().filter(|(id, _)| *id == "v.place").for_each(|(_, text)| *text = place.to_owned());
        fields.extend([("version", seen), ("reason", "đổi".to_owned())]);
        fields
    };
    let first = edit("Phòng A", seen.clone());
    let first: Vec<(&str, &str)> = first.iter().map(|(id, text)| (*id, text.as_str())).collect();
    done(&site, &format!("{desk}edit"), &leader, &first, &[]).await;
    let second = edit("Phòng B", seen);
    let second: Vec<(&str, &str)> = second.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let (status, _, body) = site.send(&format!("{desk}edit"), &officer, &second, &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(body.contains("value=\"Phòng B\"") && body.contains("Phòng A"), "{body}");
    // What changed stands in the history, with the reason.
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(page.contains("Hội trường → Phòng A") && page.contains("đổi"), "{page}");
    // The step that was taken by mistake is taken back, and is public no more.
    let body = format!("version={}&reason=nhầm", version(&page));
    assert_eq!(site.post(&format!("{desk}back"), &officer, &body).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&at, None).await.0, StatusCode::NOT_FOUND);
    assert!(site.get(&at, Some(&officer)).await.2.contains("nhầm"));
}

/// What is open before somebody.
async fn told(site: &TestSite, name: &str) -> Vec<(notices::Kind, String)> {
    let on = site.store.read();
    let id = people::by_email(on, &format!("{name}@x.vn")).await.unwrap().unwrap().id;
    let open = notices::open(on, id, 50).await.unwrap();
    open.into_iter().map(|notice| (notice.kind, notice.due.unwrap_or_default())).collect()
}

#[tokio::test]
async fn a_task_that_comes_near_is_told_until_its_day_is_moved_or_it_is_done() {
    let site = TestSite::new().await;
    let (officer, ..) = people(&site).await;
    let admin = site.person("admin", Some(Role::Admin), None, None).await;
    let task = [
        ("v.content", "Kê khai"),
        ("v.sort", "professional"),
        ("v.owner", "Văn phòng"),
        ("v.due_on", "2020-07-05"),
        ("then", "assign"),
    ];
    let at = done(&site, &format!("{DESK}task/new"), &officer, &task, &[]).await;
    let near = (notices::Kind::Task, "2020-07-05".to_owned());
    assert_eq!(told(&site, "officer").await, std::slice::from_ref(&near));
    assert!(told(&site, "other").await.is_empty() && told(&site, "leader").await.is_empty());
    // Who is appointed now is told too, without a letter; who leaves is not any more.
    let place = "name=Mai&email=mai%40x.vn&role=officer&place=six%2Fone";
    assert_eq!(site.post("/people", &admin, place).await.0, StatusCode::OK);
    assert_eq!(told(&site, "mai").await, std::slice::from_ref(&near));
    let held = people::all_roles(site.store.read()).await.unwrap();
    let role = held.iter().max_by_key(|held| held.id).unwrap().id;
    site.post(&format!("/people/roles/{role}/end"), &admin, "").await;
    assert!(told(&site, "mai").await.is_empty());
    // Its day is moved beyond a week.
    let edit = format!("{}edit", at.replace(PUBLIC, DESK));
    let seen = version(&site.get(&edit, Some(&officer)).await.2);
    let moved = |day: &'static str, seen: &str| {
        let mut all: Vec<(&str, String)> =
            task[..4].iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        all[3].1 = day.to_owned();
        all.extend([("version", seen.to_owned()), ("reason", "Lùi hạn".to_owned())]);
        all
    };
    for (day, expected) in [("2020-07-20", vec![]), ("2020-07-05", vec![near])] {
        let seen = if day == "2020-07-20" {
            seen.clone()
        } else {
            version(&site.get(&edit, Some(&officer)).await.2)
        };
        let all = moved(day, &seen);
        let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
        done(&site, &edit, &officer, &all, &[]).await;
        assert_eq!(told(&site, "officer").await, expected, "{day}");
    }
    let (status, body) = step(&site, &at, &officer, "done", &[("v.evidence", "BC 12")], &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert!(told(&site, "officer").await.is_empty());
}

#[tokio::test]
async fn a_movement_of_the_cluster_asks_every_unit_until_it_answers() {
    let site = TestSite::new().await;
    let (officer, _, other, _) = people(&site).await;
    let secretary = site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await;
    let movement = [
        ("v.name", "Chín mươi ngày"),
        ("v.goal", "Không hồ sơ quá hạn"),
        ("v.who", "Mọi cán bộ"),
        ("v.planned_close_on", "2020-09-30"),
        ("then", "launch"),
        ("common", "1"),
    ];
    // A unit's own asks nobody.
    done(&site, &format!("{DESK}movement/new"), &officer, &movement[..5], &[]).await;
    assert!(told(&site, "other").await.is_empty());
    let at = done(&site, &format!("{DESK}movement/new"), &secretary, &movement, &[]).await;
    let asked = (notices::Kind::Invitation, "2020-09-30".to_owned());
    assert_eq!(told(&site, "other").await, [asked]);
    assert!(told(&site, "officer").await.is_empty(), "it is led from there");
    let desk = "/c/six/desk/two/";
    assert!(site.get(desk, Some(&other)).await.2.contains("Lời mời chờ trả lời"));
    let (_, _, page) = site.get(&at, Some(&other)).await;
    assert!(page.contains("Chưa trả lời: Đơn vị hai"), "{page}");
    let (_, _, page) = site.get("/notices", Some(&other)).await;
    assert!(page.contains("Lời mời, phát động chờ đơn vị trả lời") && page.contains("30/09/2020"), "{page}");
    let code = at.trim_end_matches('/').rsplit('/').next().unwrap();
    let join = format!("/c/six/desk/two/join/six/movement/{code}");
    assert_eq!(site.post(&join, &other, "what=no&text=").await.0, StatusCode::SEE_OTHER);
    assert!(told(&site, "other").await.is_empty());
    assert!(!site.get(desk, Some(&other)).await.2.contains("Lời mời chờ trả lời"));
}

#[tokio::test]
async fn a_picture_is_public_once_all_who_are_in_it_agree_and_erased_when_one_no_longer_does() {
    let site = TestSite::new().await;
    let (officer, _, other, _) = people(&site).await;
    let at =
        done(&site, &format!("{DESK}dialogue/new"), &officer, &DIALOGUE, &[("Bịa.png", &picture())]).await;
    let pictures = format!("{}pictures/1", at.replace(PUBLIC, DESK));
    let file = format!("{at}files/1");
    let seen = async || {
        let mut found = Vec::new();
        for reader in [None, Some(other.as_str())] {
            let (_, _, page) = site.get(&at, reader).await;
            let shown = page.contains("files/1");
            assert_eq!(site.get(&file, reader).await.0 == StatusCode::OK, shown);
            assert!(!page.contains("Bịa") && !page.contains("Trần Đặt"), "no name is ever public: {page}");
            found.push(shown);
        }
        assert_eq!(found[0], found[1], "the public and the cluster see the same");
        found[0]
    };
    let said = async |fields: &str| site.post(&pictures, &officer, fields).await.0;
    assert!(!seen().await, "nobody has looked who is in it");
    assert_eq!(said("what=describe&caption=").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(said("what=name&name=Tr%E1%BA%A7n+%C4%90%E1%BA%B7t&agreed_on=").await, StatusCode::SEE_OTHER);
    assert_eq!(
        said("what=describe&caption=H%E1%BB%99i+tr%C6%B0%E1%BB%9Dng&looked=1").await,
        StatusCode::SEE_OTHER
    );
    assert!(!seen().await, "one of them has not agreed");
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(page.contains("Trần Đặt") && page.contains("có người trong ảnh chưa đồng ý"), "{page}");
    assert_eq!(
        said("what=name&name=Tr%E1%BA%A7n+%C4%90%E1%BA%B7t&agreed_on=2030-01-01").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        said("what=name&name=Tr%E1%BA%A7n+%C4%90%E1%BA%B7t&agreed_on=2020-07-01").await,
        StatusCode::SEE_OTHER
    );
    assert!(seen().await, "all agree");
    assert_eq!(site.post(&pictures, &other, "what=withdraw&reason=x").await.0, StatusCode::FORBIDDEN);
    // The same bytes serve another matter: there they stay.
    let second =
        done(&site, &format!("{DESK}dialogue/new"), &officer, &DIALOGUE, &[("khac.png", &picture())]).await;
    assert_eq!(said("what=withdraw&reason=").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(said("what=withdraw&reason=%C4%90%C6%A1n+02%2F07").await, StatusCode::SEE_OTHER);
    assert!(!seen().await);
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(
        !page.contains("Trần Đặt") && !page.contains("files/1"),
        "nothing is left for the unit either: {page}"
    );
    assert_eq!(site.get(&file, Some(&officer)).await.0, StatusCode::NOT_FOUND);
    let (status, _, _) = site.get(&format!("{second}files/2"), Some(&officer)).await;
    assert_eq!(status, StatusCode::OK, "the bytes of another picture");
    let other_one = format!("{}pictures/2", second.replace(PUBLIC, DESK));
    assert_eq!(site.post(&other_one, &officer, "what=withdraw&reason=x").await.0, StatusCode::SEE_OTHER);
    let kept = giaouoc_store::evidence::of(site.store.read(), CLUSTER, "matter:dialogue", "DT-2020-002")
        .await
        .unwrap();
    let path = site.state.files.path(&kept[0].sha256).unwrap();
    assert!(!path.exists(), "and from the disk once nothing else has them");
    assert!(!site.get("/c/six/trail", Some(&officer)).await.2.contains("Trần Đặt"));
}

#[tokio::test]
async fn everybody_is_asked_of_a_case_on_the_days_that_are_set_and_their_words_are_read_first() {
    let site = TestSite::new().await;
    let (officer, staff, other, _) = people(&site).await;
    let at = done(&site, &format!("{DESK}exemplar/new"), &staff, &CASE, &[]).await;
    step(&site, &at, &officer, "verify", &[("v.verification", "Đã hỏi")], &[]).await;
    let page = format!("{at}opinions");
    assert_eq!(site.get(&page, None).await.0, StatusCode::NOT_FOUND, "nobody is asked yet");
    let (status, body) = step(&site, &at, &officer, "ask", &[("v.opinions_until", "2020-07-05")], &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (status, _, text) = site.get(&page, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("Trả hồ sơ tận nhà") && text.contains("05/07/2020"), "{text}");
    assert!(!text.contains("Bịa") && !text.contains("Đã hỏi"), "what consent does not allow: {text}");
    assert_eq!(site.get(&at, None).await.0, StatusCode::NOT_FOUND, "the case itself is not public");
    step(&site, &at, &officer, "consent", &[("v.consent_by", "Phiếu")], &[]).await;
    assert!(site.get(&page, None).await.2.contains("mười cây số"));
    // Somebody writes, with scripts off and without a name; the unit reads it first.
    let stranger = "b".repeat(64);
    let write = async |text: &str| {
        let body = format!("csrf={}&text={text}", support::csrf(&stranger));
        let request = support::builder("POST", &page, None)
            .header(header::COOKIE, format!("giaouoc_visitor={stranger}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        site.ask(request.body(axum::body::Body::from(body)).unwrap()).await.0
    };
    assert_eq!(write("x").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(write("Tôi+được+chị+giúp").await, StatusCode::OK);
    assert_eq!(write("Tôi+biết+số+nhà+chị").await, StatusCode::OK);
    assert!(!site.get(&page, None).await.2.contains("được chị giúp"));
    assert!(site.get(&at, Some(&officer)).await.2.contains("được chị giúp"));
    assert!(!site.get(&at, Some(&other)).await.2.contains("được chị giúp"));
    let questions = format!("{}questions", at.replace(PUBLIC, DESK));
    assert_eq!(site.post(&questions, &officer, "what=show&question=1").await.0, StatusCode::SEE_OTHER);
    site.post(&questions, &officer, "what=aside&question=2&text=d%E1%BB%AF+li%E1%BB%87u+c%C3%A1+nh%C3%A2n")
        .await;
    let (_, _, text) = site.get(&page, None).await;
    assert!(text.contains("được chị giúp") && !text.contains("số nhà"), "{text}");
    let (_, _, text) = site.get(&at, Some(&officer)).await;
    assert!(text.contains("Ý kiến đã đăng: 1; không đăng: 1; chưa đọc: 0"), "{text}");
    // Withdrawn, the person is gone from the page at once.
    step(&site, &at, &officer, "withdraw", &[("note", "Đơn")], &[]).await;
    assert!(!site.get(&page, None).await.2.contains("mười cây số"));
    // Put aside, nobody is asked any more.
    step(&site, &at, &officer, "decline", &[("note", "Chưa rõ")], &[]).await;
    assert_eq!(site.get(&page, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(write("Muộn+rồi+nhé").await, StatusCode::NOT_FOUND);
}
