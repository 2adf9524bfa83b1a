//! Files that people brought, and what became of them.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::table::upload;
use crate::{Micros, Result, StoreError, words};

words! {
    /// Where an upload stands.
    State {
        /// The file is there and waits to be read.
        Received = "received",
        /// It was read; a person looks at what would come of it.
        Checked = "checked",
        /// A person wants it loaded.
        Wanted = "wanted",
        /// Its rows are in the journal.
        Loaded = "loaded",
        /// A person wants it taken back.
        Unwanted = "unwanted",
        /// It was taken back.
        Undone = "undone",
        /// It could not be read; the result says why.
        Refused = "refused",
    }
}

/// A file that somebody brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Number of the upload.
    pub id: i64,
    /// In which cluster.
    pub cluster: String,
    /// What its records are: the id of a kind.
    pub kind: String,
    /// Whose records it brings: the owner of the keys.
    pub supplier: Option<String>,
    /// At which unit's desk it was brought.
    pub unit: String,
    /// Who brought it.
    pub person: i64,
    /// The letter or file it rests on, when it was brought on behalf of the unit.
    pub on_behalf: Option<String>,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hex: where they are kept.
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
    /// The mapping to read it with (TOML); nothing reads it by its headers.
    pub mapping: Option<String>,
    /// Why it corrects what was there.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: State,
    /// What the last reading said (JSON).
    pub result: Option<String>,
    /// The journal's head before its rows were loaded: where a later try looks for them.
    pub head: Option<i64>,
    /// Its entry in the journal.
    pub entry: Option<i64>,
    /// When it came.
    pub created_at: Micros,
    /// Since when its bytes, and those of its rejected rows, are removed: they were older than files are kept.
    pub bytes_gone_at: Option<Micros>,
}

fn read(row: upload::Model) -> Result<Upload> {
    let Some(state) = State::of(&row.state) else {
        return Err(StoreError::Unreadable { table: "upload", column: "state", found: row.state });
    };
    Ok(Upload {
        id: row.id,
        cluster: row.cluster,
        kind: row.kind,
        supplier: row.supplier,
        unit: row.unit,
        person: row.person_id,
        on_behalf: row.on_behalf,
        name: row.name,
        sha256: row.sha256,
        bytes: row.bytes,
        mapping: row.mapping,
        reason: row.reason,
        state,
        result: row.result,
        head: row.head,
        entry: row.entry,
        created_at: row.created_at,
        bytes_gone_at: row.bytes_gone_at,
    })
}

/// What is said of a file when it is brought.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// In which cluster.
    pub cluster: String,
    /// What its records are.
    pub kind: String,
    /// Whose records it brings.
    pub supplier: Option<String>,
    /// At which unit's desk.
    pub unit: String,
    /// Who brings it.
    pub person: i64,
    /// What it rests on, when brought on behalf of the unit.
    pub on_behalf: Option<String>,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
}

/// Receives a file.
///
/// # Errors
/// When the database fails.
pub async fn receive(on: &impl ConnectionTrait, new: New, now: Micros) -> Result<i64> {
    let row = upload::ActiveModel {
        id: NotSet,
        cluster: Set(new.cluster),
        kind: Set(new.kind),
        supplier: Set(new.supplier),
        unit: Set(new.unit),
        person_id: Set(new.person),
        on_behalf: Set(new.on_behalf),
        name: Set(new.name),
        sha256: Set(new.sha256),
        bytes: Set(new.bytes),
        mapping: Set(None),
        reason: Set(None),
        state: Set(State::Received.word().to_owned()),
        result: Set(None),
        head: Set(None),
        entry: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
        bytes_gone_at: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// An upload.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64) -> Result<Option<Upload>> {
    upload::Entity::find_by_id(id).one(on).await?.map(read).transpose()
}

/// The uploads at a unit's desk or of a whole cluster, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    on: &impl ConnectionTrait,
    cluster: &str,
    unit: Option<&str>,
    most: u64,
) -> Result<Vec<Upload>> {
    let mut found = upload::Entity::find().filter(upload::Column::Cluster.eq(cluster));
    if let Some(unit) = unit {
        found = found.filter(upload::Column::Unit.eq(unit));
    }
    let rows = found.order_by_desc(upload::Column::Id).limit(most).all(on).await?;
    rows.into_iter().map(read).collect()
}

