//! Reads the files of `year/`.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::problem::{Problem, Severity};
use giaouoc_agreement::text::Text;
use giaouoc_agreement::toml_read::{Document, Field, Table, text_of};
use giaouoc_worktime::time::Moment;
use giaouoc_worktime::zone::Zone;

use super::{
    Attached, Edit, Entry, Event, Gone, Joined, Mark, Micros, Point, Question, Release, Step, Yearbook,
};
use super::{check, parts};
use crate::sort::{self, Sort};

/// More entries of one sort than this in one file are a mistake.
pub(super) const MOST: usize = 20_000;

/// Noon, in seconds of the day.
const NOON: u32 = 12 * 3_600;

/// What a yearbook is held against.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Codes of the cluster's units.
    pub units: &'a [String],
    /// Ids of the agreement's targets.
    pub targets: &'a [String],
    /// The cluster's year.
    pub year: i32,
    /// The zone of days and hours without an offset.
    pub zone: &'a Zone,
}

/// Reads a yearbook. `texts` are the TOML files of `year/` and `others` the paths of its other files, both within `year/`
/// with `/` between parts. The problems are those of all files, in order of file and place; those about the whole bundle's
/// path begin with `year/`.
pub fn read(
    texts: &BTreeMap<String, Vec<u8>>,
    others: &BTreeSet<String>,
    known: &Known<'_>,
) -> (Yearbook, Vec<Problem>) {
    let mut book = Yearbook::default();
    let mut problems = Vec::new();
    let mut versions: BTreeSet<String> = BTreeSet::new();
    // Drafts first: they say which files are their texts.
    for drafts in [true, false] {
        for (path, bytes) in texts {
            let draft = path.starts_with("agreeing/");
            if draft != drafts || versions.contains(path) || is_text_of_draft(path, texts) {
                continue;
            }
            let file = format!("year/{path}");
            let text = match text_of(&file, bytes) {
                Ok(text) => text,
                Err(problem) => {
                    problems.push(*problem);
                    continue;
                }
            };
            let doc = Document::parse(&file, text);
            if !doc.broken() {
                let at = Reading { doc: &doc, known, others };
                match path.as_str() {
                    "calendar.toml" => book.events = at.events(),
                    "releases.toml" => book.releases = at.releases(),
                    _ if draft => {
                        if let Some(draft) = parts::draft(&at, texts) {
                            versions.extend(draft.versions.iter().map(|version| version.path.clone()));
                            book.drafts.push(draft);
                        }
                    }
                    _ => book.matters.extend(at.matter()),
                }
            }
            problems.extend(doc.into_problems());
        }
    }
    let begun =
        |entry: &Entry| (entry.begun.at.unwrap_or(Micros::MAX), entry.sort.clone(), entry.code.clone());
    book.matters.sort_by_key(begun);
    book.drafts.sort_by_key(|draft| draft.number);
    book.releases.sort_by_key(|release| release.number);
    problems.extend(check::together(&book, known));
    problems.sort_by(Problem::order);
    problems.dedup();
    (book, problems)
}

/// Whether a file is the text of a draft's version: `agreeing/1/2.toml` beside `agreeing/1.toml`.
fn is_text_of_draft(path: &str, texts: &BTreeMap<String, Vec<u8>>) -> bool {
    let mut folders = path.rsplitn(2, '/').skip(1);
    folders.next().is_some_and(|folder| texts.contains_key(&format!("{folder}.toml")))
}

/// A file that is being read.
pub(super) struct Reading<'a, 'd> {
    pub doc: &'d Document<'d>,
    pub known: &'a Known<'a>,
    pub others: &'a BTreeSet<String>,
}

/// A text that may be blank or absent.
pub(super) fn words(field: &Field<'_>) -> String {
    field.cell().map(|at| at.value.replace("\r\n", "\n")).unwrap_or_default()
}

fn some(field: &Field<'_>) -> Option<String> {
    Some(words(field)).filter(|text| !text.is_empty())
}

