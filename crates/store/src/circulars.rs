//! Notices of the city's board to clusters (*thông báo tới các cụm*): each cluster's secretary says that it was read, or answers.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::{circular, circular_reply};
use crate::{Micros, Result};

/// A notice of the city's board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circular {
    /// Number of the notice.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The day by which clusters answer, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// The clusters that it goes to, in their order.
    pub clusters: Vec<String>,
    /// Who wrote it.
    pub person: i64,
    /// When.
    pub at: Micros,
}

/// What a cluster said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The cluster.
    pub cluster: String,
    /// Its answer; nothing where it only said that it was read.
    pub reply: Option<String>,
    /// Who said so.
    pub person: i64,
    /// When.
    pub at: Micros,
}

fn read(row: circular::Model) -> Circular {
    Circular {
        id: row.id,
        title: row.title,
        body: row.body,
        due: row.due,
        clusters: row.clusters.lines().map(str::to_owned).collect(),
        person: row.person_id,
        at: row.at,
    }
}

/// What a notice is to say.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The day by which clusters answer.
    pub due: Option<String>,
    /// The clusters that it goes to.
    pub clusters: Vec<String>,
}

/// Writes a notice.
///
/// # Errors
/// When the database fails.
pub async fn write(on: &impl ConnectionTrait, new: New, person: i64, now: Micros) -> Result<i64> {
    let row = circular::ActiveModel {
        id: NotSet,
        title: Set(new.title),
        body: Set(new.body),
        due: Set(new.due),
        clusters: Set(new.clusters.join("\n")),
        person_id: Set(person),
        at: Set(now),
    };
    Ok(row.insert(on).await?.id)
}

/// A notice.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64) -> Result<Option<Circular>> {
    Ok(circular::Entity::find_by_id(id).one(on).await?.map(read))
}

/// All notices, newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait) -> Result<Vec<Circular>> {
    let rows = circular::Entity::find().order_by_desc(circular::Column::Id).all(on).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// What clusters said to a notice, by cluster.
///
/// # Errors
/// When the database fails.
pub async fn replies(on: &impl ConnectionTrait, id: i64) -> Result<BTreeMap<String, Reply>> {
    let rows =
        circular_reply::Entity::find().filter(circular_reply::Column::CircularId.eq(id)).all(on).await?;
    let reply = |row: circular_reply::Model| {
        let found =
            Reply { cluster: row.cluster.clone(), reply: row.reply, person: row.person_id, at: row.at };
        (row.cluster, found)
    };
    Ok(rows.into_iter().map(reply).collect())
}

/// Says that a cluster has read a notice, or answers it, once. Who only said that it was read may answer later. Says whether it
/// was taken: of two who answer at once, one does.
///
/// # Errors
/// When the database fails.
pub async fn reply(
    on: &impl ConnectionTrait,
    id: i64,
    cluster: &str,
    text: Option<&str>,
    person: i64,
    now: Micros,
) -> Result<bool> {
    use sea_orm::sea_query::Expr;
    let row = circular_reply::ActiveModel {
        id: NotSet,
        circular_id: Set(id),
        cluster: Set(cluster.to_owned()),
        reply: Set(text.map(str::to_owned)),
        person_id: Set(person),
        at: Set(now),
    };
    use circular_reply::Column::{At, CircularId, Cluster, PersonId, Reply as Text};
    let there = OnConflict::columns([CircularId, Cluster]).do_nothing().to_owned();
    if circular_reply::Entity::insert(row).on_conflict(there).exec_without_returning(on).await? > 0 {
        return Ok(true);
    }
    let Some(text) = text else { return Ok(false) };
    let changed = circular_reply::Entity::update_many()
        .col_expr(Text, Expr::value(text))
        .col_expr(PersonId, Expr::value(person))
        .col_expr(At, Expr::value(now))
        .filter(CircularId.eq(id))
        .filter(Cluster.eq(cluster))
        .filter(Text.is_null())
        .exec(on)
        .await?;
    Ok(changed.rows_affected > 0)
}
