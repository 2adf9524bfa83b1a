//! A kind, a calendar and records in short writing.

use giaouoc_worktime::Calendar;
use giaouoc_worktime::time::{Day, Instant};

use crate::kind::{Code, CodeList, Column, ColumnType, Kind, TextForm};
use crate::lang::{Context, Definitions, LangError, Setting, Typed, Wanted, value};
use crate::period::Period;
use crate::text::Text;
use crate::value::{Change, Value};

fn code(code: &str, vi: &str, en: &str, seen: &[&str]) -> Code {
    let seen = seen.iter().map(|s| (*s).to_owned()).collect();
    Code { code: code.to_owned(), name: Text::new(vi, en), seen, from: None, to: None }
}

/// A small dossier kind: every type of column once or more.
pub(super) fn kind() -> Kind {
    let outcome = CodeList {
        open: false,
        codes: vec![
            code("granted", "Đã giải quyết", "Granted", &["9", "Đã xử lý xong"]),
            code("refused", "Từ chối", "Refused", &[]),
            code("returned", "Trả lại", "Returned", &[]),
        ],
    };
    let channel = CodeList {
        open: true,
        codes: vec![
            code("online", "Trực tuyến", "Online", &["2"]),
            code("in-person", "Trực tiếp", "In person", &[]),
        ],
    };
    let columns = [
        ("code", ColumnType::Text, "Mã hồ sơ", "Dossier code", ""),
        ("unit", ColumnType::Text, "Đơn vị giải quyết", "Unit", ""),
        ("applicant", ColumnType::Text, "Người nộp", "Applicant", ""),
        ("received_at", ColumnType::Moment, "Thời điểm tiếp nhận", "Received", "received_at"),
        ("first_due_at", ColumnType::Moment, "Hạn trả đầu tiên", "First due", "received_at"),
        ("finished_at", ColumnType::Moment, "Thời điểm có kết quả", "Finished", "finished_at"),
        ("outcome", ColumnType::Code(outcome.clone()), "Kết quả", "Outcome", "finished_at"),
        ("last_outcome", ColumnType::Code(outcome), "Kết quả lần trước", "Last outcome", ""),
        ("channel", ColumnType::Code(channel), "Kênh nộp", "Channel", ""),
        ("held_on", ColumnType::Date, "Ngày tổ chức", "Held on", "held_on"),
        ("planned_on", ColumnType::Date, "Ngày dự kiến", "Planned for", ""),
        (
            "limit_days",
            ColumnType::Integer,
            "Thời hạn (ngày làm việc)",
            "Limit (working days)",
            "received_at",
        ),
        ("paused_minutes", ColumnType::Integer, "Số phút tạm dừng", "Minutes paused", ""),
        ("online", ColumnType::Flag, "Nộp trực tuyến", "Filed online", ""),
        ("note", ColumnType::Text, "Ghi chú", "Note", ""),
        ("pauses", ColumnType::Intervals, "Các khoảng tạm dừng", "Pauses", ""),
        ("due_changes", ColumnType::Changes, "Các lần đổi hạn", "Due-date changes", ""),
        ("time_limit", ColumnType::Text, "Thời hạn giải quyết", "Time limit", "received_at"),
    ];
    let place = |id: &str| columns.iter().position(|column| column.0 == id);
    let built = columns.iter().map(|(id, ty, vi, en, hangs_on)| Column {
        id: (*id).to_owned(),
        ty: ty.clone(),
        label: Text::new(*vi, *en),
        meaning: Text::default(),
        required: matches!(*id, "code" | "unit"),
        personal: *id == "applicant",
        hangs_on: place(hangs_on),
        aliases: Vec::new(),
        min: None,
        max: None,
        form: (*id == "time_limit").then_some(TextForm::Limit),
        working_days_of: None,
    });
    Kind {
        id: "dossier".to_owned(),
        name: Text::new("Hồ sơ TTHC", "Administrative dossier"),
        meaning: Text::default(),
        key: 0,
        unit: 1,
        date: 3,
        closes: None,
        standing: false,
        source: String::new(),
        columns: built.collect(),
        digest: String::new(),
    }
}