impl Reading<'_, '_> {
    /// A day, written as a date or in quotes.
    pub fn day(&self, field: &Field<'_>) -> Option<String> {
        let cell = field.cell()?;
        match crate::value::day(&cell) {
            Ok(day) => Some(day.to_string()),
            Err(why) => {
                self.doc.error("bad-date", cell.span, why, None);
                None
            }
        }
    }

    /// A time with its offset; without one it is the zone's.
    pub fn time(&self, field: &Field<'_>) -> Option<Micros> {
        let cell = field.cell()?;
        match self.known.zone.parse_moment(&cell) {
            Ok(Moment::Instant(at)) => Some(at.0),
            // A bare day: what is meant is some time of it, and noon is in the middle.
            Ok(Moment::Day(day)) => Some(self.known.zone.instant_of(day, NOON).0),
            Err(error) => {
                let message = Text::new(error.vi(), error.en());
                let help =
                    Text::new("Ví dụ: 2020-07-01T08:30:00+07:00.", "Such as 2020-07-01T08:30:00+07:00.");
                self.doc.error("bad-time", cell.span, message, Some(help));
                None
            }
        }
    }

    pub fn mark(&self, table: &Table<'_>) -> Mark {
        Mark {
            at: self.time(&table.may("at")),
            by: some(&table.may("by")),
            on_behalf: some(&table.may("on_behalf")),
        }
    }

    fn gone(&self, field: &Field<'_>) -> Option<Gone> {
        let table = field.table()?;
        let (mark, reason) = (self.mark(&table), words(&table.need("reason")));
        table.finish();
        Some(Gone { mark, reason })
    }

    pub fn unit(&self, field: &Field<'_>) -> Option<String> {
        let code = field.string()?;
        if self.known.units.contains(&code.value) {
            return Some(code.value);
        }
        let near = giaouoc_agreement::problem::nearest(&code, self.known.units.iter().map(String::as_str));
        let help = near
            .map(|near| Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?")));
        let message = Text::new(
            format!("Không có đơn vị \"{}\".", code.value),
            format!("There is no unit \"{}\".", code.value),
        );
        self.doc.error("unknown-unit", code.span, message, help);
        None
    }

    fn events(&self) -> Vec<Event> {
        let root = self.doc.root();
        root.may("format").integer(1..=1);
        let tables = root.may("event").few_tables(MOST);
        root.finish();
        let event = |table: Table<'_>| {
            let event = Event {
                id: table.need("id").id().map(|at| at.value).unwrap_or_default(),
                day: self.day(&table.need("day")).unwrap_or_default(),
                name: table.need("name").text().map(|at| at.value).unwrap_or_default(),
                sort: table
                    .need("sort")
                    .one_of(&[("event", "event"), ("meeting", "meeting"), ("deadline", "deadline")])
                    .map(|at| at.value.to_owned())
                    .unwrap_or_default(),
                source: words(&table.may("source")),
                mark: self.mark(&table),
            };
            table.finish();
            event
        };
        tables.into_iter().map(event).collect()
    }

