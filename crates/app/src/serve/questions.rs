//! The questions that the data raise, asked after each new scoreboard; and those that a release publishes with their answers.

use giaouoc_agreement::text::Text;
use giaouoc_journal::hex;
use giaouoc_signals::finding::Question;
use giaouoc_signals::rules::Rules;
use giaouoc_store::boards;
use giaouoc_store::jobs::Job;
use giaouoc_store::questions::{self, Found};
use giaouoc_web::asked::{Answered, Asked, Case};
use giaouoc_worktime::zone::Zone;
use sha2::{Digest as _, Sha256};

use super::now;
use super::work::Worker;
use crate::bundle;
use crate::cli::{Scope, Signals, SignalsFormat};
use crate::fault::{Fault, Outcome};
use crate::signals;

/// Records kept as evidence of one question; its count has all of them.
const KEPT: usize = 200;
/// What a release keeps its answered questions under.
pub const PART: &str = "questions";

/// Finds what the data raise now, and keeps it.
pub fn find(worker: &Worker, job: &Job) -> Outcome {
    let slug = &job.cluster;
    let newest = worker.ask(boards::newest_id(worker.store.read(), slug))?;
    if job.about != newest {
        // A newer board has its own job.
        return Ok(());
    }
    let args = Signals {
        scope: Scope { bundle: worker.folder.cluster(slug), period: None, as_of: None, known_at: None },
        unit: None,
        code: None,
        examples: KEPT,
        format: SignalsFormat::Json,
    };
    let loaded = bundle::load(&args.scope.bundle)?;
    let rules = Rules::builtin().map_err(|error| Fault::System(Text::same(error)))?;
    let screen = Worker::screen(giaouoc_agreement::text::Lang::Vi);
    let mut asked = signals::asked(&loaded, &rules, &args, &screen)?;
    // In the order of the city's decision, then of the rules: so they are numbered and shown.
    let place = |code: &str| loaded.bundle.cluster.unit(code).unwrap_or(usize::MAX);
    asked.sort_by_key(|question| (place(&question.unit), question.signal));
    let found: Vec<Found> =
        asked.into_iter().map(|question| found(question, &rules)).collect::<Outcome<_>>()?;
    worker.ask(async {
        let write = worker.store.write().await?;
        questions::keep(write.on(), slug, &found, answers, now()).await?;
        let told = worker.told();
        for question in questions::all(write.on(), slug).await? {
            let asked: Option<Asked> = serde_json::from_str(&question.asked).ok();
            let name = asked.map(|asked| asked.name).unwrap_or_default();
            giaouoc_web::notices::asked(&write, &told, &question, &name).await?;
        }
        write.commit().await
    })
}

fn wrong(error: &serde_json::Error) -> Fault {
    Fault::System(Text::same(error.to_string()))
}

/// Whether the answer to what was asked then holds for what is found now.
fn answers(was: &str, is: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Asked>(text).ok();
    matches!((read(was), read(is)), (Some(was), Some(is)) if was.answers(&is))
}

fn found(question: Question, rules: &Rules) -> Outcome<Found> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let about = rules.about(question.signal);
    let cases = question.cases.into_iter();
    let asked = Asked {
        kind: about.kind.clone(),
        name: about.name.clone(),
        question: about.question.clone(),
        innocent: about.innocent.clone(),
        threshold: about.threshold.clone(),
        source: format!("{} ({})", about.source, about.dated),
        count: number(question.count),
        of: number(question.of),
        seen: question.seen,
        cases: cases.map(|case| Case { key: case.key, evidence: case.evidence, entry: case.entry }).collect(),
    };
    // Among how many it is changes with every file and is no evidence of its own.
    let said = serde_json::to_vec(&(&asked.name, asked.count, &asked.seen, &asked.cases));
    let digest = hex(&Sha256::digest(said.map_err(|error| wrong(&error))?).into());
    let asked = serde_json::to_string(&asked).map_err(|error| wrong(&error))?;
    Ok(Found { unit: question.unit, signal: question.signal.code().to_owned(), digest, asked })
}

/// What a release publishes of the questions of a cluster: those that were answered, without records and persons.
pub fn answered(worker: &Worker, slug: &str) -> Outcome<String> {
    let zone = Zone::get(super::ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let all = worker.ask(questions::all(worker.store.read(), slug))?;
    let answered = all.into_iter().filter_map(|question| {
        let asked: Asked = serde_json::from_str(&question.asked).ok()?;
        Some(Answered {
            unit: question.unit,
            kind: asked.kind,
            name: asked.name,
            question: asked.question,
            count: asked.count,
            of: asked.of,
            reply: question.reply?,
            on: giaouoc_web::day_of(question.replied_at?, &zone),
        })
    });
    serde_json::to_string(&answered.collect::<Vec<_>>()).map_err(|error| wrong(&error))
}
