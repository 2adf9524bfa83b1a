//! Questions that the data raise (*nội dung đề nghị làm rõ*): found by the program, answered by the unit that is asked.
//!
//! A question is one of a unit about one signal. Until it is answered it is the same question, whatever is found anew under
//! it; what is found after the answer and was not in it is asked as the next round. None is ever removed: one that the data
//! no longer raise is marked as gone.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::jobs::{self, Work};
use crate::table::{question, release_part};
use crate::{Micros, Result, clusters};

/// A question to a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Number of the question.
    pub id: i64,
    /// In which cluster.
    pub cluster: String,
    /// The unit that is asked.
    pub unit: String,
    /// The stable name of the signal.
    pub signal: String,
    /// Which time it is asked, from 1.
    pub round: i64,
    /// Digest of what is asked: whoever answers says which evidence they saw.
    pub digest: String,
    /// What is asked, with its evidence (JSON).
    pub asked: String,
    /// When it was found first.
    pub first_seen: Micros,
    /// When it was found last.
    pub last_seen: Micros,
    /// Since when the data no longer raise it.
    pub gone_at: Option<Micros>,
    /// What the unit answered.
    pub reply: Option<String>,
    /// Who answered.
    pub replied_by: Option<i64>,
    /// When.
    pub replied_at: Option<Micros>,
    /// What it rests on, when somebody answered on behalf of the unit.
    pub on_behalf: Option<String>,
}

impl Question {
    /// Whether the unit has something to answer.
    pub fn open(&self) -> bool {
        self.reply.is_none() && self.gone_at.is_none()
    }
}

/// What was found in the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The unit that is asked.
    pub unit: String,
    /// The stable name of the signal.
    pub signal: String,
    /// Digest of what is asked.
    pub digest: String,
    /// What is asked, with its evidence (JSON).
    pub asked: String,
}

fn question(row: question::Model) -> Question {
    Question {
        id: row.id,
        cluster: row.cluster,
        unit: row.unit,
        signal: row.signal,
        round: row.round,
        digest: row.digest,
        asked: row.asked,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        gone_at: row.gone_at,
        reply: row.reply,
        replied_by: row.replied_by,
        replied_at: row.replied_at,
        on_behalf: row.on_behalf,
    }
}

/// Asks for the questions of a board to be found, once: the same figures on the same day raise the same questions.
///
/// # Errors
/// When the database fails.
pub async fn ask(on: &impl ConnectionTrait, cluster: &str, board: i64, now: Micros) -> Result<()> {
    if jobs::latest(on, cluster, &[Work::Signals], Some(board)).await?.is_none() {
        jobs::ask(on, Work::Signals, cluster, Some(board), None, now).await?;
    }
    Ok(())
}

/// Keeps everything that was found at one time; what is not among it is gone. `answered` says of a question that was answered
/// (its `asked`) and of what is found now whether the answer holds for it too. Within a transaction.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    on: &impl ConnectionTrait,
    cluster: &str,
    found: &[Found],
    answered: impl Fn(&str, &str) -> bool,
    now: Micros,
) -> Result<()> {
    clusters::hold(on, cluster).await?;
    let rows = all(on, cluster).await?;
    let newest = |one: &Found| {
        rows.iter().filter(|row| row.unit == one.unit && row.signal == one.signal).max_by_key(|row| row.round)
    };
    for one in found {
        let round = match newest(one) {
            None => 1,
            Some(row) if row.reply.is_some() && !answered(&row.asked, &one.asked) => row.round + 1,
            Some(row) => {
                see(on, row, one, now).await?;
                continue;
            }
        };
        let new = question::ActiveModel {
            id: NotSet,
            cluster: Set(cluster.to_owned()),
            unit: Set(one.unit.clone()),
            signal: Set(one.signal.clone()),
            round: Set(round),
            digest: Set(one.digest.clone()),
            asked: Set(one.asked.clone()),
            first_seen: Set(now),
            last_seen: Set(now),
            gone_at: Set(None),
            reply: Set(None),
            replied_by: Set(None),
            replied_at: Set(None),
            on_behalf: Set(None),
        };
        new.insert(on).await?;
    }
    let still = |row: &&Question| found.iter().any(|one| one.unit == row.unit && one.signal == row.signal);
    for row in rows.iter().filter(|row| row.gone_at.is_none() && !still(row)) {
        let row = question::ActiveModel { id: Set(row.id), gone_at: Set(Some(now)), ..Default::default() };
        row.update(on).await?;
    }
    Ok(())
}

