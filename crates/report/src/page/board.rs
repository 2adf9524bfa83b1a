//! The scoreboard: every target against every unit.

use askama::Template;
use giaouoc_agreement::figure::{Grade, Verdict};
use giaouoc_agreement::scoreboard::{Figure, Line, UnitsShare};
use giaouoc_agreement::text::Lang;

use super::texts::{cluster, together};
use super::{LONGEST, MANY};
use crate::model::Report;
use crate::table::{Cell, Head, Row, Table};
use crate::words::{class, grade_mark, plain, say};

/// The scoreboard's section.
#[derive(Template)]
#[template(path = "page/board.html")]
pub struct Board {
    lang: Lang,
    table: Table,
    legend: Vec<(&'static str, &'static str, String)>,
    notes: Vec<Notes>,
    many: bool,
    remarks: Vec<String>,
}

/// Notes of one target.
struct Notes {
    number: usize,
    href: String,
    name: String,
    lines: Vec<String>,
    more: usize,
}

impl Board {
    pub fn new(report: &Report) -> Self {
        let lang = report.lang;
        let lines = |line: &Line| unjudged(report, line);
        let notes = report.board.targets.iter().enumerate().map(|(at, line)| (at, line, lines(line)));
        let notes: Vec<Notes> = notes
            .filter(|(_, _, lines)| !lines.is_empty())
            .map(|(at, line, lines)| Notes {
                number: at + 1,
                href: report.to_target(at),
                name: line.name.get(lang).to_owned(),
                more: lines.len().saturating_sub(LONGEST),
                lines: lines.into_iter().take(LONGEST).collect(),
            })
            .collect();
        let many = notes.iter().map(|notes| notes.lines.len()).sum::<usize>() > MANY;
        Self {
            lang,
            table: table(report),
            legend: legend(report),
            notes,
            many,
            remarks: report.remarks.clone(),
        }
    }

    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }
}

/// A figure with its verdict, as the scoreboard shows it.
pub fn figure_cell(figure: Option<&Figure>, lang: Lang) -> Cell {
    let Some(figure) = figure else {
        return Cell { class: "n", ..Cell::default() };
    };
    let shown = figure.amount.as_ref().map(|_| figure.shown.get(lang)).filter(|shown| *shown != "–");
    Cell {
        text: shown.map(|shown| format!("{shown}{}", grade_mark(figure.grade))).unwrap_or_default(),
        class: "n",
        verdict: Some((figure.verdict, lang)),
        ..Cell::default()
    }
}

fn share_cell(share: Option<&UnitsShare>, lang: Lang) -> Cell {
    let Some(share) = share else {
        return Cell { class: "n", ..Cell::default() };
    };
    Cell {
        text: format!("{}/{}", share.met, share.of),
        class: "n",
        verdict: Some((share.verdict, lang)),
        ..Cell::default()
    }
}

fn table(report: &Report) -> Table {
    let lang = report.lang;
    let board = &report.board;
    let mut head = vec![Head::words(say(lang, "Đơn vị", "Unit"))];
    head.extend(board.targets.iter().enumerate().map(|(at, line)| Head {
        text: format!("{}. {}", at + 1, plain(line.name.get(lang), 120)),
        small: line.goal.words.get(lang).to_owned(),
        href: report.to_target(at),
        number: true,
    }));
    let mut rows: Vec<Row> = board
        .units
        .iter()
        .enumerate()
        .map(|(at, unit)| {
            let cells = board.targets.iter().enumerate().map(|(target, line)| {
                let figure = line.figures.get(at).and_then(Option::as_ref);
                let href = figure.map(|_| report.to_figure(target, Some(at))).unwrap_or_default();
                Cell { href, ..figure_cell(figure, lang) }
            });
            Row::new(plain(unit.short.get(lang), 120), cells.collect()).to(report.to_unit(at))
        })
        .collect();
    if board.targets.iter().any(|line| line.together.is_some()) {
        let cells = board.targets.iter().enumerate().map(|(target, line)| {
            let href = line.together.as_ref().map(|_| report.to_figure(target, None)).unwrap_or_default();
            Cell { href, ..figure_cell(line.together.as_ref(), lang) }
        });
        rows.push(Row::new(cluster(lang), cells.collect()).sum());
    }
    if board.targets.iter().any(|line| line.units_share.is_some()) {
        let cells = board.targets.iter().map(|line| share_cell(line.units_share.as_ref(), lang));
        rows.push(Row::new(say(lang, "Số đơn vị đạt", "Units that meet it"), cells.collect()).sum());
    }
    let caption = say(
        lang,
        "Mỗi hàng một đơn vị, mỗi cột một chỉ tiêu",
        "A row for each unit, a column for each target",
    );
    Table { id: "scores".into(), caption: caption.into(), quiet: true, cards: true, head, rows }
}

/// The signs that occur, with their words.
fn legend(report: &Report) -> Vec<(&'static str, &'static str, String)> {
    let lang = report.lang;
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut grades: Vec<Grade> = Vec::new();
    for line in &report.board.targets {
        for figure in line.figures.iter().flatten().chain(&line.together) {
            verdicts.push(figure.verdict);
            grades.push(figure.grade);
        }
    }
    verdicts.sort_unstable();
    verdicts.dedup();
    grades.sort_unstable();
    grades.dedup();
    let verdicts = verdicts.into_iter().map(|verdict| {
        let words = match verdict {
            Verdict::Met | Verdict::NotMet => verdict.words().get(lang).to_owned(),
            Verdict::NoCases => say(lang, "không phát sinh (có xác nhận)", "no cases (confirmed)").to_owned(),
            Verdict::NoData => say(lang, "chưa có số liệu", "no data").to_owned(),
            Verdict::NotYetDue => say(lang, "chưa đến lúc đánh giá", "not yet due").to_owned(),
            Verdict::Exempt => say(lang, "được miễn", "exempt").to_owned(),
            Verdict::NotJudged => say(lang, "không đánh giá", "not judged").to_owned(),
        };
        (class(verdict), verdict.sign(), words)
    });
    let grades = grades.into_iter().filter(|grade| !grade_mark(*grade).is_empty());
    let grades = grades.map(|grade| ("mute", grade_mark(grade), grade.words().get(lang).to_owned()));
    verdicts.chain(grades).collect()
}

/// Who was not judged, and why.
fn unjudged(report: &Report, line: &Line) -> Vec<String> {
    let lang = report.lang;
    let rows = report.board.units.iter().map(|row| row.short.get(lang)).zip(&line.figures);
    let rows = rows.filter_map(|(name, figure)| Some((name, figure.as_ref()?)));
    let rows = rows.chain(line.together.iter().map(|figure| (cluster(lang), figure)));
    let rows = rows.filter(|(_, figure)| !matches!(figure.verdict, Verdict::Met | Verdict::NotMet));
    let rows = rows.map(|(name, figure)| {
        let (word, why) = (figure.verdict.words(), report.remark(line, figure));
        let word = word.get(lang);
        let said = match why.as_str() {
            "" => word.to_owned(),
            why if why.starts_with(word) => why.to_owned(),
            why => format!("{word}; {why}"),
        };
        (plain(name, 120), said)
    });
    let mut lines = together(rows);
    lines.extend(
        line.units_share
            .iter()
            .flat_map(|share| &share.notes)
            .map(|note| format!("{}: {}", say(lang, "Số đơn vị đạt", "Units that meet it"), note.get(lang))),
    );
    lines
}