/// Definitions that some tests name.
pub(super) fn definitions() -> Definitions {
    let mut definitions = Definitions::default();
    definitions.insert("settled", "outcome in ('granted', 'refused')");
    definitions.insert("late", "day(finished_at) > day(first_due_at)");
    definitions.insert("late_or_refused", "late or outcome = 'refused'");
    definitions.insert("circle_a", "circle_b and online");
    definitions.insert("circle_b", "not circle_c");
    definitions.insert("circle_c", "circle_a or late");
    definitions.insert("itself", "itself or online");
    definitions.insert("faulty", "finished_at = 5");
    definitions.insert("result", "outcome");
    definitions
}

/// Reads a text against the sample kind, its definitions and a calendar with working days.
pub(super) fn read(text: &str, wanted: Wanted) -> Result<Typed, Vec<LangError>> {
    value(text, wanted, &Setting { kind: &kind(), definitions: &definitions(), working_days: true })
}

/// A record of the sample kind from `column = value` pairs, each value in the CSV form.
pub(super) fn row(kind: &Kind, cells: &str) -> Vec<Value> {
    let mut row = vec![Value::Unknown; kind.columns.len()];
    for cell in cells.split(", ").filter(|cell| !cell.is_empty()) {
        let (id, text) = cell.split_once('=').unwrap_or_else(|| panic!("no = in {cell}"));
        let index = kind.column(id).unwrap_or_else(|| panic!("no column {id}"));
        row[index] = cell_value(&kind.columns[index].ty, text);
    }
    row
}

fn cell_value(ty: &ColumnType, text: &str) -> Value {
    let zone = giaouoc_worktime::zone::Zone::get("Asia/Ho_Chi_Minh").unwrap();
    let instant = |text: &str| match zone.parse_moment(text).unwrap() {
        giaouoc_worktime::time::Moment::Instant(at) => at,
        giaouoc_worktime::time::Moment::Day(day) => panic!("{day} is no instant"),
    };
    match ty {
        ColumnType::Text | ColumnType::Code(_) => Value::Text(text.to_owned()),
        ColumnType::Integer => Value::Integer(text.parse().unwrap()),
        ColumnType::Flag => Value::Flag(text.parse().unwrap()),
        ColumnType::Date => Value::Day(text.parse().unwrap()),
        ColumnType::Moment => Value::Moment(zone.parse_moment(text).unwrap()),
        ColumnType::Intervals => {
            let pair = |entry: &str| {
                let (from, to) = entry.split_once('/').unwrap();
                (instant(from), Some(to).filter(|to| !to.is_empty()).map(instant))
            };
            Value::Intervals(text.split("; ").filter(|e| !e.is_empty()).map(pair).collect())
        }
        ColumnType::Changes => {
            let at = |text: &str| -> Instant { instant(text) };
            let change = |entry: &str| {
                let (made, new) = entry.split_once(" -> ").unwrap();
                Change { at: at(made), new: at(new), why: String::new() }
            };
            Value::Changes(text.split("; ").filter(|e| !e.is_empty()).map(change).collect())
        }
    }
}

/// What conditions are evaluated in.
pub(super) struct World {
    pub(super) kind: Kind,
    pub(super) period: Period,
    pub(super) as_of: Day,
    pub(super) calendar: Calendar,
}

impl World {
    /// The year 2020, as of its end, under the Vietnamese calendar.
    pub(super) fn new() -> Self {
        let period = Period {
            first: "2020-01-01".parse().unwrap(),
            last: "2020-12-31".parse().unwrap(),
            code: "2020".to_owned(),
        };
        let as_of = period.last;
        Self { kind: kind(), period, as_of, calendar: Calendar::builtin("vn-public").unwrap() }
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context { kind: &self.kind, period: &self.period, as_of: self.as_of, calendar: &self.calendar }
    }
}
