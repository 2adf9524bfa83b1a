//! Files of every format into checked rows, through the crate's front door.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use common::*;
use giaouoc_intake::{FileError, Input, Limits, Load, Sink, Units, read_records};
use proptest::prelude::*;

const HEADER: &str = "Mã hồ sơ,Đơn vị xử lý,Ngày tiếp nhận\n";

fn error(result: Result<(giaouoc_intake::Summary, giaouoc_intake::Collected), FileError>) -> FileError {
    match result {
        Ok((summary, _)) => panic!("read: {}", sums(&summary)),
        Err(error) => error,
    }
}

#[test]
fn a_plain_csv_is_read_without_a_mapping() {
    let csv = "Mã hồ sơ,Đơn vị xử lý,Ngày tiếp nhận,Ngày hẹn trả,Chủ hồ sơ,Ghi chú\n\
               A-1,H26.01,05/03/2020 08:30,12/03/2020,Nguyễn Văn A,\n\
               A-2,Sở Nội vụ,31/02/2020,,Trần B,gấp\n";
    let (summary, out) = load("dossier", "ho-so.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(sums(&summary), "2 = 1 + 1 + 0");
    assert_eq!(written(&out), "code,unit,received_at,due_at\nA-1,H26.01,2020-03-05T01:30:00Z,2020-03-12\n");
    assert_eq!(rejected(&out), ["3 received_at no-such-day \"31/02/2020\""]);
    assert_eq!(summary.personal, ["Chủ hồ sơ"]);
    assert_eq!(summary.ignored.len(), 1);
    assert!(summary.absent.contains(&"finished_at".to_owned()));
    assert_eq!(summary.text().en, "2 rows read: 1 accepted, 1 rejected, 0 skipped.");
}

#[test]
fn encodings_delimiters_and_unicode_forms_do_not_matter() {
    let plain = "Mã hồ sơ,Đơn vị xử lý,Ngày tiếp nhận\nA-1,Sở Nội vụ,05/03/2020\nA-2,VP UBND TP,2020-03-06\n";
    let expected = "code,unit,received_at\nA-1,H26.13,2020-03-05\nA-2,H26.01,2020-03-06\n";
    let nfd: String = unicode_normalization::UnicodeNormalization::nfd(plain).collect();
    assert_ne!(nfd, plain);
    let utf16 = |text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
    };
    let semicolons = plain.replace(',', ";").replace('\n', "\r\n");
    let variants: [(&str, Vec<u8>); 10] = [
        ("plain", plain.into()),
        ("BOM", [b"\xef\xbb\xbf", plain.as_bytes()].concat()),
        ("NFD", nfd.into()),
        ("semicolons, CRLF", semicolons.clone().into()),
        ("tabs", plain.replace(',', "\t").into()),
        ("bars, lone CR", plain.replace(',', "|").replace('\n', "\r").into()),
        ("sep=", format!("sep=;\r\n{semicolons}").into()),
        ("UTF-16LE with BOM", utf16(&semicolons, b"\xff\xfe", u16::to_le_bytes)),
        ("UTF-16BE with BOM", utf16(plain, b"\xfe\xff", u16::to_be_bytes)),
        ("UTF-16LE without BOM", utf16(plain, b"", u16::to_le_bytes)),
    ];
    for (name, bytes) in variants {
        let (summary, out) = load("dossier", "a.csv", &bytes, "").unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(written(&out), expected, "{name}");
        assert_eq!(sums(&summary), "2 = 2 + 0 + 0", "{name}");
    }
}

