//! What each entry added to each figure, and records that show how.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::ask::{Ask, Cells};
use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Context, eval};
use giaouoc_agreement::scoreboard::{Options, Plan as BoardPlan, Subject};
use giaouoc_agreement::target::{Measure, Rule, Target};
use giaouoc_agreement::value::Value;
use giaouoc_journal::{Entry, Journal, What};
use giaouoc_measure::{MeasureError, Plan};
use giaouoc_worktime::time::{Day, Instant, Moment};
use serde::Serialize;

use crate::bundle::{self, Loaded};
use crate::explain::record::show;
use crate::fault::Outcome;
use crate::journal::{Held, fault, source};
use crate::records::measure_fault;
use crate::score::cores;

/// Records looked at, for examples, of one entry.
const LOOKED: usize = 50_000;
/// Examples of one figure and entry.
const SHOWN: usize = 5;

/// What one entry did to one figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ByEntry {
    /// The entry.
    pub entry: u64,
    /// When it was made, UTC.
    pub at: String,
    /// The reason given.
    pub reason: Option<String>,
    /// Records counted more (or fewer).
    pub counted: i64,
    /// Of a share: records that meet it more (or fewer). Of a sum or mean: the sum. Of others nothing.
    pub value: i64,
    /// Whether the value is of records that meet a share, and not a sum.
    pub of_share: bool,
    /// Records that show how.
    pub records: Vec<Record>,
    /// How many records more did.
    pub more: u64,
}

/// A record that moved a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its key.
    pub key: String,
    /// How it counted before.
    pub before: Counts,
    /// How it counts now.
    pub after: Counts,
    /// What it was worth, where the target sums, ranks or tells values apart, and it was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_before: Option<String>,
    /// What it is worth now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_after: Option<String>,
    /// Days from when it happened, by the kind's closing date or else its own, to when it became known.
    pub days_late: Option<i64>,
}

/// How a record counts in a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// There was none, or it is gone.
    Absent,
    /// It is not counted.
    NotCounted,
    /// It is counted and does not meet the target.
    NotMet,
    /// It is counted and meets the target, which is a share.
    Met,
    /// It is counted, and there is nothing to meet.
    Counted,
}

/// How a record counts, and with which value where there is one.
type Stand = (Counts, Option<String>);

/// Moves by target and subject.
#[derive(Debug, Default)]
pub struct Moves(BTreeMap<(String, String), Vec<ByEntry>>);

impl Moves {
    /// The entries that moved a figure.
    pub fn take(&mut self, target: &str, subject: &Subject) -> Vec<ByEntry> {
        let code = match subject {
            Subject::Unit(code) => code.clone(),
            Subject::All => String::new(),
        };
        self.0.remove(&(target.to_owned(), code)).unwrap_or_default()
    }
}

/// A target's rule in one part of its period.
struct Asked<'a> {
    target: &'a Target,
    rule: &'a Rule,
    /// What is asked of each entry's rows: of values that are ranked or told apart only how many there are.
    ask: Ask,
}

