//! Which goals hold in the period asked for. "At least 2 dialogues" of a year asks nothing of its first half,
//! nor of another year; "at least 95 %" is as true of a half-year as of the year.

use super::build::Work;
use crate::target::{Goal, Measure, TargetVersion};
use crate::text::Text;

impl Work<'_> {
    /// Whether a goal may be held against the figures of the board's period.
    ///
    /// Shares, means and percentiles have no size of their own. A count, a sum or a number of different values
    /// grows with time: its goal was set for the target's own period (or, where amendments cut that, for the
    /// days of its words), and a goal "each …" for such parts, in whatever year.
    pub(super) fn set_for_period(&self, version: &TargetVersion, goal: &Goal) -> bool {
        match version.rule.measure {
            Measure::Share { .. } | Measure::Mean { .. } | Measure::Percentile { .. } => return true,
            Measure::Count | Measure::Sum { .. } | Measure::Distinct { .. } => {}
        }
        let (target, asked) = (self.target, &self.planned.period);
        let same = |first, last| (asked.first, asked.last) == (first, last);
        same(target.period.first, target.period.last)
            || target.parts(&target.period).iter().any(|(part, _)| same(part.first, part.last))
            || goal.each.is_some_and(|part| asked.made_of_parts_of(&target.period, part))
    }

    /// Why the goal is not held against the figures, when it is not.
    pub(super) fn other_period(&self) -> Option<Text> {
        let versions = self.leaves.iter().filter_map(|leaf| self.version(leaf));
        let foreign = versions.into_iter().any(|version| !self.set_for_period(version, &version.goal));
        foreign.then(|| {
            let own = self.target.period.words();
            Text::new(
                format!("mức này đặt cho kỳ {}, không cho kỳ đang xem", own.vi),
                format!("this goal was set for {}, not for the period shown", own.en),
            )
        })
    }
}
