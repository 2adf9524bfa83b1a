//! What whoever holds a role is told of: people who receive the role while it is open are told too, and those whose role
//! ended are told no longer.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Kind, Mail, New, Wish, raise, wishes};
use crate::people::{self, Held, Role};
use crate::table::{notice, notice_call};
use crate::{AT_ONCE, Micros, Result};

/// Who is called: who holds one of these roles in a cluster, of a unit where one is named.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    /// The roles.
    pub roles: &'a [Role],
    /// The cluster.
    pub cluster: &'a str,
    /// The unit.
    pub unit: Option<&'a str>,
}

/// Keeps that whoever holds a role is told of a matter, until it is done. What reading ends is not kept: it asks nothing of
/// those who come later.
///
/// # Errors
/// When the database fails.
pub async fn call(
    on: &impl ConnectionTrait,
    once: &str,
    called: Called<'_>,
    new: &New,
    now: Micros,
) -> Result<()> {
    if new.kind.is_done_when_read() {
        return Ok(());
    }
    let roles: Vec<&str> = called.roles.iter().map(|role| role.word()).collect();
    let row = notice_call::ActiveModel {
        id: NotSet,
        once: Set(once.to_owned()),
        roles: Set(roles.join(" ")),
        kind: Set(new.kind.word().to_owned()),
        cluster: Set(called.cluster.to_owned()),
        of_unit: Set(called.unit.map(str::to_owned)),
        unit: Set(new.unit.clone()),
        path: Set(new.path.clone()),
        about_vi: Set(new.about_vi.clone()),
        about_en: Set(new.about_en.clone()),
        due: Set(new.due.clone()),
        created_at: Set(now),
        done_at: Set(None),
    };
    use notice_call::Column::{AboutEn, AboutVi, Cluster, DoneAt, Due, OfUnit, Once, Path, Roles, Unit};
    let again = OnConflict::column(Once)
        .update_columns([Roles, Cluster, OfUnit, Unit, Path, AboutVi, AboutEn, Due, DoneAt])
        .to_owned();
    notice_call::Entity::insert(row).on_conflict(again).exec_without_returning(on).await?;
    Ok(())
}

impl notice_call::Model {
    fn is_for(&self, held: &Held) -> bool {
        self.roles.split(' ').any(|role| role == held.role.word())
            && held.cluster.as_deref() == Some(self.cluster.as_str())
            && self.of_unit.as_ref().is_none_or(|unit| held.unit.as_ref() == Some(unit))
    }
}

/// Brings open notices to those who hold a role today and were not told when they were raised, and ends those of people whose
/// role ended; of one person, or of everybody. Nothing goes by mail: it was news when it was raised.
///
/// # Errors
/// When the database fails.
pub async fn follow_roles(
    on: &impl ConnectionTrait,
    person: Option<i64>,
    today: &str,
    now: Micros,
) -> Result<()> {
    let mut held: BTreeMap<i64, Vec<Held>> = BTreeMap::new();
    let all = match person {
        Some(person) => people::roles(on, person).await?,
        None => people::all_roles(on).await?,
    };
    for one in all {
        held.entry(one.person).or_default().push(one);
    }
    let calls = notice_call::Entity::find()
        .filter(notice_call::Column::DoneAt.is_null())
        .order_by_asc(notice_call::Column::Id);
    let calls = calls.all(on).await?;
    let by_once: HashMap<&str, &notice_call::Model> =
        calls.iter().map(|call| (call.once.as_str(), call)).collect();
    let mut open = notice::Entity::find().filter(notice::Column::DoneAt.is_null());
    if let Some(person) = person {
        open = open.filter(notice::Column::PersonId.eq(person));
    }
    let mut told: HashMap<i64, Vec<notice::Model>> = HashMap::new();
    for one in open.all(on).await? {
        told.entry(one.person_id).or_default().push(one);
    }
    let mut over = Vec::new();
    for (person, roles) in &held {
        let there = people::get(on, *person).await?;
        if there.is_none_or(|person| person.disabled_at.is_some()) {
            continue;
        }
        let (now_held, ended): (Vec<&Held>, Vec<&Held>) = roles
            .iter()
            .filter(|one| one.from.as_str() <= today)
            .partition(|one| one.to.as_deref().is_none_or(|to| to >= today));
        let mine = told.remove(person).unwrap_or_default();
        let known: HashSet<&str> = mine.iter().map(|one| one.once.as_str()).collect();
        let missing: Vec<&notice_call::Model> = calls
            .iter()
            .filter(|call| !known.contains(call.once.as_str()))
            .filter(|call| now_held.iter().any(|held| call.is_for(held)))
            .collect();
        if !missing.is_empty() {
            let wishes = wishes(on, *person).await?;
            for call in missing {
                bring(on, *person, call, &wishes, now).await?;
            }
        }
        let about = |notice: &notice::Model, held: &Held| match by_once.get(notice.once.as_str()) {
            Some(call) => call.is_for(held),
            None => {
                held.cluster.is_some()
                    && held.cluster == notice.cluster
                    && (notice.unit.is_none() || held.unit.is_none() || held.unit == notice.unit)
            }
        };
        let gone = |notice: &&notice::Model| {
            ended.iter().any(|held| about(notice, held)) && !now_held.iter().any(|held| about(notice, held))
        };
        over.extend(mine.iter().filter(gone).map(|notice| notice.id));
    }
    for some in over.chunks(AT_ONCE) {
        notice::Entity::update_many()
            .col_expr(notice::Column::DoneAt, Expr::value(now))
            .filter(notice::Column::Id.is_in(some.iter().copied()))
            .exec(on)
            .await?;
    }
    Ok(())
}

