//! The yearbook (*hồ sơ năm*): a cluster's year of work as files of its bundle, in `year/`. What a service holds besides records
//! goes out and comes in with it: matters with their steps, the calendar's own days, how the agreement came about, releases.
//!
//! One file a matter and one a draft, so that people can read, compare and write them; `docs/yearbook.md` describes them. Whoever
//! entered something is there by name only. Reading says everything that is wrong at once, each with its place ([`read`]);
//! what is read is also held against the rules of the sorts: a step out of order, a value that no form would take.

mod check;
mod parts;
mod read;
mod write;

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use serde_json::Value;

use crate::signing::Ceremony;

pub use self::check::as_matter;
pub use self::read::{Known, is_wrong, read};
pub use self::write::write;

/// Microseconds since 1970.
pub type Micros = i64;

/// Everything of `year/`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Yearbook {
    /// Days of the calendar besides the anniversaries of every year.
    pub events: Vec<Event>,
    /// What was published, in order of number.
    pub releases: Vec<Release>,
    /// The year's work, in the order in which it was begun.
    pub matters: Vec<Entry>,
    /// Drafts of the agreement, in order of number.
    pub drafts: Vec<Draft>,
}

/// Who entered something, and when; nothing: the one who brings the yearbook in, then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Option<Micros>,
    /// Who, by name.
    pub by: Option<String>,
    /// What it rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
}

/// That something was taken back, by whom and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// When and by whom.
    pub mark: Mark,
    /// Why.
    pub reason: String,
}

/// A day of the calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// What fields name it by.
    pub id: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Its name.
    pub name: Text,
    /// `event`, `meeting`, `deadline`.
    pub sort: String,
    /// Where it is written.
    pub source: String,
    /// Who entered it.
    pub mark: Mark,
}

/// A release: figures as they were published. They are computed again when it is brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// Its number within the cluster.
    pub number: i64,
    /// Its name.
    pub name: Text,
    /// Until when units confirmed.
    pub confirm_by: Micros,
    /// When it was to be published.
    pub publish_at: Micros,
    /// When it was.
    pub published_at: Option<Micros>,
    /// The day as of which its figures are, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// The journal's entry up to which records counted; nothing: all.
    pub head: Option<i64>,
    /// How each unit stood to its figures: `confirmed`, `changed`, `unconfirmed`.
    pub standing: BTreeMap<String, String>,
    /// Who planned it.
    pub mark: Mark,
}

/// A matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The file that it stands in.
    pub file: String,
    /// Its sort.
    pub sort: String,
    /// Its code.
    pub code: String,
    /// The unit.
    pub unit: String,
    /// Whether it is the whole cluster's.
    pub common: bool,
    /// Its fields in canonical form.
    pub fields: BTreeMap<String, String>,
    /// The same about persons.
    pub personal: BTreeMap<String, String>,
    /// Who began it.
    pub begun: Mark,
    /// That it was withdrawn.
    pub gone: Option<Gone>,
    /// Its steps, in the order in which they were taken.
    pub steps: Vec<Step>,
    /// What stood in its fields before.
    pub edits: Vec<Edit>,
    /// Units that take part or take it up.
    pub joined: Vec<Joined>,
    /// Questions of residents.
    pub questions: Vec<Question>,
    /// Reports to a review.
    pub reports: Vec<Report>,
    /// Points to mend.
    pub points: Vec<Point>,
    /// Files that show it.
    pub files: Vec<Attached>,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub step: String,
    /// The day on which it happened, `YYYY-MM-DD`.
    pub day: String,
    /// Why, where that is asked.
    pub note: Option<String>,
    /// Who entered it.
    pub mark: Mark,
    /// That it was taken back.
    pub gone: Option<Gone>,
}

/// A change of fields: field, before, after. Of fields about persons only that they changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Who changed them.
    pub mark: Mark,
    /// Why.
    pub reason: Option<String>,
    /// What.
    pub changes: Vec<(String, String, String)>,
}

