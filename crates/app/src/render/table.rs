//! `--format table`: the scoreboard on a terminal of any width.

use anstyle::{AnsiColor, Style};
use giaouoc_agreement::figure::{Grade, Verdict};
use giaouoc_agreement::scoreboard::{Figure, Line, Scoreboard, UnitsShare};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_worktime::time::Day;

use crate::render::board::{Board, FileLine};
use crate::render::grid::{Cell, Column, Grid, paragraph, width};
use crate::screen::Screen;

/// The colour of a verdict: a help, never the only bearer.
pub fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Met => Style::new().fg_color(Some(AnsiColor::Green.into())),
        Verdict::NotMet => Style::new().fg_color(Some(AnsiColor::Red.into())),
        Verdict::NoData | Verdict::NotYetDue => Style::new().fg_color(Some(AnsiColor::Yellow.into())),
        Verdict::NoCases | Verdict::Exempt | Verdict::NotJudged => Style::new().dimmed(),
    }
}

/// The whole screen.
pub fn render(board: &Board, screen: &Screen, lenses: bool) -> String {
    let lang = screen.lang;
    let scores = &board.scoreboard;
    let bold = Style::new().bold();
    let mut out = String::new();
    let mut head = |text: &str| {
        for line in crate::render::grid::wrap(text, screen.width) {
            out.push_str(&format!("{bold}{line}{bold:#}\n"));
        }
    };
    let title = scores.title.get(lang);
    let cluster = scores.cluster.get(lang);
    head(title);
    if !title.contains(cluster) {
        head(cluster);
    }
    if let Some(said) = &board.by_draft {
        out.push_str(&paragraph(said.get(lang), "", "", screen.width));
    }
    out.push_str(&when(board, screen));
    out.push('\n');
    let wide = grid(board, screen, true);
    let wide_enough = widest(&wide) <= screen.width;
    out.push_str(&if wide_enough { wide } else { grid(board, screen, false) }.render(screen.width));
    out.push('\n');
    out.push_str(&legend(board, screen));
    out.push('\n');
    targets(&mut out, board, screen);
    notes(&mut out, board, screen, lenses);
    closing(&mut out, board, screen);
    out
}

fn widest(grid: &Grid) -> usize {
    let label = grid.labels.iter().map(|label| width(&label.text)).max().unwrap_or(0);
    let columns = grid.columns.iter().map(|column| {
        let cells = column.cells.iter().map(|cell| width(&cell.text)).max().unwrap_or(0);
        2 + column.head.iter().map(|line| width(line)).max().unwrap_or(0).max(cells)
    });
    label + columns.sum::<usize>()
}

/// A day as the language writes it.
pub fn day(day: Day, lang: Lang) -> String {
    match lang {
        Lang::Vi => day.dmy(),
        Lang::En => day.to_string(),
    }
}

fn when(board: &Board, screen: &Screen) -> String {
    let Some(line) = board.scoreboard.targets.first() else {
        return String::new();
    };
    let period = line.period_words.get(screen.lang);
    let day = day(line.as_of, screen.lang);
    let text = match (screen.lang, line.ended) {
        (Lang::Vi, true) => format!("Kỳ: {period} · tính đến hết ngày {day}"),
        (Lang::Vi, false) => format!("Kỳ: {period} · số tạm tính đến hết ngày {day}"),
        (Lang::En, true) => format!("Period: {period} · as of the end of {day}"),
        (Lang::En, false) => format!("Period: {period} · provisional, as of the end of {day}"),
    };
    let known = board.known.as_ref().map(|known| format!(" · {}", known.get(screen.lang)));
    paragraph(&format!("{text}{}", known.unwrap_or_default()), "", "", screen.width)
}

