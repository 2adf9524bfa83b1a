//! Every list of every page as a file: what is downloaded is what the page shows, to the same people, in the order that is asked for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "tests; each uses a part of the support"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{StatusCode, header};
use giaouoc_agreement::text::Text;
use giaouoc_store::people::Role;
use giaouoc_store::questions::{self, Found};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_web::access::Access;
use giaouoc_web::asked::{Asked, Case};
use giaouoc_web::routes;
use support::{CLUSTER, NOW, TestSite, digest};

/// Pages that are walked: those of the table whose parts stand here, and some with a question in their address.
fn pages() -> Vec<String> {
    let values = [
        ("{cluster}", CLUSTER),
        ("{unit}", "one"),
        ("{number}", "1"),
        ("{upload}", "1"),
        ("{kind}", "dossier"),
        ("{circular}", "1"),
        ("{handover}", "1"),
        ("{sort}", "initiative"),
        ("{code}", "SK-2020-001"),
        ("{event}", "thu-do"),
        ("{month}", "2020-07"),
        ("{key}", "K1"),
    ];
    let mut all: Vec<String> = routes()
        .into_iter()
        .filter(|route| route.method == "GET" && !matches!(route.access, Access::Token(_)))
        .map(|route| {
            values.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value))
        })
        .filter(|path| !path.contains('{') && !path.starts_with("/city/lists/"))
        .collect();
    all.push("/c/six/search?q=hồ".replace('ồ', "%E1%BB%93"));
    all.push("/c/six/year/dialogue/".to_owned());
    all.push("/c/six/year/dialogue/DT-2020-001/".to_owned());
    all.push("/c/six/desk/two/".to_owned());
    all
}

async fn ask(site: &TestSite, signal: &str, name: &str) {
    let asked = Asked {
        kind: "dossier".into(),
        name: Text::new(name, name),
        question: Text::same("=Vì sao?"),
        count: 1,
        of: 9,
        cases: vec![Case { key: "K-1".into(), ..Case::default() }],
        ..Asked::default()
    };
    let text = serde_json::to_string(&asked).unwrap();
    let found = Found { unit: "one".into(), signal: signal.into(), digest: digest(&text), asked: text };
    let write = site.store.write().await.unwrap();
    questions::keep(write.on(), CLUSTER, &[found], |_, _| false, NOW).await.unwrap();
    write.commit().await.unwrap();
}

/// A site in which there is something of nearly everything.
async fn full(site: &TestSite) -> BTreeMap<&'static str, Option<String>> {
    let person = async |name: &str, role, unit: Option<&str>| {
        let cluster = (![Role::Admin, Role::Board].contains(&role)).then_some(CLUSTER);
        Some(site.person(name, Some(role), cluster, unit).await)
    };
    let people = BTreeMap::from([
        ("nobody", None),
        ("admin", person("Ông Ẩn", Role::Admin, None).await),
        ("board", person("Bà Ổn", Role::Board, None).await),
        ("secretary", person("Đỗ Thư", Role::Secretary, None).await),
        ("officer", person("An", Role::Officer, Some("one")).await),
        ("leader", person("Dũng", Role::Leader, Some("one")).await),
        ("other", person("Ân", Role::Officer, Some("two")).await),
    ]);
    let of = |name: &str| people[name].clone().unwrap();
    let (officer, leader, secretary, other) = (of("officer"), of("leader"), of("secretary"), of("other"));
    let taken = async |path: &str, who: &str, fields: &str| {
        let (status, _, body) = site.post(path, who, fields).await;
        assert!(status == StatusCode::SEE_OTHER || status == StatusCode::OK, "{path}: {status} {body}");
    };
    for (name, keys) in [("dieu+chinh", "=1%2B1"), ("Đất", "B")] {
        let fields = format!("kind=dossier&supplier=two&keys={keys}&reason={name}&behalf=x");
        taken("/c/six/desk/one/contest", &officer, &fields).await;
    }
    taken("/c/six/desk/two/nil", &other, "kind=dossier").await;
    for name in ["%3DM%E1%BB%99t+c%E1%BB%ADa", "%C4%90%E1%BA%A5t+%C4%91ai", "An+sinh"] {
        let fields = format!("name={name}&until=2020-12-31&figures-read=1");
        taken("/c/six/desk/one/tokens", &leader, &fields).await;
    }
    for day in ["02", "03"] {
        let fields =
            format!("name_vi=K%E1%BB%B3+{day}&confirm_by=2020-07-{day}T00:00&publish_at=2020-07-{day}T08:00");
        taken("/c/six/releases", &secretary, &fields).await;
    }
    taken("/c/six/agreement/drafts", &secretary, "base=own").await;
    taken("/c/six/calendar", &secretary, "day=2020-07-20&name_vi=H%E1%BB%8Dp&name_en=&sort=meeting&source=")
        .await;
    ask(site, "due-moved", "Hạn dời").await;
    for (name, bytes) in [("á.csv", "a,b\n1,2\n"), ("Ă.csv", "a,b\n1,3\n")] {
        let fields = [("supplier", "unit"), ("kind", "dossier")];
        let file = [("file", name, bytes.as_bytes())];
        let (status, _, body) = site.send_as("/c/six/desk/one/uploads", &officer, &fields, &file).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    }
    let dialogue = [
        ("v.topic", "=Hộ tịch <b>"),
        ("v.about_procedures", "true"),
        ("v.planned_on", "2020-07-15"),
        ("v.place", "Hội trường"),
        ("v.form", "in-person"),
        ("v.chair_rank", "head"),
        ("v.notice_channel", "portal"),
        ("then", "announce"),
    ];
    let at = "/c/six/desk/one/year/dialogue/new";
    let (status, _, body) = site.send(at, &officer, &dialogue, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let questions = "/c/six/desk/one/year/dialogue/DT-2020-001/questions";
    taken(questions, &officer, "what=there&text=Khi+n%C3%A0o+xong%3F").await;
    people
}

