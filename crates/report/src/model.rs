//! What a report is made of: the judged scoreboard as it is, and beside it what only the caller can know: the words
//! of the agreement, months, groups, days, files. Texts are in the report's language; figures are exact.

use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::period::Period;
use giaouoc_agreement::scoreboard::{Scoreboard, State};
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::Day;

use crate::public::Small;

/// Everything on a report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The language of the report.
    pub lang: Lang,
    /// The figures and verdicts.
    pub board: Scoreboard,
    /// The agreement's theme, when it has one.
    pub theme: Option<String>,
    /// Up to which entry of the journal the figures know, in words; nothing without a journal.
    pub known: Option<String>,
    /// What is said of the figures while the agreement is not in force; nothing once it is.
    pub by_draft: Option<String>,
    /// What a reader of the whole must know: remarks of the agreement, rejected rows, open questions.
    pub remarks: Vec<String>,
    /// For each target of the board, what only the agreement and the records say.
    pub details: Vec<Detail>,
    /// The named conditions that the targets use.
    pub definitions: Vec<Definition>,
    /// The kinds of records that the targets are about.
    pub kinds: Vec<KindLine>,
    /// The calendars that figures were measured by.
    pub calendars: Vec<CalendarLine>,
    /// The record files.
    pub files: Vec<FileLine>,
    /// Records by unit and month, for each kind with dates.
    pub coverage: Vec<Coverage>,
    /// Name and version of the program.
    pub program: String,
    /// Whether it is one page or many.
    pub links: Links,
    /// What small numbers are, where everybody reads it; nothing where those inside do.
    pub small: Option<Small>,
}

/// How the parts of a report point at each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// All of it is one page.
    #[default]
    Anchors,
    /// Each target, each unit and each figure is a page of its own beside the scoreboard's: `target-ID`, `unit-CODE`,
    /// `figure-ID~CODE`, and `figure-ID~all` for all units together.
    Pages,
}

impl Report {
    /// Where the target at a place of the board is.
    pub fn to_target(&self, at: usize) -> String {
        match (self.links, self.board.targets.get(at)) {
            (Links::Pages, Some(line)) => format!("target-{}", line.target),
            _ => format!("#t{}", at + 1),
        }
    }

    /// Where the figure of a target and a unit is, or of a target and all units together; nowhere on one page.
    pub fn to_figure(&self, at: usize, unit: Option<usize>) -> String {
        let code = unit.map_or(Some("all"), |unit| self.board.units.get(unit).map(|unit| unit.code.as_str()));
        match (self.links, self.board.targets.get(at), code) {
            (Links::Pages, Some(line), Some(code)) => format!("figure-{}~{code}", line.target),
            _ => String::new(),
        }
    }

    /// Where the unit at a place of the board is.
    pub fn to_unit(&self, at: usize) -> String {
        match (self.links, self.board.units.get(at)) {
            (Links::Pages, Some(unit)) => format!("unit-{}", unit.code),
            _ => format!("#u{}", at + 1),
        }
    }
}

/// What is said of a target beside its figures.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// The words of its clause.
    pub clause: Option<String>,
    /// Who is judged by it.
    pub judged: String,
    /// A remark of the agreement.
    pub note: Option<String>,
    /// How it is computed; one for each version in force within the period.
    pub rules: Vec<RuleText>,
    /// The number of worked examples that were computed and came out right.
    pub examples: usize,
    /// The figures by month; nothing where the figure is none of a month (a stock, a year's count).
    pub months: Option<Months>,
    /// The records by the values of a column.
    pub groups: Vec<Groups>,
    /// On which days the counted records were finished.
    pub days: Option<Days>,
    /// How much of the time allowed was used.
    pub terms: Option<Terms>,
    /// Units compared with their numbers of cases.
    pub comparison: Option<Comparison>,
}

