//! Which column of the file is which column of the kind, without regard to case, marks, spacing,
//! punctuation, Unicode form and line breaks; aloud where it is not certain.

mod find;

use std::collections::HashMap;

use giaouoc_agreement::kind::{Column, ColumnType, Kind};
use giaouoc_agreement::problem::nearest;

use crate::errors::FileError;
use crate::fold::{clean_name, cut, fold};
use crate::map::Mapping;

pub(crate) use find::{find, headings, plain_matches};

/// The heading of one column of a file: from one row, or joined from several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The names it may go by, the fullest first: with headings of two rows `Ngày tiếp nhận`, then
    /// `tiếp nhận`. Empty for a column without a heading.
    pub(crate) names: Vec<String>,
}

impl Heading {
    /// A heading of one name.
    pub(crate) fn one(name: &str) -> Self {
        let name = clean_name(name);
        Self { names: if name.is_empty() { Vec::new() } else { vec![name.into_owned()] } }
    }

    pub(crate) fn full(&self) -> &str {
        self.names.first().map(String::as_str).unwrap_or_default()
    }
}

/// A column of the kind and the columns of the file that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// Index in the kind.
    pub(crate) column: usize,
    /// Indexes in the file, in order of preference; none for a constant.
    pub(crate) sources: Vec<usize>,
    /// The column of time limits, by its index in the kind, of which this one is the number of working days.
    pub(crate) derived: Option<usize>,
}

/// All columns of a file brought together with those of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    /// What is loaded, in the order of the kind's columns.
    pub(crate) bound: Vec<Bound>,
    /// Personal columns of the kind that the file has and that are not loaded.
    pub(crate) personal: Vec<Bound>,
    /// Columns of the file that nothing is taken from.
    pub(crate) ignored: Vec<String>,
    /// The name of each column of the file, as matched; blank where it has none.
    pub(crate) names: Vec<String>,
    /// Required columns of the kind that were not found.
    pub(crate) missing: Vec<usize>,
    /// Columns found by a heading.
    pub(crate) matched: usize,
}

impl Binding {
    /// Whether every required column was found.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    pub(crate) fn of(&self, column: usize) -> Option<&Bound> {
        self.bound.iter().find(|bound| bound.column == column)
    }
}

/// Headings of one kind, ready for comparing.
#[derive(Debug)]
pub(crate) struct Matcher<'a> {
    kind: &'a Kind,
    mapping: &'a Mapping,
    personal: bool,
    /// Folded ids, labels and aliases, with the columns that have them and 0 for an id, 1 otherwise.
    known: HashMap<String, Vec<(usize, u8)>>,
    /// Folded names and names, in the order of the kind.
    names: Vec<(String, String)>,
}

impl<'a> Matcher<'a> {
    /// For a kind and a mapping; personal columns are bound only when asked for.
    pub(crate) fn new(kind: &'a Kind, mapping: &'a Mapping, personal: bool) -> Self {
        let mut known: HashMap<String, Vec<(usize, u8)>> = HashMap::new();
        let mut names = Vec::new();
        for (at, column) in kind.columns.iter().enumerate() {
            let labels = [&column.label.vi, &column.label.en];
            let others = labels.into_iter().chain(&column.aliases).map(|name| (name, 1));
            for (name, rank) in std::iter::once((&column.id, 0)).chain(others) {
                let key = fold(name);
                let columns = known.entry(key.clone()).or_default();
                if !key_is_new(columns, at) {
                    continue;
                }
                columns.push((at, rank));
                names.push((key, name.clone()));
            }
        }
        known.remove("");
        Self { kind, mapping, personal, known, names }
    }

