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
    let best = CANDIDATES.into_iter().rev().max_by_key(|candidate| agreement(sample, *candidate, whole));
    (best.unwrap_or(b','), false)
}

/// How many rows have the commonest number of cells, and that number.
fn agreement(sample: &str, delimiter: u8, whole: bool) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample.as_bytes());
    let mut lengths: Vec<usize> = reader.byte_records().take(200).flatten().map(|r| r.len()).collect();
    if !whole && lengths.len() < 200 && lengths.len() > 1 {
        lengths.pop();
    }
    let mut counts = std::collections::BTreeMap::new();
    for length in lengths.into_iter().filter(|length| *length > 1) {
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
        ];
        for (text, delimiter, named) in table {
            assert_eq!(delimiter_of(text, true), (delimiter, named), "{text:?}");
        }
    }
}
