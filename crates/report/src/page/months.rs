//! Figures by month: a picture of all units together, and a table of each.

use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::scoreboard::{Line, State};
use giaouoc_agreement::text::Lang;

use super::MANY;
use super::texts::{cluster, fold};
use crate::chart::{self, Picture, Point};
use crate::model::{Detail, MonthCell, Months, Report};
use crate::table::{Cell, Head, Row, Table};
use crate::words::{month, plain, say, share, ten_thousandths};

/// The goal's level on the axis of a picture: ten-thousandths of a share; nothing for goals that are none of a share, nor
/// where an amendment gave parts of the period goals of their own.
pub fn goal_level(line: &Line) -> Option<i64> {
    let goal = &line.goal.goal;
    (goal.percent && one_goal(line)).then(|| ten_thousandths(goal.num, goal.den))
}

/// Whether one goal holds for the whole period.
fn one_goal(line: &Line) -> bool {
    let mut parts = line.figures.iter().flatten().chain(&line.together).flat_map(|figure| &figure.parts);
    parts.all(|part| part.goal.goal == line.goal.goal)
}

/// A month's figure as a point: ten-thousandths of a share, else the number itself.
pub fn point(cell: &MonthCell, line: &Line) -> Option<Point> {
    let amount = cell.amount.as_ref().filter(|amount| amount.has_value())?;
    let short = giaouoc_agreement::judge::compare(&line.goal.goal, amount)
        .is_some_and(|side| !giaouoc_agreement::judge::reached(line.goal.goal.op, side));
    let short = short && one_goal(line);
    let (at, short) = match amount {
        Amount::Share { met, of } => (ten_thousandths(*met, *of), short),
        Amount::Count(count) => (*count, false),
        Amount::Sum(sum) => (i64::try_from(*sum).ok()?, false),
        Amount::Mean { sum, of } => (i64::try_from(sum.div_euclid(i128::from(*of))).ok()?, short),
        Amount::Percentile { value, .. } => ((*value)?, short),
    };
    Some(Point { at, short })
}

/// Whether the figures are shares.
pub fn is_share(months: &Months) -> bool {
    let cells = months.units.iter().flatten().flatten().chain(&months.all);
    cells.filter_map(|cell| cell.amount.as_ref()).any(|amount| matches!(amount, Amount::Share { .. }))
}

/// Short names of the months: "1" to "12" where all are of one year; else January has the year's number, and of two
/// neighbours one is left blank.
pub fn labels(months: &Months) -> Vec<String> {
    let starts: Vec<(i64, i64)> = months
        .parts
        .iter()
        .map(|part| {
            let (year, month, _) = part.first.ymd();
            (i64::from(year), i64::from(month))
        })
        .collect();
    let one_year = starts.windows(2).all(|pair| pair[0].0 == pair[1].0);
    let turn = starts.iter().position(|(_, month)| *month == 1).unwrap_or(0);
    let name = |(at, (year, month)): (usize, &(i64, i64))| match (one_year, month) {
        (true, _) => month.to_string(),
        (false, _) if at % 2 != turn % 2 => String::new(),
        (false, 1) => year.to_string(),
        (false, _) => month.to_string(),
    };
    starts.iter().enumerate().map(name).collect()
}

/// The picture of all units together with its table and its sentence.
pub fn picture(report: &Report, line: &Line, detail: &Detail, id: &str) -> Option<Picture> {
    let lang = report.lang;
    let months = detail.months.as_ref().filter(|months| months.parts.len() > 1)?;
    let points: Vec<Option<Point>> = months.all.iter().map(|cell| point(cell, line)).collect();
    if points.iter().flatten().count() < 2 {
        return None;
    }
    let shares = is_share(months);
    let goal = goal_level(line).filter(|_| shares);
    let title = match lang {
        Lang::Vi => format!("{}: cả cụm, theo tháng", line.name.vi),
        Lang::En => format!("{}: whole cluster, by month", line.name.en),
    };
    let caption = caption(months, &points, goal, shares, lang);
    let labels = labels(months);
    let svg = chart::months(&chart::Series {
        id,
        title: &title,
        about: &caption,
        lang,
        labels: &labels,
        points: &points,
        goal,
        shares,
    });
    let table = table(report, line, months, format!("{id}t"));
    Some(Picture { svg, caption, wide: false, label: title, table: Some(table), fold: fold(lang) })
}