    pub(crate) fn kind(&self) -> &'a Kind {
        self.kind
    }

    pub(crate) fn mapping(&self) -> &'a Mapping {
        self.mapping
    }

    fn required(&self, at: usize, column: &Column) -> bool {
        !column.personal && (column.required || at == self.kind.key || at == self.kind.unit)
    }

    /// The columns of the kind that a name may mean: an id before a label.
    pub(crate) fn lookup(&self, name: &str) -> Vec<usize> {
        let Some(columns) = self.known.get(&fold(name)) else { return Vec::new() };
        let best = columns.iter().map(|(_, rank)| *rank).min();
        columns.iter().filter(|(_, rank)| Some(*rank) == best).map(|(at, _)| *at).collect()
    }

    /// Brings headings and columns together.
    ///
    /// # Errors
    /// Where a heading or a column is ambiguous, or the mapping names a heading that is not there. Missing
    /// required columns are not an error here but in [`Binding::missing`].
    pub(crate) fn bind(&self, headings: &[Heading]) -> Result<Binding, FileError> {
        let mut names: Vec<String> = headings.iter().map(|heading| heading.full().to_owned()).collect();
        let mut sources: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut used = vec![false; headings.len()];
        for (column, rule) in &self.mapping.columns {
            let places = sources.entry(*column).or_default();
            for wanted in &rule.from {
                let (at, name) = self.named(headings, wanted, *column)?;
                names[at] = name;
                used[at] = true;
                places.push(at);
            }
        }
        let mut matched = sources.values().filter(|places| !places.is_empty()).count();
        if !self.mapping.only_named {
            for (column, places) in self.found(headings, &mut names, &mut used)? {
                matched += 1;
                sources.insert(column, places);
            }
        }
        let mut binding = Binding { names, matched, ..Binding::default() };
        for (at, column) in self.kind.columns.iter().enumerate() {
            match sources.remove(&at) {
                Some(places) if column.personal && !self.personal => {
                    binding.personal.push(Bound { column: at, sources: places, derived: None });
                }
                Some(places) => binding.bound.push(Bound { column: at, sources: places, derived: None }),
                None if self.required(at, column) => binding.missing.push(at),
                None => {}
            }
        }
        self.derive(&mut binding);
        for (at, heading) in headings.iter().enumerate() {
            if !used[at] && !heading.names.is_empty() && !crate::out::rejects::is_own(heading.full()) {
                binding.ignored.push(heading.full().to_owned());
            }
        }
        Ok(binding)
    }

    /// Adds the numbers of working days that come out of time limits, where the file does not give them.
    fn derive(&self, binding: &mut Binding) {
        for (at, column) in self.kind.columns.iter().enumerate() {
            let Some(limit) = column.working_days_of.filter(|_| binding.of(at).is_none()) else { continue };
            let Some(sources) = binding.of(limit).map(|bound| bound.sources.clone()) else { continue };
            binding.bound.push(Bound { column: at, sources, derived: Some(limit) });
        }
        binding.bound.sort_by_key(|bound| bound.column);
    }

    /// The heading that a mapping names.
    fn named(&self, headings: &[Heading], wanted: &str, column: usize) -> Result<(usize, String), FileError> {
        let clean = clean_name(wanted);
        let exact: Vec<usize> =
            (0..headings.len()).filter(|at| headings[*at].names.iter().any(|name| *name == clean)).collect();
        let key = fold(wanted);
        let folded = || -> Vec<usize> {
            (0..headings.len())
                .filter(|at| !key.is_empty() && headings[*at].names.iter().any(|name| fold(name) == key))
                .collect()
        };
        let places = if exact.is_empty() { folded() } else { exact };
        match places.as_slice() {
            [at] => {
                let heading = &headings[*at];
                let name = heading.names.iter().find(|name| **name == clean || fold(name) == key);
                Ok((*at, name.cloned().unwrap_or_default()))
            }
            [] => {
                let found: Vec<String> = headings.iter().map(|heading| heading.full().to_owned()).collect();
                Err(FileError::NoSuchHeader {
                    column: self.kind.columns[column].id.clone(),
                    header: wanted.to_owned(),
                    nearest: nearest(
                        wanted,
                        found.iter().map(String::as_str).filter(|name| !name.is_empty()),
                    )
                    .map(str::to_owned),
                    found,
                })
            }
            _ => Err(FileError::DoubledHeader { header: wanted.to_owned() }),
        }
    }

    /// Columns found by their ids, labels and aliases.
    fn found(
        &self,
        headings: &[Heading],
        names: &mut [String],
        used: &mut [bool],
    ) -> Result<Vec<(usize, Vec<usize>)>, FileError> {
        // For each column: how full a name matched (0 is the fullest), where, and the name.
        let mut claims: HashMap<usize, Vec<(usize, usize, String)>> = HashMap::new();
        let mut companions: HashMap<usize, usize> = HashMap::new();
        for (at, heading) in headings.iter().enumerate() {
            if used[at] {
                continue;
            }
            if let Some(column) = self.companion(heading.full()) {
                companions.insert(column, at);
                continue;
            }
            for (depth, name) in heading.names.iter().enumerate() {
                match self.lookup(name).as_slice() {
                    [] => {}
                    [column] => {
                        claims.entry(*column).or_default().push((depth, at, name.clone()));
                        break;
                    }
                    several => {
                        return Err(FileError::AmbiguousColumn {
                            header: name.clone(),
                            columns: several.iter().map(|at| self.kind.columns[*at].id.clone()).collect(),
                        });
                    }
                }
            }
        }
        let mut found = Vec::new();
        for (column, _) in self.kind.columns.iter().enumerate() {
            if self.mapping.rule(column).is_some() {
                continue;
            }
            let claim = claims.remove(&column).unwrap_or_default();
            let best = claim.iter().map(|(depth, ..)| *depth).min();
            let best: Vec<_> = claim.into_iter().filter(|(depth, ..)| Some(*depth) == best).collect();
            let companion = companions.get(&column).copied();
            let mut places = match best.as_slice() {
                [] => Vec::new(),
                [(_, at, name)] => {
                    names[*at] = name.clone();
                    vec![*at]
                }
                several => return Err(self.ambiguous(column, several)),
            };
            places.extend(companion);
            if !places.is_empty() {
                places.iter().for_each(|at| used[*at] = true);
                found.push((column, places));
            }
        }
        Ok(found)
    }

    fn ambiguous(&self, column: usize, several: &[(usize, usize, String)]) -> FileError {
        let headers: Vec<String> = several.iter().map(|(.., name)| cut(name, 60)).collect();
        if headers.iter().all(|name| *name == headers[0]) {
            return FileError::DoubledHeader { header: headers[0].clone() };
        }
        FileError::AmbiguousHeader { column: self.kind.columns[column].id.clone(), headers }
    }

    /// The moment column whose bare days a heading such as `finished_at.day` holds.
    fn companion(&self, name: &str) -> Option<usize> {
        let column = self.kind.column(name.strip_suffix(".day")?)?;
        (self.kind.columns[column].ty == ColumnType::Moment).then_some(column)
    }

    /// The known name nearest to one that is not known.
    pub(crate) fn nearest(&self, name: &str) -> Option<String> {
        let near = nearest(&fold(name), self.names.iter().map(|(key, _)| key.as_str()))?;
        self.names.iter().find(|(key, _)| key == near).map(|(_, name)| name.clone())
    }
}

/// Whether a column is not yet listed under a key.
fn key_is_new(columns: &[(usize, u8)], at: usize) -> bool {
    columns.iter().all(|(other, _)| *other != at)
}

#[cfg(test)]
mod tests;
