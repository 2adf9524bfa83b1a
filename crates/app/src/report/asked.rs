//! Several plans' asks in one pass: what is asked of the same kind and the same units is measured together.

use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::scoreboard::AskSet;

use crate::bundle::{self, Loaded};
use crate::fault::Outcome;
use crate::progress::Progress;
use crate::records::{Question, measure};
use crate::render::board::FileLine;
use crate::screen::Screen;

/// Asks gathered from several sides.
#[derive(Default)]
pub struct Asked {
    sets: Vec<Set>,
}

struct Set {
    kind: &'static Kind,
    units: Vec<usize>,
    asks: Vec<Ask>,
}

/// Where the answers to a list of asks will be found.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    set: usize,
    first: usize,
    count: usize,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    answers: Vec<Vec<Option<Answer>>>,
    /// What became of each file's rows.
    pub files: Vec<FileLine>,
}

impl Asked {
    /// Adds asks of a kind over units.
    pub fn add(
        &mut self,
        kind: &'static Kind,
        units: &[usize],
        asks: impl IntoIterator<Item = Ask>,
    ) -> Place {
        let found = self.sets.iter().position(|set| set.kind.id == kind.id && set.units == units);
        let set = found.unwrap_or_else(|| {
            self.sets.push(Set { kind, units: units.to_vec(), asks: Vec::new() });
            self.sets.len() - 1
        });
        let first = self.sets[set].asks.len();
        self.sets[set].asks.extend(asks);
        Place { set, first, count: self.sets[set].asks.len() - first }
    }

    /// Adds sets of asks, and one thing more of a kind where `more` says so.
    pub fn sets(
        &mut self,
        sets: &[AskSet],
        more: impl Fn(&Kind, &[Ask]) -> Option<Ask>,
    ) -> Outcome<Vec<Place>> {
        let mut place = |set: &AskSet| {
            let kind = bundle::kind(&set.kind)?;
            let asks = set.asks.iter().cloned().chain(more(kind, &set.asks));
            Ok(self.add(kind, &set.units, asks))
        };
        sets.iter().map(&mut place).collect()
    }

    /// Asks them all.
    pub fn measure(self, loaded: &Loaded, threads: usize, screen: &Screen) -> Outcome<Answered> {
        let code = |unit: &usize| loaded.bundle.cluster.units[*unit].code.clone();
        let questions = self.sets.into_iter().map(|set| Question {
            kind: set.kind,
            units: set.units.iter().map(code).collect(),
            asks: set.asks,
        });
        let questions: Vec<Question> = questions.collect();
        let progress = Progress::new(screen);
        let measured = measure(loaded, &questions, threads, &progress);
        progress.clear();
        let measured = measured?;
        let answers = measured.answers.into_iter();
        let answers = answers.map(|answers| answers.into_iter().map(Some).collect()).collect();
        Ok(Answered { answers, files: measured.files })
    }
}

impl Answered {
    /// The answers to each of several lists of asks. Each is taken once.
    pub fn take(&mut self, places: &[Place]) -> Vec<Vec<Answer>> {
        places.iter().map(|place| self.one(*place)).collect()
    }

    /// The answers to one list of asks.
    pub fn one(&mut self, place: Place) -> Vec<Answer> {
        let answers = &mut self.answers[place.set][place.first..place.first + place.count];
        answers.iter_mut().filter_map(Option::take).collect()
    }
}
