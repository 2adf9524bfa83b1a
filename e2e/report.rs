//! The report as a file: what is on it, in both languages; the workbook, read back; hostile names.

use std::path::Path;

use calamine::{Data, Reader, Xlsx};

use crate::bad_input::bundle;
use crate::program::{copy_of, giaouoc, giaouoc_in, root, shared};

const EXAMPLE: &str = "examples/ha-noi-cum-vi-2020";

/// The permit log with its data, or nothing.
pub fn permit_log() -> Option<tempfile::TempDir> {
    let data = shared("receipt/cases.csv")?;
    let dir = copy_of(&root().join("e2e/real/permit-log"));
    std::fs::create_dir_all(dir.path().join("records")).unwrap();
    std::fs::copy(&data, dir.path().join("records/cases.csv")).unwrap();
    Some(dir)
}

fn html(locale: &str, bundle: &Path) -> String {
    let run = giaouoc_in(locale, 80, ["score".as_ref(), bundle.as_os_str(), "--format=html".as_ref()]);
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

fn workbook(bundle: &Path) -> Xlsx<std::io::BufReader<std::fs::File>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.xlsx");
    let out = format!("--out={}", path.display());
    let run = giaouoc_in(
        "vi_VN.UTF-8",
        80,
        ["score".as_ref(), bundle.as_os_str(), "--format=xlsx".as_ref(), std::ffi::OsStr::new(&out)],
    );
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    calamine::open_workbook(&path).unwrap()
}

/// The tags of a page without their texts, so that a text cannot pass for one.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|part| part.split('>').next()).collect()
}

#[test]
fn the_page_stands_alone() {
    let page = html("vi_VN.UTF-8", &root().join(EXAMPLE));
    assert!(page.contains("<html lang=\"vi\">"));
    for tag in tags(&page) {
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        assert!(
            !matches!(name, "script" | "link" | "img" | "iframe" | "object" | "embed" | "base" | "form"),
            "{tag}"
        );
        assert!(!tag.contains(" src=") && !tag.contains(" on"), "{tag}");
        for href in tag.split(" href=\"").skip(1) {
            let place = href.split('"').next().unwrap();
            assert!(place.starts_with('#'), "{tag}");
            assert!(page.contains(&format!("id=\"{}\"", &place[1..])), "leads nowhere: {tag}");
        }
    }
    assert!(!page.contains("url(") && !page.contains("@import"));
}