/// How a target is computed.
#[derive(Clone, Debug, Default)]
pub struct RuleText {
    /// The stretch of the period it rules, where there are several.
    pub period: Option<String>,
    /// The goal in that stretch.
    pub goal: String,
    /// The rule in plain words, with what happens to records that cannot be decided.
    pub words: String,
    /// The rule exactly as the agreement has it: the field's name, and its text.
    pub exact: Vec<(String, String)>,
    /// The definitions it names: name and text.
    pub definitions: Vec<(String, String)>,
}

/// Figures by month.
#[derive(Clone, Debug)]
pub struct Months {
    /// The months, in order of time, cut to the period.
    pub parts: Vec<Period>,
    /// For each row of the board, a cell for each month; nothing where the target does not apply.
    pub units: Vec<Option<Vec<MonthCell>>>,
    /// All units together, from records only.
    pub all: Vec<MonthCell>,
}

/// A unit's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthCell {
    /// Whether there is a figure, else why not.
    pub state: State,
    /// The figure.
    pub amount: Option<Amount>,
    /// Whether there is one that is left out.
    pub left: Left,
}

/// Whether a figure is left out where everybody reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Left {
    /// It is not.
    #[default]
    No,
    /// It is of few records about persons.
    Small,
    /// It is left out with one that is: else that one would come out as what is missing from a sum.
    Along,
}

/// Records by the values of a column.
#[derive(Clone, Debug)]
pub struct Groups {
    /// What the column is.
    pub label: String,
    /// The groups, greatest first.
    pub rows: Vec<Group>,
    /// Records that say nothing there.
    pub unknown: Group,
}

/// The records of one group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The value, as people read it.
    pub name: String,
    /// Its code, where the name is another's word for it.
    pub code: Option<String>,
    /// Records counted.
    pub counted: i64,
    /// Of these, records that meet the target; nothing where the measure is no share.
    pub met: Option<i64>,
}

/// Records by the day on which they were finished.
#[derive(Clone, Debug)]
pub struct Days {
    /// What the day is: the label of the column.
    pub label: String,
    /// Days with records, in order of time, with the number of records.
    pub days: Vec<(Day, i64)>,
    /// Where small numbers are not shown: a day with so many records or fewer says no number, and each stands as so many.
    pub few: Option<i64>,
}

/// Terms used against terms allowed.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How both are counted: "working days".
    pub unit: String,
    /// Term allowed, term used, records; in order.
    pub pairs: Vec<(i64, i64, i64)>,
    /// Records counted whose term allowed or used is unknown.
    pub unknown: i64,
    /// How many terms allowed were left out, because few records have them.
    pub left: usize,
}

/// Units compared with their numbers of cases.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// For each row of the board, the interval of its share in ten-thousandths.
    pub intervals: Vec<Option<(i64, i64)>>,
    /// Which units cannot be told apart, and what else the numbers do not carry: a sentence for each.
    pub sentences: Vec<String>,
    /// What each rival definition turns, in sentences.
    pub lenses: Vec<String>,
}

/// A named condition.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub id: String,
    /// The kind it speaks of.
    pub kind: String,
    /// Its words, exactly.
    pub text: String,
    /// The first day of this version.
    pub from: Option<Day>,
    /// The law it stands on.
    pub legal: Option<String>,
}

/// A kind of record.
#[derive(Clone, Debug)]
pub struct KindLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What one record is.
    pub meaning: String,
    /// SHA-256 of its definition.
    pub digest: String,
}

/// A calendar.
#[derive(Clone, Debug)]
pub struct CalendarLine {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its days.
    pub digest: String,
}

/// What became of one record file's rows.
#[derive(Clone, Debug)]
pub struct FileLine {
    /// Its path in the bundle, or `journal`.
    pub path: String,
    /// The kind's id.
    pub kind: String,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows that are no records.
    pub skipped: u64,
}

/// Counted records of a target by unit: what the figures of a kind cover.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The kind's id.
    pub kind: String,
    /// The kind's name.
    pub name: String,
    /// For each row of the board, records seen and the day of the latest one.
    pub units: Vec<Option<(i64, Option<Day>)>>,
}
