//! Rows that belong to the sheet and not to the records: totals, headers that come again on every page, rows
//! that number the columns, signatures below the table. They are recognised only where they cannot be records,
//! because the key or the unit is missing, and counted aloud.

use crate::decode::{Cell, Row};
use crate::fold::fold;
use crate::header::Binding;

/// What a row is, when it is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Furniture {
    Total,
    Header,
    Below,
    /// Nothing but the unit, as templates have it filled in beforehand.
    Blank,
}

/// Tells such rows from records. Keeps in mind what it has seen, so it must see all rows in their order.
#[derive(Debug, Default)]
pub(crate) struct Recogniser {
    /// The rows of the header as they stand, folded.
    header: Vec<Vec<String>>,
    key: Vec<usize>,
    unit: Vec<usize>,
    /// The row just seen was the header, or a copy of it.
    after_header: bool,
    /// Rows below a signature in which what lacks a key or unit belongs to it.
    below: u32,
}

/// Cells that stand for a row of totals, folded.
const TOTALS: [&str; 9] =
    ["tong", "cong", "tongcong", "tongso", "total", "totals", "grandtotal", "sum", "congtrang"];
/// Beginnings of such cells.
const TOTALS_BEGIN: [&str; 3] = ["tongcong", "tongso", "congtrang"];
/// Beginnings of cells below a table, folded.
const BELOW: [&str; 26] = [
    "nguoilap",
    "nguoikiem",
    "nguoibaocao",
    "nguoitonghop",
    "nguoiduyet",
    "giamdoc",
    "phogiamdoc",
    "ktgiamdoc",
    "truongphong",
    "photruongphong",
    "kttruongphong",
    "chanhvanphong",
    "phochanhvanphong",
    "ktchanhvanphong",
    "thutruong",
    "lanhdao",
    "chutich",
    "phochutich",
    "ktchutich",
    "tmuyban",
    "tmubnd",
    "tlgiamdoc",
    "noinhan",
    "kyten",
    "kyghiro",
    "kyvaghiro",
];
/// The longest cell, folded, that is taken for one of these.
const LONGEST: usize = 60;
/// Rows from the word to the name of the signer: there is room for the stamp between them.
const ROOM: u32 = 15;

impl Recogniser {
    /// For a table whose header was found in these rows.
    pub(crate) fn new(header: &[Row], key: usize, unit: usize, binding: &Binding) -> Self {
        let sources = |column| binding.of(column).map(|bound| bound.sources.clone()).unwrap_or_default();
        Self {
            header: header.iter().map(folded).collect(),
            key: sources(key),
            unit: sources(unit),
            after_header: true,
            below: 0,
        }
    }

    /// What a row is, when it is no record.
    pub(crate) fn recognise(&mut self, row: &Row) -> Option<Furniture> {
        let found = self.look(row);
        self.after_header = found == Some(Furniture::Header);
        if found != Some(Furniture::Below) {
            self.below = self.below.saturating_sub(1);
        }
        found
    }

    fn look(&mut self, row: &Row) -> Option<Furniture> {
        // Most rows have a key that can be no words and a unit: nothing to fold, nothing to ask.
        let blank = |cells: &[usize]| !cells.is_empty() && cells.iter().all(|at| row.cell(*at).is_blank());
        let (no_key, no_unit) = (blank(&self.key), blank(&self.unit));
        if self.header.is_empty() {
            return None;
        }
        let cells = if no_key || no_unit || self.below > 0 || self.after_header || self.may_be_words(row) {
            folded(row)
        } else {
            return None;
        };
        if self.header.iter().any(|header| same(header, &cells)) {
            self.below = 0;
            return Some(Furniture::Header);
        }
        if self.after_header && numbers_columns(row) {
            return Some(Furniture::Header);
        }
        let total = |cell: &String| {
            TOTALS.contains(&cell.as_str())
                || cell.len() <= LONGEST && TOTALS_BEGIN.iter().any(|word| cell.starts_with(word))
        };
        let key_is_total = self.key.iter().filter_map(|at| cells.get(*at)).any(total);
        if key_is_total || no_key && cells.iter().any(total) {
            return Some(Furniture::Total);
        }
        // A record ends what stands below the table, also one that lacks its unit: it is rejected in the open.
        let record =
            self.key.iter().any(|at| is_key(row.cell(*at), cells.get(*at), no_unit && self.below > 0));
        if record {
            self.below = 0;
        } else if (no_key || no_unit) && (self.below > 0 || below(row, &cells)) {
            if self.below == 0 {
                self.below = ROOM;
            }
            self.below = self.below.saturating_sub(1);
            return Some(Furniture::Below);
        }
        if no_key && !no_unit && (0..row.len()).all(|at| self.unit.contains(&at) || row.cell(at).is_blank()) {
            return Some(Furniture::Blank);
        }
        None
    }

