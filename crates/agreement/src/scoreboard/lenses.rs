//! Rival definitions beside a figure: like beside like.

use super::build::{Leaf, Work};
use super::combine::combine;
use super::evidence::Evidence;
use super::{Beside, GoalLine, LensFigure};
use crate::ask::Cell;
use crate::figure::Verdict;
use crate::judge::{Terms, judge};
use crate::period::Period;
use crate::target::{Force, Lens};
use crate::text::Text;

impl Work<'_> {
    /// The lenses of a stretch of time. A lens reads records only: where the figure rests on more, or on
    /// something else, the flip is told against the agreement's own definition over the same records.
    pub(super) fn lenses(
        &self,
        lenses: &[Lens],
        leaf: &Leaf,
        position: Option<usize>,
        ground: &Evidence,
        verdict: Verdict,
    ) -> Vec<LensFigure> {
        let judged = |lens: &Lens, period: &Period, cell: &Cell| {
            if cell.tally.seen == 0 {
                return Verdict::NoData;
            }
            if self.version(leaf).is_some_and(|version| !self.set_for_period(version, &lens.goal)) {
                return Verdict::NotJudged;
            }
            judge(&lens.goal, &cell.amount, Terms { ended: self.ended(period), min_cases: None })
        };
        let beside = self.beside(leaf, position, ground);
        let against = beside.as_ref().map_or(verdict, |beside| beside.verdict);
        let code = |unit: &usize| self.bundle.cluster.units.get(*unit).map(|unit| unit.code.clone());
        let leaves_out: Vec<String> = ground.by_totals.iter().filter_map(code).collect();
        lenses
            .iter()
            .zip(&leaf.lenses)
            .filter_map(|(lens, place)| {
                let cells = self.cells(*place, position)?;
                let parts = &self.answer(*place)?.parts;
                let would_be = if lens.goal.each.is_some() {
                    combine(parts.iter().zip(&cells.parts).map(|(period, cell)| judged(lens, period, cell)))
                } else {
                    judged(lens, &leaf.period, &cells.whole)
                };
                let goal = lens.goal.each.is_none().then_some(&lens.goal);
                let plain = |verdict| matches!(verdict, Verdict::Met | Verdict::NotMet);
                let force = self.version(leaf).map_or(Force::AtLeast, |version| version.force);
                // Where the lens reads nothing there is nothing to compare, and the figure says why.
                let note = beside.as_ref().filter(|_| would_be != Verdict::NoData);
                Some(LensFigure {
                    lens: lens.id.clone(),
                    name: lens.name.clone(),
                    goal: GoalLine::new(&lens.goal, force),
                    amount: cells.whole.amount.clone(),
                    shown: cells.whole.amount.words(goal),
                    would_be,
                    beside: beside.clone(),
                    leaves_out: leaves_out.clone(),
                    flips: [would_be, against, verdict].into_iter().all(plain) && would_be != against,
                    note: note.map(|beside| self.told_beside(beside, ground)),
                })
            })
            .collect()
    }

    /// The agreement's own definition over the records alone, where the figure is not that.
    fn beside(&self, leaf: &Leaf, position: Option<usize>, ground: &Evidence) -> Option<Beside> {
        let amount = &self.cell(leaf, position)?.amount;
        if ground.amount.as_ref().is_none_or(|figure| figure == amount) {
            return None;
        }
        let of_records = |leaf: &Leaf, part: bool| {
            let (Some(cell), Some(version)) = (self.cell(leaf, position), self.version(leaf)) else {
                return Verdict::NoData;
            };
            if cell.tally.seen == 0 {
                return Verdict::NoData;
            }
            let records = Evidence { amount: Some(cell.amount.clone()), ..Evidence::nothing() };
            self.judged(version, &records, &leaf.period, position, part)
        };
        let whole = leaf.part.is_none() && leaf.period == self.planned.period;
        let verdict = if whole && self.by_parts() {
            combine(self.leaves.iter().map(|leaf| of_records(leaf, true)))
        } else {
            of_records(leaf, !whole)
        };
        let goal = self.version(leaf).map(|version| &version.goal).filter(|goal| goal.each.is_none());
        Some(Beside { amount: amount.clone(), shown: amount.words(goal), verdict })
    }

    fn told_beside(&self, beside: &Beside, ground: &Evidence) -> Text {
        let units = || ground.by_totals.iter().filter_map(|unit| self.bundle.cluster.units.get(*unit));
        let (mut vi, mut en) = (
            "cách tính đối chiếu chỉ đọc bản ghi".to_owned(),
            "rival definitions read records only".to_owned(),
        );
        if !ground.by_totals.is_empty() {
            let names: Vec<&str> = units().map(|unit| unit.short.vi.as_str()).collect();
            vi.push_str(&format!(", không gồm {}", names.join(", ")));
            let names: Vec<&str> = units().map(|unit| unit.short.en.as_str()).collect();
            en.push_str(&format!(", without {}", names.join(", ")));
        }
        let word = beside.verdict.words();
        Text::new(
            format!("{vi}; trên cùng các bản ghi đó giao ước cho {}, {}", beside.shown.vi, word.vi),
            format!("{en}; over the same records the agreement gives {}, {}", beside.shown.en, word.en),
        )
    }
}

#[cfg(test)]
#[path = "lenses_tests.rs"]
mod tests;
