//! The signing of a frozen agreement: who signed in which capacity, what the secretary certifies, when it comes into force.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// In which capacity somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// The head of the unit.
    Head,
    /// A deputy head, for the head: *KT.* (ký thay).
    Deputy,
    /// A delegate with a written mandate: *TUQ.* (thừa uỷ quyền). Decree 30/2020/NĐ-CP, Article 13.
    Delegate,
}

impl Capacity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Head, Self::Deputy, Self::Delegate];

    /// Its stable name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Deputy => "deputy",
            Self::Delegate => "delegate",
        }
    }

    /// The one of a name.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.word() == word)
    }

    /// What stands before the name on paper.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Head => "",
            Self::Deputy => "KT.",
            Self::Delegate => "TUQ.",
        }
    }

    /// In words.
    pub fn words(self) -> Text {
        match self {
            Self::Head => Text::new("thủ trưởng đơn vị", "head of the unit"),
            Self::Deputy => Text::new("cấp phó ký thay (KT.)", "deputy, for the head (KT.)"),
            Self::Delegate => Text::new("thừa uỷ quyền (TUQ.)", "delegate with a mandate (TUQ.)"),
        }
    }
}

/// A file that was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its size.
    pub bytes: i64,
}

/// How a unit signed, or that it did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed: name and office, as on paper. Blank where nobody did.
    #[serde(default)]
    pub name: String,
    /// In which capacity; none: the unit did not sign.
    pub capacity: Option<Capacity>,
    /// The day of signing, or of saying no.
    pub day: String,
    /// Why the unit did not sign.
    #[serde(default)]
    pub refused: String,
    /// The scan of the sheet that was signed.
    pub scan: Option<Scan>,
    /// The written mandate of a delegate.
    pub mandate: Option<Scan>,
    /// The digest of the text that was signed, as it stands on the sheet.
    pub digest: String,
}

impl Signature {
    /// What is wrong with it before it is written down. `frozen` is the day of freezing, `today` the last day it may name,
    /// `digest` that of the frozen text.
    pub fn wrong(&self, frozen: &str, today: &str, digest: &str) -> Option<Text> {
        let said = |vi: &str, en: &str| Some(Text::new(vi, en));
        if self.day.as_str() < frozen || self.day.as_str() > today {
            return said(
                "Ngày ký không thể trước ngày chốt văn bản, cũng không sau hôm nay.",
                "The day of signing lies neither before the text was frozen nor after today.",
            );
        }
        let Some(capacity) = self.capacity else {
            return match self.refused.trim() {
                "" => said(
                    "Đơn vị không ký thì cần ghi lý do.",
                    "Where a unit does not sign, the reason is needed.",
                ),
                _ => None,
            };
        };
        if self.name.trim().is_empty() {
            return said("Hãy ghi họ tên, chức vụ người ký.", "Write the name and office of whoever signed.");
        }
        if self.scan.is_none() {
            return said(
                "Cần bản quét trang đã ký (PDF hoặc ảnh).",
                "The scan of the signed sheet is needed (PDF or picture).",
            );
        }
        if capacity == Capacity::Delegate && self.mandate.is_none() {
            return said(
                "Ký thừa uỷ quyền (TUQ.) thì cần giấy uỷ quyền kèm theo.",
                "A delegate (TUQ.) needs the written mandate with it.",
            );
        }
        if self.digest != digest {
            return said(
                "Văn bản đã chốt không còn là bản mà trang này đang giữ; hãy tải lại trang.",
                "The frozen text is no longer the one this page had; load the page again.",
            );
        }
        None
    }
}

/// How a unit stands to the signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signed {
    /// Nothing came yet.
    Not,
    /// A scan waits for the secretary's look.
    Waiting,
    /// Signed, and the scan was certified against the digest.
    Yes,
    /// Signed and certified after the day of the ceremony.
    Late,
    /// It does not sign, and said why.
    Refused,
}

impl Signed {
    /// In words.
    pub fn words(self) -> Text {
        match self {
            Self::Not => Text::new("chưa ký", "not signed"),
            Self::Waiting => Text::new("đã ký, chờ đối chiếu bản quét", "signed, the scan is to be checked"),
            Self::Yes => Text::new("đã ký", "signed"),
            Self::Late => Text::new("ký sau", "signed later"),
            Self::Refused => Text::new("không ký", "does not sign"),
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Not => "…",
            Self::Waiting => "?",
            Self::Yes | Self::Late => "✓",
            Self::Refused => "–",
        }
    }
}

/// How a unit stands to the signing; `certified` is whether the secretary has held the scan against the text.
pub fn signed(signature: Option<&Signature>, certified: bool, ceremony: Option<&str>) -> Signed {
    match signature {
        None => Signed::Not,
        Some(one) if one.capacity.is_none() => Signed::Refused,
        Some(_) if !certified => Signed::Waiting,
        Some(one) if ceremony.is_some_and(|day| one.day.as_str() > day) => Signed::Late,
        Some(_) => Signed::Yes,
    }
}

/// The ceremony as it was held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// Its day.
    pub day: String,
    /// Where.
    #[serde(default)]
    pub place: String,
    /// Who of the city's board was present, with the office.
    #[serde(default)]
    pub board: String,
}

/// Why a frozen text cannot come into force yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// The ceremony was not recorded.
    NoCeremony,
    /// Nobody has signed.
    Nobody,
    /// These units have neither signed nor said why not, and are not marked as signing later.
    Missing(Vec<String>),
    /// Scans of these units wait for the secretary's look.
    Waiting(Vec<String>),
}

/// Whether a frozen text may come into force: the ceremony was held, at least one unit has signed, every scan that came was
/// held against the text, and every other unit has said that it does not sign, or is marked as signing later.
pub fn not_yet(
    standing: &BTreeMap<String, Signed>,
    later: &[String],
    ceremony: Option<&Ceremony>,
) -> Vec<NotYet> {
    let with = |wanted: Signed| -> Vec<String> {
        standing.iter().filter(|(_, signed)| **signed == wanted).map(|(unit, _)| unit.clone()).collect()
    };
    let mut all = Vec::new();
    if ceremony.is_none() {
        all.push(NotYet::NoCeremony);
    }
    let waiting = with(Signed::Waiting);
    if !waiting.is_empty() {
        all.push(NotYet::Waiting(waiting));
    }
    let missing: Vec<String> = with(Signed::Not).into_iter().filter(|unit| !later.contains(unit)).collect();
    if !missing.is_empty() {
        all.push(NotYet::Missing(missing));
    }
    if with(Signed::Yes).is_empty() && with(Signed::Late).is_empty() {
        all.push(NotYet::Nobody);
    }
    all
}

#[cfg(test)]
#[path = "signing_tests.rs"]
mod tests;
