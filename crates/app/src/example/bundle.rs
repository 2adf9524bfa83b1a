//! The text files of an invented bundle.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use giaouoc_worktime::DEFAULT_CALENDAR;
use jiff::civil::Date;

use super::{Options, Planting, shape::Shape};

/// Writes the bundle's TOML files and a README that says that it is invented.
pub(super) fn write(out: &Path, options: &Options, last_day: Date, shape: &Shape) -> anyhow::Result<()> {
    let files = [
        ("cluster.toml", cluster(options, last_day, shape)?),
        ("agreement.toml", agreement(options, last_day)),
        ("calendar.toml", format!("{CALENDAR}calendar = \"{DEFAULT_CALENDAR}\"\n")),
        ("reports.toml", REPORTS.to_owned()),
        ("README.md", readme(options)),
    ];
    for (name, text) in files {
        let path = out.join(name);
        fs::write(&path, text)
            .with_context(|| format!("không ghi được / cannot write {}", path.display()))?;
    }
    Ok(())
}

const INVENTED: &str = "\
# DỮ LIỆU MẪU, do chương trình tự sinh (giaouoc example): không có đơn vị, hồ sơ hay con số nào là thật.
# INVENTED DATA, made up by the program: no unit, dossier or number in it is real.
";

const CALENDAR: &str = "\
# Ngày nghỉ và ngày làm bù là thật; dữ liệu mẫu được dựng theo lịch này.
# Real days off and swapped days; the invented data follow this calendar.
";

const REPORTS: &str = "\
# Dữ liệu mẫu không có báo cáo \"không phát sinh\". The invented data have no nil reports.
";

fn readme(options: &Options) -> String {
    let Options { dossiers, units, seed, .. } = options;
    let Asked { tricks, more } = asked(options);
    format!(
        "# Dữ liệu mẫu / Invented data

Gói này do chương trình tự sinh (`giaouoc example --dossiers {dossiers} --units {units} --seed {seed}{tricks}`): không có
đơn vị, hồ sơ hay con số nào là thật. Chỉ hình dạng (số hồ sơ mỗi đơn vị, tỷ lệ đúng hạn, thời gian giải quyết) phỏng
theo số liệu một tỉnh mà Cổng Dịch vụ công quốc gia công bố năm 2026.

The program made this bundle up: no unit, dossier or number in it is real. Only its shape (dossiers an office, share on
time, days to settle) follows what the national public-service portal published for one province in 2026.
{more}"
    )
}

/// What is said of a bundle with all tricks, and nothing of others.
struct Asked {
    tricks: &'static str,
    more: &'static str,
}

fn asked(options: &Options) -> Asked {
    match options.planting {
        Planting::Three => Asked { tricks: "", more: "" },
        Planting::All => Asked { tricks: " --tricks all", more: EXPORTS },
    }
}

const EXPORTS: &str = "
Hồ sơ nằm trong các tệp xuất cuối ba tháng liền nhau, ở thư mục `*.exports` cạnh gói; nạp lần lượt bằng
`giaouoc load … dossier TỆP --exported-at NGÀY` (ngày cuối của mỗi tháng). Trước tệp cuối, rút các mã ở `withdrawn.txt` bằng
`giaouoc withdraw`. Những gì được cài vào dữ liệu liệt kê ở `*.planted.csv`; cột `export` nêu tệp xuất đầu tiên cho thấy điều đó.

