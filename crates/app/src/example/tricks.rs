//! Everything that is planted beyond the three habits, with `--tricks all`: on the finished story of a dossier, with
//! random numbers of its own, so that the story is the same without it.
//!
//! Every trick has innocent neighbours. No threshold of `data/rules/signals.toml` is known here: a trick is as strong as
//! who plays it needs it to be, so some are too weak to be asked about.

mod later;
mod ways;

pub(super) use self::later::EXPORTS;
use self::later::Later;
use self::ways::{Way, Ways};
use super::clock::{Clock, DAY};
use super::columns::Row;
use super::date_of;
use super::planted::{Planted, Trick};
use super::prng::Prng;
use super::shape::Shape;
use super::story::{GRANTED, MINUTES, ONLINE, REFUSED, RETURNED, Told, WITHDRAWN};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
/// Ten thousandths of the fitting dossiers that a unit plays its own trick with, and that any other plays it with.
const OFTEN: u32 = 6_000;
const SELDOM: u32 = 100;

/// A dossier's whole truth, on the way to what an export tells of it.
#[derive(Clone, Debug)]
struct Case {
    /// As it is once all is known; without a finish where it never ends.
    row: Row,
    /// Status while it is open.
    open: u8,
    /// Working seconds up to its receipt.
    start: i64,
    /// Working seconds used, pauses left out.
    used: i64,
    /// Working seconds allowed.
    allowed: i64,
    /// A trick was played with it, or it was changed in a way that none may be played with it.
    touched: bool,
}

/// Plants.
#[derive(Debug)]
pub(super) struct Tricks<'a> {
    clock: &'a Clock,
    ways: Ways,
    seed: u64,
    prng: Prng,
    later: Later,
}

impl<'a> Tricks<'a> {
    /// Nothing planted yet; the first export is made at local second `end`.
    pub(super) fn new(shape: &Shape, clock: &'a Clock, seed: u64, end: i64) -> Self {
        let ways = Ways::new(shape, seed);
        Self { clock, ways, seed, prng: Prng::new(seed, 1 << 32), later: Later::new(end) }
    }

    /// A day begins: its numbers hang on nothing that was before.
    pub(super) fn day(&mut self, day: i64) {
        self.prng = Prng::new(self.seed, (1 << 32) + day as u64);
    }

    /// The next export: the corrections, additions and news of older dossiers that it has, in order.
    pub(super) fn next_export(&mut self, end: i64) -> Vec<(String, Row)> {
        self.later.next_export(end)
    }

    /// The dossiers to be withdrawn before the last export is loaded.
    pub(super) fn withdrawn(&self) -> &[String] {
        self.later.withdrawn()
    }

    /// What the export at hand tells of a dossier; nothing where it is left out.
    pub(super) fn dossier(
        &mut self,
        code: &str,
        told: Told,
        planted: &mut Planted,
    ) -> anyhow::Result<Option<Row>> {
        if told.row.received_at.is_none() {
            return Ok(Some(told.row));
        }
        let mut case = self.case(told);
        self.honest(&mut case);
        self.trick(&mut case, code, planted)?;
        self.months(&mut case, code, planted)?;
        self.later(code, case, planted)
    }

    fn case(&mut self, told: Told) -> Case {
        let Told { mut row, start, used, outcome, stuck, touched } = told;
        let open = if row.finished_at.is_some() { 4 } else { row.status };
        if row.finished_at.is_none() && !stuck {
            let finished = self.clock.at(start + used + i64::from(row.paused_minutes) * MINUTE);
            row.finished_at = Some(finished);
            row.outcome = Some(outcome);
            row.status = if outcome == WITHDRAWN { 7 } else { 9 };
            let handed_over = finished + i64::from(self.prng.wait()) * 21;
            if outcome != WITHDRAWN && self.prng.chance(9_300) {
                row.handed_over_at = Some(handed_over);
                row.status = 10;
            }
        }
        let allowed = i64::from(row.time_limit_days) * MINUTES * MINUTE;
        Case { row, open, start, used, allowed, touched }
    }

