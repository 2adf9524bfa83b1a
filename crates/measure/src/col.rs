//! What a register holds: one value a row, which rows are unknown, and which rows failed.
//!
//! A failed row is one whose value could not be computed (a day outside the calendar, an integer beyond 64
//! bits). Failing alone is no error: as in the row evaluator it becomes one only if a rule needs the value.

use std::collections::BTreeMap;
use std::rc::Rc;

use arrow::array::{Array, StringArray};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::ArrowNativeType;
use giaouoc_worktime::Rows;

use crate::bits::{Bits, either};
use crate::error::Cause;

/// Numbers of many rows.
#[derive(Clone, Debug)]
pub(crate) enum Run<T: ArrowNativeType> {
    /// The same in every row.
    Same(T),
    /// As the batch has them.
    Shared(ScalarBuffer<T>),
    /// Computed.
    Own(Rc<Vec<T>>),
}

impl<T: ArrowNativeType> Run<T> {
    pub(crate) fn view(&self) -> Rows<'_, T> {
        match self {
            Self::Same(value) => Rows::All(*value),
            Self::Shared(values) => Rows::Each(values),
            Self::Own(values) => Rows::Each(values),
        }
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> T {
        match self {
            Self::Same(value) => *value,
            Self::Shared(values) => values[row],
            Self::Own(values) => values[row],
        }
    }
}

impl<T: ArrowNativeType> From<Vec<T>> for Run<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Own(Rc::new(values))
    }
}

/// Instants, some of which may be bare days.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    /// µs since 1970 UTC; for a bare day anything.
    pub at: Run<i64>,
    /// The rows of which only the day is known, if any.
    pub bare: Option<Rc<Bare>>,
}

/// Moments of which only the day is known.
#[derive(Debug)]
pub(crate) struct Bare {
    /// Which rows.
    pub rows: Bits,
    /// Days since 1970 in those rows.
    pub days: Run<i32>,
}

/// Texts of many rows.
#[derive(Clone, Debug)]
pub(crate) enum Texts {
    /// The same in every row.
    Same(Rc<str>),
    /// Positions in a list of values. Positions of unknown rows may point anywhere.
    Listed {
        /// Position in `values`.
        keys: ScalarBuffer<i32>,
        /// The values.
        values: StringArray,
    },
    /// One by one.
    Plain(StringArray),
}

impl Texts {
    /// The text of a row; empty where unknown.
    pub(crate) fn get(&self, row: usize) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Listed { keys, values } => {
                let key = usize::try_from(keys[row]).unwrap_or(usize::MAX);
                if key < values.len() { values.value(key) } else { "" }
            }
            Self::Plain(values) => values.value(row),
        }
    }
}

/// Pauses of many rows, laid out like an Arrow list. An open pause ends at `i64::MAX`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pauses {
    pub offsets: Vec<i32>,
    pub from: Vec<i64>,
    pub to: Vec<i64>,
}

/// The values of a register.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Flag(Bits),
    /// Integers, and durations in µs.
    Integer(Run<i64>),
    /// Days since 1970.
    Day(Run<i32>),
    Moment(Moments),
    Text(Texts),
    Intervals(Rc<Pauses>),
    /// Only how many there are: no condition asks for more.
    Changes(Run<i64>),
}

/// Rows whose value could not be computed.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    pub rows: Bits,
    causes: Rc<BTreeMap<usize, Cause>>,
}

impl Failed {
    /// From rows and what happened in each; nothing when there are none.
    pub(crate) fn new(len: usize, causes: BTreeMap<usize, Cause>) -> Option<Self> {
        if causes.is_empty() {
            return None;
        }
        let mut rows = Bits::none(len);
        for row in causes.keys() {
            rows.put(*row, true);
        }
        Some(Self { rows, causes: Rc::new(causes) })
    }

    /// The cause in the first of the rows that failed.
    pub(crate) fn first(&self) -> Option<&Cause> {
        self.rows.rows().next().and_then(|row| self.causes.get(&row))
    }

    /// Those of the rows that are also in a set; nothing when there are none.
    pub(crate) fn within(&self, rows: &Bits) -> Option<Self> {
        let rows = self.rows.clone().and(rows).some()?;
        Some(Self { rows, causes: Rc::clone(&self.causes) })
    }

    /// Both; where both failed, the first cause stands.
    pub(crate) fn both(a: Option<&Self>, b: Option<&Self>) -> Option<Self> {
        match (a, b) {
            (None, None) => None,
            (Some(failed), None) | (None, Some(failed)) => Some(failed.clone()),
            (Some(a), Some(b)) => {
                let mut causes = BTreeMap::new();
                for failed in [b, a] {
                    for row in failed.rows.rows() {
                        if let Some(cause) = failed.causes.get(&row) {
                            causes.insert(row, cause.clone());
                        }
                    }
                }
                Some(Self { rows: a.rows.clone().or(&b.rows), causes: Rc::new(causes) })
            }
        }
    }
}

/// A register's content.
#[derive(Clone, Debug)]
pub(crate) struct Col {
    pub data: Data,
    /// Rows without a known value; what `data` holds there means nothing.
    pub unknown: Option<Bits>,
    /// Rows that failed; what `data` and `unknown` say there means nothing.
    pub failed: Option<Failed>,
}

impl Col {
    /// Every row known.
    pub(crate) fn known(data: Data) -> Self {
        Self { data, unknown: None, failed: None }
    }

    /// A result that is unknown, and fails, wherever one of its operands does.
    pub(crate) fn strict(data: Data, operands: &[&Self]) -> Self {
        let mut result = Self::known(data);
        for operand in operands {
            result.unknown = either(result.unknown.as_ref(), operand.unknown.as_ref());
            result.failed = Failed::both(result.failed.as_ref(), operand.failed.as_ref());
        }
        result
    }

    /// Unknown in these rows too.
    pub(crate) fn hide(mut self, rows: Option<&Bits>) -> Self {
        self.unknown = either(self.unknown.as_ref(), rows);
        self
    }

    /// Failed in these rows too.
    pub(crate) fn fail(mut self, failed: Option<Failed>) -> Self {
        self.failed = Failed::both(self.failed.as_ref(), failed.as_ref());
        self
    }

    /// Whether the row is unknown.
    pub(crate) fn is_unknown(&self, row: usize) -> bool {
        self.unknown.as_ref().is_some_and(|unknown| unknown.get(row))
    }
}
