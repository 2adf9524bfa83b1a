//! What a figure rests on: records, else totals, else a stated value, else a nil report, else nothing.

use giaouoc_worktime::Day;

use super::Facts;
use crate::ask::Cell;
use crate::bundle::Bundle;
use crate::figure::{Amount, Grade};
use crate::period::Period;
use crate::reports::{NilAbout, NilReport, Stated};
use crate::target::{Measure, Target, TargetVersion};
use crate::text::{Lang, Text};
use crate::totals::{self, Reading};

/// The ground of one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    pub amount: Option<Amount>,
    pub grade: Grade,
    /// It is confirmed that there was nothing to count.
    pub no_cases: bool,
    pub coverage: Vec<Period>,
    /// Units of the cluster that are in the amount by their totals and not by records.
    pub by_totals: Vec<usize>,
    pub notes: Vec<Text>,
}

impl Evidence {
    pub(super) fn nothing() -> Self {
        Self {
            amount: None,
            grade: Grade::Nothing,
            no_cases: false,
            coverage: Vec::new(),
            by_totals: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// One unit and one target, with everything that may speak for them.
pub(super) struct Ground<'a> {
    pub bundle: &'a Bundle,
    pub facts: &'a Facts<'a>,
    pub target: &'a Target,
    pub unit: usize,
    /// The unit has records of the kind, of whatever time, or another unit supplies the kind for it and
    /// has: then nothing counted is a count of 0 and not a silence.
    pub known: bool,
}

impl Ground<'_> {
    /// What speaks for a stretch of time.
    pub(super) fn evidence(
        &self,
        version: &TargetVersion,
        period: &Period,
        as_of: Day,
        cell: &Cell,
    ) -> Evidence {
        let nil = self.nil(period, as_of);
        let stated = self.stated(period);
        if cell.tally.counted > 0 {
            return self.records(cell, stated, nil);
        }
        let mut notes = Vec::new();
        if let Some(rule) = &self.target.totals {
            let (mut lines, mut unread) = (Vec::new(), Vec::new());
            for row in self.facts.totals.iter().filter(|row| row.unit == self.unit) {
                let code = self.bundle.cluster.units.get(self.unit).map_or("", |unit| unit.code.as_str());
                match row.line(rule, self.facts.calendars.unit(code), as_of) {
                    Ok(line) => lines.push(line),
                    Err(why) => unread.push(why),
                }
            }
            notes.append(&mut unread);
            match totals::read(&version.rule.measure, &lines, period, as_of) {
                Reading::Nothing => {}
                Reading::Figure(found) => {
                    notes.extend(found.notes);
                    notes.push(covers(&found.coverage));
                    let (amount, no_cases) = match found.amount {
                        Amount::Share { of: 0, .. } => (None, true),
                        amount => (Some(amount), false),
                    };
                    if no_cases {
                        notes.push(Text::new(
                            format!("không phát sinh theo {}", found.grade.words().vi),
                            format!("no cases per {}", found.grade.words().en),
                        ));
                    }
                    return Evidence {
                        amount,
                        grade: found.grade,
                        no_cases,
                        coverage: found.coverage,
                        by_totals: vec![self.unit],
                        notes,
                    };
                }
                Reading::Unfit(why) => notes.extend(why),
            }
        }
        if let Some(stated) = stated {
            notes.push(told_by(stated));
            return Evidence {
                amount: Some(stated.amount.clone()),
                grade: Grade::Stated,
                notes,
                ..Evidence::nothing()
            };
        }
        let zero = match version.rule.measure {
            Measure::Count | Measure::Distinct { .. } => Some(Amount::Count(0)),
            Measure::Sum { .. } => Some(Amount::Sum(0)),
            Measure::Share { .. } | Measure::Mean { .. } | Measure::Percentile { .. } => None,
        };
        if let Some(nil) = nil {
            if nil.period.last > as_of {
                notes.push(speaks_later(nil));
            } else if nil.confirmed() {
                notes.push(confirmed_by(nil));
                return Evidence {
                    no_cases: zero.is_none(),
                    amount: zero,
                    grade: Grade::NilReport,
                    notes,
                    ..Evidence::nothing()
                };
            } else {
                notes.push(Text::new(
                    "báo cáo không phát sinh chưa được lãnh đạo đơn vị xác nhận",
                    "the nil report is not yet confirmed by the unit's leader",
                ));
            }
        }
        match zero {
            Some(zero) if self.known => {
                Evidence { amount: Some(zero), grade: Grade::Records, notes, ..Evidence::nothing() }
            }
            _ => {
                if cell.tally.seen > 0 {
                    notes.push(Text::new(
                        "có bản ghi nhưng không bản ghi nào được tính trong kỳ; chờ báo cáo không phát sinh hoặc bổ sung số liệu",
                        "has records, but none is counted in the period; waiting for a nil report or for data",
                    ));
                }
                Evidence { notes, ..Evidence::nothing() }
            }
        }
    }

    /// Records win over everything else; what contradicts them is said beside them.
    fn records(&self, cell: &Cell, stated: Option<&Stated>, nil: Option<&NilReport>) -> Evidence {
        let mut notes = Vec::new();
        if let Some(stated) = stated
            && stated.amount != cell.amount
        {
            notes.push(Text::new(
                format!(
                    "đơn vị nêu {}, tính từ bản ghi là {}: đề nghị đối chiếu",
                    stated.amount.integers(Lang::Vi),
                    cell.amount.integers(Lang::Vi)
                ),
                format!(
                    "the unit states {}, the records give {}: please compare",
                    stated.amount.integers(Lang::En),
                    cell.amount.integers(Lang::En)
                ),
            ));
        }
        if nil.is_some() {
            notes.push(Text::new(
                "có báo cáo không phát sinh nhưng kỳ này có bản ghi được tính: đề nghị đối chiếu",
                "there is a nil report, but records are counted in this period: please compare",
            ));
        }
        Evidence { amount: Some(cell.amount.clone()), grade: Grade::Records, notes, ..Evidence::nothing() }
    }

    /// The nil report on a stretch of time; one that speaks by `as_of` before one that does not yet.
    fn nil(&self, period: &Period, as_of: Day) -> Option<&NilReport> {
        let about = |nil: &&NilReport| match &nil.about {
            NilAbout::Kind(kind) => *kind == self.target.kind,
            NilAbout::Target(target) => *target == self.target.id,
        };
        let covers = |nil: &&NilReport| nil.period.first <= period.first && period.last <= nil.period.last;
        let reports = &self.bundle.reports.nil;
        let fitting = || reports.iter().filter(|nil| nil.unit == self.unit).filter(about).filter(covers);
        let over = |nil: &&NilReport| nil.period.last <= as_of;
        let confirmed = |nil: &&NilReport| nil.confirmed();
        let speaking = fitting().filter(over).find(confirmed);
        speaking.or_else(|| fitting().find(confirmed)).or_else(|| fitting().next())
    }

    fn stated(&self, period: &Period) -> Option<&Stated> {
        self.bundle.reports.stated.iter().find(|stated| {
            stated.unit == self.unit
                && stated.target == self.target.id
                && (stated.period.first, stated.period.last) == (period.first, period.last)
        })
    }
}

/// "thay cho 01/01–30/06/2020".
fn covers(coverage: &[Period]) -> Text {
    let vi: Vec<String> = coverage.iter().map(|p| format!("{}–{}", p.first.dmy(), p.last.dmy())).collect();
    let en: Vec<String> = coverage.iter().map(|p| format!("{} to {}", p.first, p.last)).collect();
    Text::new(
        format!("số tổng hợp thay cho {}", vi.join(", ")),
        format!("totals stand for {}", en.join(", ")),
    )
}

fn confirmed_by(nil: &NilReport) -> Text {
    let (Some(by), Some(on)) = (&nil.confirmed_by, nil.confirmed_on) else {
        return Text::default();
    };
    Text::new(
        format!("không phát sinh, {} xác nhận ngày {}", by.vi, on.dmy()),
        format!("no cases, confirmed by {} on {on}", by.en),
    )
}

/// "No cases in 2020" can be known when 2020 is over, and not before.
fn speaks_later(nil: &NilReport) -> Text {
    let words = nil.period.words();
    Text::new(
        format!("báo cáo không phát sinh của kỳ {} chỉ được tính khi kỳ đó đã hết", words.vi),
        format!("the nil report for {} counts only once that period is over", words.en),
    )
}

fn told_by(stated: &Stated) -> Text {
    let mut text = Text::new("số đơn vị tự nêu, chưa có bản ghi", "stated by the unit, without records");
    if let Some(source) = &stated.source {
        text.vi.push_str(&format!(" ({})", source.vi));
        text.en.push_str(&format!(" ({})", source.en));
    }
    text
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;
