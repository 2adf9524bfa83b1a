//! Files that show what a record says: minutes, decisions, pictures. The record itself lives in the journal; a file that was
//! taken away stays listed with who took it and why.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::evidence;
use crate::{Micros, Result};

/// A file of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub id: i64,
    /// The record's cluster, kind and key.
    pub record: (String, String, String),
    /// At which unit's desk it was brought.
    pub unit: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its size.
    pub bytes: i64,
    /// Who brought it.
    pub person: i64,
    /// When.
    pub at: Micros,
    /// When it was taken away, by whom, and why.
    pub gone: Option<(Micros, i64, String)>,
}

/// A file that was checked and kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its size.
    pub bytes: i64,
}

fn read(row: evidence::Model) -> Evidence {
    let gone = row.gone_at.zip(row.gone_by).zip(row.gone_reason);
    Evidence {
        id: row.id,
        record: (row.cluster, row.kind, row.record),
        unit: row.unit,
        sha256: row.sha256,
        name: row.name,
        media: row.media,
        bytes: row.bytes,
        person: row.person_id,
        at: row.at,
        gone: gone.map(|((at, by), reason)| (at, by, reason)),
    }
}

/// Adds a file to a record. The same bytes stand there once.
///
/// # Errors
/// When the database fails.
pub async fn add(
    on: &impl ConnectionTrait,
    (cluster, kind, record): (&str, &str, &str),
    unit: &str,
    new: New,
    person: i64,
    now: Micros,
) -> Result<()> {
    let there = of(on, cluster, kind, record).await?;
    if there.iter().any(|evidence| evidence.sha256 == new.sha256 && evidence.gone.is_none()) {
        return Ok(());
    }
    let row = evidence::ActiveModel {
        id: NotSet,
        cluster: Set(cluster.to_owned()),
        kind: Set(kind.to_owned()),
        record: Set(record.to_owned()),
        unit: Set(unit.to_owned()),
        sha256: Set(new.sha256),
        name: Set(new.name),
        media: Set(new.media),
        bytes: Set(new.bytes),
        person_id: Set(person),
        at: Set(now),
        gone_at: Set(None),
        gone_by: Set(None),
        gone_reason: Set(None),
    };
    row.insert(on).await?;
    Ok(())
}

/// The files of a record, oldest first, with those that were taken away.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, cluster: &str, kind: &str, record: &str) -> Result<Vec<Evidence>> {
    let rows = evidence::Entity::find()
        .filter(evidence::Column::Cluster.eq(cluster))
        .filter(evidence::Column::Kind.eq(kind))
        .filter(evidence::Column::Record.eq(record))
        .order_by_asc(evidence::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// The files of these records of a kind in a cluster that were not taken away, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_records(
    on: &impl ConnectionTrait,
    cluster: &str,
    kind: &str,
    records: &[&str],
) -> Result<Vec<Evidence>> {
    let mut all = Vec::new();
    for some in records.chunks(crate::AT_ONCE) {
        let rows = evidence::Entity::find()
            .filter(evidence::Column::Cluster.eq(cluster))
            .filter(evidence::Column::Kind.eq(kind))
            .filter(evidence::Column::Record.is_in(some.iter().copied()))
            .filter(evidence::Column::GoneAt.is_null());
        all.extend(rows.all(on).await?.into_iter().map(read));
    }
    all.sort_by_key(|file| file.id);
    Ok(all)
}

/// Takes a file away, with a reason. Says whether it was there.
///
/// # Errors
/// When the database fails.
pub async fn take_away(
    on: &impl ConnectionTrait,
    id: i64,
    person: i64,
    reason: &str,
    now: Micros,
) -> Result<bool> {
    let done = evidence::Entity::update_many()
        .col_expr(evidence::Column::GoneAt, Expr::value(now))
        .col_expr(evidence::Column::GoneBy, Expr::value(person))
        .col_expr(evidence::Column::GoneReason, Expr::value(reason))
        .filter(evidence::Column::Id.eq(id))
        .filter(evidence::Column::GoneAt.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}
