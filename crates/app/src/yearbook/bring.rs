//! A yearbook into a service: every matter, draft, day and release as its file says, with its own times and by its own people,
//! who are kept as closed accounts of those names. All of it or nothing.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;

use giaouoc_agreement::digest::agreement_digest;
use giaouoc_agreement::text::Text;
use giaouoc_journal::hex;
use giaouoc_store::agreeing::{self, Saving};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self, Join, Reply, State};
use giaouoc_store::{Micros, StoreError, Write, events, evidence, people, pictures, questions, releases};
use giaouoc_web::files::Files;
use giaouoc_year::sort::{self, Type};
use giaouoc_year::yearbook::{Attached, Draft, Entry, Mark, Release, Yearbook, as_matter};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::bundle;
use crate::fault::{Fault, Outcome};
use crate::serve::{Folder, drafting, secret, store_fault};

/// What a release that was brought in keeps the way it was published under.
pub const PART: &str = "brought";
/// Who stands for whoever entered something, where the file does not say.
const NOBODY: &str = "Đưa vào cùng gói dữ liệu";

/// How a release was published elsewhere.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Published {
    /// When.
    pub at: Micros,
    /// The day as of which its figures are.
    pub as_of: Option<String>,
    /// The journal's entry up to which records counted.
    pub head: Option<i64>,
    /// How each unit stood.
    pub standing: BTreeMap<String, String>,
}

/// Where it is brought to.
pub struct To<'a> {
    /// The transaction of all of it.
    pub write: &'a Write,
    /// Files by digest.
    pub files: &'a Files,
    /// The service's folder.
    pub folder: &'a Folder,
    /// The cluster.
    pub slug: &'a str,
    /// Where `year/` lies.
    pub from: PathBuf,
    /// Now.
    pub now: Micros,
}

/// A yearbook on its way in.
struct Bringing<'a> {
    to: &'a To<'a>,
    people: HashMap<String, i64>,
    events: HashMap<String, String>,
}

type Done<T = ()> = Outcome<T>;

fn kept<T>(result: Result<T, StoreError>) -> Done<T> {
    result.map_err(|error| store_fault(&error))
}

/// Brings a yearbook in that was read without errors. Gives how many matters there are.
pub async fn bring(to: &To<'_>, book: &Yearbook) -> Done<usize> {
    let mut at = Bringing { to, people: HashMap::new(), events: HashMap::new() };
    for event in &book.events {
        at.event(event).await?;
    }
    for entry in &book.matters {
        at.matter(entry).await?;
    }
    for draft in &book.drafts {
        at.draft(draft).await?;
    }
    for release in &book.releases {
        at.release(release).await?;
    }
    Ok(book.matters.len())
}

