//! What pages show of a measured board: figures in both languages, exact where they are compared, with the parts of the
//! report as `giaouoc-report` draws them. Made by the measuring job, kept with the board, read by every page.

use std::collections::BTreeMap;

use giaouoc_agreement::text::{Lang, Text};
use serde::{Deserialize, Serialize};

use crate::opened::Opened;
use crate::small::Reader;

/// A board for pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Version of this form.
    pub format: u32,
    /// The agreement's id.
    pub agreement: String,
    /// The agreement's title.
    pub title: Text,
    /// The cluster's name.
    pub cluster: Text,
    /// The year's theme.
    pub theme: Option<Text>,
    /// The year.
    pub year: i64,
    /// Entries of the journal that were known.
    pub head: u64,
    /// The day as of which figures are, `YYYY-MM-DD`.
    pub as_of: String,
    /// The clauses of the agreement; none on a sheet of an older program.
    #[serde(default)]
    pub clauses: Vec<Clause>,
    /// The units in the order of the decision.
    pub units: Vec<Unit>,
    /// The targets in the order of the agreement.
    pub targets: Vec<Target>,
    /// Kinds of records that targets are about, each once, in the order of the targets.
    pub kinds: Vec<Kind>,
    /// The calendar that due dates are reckoned by.
    pub calendar: String,
    /// The targets opened, in the same order; none on a sheet of an older program.
    #[serde(default)]
    pub opened: Vec<Opened>,
    /// What is said of the figures while the agreement is not in force.
    #[serde(default)]
    pub by_draft: Option<Text>,
    /// The report's parts in Vietnamese.
    pub vi: Parts,
    /// The report's parts in English.
    pub en: Parts,
    /// What of the parts is another for everybody, in Vietnamese: without small numbers about persons.
    #[serde(default)]
    pub public_vi: Differing,
    /// The same in English.
    #[serde(default)]
    pub public_en: Differing,
}

/// A clause of the agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Its number.
    pub number: String,
    /// Its words.
    pub text: Text,
    /// Whether units answer it by a short report.
    pub report: bool,
}

/// A unit of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its short name.
    pub short: Text,
    /// SHA-256 of all its figures: what its leader confirms.
    pub digest: String,
    /// Nil reports of the unit: kind, and whether the leader has confirmed it.
    pub nil: BTreeMap<String, bool>,
}

/// A kind of record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Records of each unit, in the order of the units.
    pub records: Vec<i64>,
}

/// A target with its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// Its clause.
    pub clause: String,
    /// Its name.
    pub name: Text,
    /// Its goal in words.
    pub goal: Text,
    /// The kind of its records.
    pub kind: String,
    /// SHA-256 of its definition.
    pub digest: String,
    /// The figure of each unit, in the order of the units; nothing where it does not apply.
    pub cells: Vec<Option<Cell>>,
    /// The figure of all units together.
    pub together: Option<Cell>,
}

/// A figure with its verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The figure as people read it; nothing without one.
    pub shown: Option<Text>,
    /// Its integers: `956/1001`.
    pub integers: Text,
    /// The verdict's stable name.
    pub verdict: String,
    /// The verdict in words.
    pub words: Text,
    /// The verdict's sign.
    pub sign: String,
    /// The class of the verdict's colour.
    pub tone: String,
    /// What the figure rests on.
    pub grade: Text,
    /// Records of the kind that were looked at.
    pub seen: i64,
    /// Of these, counted.
    pub counted: i64,
    /// What is to be known when reading it.
    pub remark: Text,
    /// The same for everybody, where small numbers are left out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_remark: Option<Text>,
}

/// Parts of the report in one language, ready to stand in a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// Which period, as of which day, known up to where.
    pub when: String,
    /// The whole in a sentence or two.
    pub lead: String,
    /// The scoreboard.
    pub board: String,
    /// Each target.
    pub targets: Vec<String>,
    /// Each unit.
    pub units: Vec<String>,
    /// How figures are made, and the definitions.
    pub method: String,
    /// What they were made of.
    pub data: String,
}

/// Parts that are others for everybody than for those inside; what is not here is the same for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    /// The scoreboard.
    pub board: Option<String>,
    /// Targets, by their place.
    pub targets: BTreeMap<usize, String>,
    /// Units, by their place.
    pub units: BTreeMap<usize, String>,
    /// What the figures were made of.
    pub data: Option<String>,
}

impl Differing {
    /// What of the parts for everybody is not the same inside.
    pub fn of(public: Parts, inside: &Parts) -> Self {
        let one = |public: String, inside: &String| (public != *inside).then_some(public);
        let each = |public: Vec<String>, inside: &[String]| {
            let all = public.into_iter().zip(inside).enumerate();
            all.filter_map(|(at, (public, inside))| Some((at, one(public, inside)?))).collect()
        };
        Self {
            board: one(public.board, &inside.board),
            targets: each(public.targets, &inside.targets),
            units: each(public.units, &inside.units),
            data: one(public.data, &inside.data),
        }
    }
}

impl Cell {
    /// What is to be known when this reader reads it.
    pub fn remark(&self, reader: Reader) -> &Text {
        match reader {
            Reader::Public => self.public_remark.as_ref().unwrap_or(&self.remark),
            Reader::Inside => &self.remark,
        }
    }
}

impl Sheet {
    /// The scoreboard as this reader sees it.
    pub fn board(&self, lang: Lang, reader: Reader) -> &str {
        self.differing(lang, reader)
            .and_then(|public| public.board.as_ref())
            .unwrap_or(&self.parts(lang).board)
    }

    /// What the figures were made of, as this reader sees it.
    pub fn data(&self, lang: Lang, reader: Reader) -> &str {
        self.differing(lang, reader).and_then(|public| public.data.as_ref()).unwrap_or(&self.parts(lang).data)
    }

    /// The target at a place, as this reader sees it.
    pub fn target_part(&self, at: usize, lang: Lang, reader: Reader) -> Option<&String> {
        let public = self.differing(lang, reader).and_then(|public| public.targets.get(&at));
        public.or_else(|| self.parts(lang).targets.get(at))
    }

    /// The unit at a place, as this reader sees it.
    pub fn unit_part(&self, at: usize, lang: Lang, reader: Reader) -> Option<&String> {
        let public = self.differing(lang, reader).and_then(|public| public.units.get(&at));
        public.or_else(|| self.parts(lang).units.get(at))
    }

    fn differing(&self, lang: Lang, reader: Reader) -> Option<&Differing> {
        let public = match lang {
            Lang::Vi => &self.public_vi,
            Lang::En => &self.public_en,
        };
        (reader == Reader::Public).then_some(public)
    }

    /// The version of this form that the program writes.
    pub const FORMAT: u32 = 1;

    /// The parts in a language.
    pub fn parts(&self, lang: Lang) -> &Parts {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// A unit by its code, with its place.
    pub fn unit(&self, code: &str) -> Option<(usize, &Unit)> {
        self.units.iter().enumerate().find(|(_, unit)| unit.code == code)
    }

    /// A target by its id, with its place.
    pub fn target(&self, id: &str) -> Option<(usize, &Target)> {
        self.targets.iter().enumerate().find(|(_, target)| target.id == id)
    }
}