    fn releases(&self) -> Vec<Release> {
        let root = self.doc.root();
        root.may("format").integer(1..=1);
        let tables = root.may("release").few_tables(MOST);
        root.finish();
        let release = |table: Table<'_>| {
            let publish_at = self.time(&table.need("publish_at")).unwrap_or_default();
            let standing = table.may("standing").table().map(|table| table.entries()).unwrap_or_default();
            let words = [("confirmed", "confirmed"), ("changed", "changed"), ("unconfirmed", "unconfirmed")];
            let stands = |(unit, word): (giaouoc_agreement::toml_read::At<String>, Field<'_>)| {
                Some((unit.value, word.one_of(&words)?.value.to_owned()))
            };
            let release = Release {
                number: table.need("number").integer(1..=10_000).map(|at| at.value).unwrap_or_default(),
                name: table.need("name").text().map(|at| at.value).unwrap_or_default(),
                confirm_by: self.time(&table.may("confirm_by")).unwrap_or(publish_at),
                publish_at,
                published_at: self.time(&table.may("published_at")),
                as_of: self.day(&table.may("as_of")),
                head: table.may("head").integer(0..=i64::MAX).map(|at| at.value),
                standing: standing.into_iter().filter_map(stands).collect(),
                mark: self.mark(&table),
            };
            table.finish();
            release
        };
        tables.into_iter().map(release).collect()
    }

    fn matter(&self) -> Option<Entry> {
        let root = self.doc.root();
        root.may("format").integer(1..=1);
        let named = root.need("sort").string();
        let sort = named.and_then(|at| self.sort(at.span.clone(), &at));
        let mut entry = Entry {
            file: self.doc.file().to_owned(),
            sort: sort.map(|sort| sort.id.clone()).unwrap_or_default(),
            code: root.need("code").string().map(|at| at.value).unwrap_or_default(),
            unit: self.unit(&root.need("unit")).unwrap_or_default(),
            common: root.may("common").flag().is_some_and(|at| at.value),
            begun: self.mark(&root),
            gone: self.gone(&root.may("gone")),
            ..Entry::default()
        };
        for (key, personal) in [("fields", false), ("personal", true)] {
            for (name, value) in root.may(key).table().map(|table| table.entries()).unwrap_or_default() {
                let Some(sort) = sort else { continue };
                let text = words(&value).trim().to_owned();
                let span = value.span().unwrap_or_default();
                let held = if personal { &mut entry.personal } else { &mut entry.fields };
                if check::field(self.doc, sort, &name, personal)
                    && !text.is_empty()
                    && let Some(text) = check::value(self.doc, sort, &name, &text, span)
                {
                    held.insert(name.value, text);
                }
            }
        }
        entry.steps = root.may("step").few_tables(MOST).into_iter().map(|table| self.step(table)).collect();
        entry.edits = root.may("edit").few_tables(MOST).into_iter().map(|table| self.edit(table)).collect();
        entry.joined =
            root.may("joined").few_tables(MOST).into_iter().map(|table| self.joined(table)).collect();
        entry.questions =
            root.may("question").few_tables(MOST).into_iter().map(|table| self.question(table)).collect();
        entry.reports = root
            .may("report")
            .few_tables(MOST)
            .into_iter()
            .filter_map(|table| parts::report(self, table))
            .collect();
        entry.points =
            root.may("point").few_tables(MOST).into_iter().map(|table| self.point(table)).collect();
        entry.files =
            root.may("file").few_tables(MOST).into_iter().map(|table| self.attached(table)).collect();
        root.finish();
        let sort = sort?;
        check::steps(self.doc, sort, &entry);
        let errors = self.doc.has_errors();
        (!errors).then_some(entry)
    }

    fn sort(&self, span: std::ops::Range<usize>, id: &str) -> Option<&'static Sort> {
        let found = sort::find(id);
        if found.is_none() {
            let all: Vec<&str> = sort::all().iter().map(|sort| sort.id.as_str()).collect();
            let all = all.join(", ");
            self.doc.error(
                "unknown-sort",
                span,
                Text::new(
                    format!("Không có loại việc \"{id}\"."),
                    format!("There is no sort of matters \"{id}\"."),
                ),
                Some(Text::new(format!("Hãy chọn: {all}."), format!("Choose one of {all}."))),
            );
        }
        found
    }

    fn step(&self, table: Table<'_>) -> Step {
        let step = Step {
            step: table.need("step").string().map(|at| at.value).unwrap_or_default(),
            day: self.day(&table.need("day")).unwrap_or_default(),
            note: some(&table.may("note")),
            mark: self.mark(&table),
            gone: self.gone(&table.may("gone")),
        };
        table.finish();
        step
    }

    fn edit(&self, table: Table<'_>) -> Edit {
        let changes = table.may("changes").table().map(|table| table.entries()).unwrap_or_default();
        let pair = |(field, value): (giaouoc_agreement::toml_read::At<String>, Field<'_>)| {
            let both = value.list(|one| Some(words(&one)));
            let mut both = both.into_iter();
            (field.value, both.next().unwrap_or_default(), both.next().unwrap_or_default())
        };
        let edit = Edit {
            mark: self.mark(&table),
            reason: some(&table.may("reason")),
            changes: changes.into_iter().map(pair).collect(),
        };
        table.finish();
        edit
    }

    fn joined(&self, table: Table<'_>) -> Joined {
        let cluster = some(&table.may("cluster"));
        // A unit of another cluster is known there.
        let unit = match &cluster {
            Some(_) => table.need("unit").string().map(|at| at.value),
            None => self.unit(&table.need("unit")),
        };
        let result = some(&table.may("result"));
        let result_day = self.day(&table.may("result_day"));
        let joined = Joined {
            unit: unit.unwrap_or_default(),
            cluster,
            yes: table.may("yes").flag().is_none_or(|at| at.value),
            day: self.day(&table.need("day")).unwrap_or_default(),
            number: table.may("number").integer(0..=i64::from(u32::MAX)).map(|at| at.value),
            said: words(&table.may("said")),
            report_by: self.day(&table.may("report_by")),
            result: result.map(|result| (result, result_day.unwrap_or_default())),
            mark: self.mark(&table),
        };
        table.finish();
        joined
    }

    fn question(&self, table: Table<'_>) -> Question {
        let states = [("waiting", "waiting"), ("shown", "shown"), ("aside", "aside")];
        let state = table.may("state").one_of(&states).map_or("shown", |at| at.value);
        let question = Question {
            text: words(&table.need("text")),
            mark: self.mark(&table),
            there: table.may("there").flag().is_some_and(|at| at.value),
            state: state.to_owned(),
            aside: some(&table.may("aside")),
            owner: words(&table.may("owner")),
            due: self.day(&table.may("due")),
            reply: some(&table.may("reply")),
            replied: Mark {
                at: self.time(&table.may("replied_at")),
                by: some(&table.may("replied_by")),
                on_behalf: None,
            },
        };
        table.finish();
        question
    }

    fn point(&self, table: Table<'_>) -> Point {
        let done = self.day(&table.may("done"));
        let how = words(&table.may("how"));
        let point = Point {
            text: words(&table.need("text")),
            unit: self.unit(&table.need("unit")).unwrap_or_default(),
            due: self.day(&table.need("due")).unwrap_or_default(),
            done: done.map(|day| (day, how)),
            mark: self.mark(&table),
            done_at: self.time(&table.may("done_at")),
        };
        table.finish();
        point
    }

    fn attached(&self, table: Table<'_>) -> Attached {
        let file = self.file(&table);
        table.finish();
        file
    }

    fn file(&self, table: &Table<'_>) -> Attached {
        let path = table.may("path").string();
        let gone = self.gone(&table.may("gone"));
        let sha256 = some(&table.may("sha256"));
        if let Some(path) = &path {
            check::file_there(self, path);
        } else if gone.is_none() || sha256.is_none() {
            self.doc.error(
                "missing-key",
                table.span(),
                Text::new(
                    "Thiếu \"path\": tệp nằm ở đâu trong year/.",
                    "\"path\" is missing: where the file lies in year/.",
                ),
                None,
            );
        }
        let path = path.map(|at| at.value).unwrap_or_default();
        let name = some(&table.may("name"));
        Attached {
            name: name.unwrap_or_else(|| path.rsplit('/').next().unwrap_or_default().to_owned()),
            path,
            sha256,
            media: words(&table.may("media")),
            bytes: table.may("bytes").integer(0..=i64::MAX).map_or(0, |at| at.value),
            mark: self.mark(table),
            gone,
            caption: words(&table.may("caption")),
            looked: table.may("looked").flag().is_some_and(|at| at.value),
            people: table.may("people").few_tables(MOST).into_iter().map(|table| self.shown(table)).collect(),
        }
    }

    /// Somebody in a picture.
    fn shown(&self, table: Table<'_>) -> (String, String) {
        let name = words(&table.need("name"));
        let agreed = self.day(&table.may("agreed_on")).unwrap_or_default();
        table.finish();
        (name, agreed)
    }
}

/// Whether anything among the problems keeps a yearbook from being brought in.
pub fn is_wrong(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}
