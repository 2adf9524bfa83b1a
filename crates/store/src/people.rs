//! People, what they may do and since when, and links that work once.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::table::{person, role, ticket};
use crate::{Micros, Result, words};

words! {
    /// What a person may do.
    Role {
        /// Runs the installation: people and settings; no figures.
        Admin = "admin",
        /// The city's emulation board (*Ban Thi đua - Khen thưởng*): all clusters.
        Board = "board",
        /// The secretary of the cluster's head: the cluster's year, and entries on behalf of units.
        Secretary = "secretary",
        /// A unit's liaison officer: brings its records.
        Officer = "officer",
        /// A unit's leader: confirms its figures.
        Leader = "leader",
        /// A unit's staff: reads its provisional figures.
        Staff = "staff",
        /// Oversight (*người kiểm tra, giám sát*): reads everything, changes nothing.
        Oversight = "oversight",
    }
}

words! {
    /// What a link that works once is for.
    Purpose {
        /// The first administrator of an installation.
        First = "first",
        /// An invitation.
        Invitation = "invitation",
        /// A new password.
        Reset = "reset",
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Number of the person.
    pub id: i64,
    /// The address they log in with, in lower case.
    pub email: String,
    /// Their name, as shown.
    pub name: String,
    /// `vi` or `en`.
    pub lang: String,
    /// Hash of the password (PHC string); nothing before the invitation is accepted.
    pub password: Option<String>,
    /// The secret of the second factor (Base32, RFC 6238).
    pub second: Option<String>,
    /// Since when the account is closed.
    pub disabled_at: Option<Micros>,
    /// Whether they want notices by mail.
    pub notices: bool,
}

/// A role that a person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Number of this holding.
    pub id: i64,
    /// Whose.
    pub person: i64,
    /// Which role.
    pub role: Role,
    /// In which cluster; nothing means all.
    pub cluster: Option<String>,
    /// For which unit, where the role is of a unit.
    pub unit: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day, `YYYY-MM-DD`.
    pub to: Option<String>,
}

impl From<person::Model> for Person {
    fn from(row: person::Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            lang: row.lang,
            password: row.password,
            second: row.second,
            disabled_at: row.disabled_at,
            notices: row.notices != 0,
        }
    }
}

/// Rows of roles that this program does not know are left out: no role means no right.
fn held(row: role::Model) -> Option<Held> {
    Some(Held {
        id: row.id,
        person: row.person_id,
        role: Role::of(&row.role)?,
        cluster: row.cluster,
        unit: row.unit,
        from: row.from_day,
        to: row.to_day,
    })
}

/// Adds a person, or finds the one with this address, who may just have been added by somebody else.
///
/// # Errors
/// When the database fails.
pub async fn add(
    on: &impl ConnectionTrait,
    email: &str,
    name: &str,
    lang: &str,
    now: Micros,
) -> Result<Person> {
    let email = email.trim().to_lowercase();
    if let Some(found) = by_email(on, &email).await? {
        return Ok(found);
    }
    let row = person::ActiveModel {
        id: NotSet,
        email: Set(email.clone()),
        name: Set(name.trim().to_owned()),
        lang: Set(lang.to_owned()),
        password: Set(None),
        second: Set(None),
        created_at: Set(now),
        disabled_at: Set(None),
        notices: Set(1),
    };
    person::Entity::insert(row)
        .on_conflict(OnConflict::column(person::Column::Email).do_nothing().to_owned())
        .exec_without_returning(on)
        .await?;
    Ok(by_email(on, &email).await?.ok_or(DbErr::RecordNotInserted)?)
}

/// The person with an address.
///
/// # Errors
/// When the database fails.
pub async fn by_email(on: &impl ConnectionTrait, email: &str) -> Result<Option<Person>> {
    let email = email.trim().to_lowercase();
    Ok(person::Entity::find().filter(person::Column::Email.eq(email)).one(on).await?.map(Into::into))
}

/// A person.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64) -> Result<Option<Person>> {
    Ok(person::Entity::find_by_id(id).one(on).await?.map(Into::into))
}

