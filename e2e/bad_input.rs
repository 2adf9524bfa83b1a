//! A clear error and nothing lost: what hostile or damaged files lead to.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::program::{Run, giaouoc};

const CLUSTER: &str = r#"format = 1
[city]
code = "H26"
name = "Thành phố mẫu"
[cluster]
id = "cum-mau"
name = "Cụm mẫu"
[[unit]]
code = "M01"
name = "Đơn vị mẫu 1"
[[membership]]
unit = "M01"
role = "member"
from = 2020-01-01
"#;

const AGREEMENT: &str = r#"format = 1
id = "mau-2020"
year = 2020
title = "Giao ước mẫu"
period = "2020"
status = "in force"
[[clause]]
number = "1"
text = "Đúng hạn"
[[target]]
id = "on-time"
clause = "1"
name = "Đúng hạn"
records = "dossier"
counted = "finished_at in period"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 95 %"
  [[target.example]]
  records = [{ finished_at = "2020-03-05", first_due_at = "2020-03-05" }]
  expect = "1/1"
"#;

const CALENDAR: &str = "calendar = \"vn-public\"\n";

pub const HEADER: &str = "code,unit,received_at,first_due_at,finished_at,outcome\n";
pub const GOOD: &str = "A-1,M01,2020-03-02,2020-03-05,2020-03-05,granted\n";

/// A small right bundle in a folder of its own.
pub fn bundle() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("cluster.toml"), CLUSTER).unwrap();
    fs::write(dir.path().join("agreement.toml"), AGREEMENT).unwrap();
    fs::write(dir.path().join("calendar.toml"), CALENDAR).unwrap();
    fs::create_dir(dir.path().join("records")).unwrap();
    dir
}

fn load(bundle: &Path, kind: &str, name: &str, bytes: &[u8]) -> Run {
    let uploads = tempfile::tempdir().unwrap();
    let upload = uploads.path().join(name);
    fs::write(&upload, bytes).unwrap();
    giaouoc(["load".as_ref(), bundle.as_os_str(), kind.as_ref(), upload.as_os_str()])
}

/// Loading `bytes` is refused with these words, and the bundle is as it was.
#[track_caller]
fn refused(kind: &str, name: &str, bytes: &[u8], words: &str) {
    let dir = bundle();
    let run = load(dir.path(), kind, name, bytes);
    assert_eq!(run.code, 2, "{}\n{}", run.out, run.err);
    assert!(run.err.contains(words), "{name}: “{words}” is not in: {}", run.err);
    assert_eq!(fs::read_dir(dir.path().join("records")).unwrap().count(), 0, "nothing may be written");
}

/// Loading `bytes` accepts the good row and rejects the bad one with these words.
#[track_caller]
fn rejected(cells: &str, words: &str) {
    let dir = bundle();
    let run = load(dir.path(), "dossier", "x.csv", format!("{HEADER}{GOOD}{cells}\n").as_bytes());
    assert_eq!(run.code, 1, "{}\n{}", run.out, run.err);
    let said = format!("{}{}", run.out, run.err);
    assert!(said.contains(words), "“{words}” is not in: {said}");
    let rejects: Vec<_> = fs::read_dir(dir.path().join("records"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("rejects"))
        .collect();
    assert_eq!(rejects.len(), 1, "the rejected row is kept");
    assert!(fs::read_to_string(&rejects[0]).unwrap().contains("A-2"));
    let score = giaouoc(["score".as_ref(), dir.path().as_os_str(), "--format".as_ref(), "csv".as_ref()]);
    assert_eq!(score.code, 0, "{}", score.err);
    assert!(score.out.contains(",1,1,"), "the good row counts: {}", score.out);
}

#[test]
fn an_empty_file() {
    refused("dossier", "x.csv", b"", "empty");
}

#[test]
fn a_kind_that_does_not_exist() {
    refused("dosier", "x.csv", format!("{HEADER}{GOOD}").as_bytes(), "dossier");
}

#[test]
fn the_wrong_kind_for_the_file() {
    refused("dialogue", "x.csv", format!("{HEADER}{GOOD}").as_bytes(), "dossier");
}

#[test]
fn binary_instead_of_a_table() {
    let noise: Vec<u8> = (0..4096u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    refused("dossier", "x.csv", &noise, "binary file");
}

#[test]
fn an_xlsx_that_is_not_one() {
    refused("dossier", "x.xlsx", b"PK\x03\x04 this is no workbook", "damaged or cut");
}

#[test]
fn a_cell_of_a_hundred_megabytes() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend_from_slice(b"A-1,M01,");
    bytes.resize(bytes.len() + (100 << 20), b'9');
    refused("dossier", "x.csv", &bytes, "longer than");
}

#[test]
fn a_hundred_thousand_columns() {
    let header: Vec<_> = (0..100_000).map(|at| format!("c{at}")).collect();
    refused("dossier", "x.csv", header.join(",").as_bytes(), "columns");
}

#[test]
fn a_csv_cut_in_the_middle() {
    refused("dossier", "x.csv", format!("{HEADER}{GOOD}A-2,M01,\"2020-03").as_bytes(), "cut");
}

#[test]
fn a_zip_bomb_as_a_workbook() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        zip.start_file(name, options).unwrap();
        for _ in 0..700 {
            zip.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
    }
    let bytes = zip.finish().unwrap().into_inner();
    refused("dossier", "x.xlsx", &bytes, "longer than");
}