impl Bringing<'_> {
    fn at(&self, mark: &Mark) -> Micros {
        mark.at.unwrap_or(self.to.now)
    }

    /// Whoever entered something: an account of that name that nobody can log in with.
    async fn person(&mut self, mark: &Mark) -> Done<i64> {
        let name = mark.by.as_deref().unwrap_or(NOBODY);
        if let Some(id) = self.people.get(name) {
            return Ok(*id);
        }
        let digest = hex(&Sha256::digest(name.as_bytes()).into());
        let email = format!("{}@goi-du-lieu.invalid", &digest[..16]);
        let on = self.to.write.on();
        let person = kept(people::add(on, &email, name, "vi", self.to.now).await)?;
        if person.disabled_at.is_none() {
            kept(people::set_disabled(on, person.id, Some(self.to.now)).await)?;
        }
        self.people.insert(name.to_owned(), person.id);
        Ok(person.id)
    }

    async fn event(&mut self, event: &giaouoc_year::yearbook::Event) -> Done {
        let person = self.person(&event.mark).await?;
        let new = events::Event {
            cluster: self.to.slug.to_owned(),
            day: event.day.clone(),
            name_vi: event.name.vi.clone(),
            name_en: event.name.en.clone(),
            sort: event.sort.clone(),
            source: event.source.clone(),
            ..events::Event::default()
        };
        let id = kept(events::add(self.to.write.on(), new, person, self.at(&event.mark)).await)?;
        self.events.insert(event.id.clone(), format!("e{id}"));
        Ok(())
    }

    async fn matter(&mut self, entry: &Entry) -> Done {
        let Some(sort) = sort::find(&entry.sort) else { return Ok(()) };
        let (slug, on) = (self.to.slug, self.to.write.on());
        let mut fields = entry.fields.clone();
        for field in sort.fields.iter().filter(|field| field.ty == Type::Event) {
            if let Some(text) = fields.get_mut(&field.id)
                && let Some(id) = self.events.get(text)
            {
                text.clone_from(id);
            }
        }
        let person = self.person(&entry.begun).await?;
        let new = matters::New {
            cluster: slug.to_owned(),
            unit: entry.unit.clone(),
            sort: entry.sort.clone(),
            code: entry.code.clone(),
            common: entry.common,
            fields,
            personal: entry.personal.clone(),
            carried: true,
            person,
            ..matters::New::default()
        };
        let begun = self.at(&entry.begun);
        let (id, _) = kept(matters::begin(on, new, begun).await)?;
        let mut changed = begun;
        for step in &entry.steps {
            let at = self.at(&step.mark);
            changed = changed.max(at);
            let new = matters::NewStep {
                matter: id,
                step: step.step.clone(),
                day: step.day.clone(),
                person: self.person(&step.mark).await?,
                on_behalf: step.mark.on_behalf.clone(),
                note: step.note.clone(),
            };
            let taken = kept(matters::take(on, new, at).await)?;
            if let Some(gone) = &step.gone {
                let person = self.person(&gone.mark).await?;
                kept(matters::take_back(on, taken, (person, &gone.reason), self.at(&gone.mark)).await)?;
            }
        }
        for edit in &entry.edits {
            let line = matters::Edit {
                at: self.at(&edit.mark),
                person: self.person(&edit.mark).await?,
                on_behalf: edit.mark.on_behalf.clone(),
                reason: edit.reason.clone(),
                changes: edit.changes.clone(),
            };
            changed = changed.max(line.at);
            kept(matters::remember(on, id, line).await)?;
        }
        self.around(id, entry).await?;
        let record = (slug, &*matters::evidence_kind(&entry.sort), entry.code.as_str());
        for file in &entry.files {
            self.attach(record, &entry.unit, file).await?;
        }
        let matter = as_matter(entry);
        kept(matters::settle(on, id, (matter.state(sort), matter.is_public(sort)), changed).await)?;
        if let Some(gone) = &entry.gone {
            let person = self.person(&gone.mark).await?;
            kept(matters::withdraw(on, id, 1, (person, &gone.reason), self.at(&gone.mark)).await)?;
        }
        // Where the bundle has no record of it yet, it follows as of any other.
        kept(jobs::ask(on, Work::Carry, slug, Some(id), Some(person), self.to.now).await)?;
        Ok(())
    }

    /// Who joins, what is asked, reports and points.
    async fn around(&mut self, id: i64, entry: &Entry) -> Done {
        let (slug, on) = (self.to.slug, self.to.write.on());
        for joined in &entry.joined {
            let cluster = joined.cluster.clone().unwrap_or_else(|| slug.to_owned());
            let new = Join {
                matter: id,
                cluster: cluster.clone(),
                unit: joined.unit.clone(),
                yes: joined.yes,
                day: joined.day.clone(),
                number: joined.number,
                said: joined.said.clone(),
                report_by: joined.report_by.clone(),
                person: self.person(&joined.mark).await?,
                on_behalf: joined.mark.on_behalf.clone(),
            };
            kept(matters::join(on, new, self.at(&joined.mark)).await)?;
            if let Some((result, day)) = &joined.result {
                kept(matters::report(on, id, (&cluster, &joined.unit), (result, day), None).await)?;
            }
        }
        for question in &entry.questions {
            let asker = if question.there { Some(self.person(&question.mark).await?) } else { None };
            let asked = kept(matters::ask(on, id, &question.text, asker, self.at(&question.mark)).await)?;
            // One that was answered and put aside afterwards keeps its answer.
            kept(matters::sort_out(on, id, asked, (State::Shown, None)).await)?;
            if question.reply.is_some() || question.due.is_some() || !question.owner.is_empty() {
                let reply = Reply {
                    text: question.reply.clone().unwrap_or_default(),
                    owner: question.owner.clone(),
                    due: question.due.clone().unwrap_or_default(),
                    person: self.person(&question.replied).await?,
                    on_behalf: None,
                };
                kept(matters::reply(on, id, asked, reply, self.at(&question.replied)).await)?;
            }
            let state = State::of(&question.state).unwrap_or(State::Waiting);
            kept(matters::sort_out(on, id, asked, (state, question.aside.as_deref())).await)?;
        }
        for report in &entry.reports {
            let paper = matters::Paper {
                matter: id,
                unit: report.unit.clone(),
                body: json(&report.body)?,
                sent_at: report.sent_at,
                person: self.person(&report.mark).await?,
                on_behalf: report.mark.on_behalf.clone(),
                ..matters::Paper::default()
            };
            kept(matters::write_paper(on, paper, self.at(&report.mark)).await)?;
        }
        for point in &entry.points {
            let new = matters::Point {
                matter: id,
                text: point.text.clone(),
                unit: point.unit.clone(),
                due: point.due.clone(),
                ..matters::Point::default()
            };
            let person = self.person(&point.mark).await?;
            let added = kept(matters::add_point(on, new, person, self.at(&point.mark)).await)?;
            if let Some((day, how)) = &point.done {
                let at = point.done_at.unwrap_or(self.to.now);
                kept(matters::mend(on, id, (added, &point.unit), (day, how), at).await)?;
            }
        }
        Ok(())
    }

    /// A file of a matter; one whose bytes are gone is listed as it was.
    async fn attach(&mut self, record: (&str, &str, &str), unit: &str, file: &Attached) -> Done {
        let on = self.to.write.on();
        let new = match (file.path.as_str(), &file.sha256) {
            ("", Some(sha256)) => evidence::New {
                sha256: sha256.clone(),
                name: file.name.clone(),
                media: file.media.clone(),
                bytes: file.bytes,
            },
            (path, sha256) => self.keep(path, &file.name, sha256.as_deref())?,
        };
        let sha256 = new.sha256.clone();
        let person = self.person(&file.mark).await?;
        kept(evidence::add(on, record, unit, new, person, self.at(&file.mark)).await)?;
        let all = kept(evidence::of(on, record.0, record.1, record.2).await)?;
        let Some(mine) = all.iter().rev().find(|one| one.sha256 == sha256 && one.gone.is_none()) else {
            return Ok(());
        };
        let at = self.at(&file.mark);
        if file.looked || !file.caption.is_empty() {
            kept(pictures::describe(on, mine.id, &file.caption, file.looked, person, at).await)?;
        }
        for (name, agreed_on) in &file.people {
            let agreed_on = Some(agreed_on.as_str()).filter(|day| !day.is_empty());
            kept(pictures::name(on, mine.id, name, agreed_on, person, at).await)?;
        }
        if let Some(gone) = &file.gone {
            let person = self.person(&gone.mark).await?;
            kept(evidence::take_away(on, mine.id, person, &gone.reason, self.at(&gone.mark)).await)?;
        }
        Ok(())
    }

    /// Keeps the bytes of a file. One that a service looked at already (its digest is named) stays as it is.
    fn keep(&self, path: &str, name: &str, sha256: Option<&str>) -> Done<evidence::New> {
        let there = self.to.from.join(path);
        let bytes = fs::read(&there).map_err(|error| Fault::io(&there, &error))?;
        let found = hex(&Sha256::digest(&bytes).into());
        if sha256.is_some_and(|named| named != found) {
            return Err(Fault::input(
                format!("year/{path}: nội dung tệp không khớp mã băm đã ghi (sha256); tệp đã bị đổi"),
                format!(
                    "year/{path}: the file does not have the digest that is written (sha256); it was changed"
                ),
            ));
        }
        let checked = giaouoc_web::evidence::check(name, bytes.clone()).map_err(|why| {
            Fault::Input(Text::new(format!("year/{path}: {}", why.vi), format!("year/{path}: {}", why.en)))
        })?;
        let bytes = if sha256.is_some() { bytes } else { checked.bytes };
        let digest = self.to.files.keep(&secret(), &bytes).map_err(|error| Fault::io(&there, &error))?;
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(evidence::New { sha256: digest, name: checked.name, media: checked.media.to_owned(), bytes: size })
    }

    async fn draft(&mut self, draft: &Draft) -> Done {
        let (slug, on) = (self.to.slug, self.to.write.on());
        let dir = self.to.folder.cluster(slug);
        let mut made: Option<agreeing::Draft> = None;
        for version in &draft.versions {
            let saving = Saving {
                text: version.text.clone(),
                note: version.note.clone(),
                checked: json(&drafting::check(&dir, &version.text)?)?,
                person: self.person(&version.mark).await?,
            };
            let at = self.at(&version.mark);
            let there = match &made {
                None => kept(agreeing::start(on, slug, &draft.base, draft.before.clone(), saving, at).await)?,
                Some(found) => {
                    kept(agreeing::save(on, found, found.version, saving, at).await)?;
                    kept(agreeing::by_id(on, found.id).await)?.ok_or_else(lost)?
                }
            };
            let saved = kept(agreeing::version(on, there.id, there.version).await)?.ok_or_else(lost)?;
            // A draft that is settled has no figures any more that anybody waits for.
            if draft.in_force_at.is_none() {
                kept(
                    jobs::ask(on, Work::Draft, slug, Some(saved.id), Some(saved.person), self.to.now).await,
                )?;
            }
            made = Some(there);
        }
        let Some(made) = made else { return Ok(()) };
        let digest = match (&draft.digest, draft.frozen_at, draft.versions.last()) {
            (None, Some(_), Some(version)) => {
                let loaded = bundle::load_with(&dir, &version.text)?;
                Some(agreement_digest(&loaded.bundle, &loaded.calendars))
            }
            (digest, ..) => digest.clone(),
        };
        let later = if draft.later.is_empty() { None } else { Some(json(&draft.later)?) };
        let stepped = agreeing::Draft {
            stage: draft.stage.clone(),
            digest: digest.clone(),
            respond_by: draft.respond_by.clone(),
            circulated_at: draft.circulated_at,
            frozen_at: draft.frozen_at,
            in_force_at: draft.in_force_at,
            ceremony: draft.ceremony.as_ref().map(json).transpose()?,
            later,
            ..made.clone()
        };
        kept(agreeing::step(on, &stepped).await)?;
        let mut ids: HashMap<i64, i64> = HashMap::new();
        let mut seen: HashMap<(String, String, String), i64> = HashMap::new();
        for part in &draft.parts {
            let Some(sort) = agreeing::Sort::of(&part.sort) else { continue };
            let key = (part.sort.clone(), part.unit.clone(), part.place.clone());
            let rev = seen.entry(key).or_default();
            let mut body = part.body.clone();
            // What names another line by its number names it by its new one.
            for field in ["to", "signature"] {
                let new = body.get(field).and_then(Value::as_i64).and_then(|old| ids.get(&old));
                if let Some(new) = new {
                    body[field] = json!(new);
                }
            }
            for scan in ["scan", "mandate"] {
                let Some(one) = body.get(scan).cloned() else { continue };
                let Some(file) = self.scan(&one)? else { continue };
                body[scan] = json!({"sha256": file.sha256, "name": file.name, "media": file.media, "bytes": file.bytes});
                // Kept as evidence as in the ceremony: files that nothing speaks of are removed after a day.
                let record = made.number.to_string();
                let of = (slug, giaouoc_web::SIGNED_KIND, record.as_str());
                let person = self.person(&part.mark).await?;
                kept(evidence::add(on, of, &part.unit, file, person, self.at(&part.mark)).await)?;
            }
            // Files written by hand need not know the digest.
            let blank = |key: &str| body.get(key).and_then(Value::as_str).is_none_or(str::is_empty);
            match (sort, &digest) {
                (agreeing::Sort::Signature, Some(digest)) if blank("digest") => {
                    body["digest"] = json!(digest)
                }
                (agreeing::Sort::Certificate, Some(digest)) if blank("short") => {
                    body["short"] = json!(giaouoc_web::signed_short(digest));
                }
                _ => {}
            }
            let new = agreeing::Part {
                id: 0,
                draft: made.id,
                sort,
                unit: part.unit.clone(),
                place: part.place.clone(),
                rev: 0,
                body: json(&body)?,
                person: self.person(&part.mark).await?,
                at: self.at(&part.mark),
                on_behalf: part.mark.on_behalf.clone(),
            };
            if let Some(id) = kept(agreeing::add(on, slug, new, *rev).await)? {
                ids.insert(part.id, id);
                *rev += 1;
            }
        }
        Ok(())
    }

    /// A scan as the service keeps it; nothing where it names no file.
    fn scan(&self, one: &Value) -> Done<Option<evidence::New>> {
        let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("path").is_empty() {
            return Ok(None);
        }
        let name = match text("name") {
            "" => text("path").rsplit('/').next().unwrap_or_default(),
            name => name,
        };
        let sha256 = Some(text("sha256")).filter(|sha256| !sha256.is_empty());
        self.keep(text("path"), name, sha256).map(Some)
    }

    async fn release(&mut self, release: &Release) -> Done {
        let on = self.to.write.on();
        let plan = releases::Plan {
            cluster: self.to.slug.to_owned(),
            name_vi: release.name.vi.clone(),
            name_en: release.name.en.clone(),
            confirm_by: release.confirm_by,
            publish_at: release.publish_at,
            person: self.person(&release.mark).await?,
        };
        let number = kept(releases::plan(on, plan, self.at(&release.mark)).await)?;
        let Some(at) = release.published_at else { return Ok(()) };
        let there = kept(releases::get(on, self.to.slug, number).await)?.ok_or_else(lost)?;
        let published = Published {
            at,
            as_of: release.as_of.clone(),
            head: release.head,
            standing: release.standing.clone(),
        };
        kept(questions::freeze(on, there.id, PART, json(&published)?).await)
    }
}

fn json(value: &impl Serialize) -> Done<String> {
    serde_json::to_string(value).map_err(|error| Fault::System(Text::same(error.to_string())))
}

fn lost() -> Fault {
    Fault::System(Text::new("vừa ghi mà không thấy", "what was just written is not there"))
}
