//! `--format md`: the scoreboard for a report or a letter.

use giaouoc_agreement::figure::Verdict;
use giaouoc_agreement::scoreboard::{Figure, UnitsShare};
use giaouoc_agreement::text::Lang;

use crate::render::board::Board;
use crate::render::table::{day, general, grade_mark, remarks};
use crate::screen::Screen;

/// Characters that Markdown would read as markup, made plain.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '#' | '\\') {
            out.push('\\');
        }
        out.push(if character == '\n' { ' ' } else { character });
    }
    out
}

/// One table of figures, one of targets, and the notes.
pub fn render(board: &Board, screen: &Screen, lenses: bool) -> String {
    let lang = screen.lang;
    let scores = &board.scoreboard;
    let mut out = format!("# {}\n\n", plain(scores.title.get(lang)));
    if let Some(said) = &board.by_draft {
        out.push_str(&format!("{}\n\n", plain(said.get(lang))));
    }
    let head: Vec<String> = scores
        .targets
        .iter()
        .enumerate()
        .map(|(at, line)| format!("({}) {}", at + 1, line.goal.goal.signs(lang)))
        .collect();
    out.push_str(&format!("| {} | {} |\n", screen.say("Đơn vị", "Unit"), head.join(" | ")));
    out.push_str(&format!("|---|{}\n", "---:|".repeat(head.len())));
    for (at, row) in scores.units.iter().enumerate() {
        let cells: Vec<String> = scores
            .targets
            .iter()
            .map(|line| cell(line.figures.get(at).and_then(Option::as_ref), lang))
            .collect();
        out.push_str(&format!("| {} | {} |\n", plain(row.name.get(lang)), cells.join(" | ")));
    }
    if scores.targets.iter().any(|line| line.together.is_some()) {
        let cells: Vec<String> =
            scores.targets.iter().map(|line| cell(line.together.as_ref(), lang)).collect();
        out.push_str(&format!("| **{}** | {} |\n", screen.say("Cả cụm", "Whole cluster"), cells.join(" | ")));
    }
    if scores.targets.iter().any(|line| line.units_share.is_some()) {
        let cells: Vec<String> =
            scores.targets.iter().map(|line| share(line.units_share.as_ref(), lang)).collect();
        out.push_str(&format!(
            "| **{}** | {} |\n",
            screen.say("Đơn vị đạt", "Units that meet"),
            cells.join(" | ")
        ));
    }
    out.push('\n');
    for (at, line) in scores.targets.iter().enumerate() {
        out.push_str(&format!(
            "{}. {} ({} {}): {}; {}, {} {}.\n",
            at + 1,
            plain(line.name.get(lang)),
            screen.say("khoản", "clause"),
            plain(&line.clause),
            plain(line.goal.words.get(lang)),
            plain(line.period_words.get(lang)),
            screen.say("tính đến hết ngày", "as of the end of"),
            day(line.as_of, lang),
        ));
    }
    let mut notes: Vec<String> = Vec::new();
    for (at, said) in remarks(scores, screen, lenses).into_iter().enumerate() {
        notes.extend(said.into_iter().map(|remark| format!("({}) {remark}", at + 1)));
    }
    notes.extend(general(board, screen));
    notes.extend(board.known.iter().map(|known| known.get(lang).to_owned()));
    if !notes.is_empty() {
        out.push('\n');
    }
    for note in notes {
        out.push_str(&format!("- {}\n", plain(&note)));
    }
    out
}

fn word(verdict: Verdict, lang: Lang) -> String {
    format!("{} {}", verdict.sign(), verdict.words().get(lang))
}

fn cell(figure: Option<&Figure>, lang: Lang) -> String {
    match figure {
        None => String::new(),
        Some(figure) => {
            let shown = figure.amount.as_ref().map_or("", |_| figure.shown.get(lang));
            let shown = format!("{shown}{}", grade_mark(figure.grade));
            format!("{} {}", plain(&shown), word(figure.verdict, lang)).trim().to_owned()
        }
    }
}

fn share(share: Option<&UnitsShare>, lang: Lang) -> String {
    share
        .map_or_else(String::new, |share| format!("{}/{} {}", share.met, share.of, word(share.verdict, lang)))
}
