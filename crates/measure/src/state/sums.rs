//! Sums by cell that cannot wrap.

use giaouoc_worktime::Rows;

use crate::bits::Bits;

/// A sum for each cell. Rows go into 64-bit sums as long as what was added cannot leave their range; then
/// these are emptied into 128-bit ones.
#[derive(Clone, Debug)]
pub(crate) struct Sums {
    near: Vec<i64>,
    /// Empty until needed.
    far: Vec<i128>,
    /// No near sum is further from zero than this.
    bound: u64,
}

const MOST: u64 = i64::MAX as u64;

impl Sums {
    pub(crate) fn new(cells: usize) -> Self {
        Self { near: vec![0; cells], far: Vec::new(), bound: 0 }
    }

    /// Adds the values of the rows given to their cells. Nothing when a total cannot be held.
    pub(crate) fn add(&mut self, cells: &[u32], rows: &Bits, values: Rows<'_, i64>) -> Option<()> {
        // Every bit that is set in some value, those of negative ones turned round: no value is further from
        // zero than the next power of two.
        let bits = |value: i64| (value ^ (value >> 63)) as u64;
        let step = |bits: u64| {
            let most = bits.checked_add(1).and_then(u64::checked_next_power_of_two)?;
            most.checked_mul(cells.len() as u64).filter(|step| *step <= MOST)
        };
        let step = match values {
            Rows::All(value) => step(bits(value)),
            // What rows hold that do not take part is looked at too, being quicker; unless it does harm.
            Rows::Each(values) => step(values.iter().fold(0, |all, value| all | bits(*value)))
                .or_else(|| step(rows.rows().fold(0, |all, row| all | bits(values[row])))),
        };
        let Some(step) = step else { return self.add_far(cells, rows, values) };
        match self.bound.checked_add(step).filter(|bound| *bound <= MOST) {
            Some(bound) => self.bound = bound,
            None => {
                self.empty()?;
                self.bound = step;
            }
        }
        match values {
            Rows::All(value) => {
                for row in rows.rows() {
                    self.near[cells[row] as usize] += value;
                }
            }
            Rows::Each(values) => {
                for ((cells, values), word) in cells.chunks(64).zip(values.chunks(64)).zip(rows.words()) {
                    if *word == 0 {
                        continue;
                    }
                    if *word == !0 {
                        for (cell, value) in cells.iter().zip(values) {
                            self.near[*cell as usize] += value;
                        }
                        continue;
                    }
                    for (bit, (cell, value)) in cells.iter().zip(values).enumerate() {
                        // No branch: a row that does not take part adds nothing.
                        self.near[*cell as usize] += value & -((word >> bit & 1) as i64);
                    }
                }
            }
        }
        Some(())
    }

    fn far(&mut self) -> &mut Vec<i128> {
        self.far.resize(self.near.len(), 0);
        &mut self.far
    }

    fn add_far(&mut self, cells: &[u32], rows: &Bits, values: Rows<'_, i64>) -> Option<()> {
        let far = self.far();
        for row in rows.rows() {
            let value = match values {
                Rows::All(value) => value,
                Rows::Each(values) => values[row],
            };
            let sum = &mut far[cells[row] as usize];
            *sum = sum.checked_add(i128::from(value))?;
        }
        Some(())
    }

    fn empty(&mut self) -> Option<()> {
        let near = std::mem::take(&mut self.near);
        self.near = vec![0; near.len()];
        self.bound = 0;
        for (far, near) in self.far().iter_mut().zip(near) {
            *far = far.checked_add(i128::from(near))?;
        }
        Some(())
    }

    /// Adds the sums of another. Nothing when a total cannot be held.
    pub(crate) fn merge(&mut self, mut other: Self) -> Option<()> {
        self.empty()?;
        other.empty()?;
        for (far, other) in self.far.iter_mut().zip(&other.far) {
            *far = far.checked_add(*other)?;
        }
        Some(())
    }

    /// The sum of a cell.
    pub(crate) fn get(&self, cell: usize) -> Option<i128> {
        self.far.get(cell).copied().unwrap_or(0).checked_add(i128::from(self.near[cell]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Small values, and values at the very ends.
    fn value() -> impl Strategy<Value = i64> {
        prop_oneof![-1000..1000_i64, Just(i64::MAX), Just(i64::MIN), Just(i64::MAX / 3), any::<i64>()]
    }

    proptest! {
        #[test]
        fn sums_are_exact(batches in prop::collection::vec(prop::collection::vec((0..3_u32, value(), any::<bool>()), 1..150), 1..6), same in value()) {
            let (mut a, mut b) = (Sums::new(3), Sums::new(3));
            let mut plain = [0_i128; 3];
            for (at, batch) in batches.iter().enumerate() {
                let cells: Vec<u32> = batch.iter().map(|row| row.0).collect();
                let values: Vec<i64> = batch.iter().map(|row| row.1).collect();
                let rows = Bits::from_fn(batch.len(), |row| batch[row].2);
                let all = at % 3 == 2;
                let view = if all { Rows::All(same) } else { Rows::Each(values.as_slice()) };
                let sums = if at % 2 == 0 { &mut a } else { &mut b };
                prop_assert!(sums.add(&cells, &rows, view).is_some());
                for row in rows.rows() {
                    plain[cells[row] as usize] += i128::from(if all { same } else { values[row] });
                }
            }
            prop_assert!(a.merge(b).is_some());
            for (cell, sum) in plain.iter().enumerate() {
                prop_assert_eq!(a.get(cell), Some(*sum));
            }
        }
    }
}