#[test]
fn all_rows_of_a_doubled_key_are_rejected() {
    let csv = format!("{HEADER}A,H26.01,\nB,H26.01,\n A ,H26.13,\nC,H26.01,\n,H26.01,\n,H26.01,\n");
    let (summary, out) = load("dossier", "a.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(sums(&summary), "6 = 2 + 4 + 0");
    assert_eq!(
        rejected(&out),
        ["2 code same-key \"A\"", "4 code same-key \" A \"", "6 code required \"\"", "7 code required \"\""]
    );
    assert!(out.rejects[0].cells[0].reason.text.en.contains("rows 2, 4"));
    assert_eq!(summary.reasons.into_iter().collect::<Vec<_>>(), [("required", 2), ("same-key", 2)]);
}

#[test]
fn rows_that_do_not_fit_the_header_are_rejected() {
    let csv = format!("{HEADER}A,H26.01\nB,H26.01,,x\nC,H26.01,,\n\nD,H26.01,\n,,\n");
    let (summary, out) = load("dossier", "a.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(rejected(&out), ["2  too-few-cells \"\"", "3  too-many-cells \"\""]);
    assert_eq!(sums(&summary), "5 = 2 + 2 + 1");
    let (summary, _) = load("dossier", "a.csv", csv.as_bytes(), "short_rows = \"blank\"").unwrap();
    assert_eq!(sums(&summary), "5 = 3 + 1 + 1");
}

#[test]
fn a_mapping_does_what_it_says() {
    let csv = "Số,Phòng,Kênh,Hạn 1,Hạn 2,Xong,Trả lời\n\
               1,General,Internet,,03/04/2020,20200305160000,x\n\
               2,Experts,Fax,04/04/2020,05/04/2020,,\n\
               3,Lạ,Internet,,,,\n\
               Tổng cộng,,,,,,\n\
               ,,ghi chú cuối trang,,,,\n";
    let lines = r#"
        zone = "UTC"
        [columns]
        code = "so"
        unit = { from = "Phòng", values = { "General" = "H26.01", "experts" = "Sở Nội vụ" } }
        channel = { from = "Kênh", values = { "Internet" = "online" }, others = "unknown" }
        first_due_at = { from = ["Hạn 1", "Hạn 2"], format = "mm/dd/yyyy" }
        finished_at = { from = "Xong", format = "yyyyMMddHHmmss", zone = "Europe/Amsterdam" }
        outcome = { constant = "granted" }
        [skip]
        when_blank = ["code", "unit"]
        when = [{ column = "Số", is = "TỔNG CỘNG" }]
    "#;
    let (summary, out) = load("dossier", "a.csv", csv.as_bytes(), lines).unwrap();
    assert_eq!(sums(&summary), "5 = 2 + 1 + 2");
    assert_eq!(summary.skipped_by_rule, 2);
    assert_eq!(
        written(&out),
        "code,unit,channel,first_due_at,finished_at,outcome\n\
         1,H26.01,online,2020-03-04,2020-03-05T15:00:00Z,granted\n\
         2,H26.13,,2020-04-04,,granted\n"
    );
    assert_eq!(rejected(&out), ["4 unit not-in-values \"Lạ\""]);
    let due = summary.loaded.iter().find(|loaded| loaded.column == "first_due_at").unwrap();
    assert_eq!(due.headers, ["Hạn 1", "Hạn 2"]);
    let bad = lines.replace("\"granted\"", "\"grantedd\"");
    assert_eq!(error(load("dossier", "a.csv", csv.as_bytes(), &bad)).code(), "bad-constant");
    let bad = lines.replace("column = \"Số\"", "column = \"Sốo\"");
    assert_eq!(error(load("dossier", "a.csv", csv.as_bytes(), &bad)).code(), "no-such-header");
}

