//! Later exports: what they add, bring up to date and change, and what of that is a trick.

use super::super::clock::DAY;
use super::super::columns::Row;
use super::super::planted::{Planted, Trick};
use super::super::story::{GRANTED, MINUTES, ONLINE, REFUSED, WITHDRAWN};
use super::super::{export_name, local};
use super::ways::Way;
use super::{Case, HOUR, MINUTE, Tricks};

/// Exports after the first one.
pub(in super::super) const EXPORTS: usize = 2;
/// Ten thousandths of the late dossiers that a unit with such a way changes, and that any other one does.
const OFTEN: u32 = 2_500;
const SELDOM: u32 = 15;
/// Ten thousandths of all dossiers that are withdrawn before the last export, honestly: entered twice, or numbered anew.
const WITHDRAWN_HONESTLY: u32 = 10;
/// Ten thousandths of all dossiers that are put right in a later export, honestly.
const HONEST: u32 = 80;

/// What later exports will have.
#[derive(Debug)]
pub(super) struct Later {
    /// The export at hand tells what was so at this local second.
    end: i64,
    /// Exports that were made before it.
    made: usize,
    /// Dossiers that were open then, as they end.
    open: Vec<(String, Case)>,
    /// Versions and dossiers that come with the later exports, the first one first.
    coming: [Vec<(String, Row)>; EXPORTS],
    /// Dossiers that are withdrawn before the last export.
    withdrawn: Vec<String>,
}

impl Later {
    pub(super) fn new(end: i64) -> Self {
        Self { end, made: 0, open: Vec::new(), coming: Default::default(), withdrawn: Vec::new() }
    }

    /// The local second that the export at hand was made at.
    pub(super) fn end(&self) -> i64 {
        self.end
    }

    pub(super) fn next_export(&mut self, end: i64) -> Vec<(String, Row)> {
        self.end = end;
        let mut rows = self.coming.get_mut(self.made).map(std::mem::take).unwrap_or_default();
        self.made += 1;
        let ended = |case: &Case| case.row.finished_at.is_some_and(|at| at <= end);
        let (news, open) = std::mem::take(&mut self.open).into_iter().partition(|(_, case)| ended(case));
        self.open = open;
        let news: Vec<(String, Case)> = news;
        rows.extend(news.into_iter().map(|(code, case)| (code, known(&case, end))));
        rows
    }

    /// The dossiers to be withdrawn before the last export is loaded.
    pub(super) fn withdrawn(&self) -> &[String] {
        &self.withdrawn
    }

    fn bring(&mut self, export: usize, code: &str, row: Row) {
        // The export at hand is number `made`, the one after it the first of those that come.
        if let Some(rows) = self.coming.get_mut(export.saturating_sub(1)) {
            rows.push((code.to_owned(), row));
        }
    }
}

/// Another key for a dossier: a number that no day reaches.
fn another(code: &str) -> String {
    let (head, number) = code.rsplit_once('-').unwrap_or((code, ""));
    format!("{head}-9{number}")
}

/// What an export made at `end` tells of a dossier.
fn known(case: &Case, end: i64) -> Row {
    let mut row = case.row.clone();
    if row.finished_at.is_none_or(|at| at > end) {
        row = Row { finished_at: None, outcome: None, handed_over_at: None, status: case.open, ..row };
    }
    if row.handed_over_at.is_some_and(|at| at > end) {
        row = Row { handed_over_at: None, status: 9, ..row };
    }
    row.pause =
        row.pause.filter(|(from, _)| *from <= end).map(|(from, to)| (from, to.filter(|to| *to <= end)));
    row
}

