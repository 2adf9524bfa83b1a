//! The kind of the histories, and the same kind after it grew a column.

use giaouoc_agreement::kind::Kind;

/// A kind with a column of nearly every type, from its own TOML text.
const TEXT: &str = r#"
format  = 1
id      = "matter"
name    = { vi = "Việc", en = "Matter" }
meaning = { vi = "Thử.", en = "For tests." }
key     = "code"
unit    = "unit"
date    = "opened"
source  = "test"

[[column]]
id = "code"
type = "text"
required = true
label   = { vi = "Mã", en = "Code" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "unit"
type = "text"
required = true
label   = { vi = "Đơn vị", en = "Unit" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "opened"
type = "date"
label   = { vi = "Ngày mở", en = "Opened" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "minutes"
type = "integer"
label   = { vi = "Số phút", en = "Minutes" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "done"
type = "flag"
label   = { vi = "Xong", en = "Done" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "finished"
type = "moment"
label   = { vi = "Kết thúc", en = "Finished" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "outcome"
type = "code"
open = true
label   = { vi = "Kết quả", en = "Outcome" }
meaning = { vi = "Thử.", en = "Test." }
  [[column.codes]]
  code = "granted"
  name = { vi = "Cấp", en = "Granted" }
[[column]]
id = "pauses"
type = "intervals"
label   = { vi = "Tạm dừng", en = "Pauses" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "moves"
type = "changes"
label   = { vi = "Đổi hạn", en = "Moves" }
meaning = { vi = "Thử.", en = "Test." }
[[column]]
id = "person"
type = "text"
personal = true
label   = { vi = "Người", en = "Person" }
meaning = { vi = "Thử.", en = "Test." }
"#;

/// What it grew, at its end as kinds do.
const GROWN: &str = r#"
[[column]]
id = "score"
type = "integer"
label   = { vi = "Điểm", en = "Score" }
meaning = { vi = "Thử.", en = "Test." }
"#;

/// The place of the personal column.
pub const PERSON: usize = 9;
/// The place of the column that only the grown kind has.
pub const SCORE: usize = 10;

fn parsed(text: &str) -> Kind {
    Kind::parse("matter.toml", text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The kind, before or after it grew.
pub fn matter(grown: bool) -> Kind {
    if grown { parsed(&format!("{TEXT}{GROWN}")) } else { parsed(TEXT) }
}

/// Another kind, whose entries stand between those of the first.
pub fn other() -> Kind {
    parsed(&TEXT.replace("\"matter\"", "\"other\""))
}