/// What the entries between two heads did to the figures of a board.
pub fn moved(loaded: &Loaded, options: &Options, (from, to): (u64, u64)) -> Outcome<Moves> {
    let mut moves = Moves::default();
    let Some(Held { journal, .. }) = &loaded.journal else { return Ok(moves) };
    let agreement = &loaded.bundle.agreement;
    let plan = BoardPlan::new(&loaded.bundle, options);
    let mut kinds: Vec<&'static Kind> = Vec::new();
    for set in &plan.sets {
        let kind = bundle::kind(&set.kind)?;
        if kinds.iter().all(|known| known.id != kind.id) {
            kinds.push(kind);
        }
    }
    for kind in kinds {
        let units: Vec<String> = loaded.bundle.cluster.units.iter().map(|unit| unit.code.clone()).collect();
        let targets = agreement.targets.iter().filter(|target| target.kind == kind.id);
        let targets =
            targets.filter(|target| options.targets.as_ref().is_none_or(|ids| ids.contains(&target.id)));
        let mut asked: Vec<Asked<'_>> = Vec::new();
        for target in targets {
            let period = options.period.clone().unwrap_or_else(|| target.period.clone());
            let as_of = options.as_of.unwrap_or(period.last);
            for (part, version) in target.parts(&period) {
                let mut rule = version.rule.clone();
                // What is taken back cannot be taken out of ranks and of sets of values; their records still tell.
                if matches!(rule.measure, Measure::Percentile { .. } | Measure::Distinct { .. }) {
                    rule.measure = Measure::Count;
                }
                let ask = Ask { rule, period: part, as_of, by: None, spread: false };
                asked.push(Asked { target, rule: &version.rule, ask });
            }
        }
        let asks: Vec<Ask> = asked.iter().map(|asked| asked.ask.clone()).collect();
        let failed = |error: &MeasureError| measure_fault(&format!("journal, {}", kind.id), error);
        let program = Plan::new(kind, &asks, &units, &loaded.calendars).map_err(|error| failed(&error))?;
        let undone = undone(journal, from, to);
        let numbers: Vec<u64> = journal
            .entries_of(kind, to)
            .filter(|number| *number >= from && !undone.contains(number))
            .collect();
        for number in numbers {
            let entry = journal.entry(number).map_err(|error| fault(&error))?;
            let after = number.checked_sub(1).and_then(|before| u32::try_from(before).ok());
            let parts = journal.parts(&kind.id, number + 1, after).map_err(|error| fault(&error))?;
            let sources: Vec<_> = parts.iter().map(source).collect();
            let reading =
                giaouoc_measure::Options { threads: cores(), ..giaouoc_measure::Options::default() };
            let answers = match giaouoc_measure::scan(&program, &sources, &reading) {
                Ok(answers) => answers,
                // It brought, or took back, a record that cannot be measured; its other records still tell.
                Err(MeasureError::Calendar { .. } | MeasureError::Arithmetic { .. }) => Vec::new(),
                Err(error) => return Err(failed(&error)),
            };
            let mut mine: BTreeMap<(String, String), ByEntry> = BTreeMap::new();
            for (asked, answer) in asked.iter().zip(&answers) {
                for (unit, cells) in units.iter().zip(&answer.units) {
                    add(&mut mine, entry, asked.target, unit, cells);
                }
                add(&mut mine, entry, asked.target, "", &answer.all);
            }
            let looking = Looking { loaded, kind, asked: &asked, entry };
            looking.records(journal, &mut mine)?;
            for (place, by_entry) in mine {
                let moved = by_entry.counted != 0 || by_entry.value != 0 || !by_entry.records.is_empty();
                if moved {
                    moves.0.entry(place).or_default().push(by_entry);
                }
            }
        }
    }
    Ok(moves)
}

/// Entries that came to nothing by `to`: those undone whole since `from`, and the undos themselves.
fn undone(journal: &Journal, from: u64, to: u64) -> BTreeSet<u64> {
    let mut undone = BTreeSet::new();
    // The newest first: an undo that was undone itself undoes nothing.
    for number in (from..to).rev().filter(|number| journal.entries().get(*number).is_some()) {
        if let Some(What::Undo(undo)) = journal.entries().get(number).map(|entry| &entry.what)
            && undo.left == 0
            && undo.of >= from
            && !undone.contains(&number)
            && !undone.contains(&undo.of)
        {
            undone.extend([number, undo.of]);
        }
    }
    undone
}

fn add(
    mine: &mut BTreeMap<(String, String), ByEntry>,
    entry: &Entry,
    target: &Target,
    unit: &str,
    cells: &Cells,
) {
    let wide = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
    let (counted, value) = match &cells.whole.amount {
        Amount::Share { met, of } => (wide((*of).into()), wide((*met).into())),
        Amount::Count(count) => (wide((*count).into()), 0),
        Amount::Sum(sum) => (0, wide(*sum)),
        Amount::Mean { sum, of } => (wide((*of).into()), wide(*sum)),
        Amount::Percentile { .. } => (0, 0),
    };
    let by_entry = slot(mine, entry, target, unit);
    by_entry.counted += counted;
    by_entry.value += value;
    by_entry.of_share = matches!(cells.whole.amount, Amount::Share { .. });
}

fn slot<'m>(
    mine: &'m mut BTreeMap<(String, String), ByEntry>,
    entry: &Entry,
    target: &Target,
    unit: &str,
) -> &'m mut ByEntry {
    mine.entry((target.id.clone(), unit.to_owned())).or_insert_with(|| ByEntry {
        entry: entry.number,
        at: entry.at.to_string(),
        reason: entry.reason.clone(),
        ..ByEntry::default()
    })
}

/// One entry's records, held against the rules one by one.
struct Looking<'a> {
    loaded: &'a Loaded,
    kind: &'static Kind,
    asked: &'a [Asked<'a>],
    entry: &'a Entry,
}

