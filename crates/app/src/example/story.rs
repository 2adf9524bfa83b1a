//! What happens to each invented dossier: one working day after another, in order of receipt.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::clock::{Clock, DAY};
use super::columns::{Columns, Row};
use super::planted::{Planted, Trick};
use super::prng::Prng;
use super::shape::{Habit, Shape, Unit};
use super::tricks::Tricks;

pub(super) const ONLINE: u8 = 1;
pub(super) const GRANTED: u8 = 0;
pub(super) const REFUSED: u8 = 1;
pub(super) const RETURNED: u8 = 2;
pub(super) const WITHDRAWN: u8 = 3;
/// Working minutes of one day of a time limit ("1 ngày làm việc = 8 giờ làm việc").
pub(super) const MINUTES: i64 = 480;

/// A dossier as the export knows it, and what the export does not know.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// What the export knows.
    pub(super) row: Row,
    /// Working seconds up to its receipt.
    pub(super) start: i64,
    /// Working seconds until it ended or will end, pauses left out.
    pub(super) used: i64,
    /// How it ended or will end.
    pub(super) outcome: u8,
    /// It never ends.
    pub(super) stuck: bool,
    /// A trick was played with it, or it is the second part of one.
    pub(super) touched: bool,
}

/// Something handed in on the day at hand.
#[derive(Debug)]
struct Receipt {
    at: i64,
    unit: u32,
    channel: u8,
    again: Option<Again>,
}

/// A dossier that was returned and comes in again.
#[derive(Clone, Debug)]
struct Again {
    unit: u32,
    channel: u8,
    procedure: u32,
    limit: u16,
    code: String,
    due: i64,
}

/// The story teller: keeps what one day hands on to the next.
#[derive(Debug)]
pub(super) struct Story<'a> {
    shape: &'a Shape,
    clock: &'a Clock,
    seed: u64,
    /// The export was made at this instant: what would come later is not there yet.
    end: i64,
    again: BTreeMap<i64, Vec<Again>>,
    /// Dossiers numbered so far on the day at hand, by unit.
    numbered: Vec<u32>,
    /// What is planted beyond the three habits; nothing unless asked for.
    pub(super) tricks: Option<Tricks<'a>>,
}

impl<'a> Story<'a> {
    /// A story that ends at local second `end`.
    pub(super) fn new(
        shape: &'a Shape,
        clock: &'a Clock,
        seed: u64,
        end: i64,
        tricks: Option<Tricks<'a>>,
    ) -> Self {
        let numbered = vec![0; shape.units.len()];
        Self { shape, clock, seed, end, again: BTreeMap::new(), numbered, tricks }
    }

    /// The next export is made at local second `end`.
    pub(super) fn next_export(&mut self, end: i64) {
        self.end = end;
    }

    /// Tells `count` dossiers received on local day `day`, whose name in codes is `yymmdd`.
    pub(super) fn day(
        &mut self,
        day: i64,
        yymmdd: &str,
        count: u64,
        columns: &mut Columns,
        planted: &mut Planted,
    ) -> anyhow::Result<()> {
        let mut prng = Prng::new(self.seed, day as u64);
        self.numbered.fill(0);
        if let Some(tricks) = &mut self.tricks {
            tricks.day(day);
        }
        let mut receipts = self.receipts(day, count, &mut prng);
        receipts.sort_by_key(|receipt| receipt.at);
        let mut code = String::new();
        for receipt in receipts {
            let Some(unit) = self.shape.units.get(receipt.unit as usize) else { continue };
            if let Some(number) = self.numbered.get_mut(receipt.unit as usize) {
                *number += 1;
                code.clear();
                write!(code, "{}-{yymmdd}-{number:05}", unit.code)?;
            }
            let told = self.dossier(&receipt, unit, &code, &mut prng, planted)?;
            let row = match &mut self.tricks {
                Some(tricks) => tricks.dossier(&code, told, planted)?,
                None => Some(told.row),
            };
            if let Some(row) = row {
                columns.push(&code, row);
            }
        }
        Ok(())
    }

    fn receipts(&mut self, day: i64, count: u64, prng: &mut Prng) -> Vec<Receipt> {
        let hours = self.clock.of_day(day);
        let opening = self.clock.position(day * DAY);
        let mut receipts = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        let mut due_again = self.again.remove(&day).unwrap_or_default();
        for _ in 0..count {
            let again = if hours > 0 { due_again.pop() } else { None };
            let unit = again.as_ref().map_or_else(|| self.shape.unit(prng), |a| a.unit);
            let online = self.shape.units.get(unit as usize).map_or(0, |u| u.online);
            let channel = match (&again, prng.below(10_000)) {
                (Some(again), _) => again.channel,
                (None, n) if hours == 0 || n < online => ONLINE,
                (None, n) if n >= 9_700 => 2,
                (None, _) => 0,
            };
            // Portals take in some online dossiers by themselves, at any hour.
            let at = if hours == 0 || (channel == ONLINE && again.is_none() && prng.chance(1_200)) {
                day * DAY + 6 * 3_600 + i64::from(prng.below(17 * 3_600))
            } else {
                // Mornings are busier: the earlier of two tries, every other time.
                let hours = hours as u32;
                let first = prng.below(hours);
                let second = if prng.chance(5_000) { prng.below(hours) } else { hours };
                self.clock.at(opening + 1 + i64::from(first.min(second)))
            };
            receipts.push(Receipt { at, unit, channel, again });
        }
        // What the day had no room for comes in on the next one.
        if !due_again.is_empty() {
            self.again.entry(day + 1).or_default().append(&mut due_again);
        }
        receipts
    }

