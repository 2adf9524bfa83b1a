//! A target: its clause, the rule in words and exactly, the counts that lead to each figure, the lenses side
//! by side and where they turn the verdict.

use anstyle::Style;
use giaouoc_agreement::figure::Verdict;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::sentence;
use giaouoc_agreement::scoreboard::{Figure, Line, Options};
use giaouoc_agreement::target::{Target, TargetVersion, Words};
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::time::Day;

use super::opened;
use crate::bundle::{self, Loaded};
use crate::cli::Explain;
use crate::fault::{Fault, Outcome};
use crate::render::board::Board;
use crate::render::grid::{Cell, Column, Grid, paragraph};
use crate::render::table::{day, lens_note, style};
use crate::score::cores;
use crate::screen::Screen;

/// The whole text.
pub fn explain(loaded: &Loaded, args: &Explain, options: &Options, screen: &Screen) -> Outcome<String> {
    let opened = crate::report::opened(loaded, options, cores(), screen)?;
    let board = &opened.board;
    let (Some(target), Some(line)) =
        (loaded.bundle.agreement.target(&args.target), board.scoreboard.targets.first())
    else {
        return Err(Fault::input(
            format!("chỉ tiêu “{}” chưa có hiệu lực trong kỳ này", args.target),
            format!("the target “{}” is not yet in force in this period", args.target),
        ));
    };
    let kind = bundle::kind(&target.kind)?;
    let only = args.unit.as_deref().map(|named| loaded.unit(named)).transpose()?;
    let only = only.map(|unit| loaded.bundle.cluster.units[unit].code.clone());
    let rows: Vec<(String, &Figure)> = board
        .scoreboard
        .units
        .iter()
        .zip(&line.figures)
        .filter(|(row, _)| only.as_ref().is_none_or(|code| *code == row.code))
        .filter_map(|(row, figure)| Some((row.short.get(screen.lang).to_owned(), figure.as_ref()?)))
        .chain(
            line.together
                .iter()
                .filter(|_| only.is_none())
                .map(|figure| (screen.say("Cả cụm", "Whole cluster").to_owned(), figure)),
        )
        .collect();
    let mut out = String::new();
    head(&mut out, loaded, target, line, screen);
    let parts = target.parts(&line.period);
    for (period, version) in &parts {
        if parts.len() > 1 {
            heading(&mut out, period.words().get(screen.lang));
        }
        rule(&mut out, kind, version, screen);
        definitions(&mut out, loaded, kind, &version.words, period.last, screen);
    }
    heading(&mut out, screen.say("Từ bản ghi đến số liệu", "From records to figures"));
    out.push_str(&funnel(&rows, screen).render(screen.width));
    out.push('\n');
    notes(&mut out, &rows, screen);
    lenses(&mut out, &rows, parts.last().map(|(_, version)| *version), screen);
    opened::render(&mut out, target, &board.scoreboard, line, &opened, only.as_deref(), screen);
    basis(&mut out, &rows, line, target, board, screen);
    Ok(out)
}

pub(super) fn heading(out: &mut String, text: &str) {
    let bold = Style::new().bold();
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
    out.push_str(&format!("{bold}{text}{bold:#}\n"));
}

fn head(out: &mut String, loaded: &Loaded, target: &Target, line: &Line, screen: &Screen) {
    let lang = screen.lang;
    let bold = Style::new().bold();
    for part in crate::render::grid::wrap(target.name.get(lang), screen.width) {
        out.push_str(&format!("{bold}{part}{bold:#}\n"));
    }
    let clause = screen.say("Khoản", "Clause");
    if let Some(text) = loaded.bundle.agreement.clause(&target.clause) {
        out.push_str(&paragraph(
            &format!("{clause} {}: {}", target.clause, text.text.get(lang)),
            "",
            "  ",
            screen.width,
        ));
    }
    let goal = format!("{}: {}", screen.say("Mức", "Goal"), line.goal.words.get(lang));
    out.push_str(&paragraph(&goal, "", "  ", screen.width));
    let day = day(line.as_of, lang);
    let when = format!(
        "{}: {} · {} {day}",
        screen.say("Kỳ", "Period"),
        line.period_words.get(lang),
        screen.say("tính đến hết ngày", "as of the end of")
    );
    out.push_str(&paragraph(&when, "", "  ", screen.width));
    for (label, text) in
        [(screen.say("Căn cứ", "Legal basis"), &target.legal), (screen.say("Ghi chú", "Note"), &target.note)]
    {
        if let Some(text) = text {
            out.push_str(&paragraph(&format!("{label}: {}", text.get(lang)), "", "  ", screen.width));
        }
    }
}

