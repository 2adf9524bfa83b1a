//! The clusters of a service, each with its year's bundle.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::table::{cluster, known_mapping};
use crate::{Micros, Result};

/// A cluster's year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its name in addresses, and of its folder: lower-case letters, digits, `-`.
    pub slug: String,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// Its year.
    pub year: i64,
}

fn cluster(row: cluster::Model) -> Cluster {
    Cluster { slug: row.slug, name_vi: row.name_vi, name_en: row.name_en, year: row.year }
}

/// Adds a cluster; one that is there already gets the new names and keeps its place.
///
/// # Errors
/// When the database fails.
pub async fn put(on: &impl ConnectionTrait, new: &Cluster, now: Micros) -> Result<()> {
    let row = cluster::ActiveModel {
        slug: Set(new.slug.clone()),
        name_vi: Set(new.name_vi.clone()),
        name_en: Set(new.name_en.clone()),
        year: Set(new.year),
        added_at: Set(now),
    };
    let names = [cluster::Column::NameVi, cluster::Column::NameEn, cluster::Column::Year];
    cluster::Entity::insert(row)
        .on_conflict(OnConflict::column(cluster::Column::Slug).update_columns(names).to_owned())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Within a transaction: nobody else holds this cluster until it ends. For what reads before it writes.
pub(crate) async fn hold(on: &impl ConnectionTrait, slug: &str) -> Result<()> {
    cluster::Entity::find_by_id(slug.to_owned()).lock_exclusive().one(on).await?;
    Ok(())
}

/// A cluster.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, slug: &str) -> Result<Option<Cluster>> {
    Ok(cluster::Entity::find_by_id(slug.to_owned()).one(on).await?.map(cluster))
}

/// All clusters, the newest year first, within a year in the order they were added.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait) -> Result<Vec<Cluster>> {
    let rows = cluster::Entity::find()
        .order_by_desc(cluster::Column::Year)
        .order_by_asc(cluster::Column::AddedAt)
        .order_by_asc(cluster::Column::Slug)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(cluster).collect())
}

/// The mapping that a unit used last for files of a kind with these headers.
///
/// # Errors
/// When the database fails.
pub async fn mapping(
    on: &impl ConnectionTrait,
    slug: &str,
    unit: &str,
    kind: &str,
    headers: &str,
) -> Result<Option<String>> {
    let row = known(slug, unit, kind, headers).one(on).await?;
    Ok(row.map(|row| row.mapping))
}

/// Remembers the mapping that a unit used for files of a kind with these headers.
///
/// # Errors
/// When the database fails.
pub async fn remember_mapping(
    on: &impl ConnectionTrait,
    slug: &str,
    unit: &str,
    kind: &str,
    headers: &str,
    mapping: &str,
    now: Micros,
) -> Result<()> {
    let row = known_mapping::ActiveModel {
        id: NotSet,
        cluster: Set(slug.to_owned()),
        unit: Set(unit.to_owned()),
        kind: Set(kind.to_owned()),
        headers: Set(headers.to_owned()),
        mapping: Set(mapping.to_owned()),
        at: Set(now),
    };
    use known_mapping::Column::{At, Cluster, Headers, Kind, Mapping, Unit};
    known_mapping::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Cluster, Unit, Kind, Headers]).update_columns([Mapping, At]).to_owned(),
        )
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// A mapping that a unit has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The kind of the files.
    pub kind: String,
    /// The digest of their headers.
    pub headers: String,
    /// The mapping (TOML).
    pub mapping: String,
}

/// All mappings that a unit has used, the last used first.
///
/// # Errors
/// When the database fails.
pub async fn mappings(on: &impl ConnectionTrait, slug: &str, unit: &str) -> Result<Vec<Known>> {
    let rows = known_mapping::Entity::find()
        .filter(known_mapping::Column::Cluster.eq(slug))
        .filter(known_mapping::Column::Unit.eq(unit))
        .order_by_desc(known_mapping::Column::At)
        .order_by_desc(known_mapping::Column::Id)
        .all(on)
        .await?;
    let known =
        |row: known_mapping::Model| Known { kind: row.kind, headers: row.headers, mapping: row.mapping };
    Ok(rows.into_iter().map(known).collect())
}

/// Gives the units of a cluster's next year the mappings that they have used in this one.
///
/// # Errors
/// When the database fails.
pub async fn carry_mappings(on: &impl ConnectionTrait, from: &str, to: &str) -> Result<()> {
    let rows = known_mapping::Entity::find()
        .filter(known_mapping::Column::Cluster.eq(from))
        .order_by_asc(known_mapping::Column::Id)
        .all(on)
        .await?;
    for row in rows {
        remember_mapping(on, to, &row.unit, &row.kind, &row.headers, &row.mapping, row.at).await?;
    }
    Ok(())
}

/// Forgets a mapping that a unit has used for files of a kind, whatever their headers.
///
/// # Errors
/// When the database fails.
pub async fn forget_mapping(
    on: &impl ConnectionTrait,
    slug: &str,
    unit: &str,
    kind: &str,
    mapping: &str,
) -> Result<()> {
    known_mapping::Entity::delete_many()
        .filter(known_mapping::Column::Cluster.eq(slug))
        .filter(known_mapping::Column::Unit.eq(unit))
        .filter(known_mapping::Column::Kind.eq(kind))
        .filter(known_mapping::Column::Mapping.eq(mapping))
        .exec(on)
        .await?;
    Ok(())
}

fn known(slug: &str, unit: &str, kind: &str, headers: &str) -> sea_orm::Select<known_mapping::Entity> {
    known_mapping::Entity::find()
        .filter(known_mapping::Column::Cluster.eq(slug))
        .filter(known_mapping::Column::Unit.eq(unit))
        .filter(known_mapping::Column::Kind.eq(kind))
        .filter(known_mapping::Column::Headers.eq(headers))
}