    fn dossier(
        &mut self,
        receipt: &Receipt,
        unit: &Unit,
        code: &str,
        prng: &mut Prng,
        planted: &mut Planted,
    ) -> anyhow::Result<Told> {
        let received = receipt.at;
        let (procedure, limit) = match &receipt.again {
            Some(again) => (again.procedure, again.limit),
            None => self.shape.procedure(unit, prng),
        };
        let submitted = match receipt.channel {
            ONLINE => received - 20 - i64::from(prng.wait()) * 9,
            2 => received - DAY - i64::from(prng.wait()) * 150,
            _ => received,
        };
        let mut row = Row {
            unit: receipt.unit,
            procedure,
            channel: receipt.channel,
            submitted_at: Some(submitted),
            received_at: Some(received),
            time_limit_days: i32::from(limit),
            status: 4,
            ..Row::default()
        };
        if receipt.channel == ONLINE && receipt.again.is_none() && prng.chance(30) {
            // Refused at intake: filed, never received, so no clock runs.
            let row = Row { submitted_at: Some(received), received_at: None, status: 3, ..row };
            return Ok(Told { row, start: 0, used: 0, outcome: GRANTED, stuck: true, touched: true });
        }
        let allowed = i64::from(limit) * MINUTES * 60;
        if prng.chance(600) {
            row.paused_minutes = 30 + (prng.wait() as i32).min(12_000);
        }
        let paused = i64::from(row.paused_minutes) * 60;
        let start = self.clock.position(received);
        let due_at = start + allowed + paused;
        row.first_due_at = Some(self.clock.at(start + allowed));
        row.due_at = Some(self.clock.at(due_at));

        let late = receipt.again.is_none() && !prng.chance(unit.on_time);
        let mut used = if late { over(allowed, prng) } else { within(allowed, unit.pace, prng) };
        let mut outcome = match prng.below(1_000) {
            0..=11 => REFUSED,
            12..=31 => RETURNED,
            32..=41 => WITHDRAWN,
            _ => GRANTED,
        };
        if let Some(again) = &receipt.again {
            planted.write(Trick::ReFiled, code, &again.code, again.due)?;
        }
        let tempted = late && prng.chance(7_000);
        let mut touched = receipt.again.is_some();
        match unit.habit {
            Habit::ReFiles if tempted => {
                touched = true;
                used = allowed - i64::from(prng.below(7_200)).min(allowed / 2);
                outcome = RETURNED;
                let back = received.div_euclid(DAY).max(self.clock.at(start + used + paused).div_euclid(DAY));
                let again = Again {
                    unit: receipt.unit,
                    channel: receipt.channel,
                    procedure,
                    limit,
                    code: code.to_owned(),
                    due: self.clock.at(due_at),
                };
                self.again.entry(back + 1 + i64::from(prng.below(4))).or_default().push(again);
            }
            Habit::Bunches if tempted => {
                touched = true;
                planted.write(Trick::Bunched, code, "", self.clock.at(start + used + paused))?;
                used = allowed - i64::from(prng.below(900));
            }
            habit => {
                let often = match (habit, late) {
                    (Habit::ReDates, true) => 8_000,
                    (_, true) => 2_600,
                    (_, false) => 100,
                };
                if prng.chance(often) {
                    touched = true;
                    // Most new dates are far enough to make a late finish look on time.
                    let needed =
                        if prng.chance(8_000) { (used - allowed).max(0) / (MINUTES * 60) } else { 0 };
                    let days = needed + 1 + i64::from(prng.below(4));
                    row.due_at = Some(self.clock.at(due_at + days * MINUTES * 60));
                    planted.write(Trick::ReDated, code, "", self.clock.at(due_at))?;
                }
            }
        }
        let stuck = self.end_of(&mut row, start + used + paused, outcome, prng);
        Ok(Told { row, start, used, outcome, stuck, touched })
    }

    /// How it ended, as far as that was known when the export was made; tells whether it never ends.
    fn end_of(&self, row: &mut Row, finish: i64, outcome: u8, prng: &mut Prng) -> bool {
        let finished = self.clock.at(finish);
        let stuck = prng.chance(40);
        if stuck || finished > self.end {
            row.status = match (row.paused_minutes > 0, prng.below(8)) {
                (true, 0..=4) => 5,
                (true, 5) => 6,
                (true, 6) => 8,
                (_, 0) => 2,
                _ => 4,
            };
            return stuck;
        }
        row.finished_at = Some(finished);
        row.outcome = Some(outcome);
        row.status = if outcome == WITHDRAWN { 7 } else { 9 };
        let handed_over = finished + i64::from(prng.wait()) * 21;
        if outcome != WITHDRAWN && handed_over <= self.end && prng.chance(9_300) {
            row.handed_over_at = Some(handed_over);
            row.status = 10;
        }
        false
    }
}

/// Working seconds used by a dossier settled in time: mostly the unit's own pace, some at the last moment.
fn within(allowed: i64, pace: u32, prng: &mut Prng) -> i64 {
    let part = i64::from(prng.wait()) * i64::from(pace) / 1024;
    let part = if part > 1_000 { 800 + i64::from(prng.below(222)) } else { part };
    (allowed * part / 1024 + i64::from(prng.below(60))).max(90)
}

/// Working seconds used by a late one.
fn over(allowed: i64, prng: &mut Prng) -> i64 {
    let typical = (allowed / 3).max(3 * 3_600);
    // Sixty limits and more are found in real exports, but would leave the calendar.
    allowed + 1 + (i64::from(prng.wait()) * typical / 1024).min(60 * MINUTES * 60)
}
