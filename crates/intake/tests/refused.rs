//! Files that are refused whole, and the words with which they are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use common::*;
use giaouoc_agreement::problem::Problem;
use giaouoc_intake::{FileError, Input, Limits, Mapping};

fn error(name: &str, bytes: &[u8], lines: &str) -> FileError {
    let name: &str = name;
    match load("dossier", name, bytes, lines) {
        Ok((summary, _)) => panic!("read: {}", sums(&summary)),
        Err(error) => error,
    }
}

/// Every file-level refusal with its code, in both languages.
#[test]
fn the_words_of_every_refusal() {
    let wide = "x,".repeat(100_000);
    let long = format!("code,unit\nA,{}\n", "x".repeat(17 << 20));
    let table: Vec<(&str, &str, &[u8], &str)> = vec![
        ("empty", "a.csv", b"", ""),
        ("blank", "a.csv", b" \n\n", ""),
        ("wrong kind", "a.csv", "Họ tên,Tuổi\nAn,30\n".as_bytes(), ""),
        ("no unit", "a.csv", "Mã hồ sơ,Ngày tiếp nhận\nA,05/03/2020\n".as_bytes(), ""),
        ("binary", "a.bin", b"\x7fELF\x02\x01\x01\x00\x00\x00", ""),
        ("bytes", "a.csv", &[7, 0, 3, 1, 0, 0, 9, 200, 0, 1], ""),
        ("an XLSX that is none", "a.xlsx", b"code,unit\nA,B\n", ""),
        ("old Excel", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", ""),
        ("a web page named .xls", "a.xls", b"<html><table><tr><td>1</td></tr></table></html>", ""),
        ("a cut XLSX", "a.xlsx", b"PK\x03\x04\x14\x00\x06\x00", ""),
        ("PDF", "a.pdf", b"%PDF-1.7", ""),
        ("JSON array", "a.json", b"[{\"code\":\"A\"}]", ""),
        ("a cut Parquet", "a.parquet", b"PAR1abcdefgh", ""),
        ("another encoding", "a.csv", b"ma,ten\n1,Nguy\xd4n V\xcen\n", ""),
        ("cut in quotes", "a.csv", b"code,unit\nA,\"H26", ""),
        ("many columns", "a.csv", wide.as_bytes(), ""),
        ("long cell", "a.csv", long.as_bytes(), ""),
        ("ambiguous", "a.csv", "Mã hồ sơ,Số hồ sơ,unit\n".as_bytes(), ""),
        ("doubled", "a.csv", b"code,Code,unit\n", ""),
        (
            "not there",
            "a.csv",
            "Mã HS,Đơn vị\nA,B\n".as_bytes(),
            "[columns]\ncode = \"Ma so HS\"\nunit = \"Đơn vị\"",
        ),
        ("month first", "a.csv", b"code,unit,received_at\nA,H26.01,12/25/2020\n", ""),
        (
            "bad constant",
            "a.csv",
            b"code,unit\nA,H26.01\n",
            "[columns]\nreceived_at = { constant = \"31/02/2020\" }",
        ),
    ];
    let lines: Vec<String> = table
        .iter()
        .map(|(what, name, bytes, lines)| {
            let error = error(name, bytes, lines);
            format!("{what}: {}\n  {}\n  {}", error.code(), error.text().vi, error.text().en)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_file_that_is_not_there() {
    let kind = kind("dossier");
    let input = Input::Path(std::path::Path::new("/no/such/file.csv"));
    let refused = load_with(&input, kind, &mapping(kind, ""), &units(), &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "cannot-read");
}

#[test]
fn mistakes_in_a_mapping_have_their_places() {
    let text = r#"kind = "procedure"
zone = "Asia/Hanoi"
delimiter = "x"
encoding = "big5"
sheett = "Sheet1"
header_row = 0
[columns]
cod = "Mã"
unit = { from = "Đơn vị", constant = "H26.01" }
channel = { from = "Kênh", others = "guess", values = { "a" = "online", "a " = "post" } }
outcome = {}
status = { from = "x", format = "iso" }
received_at = { from = "Ngày", format = "ddmmyyyy" }
finished_at = { from = "Ngày", filled = true }
[skip]
when = [{ is = "Tổng" }]
"#;
    let kind = kind("dossier");
    let problems = Mapping::parse("maps/a.toml", text.as_bytes(), kind).unwrap_err();
    let line = |problem: &Problem| {
        let before = &text[..problem.span.start];
        let help = problem.help.as_ref().map(|help| format!(" / {}", help.en)).unwrap_or_default();
        format!("{} {}: {}{help}", before.matches('\n').count() + 1, problem.code, problem.message.en)
    };
    let mut lines: Vec<String> = problems.iter().map(line).collect();
    lines.sort_by_key(|line| line.split(' ').next().and_then(|n| n.parse::<u32>().ok()));
    insta::assert_snapshot!(lines.join("\n"));
    assert!(problems.iter().all(|problem| !problem.message.vi.is_empty()));
    assert!(Mapping::parse("maps/a.toml", b"\xff", kind).is_err());
    assert!(Mapping::parse("maps/a.toml", b"kind = ", kind).is_err());
}