impl Tricks<'_> {
    /// Decides what the export at hand tells, and what later ones do.
    pub(super) fn later(
        &mut self,
        code: &str,
        case: Case,
        planted: &mut Planted,
    ) -> anyhow::Result<Option<Row>> {
        let (end, made) = (self.later.end, self.later.made);
        let row = known(&case, end);
        let Some(finished) = row.finished_at else {
            if case.row.finished_at.is_some() && made < EXPORTS {
                self.later.open.push((code.to_owned(), case));
            }
            return Ok(Some(row));
        };
        if case.touched || made >= EXPORTS {
            return Ok(Some(row));
        }
        let way = self.ways.unit(row.unit).way;
        let ago = (end - finished) / DAY;
        let held =
            case.late() && ago <= 60 && self.prng.chance(if way == Way::HoldsBack { 5_000 } else { 50 });
        // A source that is some days behind, and now and then some weeks.
        let behind = ago <= 2 && self.prng.chance(500);
        let far_behind = ago <= 40 && self.prng.chance(8);
        if held || far_behind {
            if held {
                planted.line(Trick::HeldBack, code, "", &local(finished), Some(&export_name(EXPORTS)))?;
            }
            self.later.bring(EXPORTS, code, row);
            return Ok(None);
        }
        if behind {
            self.later.bring(made + 1, code, row);
            return Ok(None);
        }
        if made == 0 {
            self.change(code, &case, &row, planted)?;
        }
        Ok(Some(row))
    }

    /// Another version of a dossier of the first export, in a later one.
    fn change(&mut self, code: &str, case: &Case, row: &Row, planted: &mut Planted) -> anyhow::Result<()> {
        let way = self.ways.unit(row.unit).way;
        let export = 1 + self.prng.below(EXPORTS as u32) as usize;
        let name = export_name(export);
        let (Some(finished), Some(first_due)) = (row.finished_at, row.first_due_at) else { return Ok(()) };
        let often = |own: Way| if way == own { OFTEN } else { SELDOM };
        if case.late() && case.settled_on_a_later_day() {
            let mut changed = row.clone();
            if self.prng.chance(often(Way::Corrects)) {
                if self.prng.chance(3_000) {
                    return self.withdraw(code, case, changed, planted);
                }
                if self.prng.chance(1_500) {
                    (changed.outcome, changed.status, changed.handed_over_at) = (Some(WITHDRAWN), 7, None);
                } else {
                    changed.finished_at = Some(self.in_time(case));
                }
                planted.line(Trick::Corrected, code, "", &local(finished), Some(&name))?;
                self.later.bring(export, code, changed);
                return Ok(());
            }
            if self.prng.chance(often(Way::ChangesDue)) {
                let days =
                    (case.used - case.allowed) / (MINUTES * MINUTE) + 1 + i64::from(self.prng.below(3));
                let from = case.start + case.allowed + days * MINUTES * MINUTE;
                changed.due_at = Some(self.clock.at(from + case.paused()));
                let trick = if self.prng.chance(5_000) {
                    changed.first_due_at = Some(self.clock.at(from + case.paused()));
                    Trick::FirstDueChanged
                } else {
                    Trick::DueChanged
                };
                planted.line(trick, code, "", &local(first_due), Some(&name))?;
                self.later.bring(export, code, changed);
                return Ok(());
            }
        }
        if self.prng.chance(WITHDRAWN_HONESTLY) {
            self.later.withdrawn.push(code.to_owned());
            if self.prng.chance(8_000) {
                self.later.bring(EXPORTS, &another(code), row.clone());
            }
        } else if self.prng.chance(HONEST)
            && let Some(changed) = self.put_right(case, row)
        {
            self.later.bring(export, code, changed);
        }
        Ok(())
    }

    /// A late dossier that is withdrawn, and may come again under another key and in time.
    fn withdraw(&mut self, code: &str, case: &Case, row: Row, planted: &mut Planted) -> anyhow::Result<()> {
        let (export, finished) = (export_name(EXPORTS), local(row.finished_at.unwrap_or_default()));
        self.later.withdrawn.push(code.to_owned());
        if self.prng.chance(4_000) {
            return planted.line(Trick::Withdrawn, code, "", &finished, Some(&export));
        }
        let again = another(code);
        let row = Row { finished_at: Some(self.in_time(case)), ..row };
        planted.line(Trick::ReKeyed, &again, code, &finished, Some(&export))?;
        self.later.bring(EXPORTS, &again, row);
        Ok(())
    }

    /// A finish some minutes or hours before the first due date.
    fn in_time(&mut self, case: &Case) -> i64 {
        let before = i64::from(self.prng.below(2 * HOUR as u32)).min(case.allowed / 2);
        self.clock.at(case.start + case.allowed - before)
    }

    /// An honest correction: most change nothing that is asked about, a few look just like a trick.
    fn put_right(&mut self, case: &Case, row: &Row) -> Option<Row> {
        let (clock, prng) = (self.clock, &mut self.prng);
        let (finished, received) = (row.finished_at?, row.received_at?);
        let mut right = row.clone();
        let due = case.start + case.allowed + case.paused();
        match prng.below(20) {
            0..=4 => right.handed_over_at = Some(finished + i64::from(prng.wait()) * 21),
            5..=7 => right.channel = if row.channel == ONLINE { 2 } else { 2 - row.channel },
            // The desk's own terminal was taken for the applicant's.
            8 => right.channel = ONLINE,
            9 => right.outcome = (row.outcome == Some(GRANTED)).then_some(REFUSED).or(row.outcome),
            10..=13 => {
                // The hour was mistyped, not the day.
                let at = clock.at(clock.position(finished) + i64::from(prng.below(2 * HOUR as u32)) - HOUR);
                (at > received && at.div_euclid(DAY) == finished.div_euclid(DAY)).then_some(())?;
                right.finished_at = Some(at);
            }
            14..=15 => {
                right.due_at = Some(clock.at(due + (1 + i64::from(prng.below(4))) * MINUTES * MINUTE));
                right.apology_at = Some(clock.at(due - HOUR));
            }
            16..=18 => {
                (row.paused_minutes == 0).then_some(())?;
                let minutes = 60 + i64::from(prng.wait());
                let from =
                    case.start + i64::from(prng.below(case.allowed.clamp(1, 4 * DAY) as u32 / 4)) + MINUTE;
                right.pause = Some((clock.at(from), Some(clock.at(from + minutes * MINUTE))));
                right.paused_minutes = i32::try_from(minutes).unwrap_or(60);
                right.due_at = Some(clock.at(due + minutes * MINUTE));
            }
            _ if case.settled_on_a_later_day() => {
                right.finished_at = Some(clock.at(case.start + case.allowed - HOUR.min(case.allowed / 2)));
            }
            _ => {
                // A first due date that was mistyped by a day.
                let first = clock.at(case.start + case.allowed + MINUTES * MINUTE);
                right.first_due_at = Some(first);
                right.due_at = right.due_at.max(Some(first));
            }
        }
        Some(right)
    }
}
