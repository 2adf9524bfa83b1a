//! Which character separates the cells of a text file.

/// The candidates, in order of preference.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter of a text, from its beginning; and whether the first line only names it (`sep=;`, which
/// Excel writes and reads).
pub(crate) fn delimiter_of(sample: &str, whole: bool) -> (u8, bool) {
    let first = sample.lines().next().unwrap_or_default().trim_end();
    if let Some(named) = first.strip_prefix("sep=").or_else(|| first.strip_prefix("SEP="))
        && let [delimiter] = named.as_bytes()
    {
        return (*delimiter, true);
    }
    // The one with which most rows have the same number of cells, more than one.
    let rows = rows(sample.as_bytes(), whole);
    let best = (0..CANDIDATES.len()).rev().max_by_key(|at| agreement(&rows, *at));
    (best.map_or(b',', |at| CANDIDATES[at]), false)
}

/// Rows looked at: a table shows its form early, and a long text cell must not outweigh it.
const ROWS: usize = 200;

/// How many cells a row has under each candidate.
type Cells = [usize; CANDIDATES.len()];

/// The rows of a text under every candidate at once. What stands in quotes is inside a cell whichever
/// candidate is right, so neither delimiters nor line ends in there are counted for any of them: a cell of
/// several lines would otherwise look like rows of another file.
///
/// Quotes open where a cell may begin (at a line's start, or behind any candidate) and close at the first
/// quote that is not doubled.
fn rows(text: &[u8], whole: bool) -> Vec<Cells> {
    let mut rows = Vec::new();
    let mut row: Cells = [1; CANDIDATES.len()];
    let (mut at, mut begins, mut filled) = (0, true, false);
    let mut cut = !whole;
    while at < text.len() && rows.len() < ROWS {
        let byte = text[at];
        if byte == b'"' && begins {
            match quoted(&text[at..]) {
                Some(length) => at += length,
                // The file or the sample ends inside this cell. (Before any other row, a title rather holds a
                // stray quote.)
                None if !rows.is_empty() => {
                    cut = false;
                    break;
                }
                None => at += 1,
            }
            (begins, filled) = (false, true);
            continue;
        }
        at += 1;
        if matches!(byte, b'\n' | b'\r') {
            if filled {
                rows.push(row);
            }
            (row, begins, filled) = ([1; CANDIDATES.len()], true, false);
            continue;
        }
        filled = true;
        let candidate = CANDIDATES.iter().position(|candidate| *candidate == byte);
        begins = candidate.is_some();
        if let Some(candidate) = candidate {
            row[candidate] += 1;
        }
    }
    // The sample's last row may lack its end.
    if filled && rows.len() < ROWS && (!cut || rows.is_empty()) {
        rows.push(row);
    }
    rows
}

/// The length of a quoted stretch with both its quotes; nothing when it does not close.
fn quoted(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == b'"')? + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// How many rows have the commonest number of cells, and that number.
fn agreement(rows: &[Cells], candidate: usize) -> (usize, usize) {
    let mut counts = std::collections::BTreeMap::new();
    for length in rows.iter().map(|row| row[candidate]).filter(|length| *length > 1) {
        *counts.entry(length).or_insert(0) += 1;
    }
    counts.into_iter().map(|(length, rows)| (rows, length)).max().unwrap_or((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found() {
        let table = [
            ("a,b,c\n1,2,3\n", b',', false),
            ("a;b;c\n1,5;2,5;x\n2,5;1,5;y\n", b';', false),
            ("mã;mô tả\n1;một, hai, ba\n2;a, b, c\n3;x, y, z\n", b';', false),
            ("a\tb\n1, 2\t3\n", b'\t', false),
            ("a|b\n1|2\n", b'|', false),
            ("DANH SÁCH, NĂM 2020\n\na;b;c\n1;2;3\n", b';', false),
            ("\"a, b, c\";d\n\"1, 2, 3\";4\n", b';', false),
            ("sep=;\r\na;b\r\n", b';', true),
            ("one\n1\n2\n", b',', false),
            ("", b',', false),
            // Cells of several lines whose lines look like rows of another file.
            ("m,n,m\n,\";\n;\",\"\n;\"\n", b',', false),
            ("m,n\na,\";\n;\n;\n;\"\n", b',', false),
            ("m;n\n\"a,b\nc,d\ne,f\";1\n", b';', false),
            ("m\tn\r\n1\t\"a,b\r\nc,d\r\ne,f\"\r\n", b'\t', false),
            ("m,n\n\"say \"\"a;b\nc;d\ne;f\"\"\",1\n", b',', false),
            // Quotes that are no quotes of cells.
            ("a,b\n1,5\" pipe\n2,6\" pipe; 7\" pipe\n", b',', false),
            ("a,b\nx;\"y\";z,1\nu,2\n", b',', false),
            ("\"Danh sách 2020\na;b\n1;2\n", b';', false),
            // Cut inside a cell of several lines.
            ("a,b\n1,\"x;y\nz;w\nu;v\n", b',', false),
        ];
        for (text, delimiter, named) in table {
            assert_eq!(delimiter_of(text, true), (delimiter, named), "{text:?}");
        }
    }

    /// The beginning of a long file ends anywhere.
    #[test]
    fn a_sample_that_ends_inside_a_row_is_enough() {
        let long = "z;w;v\n".repeat(100);
        for (text, delimiter) in [
            ("a;b\n1;2\n3;4,5,6,7".to_owned(), b';'),
            (format!("a,b\n1,2\n3,\"{long}"), b','),
            (format!("a,b\n1,\"{long}"), b','),
        ] {
            assert_eq!(delimiter_of(&text, false).0, delimiter, "{text:?}");
        }
    }
}
