//! A unit's page: all its figures in one table, its months as small lines.

use askama::Template;
use giaouoc_agreement::scoreboard::Figure;
use giaouoc_agreement::text::Lang;

use super::texts::{Tally, ground};
use super::{MANY, months};
use crate::chart;
use crate::model::Report;
use crate::table::{Cell, Head, Row, Table};
use crate::words::{grade_mark, plain, say};

/// All units.
#[derive(Template)]
#[template(path = "page/unit.html")]
pub struct Units {
    lang: Lang,
    many: bool,
    /// Whether it is one unit on a page of its own.
    alone: bool,
    units: Vec<UnitPage>,
}

struct UnitPage {
    number: usize,
    name: String,
    code: String,
    lead: String,
    table: Table,
    lines: Vec<SmallLine>,
}

/// A target's months as a small line.
struct SmallLine {
    name: String,
    svg: String,
    text: String,
}

impl Units {
    pub fn new(report: &Report) -> Self {
        let many = report.board.units.len() > MANY;
        let units = (0..report.board.units.len()).map(|at| unit(report, at, many)).collect();
        Self { lang: report.lang, many, alone: false, units }
    }

    /// One unit, for a page of its own.
    pub fn one(report: &Report, at: usize) -> Self {
        Self { lang: report.lang, many: false, alone: true, units: vec![unit(report, at, false)] }
    }

    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }
}

fn unit(report: &Report, at: usize, many: bool) -> UnitPage {
    let lang = report.lang;
    let row = &report.board.units[at];
    let own = || {
        let lines = report.board.targets.iter().enumerate();
        lines.filter_map(|(number, line)| Some((number, line, line.figures.get(at)?.as_ref()?)))
    };
    let tally = Tally::of(own().map(|(_, _, figure)| figure));
    let lead = match lang {
        Lang::Vi => format!("Đạt {} trong {} chỉ tiêu được đánh giá.", tally.met, tally.judged()),
        Lang::En => format!("Meets {} of {} targets judged.", tally.met, tally.judged()),
    };
    let head = vec![
        Head::words(say(lang, "Chỉ tiêu", "Target")),
        Head::number(say(lang, "Số liệu", "Figure")),
        Head::words(say(lang, "Mức", "Goal")),
        Head::words(say(lang, "Kết quả", "Verdict")),
    ];
    let rows = own().map(|(number, line, figure)| {
        let shown = figure.amount.as_ref().map_or("–", |_| figure.shown.get(lang));
        let cells = vec![
            Cell {
                href: report.to_figure(number, Some(at)),
                ..Cell::number(format!("{shown}{}", grade_mark(figure.grade)))
                    .small(integers(figure, shown, lang))
            },
            Cell::text(line.goal.words.get(lang)),
            Cell::verdict(figure.verdict, lang).small(ground(figure, lang)),
        ];
        let mut row = Row::new(format!("{}. {}", number + 1, plain(line.name.get(lang), 120)), cells);
        row.name = row.name.small(report.remark(&report.board.targets[number], figure));
        row.to(report.to_target(number))
    });
    let name = row.name.get(lang);
    let caption = match lang {
        Lang::Vi => format!("Mọi số liệu của {}", plain(name, 120)),
        Lang::En => format!("All figures of {}", plain(name, 120)),
    };
    let id = format!("u{}f", at + 1);
    let table = Table { id, caption, quiet: true, head, rows: rows.collect(), ..Table::default() };
    UnitPage {
        number: at + 1,
        name: name.to_owned(),
        code: row.code.clone(),
        lead,
        table,
        lines: if many { Vec::new() } else { small_lines(report, at) },
    }
}

fn integers(figure: &Figure, shown: &str, lang: Lang) -> String {
    let integers = figure.amount.as_ref().map(|amount| amount.integers(lang)).unwrap_or_default();
    if integers == shown { String::new() } else { integers }
}

fn small_lines(report: &Report, at: usize) -> Vec<SmallLine> {
    let lang = report.lang;
    let mut lines = Vec::new();
    for (number, (line, detail)) in report.board.targets.iter().zip(&report.details).enumerate() {
        let Some(found) = &detail.months else { continue };
        let Some(Some(cells)) = found.units.get(at) else { continue };
        if !months::is_share(found) {
            continue;
        }
        let points: Vec<_> = cells.iter().map(|cell| months::point(cell, line)).collect();
        let known: Vec<i64> = points.iter().flatten().map(|point| point.at).collect();
        let (Some(least), Some(most), true) = (known.iter().min(), known.iter().max(), known.len() > 2)
        else {
            continue;
        };
        let (least, most) = (crate::words::share(*least, lang), crate::words::share(*most, lang));
        let text = match lang {
            Lang::Vi => format!("từng tháng từ {least} đến {most}"),
            Lang::En => format!("by month from {least} to {most}"),
        };
        let title = format!("{}: {text}", line.name.get(lang));
        let id = format!("u{}s{}", at + 1, number + 1);
        let svg = chart::small_line(&id, &title, &points, months::goal_level(line));
        lines.push(SmallLine { name: line.name.get(lang).to_owned(), svg, text });
    }
    lines
}
