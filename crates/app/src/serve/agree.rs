//! An agreement into its cluster's bundle, and with it into the journal: as a draft when it is frozen for signing, so that
//! figures are computed by what is to be signed and say so; in force when it is.

use std::fs;

use giaouoc_agreement::agreement_file::{Agreement, Status};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::{agreeing, events, people};
use giaouoc_worktime::Day;
use giaouoc_year::agreeing::Stage;
use giaouoc_year::calendar;
use giaouoc_year::drafting;
use giaouoc_year::signing::Ceremony;

use super::nil::replace;
use super::now;
use super::work::Worker;
use crate::bundle;
use crate::fault::{Fault, Outcome};
use crate::journal::commands::writable;
use crate::journal::{adopt, signed};
use crate::progress::Progress;

/// What a draft began as where it changes an agreement in force.
const AMENDMENT: &str = "amendment";

/// Writes the text of a draft as its stage says. Doing it again changes nothing.
pub fn write(worker: &Worker, job: &Job) -> Outcome {
    let Some(draft) = worker.ask(agreeing::by_id(worker.store.read(), job.about.unwrap_or_default()))? else {
        return Ok(());
    };
    let Some(version) = worker.ask(agreeing::version(worker.store.read(), draft.id, draft.version))? else {
        return Ok(());
    };
    let dir = worker.folder.cluster(&draft.cluster);
    let path = dir.join("agreement.toml");
    let before = fs::read_to_string(&path).map_err(|error| Fault::io(&path, &error))?;
    let ceremony: Option<Ceremony> =
        draft.ceremony.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let (text, reason) = match Stage::of(&draft.stage) {
        Some(Stage::InForce) => {
            // A change of an agreement in force leaves the day on which that one was signed.
            let on = ceremony.filter(|_| draft.base != AMENDMENT).map(|ceremony| ceremony.day);
            let text = drafting::with_status(&version.text, "in force", on.as_deref());
            (text.map_err(Fault::Input)?, "giao ước có hiệu lực")
        }
        // What is in force stays so until the new text is.
        Some(Stage::Frozen) if bundle::load(&dir)?.bundle.agreement.status == Status::Draft => {
            (version.text.clone(), "chốt dự thảo giao ước để ký")
        }
        _ => return Ok(()),
    };
    if text != before {
        replace(&path, &text)?;
        // A text that the bundle does not take is taken out again: the cluster's figures must go on.
        if let Err(fault) = writable(&dir) {
            replace(&path, &before)?;
            return Err(fault);
        }
    }
    let by = match job.person {
        Some(person) => worker.ask(people::get(worker.store.read(), person))?.map(|person| person.name),
        None => None,
    };
    let loaded = writable(&dir)?;
    let digest = draft.digest.as_deref().unwrap_or_default();
    let reason = format!("{reason}, mã băm {}", digest.get(..16).unwrap_or(digest));
    let signed = signed(by.as_deref(), Some(&reason));
    let screen = Worker::screen(Lang::Vi);
    adopt::bring_up(&loaded, &dir, None, &signed, false, &Progress::new(&screen), &mut |_, _| Ok(()))?;
    let now_there = giaouoc_agreement::digest::agreement_digest(&loaded.bundle, &loaded.calendars);
    if now_there != digest {
        return Err(Fault::System(Text::new(
            "văn bản trong gói dữ liệu không có mã băm của văn bản đã chốt",
            "the text in the bundle does not have the digest of the one that was frozen",
        )));
    }
    if Stage::of(&draft.stage) == Some(Stage::InForce) {
        let agreement = &loaded.bundle.agreement;
        days(worker, &draft.cluster, agreement, job.person.unwrap_or(draft.person))?;
    }
    worker.ask(jobs::ask(worker.store.read(), Work::Measure, &draft.cluster, None, None, now()))?;
    Ok(())
}

/// The events that the agreement names stand in the cluster's calendar from then on, so that what units plan can be tied to them.
/// An anniversary that every year has stands there already; one that was there, or was taken out, is not added again.
fn days(worker: &Worker, cluster: &str, agreement: &Agreement, person: i64) -> Outcome {
    let known = worker.ask(events::of(worker.store.read(), cluster, true))?;
    let every_year: Vec<Day> =
        calendar::anniversaries().iter().filter_map(|day| day.on(agreement.year)).collect();
    let write = worker.ask(worker.store.write())?;
    for event in &agreement.charter.events {
        let day = event.on.to_string();
        let there = known.iter().any(|one| one.day == day && one.name_vi == event.name.vi);
        if there || every_year.contains(&event.on) {
            continue;
        }
        let new = events::Event {
            cluster: cluster.to_owned(),
            day,
            name_vi: event.name.vi.clone(),
            name_en: event.name.en.clone(),
            sort: "event".to_owned(),
            source: "Giao ước thi đua".to_owned(),
            ..events::Event::default()
        };
        worker.ask(events::add(write.on(), new, person, now()))?;
    }
    worker.ask(write.commit())
}
