//! Matters of the year's work: what stands in them, which steps were taken, who changed what. What a matter may become is known
//! to `giaouoc-year`; here it is kept. Nothing is overwritten without its history, but what is about a person: that can be erased.

mod gone;
mod joined;
mod questions;
mod review;
mod steps;

pub use gone::{erase, erase_whole, withdraw};
pub use joined::{Join, Joined, join, joined, joined_by, report};
pub use questions::{
    ERASED_WORDS, Question, Reply, State, ask, erase_words, of_matter, questions, reply, sort_out, waiting,
};
pub use review::{Paper, Point, add_point, mend, papers, points, write_paper};
pub use steps::{Edit, New as NewStep, Step, all_steps, edits, remember, steps, take, take_back};

use std::collections::BTreeMap;

use sea_orm::ActiveValue::{NotSet, Set, Unchanged};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::table::{matter, matter_edit, matter_personal};
use crate::{Micros, Result};

/// A matter as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its number.
    pub id: i64,
    /// The cluster.
    pub cluster: String,
    /// At which unit's desk.
    pub unit: String,
    /// Its sort.
    pub sort: String,
    /// Its code, the only one of its sort in the cluster.
    pub code: String,
    /// Whether it is the whole cluster's.
    pub common: bool,
    /// Its fields but those about persons.
    pub fields: BTreeMap<String, String>,
    /// The step that it stands at.
    pub state: String,
    /// Whether everybody may read it.
    pub public: bool,
    /// How often it was changed: whoever changes it names the version that they have seen.
    pub version: i64,
    /// Whether its records in the journal are its own: it wrote them, or was brought in with them.
    pub carried: bool,
    /// Who began it.
    pub begun_by: i64,
    /// When.
    pub begun_at: Micros,
    /// When it was changed last.
    pub changed_at: Micros,
    /// When it was withdrawn, by whom, and why.
    pub gone: Option<(Micros, i64, String)>,
}

fn read(row: matter::Model) -> Matter {
    let gone = row.gone_at.zip(row.gone_by).zip(row.gone_reason);
    Matter {
        id: row.id,
        cluster: row.cluster,
        unit: row.unit,
        sort: row.sort,
        code: row.code,
        common: row.common,
        fields: serde_json::from_str(&row.fields).unwrap_or_default(),
        state: row.state,
        public: row.public,
        version: row.version,
        carried: row.carried,
        begun_by: row.begun_by,
        begun_at: row.begun_at,
        changed_at: row.changed_at,
        gone: gone.map(|((at, by), reason)| (at, by, reason)),
    }
}

/// A matter that is begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct New {
    /// The cluster.
    pub cluster: String,
    /// The unit.
    pub unit: String,
    /// The sort.
    pub sort: String,
    /// Its code; blank has one given, after `prefix`.
    pub code: String,
    /// How the code begins that is given: `DT-2020-`.
    pub prefix: String,
    /// Whether it is the whole cluster's.
    pub common: bool,
    /// Its fields.
    pub fields: BTreeMap<String, String>,
    /// Its fields about persons.
    pub personal: BTreeMap<String, String>,
    /// Whether its records are in the journal already.
    pub carried: bool,
    /// Who begins it.
    pub person: i64,
}

fn json(fields: &BTreeMap<String, String>) -> String {
    serde_json::to_string(fields).unwrap_or_default()
}

/// Begins a matter; within a transaction, for its code is the next one. Gives its number and code.
///
/// # Errors
/// When the database fails; when the code is taken.
pub async fn begin(on: &impl ConnectionTrait, new: New, now: Micros) -> Result<(i64, String)> {
    crate::clusters::hold(on, &new.cluster).await?;
    let code = match new.code.as_str() {
        "" => next_code(on, &new.cluster, &new.sort, &new.prefix).await?,
        code => code.to_owned(),
    };
    let row = matter::ActiveModel {
        id: NotSet,
        cluster: Set(new.cluster),
        unit: Set(new.unit),
        sort: Set(new.sort),
        code: Set(code.clone()),
        common: Set(new.common),
        fields: Set(json(&new.fields)),
        state: Set("begun".to_owned()),
        public: Set(false),
        version: Set(1),
        carried: Set(new.carried),
        begun_by: Set(new.person),
        begun_at: Set(now),
        changed_at: Set(now),
        gone_at: Set(None),
        gone_by: Set(None),
        gone_reason: Set(None),
    };
    let id = row.insert(on).await?.id;
    keep_personal(on, id, &new.personal).await?;
    Ok((id, code))
}