    /// Whether the key might be a heading or a word for totals: it has no digit, or begins as those words do
    /// (`Tổng số: 1 hồ sơ`).
    fn may_be_words(&self, row: &Row) -> bool {
        self.key.iter().any(|at| match row.cell(*at) {
            Cell::Text(text) => {
                !text.bytes().any(|byte| byte.is_ascii_digit()) || {
                    let mut letters = text.chars().filter(|letter| letter.is_alphanumeric());
                    // `ổ` is no ASCII letter, whichever way it is written.
                    matches!(letters.next(), Some('T' | 't' | 'C' | 'c'))
                        && letters.next().is_some_and(|next| matches!(next, 'O' | 'o') || !next.is_ascii())
                }
            }
            _ => false,
        })
    }
}

/// Whether a cell of the key is one, and not words below a table that happen to stand in its column. Between a
/// signature and its name only what has digits and no space is taken for a key.
fn is_key(cell: Cell<'_>, folded: Option<&String>, strictly: bool) -> bool {
    let Cell::Text(text) = cell else { return !cell.is_blank() };
    let text = text.trim();
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let words = text.is_empty() || text.starts_with('(') || folded.is_some_and(|cell| stands_below(cell));
    let spaced = text.contains(char::is_whitespace);
    !words && if strictly { digits && !spaced } else { digits || !spaced }
}

fn folded(row: &Row) -> Vec<String> {
    (0..row.len()).map(|at| fold(&row.cell(at).text())).collect()
}

/// Whether a row is a row of the header again: every cell that holds something holds what the header holds.
fn same(header: &[String], cells: &[String]) -> bool {
    let mut matching = 0;
    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        if header.get(at) != Some(cell) {
            return false;
        }
        matching += 1;
    }
    let filled = header.iter().filter(|cell| !cell.is_empty()).count();
    matching >= 2.min(filled.max(1)) && matching * 2 >= filled
}

/// Whether a row numbers the columns: `(1) (2) (3)`, `A B 1 2 3`, `1 2 3 4=2+3`.
fn numbers_columns(row: &Row) -> bool {
    let (mut last, mut numbers, mut filled) = (None, 0, 0);
    for at in 0..row.len() {
        let cell = row.cell(at);
        if cell.is_blank() {
            continue;
        }
        if !matches!(cell, Cell::Text(_) | Cell::Number(_)) {
            return false;
        }
        filled += 1;
        let text = cell.text();
        let token = text.trim().trim_matches(['(', ')', '[', ']']);
        let token = token.split('=').next().unwrap_or_default().trim_matches([' ', '(', ')', '[', ']']);
        match token.parse::<u32>() {
            Ok(number) if last.is_none_or(|last| number == last + 1) => {
                last = Some(number);
                numbers += 1;
            }
            Ok(_) => return false,
            Err(_)
                if token.len() == 1
                    && token.bytes().all(|byte| byte.is_ascii_uppercase())
                    && last.is_none() => {}
            Err(_) => return false,
        }
    }
    filled >= 3 && numbers >= 2
}

/// Whether a row is of words that stand below a table.
fn below(row: &Row, cells: &[String]) -> bool {
    let filled: Vec<usize> = (0..row.len()).filter(|at| !row.cell(*at).is_blank()).collect();
    if filled.len() > 4 || !filled.iter().all(|at| matches!(row.cell(*at), Cell::Text(_))) {
        return false;
    }
    filled.iter().any(|at| stands_below(&cells[*at]))
}

/// Whether a folded cell is words that stand below a table.
fn stands_below(cell: &str) -> bool {
    cell.len() <= LONGEST && (BELOW.iter().any(|word| cell.starts_with(word)) || place_and_date(cell))
}

