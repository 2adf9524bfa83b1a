//! A yearbook out of a service, as [`super::bring`] takes it in.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use giaouoc_agreement::text::Text;
use giaouoc_store::clusters::Cluster;
use giaouoc_store::matters::{self, Filter};
use giaouoc_store::{Result, Store, agreeing, boards, events, evidence, people, pictures, releases};
use giaouoc_web::files::Files;
use giaouoc_web::sheet::Sheet;
use giaouoc_worktime::zone::Zone;
use giaouoc_year::yearbook::{
    self, Attached, Draft, Edit, Entry, Event, Gone, Joined, Mark, Part, Point, Question, Release, Report,
    Step, Version, Yearbook,
};
use serde_json::{Value, json};

use super::FOLDER;
use crate::fault::{Fault, Outcome};
use crate::serve::{ZONE, store_fault};

/// Everything of a cluster that a yearbook has, and the files that it names: their path in `year/`, their digest.
#[derive(Debug)]
pub struct Taken {
    /// The yearbook.
    pub book: Yearbook,
    /// Files to copy.
    pub files: Vec<(String, String)>,
}

struct Taking<'a> {
    store: &'a Store,
    kept: &'a Files,
    names: HashMap<i64, String>,
    files: Vec<(String, String)>,
}

/// Takes a cluster's yearbook out of the store.
///
/// # Errors
/// When the database fails.
pub async fn take(store: &Store, kept: &Files, cluster: &Cluster) -> Result<Taken> {
    let on = store.read();
    let names = people::all(on).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let mut taking = Taking { store, kept, names, files: Vec::new() };
    let slug = cluster.slug.as_str();
    let mut book = Yearbook::default();
    // In the order in which they were entered: brought in again they have the same numbers.
    let mut days = events::of(on, slug, true).await?;
    days.sort_by_key(|event| event.id);
    for event in days {
        book.events.push(Event {
            id: format!("e{}", event.id),
            day: event.day,
            name: Text::new(event.name_vi, event.name_en),
            sort: event.sort,
            source: event.source,
            mark: taking.mark(event.at, event.person, None),
        });
    }
    let filter = Filter { cluster: Some(slug.to_owned()), gone: true, ..Filter::default() };
    let rows = matters::list(on, &filter).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut personal: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    for (id, field, value) in matters::personal(on, &ids).await? {
        personal.entry(id).or_default().push((field, value));
    }
    for row in rows {
        let mut entry = taking.matter(&row).await?;
        entry.personal.extend(personal.remove(&row.id).unwrap_or_default());
        book.matters.push(entry);
    }
    for draft in agreeing::all(on, slug).await?.into_iter().rev() {
        book.drafts.push(taking.draft(draft).await?);
    }
    for release in releases::all(on, slug).await? {
        book.releases.push(taking.release(release).await?);
    }
    Ok(Taken { book, files: taking.files })
}