#[test]
fn a_column_that_may_be_month_first_is_refused_with_the_line_to_write() {
    let csv = format!("{HEADER}A,H26.01,03/04/2020\nB,H26.01,12/25/2020\n");
    let refused = error(load("dossier", "a.csv", csv.as_bytes(), ""));
    assert_eq!(refused.code(), "ambiguous-dates");
    let line = "received_at = { from = \"Ngày tiếp nhận\", format = \"mm/dd/yyyy\" }";
    assert!(refused.text().vi.contains(line) && refused.text().en.contains(line), "{refused}");
    assert!(refused.text().en.contains("row 3"), "{refused}");
    // The line, written into a mapping, settles it.
    let (_, out) = load("dossier", "a.csv", csv.as_bytes(), &format!("[columns]\n{line}")).unwrap();
    assert_eq!(written(&out), "code,unit,received_at\nA,H26.01,2020-03-04\nB,H26.01,2020-12-25\n");
    let line = line.replace("mm/dd", "dd/mm");
    let (_, out) = load("dossier", "a.csv", csv.as_bytes(), &format!("[columns]\n{line}")).unwrap();
    assert_eq!(rejected(&out), ["3 received_at no-such-day \"12/25/2020\""]);
}

#[test]
fn ndjson_with_pauses_and_changes() {
    let text = concat!(
        r#"{"code":"A","unit":"H26.01","time_limit_days":15,"finished_at":"2020-03-05T16:00:00+07:00","#,
        r#""pauses":[{"from":"2020-03-01T08:00:00+07:00","to":"2020-03-02T08:00:00+07:00"},{"from":"2020-03-03T08:00:00+07:00"}],"#,
        r#""due_changes":[{"at":"2020-03-01T08:00:00+07:00","new":"2020-03-09T17:00:00+07:00","why":"chờ ý kiến (lần 1)"}]}"#,
        "\n",
        r#"{"unit":"H26.13","code":"B","channel":2,"pauses":"2020-03-01T08:00:00+07:00/2020-03-02T08:00:00+07:00"}"#,
        "\n\n",
        r#"{"unit":"H26.13","code":"C","pauses":[{"from":"2020-03-01"}]}"#,
        "\n",
        r#"{"unit":"H26.13","code":"D""#,
        "\n",
        r#"{"unit":"H26.13"}"#,
        "\n",
    );
    let (summary, out) = load("dossier", "a.ndjson", text.as_bytes(), "").unwrap();
    assert_eq!(sums(&summary), "6 = 2 + 3 + 1");
    assert_eq!(
        written(&out),
        "code,unit,channel,time_limit_days,due_changes,pauses,finished_at\n\
         A,H26.01,,15,2020-03-01T01:00:00Z -> 2020-03-09T10:00:00Z (chờ ý kiến (lần 1\\)),\
         2020-03-01T01:00:00Z/2020-03-02T01:00:00Z; 2020-03-03T01:00:00Z/,2020-03-05T09:00:00Z\n\
         B,H26.13,online,,,2020-03-01T01:00:00Z/2020-03-02T01:00:00Z,\n"
    );
    assert_eq!(
        rejected(&out),
        ["4 pauses needs-time \"2020-03-01/\"", "5  bad-json \"\"", "6 code required \"\""]
    );
    assert_eq!(error(load("dossier", "a.json", b"{\"a\":1}\n", "")).code(), "missing-columns");
    // A key that comes late is a column all the same; one that makes a column ambiguous is refused.
    let late =
        "{\"code\":\"A\",\"unit\":\"H26.01\"}\n{\"code\":\"B\",\"unit\":\"H26.01\",\"status\":\"4\"}\n";
    assert_eq!(
        written(&load("dossier", "a.json", late.as_bytes(), "").unwrap().1),
        "code,unit,status\nA,H26.01,\nB,H26.01,4\n"
    );
    let late = late.replace("status", "MaHoSo");
    assert_eq!(error(load("dossier", "a.json", late.as_bytes(), "")).code(), "ambiguous-header");
}

