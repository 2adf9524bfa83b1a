//! A check's findings for people: questions with evidence, in the width of the terminal.

use anstyle::Style;
use giaouoc_agreement::cluster::Cluster;
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Lang;

use super::coverage::Coverage;
use super::finding::{Example, Finding};
use super::report::JournalSaid;
use crate::render::grid::{Cell, Column, Grid, paragraph};
use crate::screen::Screen;

/// Units shown of one question; the JSON form has all of them.
const UNITS: usize = 12;

/// A question with its evidence.
pub fn finding(found: &Finding, screen: &Screen) -> String {
    let lang = screen.lang;
    let strong = Style::new().bold();
    let kind = found.kind.as_deref().and_then(kinds::find).map(|kind| kind.name.get(lang));
    let about = kind.map_or_else(String::new, |kind| format!("{kind}: "));
    let head = format!(
        "{}[{}]: {about}{} · {}",
        screen.say("câu hỏi", "question"),
        found.code,
        integer(found.count, lang),
        found.question.get(lang)
    );
    let mut out = String::new();
    for (at, line) in paragraph(&head, "", "  ", screen.width).lines().enumerate() {
        let styled = if at == 0 { format!("{strong}{line}{strong:#}\n") } else { format!("{line}\n") };
        out.push_str(&styled);
    }
    for unit in found.units.iter().take(UNITS) {
        let count = integer(unit.count, lang);
        let name = match (&unit.name, &unit.unit) {
            (Some(name), Some(code)) => format!("{} ({code}): {count}", name.get(lang)),
            (_, Some(code)) => format!("{code}: {count}"),
            (_, None) => String::new(),
        };
        let (first, further) = if name.is_empty() { ("  · ", "    ") } else { ("    ", "      ") };
        if !name.is_empty() {
            out.push_str(&paragraph(&name, "  · ", "    ", screen.width));
        }
        for one in &unit.examples {
            out.push_str(&example(one, first, further, screen));
        }
        let more = unit.more;
        if more > 0 && !unit.examples.is_empty() {
            let text = match lang {
                Lang::Vi => format!("và {} nữa", integer(more, lang)),
                Lang::En => format!("and {} more", integer(more, lang)),
            };
            out.push_str(&paragraph(&text, further, further, screen.width));
        }
    }
    let left = found.units.len().saturating_sub(UNITS);
    if left > 0 {
        let text = match lang {
            Lang::Vi => format!("và {left} đơn vị nữa (--format json có đủ)"),
            Lang::En => format!("and {left} more units (--format json has all)"),
        };
        out.push_str(&paragraph(&text, "  · ", "    ", screen.width));
    }
    if let Some(help) = &found.help {
        let text = format!("{}: {}", screen.say("gợi ý", "help"), help.get(lang));
        out.push_str(&paragraph(&text, "  ╰ ", "    ", screen.width));
    }
    out
}

fn example(one: &Example, first: &str, further: &str, screen: &Screen) -> String {
    let lang = screen.lang;
    let evidence: Vec<&str> = one.evidence.iter().map(|text| text.get(lang)).collect();
    let evidence = evidence.join("; ");
    let text = match (&one.key, evidence.is_empty()) {
        (Some(key), true) => key.clone(),
        (Some(key), false) => format!("{key}: {evidence}"),
        (None, _) => evidence,
    };
    let mut out =
        if text.is_empty() { String::new() } else { paragraph(&text, first, further, screen.width) };
    if let Some(sides) = &one.sides {
        let column =
            |head: &str, cells: Vec<Cell>| Column { head: vec![head.to_owned()], cells, right: false };
        let cell = |value: &Option<String>| Cell::plain(value.as_deref().unwrap_or("—"));
        let grid = Grid {
            label_head: screen.say("cột", "column").to_owned(),
            labels: sides.columns.iter().map(|side| Cell::plain(side.label.get(lang))).collect(),
            columns: vec![
                column(screen.say("A", "A"), sides.columns.iter().map(|side| cell(&side.counts)).collect()),
                column(screen.say("B", "B"), sides.columns.iter().map(|side| cell(&side.other)).collect()),
            ],
            rule_above: Vec::new(),
        };
        let who = [
            format!("A ({}): {}", screen.say("đang tính", "counts"), sides.counts.get(lang)),
            format!("B: {}", sides.other.get(lang)),
        ];
        for line in who {
            out.push_str(&paragraph(&line, further, further, screen.width));
        }
        for line in grid.render(screen.width.saturating_sub(further.len())).lines() {
            out.push_str(&format!("{further}{line}\n"));
        }
    }
    out
}

