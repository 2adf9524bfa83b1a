//! A difference for a person.

use anstyle::Style;
use giaouoc_agreement::scoreboard::{Figure, Scoreboard, Subject};
use giaouoc_agreement::text::Lang;

use crate::bundle::Loaded;
use crate::diff::moved::{ByEntry, Counts, Record};
use crate::diff::{Difference, Moved, time};
use crate::render::grid::paragraph;
use crate::screen::Screen;

/// The whole text.
pub fn render(
    difference: &Difference,
    [old, board]: [&Scoreboard; 2],
    loaded: &Loaded,
    screen: &Screen,
) -> String {
    let bold = Style::new().bold();
    let (first, last) = (difference.from.unwrap_or_default(), difference.to.unwrap_or_default());
    let mut out = match screen.lang {
        Lang::Vi => format!(
            "{bold}{}{bold:#}\nTừ mục sổ {first} ({}) đến mục {last} ({})\n",
            board.title.vi,
            time(loaded, first),
            time(loaded, last)
        ),
        Lang::En => format!(
            "{bold}{}{bold:#}\nFrom entry {first} ({}) to entry {last} ({})\n",
            board.title.en,
            time(loaded, first),
            time(loaded, last)
        ),
    };
    // Targets that are no more come last.
    let gone = old.targets.iter().filter(|line| board.targets.iter().all(|new| new.target != line.target));
    for line in board.targets.iter().chain(gone) {
        let moved: Vec<&Moved> =
            difference.figures.iter().filter(|moved| moved.target == line.target).collect();
        if moved.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{bold}{}{bold:#} ({})\n", line.name.get(screen.lang), line.target));
        for moved in moved {
            figure(&mut out, moved, [old, board], loaded, screen);
        }
    }
    if difference.figures.is_empty() {
        out.push('\n');
        out.push_str(screen.say("Không số liệu nào thay đổi.\n", "No figure changed.\n"));
    }
    for change in &difference.texts {
        let reason =
            change.reason.as_deref().map(|reason| format!("; {}: {reason}", screen.say("lý do", "reason")));
        let head = format!(
            "{} {} ({}): {}{}",
            screen.say("Mục", "Entry"),
            change.entry,
            time(loaded, change.entry),
            change.path,
            reason.unwrap_or_default()
        );
        out.push('\n');
        out.push_str(&paragraph(&head, "", "  ", screen.width));
        for told in &change.tells {
            out.push_str(&paragraph(told, "  ", "    ", screen.width));
        }
    }
    out
}

fn shown(figure: Option<&Figure>, screen: &Screen) -> String {
    let Some(figure) = figure else { return screen.say("không có", "none").to_owned() };
    let integers = figure.amount.as_ref().map(|amount| format!(" ({})", amount.integers(screen.lang)));
    format!(
        "{}{}, {}",
        figure.shown.get(screen.lang),
        integers.unwrap_or_default(),
        figure.verdict.words().get(screen.lang)
    )
}

fn figure(out: &mut String, moved: &Moved, boards: [&Scoreboard; 2], loaded: &Loaded, screen: &Screen) {
    let name = match &moved.subject {
        Subject::All => screen.say("Cả cụm", "All together").to_owned(),
        Subject::Unit(code) => boards
            .into_iter()
            .rev()
            .flat_map(|board| &board.units)
            .find(|unit| unit.code == *code)
            .map_or_else(|| code.clone(), |unit| unit.short.get(screen.lang).to_owned()),
    };
    let (before, after) = (shown(moved.before.as_ref(), screen), shown(moved.after.as_ref(), screen));
    let text =
        if before == after { format!("{name}: {after}") } else { format!("{name}: {before} → {after}") };
    out.push_str(&paragraph(&text, "  ", "    ", screen.width));
    // The cluster's line repeats what its units' lines say.
    if moved.subject == Subject::All {
        return;
    }
    // Where that is all, the line above says it.
    if let Some(mid) =
        moved.by_texts.as_ref().filter(|mid| shown(Some(mid), screen) != after || !moved.entries.is_empty())
    {
        let said = screen.say("do văn bản của gói đã đổi", "because texts of the bundle changed");
        let text = format!("{said}: {before} → {}", shown(Some(mid), screen));
        out.push_str(&paragraph(&text, "    · ", "      ", screen.width));
    }
    for by_entry in &moved.entries {
        entry(out, by_entry, loaded, screen);
    }
}

fn entry(out: &mut String, by_entry: &ByEntry, loaded: &Loaded, screen: &Screen) {
    let (entry, at) = (by_entry.entry, time(loaded, by_entry.entry));
    let mut did = match screen.lang {
        Lang::Vi => format!("mục {entry} ({at})"),
        Lang::En => format!("entry {entry} ({at})"),
    };
    // What did not move is not said.
    let counted = (by_entry.counted, screen.say("được tính", "counted"));
    let value =
        if by_entry.of_share { screen.say("đạt", "met") } else { screen.say("vào tổng", "in the sum") };
    let moves = [counted, (by_entry.value, value)];
    let moves: Vec<String> =
        moves.iter().filter(|(by, _)| *by != 0).map(|(by, words)| format!("{by:+} {words}")).collect();
    if !moves.is_empty() {
        did = format!("{did}: {}", moves.join(", "));
    }
    let reason =
        by_entry.reason.as_deref().map(|reason| format!("; {}: {reason}", screen.say("lý do", "reason")));
    out.push_str(&paragraph(
        &format!("{did}{}", reason.unwrap_or_default()),
        "    · ",
        "      ",
        screen.width,
    ));
    for record in &by_entry.records {
        out.push_str(&paragraph(&one(record, screen), "        ", "          ", screen.width));
    }
    if by_entry.more > 0 {
        let more = match screen.lang {
            Lang::Vi => format!("… và {} bản ghi nữa", by_entry.more),
            Lang::En => format!("… and {} more", by_entry.more),
        };
        out.push_str(&paragraph(&more, "        ", "          ", screen.width));
    }
}

fn one(record: &Record, screen: &Screen) -> String {
    let words = |counts: Counts, value: &Option<String>| match (counts, value) {
        (Counts::Counted, Some(value)) => value.clone(),
        (counts, _) => match counts {
            Counts::Absent => screen.say("không có", "not there"),
            Counts::NotCounted => screen.say("không tính", "not counted"),
            Counts::NotMet => screen.say("chưa đạt", "not met"),
            Counts::Met => screen.say("đạt", "met"),
            Counts::Counted => screen.say("được tính", "counted"),
        }
        .to_owned(),
    };
    let late = match (record.days_late, screen.lang) {
        (Some(days), Lang::Vi) if days > 0 => format!("; biết sau {days} ngày"),
        (Some(days), Lang::En) if days > 0 => format!("; known {days} days after it happened"),
        _ => String::new(),
    };
    let before = words(record.before, &record.value_before);
    let after = words(record.after, &record.value_after);
    format!("{}: {before} → {after}{late}", record.key)
}