/// Everybody, by number.
///
/// # Errors
/// When the database fails.
pub async fn all(on: &impl ConnectionTrait) -> Result<Vec<Person>> {
    let rows = person::Entity::find().order_by_asc(person::Column::Id).all(on).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Sets the hash of a password.
///
/// # Errors
/// When the database fails.
pub async fn set_password(on: &impl ConnectionTrait, id: i64, hash: String) -> Result<()> {
    let row = person::ActiveModel { id: Set(id), password: Set(Some(hash)), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Sets or takes away the second factor.
///
/// # Errors
/// When the database fails.
pub async fn set_second(on: &impl ConnectionTrait, id: i64, secret: Option<String>) -> Result<()> {
    let row = person::ActiveModel { id: Set(id), second: Set(secret), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Sets the language of a person.
///
/// # Errors
/// When the database fails.
pub async fn set_lang(on: &impl ConnectionTrait, id: i64, lang: &str) -> Result<()> {
    let row = person::ActiveModel { id: Set(id), lang: Set(lang.to_owned()), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Sets whether a person wants notices by mail.
///
/// # Errors
/// When the database fails.
pub async fn set_notices(on: &impl ConnectionTrait, id: i64, wanted: bool) -> Result<()> {
    let row = person::ActiveModel { id: Set(id), notices: Set(i64::from(wanted)), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Closes an account, or opens it again.
///
/// # Errors
/// When the database fails.
pub async fn set_disabled(on: &impl ConnectionTrait, id: i64, at: Option<Micros>) -> Result<()> {
    let row = person::ActiveModel { id: Set(id), disabled_at: Set(at), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Gives a role from a day on.
///
/// # Errors
/// When the database fails.
pub async fn give(
    on: &impl ConnectionTrait,
    person: i64,
    role: Role,
    cluster: Option<&str>,
    unit: Option<&str>,
    from: &str,
) -> Result<()> {
    let row = role::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        role: Set(role.word().to_owned()),
        cluster: Set(cluster.map(str::to_owned)),
        unit: Set(unit.map(str::to_owned)),
        from_day: Set(from.to_owned()),
        to_day: Set(None),
    };
    row.insert(on).await?;
    Ok(())
}

/// Ends a role after a day; it stays in the records.
///
/// # Errors
/// When the database fails.
pub async fn end(on: &impl ConnectionTrait, id: i64, to: &str) -> Result<()> {
    let row = role::ActiveModel { id: Set(id), to_day: Set(Some(to.to_owned())), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// The roles of a person, past ones too.
///
/// # Errors
/// When the database fails.
pub async fn roles(on: &impl ConnectionTrait, person: i64) -> Result<Vec<Held>> {
    let rows = role::Entity::find()
        .filter(role::Column::PersonId.eq(person))
        .order_by_asc(role::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(held).collect())
}

/// All roles that anybody holds or held.
///
/// # Errors
/// When the database fails.
pub async fn all_roles(on: &impl ConnectionTrait) -> Result<Vec<Held>> {
    let rows = role::Entity::find().order_by_asc(role::Column::Id).all(on).await?;
    Ok(rows.into_iter().filter_map(held).collect())
}

/// Keeps a link that works once. Only the digest of its token is kept.
///
/// # Errors
/// When the database fails.
pub async fn add_ticket(
    on: &impl ConnectionTrait,
    person: i64,
    purpose: Purpose,
    token_digest: &str,
    expires_at: Micros,
) -> Result<()> {
    let row = ticket::ActiveModel {
        id: NotSet,
        token: Set(token_digest.to_owned()),
        person_id: Set(person),
        purpose: Set(purpose.word().to_owned()),
        expires_at: Set(expires_at),
        used_at: Set(None),
    };
    row.insert(on).await?;
    Ok(())
}

/// Whose link this is and what it is for, while it works. Within a transaction nobody else uses a link of this person
/// until it ends: of two who ask at once, the second one waits, and finds the link used up.
///
/// # Errors
/// When the database fails.
pub async fn ticket(
    on: &impl ConnectionTrait,
    token_digest: &str,
    now: Micros,
) -> Result<Option<(i64, Person, Purpose)>> {
    let working = ticket::Entity::find()
        .filter(ticket::Column::Token.eq(token_digest))
        .filter(ticket::Column::UsedAt.is_null())
        .filter(ticket::Column::ExpiresAt.gt(now));
    let Some(row) = working.clone().one(on).await? else { return Ok(None) };
    // The person and not the link is locked: all of a person's links are used up together.
    person::Entity::find_by_id(row.person_id).lock_exclusive().one(on).await?;
    let Some(row) = working.one(on).await? else { return Ok(None) };
    let (Some(person), Some(purpose)) = (get(on, row.person_id).await?, Purpose::of(&row.purpose)) else {
        return Ok(None);
    };
    Ok(Some((row.id, person, purpose)))
}

/// Uses a link up, and every other one of the same person: the newest password counts.
///
/// # Errors
/// When the database fails.
pub async fn use_tickets(on: &impl ConnectionTrait, person: i64, now: Micros) -> Result<()> {
    ticket::Entity::update_many()
        .col_expr(ticket::Column::UsedAt, Expr::value(now))
        .filter(ticket::Column::PersonId.eq(person))
        .filter(ticket::Column::UsedAt.is_null())
        .exec(on)
        .await?;
    Ok(())
}
