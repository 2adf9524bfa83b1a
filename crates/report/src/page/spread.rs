//! What else the counted records of a target say: their groups, the days on which they were finished, the terms used.

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::scoreboard::Line;
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::Day;

use super::texts::fold;
use crate::chart::{self, Picture};
use crate::model::{Detail, Group, Groups, Report};
use crate::table::{Cell, Head, Row, Table};
use crate::words::{day, month, plain, say, share, ten_thousandths};

/// Groups shown one by one; the others in one row.
const SHOWN: usize = 12;

/// A table for each column that the records are broken down by.
pub fn groups(report: &Report, line: &Line, detail: &Detail, id: &str) -> Vec<Table> {
    let groups = detail.groups.iter().filter(|groups| groups.rows.len() > 1);
    groups.enumerate().map(|(at, groups)| group_table(report, line, groups, format!("{id}{at}"))).collect()
}

fn group_table(report: &Report, line: &Line, groups: &Groups, id: String) -> Table {
    let lang = report.lang;
    let shares = groups.rows.iter().any(|group| group.met.is_some());
    let mut head = vec![Head::words(&groups.label), Head::number(say(lang, "Được tính", "Counted"))];
    if shares {
        head.push(Head::number(say(lang, "Đạt yêu cầu", "Meeting it")));
        head.push(Head::number(say(lang, "Tỷ lệ", "Share")));
    }
    let row = |group: &Group| {
        let mut cells = vec![Cell::integer(group.counted, lang)];
        if let Some(met) = group.met.filter(|_| shares) {
            cells.push(Cell::number(report.count(&line.kind, met)));
            let shown = if group.counted > 0 && !report.hides(&line.kind, met) {
                share(ten_thousandths(met, group.counted), lang)
            } else {
                "–".into()
            };
            cells.push(Cell::number(shown));
        }
        let mut row = Row::new(plain(&group.name, 120), cells);
        row.name = row.name.small(group.code.as_deref().unwrap_or_default());
        row
    };
    // One group alone is no row of others.
    let shown = if groups.rows.len() == SHOWN + 1 { SHOWN + 1 } else { SHOWN };
    let mut rows: Vec<Row> = groups.rows.iter().take(shown).map(row).collect();
    let rest = groups.rows.get(shown..).unwrap_or_default();
    if !rest.is_empty() {
        let name = match lang {
            Lang::Vi => format!("{} nhóm khác", integer(super::texts::count(rest.len()), lang)),
            Lang::En => format!("{} other groups", integer(super::texts::count(rest.len()), lang)),
        };
        let sum = rest.iter().fold(
            Group { name, counted: 0, met: shares.then_some(0), code: None },
            |sum, group| Group {
                counted: sum.counted.saturating_add(group.counted),
                met: sum.met.zip(group.met).map(|(one, other)| one.saturating_add(other)),
                ..sum
            },
        );
        rows.push(row(&sum));
    }
    if groups.unknown.counted > 0 {
        let unknown =
            Group { name: say(lang, "không ghi", "not said").to_owned(), ..groups.unknown.clone() };
        rows.push(row(&unknown));
    }
    Table { id, caption: groups.label.clone(), quiet: true, head, rows, ..Table::default() }
}

/// The calendar of finishes.
pub fn days(report: &Report, line: &Line, detail: &Detail, id: &str) -> Option<Picture> {
    let lang = report.lang;
    let found = detail.days.as_ref()?;
    let (first, last) = (found.days.first()?.0, found.days.last()?.0);
    let total: i64 = found.days.iter().map(|(_, count)| *count).sum();
    // A picture of more than three years is no picture of days.
    if i64::from(last.0) - i64::from(first.0) > 3 * 366 {
        return None;
    }
    let busiest = found.days.iter().max_by_key(|(day, count)| (*count, std::cmp::Reverse(*day)))?;
    let weekend: i64 =
        found.days.iter().filter(|(day, _)| day.weekday().index() >= 5).map(|(_, count)| *count).sum();
    let few = |count: i64| found.few.is_some_and(|few| count <= few);
    let number = |value: i64| if few(value) { report.count(&line.kind, value) } else { integer(value, lang) };
    let mut caption = match lang {
        Lang::Vi => format!(
            "{} hồ sơ, mỗi ô một ngày, mỗi cột một tuần; ô càng đậm, ngày ấy càng nhiều. Nhiều nhất là ngày {} ({} hồ sơ); thứ Bảy và Chủ nhật có {}.",
            number(total),
            day(busiest.0, lang),
            number(busiest.1),
            number(weekend)
        ),
        Lang::En => format!(
            "{} records, a square for each day, a column for each week; the darker, the more. Most were on {} ({}); Saturdays and Sundays have {}.",
            number(total),
            day(busiest.0, lang),
            number(busiest.1),
            number(weekend)
        ),
    };
    if found.few.is_some() {
        // Its numbers are sums over days of which some say no number.
        caption = match lang {
            Lang::Vi => format!(
                "Mỗi ô một ngày, mỗi cột một tuần; ô càng đậm, ngày ấy càng nhiều. Ngày ít hồ sơ ghi là “{}”.",
                number(1)
            ),
            Lang::En => format!(
                "A square for each day, a column for each week; the darker, the more. Days with few records stand as “{}”.",
                number(1)
            ),
        };
    }
    let title = format!("{}: {}", line.name.get(lang), found.label);
    let svg = chart::heat(&chart::Heat { id, title: &title, about: &caption, lang, days: &found.days });
    Some(Picture {
        svg,
        caption,
        wide: true,
        label: title.clone(),
        table: Some(day_table(&found.days, title, id, lang, &number)),
        fold: fold(lang),
    })
}

