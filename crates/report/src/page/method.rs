//! How figures are made, for a person who has never heard of the program; and the definitions, exactly.

use askama::Template;
use giaouoc_agreement::text::Lang;

use crate::model::Report;
use crate::table::{Cell, Head, Row, Table};
use crate::words::{day, say};

/// The sections on method and definitions.
#[derive(Template)]
#[template(path = "page/method.html")]
pub struct Method {
    lang: Lang,
    definitions: Option<Table>,
    targets: Table,
    kinds: Table,
    calendars: Table,
}

impl Method {
    pub fn new(report: &Report) -> Self {
        Self {
            lang: report.lang,
            definitions: definitions(report),
            targets: targets(report),
            kinds: kinds(report),
            calendars: calendars(report),
        }
    }

    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }

    fn vietnamese(&self) -> bool {
        self.lang == Lang::Vi
    }
}

fn definitions(report: &Report) -> Option<Table> {
    let lang = report.lang;
    if report.definitions.is_empty() {
        return None;
    }
    let legal = report.definitions.iter().any(|definition| definition.legal.is_some());
    let mut head = vec![
        Head::words(say(lang, "Tên", "Name")),
        Head::words(say(lang, "Loại dữ liệu", "Kind")),
        Head::words(say(lang, "Nghĩa là", "Means")),
        Head::words(say(lang, "Từ ngày", "From")),
    ];
    if legal {
        head.push(Head::words(say(lang, "Căn cứ", "Legal basis")));
    }
    let rows = report.definitions.iter().map(|definition| {
        let from = definition
            .from
            .map_or_else(|| say(lang, "từ đầu", "the start").to_owned(), |from| day(from, lang));
        let mut cells = vec![Cell::text(&definition.kind), Cell::code(&definition.text), Cell::whole(from)];
        if legal {
            cells.push(Cell::text(definition.legal.as_deref().unwrap_or_default()));
        }
        Row::new(definition.id.as_str(), cells)
    });
    let caption = say(lang, "Tên gọi dùng trong các điều kiện", "Names that the conditions use");
    Some(Table {
        id: "names".into(),
        caption: caption.into(),
        head,
        rows: rows.collect(),
        ..Table::default()
    })
}

fn targets(report: &Report) -> Table {
    let lang = report.lang;
    let head = vec![
        Head::words(say(lang, "Chỉ tiêu", "Target")),
        Head::words(say(lang, "Mã", "Id")),
        Head::words(say(lang, "Mã băm SHA-256 của định nghĩa", "SHA-256 of the definition")),
    ];
    let rows = report.board.targets.iter().enumerate().map(|(at, line)| {
        Row::new(
            format!("{}. {}", at + 1, line.name.get(lang)),
            vec![Cell::code(&line.target), Cell::code(&line.digest)],
        )
        .to(report.to_target(at))
    });
    let caption = say(lang, "Chỉ tiêu", "Targets");
    Table { id: "targets-d".into(), caption: caption.into(), head, rows: rows.collect(), ..Table::default() }
}

fn kinds(report: &Report) -> Table {
    let lang = report.lang;
    let head = vec![
        Head::words(say(lang, "Loại dữ liệu", "Kind")),
        Head::words(say(lang, "Một bản ghi là", "A record is")),
        Head::words("SHA-256"),
    ];
    let rows = report.kinds.iter().map(|kind| {
        let cells = vec![Cell::text(&kind.meaning), Cell::code(&kind.digest)];
        let mut row = Row::new(kind.name.as_str(), cells);
        row.name = row.name.small(kind.id.as_str());
        row
    });
    let caption = say(lang, "Loại dữ liệu", "Kinds of records");
    Table { id: "kinds".into(), caption: caption.into(), head, rows: rows.collect(), ..Table::default() }
}

fn calendars(report: &Report) -> Table {
    let lang = report.lang;
    let head = vec![
        Head::words(say(lang, "Lịch", "Calendar")),
        Head::words(say(lang, "Phiên bản", "Version")),
        Head::words("SHA-256"),
    ];
    let rows = report.calendars.iter().map(|calendar| {
        Row::new(calendar.id.as_str(), vec![Cell::whole(&calendar.version), Cell::code(&calendar.digest)])
    });
    let caption = say(lang, "Lịch làm việc", "Working calendars");
    Table { id: "calendars".into(), caption: caption.into(), head, rows: rows.collect(), ..Table::default() }
}
