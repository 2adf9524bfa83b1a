//! Cells that hold letters of an old font inside Unicode (`Hå s¬` in a workbook typed in `.VnTime`), decoded
//! when a person has confirmed it.

use std::collections::VecDeque;

use super::legacy::Table;
use super::row::Font;
use super::syllable::syllables;
use super::{Cell, Facts, Names, Row, Source};
use crate::errors::FileError;
use crate::map::{Encoding, Mapping};

/// Decodes rows.
pub(crate) struct Recoder {
    tables: Vec<Table>,
    stated: Encoding,
    cells: u64,
    /// The cells are Unicode whatever was stated, such as those of rejects that come back corrected.
    unicode: bool,
}

/// Rows that are looked at before any is decoded.
const JUDGED: usize = 40;

impl Recoder {
    /// When the mapping states an encoding of fonts.
    pub(crate) fn of(mapping: &Mapping) -> Option<Self> {
        let stated = mapping.encoding().filter(|encoding| encoding.of_fonts())?;
        let tables = [stated, Encoding::Tcvn3, Encoding::Vni].into_iter().filter_map(Table::of).collect();
        Some(Self { tables, stated, cells: 0, unicode: false })
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

    /// Looks whether the first rows are Unicode after all: nearly every word that could be in the old font is
    /// Vietnamese as it stands. Cells whose fonts are known are not asked.
    pub(crate) fn judge(&mut self, rows: &[Row]) {
        let (mut words, mut stands) = (0, 0);
        for row in rows {
            for at in 0..row.len() {
                if let Cell::Text(text) = row.cell(at)
                    && !text.is_ascii()
                    && row.font(at) == Font::NotKnown
                    && self.meant(text, Font::NotKnown).is_some()
                {
                    let (all, good) = syllables(text);
                    words += all;
                    stands += good;
                }
            }
        }
        self.unicode = words > 0 && stands * 10 >= words * 9;
    }

    pub(crate) fn row(&mut self, row: &mut Row) {
        if self.unicode {
            return;
        }
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
    /// Rows read ahead to be judged; absent until the first is asked for.
    ahead: Option<VecDeque<Row>>,
}

impl<'a> Recoded<'a> {
    pub(crate) fn new(inner: &'a mut dyn Source, recoder: Recoder) -> Self {
        let mut recoded = Self { inner, recoder, names: Vec::new(), ahead: None };
        recoded.catch_up();
        recoded
    }

    /// Reads the first rows and judges them. Formats that carry names are read as stated.
    fn read_ahead(&mut self) -> Result<VecDeque<Row>, FileError> {
        if self.inner.naming() == Names::Known {
            return Ok(VecDeque::new());
        }
        let mut rows = super::book::first_rows(self.inner, JUDGED)?;
        self.recoder.judge(&rows);
        rows.iter_mut().for_each(|row| self.recoder.row(row));
        Ok(rows.into())
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
        if self.ahead.is_none() {
            self.ahead = Some(self.read_ahead()?);
        }
        if let Some(first) = self.ahead.as_mut().and_then(VecDeque::pop_front) {
            *row = first;
            return Ok(true);
        }
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
