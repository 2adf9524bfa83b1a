//! One pass over the records of a kind: every question that can be asked of rows as they go by, in memory that
//! does not grow with their number.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_agreement::totals::TotalsRow;
use giaouoc_worktime::time::{Day, Moment};
use giaouoc_worktime::zone::Zone;

use super::finding::{Example, Finding, Tally};
use super::flows::{Flows, Judged};
use super::months::{Month, Months};
use super::rules::{Compare, Listed, Order, Rules};
use crate::bundle::Loaded;
use giaouoc_signals::columns::{Mapped, Moments, Texts, day, shown};

/// What the questions are asked with.
pub struct Asked<'a> {
    /// The bundle.
    pub loaded: &'a Loaded,
    /// The rules.
    pub rules: &'static Rules,
    /// Where days begin.
    pub zone: &'a Zone,
    /// Months that end before this day are over.
    pub today: Day,
    /// Examples kept of each unit's part of a finding.
    pub examples: usize,
    /// Members on the day on which the list of units is taken.
    pub members: BTreeSet<usize>,
    /// The months of the agreement's period.
    pub months: Months,
    /// Rows of totals, known before the dossiers are read.
    pub totals: Vec<TotalsRow>,
    /// Keys of the kinds that list codes of others.
    pub lists: BTreeMap<String, HashSet<String>>,
}

