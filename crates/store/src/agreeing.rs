//! Drafts of agreements: their versions, and what units and the head's desk say and do about them.
//!
//! A version is never changed; saving adds one. What is said is added too: the newest line of a unit and a place stands, the
//! older ones stay. Whoever saves says what they have seen, and learns when somebody else was quicker.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

mod parts;

pub use self::parts::{Part, Sort, add, history, parts};
use crate::table::{agreement_draft, agreement_part, agreement_version};
use crate::{Micros, Result, clusters};

/// A draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its key.
    pub id: i64,
    /// In which cluster.
    pub cluster: String,
    /// Its number within the cluster, from 1.
    pub number: i64,
    /// Where it is on its way: a word of `giaouoc-year`.
    pub stage: String,
    /// What it began as: `template`, `own`, `empty`, `amendment`.
    pub base: String,
    /// The cluster of the year before, whose records it is also computed on.
    pub before: Option<String>,
    /// Its newest version.
    pub version: i64,
    /// The digest that is signed, once it is frozen.
    pub digest: Option<String>,
    /// The last day for remarks, `YYYY-MM-DD`, once it is sent round.
    pub respond_by: Option<String>,
    /// When it was sent round.
    pub circulated_at: Option<Micros>,
    /// When it was frozen.
    pub frozen_at: Option<Micros>,
    /// When it came into force.
    pub in_force_at: Option<Micros>,
    /// The ceremony as it was held (JSON).
    pub ceremony: Option<String>,
    /// Units that are to sign later (JSON).
    pub later: Option<String>,
    /// Which state of this row it is: another one has another number.
    pub rev: i64,
    /// Who began it.
    pub person: i64,
    /// When.
    pub created_at: Micros,
}

/// A version of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its key.
    pub id: i64,
    /// The draft's key.
    pub draft: i64,
    /// Its number within the draft, from 1.
    pub number: i64,
    /// The text of `agreement.toml`.
    pub text: String,
    /// What was changed, in words.
    pub note: String,
    /// What the check of the text said (JSON).
    pub checked: String,
    /// Its figures (JSON), once they are computed.
    pub figures: Option<String>,
    /// Who saved it.
    pub person: i64,
    /// When.
    pub at: Micros,
}

/// A text to be saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// The text of `agreement.toml`.
    pub text: String,
    /// What was changed, in words.
    pub note: String,
    /// What the check of the text said (JSON).
    pub checked: String,
    /// Who saves it.
    pub person: i64,
}

fn draft(row: agreement_draft::Model) -> Draft {
    Draft {
        id: row.id,
        cluster: row.cluster,
        number: row.number,
        stage: row.stage,
        base: row.base,
        before: row.before,
        version: row.version,
        digest: row.digest,
        respond_by: row.respond_by,
        circulated_at: row.circulated_at,
        frozen_at: row.frozen_at,
        in_force_at: row.in_force_at,
        ceremony: row.ceremony,
        later: row.later,
        rev: row.rev,
        person: row.person_id,
        created_at: row.created_at,
    }
}

fn version_of(row: agreement_version::Model) -> Version {
    Version {
        id: row.id,
        draft: row.draft_id,
        number: row.number,
        text: row.body,
        note: row.note,
        checked: row.checked,
        figures: row.figures,
        person: row.person_id,
        at: row.at,
    }
}

/// Begins a draft with its first version. Within a transaction.
///
/// # Errors
/// When the database fails.
pub async fn start(
    on: &impl ConnectionTrait,
    cluster: &str,
    base: &str,
    before: Option<String>,
    saving: Saving,
    now: Micros,
) -> Result<Draft> {
    clusters::hold(on, cluster).await?;
    let last = all(on, cluster).await?.first().map_or(0, |draft| draft.number);
    let row = agreement_draft::ActiveModel {
        id: NotSet,
        cluster: Set(cluster.to_owned()),
        number: Set(last + 1),
        stage: Set("drafting".to_owned()),
        base: Set(base.to_owned()),
        before: Set(before),
        version: Set(1),
        digest: Set(None),
        respond_by: Set(None),
        circulated_at: Set(None),
        frozen_at: Set(None),
        in_force_at: Set(None),
        ceremony: Set(None),
        later: Set(None),
        rev: Set(1),
        person_id: Set(saving.person),
        created_at: Set(now),
    };
    let made = draft(row.insert(on).await?);
    insert(on, made.id, 1, saving, now).await?;
    Ok(made)
}

async fn insert(
    on: &impl ConnectionTrait,
    draft: i64,
    number: i64,
    saving: Saving,
    now: Micros,
) -> Result<i64> {
    let row = agreement_version::ActiveModel {
        id: NotSet,
        draft_id: Set(draft),
        number: Set(number),
        body: Set(saving.text),
        note: Set(saving.note),
        checked: Set(saving.checked),
        figures: Set(None),
        person_id: Set(saving.person),
        at: Set(now),
    };
    Ok(row.insert(on).await?.id)
}

