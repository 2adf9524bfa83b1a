//! Handovers of a cluster's headship (*bàn giao cụm trưởng*): written by who leads now, received by who leads next. What was
//! received stands; it can be corrected with a reason, never undone.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::{handover, handover_correction};
use crate::{Micros, Result};

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Number of the handover.
    pub id: i64,
    /// Of which cluster.
    pub cluster: String,
    /// The unit that heads the cluster until then, in words.
    pub giver: String,
    /// The unit that heads it from then on, in words.
    pub taker: String,
    /// Who receives it, and becomes secretary.
    pub taker_person: i64,
    /// The first day of the new head, `YYYY-MM-DD`.
    pub day: String,
    /// What is passed on (JSON).
    pub items: String,
    /// What else is to be said.
    pub body: String,
    /// Which version of the text this is, counted from 1.
    pub version: i64,
    /// Who wrote it.
    pub person: i64,
    /// When.
    pub at: Micros,
    /// What the taker said when it was received, by whom and when.
    pub receipt: Option<(String, i64, Micros)>,
}

/// A correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// What is right.
    pub body: String,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub person: i64,
    /// When.
    pub at: Micros,
}

/// What a handover is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct New {
    /// Of which cluster.
    pub cluster: String,
    /// The unit that heads the cluster until then.
    pub giver: String,
    /// The unit that heads it from then on.
    pub taker: String,
    /// Who receives it.
    pub taker_person: i64,
    /// The first day of the new head.
    pub day: String,
    /// What is passed on (JSON).
    pub items: String,
    /// What else is to be said.
    pub body: String,
}

fn read(row: handover::Model) -> Handover {
    let receipt = row.received_by.zip(row.received_at);
    Handover {
        id: row.id,
        cluster: row.cluster,
        giver: row.giver,
        taker: row.taker,
        taker_person: row.taker_person_id,
        day: row.day,
        items: row.items,
        body: row.body,
        version: row.version,
        person: row.person_id,
        at: row.at,
        receipt: receipt.map(|(by, at)| (row.receipt.unwrap_or_default(), by, at)),
    }
}

/// Writes a handover.
///
/// # Errors
/// When the database fails.
pub async fn write(on: &impl ConnectionTrait, new: New, person: i64, now: Micros) -> Result<i64> {
    let row = handover::ActiveModel {
        id: NotSet,
        cluster: Set(new.cluster),
        giver: Set(new.giver),
        taker: Set(new.taker),
        taker_person_id: Set(new.taker_person),
        day: Set(new.day),
        items: Set(new.items),
        body: Set(new.body),
        version: Set(1),
        person_id: Set(person),
        at: Set(now),
        receipt: Set(None),
        received_by: Set(None),
        received_at: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// Changes a handover that was not received. Says whether the version was still the one that its writer saw.
///
/// # Errors
/// When the database fails.
pub async fn change(
    on: &impl ConnectionTrait,
    id: i64,
    version: i64,
    new: New,
    person: i64,
    now: Micros,
) -> Result<bool> {
    use handover::Column::{At, Body, Day, Giver, Items, PersonId, Taker, TakerPersonId, Version};
    let changed = handover::Entity::update_many()
        .col_expr(Giver, Expr::value(new.giver))
        .col_expr(Taker, Expr::value(new.taker))
        .col_expr(TakerPersonId, Expr::value(new.taker_person))
        .col_expr(Day, Expr::value(new.day))
        .col_expr(Items, Expr::value(new.items))
        .col_expr(Body, Expr::value(new.body))
        .col_expr(Version, Expr::value(version + 1))
        .col_expr(PersonId, Expr::value(person))
        .col_expr(At, Expr::value(now))
        .filter(handover::Column::Id.eq(id))
        .filter(Version.eq(version))
        .filter(handover::Column::ReceivedAt.is_null())
        .exec(on)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// Receives a handover, in the version that was read. Says whether it was still that one and waited.
///
/// # Errors
/// When the database fails.
pub async fn receive(
    on: &impl ConnectionTrait,
    id: i64,
    version: i64,
    receipt: &str,
    person: i64,
    now: Micros,
) -> Result<bool> {
    let received = handover::Entity::update_many()
        .col_expr(handover::Column::Receipt, Expr::value(receipt))
        .col_expr(handover::Column::ReceivedBy, Expr::value(person))
        .col_expr(handover::Column::ReceivedAt, Expr::value(now))
        .filter(handover::Column::Id.eq(id))
        .filter(handover::Column::Version.eq(version))
        .filter(handover::Column::ReceivedAt.is_null())
        .exec(on)
        .await?;
    Ok(received.rows_affected > 0)
}

/// A handover of a cluster.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, cluster: &str, id: i64) -> Result<Option<Handover>> {
    let found = handover::Entity::find_by_id(id).filter(handover::Column::Cluster.eq(cluster));
    Ok(found.one(on).await?.map(read))
}

/// The handovers of a cluster, newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait, cluster: &str) -> Result<Vec<Handover>> {
    let rows = handover::Entity::find()
        .filter(handover::Column::Cluster.eq(cluster))
        .order_by_desc(handover::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Corrects what was received: the first text stays.
///
/// # Errors
/// When the database fails.
pub async fn correct(on: &impl ConnectionTrait, id: i64, new: Correction) -> Result<()> {
    let row = handover_correction::ActiveModel {
        id: NotSet,
        handover_id: Set(id),
        body: Set(new.body),
        reason: Set(new.reason),
        person_id: Set(new.person),
        at: Set(new.at),
    };
    row.insert(on).await?;
    Ok(())
}

/// The corrections of a handover, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn corrections(on: &impl ConnectionTrait, id: i64) -> Result<Vec<Correction>> {
    let rows = handover_correction::Entity::find()
        .filter(handover_correction::Column::HandoverId.eq(id))
        .order_by_asc(handover_correction::Column::Id)
        .all(on)
        .await?;
    let correction = |row: handover_correction::Model| Correction {
        body: row.body,
        reason: row.reason,
        person: row.person_id,
        at: row.at,
    };
    Ok(rows.into_iter().map(correction).collect())
}
