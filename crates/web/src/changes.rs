//! Why figures moved between two releases: what was done to the records in between, without persons and without keys.

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;
use serde::{Deserialize, Serialize};

use crate::pages::desk::kind_name;
use crate::sheet::Sheet;
use crate::small::{Reader, count};
use crate::when::day_shown;

/// One accepted change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The journal's entry.
    pub entry: u64,
    /// Its day, `YYYY-MM-DD`.
    pub on: String,
    /// `upload`, `withdraw`, `undo`, `transfer`, `text`, `erase`.
    pub deed: String,
    /// The kind of the records.
    pub kind: Option<String>,
    /// The file's name, of an upload; the text's path, of a text.
    pub file: Option<String>,
    /// Which entry was undone.
    pub of: Option<u64>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// What changed in a text, by name.
    pub tells: Vec<String>,
    /// Versions of records brought and taken back, by the code of the unit whose they are.
    pub units: Vec<(String, i64, i64)>,
}

/// A line for readers: whose, which kind, what was done and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The unit's short name; of everybody where it is about no records.
    pub unit: String,
    /// The kind.
    pub kind: String,
    /// What was done.
    pub what: String,
    /// The reason that was given.
    pub reason: String,
}

/// Where a line stands: by the unit's place, the kind, the entry.
type Place<'a> = (usize, Option<&'a str>, u64);

/// The lines of all changes: units in the order of the decision, then what is about everybody; at most so many, and how many
/// there are more.
pub fn lines(changes: &[Change], sheet: &Sheet, lang: Lang, most: usize) -> (Vec<Line>, usize) {
    let say = |vi: &str, en: &str| if lang == Lang::Vi { vi.to_owned() } else { en.to_owned() };
    let mut all: Vec<(Place<'_>, Line)> = Vec::new();
    for change in changes {
        let kind = change.kind.as_deref();
        let line = |unit: String, moved: &str| Line {
            unit,
            kind: kind.map(|id| kind_name(id, lang)).unwrap_or_default(),
            what: format!("{}{moved} · {}", deed(change, lang), entry(change, lang)),
            reason: change.reason.clone().unwrap_or_default(),
        };
        for (code, brought, back) in &change.units {
            let (place, name) = match sheet.unit(code) {
                Some((place, unit)) => (place, unit.short.get(lang).to_owned()),
                None => (usize::MAX - 1, code.clone()),
            };
            let shown = |number: i64| match kind {
                Some(kind) => count(kind, number, Reader::Public, lang),
                None => integer(number, lang),
            };
            let mut moved = Vec::new();
            if *brought > 0 {
                moved.push(format!("+{}", shown(*brought)));
            }
            if *back > 0 {
                moved.push(format!("−{}", shown(*back)));
            }
            let moved = format!(" ({} {})", moved.join(", "), say("bản ghi", "records"));
            all.push(((place, kind, change.entry), line(name, &moved)));
        }
        if change.units.is_empty() {
            all.push(((usize::MAX, kind, change.entry), line(say("Cả cụm", "Whole cluster"), "")));
        }
    }
    all.sort_by_key(|(place, _)| *place);
    let more = all.len().saturating_sub(most);
    (all.into_iter().take(most).map(|(_, line)| line).collect(), more)
}

fn entry(change: &Change, lang: Lang) -> String {
    let on = day_shown(&change.on, lang);
    match lang {
        Lang::Vi => format!("mục {}, {on}", change.entry),
        Lang::En => format!("entry {}, {on}", change.entry),
    }
}

/// What was done, in a few words.
fn deed(change: &Change, lang: Lang) -> String {
    let vi = lang == Lang::Vi;
    let file = change.file.as_deref().unwrap_or_default();
    match change.deed.as_str() {
        "upload" if vi => format!("nạp “{file}”"),
        "upload" => format!("“{file}” loaded"),
        "withdraw" if vi => "rút bản ghi".to_owned(),
        "withdraw" => "records withdrawn".to_owned(),
        "undo" => match (change.of, vi) {
            (Some(of), true) => format!("lấy lại mục {of}"),
            (Some(of), false) => format!("entry {of} taken back"),
            (None, true) => "lấy lại".to_owned(),
            (None, false) => "taken back".to_owned(),
        },
        "transfer" if vi => "đổi đơn vị cung cấp".to_owned(),
        "transfer" => "another supplier".to_owned(),
        "text" => {
            let tells = if change.tells.is_empty() {
                String::new()
            } else {
                format!(": {}", change.tells.join(", "))
            };
            if vi { format!("đổi {file}{tells}") } else { format!("{file} changed{tells}") }
        }
        "erase" if vi => "xoá giá trị cá nhân".to_owned(),
        "erase" => "personal values erased".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::text::Text;

    use super::*;
    use crate::sheet::Unit;

    #[test]
    fn units_stand_in_the_order_of_the_decision_and_small_numbers_are_not_told() {
        let unit = |code: &str| Unit { code: code.into(), short: Text::same(code), ..Unit::default() };
        let sheet = Sheet { units: vec![unit("Z"), unit("A")], ..Sheet::default() };
        let change = |entry, deed: &str, units: &[(&str, i64, i64)]| Change {
            entry,
            on: "2020-07-01".into(),
            deed: deed.into(),
            kind: (deed != "text").then(|| "dossier".into()),
            file: Some("hồ sơ.xlsx".into()),
            reason: (deed == "upload").then(|| "sửa giờ".into()),
            units: units.iter().map(|(code, more, less)| ((*code).into(), *more, *less)).collect(),
            ..Change::default()
        };
        let changes = [
            change(3, "text", &[]),
            change(4, "upload", &[("A", 5, 2), ("Z", 1200, 0)]),
            change(5, "withdraw", &[("Z", 0, 3)]),
        ];
        let (lines, more) = lines(&changes, &sheet, Lang::Vi, 3);
        let said: Vec<String> = lines.iter().map(|line| format!("{}: {}", line.unit, line.what)).collect();
        assert_eq!(
            said,
            [
                "Z: nạp “hồ sơ.xlsx” (+1.200 bản ghi) · mục 4, 01/07/2020",
                "Z: rút bản ghi (−3 bản ghi) · mục 5, 01/07/2020",
                "A: nạp “hồ sơ.xlsx” (+5, −dưới 3 bản ghi) · mục 4, 01/07/2020",
            ]
        );
        assert_eq!((more, lines[0].reason.as_str(), lines[0].kind.as_str()), (1, "sửa giờ", "Hồ sơ TTHC"));
    }
}
