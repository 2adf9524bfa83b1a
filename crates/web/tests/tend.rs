//! Finding, being reminded, overseeing: pages over the real router.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

use std::sync::{Arc, Mutex};

use axum::http::{StatusCode, header};
use giaouoc_agreement::text::Text;
use giaouoc_find::{Asked, Document, Hit, Hits, Reader};
use giaouoc_store::agreeing::{self, Saving};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::notices::{self, Kind};
use giaouoc_store::people::{self, Role};
use giaouoc_store::releases;
use giaouoc_store::uploads::{self, New, State as Stage};
use giaouoc_web::finding::Finder;
use giaouoc_web::registry::{Book, Registry, Unit};
use support::{CLUSTER, NOW, TestSite};

const DESK: &str = "/c/six/desk/one/";

async fn id(site: &TestSite, name: &str) -> i64 {
    people::by_email(site.store.read(), &format!("{name}@x.vn")).await.unwrap().unwrap().id
}

async fn leader(site: &TestSite, name: &str, unit: &str) -> String {
    site.person(name, Some(Role::Leader), Some(CLUSTER), Some(unit)).await
}

async fn secretary(site: &TestSite) -> String {
    site.person("secretary", Some(Role::Secretary), Some(CLUSTER), None).await
}

/// What stands in a page between two marks.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let begin = page.find(from).unwrap_or_else(|| panic!("no {from} in {page}")) + from.len();
    &page[begin..begin + page[begin..].find(to).unwrap()]
}

/// Publishes a release with these figures.
async fn published(site: &TestSite, board: i64) {
    let on = site.store.read();
    let plan = releases::Plan {
        cluster: CLUSTER.into(),
        name_vi: "Quý I".into(),
        name_en: "First".into(),
        confirm_by: NOW,
        publish_at: NOW,
        person: 1,
    };
    releases::plan(on, plan, NOW).await.unwrap();
    let release = releases::all(on, CLUSTER).await.unwrap().remove(0);
    assert!(releases::publish(on, release.id, board, "{}".into(), NOW).await.unwrap());
}