/// Months by days of the month.
fn day_table(
    days: &[(Day, i64)],
    caption: String,
    id: &str,
    lang: Lang,
    number: &dyn Fn(i64) -> String,
) -> Table {
    let mut head = vec![Head::words(say(lang, "Tháng", "Month"))];
    head.extend((1..=31).map(|day| Head::number(day.to_string())));
    let mut rows: Vec<(i64, Row)> = Vec::new();
    for (at, count) in days {
        let (year, of_year, day) = at.ymd();
        let key = i64::from(year) * 12 + i64::from(of_year);
        if rows.last().is_none_or(|(known, _)| *known != key) {
            rows.push((key, Row::new(month(*at, lang), vec![Cell::number(""); 31])));
        }
        let place = usize::try_from(day).unwrap_or(1).saturating_sub(1);
        if let Some(cell) = rows.last_mut().and_then(|(_, row)| row.cells.get_mut(place)) {
            *cell = Cell::number(number(*count));
        }
    }
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Table { id: format!("{id}t"), caption, head, rows, ..Table::default() }
}

/// One term allowed, with what was used of it.
struct Term {
    allowed: i64,
    records: i64,
    within: i64,
    median: i64,
}

/// Terms used against terms allowed.
pub fn terms(report: &Report, line: &Line, detail: &Detail, id: &str) -> Option<Picture> {
    let lang = report.lang;
    let found = detail.terms.as_ref().filter(|terms| !terms.pairs.is_empty())?;
    let mut terms: Vec<Term> = Vec::new();
    let mut allowed: Vec<i64> = found.pairs.iter().map(|(allowed, _, _)| *allowed).collect();
    allowed.sort_unstable();
    allowed.dedup();
    for term in allowed {
        let mut used: Vec<(i64, i64)> =
            found.pairs.iter().filter(|pair| pair.0 == term).map(|pair| (pair.1, pair.2)).collect();
        used.sort_unstable();
        let records: i64 = used.iter().map(|(_, count)| *count).sum();
        let within = used.iter().filter(|(used, _)| *used <= term).map(|(_, count)| *count).sum();
        let mut passed = 0;
        let median = used.iter().find(|(_, count)| {
            passed += *count;
            passed * 2 >= records
        });
        terms.push(Term { allowed: term, records, within, median: median.map_or(0, |(used, _)| *used) });
    }
    let hides = |value: i64| report.hides(&line.kind, value);
    let (records, within) =
        terms.iter().fold((0, 0), |(records, within), term| (records + term.records, within + term.within));
    let number = |value: i64| report.count(&line.kind, value);
    let mut caption = match lang {
        Lang::Vi => format!(
            "{} trong {} hồ sơ dùng không quá thời hạn của mình. Mỗi hàng một thời hạn; chấm càng to, càng nhiều hồ sơ của hàng ấy dùng hết chừng đó phần trăm thời hạn; chấm rỗng bên phải vạch là quá thời hạn. Đơn vị: {}.",
            number(within),
            number(records),
            found.unit
        ),
        Lang::En => format!(
            "{} of {} records took no longer than their time limit. A row for each limit; the larger a dot, the more of its row used that part of the limit; hollow dots right of the line passed it. In {}.",
            number(within),
            number(records),
            found.unit
        ),
    };
    if terms.len() > chart::TERM_ROWS {
        let rows = chart::TERM_ROWS;
        caption.push_str(&match lang {
            Lang::Vi => format!(" Hình chỉ vẽ {rows} thời hạn có nhiều hồ sơ nhất."),
            Lang::En => format!(" Only the {rows} limits with the most records are drawn."),
        });
    }
    if found.unknown > 0 {
        caption.push_str(&match lang {
            Lang::Vi => format!(" {} hồ sơ không ghi đủ để biết.", number(found.unknown)),
            Lang::En => format!(" {} records do not say enough to tell.", number(found.unknown)),
        });
    }
    if found.left > 0 {
        caption.push_str(say(
            lang,
            " Thời hạn có ít hồ sơ không ghi ở đây.",
            " Limits that few records have are left out here.",
        ));
    }
    let title = say(lang, "Thời gian đã dùng so với thời hạn", "Time used against time allowed").to_owned();
    let svg =
        chart::terms(&chart::TermDots { id, title: &title, about: &caption, lang, pairs: &found.pairs });
    let head = vec![
        Head::words(say(lang, "Thời hạn", "Limit")),
        Head::number(say(lang, "Hồ sơ", "Records")),
        Head::number(say(lang, "Không quá thời hạn", "Within it")),
        Head::number(say(lang, "Tỷ lệ", "Share")),
        Head::number(say(lang, "Một nửa dùng không quá", "Half took no more than")),
    ];
    let rows = terms.iter().map(|term| {
        Row::new(
            integer(term.allowed, lang),
            vec![
                Cell::integer(term.records, lang),
                Cell::number(report.count(&line.kind, term.within)),
                Cell::number(if hides(term.within) {
                    "–".to_owned()
                } else {
                    share(ten_thousandths(term.within, term.records), lang)
                }),
                Cell::integer(term.median, lang),
            ],
        )
    });
    let table = Table {
        id: format!("{id}t"),
        caption: title.clone(),
        head,
        rows: rows.collect(),
        ..Table::default()
    };
    Some(Picture { svg, caption, wide: false, label: title, table: Some(table), fold: fold(lang) })
}
