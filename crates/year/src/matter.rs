//! A matter (*việc*): one piece of the year's work with the steps that it goes through.
//!
//! What is known of it is never overwritten: fields have their history in the store, a step that was taken by mistake is taken
//! back with a reason and stays readable. Here stands what follows from what is known: its state, who reads what, which steps
//! come next and what they still lack.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::text::{Text, fold};
use giaouoc_worktime::Day;
use serde::{Deserialize, Serialize};

use crate::sort::{BEGUN, Field, Part, Sort, Step, Type};

/// A matter as it is known now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Its code; the key of its record.
    pub code: String,
    /// The unit whose it is.
    pub unit: String,
    /// Whether it is the whole cluster's, looked after at that unit's desk.
    #[serde(default)]
    pub common: bool,
    /// What stands in its fields, in canonical form; blank fields are left out.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The same for fields about persons, kept apart.
    #[serde(default)]
    pub personal: BTreeMap<String, String>,
    /// Steps that were taken and not taken back, in the order in which they were taken.
    #[serde(default)]
    pub taken: Vec<Taken>,
    /// Units that take part or take it up.
    #[serde(default)]
    pub joined: Vec<Joined>,
    /// Questions that were taken up.
    #[serde(default)]
    pub questions: u32,
    /// Of these, those that were answered.
    #[serde(default)]
    pub answered: u32,
    /// Questions that nobody has read yet.
    #[serde(default)]
    pub unread: u32,
    /// Files that show it.
    #[serde(default)]
    pub files: u32,
    /// Whether it was withdrawn as a whole.
    #[serde(default)]
    pub gone: bool,
}

/// A step that was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Which.
    pub step: String,
    /// The day on which it happened, `YYYY-MM-DD`.
    pub day: String,
}

/// A unit that takes part in a matter of another one, or takes it up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The unit.
    pub unit: String,
    /// In which cluster, where it is another one.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Whether it said yes; an invitation that was declined stays as such.
    pub yes: bool,
    /// Since which day, `YYYY-MM-DD`.
    pub day: String,
    /// How many of its people.
    #[serde(default)]
    pub number: Option<u32>,
    /// What came of it, in its own words.
    #[serde(default)]
    pub result: String,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// Everybody.
    Public,
    /// Whoever has a role in the cluster.
    Inside,
    /// Whoever has a role at the unit's desk, and oversight.
    Unit,
}

/// What a step still lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// This field is blank.
    Field(String),
    /// No file shows it.
    File,
    /// So many questions have no answer.
    Answers(u32),
    /// So many questions have not been read.
    Unread(u32),
    /// A reason.
    Note,
}

