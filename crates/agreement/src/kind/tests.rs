#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::text::Lang;

const GOOD: &str = r#"# A kind.
format  = 1
id      = "visit"
name    = { vi = "Lượt tiếp", en = "Visit" }
meaning = { vi = "Một lượt tiếp công dân.", en = "One visit." }
key     = "code"
unit    = "unit"
date    = "held_on"
source  = "Nghị định 61/2018/NĐ-CP"

[[column]]
id = "code"
type = "text"
required = true
label = "Mã"
meaning = "Mã lượt."
aliases = ["Mã lượt"]

[[column]]
id = "unit"
type = "text"
required = true
label = "Đơn vị"
meaning = "Đơn vị tiếp."

[[column]]
id = "held_on"
type = "date"
hangs_on = "held_on"
label = "Ngày"
meaning = "Ngày tiếp."

[[column]]
id = "form"
type = "code"
hangs_on = "held_on"
label = "Hình thức"
meaning = "Cách tiếp."
  [[column.codes]]
  code = "in-person"
  name = "Trực tiếp"
  seen = ["1", "TT"]
  from = 2020-01-01
  [[column.codes]]
  code = "online"
  name = "Trực tuyến"
  seen = ["2"]

[[column]]
id = "guests"
type = "integer"
min = 0
max = 9223372036854775807
label = "Số người"
meaning = "Số người dự."
"#;

#[test]
fn a_kind_is_what_its_file_says() {
    let kind = Kind::parse("kinds/visit.toml", GOOD).unwrap();
    assert_eq!((kind.key, kind.unit, kind.date), (0, 1, 2));
    assert_eq!(kind.columns[3].hangs_on, Some(2));
    assert_eq!(kind.columns[4].max, Some(i64::MAX));
    let ColumnType::Code(list) = &kind.columns[3].ty else { unreachable!() };
    assert_eq!(list.codes[0].from.unwrap().to_string(), "2020-01-01");
    assert!(!list.open);
    assert_eq!(kind.digest.len(), 64);
}

#[test]
fn the_digest_is_of_what_is_said_not_of_how_it_is_written() {
    let digest = |text: &str| Kind::parse("k", text).unwrap().digest;
    let same = GOOD
        .replace("# A kind.\n", "")
        .replace("id = \"code\"\ntype = \"text\"", "type   = 'text'   # text\nid = \"c\\u006fde\"")
        .replace('\n', "\r\n");
    assert_eq!(digest(&same), digest(GOOD));
    for (from, to) in [
        ("min = 0", "min = 1"),
        ("max = 9223372036854775807", "max = 9223372036854775806"),
        ("seen = [\"1\", \"TT\"]", "seen = [\"1\"]"),
        ("from = 2020-01-01", "from = 2020-01-02"),
        ("aliases = [\"Mã lượt\"]", "aliases = [\"Mã số\"]"),
        ("label = \"Ngày\"", "label = { vi = \"Ngày\", en = \"Day\" }"),
        ("hangs_on = \"held_on\"\nlabel = \"Hình", "label = \"Hình"),
    ] {
        assert!(GOOD.contains(from));
        assert_ne!(digest(&GOOD.replacen(from, to, 1)), digest(GOOD), "{to}");
    }
}

#[test]
fn working_days_come_from_a_column_of_limits() {
    let limited = GOOD.to_owned()
        + r#"
[[column]]
id = "limit"
type = "text"
form = "limit"
label = "Thời hạn"
meaning = "Thời hạn."

[[column]]
id = "limit_days"
type = "integer"
working_days_of = "limit"
label = "Số ngày"
meaning = "Số ngày làm việc."
"#;
    let kind = Kind::parse("k", &limited).unwrap();
    assert_eq!(kind.columns[5].form, Some(TextForm::Limit));
    assert_eq!(kind.columns[6].working_days_of, Some(5));
    let codes = |text: &str| {
        Kind::parse("k", text).unwrap_err().iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    // Neither a plain text nor an integer will do.
    assert_eq!(codes(&limited.replace("form = \"limit\"\n", "")), ["wrong-column-type"]);
    assert_eq!(codes(&limited.replace("_of = \"limit\"", "_of = \"guests\"")), ["wrong-column-type"]);
    assert_eq!(codes(&limited.replace("_of = \"limit\"", "_of = \"limits\"")), ["unknown-column"]);
    assert_eq!(
        codes(&limited.replace("type = \"text\"\nform", "type = \"integer\"\nform")),
        ["misplaced-key", "wrong-column-type"]
    );
    let digest = |text: &str| Kind::parse("k", text).unwrap().digest;
    assert_ne!(digest(&limited.replace("working_days_of = \"limit\"\n", "")), digest(&limited));
}

#[test]
fn what_does_not_hold_together_is_refused() {
    let mut out = String::new();
    for (from, to) in [
        ("key     = \"code\"", "key     = \"cod\""),
        ("unit    = \"unit\"", "unit    = \"held_on\""),
        ("date    = \"held_on\"", "date    = \"form\""),
        ("hangs_on = \"held_on\"\nlabel = \"Hình", "hangs_on = \"guests\"\nlabel = \"Hình"),
        (
            "id = \"unit\"\ntype = \"text\"\nrequired = true",
            "id = \"unit\"\ntype = \"text\"\npersonal = true",
        ),
        ("id = \"guests\"", "id = \"form\""),
        ("id = \"guests\"", "id = \"số-người\""),
        ("type = \"integer\"", "type = \"decimal\""),
        ("type = \"integer\"", "type = \"text\""),
        ("max = 9223372036854775807", "max = -1"),
        ("aliases = [\"Mã lượt\"]", "aliases = [\"HELD ON\", \"FORM\"]"),
        ("seen = [\"2\"]", "seen = [\"tt\"]"),
        ("code = \"online\"", "code = \"in-person\""),
        ("  seen = [\"2\"]", "  seen = [\"2\"]\n  from = 2022-01-01\n  to = 2021-01-01"),
        ("type = \"date\"", "type = \"code\""),
        ("format  = 1", "format  = 2"),
        ("label = \"Ngày\"", "lable = \"Ngày\""),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        out.push_str(&format!("## {}\n", to.replace('\n', " ")));
        for problem in Kind::parse("visit.toml", &text).unwrap_err() {
            out.push_str(&format!("{}\n", problem.plain(Some(&text), Lang::En)));
            out.push_str(&format!("{}\n", problem.plain(Some(&text), Lang::Vi)));
        }
    }
    insta::assert_snapshot!(out);
}