/// The lists that a page marks: name, and the piece of the page from its mark to the way to its files.
fn lists(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find(" data-list=\"") {
        rest = &rest[at + 12..];
        let name = rest.split('"').next().unwrap().to_owned();
        // What belongs to it ends where its files are offered.
        let end = rest.find(&format!("list={name}.csv")).unwrap_or(0);
        found.push((name, rest[..end].to_owned()));
    }
    found
}

fn rows(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn plain(page: &str) -> String {
    let page = page.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    page.replace("&#38;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_list_of_every_page_is_a_file_for_who_reads_the_page() {
    let site = TestSite::new().await;
    let people = full(&site).await;
    let (mut seen, mut files) = (BTreeSet::new(), 0);
    for path in pages() {
        for (name, session) in &people {
            let session = session.as_deref();
            let (status, headers, page) = site.get(&path, session).await;
            let html =
                headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.to_str().unwrap().contains("html"));
            let lists = if status == StatusCode::OK && html { lists(&page) } else { Vec::new() };
            let ask = |what: &str| format!("{path}{}{what}", if path.contains('?') { "&" } else { "?" });
            if lists.is_empty() {
                continue;
            }
            for (list, piece) in lists {
                let (status, headers, csv) = site.get(&ask(&format!("list={list}.csv")), session).await;
                assert_eq!(status, StatusCode::OK, "{name}: {path} {list}");
                assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
                let (head, rows) = {
                    let mut all = rows(&csv);
                    (all.remove(0), all)
                };
                if rows.is_empty() {
                    continue;
                }
                assert!(
                    !head.is_empty() && head.iter().all(|name| !name.is_empty()),
                    "{path} {list}: {head:?}"
                );
                let of_table =
                    piece.split("<tbody").skip(1).map(|body| body.matches("<tr>").count()).sum::<usize>();
                let marked = piece.matches(" data-row").count();
                let shown = if marked > 0 { marked } else { of_table };
                assert_eq!(rows.len(), shown, "{name}: {path} {list}: as many rows as the page has\n{csv}");
                let all = plain(&page);
                for cell in rows.iter().flatten() {
                    // No cell is a formula, and every word of it stands in the page.
                    assert!(!cell.starts_with(['=', '+', '@']), "{path} {list}: {cell}");
                    let cell = cell.strip_prefix('\'').unwrap_or(cell);
                    for line in cell.lines() {
                        let there = line.split(' ').all(|word| all.contains(word));
                        assert!(there, "{name}: {path} {list}: “{line}” is not on the page");
                    }
                }
                let (status, _, xlsx) = site.get(&ask(&format!("list={list}.xlsx")), session).await;
                assert!(status == StatusCode::OK && xlsx.starts_with("PK"), "{path} {list}");
                // By each column, from both ends: the same rows, in the file as on the page.
                for column in 1..=head.len() {
                    let order = |sign: &str| ask(&format!("list={list}.csv&sort={list}.{sign}{column}"));
                    let (_, _, up) = site.get(&order(""), session).await;
                    let (_, _, down) = site.get(&order("-"), session).await;
                    for sorted in [up, down] {
                        let (mut one, mut other) = (self::rows(&sorted), self::rows(&csv));
                        one.sort();
                        other.sort();
                        assert_eq!(one, other, "{path} {list} {column}");
                    }
                }
                let (status, _, page) = site.get(&ask(&format!("sort={list}.1")), session).await;
                assert!(
                    status == StatusCode::OK && page.contains(&format!("list={list}.csv&amp;sort={list}.1")),
                    "{path} {list}"
                );
                seen.insert(list);
                files += 1;
            }
            // Behind the same gate as the page, and no list that is not there.
            let (status, ..) = site.get(&ask("list=khong-co.csv"), session).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    for list in [
        "tep-da-gui",
        "ban-ghi-va-khong-phat-sinh",
        "ban-ghi-chua-dong-y",
        "cau-hoi-ve-so-lieu",
        "cau-hoi-cho-tra-loi",
        "nhat-ky",
        "nguoi-dung",
        "ma-truy-cap",
        "cac-don-vi",
        "ky-cong-bo",
        "lich",
        "danh-sach",
        "du-thao",
        "cau-hoi",
        "cac-buoc",
        "tu-ngu",
        "vai-tro",
        "phien-dang-nhap",
    ] {
        assert!(seen.contains(list), "no page had {list}: {seen:?}");
    }
    assert!(files > 60, "{files}");
}

#[tokio::test]
async fn a_list_is_sorted_as_vietnamese_is_and_says_no_more_than_its_page() {
    let site = TestSite::new().await;
    let people = full(&site).await;
    let leader = people["leader"].as_deref();
    let tokens = "/c/six/desk/one/tokens";
    let (_, _, csv) = site.get(&format!("{tokens}?list=ma-truy-cap.csv&sort=ma-truy-cap.1"), leader).await;
    let first: Vec<String> = rows(&csv).into_iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(first, ["'=Một cửa", "An sinh", "Đất đai"], "a formula is none, and Đ stands after A");
    // The secret of a token is on its page once; in no list ever.
    assert!(!csv.contains("giaouoc_"), "{csv}");
    // Who may not see the page has no list of it.
    for (name, expected) in [("nobody", StatusCode::SEE_OTHER), ("other", StatusCode::FORBIDDEN)] {
        let (status, ..) = site.get(&format!("{tokens}?list=ma-truy-cap.csv"), people[name].as_deref()).await;
        assert_eq!(status, expected, "{name}");
    }
    // Addresses of people are the administrator's.
    let (_, _, all) = site.get("/people?list=nguoi-dung.csv", people["admin"].as_deref()).await;
    assert!(all.contains("@x.vn") && all.contains("Đỗ Thư"), "{all}");
    let (status, ..) = site.get("/people?list=nguoi-dung.csv", people["board"].as_deref()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // A question that the unit has put aside, and that waits, is the unit's.
    let at = "/c/six/year/dialogue/DT-2020-001/?list=cau-hoi-moi.csv";
    assert_eq!(site.get(at, None).await.0, StatusCode::NOT_FOUND);
}

/// A page that shows rows in parts gives all of them where they are sorted or saved.
#[tokio::test]
async fn a_file_has_all_rows_of_a_page_that_shows_them_in_parts() {
    let site = TestSite::new().await;
    let people = full(&site).await;
    let write = site.store.write().await.unwrap();
    for number in 0..250 {
        let line = Line::new(NOW + number, Act::Publish, format!("dòng {number}")).of(CLUSTER, None);
        trail::write(write.on(), line).await.unwrap();
    }
    write.commit().await.unwrap();
    let secretary = people["secretary"].as_deref();
    let (_, _, page) = site.get("/c/six/trail", secretary).await;
    assert!(page.matches("<tr>").count() <= 102 && page.contains("?before="), "{page}");
    let (_, _, csv) = site.get("/c/six/trail?list=nhat-ky.csv", secretary).await;
    assert!(rows(&csv).len() > 250);
    let (_, _, sorted) = site.get("/c/six/trail?sort=nhat-ky.5", secretary).await;
    assert!(sorted.matches("<tr>").count() > 250 && !sorted.contains("?before="));
}

/// A new page with rows offers its list, or says here why it has none.
#[test]
fn no_template_shows_rows_without_offering_them() {
    // Parts of a list that is offered where they stand, forms with a row for each field, texts of a document, the report's own tables, lines that explain a computation, and lists
    // that already are files of their own address.
    let without = [
        "agreement_print.html",
        "api.html",
        "clock.html",
        "draft_compare.html",
        "draft_form.html",
        "draft_library.html",
        "draft_score.html",
        "figure.html",
        "join.html",
        "list.html",
        "press.html",
        "question.html",
        "record_form.html",
        "review_document.html",
        "upload_columns.html",
        "upload_later.html",
        "work.html",
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
    let mut looked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".html") || without.contains(&name.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let rows = text.contains("<table") || text.contains("class=\"entries");
        assert!(!rows || text.contains("data-list="), "{name} shows rows and offers no list");
        looked += 1;
    }
    assert!(looked > 30);
}