fn grid(board: &Board, screen: &Screen, words: bool) -> Grid {
    let lang = screen.lang;
    let scores = &board.scoreboard;
    let mut labels: Vec<Cell> = scores.units.iter().map(|row| Cell::plain(row.short.get(lang))).collect();
    let units = labels.len();
    let together = scores.targets.iter().any(|line| line.together.is_some());
    let share = scores.targets.iter().any(|line| line.units_share.is_some());
    let bold = Style::new().bold();
    if together {
        labels.push(Cell::styled(screen.say("Cả cụm", "Whole cluster"), bold));
    }
    if share {
        labels.push(Cell::styled(screen.say("Đơn vị đạt", "Units that meet"), bold));
    }
    let columns = scores
        .targets
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let mut cells: Vec<Cell> =
                line.figures.iter().map(|figure| figure_cell(figure.as_ref(), lang, words)).collect();
            if together {
                cells.push(figure_cell(line.together.as_ref(), lang, words));
            }
            if share {
                cells.push(share_cell(line.units_share.as_ref(), lang, words));
            }
            Column { head: vec![format!("[{}]", at + 1), line.goal.goal.signs(lang)], cells, right: !words }
        })
        .collect();
    let rule_above = if together || share { vec![units] } else { Vec::new() };
    Grid { label_head: screen.say("Đơn vị", "Unit").into(), labels, columns, rule_above }
}

/// What a figure rests on is part of it: one that does not rest on records carries a mark.
pub fn grade_mark(grade: Grade) -> &'static str {
    match grade {
        Grade::SignedTotals | Grade::PublishedTotals => "*",
        Grade::Stated => "°",
        Grade::Records | Grade::NilReport | Grade::Nothing => "",
    }
}

fn figure_cell(figure: Option<&Figure>, lang: Lang, words: bool) -> Cell {
    let Some(figure) = figure else {
        return Cell::plain("");
    };
    let shown = if figure.amount.is_some() { figure.shown.get(lang) } else { "" };
    verdict_cell(&format!("{shown}{}", grade_mark(figure.grade)), figure.verdict, lang, words)
}

fn share_cell(share: Option<&UnitsShare>, lang: Lang, words: bool) -> Cell {
    match share {
        None => Cell::plain(""),
        Some(share) => verdict_cell(&format!("{}/{}", share.met, share.of), share.verdict, lang, words),
    }
}

fn verdict_cell(shown: &str, verdict: Verdict, lang: Lang, words: bool) -> Cell {
    let word = if words { format!(" {}", verdict.words().get(lang)) } else { String::new() };
    let space = if shown.is_empty() || shown == "–" { "" } else { " " };
    let shown = if shown == "–" { "" } else { shown };
    Cell::styled(format!("{shown}{space}{}{word}", verdict.sign()), style(verdict))
}

fn legend(board: &Board, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut grades: Vec<Grade> = Vec::new();
    for line in &board.scoreboard.targets {
        for figure in line.figures.iter().flatten().chain(&line.together) {
            verdicts.push(figure.verdict);
            grades.push(figure.grade);
        }
        verdicts.extend(line.units_share.as_ref().map(|share| share.verdict));
    }
    verdicts.sort_unstable();
    verdicts.dedup();
    let mut parts: Vec<String> =
        verdicts.iter().map(|verdict| format!("{} {}", verdict.sign(), verdict.words().get(lang))).collect();
    if grades.contains(&Grade::SignedTotals) {
        parts.push(format!("* {}", Grade::SignedTotals.words().get(lang)));
    }
    if grades.contains(&Grade::PublishedTotals) {
        parts.push(format!("* {}", Grade::PublishedTotals.words().get(lang)));
    }
    if grades.contains(&Grade::Stated) {
        parts.push(format!("° {}", Grade::Stated.words().get(lang)));
    }
    paragraph(&parts.join(" · "), "", "", screen.width)
}

fn targets(out: &mut String, board: &Board, screen: &Screen) {
    heading(out, screen.say("Chỉ tiêu", "Targets"));
    for (at, line) in board.scoreboard.targets.iter().enumerate() {
        let lang = screen.lang;
        let clause = screen.say("khoản", "clause");
        let units = line.units_share.as_ref().map(|share| {
            let goal = share.goal.goal.signs(lang);
            format!("; {} {goal}", screen.say("tỷ lệ đơn vị đạt", "units that meet it"))
        });
        let text = format!(
            "{} ({clause} {}): {}{}",
            line.name.get(lang),
            line.clause,
            line.goal.words.get(lang),
            units.unwrap_or_default()
        );
        let first = format!("[{}] ", at + 1);
        out.push_str(&paragraph(&text, &first, &" ".repeat(width(&first)), screen.width));
    }
}

