//! A service's folder, looked at from outside of the service.

use std::path::Path;

use giaouoc_store::{Age, Store};
use tokio::runtime::Runtime;

use crate::fault::{Fault, Outcome};
use crate::serve::config::Config;
use crate::serve::{Folder, store_fault};

/// A service's folder with its configuration.
#[derive(Debug)]
pub struct Home {
    /// The folder.
    pub folder: Folder,
    /// What is configured.
    pub config: Config,
}

/// What tells a folder of the service from any other.
const SIGNS: [&str; 3] = ["giaouoc.toml", "giaouoc.sqlite", "clusters"];

impl Home {
    /// Opens a folder that is there.
    pub fn open(path: &Path) -> Outcome<Self> {
        known(path)?;
        Ok(Self { folder: Folder::new(path), config: Config::read(path)? })
    }

    /// Where the database is.
    pub fn database(&self) -> String {
        match &self.config.database {
            Some(url) => url.clone(),
            None => giaouoc_store::file_url(&self.folder.database()),
        }
    }

    /// The database as it is; one that a newer program made is refused.
    pub fn store(&self, runtime: &Runtime) -> Outcome<(Store, Age)> {
        let looked = runtime.block_on(Store::look(&self.database()));
        let (store, age) = looked.map_err(|error| store_fault(&error))?;
        match age {
            Age::Newer(step) => Err(store_fault(&giaouoc_store::StoreError::Newer(step))),
            age => Ok((store, age)),
        }
    }

    /// The names of the clusters whose bundles lie in the folder, sorted.
    pub fn clusters(&self) -> Outcome<Vec<String>> {
        let folder = self.folder.clusters();
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::io(&folder, &error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Fault::io(&folder, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && !name.starts_with('.') {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

/// Whether this is a folder of the service.
pub fn known(path: &Path) -> Outcome {
    if !path.is_dir() || !SIGNS.iter().any(|sign| path.join(sign).exists()) {
        let shown = path.display();
        return Err(Fault::input(
            format!(
                "{shown} không phải thư mục của hệ thống: trong đó không có giaouoc.toml, giaouoc.sqlite hay clusters/"
            ),
            format!(
                "{shown} is no folder of the service: it has no giaouoc.toml, giaouoc.sqlite or clusters/"
            ),
        ));
    }
    Ok(())
}

/// Where the store's futures run.
pub fn runtime() -> Outcome<Runtime> {
    let made = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    made.map_err(|error| Fault::io(Path::new("tokio"), &error))
}
