//! What pages about drafts ask of the program that has the bundles: is this text right, what does it say, what would each unit
//! have had by it. Pages read no bundle; the program plugs in whoever does ([`Drafting`]).

use std::sync::{Arc, OnceLock};

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_year::paper::Paper;
use serde::{Deserialize, Serialize};

use crate::error::Failed;
use crate::sheet::Cell;
use crate::state::State;
use crate::when;

/// What the check of a draft's text said: the same errors as on the command line, with their places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Everything that was found, in order of file and place.
    pub problems: Vec<Mistake>,
    /// What it says; nothing while it cannot be read.
    pub paper: Option<Paper>,
    /// Ids of targets with a worked example that does not come out.
    pub failing: Vec<String>,
}

impl Checked {
    /// How many errors it has, those of worked examples apart: these are told by their targets.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|one| one.grave && !one.is_example()).count()
    }

    /// Whether nothing is wrong with it.
    pub fn is_right(&self) -> bool {
        !self.problems.iter().any(|one| one.grave)
    }
}

/// One thing that was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Whether it is an error; else it is a warning or a question.
    pub grave: bool,
    /// `error`, `warning` or `question`.
    pub severity: String,
    /// Its stable name.
    pub code: String,
    /// The file of the bundle.
    pub file: String,
    /// Line and column, both from 1; 0 where it is about the whole.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: Text,
    /// The way out.
    pub help: Option<Text>,
}

impl Mistake {
    /// Whether it is about a worked example.
    pub fn is_example(&self) -> bool {
        matches!(self.code.as_str(), "failing-example" | "example-period" | "example-stopped")
    }
}

/// The figures that a draft would have given, year by year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The years: last year's records first.
    pub years: Vec<YearFigures>,
}

impl Figures {
    /// What was done to the days that a target's conditions name, a line for each year of which there is something to say.
    pub(crate) fn day_lines(&self, target: &str, lang: Lang) -> Vec<String> {
        let line = |year: &YearFigures| {
            let found = year.targets.iter().find(|found| found.id == target)?;
            found.days.words(year.year, lang)
        };
        self.years.iter().filter_map(line).collect()
    }
}

/// The figures of one year's records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearFigures {
    /// The cluster whose records they are of.
    pub cluster: String,
    /// The year.
    pub year: i64,
    /// Entries of the journal that were known.
    pub head: u64,
    /// The units in the order of the decision: code, short name.
    pub units: Vec<(String, Text)>,
    /// The targets in the order of the draft.
    pub targets: Vec<TargetFigures>,
    /// Why there are none.
    pub error: Option<Text>,
}

/// A rival definition: its name, and what each unit would have by it.
pub type LensFigures = (Text, Vec<Option<LensCell>>);

/// What a unit would have by a rival definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptLens")]
pub struct LensCell {
    /// The figure for people.
    pub shown: Text,
    /// Whether it would be met.
    pub met: bool,
    /// The sign of the verdict; blank in figures that were kept before there was one.
    pub sign: String,
    /// The verdict in words; blank as its sign.
    pub words: Text,
}

/// A lens's figure as it was kept: with its verdict, or as a pair by versions of drafts that are older than that.
#[derive(Deserialize)]
#[serde(untagged)]
enum KeptLens {
    Pair(Text, bool),
    Whole { shown: Text, met: bool, sign: String, words: Text },
}

impl From<KeptLens> for LensCell {
    fn from(kept: KeptLens) -> Self {
        match kept {
            KeptLens::Whole { shown, met, sign, words } => Self { shown, met, sign, words },
            // That it would not be met may have been said of a unit without figures: then nothing is claimed.
            KeptLens::Pair(shown, false) => Self { shown, ..Self::default() },
            KeptLens::Pair(shown, true) => {
                Self { shown, met: true, sign: "✓".to_owned(), words: Text::new("đạt", "met") }
            }
        }
    }
}

/// A target's figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetFigures {
    /// Its id.
    pub id: String,
    /// The figure of each unit; nothing where it does not apply.
    pub cells: Vec<Option<Cell>>,
    /// The figure of all units together.
    pub together: Option<Cell>,
    /// Rival definitions.
    pub lenses: Vec<LensFigures>,
    /// What was done to the days that its conditions name.
    #[serde(default)]
    pub days: Days,
}

/// What was done to the days in the conditions of a target that is computed on another year's records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// Days that were moved to that year: from, to, `YYYY-MM-DD`.
    pub moved: Vec<(String, String)>,
    /// Days before the target's period, which stayed as they are written.
    pub kept: Vec<String>,
}

