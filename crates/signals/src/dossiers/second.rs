//! The second pass: new receipts for returned dossiers, and time limits unlike the procedure's.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use giaouoc_agreement::text::Text;
use giaouoc_worktime::time::Day;

use super::{Returned, Setup, Unit};
use crate::columns::{Moments, Numbers, Texts, day};
use crate::finding::{Asked, Case, Question};
use crate::rules::Signal;

/// A returned dossier that something like it may follow.
#[derive(Debug)]
struct Followed {
    returned: Returned,
    before: u32,
    /// The first receipt after it: its key and day.
    after: Option<(String, Day)>,
}

/// What the second pass looks for.
#[derive(Debug)]
pub struct Second<'a> {
    setup: Setup<'a>,
    places: HashMap<&'a str, usize>,
    procedures: HashMap<String, u32>,
    /// By procedure, its own usual limit.
    usual: Vec<Option<i64>>,
    followed: Vec<Followed>,
    at: HashMap<(usize, u32), Vec<usize>>,
    /// Whether a unit's returns stand out close to due.
    stands_out: Vec<bool>,
    finished: Vec<u64>,
    returns: Vec<u64>,
    limits: Asked,
}

impl<'a> Second<'a> {
    pub(super) fn new(
        setup: Setup<'a>,
        places: HashMap<&'a str, usize>,
        procedures: HashMap<String, u32>,
        limits: &[HashMap<i64, u64>],
        returned: Vec<Returned>,
        units: &[Unit],
    ) -> Self {
        let rule = setup.rules.limits;
        let usual = limits.iter().map(|known| {
            let all: u64 = known.values().sum();
            let most = known.iter().max_by_key(|(limit, records)| (**records, -**limit))?;
            (all >= rule.cases && rule.usual.at_most(*most.1, all)).then_some(*most.0)
        });
        let mut usual: Vec<Option<i64>> = usual.collect();
        for (code, number) in &procedures {
            if let (Some(limit), Some(place)) = (setup.catalogue.get(code), usual.get_mut(*number as usize)) {
                *place = Some(*limit);
            }
        }
        let again = setup.rules.again;
        let stands_out = units.iter().map(|counts| {
            let [other_near, near] = counts.near_due;
            let others = counts.finished - counts.returns;
            // near / returns against other_near / others, by cross-multiplication.
            near >= again.cases
                && u128::from(near) * u128::from(others.max(1))
                    >= u128::from(again.times) * u128::from(other_near) * u128::from(counts.returns)
        });
        let mut at: HashMap<(usize, u32), Vec<usize>> = HashMap::new();
        for (number, returned) in returned.iter().enumerate() {
            at.entry((returned.unit, returned.procedure)).or_default().push(number);
        }
        let follow = |returned| Followed { returned, before: 0, after: None };
        Self {
            usual,
            stands_out: stands_out.collect(),
            finished: units.iter().map(|counts| counts.finished).collect(),
            returns: units.iter().map(|counts| counts.returns).collect(),
            followed: returned.into_iter().map(follow).collect(),
            at,
            limits: Asked::default(),
            setup,
            places,
            procedures,
        }
    }

    /// Looks at some records again.
    pub fn batch(&mut self, batch: &RecordBatch) {
        let texts = |id| Texts::of(batch, id);
        let (keys, units, procedures, channels) =
            (texts("code"), texts("unit"), texts("procedure"), texts("channel"));
        let (received, limits) = (Moments::of(batch, "received_at"), Numbers::of(batch, "time_limit_days"));
        let again = self.setup.rules.again;
        let rule = self.setup.rules.limits;
        for at in 0..batch.num_rows() {
            let Some(unit) = units.get(at).and_then(|code| self.places.get(code).copied()) else { continue };
            let Some(procedure) = procedures.get(at).and_then(|code| self.procedures.get(code).copied())
            else {
                continue;
            };
            let key = || keys.get(at).unwrap_or_default().to_owned();
            if let (Some(limit), Some(usual)) =
                (limits.get(at), self.usual.get(procedure as usize).copied().flatten())
                && limit - usual >= rule.days
                && let (Ok(long), Ok(short)) = (u64::try_from(limit), u64::try_from(usual.max(1)))
                && rule.longer.at_most(long, short)
            {
                self.limits.add(unit, self.setup.cases, || Case {
                    key: key(),
                    evidence: vec![Text::new(
                        format!("thời hạn {limit} ngày làm việc; của thủ tục {usual}"),
                        format!("a limit of {limit} working days; the procedure's is {usual}"),
                    )],
                    entry: None,
                });
            }
            let Some(numbers) = self.at.get(&(unit, procedure)) else { continue };
            let (Some(channel), Some(moment)) = (channels.get(at), received.get(at)) else { continue };
            let Some(calendar) = self.setup.units.get(unit).map(|code| self.setup.calendars.unit(code))
            else {
                continue;
            };
            let day = day(moment, calendar.zone());
            for number in numbers {
                let Some(followed) = self.followed.get_mut(*number) else { continue };
                if followed.returned.channel != channel {
                    continue;
                }
                let after = day.0 - followed.returned.at.0;
                let itself = keys.get(at) == Some(&*followed.returned.key);
                if (0..=again.days as i32).contains(&after) && !itself {
                    if followed.after.as_ref().is_none_or(|(_, known)| day < *known) {
                        followed.after = Some((key(), day));
                    }
                } else if after < 0 && -after <= again.before_days as i32 && !itself {
                    followed.before += 1;
                }
            }
        }
    }

    /// What it found.
    pub fn finish(self) -> Vec<Question> {
        let mut again = Asked::default();
        for followed in &self.followed {
            let returned = &followed.returned;
            let Some((key, on)) = &followed.after else { continue };
            let rare = followed.before <= self.setup.rules.again.usual;
            if !rare && !self.stands_out.get(returned.unit).copied().unwrap_or(false) {
                continue;
            }
            again.add(returned.unit, self.setup.cases, || Case {
                key: returned.key.clone(),
                evidence: vec![Text::new(
                    format!(
                        "trả lại {}, hạn {}; nhận mới {key} ngày {}",
                        returned.finished.vi,
                        returned.due.vi,
                        on.dmy()
                    ),
                    format!(
                        "returned {}, due {}; {key} received {on}",
                        returned.finished.en, returned.due.en
                    ),
                )],
                entry: None,
            });
        }
        let units = self.setup.units;
        let returns = |unit: usize| self.returns.get(unit).copied().unwrap_or(0);
        let finished = |unit: usize| self.finished.get(unit).copied().unwrap_or(0);
        let mut found = again.questions(Signal::ReturnedAndFiledAgain, units, returns);
        found.extend(self.limits.questions(Signal::LimitUnlikeCatalogue, units, finished));
        found
    }
}
