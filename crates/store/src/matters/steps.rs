//! Steps of matters and the history of their fields.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::{matter_edit, matter_step};
use crate::{Micros, Result};

/// A step that was taken, or was and is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub id: i64,
    /// Number of the matter.
    pub matter: i64,
    /// Which.
    pub step: String,
    /// On which day it happened, `YYYY-MM-DD`.
    pub day: String,
    /// When it was entered.
    pub at: Micros,
    /// By whom.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
    /// Why, where that is asked.
    pub note: Option<String>,
    /// When it was taken back, by whom, and why.
    pub gone: Option<(Micros, i64, String)>,
}

fn read(row: matter_step::Model) -> Step {
    let gone = row.gone_at.zip(row.gone_by).zip(row.gone_reason);
    Step {
        id: row.id,
        matter: row.matter_id,
        step: row.step,
        day: row.day,
        at: row.at,
        person: row.person_id,
        on_behalf: row.on_behalf,
        note: row.note,
        gone: gone.map(|((at, by), reason)| (at, by, reason)),
    }
}

/// A step to be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct New {
    /// Number of the matter.
    pub matter: i64,
    /// Which step.
    pub step: String,
    /// On which day, `YYYY-MM-DD`.
    pub day: String,
    /// Who enters it.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// Takes a step.
///
/// # Errors
/// When the database fails.
pub async fn take(on: &impl ConnectionTrait, new: New, now: Micros) -> Result<i64> {
    let row = matter_step::ActiveModel {
        id: NotSet,
        matter_id: Set(new.matter),
        step: Set(new.step),
        day: Set(new.day),
        at: Set(now),
        person_id: Set(new.person),
        on_behalf: Set(new.on_behalf),
        note: Set(new.note),
        gone_at: Set(None),
        gone_by: Set(None),
        gone_reason: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// Takes a step back, with a reason. Says whether it stood.
///
/// # Errors
/// When the database fails.
pub async fn take_back(
    on: &impl ConnectionTrait,
    id: i64,
    (person, reason): (i64, &str),
    now: Micros,
) -> Result<bool> {
    let done = matter_step::Entity::update_many()
        .col_expr(matter_step::Column::GoneAt, Expr::value(now))
        .col_expr(matter_step::Column::GoneBy, Expr::value(person))
        .col_expr(matter_step::Column::GoneReason, Expr::value(reason))
        .filter(matter_step::Column::Id.eq(id))
        .filter(matter_step::Column::GoneAt.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The steps of a matter, in the order in which they were entered, with those that were taken back.
///
/// # Errors
/// When the database fails.
pub async fn steps(on: &impl ConnectionTrait, matter: i64) -> Result<Vec<Step>> {
    all_steps(on, &[matter]).await
}

/// The steps of several matters.
///
/// # Errors
/// When the database fails.
pub async fn all_steps(on: &impl ConnectionTrait, matters: &[i64]) -> Result<Vec<Step>> {
    let mut all = Vec::new();
    for some in matters.chunks(crate::AT_ONCE) {
        let rows = matter_step::Entity::find()
            .filter(matter_step::Column::MatterId.is_in(some.iter().copied()))
            .order_by_asc(matter_step::Column::Id);
        all.extend(rows.all(on).await?.into_iter().map(read));
    }
    Ok(all)
}

/// A change of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// When.
    pub at: Micros,
    /// By whom.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Field, before, after. Of fields about persons only that they changed.
    pub changes: Vec<(String, String, String)>,
}

/// The history of a matter's fields, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn edits(on: &impl ConnectionTrait, matter: i64) -> Result<Vec<Edit>> {
    let rows = matter_edit::Entity::find()
        .filter(matter_edit::Column::MatterId.eq(matter))
        .order_by_asc(matter_edit::Column::Id)
        .all(on)
        .await?;
    let edit = |row: matter_edit::Model| {
        let changes: std::collections::BTreeMap<String, (String, String)> =
            serde_json::from_str(&row.changes).unwrap_or_default();
        Edit {
            at: row.at,
            person: row.person_id,
            on_behalf: row.on_behalf,
            reason: row.reason,
            changes: changes.into_iter().map(|(field, (before, after))| (field, before, after)).collect(),
        }
    };
    Ok(rows.into_iter().map(edit).collect())
}

/// Adds a line to the history of a matter that is brought in from elsewhere; nothing of the matter itself changes.
///
/// # Errors
/// When the database fails.
pub async fn remember(on: &impl ConnectionTrait, matter: i64, edit: Edit) -> Result<()> {
    let changes: std::collections::BTreeMap<String, (String, String)> =
        edit.changes.into_iter().map(|(field, before, after)| (field, (before, after))).collect();
    let row = matter_edit::ActiveModel {
        id: NotSet,
        matter_id: Set(matter),
        at: Set(edit.at),
        person_id: Set(edit.person),
        on_behalf: Set(edit.on_behalf),
        reason: Set(edit.reason),
        changes: Set(serde_json::to_string(&changes).unwrap_or_default()),
    };
    row.insert(on).await?;
    Ok(())
}