#[test]
fn ids_are_of_one_element_each() {
    let page = html("vi_VN.UTF-8", &root().join(EXAMPLE));
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn one_sentence_sums_it_up_in_both_languages() {
    let bundle = root().join(EXAMPLE);
    let (vi, en) = (html("vi_VN.UTF-8", &bundle), html("en_US.UTF-8", &bundle));
    assert!(
        vi.contains("6 đơn vị, 7 chỉ tiêu: trong 35 kết quả đã đánh giá, 25 đạt và 10 chưa đạt"),
        "{}",
        &vi[..9_000]
    );
    assert!(en.contains("6 units, 7 targets: of 35 results judged, 25 are met and 10 are not"));
    assert!(en.contains("<html lang=\"en\">"));
    for words in
        ["94,96 %", "1.187/1.250", "chưa đạt", "Được tính", "settled and finished_at in period", "miễn"]
    {
        assert!(vi.contains(words), "{words}");
    }
    assert!(en.contains("94.96 %") && en.contains("1,187/1,250") && !en.contains("94,96 %"));
    for page in [&vi, &en] {
        assert!(!page.to_lowercase().contains("bệnh thành tích"));
        assert!(page.contains("548270bcfc6234bf") || page.contains("SHA-256"), "digests");
    }
}

#[test]
fn every_picture_has_its_name_its_sentence_and_its_table() {
    let page = html("vi_VN.UTF-8", &root().join(EXAMPLE));
    let pictures: Vec<&str> = page.split("<svg ").skip(1).collect();
    assert!(pictures.len() >= 15, "{}", pictures.len());
    for picture in pictures {
        let head = picture.split('>').next().unwrap();
        assert!(head.contains("role=\"img\"") && head.contains("aria-labelledby="), "{head}");
        assert!(picture.contains("<title id="), "{head}");
    }
    let figures = page.matches("<figure").count();
    assert_eq!(page.matches("<figcaption>").count(), figures);
    assert!(page.matches("<details").count() >= figures / 2);
}

#[test]
fn the_permit_log_says_its_three_meanings_of_late() {
    let Some(dir) = permit_log() else { return };
    let page = html("en_US.UTF-8", dir.path());
    for words in ["680/924", "Deadline, by instant", "Day by day", "By month", "766/939"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_workbook_has_typed_cells() {
    let mut book = workbook(&root().join(EXAMPLE));
    let sheets = [
        "Bảng điểm",
        "Số liệu",
        "Cách tính đối chiếu",
        "Theo tháng",
        "Theo nhóm",
        "Theo ngày",
        "Thời hạn",
        "Định nghĩa",
        "Tệp dữ liệu",
    ];
    assert_eq!(book.sheet_names(), sheets);
    let scores = book.worksheet_range("Bảng điểm").unwrap();
    let row = scores.rows().find(|row| row[0] == Data::String("H26.VD2".into())).unwrap();
    assert_eq!(row[4], Data::Float(1187.0 / 1250.0), "a share is a number: {row:?}");
    assert_eq!(row[5], Data::String("✗ chưa đạt".into()));
    let figures = book.worksheet_range("Số liệu").unwrap();
    let row = figures
        .rows()
        .find(|row| row[0].to_string().starts_with("2. ") && row[1] == Data::String("H26.VD2".into()))
        .unwrap();
    assert!(
        matches!(&row[3], Data::DateTime(day) if day.to_ymd_hms_milli().0 == 2020),
        "a day is a day: {row:?}"
    );
    assert_eq!((&row[7], &row[8]), (&Data::Float(1187.0), &Data::Float(1250.0)));
    assert_eq!(row[12], Data::String("chưa đạt".into()));
    for sheet in sheets {
        assert!(book.worksheet_formula(sheet).unwrap().rows().flatten().all(String::is_empty), "{sheet}");
    }
}

/// Nobody's clock is in it: who makes the report again gets the same file.
#[test]
fn the_same_report_is_the_same_bytes() {
    let made = |form: &str| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        let bundle = root().join(EXAMPLE);
        let out = format!("--out={}", path.display());
        let form = format!("--format={form}");
        let args: [&std::ffi::OsStr; 4] = ["score".as_ref(), bundle.as_ref(), form.as_ref(), out.as_ref()];
        assert_eq!(giaouoc(args).code, 0);
        std::fs::read(&path).unwrap()
    };
    for form in ["html", "xlsx"] {
        let first = made(form);
        // Workbooks know seconds in steps of two.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == made(form), "{form}");
    }
}

/// A bundle whose names do what they can.
pub fn hostile() -> tempfile::TempDir {
    let dir = bundle();
    let change = |file: &str, from: &str, to: &str| {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
    };
    change(
        "cluster.toml",
        "name = \"Đơn vị mẫu 1\"",
        &format!("name = \"<script>alert(1)</script>\"\nshort = \"={}\"", "W".repeat(400)),
    );
    change("cluster.toml", "name = \"Cụm mẫu\"", &format!("name = \"{}\"", "dài".repeat(3_334)));
    change(
        "agreement.toml",
        "title = \"Giao ước mẫu\"",
        "title = \"\\\"><img src=x onerror=alert(2)>&amp;\"",
    );
    change("agreement.toml", "name = \"Đúng hạn\"", "name = \"</title></svg><script>alert(3)</script>\"");
    let rows: String = (1..=40)
        .map(|at| {
            let channel = if at % 2 == 0 { "online" } else { "post" };
            format!("A-{at},M01,=cmd|' /C calc'!A{},2020-{:02}-02,2020-{:02}-05,2020-{:02}-05,granted,{channel}\n", at % 3, at % 12 + 1, at % 12 + 1, at % 12 + 1)
        })
        .collect();
    let long = "q".repeat(10_000);
    let rows = format!(
        "{rows}B-1,M01,{long},2020-01-02,2020-01-05,2020-01-05,granted,post\nB-2,M01,a\u{202e}b\u{2066}c,2020-01-02,2020-01-05,2020-01-05,granted,post\n"
    );
    let head = "code,unit,procedure,received_at,first_due_at,finished_at,outcome,channel\n";
    std::fs::write(dir.path().join("records/dossier.csv"), format!("{head}{rows}")).unwrap();
    dir
}

#[test]
fn names_stay_words_on_the_page() {
    let dir = hostile();
    let page = html("vi_VN.UTF-8", dir.path());
    for tag in tags(&page) {
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        assert!(name != "script" && name != "img", "{tag}");
    }
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"));
    assert!(
        page.contains("&#34;&#62;&#60;img src=x onerror=alert(2)&#62;")
            || page.contains("&quot;&gt;&lt;img src=x")
    );
    // A name that turns the direction of what follows, and one without an end.
    assert!(page.contains("abc") && !page.contains(['\u{202e}', '\u{2066}']));
    assert!(!page.contains(&"q".repeat(200)));
    assert!(page.len() < 400_000, "{}", page.len());
}

#[test]
fn names_stay_words_in_the_workbook() {
    let dir = hostile();
    let mut book = workbook(dir.path());
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).unwrap().rows().flatten().all(String::is_empty), "{sheet}");
    }
    let groups = book.worksheet_range("Theo nhóm").unwrap();
    let name = Data::String("=cmd|' /C calc'!A1".into());
    assert!(groups.rows().any(|row| row[3] == name), "{:?}", groups.rows().collect::<Vec<_>>());
}

