//! Publishing: at its time, by the program, whatever anybody would like.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Store, boards, clusters, notices, questions as kept, releases};
use giaouoc_web::day_of;
use giaouoc_web::sheet::Sheet;
use giaouoc_worktime::zone::Zone;
use tokio::sync::Notify;

use super::work::Worker;
use super::{changes, digest, measure, now, questions, reminders};
use crate::fault::{Fault, Outcome};
use crate::journal::Held;
use crate::yearbook::bring::{self, Published};

/// What a release keeps the changes since the one before under.
const CHANGES: &str = "changes";

/// Looks again and again whether a release is due, and asks for it to be published. At the start and on every new day the
/// scoreboards are measured again: what is due today is another thing than what was due yesterday. `mail` is whether letters are
/// sent: daily ones are written then.
pub async fn watch(store: Store, zone: Zone, mail: bool, wake: Arc<Notify>, seconds: u64) {
    let (mut measured, mut reminded, mut written) = (String::new(), String::new(), String::new());
    loop {
        let today = day_of(now(), &zone);
        if today != measured
            && let Ok(clusters) = clusters::all(store.read()).await
        {
            for cluster in clusters {
                // One that could not be asked for is asked for by the next upload, or tomorrow.
                for work in [Work::Measure, Work::Forget] {
                    let _ = jobs::ask(store.read(), work, &cluster.slug, None, None, now()).await;
                }
            }
            measured = today;
            wake.notify_one();
        }
        // A database that fails is asked again at the next look; the worker says what is wrong with it.
        if let Ok(due) = releases::due(store.read(), now()).await {
            for release in due {
                let asked =
                    jobs::ask(store.read(), Work::Publish, &release.cluster, Some(release.id), None, now())
                        .await;
                if asked.is_ok() {
                    wake.notify_one();
                }
            }
        }
        // Before the daily letters: what was raised today stands in them.
        if let Err(error) = reminders::look(&store, &zone, mail, now(), &mut reminded).await {
            tracing::error!(target: "giaouoc::service", why = %error, "days that come near were not looked at");
        }
        if mail && let Err(error) = digest::write(&store, &zone, now(), &mut written).await {
            tracing::error!(target: "giaouoc::mail", why = %error, "daily letters were not written");
        }
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

/// Publishes a release: the figures as they are known now, and how each unit stands with them.
pub fn publish(worker: &Worker, job: &Job) -> Outcome {
    let store = worker.store.read();
    let release = worker.ask(releases::by_id(store, job.about.unwrap_or_default()))?;
    let Some(release) = release.filter(|release| release.published_at.is_none()) else { return Ok(()) };
    // One that was published elsewhere has its figures computed again, as of its day and from what was known then.
    let brought = worker.ask(kept::frozen(store, release.id, bring::PART))?;
    let brought: Option<Published> = brought.and_then(|text| serde_json::from_str(&text).ok());
    let (board, sheet) = match &brought {
        None => measure::measure(worker, &job.cluster)?,
        Some(then) => {
            let head = then.head.and_then(|head| u64::try_from(head).ok());
            measure::measure_as(worker, &job.cluster, then.as_of.clone(), head)?
        }
    };
    let confirmations = worker.ask(releases::confirmations(store, release.id))?;
    let standing: BTreeMap<&str, &str> = sheet
        .units
        .iter()
        .map(|unit| {
            let newest = confirmations.iter().rev().find(|confirmation| confirmation.unit == unit.code);
            let word = match newest {
                None => "unconfirmed",
                Some(newest) if newest.digest == unit.digest => "confirmed",
                Some(_) => "changed",
            };
            (unit.code.as_str(), word)
        })
        .collect();
    let standing = match &brought {
        None => serde_json::to_string(&standing),
        Some(then) => serde_json::to_string(&then.standing),
    };
    let at = brought.as_ref().map_or_else(now, |then| then.at);
    let standing =
        standing.map_err(|error| Fault::System(giaouoc_agreement::text::Text::same(error.to_string())))?;
    // What was answered until now goes out with it; what is open stays inside.
    let answered = questions::answered(worker, &job.cluster)?;
    let changes = moved(worker, &job.cluster, &sheet)?;
    worker.ask(async {
        let write = worker.store.write().await?;
        if releases::publish(write.on(), release.id, board, standing, at).await? {
            let line = Line::new(now(), Act::Publish, release.name_vi.clone()).of(&job.cluster, None);
            trail::write(write.on(), line).await?;
            // Who has not confirmed until now need not any more.
            let matter = giaouoc_web::notices::of_release(&job.cluster, release.number, "");
            notices::done_all(write.on(), &matter, now()).await?;
            kept::freeze(write.on(), release.id, questions::PART, answered).await?;
            if let Some(changes) = changes {
                kept::freeze(write.on(), release.id, CHANGES, changes).await?;
            }
            if brought.is_some() {
                // What is known now is the newest board again.
                jobs::ask(write.on(), Work::Measure, &job.cluster, None, None, now()).await?;
            }
        }
        write.commit().await
    })
}

/// What was done to the records since the release before; nothing where there is none.
fn moved(worker: &Worker, slug: &str, sheet: &Sheet) -> Outcome<Option<String>> {
    let store = worker.store.read();
    let all = worker.ask(releases::all(store, slug))?;
    let before = all.iter().rfind(|release| release.published_at.is_some());
    let Some(board) = before.and_then(|before| before.board) else { return Ok(None) };
    let before = worker.ask(boards::get(store, board))?;
    let head = before.and_then(|before| u64::try_from(before.head).ok()).unwrap_or_default();
    let Some(Held { journal, .. }) = Held::open(&worker.folder.cluster(slug))? else { return Ok(None) };
    let zone = Zone::get(super::ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let changes = changes::between(&journal, (head, sheet.head), &zone)?;
    let text = serde_json::to_string(&changes);
    text.map(Some).map_err(|error| Fault::System(giaouoc_agreement::text::Text::same(error.to_string())))
}
