//! Forms that somebody has begun and not sent. Nobody else sees them, and they count nowhere.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::draft;
use crate::{Micros, Result};

/// A form that somebody has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: i64,
    /// The cluster.
    pub cluster: String,
    /// At which unit's desk.
    pub unit: String,
    /// The kind.
    pub kind: String,
    /// The key of the record that is corrected; blank for a new one.
    pub record: String,
    /// Whose it is.
    pub person: i64,
    /// What was filled in (JSON).
    pub fields: String,
    /// When it was kept last.
    pub at: Micros,
}

fn read(row: draft::Model) -> Draft {
    Draft {
        id: row.id,
        cluster: row.cluster,
        unit: row.unit,
        kind: row.kind,
        record: row.record,
        person: row.person_id,
        fields: row.fields,
        at: row.at,
    }
}

/// Keeps a draft: a new one when its number is 0, else in its place, if it is this person's. Gives its number.
///
/// # Errors
/// When the database fails.
pub async fn keep(on: &impl ConnectionTrait, new: Draft) -> Result<i64> {
    if let Some(old) = get(on, new.id, new.person).await? {
        let row = draft::ActiveModel {
            id: Set(old.id),
            fields: Set(new.fields),
            at: Set(new.at),
            ..Default::default()
        };
        row.update(on).await?;
        return Ok(old.id);
    }
    let row = draft::ActiveModel {
        id: NotSet,
        cluster: Set(new.cluster),
        unit: Set(new.unit),
        kind: Set(new.kind),
        record: Set(new.record),
        person_id: Set(new.person),
        fields: Set(new.fields),
        at: Set(new.at),
    };
    Ok(row.insert(on).await?.id)
}

/// A draft of a person.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64, person: i64) -> Result<Option<Draft>> {
    let row = draft::Entity::find_by_id(id).filter(draft::Column::PersonId.eq(person)).one(on).await?;
    Ok(row.map(read))
}

/// The drafts of a person at a desk, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, cluster: &str, unit: &str, person: i64) -> Result<Vec<Draft>> {
    let rows = draft::Entity::find()
        .filter(draft::Column::Cluster.eq(cluster))
        .filter(draft::Column::Unit.eq(unit))
        .filter(draft::Column::PersonId.eq(person))
        .order_by_desc(draft::Column::At)
        .order_by_desc(draft::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Forgets a draft of a person.
///
/// # Errors
/// When the database fails.
pub async fn forget(on: &impl ConnectionTrait, id: i64, person: i64) -> Result<()> {
    draft::Entity::delete_many()
        .filter(draft::Column::Id.eq(id))
        .filter(draft::Column::PersonId.eq(person))
        .exec(on)
        .await?;
    Ok(())
}