/// Moves an upload from one state to another. Says whether it was in the first one: of two people who press at once, one
/// moves it.
///
/// # Errors
/// When the database fails.
pub async fn step(on: &impl ConnectionTrait, id: i64, from: &[State], to: State) -> Result<bool> {
    use sea_orm::sea_query::Expr;
    let words: Vec<&str> = from.iter().map(|state| state.word()).collect();
    let moved = upload::Entity::update_many()
        .col_expr(upload::Column::State, Expr::value(to.word()))
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::State.is_in(words));
    let moved = match to {
        // Work that needs the bytes.
        State::Received | State::Wanted => moved.filter(upload::Column::BytesGoneAt.is_null()),
        _ => moved,
    };
    let moved = moved.exec(on).await?;
    Ok(moved.rows_affected > 0)
}

/// Notes what reading it said.
///
/// # Errors
/// When the database fails.
pub async fn set_result(
    on: &impl ConnectionTrait,
    id: i64,
    kind: Option<&str>,
    result: String,
) -> Result<()> {
    let mut row = upload::ActiveModel { id: Set(id), result: Set(Some(result)), ..Default::default() };
    if let Some(kind) = kind {
        row.kind = Set(kind.to_owned());
    }
    row.update(on).await?;
    Ok(())
}

/// Sets how a file is to be read: its kind, its mapping.
///
/// # Errors
/// When the database fails.
pub async fn set_reading(
    on: &impl ConnectionTrait,
    id: i64,
    kind: &str,
    mapping: Option<String>,
) -> Result<()> {
    let row = upload::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        mapping: Set(mapping),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(())
}

/// Sets the reason of a correction.
///
/// # Errors
/// When the database fails.
pub async fn set_reason(on: &impl ConnectionTrait, id: i64, reason: Option<String>) -> Result<()> {
    let row = upload::ActiveModel { id: Set(id), reason: Set(reason), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Notes where the journal stood before the rows were loaded.
///
/// # Errors
/// When the database fails.
pub async fn set_head(on: &impl ConnectionTrait, id: i64, head: i64) -> Result<()> {
    let row = upload::ActiveModel { id: Set(id), head: Set(Some(head)), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Notes the entry that has its rows.
///
/// # Errors
/// When the database fails.
pub async fn set_entry(on: &impl ConnectionTrait, id: i64, entry: Option<i64>, now: Micros) -> Result<()> {
    let row = upload::ActiveModel {
        id: Set(id),
        entry: Set(entry),
        ended_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(())
}

/// Forgets the bytes of uploads of a cluster that came before a time and wait for nobody's work: the row, its digest and what
/// came of it stay. Gives each with what reading it said.
///
/// # Errors
/// When the database fails.
pub async fn forget_bytes(
    on: &impl ConnectionTrait,
    cluster: &str,
    before: Micros,
    now: Micros,
) -> Result<Vec<(i64, Option<String>)>> {
    use sea_orm::sea_query::Expr;
    let idle = [State::Checked, State::Loaded, State::Undone, State::Refused].map(State::word);
    let old: Vec<(i64, Option<String>)> = upload::Entity::find()
        .select_only()
        .columns([upload::Column::Id, upload::Column::Result])
        .filter(upload::Column::Cluster.eq(cluster))
        .filter(upload::Column::CreatedAt.lt(before))
        .filter(upload::Column::BytesGoneAt.is_null())
        .filter(upload::Column::State.is_in(idle))
        .into_tuple()
        .all(on)
        .await?;
    let mut gone = Vec::new();
    for (id, result) in old {
        // Whoever has just asked for it to be loaded was quicker.
        let marked = upload::Entity::update_many()
            .col_expr(upload::Column::BytesGoneAt, Expr::value(now))
            .filter(upload::Column::Id.eq(id))
            .filter(upload::Column::State.is_in(idle))
            .exec(on)
            .await?;
        if marked.rows_affected > 0 {
            gone.push((id, result));
        }
    }
    Ok(gone)
}

/// Digests of the bytes that uploads of a cluster have forgotten and that nothing else speaks of: their files can be removed.
///
/// # Errors
/// When the database fails.
pub async fn forgotten(on: &impl ConnectionTrait, cluster: &str) -> Result<Vec<String>> {
    let rows: Vec<(String, Option<String>)> = upload::Entity::find()
        .select_only()
        .columns([upload::Column::Sha256, upload::Column::Result])
        .filter(upload::Column::Cluster.eq(cluster))
        .filter(upload::Column::BytesGoneAt.is_not_null())
        .into_tuple()
        .all(on)
        .await?;
    let mut digests: Vec<String> = Vec::new();
    for (sha256, result) in rows {
        digests.push(sha256);
        digests.extend(result.iter().flat_map(|text| crate::upkeep::digests(text)).map(str::to_owned));
    }
    digests.sort_unstable();
    digests.dedup();
    let used = crate::upkeep::used(on, &digests).await?;
    digests.retain(|digest| !used.contains(digest));
    Ok(digests)
}
