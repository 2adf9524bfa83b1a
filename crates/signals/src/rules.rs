//! `data/rules/signals.toml`: what is asked, with thresholds, questions, innocent causes and sources.

use giaouoc_agreement::text::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};

/// The rules that come with the program, as text.
pub const BUILTIN: &str = include_str!("../../../data/rules/signals.toml");

/// A signal's stable name and what it needs to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Signal {
    /// The due date in force is later than the first one, without a reason.
    DueMoved,
    /// The due date differs between two known versions.
    DueMovedBetweenVersions,
    /// A pause opened just before due.
    LatePause,
    /// Finishes bunched just before due.
    FinishedAtDue,
    /// Finishes bunched on a month's last working day.
    FinishedAtPeriodEnd,
    /// Finished on a day off or outside hours.
    FinishedOutsideHours,
    /// Returned shortly before due, and filed again.
    ReturnedAndFiledAgain,
    /// Known long after it happened.
    KnownLate,
    /// A correction, withdrawal or new key that flips a result.
    Flipped,
    /// A time limit far longer than the procedure's.
    LimitUnlikeCatalogue,
    /// Initiatives nearly alike.
    SimilarInitiatives,
    /// A share of returns far above the other units'.
    ManyReturns,
}

impl Signal {
    /// All of them, in the order of the rules.
    pub const ALL: [Self; 12] = [
        Self::DueMoved,
        Self::DueMovedBetweenVersions,
        Self::LatePause,
        Self::FinishedAtDue,
        Self::FinishedAtPeriodEnd,
        Self::FinishedOutsideHours,
        Self::ReturnedAndFiledAgain,
        Self::KnownLate,
        Self::Flipped,
        Self::LimitUnlikeCatalogue,
        Self::SimilarInitiatives,
        Self::ManyReturns,
    ];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::DueMoved => "due-moved",
            Self::DueMovedBetweenVersions => "due-moved-between-versions",
            Self::LatePause => "late-pause",
            Self::FinishedAtDue => "finished-at-due",
            Self::FinishedAtPeriodEnd => "finished-at-period-end",
            Self::FinishedOutsideHours => "finished-outside-hours",
            Self::ReturnedAndFiledAgain => "returned-and-filed-again",
            Self::KnownLate => "known-late",
            Self::Flipped => "flipped",
            Self::LimitUnlikeCatalogue => "limit-unlike-catalogue",
            Self::SimilarInitiatives => "similar-initiatives",
            Self::ManyReturns => "many-returns",
        }
    }
}

/// Its stable name.
impl Serialize for Signal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A ratio of two whole numbers, such as `[4, 5]`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Ratio(pub u64, pub u64);

impl Ratio {
    /// Whether `part` of `whole` is at least this much, exactly.
    pub fn at_most(self, part: u64, whole: u64) -> bool {
        u128::from(part) * u128::from(self.1) >= u128::from(whole) * u128::from(self.0)
    }
}

/// What is said of a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// Which one.
    #[serde(rename = "code")]
    pub signal: Signal,
    /// The kind of record that it asks about.
    pub kind: String,
    /// Whether it compares versions, and so needs a journal.
    pub journal: bool,
    /// Its name in a few words.
    pub name: Text,
    /// What is asked.
    pub question: Text,
    /// What an innocent cause would be.
    pub innocent: Text,
    /// When it is asked, with its numbers.
    pub threshold: Text,
    /// The day the rule was written down, `YYYY-MM-DD`.
    pub dated: String,
    /// Where the rule and its numbers come from.
    pub source: String,
}

/// Thresholds of `due-moved` and `due-moved-between-versions`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// Working minutes beyond the pauses.
    pub minutes: u32,
}

/// Thresholds of `late-pause`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatePause {
    /// Working minutes before due.
    pub minutes: u32,
    /// The least working minutes from receipt to the first due date.
    pub limit_minutes: u32,
}

/// Thresholds of `finished-at-due`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtDue {
    /// Working minutes of a stretch.
    pub minutes: u32,
    /// Stretches before it to compare with; the one next to it is left out.
    pub beside: u32,
    /// The least dossiers in the last stretch.
    pub cases: u64,
    /// How many times the mean of the others.
    pub times: u64,
    /// The least working minutes from receipt to due.
    pub limit_minutes: u32,
}