    /// What is no trick, and looks like one now and then.
    fn honest(&mut self, case: &mut Case) {
        let Self { clock, ways, prng, .. } = self;
        let unit = ways.unit(case.row.unit);
        if case.row.paused_minutes > 0 {
            // Most papers are missed early; a payment, or another agency, may be waited for at the very end.
            let span = case.used.clamp(MINUTE, i64::from(u32::MAX)) as u32;
            let offset = match prng.chance(500) {
                true => case.used - (i64::from(prng.wait()) * 2 * HOUR / 1024).min(case.used),
                false => i64::from(prng.below(span).min(prng.below(span))),
            };
            let from = case.start + offset.max(MINUTE);
            let to = from + i64::from(case.row.paused_minutes) * MINUTE;
            case.row.pause = Some((clock.at(from), Some(clock.at(to))));
        }
        if case.row.outcome == Some(GRANTED) && prng.chance(unit.returns) {
            case.row.outcome = Some(RETURNED);
        }
        if case.touched {
            return;
        }
        let second = ways.second(case.row.procedure).filter(|(_, often)| prng.chance(*often));
        if let Some((limit, _)) = second {
            case.allow(i32::from(limit), clock);
        } else if prng.chance(100) {
            // A day more, or the fifth part more that remote places are given.
            let more = if prng.chance(3_000) { (case.row.time_limit_days / 5).max(1) } else { 1 };
            case.allow(case.row.time_limit_days + more, clock);
        }
        let Some(finished) = case.row.finished_at else { return };
        let received = case.row.received_at.unwrap_or(finished);
        let outside = clock.position(received) == clock.position(received + 1);
        if outside && case.row.channel == ONLINE && prng.chance(400) {
            // A portal that takes in at night, and a desk that works at night.
            let at = received + 5 * MINUTE + i64::from(prng.below(5_400));
            if at.div_euclid(DAY) == received.div_euclid(DAY) && case.row.pause.is_none() {
                case.end(at);
                case.used = case.used.min(HOUR);
                case.touched = true;
            }
        } else if clock.of_day(finished.div_euclid(DAY)) > 0 && prng.chance(100) {
            // Overtime: minutes as a rule, an hour and more now and then.
            let closing = clock.closing(finished.div_euclid(DAY));
            case.end(closing + i64::from(prng.wait()) * 20 * MINUTE / 1024 + MINUTE);
            case.touched = true;
        } else if case.late() && prng.chance(300) {
            // The apology and the new date that the rules want.
            let due = case.start + case.allowed + case.paused();
            let days = 1 + i64::from(prng.below(5));
            case.row.due_at = Some(clock.at(due + days * MINUTES * MINUTE));
            case.row.apology_at = Some(clock.at(due - i64::from(prng.below(7_200)).min(case.allowed / 2)));
            case.touched = true;
        }
    }

    /// What is done with a dossier that would be late.
    fn trick(&mut self, case: &mut Case, code: &str, planted: &mut Planted) -> anyhow::Result<()> {
        let Self { clock, ways, prng, .. } = self;
        let way = ways.unit(case.row.unit).way;
        let Some(finished) = case.row.finished_at.filter(|_| !case.touched) else { return Ok(()) };
        if way == Way::Returns && case.row.outcome == Some(GRANTED) && prng.chance(1_500) {
            case.row.outcome = Some(RETURNED);
            case.touched = true;
            let here = planted.export().map(str::to_owned);
            return planted.line(Trick::Returned, code, "", "granted", here.as_deref());
        }
        if !case.late() {
            return Ok(());
        }
        let mut plays = |own: Way| prng.chance(if way == own { OFTEN } else { SELDOM });
        let plays = [plays(Way::PausesLate), plays(Way::EntersAtNight), plays(Way::GivesLongLimits)];
        let due = clock.at(case.start + case.allowed);
        if plays[0] && case.allowed >= 2 * MINUTES * MINUTE && case.row.paused_minutes == 0 {
            let before = (5 * MINUTE + i64::from(prng.wait()) * 90 * MINUTE / 1024).min(case.allowed / 2);
            // What is left to do once the pause ends takes less than what the pause saved.
            let left = i64::from(prng.below(before as u32 / 4)).min(case.used - case.allowed);
            let minutes = (case.used - left - case.allowed + before) / MINUTE;
            if minutes > 0 {
                let from = case.start + case.allowed - before;
                case.row.pause = Some((clock.at(from), Some(clock.at(from + minutes * MINUTE))));
                case.row.paused_minutes = minutes as i32;
                case.row.due_at = Some(clock.at(case.start + case.allowed + minutes * MINUTE));
                case.touched = true;
                planted.write(Trick::LatePause, code, "", due)?;
            }
        } else if plays[1] {
            if let Some(at) = night(case, due, clock, prng) {
                case.end(at);
                case.touched = true;
                planted.write(Trick::OutOfHours, code, "", finished)?;
            }
        } else if plays[2] {
            let limit = case.row.time_limit_days;
            case.allow(2 * limit + 1 + prng.below(limit as u32 + 2) as i32, clock);
            case.touched = true;
            planted.write(Trick::LongLimit, code, "", due)?;
        }
        Ok(())
    }

