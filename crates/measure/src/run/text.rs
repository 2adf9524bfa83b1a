//! Texts and codes. Where a column is a list of values and positions, a test is made once on the list.

use arrow::array::{Array, StringArray};

use crate::bits::Bits;
use crate::col::{Col, Data, Texts};
use crate::run::flag::flag;

/// Which values of a dictionary pass a test: kept from batch to batch, as all batches of one row group
/// share a dictionary.
#[derive(Debug)]
pub(crate) struct Known {
    /// The dictionary; held, so that its address cannot come to mean another.
    values: StringArray,
    passes: Passes,
}

#[derive(Debug)]
enum Passes {
    /// Up to 64 values: one bit each.
    Few(u64),
    Many(Vec<bool>),
}

/// Whether two arrays are the same memory.
pub(crate) fn same_array(a: &StringArray, b: &StringArray) -> bool {
    a.len() == b.len()
        && std::ptr::eq(a.value_offsets().as_ptr(), b.value_offsets().as_ptr())
        && std::ptr::eq(a.value_data().as_ptr(), b.value_data().as_ptr())
}

/// The rows whose text passes. Rows that are unknown may come out either way.
fn passing(rows: usize, texts: &Texts, known: &mut Option<Known>, test: impl Fn(&str) -> bool) -> Bits {
    match texts {
        Texts::Same(text) if test(text) => Bits::all(rows),
        Texts::Same(_) => Bits::none(rows),
        Texts::Plain(values) => Bits::from_fn(rows, |row| test(values.value(row))),
        Texts::Listed { keys, values } => {
            let fresh = !known.as_ref().is_some_and(|known| same_array(&known.values, values));
            if fresh {
                let passes = (0..values.len()).map(|at| test(values.value(at)));
                let passes = if values.len() <= 64 {
                    Passes::Few(
                        passes.enumerate().fold(0, |word, (at, passes)| word | u64::from(passes) << at),
                    )
                } else {
                    Passes::Many(passes.collect())
                };
                *known = Some(Known { values: values.clone(), passes });
            }
            match known.as_ref().map(|known| &known.passes) {
                Some(Passes::Few(word)) => Bits::map(keys, |key| word >> (key & 63) & 1 == 1),
                Some(Passes::Many(list)) => {
                    Bits::map(keys, |key| list.get(key as usize).is_some_and(|passes| *passes))
                }
                None => Bits::none(rows),
            }
        }
    }
}

/// A text against a list of literals, sorted.
pub(super) fn among(rows: usize, x: &Col, list: &[String], known: &mut Option<Known>) -> Option<Col> {
    let Data::Text(texts) = &x.data else { return None };
    let has = |text: &str| list.binary_search_by(|item| item.as_str().cmp(text)).is_ok();
    Some(flag(passing(rows, texts, known, has), &[x]))
}

/// The rows whose texts are equal.
pub(super) fn equal(rows: usize, a: &Texts, b: &Texts, known: &mut Option<Known>) -> Bits {
    match (a, b) {
        (texts, Texts::Same(text)) | (Texts::Same(text), texts) => {
            passing(rows, texts, known, |other| *other == **text)
        }
        _ => Bits::from_fn(rows, |row| a.get(row) == b.get(row)),
    }
}