#[test]
fn ndjson_with_a_mapping() {
    let text = concat!(
        r#"{"ma":"A"}"#,
        "\n",
        r#"{"ma":"B","phong":"Sở Nội vụ","kieu":"thử"}"#,
        "\n",
        r#"{"ma":"C","phong":"H26.01"}"#,
        "\n",
        r#"{"ma":"C","phong":"H26.01"}"#,
        "\n"
    );
    let lines =
        "[columns]\ncode = \"ma\"\nunit = \"phong\"\n[skip]\nwhen = [{ column = \"kieu\", is = \"THỬ\" }]";
    let (summary, out) = load("dossier", "a.jsonl", text.as_bytes(), lines).unwrap();
    assert_eq!(sums(&summary), "4 = 0 + 3 + 1");
    assert_eq!(rejected(&out), ["1 unit required \"\"", "3 code same-key \"C\"", "4 code same-key \"C\""]);
    let lines = lines.replace("phong", "phongg");
    assert_eq!(error(load("dossier", "a.jsonl", text.as_bytes(), &lines)).code(), "no-such-header");
}

#[test]
fn rejects_can_be_corrected_and_loaded_again() {
    let csv = "Mã hồ sơ,Đơn vị xử lý,Ngày tiếp nhận,Lĩnh vực\n\
               A-1,H26.01,05/03/2020,Đất đai\n\
               A-2,H26.01,31/02/2020,\"=1+1, \"\"x\"\"\ny\"\n\
               A-3,H26.99,06/03/2020,-\n";
    let (_, out) = load("dossier", "a.csv", csv.as_bytes(), "").unwrap();
    let rejects = rejects_csv(&out, &["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Lĩnh vực"]);
    assert!(rejects.starts_with(b"\xef\xbb\xbf"));
    let text = String::from_utf8(rejects).unwrap();
    assert!(text.contains("\"'=1+1, \"\"x\"\"\ny\""), "no formula may run: {text}");
    assert!(text.contains("There is no such day") && text.contains("Ngày này không có trong lịch"), "{text}");
    assert!(text.contains("Was \"H26.01\" meant?") || text.contains("No such unit"), "{text}");
    let corrected = text.replace("31/02/2020", "29/02/2020").replace("H26.99", "H26.13");
    let (summary, again) = load("dossier", "rejects.csv", corrected.as_bytes(), "").unwrap();
    assert_eq!(sums(&summary), "2 = 2 + 0 + 0");
    assert_eq!(summary.ignored, []);
    assert_eq!(
        written(&again),
        "code,unit,field,received_at\nA-2,H26.01,\"'=1+1, \"\"x\"\"\ny\",2020-02-29\nA-3,H26.13,'-,2020-03-06\n"
    );
}

#[test]
fn rows_go_out_in_batches_with_progress() {
    #[derive(Default)]
    struct Watch(Vec<usize>, Vec<(u64, u64)>);
    impl Sink for Watch {
        fn batch(&mut self, batch: &arrow::array::RecordBatch) -> Result<(), FileError> {
            self.0.push(batch.num_rows());
            Ok(())
        }
        fn progress(&mut self, done: u64, total: u64) {
            self.1.push((done, total));
        }
    }
    let mut csv = HEADER.to_owned();
    (0..10_000).for_each(|i| csv.push_str(&format!("A-{i},H26.01,05/03/2020\n")));
    let kind = kind("dossier");
    let limits = Limits { batch_rows: 4_000, ..Limits::default() };
    let (mapping, units, zone) = (mapping(kind, ""), Units::any(), zone());
    let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: false };
    let mut watch = Watch::default();
    let input = Input::Bytes { name: "a.csv", bytes: csv.as_bytes() };
    let summary = read_records(&input, &load, &mut watch).unwrap();
    assert_eq!((summary.accepted, watch.0), (10_000, vec![4_000, 4_000, 2_000]));
    let total = 2 * csv.len() as u64;
    assert!(watch.1.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{:?}", watch.1);
    assert!(watch.1.iter().all(|(done, of)| done <= of && *of == total));
    assert_eq!(watch.1.last(), Some(&(total, total)));
}