    /// Where in its month a dossier ends.
    fn months(&mut self, case: &mut Case, code: &str, planted: &mut Planted) -> anyhow::Result<()> {
        let Self { clock, ways, prng, later, .. } = self;
        let way = ways.unit(case.row.unit).way;
        let ways = [Way::EntersForMonthEnd, Way::ClearsBeforeMonthEnd, Way::SignsMidMonth];
        let (Some(finished), Some(received)) = (case.row.finished_at, case.row.received_at) else {
            return Ok(());
        };
        if case.touched || !ways.contains(&way) || matches!(case.row.outcome, Some(RETURNED | WITHDRAWN)) {
            return Ok(());
        }
        let (day, month) = (finished.div_euclid(DAY), date_of(finished.div_euclid(DAY)).month());
        // Which working day of its month it is.
        let first = (1..=31).find(|back| date_of(day - back).month() != month).unwrap_or(31);
        let number = (day - first + 1..=day).filter(|day| clock.of_day(*day) > 0).count();
        let last = (day - first - 14..=day - first).rev().find(|day| clock.of_day(*day) > 0);
        let within = |day: i64, prng: &mut Prng| {
            let hours = clock.of_day(day).clamp(1, DAY) as u32;
            clock.at(clock.position(day * DAY) + 1 + i64::from(prng.below(hours)))
        };
        let before = last.filter(|last| received < last * DAY);
        match way {
            // Every other month: the office that reports by the quarter does not need each.
            Way::EntersForMonthEnd if number <= 15 && (case.row.unit as i64 + i64::from(month)) % 2 == 0 => {
                if let Some(last) = before
                    && finished <= later.end()
                    && prng.chance(9_000)
                {
                    case.end(within(last, prng));
                    case.touched = true;
                    planted.write(Trick::MonthEnd, code, "", finished)?;
                }
            }
            Way::ClearsBeforeMonthEnd if number <= 2 => {
                if let Some(last) = before
                    && prng.chance(3_500)
                {
                    case.end(within(last, prng));
                }
            }
            Way::SignsMidMonth if (8..12).contains(&number) => {
                let mut days = (day + 1..day + 14).filter(|day| clock.of_day(*day) > 0);
                if let Some(session) = days.nth(11 - number) {
                    case.end(within(session, prng));
                    case.touched = true;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// An evening or a day off by the due date, to enter a finish for.
fn night(case: &Case, due: i64, clock: &Clock, prng: &mut Prng) -> Option<i64> {
    let received = case.row.received_at?;
    let day = due.div_euclid(DAY);
    let evening = |day: i64, prng: &mut Prng| {
        let after = 30 * MINUTE + i64::from(prng.wait()) * 120 * MINUTE / 1024;
        (clock.closing(day) + after).min(day * DAY + 23 * HOUR + 30 * MINUTE)
    };
    let at = match prng.below(3) {
        0 => evening(day, prng),
        1 => {
            let off = (day - 10..=day).rev().find(|day| clock.of_day(*day) == 0)?;
            off * DAY + 8 * HOUR + i64::from(prng.below(12 * HOUR as u32))
        }
        _ => {
            let span = (day - received.div_euclid(DAY)).clamp(0, 10) as u32;
            let day = day - i64::from(prng.below(span + 1));
            (clock.of_day(day) > 0).then(|| evening(day, prng))?
        }
    };
    (received < at).then_some(at)
}

impl Case {
    /// Whether it ends after the time allowed.
    fn late(&self) -> bool {
        self.used > self.allowed
    }

    /// Working seconds of its pauses.
    fn paused(&self) -> i64 {
        i64::from(self.row.paused_minutes) * MINUTE
    }

    /// Another time limit, and the due dates that it makes.
    fn allow(&mut self, days: i32, clock: &Clock) {
        self.row.time_limit_days = days;
        self.allowed = i64::from(days) * MINUTES * MINUTE;
        self.row.first_due_at = Some(clock.at(self.start + self.allowed));
        self.row.due_at = Some(clock.at(self.start + self.allowed + self.paused()));
    }

    /// Another finish; what was handed over stays handed over, though not before.
    fn end(&mut self, at: i64) {
        self.row.finished_at = Some(at);
        self.row.handed_over_at = self.row.handed_over_at.map(|handed_over| handed_over.max(at));
    }

    /// Whether it counts among the settled ones, and ended on a day after the one that it was first due.
    fn settled_on_a_later_day(&self) -> bool {
        let days = [self.row.finished_at, self.row.first_due_at].map(|at| at.map(|at| at.div_euclid(DAY)));
        matches!(days, [Some(finished), Some(due)] if finished > due)
            && matches!(self.row.outcome, Some(GRANTED | REFUSED))
    }
}