/// `Hà Nội, ngày 05 tháng 01 năm 2021`, folded.
fn place_and_date(cell: &str) -> bool {
    let after = |text: &str, word: &str| text.find(word).map(|at| at + word.len());
    let Some(at) = after(cell, "ngay") else { return false };
    let Some(month) = after(&cell[at..], "thang") else { return false };
    after(&cell[at + month..], "nam").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Bound;

    fn row(number: u64, cells: &str) -> Row {
        let mut row = Row::default();
        row.clear(number);
        cells.split('|').for_each(|cell| row.push_text(cell));
        row
    }

    #[test]
    fn rows_of_a_report_form() {
        let header = [row(3, "STT|Mã hồ sơ|Đơn vị|Ghi chú")];
        let bound = |column, source| Bound { column, sources: vec![source], derived: None };
        let binding = Binding { bound: vec![bound(0, 1), bound(1, 2)], ..Binding::default() };
        let mut recogniser = Recogniser::new(&header, 0, 1, &binding);
        let table = [
            ("(1)|(2)|(3)|(4)=2+3", Some(Furniture::Header)),
            ("1|A-1|H26.01|", None),
            ("2|Tổng hợp 5|H26.01|", None),
            ("STT|Mã hồ sơ|Đơn vị|", Some(Furniture::Header)),
            ("Tổng cộng:|||12", Some(Furniture::Total)),
            ("|TỔNG SỐ|2|", Some(Furniture::Total)),
            ("Cộng||H26.01|", Some(Furniture::Total)),
            // Filled in beforehand, with no record in it yet; with anything else it is one that lacks its key.
            ("||H26.01|", Some(Furniture::Blank)),
            // Not in silence: without a key it is for the checks to reject.
            ("3||H26.01|Công văn", None),
            ("|Giám đốc|H26.01|", None),
            ("1|2|3|4", None),
            ("||Hà Nội, ngày 05 tháng 01 năm 2021|", Some(Furniture::Below)),
            ("|NGƯỜI LẬP BIỂU||KT. GIÁM ĐỐC", Some(Furniture::Below)),
            ("|(Ký, ghi rõ họ tên)||PHÓ GIÁM ĐỐC", Some(Furniture::Below)),
            ("|Nguyễn Văn A||Trần Thị B", Some(Furniture::Below)),
            ("4|A-4|H26.01|", None),
            // With a digit and a unit all the same.
            ("|Tổng số: 1 hồ sơ|H26.01|", Some(Furniture::Total)),
            ("|Tổng cộng (1)|H26.01|", Some(Furniture::Total)),
            ("|TONG CONG: 12|H26.01|", Some(Furniture::Total)),
            ("|TN-Ổ-12|H26.01|", None),
        ];
        for (at, (cells, expected)) in table.into_iter().enumerate() {
            assert_eq!(recogniser.recognise(&row(4 + at as u64, cells)), expected, "{cells}");
        }
        let mut far = Recogniser::new(&header, 0, 1, &binding);
        assert_eq!(far.recognise(&row(1, "|Người lập||")), Some(Furniture::Below));
        let found: Vec<_> = (0..40).map(|at| far.recognise(&row(at, "||H26.01|"))).collect();
        assert_eq!((found[0], found[39]), (Some(Furniture::Below), Some(Furniture::Blank)));
        assert_eq!(far.recognise(&row(50, "||H26.01|x")), None, "rows far below are no part of it");
        assert_eq!(Recogniser::default().recognise(&row(1, "Tổng cộng|||")), None);
    }

    #[test]
    fn a_row_with_a_key_is_no_signature() {
        let header = [row(1, "Mã|Đơn vị|Chức danh|Loại")];
        let bound = |column, source| Bound { column, sources: vec![source], derived: None };
        let binding = Binding { bound: vec![bound(0, 0), bound(1, 1)], ..Binding::default() };
        let below = Some(Furniture::Below);
        let tables: [&[(&str, Option<Furniture>)]; 4] = [
            // The unit's cell is merged over several rows.
            &[
                ("VT01||Phó Giám đốc|Công chức", None),
                ("VT02||Trưởng phòng|", None),
                ("VTA||Giám đốc|", None),
            ],
            // The signature stands in the column of the key, or beside it.
            &[
                ("Người lập biểu||Thủ trưởng đơn vị|", below),
                ("(Ký, ghi rõ họ tên)||(Ký, đóng dấu)|", below),
                ("Nguyễn Văn A||Trần Thị B|", below),
            ],
            &[("Hà Nội, ngày 5 tháng 3 năm 2020||||", below), ("||Giám đốc|", below)],
            // A record ends it, whether it has its unit or not.
            &[
                ("||Giám đốc|", below),
                ("|||Trần B", below),
                ("VT05|H26.01|Chuyên viên|", None),
                ("|||Công chức", None),
                ("||Giám đốc|", below),
                ("VT06||Chuyên viên|", None),
                ("|||Công chức", None),
            ],
        ];
        for table in tables {
            let mut recogniser = Recogniser::new(&header, 0, 1, &binding);
            for (at, (cells, expected)) in table.iter().enumerate() {
                assert_eq!(recogniser.recognise(&row(2 + at as u64, cells)), *expected, "{cells}");
            }
        }
    }
}