/// The code after the greatest one that begins so.
async fn next_code(on: &impl ConnectionTrait, cluster: &str, sort: &str, prefix: &str) -> Result<String> {
    let rows = matter::Entity::find()
        .filter(matter::Column::Cluster.eq(cluster))
        .filter(matter::Column::Sort.eq(sort))
        .filter(matter::Column::Code.starts_with(prefix))
        .all(on)
        .await?;
    let number = |row: &matter::Model| row.code.strip_prefix(prefix)?.parse::<u32>().ok();
    let last = rows.iter().filter_map(number).max().unwrap_or(0);
    Ok(format!("{prefix}{:03}", last + 1))
}

/// A matter by its code.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, cluster: &str, sort: &str, code: &str) -> Result<Option<Matter>> {
    let found = matter::Entity::find()
        .filter(matter::Column::Cluster.eq(cluster))
        .filter(matter::Column::Sort.eq(sort))
        .filter(matter::Column::Code.eq(code));
    Ok(found.one(on).await?.map(read))
}

/// A matter by its number.
///
/// # Errors
/// When the database fails.
pub async fn by_id(on: &impl ConnectionTrait, id: i64) -> Result<Option<Matter>> {
    Ok(by_ids(on, &[id]).await?.pop())
}

/// Matters by their numbers, those that are there, in the order in which they were begun.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(on: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Matter>> {
    let mut all = Vec::new();
    for some in ids.chunks(crate::AT_ONCE) {
        let rows = matter::Entity::find().filter(matter::Column::Id.is_in(some.iter().copied()));
        all.extend(rows.all(on).await?.into_iter().map(read));
    }
    all.sort_by_key(|row| row.id);
    Ok(all)
}

/// Which matters a list is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this cluster; nothing: of all.
    pub cluster: Option<String>,
    /// Of this unit.
    pub unit: Option<String>,
    /// Of this sort.
    pub sort: Option<String>,
    /// Only those that everybody may read.
    pub public: bool,
    /// Also those that were withdrawn.
    pub gone: bool,
}