impl Days {
    /// In words, beside the figures of a year; nothing where its conditions name no day.
    pub(crate) fn words(&self, year: i64, lang: Lang) -> Option<String> {
        let day = |day: &String| when::day_shown(day, lang);
        let moved: Vec<String> =
            self.moved.iter().map(|(from, to)| format!("{} → {}", day(from), day(to))).collect();
        let kept: Vec<String> = self.kept.iter().map(day).collect();
        let (moved, kept) = (moved.join(", "), kept.join(", "));
        let said = match (lang, moved.is_empty(), kept.is_empty()) {
            (_, true, true) => return None,
            (Lang::Vi, false, true) => format!("ngày ghi trong điều kiện dời theo năm: {moved}"),
            (Lang::Vi, true, false) => format!("ngày trước kỳ giữ nguyên như đã ghi: {kept}"),
            (Lang::Vi, false, false) => {
                format!("ngày ghi trong điều kiện dời theo năm: {moved}; ngày trước kỳ giữ nguyên: {kept}")
            }
            (Lang::En, false, true) => format!("days in the conditions were moved with the year: {moved}"),
            (Lang::En, true, false) => format!("days before the period stay as they are written: {kept}"),
            (Lang::En, false, false) => {
                format!(
                    "days in the conditions were moved with the year: {moved}; days before the period stay: {kept}"
                )
            }
        };
        Some(match lang {
            Lang::Vi => format!("Tính trên bản ghi năm {year}, {said}."),
            Lang::En => format!("Computed on the records of {year}, {said}."),
        })
    }
}

impl TargetFigures {
    /// How many units meet it, of how many that are judged.
    pub fn met(&self) -> (usize, usize) {
        let verdicts: Vec<&str> = self.cells.iter().flatten().map(|cell| cell.verdict.as_str()).collect();
        let met = verdicts.iter().filter(|verdict| **verdict == "met").count();
        (met, met + verdicts.iter().filter(|verdict| **verdict == "not-met").count())
    }
}

/// A cluster's next year as it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Its name in addresses.
    pub slug: String,
    /// The cluster's name.
    pub name: Text,
    /// The year.
    pub year: i64,
    /// The text of its agreement: a draft.
    pub text: String,
}

/// Reads drafts beside the bundles. Calls may take a while: they run where waiting is allowed.
pub trait Drafting: Send + Sync {
    /// The text of a cluster's agreement as it stands.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn text(&self, cluster: &str) -> Result<String, Text>;

    /// What is wrong with a text as the agreement of a cluster, and what it says. The bundle is not touched.
    ///
    /// # Errors
    /// When the bundle itself cannot be read.
    fn check(&self, cluster: &str, text: &str) -> Result<Checked, Text>;

    /// Makes the bundle of a cluster's next year, with the lists that go on; one that is there already stays as it is. `by` is
    /// the name of whoever opens it.
    ///
    /// # Errors
    /// Why it cannot be made.
    fn open_year(&self, cluster: &str, by: Option<String>) -> Result<Opened, Text>;
}

/// Where it is plugged in; nothing in a site that has none.
#[derive(Clone, Default)]
pub struct Port(Arc<OnceLock<Box<dyn Drafting>>>);

impl Port {
    /// Plugs it in, once.
    pub fn set(&self, drafting: impl Drafting + 'static) {
        // A second one would be a mistake of the program; the first stays.
        let _ = self.0.set(Box::new(drafting));
    }
}

/// Asks where waiting keeps nobody else.
pub(crate) async fn ask<T: Send + 'static>(
    state: &State,
    question: impl FnOnce(&dyn Drafting) -> Result<T, Text> + Send + 'static,
) -> Result<T, Failed> {
    let port = state.drafting.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let drafting = port.0.get().map(AsRef::as_ref);
        drafting.map(question)
    });
    let answer = asked.await.map_err(|error| Failed::Internal(error.to_string()))?;
    answer.ok_or(Failed::NotFound)?.map_err(Failed::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_were_kept_before_lenses_had_verdicts_are_read() {
        let text = Text::new("97 %", "97%");
        let old = serde_json::json!([[text, true], [text, false], null]);
        let cells: Vec<Option<LensCell>> = serde_json::from_value(old).unwrap();
        let signs: Vec<Option<&str>> = cells.iter().map(|one| one.as_ref().map(|one| &*one.sign)).collect();
        assert_eq!(signs, [Some("✓"), Some(""), None]);
        assert_eq!(cells[1].as_ref().unwrap().shown, text);
        let kept = serde_json::to_string(&cells).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Option<LensCell>>>(&kept).unwrap(), cells);
    }
}