impl Matter {
    /// The step that it stands at, or [`BEGUN`].
    pub fn state<'a>(&'a self, sort: &Sort) -> &'a str {
        let moves = |taken: &&Taken| sort.step(&taken.step).is_none_or(|step| !step.aside);
        self.taken.iter().rev().find(moves).map_or(BEGUN, |taken| &taken.step)
    }

    fn has_taken(&self, sort: &Sort, is: impl Fn(&Step) -> bool) -> bool {
        self.taken.iter().filter_map(|taken| sort.step(&taken.step)).any(is)
    }

    /// Whether everybody may read it.
    pub fn is_public(&self, sort: &Sort) -> bool {
        !self.gone && self.has_taken(sort, |step| step.public)
    }

    /// Whether nothing follows any more.
    pub fn is_closed(&self, sort: &Sort) -> bool {
        self.gone || sort.step(self.state(sort)).is_some_and(|step| step.closes)
    }

    /// Whether questions come in, units take part or take it up.
    pub fn is_open(&self, sort: &Sort) -> bool {
        !self.is_closed(sort) && self.has_taken(sort, |step| step.opens)
    }

    /// The day of a step, the last one where it was taken more than once.
    pub fn day_of(&self, step: &str) -> Option<&str> {
        self.taken.iter().rev().find(|taken| taken.step == step).map(|taken| taken.day.as_str())
    }

    /// Whether the person that it is about consents to be shown.
    pub fn consents(&self, sort: &Sort) -> bool {
        let Some(consent) = &sort.consent else { return false };
        let about = |taken: &&Taken| taken.step == consent.given || taken.step == consent.withdrawn;
        self.taken.iter().rev().find(about).is_some_and(|taken| taken.step == consent.given)
    }

    /// Whether consent was withdrawn: nothing about the person comes back without a new one.
    pub fn is_withdrawn(&self, sort: &Sort) -> bool {
        let Some(consent) = &sort.consent else { return false };
        self.day_of(&consent.withdrawn).is_some() && !self.consents(sort)
    }

    /// What somebody reads in a field; nothing where it is blank or not for them.
    pub fn read(&self, sort: &Sort, field: &Field, reader: Reader) -> Option<&str> {
        let held = if field.personal { &self.personal } else { &self.fields };
        let text = held.get(&field.id).map(String::as_str).filter(|text| !text.is_empty())?;
        let with_consent = sort.consent.as_ref().is_some_and(|consent| consent.fields.contains(&field.id))
            && self.consents(sort);
        let may = match reader {
            Reader::Public => self.is_public(sort) && field.public && (!field.personal || with_consent),
            // Of a case about a person those inside read what is meant for everybody: how it was verified, and how consent was given,
            // may name people.
            Reader::Inside => {
                !field.personal && (field.public || sort.consent.is_none())
                    || with_consent && self.is_public(sort)
            }
            Reader::Unit => true,
        };
        may.then_some(text)
    }

    /// Whether its files are shown to somebody. Pictures of a person go with consent.
    pub fn shows_files(&self, sort: &Sort, reader: Reader) -> bool {
        match reader {
            Reader::Unit => true,
            _ if sort.consent.is_some() => self.is_public(sort) && self.consents(sort),
            Reader::Inside => true,
            Reader::Public => self.is_public(sort),
        }
    }

    /// Its title.
    pub fn title(&self, sort: &Sort) -> &str {
        self.fields
            .get(&sort.title)
            .map(String::as_str)
            .filter(|title| !title.is_empty())
            .unwrap_or(&self.code)
    }

    /// The steps that can be taken now.
    pub fn next<'a>(&self, sort: &'a Sort) -> Vec<&'a Step> {
        if self.gone {
            return Vec::new();
        }
        let state = self.state(sort);
        let fits = |step: &&Step| {
            let consent = sort.consent.as_ref();
            let due = match consent {
                Some(consent) if step.id == consent.given => !self.consents(sort),
                Some(consent) if step.id == consent.withdrawn => {
                    self.consents(sort) || self.personal.values().any(|text| !text.is_empty())
                }
                _ => true,
            };
            due && step.from.iter().any(|from| from == state)
        };
        sort.steps.iter().filter(fits).collect()
    }

    /// What a step lacks, with what its form brings.
    pub fn lacks(&self, step: &Step, note: &str) -> Vec<Lack> {
        let blank = |id: &&String| {
            let held = self.fields.get(*id).or_else(|| self.personal.get(*id));
            held.is_none_or(|text| text.trim().is_empty())
        };
        let mut lacks: Vec<Lack> = step.needs.iter().filter(blank).cloned().map(Lack::Field).collect();
        if step.needs_file && self.files == 0 {
            lacks.push(Lack::File);
        }
        if step.all_answered && self.answered < self.questions {
            lacks.push(Lack::Answers(self.questions - self.answered));
        }
        if step.all_answered && self.unread > 0 {
            lacks.push(Lack::Unread(self.unread));
        }
        if step.note && note.trim().is_empty() {
            lacks.push(Lack::Note);
        }
        lacks
    }

    /// Whether a step can have been taken on a day: not in the future, not before the step that it follows, and on the day itself
    /// where it does not say when something happened.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn day_fits(&self, sort: &Sort, step: &Step, day: Day, today: Day) -> Result<(), Text> {
        if day > today {
            return Err(Text::new(
                format!("Ngày {} chưa tới. Bước này ghi sau khi đã diễn ra.", day.dmy()),
                format!("{day} has not come yet. This step is entered once it has happened."),
            ));
        }
        if !step.happened && day != today {
            return Err(Text::new(
                "Bước này có ngày là hôm nay: thông báo không thể đăng lùi ngày.",
                "This step is dated today: a notice cannot be dated back.",
            ));
        }
        let moves = |taken: &&Taken| sort.step(&taken.step).is_some_and(|step| !step.aside);
        let last = self.taken.iter().rev().find(moves);
        let before = last.and_then(|taken| Some((taken, taken.day.parse::<Day>().ok()?)));
        match before {
            Some((taken, before)) if before > day && !step.aside => {
                let done = sort.state(&taken.step);
                Err(Text::new(
                    format!("Ngày {} trước ngày của bước “{}” ({}).", day.dmy(), done.vi, before.dmy()),
                    format!("{day} is before “{}” ({before}).", done.en),
                ))
            }
            _ => Ok(()),
        }
    }

    /// How many days lie between one step and the next: step, step after, days. Asides are left out.
    pub fn spans(&self, sort: &Sort) -> Vec<(String, String, i64)> {
        let days: Vec<(&str, Day)> = self
            .taken
            .iter()
            .filter(|taken| sort.step(&taken.step).is_some_and(|step| !step.aside))
            .filter_map(|taken| Some((taken.step.as_str(), taken.day.parse().ok()?)))
            .collect();
        days.windows(2)
            .map(|pair| (pair[0].0.to_owned(), pair[1].0.to_owned(), pair[0].1.days_until(pair[1].1)))
            .collect()
    }

    /// The day on which it is to happen.
    pub fn when(&self, sort: &Sort) -> Option<Day> {
        self.fields.get(&sort.when)?.parse().ok()
    }

    /// Whether what was to happen has happened.
    pub fn is_met(&self, sort: &Sort) -> bool {
        self.has_taken(sort, |step| step.meets)
    }

    /// By how many days it is over its day.
    pub fn days_over(&self, sort: &Sort, today: Day) -> Option<i64> {
        let meets = sort.steps.iter().any(|step| step.meets);
        if !meets || self.is_met(sort) || self.is_closed(sort) || self.taken.is_empty() {
            return None;
        }
        let over = self.when(sort)?.days_until(today);
        (over > 0).then_some(over)
    }

    /// The units that said yes, in the order in which they did.
    pub fn with(&self) -> impl Iterator<Item = &Joined> {
        self.joined.iter().filter(|joined| joined.yes)
    }
}

