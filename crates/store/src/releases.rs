//! Releases: planned for a fixed time, confirmed by units, published at that time; and records that a unit contests.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::table::{confirmation, contest, release};
use crate::{Micros, Result};

/// A release (*kỳ công bố*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Number in the store.
    pub id: i64,
    /// Of which cluster.
    pub cluster: String,
    /// Its number within the cluster, from 1.
    pub number: i64,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// Until when units confirm.
    pub confirm_by: Micros,
    /// When it is published.
    pub publish_at: Micros,
    /// When it was published.
    pub published_at: Option<Micros>,
    /// The board it published.
    pub board: Option<i64>,
    /// How each unit stood when it was published (JSON: unit code to `confirmed`, `changed`, `unconfirmed`).
    pub standing: Option<String>,
    /// Who planned it.
    pub planned_by: i64,
    /// When.
    pub planned_at: Micros,
}

/// A unit's leader confirmed its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Which unit.
    pub unit: String,
    /// Digest of the figures that were confirmed.
    pub digest: String,
    /// Who.
    pub person: i64,
    /// What it rests on, when somebody confirmed on behalf of the unit.
    pub on_behalf: Option<String>,
    /// When.
    pub at: Micros,
}

fn release(row: release::Model) -> Release {
    Release {
        id: row.id,
        cluster: row.cluster,
        number: row.number,
        name_vi: row.name_vi,
        name_en: row.name_en,
        confirm_by: row.confirm_by,
        publish_at: row.publish_at,
        published_at: row.published_at,
        board: row.board_id,
        standing: row.standing,
        planned_by: row.planned_by,
        planned_at: row.planned_at,
    }
}

/// What is said of a release when it is planned.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Of which cluster.
    pub cluster: String,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// Until when units confirm.
    pub confirm_by: Micros,
    /// When it is published.
    pub publish_at: Micros,
    /// Who plans it.
    pub person: i64,
}

/// Plans a release and says its number. Its time cannot be changed afterwards.
///
/// # Errors
/// When the database fails.
pub async fn plan(on: &impl ConnectionTrait, plan: Plan, now: Micros) -> Result<i64> {
    loop {
        let last = release::Entity::find()
            .filter(release::Column::Cluster.eq(plan.cluster.as_str()))
            .order_by_desc(release::Column::Number)
            .one(on)
            .await?;
        let number = last.map_or(1, |last| last.number + 1);
        let row = release::ActiveModel {
            id: NotSet,
            cluster: Set(plan.cluster.clone()),
            number: Set(number),
            name_vi: Set(plan.name_vi.clone()),
            name_en: Set(plan.name_en.clone()),
            confirm_by: Set(plan.confirm_by),
            publish_at: Set(plan.publish_at),
            planned_by: Set(plan.person),
            planned_at: Set(now),
            published_at: Set(None),
            board_id: Set(None),
            standing: Set(None),
        };
        let free =
            OnConflict::columns([release::Column::Cluster, release::Column::Number]).do_nothing().to_owned();
        let planned = release::Entity::insert(row).on_conflict(free).exec_without_returning(on).await?;
        if planned > 0 {
            return Ok(number);
        }
        // Somebody else took the number in between: the next one.
    }
}

/// The releases of a cluster, by number.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait, cluster: &str) -> Result<Vec<Release>> {
    let rows = release::Entity::find()
        .filter(release::Column::Cluster.eq(cluster))
        .order_by_asc(release::Column::Number)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(release).collect())
}

/// A release by its number within the cluster.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, cluster: &str, number: i64) -> Result<Option<Release>> {
    let row = release::Entity::find()
        .filter(release::Column::Cluster.eq(cluster))
        .filter(release::Column::Number.eq(number))
        .one(on)
        .await?;
    Ok(row.map(release))
}

/// A release by its number in the store.
///
/// # Errors
/// When the database fails.
pub async fn by_id(on: &impl ConnectionTrait, id: i64) -> Result<Option<Release>> {
    Ok(release::Entity::find_by_id(id).one(on).await?.map(release))
}

/// Releases whose time has come and that are not published.
///
/// # Errors
/// When the database fails.
pub async fn due(on: &impl ConnectionTrait, now: Micros) -> Result<Vec<Release>> {
    let rows = release::Entity::find()
        .filter(release::Column::PublishedAt.is_null())
        .filter(release::Column::PublishAt.lte(now))
        .order_by_asc(release::Column::PublishAt)
        .order_by_asc(release::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(release).collect())
}

