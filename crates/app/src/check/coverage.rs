//! Coverage by unit and month: who sent what, and which months stand out.

use std::collections::BTreeMap;

use giaouoc_agreement::coverage::{Gap, gaps};
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_worktime::time::Day;
use serde::Serialize;

use super::finding::{Example, Finding, Tally};
use super::pass::{Asked, Covered};

/// Coverage of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The kind's id.
    pub kind: String,
    /// The months of the agreement's period.
    pub months: Vec<MonthOf>,
    /// Units and suppliers, units in the order of the city's decision.
    pub lines: Vec<LineOf>,
}

/// A month: first and last day, both inclusive.
#[derive(Clone, Debug, Serialize)]
pub struct MonthOf {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// One unit's records from one supplier.
#[derive(Clone, Debug, Serialize)]
pub struct LineOf {
    /// The unit's code.
    pub unit: String,
    /// Who supplied the records; nothing where nobody was named.
    pub supplier: Option<String>,
    /// Records of each month.
    pub now: Vec<u64>,
    /// Records of the same months a year before; empty when there are none of that time.
    pub last_year: Vec<u64>,
    /// Records of other times, and such that have no date.
    pub elsewhere: u64,
}

/// The coverage of a kind, and the months that stand out, when the kind has a rule for that.
pub fn of(
    asked: &Asked<'_>,
    kind: &Kind,
    covered: Vec<(Option<String>, String, Covered)>,
) -> (Coverage, Vec<Finding>) {
    let cluster = &asked.loaded.bundle.cluster;
    let place = |code: &str| cluster.unit(code).unwrap_or(usize::MAX);
    let mut lines: Vec<LineOf> = covered
        .into_iter()
        .map(|(supplier, unit, held)| LineOf {
            unit,
            supplier,
            last_year: if held.then.iter().any(|count| *count > 0) { held.then } else { Vec::new() },
            now: held.now,
            elsewhere: held.elsewhere,
        })
        .collect();
    // Of a kind that comes month by month a member that sent nothing is to be seen, too.
    if asked.rules.coverage.iter().any(|rule| rule.kind == kind.id) {
        for unit in &asked.members {
            let code = &cluster.units[*unit].code;
            if lines.iter().all(|line| line.unit != *code) {
                let now = vec![0; asked.months.now.len()];
                lines.push(LineOf {
                    unit: code.clone(),
                    supplier: None,
                    now,
                    last_year: Vec::new(),
                    elsewhere: 0,
                });
            }
        }
    }
    lines.sort_by(|a, b| (place(&a.unit), &a.unit, &a.supplier).cmp(&(place(&b.unit), &b.unit, &b.supplier)));
    let findings = asked
        .rules
        .coverage
        .iter()
        .filter(|rule| rule.kind == kind.id)
        .flat_map(|rule| standing_out(asked, kind, &lines, &rule.usual()))
        .collect();
    let months = asked.months.now.iter().map(|month| MonthOf { from: month.first, to: month.last });
    (Coverage { kind: kind.id.clone(), months: months.collect(), lines }, findings)
}

fn standing_out(
    asked: &Asked<'_>,
    kind: &Kind,
    lines: &[LineOf],
    usual: &giaouoc_agreement::coverage::Usual,
) -> Vec<Finding> {
    let cluster = &asked.loaded.bundle.cluster;
    let width = asked.months.now.len();
    // A unit's months, whoever supplied them.
    let mut units: BTreeMap<usize, (Vec<u64>, Vec<u64>)> = BTreeMap::new();
    for line in lines {
        let Some(unit) = cluster.unit(&line.unit).filter(|unit| asked.members.contains(unit)) else {
            continue;
        };
        let (now, then) = units.entry(unit).or_insert_with(|| (vec![0; width], vec![0; width]));
        for (sums, counts) in [(now, &line.now), (then, &line.last_year)] {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
    }
    let over = asked.months.over(asked.today);
    let (mut empty, mut fewer) = (Tally::default(), Tally::default());
    for (unit, (now, then)) in &units {
        let then = then.iter().any(|count| *count > 0).then_some(then.as_slice());
        let code = cluster.units[*unit].code.as_str();
        for gap in gaps(now, then, over, usual) {
            let tally = if gap.others.is_some() { &mut empty } else { &mut fewer };
            tally.add(Some(code), 1);
            tally.example(
                Some(code),
                asked.examples,
                Example { evidence: seen(asked, &gap), ..Example::default() },
            );
        }
    }
    let id = Some(kind.id.as_str());
    let empty = empty.finding(
        "month-without-records",
        id,
        Text::new(
            "Tháng không có bản ghi nào. Còn tệp chưa gửi, hay không phát sinh?",
            "A month without a single record. Is a file missing, or did no cases arise?",
        ),
        cluster,
    );
    let fewer = fewer.finding(
        "fewer-than-last-year",
        id,
        Text::new(
            "Tháng có ít bản ghi hơn hẳn cùng kỳ năm trước. Đã gửi đủ chưa?",
            "A month with far fewer records than the same month last year. Was everything sent?",
        ),
        cluster,
    );
    empty.into_iter().chain(fewer).collect()
}

fn seen(asked: &Asked<'_>, gap: &Gap) -> Vec<Text> {
    let n = |count: u64, lang| integer(count, lang);
    let mut evidence = Vec::new();
    if let Some(month) = asked.months.now.get(gap.month) {
        let words = month.words();
        evidence.push(Text::new(
            format!("{}: {} bản ghi", words.vi, n(gap.now, Lang::Vi)),
            format!("{}: {} records", words.en, n(gap.now, Lang::En)),
        ));
    }
    if let Some((sum, months)) = gap.others {
        evidence.push(Text::new(
            format!("{months} tháng khác: {}", n(sum, Lang::Vi)),
            format!("{months} other months: {}", n(sum, Lang::En)),
        ));
    }
    if let Some(then) = gap.then {
        evidence.push(Text::new(
            format!("cùng kỳ năm trước: {}", n(then, Lang::Vi)),
            format!("same month last year: {}", n(then, Lang::En)),
        ));
    }
    evidence
}