fn rule(out: &mut String, kind: &Kind, version: &TargetVersion, screen: &Screen) {
    let lang = screen.lang;
    heading(out, screen.say("Cách tính bằng lời", "The rule in words"));
    out.push_str(&paragraph(sentence(&version.rule, kind).get(lang), "  ", "  ", screen.width));
    heading(out, screen.say("Đúng như trong giao ước", "Exactly, as in the agreement"));
    exactly(out, &version.words, screen);
}

fn exactly(out: &mut String, words: &Words, screen: &Screen) {
    let lines =
        [("counted", Some(&words.counted)), ("met", words.met.as_ref()), ("value", words.value.as_ref())];
    for (label, text) in lines {
        if let Some(text) = text {
            let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            out.push_str(&paragraph(&format!("{label} = {one_line}"), "  ", "    ", screen.width));
        }
    }
}

/// The definitions that the conditions name, and those that these name, as they stand on a day.
fn definitions(out: &mut String, loaded: &Loaded, kind: &Kind, words: &Words, on: Day, screen: &Screen) {
    for (name, text) in named(loaded, kind, words, on) {
        out.push_str(&paragraph(&format!("{name}: {text}"), "  ", "    ", screen.width));
    }
}

/// The same as names and texts, each on one line.
pub fn named(loaded: &Loaded, kind: &Kind, words: &Words, on: Day) -> Vec<(String, String)> {
    let mut named = Vec::new();
    let all = &loaded.bundle.agreement.definitions;
    let mut texts: Vec<&str> = [Some(&words.counted), words.met.as_ref(), words.value.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let mut said: Vec<&str> = Vec::new();
    while let Some(text) = texts.pop() {
        let names = text.split(|character: char| !character.is_alphanumeric() && character != '_');
        for name in names.filter(|name| !name.is_empty()) {
            let versions = all.iter().filter(|found| found.id == name && found.kind == kind.id);
            let held = versions.filter(|found| found.from.is_none_or(|from| from <= on));
            let Some(found) = held.max_by_key(|found| found.from).filter(|_| !said.contains(&name)) else {
                continue;
            };
            said.push(name);
            texts.push(&found.is);
            let one_line = found.is.split_whitespace().collect::<Vec<_>>().join(" ");
            named.push((found.id.clone(), one_line));
        }
    }
    named
}

/// The counts on the way: records of the unit, counted, meeting the target, unknown.
fn funnel(rows: &[(String, &Figure)], screen: &Screen) -> Grid {
    let lang = screen.lang;
    let column = |head: &str, cell: &dyn Fn(&Figure) -> Cell| Column {
        head: vec![head.to_owned()],
        cells: rows.iter().map(|(_, figure)| cell(figure)).collect(),
        right: true,
    };
    let number = |value: i64| Cell::plain(giaouoc_agreement::figure::integer(value, lang));
    let shown = |figure: &Figure| {
        let shown = figure.amount.as_ref().map_or("", |_| figure.shown.get(lang));
        Cell::plain(shown)
    };
    Grid {
        label_head: screen.say("Đơn vị", "Unit").into(),
        labels: rows.iter().map(|(name, _)| Cell::plain(name.as_str())).collect(),
        columns: vec![
            column(screen.say("bản ghi", "records"), &|figure| number(figure.tally.seen)),
            column(screen.say("được tính", "counted"), &|figure| number(figure.tally.counted)),
            column(screen.say("chưa rõ", "unknown"), &|figure| {
                number(figure.tally.counted_unknown + figure.tally.met_unknown)
            }),
            column(screen.say("số nguyên", "integers"), &|figure| {
                Cell::plain(figure.amount.as_ref().map(|amount| amount.integers(lang)).unwrap_or_default())
            }),
            column(screen.say("số liệu", "figure"), &shown),
            Column {
                head: vec![screen.say("kết quả", "verdict").to_owned()],
                cells: rows.iter().map(|(_, figure)| verdict(figure.verdict, lang)).collect(),
                right: false,
            },
            Column {
                head: vec![screen.say("căn cứ", "rests on").to_owned()],
                cells: rows.iter().map(|(_, figure)| Cell::plain(figure.grade.words().get(lang))).collect(),
                right: false,
            },
        ],
        rule_above: Vec::new(),
    }
}

fn verdict(verdict: Verdict, lang: Lang) -> Cell {
    Cell::styled(format!("{} {}", verdict.sign(), verdict.words().get(lang)), style(verdict))
}

fn notes(out: &mut String, rows: &[(String, &Figure)], screen: &Screen) {
    let lang = screen.lang;
    for (name, figure) in rows {
        let mut said: Vec<String> = figure.notes.iter().map(|note| note.get(lang).to_owned()).collect();
        said.extend(figure.tally.unknown_columns.iter().map(|unknown| match lang {
            Lang::Vi => format!("{} bản ghi để trống {}", unknown.records, unknown.column),
            Lang::En => format!("{} records without {}", unknown.records, unknown.column),
        }));
        said.extend(figure.need_words.iter().map(|need| need.get(lang).to_owned()));
        for part in &figure.parts {
            let shown = part.amount.as_ref().map_or("–", |_| part.shown.get(lang));
            let verdict = part.verdict.words();
            said.push(format!("{}: {shown}, {}", part.period.words().get(lang), verdict.get(lang)));
        }
        if !said.is_empty() {
            out.push_str(&paragraph(&format!("{name}: {}", said.join("; ")), "· ", "  ", screen.width));
        }
    }
}

/// Rival definitions side by side; where one turns the verdict the cell says what it would be.
fn lenses(out: &mut String, rows: &[(String, &Figure)], version: Option<&TargetVersion>, screen: &Screen) {
    let lang = screen.lang;
    let Some(version) = version.filter(|version| !version.lenses.is_empty()) else {
        return;
    };
    heading(out, screen.say("Các cách tính đối chiếu", "Rival definitions"));
    let own = Column {
        head: vec![screen.say("giao ước", "agreement").to_owned()],
        cells: rows.iter().map(|(_, figure)| figure_cell(figure, lang)).collect(),
        right: true,
    };
    let mut columns = vec![own];
    for lens in &version.lenses {
        let cells = rows.iter().map(|(_, figure)| {
            let found = figure.lenses.iter().find(|found| found.lens == lens.id);
            found.filter(|found| found.amount.has_value()).map_or_else(Cell::default, |found| {
                let mark = if found.flips { "⇄ " } else { "" };
                let text = format!("{mark}{} {}", found.shown.get(lang), found.would_be.sign());
                Cell::styled(text, if found.flips { style(found.would_be).bold() } else { Style::new() })
            })
        });
        columns.push(Column { head: vec![lens.id.clone()], cells: cells.collect(), right: true });
    }
    let labels = rows.iter().map(|(name, _)| Cell::plain(name.as_str())).collect();
    let label_head = screen.say("Đơn vị", "Unit").into();
    out.push_str(&Grid { label_head, labels, columns, rule_above: Vec::new() }.render(screen.width));
    if rows.iter().any(|(_, figure)| figure.lenses.iter().any(|lens| lens.flips)) {
        let text = screen.say("⇄ cách tính này đổi kết quả đánh giá", "⇄ this definition turns the verdict");
        out.push_str(&paragraph(text, "", "", screen.width));
    }
    for (name, figure) in rows {
        if let Some(note) = lens_note(figure) {
            out.push_str(&paragraph(&format!("{name}: {}", note.get(lang)), "", "  ", screen.width));
        }
    }
    for lens in &version.lenses {
        let goal =
            if lens.goal == version.goal { String::new() } else { format!(" ({})", lens.goal.signs(lang)) };
        out.push_str(&paragraph(
            &format!("{}: {}{goal}", lens.id, lens.name.get(lang)),
            "· ",
            "  ",
            screen.width,
        ));
    }
}

fn figure_cell(figure: &Figure, lang: Lang) -> Cell {
    let shown = figure.amount.as_ref().map_or("", |_| figure.shown.get(lang));
    Cell::styled(format!("{shown} {}", figure.verdict.sign()).trim().to_owned(), style(figure.verdict))
}

/// What the figures stand on, for somebody who computes them again.
fn basis(
    out: &mut String,
    rows: &[(String, &Figure)],
    line: &Line,
    target: &Target,
    board: &Board,
    screen: &Screen,
) {
    heading(out, screen.say("Để tính lại", "To compute it again"));
    let mut say = |label: &str, text: &str| {
        out.push_str(&paragraph(&format!("{label}: {text}"), "  ", "    ", screen.width));
    };
    say(screen.say("Mã băm của định nghĩa", "Digest of the definition"), &line.digest);
    if let Some(calendar) = rows.iter().map(|(_, figure)| &figure.calendar).next() {
        let text = format!("{} {} ({})", calendar.id, calendar.version, calendar.digest);
        say(screen.say("Lịch làm việc", "Calendar"), &text);
    }
    if let Some(latest) = rows.iter().filter_map(|(_, figure)| figure.tally.latest).max() {
        say(screen.say("Bản ghi mới nhất", "Latest record"), &day(latest, screen.lang));
    }
    if let Some(known) = &board.known {
        say(screen.say("Đồng hồ thứ hai", "Second clock"), known.get(screen.lang));
    }
    let examples = target.examples.len().to_string();
    say(screen.say("Ví dụ tính mẫu đúng cả", "Worked examples, all right"), &examples);
}
