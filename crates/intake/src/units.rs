//! Units as files name them: by code, by name, by another name.

use std::collections::HashMap;

use giaouoc_agreement::problem::nearest;

use crate::fold::{clean_name, fold};

/// What a cell that names a unit turned out to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitMatch {
    /// The code of one unit.
    Code(String),
    /// No unit; the nearest known code or name, when one is near.
    Unknown {
        /// The nearest known code or name.
        nearest: Option<String>,
    },
    /// Several units go by this name: their codes.
    Ambiguous(Vec<String>),
}

/// The units that records may name. The caller fills it from the bundle's `cluster.toml`.
#[derive(Clone, Debug, Default)]
pub struct Units {
    open: bool,
    /// Codes as written, and their place in `codes`.
    exact: HashMap<String, usize>,
    /// Folded codes and names, with every unit that has them.
    folded: HashMap<String, Vec<usize>>,
    codes: Vec<String>,
    shown: Vec<String>,
}

impl Units {
    /// Any text is a unit's code. For looking at a file before there is a cluster.
    pub fn any() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// No unit yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether any text is a unit's code.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Adds a unit's code and its names: full, short, other names seen in files.
    pub fn add<'a>(&mut self, code: &str, names: impl IntoIterator<Item = &'a str>) {
        let code = clean_name(code).into_owned();
        let at = *self.exact.entry(code.clone()).or_insert_with(|| {
            self.codes.push(code.clone());
            self.codes.len() - 1
        });
        // One lifetime for the code and the names.
        let names: Vec<&str> = names.into_iter().collect();
        for name in std::iter::once(code.as_str()).chain(names) {
            let key = fold(name);
            // A blank name, or one of punctuation only, names nothing.
            if key.is_empty() {
                continue;
            }
            self.shown.push(clean_name(name).into_owned());
            let units = self.folded.entry(key).or_default();
            if !units.contains(&at) {
                units.push(at);
            }
        }
    }

    /// The unit that a text names: its exact code first, then codes and names without regard to case,
    /// marks and spacing.
    pub fn resolve(&self, text: &str) -> UnitMatch {
        let text = clean_name(text);
        if self.open {
            return UnitMatch::Code(text.into_owned());
        }
        if let Some(at) = self.exact.get(text.as_ref()) {
            return UnitMatch::Code(self.codes[*at].clone());
        }
        match self.folded.get(&fold(&text)).map(Vec::as_slice) {
            Some([at]) => UnitMatch::Code(self.codes[*at].clone()),
            Some(several) if !several.is_empty() => {
                UnitMatch::Ambiguous(several.iter().map(|at| self.codes[*at].clone()).collect())
            }
            _ => UnitMatch::Unknown {
                nearest: nearest(&text, self.shown.iter().map(String::as_str)).map(str::to_owned),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_other_names() {
        let mut units = Units::new();
        units.add("H26.01", ["Văn phòng UBND thành phố", "VP UBND TP", ""]);
        units.add("H26.13", ["Sở Nội vụ", ""]);
        units.add("H26.129", ["Phòng Nội vụ", "Sở Nội vụ"]);
        let code = |c: &str| UnitMatch::Code(c.to_owned());
        assert_eq!(units.resolve("H26.13"), code("H26.13"));
        assert_eq!(units.resolve(" h26.13\u{a0}"), code("H26.13"));
        assert_eq!(units.resolve("VAN PHONG UBND\nTHANH PHO"), code("H26.01"));
        assert_eq!(
            units.resolve("Sở nội vụ"),
            UnitMatch::Ambiguous(vec!["H26.13".to_owned(), "H26.129".to_owned()])
        );
        assert_eq!(units.resolve("H26.0l"), UnitMatch::Unknown { nearest: Some("H26.01".to_owned()) },);
        assert_eq!(units.resolve("-"), UnitMatch::Unknown { nearest: None });
        assert_eq!(units.resolve("Kho bạc"), UnitMatch::Unknown { nearest: None });
        assert_eq!(Units::any().resolve(" X "), code("X"));
    }
}
