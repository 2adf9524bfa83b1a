//! The data files that say what a report shows: `data/rules/groups.toml`, `compare.toml` and `report.toml`.

use giaouoc_agreement::compare;
use giaouoc_agreement::scoreboard::GroupColumns;
use giaouoc_agreement::text::Text;
use serde::Deserialize;

use crate::fault::{Fault, Outcome};

const GROUPS: &str = include_str!("../../../../data/rules/groups.toml");
const COMPARE: &str = include_str!("../../../../data/rules/compare.toml");
const REPORT: &str = include_str!("../../../../data/rules/report.toml");

/// What is drawn of a kind's records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "format and revision are for people and for those who come later")]
pub struct Drawn {
    format: u32,
    revision: toml::value::Datetime,
    /// Days on which records ended.
    #[serde(default)]
    pub days: Vec<Days>,
    /// Time used against time allowed.
    #[serde(default)]
    pub terms: Vec<Terms>,
    /// Names of codes.
    #[serde(default)]
    pub names: Vec<Names>,
}

/// Days on which records of a kind ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of an entry are for people")]
pub struct Days {
    /// The kind's id.
    pub kind: String,
    /// The day.
    pub value: String,
    /// What it is.
    pub label: Text,
    dated: toml::value::Datetime,
    source: String,
}

/// Time used against time allowed, of records of a kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of an entry are for people")]
pub struct Terms {
    /// The kind's id.
    pub kind: String,
    /// The integer allowed.
    pub allowed: String,
    /// The integer used.
    pub used: String,
    /// What both count.
    pub unit: Text,
    dated: toml::value::Datetime,
    source: String,
}

/// A column whose codes are named by records of another kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of an entry are for people")]
pub struct Names {
    /// The kind's id.
    pub kind: String,
    /// The column.
    pub column: String,
    /// The kind whose keys the codes are.
    pub of: String,
    /// Its column with the name.
    pub name: String,
    dated: toml::value::Datetime,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of an entry are for people")]
struct Compared {
    format: u32,
    revision: toml::value::Datetime,
    z_thousandths: u32,
    source: String,
    few: i64,
    few_source: String,
}

fn broken(file: &str, error: &toml::de::Error) -> Fault {
    Fault::System(Text::new(
        format!("tệp quy tắc {file} đi kèm chương trình bị hỏng: {error}"),
        format!("the rules file {file} that comes with the program is broken: {error}"),
    ))
}

/// By which columns records are grouped.
pub fn groups() -> Outcome<GroupColumns> {
    let table: toml::Table = toml::from_str(GROUPS).map_err(|error| broken("groups.toml", &error))?;
    let columns = table.into_iter().filter_map(|(kind, columns)| {
        let columns = columns.as_array()?.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
        Some((kind, columns))
    });
    Ok(columns.collect())
}

/// How units are compared.
pub fn compared() -> Outcome<compare::Terms> {
    let file: Compared = toml::from_str(COMPARE).map_err(|error| broken("compare.toml", &error))?;
    Ok(compare::Terms { z_thousandths: file.z_thousandths, few: file.few })
}

/// What is drawn.
pub fn drawn() -> Outcome<Drawn> {
    toml::from_str(REPORT).map_err(|error| broken("report.toml", &error))
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::kinds;
    use giaouoc_agreement::lang::{Definitions, Setting, Wanted, value};

    use super::*;

    #[test]
    fn the_files_are_whole_and_name_what_there_is() {
        assert!(groups().unwrap().contains_key("dossier"));
        assert_eq!(compared().unwrap().z_thousandths, 1960);
        let drawn = drawn().unwrap();
        let definitions = Definitions::default();
        let all = drawn.days.iter().map(|days| (&days.kind, &days.value, Wanted::Distinct));
        let terms = drawn.terms.iter().flat_map(|terms| {
            [(&terms.kind, &terms.allowed, Wanted::Integer), (&terms.kind, &terms.used, Wanted::Integer)]
        });
        for (kind, text, wanted) in all.chain(terms) {
            let kind = kinds::find(kind).unwrap();
            let setting = Setting { kind, definitions: &definitions, working_days: true };
            assert!(value(text, wanted, &setting).is_ok(), "{text}");
        }
        for names in &drawn.names {
            assert!(kinds::find(&names.kind).unwrap().column(&names.column).is_some());
            assert!(kinds::find(&names.of).unwrap().column(&names.name).is_some());
        }
    }
}
