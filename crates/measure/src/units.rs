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
    /// The last dictionary seen, and the place of each of its values.
    last: Option<(StringArray, Vec<u32>)>,
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

    /// The place of each row's unit. A row without a unit is nobody's.
    pub(crate) fn of(&mut self, rows: usize, col: &Col, out: &mut Vec<u32>) {
        out.clear();
        match &col.data {
            Data::Text(Texts::Listed { keys, values }) => {
                if !self.last.as_ref().is_some_and(|(known, _)| same_array(known, values)) {
                    let places = (0..values.len()).map(|at| self.place(values.value(at))).collect();
                    self.last = Some((values.clone(), places));
                }
                let places = self.last.as_ref().map_or(&[][..], |(_, places)| places);
                let nobody = self.nobody;
                out.extend(keys.iter().map(|key| places.get(*key as usize).copied().unwrap_or(nobody)));
            }
            Data::Text(texts) => out.extend((0..rows).map(|row| self.place(texts.get(row)))),
            _ => out.resize(rows, self.nobody),
        }
        if let Some(unknown) = &col.unknown {
            for row in unknown.rows() {
                out[row] = self.nobody;
            }
        }
    }
}
