//! Passkeys (WebAuthn): public keys that a person's devices hold the other half of.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::table::passkey;
use crate::{Micros, Result};

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Number of the passkey.
    pub id: i64,
    /// Whose.
    pub person: i64,
    /// What the person calls it.
    pub name: String,
    /// The credential's name at the device, in base64url.
    pub credential: String,
    /// The public key, as the pages read it.
    pub public_key: String,
    /// The device's own count of uses, 0 where it keeps none.
    pub uses: i64,
    /// When it was registered.
    pub at: Micros,
    /// When it was last used.
    pub used_at: Option<Micros>,
}

impl From<passkey::Model> for Passkey {
    fn from(row: passkey::Model) -> Self {
        Self {
            id: row.id,
            person: row.person_id,
            name: row.name,
            credential: row.credential,
            public_key: row.public_key,
            uses: row.uses,
            at: row.at,
            used_at: row.used_at,
        }
    }
}

/// What a new passkey is.
#[derive(Clone, Debug)]
pub struct New {
    /// What the person calls it.
    pub name: String,
    /// The credential's name at the device, in base64url.
    pub credential: String,
    /// The public key, as the pages read it.
    pub public_key: String,
    /// The device's own count of uses.
    pub uses: i64,
}

/// Keeps a passkey. Says whether it was done: not where the credential is known already.
///
/// # Errors
/// When the database fails.
pub async fn add(on: &impl ConnectionTrait, person: i64, new: New, now: Micros) -> Result<bool> {
    let row = passkey::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        name: Set(new.name),
        credential: Set(new.credential),
        public_key: Set(new.public_key),
        uses: Set(new.uses),
        at: Set(now),
        used_at: Set(None),
    };
    let added = passkey::Entity::insert(row)
        .on_conflict(OnConflict::column(passkey::Column::Credential).do_nothing().to_owned())
        .exec_without_returning(on)
        .await?;
    Ok(added > 0)
}

/// A person's passkeys, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, person: i64) -> Result<Vec<Passkey>> {
    let rows = passkey::Entity::find()
        .filter(passkey::Column::PersonId.eq(person))
        .order_by_asc(passkey::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Who has passkeys.
///
/// # Errors
/// When the database fails.
pub async fn owners(on: &impl ConnectionTrait) -> Result<Vec<i64>> {
    let rows = passkey::Entity::find().order_by_asc(passkey::Column::Id).all(on).await?;
    Ok(rows.into_iter().map(|row| row.person_id).collect())
}

/// Notes a use with the device's own count. Says whether it was done: not where a later use was noted before, which two
/// devices with one key would lead to.
///
/// # Errors
/// When the database fails.
pub async fn used(on: &impl ConnectionTrait, id: i64, uses: i64, now: Micros) -> Result<bool> {
    let mut update = passkey::Entity::update_many()
        .col_expr(passkey::Column::Uses, Expr::value(uses))
        .col_expr(passkey::Column::UsedAt, Expr::value(now))
        .filter(passkey::Column::Id.eq(id));
    // Devices that keep no count say 0 each time.
    update = match uses {
        0 => update.filter(passkey::Column::Uses.eq(0)),
        uses => update.filter(passkey::Column::Uses.lt(uses)),
    };
    Ok(update.exec(on).await?.rows_affected > 0)
}

/// Removes a passkey of a person. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn remove(on: &impl ConnectionTrait, person: i64, id: i64) -> Result<bool> {
    let gone = passkey::Entity::delete_many()
        .filter(passkey::Column::Id.eq(id))
        .filter(passkey::Column::PersonId.eq(person))
        .exec(on)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// Removes all passkeys of a person.
///
/// # Errors
/// When the database fails.
pub async fn remove_all(on: &impl ConnectionTrait, person: i64) -> Result<()> {
    passkey::Entity::delete_many().filter(passkey::Column::PersonId.eq(person)).exec(on).await?;
    Ok(())
}