/// Which matters wait for which: for each that comes after others, the codes of those before it (also through others between)
/// that are over their day. `after` is the field that names the one before.
pub fn waiting(sort: &Sort, all: &[Matter], today: Day) -> BTreeMap<String, Vec<String>> {
    let Some(after) = sort.fields.iter().find(|field| field.ty == Type::Matter && field.of == sort.id) else {
        return BTreeMap::new();
    };
    let by_code: BTreeMap<&str, &Matter> = all.iter().map(|matter| (matter.code.as_str(), matter)).collect();
    let mut waits = BTreeMap::new();
    for matter in all.iter().filter(|matter| !matter.is_met(sort) && !matter.is_closed(sort)) {
        let (mut at, mut seen, mut late) = (matter, BTreeSet::from([matter.code.as_str()]), Vec::new());
        while let Some(before) = at.fields.get(&after.id).and_then(|code| by_code.get(code.as_str())) {
            // Somebody may have made a circle of them.
            if !seen.insert(before.code.as_str()) {
                break;
            }
            if before.days_over(sort, today).is_some() {
                late.push(before.code.clone());
            }
            at = before;
        }
        if !late.is_empty() {
            waits.insert(matter.code.clone(), late);
        }
    }
    waits
}

/// Whether two titles say the same in nearly the same words: four fifths of all their words, without case, marks and order, stand
/// in both.
pub fn alike(one: &str, other: &str) -> bool {
    let words = |text: &str| {
        text.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect::<BTreeSet<_>>()
    };
    let (one, other) = (words(one), words(other));
    let (both, all) = (one.intersection(&other).count(), one.union(&other).count());
    all > 0 && both * 5 >= all * 4
}