/// Writes what was taken into a bundle's folder.
pub fn write(taken: &Taken, kept: &Files, bundle: &Path) -> Outcome {
    let zone = Zone::get(ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let folder = bundle.join(FOLDER);
    let put = |path: &str, bytes: &[u8]| {
        let to = folder.join(path);
        let parent = to.parent().unwrap_or(&folder).to_path_buf();
        fs::create_dir_all(&parent).map_err(|error| Fault::io(&parent, &error))?;
        fs::write(&to, bytes).map_err(|error| Fault::io(&to, &error))
    };
    for (path, text) in yearbook::write(&taken.book, &zone) {
        put(&path, text.as_bytes())?;
    }
    for (path, sha256) in &taken.files {
        let Some(from) = kept.path(sha256) else { continue };
        let bytes = fs::read(&from).map_err(|error| Fault::io(&from, &error))?;
        put(path, &bytes)?;
    }
    Ok(())
}

/// Takes a cluster's yearbook out and writes it into a bundle's folder.
pub async fn into(store: &Store, kept: &Files, cluster: &Cluster, bundle: &Path) -> Outcome<usize> {
    let taken = take(store, kept, cluster).await.map_err(|error| store_fault(&error))?;
    write(&taken, kept, bundle)?;
    Ok(taken.book.matters.len())
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl Taking<'_> {
    fn mark(&self, at: i64, person: i64, on_behalf: Option<String>) -> Mark {
        Mark { at: Some(at), by: self.names.get(&person).cloned(), on_behalf }
    }

    fn gone(&self, gone: Option<(i64, i64, String)>) -> Option<Gone> {
        gone.map(|(at, by, reason)| Gone { mark: self.mark(at, by, None), reason })
    }

    /// Where a file is to lie; nothing where its bytes are gone.
    fn file(&mut self, sha256: &str, name: &str) -> Option<String> {
        if !self.kept.path(sha256).is_some_and(|path| path.is_file()) {
            return None;
        }
        // Of its name only what every file system takes.
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ');
        let name: String = name.chars().filter(|letter| plain(*letter)).take(80).collect();
        let path = format!("files/{}-{name}", sha256.get(..12).unwrap_or(sha256));
        if !self.files.iter().any(|(there, _)| *there == path) {
            self.files.push((path.clone(), sha256.to_owned()));
        }
        Some(path)
    }

    async fn matter(&mut self, row: &matters::Matter) -> Result<Entry> {
        let on = self.store.read();
        let mut entry = Entry {
            sort: row.sort.clone(),
            code: row.code.clone(),
            unit: row.unit.clone(),
            common: row.common,
            fields: row.fields.clone(),
            begun: self.mark(row.begun_at, row.begun_by, None),
            gone: self.gone(row.gone.clone()),
            ..Entry::default()
        };
        for step in matters::steps(on, row.id).await? {
            entry.steps.push(Step {
                step: step.step,
                day: step.day,
                note: step.note,
                mark: self.mark(step.at, step.person, step.on_behalf),
                gone: self.gone(step.gone),
            });
        }
        for edit in matters::edits(on, row.id).await? {
            entry.edits.push(Edit {
                mark: self.mark(edit.at, edit.person, edit.on_behalf),
                reason: edit.reason,
                changes: edit.changes,
            });
        }
        for one in matters::joined(on, &[row.id]).await? {
            entry.joined.push(Joined {
                mark: self.mark(one.at, one.person, one.on_behalf),
                cluster: some(one.cluster).filter(|cluster| *cluster != row.cluster),
                unit: one.unit,
                yes: one.yes,
                day: one.day,
                number: one.number,
                said: one.said,
                report_by: one.report_by,
                result: some(one.result).map(|result| (result, one.result_day.unwrap_or_default())),
            });
        }
        for one in matters::of_matter(on, row.id).await? {
            let (reply, replied_at) = one.reply.unzip();
            entry.questions.push(Question {
                text: one.text,
                mark: Mark {
                    at: Some(one.at),
                    by: one.person.and_then(|person| self.names.get(&person).cloned()),
                    on_behalf: None,
                },
                there: one.there,
                state: one.state.word().to_owned(),
                aside: one.aside,
                owner: one.owner,
                due: one.due,
                reply,
                replied: Mark {
                    at: replied_at,
                    by: one.replied_by.and_then(|person| self.names.get(&person).cloned()),
                    on_behalf: None,
                },
            });
        }
        for paper in matters::papers(on, row.id).await? {
            entry.reports.push(Report {
                body: serde_json::from_str(&paper.body).unwrap_or_default(),
                unit: paper.unit,
                sent_at: paper.sent_at,
                mark: self.mark(paper.at, paper.person, paper.on_behalf),
            });
        }
        for point in matters::points(on, &[row.id]).await? {
            entry.points.push(Point {
                text: point.text,
                unit: point.unit,
                due: point.due,
                done: point.done,
                mark: self.mark(point.at, point.person, None),
                done_at: point.done_at,
            });
        }
        let files = evidence::of(on, &row.cluster, &matters::evidence_kind(&row.sort), &row.code).await?;
        let mut known = pictures::of(on, &files.iter().map(|file| file.id).collect::<Vec<_>>()).await?;
        for file in files {
            let picture = known.remove(&file.id).unwrap_or_default();
            let people = picture.people.into_iter();
            entry.files.push(Attached {
                path: self.file(&file.sha256, &file.name).unwrap_or_default(),
                sha256: Some(file.sha256),
                name: file.name,
                media: file.media,
                bytes: file.bytes,
                mark: self.mark(file.at, file.person, None),
                gone: self.gone(file.gone),
                caption: picture.caption,
                looked: picture.looked,
                people: people.map(|one| (one.name, one.agreed_on.unwrap_or_default())).collect(),
            });
        }
        Ok(entry)
    }

    async fn draft(&mut self, row: agreeing::Draft) -> Result<Draft> {
        let on = self.store.read();
        let mut draft = Draft {
            number: row.number,
            stage: row.stage,
            base: row.base,
            before: row.before,
            digest: row.digest,
            respond_by: row.respond_by,
            circulated_at: row.circulated_at,
            frozen_at: row.frozen_at,
            in_force_at: row.in_force_at,
            ceremony: row.ceremony.and_then(|text| serde_json::from_str(&text).ok()),
            later: row.later.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            mark: self.mark(row.created_at, row.person, None),
            ..Draft::default()
        };
        for version in agreeing::versions(on, row.id).await? {
            draft.versions.push(Version {
                path: format!("agreeing/{}/{}.toml", row.number, version.number),
                text: version.text,
                note: version.note,
                mark: self.mark(version.at, version.person, None),
            });
        }
        for part in agreeing::history(on, row.id).await? {
            let mut body: Value = serde_json::from_str(&part.body).unwrap_or_default();
            for scan in ["scan", "mandate"] {
                let text = |key: &str| body[scan].get(key).and_then(Value::as_str).map(str::to_owned);
                let (Some(sha256), Some(name)) = (text("sha256"), text("name")) else { continue };
                if let Some(path) = self.file(&sha256, &name) {
                    body[scan] = json!({"path": path, "sha256": sha256, "name": name});
                }
            }
            draft.parts.push(Part {
                id: part.id,
                sort: part.sort.word().to_owned(),
                unit: part.unit,
                place: part.place,
                body,
                mark: self.mark(part.at, part.person, part.on_behalf),
            });
        }
        Ok(draft)
    }

    async fn release(&self, release: releases::Release) -> Result<Release> {
        let board = match release.board {
            Some(board) => boards::get(self.store.read(), board).await?,
            None => None,
        };
        let as_of = board.as_ref().and_then(|board| {
            let sheet: Sheet = serde_json::from_str(&board.sheet).ok()?;
            some(sheet.as_of)
        });
        Ok(Release {
            number: release.number,
            name: Text::new(release.name_vi, release.name_en),
            confirm_by: release.confirm_by,
            publish_at: release.publish_at,
            published_at: release.published_at,
            as_of,
            head: board.map(|board| board.head),
            standing: release.standing.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            mark: self.mark(release.planned_at, release.planned_by, None),
        })
    }
}