#[test]
fn personal_columns_come_only_when_asked_for() {
    let csv = "code,unit,Chủ hồ sơ\nA,H26.01,Nguyễn Văn A\n";
    let kind = kind("dossier");
    let (mapping, units, zone, limits) = (mapping(kind, ""), Units::any(), zone(), Limits::default());
    let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: true };
    let mut out = giaouoc_intake::Collected::default();
    let input = Input::Bytes { name: "a.csv", bytes: csv.as_bytes() };
    let summary = read_records(&input, &load, &mut out).unwrap();
    assert_eq!(summary.personal, Vec::<String>::new());
    assert_eq!(written(&out), "code,unit,applicant_name\nA,H26.01,Nguyễn Văn A\n");
}

#[test]
fn a_sink_that_fails_stops_the_reading() {
    struct Full;
    impl Sink for Full {
        fn batch(&mut self, _: &arrow::array::RecordBatch) -> Result<(), FileError> {
            Err(FileError::Output("disk full".to_owned()))
        }
    }
    let kind = kind("dossier");
    let (mapping, units, zone, limits) = (mapping(kind, ""), Units::any(), zone(), Limits::default());
    let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: false };
    let input = Input::Bytes { name: "a.csv", bytes: b"code,unit\nA,B\n" };
    assert_eq!(read_records(&input, &load, &mut Full).unwrap_err().code(), "output-failed");
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("H26.01".to_owned()),
        Just("05/03/2020".to_owned()),
        Just("31/02/2020".to_owned()),
        "[A-C]",
        "[ -~đơữ\n]{0,8}",
    ]
}

proptest! {
    /// `load_with` asserts the sums; here they are asserted of whatever table.
    #[test]
    fn every_row_is_accepted_rejected_or_skipped(rows in proptest::collection::vec(proptest::collection::vec(cell(), 0..5), 0..12)) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(["code", "unit", "received_at"]).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let bytes = writer.into_inner().unwrap();
        if let Ok((summary, out)) = load("dossier", "a.csv", &bytes, "[skip]\nwhen_blank = [\"unit\"]") {
            prop_assert!(summary.read >= summary.accepted);
            // No key is accepted twice.
            let text = written(&out);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let mut keys: Vec<String> = reader.records().map(|r| r.unwrap()[0].to_owned()).collect();
            prop_assert_eq!(keys.len() as u64, summary.accepted);
            keys.sort();
            let count = keys.len();
            keys.dedup();
            prop_assert_eq!(keys.len(), count);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in "|code,unit\n|\\{|\\{\"code\":\"A\",|PK\u{3}\u{4}|PAR1") {
        let bytes = [start.as_bytes(), &bytes].concat();
        if let Err(error) = load("dossier", "a", &bytes, "") {
            prop_assert!(!error.text().vi.is_empty() && !error.text().en.is_empty());
        }
    }
}

#[test]
fn semicolons_as_excel_writes_them_in_vietnam() {
    let body = "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận;Thời hạn giải quyết;Lệ phí\r\n\
                A-1;H26.01;05/03/2020;1.234;12,5\r\n\
                A-2;H26.13;06/03/2020 16:30;10;100\r\n";
    let expected = "code,unit,received_at,time_limit_days\nA-1,H26.01,2020-03-05,1234\nA-2,H26.13,2020-03-06T09:30:00Z,10\n";
    let lines = "numbers = \"vi\"";
    for start in ["", "\u{feff}", "sep=;\r\n", "\u{feff}sep=;\r\n"] {
        let (summary, out) = load("dossier", "a.csv", format!("{start}{body}").as_bytes(), lines).unwrap();
        assert_eq!(written(&out), expected, "{start:?}");
        assert_eq!(summary.delimiter, Some(';'));
    }
    // Nothing proves the notation of the only number with a point.
    let (_, out) = load("dossier", "a.csv", body.as_bytes(), "").unwrap();
    assert_eq!(rejected(&out), ["2 time_limit_days ambiguous-number \"1.234\""]);
}

