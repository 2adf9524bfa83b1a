//! Figures computed once more for somebody inside: as of another day, or as they were known at another time.

use std::collections::BTreeMap;

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::Job;
use giaouoc_store::recounts::{self, Recount};

use super::work::{Worker, said};
use super::{measure, now};
use crate::cli::Scope;
use crate::fault::{Fault, Outcome};
use crate::screen::Screen;
use crate::{bundle, report, score};

/// Computes what was asked for, and keeps the files. Done again it makes the same.
pub fn recount(worker: &Worker, job: &Job) -> Outcome {
    let asked = worker.ask(recounts::get(worker.store.read(), job.about.unwrap_or_default()))?;
    let Some(asked) = asked.filter(|asked| asked.ended_at.is_none()) else { return Ok(()) };
    let done = match files(worker, &asked) {
        Ok(files) => Ok(serde_json::to_string(&files).map_err(|error| broken(&error.to_string()))?),
        // What was asked cannot be answered: that is an answer.
        Err(fault) => {
            let text = said(&fault);
            Err((text.vi, text.en))
        }
    };
    worker.ask(recounts::end(worker.store.read(), asked.id, done, now()))
}

/// A recount whose job is given up says so.
pub fn give_up(worker: &Worker, job: &Job) -> Outcome {
    let error = (
        "việc tính lại đã dừng giữa chừng nhiều lần nên không làm nữa; hãy thử lại sau".to_owned(),
        "it was broken off many times and is not tried again; ask once more later".to_owned(),
    );
    worker.ask(recounts::end(worker.store.read(), job.about.unwrap_or_default(), Err(error), now()))
}

fn broken(why: &str) -> Fault {
    Fault::System(Text::same(why))
}

/// The report and the figures, by name; their digests.
fn files(worker: &Worker, asked: &Recount) -> Outcome<BTreeMap<String, String>> {
    let dir = worker.folder.cluster(&asked.cluster);
    let loaded = bundle::load_at(&dir, asked.known_at.as_deref())?;
    let scope =
        Scope { bundle: dir, period: None, as_of: asked.as_of.clone(), known_at: asked.known_at.clone() };
    let options = score::options(&loaded, &scope, None)?;
    let screens: [Screen; 2] = [Worker::screen(Lang::Vi), Worker::screen(Lang::En)];
    let (board, mut reports) = report::reports(&loaded, &options, score::cores(), &screens)?;
    let (Some(en), Some(vi)) = (reports.pop(), reports.pop()) else { return Err(broken("no report")) };
    let forms = measure::forms(&board, &vi, &en)?;
    forms.into_iter().map(|(name, bytes)| Ok((name, worker.keep(&bytes)?))).collect()
}