/// A unit that takes part or takes it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// The unit.
    pub unit: String,
    /// Its cluster, where it is another one.
    pub cluster: Option<String>,
    /// Whether it said yes.
    pub yes: bool,
    /// Since which day, `YYYY-MM-DD`.
    pub day: String,
    /// How many of its people.
    pub number: Option<i64>,
    /// What it said.
    pub said: String,
    /// Until which day it means to report what came of it, `YYYY-MM-DD`.
    pub report_by: Option<String>,
    /// What came of it, and the day of that report.
    pub result: Option<(String, String)>,
    /// Who entered it.
    pub mark: Mark,
}

/// A question of a resident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// When it came; without a name where it was not asked at the dialogue itself.
    pub mark: Mark,
    /// Whether it was asked there.
    pub there: bool,
    /// `waiting`, `shown`, `aside`.
    pub state: String,
    /// Why it was put aside.
    pub aside: Option<String>,
    /// Who is to answer.
    pub owner: String,
    /// By which day, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// The answer.
    pub reply: Option<String>,
    /// Who gave it.
    pub replied: Mark,
}

/// A unit's report to a review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The unit.
    pub unit: String,
    /// What it says.
    pub body: crate::review::Report,
    /// When it was sent.
    pub sent_at: Option<Micros>,
    /// Who wrote it.
    pub mark: Mark,
}

/// A point to mend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// What is to be done.
    pub text: String,
    /// By which unit.
    pub unit: String,
    /// By which day, `YYYY-MM-DD`.
    pub due: String,
    /// The day on which it was done, and how.
    pub done: Option<(String, String)>,
    /// Who entered it.
    pub mark: Mark,
    /// When it was noted that it was done.
    pub done_at: Option<Micros>,
}

/// A file that shows something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// Where it lies within `year/`; blank where its bytes are gone.
    pub path: String,
    /// Its name, as shown.
    pub name: String,
    /// SHA-256 of its bytes, where it comes from a service: they were looked at there and stay as they are.
    pub sha256: Option<String>,
    /// Its media type, where its bytes are gone.
    pub media: String,
    /// Its size, where its bytes are gone.
    pub bytes: i64,
    /// Who brought it.
    pub mark: Mark,
    /// That it was taken away.
    pub gone: Option<Gone>,
    /// What a picture shows, in words.
    pub caption: String,
    /// Whether somebody has looked who can be known in it.
    pub looked: bool,
    /// Who is shown, and the day on which they agreed, `YYYY-MM-DD`; blank where they have not.
    pub people: Vec<(String, String)>,
}

/// A draft of the agreement, and how it was agreed on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The file that it stands in.
    pub file: String,
    /// Its number within the cluster.
    pub number: i64,
    /// Where it is on its way: a word of [`crate::agreeing::Stage`].
    pub stage: String,
    /// What it began as.
    pub base: String,
    /// The cluster of the year before.
    pub before: Option<String>,
    /// The digest that is signed.
    pub digest: Option<String>,
    /// The last day for remarks, `YYYY-MM-DD`.
    pub respond_by: Option<String>,
    /// When it was sent round.
    pub circulated_at: Option<Micros>,
    /// When it was frozen.
    pub frozen_at: Option<Micros>,
    /// When it came into force.
    pub in_force_at: Option<Micros>,
    /// The ceremony.
    pub ceremony: Option<Ceremony>,
    /// Units that were to sign later.
    pub later: Vec<String>,
    /// Who began it.
    pub mark: Mark,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// What was said and done about it, in order.
    pub parts: Vec<Part>,
}

/// A version of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// Where its text lies within `year/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What was changed, in words.
    pub note: String,
    /// Who saved it.
    pub mark: Mark,
}

/// Something said or done about a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// What others name it by.
    pub id: i64,
    /// `opinion`, `reply`, `paragraph`, `signature`, `certificate`, `registration`.
    pub sort: String,
    /// The unit.
    pub unit: String,
    /// The place; blank where there is none.
    pub place: String,
    /// What was said, in the form of its sort; scans name a `path`.
    pub body: Value,
    /// Who said it.
    pub mark: Mark,
}

#[cfg(test)]
mod tests;