/// The drafts of a cluster, newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait, cluster: &str) -> Result<Vec<Draft>> {
    let rows = agreement_draft::Entity::find()
        .filter(agreement_draft::Column::Cluster.eq(cluster))
        .order_by_desc(agreement_draft::Column::Number)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(draft).collect())
}

/// A draft by its number within the cluster.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, cluster: &str, number: i64) -> Result<Option<Draft>> {
    let found = agreement_draft::Entity::find()
        .filter(agreement_draft::Column::Cluster.eq(cluster))
        .filter(agreement_draft::Column::Number.eq(number))
        .one(on)
        .await?;
    Ok(found.map(draft))
}

/// A draft by its key.
///
/// # Errors
/// When the database fails.
pub async fn by_id(on: &impl ConnectionTrait, id: i64) -> Result<Option<Draft>> {
    Ok(agreement_draft::Entity::find_by_id(id).one(on).await?.map(draft))
}

/// A version of a draft.
///
/// # Errors
/// When the database fails.
pub async fn version(on: &impl ConnectionTrait, draft: i64, number: i64) -> Result<Option<Version>> {
    let found = agreement_version::Entity::find()
        .filter(agreement_version::Column::DraftId.eq(draft))
        .filter(agreement_version::Column::Number.eq(number))
        .one(on)
        .await?;
    Ok(found.map(version_of))
}

/// A version by its key.
///
/// # Errors
/// When the database fails.
pub async fn version_by_id(on: &impl ConnectionTrait, id: i64) -> Result<Option<Version>> {
    Ok(agreement_version::Entity::find_by_id(id).one(on).await?.map(version_of))
}

/// The versions of a draft, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(on: &impl ConnectionTrait, draft: i64) -> Result<Vec<Version>> {
    let rows = agreement_version::Entity::find()
        .filter(agreement_version::Column::DraftId.eq(draft))
        .order_by_asc(agreement_version::Column::Number)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(version_of).collect())
}

/// Saves another version of a draft whose newest version is `seen`. Gives the version's key; nothing when another one is the
/// newest. Within a transaction.
///
/// # Errors
/// When the database fails.
pub async fn save(
    on: &impl ConnectionTrait,
    found: &Draft,
    seen: i64,
    saving: Saving,
    now: Micros,
) -> Result<Option<i64>> {
    clusters::hold(on, &found.cluster).await?;
    let Some(there) = by_id(on, found.id).await? else { return Ok(None) };
    if there.version != seen || there.stage != found.stage {
        return Ok(None);
    }
    let id = insert(on, found.id, seen + 1, saving, now).await?;
    let row =
        agreement_draft::ActiveModel { id: Set(found.id), version: Set(seen + 1), ..Default::default() };
    row.update(on).await?;
    Ok(Some(id))
}

/// Keeps the figures of a version.
///
/// # Errors
/// When the database fails.
pub async fn keep_figures(on: &impl ConnectionTrait, version: i64, figures: String) -> Result<()> {
    let row = agreement_version::ActiveModel {
        id: Set(version),
        figures: Set(Some(figures)),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(())
}

/// Takes a draft a step on: everything of it but its text. Says whether it still was as the caller has seen it. Within a
/// transaction.
///
/// # Errors
/// When the database fails.
pub async fn step(on: &impl ConnectionTrait, new: &Draft) -> Result<bool> {
    clusters::hold(on, &new.cluster).await?;
    let Some(there) = by_id(on, new.id).await? else { return Ok(false) };
    if there.rev != new.rev || there.version != new.version {
        return Ok(false);
    }
    let row = agreement_draft::ActiveModel {
        id: Set(new.id),
        stage: Set(new.stage.clone()),
        digest: Set(new.digest.clone()),
        respond_by: Set(new.respond_by.clone()),
        circulated_at: Set(new.circulated_at),
        frozen_at: Set(new.frozen_at),
        in_force_at: Set(new.in_force_at),
        ceremony: Set(new.ceremony.clone()),
        later: Set(new.later.clone()),
        rev: Set(new.rev + 1),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(true)
}

/// Changes whenever something of an agreement that the public may read changes: what is made of it can be kept until then.
///
/// # Errors
/// When the database fails.
pub async fn stamp(on: &impl ConnectionTrait) -> Result<String> {
    let drafts: Vec<(i64, i64)> = agreement_draft::Entity::find()
        .select_only()
        .columns([agreement_draft::Column::Id, agreement_draft::Column::Rev])
        .filter(agreement_draft::Column::FrozenAt.is_not_null())
        .order_by_asc(agreement_draft::Column::Id)
        .into_tuple()
        .all(on)
        .await?;
    let last = agreement_part::Entity::find().order_by_desc(agreement_part::Column::Id).one(on).await?;
    Ok(format!("{drafts:?} {}", last.map_or(0, |part| part.id)))
}