/// Tells one who came later.
async fn bring(
    on: &impl ConnectionTrait,
    person: i64,
    call: &notice_call::Model,
    wishes: &BTreeMap<Kind, Wish>,
    now: Micros,
) -> Result<()> {
    let Some(kind) = Kind::of(&call.kind) else { return Ok(()) };
    let new = New {
        kind,
        cluster: Some(call.cluster.clone()),
        unit: call.unit.clone(),
        path: call.path.clone(),
        about_vi: call.about_vi.clone(),
        about_en: call.about_en.clone(),
        due: call.due.clone(),
    };
    let shown = wishes.get(&kind).copied().unwrap_or_else(|| Wish::usual(kind)).shown;
    raise(on, person, &call.once, &new, Wish { shown, mail: Mail::Off }, now).await?;
    Ok(())
}

/// A matter is done: its notices close, whosever they are. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn done(on: &impl ConnectionTrait, once: &str, now: Micros) -> Result<u64> {
    close(on, notice_call::Column::Once.eq(once), notice::Column::Once.eq(once), now).await
}

/// Matters that begin with these words are done.
///
/// # Errors
/// When the database fails.
pub async fn done_all(on: &impl ConnectionTrait, begin: &str, now: Micros) -> Result<u64> {
    let (calls, told) = (notice_call::Column::Once, notice::Column::Once);
    close(on, calls.starts_with(begin), told.starts_with(begin), now).await
}

/// Of the matters that begin with these words, those that are not among `keep` are done. Says which ones there were.
///
/// # Errors
/// When the database fails.
pub async fn done_but(
    on: &impl ConnectionTrait,
    begin: &str,
    keep: &HashSet<String>,
    now: Micros,
) -> Result<Vec<String>> {
    let open = notice_call::Entity::find()
        .filter(notice_call::Column::DoneAt.is_null())
        .filter(notice_call::Column::Once.starts_with(begin))
        .order_by_asc(notice_call::Column::Id);
    let mut over: Vec<String> = open.all(on).await?.into_iter().map(|call| call.once).collect();
    over.retain(|once| !keep.contains(once));
    for once in &over {
        done(on, once, now).await?;
    }
    Ok(over)
}

/// What a kind asked until a day before this one is asked no more.
///
/// # Errors
/// When the database fails.
pub async fn done_past(on: &impl ConnectionTrait, kind: Kind, today: &str, now: Micros) -> Result<()> {
    notice_call::Entity::update_many()
        .col_expr(notice_call::Column::DoneAt, Expr::value(now))
        .filter(notice_call::Column::Kind.eq(kind.word()))
        .filter(notice_call::Column::Due.lt(today))
        .filter(notice_call::Column::DoneAt.is_null())
        .exec(on)
        .await?;
    notice::Entity::update_many()
        .col_expr(notice::Column::DoneAt, Expr::value(now))
        .filter(notice::Column::Kind.eq(kind.word()))
        .filter(notice::Column::Due.lt(today))
        .filter(notice::Column::DoneAt.is_null())
        .exec(on)
        .await?;
    Ok(())
}

async fn close(
    on: &impl ConnectionTrait,
    calls: sea_orm::sea_query::SimpleExpr,
    told: sea_orm::sea_query::SimpleExpr,
    now: Micros,
) -> Result<u64> {
    notice_call::Entity::update_many()
        .col_expr(notice_call::Column::DoneAt, Expr::value(now))
        .filter(calls)
        .filter(notice_call::Column::DoneAt.is_null())
        .exec(on)
        .await?;
    let closed = notice::Entity::update_many()
        .col_expr(notice::Column::DoneAt, Expr::value(now))
        .filter(told)
        .filter(notice::Column::DoneAt.is_null())
        .exec(on)
        .await?;
    Ok(closed.rows_affected)
}

/// Forgets what was done before a time; says how many notices there were.
///
/// # Errors
/// When the database fails.
pub async fn forget(on: &impl ConnectionTrait, before: Micros) -> Result<u64> {
    notice_call::Entity::delete_many().filter(notice_call::Column::DoneAt.lt(before)).exec(on).await?;
    let gone = notice::Entity::delete_many().filter(notice::Column::DoneAt.lt(before)).exec(on).await?;
    Ok(gone.rows_affected)
}
