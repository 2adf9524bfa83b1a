//! What pages about drafts ask of the program that has the bundles: is this text right, what does it say, what would each unit
//! have had by it. Pages read no bundle; the program plugs in whoever does ([`Drafting`]).

use std::sync::{Arc, OnceLock};

use giaouoc_agreement::text::Text;
use giaouoc_year::paper::Paper;
use serde::{Deserialize, Serialize};

use crate::error::Failed;
use crate::sheet::Cell;
use crate::state::State;

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

/// A rival definition: its name, and of each unit the figure and whether it would be met.
pub type LensFigures = (Text, Vec<Option<(Text, bool)>>);

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

    /// Makes the bundle of a cluster's next year; one that is there already stays as it is.
    ///
    /// # Errors
    /// Why it cannot be made.
    fn open_year(&self, cluster: &str) -> Result<Opened, Text>;
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