/// Whether units join matters of a sort, and as what.
pub fn joins(sort: &Sort) -> Option<Part> {
    [Part::Guests, Part::Adopters].into_iter().find(|part| sort.has(*part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sort::find;

    fn taken(steps: &[(&str, &str)]) -> Vec<Taken> {
        steps.iter().map(|(step, day)| Taken { step: (*step).into(), day: (*day).into() }).collect()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_dialogue_goes_its_way_and_closes_when_all_is_answered() {
        let sort = find("dialogue").unwrap();
        let mut matter = Matter { code: "DT-1".into(), unit: "U".into(), ..Matter::default() };
        let next = |matter: &Matter| matter.next(sort).iter().map(|step| step.id.clone()).collect::<Vec<_>>();
        assert_eq!((matter.state(sort), next(&matter)), (BEGUN, vec!["announce".to_owned()]));
        assert!(!matter.is_public(sort) && !matter.is_open(sort));
        let announce = sort.step("announce").unwrap();
        assert_eq!(matter.lacks(announce, "").len(), 7);
        matter.taken = taken(&[("announce", "2020-07-01")]);
        assert!(matter.is_public(sort) && matter.is_open(sort));
        assert_eq!(next(&matter), ["hold", "cancel"]);
        matter.taken.extend(taken(&[("hold", "2020-07-15"), ("minutes", "2020-07-17")]));
        (matter.questions, matter.answered) = (3, 2);
        assert_eq!(matter.lacks(sort.step("followed").unwrap(), ""), [Lack::Answers(1)]);
        let waiting = Matter { answered: 3, unread: 2, ..matter.clone() };
        assert_eq!(waiting.lacks(sort.step("followed").unwrap(), ""), [Lack::Unread(2)]);
        assert_eq!(
            matter.lacks(sort.step("minutes").unwrap(), ""),
            [Lack::Field("conclusions".into()), Lack::File]
        );
        assert_eq!(
            matter.spans(sort),
            [("announce".into(), "hold".into(), 14), ("hold".into(), "minutes".into(), 2)]
        );
    }

    #[test]
    fn days_of_steps_are_held_against_today_and_the_step_before() {
        let sort = find("dialogue").unwrap();
        let matter = Matter { taken: taken(&[("announce", "2020-07-01")]), ..Matter::default() };
        let fits = |step: &str, on: &str| {
            matter.day_fits(sort, sort.step(step).unwrap(), day(on), day("2020-07-20")).is_ok()
        };
        assert!(fits("hold", "2020-07-15") && fits("hold", "2020-07-20") && fits("hold", "2020-07-01"));
        assert!(!fits("hold", "2020-07-21") && !fits("hold", "2020-06-30"));
        // A notice is public from the day it is published on, and cannot be dated back.
        assert!(fits("announce", "2020-07-20") && !fits("announce", "2020-07-19"));
    }

    #[test]
    fn what_is_about_a_person_goes_with_consent() {
        let sort = find("exemplar").unwrap();
        let mut matter = Matter {
            taken: taken(&[("propose", "2020-04-01"), ("honour", "2020-06-01")]),
            ..Matter::default()
        };
        matter.personal.insert("story".into(), "…".into());
        matter.fields.insert("headline".into(), "Trả hồ sơ tận nhà".into());
        matter.fields.insert("verification".into(), "Đã hỏi".into());
        let read = |matter: &Matter, field: &str, reader| {
            matter.read(sort, sort.field(field).unwrap(), reader).is_some()
        };
        let all = |matter: &Matter, field: &str| {
            [Reader::Public, Reader::Inside, Reader::Unit].map(|reader| read(matter, field, reader))
        };
        assert_eq!(all(&matter, "story"), [false, false, true]);
        assert_eq!(all(&matter, "headline"), [true, true, true]);
        assert_eq!(all(&matter, "verification"), [false, false, true]);
        assert!(!matter.shows_files(sort, Reader::Public) && !matter.shows_files(sort, Reader::Inside));
        matter.taken.extend(taken(&[("consent", "2020-06-02")]));
        assert_eq!((all(&matter, "story"), matter.state(sort)), ([true, true, true], "honour"));
        assert!(matter.shows_files(sort, Reader::Public));
        matter.taken.extend(taken(&[("withdraw", "2020-09-02")]));
        assert_eq!(all(&matter, "story"), [false, false, true]);
        assert!(matter.is_withdrawn(sort) && matter.is_public(sort));
        // Before it is public nobody outside reads anything, with consent or without.
        matter.taken = taken(&[("propose", "2020-04-01"), ("consent", "2020-04-02")]);
        assert_eq!(all(&matter, "story"), [false, false, true]);
        assert_eq!(all(&matter, "headline"), [false, true, true]);
    }

    #[test]
    fn authors_are_never_public() {
        let sort = find("initiative").unwrap();
        let mut matter = Matter {
            taken: taken(&[("register", "2020-04-01"), ("recognise", "2020-06-01")]),
            ..Matter::default()
        };
        matter.personal.insert("authors".into(), "A".into());
        let field = sort.field("authors").unwrap();
        assert_eq!(matter.read(sort, field, Reader::Public), None);
        assert_eq!(matter.read(sort, field, Reader::Inside), None);
        assert_eq!(matter.read(sort, field, Reader::Unit), Some("A"));
    }

    #[test]
    fn what_is_late_holds_up_what_comes_after_it() {
        let sort = find("task").unwrap();
        let task = |code: &str, due: &str, after: &str, done: bool| {
            let fields =
                [("due_on", due), ("after", after)].map(|(id, text)| (id.to_owned(), text.to_owned()));
            let mut steps = taken(&[("assign", "2020-01-01")]);
            if done {
                steps.extend(taken(&[("done", "2020-02-01")]));
            }
            Matter { code: code.into(), fields: fields.into(), taken: steps, ..Matter::default() }
        };
        let all = [
            task("1", "2020-03-01", "", false),
            task("2", "2020-12-01", "1", false),
            task("3", "2020-12-31", "2", false),
            task("4", "2020-03-01", "1", true),
            // Two that wait for each other.
            task("5", "2020-03-01", "6", false),
            task("6", "2020-12-01", "5", false),
        ];
        let waits = waiting(sort, &all, day("2020-06-01"));
        let expected = [("2", vec!["1"]), ("3", vec!["1"]), ("6", vec!["5"])];
        let expected = expected
            .map(|(code, before)| (code.to_owned(), before.iter().map(|one| (*one).to_owned()).collect()));
        assert_eq!(waits, BTreeMap::from(expected));
        assert_eq!(all[0].days_over(sort, day("2020-03-01")), None);
        assert_eq!(all[0].days_over(sort, day("2020-03-02")), Some(1));
        assert_eq!(all[3].days_over(sort, day("2020-06-01")), None);
    }

    #[test]
    fn titles_that_say_the_same_are_alike() {
        assert!(alike("Phiếu hẹn điện tử", "PHIEU HEN dien tu"));
        assert!(alike("Tra cứu tiến độ hồ sơ giấy", "Tra cứu hồ sơ giấy, tiến độ"));
        assert!(!alike("Phiếu hẹn điện tử", "Phiếu hẹn giấy") && !alike("", ""));
    }

    #[test]
    fn a_matter_that_was_withdrawn_is_nobodys_business_any_more() {
        let sort = find("plan").unwrap();
        let mut matter = Matter { taken: taken(&[("issue", "2020-04-01")]), ..Matter::default() };
        assert!(matter.is_public(sort));
        matter.gone = true;
        assert!(!matter.is_public(sort) && matter.is_closed(sort) && matter.next(sort).is_empty());
    }
}
