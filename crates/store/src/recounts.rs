//! Figures that somebody inside had computed once more: as of another day, or as they were known at another time.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::table::recount;
use crate::{Micros, Result};

/// Figures computed once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recount {
    /// Its number.
    pub id: i64,
    /// The cluster.
    pub cluster: String,
    /// Who asked.
    pub person: i64,
    /// As things stood at the end of this day; nothing for the period's end.
    pub as_of: Option<String>,
    /// As known then: an entry's number, a day or a time; nothing for what is known now.
    pub known_at: Option<String>,
    /// When it was asked for.
    pub asked_at: Micros,
    /// When it was done.
    pub ended_at: Option<Micros>,
    /// Its files: JSON of name → SHA-256.
    pub files: Option<String>,
    /// Why it could not be done, in Vietnamese and English.
    pub error: Option<(String, String)>,
}

fn read(row: recount::Model) -> Recount {
    Recount {
        id: row.id,
        cluster: row.cluster,
        person: row.person_id,
        as_of: row.as_of,
        known_at: row.known_at,
        asked_at: row.asked_at,
        ended_at: row.ended_at,
        files: row.files,
        error: row.error_vi.zip(row.error_en),
    }
}

/// Asks for one. Gives its number.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    on: &impl ConnectionTrait,
    cluster: &str,
    person: i64,
    as_of: Option<String>,
    known_at: Option<String>,
    now: Micros,
) -> Result<i64> {
    let row = recount::ActiveModel {
        id: NotSet,
        cluster: Set(cluster.to_owned()),
        person_id: Set(person),
        as_of: Set(as_of),
        known_at: Set(known_at),
        asked_at: Set(now),
        ended_at: Set(None),
        files: Set(None),
        error_vi: Set(None),
        error_en: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// How many a person has asked for since a time.
///
/// # Errors
/// When the database fails.
pub async fn asked_since(on: &impl ConnectionTrait, person: i64, since: Micros) -> Result<u64> {
    let mine = recount::Entity::find()
        .filter(recount::Column::PersonId.eq(person))
        .filter(recount::Column::AskedAt.gte(since));
    Ok(mine.count(on).await?)
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64) -> Result<Option<Recount>> {
    Ok(recount::Entity::find_by_id(id).one(on).await?.map(read))
}

/// Those of a cluster, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, cluster: &str, most: u64) -> Result<Vec<Recount>> {
    let rows = recount::Entity::find()
        .filter(recount::Column::Cluster.eq(cluster))
        .order_by_desc(recount::Column::Id)
        .limit(most)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Notes what came of it.
///
/// # Errors
/// When the database fails.
pub async fn end(
    on: &impl ConnectionTrait,
    id: i64,
    done: std::result::Result<String, (String, String)>,
    now: Micros,
) -> Result<()> {
    let (files, error) = match done {
        Ok(files) => (Some(files), None),
        Err(error) => (None, Some(error)),
    };
    let (vi, en) = error.unzip();
    let row = recount::ActiveModel {
        id: Set(id),
        ended_at: Set(Some(now)),
        files: Set(files),
        error_vi: Set(vi),
        error_en: Set(en),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(())
}
