//! Different values by cell.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use arrow::array::{Array, StringArray};
use giaouoc_agreement::lang::Type;
use giaouoc_agreement::value::Value;
use giaouoc_worktime::Rows;
use giaouoc_worktime::time::{Day, Instant, Moment};

use crate::bits::Bits;
use crate::col::{Col, Data, Texts};
use crate::run::same_array;

/// A quick mixer for keys of two small numbers. The keys are not chosen by anybody who gains by making them
/// collide: at worst a scan is slower.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_i64(&mut self, value: i64) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// A map with the quick mixer.
pub(crate) type Quick<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

/// For each cell and value the sum of weights. Texts stand under a number, as first seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    weights: Quick<(u32, i64), i64>,
    texts: HashMap<String, i64>,
}

/// The numbers of the last dictionary's values.
#[derive(Debug, Default)]
pub(crate) struct Numbered(Option<(StringArray, Vec<i64>)>);

impl Set {
    fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        let number = self.texts.len() as i64;
        self.texts.insert(text.to_owned(), number);
        number
    }

    fn put(&mut self, cell: u32, cells: usize, value: i64) {
        // The second half of the cells holds retractions.
        let (cell, weight) = match (cell as usize).checked_sub(cells) {
            Some(cell) => (cell as u32, -1),
            None => (cell, 1),
        };
        *self.weights.entry((cell, value)).or_default() += weight;
    }

    /// Adds the values of the rows given; of `cells` there are twice as many in a change log.
    pub(crate) fn add(&mut self, at: &[u32], cells: usize, rows: &Bits, col: &Col, numbered: &mut Numbered) {
        match &col.data {
            Data::Flag(bits) => {
                for row in rows.rows() {
                    self.put(at[row], cells, i64::from(bits.get(row)));
                }
            }
            Data::Integer(run) => self.add_numbers(at, cells, rows, run.view()),
            Data::Day(run) => {
                for row in rows.rows() {
                    self.put(at[row], cells, i64::from(run.get(row)));
                }
            }
            Data::Moment(moments) => self.add_numbers(at, cells, rows, moments.at.view()),
            Data::Text(Texts::Listed { keys, values }) => {
                if !numbered.0.as_ref().is_some_and(|(known, _)| same_array(known, values)) {
                    let numbers = (0..values.len()).map(|at| self.number(values.value(at))).collect();
                    numbered.0 = Some((values.clone(), numbers));
                }
                let numbers = numbered.0.as_ref().map_or(&[][..], |(_, numbers)| numbers);
                for row in rows.rows() {
                    if let Some(number) = numbers.get(keys[row] as usize) {
                        self.put(at[row], cells, *number);
                    }
                }
            }
            Data::Text(texts) => {
                for row in rows.rows() {
                    let number = self.number(texts.get(row));
                    self.put(at[row], cells, number);
                }
            }
            // Lists cannot be told apart by a condition.
            Data::Intervals(_) | Data::Changes(_) => {}
        }
    }

    fn add_numbers(&mut self, at: &[u32], cells: usize, rows: &Bits, values: Rows<'_, i64>) {
        for row in rows.rows() {
            let value = match values {
                Rows::All(value) => value,
                Rows::Each(values) => values[row],
            };
            self.put(at[row], cells, value);
        }
    }

    /// Takes in the values of another.
    pub(crate) fn merge(&mut self, other: Self) {
        let numbers: HashMap<i64, i64> =
            other.texts.iter().map(|(text, number)| (*number, self.number(text))).collect();
        let texts = !other.texts.is_empty();
        for ((cell, value), weight) in other.weights {
            let value = if texts { numbers.get(&value).copied().unwrap_or(value) } else { value };
            *self.weights.entry((cell, value)).or_default() += weight;
        }
    }

    /// The values that are left, by cell; with the number of records of each if somebody asks for it.
    pub(crate) fn sorted(self, records: bool) -> Different {
        let mut left: Vec<((u32, i64), i64)> =
            self.weights.into_iter().filter(|(_, weight)| *weight > 0).collect();
        left.sort_unstable();
        let pairs = left.iter().map(|(pair, _)| *pair).collect();
        if !records {
            return Different { pairs, ..Different::default() };
        }
        let mut texts = vec![String::new(); self.texts.len()];
        for (text, number) in self.texts {
            if let Some(place) = usize::try_from(number).ok().and_then(|at| texts.get_mut(at)) {
                *place = text;
            }
        }
        Different { pairs, records: left.into_iter().map(|(_, records)| records).collect(), texts }
    }
}

/// Different values, sorted by cell.
#[derive(Debug, Default)]
pub(crate) struct Different {
    pairs: Vec<(u32, i64)>,
    /// The number of records of each pair, where they are asked for.
    records: Vec<i64>,
    /// The texts by number, likewise.
    texts: Vec<String>,
}

impl Different {
    fn range(&self, cells: &Range<usize>) -> Range<usize> {
        let from = self.pairs.partition_point(|pair| (pair.0 as usize) < cells.start);
        from..self.pairs.partition_point(|pair| (pair.0 as usize) < cells.end)
    }

    fn of(&self, cells: Range<usize>) -> &[(u32, i64)] {
        &self.pairs[self.range(&cells)]
    }

    /// The different values over the slots shown of some units, each with its number of records, by rising
    /// value. Values are of type `ty`.
    pub(crate) fn spread(
        &self,
        units: Range<usize>,
        slots: usize,
        shown: &Range<usize>,
        ty: Type,
    ) -> Vec<(Value, i64)> {
        let mut found: BTreeMap<i64, i64> = BTreeMap::new();
        for at in self.range(&(units.start * slots..units.end * slots)) {
            let (cell, value) = self.pairs[at];
            if shown.contains(&(cell as usize % slots)) {
                *found.entry(value).or_default() += self.records.get(at).copied().unwrap_or(0);
            }
        }
        let mut spread: Vec<(Value, i64)> =
            found.into_iter().map(|(value, records)| (self.value(value, ty), records)).collect();
        if ty == Type::Text {
            // Texts stand under numbers as first seen.
            spread.sort_unstable_by(|(a, _), (b, _)| text(a).cmp(text(b)));
        }
        spread
    }

    fn value(&self, value: i64, ty: Type) -> Value {
        match ty {
            Type::Flag => Value::Flag(value != 0),
            Type::Text => {
                let text = usize::try_from(value).ok().and_then(|at| self.texts.get(at));
                Value::Text(text.cloned().unwrap_or_default())
            }
            // Only days went in, so they fit.
            Type::Day => Value::Day(Day(i32::try_from(value).unwrap_or(i32::MAX))),
            Type::Moment => Value::Moment(Moment::Instant(Instant(value))),
            _ => Value::Integer(value),
        }
    }

    /// How many different values there are over neighbouring cells.
    pub(crate) fn count(&self, cells: Range<usize>) -> i64 {
        if cells.len() == 1 {
            return self.of(cells).len() as i64;
        }
        count_different(self.of(cells).iter().map(|pair| pair.1).collect())
    }

    /// How many different values there are over the same slots of every unit.
    pub(crate) fn count_of_all(&self, units: usize, slots: usize, shown: Range<usize>) -> i64 {
        let pairs = self.of(0..units * slots).iter();
        count_different(
            pairs.filter(|pair| shown.contains(&(pair.0 as usize % slots))).map(|pair| pair.1).collect(),
        )
    }
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

fn count_different(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values.dedup();
    values.len() as i64
}
