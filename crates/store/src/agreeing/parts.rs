//! What is said and done about a draft: opinions, replies, paragraphs, signatures, certificates, registrations.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::agreement_part;
use crate::{Micros, Result, clusters, words};

words! {
    /// What is said or done about a draft.
    Sort {
        /// What a unit says of a place.
        Opinion = "opinion",
        /// What the head's desk answers to it.
        Reply = "reply",
        /// A unit's own paragraph to a clause.
        Paragraph = "paragraph",
        /// How a unit signed, or that it does not.
        Signature = "signature",
        /// The secretary has held the scan against the text.
        Certificate = "certificate",
        /// The titles and forms that a unit registers.
        Registration = "registration",
    }
}

/// Something said or done about a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its key.
    pub id: i64,
    /// The draft's key.
    pub draft: i64,
    /// What it is.
    pub sort: Sort,
    /// The unit.
    pub unit: String,
    /// The place: `clause:2.2`, `target:on-time`, `all`; blank where there is none.
    pub place: String,
    /// The how manieth of this unit and place, from 1.
    pub rev: i64,
    /// What was said (JSON).
    pub body: String,
    /// Who said it.
    pub person: i64,
    /// When.
    pub at: Micros,
    /// What it rests on, when it was said on behalf of the unit.
    pub on_behalf: Option<String>,
}

/// Lines of a sort that this program does not know are left out.
fn read(row: agreement_part::Model) -> Option<Part> {
    Some(Part {
        id: row.id,
        draft: row.draft_id,
        sort: Sort::of(&row.sort)?,
        unit: row.unit,
        place: row.place,
        rev: row.rev,
        body: row.body,
        person: row.person_id,
        at: row.at,
        on_behalf: row.on_behalf,
    })
}

/// Adds what is said or done. `seen` is the newest of its unit and place that its writer has seen, 0 for none. Gives its key;
/// nothing when there is a newer one. Within a transaction.
///
/// # Errors
/// When the database fails.
pub async fn add(on: &impl ConnectionTrait, cluster: &str, new: Part, seen: i64) -> Result<Option<i64>> {
    clusters::hold(on, cluster).await?;
    let last = agreement_part::Entity::find()
        .filter(agreement_part::Column::DraftId.eq(new.draft))
        .filter(agreement_part::Column::Sort.eq(new.sort.word()))
        .filter(agreement_part::Column::Unit.eq(new.unit.as_str()))
        .filter(agreement_part::Column::Place.eq(new.place.as_str()))
        .order_by_desc(agreement_part::Column::Rev)
        .one(on)
        .await?
        .map_or(0, |row| row.rev);
    if last != seen {
        return Ok(None);
    }
    let row = agreement_part::ActiveModel {
        id: NotSet,
        draft_id: Set(new.draft),
        sort: Set(new.sort.word().to_owned()),
        unit: Set(new.unit),
        place: Set(new.place),
        rev: Set(last + 1),
        body: Set(new.body),
        person_id: Set(new.person),
        at: Set(new.at),
        on_behalf: Set(new.on_behalf),
    };
    Ok(Some(row.insert(on).await?.id))
}

/// The newest of each sort, unit and place of a draft, in the order they were said.
///
/// # Errors
/// When the database fails.
pub async fn parts(on: &impl ConnectionTrait, draft: i64) -> Result<Vec<Part>> {
    let all = history(on, draft).await?;
    let newer = |one: &Part| {
        all.iter().any(|other| {
            (other.sort, &other.unit, &other.place) == (one.sort, &one.unit, &one.place)
                && other.rev > one.rev
        })
    };
    Ok(all.iter().filter(|one| !newer(one)).cloned().collect())
}

/// Everything that was said and done about a draft, in the order it was, with what newer lines took the place of.
///
/// # Errors
/// When the database fails.
pub async fn history(on: &impl ConnectionTrait, draft: i64) -> Result<Vec<Part>> {
    let rows = agreement_part::Entity::find()
        .filter(agreement_part::Column::DraftId.eq(draft))
        .order_by_asc(agreement_part::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(read).collect())
}
