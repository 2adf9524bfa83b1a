//! Dossiers into the sums of report II.06: over the agreement's period for the identity, and over the days of
//! every row of totals of the same unit.

use arrow::array::RecordBatch;
use giaouoc_agreement::kinds;
use giaouoc_agreement::period::Period;
use giaouoc_agreement::text::Text;
use giaouoc_agreement::totals::{self, Ending, Flow, Place, TotalsRow};
use giaouoc_agreement::value::Value;
use giaouoc_worktime::time::{Day, Instant, Moment};

use super::finding::{Example, Finding, Tally};
use super::pass::Asked;
use giaouoc_signals::columns::{Mapped, Moments, Texts};

/// The kind that report II.06 is about.
pub const KIND: &str = "dossier";
/// The columns that the sums are made of.
pub const COLUMNS: [&str; 3] = ["received_at", "finished_at", "outcome"];

/// A range of days of one unit, and what its dossiers come to.
struct Range {
    first: Day,
    last: Day,
    start: Instant,
    /// The first instant after it.
    end: Instant,
    flow: Flow,
    /// The row of totals that it is held against; nothing for the agreement's period.
    row: Option<usize>,
}

impl Range {
    fn new(period: &Period, asked: &Asked<'_>, row: Option<usize>) -> Self {
        let after = period.last.add_days(1).unwrap_or(period.last);
        let (start, end) = (asked.zone.start_of(period.first), asked.zone.start_of(after));
        Self { first: period.first, last: period.last, start, end, flow: Flow::default(), row }
    }

    fn place(&self, moment: Option<Moment>) -> Option<Place> {
        let (before, within) = match moment? {
            Moment::Day(day) => (day < self.first, day <= self.last),
            Moment::Instant(at) => (at < self.start, at < self.end),
        };
        Some(match (before, within) {
            (true, _) => Place::Before,
            (false, true) => Place::Within,
            (false, false) => Place::After,
        })
    }
}

/// The sums of every unit of the cluster.
pub struct Flows<'a> {
    asked: &'a Asked<'a>,
    units: Vec<Vec<Range>>,
}

/// The questions that come of them.
pub struct Judged {
    /// Sums that do not come out.
    pub identities: Option<Finding>,
    /// Totals that say something else than the records.
    pub totals: Option<Finding>,
}

impl<'a> Flows<'a> {
    /// Nothing counted yet.
    pub fn new(asked: &'a Asked<'a>) -> Self {
        let bundle = &asked.loaded.bundle;
        let own = |_| vec![Range::new(&bundle.agreement.period, asked, None)];
        let mut units: Vec<Vec<Range>> = (0..bundle.cluster.units.len()).map(own).collect();
        for (at, row) in asked.totals.iter().enumerate() {
            if let Some(ranges) = units.get_mut(row.unit) {
                ranges.push(Range::new(&row.period, asked, Some(at)));
            }
        }
        Self { asked, units }
    }

    /// Counts some dossiers; `known` gives the place in the cluster of a unit of the pass.
    pub fn batch(
        &mut self,
        batch: &RecordBatch,
        units: &[Option<usize>],
        known: &dyn Fn(usize) -> Option<usize>,
    ) {
        let [received, finished, outcome] = COLUMNS;
        let (received, finished) = (Moments::of(batch, received), Moments::of(batch, finished));
        let outcomes = Texts::of(batch, outcome);
        let mut endings = Mapped::new(&outcomes);
        for (row, unit) in units.iter().enumerate() {
            let Some(ranges) = unit.and_then(known).and_then(|unit| self.units.get_mut(unit)) else {
                continue;
            };
            let ending = endings.get(row, &mut ending).unwrap_or(Ending::Untold);
            let (came, went) = (received.get(row), finished.get(row));
            for range in ranges {
                let (came, went) = (range.place(came), range.place(went));
                range.flow.count(came, went, ending);
            }
        }
    }

    /// What is to be asked.
    pub fn judge(self) -> Judged {
        let asked = self.asked;
        let cluster = &asked.loaded.bundle.cluster;
        let (mut identities, mut differing) = (Tally::default(), Tally::default());
        for (unit, ranges) in self.units.iter().enumerate() {
            let code = Some(cluster.units[unit].code.as_str());
            for range in ranges {
                match range.row.and_then(|at| asked.totals.get(at)) {
                    None => {
                        if let Some(said) = range.flow.contradiction() {
                            let mut evidence = vec![said];
                            evidence.extend(range.flow.reasons());
                            identities.add(code, 1);
                            identities.example(code, 1, Example { evidence, ..Example::default() });
                        }
                    }
                    Some(row) => against(&mut differing, code, asked, range, row),
                }
            }
        }
        let identities = identities.finding(
            "records-do-not-add-up",
            Some(KIND),
            Text::new(
                "Kỳ trước chuyển sang + tiếp nhận khác đã giải quyết + trả lại, rút + còn lại. Hồ sơ nào ghi thiếu?",
                "Carried over + received differs from settled + returned + open at the end. Which dossiers lack something?",
            ),
            cluster,
        );
        let totals = differing.finding(
            "totals-differ-from-records",
            Some(totals::KIND),
            Text::new(
                "Đơn vị có cả số tổng hợp và từng hồ sơ, hai bên khác nhau. Bên nào đúng?",
                "The unit has both totals and dossiers, and they differ. Which of the two is right?",
            ),
            cluster,
        );
        let totals = totals.map(|found| {
            found.help("Số liệu đang tính theo từng hồ sơ.", "Figures are computed from the dossiers.")
        });
        Judged { identities, totals }
    }
}

fn ending(code: &str) -> Ending {
    match code {
        "granted" | "refused" => Ending::Settled,
        "returned" | "withdrawn" => Ending::Returned,
        _ => Ending::Untold,
    }
}

/// Holds a range against its row of totals. A range without a single dossier has nothing to be held against.
fn against(tally: &mut Tally, code: Option<&str>, asked: &Asked<'_>, range: &Range, row: &TotalsRow) {
    let Some(kind) = kinds::find(totals::KIND) else { return };
    if range.flow == Flow::default() {
        return;
    }
    let differences = range.flow.against(kind, row);
    if differences.is_empty() {
        return;
    }
    tally.add(code, 1);
    let key = match row.values.get(kind.key) {
        Some(Value::Text(key)) => Some(key.clone()),
        _ => None,
    };
    let mut evidence = vec![row.period.words()];
    evidence.extend(differences.iter().map(|difference| difference.text(kind)));
    tally.example(code, asked.examples, Example { key, evidence, sides: None });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_the_kind_has_its_ending() {
        let kind = kinds::find(KIND).unwrap();
        for id in COLUMNS {
            assert!(kind.column(id).is_some(), "{id}");
        }
        let outcome = &kind.columns[kind.column("outcome").unwrap()];
        let giaouoc_agreement::kind::ColumnType::Code(list) = &outcome.ty else { panic!("not a code") };
        for code in &list.codes {
            assert_ne!(ending(&code.code), Ending::Untold, "{}", code.code);
        }
    }
}
