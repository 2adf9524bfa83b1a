//! Measured scoreboards. A board is what was measured at one head of the journal, on one day; pages read it and nothing else.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};

use crate::table::{board, board_file, release};
use crate::{Micros, Result, clusters};

/// A measured board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Number of the board.
    pub id: i64,
    /// Of which cluster.
    pub cluster: String,
    /// Entries of the journal that were known.
    pub head: i64,
    /// SHA-256 of the sheet, in hex.
    pub digest: String,
    /// The figures with everything that pages show (JSON).
    pub sheet: String,
    /// When it was measured.
    pub made_at: Micros,
}

fn board(row: board::Model) -> Board {
    Board {
        id: row.id,
        cluster: row.cluster,
        head: row.head,
        digest: row.digest,
        sheet: row.sheet,
        made_at: row.made_at,
    }
}

/// Keeps a board. The same figures at the same head are kept once.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    on: &impl ConnectionTrait,
    cluster: &str,
    head: i64,
    digest: &str,
    sheet: String,
    now: Micros,
) -> Result<i64> {
    clusters::hold(on, cluster).await?;
    if let Some(newest) = newest(on, cluster).await?
        && newest.head == head
        && newest.digest == digest
    {
        return Ok(newest.id);
    }
    let row = board::ActiveModel {
        id: NotSet,
        cluster: Set(cluster.to_owned()),
        head: Set(head),
        digest: Set(digest.to_owned()),
        sheet: Set(sheet),
        made_at: Set(now),
    };
    Ok(row.insert(on).await?.id)
}

/// Keeps where another form of a board lies. The first one counts.
///
/// # Errors
/// When the database fails.
pub async fn keep_file(on: &impl ConnectionTrait, board: i64, name: &str, sha256: &str) -> Result<()> {
    let row = board_file::ActiveModel {
        id: NotSet,
        board_id: Set(board),
        name: Set(name.to_owned()),
        sha256: Set(sha256.to_owned()),
    };
    let once =
        OnConflict::columns([board_file::Column::BoardId, board_file::Column::Name]).do_nothing().to_owned();
    board_file::Entity::insert(row).on_conflict(once).exec_without_returning(on).await?;
    Ok(())
}

/// Where another form of a board lies.
///
/// # Errors
/// When the database fails.
pub async fn file(on: &impl ConnectionTrait, board: i64, name: &str) -> Result<Option<String>> {
    let row = board_file::Entity::find()
        .filter(board_file::Column::BoardId.eq(board))
        .filter(board_file::Column::Name.eq(name))
        .one(on)
        .await?;
    Ok(row.map(|row| row.sha256))
}

/// The newest board of a cluster: its provisional figures.
///
/// # Errors
/// When the database fails.
pub async fn newest(on: &impl ConnectionTrait, cluster: &str) -> Result<Option<Board>> {
    let row = board::Entity::find()
        .filter(board::Column::Cluster.eq(cluster))
        .order_by_desc(board::Column::Id)
        .one(on)
        .await?;
    Ok(row.map(board))
}

/// The number of the newest board of a cluster: whether there is a newer one is asked at every page.
///
/// # Errors
/// When the database fails.
pub async fn newest_id(on: &impl ConnectionTrait, cluster: &str) -> Result<Option<i64>> {
    Ok(newest_first().filter(board::Column::Cluster.eq(cluster)).into_tuple().one(on).await?)
}

/// The newest board of all clusters: another one when any figures were measured anew.
///
/// # Errors
/// When the database fails.
pub async fn stamp(on: &impl ConnectionTrait) -> Result<Option<i64>> {
    Ok(newest_first().into_tuple().one(on).await?)
}

/// The numbers of boards, the newest first.
fn newest_first() -> Select<board::Entity> {
    board::Entity::find().select_only().column(board::Column::Id).order_by_desc(board::Column::Id)
}

/// A board.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64) -> Result<Option<Board>> {
    Ok(board::Entity::find_by_id(id).one(on).await?.map(board))
}

/// Forgets provisional boards of a cluster that were made before a time, but for the newest board and those that a release
/// published. Gives the digests of their files that nothing else speaks of; they can be removed once this is committed.
///
/// # Errors
/// When the database fails.
pub async fn forget(on: &impl ConnectionTrait, cluster: &str, before: Micros) -> Result<Vec<String>> {
    let Some(newest) = newest_id(on, cluster).await? else { return Ok(Vec::new()) };
    let published = release::Entity::find()
        .select_only()
        .column(release::Column::BoardId)
        .filter(release::Column::BoardId.is_not_null())
        .into_tuple::<i64>()
        .all(on)
        .await?;
    let old = board::Entity::find()
        .select_only()
        .column(board::Column::Id)
        .filter(board::Column::Cluster.eq(cluster))
        .filter(board::Column::MadeAt.lt(before))
        .filter(board::Column::Id.ne(newest))
        .filter(board::Column::Id.is_not_in(published))
        .into_tuple::<i64>()
        .all(on)
        .await?;
    let digests = |ids: &[i64]| {
        board_file::Entity::find()
            .select_only()
            .column(board_file::Column::Sha256)
            .filter(board_file::Column::BoardId.is_in(ids.iter().copied()))
            .distinct()
    };
    let mut gone = digests(&old).into_tuple::<String>().all(on).await?;
    board_file::Entity::delete_many()
        .filter(board_file::Column::BoardId.is_in(old.iter().copied()))
        .exec(on)
        .await?;
    board::Entity::delete_many().filter(board::Column::Id.is_in(old)).exec(on).await?;
    let kept = board_file::Entity::find()
        .select_only()
        .column(board_file::Column::Sha256)
        .filter(board_file::Column::Sha256.is_in(gone.iter().map(String::as_str)))
        .into_tuple::<String>()
        .all(on)
        .await?;
    gone.retain(|digest| !kept.contains(digest));
    let spoken = crate::upkeep::elsewhere(on, &gone).await?;
    gone.retain(|digest| !spoken.contains(digest));
    Ok(gone)
}
