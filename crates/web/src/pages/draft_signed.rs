//! How a draft's signing stands: the ceremony, who signed as what, what was certified, what keeps it from coming into force.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::Sort;
use giaouoc_year::signing::{Ceremony, NotYet, Signature, Signed, signed};
use serde::{Deserialize, Serialize};

use super::draft::Held;
use crate::when;

/// Scans and mandates are kept as evidence of this.
pub const KIND: &str = "agreement";

/// That a scan was held against the text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Certificate {
    /// The key of the signature.
    pub signature: i64,
    /// The digest as it stood on the scan.
    pub short: String,
}

/// The digest as it stands on every sheet: its first 16 digits in fours.
pub fn short(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().take(16).collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A unit, its signature with key and number, how it stands.
pub(crate) type UnitSigned = (String, Option<(i64, i64, Signature)>, Signed);

impl Held {
    /// The ceremony as it was held.
    pub fn ceremony(&self) -> Option<Ceremony> {
        self.draft.ceremony.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// Units that are to sign later.
    pub fn later(&self) -> Vec<String> {
        self.draft.later.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// How each unit stands to the signing, in the order of the decision.
    pub fn signatures(&self) -> Vec<UnitSigned> {
        let certified: BTreeSet<i64> =
            self.bodies::<Certificate>(Sort::Certificate).map(|(_, one)| one.signature).collect();
        let mut own: BTreeMap<String, (i64, i64, Signature)> = self
            .bodies::<Signature>(Sort::Signature)
            .map(|(part, signature)| (part.unit.clone(), (part.id, part.rev, signature)))
            .collect();
        let day = self.ceremony().map(|ceremony| ceremony.day);
        let units = self.paper().map(|paper| &paper.units[..]).unwrap_or_default();
        units
            .iter()
            .map(|unit| {
                let found = own.remove(&unit.code);
                let sure = found.as_ref().is_some_and(|(id, _, _)| certified.contains(id));
                let standing = signed(found.as_ref().map(|(_, _, one)| one), sure, day.as_deref());
                (unit.code.clone(), found, standing)
            })
            .collect()
    }
}

/// How somebody signed, in a line: mark, name, capacity, day.
pub(crate) fn signature_line(signature: &Signature, lang: Lang) -> String {
    let day = when::day_shown(&signature.day, lang);
    match signature.capacity {
        None => match lang {
            Lang::Vi => format!("Không ký, trả lời ngày {day}: {}", signature.refused),
            Lang::En => format!("Does not sign, said on {day}: {}", signature.refused),
        },
        Some(capacity) => {
            let words = capacity.words();
            let mark =
                if capacity.mark().is_empty() { String::new() } else { format!("{} ", capacity.mark()) };
            match lang {
                Lang::Vi => format!("{mark}{} ({}), ngày {day}", signature.name, words.vi),
                Lang::En => format!("{mark}{} ({}), on {day}", signature.name, words.en),
            }
        }
    }
}

/// “Ký tháng 3, tính từ tháng 1”, where it is so.
pub(crate) fn counts_before(counts_from: Option<&str>, signed: &str, lang: Lang) -> Option<String> {
    let from = counts_from.filter(|from| *from < signed)?;
    let (from, on) = (when::day_shown(from, lang), when::day_shown(signed, lang));
    Some(match lang {
        Lang::Vi => format!("Ký ngày {on}, số liệu tính từ ngày {from}."),
        Lang::En => format!("Signed on {on}; figures count from {from}."),
    })
}

pub(crate) fn not_yet_words(one: &NotYet, held: &Held, lang: Lang) -> String {
    let names =
        |units: &[String]| units.iter().map(|unit| held.short(unit, lang)).collect::<Vec<_>>().join(", ");
    let text = match one {
        NotYet::NoCeremony => Text::new("Chưa ghi lễ ký.", "The ceremony is not recorded."),
        NotYet::Nobody => Text::new("Chưa đơn vị nào ký.", "No unit has signed."),
        NotYet::Missing(units) => Text::new(
            format!("Chưa ký, chưa trả lời và chưa ghi là ký sau: {}.", names(units)),
            format!("Neither signed nor refused, and not marked as signing later: {}.", names(units)),
        ),
        NotYet::Waiting(units) => Text::new(
            format!("Bản quét chờ đối chiếu: {}.", names(units)),
            format!("Scans to be certified: {}.", names(units)),
        ),
    };
    text.get(lang).to_owned()
}