impl Looking<'_> {
    /// Versions taken back and brought by the entry, by key.
    fn versions(&self, journal: &Journal) -> Outcome<BTreeMap<String, [Option<Vec<Value>>; 2]>> {
        let mut versions: BTreeMap<String, [Option<Vec<Value>>; 2]> = BTreeMap::new();
        for (side, back) in [(0, true), (1, false)] {
            let mut looked = 0;
            'rows: for batch in
                journal.rows(self.kind, self.entry.number, back).map_err(|error| fault(&error))?
            {
                let batch = batch.map_err(|error| fault(&error))?;
                for row in 0..batch.num_rows() {
                    if looked == LOOKED {
                        break 'rows;
                    }
                    looked += 1;
                    let values = giaouoc_measure::values(self.kind, &batch, row);
                    let values = values.map_err(|error| measure_fault("journal", &error))?;
                    if let Value::Text(key) = values[self.kind.key].clone() {
                        versions.entry(key).or_default()[side] = Some(values);
                    }
                }
            }
        }
        Ok(versions)
    }

    fn records(&self, journal: &Journal, mine: &mut BTreeMap<(String, String), ByEntry>) -> Outcome {
        for (key, [before, after]) in self.versions(journal)? {
            let unit_of =
                |values: &Option<Vec<Value>>| match values.as_ref().map(|values| &values[self.kind.unit]) {
                    Some(Value::Text(code)) => code.clone(),
                    _ => String::new(),
                };
            for asked in self.asked {
                let stand =
                    |values: &Option<Vec<Value>>| self.stand(asked.rule, &asked.ask, values.as_deref());
                let (was, is) = (stand(&before), stand(&after));
                let (from, to) = (unit_of(&before), unit_of(&after));
                let told = |(counts, _): &Stand| !matches!(counts, Counts::Absent | Counts::NotCounted);
                let moved_on = !from.is_empty() && !to.is_empty() && from != to;
                if !(told(&was) || told(&is)) || (was == is && !moved_on) {
                    continue;
                }
                let days_late = after.as_deref().and_then(|values| self.days_late(values));
                let mut note = |unit: &str, (before, value_before): Stand, (after, value_after): Stand| {
                    let by_entry = slot(mine, self.entry, asked.target, unit);
                    if by_entry.records.len() < SHOWN {
                        let key = key.clone();
                        let record = Record { key, before, after, value_before, value_after, days_late };
                        by_entry.records.push(record);
                    } else {
                        by_entry.more += 1;
                    }
                };
                if moved_on {
                    note(&from, was, (Counts::Absent, None));
                    note(&to, (Counts::Absent, None), is);
                } else {
                    note(if to.is_empty() { &from } else { &to }, was, is);
                }
            }
        }
        Ok(())
    }

    fn stand(&self, rule: &Rule, ask: &Ask, values: Option<&[Value]>) -> Stand {
        let Some(values) = values else { return (Counts::Absent, None) };
        let unit = match &values[self.kind.unit] {
            Value::Text(code) => code.as_str(),
            _ => "",
        };
        let calendar = self.loaded.calendars.unit(unit);
        let context = Context { kind: self.kind, period: &ask.period, as_of: ask.as_of, calendar };
        if eval(&rule.counted, values, &context) != Ok(Value::Flag(true)) {
            return (Counts::NotCounted, None);
        }
        match &rule.measure {
            Measure::Share { met } if eval(met, values, &context) == Ok(Value::Flag(true)) => {
                (Counts::Met, None)
            }
            Measure::Share { .. } => (Counts::NotMet, None),
            Measure::Count => (Counts::Counted, None),
            Measure::Sum { value }
            | Measure::Mean { value }
            | Measure::Percentile { value, .. }
            | Measure::Distinct { value } => {
                let value = eval(value, values, &context).unwrap_or(Value::Unknown);
                (Counts::Counted, Some(show(&value, calendar)))
            }
        }
    }

    /// Days from when a record happened to when this entry made it known. An undo makes nothing known.
    fn days_late(&self, values: &[Value]) -> Option<i64> {
        if matches!(self.entry.what, What::Undo(_)) {
            return None;
        }
        let zone = self.loaded.calendars.default.zone();
        let day = |at: usize| match &values[at] {
            Value::Day(day) | Value::Moment(Moment::Day(day)) => Some(*day),
            Value::Moment(Moment::Instant(at)) => Some(zone.day_of(*at)),
            _ => None,
        };
        let happened: Day = self.kind.closes.and_then(day).or_else(|| day(self.kind.date))?;
        Some(happened.days_until(zone.day_of(Instant(self.entry.at.as_microsecond()))))
    }
}