fn heading(out: &mut String, text: &str) {
    let bold = Style::new().bold();
    out.push_str(&format!("{bold}{text}{bold:#}\n"));
}

/// What a reader must know of single figures: what was not judged and why, what a figure rests on, what is
/// unknown, where a rival definition would turn the verdict, what it takes from here. One list for each
/// target, in order.
pub fn remarks(scores: &Scoreboard, screen: &Screen, lenses: bool) -> Vec<Vec<String>> {
    let lang = screen.lang;
    let of = |line: &Line| {
        let mut said = Vec::new();
        for (row, figure) in scores.units.iter().zip(&line.figures) {
            if let Some(figure) = figure {
                said.extend(remark(row.short.get(lang), figure, screen, lenses));
            }
        }
        if let Some(figure) = &line.together {
            said.extend(remark(screen.say("Cả cụm", "Whole cluster"), figure, screen, lenses));
        }
        if let Some(share) = &line.units_share {
            for note in &share.notes {
                said.push(format!("{}: {}", screen.say("Đơn vị đạt", "Units that meet"), note.get(lang)));
            }
        }
        if !lenses {
            said.extend(turned(scores, line, screen));
        }
        said
    };
    scores.targets.iter().map(of).collect()
}

fn notes(out: &mut String, board: &Board, screen: &Screen, lenses: bool) {
    let mut text = String::new();
    for (at, said) in remarks(&board.scoreboard, screen, lenses).iter().enumerate() {
        for (index, remark) in said.iter().enumerate() {
            let first = if index == 0 { format!("[{}] ", at + 1) } else { "    ".to_owned() };
            text.push_str(&paragraph(remark, &first, "      ", screen.width));
        }
    }
    if !text.is_empty() {
        out.push('\n');
        heading(out, screen.say("Ghi chú", "Notes"));
        out.push_str(&text);
    }
}

/// Whose verdict some rival definition would turn, and how many of them.
fn turned(scores: &Scoreboard, line: &Line, screen: &Screen) -> Option<String> {
    let lang = screen.lang;
    let all = screen.say("cả cụm", "whole cluster");
    let rows = scores
        .units
        .iter()
        .zip(&line.figures)
        .filter_map(|(row, figure)| Some((row.short.get(lang), figure.as_ref()?)));
    let rows = rows.chain(line.together.iter().map(|figure| (all, figure)));
    let list: Vec<String> = rows
        .filter_map(|(name, figure)| {
            let flips = figure.lenses.iter().filter(|lens| lens.flips).count();
            let note = lens_note(figure).map(|note| format!(" ({})", note.get(lang))).unwrap_or_default();
            (flips > 0).then(|| format!("{name} {flips}/{}{note}", figure.lenses.len()))
        })
        .collect();
    let label = screen.say("Cách tính đối chiếu cho kết quả khác", "Rival definitions that turn the verdict");
    (!list.is_empty()).then(|| format!("{label}: {}", list.join(", ")))
}

/// What the lenses leave out, the same for all of them.
pub fn lens_note(figure: &Figure) -> Option<&Text> {
    figure.lenses.iter().find_map(|lens| lens.note.as_ref())
}