/// The kinds in the order in which they are to be read: what others are held against comes first.
pub fn order(asked: &Rules, kinds: &mut [&'static Kind]) {
    let place = |kind: &Kind| match kind.id.as_str() {
        giaouoc_agreement::totals::KIND => 0,
        id if asked.listed.iter().any(|rule| rule.within == id) => 1,
        _ => 2,
    };
    kinds.sort_by_key(|kind| place(kind));
}

/// A unit's records from one supplier, by month.
#[derive(Clone, Debug)]
pub struct Covered {
    /// In the months of the period.
    pub now: Vec<u64>,
    /// In the same months a year before.
    pub then: Vec<u64>,
    /// At other times, or nobody knows when.
    pub elsewhere: u64,
}

/// A unit as the records name it.
struct Unit {
    code: String,
    /// Its place in the cluster.
    known: Option<usize>,
    /// How many records are its.
    records: u64,
}

/// The pass over one kind.
pub struct Pass<'a> {
    asked: &'a Asked<'a>,
    kind: &'static Kind,
    orders: Vec<(&'static Order, Tally)>,
    listed: Vec<(&'static Listed, &'a HashSet<String>, Tally)>,
    outside: Tally,
    units: Vec<Unit>,
    places: HashMap<String, usize>,
    suppliers: Vec<Option<String>>,
    covered: Vec<Vec<Option<Covered>>>,
    flows: Option<Flows<'a>>,
    /// Keys, when another kind is held against them.
    keys: Option<HashSet<String>>,
    /// All rows, where they are few and looked at later.
    rows: Option<Vec<RecordBatch>>,
    records: u64,
}

/// What came of a pass.
pub struct Passed {
    /// The questions.
    pub findings: Vec<Finding>,
    /// Coverage: supplier, unit's code, months.
    pub covered: Vec<(Option<String>, String, Covered)>,
    /// Keys, when another kind is held against them.
    pub keys: Option<HashSet<String>>,
    /// All rows, of totals.
    pub rows: Vec<RecordBatch>,
    /// How many records there are.
    pub records: u64,
}

impl<'a> Pass<'a> {
    /// Over a kind.
    pub fn new(asked: &'a Asked<'a>, kind: &'static Kind) -> Self {
        let rules = asked.rules;
        let orders = rules.order.iter().filter(|rule| rule.kind == kind.id);
        let listed = rules.listed.iter().filter(|rule| rule.kind == kind.id);
        let listed = listed.filter_map(|rule| {
            let keys = asked.lists.get(&rule.within).filter(|keys| !keys.is_empty())?;
            Some((rule, keys, Tally::default()))
        });
        let is_list = rules.listed.iter().any(|rule| rule.within == kind.id);
        Self {
            asked,
            kind,
            orders: orders.map(|rule| (rule, Tally::default())).collect(),
            listed: listed.collect(),
            outside: Tally::default(),
            units: Vec::new(),
            places: HashMap::new(),
            suppliers: Vec::new(),
            covered: Vec::new(),
            flows: (kind.id == super::flows::KIND).then(|| Flows::new(asked)),
            keys: is_list.then(HashSet::new),
            rows: (kind.id == giaouoc_agreement::totals::KIND).then(Vec::new),
            records: 0,
        }
    }

    /// The columns that are looked at.
    pub fn columns(&self) -> BTreeSet<usize> {
        if self.rows.is_some() {
            return (0..self.kind.columns.len()).filter(|at| !self.kind.columns[*at].personal).collect();
        }
        let mut ids: Vec<&str> = Vec::new();
        for (rule, _) in &self.orders {
            ids.extend([rule.first.as_str(), &rule.then]);
        }
        ids.extend(self.listed.iter().map(|(rule, ..)| rule.column.as_str()));
        if self.flows.is_some() {
            ids.extend(super::flows::COLUMNS);
        }
        let named = ids.into_iter().filter_map(|id| self.kind.column(id));
        named.chain([self.kind.key, self.kind.unit, self.kind.date]).collect()
    }

    /// Looks at some records of one supplier.
    pub fn batch(&mut self, supplier: Option<&str>, batch: &RecordBatch) {
        if let Some(rows) = &mut self.rows {
            rows.push(batch.clone());
        }
        self.records += batch.num_rows() as u64;
        let kind = self.kind;
        let keys = Texts::of(batch, &kind.columns[kind.key].id);
        let unit_texts = Texts::of(batch, &kind.columns[kind.unit].id);
        let units = self.units_of(&unit_texts, batch.num_rows());
        self.cover(supplier, batch, &units);
        self.orders(batch, &units, &keys);
        self.listed(batch, &units, &keys);
        if let Some(flows) = &mut self.flows {
            flows.batch(batch, &units, &|unit| self.units[unit].known);
        }
        for (row, unit) in units.iter().enumerate() {
            let Some(unit) = *unit else { continue };
            let held = &self.units[unit];
            if held.known.is_none_or(|known| !self.asked.members.contains(&known)) {
                let code = held.code.as_str();
                self.outside.add(Some(code), 1);
                if self.outside.wants(Some(code), self.asked.examples) {
                    let example = Example { key: keys.get(row).map(str::to_owned), ..Example::default() };
                    self.outside.example(Some(code), self.asked.examples, example);
                }
            }
        }
        if let Some(all) = &mut self.keys {
            all.extend((0..batch.num_rows()).filter_map(|row| keys.get(row)).map(str::to_owned));
        }
    }

    /// For each row the place of its unit.
    fn units_of(&mut self, texts: &Texts, rows: usize) -> Vec<Option<usize>> {
        let mut mapped = Mapped::new(texts);
        let cluster = &self.asked.loaded.bundle.cluster;
        let (places, units) = (&mut self.places, &mut self.units);
        let mut find = |code: &str| {
            if let Some(place) = places.get(code) {
                return *place;
            }
            places.insert(code.to_owned(), units.len());
            units.push(Unit { code: code.to_owned(), known: cluster.unit(code), records: 0 });
            units.len() - 1
        };
        let found: Vec<Option<usize>> = (0..rows).map(|row| mapped.get(row, &mut find)).collect();
        for unit in found.iter().flatten() {
            units[*unit].records += 1;
        }
        found
    }

    fn cover(&mut self, supplier: Option<&str>, batch: &RecordBatch, units: &[Option<usize>]) {
        let from =
            self.suppliers.iter().position(|known| known.as_deref() == supplier).unwrap_or_else(|| {
                self.suppliers.push(supplier.map(str::to_owned));
                self.covered.push(Vec::new());
                self.suppliers.len() - 1
            });
        let dates = Moments::of(batch, &self.kind.columns[self.kind.date].id);
        let (months, covered) = (&self.asked.months, &mut self.covered[from]);
        covered.resize(self.units.len(), None);
        let width = months.now.len();
        for (row, unit) in units.iter().enumerate() {
            let Some(unit) = *unit else { continue };
            let held = covered[unit].get_or_insert_with(|| Covered {
                now: vec![0; width],
                then: vec![0; width],
                elsewhere: 0,
            });
            match dates.get(row).map_or(Month::Elsewhere, |moment| months.of(moment)) {
                Month::Now(at) => held.now[at] += 1,
                Month::Then(at) => held.then[at] += 1,
                Month::Elsewhere => held.elsewhere += 1,
            }
        }
    }

    fn orders(&mut self, batch: &RecordBatch, units: &[Option<usize>], keys: &Texts) {
        let (asked, kind) = (self.asked, self.kind);
        for (rule, tally) in &mut self.orders {
            let (first, then) = (Moments::of(batch, &rule.first), Moments::of(batch, &rule.then));
            for (row, unit) in units.iter().enumerate() {
                let (Some(one), Some(other)) = (first.get(row), then.get(row)) else { continue };
                if in_order(one, other, rule.compare, asked.zone) {
                    continue;
                }
                let unit = unit.map(|unit| self.units[unit].code.as_str());
                tally.add(unit, 1);
                if tally.wants(unit, asked.examples) {
                    let seen = [(&rule.first, one), (&rule.then, other)];
                    let evidence = seen.map(|(id, moment)| labelled(kind, id, &shown(moment, asked.zone)));
                    let key = keys.get(row).map(str::to_owned);
                    let example = Example { key, evidence: evidence.to_vec(), sides: None };
                    tally.example(unit, asked.examples, example);
                }
            }
        }
    }

    fn listed(&mut self, batch: &RecordBatch, units: &[Option<usize>], keys: &Texts) {
        let (asked, kind) = (self.asked, self.kind);
        for (rule, known, tally) in &mut self.listed {
            let codes = Texts::of(batch, &rule.column);
            let mut mapped = Mapped::new(&codes);
            for (row, unit) in units.iter().enumerate() {
                if mapped.get(row, &mut |code| known.contains(code)) != Some(false) {
                    continue;
                }
                let unit = unit.map(|unit| self.units[unit].code.as_str());
                tally.add(unit, 1);
                if tally.wants(unit, asked.examples) {
                    let code = codes.get(row).unwrap_or_default();
                    let evidence = vec![labelled(kind, &rule.column, code)];
                    let key = keys.get(row).map(str::to_owned);
                    tally.example(unit, asked.examples, Example { key, evidence, sides: None });
                }
            }
        }
    }

    /// The questions.
    pub fn finish(self) -> Passed {
        let (asked, kind) = (self.asked, self.kind);
        let cluster = &asked.loaded.bundle.cluster;
        let id = Some(kind.id.as_str());
        let mut findings: Vec<Finding> = Vec::new();
        for (rule, tally) in self.orders {
            findings.extend(tally.finding(&rule.code, id, rule.question.clone(), cluster));
        }
        for (rule, _, tally) in self.listed {
            findings.extend(tally.finding(&rule.code, id, rule.question.clone(), cluster));
        }
        let outside = self.outside.finding(
            "unit-not-a-member",
            id,
            Text::new(
                "Bản ghi của đơn vị không phải thành viên nên không được tính. Có đúng vậy không?",
                "Records of units that are no members count nowhere. Is that right?",
            ),
            cluster,
        );
        findings.extend(outside);
        if let Some(flows) = self.flows {
            let Judged { identities, totals } = flows.judge();
            findings.extend(identities);
            findings.extend(totals);
        }
        let mut covered = Vec::new();
        for (supplier, units) in self.suppliers.into_iter().zip(self.covered) {
            for (unit, held) in units.into_iter().enumerate() {
                let Some(held) = held else { continue };
                covered.push((supplier.clone(), self.units[unit].code.clone(), held));
            }
        }
        Passed {
            findings,
            covered,
            keys: self.keys,
            rows: self.rows.unwrap_or_default(),
            records: self.records,
        }
    }
}

/// `Label: value` in both languages, with the column's label.
pub fn labelled(kind: &Kind, id: &str, value: &str) -> Text {
    let label = |lang: Lang| {
        kind.column(id).map_or_else(|| id.to_owned(), |at| kind.columns[at].label.get(lang).to_owned())
    };
    let value: String = value.chars().filter(|character| !character.is_control()).collect();
    Text::new(format!("{}: {value}", label(Lang::Vi)), format!("{}: {value}", label(Lang::En)))
}

/// Whether a moment does not lie before another.
fn in_order(first: Moment, then: Moment, compare: Compare, zone: &Zone) -> bool {
    if let (Moment::Instant(first), Moment::Instant(then)) = (first, then) {
        // A later instant is never on an earlier day.
        if then >= first || compare == Compare::Moment {
            return then >= first;
        }
    }
    day(then, zone) >= day(first, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_compared_as_the_rule_says() {
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let ordered = |first: &str, then: &str, compare| {
            in_order(zone.parse_moment(first).unwrap(), zone.parse_moment(then).unwrap(), compare, &zone)
        };
        let (nine, eight) = ("2020-03-05T09:00:00+07:00", "2020-03-05T08:00:00+07:00");
        assert!(!ordered(nine, eight, Compare::Moment));
        assert!(ordered(nine, eight, Compare::Day), "the same day");
        assert!(ordered(nine, "2020-03-05", Compare::Moment), "only the day is known");
        assert!(!ordered(nine, "2020-03-04", Compare::Moment));
        assert!(!ordered(nine, "2020-03-04T23:00:00+07:00", Compare::Day));
        // 23:00 UTC is the next day's morning here.
        assert!(ordered("2020-03-05T01:00:00+07:00", "2020-03-04T23:00:00+00:00", Compare::Day));
    }
}
