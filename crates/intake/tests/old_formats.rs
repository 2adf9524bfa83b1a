//! Workbooks of Excel 5.0 to 2003, and OpenDocument.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;
#[path = "common/old.rs"]
mod old;

use common::*;
use encoding_rs::{MACINTOSH, WINDOWS_1252, WINDOWS_1258};
use giaouoc_intake::{FileError, Input, Limits};
use old::{Old, OldSheet, biff, biff5, container, ods, xls};
use proptest::prelude::*;

fn refused(bytes: &[u8], name: &str) -> FileError {
    match load("dossier", name, bytes, "") {
        Ok((summary, _)) => panic!("read: {}", sums(&summary)),
        Err(error) => error,
    }
}

fn header() -> Vec<Old<'static>> {
    ["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Thời hạn giải quyết"]
        .map(Old::Text)
        .to_vec()
}

fn register() -> Vec<Vec<Old<'static>>> {
    vec![
        vec![Old::Label("SỔ THEO DÕI HỒ SƠ")],
        vec![],
        header(),
        vec![
            Old::Text("A-1"),
            Old::Text("Sở Nội vụ"),
            Old::Number(43_895.666_666_666_664, 2),
            Old::Number(43_895.0, 1),
            Old::Packed(15, false),
        ],
        vec![
            Old::Label("A-2"),
            Old::Label("H26.21"),
            Old::Text("05/03/2020 16:00"),
            Old::Packed(43_895, false),
            Old::Packed(1500, true),
        ],
        vec![Old::TextFormula("A-3"), Old::Text("H26.01"), Old::Blank, Old::Blank, Old::Formula(7.0, false)],
        vec![Old::Text("A-4"), Old::Text("H26.01"), Old::Blank, Old::Blank, Old::Formula(0.0, true)],
        vec![Old::Text("A-5"), Old::Text("H26.01"), Old::Blank, Old::Error(0x2A), Old::Packed(1550, true)],
        vec![Old::Text("Tổng cộng"), Old::Blank, Old::Blank, Old::Blank, Old::Number(40.0, 0)],
    ]
}

/// The sheets of a file, of which the second is hidden.
fn sheets() -> [OldSheet<'static>; 2] {
    let mut sheet = OldSheet::new("Hồ sơ", register());
    sheet.hidden_rows = vec![4];
    sheet.hidden_columns = Some((3, 3));
    sheet.filter = true;
    let mut lists = OldSheet::new("Danh mục", vec![header(), register()[3].clone()]);
    lists.hidden = true;
    [sheet, lists]
}

#[test]
fn an_old_workbook() {
    // Excel 97, and Excel 5 in Vietnamese Windows.
    for bytes in [xls(&sheets()), container("Book", &biff5(&sheets(), WINDOWS_1258, 0))] {
        let (summary, out) = load("dossier", "a.xls", &bytes, "").unwrap();
        assert_eq!(
            written(&out),
            "code,unit,received_at,time_limit_days,due_at\n\
             A-1,H26.13,2020-03-05T09:00:00Z,15,2020-03-05\n\
             A-2,H26.21,2020-03-05T09:00:00Z,15,2020-03-05\n\
             A-3,H26.01,,7,\n"
        );
        assert_eq!(
            rejected(&out),
            [
                "7 time_limit_days formula-without-value \"=\"",
                "8 time_limit_days not-whole \"15.5\"",
                "8 due_at cell-error \"#N/A\"",
            ]
        );
        assert_eq!((summary.format, summary.header_row, summary.skipped_totals), ("XLS", 3, 1));
        let hidden = &summary.hidden;
        assert_eq!((hidden.rows, hidden.formulas, hidden.uncalculated, hidden.filter), (1, 2, 1, true));
        assert_eq!(hidden.columns, ["Ngày hẹn trả"]);
        assert_eq!(hidden.sheets, ["Danh mục"]);
    }
}

/// Python's xlwt stores the empty text and asks for the sheet to be computed when it is opened.
#[test]
fn formulas_that_a_library_has_not_computed() {
    let row = |code, on_opening| {
        let due = Old::EmptyFormula(on_opening);
        vec![Old::Text(code), Old::Text("H26.01"), Old::Blank, due, Old::Blank]
    };
    let (summary, out) = load(
        "dossier",
        "a.xls",
        &xls(&[OldSheet::new("S", vec![header(), row("A", true), row("B", false)])]),
        "",
    )
    .unwrap();
    assert_eq!(rejected(&out), ["2 due_at formula-without-value \"=\""]);
    assert!(written(&out).ends_with("B,H26.01,,,\n"), "an empty text that was computed is one");
    assert_eq!(summary.hidden.uncalculated, 1);
}