#[test]
fn numbers_prove_their_notation_column_by_column_or_for_the_file() {
    let file = |first: &str, second: &str, other: &str| {
        format!("code;unit;time_limit_days;fee\nA;H26.01;{first};{other}\nB;H26.01;{second};\n")
    };
    let days = |text: &str, lines: &str| {
        let (summary, out) = load("dossier", "a.csv", text.as_bytes(), lines).unwrap();
        (
            written(&out).lines().skip(1).map(str::to_owned).collect::<Vec<_>>(),
            rejected(&out),
            summary.numbers,
        )
    };
    let (read, rejects, numbers) = days(&file("1.234", "12,0", ""), "");
    assert_eq!(read, ["A,H26.01,1234", "B,H26.01,12"], "{rejects:?}");
    assert_eq!(numbers, [("time_limit_days".to_owned(), true)]);
    let (read, rejects, _) = days(&file("1,234", "12.5", ""), "");
    assert_eq!(
        (read, rejects),
        (vec!["A,H26.01,1234".to_owned()], vec!["3 time_limit_days not-whole \"12.5\"".to_owned()])
    );
    // Both notations in one column: neither is proved.
    let (_, rejects, _) =
        days(&file("1.234", "12.5", "").replace("B;H26.01;12.5", "B;H26.01;12.5\nC;H26.01;12,5"), "");
    assert_eq!(rejects[0], "2 time_limit_days ambiguous-number \"1.234\"");
    // A person knows better.
    let lines = "[columns]\ntime_limit_days = { from = \"time_limit_days\", numbers = \"en\" }";
    let (_, rejects, _) = days(&file("1.234", "1.234.567", ""), lines);
    assert_eq!(
        rejects,
        ["2 time_limit_days not-whole \"1.234\"", "3 time_limit_days not-a-number \"1.234.567\""]
    );
}

/// Of a list of posts whose unit is merged over several rows: no row is left out in silence.
#[test]
fn a_row_with_a_key_is_no_signature() {
    let csv = "Mã hồ sơ,Đơn vị xử lý,Thủ tục,Lĩnh vực\n\
               VT00,Sở Nội vụ,Giám đốc,Công chức\n\
               VT01,,Phó Giám đốc,Công chức\n\
               VT02,,Trưởng phòng,Công chức\n\
               VT05,Sở Nội vụ,Chuyên viên,Công chức\n\
               VT06,,Chuyên viên,Công chức\n\
               Tổng số: 5 vị trí,Sở Nội vụ,,\n\
               Tổng cộng (5),Sở Nội vụ,,\n\
               Tổng cộng,Sở Nội vụ,,\n\
               \"Hà Nội, ngày 5 tháng 3 năm 2020\",,,\n\
               Người lập biểu,,Thủ trưởng đơn vị,\n\
               Nguyễn Văn A,,Trần Thị B,\n";
    let (summary, out) = load("dossier", "a.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(rejected(&out), ["3 unit required \"\"", "4 unit required \"\"", "6 unit required \"\""]);
    assert_eq!((summary.accepted, summary.skipped_totals, summary.skipped_below), (2, 3, 3));
}

/// Numbers of time limits in words, alone or beside the digits.
#[test]
fn time_limits_whose_numbers_are_words() {
    let limits = [
        ("bốn mươi lăm ngày", "45 days"),
        ("Hai mươi mốt ngày làm việc", "21 working days"),
        ("một trăm linh năm ngày", "105 days"),
        ("không quá mười lăm (15) ngày làm việc", "15 working days"),
        ("30 (ba mươi) ngày", "30 days"),
        ("một năm", "12 months"),
    ];
    let rows: String = (1..).zip(&limits).map(|(at, (text, _))| format!("A{at},H26.01,{text}\n")).collect();
    let (_, out) = load("dossier", "a.csv", format!("code,unit,time_limit\n{rows}").as_bytes(), "").unwrap();
    assert_eq!(rejected(&out), [""; 0]);
    let written = written(&out);
    for (text, meaning) in limits {
        assert!(written.contains(meaning), "{text}: {written}");
    }
}
