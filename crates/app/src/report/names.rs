//! Names of codes that another kind of the bundle lists: the procedure's name beside its number.

use std::collections::BTreeMap;

use giaouoc_agreement::value::Value;

use super::rules::Names;
use crate::bundle::{self, Loaded};
use crate::fault::Outcome;
use crate::records::{collect, measure_fault};

/// The names of a column's codes, by code.
pub type Named = BTreeMap<String, String>;

/// Reads the records that name a column's codes.
pub fn of(loaded: &Loaded, names: &Names) -> Outcome<Named> {
    let kind = bundle::kind(&names.of)?;
    let mut named = Named::new();
    let Some(column) = kind.column(&names.name) else { return Ok(named) };
    for batch in collect(loaded, &names.of)? {
        for at in 0..batch.num_rows() {
            let values = giaouoc_measure::values(kind, &batch, at)
                .map_err(|error| measure_fault(&names.of, &error))?;
            if let (Some(Value::Text(code)), Some(Value::Text(name))) =
                (values.get(kind.key), values.get(column))
            {
                named.insert(code.clone(), name.clone());
            }
        }
    }
    Ok(named)
}
