//! How a file looks in the encodings it may be in, ranked by how Vietnamese it looks. Shown to a person, who
//! decides; nothing is decoded by it.

use super::legacy::Table;
use super::syllable::syllables;
use super::{Cell, Row};
use crate::errors::{FileError, Preview};
use crate::fold::{clean_name, cut};
use crate::map::Encoding;

/// The encodings to choose from.
const CANDIDATES: [Encoding; 4] =
    [Encoding::Tcvn3, Encoding::Vni, Encoding::Windows1258, Encoding::Windows1252];
/// Cells shown, and letters of each.
const SHOWN: usize = 4;
const LONG: usize = 24;
/// Cells judged.
const JUDGED: usize = 500;

/// Previews of bytes that are not UTF-8, the likeliest first.
pub(crate) fn of_bytes(bytes: &[u8]) -> Vec<Preview> {
    let ends = |byte: &u8| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r' | b'"');
    let cells: Vec<&[u8]> = bytes.split(ends).filter(|cell| !cell.is_ascii()).take(JUDGED).collect();
    let tables = CANDIDATES.into_iter().filter_map(Table::of);
    rank(tables.map(|table| {
        let shown = cells.iter().map(|cell| table.shown(cell)).collect();
        (table.encoding(), shown)
    }))
}

/// The previews of cells as they look in each encoding.
fn rank(looks: impl Iterator<Item = (Encoding, Vec<String>)>) -> Vec<Preview> {
    let mut previews: Vec<Preview> = looks
        .map(|(encoding, cells)| {
            let (mut all, mut good) = (0, 0);
            for (words, vietnamese) in cells.iter().map(|cell| syllables(cell)) {
                all += words;
                good += vietnamese;
            }
            let mut shown: Vec<String> = Vec::new();
            for cell in &cells {
                let cell = cut(&clean_name(cell), LONG);
                if shown.len() < SHOWN && !shown.contains(&cell) {
                    shown.push(cell);
                }
            }
            let vietnamese = u8::try_from(100 * good / all.max(1)).unwrap_or(100);
            Preview { encoding: encoding.key(), cells: shown, vietnamese }
        })
        .collect();
    previews.sort_by_key(|preview| std::cmp::Reverse(preview.vietnamese));
    previews
}

/// Refuses rows whose cells are letters of an old font shown as Western ones, for a person to confirm. Only
/// where that is beyond doubt: hardly a word is Vietnamese as it stands, and nearly all are in the old font.
pub(crate) fn refuse_old_fonts(rows: &[Row]) -> Result<(), FileError> {
    let mut cells: Vec<&str> = Vec::new();
    for row in rows {
        for at in 0..row.len() {
            match row.cell(at) {
                Cell::Text(text) if !text.is_ascii() && cells.len() < JUDGED => cells.push(text),
                _ => {}
            }
        }
    }
    if cells.is_empty() {
        return Ok(());
    }
    let mut likely: Vec<(usize, &str, Preview)> = Vec::new();
    for table in [Encoding::Tcvn3, Encoding::Vni].into_iter().filter_map(Table::of) {
        // Cells with letters that no old font has are Unicode and left alone.
        let meant: Vec<(&str, String)> =
            cells.iter().filter_map(|cell| Some((*cell, table.meant(cell)?))).collect();
        let (mut words, mut stands, mut better) = (0, 0, 0);
        for (cell, text) in &meant {
            words += syllables(cell).0;
            stands += syllables(cell).1;
            better += syllables(text).1;
        }
        let beyond_doubt = better * 10 >= words * 9 && stands * 4 <= words * 3 && better >= stands + 2;
        let odd = meant.iter().find(|(cell, _)| syllables(cell).1 < syllables(cell).0);
        if let Some((sample, _)) = odd.filter(|_| beyond_doubt) {
            let texts = meant.iter().map(|(_, text)| text.clone()).collect();
            let previews = rank(std::iter::once((table.encoding(), texts)));
            likely.extend(previews.into_iter().map(|preview| (better, *sample, preview)));
        }
    }
    likely.sort_by_key(|(better, ..)| std::cmp::Reverse(*better));
    match likely.first() {
        None => Ok(()),
        Some((_, sample, _)) => Err(FileError::OldFont {
            sample: cut(&clean_name(sample), LONG),
            previews: likely.iter().map(|(.., preview)| preview.clone()).collect(),
        }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use super::*;
    use crate::decode::legacy::tests::encode;

    #[test]
    fn the_right_encoding_comes_first() {
        let text = "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận\n1;Sở Nội vụ;05/03/2020\n2;Sở Tư pháp;06/03/2020\n";
        for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Windows1258] {
            let previews = of_bytes(&encode(encoding, text).unwrap());
            assert_eq!(previews[0].encoding, encoding.key());
            assert_eq!(previews[0].cells, ["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Sở Nội vụ"]);
            assert_eq!(previews[0].vietnamese, 100);
            assert!(previews[1..].iter().all(|preview| preview.vietnamese < 60), "{previews:?}");
        }
        assert!(of_bytes(b"Caf\xe9,na\xefve,\xfcber,Fran\xe7ois").iter().all(|p| p.vietnamese < 60));
    }

    fn rows(cells: &[&str]) -> Vec<Row> {
        let mut row = Row::default();
        row.clear(1);
        cells.iter().for_each(|cell| row.push_text(cell));
        vec![row]
    }

    #[test]
    fn old_fonts_are_told_from_unicode() {
        let error = refuse_old_fonts(&rows(&["M· hå s¬", "§¬n vÞ", "1"])).unwrap_err();
        assert!(error.text().en.contains("tcvn3: \"Mã hồ sơ\", \"Đơn vị\""), "{error}");
        let error = refuse_old_fonts(&rows(&["Maõ hoà sô", "Ñôn vò"])).unwrap_err();
        assert!(error.text().en.contains("vni: \"Mã hồ sơ\", \"Đơn vị\""), "{error}");
        for good in [
            &["Mã hồ sơ", "Đơn vị", "Hà Tây"][..],
            &["Hà", "Bình", "chí", "là", "và"],
            &["Café", "naïve", "François", "Müller", "Straße"],
            &["code", "unit"],
            &["25 °C", "± 5", "§ 12", "½"],
        ] {
            assert!(refuse_old_fonts(&rows(good)).is_ok(), "{good:?}");
        }
    }
}
