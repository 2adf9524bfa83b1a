//! A row of raw cells in one reusable buffer.

use std::fmt::Write;

use giaouoc_worktime::time::{Day, Instant};

use crate::map::Encoding;

/// One cell as the format gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text.
    Text(&'a str),
    /// A number that the format stores as one, in shortest decimal notation.
    Number(&'a str),
    /// A truth value.
    Flag(bool),
    /// A day.
    Day(Day),
    /// A day and the microseconds since its midnight, in no named zone.
    Local(Day, i64),
    /// A point in time.
    Instant(Instant),
    /// What stands where a value should be: `#N/A`, a number too great.
    Fault(&'a str),
}

#[derive(Clone, Copy, Debug)]
enum Slot {
    Blank,
    Text(usize, usize),
    Number(usize, usize),
    Fault(usize, usize),
    Flag(bool),
    Day(Day),
    Local(Day, i64),
    Instant(Instant),
}

/// Bytes of text that a row keeps room for, whatever it held.
const ROOM: usize = 16 << 10;

/// Stands where a formula has no stored result.
pub(crate) const UNCALCULATED: &str = "=";

/// What is known of a cell's font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Font {
    /// Nothing.
    NotKnown,
    /// One that shows Unicode as it is.
    Unicode,
    /// One from before Unicode.
    Old {
        /// What its letters stand for.
        encoding: Encoding,
        /// It shows small letters as capitals: `.VnTimeH`.
        capitals: bool,
    },
}

impl Font {
    /// Told by its name: the fonts of TCVN3 begin with `.Vn`, those of VNI with `VNI-`.
    pub(crate) fn named(name: &str) -> Self {
        let lower = name.trim().to_ascii_lowercase();
        if let Some(rest) = lower.strip_prefix(".vn") {
            // `.VnTimeH`, `.VnArialH`; but `.VnArial NarrowH` as well.
            return Self::Old { encoding: Encoding::Tcvn3, capitals: rest.ends_with('h') };
        }
        if lower.starts_with("vni-") || lower.starts_with("vni ") {
            return Self::Old { encoding: Encoding::Vni, capitals: false };
        }
        Self::Unicode
    }
}

/// One row. Filled by a decoder, read by position.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// The row's number as the person sees it: in Excel the row, in a text file the row that Excel would
    /// show.
    pub(crate) number: u64,
    /// Why the row as a whole cannot be used.
    pub(crate) broken: Option<crate::reason::Reason>,
    /// It is hidden in the workbook, by hand or by a filter.
    pub(crate) hidden: bool,
    /// Cells of it whose value is the stored result of a formula.
    pub(crate) formulas: u32,
    /// Formulas of it without a stored result.
    pub(crate) uncalculated: u32,
    text: String,
    slots: Vec<Slot>,
    /// Cells in old fonts. Fonts of the others are Unicode ones when the next field says so.
    fonts: Vec<(usize, Font)>,
    fonts_known: bool,
}

impl Row {
    pub(crate) fn clear(&mut self, number: u64) {
        self.number = number;
        self.broken = None;
        self.hidden = false;
        self.formulas = 0;
        self.uncalculated = 0;
        self.text.clear();
        self.slots.clear();
        self.fonts.clear();
        self.fonts_known = false;
    }

    /// Lets go of the room that a very long row took.
    pub(crate) fn shrink(&mut self) {
        if self.text.capacity() > ROOM {
            self.text.clear();
            self.slots.clear();
            self.text.shrink_to(ROOM);
        }
    }

    /// Says that the fonts of all cells are known; those not set are Unicode ones.
    pub(crate) fn know_fonts(&mut self) {
        self.fonts_known = true;
    }

    pub(crate) fn set_font(&mut self, at: usize, font: Font) {
        if matches!(font, Font::Old { .. }) {
            self.fonts.push((at, font));
        }
    }

    pub(crate) fn font(&self, at: usize) -> Font {
        let own = self.fonts.iter().find(|(place, _)| *place == at).map(|(_, font)| *font);
        own.unwrap_or(if self.fonts_known { Font::Unicode } else { Font::NotKnown })
    }

    /// Replaces the texts that `change` gives new words for, and counts them.
    pub(crate) fn rewrite(&mut self, change: impl Fn(&str, Font) -> Option<String>) -> u64 {
        let mut changed = 0;
        for at in 0..self.slots.len() {
            let Slot::Text(from, to) = self.slots[at] else { continue };
            if let Some(new) = change(&self.text[from..to], self.font(at)) {
                // The old words stay behind unused until the row is cleared.
                self.slots[at] = self.place(&new);
                changed += 1;
            }
        }
        changed
    }