fn caption(months: &Months, points: &[Option<Point>], goal: Option<i64>, shares: bool, lang: Lang) -> String {
    let named = |at: usize| months.parts.get(at).map(|part| month(part.first, lang)).unwrap_or_default();
    let shown = |at: i64| {
        if shares { share(at, lang) } else { giaouoc_agreement::figure::integer(at, lang) }
    };
    let known = || points.iter().enumerate().filter_map(|(at, point)| Some((at, (*point)?)));
    let (Some(low), Some(high)) =
        (known().min_by_key(|(_, point)| point.at), known().max_by_key(|(_, point)| point.at))
    else {
        return String::new();
    };
    let (least, most) = (shown(low.1.at), shown(high.1.at));
    let mut text = match lang {
        Lang::Vi => format!(
            "Cả cụm, tính từ bản ghi: thấp nhất {least} (tháng {}), cao nhất {most} (tháng {}).",
            named(low.0),
            named(high.0)
        ),
        Lang::En => format!(
            "The whole cluster, from records: lowest {least} ({}), highest {most} ({}).",
            named(low.0),
            named(high.0)
        ),
    };
    if goal.is_some() {
        let short = known().filter(|(_, point)| point.short).count();
        let of = known().count();
        text.push_str(&match lang {
            Lang::Vi => format!(" {short} trong {of} tháng chưa tới mức (chấm rỗng); mức được xét cho cả kỳ, không cho từng tháng."),
            Lang::En => format!(" {short} of {of} months are short of the goal (hollow dots); the goal is about the whole period, not about single months."),
        });
    }
    text
}

fn table(report: &Report, line: &Line, months: &Months, id: String) -> Table {
    let lang = report.lang;
    let mut head = vec![Head::words(say(lang, "Đơn vị", "Unit"))];
    head.extend(months.parts.iter().map(|part| Head::number(month(part.first, lang))));
    let cells = |cells: &[MonthCell]| cells.iter().map(|cell| self::cell(report, cell)).collect();
    let many = report.board.units.len() > MANY;
    let units = report.board.units.iter().zip(&months.units).filter(|_| !many);
    let mut rows: Vec<Row> = units
        .filter_map(|(unit, found)| Some(Row::new(plain(unit.short.get(lang), 120), cells(found.as_ref()?))))
        .collect();
    rows.push(Row::new(cluster(lang), cells(&months.all)).sum());
    let caption = match (lang, many) {
        (Lang::Vi, false) => format!("{}: theo đơn vị và tháng", line.name.vi),
        (Lang::En, false) => format!("{}: by unit and month", line.name.en),
        (Lang::Vi, true) => "Từng đơn vị: giaouoc score … --by unit,month --format csv".to_owned(),
        (Lang::En, true) => "Each unit: giaouoc score … --by unit,month --format csv".to_owned(),
    };
    Table { id, caption, head, rows, ..Table::default() }
}

fn cell(report: &Report, cell: &MonthCell) -> Cell {
    let lang = report.lang;
    if let Some(words) = report.left_out(cell.left) {
        return Cell::number(words);
    }
    match (&cell.amount, cell.state) {
        (Some(amount), _) if amount.has_value() => {
            let shown = amount.show(None, lang);
            let integers = amount.integers(lang);
            let small = if integers == shown { String::new() } else { integers };
            Cell::number(shown).small(small)
        }
        (_, State::NoCases) => Cell::number("∅"),
        (_, State::Exempt) => Cell::number("–"),
        (_, State::NoData | State::Figure) => Cell::number("?"),
        (_, State::NotYetDue) => Cell::number("…"),
    }
}