The records lie in the exports of three month ends, in the folder `*.exports` beside the bundle; load them one after the
other with `giaouoc load … dossier FILE --exported-at DAY` (each month's last day). Before the last one, withdraw the keys in
`withdrawn.txt` with `giaouoc withdraw`. What was planted is listed in `*.planted.csv`; its column `export` names the first
export that shows it.
";

fn cluster(options: &Options, last_day: Date, shape: &Shape) -> anyhow::Result<String> {
    let Options { dossiers, units, seed, from, .. } = options;
    let tricks = asked(options).tricks;
    let mut text = format!(
        r#"{INVENTED}# giaouoc example --dossiers {dossiers} --units {units} --seed {seed}{tricks}
format = 1

[city]
code = "MAU"
name = {{ vi = "Tỉnh mẫu (dữ liệu giả định)", en = "Sample province (invented data)" }}

[cluster]
id   = "cum-mau"
name = {{ vi = "Cụm thi đua mẫu (dữ liệu giả định)", en = "Sample cluster (invented data)" }}
"#
    );
    for (i, unit) in shape.units.iter().enumerate() {
        let code = &unit.code;
        let number = code.trim_start_matches("MAU.");
        write!(
            text,
            r#"
[[unit]]
code = "{code}"
name = {{ vi = "Đơn vị mẫu {number}", en = "Sample unit {number}" }}
[[membership]]
unit = "{code}"
role = "member"
from = {from}
to   = {last_day}
"#
        )?;
        if i == 0 {
            write!(
                text,
                r#"
[[membership]]
unit = "{code}"
role = "head"
from = {from}
to   = {last_day}
"#
            )?;
        }
    }
    Ok(text)
}

fn agreement(options: &Options, last_day: Date) -> String {
    let from = options.from;
    let year = from.year();
    format!(
        r#"{INVENTED}format  = 1
id      = "mau"
year    = {year}
title   = {{ vi = "Giao ước thi đua mẫu (dữ liệu giả định)", en = "Sample agreement (invented data)" }}
period  = "ky-mau"
status  = "in force"
counts_from   = {from}
membership_on = {last_day}

[[range]]
id   = "ky-mau"
name = {{ vi = "Kỳ mẫu", en = "Sample period" }}
from = {from}
to   = {last_day}

[[clause]]
number = "1"
text   = {{ vi = "Giải quyết hồ sơ thủ tục hành chính đúng hạn và trước hạn.", en = "Settle dossiers on time or early." }}

[[clause]]
number = "2"
text   = {{ vi = "Tăng tỷ lệ hồ sơ nộp trực tuyến; rút ngắn thời gian giải quyết.", en = "Raise the share filed online; shorten handling." }}

[[definition]]
id      = "settled"
records = "dossier"
is      = "outcome in ('granted', 'refused')"

[[target]]
id      = "on-time"
clause  = "1"
name    = {{ vi = "Hồ sơ giải quyết đúng hạn và trước hạn", en = "Dossiers settled on time or early" }}
records = "dossier"
counted = "finished_at in period and settled"
met     = "day(finished_at) <= day(first_due_at)"
goal    = ">= 95 %"
force   = "at least"
judged  = "each unit, and all units together"
note    = "Theo hạn trả lần đầu, ngày hẹn lại không tính. By the first due date; a new date does not count."

  [[target.lens]]
  id   = "re-dated"
  name = {{ vi = "Theo ngày hẹn trả sau cùng", en = "By the latest due date" }}
  met  = "day(finished_at) <= day(due_at)"

  [[target.lens]]
  id   = "clock"
  name = {{ vi = "Theo thời hạn tính lại, trừ thời gian tạm dừng", en = "By the recomputed due date, pauses left out" }}
  met  = "finished_at <= add_working_minutes(received_at, time_limit_days * 480 + paused_minutes)"

  [[target.example]]
  records = [{{ finished_at = "2024-03-05T16:00", first_due_at = "2024-03-05", outcome = "granted" }}]
  expect  = "1/1"

[[target]]
id      = "overdue"
clause  = "1"
name    = {{ vi = "Hồ sơ đang giải quyết đã quá hạn", en = "Dossiers in progress past their due date" }}
records = "dossier"
measure = "count"
counted = "received_at in period and not (finished_at is known) and day(due_at) < as_of"
goal    = "<= 0"
force   = "strive for"
judged  = "each unit"

[[target]]
id      = "online"
clause  = "2"
name    = {{ vi = "Hồ sơ nộp trực tuyến", en = "Dossiers filed online" }}
records = "dossier"
counted = "received_at in period"
met     = "channel = 'online'"
goal    = ">= 80 %"
force   = "strive for"
judged  = "each unit, and all units together"

[[target]]
id      = "handling"
clause  = "2"
name    = {{ vi = "Thời gian giải quyết, phút làm việc, bách phân vị 90", en = "Working minutes to settle, 90th percentile" }}
records = "dossier"
measure = "percentile"
percentile = 90
counted = "finished_at in period and settled"
value   = "work_minutes(received_at, finished_at) - paused_minutes"
goal    = "<= 7200"
force   = "strive for"
judged  = "each unit, and all units together"
"#
    )
}
