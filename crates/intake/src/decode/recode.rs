//! Cells that hold letters of an old font inside Unicode (`Hå s¬` in a workbook typed in `.VnTime`), decoded
//! when a person has confirmed it.

use super::legacy::Table;
use super::row::Font;
use super::{Facts, Names, Row, Source};
use crate::errors::FileError;
use crate::map::{Encoding, Mapping};

/// Decodes rows.
pub(crate) struct Recoder {
    tables: Vec<Table>,
    stated: Encoding,
    cells: u64,
}

impl Recoder {
    /// When the mapping states an encoding of fonts.
    pub(crate) fn of(mapping: &Mapping) -> Option<Self> {
        let stated = mapping.encoding().filter(|encoding| encoding.of_fonts())?;
        let tables = [stated, Encoding::Tcvn3, Encoding::Vni].into_iter().filter_map(Table::of).collect();
        Some(Self { tables, stated, cells: 0 })
    }

    /// A text as it was meant, by its font, or else as stated. `None` when it is right as it stands: when its
    /// font is a Unicode one, or when it has letters that no old font has.
    fn meant(&self, text: &str, font: Font) -> Option<String> {
        let (encoding, capitals) = match font {
            Font::NotKnown => (self.stated, false),
            Font::Unicode => return None,
            Font::Old { encoding, capitals } => (encoding, capitals),
        };
        let table = self.tables.iter().find(|table| table.encoding() == encoding)?;
        let meant = table.meant(text)?;
        Some(if capitals { meant.to_uppercase() } else { meant })
    }

    pub(crate) fn row(&mut self, row: &mut Row) {
        let changed = row.rewrite(|text, font| {
            if text.is_ascii() && !matches!(font, Font::Old { capitals: true, .. }) {
                return None;
            }
            self.meant(text, font)
        });
        self.cells += changed;
    }
}

/// A source whose cells are decoded.
pub(crate) struct Recoded<'a> {
    inner: &'a mut dyn Source,
    recoder: Recoder,
    names: Vec<String>,
}

impl<'a> Recoded<'a> {
    pub(crate) fn new(inner: &'a mut dyn Source, recoder: Recoder) -> Self {
        let mut recoded = Self { inner, recoder, names: Vec::new() };
        recoded.catch_up();
        recoded
    }

    fn catch_up(&mut self) {
        for name in &self.inner.names()[self.names.len()..] {
            let meant = self.recoder.meant(name, Font::NotKnown);
            self.names.push(meant.unwrap_or_else(|| name.clone()));
        }
    }
}

impl Source for Recoded<'_> {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        let more = self.inner.next_row(row)?;
        if more {
            self.recoder.row(row);
            self.catch_up();
        }
        Ok(more)
    }

    fn naming(&self) -> Names {
        self.inner.naming()
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn only(&mut self, columns: &[usize]) {
        self.inner.only(columns);
    }

    fn unreadable(&self, column: usize) -> Option<String> {
        self.inner.unreadable(column)
    }

    fn position(&self) -> u64 {
        self.inner.position()
    }

    fn facts(&self) -> Facts {
        Facts { recoded: self.recoder.cells, font: Some(self.recoder.stated.name()), ..self.inner.facts() }
    }
}
