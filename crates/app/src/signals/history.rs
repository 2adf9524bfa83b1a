//! Signals that compare versions: a due date that moved between two uploads, records known long after they
//! happened, corrections that flip a result. They need a journal.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Context, eval};
use giaouoc_agreement::target::Measure;
use giaouoc_agreement::text::Text;
use giaouoc_agreement::value::Value;
use giaouoc_journal::{Entry, Journal, What};
use giaouoc_signals::columns::{Moments, Texts, day, told};
use giaouoc_signals::finding::{Asked, Case, Question};
use giaouoc_signals::rules::{Rules, Signal};
use giaouoc_worktime::time::{Day, Instant, Moment};

use super::verdicts::verdicts;
use crate::bundle::{self, Loaded};
use crate::cli::Signals;
use crate::fault::Outcome;
use crate::journal::fault;
use crate::records::measure_fault;
use crate::screen::Screen;

/// Taken-back versions of one entry that are held in memory; of a larger correction the first so many are compared.
const HELD: usize = 200_000;

/// Unit, procedure and the instant of receipt.
type Place = (String, String, String);

struct Looking<'a> {
    loaded: &'a Loaded,
    kind: &'static Kind,
    rules: &'a Rules,
    units: &'a [String],
    cases: usize,
    moved: Asked,
    late: Asked,
    flipped: Asked,
    /// Records that were withdrawn: unit, procedure and receipt, and of each the key, and the targets that it failed.
    gone: HashMap<Place, Vec<(String, Vec<String>)>>,
    /// Their instants of receipt, so that most records need not be looked at closely.
    gone_at: HashSet<Instant>,
    /// Entries with a flip, and the units whose records they flip.
    entries: BTreeMap<u64, BTreeSet<usize>>,
}

/// The questions; none for a bundle without a journal.
pub fn questions(
    loaded: &Loaded,
    rules: &Rules,
    units: &[String],
    args: &Signals,
    screen: &Screen,
) -> Outcome<Vec<Question>> {
    let Some(held) = loaded.journal.as_ref().filter(|held| held._made.is_none()) else {
        return Ok(Vec::new());
    };
    let kind = bundle::kind("dossier")?;
    let mut looking = Looking {
        loaded,
        kind,
        rules,
        units,
        cases: args.examples,
        moved: Asked::default(),
        late: Asked::default(),
        flipped: Asked::default(),
        gone: HashMap::new(),
        gone_at: HashSet::new(),
        entries: BTreeMap::new(),
    };
    // When each source was heard of.
    let mut heard: BTreeMap<Option<String>, BTreeSet<Day>> = BTreeMap::new();
    for number in held.journal.entries_of(kind, held.head) {
        let entry = held.journal.entry(number).map_err(|error| fault(&error))?;
        let source = match &entry.what {
            What::Upload(upload) => Some(upload.namespace.clone()),
            _ => None,
        };
        // Exports are not always loaded in the order in which they were made: what is of a later day says nothing.
        let known = looking.day_of(entry);
        let before =
            source.as_ref().and_then(|source| heard.get(source)?.range(..=known).next_back().copied());
        looking.entry(&held.journal, entry, before)?;
        if let Some(source) = source {
            heard.entry(source).or_default().insert(known);
        }
    }
    let none = |_: usize| 0;
    let verdicts = verdicts(&looking.entries, units, args, screen);
    let mut found = looking.moved.questions(Signal::DueMovedBetweenVersions, units, none);
    found.extend(looking.late.questions(Signal::KnownLate, units, none));
    let mut flipped = looking.flipped.questions(Signal::Flipped, units, none);
    for question in &mut flipped {
        question.seen = verdicts.get(&question.unit).cloned().unwrap_or_default();
    }
    found.extend(flipped);
    Ok(found)
}