/// Found again. What was answered keeps the evidence that was answered; the unit may be answering just now.
async fn see(on: &impl ConnectionTrait, row: &Question, one: &Found, now: Micros) -> Result<()> {
    let again = question::ActiveModel {
        id: Set(row.id),
        last_seen: Set(now),
        gone_at: Set(None),
        ..Default::default()
    };
    again.update(on).await?;
    question::Entity::update_many()
        .col_expr(question::Column::Digest, Expr::value(one.digest.as_str()))
        .col_expr(question::Column::Asked, Expr::value(one.asked.as_str()))
        .filter(question::Column::Id.eq(row.id))
        .filter(question::Column::Reply.is_null())
        .exec(on)
        .await?;
    Ok(())
}

/// The questions of a cluster, in the order in which they were first asked.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait, cluster: &str) -> Result<Vec<Question>> {
    let rows = question::Entity::find()
        .filter(question::Column::Cluster.eq(cluster))
        .order_by_asc(question::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(question).collect())
}

/// The questions to one unit, in the order in which they were first asked.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, cluster: &str, unit: &str) -> Result<Vec<Question>> {
    let rows = question::Entity::find()
        .filter(question::Column::Cluster.eq(cluster))
        .filter(question::Column::Unit.eq(unit))
        .order_by_asc(question::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(question).collect())
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// In which cluster.
    pub cluster: String,
    /// The unit that was asked.
    pub unit: String,
    /// The number of the question.
    pub question: i64,
    /// Digest of what was asked, as whoever answers saw it.
    pub digest: String,
    /// The answer.
    pub reply: String,
    /// Who answers.
    pub person: i64,
    /// What it rests on, when somebody answers on behalf of the unit.
    pub on_behalf: Option<String>,
}

/// Answers a question, once, and only as it was seen. Says whether it was this call that did.
///
/// # Errors
/// When the database fails.
pub async fn reply(on: &impl ConnectionTrait, new: Reply, now: Micros) -> Result<bool> {
    let done = question::Entity::update_many()
        .col_expr(question::Column::Reply, Expr::value(new.reply))
        .col_expr(question::Column::RepliedBy, Expr::value(new.person))
        .col_expr(question::Column::RepliedAt, Expr::value(now))
        .col_expr(question::Column::OnBehalf, Expr::value(new.on_behalf))
        .filter(question::Column::Id.eq(new.question))
        .filter(question::Column::Cluster.eq(new.cluster))
        .filter(question::Column::Unit.eq(new.unit))
        .filter(question::Column::Digest.eq(new.digest))
        .filter(question::Column::Reply.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Keeps something beside the figures of a release, under a name. The first one counts.
///
/// # Errors
/// When the database fails.
pub async fn freeze(on: &impl ConnectionTrait, release: i64, name: &str, body: String) -> Result<()> {
    let row = release_part::ActiveModel {
        id: NotSet,
        release_id: Set(release),
        name: Set(name.to_owned()),
        body: Set(body),
    };
    let once = sea_orm::sea_query::OnConflict::columns([
        release_part::Column::ReleaseId,
        release_part::Column::Name,
    ])
    .do_nothing()
    .to_owned();
    release_part::Entity::insert(row).on_conflict(once).exec_without_returning(on).await?;
    Ok(())
}

/// What was kept beside the figures of a release under a name.
///
/// # Errors
/// When the database fails.
pub async fn frozen(on: &impl ConnectionTrait, release: i64, name: &str) -> Result<Option<String>> {
    let row = release_part::Entity::find()
        .filter(release_part::Column::ReleaseId.eq(release))
        .filter(release_part::Column::Name.eq(name))
        .one(on)
        .await?;
    Ok(row.map(|row| row.body))
}
