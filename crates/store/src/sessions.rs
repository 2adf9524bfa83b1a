//! Log-ins: one a device, seen and ended by the person themselves.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::people::{self, Held, Person};
use crate::table::session;
use crate::{Micros, Result};

/// A log-in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Number of the session.
    pub id: i64,
    /// Whose.
    pub person: i64,
    /// What the browser says it is.
    pub agent: String,
    /// When it began.
    pub created_at: Micros,
    /// When it was last used, to the minute.
    pub seen_at: Micros,
}

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The session.
    pub session: Session,
    /// The person.
    pub person: Person,
    /// All roles they hold or held.
    pub roles: Vec<Held>,
}

fn session(row: session::Model) -> Session {
    Session {
        id: row.id,
        person: row.person_id,
        agent: row.agent,
        created_at: row.created_at,
        seen_at: row.seen_at,
    }
}

/// Begins a session. Only the digest of its token is kept.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    on: &impl ConnectionTrait,
    person: i64,
    token_digest: &str,
    agent: &str,
    now: Micros,
) -> Result<Session> {
    let row = session::ActiveModel {
        id: NotSet,
        token: Set(token_digest.to_owned()),
        person_id: Set(person),
        agent: Set(agent.chars().take(200).collect()),
        created_at: Set(now),
        seen_at: Set(now),
        revoked_at: Set(None),
    };
    Ok(session(row.insert(on).await?))
}

/// Who a token belongs to, while its session is not older than `oldest` and was used since `idle`.
///
/// # Errors
/// When the database fails.
pub async fn known(
    on: &impl ConnectionTrait,
    token_digest: &str,
    oldest: Micros,
    idle: Micros,
) -> Result<Option<Known>> {
    let row = session::Entity::find()
        .filter(session::Column::Token.eq(token_digest))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::CreatedAt.gt(oldest))
        .filter(session::Column::SeenAt.gt(idle))
        .one(on)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(person) = people::get(on, row.person_id).await?.filter(|person| person.disabled_at.is_none())
    else {
        return Ok(None);
    };
    let roles = people::roles(on, person.id).await?;
    Ok(Some(Known { session: session(row), person, roles }))
}

/// Notes that a session was used.
///
/// # Errors
/// When the database fails.
pub async fn seen(on: &impl ConnectionTrait, id: i64, now: Micros) -> Result<()> {
    let row = session::ActiveModel { id: Set(id), seen_at: Set(now), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// The open sessions of a person, newest first.
///
/// # Errors
/// When the database fails.
pub async fn open(on: &impl ConnectionTrait, person: i64) -> Result<Vec<Session>> {
    let rows = session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::RevokedAt.is_null())
        .order_by_desc(session::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(session).collect())
}

/// Ends a session of a person, or all of them but one.
///
/// # Errors
/// When the database fails.
pub async fn end(on: &impl ConnectionTrait, person: i64, which: Ending, now: Micros) -> Result<()> {
    let mut update = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::RevokedAt.is_null());
    update = match which {
        Ending::One(id) => update.filter(session::Column::Id.eq(id)),
        Ending::AllBut(id) => update.filter(session::Column::Id.ne(id)),
        Ending::All => update,
    };
    update.exec(on).await?;
    Ok(())
}

/// Which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This one.
    One(i64),
    /// All others.
    AllBut(i64),
    /// Every one.
    All,
}
