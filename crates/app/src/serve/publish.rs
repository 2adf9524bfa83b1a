//! Publishing: at its time, by the program, whatever anybody would like.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Store, releases};
use tokio::sync::Notify;

use super::work::Worker;
use super::{measure, now};
use crate::fault::{Fault, Outcome};

/// Looks again and again whether a release is due, and asks for it to be published.
pub async fn watch(store: Store, wake: Arc<Notify>, seconds: u64) {
    loop {
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
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

/// Publishes a release: the figures as they are known now, and how each unit stands with them.
pub fn publish(worker: &Worker, job: &Job) -> Outcome {
    let store = worker.store.read();
    let release = worker.ask(releases::by_id(store, job.about.unwrap_or_default()))?;
    let Some(release) = release.filter(|release| release.published_at.is_none()) else { return Ok(()) };
    let (board, sheet) = measure::measure(worker, &job.cluster)?;
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
    let standing = serde_json::to_string(&standing)
        .map_err(|error| Fault::System(giaouoc_agreement::text::Text::same(error.to_string())))?;
    worker.ask(async {
        let write = worker.store.write().await?;
        if releases::publish(write.on(), release.id, board, standing, now()).await? {
            let line = Line {
                at: now(),
                cluster: Some(job.cluster.clone()),
                unit: None,
                person: None,
                act: Act::Publish,
                about: release.name_vi.clone(),
                on_behalf: None,
            };
            trail::write(write.on(), line).await?;
        }
        write.commit().await
    })
}
