//! Figures (*số liệu*), grades (*mức bằng chứng*) and verdicts (*kết quả đánh giá*).

use giaouoc_worktime::time::Day;

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

/// What was tallied on the way to an [`Amount`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
