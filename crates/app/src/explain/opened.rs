//! A target opened further: units beside each other, its months, its records by group.

use anstyle::Style;
use giaouoc_agreement::compare::Comparison;
use giaouoc_agreement::figure::{Amount, integer};
use giaouoc_agreement::scoreboard::{Breakdown, Group, Line, Scoreboard, State};
use giaouoc_agreement::target::Target;
use giaouoc_report::model::{MonthCell, Months};

use super::target::heading;
use crate::render::grid::{Cell, Column, Grid, paragraph};
use crate::report::{Opened, of_the_period};
use crate::screen::Screen;

/// Groups listed of a column; the rest are added up.
const LISTED: usize = 12;
/// Units whose months stand side by side; of more only all together are shown.
const SIDE_BY_SIDE: usize = 8;

/// Everything; `only` is a unit's code.
pub fn render(
    out: &mut String,
    target: &Target,
    board: &Scoreboard,
    line: &Line,
    opened: &Opened,
    only: Option<&str>,
    screen: &Screen,
) {
    if only.is_none() {
        compared(out, board, line, opened, screen);
    }
    if let Some(months) = opened.months.get(&target.id).filter(|_| of_the_period(target, line)) {
        by_month(out, board, line, months, only, screen);
    }
    for broken in opened.groups.iter().filter(|broken| broken.target == target.id) {
        groups(out, broken, line, only, screen);
    }
}

/// The units beside each other, with what chance can do and what rival definitions turn.
fn compared(out: &mut String, board: &Scoreboard, line: &Line, opened: &Opened, screen: &Screen) {
    let Some(found) = Comparison::new(line, opened.compared) else { return };
    let lang = screen.lang;
    heading(out, screen.say("Các đơn vị cạnh nhau", "Units beside each other"));
    let cells = |cell: &dyn Fn(&giaouoc_agreement::compare::Standing) -> String| {
        found.standings.iter().map(|standing| Cell::plain(cell(standing))).collect::<Vec<_>>()
    };
    let column = |head: &str, cells: Vec<Cell>| Column { head: vec![head.to_owned()], cells, right: true };
    let shown = |row: usize| line.figures.get(row).and_then(Option::as_ref);
    let figure = |row: usize| shown(row).map_or_else(String::new, |figure| figure.shown.get(lang).to_owned());
    let mut columns = vec![column(screen.say("số liệu", "figure"), cells(&|standing| figure(standing.row)))];
    if found.standings.iter().any(|standing| standing.amount.cases().is_some()) {
        let cases = |standing: &giaouoc_agreement::compare::Standing| {
            standing.amount.cases().map_or_else(String::new, |cases| integer(cases, lang))
        };
        columns.push(column(screen.say("số trường hợp", "cases"), cells(&cases)));
    }
    if found.standings.iter().any(|standing| standing.interval.is_some()) {
        let range = |standing: &giaouoc_agreement::compare::Standing| {
            standing.interval.map_or_else(String::new, |interval| interval.show(lang))
        };
        columns.push(column(screen.say("khoảng 95 %", "95 % range"), cells(&range)));
    }
    if found.standings.iter().any(|standing| standing.place.is_some()) {
        let place = |standing: &giaouoc_agreement::compare::Standing| {
            standing.place.map_or_else(String::new, |place| place.show())
        };
        columns.push(column(screen.say("thứ hạng", "place"), cells(&place)));
    }
    let name = |row: usize| board.units.get(row).map_or("", |unit| unit.short.get(lang));
    let labels = found.standings.iter().map(|standing| Cell::plain(name(standing.row))).collect();
    let label_head = screen.say("Đơn vị", "Unit").into();
    out.push_str(&Grid { label_head, labels, columns, rule_above: Vec::new() }.render(screen.width));
    for sentence in found.sentences(&board.units, lang) {
        out.push_str(&paragraph(&sentence, "· ", "  ", screen.width));
    }
    for lens in found.lenses.iter().filter_map(|lens| lens.sentence(&found, &board.units)) {
        out.push_str(&paragraph(lens.get(lang), "⇄ ", "  ", screen.width));
    }
    if found.standings.iter().any(|standing| standing.interval.is_some()) {
        out.push_str(&paragraph(Comparison::meaning().get(lang), "", "", screen.width));
    }
}