/// Thresholds of `finished-at-period-end`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtEnd {
    /// The least dossiers on the day.
    pub cases: u64,
    /// How many times the median of the days beside it.
    pub times: u64,
    /// Working days before it, and after it.
    pub beside: u32,
}

/// Threshold of `finished-outside-hours`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// Minutes before opening or after closing that are no question yet.
    pub minutes: u32,
}

/// Thresholds of `returned-and-filed-again`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// Working minutes before due.
    pub minutes: u32,
    /// Days within which it comes in again.
    pub days: u32,
    /// Days before the return that tell how usual such a receipt is.
    pub before_days: u32,
    /// The most receipts in those days of a matter that is not usual.
    pub usual: u32,
    /// The least returns close to due of a unit that stands out.
    pub cases: u64,
    /// How many times the share that its other dossiers have there.
    pub times: u64,
}

/// Thresholds of `known-late`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// Days from when it happened to when it became known.
    pub days: u32,
    /// Days after it happened by which an upload ought to have had it.
    pub grace_days: u32,
}

/// Thresholds of `limit-unlike-catalogue`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The least difference in days.
    pub days: i64,
    /// The least ratio to the procedure's limit.
    pub longer: Ratio,
    /// The share of a procedure's dossiers that makes a limit its own.
    pub usual: Ratio,
    /// The least dossiers of such a procedure.
    pub cases: u64,
}

/// Thresholds of `similar-initiatives`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Similar {
    /// Weight of shared words over weight of all words.
    pub alike: Ratio,
    /// Three-letter pieces shared.
    pub shingles: Ratio,
    /// Words shared by titles that are looked at closely.
    pub nearby: Ratio,
    /// From so many words on, titles that differ in one word only are alike whatever it weighs.
    pub one_word: usize,
    /// The least words of a title.
    pub words: usize,
    /// A word of more titles than this finds no pairs by itself.
    pub common: usize,
}

/// Thresholds of `many-returns`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// The least ended dossiers of a unit.
    pub cases: u64,
    /// The least units that are compared.
    pub peers: usize,
    /// Median absolute deviations above the median.
    pub deviations: Ratio,
    /// The least distance from the median.
    pub least: Ratio,
}

/// All rules, read and checked.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What is said of each signal, in the order of [`Signal::ALL`].
    pub about: Vec<About>,
    /// Thresholds.
    pub moved: Moved,
    /// Thresholds.
    pub moved_between: Moved,
    /// Thresholds.
    pub late_pause: LatePause,
    /// Thresholds.
    pub at_due: AtDue,
    /// Thresholds.
    pub at_end: AtEnd,
    /// Thresholds.
    pub outside: Outside,
    /// Thresholds.
    pub again: Again,
    /// Thresholds.
    pub late: Late,
    /// Thresholds.
    pub limits: Limits,
    /// Thresholds.
    pub similar: Similar,
    /// Thresholds.
    pub returns: Returns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[expect(dead_code, reason = "for people and for those who come later")]
    revision: toml::value::Datetime,
    signal: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: String,
    kind: String,
    #[serde(default)]
    journal: bool,
    name: Text,
    question: Text,
    innocent: Text,
    threshold: Text,
    dated: toml::value::Datetime,
    source: String,
    #[serde(default)]
    with: toml::Table,
}