#[test]
fn old_workbooks_that_count_from_1904_and_large_ones() {
    let rows = vec![
        header(),
        vec![Old::Text("A"), Old::Text("H26.01"), Old::Number(42_433.0, 1), Old::Packed(42_433, false)],
    ];
    let bytes = container("Workbook", &biff(&[OldSheet::new("S", rows)], true, 0));
    let (_, out) = load("dossier", "a.xls", &bytes, "").unwrap();
    assert!(written(&out).ends_with("A,H26.01,2020-03-05,,2020-03-05\n"), "{}", written(&out));

    // Enough texts for the table of texts to go on in other records, and for sectors in a long chain.
    let codes: Vec<String> = (0..3000).map(|at| format!("Hồ sơ số {at}")).collect();
    let mut rows = vec![header()];
    rows.extend(codes.iter().map(|code| vec![Old::Text(code), Old::Text("H26.01")]));
    let (summary, out) = load("dossier", "a.xls", &xls(&[OldSheet::new("S", rows)]), "").unwrap();
    assert_eq!(sums(&summary), "3000 = 3000 + 0 + 0");
    assert!(
        written(&out).ends_with("Hồ sơ số 2999,H26.01,,,\n"),
        "{}",
        written(&out).lines().last().unwrap()
    );
    let mut rows = vec![header()];
    rows.extend(codes.iter().map(|code| vec![Old::Label(code), Old::Label("H26.01")]));
    let (summary, _) = load("dossier", "a.xls", &xls(&[OldSheet::new("S", rows)]), "").unwrap();
    assert_eq!(sums(&summary), "3000 = 3000 + 0 + 0");
}

#[test]
fn an_old_workbook_in_an_old_font() {
    let header = ["M· hå s¬", "§¬n vÞ xö lý"].map(Old::Text).to_vec();
    let rows = vec![header, vec![Old::Text("a-1"), Old::Text("së néi vô")]];
    for (format, code) in [(3, "a-1"), (4, "A-1")] {
        let bytes = container("Workbook", &biff(&[OldSheet::new("S", rows.clone())], false, format));
        assert_eq!(refused(&bytes, "a.xls").code(), "old-font");
        let (summary, out) = load("dossier", "a.xls", &bytes, "encoding = \"tcvn3\"").unwrap();
        // The font of capitals makes capitals.
        assert_eq!(written(&out), format!("code,unit\n{code},H26.13\n"));
        assert!(summary.decoded.is_some());
    }
}

/// Letters of an old font are told by their bytes, whatever code page the workbook names.
#[test]
fn a_workbook_of_excel_5_in_an_old_font() {
    let header = ["M· hå s¬", "§¬n vÞ xö lý"].map(Old::Text).to_vec();
    let rows = vec![header, vec![Old::Text("a-1"), Old::Text("së néi vô")]];
    let stream = biff5(&[OldSheet::new("S", rows)], WINDOWS_1252, 3);
    let named = [0x42, 0, 2, 0, 0x01, 0x80];
    let at = stream.windows(6).position(|bytes| bytes == named).unwrap();
    for page in [32_769_u16, 1258, 1252, 10_000, 437] {
        let mut stream = stream.clone();
        stream[at + 4..at + 6].copy_from_slice(&page.to_le_bytes());
        let bytes = container("Book", &stream);
        assert_eq!(refused(&bytes, "a.xls").code(), "old-font", "{page}");
        let (summary, out) = load("dossier", "a.xls", &bytes, "encoding = \"tcvn3\"").unwrap();
        assert_eq!(written(&out), "code,unit\na-1,H26.13\n", "{page}");
        assert!(summary.decoded.is_some());
    }
}

#[test]
fn letters_of_excel_5_are_of_the_code_page() {
    let rows = |unit: &'static str| {
        vec![vec![Old::Text("code"), Old::Text("unit")], vec![Old::Text("Hé-ñ"), Old::Label(unit)]]
    };
    for page in [WINDOWS_1252, MACINTOSH] {
        let bytes = container("Book", &biff5(&[OldSheet::new("Sé", rows("H26.01"))], page, 0));
        let (summary, out) = load("dossier", "a.xls", &bytes, "").unwrap();
        assert_eq!(written(&out), "code,unit\nHé-ñ,H26.01\n");
        assert_eq!(summary.sheet.as_deref(), Some("Sé"));
    }
}

