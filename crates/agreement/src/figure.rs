//! Figures (*số liệu*), grades (*mức bằng chứng*) and verdicts (*kết quả đánh giá*).

mod show;

use giaouoc_worktime::time::Day;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

pub use self::show::{decimal_mark, grouped, integer};
use crate::text::Text;

/// What a rule yields for one subject and one stretch of time, before judging. Integers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// `met` of `of`; 0 of 0 is not a share.
    Share {
        /// Numerator.
        met: i64,
        /// Denominator.
        of: i64,
    },
    /// A count (also of different values).
    Count(i64),
    /// A sum.
    Sum(i128),
    /// A mean as sum and number of values; nothing when there are none.
    Mean {
        /// Sum of the values.
        sum: i128,
        /// Number of values.
        of: i64,
    },
    /// A percentile and the number of values it stands on; no value when there are none.
    Percentile {
        /// The value at the nearest rank.
        value: Option<i64>,
        /// Number of values.
        of: i64,
    },
}

impl Amount {
    /// The number of cases a figure stands on: the denominator of a share, the values of a mean or a
    /// percentile. A count or a sum is itself; `min_cases` does not apply to it.
    pub fn cases(&self) -> Option<i64> {
        match self {
            Self::Share { of, .. } | Self::Mean { of, .. } | Self::Percentile { of, .. } => Some(*of),
            Self::Count(_) | Self::Sum(_) => None,
        }
    }

    /// Whether there is a value at all: 0 of 0 is neither 0 % nor 100 %.
    pub fn has_value(&self) -> bool {
        match self {
            Self::Share { of, .. } | Self::Mean { of, .. } => *of > 0,
            Self::Percentile { value, .. } => value.is_some(),
            Self::Count(_) | Self::Sum(_) => true,
        }
    }
}

/// `{"measure": "share", "met": 19, "of": 20}`: integers only, so that nobody reads a rounded ratio.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Share { met, of } => {
                map.serialize_entry("measure", "share")?;
                map.serialize_entry("met", met)?;
                map.serialize_entry("of", of)?;
            }
            Self::Count(count) => {
                map.serialize_entry("measure", "count")?;
                map.serialize_entry("count", count)?;
            }
            Self::Sum(sum) => {
                map.serialize_entry("measure", "sum")?;
                map.serialize_entry("sum", sum)?;
            }
            Self::Mean { sum, of } => {
                map.serialize_entry("measure", "mean")?;
                map.serialize_entry("sum", sum)?;
                map.serialize_entry("of", of)?;
            }
            Self::Percentile { value, of } => {
                map.serialize_entry("measure", "percentile")?;
                map.serialize_entry("value", value)?;
                map.serialize_entry("of", of)?;
            }
        }
        map.end()
    }
}

/// What was tallied on the way to an [`Amount`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Records of the subject that the scan saw (of any time).
    pub seen: i64,
    /// Records counted.
    pub counted: i64,
    /// Records whose `counted` is unknown: not counted, and reported.
    pub counted_unknown: i64,
    /// Counted records whose `met` or `value` is unknown.
    pub met_unknown: i64,
    /// For each column of the rule that was unknown in such a record: column index of the kind, records.
    pub unknown_columns: Vec<(usize, i64)>,
    /// The latest day of the kind's date column among the records seen: how fresh the figure is.
    pub latest: Option<Day>,
}

/// What a figure rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Records.
    Records,
    /// Totals signed by the unit (report II.06 on paper).
    SignedTotals,
    /// Totals published by a third party.
    PublishedTotals,
    /// A number the unit merely states.
    Stated,
    /// A nil report.
    NilReport,
    /// Nothing.
    Nothing,
}

/// The outcome of judging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// *Đạt*.
    Met,
    /// *Chưa đạt*.
    NotMet,
    /// *Không phát sinh*: only after a confirmed nil report, or totals that say 0.
    NoCases,
    /// *Chưa có số liệu*.
    NoData,
    /// *Chưa đến hạn*.
    NotYetDue,
    /// *Miễn*.
    Exempt,
    /// *Không đánh giá*.
    NotJudged,
}

impl Grade {
    /// On screen.
    pub fn words(self) -> Text {
        match self {
            Self::Records => Text::new("bản ghi", "records"),
            Self::SignedTotals => Text::new("số tổng hợp đã ký", "signed totals"),
            Self::PublishedTotals => Text::new("số tổng hợp đã công bố", "published totals"),
            Self::Stated => Text::new("đơn vị tự nêu", "stated"),
            Self::NilReport => Text::new("báo cáo không phát sinh", "nil report"),
            Self::Nothing => Text::new("chưa có căn cứ", "nothing"),
        }
    }
}

impl Verdict {
    /// Its sign: read together with the word, never alone.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Met => "✓",
            Self::NotMet => "✗",
            Self::NoCases => "∅",
            Self::NoData => "?",
            Self::NotYetDue => "…",
            Self::Exempt => "–",
            Self::NotJudged => "○",
        }
    }

    /// On screen.
    pub fn words(self) -> Text {
        match self {
            Self::Met => Text::new("đạt", "met"),
            Self::NotMet => Text::new("chưa đạt", "not met"),
            Self::NoCases => Text::new("không phát sinh", "no cases"),
            Self::NoData => Text::new("chưa có số liệu", "no data"),
            Self::NotYetDue => Text::new("chưa đến hạn", "not yet due"),
            Self::Exempt => Text::new("miễn", "exempt"),
            Self::NotJudged => Text::new("không đánh giá", "not judged"),
        }
    }
}

#[cfg(test)]
#[path = "figure_tests.rs"]
mod tests;
