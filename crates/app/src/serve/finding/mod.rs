//! The index that is searched: made of the bundles and the database, kept in `search/` of the service's folder, and made again
//! whenever it is missing, damaged or of another version. Nothing is lost with it.

mod sources;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use giaouoc_agreement::text::Text;
use giaouoc_find::{Asked, FindError, Hits, Index, Reader};
use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::{Store, StoreError, clusters};
use giaouoc_web::finding::Finder;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::work::Worker;
use super::{now, store_fault};
use crate::fault::{Fault, Outcome};

/// What stands for what is of no cluster, among the clusters of jobs. No cluster has this name.
pub const ALL: &str = "";

/// The index with what is needed to have it made again.
pub struct Finding {
    index: Index,
    /// Whether everything was put into it since it was made.
    whole: AtomicBool,
    store: Store,
    runtime: Handle,
    wake: Arc<Notify>,
}

fn fault(error: &FindError) -> Fault {
    Fault::System(Text::new(format!("mục lục tìm kiếm lỗi: {error}"), format!("the index failed: {error}")))
}

impl Finding {
    /// Opens the index of a folder; where it has to be made, that is asked for.
    pub async fn open(folder: &Path, store: Store, wake: Arc<Notify>) -> Outcome<Arc<Self>> {
        let (index, new) = Index::open(folder).map_err(|error| fault(&error))?;
        let finding = Self { index, whole: AtomicBool::new(!new), store, runtime: Handle::current(), wake };
        if new {
            finding.ask_for_all().await.map_err(|error| store_fault(&error))?;
        }
        Ok(Arc::new(finding))
    }

    /// Asks for everything to be put in; what is of no cluster comes last, and then all of it is there.
    async fn ask_for_all(&self) -> Result<(), StoreError> {
        for cluster in clusters::all(self.store.read()).await? {
            jobs::ask(self.store.read(), Work::Index, &cluster.slug, None, None, now()).await?;
        }
        jobs::ask(self.store.read(), Work::Index, ALL, None, None, now()).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Makes it again from nothing: it turned out to be damaged.
    fn again(&self, why: &FindError) {
        tracing::error!(target: "giaouoc::find", why = %why, "the index is made again");
        if !self.whole.swap(false, Ordering::Relaxed) {
            return;
        }
        if let Err(error) = self.index.clear() {
            tracing::error!(target: "giaouoc::find", why = %error, "the index cannot be made");
        }
        if let Err(error) = self.runtime.block_on(self.ask_for_all()) {
            tracing::error!(target: "giaouoc::find", why = %error, "the index was not asked for");
        }
    }
}

impl Finder for Finding {
    fn find(&self, reader: &Reader, asked: &Asked) -> Option<Hits> {
        if !self.whole.load(Ordering::Relaxed) {
            return None;
        }
        match self.index.find(reader, asked) {
            Ok(hits) => Some(hits),
            Err(error) => {
                self.again(&error);
                None
            }
        }
    }
}

/// Brings what is found of a cluster, or of no cluster, up to date.
pub fn index(worker: &Worker, job: &Job) -> Outcome {
    let Some(finding) = &worker.finding else { return Ok(()) };
    let documents = sources::all(worker, &job.cluster)?;
    if let Err(error) = finding.index.replace(&job.cluster, &documents) {
        // Once more from nothing; what fails then is the disk's. A program that was killed while it wrote may have left half a file.
        let first = finding.whole.swap(true, Ordering::Relaxed);
        finding.again(&error);
        return if first { Ok(()) } else { Err(fault(&error)) };
    }
    // What is of no cluster is asked for last: now all of it is there.
    if job.cluster == ALL && !finding.whole.load(Ordering::Relaxed) {
        finding.index.seal().map_err(|error| fault(&error))?;
        finding.whole.store(true, Ordering::Relaxed);
    }
    Ok(())
}