#[test]
fn other_old_office_files_are_refused() {
    let stream = biff(&[OldSheet::new("S", register())], false, 0);
    // What Excel 4 left, in either form.
    let mut early = stream.clone();
    early[5] = 0x04;
    let sheet = b"\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00".to_vec();
    for (bytes, word) in [
        (container("Workbook", &early), "no Excel 5.0–2003"),
        (container("Book", &early), "no Excel 5.0–2003"),
        (container("Other", &stream), "no Excel 5.0–2003"),
        (sheet, "no Excel 5.0–2003"),
        (container("WordDocument", &stream), "Word"),
        (container("EncryptedPackage", &stream), "password"),
    ] {
        let error = refused(&bytes, "a.xls");
        assert_eq!(error.code(), "refused-format");
        assert!(error.text().en.contains(word), "{error}");
    }
    let mut locked = stream.clone();
    locked.splice(20..20, [0x2F, 0, 2, 0, 1, 0]);
    assert!(refused(&container("Workbook", &locked), "a.xls").text().en.contains("password"));
    assert_eq!(refused(&container("Workbook", &stream[..stream.len() - 40]), "a.xls").code(), "damaged");
    assert_eq!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "a.xls").code(), "damaged");
}

/// Rows as an OpenDocument table has them; a cell of `=…` is a formula that was never computed.
fn table(name: &str, attributes: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\" {attributes}>{rows}</table:table>")
}

fn text(cell: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
}

fn texts(cells: &[&str]) -> String {
    cells.iter().map(|cell| text(cell)).collect()
}

#[test]
fn an_open_document() {
    let header =
        texts(&["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Thời hạn giải quyết"]);
    let dates = "<table:table-cell office:value-type=\"date\" office:date-value=\"2020-03-05T16:00:00\"><text:p>x</text:p></table:table-cell>\
                 <table:table-cell office:value-type=\"date\" office:date-value=\"2020-03-05\"/>";
    let days = |value: &str, more: &str| {
        format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{value}\" {more}><text:p>{value}</text:p></table:table-cell>"
        )
    };
    let row =
        |attributes: &str, cells: &str| format!("<table:table-row {attributes}>{cells}</table:table-row>");
    let rows = [
        "<table:table-column/><table:table-column table:number-columns-repeated=\"2\" table:visibility=\"collapse\"/>".to_owned(),
        row("", &text("SỔ THEO DÕI")),
        row("table:number-rows-repeated=\"2\"", "<table:table-cell table:number-columns-repeated=\"1024\"/>"),
        row("", &header),
        row("", &format!("{}{dates}{}", texts(&["A-1", "Sở<text:line-break/>Nội &amp; vụ"]).replace(" &amp; ", "<text:s/>"), days("15", ""))),
        row("table:visibility=\"filter\"", &format!("{}<table:table-cell table:number-columns-repeated=\"2\"/>{}", texts(&["A-2", "H26.01"]), days("1.5E1", "table:formula=\"of:=5*3\""))),
        row("", &format!("{}<table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell table:formula=\"of:=1\"/>", texts(&["A-3", "H26.01"]))),
        row("", &format!("{}<table:table-cell office:value-type=\"string\" calcext:value-type=\"error\" table:formula=\"of:=X\" office:string-value=\"\"><text:p>#NAME?</text:p></table:table-cell>", texts(&["A-4", "H26.01"]))),
        row("table:number-rows-repeated=\"1048560\"", "<table:table-cell table:number-columns-repeated=\"1024\"/>"),
    ]
    .concat();
    let styles =
        "<style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style>";
    let bytes =
        ods(styles, &(table("Ẩn", "table:style-name=\"h\"", &row("", &header)) + &table("Hồ sơ", "", &rows)));
    let (summary, out) = load("dossier", "a.ods", &bytes, "").unwrap();
    assert_eq!(
        written(&out),
        "code,unit,received_at,time_limit_days,due_at\n\
         A-1,H26.13,2020-03-05T09:00:00Z,15,2020-03-05\n\
         A-2,H26.01,,15,\n"
    );
    assert_eq!(
        rejected(&out),
        ["7 time_limit_days formula-without-value \"=\"", "8 received_at cell-error \"#NAME?\""]
    );
    assert_eq!((summary.format, summary.header_row, summary.sheet.as_deref()), ("ODS", 4, Some("Hồ sơ")));
    let hidden = &summary.hidden;
    assert_eq!((hidden.rows, hidden.filter, hidden.formulas, hidden.uncalculated), (1, true, 2, 1));
    assert_eq!(hidden.columns, ["Đơn vị xử lý", "Ngày tiếp nhận"]);
    assert_eq!(hidden.sheets, ["Ẩn"]);
    assert_eq!(load("dossier", "a.ods", &bytes, "sheet = \"An\"").unwrap().0.read, 0);
}