/// Matters, in the order in which they were begun.
///
/// # Errors
/// When the database fails.
pub async fn list(on: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Matter>> {
    let mut found = matter::Entity::find();
    let all = Condition::all()
        .add_option(filter.cluster.as_ref().map(|cluster| matter::Column::Cluster.eq(cluster)))
        .add_option(filter.unit.as_ref().map(|unit| matter::Column::Unit.eq(unit)))
        .add_option(filter.sort.as_ref().map(|sort| matter::Column::Sort.eq(sort)))
        .add_option(filter.public.then(|| matter::Column::Public.eq(true)))
        .add_option((!filter.gone).then(|| matter::Column::GoneAt.is_null()));
    found = found.filter(all).order_by_asc(matter::Column::Id);
    Ok(found.all(on).await?.into_iter().map(read).collect())
}

/// What stands in the fields about persons of these matters: number of the matter, field, text.
///
/// # Errors
/// When the database fails.
pub async fn personal(on: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<(i64, String, String)>> {
    let mut all = Vec::new();
    for some in ids.chunks(crate::AT_ONCE) {
        let rows = matter_personal::Entity::find()
            .filter(matter_personal::Column::MatterId.is_in(some.iter().copied()))
            .order_by_asc(matter_personal::Column::Id);
        all.extend(rows.all(on).await?.into_iter().map(|row| (row.matter_id, row.field, row.value)));
    }
    Ok(all)
}

/// Puts texts into fields about persons; a blank one erases.
async fn keep_personal(on: &impl ConnectionTrait, id: i64, fields: &BTreeMap<String, String>) -> Result<()> {
    for (field, value) in fields {
        matter_personal::Entity::delete_many()
            .filter(matter_personal::Column::MatterId.eq(id))
            .filter(matter_personal::Column::Field.eq(field.as_str()))
            .exec(on)
            .await?;
        if value.is_empty() {
            continue;
        }
        let row = matter_personal::ActiveModel {
            id: NotSet,
            matter_id: Set(id),
            field: Set(field.clone()),
            value: Set(value.clone()),
        };
        row.insert(on).await?;
    }
    Ok(())
}

/// A change of a matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The version that whoever changes it has seen.
    pub version: i64,
    /// All fields as they are to be.
    pub fields: BTreeMap<String, String>,
    /// Fields about persons that change.
    pub personal: BTreeMap<String, String>,
    /// The step that it stands at then.
    pub state: String,
    /// Whether everybody may read it then.
    pub public: bool,
    /// Who changes it.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Changes a matter and keeps what stood there before; within a transaction. Says whether it still was the version that was seen.
///
/// # Errors
/// When the database fails.
pub async fn change(on: &impl ConnectionTrait, was: &Matter, change: Change, now: Micros) -> Result<bool> {
    let done = matter::Entity::update_many()
        .col_expr(matter::Column::Fields, Expr::value(json(&change.fields)))
        .col_expr(matter::Column::State, Expr::value(change.state))
        .col_expr(matter::Column::Public, Expr::value(change.public))
        .col_expr(matter::Column::Version, Expr::value(change.version + 1))
        .col_expr(matter::Column::ChangedAt, Expr::value(now))
        .filter(matter::Column::Id.eq(was.id))
        .filter(matter::Column::Version.eq(change.version))
        .filter(matter::Column::GoneAt.is_null())
        .exec(on)
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    keep_personal(on, was.id, &change.personal).await?;
    let mut changes: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let blank = String::new();
    for field in was.fields.keys().chain(change.fields.keys()) {
        let before = was.fields.get(field).unwrap_or(&blank);
        let after = change.fields.get(field).unwrap_or(&blank);
        if before != after {
            changes.insert(field, (before, after));
        }
    }
    // That something about a person changed is told, not what.
    for field in change.personal.keys() {
        changes.insert(field, ("…", "…"));
    }
    if !changes.is_empty() {
        let row = matter_edit::ActiveModel {
            id: NotSet,
            matter_id: Set(was.id),
            at: Set(now),
            person_id: Set(change.person),
            on_behalf: Set(change.on_behalf),
            reason: Set(change.reason),
            changes: Set(serde_json::to_string(&changes).unwrap_or_default()),
        };
        row.insert(on).await?;
    }
    Ok(true)
}

/// Notes that something around a matter changed: who joins, what is asked. Its record may follow.
///
/// # Errors
/// When the database fails.
pub async fn touch(on: &impl ConnectionTrait, id: i64, now: Micros) -> Result<()> {
    let row = matter::ActiveModel { id: Unchanged(id), changed_at: Set(now), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Notes that a matter's records in the journal are its own.
///
/// # Errors
/// When the database fails.
pub async fn carry(on: &impl ConnectionTrait, id: i64) -> Result<()> {
    let row = matter::ActiveModel { id: Unchanged(id), carried: Set(true), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Puts a matter that is brought in from elsewhere where its steps have led.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    on: &impl ConnectionTrait,
    id: i64,
    (state, public): (&str, bool),
    changed: Micros,
) -> Result<()> {
    let row = matter::ActiveModel {
        id: Unchanged(id),
        state: Set(state.to_owned()),
        public: Set(public),
        changed_at: Set(changed),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(())
}

/// Under which kind the files of matters of a sort are kept.
pub fn evidence_kind(sort: &str) -> String {
    format!("matter:{sort}")
}

/// What changes when anything of the year's work does: pages that are kept are made anew then.
///
/// # Errors
/// When the database fails.
pub async fn stamp(on: &impl ConnectionTrait) -> Result<String> {
    type Row = (i64, Option<Micros>, Option<i64>);
    let most = |expr: sea_orm::sea_query::SimpleExpr| -> sea_orm::sea_query::SimpleExpr {
        sea_orm::sea_query::Func::max(expr).into()
    };
    let found: Option<Row> = matter::Entity::find()
        .select_only()
        .column_as(matter::Column::Id.count(), "number")
        .expr_as(most(matter::Column::ChangedAt.into_expr()), "changed")
        .expr_as(most(matter::Column::Version.into_expr()), "version")
        .into_tuple()
        .one(on)
        .await?;
    let days: Option<(i64, Option<i64>, Option<Micros>)> = crate::table::event::Entity::find()
        .select_only()
        .column_as(crate::table::event::Column::Id.count(), "number")
        .expr_as(most(crate::table::event::Column::Id.into_expr()), "newest")
        .expr_as(most(crate::table::event::Column::GoneAt.into_expr()), "gone")
        .into_tuple()
        .one(on)
        .await?;
    Ok(format!("{found:?} {days:?}"))
}
