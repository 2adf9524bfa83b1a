//! A target opened down to what each of its figures rests on, as `giaouoc explain` says it: kept with the sheet, so that a
//! figure's page scans nothing.

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// What is said of a target on the page of each of its figures, and the figures themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The words of its clause.
    pub clause: Option<Text>,
    /// The law it stands on.
    pub legal: Option<Text>,
    /// A remark of the agreement.
    pub note: Option<Text>,
    /// Who is judged by it.
    pub judged: Text,
    /// The period.
    pub period: Text,
    /// The day whose end the figures show.
    pub as_of: Text,
    /// Up to which entry of the journal the figures know, in words.
    pub known: Option<Text>,
    /// How it is computed, for each version in force within the period.
    pub rules: Vec<Rule>,
    /// Worked examples that came out right.
    pub examples: i64,
    /// Rival definitions.
    pub lenses: Vec<LensName>,
    /// The months, as they stand in a table.
    pub months: Vec<Text>,
    /// The months, as they stand under a picture.
    pub labels: Vec<String>,
    /// Whether the months' figures are shares.
    pub shares: bool,
    /// The goal's level in the picture, in ten-thousandths.
    pub level: Option<i64>,
    /// The calendars that the figures were measured by: name, version and digest.
    pub calendars: Vec<String>,
    /// For each unit, in the order of the units; nothing where the target does not apply.
    pub figures: Vec<Option<Open>>,
    /// All units together, where they are judged.
    pub together: Option<Open>,
}

/// How a target is computed in a stretch of the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The stretch, where there are several.
    pub period: Option<Text>,
    /// The goal in it.
    pub goal: Text,
    /// The rule in plain words.
    pub words: Text,
    /// The rule exactly: the field's name, and its text.
    pub exact: Vec<(String, String)>,
    /// The definitions it names: name and text.
    pub definitions: Vec<(String, String)>,
}

/// A rival definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LensName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The goal it is held against, where it is another one.
    pub goal: Option<Text>,
}

/// A figure in whole numbers: the value, and the denominator of a share or a mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exact {
    /// The numerator, the count, the sum or the value.
    pub value: i64,
    /// Of how many; nothing where it is no ratio.
    pub of: Option<i64>,
}

/// A figure opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The figure in whole numbers, where there is one.
    pub exact: Option<Exact>,
    /// Records of which it is unknown whether they count.
    pub counted_unknown: i64,
    /// Counted records whose outcome is unknown.
    pub met_unknown: i64,
    /// Columns that were unknown in such records, with their number.
    pub unknown: Vec<(Text, i64)>,
    /// The latest day of a record.
    pub latest: Option<Text>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// What it takes to reach the goal.
    pub need: Option<Text>,
    /// The least number of cases, where there are fewer.
    pub below: Option<i64>,
    /// The days that signed or published totals stand for.
    pub coverage: Vec<Text>,
    /// The parts it is judged by.
    pub parts: Vec<Part>,
    /// What rival definitions give, in the order of their names; nothing where one gives nothing.
    pub lenses: Vec<Option<Lens>>,
    /// By month, in the order of the months.
    pub months: Vec<Month>,
    /// Which of the calendars.
    pub calendar: usize,
}

/// A part of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The part of the period.
    pub period: Text,
    /// Its goal.
    pub goal: Text,
    /// Its figure, where there is one.
    pub shown: Option<Text>,
    /// Its verdict: sign and words.
    pub verdict: Text,
}

/// What a rival definition gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lens {
    /// The figure.
    pub shown: Text,
    /// Its integers, as people read them.
    pub integers: Text,
    /// The same in whole numbers.
    pub exact: Option<Exact>,
    /// What the verdict would be: sign and words.
    pub would_be: Text,
    /// Whether it turns the verdict.
    pub flips: bool,
    /// What else is to be known.
    pub note: Option<Text>,
}

/// A month's figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// The figure; nothing without one.
    pub shown: Option<Text>,
    /// Its integers, as people read them.
    pub integers: Text,
    /// The same in whole numbers.
    pub exact: Option<Exact>,
    /// What stands for a figure where there is none: `∅`, `–`, `?`, `…`.
    pub state: String,
    /// Records it is made of.
    pub cases: i64,
    /// Its place in the picture: ten-thousandths of a share, or the number.
    pub at: Option<i64>,
    /// Whether it is short of the goal.
    pub short: bool,
}
