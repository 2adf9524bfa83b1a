//! The clusters' journals for pages and programs: what `giaouoc-web` asks ([`Records`]).
//!
//! Each cluster's bundle and journal are opened once and looked at again when their files change. A reader takes a copy of what
//! is known and keeps nobody waiting; a writer waits for the journal's own lock, like any other process.

mod book;
mod enter;
mod list;
mod look;
mod near;
mod setup;
pub mod standing;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_journal::{Disk, Journal, JournalError};
use giaouoc_web::records::{
    Entered, Entering, Filter, Listing, Near, Opened, Record, Records, Trouble, Withdrawing,
};

use super::Folder;
use super::work::said;
use crate::bundle::{self, Loaded};
use crate::fault::Fault;

/// The journals of all clusters.
pub struct Journals {
    folder: Folder,
    open: Mutex<HashMap<String, Arc<Mutex<Option<Cluster>>>>>,
    /// Held by whoever changes how a cluster is set up.
    setting_up: Mutex<()>,
}

/// A cluster's bundle and journal, as they were looked at last.
struct Cluster {
    /// Its text files: name, time, size. When they are others, it is read anew.
    texts: Vec<(OsString, SystemTime, u64)>,
    loaded: Arc<Loaded>,
    journal: Journal,
}

/// What a reader has: it stays as it is, whatever comes.
struct Reader {
    loaded: Arc<Loaded>,
    journal: Journal,
}

impl Journals {
    /// Of the clusters in a folder.
    pub fn new(folder: Folder) -> Self {
        Self { folder, open: Mutex::default(), setting_up: Mutex::default() }
    }

    /// What is known of a cluster now.
    fn reader(&self, slug: &str) -> Result<Reader, Trouble> {
        let slot = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(open.entry(slug.to_owned()).or_default())
        };
        let mut held = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let dir = self.folder.cluster(slug);
        let texts = texts(&dir).map_err(|error| Trouble::Failed(error.to_string()))?;
        let fresh = held.as_ref().is_some_and(|cluster| cluster.texts == texts);
        if !fresh {
            let mut loaded = bundle::load(&dir).map_err(|fault| trouble(&fault))?;
            let journal = match loaded.journal.take() {
                Some(held) => held.journal,
                None => Journal::open(Disk::new(dir.join("journal"))).map_err(|error| broken(&error))?,
            };
            *held = Some(Cluster { texts, loaded: Arc::new(loaded), journal });
        }
        let Some(cluster) = held.as_mut() else { return Err(Trouble::Failed("no cluster".to_owned())) };
        cluster.journal.refresh().map_err(|error| broken(&error))?;
        Ok(Reader { loaded: Arc::clone(&cluster.loaded), journal: cluster.journal.again() })
    }
}

/// The text files of a bundle.
fn texts(dir: &Path) -> std::io::Result<Vec<(OsString, SystemTime, u64)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|ending| ending == "toml") {
            let meta = entry.metadata()?;
            found.push((entry.file_name(), meta.modified()?, meta.len()));
        }
    }
    found.sort();
    Ok(found)
}

/// A kind of an address.
fn kind(id: &str) -> Result<&'static Kind, Trouble> {
    let found = kinds::builtin().iter().find(|kind| kind.id == id);
    found.ok_or_else(|| {
        Trouble::Wrong(Text::new(
            format!("không có loại dữ liệu “{id}”"),
            format!("there is no kind of record “{id}”"),
        ))
    })
}

/// What a journal's error is for whoever asked.
fn broken(error: &JournalError) -> Trouble {
    trouble(&crate::journal::fault(error))
}

/// What a command's fault is for whoever asked.
fn trouble(fault: &Fault) -> Trouble {
    match fault {
        Fault::System(text) => Trouble::Failed(text.en.clone()),
        fault => Trouble::Wrong(said(fault)),
    }
}

impl Records for Journals {
    fn find(&self, cluster: &str, kind_id: &str, key: &str) -> Result<Option<Record>, Trouble> {
        look::find(&self.reader(cluster)?, kind(kind_id)?, key)
    }

    fn open(&self, cluster: &str, kind_id: &str, key: &str, lang: Lang) -> Result<Option<Opened>, Trouble> {
        look::open(&self.reader(cluster)?, kind(kind_id)?, key, lang)
    }

    fn list(&self, cluster: &str, kind_id: &str, filter: &Filter) -> Result<Listing, Trouble> {
        list::list(&self.reader(cluster)?, kind(kind_id)?, filter)
    }

    fn enter(&self, entering: &Entering) -> Result<Entered, Trouble> {
        let folder = self.folder.files().join("incoming");
        enter::enter(self.reader(&entering.cluster)?, kind(&entering.kind)?, entering, &folder)
    }

    fn withdraw(&self, withdrawing: &Withdrawing) -> Result<(), Trouble> {
        enter::withdraw(self.reader(&withdrawing.cluster)?, kind(&withdrawing.kind)?, withdrawing)
    }

    fn near(&self, cluster: &str, kind_id: &str, fields: &[(String, String)]) -> Result<Vec<Near>, Trouble> {
        near::near(&self.reader(cluster)?, kind(kind_id)?, fields)
    }
}
