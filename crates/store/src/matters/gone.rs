//! Matters that go: withdrawn with a reason, or erased where they are about a person.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::{Matter, evidence_kind};
use crate::table::{evidence, matter, matter_edit, matter_personal};
use crate::{Micros, Result};

/// Withdraws a matter with a reason. Says whether it still was the version that was seen.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    on: &impl ConnectionTrait,
    id: i64,
    version: i64,
    (person, reason): (i64, &str),
    now: Micros,
) -> Result<bool> {
    let done = matter::Entity::update_many()
        .col_expr(matter::Column::GoneAt, Expr::value(now))
        .col_expr(matter::Column::GoneBy, Expr::value(person))
        .col_expr(matter::Column::GoneReason, Expr::value(reason))
        .col_expr(matter::Column::Public, Expr::value(false))
        .col_expr(matter::Column::ChangedAt, Expr::value(now))
        .col_expr(matter::Column::Version, Expr::value(version + 1))
        .filter(matter::Column::Id.eq(id))
        .filter(matter::Column::Version.eq(version))
        .filter(matter::Column::GoneAt.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Erases a case about a person as a whole: what [`erase`] does, and every file, also those that were taken away before, every field
/// but those that are meant for everybody (`open`), and what its history says of them. Gives digests as [`erase`] does.
///
/// # Errors
/// When the database fails.
pub async fn erase_whole(
    on: &impl ConnectionTrait,
    matter: &Matter,
    open: &[&str],
    (person, reason): (i64, &str),
    now: Micros,
) -> Result<Vec<String>> {
    let mut digests = erase(on, matter, (person, reason), now).await?;
    for file in crate::evidence::of(on, &matter.cluster, &evidence_kind(&matter.sort), &matter.code).await? {
        digests.extend(crate::pictures::erase(on, file.id, (person, reason), now).await?);
    }
    digests.sort();
    digests.dedup();
    let mut fields = matter.fields.clone();
    fields.retain(|id, _| open.contains(&id.as_str()));
    matter::Entity::update_many()
        .col_expr(matter::Column::Fields, Expr::value(super::json(&fields)))
        .filter(matter::Column::Id.eq(matter.id))
        .exec(on)
        .await?;
    matter_edit::Entity::update_many()
        .col_expr(matter_edit::Column::Changes, Expr::value("{}"))
        .filter(matter_edit::Column::MatterId.eq(matter.id))
        .exec(on)
        .await?;
    Ok(digests)
}

/// Erases what stands in a matter about a person, and gives the digests of its pictures and files, which are no longer spoken of:
/// whoever calls removes those bytes that nothing else speaks of.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    on: &impl ConnectionTrait,
    matter: &Matter,
    (person, reason): (i64, &str),
    now: Micros,
) -> Result<Vec<String>> {
    matter_personal::Entity::delete_many()
        .filter(matter_personal::Column::MatterId.eq(matter.id))
        .exec(on)
        .await?;
    // What others wrote of the person, waiting or shown.
    super::erase_words(on, matter.id, None, reason).await?;
    let kind = evidence_kind(&matter.sort);
    let files = crate::evidence::of(on, &matter.cluster, &kind, &matter.code).await?;
    // Decisions stay: they are what the unit decided. Pictures are the person's.
    let pictures = files.iter().filter(|file| file.media.starts_with("image/"));
    let mut digests: Vec<String> = pictures.map(|file| file.sha256.clone()).collect();
    digests.sort();
    digests.dedup();
    for file in files.iter().filter(|file| file.gone.is_none() && file.media.starts_with("image/")) {
        crate::evidence::take_away(on, file.id, person, reason, now).await?;
    }
    // Who is shown beside them goes with them.
    let all: Vec<i64> = files.iter().map(|file| file.id).collect();
    crate::pictures::forget(on, &all).await?;
    // Forms that were begun may hold names.
    crate::table::draft::Entity::delete_many()
        .filter(crate::table::draft::Column::Cluster.eq(matter.cluster.as_str()))
        .filter(crate::table::draft::Column::Kind.eq(kind.as_str()))
        .filter(crate::table::draft::Column::Record.eq(matter.code.as_str()))
        .exec(on)
        .await?;
    // A name of a file may name the person.
    evidence::Entity::update_many()
        .col_expr(evidence::Column::Name, Expr::value(crate::pictures::ERASED))
        .filter(evidence::Column::Cluster.eq(matter.cluster.as_str()))
        .filter(evidence::Column::Kind.eq(kind))
        .filter(evidence::Column::Record.eq(matter.code.as_str()))
        .filter(evidence::Column::Media.starts_with("image/"))
        .exec(on)
        .await?;
    Ok(digests)
}