#[test]
fn an_open_document_that_counts_from_1904_and_one_in_an_old_font() {
    let null = "<table:calculation-settings><table:null-date table:date-value=\"1904-01-01\"/></table:calculation-settings>";
    let rows = format!(
        "<table:table-row>{}</table:table-row><table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"42433\"/></table:table-row>",
        texts(&["code", "unit", "received_at"]),
        texts(&["A", "H26.01"])
    );
    let (_, out) =
        load("dossier", "a.ods", &ods("", &format!("{null}{}", table("S", "", &rows))), "").unwrap();
    assert!(written(&out).ends_with("A,H26.01,2020-03-05\n"), "{}", written(&out));

    let styles =
        "<style:style style:name=\"v\"><style:text-properties style:font-name=\".VnTimeH\"/></style:style>";
    let rows = format!(
        "<table:table-row>{}</table:table-row><table:table-row>{}</table:table-row>",
        texts(&["M· hå s¬", "§¬n vÞ xö lý"]),
        texts(&["a-1", "së néi vô"])
            .replace("<table:table-cell ", "<table:table-cell table:style-name=\"v\" ")
    );
    let bytes = ods(styles, &table("S", "", &rows));
    assert_eq!(refused(&bytes, "a.ods").code(), "old-font");
    let (_, out) = load("dossier", "a.ods", &bytes, "encoding = \"tcvn3\"").unwrap();
    assert_eq!(written(&out), "code,unit\nA-1,H26.13\n");
}

#[test]
fn open_documents_that_ask_for_too_much_are_refused() {
    let head = format!("<table:table-row>{}</table:table-row>", texts(&["code", "unit"]));
    let wide =
        text("x").replace("<table:table-cell ", "<table:table-cell table:number-columns-repeated=\"16384\" ");
    let bytes = ods("", &table("S", "", &format!("{head}<table:table-row>{wide}</table:table-row>")));
    assert_eq!(refused(&bytes, "a.ods").code(), "over-limit");
    let spaces = "<text:s text:c=\"2000000\"/>".repeat(20);
    let bytes =
        ods("", &table("S", "", &format!("{head}<table:table-row>{}</table:table-row>", text(&spaces))));
    assert_eq!(refused(&bytes, "a.ods").code(), "over-limit");
    let many = format!(
        "{head}<table:table-row table:number-rows-repeated=\"1048576\">{}</table:table-row>",
        texts(&["A", "H26.01"])
    );
    let kind = kind("dossier");
    let limits = Limits { workbook_cells: 1000, ..Limits::default() };
    let bytes = ods("", &table("S", "", &many));
    let input = Input::Bytes { name: "a.ods", bytes: &bytes };
    let refused = load_with(&input, kind, &mapping(kind, ""), &units(), &limits).unwrap_err();
    assert_eq!(refused.code(), "over-limit");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_old_workbooks_are_read_or_refused(at in 0usize..6000, byte in any::<u8>(), cut in 0usize..9000) {
        let sheets = [OldSheet::new("Hồ sơ", register())];
        let good = if cut % 2 == 0 { biff(&sheets, false, 0) } else { biff5(&sheets, WINDOWS_1258, 3) };
        let mut stream = good.clone();
        let place = at % stream.len();
        stream[place] = byte;
        let _ = load("dossier", "a.xls", &container("Workbook", &stream), "");
        let whole = container("Workbook", &good);
        let mut bytes = whole.clone();
        let place = at % bytes.len();
        bytes[place] = byte;
        let _ = load("dossier", "a.xls", &bytes, "");
        let _ = load("dossier", "a.xls", &whole[..cut.min(whole.len())], "");
    }

    #[test]
    fn damaged_open_documents_are_read_or_refused(at in 0usize..2000, text in "[<>/a-z:\"= ]{0,12}") {
        let rows = format!("<table:table-row>{}</table:table-row><table:table-row>{}</table:table-row>", texts(&["code", "unit"]), texts(&["A", "H26.01"]));
        let good = table("S", "", &rows);
        let mut place = at % good.len();
        while !good.is_char_boundary(place) {
            place -= 1;
        }
        let bad = format!("{}{text}{}", &good[..place], &good[place..]);
        let _ = load("dossier", "a.ods", &ods("", &bad), "");
    }
}