fn remark(who: &str, figure: &Figure, screen: &Screen, lenses: bool) -> Option<String> {
    let lang = screen.lang;
    let mut parts: Vec<String> = Vec::new();
    let judged = matches!(figure.verdict, Verdict::Met | Verdict::NotMet);
    let word = figure.verdict.words();
    let word = word.get(lang);
    if !judged && !figure.notes.iter().any(|note| note.get(lang).starts_with(word)) {
        parts.push(word.to_owned());
    }
    if let Some(amount) = figure.amount.as_ref().filter(|_| figure.verdict == Verdict::NotMet) {
        let integers = amount.integers(lang);
        if integers != figure.shown.get(lang) {
            parts.push(integers);
        }
    }
    parts.extend(figure.notes.iter().map(|note| note.get(lang).to_owned()));
    if figure.tally.met_unknown > 0 {
        let columns: Vec<_> =
            figure.tally.unknown_columns.iter().map(|column| column.column.as_str()).collect();
        let count = figure.tally.met_unknown;
        let columns = columns.join(", ");
        parts.push(match lang {
            Lang::Vi => format!("{count} bản ghi chưa đủ dữ liệu ({columns})"),
            Lang::En => format!("{count} records with unknown {columns}"),
        });
    }
    if figure.tally.counted_unknown > 0 {
        let count = figure.tally.counted_unknown;
        parts.push(match lang {
            Lang::Vi => format!("{count} bản ghi chưa rõ có được tính hay không"),
            Lang::En => format!("{count} records of which it is unknown whether they count"),
        });
    }
    // A rival definition that reads nothing has nothing to say; the figure says why.
    for lens in figure.lenses.iter().filter(|lens| lenses && lens.would_be != Verdict::NoData) {
        let (name, shown) = (lens.name.get(lang), lens.shown.get(lang));
        let would = lens.would_be.words();
        let (would, mark) = (would.get(lang), if lens.flips { "⇄ " } else { "" });
        parts.push(match lang {
            Lang::Vi => format!("{mark}theo cách tính “{name}”: {shown}, {would}"),
            Lang::En => format!("{mark}under “{name}”: {shown}, {would}"),
        });
    }
    parts.extend(lens_note(figure).filter(|_| lenses).map(|note| note.get(lang).to_owned()));
    // What it takes is for those who are not there yet.
    let need = figure.need_words.iter().filter(|_| figure.verdict != Verdict::Met);
    parts.extend(need.map(|need| need.get(lang).to_owned()));
    (!parts.is_empty()).then(|| format!("{who}: {}", parts.join("; ")))
}

/// One line for each file of which rows were rejected.
pub fn rejected(files: &[FileLine], lang: Lang) -> impl Iterator<Item = String> {
    files.iter().filter(|file| file.rejected > 0).map(move |file| match lang {
        Lang::Vi => format!(
            "{}: {} dòng bị từ chối trong {} dòng đọc được; xem bằng lệnh check",
            file.path, file.rejected, file.read
        ),
        Lang::En => format!(
            "{}: {} of {} rows rejected; see them with the command check",
            file.path, file.rejected, file.read
        ),
    })
}

/// What is said of the board as a whole: of the agreement, of rejected rows, open questions.
pub fn general(board: &Board, screen: &Screen) -> Vec<String> {
    let lang = screen.lang;
    // That the figures are by a draft stands at the head of every form, and is not said twice.
    let notes = board.scoreboard.notes.iter().filter(|note| board.by_draft.as_ref() != Some(*note));
    let mut lines: Vec<String> = notes.map(|note| note.get(lang).to_owned()).collect();
    lines.extend(rejected(&board.files, lang));
    lines.extend(
        board
            .questions
            .iter()
            .map(|question| format!("{} {}", screen.say("Câu hỏi:", "Question:"), question.get(lang))),
    );
    lines
}

fn closing(out: &mut String, board: &Board, screen: &Screen) {
    let mut lines = general(board, screen);
    let first = board.scoreboard.targets.iter().find(|line| {
        line.figures
            .iter()
            .flatten()
            .chain(&line.together)
            .any(|figure| figure.lenses.iter().any(|lens| lens.flips))
    });
    lines.extend(first.map(|line| {
        let way = screen.say("Các cách tính đối chiếu", "Rival definitions");
        format!("{way}: giaouoc explain {} {}", board.bundle, line.target)
    }));
    if !lines.is_empty() {
        out.push('\n');
    }
    for line in &lines {
        out.push_str(&paragraph(line, "· ", "  ", screen.width));
    }
}

/// Whether any judged figure of a line is not met (`--strict`).
pub fn any_not_met(line: &Line) -> bool {
    line.figures.iter().flatten().chain(&line.together).any(|figure| figure.verdict == Verdict::NotMet)
        || line.units_share.as_ref().is_some_and(|share| share.verdict == Verdict::NotMet)
}
