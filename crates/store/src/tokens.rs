//! Tokens: what a program shows instead of a log-in. Only the digest of a token is kept.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::people::{self, Held, Person};
use crate::table::{batch, token};
use crate::{Micros, Result, words};

words! {
    /// What a token is for. A scope that a token does not name is none that it has.
    Scope {
        /// Read provisional figures.
        FiguresRead = "figures:read",
        /// Read records.
        RecordsRead = "records:read",
        /// Bring, correct and withdraw records.
        RecordsWrite = "records:write",
    }
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Number of the token.
    pub id: i64,
    /// What it is called, by the system that uses it.
    pub name: String,
    /// For which cluster.
    pub cluster: String,
    /// For which unit, which then supplies what is brought; nothing is a source of the whole cluster.
    pub unit: Option<String>,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// Who made it: it never does more than they may.
    pub person: i64,
    /// When it was made.
    pub created_at: Micros,
    /// From when on it no longer works.
    pub expires_at: Micros,
    /// When it was last used, to the minute.
    pub used_at: Option<Micros>,
    /// Since when it is revoked.
    pub revoked_at: Option<Micros>,
}

/// A token that works, with whoever made it and the roles they hold or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The token.
    pub token: Token,
    /// Who made it.
    pub maker: Person,
    /// All roles they hold or held.
    pub roles: Vec<Held>,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct New {
    /// SHA-256 of its secret, in hex.
    pub digest: String,
    /// What it is called.
    pub name: String,
    /// For which cluster.
    pub cluster: String,
    /// For which unit; nothing is a source of the whole cluster.
    pub unit: Option<String>,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// Who makes it.
    pub person: i64,
    /// From when on it no longer works.
    pub expires_at: Micros,
}

/// Scopes that this program does not know are left out: no scope means no right.
fn token(row: token::Model) -> Token {
    Token {
        id: row.id,
        name: row.name,
        cluster: row.cluster,
        unit: row.unit,
        scopes: row.scopes.split(' ').filter_map(Scope::of).collect(),
        person: row.person_id,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    }
}

/// Makes a token; gives its number.
///
/// # Errors
/// When the database fails.
pub async fn make(on: &impl ConnectionTrait, new: New, now: Micros) -> Result<i64> {
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.word()).collect();
    let row = token::ActiveModel {
        id: NotSet,
        digest: Set(new.digest),
        name: Set(new.name),
        cluster: Set(new.cluster),
        unit: Set(new.unit),
        scopes: Set(scopes.join(" ")),
        person_id: Set(new.person),
        created_at: Set(now),
        expires_at: Set(new.expires_at),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// The token with a digest, while it works: not revoked, not expired, its maker's account open.
///
/// # Errors
/// When the database fails.
pub async fn shown(on: &impl ConnectionTrait, digest: &str, now: Micros) -> Result<Option<Shown>> {
    let row = token::Entity::find()
        .filter(token::Column::Digest.eq(digest))
        .filter(token::Column::RevokedAt.is_null())
        .filter(token::Column::ExpiresAt.gt(now))
        .one(on)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let maker = people::get(on, row.person_id).await?.filter(|person| person.disabled_at.is_none());
    let Some(maker) = maker else { return Ok(None) };
    let roles = people::roles(on, maker.id).await?;
    Ok(Some(Shown { token: token(row), maker, roles }))
}

/// Notes that a token was used.
///
/// # Errors
/// When the database fails.
pub async fn used(on: &impl ConnectionTrait, id: i64, now: Micros) -> Result<()> {
    let row = token::ActiveModel { id: Set(id), used_at: Set(Some(now)), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// The tokens of a unit, or those of the whole cluster, newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait, cluster: &str, unit: Option<&str>) -> Result<Vec<Token>> {
    let found = token::Entity::find().filter(token::Column::Cluster.eq(cluster));
    let found = match unit {
        Some(unit) => found.filter(token::Column::Unit.eq(unit)),
        None => found.filter(token::Column::Unit.is_null()),
    };
    Ok(found.order_by_desc(token::Column::Id).all(on).await?.into_iter().map(token).collect())
}

/// Revokes a token of a unit, or of the whole cluster. Gives the token when it was this call that revoked it.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    on: &impl ConnectionTrait,
    (cluster, unit): (&str, Option<&str>),
    id: i64,
    now: Micros,
) -> Result<Option<Token>> {
    let found = token::Entity::find_by_id(id).one(on).await?.map(token);
    let Some(found) = found.filter(|token| token.cluster == cluster && token.unit.as_deref() == unit) else {
        return Ok(None);
    };
    let done = token::Entity::update_many()
        .col_expr(token::Column::RevokedAt, Expr::value(now))
        .filter(token::Column::Id.eq(id))
        .filter(token::Column::RevokedAt.is_null())
        .exec(on)
        .await?;
    Ok((done.rows_affected > 0).then_some(Token { revoked_at: Some(now), ..found }))
}

/// What a batch of a token was answered: the digest of what was asked, and the answer.
///
/// # Errors
/// When the database fails.
pub async fn answered(on: &impl ConnectionTrait, token: i64, key: &str) -> Result<Option<(String, String)>> {
    let row = batch::Entity::find()
        .filter(batch::Column::TokenId.eq(token))
        .filter(batch::Column::Key.eq(key))
        .one(on)
        .await?;
    Ok(row.map(|row| (row.request, row.answer)))
}

/// Keeps what a batch was answered. The first answer counts.
///
/// # Errors
/// When the database fails.
pub async fn keep_answer(
    on: &impl ConnectionTrait,
    token: i64,
    key: &str,
    (request, answer): (&str, String),
    now: Micros,
) -> Result<()> {
    let row = batch::ActiveModel {
        id: NotSet,
        token_id: Set(token),
        key: Set(key.to_owned()),
        request: Set(request.to_owned()),
        answer: Set(answer),
        at: Set(now),
    };
    let once = OnConflict::columns([batch::Column::TokenId, batch::Column::Key]).do_nothing().to_owned();
    batch::Entity::insert(row).on_conflict(once).exec_without_returning(on).await?;
    Ok(())
}

/// Forgets answers from before a time.
///
/// # Errors
/// When the database fails.
pub async fn forget_answers(on: &impl ConnectionTrait, before: Micros) -> Result<()> {
    batch::Entity::delete_many().filter(batch::Column::At.lt(before)).exec(on).await?;
    Ok(())
}
