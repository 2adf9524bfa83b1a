//! The unit of each row as its place in the population.

use std::collections::HashMap;

use arrow::array::{Array, StringArray};

use crate::col::{Col, Data, Texts};
use crate::run::same_array;

/// Places of units by code.
#[derive(Debug)]
pub(crate) struct Units {
    places: HashMap<String, u32>,
    /// The place of records that are of no unit of the population.
    nobody: u32,
    /// The last dictionary seen, the place of each of its values, and whether nobody is among them.
    last: Option<(StringArray, Vec<u32>, bool)>,
}

impl Units {
    pub(crate) fn new(units: &[String]) -> Self {
        let mut places = HashMap::with_capacity(units.len());
        for (place, unit) in units.iter().enumerate() {
            places.entry(unit.clone()).or_insert(place as u32);
        }
        Self { places, nobody: units.len() as u32, last: None }
    }

    fn place(&self, unit: &str) -> u32 {
        self.places.get(unit).copied().unwrap_or(self.nobody)
    }

    /// The place of each row's unit. A row without a unit is nobody's. Says whether all rows are certainly of
    /// units of the population.
    pub(crate) fn of(&mut self, rows: usize, col: &Col, out: &mut Vec<u32>) -> bool {
        out.clear();
        let mut at_home = false;
        match &col.data {
            Data::Text(Texts::Listed { keys, values }) => {
                if !self.last.as_ref().is_some_and(|(known, ..)| same_array(known, values)) {
                    let places: Vec<u32> = (0..values.len()).map(|at| self.place(values.value(at))).collect();
                    let strange = places.contains(&self.nobody);
                    self.last = Some((values.clone(), places, strange));
                }
                let (places, strange) = match &self.last {
                    Some((_, places, strange)) => (places.as_slice(), *strange),
                    None => (&[][..], true),
                };
                at_home = !strange;
                let nobody = self.nobody;
                out.extend(keys.iter().map(|key| places.get(*key as usize).copied().unwrap_or(nobody)));
                at_home &= keys.iter().fold(0, |most, key| (*key as u32).max(most)) < places.len() as u32;
            }
            Data::Text(texts) => out.extend((0..rows).map(|row| self.place(texts.get(row)))),
            _ => out.resize(rows, self.nobody),
        }
        if let Some(unknown) = &col.unknown {
            at_home = false;
            for row in unknown.rows() {
                out[row] = self.nobody;
            }
        }
        at_home
    }
}