impl Rules {
    /// Reads rules.
    ///
    /// # Errors
    /// What is wrong with the text: not TOML, a signal that is missing, in another order, or lacks a number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        if file.format != 1 {
            return Err(format!("format {}: 1?", file.format));
        }
        let codes: Vec<&str> = file.signal.iter().map(|line| line.code.as_str()).collect();
        if codes != Signal::ALL.map(Signal::code) {
            return Err(format!("{codes:?}: {:?}?", Signal::ALL.map(Signal::code)));
        }
        let about = Signal::ALL.into_iter().zip(&file.signal).map(|(signal, line)| About {
            signal,
            kind: line.kind.clone(),
            journal: line.journal,
            name: line.name.clone(),
            question: line.question.clone(),
            innocent: line.innocent.clone(),
            threshold: Text::new(
                filled(&line.threshold.vi, &line.with),
                filled(&line.threshold.en, &line.with),
            ),
            dated: line.dated.to_string(),
            source: line.source.clone(),
        });
        let about = about.collect();
        fn with<T: DeserializeOwned>(file: &File, signal: Signal) -> Result<T, String> {
            let table = file.signal[signal as usize].with.clone();
            table.try_into().map_err(|error| format!("{}: {error}", signal.code()))
        }
        Ok(Self {
            about,
            moved: with(&file, Signal::DueMoved)?,
            moved_between: with(&file, Signal::DueMovedBetweenVersions)?,
            late_pause: with(&file, Signal::LatePause)?,
            at_due: with(&file, Signal::FinishedAtDue)?,
            at_end: with(&file, Signal::FinishedAtPeriodEnd)?,
            outside: with(&file, Signal::FinishedOutsideHours)?,
            again: with(&file, Signal::ReturnedAndFiledAgain)?,
            late: with(&file, Signal::KnownLate)?,
            limits: with(&file, Signal::LimitUnlikeCatalogue)?,
            similar: with(&file, Signal::SimilarInitiatives)?,
            returns: with(&file, Signal::ManyReturns)?,
        })
    }

    /// The rules that come with the program.
    ///
    /// # Errors
    /// See [`Rules::parse`]; a test reads them.
    pub fn builtin() -> Result<Self, String> {
        Self::parse(BUILTIN).map_err(|error| format!("data/rules/signals.toml: {error}"))
    }

    /// What is said of a signal.
    pub fn about(&self, signal: Signal) -> &About {
        &self.about[signal as usize]
    }
}

/// A sentence with the numbers of `with` in the place of their names in braces; a ratio is `3/2`.
fn filled(sentence: &str, with: &toml::Table) -> String {
    let mut said = sentence.to_owned();
    for (name, value) in with {
        let whole = |value: &toml::Value| value.as_integer().map(|number| number.to_string());
        let number = match value {
            toml::Value::Array(pair) => pair.iter().filter_map(whole).collect::<Vec<_>>().join("/"),
            other => whole(other).unwrap_or_default(),
        };
        let number = number.strip_suffix("/1").map_or(number.clone(), str::to_owned);
        said = said.replace(&format!("{{{name}}}"), &number);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_read_and_no_number_is_left_out() {
        let rules = Rules::builtin().unwrap();
        for about in &rules.about {
            for text in [&about.name, &about.question, &about.innocent, &about.threshold] {
                assert!(!text.vi.is_empty() && !text.en.is_empty() && text.vi != text.en, "{about:?}");
                assert!(!text.vi.contains('{') && !text.en.contains('{'), "{about:?}");
            }
            assert!(!about.source.is_empty() && about.dated.len() == 10, "{about:?}");
            assert!(giaouoc_agreement::kinds::find(&about.kind).is_some(), "{about:?}");
        }
        assert!(rules.about(Signal::LatePause).threshold.en.contains("last 240 working minutes"));
        assert!(rules.about(Signal::LimitUnlikeCatalogue).threshold.vi.contains("3/2 lần"));
    }

    #[test]
    fn a_rule_that_is_missing_or_lacks_a_number_is_named() {
        let less = BUILTIN.replace("code      = \"late-pause\"", "code      = \"late-pauze\"");
        assert!(Rules::parse(&less).unwrap_err().contains("late-pauze"));
        let without =
            BUILTIN.replace("with      = { days = 30, grace_days = 5 }", "with      = { days = 30 }");
        let error = Rules::parse(&without).unwrap_err();
        assert!(error.contains("known-late") && error.contains("grace_days"), "{error}");
    }

    #[test]
    fn ratios_are_compared_exactly() {
        assert!(Ratio(4, 5).at_most(4, 5) && !Ratio(4, 5).at_most(799, 1000));
        assert!(Ratio(1, 1).at_most(u64::MAX, u64::MAX));
    }
}