impl Looking<'_> {
    /// The day on which something was known: that of the export where it is stated, else that of the entry. A backlog of
    /// old exports that is loaded on one day was known when they were made.
    fn day_of(&self, entry: &Entry) -> Day {
        let at = match &entry.what {
            What::Upload(upload) => upload.exported_at.unwrap_or(entry.at).min(entry.at),
            _ => entry.at,
        };
        self.loaded.calendars.default.zone().day_of(Instant(at.as_microsecond()))
    }

    fn values(&self, batch: &RecordBatch, row: usize) -> Outcome<Vec<Value>> {
        giaouoc_measure::values(self.kind, batch, row).map_err(|error| measure_fault("journal", &error))
    }

    fn value<'v>(&self, values: &'v [Value], id: &str) -> &'v Value {
        self.kind.column(id).and_then(|at| values.get(at)).unwrap_or(&Value::Unknown)
    }

    fn unit(&self, values: &[Value]) -> Option<usize> {
        let Value::Text(code) = values.get(self.kind.unit)? else { return None };
        self.units.iter().position(|known| known == code)
    }

    fn entry(&mut self, journal: &Journal, entry: &Entry, heard: Option<Day>) -> Outcome {
        // An undo restores what was said before: nothing is said anew.
        if matches!(entry.what, What::Undo(_)) {
            return Ok(());
        }
        let mut old: HashMap<String, Vec<Value>> = HashMap::new();
        // Of a large correction the rest is known by a digest of its key, so that it is not taken for new.
        let mut unheld: HashSet<u64> = HashSet::new();
        for batch in journal.rows(self.kind, entry.number, true).map_err(|error| fault(&error))? {
            let batch = batch.map_err(|error| fault(&error))?;
            let keys = Texts::of(&batch, "code");
            for row in 0..batch.num_rows() {
                let Some(key) = keys.get(row) else { continue };
                if old.len() < HELD {
                    old.insert(key.to_owned(), self.values(&batch, row)?);
                } else {
                    unheld.insert(digest(key));
                }
            }
        }
        if old.is_empty() && heard.is_none() && self.gone.is_empty() {
            return Ok(());
        }
        let mut new = false;
        let mut replaced: HashSet<String> = HashSet::new();
        for batch in journal.rows(self.kind, entry.number, false).map_err(|error| fault(&error))? {
            let batch = batch.map_err(|error| fault(&error))?;
            let keys = Texts::of(&batch, "code");
            for row in 0..batch.num_rows() {
                let Some(key) = keys.get(row) else { continue };
                match old.remove(key) {
                    Some(before) => {
                        let after = self.values(&batch, row)?;
                        self.corrected(entry, key, &before, &after);
                        replaced.insert(key.to_owned());
                    }
                    None => new |= !unheld.contains(&digest(key)),
                }
            }
        }
        // What is left was taken out and not replaced; in order, so that the same examples are shown each time.
        let mut left: Vec<(String, Vec<Value>)> = old.into_iter().collect();
        left.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (key, before) in left {
            let failed: Vec<String> = self.not_met(&before).collect();
            if !failed.is_empty() {
                let of = failed.join(", ");
                let said =
                    Text::new(format!("{of}: chưa đạt → đã rút"), format!("{of}: not met → withdrawn"));
                self.flip(entry, &key, &before, said);
            }
            if let Some(place) = self.place(&before) {
                if let Value::Moment(Moment::Instant(at)) = self.value(&before, "received_at") {
                    self.gone_at.insert(*at);
                }
                self.gone.entry(place).or_default().push((key, failed));
            }
        }
        if new {
            // New records move the unit's figure as well: which of them turned a verdict cannot be told.
            self.entries.remove(&entry.number);
            self.came_anew(journal, entry, heard, &replaced, &unheld)?;
        }
        Ok(())
    }

    /// Records that an entry brought and that were not there.
    fn came_anew(
        &mut self,
        journal: &Journal,
        entry: &Entry,
        heard: Option<Day>,
        replaced: &HashSet<String>,
        unheld: &HashSet<u64>,
    ) -> Outcome {
        for batch in journal.rows(self.kind, entry.number, false).map_err(|error| fault(&error))? {
            let batch = batch.map_err(|error| fault(&error))?;
            let keys = Texts::of(&batch, "code");
            let (finished, received) =
                (Moments::of(&batch, "finished_at"), Moments::of(&batch, "received_at"));
            for row in 0..batch.num_rows() {
                let Some(key) = keys.get(row) else { continue };
                if replaced.contains(key) || unheld.contains(&digest(key)) {
                    continue;
                }
                let like_one_gone =
                    matches!(received.get(row), Some(Moment::Instant(at)) if self.gone_at.contains(&at));
                if like_one_gone && self.keyed_anew(entry, key, &self.values(&batch, row)?) {
                    continue;
                }
                if let Some(happened) = finished.get(row).or_else(|| received.get(row)) {
                    self.known_late(entry, key, &batch, row, happened, heard)?;
                }
            }
        }
        Ok(())
    }

    /// Unit, procedure and the instant of receipt: what tells that two keys are one dossier. A bare day is too little.
    fn place(&self, values: &[Value]) -> Option<Place> {
        let unit = match values.get(self.kind.unit) {
            Some(Value::Text(code)) => code.clone(),
            _ => return None,
        };
        let Value::Moment(Moment::Instant(at)) = self.value(values, "received_at") else { return None };
        let procedure =
            crate::explain::record::show(self.value(values, "procedure"), &self.loaded.calendars.default);
        Some((unit, procedure, at.0.to_string()))
    }

    fn known_late(
        &mut self,
        entry: &Entry,
        key: &str,
        batch: &RecordBatch,
        row: usize,
        happened: Moment,
        heard: Option<Day>,
    ) -> Outcome {
        let (zone, rule) = (self.loaded.calendars.default.zone(), self.rules.late);
        let Some(heard) = heard else { return Ok(()) };
        let (happened, known) = (day(happened, zone), self.day_of(entry));
        let late = happened.days_until(known);
        if late <= i64::from(rule.days) || happened.days_until(heard) < i64::from(rule.grace_days) {
            return Ok(());
        }
        let values = self.values(batch, row)?;
        let Some(unit) = self.unit(&values) else { return Ok(()) };
        self.late.add(unit, self.cases, || Case {
            key: key.to_owned(),
            evidence: vec![Text::new(
                format!(
                    "xảy ra {}, biết {} (sau {late} ngày); lần gửi trước {}",
                    happened.dmy(),
                    known.dmy(),
                    heard.dmy()
                ),
                format!(
                    "happened {happened}, known {known} ({late} days later); the upload before was of {heard}"
                ),
            )],
            entry: Some(entry.number),
        });
        Ok(())
    }

    fn corrected(&mut self, entry: &Entry, key: &str, before: &[Value], after: &[Value]) {
        let zone = self.loaded.calendars.default.zone();
        if let Some(unit) = self.unit(after) {
            let said = |values: &[Value], id: &str| match self.value(values, id) {
                Value::Moment(moment) => Some(*moment),
                Value::Day(day) => Some(Moment::Day(*day)),
                _ => None,
            };
            let reason = matches!(self.value(after, "due_changes"), Value::Changes(list) if list.iter().any(|change| !change.why.trim().is_empty()))
                || *self.value(after, "apology_at") != Value::Unknown;
            let paused = *self.value(after, "pauses") != *self.value(before, "pauses")
                || *self.value(after, "paused_minutes") != *self.value(before, "paused_minutes");
            let mut evidence = Vec::new();
            for (id, vi, en) in
                [("first_due_at", "hạn đầu tiên", "first due"), ("due_at", "hạn hiện hành", "due now")]
            {
                let (Some(was), Some(is)) = (said(before, id), said(after, id)) else { continue };
                // The first due date never changes; the one in force may, for a reason or a pause on record.
                let asked = if id == "first_due_at" {
                    self.apart(unit, was, is)
                } else {
                    day(was, zone) <= day(is, zone)
                        && self.apart(unit, was, is)
                        && later(was, is, zone)
                        && !reason
                        && !paused
                };
                if asked {
                    let (was, is) = (told(was, zone), told(is, zone));
                    evidence.push(Text::new(
                        format!("{vi} {} → {}", was.vi, is.vi),
                        format!("{en} {} → {}", was.en, is.en),
                    ));
                }
            }
            if !evidence.is_empty() {
                let (key, number) = (key.to_owned(), entry.number);
                self.moved.add(unit, self.cases, || Case { key, evidence, entry: Some(number) });
            }
        }
        // Each target that it failed: the first is not always the one that was turned.
        let failed: Vec<String> = self.not_met(before).collect();
        let mut evidence = Vec::new();
        for target in failed {
            match self.outcome(&target, after) {
                Some(true) => evidence
                    .push(Text::new(format!("{target}: chưa đạt → đạt"), format!("{target}: not met → met"))),
                None => evidence.push(Text::new(
                    format!("{target}: chưa đạt → không tính"),
                    format!("{target}: not met → not counted"),
                )),
                Some(false) => {}
            }
        }
        if let Some(said) = joined(&evidence) {
            self.flip(entry, key, after, said);
        }
    }

    /// Whether the record is one that was withdrawn under another key. Then it is no late news, and it is asked about where
    /// it meets a target that the old one failed.
    fn keyed_anew(&mut self, entry: &Entry, key: &str, after: &[Value]) -> bool {
        let Some(place) = self.place(after) else { return false };
        let Some((old, failed)) = self.gone.get_mut(&place).and_then(Vec::pop) else { return false };
        let met = failed.iter().any(|target| self.outcome(target, after) == Some(true));
        if met {
            let said = Text::new(
                format!("cùng đơn vị, thủ tục và lúc tiếp nhận với {old} đã rút, nay đạt"),
                format!("of the same unit, procedure and time of receipt as {old}, withdrawn; met now"),
            );
            self.flip(entry, key, after, said);
        }
        true
    }

    /// Whether two due moments differ by more than the rule lets pass. Where one is a bare day, the days are compared.
    fn apart(&self, unit: usize, one: Moment, other: Moment) -> bool {
        let calendar = self
            .units
            .get(unit)
            .map_or(&self.loaded.calendars.default, |code| self.loaded.calendars.unit(code));
        match (one, other) {
            (Moment::Instant(one), Moment::Instant(other)) => {
                let (from, to) = if one <= other { (one, other) } else { (other, one) };
                let between =
                    calendar.working_minutes_between(from, to).unwrap_or((to.0 - from.0) / 60_000_000);
                between > i64::from(self.rules.moved_between.minutes)
            }
            _ => day(one, calendar.zone()) != day(other, calendar.zone()),
        }
    }

    fn flip(&mut self, entry: &Entry, key: &str, values: &[Value], said: Text) {
        let Some(unit) = self.unit(values) else { return };
        self.entries.entry(entry.number).or_default().insert(unit);
        let mut evidence = vec![said];
        evidence.extend(
            entry.reason.as_ref().map(|why| Text::new(format!("lý do: {why}"), format!("reason: {why}"))),
        );
        let (key, number) = (key.to_owned(), entry.number);
        self.flipped.add(unit, self.cases, || Case { key, evidence, entry: Some(number) });
    }

    /// The targets of a share that the record counts in and does not meet.
    fn not_met<'v>(&'v self, values: &'v [Value]) -> impl Iterator<Item = String> + 'v {
        let targets = self.loaded.bundle.agreement.targets.iter();
        let mine = targets.filter(|target| target.kind == self.kind.id).map(|target| &target.id);
        mine.filter(|id| self.outcome(id, values) == Some(false)).cloned()
    }

    /// Whether a record meets a target's share; nothing where it is not counted.
    fn outcome(&self, target: &str, values: &[Value]) -> Option<bool> {
        let target = self.loaded.bundle.agreement.target(target).filter(|t| t.kind == self.kind.id)?;
        let unit = match values.get(self.kind.unit) {
            Some(Value::Text(code)) => code.as_str(),
            _ => "",
        };
        let calendar = self.loaded.calendars.unit(unit);
        target.parts(&target.period).into_iter().find_map(|(part, version)| {
            let Measure::Share { met } = &version.rule.measure else { return None };
            let context = Context { kind: self.kind, period: &part, as_of: target.period.last, calendar };
            if eval(&version.rule.counted, values, &context) != Ok(Value::Flag(true)) {
                return None;
            }
            Some(eval(met, values, &context) == Ok(Value::Flag(true)))
        })
    }
}

/// A digest of a key, for keys that are too many to be held.
fn digest(key: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Whether the second moment is the later one; bare days are compared by day.
fn later(one: Moment, other: Moment, zone: &giaouoc_worktime::Zone) -> bool {
    match (one, other) {
        (Moment::Instant(one), Moment::Instant(other)) => one < other,
        _ => day(one, zone) < day(other, zone),
    }
}

/// Several things as one.
fn joined(texts: &[Text]) -> Option<Text> {
    let side = |lang: fn(&Text) -> &str| texts.iter().map(lang).collect::<Vec<_>>().join("; ");
    (!texts.is_empty()).then(|| Text::new(side(|text| &text.vi), side(|text| &text.en)))
}
