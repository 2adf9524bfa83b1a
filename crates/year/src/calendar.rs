//! Anniversaries of a year (`data/anniversaries.toml`), to which plans and achievements can be tied.

use std::sync::LazyLock;

use giaouoc_agreement::text::Text;
use giaouoc_worktime::Day;
use serde::Deserialize;

/// A day that comes again every year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anniversary {
    /// Its id.
    pub id: String,
    /// Its month, 1 to 12.
    pub month: u32,
    /// Its day of the month.
    pub day: u32,
    /// The year of what it remembers.
    pub since: i32,
    /// Its name.
    pub name: Text,
    /// Where this is written.
    pub source: String,
    /// Whether the source was not read itself.
    #[serde(default)]
    pub unverified: bool,
}

impl Anniversary {
    /// Its name with the number of years where it is a round one: `… (75 năm)`.
    pub fn in_year(&self, year: i32) -> Text {
        match year - self.since {
            years if years > 0 && years % 5 == 0 => Text::new(
                format!("{} ({years} năm)", self.name.vi),
                format!("{} ({years} years)", self.name.en),
            ),
            _ => self.name.clone(),
        }
    }

    /// The day of a year.
    pub fn on(&self, year: i32) -> Option<Day> {
        Day::from_ymd(year, self.month, self.day).ok()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: u32,
    #[serde(rename = "revision")]
    _revision: toml::value::Datetime,
    day: Vec<Anniversary>,
}

static DAYS: LazyLock<Vec<Anniversary>> = LazyLock::new(|| {
    let read = toml::from_str::<File>(include_str!("../../../data/anniversaries.toml"));
    read.map(|file| file.day).unwrap_or_default()
});

/// All of them, in the order of the year.
pub fn anniversaries() -> &'static [Anniversary] {
    &DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_in_order() {
        toml::from_str::<File>(include_str!("../../../data/anniversaries.toml")).unwrap();
        let days: Vec<_> = anniversaries().iter().map(|day| day.on(2020).unwrap()).collect();
        assert!(days.is_sorted());
        let capital = anniversaries().iter().find(|day| day.id == "thu-do").unwrap();
        assert!(capital.in_year(2024).vi.ends_with("(70 năm)"));
        assert_eq!(capital.in_year(2020), capital.name);
    }
}