#[test]
fn days_that_do_not_exist() {
    rejected("A-2,M01,31/02/2020,2020-03-05,2020-03-05,granted", "31/02/2020");
    rejected("A-2,M01,2020-03-02,2020-03-05,20200-03-05,granted", "20200");
}

#[test]
fn what_is_no_number() {
    let dir = bundle();
    let text = "code,unit,received_at,time_limit_days\nA-1,M01,2020-03-02,5\nA-2,M01,2020-03-02,NaN\n";
    let run = load(dir.path(), "dossier", "x.csv", text.as_bytes());
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(format!("{}{}", run.out, run.err).contains("NaN"), "{}{}", run.out, run.err);
}

#[test]
fn the_same_key_twice_is_rejected_twice() {
    let dir = bundle();
    let text = format!("{HEADER}{GOOD}A-2,M01,2020-03-02,2020-03-05,,\nA-2,M01,2020-03-02,2020-03-06,,\n");
    let run = load(dir.path(), "dossier", "x.csv", text.as_bytes());
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains('2') && format!("{}{}", run.out, run.err).contains("several times"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let dir = bundle();
    let uploads = tempfile::tempdir().unwrap();
    let upload = uploads.path().join("dry.csv");
    fs::write(&upload, format!("{HEADER}{GOOD}")).unwrap();
    let run = giaouoc([
        "load".as_ref(),
        dir.path().as_os_str(),
        "dossier".as_ref(),
        upload.as_os_str(),
        "--dry-run".as_ref(),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(fs::read_dir(dir.path().join("records")).unwrap().count(), 0);
}

/// `check` on the bundle with this text replaced in its agreement says these words.
#[track_caller]
fn wrong_agreement(from: &str, to: &str, words: &str) {
    let dir = bundle();
    assert!(AGREEMENT.contains(from), "{from}");
    fs::write(dir.path().join("agreement.toml"), AGREEMENT.replace(from, to)).unwrap();
    let run = giaouoc(["check".as_ref(), dir.path().as_os_str()]);
    assert_eq!(run.code, 2, "{}\n{}", run.out, run.err);
    let said = format!("{}{}", run.out, run.err);
    assert!(said.contains(words), "“{words}” is not in: {said}");
    assert!(said.contains("agreement.toml"), "the file is named: {said}");
    let score = giaouoc(["score".as_ref(), dir.path().as_os_str()]);
    assert_eq!(score.code, 2, "a wrong bundle is not scored");
}

#[test]
fn a_target_on_a_column_that_does_not_exist() {
    wrong_agreement("day(first_due_at)", "day(frist_due_at)", "first_due_at");
}

#[test]
fn a_definition_that_leads_back_to_itself() {
    wrong_agreement(
        "[[target]]",
        "[[definition]]\nid = \"a\"\nrecords = \"dossier\"\nis = \"b\"\n[[definition]]\nid = \"b\"\nrecords = \"dossier\"\nis = \"a\"\n[[target]]",
        "a",
    );
    wrong_agreement(
        "[[target]]",
        "[[definition]]\nid = \"me\"\nrecords = \"dossier\"\nis = \"me and finished_at is known\"\n[[target]]",
        "me",
    );
}

#[test]
fn a_goal_that_is_none() {
    wrong_agreement(">= 95 %", "NaN", "95 %");
}

#[test]
fn a_failing_worked_example() {
    wrong_agreement("expect = \"1/1\"", "expect = \"0/1\"", "1/1");
}

#[test]
fn a_year_with_five_digits() {
    wrong_agreement("period = \"2020\"", "period = \"20200\"", "20200");
}

#[test]
fn several_errors_are_said_at_once() {
    let dir = bundle();
    let wrong = AGREEMENT.replace("day(first_due_at)", "day(frist)").replace(">= 95 %", "95 percent");
    fs::write(dir.path().join("agreement.toml"), wrong).unwrap();
    fs::write(dir.path().join("calendar.toml"), "calendar = \"vn-pubic\"\n").unwrap();
    let run = giaouoc(["check".as_ref(), dir.path().as_os_str()]);
    let said = format!("{}{}", run.out, run.err);
    for word in ["frist", "A goal begins with", "vn-public"] {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
}

#[test]
fn a_path_that_leads_out_of_the_bundle() {
    let dir = bundle();
    let out = format!("{CLUSTER}[[file]]\npath = \"../../etc/passwd\"\nkind = \"dossier\"\n");
    fs::write(dir.path().join("cluster.toml"), out).unwrap();
    let run = giaouoc(["check".as_ref(), dir.path().as_os_str()]);
    assert_eq!(run.code, 2);
    assert!(format!("{}{}", run.out, run.err).contains("passwd"), "{}", run.err);
}

#[test]
fn the_same_records_are_not_loaded_twice() {
    let dir = bundle();
    let text = format!("{HEADER}{GOOD}");
    assert_eq!(load(dir.path(), "dossier", "a.csv", text.as_bytes()).code, 0);
    let again = load(dir.path(), "dossier", "b.csv", format!("{text}A-9,M01,2020-03-02,,,\n").as_bytes());
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("1 new, 0 changed, 1 unchanged"), "{}", again.out);
}

#[test]
fn a_record_in_two_files_placed_by_hand_counts_once() {
    let dir = bundle();
    let records = dir.path().join("records");
    fs::create_dir_all(&records).unwrap();
    fs::write(records.join("dossier-1.csv"), format!("{HEADER}{GOOD}")).unwrap();
    let alone = giaouoc(["score".as_ref(), dir.path().as_os_str(), "--format".as_ref(), "csv".as_ref()]);
    fs::write(records.join("dossier-2.csv"), format!("{HEADER}{GOOD}")).unwrap();
    let both = giaouoc(["score".as_ref(), dir.path().as_os_str(), "--format".as_ref(), "csv".as_ref()]);
    assert_eq!(alone.out, both.out);
    let check = giaouoc(["check".as_ref(), dir.path().as_os_str()]);
    assert_eq!(check.code, 1);
    let said = check.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the later file counts"), "{said}");
}

#[test]
fn rejected_rows_are_kept_apart_and_never_overwritten() {
    let dir = bundle();
    let uploads = tempfile::tempdir().unwrap();
    let rejects = uploads.path().join("r.csv");
    for (name, key) in [("a.csv", "A-1"), ("b.csv", "A-2")] {
        let text = format!("{HEADER}{key},M01,2020-03-02,,,\n{key}x,M01,31/02/2020,,,\n");
        let upload = uploads.path().join(name);
        fs::write(&upload, text).unwrap();
        let run = giaouoc([
            "load".as_ref(),
            dir.path().as_os_str(),
            "dossier".as_ref(),
            upload.as_os_str(),
            "--rejects".as_ref(),
            rejects.as_os_str(),
        ]);
        assert_eq!(run.code, 1, "{}", run.err);
    }
    assert!(fs::read_to_string(&rejects).unwrap().contains("A-1x"));
    assert!(fs::read_to_string(uploads.path().join("r-2.csv")).unwrap().contains("A-2x"));
    // Beside the records they are not read as records.
    fs::rename(&rejects, dir.path().join("records/dossier-a.rejects.csv")).unwrap();
    let check = giaouoc(["check".as_ref(), dir.path().as_os_str()]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    assert!(!check.out.contains("rejects.csv"), "{}", check.out);
}

#[test]
fn a_day_outside_the_calendar_names_the_record_and_the_year() {
    let dir = bundle();
    let agreement = AGREEMENT
        .replace("<= day(first_due_at)\"", "<= add_working_days(day(received_at), 5)\"")
        .replace("first_due_at = \"2020-03-05\" }", "received_at = \"2020-03-02\" }");
    fs::write(dir.path().join("agreement.toml"), agreement).unwrap();
    let text = format!("{HEADER}{GOOD}A-2,M01,2010-03-02,2010-03-05,2020-03-05,granted\n");
    fs::write(dir.path().join("records/dossier.csv"), text).unwrap();
    let score = giaouoc(["score".as_ref(), dir.path().as_os_str()]);
    assert_eq!(score.code, 2, "{}", score.out);
    assert!(score.err.contains("A-2") && score.err.contains("2010"), "{}", score.err);
    let check = giaouoc(["check".as_ref(), dir.path().as_os_str()]);
    assert_eq!(check.code, 1, "{}", check.out);
    assert!(check.out.contains("A-2"), "{}", check.out);
}

/// TCVN3 as an office's old program writes it: `Mã hồ sơ;Đơn vị giải quyết;Ngày tiếp nhận`, one dossier, a row
/// of totals.
const TCVN3: &[u8] = b"M\xb7 h\xe5 s\xac;M\xb7 \xae\xacn v\xde;Ng\xb5y ti\xd5p nh\xcbn\r\nA-1;M01;ng\xb5y 02 th\xb8ng 3 n\xa8m 2020\r\nT\xe6ng c\xe9ng;;1\r\n";

#[test]
fn an_old_encoding_is_shown_and_read_once_confirmed() {
    refused("dossier", "x.csv", TCVN3, "add --encoding tcvn3");
    let dir = bundle();
    let uploads = tempfile::tempdir().unwrap();
    let upload = uploads.path().join("upload.csv");
    fs::write(&upload, TCVN3).unwrap();
    let with = |encoding: &str| {
        let args = [
            "load",
            dir.path().to_str().unwrap(),
            "dossier",
            upload.to_str().unwrap(),
            "--encoding",
            encoding,
        ];
        giaouoc(args)
    };
    let unknown = with("big5");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("tcvn3, vni, windows-1258"), "{}", unknown.err);
    let read = with("tcvn3");
    assert_eq!(read.code, 0, "{}\n{}", read.out, read.err);
    let said = read.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in
        ["1 new, 0 changed, 0 unchanged, 0 rejected; 1 rows", "rows of totals left out: 1", "capitals"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
}
