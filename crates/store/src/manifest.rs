//! The entries of the journals in SQL: for pages, and for whoever asks a database. The journal's own file is the truth; what is
//! here can be made again from it, and is, when the two differ.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::table::manifest;
use crate::{Micros, Result};

/// Rows written by one statement.
const CHUNK: usize = 200;

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub at: Micros,
    /// What it is: `upload`, `withdraw`, `undo`, `transfer`, `text`, `erase`.
    pub what: String,
    /// The kind of its records.
    pub kind: Option<String>,
    /// Who supplies them.
    pub supplier: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Versions that it brought.
    pub plus: i64,
    /// Versions that it took back.
    pub minus: i64,
    /// The hash of the entry before, in hex.
    pub prev: String,
    /// Its hash, in hex.
    pub hash: String,
    /// What it did, in Vietnamese and English.
    pub said: (String, String),
}

fn read(row: manifest::Model) -> Entry {
    Entry {
        number: row.number,
        at: row.at,
        what: row.what,
        kind: row.kind,
        supplier: row.supplier,
        by: row.by,
        reason: row.reason,
        plus: row.plus,
        minus: row.minus,
        prev: row.prev,
        hash: row.hash,
        said: (row.said_vi, row.said_en),
    }
}

/// The newest entry of a cluster's journal that is here.
///
/// # Errors
/// When the database fails.
pub async fn last(on: &impl ConnectionTrait, cluster: &str) -> Result<Option<Entry>> {
    Ok(page(on, cluster, None, 1).await?.into_iter().next())
}

/// Entries of a cluster, newest first; `before` goes on where a page ended.
///
/// # Errors
/// When the database fails.
pub async fn page(
    on: &impl ConnectionTrait,
    cluster: &str,
    before: Option<i64>,
    most: u64,
) -> Result<Vec<Entry>> {
    let mut found = manifest::Entity::find().filter(manifest::Column::Cluster.eq(cluster));
    if let Some(before) = before {
        found = found.filter(manifest::Column::Number.lt(before));
    }
    let rows = found.order_by_desc(manifest::Column::Number).limit(most).all(on).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Adds entries.
///
/// # Errors
/// When the database fails, or a number is there already.
pub async fn add(on: &impl ConnectionTrait, cluster: &str, entries: Vec<Entry>) -> Result<()> {
    let row = |entry: Entry| manifest::ActiveModel {
        id: NotSet,
        cluster: Set(cluster.to_owned()),
        number: Set(entry.number),
        at: Set(entry.at),
        what: Set(entry.what),
        kind: Set(entry.kind),
        supplier: Set(entry.supplier),
        by: Set(entry.by),
        reason: Set(entry.reason),
        plus: Set(entry.plus),
        minus: Set(entry.minus),
        prev: Set(entry.prev),
        hash: Set(entry.hash),
        said_vi: Set(entry.said.0),
        said_en: Set(entry.said.1),
    };
    let mut rows = entries.into_iter().map(row);
    loop {
        let chunk: Vec<manifest::ActiveModel> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        manifest::Entity::insert_many(chunk).exec_without_returning(on).await?;
    }
}

/// Forgets what is here of a cluster: it is made again from the journal.
///
/// # Errors
/// When the database fails.
pub async fn clear(on: &impl ConnectionTrait, cluster: &str) -> Result<()> {
    manifest::Entity::delete_many().filter(manifest::Column::Cluster.eq(cluster)).exec(on).await?;
    Ok(())
}
