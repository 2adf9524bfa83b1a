//! The yearbook of a bundle: read and held against the rules by `giaouoc check`, brought in by `serve --with`, written by
//! `giaouoc export`. What it is made of is `giaouoc-year`'s.

pub mod bring;
pub mod take;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::problem::Problem;
use giaouoc_worktime::zone::Zone;
use giaouoc_year::yearbook::{self, Known, Yearbook};

use crate::fault::{Fault, Outcome};
use crate::open::{Limits, Opened, below};
use crate::serve::ZONE;

/// Where it lies in a bundle.
pub const FOLDER: &str = "year";

/// A yearbook as it was read.
#[derive(Debug, Default)]
pub struct Looked {
    /// What it says, as far as it could be read.
    pub book: Yearbook,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Its texts by their path in the bundle, for showing their lines.
    pub texts: BTreeMap<String, String>,
}

/// Reads the yearbook of a bundle in a folder; an empty one where there is none.
pub fn look(dir: &Path, bundle: &Bundle) -> Outcome<Looked> {
    let Opened { texts, others, .. } = below(&dir.join(FOLDER), Limits::default())?;
    let others: BTreeSet<String> = others.into_iter().collect();
    let zone = Zone::get(ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let units: Vec<String> = bundle.cluster.units.iter().map(|unit| unit.code.clone()).collect();
    let targets: Vec<String> = bundle.agreement.targets.iter().map(|target| target.id.clone()).collect();
    let known = Known { units: &units, targets: &targets, year: bundle.agreement.year, zone: &zone };
    let (book, problems) = yearbook::read(&texts, &others, &known);
    let texts = texts
        .into_iter()
        .map(|(path, bytes)| (format!("{FOLDER}/{path}"), String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    Ok(Looked { book, problems, texts })
}