    /// How many cells it has, blank ones included.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Bytes of text in it.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Bytes of its longest cell.
    pub(crate) fn longest(&self) -> usize {
        self.slots
            .iter()
            .map(|slot| match slot {
                Slot::Text(from, to) | Slot::Number(from, to) | Slot::Fault(from, to) => to - from,
                _ => 0,
            })
            .max()
            .unwrap_or(0)
    }

    pub(crate) fn cell(&self, at: usize) -> Cell<'_> {
        match self.slots.get(at) {
            None | Some(Slot::Blank) => Cell::Blank,
            Some(Slot::Text(from, to)) => Cell::Text(&self.text[*from..*to]),
            Some(Slot::Number(from, to)) => Cell::Number(&self.text[*from..*to]),
            Some(Slot::Fault(from, to)) => Cell::Fault(&self.text[*from..*to]),
            Some(Slot::Flag(flag)) => Cell::Flag(*flag),
            Some(Slot::Day(day)) => Cell::Day(*day),
            Some(Slot::Local(day, micros)) => Cell::Local(*day, *micros),
            Some(Slot::Instant(at)) => Cell::Instant(*at),
        }
    }

    /// Whether no cell holds anything that a reader would see.
    pub(crate) fn is_blank(&self) -> bool {
        (0..self.len()).all(|at| self.cell(at).is_blank())
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        let slot = self.place(text);
        self.slots.push(slot);
    }

    /// Sets all cells at once: texts that stand one after the other, by where each begins and ends.
    pub(crate) fn fill(&mut self, text: &str, cells: impl Iterator<Item = (usize, usize)>) {
        self.text.push_str(text);
        self.slots
            .extend(cells.map(|(from, to)| if from == to { Slot::Blank } else { Slot::Text(from, to) }));
    }

    fn place(&mut self, text: &str) -> Slot {
        if text.is_empty() {
            return Slot::Blank;
        }
        let from = self.text.len();
        self.text.push_str(text);
        Slot::Text(from, self.text.len())
    }

    /// Sets one cell, blank ones up to it.
    pub(crate) fn set(&mut self, at: usize, cell: Cell<'_>) {
        let slot = match cell {
            Cell::Blank => Slot::Blank,
            Cell::Text(text) => self.place(text),
            Cell::Number(text) => match self.place(text) {
                Slot::Text(from, to) => Slot::Number(from, to),
                other => other,
            },
            Cell::Fault(text) => match self.place(text) {
                Slot::Text(from, to) => Slot::Fault(from, to),
                other => other,
            },
            Cell::Flag(flag) => Slot::Flag(flag),
            Cell::Day(day) => Slot::Day(day),
            Cell::Local(day, micros) => Slot::Local(day, micros),
            Cell::Instant(instant) => Slot::Instant(instant),
        };
        if self.slots.len() <= at {
            self.slots.resize(at + 1, Slot::Blank);
        }
        self.slots[at] = slot;
    }

    /// Sets one cell to a number, written shortest: no exponent, no digit more than identifies it.
    pub(crate) fn set_float(&mut self, at: usize, number: f64) {
        if number.is_finite() {
            let from = self.text.len();
            // Writing into a String cannot fail.
            let _ = write!(self.text, "{number}");
            let to = self.text.len();
            self.set(at, Cell::Blank);
            self.slots[at] = Slot::Number(from, to);
        } else {
            self.set(at, Cell::Fault("NaN"));
        }
    }

    /// Sets one cell to an integer.
    pub(crate) fn set_integer(&mut self, at: usize, number: impl std::fmt::Display) {
        let from = self.text.len();
        let _ = write!(self.text, "{number}");
        let to = self.text.len();
        self.set(at, Cell::Blank);
        self.slots[at] = Slot::Number(from, to);
    }
}

impl<'a> Cell<'a> {
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => crate::fold::is_blank(text),
            _ => false,
        }
    }

    /// The cell as text: what a person would type for it, and what a later reading takes for the same value.
    pub(crate) fn text(self) -> std::borrow::Cow<'a, str> {
        match self {
            Self::Blank => "".into(),
            Self::Text(text) | Self::Number(text) | Self::Fault(text) => text.into(),
            Self::Flag(flag) => if flag { "true" } else { "false" }.into(),
            Self::Day(day) => day.to_string().into(),
            Self::Local(day, micros) => format!("{day} {}", clock(micros)).into(),
            Self::Instant(at) => at.to_string().into(),
        }
    }
}

/// Microseconds since midnight as `HH:MM:SS[.ffffff]`.
fn clock(micros: i64) -> String {
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let whole = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { whole } else { format!("{whole}.{fraction:06}") }
}
