//! Who a person is at another provider of log-ins: bound once by an address that the provider has verified, then by the
//! provider's own name for them.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::people::{self, Person};
use crate::table::sign_on;
use crate::{Micros, Result};

/// The person whom a provider calls `sub`.
///
/// # Errors
/// When the database fails.
pub async fn person(on: &impl ConnectionTrait, issuer: &str, sub: &str) -> Result<Option<Person>> {
    let row = sign_on::Entity::find()
        .filter(sign_on::Column::Issuer.eq(issuer))
        .filter(sign_on::Column::Sub.eq(sub))
        .one(on)
        .await?;
    match row {
        Some(row) => people::get(on, row.person_id).await,
        None => Ok(None),
    }
}

/// Binds a person to what a provider calls them. Says whether it was done: not where the person is bound to another name of
/// that provider, nor where the name is somebody else's.
///
/// # Errors
/// When the database fails.
pub async fn bind(
    on: &impl ConnectionTrait,
    person: i64,
    issuer: &str,
    sub: &str,
    now: Micros,
) -> Result<bool> {
    let row = sign_on::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        issuer: Set(issuer.to_owned()),
        sub: Set(sub.to_owned()),
        at: Set(now),
    };
    let bound = sign_on::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(on)
        .await?;
    Ok(bound > 0)
}

/// The providers that a person is bound to, by their issuer.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, person: i64) -> Result<Vec<String>> {
    let rows = sign_on::Entity::find().filter(sign_on::Column::PersonId.eq(person)).all(on).await?;
    Ok(rows.into_iter().map(|row| row.issuer).collect())
}

/// Loosens a person from all providers; their next log-in there binds them anew.
///
/// # Errors
/// When the database fails.
pub async fn loosen(on: &impl ConnectionTrait, person: i64) -> Result<()> {
    sign_on::Entity::delete_many().filter(sign_on::Column::PersonId.eq(person)).exec(on).await?;
    Ok(())
}
