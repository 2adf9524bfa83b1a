//! Columns of a batch as questions read them: moments in both of their forms, units and texts.

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use giaouoc_agreement::text::Text;
use giaouoc_worktime::time::{Day, Instant, Moment};
use giaouoc_worktime::zone::Zone;

/// A column of dates or moments; one that the batch has not is unknown throughout.
#[derive(Debug, Default)]
pub struct Moments {
    instants: Option<TimestampMicrosecondArray>,
    days: Option<Date32Array>,
}

impl Moments {
    /// The column `id` of a batch.
    pub fn of(batch: &RecordBatch, id: &str) -> Self {
        let held = batch.column_by_name(id);
        let instants = held.and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>()).cloned();
        let bare = held.and_then(|array| array.as_primitive_opt::<Date32Type>()).cloned();
        let companion = || {
            let days =
                batch.column_by_name(&giaouoc_measure::companion(id))?.as_primitive_opt::<Date32Type>()?;
            // Most files know every time of day: then nothing is looked at row by row.
            (days.null_count() < days.len()).then(|| days.clone())
        };
        Self { instants, days: bare.or_else(companion) }
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> Option<Moment> {
        if let Some(instants) = &self.instants
            && instants.is_valid(row)
        {
            return Some(Moment::Instant(Instant(instants.value(row))));
        }
        let days = self.days.as_ref().filter(|days| days.is_valid(row))?;
        Some(Moment::Day(Day(days.value(row))))
    }
}

/// A column of integers; one that the batch has not is unknown throughout.
#[derive(Debug, Default)]
pub struct Numbers(Option<Int64Array>);

impl Numbers {
    /// The column `id` of a batch.
    pub fn of(batch: &RecordBatch, id: &str) -> Self {
        let held = batch.column_by_name(id).and_then(|array| cast(array, &DataType::Int64).ok());
        Self(held.and_then(|array| array.as_primitive_opt::<Int64Type>().cloned()))
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> Option<i64> {
        self.0.as_ref().filter(|held| held.is_valid(row)).map(|held| held.value(row))
    }
}

/// The local day of a moment.
pub fn day(moment: Moment, zone: &Zone) -> Day {
    match moment {
        Moment::Day(day) => day,
        Moment::Instant(at) => zone.day_of(at),
    }
}

/// A moment as people of a zone write it.
pub fn shown(moment: Moment, zone: &Zone) -> String {
    told(moment, zone).vi
}

/// A moment in both languages: the day as `dd/mm/yyyy` in Vietnamese, as `yyyy-mm-dd` in English.
pub fn told(moment: Moment, zone: &Zone) -> Text {
    let (on, time) = match moment {
        Moment::Day(day) => (day, String::new()),
        Moment::Instant(at) => {
            let seconds = zone.local_time_of_day(at);
            (zone.day_of(at), format!(" {:02}:{:02}", seconds / 3600, seconds / 60 % 60))
        }
    };
    Text::new(format!("{}{time}", on.dmy()), format!("{on}{time}"))
}

/// A column of texts or codes.
#[derive(Debug)]
pub enum Texts {
    /// The batch has no such column.
    Absent,
    /// One text a row.
    Plain(StringArray),
    /// A list of values, and which one each row has.
    Listed {
        /// The values.
        values: StringArray,
        /// For each row the place of its value.
        keys: arrow::array::PrimitiveArray<Int32Type>,
    },
}

impl Texts {
    /// The column `id` of a batch.
    pub fn of(batch: &RecordBatch, id: &str) -> Self {
        batch.column_by_name(id).map_or(Self::Absent, Self::new)
    }

    fn new(array: &ArrayRef) -> Self {
        let plain = |array: &dyn Array| -> Option<StringArray> {
            Some(cast(array, &DataType::Utf8).ok()?.as_string::<i32>().clone())
        };
        if let Some(listed) = array.as_dictionary_opt::<Int32Type>()
            && let Some(values) = plain(listed.values().as_ref())
        {
            return Self::Listed { values, keys: listed.keys().clone() };
        }
        plain(array.as_ref()).map_or(Self::Absent, Self::Plain)
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Plain(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::Listed { values, keys } => {
                let at = keys.is_valid(row).then(|| usize::try_from(keys.value(row)).ok()).flatten()?;
                values.is_valid(at).then(|| values.value(at))
            }
        }
    }
}

/// Something looked up for the texts of a column: once a value where the column lists its values, and once a run
/// of equal texts where it does not.
#[derive(Debug)]
pub struct Mapped<'a, T> {
    texts: &'a Texts,
    listed: Vec<Option<T>>,
    last: Option<(String, T)>,
}

impl<'a, T: Copy> Mapped<'a, T> {
    /// For a column.
    pub fn new(texts: &'a Texts) -> Self {
        let listed = match texts {
            Texts::Listed { values, .. } => vec![None; values.len()],
            _ => Vec::new(),
        };
        Self { texts, listed, last: None }
    }

    /// What `find` makes of the text of a row; nothing where it is unknown.
    pub fn get(&mut self, row: usize, find: &mut dyn FnMut(&str) -> T) -> Option<T> {
        let text = self.texts.get(row)?;
        if let Texts::Listed { keys, .. } = self.texts {
            let at = usize::try_from(keys.value(row)).ok()?;
            let held = self.listed.get_mut(at)?;
            return Some(*held.get_or_insert_with(|| find(text)));
        }
        if let Some((known, value)) = &self.last
            && known == text
        {
            return Some(*value);
        }
        let value = find(text);
        self.last = Some((text.to_owned(), value));
        Some(value)
    }
}