fn by_month(
    out: &mut String,
    board: &Scoreboard,
    line: &Line,
    months: &Months,
    only: Option<&str>,
    screen: &Screen,
) {
    let lang = screen.lang;
    let rows: Vec<(usize, &Vec<MonthCell>)> = months
        .units
        .iter()
        .enumerate()
        .filter(|(row, _)| {
            only.is_none_or(|code| board.units.get(*row).is_some_and(|unit| unit.code == code))
        })
        .filter_map(|(row, cells)| Some((row, cells.as_ref()?)))
        // A unit without a figure in any month says nothing here.
        .filter(|(_, cells)| cells.iter().any(|cell| cell.amount.as_ref().is_some_and(Amount::has_value)))
        .collect();
    if months.parts.len() < 2 || rows.is_empty() {
        return;
    }
    heading(out, screen.say("Từng tháng", "Month by month"));
    let goal = line.goal.goal.each.is_none().then_some(&line.goal.goal);
    let cell = |cell: &MonthCell| match (&cell.amount, cell.state) {
        (Some(amount @ (Amount::Count(_) | Amount::Sum(_))), _) => Cell::plain(amount.show(goal, lang)),
        (Some(amount), _) if amount.has_value() => {
            Cell::plain(format!("{} ({})", amount.show(goal, lang), amount.integers(lang)))
        }
        (_, State::NoCases) => Cell::plain(screen.say("không phát sinh", "no cases")),
        _ => Cell::plain("–"),
    };
    let mut columns: Vec<Column> = Vec::new();
    if rows.len() <= SIDE_BY_SIDE {
        for (row, cells) in &rows {
            let name = board.units.get(*row).map_or("", |unit| unit.short.get(lang));
            columns.push(Column {
                head: vec![name.to_owned()],
                cells: cells.iter().map(&cell).collect(),
                right: true,
            });
        }
    }
    if only.is_none() {
        columns.push(Column {
            head: vec![screen.say("Cả cụm (từ bản ghi)", "All (from records)").to_owned()],
            cells: months.all.iter().map(&cell).collect(),
            right: true,
        });
    }
    let labels = months.parts.iter().map(|part| Cell::plain(part.words().get(lang))).collect();
    let label_head = screen.say("Tháng", "Month").into();
    out.push_str(&Grid { label_head, labels, columns, rule_above: Vec::new() }.render(screen.width));
}

/// The records behind the figure by the values of one column.
fn groups(out: &mut String, broken: &Breakdown, line: &Line, only: Option<&str>, screen: &Screen) {
    let lang = screen.lang;
    let list: &[Group] = match only {
        None => &broken.all,
        Some(code) => broken.units.iter().find(|(own, _)| own == code).map_or(&[], |(_, groups)| groups),
    };
    // One group says no more than the figure itself.
    if list.len() < 2 {
        return;
    }
    let label = broken.label.get(lang);
    heading(out, &screen.say("Bản ghi theo: {}", "Records by: {}").replace("{}", label));
    let (listed, rest) = list.split_at(list.len().min(LISTED));
    let mut rows: Vec<(String, i64, Option<i64>)> =
        listed.iter().map(|group| (group.label.get(lang).to_owned(), group.counted, group.met)).collect();
    if !rest.is_empty() {
        let name = screen.say("… và {} giá trị khác", "… and {} more").replace("{}", &rest.len().to_string());
        let met: Option<i64> = rest.iter().map(|group| group.met).sum();
        rows.push((name, rest.iter().map(|group| group.counted).sum(), met));
    }
    let column = |head: &str, cells: Vec<Cell>| Column { head: vec![head.to_owned()], cells, right: true };
    let number = |value: i64| Cell::plain(integer(value, lang));
    let mut columns = vec![column(
        screen.say("được tính", "counted"),
        rows.iter().map(|(_, counted, _)| number(*counted)).collect(),
    )];
    if rows.iter().any(|(_, _, met)| met.is_some()) {
        let met = |(_, _, met): &(String, i64, Option<i64>)| met.map_or_else(Cell::default, number);
        columns.push(column(screen.say("đạt", "met"), rows.iter().map(met).collect()));
        let short = |(_, counted, met): &(String, i64, Option<i64>)| {
            met.map_or_else(Cell::default, |met| number(counted - met))
        };
        columns.push(column(screen.say("chưa đạt", "not met"), rows.iter().map(short).collect()));
        let share = |(_, counted, met): &(String, i64, Option<i64>)| {
            let amount = met.map(|met| Amount::Share { met, of: *counted }).filter(Amount::has_value);
            let shown = amount.map(|amount| amount.show(Some(&line.goal.goal), lang));
            Cell::styled(shown.unwrap_or_default(), Style::new())
        };
        columns.push(column(screen.say("tỷ lệ", "share"), rows.iter().map(share).collect()));
    }
    let labels = rows.into_iter().map(|(name, _, _)| Cell::plain(name)).collect();
    out.push_str(
        &Grid { label_head: label.to_owned(), labels, columns, rule_above: Vec::new() }.render(screen.width),
    );
}
