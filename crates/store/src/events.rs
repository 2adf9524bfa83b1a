//! Days of a cluster's calendar besides the anniversaries that every year has: events, deadlines, meetings.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::event;
use crate::{Micros, Result};

/// A day of a cluster's calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: i64,
    /// The cluster.
    pub cluster: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// What sort of day: `event`, `meeting`, `deadline`.
    pub sort: String,
    /// Where it is written.
    pub source: String,
    /// Who entered it.
    pub person: i64,
    /// When.
    pub at: Micros,
}

/// Adds a day.
///
/// # Errors
/// When the database fails.
pub async fn add(on: &impl ConnectionTrait, new: Event, person: i64, now: Micros) -> Result<i64> {
    let row = event::ActiveModel {
        id: NotSet,
        cluster: Set(new.cluster),
        day: Set(new.day),
        name_vi: Set(new.name_vi),
        name_en: Set(new.name_en),
        sort: Set(new.sort),
        source: Set(new.source),
        person_id: Set(person),
        at: Set(now),
        gone_at: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// Takes a day out of the calendar. Says whether it was there.
///
/// # Errors
/// When the database fails.
pub async fn remove(on: &impl ConnectionTrait, cluster: &str, id: i64, now: Micros) -> Result<bool> {
    let done = event::Entity::update_many()
        .col_expr(event::Column::GoneAt, Expr::value(now))
        .filter(event::Column::Id.eq(id))
        .filter(event::Column::Cluster.eq(cluster))
        .filter(event::Column::GoneAt.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The days of a cluster's calendar, in their order; with those that were taken out where matters may still name them.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, cluster: &str, gone: bool) -> Result<Vec<Event>> {
    let mut found = event::Entity::find().filter(event::Column::Cluster.eq(cluster));
    if !gone {
        found = found.filter(event::Column::GoneAt.is_null());
    }
    let rows = found.order_by_asc(event::Column::Day).order_by_asc(event::Column::Id).all(on).await?;
    let read = |row: event::Model| Event {
        id: row.id,
        cluster: row.cluster,
        day: row.day,
        name_vi: row.name_vi,
        name_en: row.name_en,
        sort: row.sort,
        source: row.source,
        person: row.person_id,
        at: row.at,
    };
    Ok(rows.into_iter().map(read).collect())
}