#[test]
fn hundreds_of_units_fold_and_stay_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("many");
    let run = giaouoc([
        "example".as_ref(),
        out.as_os_str(),
        "--dossiers=20000".as_ref(),
        "--units=700".as_ref(),
        "--seed=1".as_ref(),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let page = html("vi_VN.UTF-8", &out);
    assert!(page.len() < 6_000_000, "{}", page.len());
    assert_eq!(page.matches("<ul class=\"lines\">").count(), 0, "no pictures of single units");
    assert!(page.contains("<details class=\"unit\">"));
}

#[test]
fn what_cannot_be_done_is_said() {
    let bundle = root().join(EXAMPLE);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("there.html");
    std::fs::write(&path, "mine").unwrap();
    let out = format!("--out={}", path.display());
    let run =
        giaouoc(["score".as_ref(), bundle.as_os_str(), "--format=html".as_ref(), std::ffi::OsStr::new(&out)]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("exists already"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let run =
        giaouoc(["score".as_ref(), bundle.as_os_str(), "--format=xlsx".as_ref(), "--unit=H26.VD2".as_ref()]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a report is always of all units"), "{}", run.err);
}

/// What a reader reads of a part of the page, a line a cell or a paragraph.
fn text_of(page: &str, id: &str) -> String {
    let from = page.find(&format!("id=\"{id}\"")).unwrap();
    let rest = &page[from..];
    let rest = &rest[rest.find('>').unwrap() + 1..];
    let end = rest.find("<section").unwrap_or(rest.len()).min(rest.find("</section>").unwrap());
    let mut text = String::new();
    let mut drawing = false;
    for part in rest[..end].split('<') {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        drawing = (drawing || tag.starts_with("svg")) && tag != "/svg";
        let new = ["p", "li", "tr", "dt", "h2", "h3", "h4", "figcaption", "summary", "caption", "blockquote"];
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        if new.contains(&name) {
            text.push('\n');
        } else if ["td", "th", "dd"].contains(&name) {
            text.push_str(" | ");
        }
        if !drawing && !words.trim().is_empty() && !words.contains("SHA-256") {
            text.push_str(words.trim());
            text.push(' ');
        }
    }
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn what_the_first_page_and_a_target_say() {
    let bundle = root().join(EXAMPLE);
    let (vi, en) = (html("vi_VN.UTF-8", &bundle), html("en_US.UTF-8", &bundle));
    insta::assert_snapshot!("report-board-vi", text_of(&vi, "board"));
    insta::assert_snapshot!("report-target-vi", text_of(&vi, "t2"));
    insta::assert_snapshot!("report-board-en", text_of(&en, "board"));
    insta::assert_snapshot!("report-target-en", text_of(&en, "t2"));
}

/// While the agreement is not in force whoever has the figures in any form reads that they are by a draft.
#[test]
fn by_a_draft_every_form_says_so() {
    let dir = copy_of(&root().join(EXAMPLE));
    let file = dir.path().join("agreement.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let said = ["Theo dự thảo: giao ước chưa có hiệu lực", "By the draft: the agreement is not in force yet"];
    for (draft, times) in [(false, 0), (true, 1)] {
        if draft {
            let text = text.replacen("status        = \"closed\"", "status        = \"draft\"", 1);
            std::fs::write(&file, text).unwrap();
        }
        for (locale, said) in ["vi_VN.UTF-8", "en_GB.UTF-8"].into_iter().zip(said) {
            for format in ["table", "md", "html"] {
                let format = format!("--format={format}");
                let run =
                    giaouoc_in(locale, 200, ["score".as_ref(), dir.path().as_os_str(), format.as_ref()]);
                assert_eq!(run.out.matches(said).count(), times, "{locale} {format}: {}", run.err);
            }
            // A file for machines has no place for it: it is said beside it.
            let run =
                giaouoc_in(locale, 200, ["score".as_ref(), dir.path().as_os_str(), "--format=csv".as_ref()]);
            assert_eq!(run.err.matches(said).count(), times, "{locale}: {}", run.err);
        }
        let board = crate::program::board(dir.path());
        assert_eq!(board.0["by_draft"].is_object(), draft);
        let mut book = workbook(dir.path());
        let sheet = book.worksheet_range("Theo dự thảo").ok();
        let cell = sheet.and_then(|sheet| sheet.get((1, 0)).map(ToString::to_string));
        assert_eq!(cell.map(|cell| cell.starts_with(said[0])), draft.then_some(true));
        assert_eq!(book.sheet_names()[usize::from(draft)], "Bảng điểm");
    }
}