#[tokio::test]
async fn a_file_that_was_removed_is_said_to_be_and_nothing_more_is_asked_of_it() {
    let site = TestSite::new().await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let on = site.store.read();
    let new = New {
        cluster: CLUSTER.into(),
        kind: "dossier".into(),
        unit: "one".into(),
        person: id(&site, "officer").await,
        name: "cu.xlsx".into(),
        sha256: "ab".repeat(32),
        ..New::default()
    };
    let upload = uploads::receive(on, new, NOW - 1000).await.unwrap();
    uploads::step(on, upload, &[Stage::Received], Stage::Checked).await.unwrap();
    let preview = giaouoc_web::preview::Preview {
        new: 3,
        rejected: 1,
        rejects_file: Some("cd".repeat(32)),
        ..Default::default()
    };
    uploads::set_result(on, upload, None, serde_json::to_string(&preview).unwrap()).await.unwrap();
    let at = format!("{DESK}uploads/{upload}");
    let (_, _, before) = site.get(&at, Some(&officer)).await;
    assert!(before.contains("/load\"") && before.contains("rejects.xlsx") && !before.contains("id=\"gone\""));
    assert_eq!(uploads::forget_bytes(on, CLUSTER, NOW, NOW).await.unwrap().len(), 1);
    let (_, _, after) = site.get(&at, Some(&officer)).await;
    assert!(after.contains("đã được xoá theo thời hạn lưu") && after.contains(&"ab".repeat(32)), "{after}");
    assert!(!after.contains("/load\"") && !after.contains("rejects.xlsx") && !after.contains("/kind\""));
    for path in ["load", "kind"] {
        let (status, _, _) = site.post(&format!("{at}/{path}"), &officer, "kind=dossier").await;
        assert_eq!(status, StatusCode::CONFLICT, "{path}");
    }
    assert_eq!(site.get(&format!("{at}/rejects.xlsx"), Some(&officer)).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_release_shows_everybody_the_parts_without_small_numbers() {
    use giaouoc_store::boards;
    let site = TestSite::new().await;
    let mut sheet = support::sheet();
    sheet.vi.targets = vec!["<p>trong cụm: 2 hồ sơ</p>".into()];
    sheet.vi.units = vec!["<p>đơn vị: 1 hồ sơ</p>".into(), "<p>hai</p>".into()];
    sheet.public_vi.targets.insert(0, "<p>dưới 3</p>".into());
    sheet.public_vi.units.insert(0, "<p>đơn vị: dưới 3</p>".into());
    let text = serde_json::to_string(&sheet).unwrap();
    let on = site.store.read();
    let board = boards::keep(on, CLUSTER, 2, &support::digest(&text), text, NOW).await.unwrap();
    boards::keep_file(on, board, "figures.json", &"aa".repeat(32)).await.unwrap();
    published(&site, board).await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    for session in [None, Some(officer.as_str())] {
        for page in ["/c/six/target-on-time", "/c/six/r/1/target-on-time", "/c/six/unit-one"] {
            let (_, _, body) = site.get(page, session).await;
            assert!(
                body.contains("dưới 3") && !body.contains("2 hồ sơ") && !body.contains("1 hồ sơ"),
                "{page}: {body}"
            );
        }
        // What is the same for both is shown to both.
        assert!(site.get("/c/six/unit-two", session).await.2.contains("<p>hai</p>"));
    }
    let (_, _, inside) = site.get("/c/six/now/target-on-time", Some(&officer)).await;
    assert!(inside.contains("trong cụm: 2 hồ sơ"), "{inside}");
}

#[tokio::test]
async fn figures_by_a_draft_say_so_wherever_they_are_told() {
    use giaouoc_store::boards;
    let site = TestSite::new().await;
    let on = site.store.read();
    let mut sheet = support::sheet();
    sheet.by_draft = Some(Text::new("Theo dự thảo: số liệu có thể đổi.", "By the draft."));
    for cell in sheet.targets[0].cells.iter_mut().flatten() {
        cell.verdict = "no-data".into();
    }
    let text = serde_json::to_string(&sheet).unwrap();
    let board = boards::keep(on, CLUSTER, 2, &support::digest(&text), text, NOW).await.unwrap();
    published(&site, board).await;
    for page in ["/c/six/unit/one/", "/c/six/press", "/c/six/bulletin/2020-07"] {
        let (status, _, body) = site.get(page, None).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(
            body.contains("Theo dự thảo: số liệu có thể đổi.") && !body.contains("đã ký"),
            "{page}: {body}"
        );
    }
    let (_, _, press) = site.get("/c/six/press", None).await;
    assert!(press.contains(">chưa có số liệu</a>.") && !press.contains("0/0"), "{press}");
}

const PLANNED: &str =
    "name_vi=S%C3%A1u+th%C3%A1ng&name_en=Half&confirm_by=2020-07-10T17:00&publish_at=2020-07-12T08:00";

#[tokio::test]
async fn what_waits_is_counted_shown_at_the_desk_read_and_leaves_when_it_is_done() {
    let site = TestSite::new().await;
    let (secretary, one) = (secretary(&site).await, leader(&site, "leader", "one").await);
    let two = leader(&site, "leader2", "two").await;
    site.post("/c/six/releases", &secretary, PLANNED).await;
    let (_, _, page) = site.get("/notices", Some(&one)).await;
    assert!(page.contains("class=\"count\">1<") && page.contains("Sáu tháng"), "{page}");
    assert!(page.contains("10/07/2020, còn 9 ngày"), "{page}");
    assert!(
        !site.get("/notices", Some(&secretary)).await.2.contains("class=\"count\""),
        "nothing waits for them"
    );
    // Read, it is still there and no longer counted.
    let notice = between(&page, "/notices/", "/read").to_owned();
    site.post(&format!("/notices/{notice}/read"), &two, "").await;
    assert!(
        site.get("/", Some(&one)).await.2.contains("class=\"count\""),
        "somebody else reads nothing for them"
    );
    site.post(&format!("/notices/{notice}/read"), &one, "").await;
    let (_, _, page) = site.get("/notices", Some(&one)).await;
    assert!(!page.contains("class=\"count\"") && page.contains("Sáu tháng"), "{page}");
    // Done, it leaves; the other unit's stays.
    let digest = support::digest("one");
    let (status, _, body) =
        site.post(&format!("{DESK}confirm"), &one, &format!("release=1&digest={digest}")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert!(!site.get("/notices", Some(&one)).await.2.contains("Sáu tháng"));
    assert!(site.get("/notices", Some(&two)).await.2.contains("Sáu tháng"));
    // A role that ended takes its notices along.
    let held = people::roles(site.store.read(), id(&site, "leader2").await).await.unwrap();
    people::end(site.store.read(), held[0].id, "2020-06-30").await.unwrap();
    let (_, _, page) = site.get("/notices", Some(&two)).await;
    assert!(!page.contains("Sáu tháng") && !page.contains("class=\"count\""), "{page}");
}

#[tokio::test]
async fn reports_of_no_cases_wait_for_the_leader_and_other_parts_raise_theirs() {
    use giaouoc_web::notices::{Matter, Now, Whom, Why, done, raise};
    let site = TestSite::new().await;
    let (officer, one) = (
        site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("two")).await,
        leader(&site, "leader", "two").await,
    );
    site.post("/c/six/desk/two/nil", &officer, "kind=dossier").await;
    let open = async || notices::open(site.store.read(), id(&site, "leader").await, 10).await.unwrap();
    assert_eq!(open().await.iter().map(|one| one.kind).collect::<Vec<_>>(), [Kind::Nil]);
    site.post("/c/six/desk/two/nil/confirm", &one, "kind=dossier").await;
    assert!(open().await.is_empty());
    // As another part of the program would.
    let write = site.store.write().await.unwrap();
    let now = Now { at: NOW, today: "2020-07-01".into(), mail: true };
    let matter = Matter {
        kind: Kind::Task,
        cluster: Some(CLUSTER.into()),
        unit: Some("two".into()),
        path: "/c/six/desk/two/#task-3".into(),
        about: Text::new("Gắn biển công trình", "A plate on a building"),
        why: Why::By("2020-07-02".into()),
    };
    let whom = Whom::Holders { roles: &[Role::Leader], cluster: CLUSTER, unit: Some("two") };
    raise(&write, &now, whom, "task 3", &matter).await.unwrap();
    write.commit().await.unwrap();
    let (_, _, desk) = site.get("/c/six/desk/two/", Some(&one)).await;
    assert!(desk.contains("Nhiệm vụ đến hạn: Gắn biển công trình (hạn 02/07/2020)"), "{desk}");
    assert!(!site.get("/c/six/desk/two/", Some(&officer)).await.2.contains("Gắn biển"), "it is the leader's");
    let write = site.store.write().await.unwrap();
    done(&write, "task 3", NOW).await.unwrap();
    write.commit().await.unwrap();
    assert!(!site.get("/c/six/desk/two/", Some(&one)).await.2.contains("Gắn biển"));
}

#[tokio::test]
async fn each_kind_is_switched_by_its_reader_and_letters_follow() {
    use giaouoc_store::letters;
    let site = TestSite::new().await;
    let (secretary, one) = (secretary(&site).await, leader(&site, "leader", "one").await);
    people::set_password(site.store.read(), id(&site, "leader").await, "x".into()).await.unwrap();
    let (_, _, page) = site.get("/notices", Some(&one)).await;
    for kind in Kind::ALL {
        assert!(page.contains(&format!("name=\"mail-{}\"", kind.word())), "{kind:?}");
    }
    let (status, _, body) = site.post("/notices/wishes", &one, "mail-release=never").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    site.post("/notices/wishes", &one, "shown-release=1&mail-release=digest").await;
    site.post("/c/six/releases", &secretary, PLANNED).await;
    assert_eq!(letters::take(site.store.read(), NOW).await.unwrap(), None, "it waits for the daily letter");
    assert_eq!(notices::for_digest(site.store.read(), "2020-07-02").await.unwrap().len(), 1);
    site.post("/notices/wishes", &one, "mail-release=off").await;
    let (_, _, page) = site.get("/notices", Some(&one)).await;
    assert!(!page.contains("Sáu tháng"), "{page}");
    assert!(notices::for_digest(site.store.read(), "2020-12-31").await.unwrap().is_empty());
    // Other kinds stay as they were.
    let wishes = notices::wishes(site.store.read(), id(&site, "leader").await).await.unwrap();
    assert_eq!(wishes[&Kind::Contest], notices::Wish::usual(Kind::Contest));
}

/// A city with a board, oversight, a secretary and a staff member.
async fn city(site: &TestSite) -> [String; 4] {
    [
        site.person("board", Some(Role::Board), None, None).await,
        site.person("oversight", Some(Role::Oversight), None, None).await,
        secretary(site).await,
        site.person("staff", Some(Role::Staff), Some(CLUSTER), Some("one")).await,
    ]
}

#[tokio::test]
async fn the_board_tells_clusters_and_sees_who_has_not_answered() {
    let site = TestSite::new().await;
    let [board, oversight, secretary, staff] = city(&site).await;
    // What is wrong is said, and what was typed stays.
    let fields =
        [("title", "Báo cáo quý"), ("body", "Gửi <b>sớm</b>"), ("due", "2020-06-01"), ("cluster-six", "")];
    let (status, _, body) = site.send("/city/circulars", &board, &fields, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Hạn phản hồi: hãy chọn") && body.contains("Gửi tới: hãy chọn"), "{body}");
    assert!(body.contains("value=\"Báo cáo quý\"") && body.contains("Gửi &#60;b&#62;sớm"), "{body}");
    let fields =
        [("title", "Báo cáo quý"), ("body", "Gửi <b>sớm</b>"), ("due", "2020-07-03"), ("cluster-six", "1")];
    let pdf: (&str, &[u8]) = ("mau.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n");
    let (status, headers, body) = site.send("/city/circulars", &board, &fields, &[pdf]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let at = headers.get(header::LOCATION).unwrap().to_str().unwrap().to_owned();
    // The secretary is told, reads, downloads, and answers; others inside read.
    assert!(site.get("/notices", Some(&secretary)).await.2.contains("Báo cáo quý"));
    let (_, _, page) = site.get(&at, Some(&secretary)).await;
    assert!(page.contains("Xác nhận đã đọc") && page.contains("chưa phản hồi"), "{page}");
    let (status, headers, _) = site.get(&format!("{at}/files/1"), Some(&staff)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers.get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap().starts_with("attachment"));
    for (session, status) in [
        (&staff, StatusCode::NOT_FOUND),
        (&oversight, StatusCode::NOT_FOUND),
        (&board, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(site.post(&format!("{at}/reply"), session, "cluster=six").await.0, status);
    }
    let elsewhere = site.person("elsewhere", Some(Role::Secretary), Some("seven"), None).await;
    assert_eq!(site.get(&at, Some(&elsewhere)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&format!("{at}/files/1"), Some(&elsewhere)).await.0, StatusCode::NOT_FOUND);
    // Late, it stands on the board's page, with whom.
    let late = giaouoc_store::circulars::New {
        title: "Kiểm tra chéo".into(),
        body: "x".into(),
        due: Some("2020-06-29".into()),
        clusters: vec![CLUSTER.into()],
    };
    let late = giaouoc_store::circulars::write(site.store.read(), late, 1, NOW).await.unwrap();
    let (_, _, page) = site.get("/city", Some(&oversight)).await;
    assert!(page.contains("phản hồi thông báo: Kiểm tra chéo") && page.contains("đã qua 2 ngày"), "{page}");
    assert!(!page.contains("phản hồi thông báo: Báo cáo quý"), "it is not due yet");
    let answered = site.post(&format!("/circulars/{late}/reply"), &secretary, "cluster=six").await.0;
    assert_eq!(answered, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&format!("{at}/reply"), &secretary, "cluster=six").await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&format!("{at}/reply"), &secretary, "cluster=six").await.0, StatusCode::CONFLICT);
    assert!(!site.get("/city", Some(&oversight)).await.2.contains("phản hồi thông báo"));
    assert!(!site.get("/notices", Some(&secretary)).await.2.contains("Báo cáo quý"));
    site.post(&format!("{at}/reply"), &secretary, "cluster=six&reply=%3Di").await;
    let (_, headers, csv) = site.get("/city/lists/circulars.csv", Some(&board)).await;
    assert!(csv.contains("đã trả lời,'=i,"), "{csv}");
    assert!(headers.get(header::CONTENT_TYPE).unwrap().to_str().unwrap().starts_with("text/csv"));
}

#[tokio::test]
async fn what_is_late_of_the_years_work_stands_on_the_boards_page_until_it_is_done() {
    use giaouoc_store::agreeing;
    let site = TestSite::new().await;
    let [board, oversight, secretary, _] = city(&site).await;
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    for (name, due) in [("Sửa trụ sở", "2020-06-25"), ("Kê khai", "2020-07-05")] {
        let task = [
            ("v.content", name),
            ("v.sort", "professional"),
            ("v.owner", "Văn phòng"),
            ("v.due_on", due),
            ("then", "assign"),
        ];
        let (status, _, body) = site.send(&format!("{DESK}year/task/new"), &officer, &task, &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    }
    let at = "/c/six/year/task/NV-2020-001/";
    for session in [&board, &oversight] {
        let (_, _, page) = site.get("/city", Some(session)).await;
        let late = between(&page, "data-list=\"qua-han\"", "</table>");
        assert!(late.contains("Nhiệm vụ, mốc kế hoạch: Sửa trụ sở") && late.contains(at), "{late}");
        assert!(late.contains("Đơn vị một") && late.contains("25/06/2020, đã qua 6 ngày"), "{late}");
        assert!(!late.contains("Kê khai"), "it is not late yet: {late}");
    }
    let (_, _, page) = site.get(at, Some(&officer)).await;
    let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
    let fields = [("step", "done"), ("version", version.as_str()), ("v.evidence", "BC 12")];
    let done = format!("{DESK}year/task/NV-2020-001/step");
    let (status, _, body) = site.send(&done, &officer, &fields, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert!(!site.get("/city", Some(&board)).await.2.contains("Sửa trụ sở"));
    // Of a draft whose day is over, those who have said nothing.
    let (status, _, body) = site.post("/c/six/agreement/drafts", &secretary, "base=own").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let draft = agreeing::get(site.store.read(), CLUSTER, 1).await.unwrap().unwrap();
    let sent =
        agreeing::Draft { stage: "circulating".into(), respond_by: Some("2020-06-20".into()), ..draft };
    let write = site.store.write().await.unwrap();
    assert!(agreeing::step(write.on(), &sent).await.unwrap());
    write.commit().await.unwrap();
    let unit = |unit: &str| format!("/c/six/agreement/drafts/1/units/{unit}");
    let said = "place=all&stance=agree&version=1&seen=0";
    let (status, _, body) = site.post(&format!("{}/opinion", unit("one")), &officer, said).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (_, _, page) = site.get("/city", Some(&board)).await;
    let late = between(&page, "data-list=\"qua-han\"", "</table>");
    assert!(late.contains("Góp ý dự thảo: Giao ước") && late.contains(&unit("two")), "{late}");
    assert!(!late.contains(&unit("one")), "{late}");
    // The list is taken along as every list is.
    let (status, headers, csv) = site.get("/city?list=qua-han.csv", Some(&board)).await;
    let media = headers.get(header::CONTENT_TYPE).unwrap().to_str().unwrap();
    assert!(status == StatusCode::OK && media.starts_with("text/csv"), "{media}");
    assert!(csv.contains("Đơn vị hai") && !csv.contains("Sửa trụ sở"), "{csv}");
}

struct Set;

impl Registry for Set {
    fn book(&self, cluster: &str) -> Option<Book> {
        let unit = |code: &str, name: &str, to: Option<&str>, successor| Unit {
            code: code.into(),
            name: Text::same(name),
            to: to.map(str::to_owned),
            successor,
            roles: vec![(Text::new("thành viên", "member"), "2020-01-01".into(), None)],
            ..Unit::default()
        };
        (cluster == CLUSTER).then(|| Book {
            state: Text::new("đang có hiệu lực", "in force"),
            units: vec![
                unit("two", "Đơn vị hai", Some("2020-06-30"), Some(1)),
                unit("one", "Đơn vị một", None, None),
                unit("x", "Ăn mặc", None, None),
            ],
            ..Book::default()
        })
    }
}

#[tokio::test]
async fn lists_are_pages_and_files_in_the_order_of_the_decision_or_sorted() {
    let site = TestSite::new().await;
    site.state.registry.set(Arc::new(Set));
    let [board, _, secretary, staff] = city(&site).await;
    for (name, columns) in [
        ("clusters", 10),
        ("units", 7),
        ("memberships", 5),
        ("people", 4),
        ("questions", 8),
        ("trail", 7),
        ("kinds", 7),
        ("codes", 6),
        ("circulars", 6),
    ] {
        let (status, _, page) = site.get(&format!("/city/lists/{name}"), Some(&board)).await;
        assert_eq!(
            (status, page.matches("scope=\"col\"").count()),
            (StatusCode::OK, if page.contains("Chưa có dòng") { 0 } else { columns }),
            "{name}"
        );
        let (_, _, csv) = site.get(&format!("/city/lists/{name}.csv"), Some(&board)).await;
        assert_eq!(csv.lines().next().unwrap().split(',').count(), columns, "{name}: {csv}");
        let (_, headers, _) = site.get(&format!("/city/lists/{name}.xlsx?sort=1"), Some(&board)).await;
        assert!(
            headers.get(header::CONTENT_TYPE).unwrap().to_str().unwrap().contains("spreadsheet"),
            "{name}"
        );
        assert_eq!(site.get(&format!("/city/lists/{name}"), Some(&secretary)).await.0, StatusCode::FORBIDDEN);
    }
    assert_eq!(site.get("/city/lists/none", Some(&board)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/city/lists/units.exe", Some(&board)).await.0, StatusCode::NOT_FOUND);
    let first = async |path: &str| {
        let (_, _, csv) = site.get(path, Some(&board)).await;
        csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(first("/city/lists/units.csv").await, ["Đơn vị hai", "Đơn vị một", "Ăn mặc"]);
    assert_eq!(first("/city/lists/units.csv?sort=1").await, ["Ăn mặc", "Đơn vị hai", "Đơn vị một"]);
    // A merged unit is found from both ends, for those inside.
    let (_, _, page) = site.get("/c/six/registry", Some(&staff)).await;
    assert!(page.contains("Việc được chuyển cho: Đơn vị một"), "{page}");
    assert!(page.contains("Kế thừa việc của: Đơn vị hai (đến 30/06/2020)"), "{page}");
    let (_, _, page) = site.get("/c/six/now/unit-two", Some(&staff)).await;
    assert!(page.contains("Việc được chuyển cho: Đơn vị một"), "{page}");
    let (_, _, glance) = site.get("/city", Some(&board)).await;
    assert!(glance.contains("đang có hiệu lực") && glance.contains("Viết thông báo"), "{glance}");
}

/// The fields of a handover.
fn handing(person: i64, day: &str, body: &str, version: i64) -> String {
    let items =
        ["agreement", "scans", "regulation", "minutes", "letters", "open", "roles", "tokens", "money"];
    let states: Vec<String> = items.iter().map(|id| format!("state-{id}=given")).collect();
    format!(
        "giver=Ban+A&taker=S%E1%BB%9F+B&person={person}&day={day}&body={body}&version={version}&{}",
        states.join("&")
    )
}

#[tokio::test]
async fn the_headship_goes_over_at_its_day_and_the_record_stands() {
    let site = TestSite::new().await;
    let [board, oversight, secretary, staff] = city(&site).await;
    let next = site.person("next", Some(Role::Officer), Some(CLUSTER), Some("two")).await;
    let (old, new) = (id(&site, "secretary").await, id(&site, "next").await);
    let (status, _, body) = site.post("/c/six/handover", &secretary, "giver=Ban+A&taker=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Bên nhận: ghi tên") && body.contains("value=\"Ban A\""), "{body}");
    assert_eq!(
        site.post("/c/six/handover", &staff, &handing(new, "2021-01-01", "x", 0)).await.0,
        StatusCode::FORBIDDEN
    );
    let (status, headers, body) =
        site.post("/c/six/handover", &secretary, &handing(new, "2021-01-01", "m%E1%BB%99t", 0)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let at = headers.get(header::LOCATION).unwrap().to_str().unwrap().to_owned();
    assert!(site.get("/notices", Some(&next)).await.2.contains("Ban A → Sở B"));
    // Two change it: the second sees the first one's words, and keeps its own in the form.
    assert_eq!(
        site.post(&at, &secretary, &handing(new, "2021-01-01", "hai", 1)).await.0,
        StatusCode::SEE_OTHER
    );
    let (status, _, body) = site.post(&at, &board, &handing(new, "2021-01-01", "ba", 1)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains(">hai<") && body.contains(">ba</textarea>"), "{body}");
    // The head that goes has opened the year after.
    let on = site.store.read();
    let six = clusters::get(on, CLUSTER).await.unwrap().unwrap();
    clusters::put(on, &Cluster { slug: "six-2021".into(), year: 2021, ..six }, NOW).await.unwrap();
    let saving = Saving { text: "x".into(), person: old, ..Saving::default() };
    agreeing::start(on, "six-2021", "own", Some(CLUSTER.into()), saving, NOW).await.unwrap();
    people::give(on, old, Role::Secretary, Some("six-2021"), None, "2020-07-01").await.unwrap();
    // Who receives it does so as it was read, and nobody else does.
    let receive = async |session: &str, version: i64| {
        site.post(&format!("{at}/receive"), session, &format!("version={version}&receipt=%C4%90%E1%BB%A7"))
            .await
            .0
    };
    assert_eq!(receive(&staff, 2).await, StatusCode::NOT_FOUND);
    assert_eq!(receive(&secretary, 2).await, StatusCode::NOT_FOUND);
    assert_eq!(receive(&next, 1).await, StatusCode::CONFLICT);
    assert_eq!(receive(&next, 2).await, StatusCode::SEE_OTHER);
    assert_eq!(receive(&next, 2).await, StatusCode::CONFLICT, "it cannot be received twice");
    let roles = async |person| people::roles(site.store.read(), person).await.unwrap();
    assert_eq!(roles(old).await[0].to.as_deref(), Some("2020-12-31"));
    assert!(roles(old).await.iter().all(|held| held.to.as_deref() == Some("2020-12-31")), "of both years");
    for slug in [CLUSTER, "six-2021"] {
        let of = |held: &people::Held| held.role == Role::Secretary && held.cluster.as_deref() == Some(slug);
        let given = roles(new).await.into_iter().find(of).unwrap();
        assert_eq!((given.from.as_str(), given.to, given.unit), ("2021-01-01", None, None), "{slug}");
    }
    // Until that day the old one leads, and the new one does not.
    assert_eq!(site.get("/c/six/tokens", Some(&secretary)).await.0, StatusCode::OK);
    assert_eq!(site.get("/c/six/tokens", Some(&next)).await.0, StatusCode::FORBIDDEN);
    // Nothing changes it any more; a correction stands beside it.
    assert_eq!(site.post(&at, &secretary, &handing(new, "2021-02-01", "x", 2)).await.0, StatusCode::CONFLICT);
    assert_eq!(
        site.post(&format!("{at}/correct"), &oversight, "body=x&reason=y").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        site.post(&format!("{at}/correct"), &next, "body=x&reason=").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        site.post(&format!("{at}/correct"), &next, "body=Thi%E1%BA%BFu+m%E1%BB%99t&reason=%C4%91%E1%BA%BFm")
            .await
            .0,
        StatusCode::SEE_OTHER
    );
    let (_, _, page) = site.get(&at, Some(&staff)).await;
    assert!(
        page.contains("Đã nhận")
            && page.contains("Thiếu một")
            && page.contains("đếm")
            && page.contains(">hai<"),
        "{page}"
    );
    assert!(site.get("/c/six/handover", Some(&staff)).await.2.contains("đã nhận"));
    let (_, _, trail) = site.get("/c/six/trail", Some(&secretary)).await;
    for said in ["nhận bàn giao cụm trưởng", "đính chính biên bản bàn giao", "thôi vai trò", "giao vai trò"]
    {
        assert!(trail.contains(said), "{said}: {trail}");
    }
    assert!(!site.get("/notices", Some(&next)).await.2.contains("Ban A → Sở B"));
}

/// What was asked last, and by whom.
#[derive(Default)]
struct Heard(Mutex<Vec<(Reader, Asked)>>, bool);

impl Finder for Heard {
    fn find(&self, reader: &Reader, asked: &Asked) -> Option<Hits> {
        self.0.lock().unwrap().push((reader.clone(), asked.clone()));
        let document = Document {
            sort: "clause".into(),
            title: Text::same("Cải cách <hành chính>"),
            text: Text::same("một cửa"),
            address: "/c/six/target-on-time".into(),
            cluster: Some(CLUSTER.into()),
            ..Document::default()
        };
        self.1.then(|| Hits { total: 1, sorts: vec![("clause".into(), 1)], hits: vec![Hit { document }] })
    }
}

#[tokio::test]
async fn the_search_asks_for_what_its_reader_may_see_and_marks_the_words() {
    let site = TestSite::new().await;
    let heard = Arc::new(Heard(Mutex::default(), true));
    site.state.finder.set(Arc::clone(&heard) as Arc<dyn Finder>);
    let officer = site.person("officer", Some(Role::Officer), Some(CLUSTER), Some("one")).await;
    let (status, headers, page) = site.get("/search?q=hanh+chinh", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Cải cách &#60;<mark>hành chính</mark>&#62;"), "{page}");
    assert!(page.contains("Điều khoản của giao ước") && page.contains("1 kết quả"), "{page}");
    assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "private, max-age=60");
    let (_, headers, page) = site.get("/c/six/search?q=hanh&sort=clause", Some(&officer)).await;
    assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
    assert!(page.contains("/c/six/desk/one/find?kind=dossier"), "{page}");
    let asked = heard.0.lock().unwrap().clone();
    assert_eq!(asked[0].0, Reader::default(), "a stranger");
    let own =
        Reader { inside: vec!["six".into()], units: vec![("six".into(), "one".into())], ..Reader::default() };
    assert_eq!(asked[1].0, own);
    assert_eq!((asked[1].1.cluster.as_deref(), asked[1].1.sort.as_deref()), (Some("six"), Some("clause")));
    // Nothing was asked: nothing is looked for, and it is said what one may look for.
    let (_, _, page) = site.get("/search", None).await;
    assert!(page.contains("Ví dụ") && heard.0.lock().unwrap().len() == 2, "{page}");
    // Words are data, also where they go back into the page.
    let (_, _, page) = site.get("/search?q=%22%3E%3Cscript%3E", None).await;
    assert!(!page.contains("<script>") || !page.contains("\"><script>"), "{page}");
    assert_eq!(site.get("/c/none/search?q=x", None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn while_the_index_is_made_the_page_says_so_and_comes_again() {
    let site = TestSite::new().await;
    site.state.finder.set(Arc::new(Heard::default()));
    let (_, _, page) = site.get("/search?q=x", None).await;
    assert!(page.contains("Đang lập mục lục") && page.contains("http-equiv=\"refresh\""), "{page}");
}
