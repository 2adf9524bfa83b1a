//! What the figures were made of: files or journal, rows, the latest record of each unit.

use askama::Template;
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;

use super::MANY;
use crate::model::{Coverage, Report};
use crate::table::{Cell, Head, Row, Table};
use crate::words::{day, plain, say};

/// The section on data.
#[derive(Template)]
#[template(path = "page/data.html")]
pub struct Data {
    lang: Lang,
    known: String,
    files: Table,
    coverage: Option<Table>,
    many: bool,
    program: String,
}

impl Data {
    pub fn new(report: &Report) -> Self {
        let lang = report.lang;
        let without = say(
            lang,
            "Gói dữ liệu này chưa có sổ thay đổi: số liệu tính thẳng từ các tệp dưới đây.",
            "This bundle has no journal yet: figures are computed straight from the files below.",
        );
        Self {
            lang,
            known: report.known.clone().unwrap_or_else(|| without.to_owned()),
            files: files(report),
            coverage: coverage(report),
            many: report.board.units.len() > MANY,
            program: report.program.clone(),
        }
    }

    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }
}

fn files(report: &Report) -> Table {
    let lang = report.lang;
    let head = vec![
        Head::words(say(lang, "Tệp", "File")),
        Head::words(say(lang, "Loại dữ liệu", "Kind")),
        Head::number(say(lang, "Dòng đọc", "Rows read")),
        Head::number(say(lang, "Nhận", "Accepted")),
        Head::number(say(lang, "Từ chối", "Rejected")),
        Head::number(say(lang, "Không phải bản ghi", "No records")),
    ];
    let number = |value: u64| Cell::number(integer(value, lang));
    let rows = report.files.iter().map(|file| {
        Row::new(
            plain(&file.path, 200),
            vec![
                Cell::text(&file.kind),
                number(file.read),
                number(file.accepted),
                number(file.rejected),
                number(file.skipped),
            ],
        )
    });
    let caption = say(lang, "Tệp dữ liệu và số dòng", "Record files and their rows");
    Table { id: "files".into(), caption: caption.into(), head, rows: rows.collect(), ..Table::default() }
}

fn coverage(report: &Report) -> Option<Table> {
    let lang = report.lang;
    if report.coverage.is_empty() {
        return None;
    }
    let mut head = vec![Head::words(say(lang, "Đơn vị", "Unit"))];
    head.extend(report.coverage.iter().map(|kind| Head::number(kind.name.as_str())));
    let cell = |kind: &Coverage, at: usize| match kind.units.get(at).copied().flatten() {
        Some((seen, latest)) => {
            let latest = latest.filter(|_| seen > 0).map(|latest| day(latest, lang)).unwrap_or_default();
            Cell::number(report.count(&kind.kind, seen)).small(latest)
        }
        None => Cell::number(""),
    };
    let rows = report.board.units.iter().enumerate().map(|(at, unit)| {
        Row::new(
            plain(unit.short.get(lang), 120),
            report.coverage.iter().map(|kind| cell(kind, at)).collect(),
        )
    });
    let caption = say(
        lang,
        "Bản ghi của từng đơn vị, và ngày của bản ghi mới nhất",
        "Records of each unit, and the day of the latest",
    );
    Some(Table {
        id: "coverage".into(),
        caption: caption.into(),
        head,
        rows: rows.collect(),
        ..Table::default()
    })
}
