//! Text from before Unicode: shown, confirmed, decoded.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use common::*;
use giaouoc_intake::FileError;
use rust_xlsxwriter::{Format, Workbook};

/// Bytes that Western fonts show as this text.
fn western(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

const TCVN3: &str =
    "M· hå s¬;§¬n vÞ xö lý;Ngµy tiÕp nhËn\r\nA-1;Së Néi vô;05/03/2020\r\nA-2;Së T\u{ad} ph¸p;06/03/2020\r\n";
const VNI: &str = "Maõ hoà sô;Ñôn vò xöû lyù;Ngaøy tieáp nhaän\r\nA-1;Sôû Noäi vuï;05/03/2020\r\nA-2;Sôû Tö phaùp;06/03/2020\r\n";
const LOADED: &str = "code,unit,received_at\nA-1,H26.13,2020-03-05\nA-2,H26.21,2020-03-06\n";

/// The table in windows-1258, where letters and tones are apart.
fn windows_1258() -> Vec<u8> {
    let text = "M\u{e3} h\u{f4}\u{300} s\u{1a1};\u{110}\u{1a1}n vi\u{323} x\u{1b0}\u{309} ly\u{301};Nga\u{300}y ti\u{ea}\u{301}p nh\u{e2}\u{323}n\r\n\
                A-1;S\u{1a1}\u{309} N\u{f4}\u{323}i vu\u{323};05/03/2020\r\nA-2;S\u{1a1}\u{309} T\u{1b0} pha\u{301}p;06/03/2020\r\n";
    // `ã` is a letter and a tone here.
    let text = text.replace('\u{e3}', "a\u{303}");
    let (bytes, _, lost) = encoding_rs::WINDOWS_1258.encode(&text);
    assert!(!lost);
    bytes.into_owned()
}

fn refused(bytes: &[u8], name: &str, lines: &str) -> FileError {
    match load("dossier", name, bytes, lines) {
        Ok((summary, out)) => panic!("read: {} {}", sums(&summary), written(&out)),
        Err(error) => error,
    }
}

#[test]
fn a_text_file_is_refused_with_previews_and_read_when_confirmed() {
    let files = [("tcvn3", western(TCVN3)), ("vni", western(VNI)), ("windows-1258", windows_1258())];
    for (encoding, bytes) in files {
        let error = refused(&bytes, "a.csv", "");
        assert_eq!(error.code(), "refused-encoding");
        let FileError::Encoding { previews, .. } = &error else { panic!("{error}") };
        assert_eq!(previews[0].encoding, encoding);
        assert_eq!(previews[0].cells, ["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Sở Nội vụ"]);
        assert!(error.text().vi.contains(&format!("--encoding {encoding}")), "{error}");
        let (summary, out) = load("dossier", "a.csv", &bytes, &format!("encoding = \"{encoding}\"")).unwrap();
        assert_eq!(written(&out), LOADED, "{encoding}");
        assert_eq!(sums(&summary), "2 = 2 + 0 + 0");
        assert_eq!(summary.delimiter, Some(';'));
    }
    let (summary, _) = load("dossier", "a.csv", &western(TCVN3), "encoding = \"ABC\"").unwrap();
    assert_eq!(summary.encoding, Some("TCVN3"));
    let remarks = summary.remarks();
    assert!(remarks.iter().any(|remark| remark.en.contains("capitals")), "{remarks:?}");
}

#[test]
fn what_is_evidently_unicode_is_not_decoded_again() {
    let plain = "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận\nA-1;Sở Nội vụ;05/03/2020\nA-2;Sở Tư pháp;06/03/2020\n";
    for encoding in ["tcvn3", "vni", "windows-1258", "windows-1252"] {
        let (_, out) =
            load("dossier", "a.csv", plain.as_bytes(), &format!("encoding = \"{encoding}\"")).unwrap();
        assert_eq!(written(&out), LOADED, "{encoding}");
    }
}

#[test]
fn a_wrong_choice_is_said() {
    let bytes = western("code;unit;Ghi chú\nA-1;H26.01;\u{f0}\n");
    let error = refused(&bytes, "a.csv", "encoding = \"tcvn3\"");
    assert!(error.text().en.contains("not of the encoding TCVN3"), "{error}");
    assert!(giaouoc_intake::Mapping::default().with_encoding("big5").unwrap_err().en.contains("tcvn3"));
}

#[test]
fn json_lines_in_an_old_encoding() {
    let lines = "{\"M· hå s¬\": \"A-1\", \"§¬n vÞ xö lý\": \"Së Néi vô\"}\n";
    assert_eq!(refused(&western(lines), "a.ndjson", "").code(), "refused-encoding");
    let (_, out) = load("dossier", "a.ndjson", &western(lines), "encoding = \"tcvn3\"").unwrap();
    assert_eq!(written(&out), "code,unit\nA-1,H26.13\n");
    // The same inside UTF-8.
    let (_, out) = load("dossier", "a.ndjson", lines.as_bytes(), "encoding = \"tcvn3\"").unwrap();
    assert_eq!(written(&out), "code,unit\nA-1,H26.13\n");
}

/// A workbook whose cells show bytes of an old encoding as Western letters.
fn workbook(text: &str, fonts: impl Fn(u32, u16) -> Option<&'static str>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in text.lines().enumerate() {
        for (column, cell) in line.split(';').enumerate() {
            let (row, column) = (row as u32, column as u16);
            match fonts(row, column) {
                Some(font) => {
                    let format = Format::new().set_font_name(font);
                    sheet.write_string_with_format(row, column, cell, &format).unwrap();
                }
                None => {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn cells_of_a_workbook_typed_in_an_old_font() {
    for (encoding, text, font) in [("tcvn3", TCVN3, ".VnTime"), ("vni", VNI, "VNI-Times")] {
        for bytes in [workbook(text, |_, _| Some(font)), workbook(text, |_, _| None)] {
            let error = refused(&bytes, "a.xlsx", "");
            assert_eq!(error.code(), "old-font");
            assert!(
                error.text().vi.contains("\"Mã hồ sơ\"") && error.text().vi.contains(encoding),
                "{error}"
            );
            let (summary, out) =
                load("dossier", "a.xlsx", &bytes, &format!("encoding = \"{encoding}\"")).unwrap();
            assert_eq!(written(&out), LOADED);
            assert!(summary.decoded.is_some_and(|(_, cells)| cells >= 2), "{:?}", summary.decoded);
        }
    }
    // Said to be right as it stands, it is taken so.
    let bytes = workbook("code;unit;M· hå s¬\nA;H26.01;§¬n vÞ xö lý\n", |_, _| None);
    assert_eq!(refused(&bytes, "a.xlsx", "").code(), "old-font");
    assert!(load("dossier", "a.xlsx", &bytes, "encoding = \"utf-8\"").is_ok());
}

/// `Bình` would be `Bỡnh` if it were decoded once more.
#[test]
fn rejects_of_an_old_encoding_come_back_with_the_same_mapping() {
    let text = TCVN3.replace("05/03/2020", "35/03/2020").replace("A-1", "B×nh");
    let lines = "encoding = \"tcvn3\"";
    let (_, out) = load("dossier", "a.csv", &western(&text), lines).unwrap();
    let rejects = rejects_csv(&out, &["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận"]);
    let corrected = String::from_utf8(rejects).unwrap().replace("35/03", "25/03");
    let expected = "code,unit,received_at\nBình,H26.13,2020-03-25\n";
    let (summary, again) = load("dossier", "r.csv", corrected.as_bytes(), lines).unwrap();
    assert_eq!(written(&again), expected);
    assert!(summary.remarks().iter().any(|remark| remark.en.contains("Unicode already")));
    let rows: Vec<String> =
        corrected.trim_start_matches('\u{feff}').lines().map(|line| line.replace(',', ";")).collect();
    let (_, again) = load("dossier", "r.xlsx", &workbook(&rows.join("\n"), |_, _| None), lines).unwrap();
    assert_eq!(written(&again), expected);
}

#[test]
fn fonts_decide_cell_by_cell_when_the_workbook_names_them() {
    // The header in Unicode, one unit in the font of capitals, one in Unicode with Western letters only.
    let text = "Mã hồ sơ;Đơn vị xử lý;Mã TTHC\nA-1;së néi vô;x\nA-2;H26.01;Hà\n";
    let bytes = workbook(text, |row, column| match (row, column) {
        (1, 1) => Some(".VnTimeH"),
        _ => Some("Times New Roman"),
    });
    let lines = "encoding = \"tcvn3\"\n[columns]\nprocedure = \"Mã TTHC\"";
    let (summary, out) = load("dossier", "a.xlsx", &bytes, lines).unwrap();
    assert!(written(&out).contains("A-1,H26.13,"), "{}", written(&out));
    assert!(written(&out).contains(",Hà\n"), "a Unicode font shows what is there: {}", written(&out));
    assert_eq!(summary.decoded, Some(("TCVN3", 1)));
}