/// The journal in some lines.
pub fn journal(said: &JournalSaid, last: Option<&str>, screen: &Screen) -> String {
    let lang = screen.lang;
    let records: u64 = said.records.iter().map(|kind| kind.records).sum();
    let kinds: Vec<String> =
        said.records.iter().map(|kind| format!("{} {}", kind.kind, integer(kind.records, lang))).collect();
    let (entries, records) = (integer(said.entries, lang), integer(records, lang));
    let at = last.unwrap_or_default();
    let mut out = paragraph(
        &match lang {
            Lang::Vi => format!(
                "Sổ thay đổi: {entries} mục, mục cuối lúc {at}; {records} bản ghi còn hiệu lực ({}).",
                kinds.join(", ")
            ),
            Lang::En => format!(
                "Journal: {entries} entries, the last of {at}; {records} records stand ({}).",
                kinds.join(", ")
            ),
        },
        "",
        "  ",
        screen.width,
    );
    for skipped in &said.not_compared {
        let text = format!("{}: {}", skipped.file, skipped.why.get(lang));
        out.push_str(&paragraph(&text, "  · ", "    ", screen.width));
    }
    out
}

/// Records by unit and month.
pub fn coverage(of: &Coverage, cluster: &Cluster, screen: &Screen) -> String {
    let lang = screen.lang;
    let one_year = of.months.iter().all(|month| {
        let (year, _, day) = month.from.ymd();
        day == 1 && of.months.first().is_some_and(|first| first.from.ymd().0 == year)
    });
    let span = match (of.months.first(), of.months.last()) {
        (Some(first), _) if one_year => first.from.ymd().0.to_string(),
        (Some(first), Some(last)) => format!("{} – {}", first.from.dmy(), last.to.dmy()),
        _ => String::new(),
    };
    let name = kinds::find(&of.kind).map_or(of.kind.as_str(), |kind| kind.name.get(lang));
    let mut out = paragraph(
        &match lang {
            Lang::Vi => format!("{name} ({}), {span}: số bản ghi theo đơn vị và tháng", of.kind),
            Lang::En => format!("{name} ({}), {span}: records by unit and month", of.kind),
        },
        "",
        "  ",
        screen.width,
    );
    let several = of.lines.iter().any(|line| line.supplier.as_deref().is_some_and(|from| from != line.unit));
    let label = |line: &super::coverage::LineOf| {
        let known = cluster.unit(&line.unit);
        let short = known.map_or(line.unit.as_str(), |unit| cluster.units[unit].short.get(lang));
        match &line.supplier {
            Some(from) if several => format!("{short} ← {from}"),
            _ => short.to_owned(),
        }
    };
    let cell = |count: u64| Cell::plain(if count == 0 { "·".to_owned() } else { integer(count, lang) });
    let mut columns: Vec<Column> = Vec::new();
    for (at, month) in of.months.iter().enumerate() {
        let (year, number, day) = month.from.ymd();
        // A month that does not begin on the first is named by its first day.
        let head = match (one_year, day) {
            (true, _) => number.to_string(),
            (false, 1) => format!("{number}/{:02}", year % 100),
            (false, _) => format!("{day}/{number}"),
        };
        let cells = of.lines.iter().map(|line| cell(line.now.get(at).copied().unwrap_or(0))).collect();
        columns.push(Column { head: vec![head], cells, right: true });
    }
    let sums = |counts: &dyn Fn(&super::coverage::LineOf) -> u64| {
        of.lines.iter().map(|line| cell(counts(line))).collect()
    };
    columns.push(Column {
        head: vec![screen.say("cộng", "all").to_owned()],
        cells: sums(&|line| line.now.iter().sum()),
        right: true,
    });
    if of.lines.iter().any(|line| !line.last_year.is_empty()) {
        columns.push(Column {
            head: vec![screen.say("năm trước", "year before").to_owned()],
            cells: sums(&|line| line.last_year.iter().sum()),
            right: true,
        });
    }
    if of.lines.iter().any(|line| line.elsewhere > 0) {
        columns.push(Column {
            head: vec![screen.say("khác", "other").to_owned()],
            cells: sums(&|line| line.elsewhere),
            right: true,
        });
    }
    let labels = of.lines.iter().map(|line| Cell::plain(label(line))).collect();
    let grid =
        Grid {
            label_head: screen.say("Đơn vị", "Unit").to_owned(), labels, columns, rule_above: Vec::new()
        };
    out.push_str(&grid.render(screen.width));
    out
}