/// Publishes a release, once. Says whether it was this call that did.
///
/// # Errors
/// When the database fails.
pub async fn publish(
    on: &impl ConnectionTrait,
    id: i64,
    board: i64,
    standing: String,
    now: Micros,
) -> Result<bool> {
    let done = release::Entity::update_many()
        .col_expr(release::Column::PublishedAt, Expr::value(now))
        .col_expr(release::Column::BoardId, Expr::value(board))
        .col_expr(release::Column::Standing, Expr::value(standing))
        .filter(release::Column::Id.eq(id))
        .filter(release::Column::PublishedAt.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Keeps a confirmation; an earlier one of the same unit stays in the records, the newest counts.
///
/// # Errors
/// When the database fails.
pub async fn confirm(on: &impl ConnectionTrait, release: i64, new: Confirmation) -> Result<()> {
    let row = confirmation::ActiveModel {
        id: NotSet,
        release_id: Set(release),
        unit: Set(new.unit),
        digest: Set(new.digest),
        person_id: Set(new.person),
        on_behalf: Set(new.on_behalf),
        at: Set(new.at),
    };
    row.insert(on).await?;
    Ok(())
}

/// The confirmations of a release, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn confirmations(on: &impl ConnectionTrait, release: i64) -> Result<Vec<Confirmation>> {
    let rows = confirmation::Entity::find()
        .filter(confirmation::Column::ReleaseId.eq(release))
        .order_by_asc(confirmation::Column::Id)
        .all(on)
        .await?;
    let one = |row: confirmation::Model| Confirmation {
        unit: row.unit,
        digest: row.digest,
        person: row.person_id,
        on_behalf: row.on_behalf,
        at: row.at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Records that a unit contests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    /// Number of the contest.
    pub id: i64,
    /// Which unit.
    pub unit: String,
    /// Who supplied the records and is to answer; nothing where they come from a source of the whole cluster.
    pub supplier: Option<String>,
    /// The kind of the records.
    pub kind: String,
    /// Their keys, one a line.
    pub keys: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub person: i64,
    /// When.
    pub at: Micros,
    /// What the supplier answered.
    pub reply: Option<String>,
    /// Who answered.
    pub replied_by: Option<i64>,
    /// When.
    pub replied_at: Option<Micros>,
}

/// What is said of records that are contested.
#[derive(Clone, Debug)]
pub struct Contesting {
    /// In which cluster.
    pub cluster: String,
    /// Which unit contests.
    pub unit: String,
    /// Who supplied the records and is to answer; nothing where they come from a source of the whole cluster.
    pub supplier: Option<String>,
    /// The kind of the records.
    pub kind: String,
    /// Their keys, one a line.
    pub keys: String,
    /// Why.
    pub reason: String,
    /// Who contests.
    pub person: i64,
}

/// Keeps a contest.
///
/// # Errors
/// When the database fails.
pub async fn contest(on: &impl ConnectionTrait, new: Contesting, now: Micros) -> Result<i64> {
    let row = contest::ActiveModel {
        id: NotSet,
        cluster: Set(new.cluster),
        unit: Set(new.unit),
        kind: Set(new.kind),
        keys: Set(new.keys),
        reason: Set(new.reason),
        person_id: Set(new.person),
        at: Set(now),
        reply: Set(None),
        replied_by: Set(None),
        replied_at: Set(None),
        supplier: Set(new.supplier),
    };
    Ok(row.insert(on).await?.id)
}

/// The contests of a cluster, newest first.
///
/// # Errors
/// When the database fails.
pub async fn contests(on: &impl ConnectionTrait, cluster: &str) -> Result<Vec<Contest>> {
    let rows = contest::Entity::find()
        .filter(contest::Column::Cluster.eq(cluster))
        .order_by_desc(contest::Column::Id)
        .all(on)
        .await?;
    let one = |row: contest::Model| Contest {
        id: row.id,
        unit: row.unit,
        supplier: row.supplier,
        kind: row.kind,
        keys: row.keys,
        reason: row.reason,
        person: row.person_id,
        at: row.at,
        reply: row.reply,
        replied_by: row.replied_by,
        replied_at: row.replied_at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Answers a contest of a cluster, once. Says whether it was this call that did.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    on: &impl ConnectionTrait,
    cluster: &str,
    id: i64,
    reply: &str,
    person: i64,
    now: Micros,
) -> Result<bool> {
    let done = contest::Entity::update_many()
        .col_expr(contest::Column::Reply, Expr::value(reply))
        .col_expr(contest::Column::RepliedBy, Expr::value(person))
        .col_expr(contest::Column::RepliedAt, Expr::value(now))
        .filter(contest::Column::Id.eq(id))
        .filter(contest::Column::Cluster.eq(cluster))
        .filter(contest::Column::Reply.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// A text that changes whenever what the public sees may change: a release was planned or published, a cluster came or was
/// named anew.
///
/// # Errors
/// When the database fails.
pub async fn stamp(on: &impl ConnectionTrait) -> Result<String> {
    use sea_orm::sea_query::{Func, SimpleExpr};
    type Row = (i64, Option<i64>, Option<i64>);
    let most = |column: release::Column| -> SimpleExpr { Func::max(column.into_expr()).into() };
    let found: Option<Row> = release::Entity::find()
        .select_only()
        .column_as(release::Column::Id.count(), "number")
        .expr_as(most(release::Column::PublishedAt), "published")
        .expr_as(most(release::Column::PlannedAt), "planned")
        .into_tuple()
        .one(on)
        .await?;
    let (number, published, planned) = found.unwrap_or_default();
    let clusters = crate::clusters::all(on).await?;
    let names: Vec<String> = clusters
        .iter()
        .map(|cluster| format!("{} {} {} {}", cluster.slug, cluster.name_vi, cluster.name_en, cluster.year))
        .collect();
    Ok(format!("{number} {published:?} {planned:?} {}", names.join("; ")))
}
