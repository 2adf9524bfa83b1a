//! Letters by mail: written in the same transaction as what they tell of, sent by the program afterwards.
//!
//! A letter has no text here and no secret: who it is for, what it is about and where it leads. Its words, and the link of
//! an invitation, are made when it is sent.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::people::{self, Role};
use crate::sign_on;
use crate::table::letter;
use crate::{Micros, Result, words};

words! {
    /// What a letter is about.
    Kind {
        /// An invitation, with a link that works once.
        Invitation = "invitation",
        /// A new password, with a link that works once.
        Reset = "reset",
        /// A release waits for the leader's confirmation.
        Confirm = "confirm",
        /// Records that a unit supplied are contested, or a question came.
        Question = "question",
        /// A question was answered.
        Answer = "answer",
        /// A file that was sent could not be taken.
        Refused = "refused",
        /// Something else that waits for the person: the letter says what.
        Notice = "notice",
        /// The daily letter: what it is about has a line for each notice.
        Digest = "digest",
        /// A draft agreement waits for the unit's remarks.
        Draft = "draft",
    }
}

impl Kind {
    /// Whether it is a notice, which a person may do without.
    pub fn is_notice(self) -> bool {
        !matches!(self, Self::Invitation | Self::Reset)
    }
}

words! {
    /// Where a letter stands.
    State {
        /// Waits for its time.
        Waiting = "waiting",
        /// Being sent.
        Sending = "sending",
        /// A mail server has taken it.
        Sent = "sent",
        /// Nobody takes it; the letter says why.
        Undeliverable = "undeliverable",
    }
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Number of the letter.
    pub id: i64,
    /// For whom.
    pub person: i64,
    /// What it is about.
    pub kind: Kind,
    /// The page it leads to, an address on this site; links that work once are made when it is sent.
    pub path: Option<String>,
    /// What it is about, in Vietnamese.
    pub about_vi: String,
    /// The same in English.
    pub about_en: String,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub tries: i64,
    /// What the mail server said the last time it did not go.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Micros,
}

/// Rows that this program does not know are left to one that does.
fn letter(row: letter::Model) -> Option<Letter> {
    Some(Letter {
        id: row.id,
        person: row.person_id,
        kind: Kind::of(&row.kind)?,
        path: row.path,
        about_vi: row.about_vi,
        about_en: row.about_en,
        state: State::of(&row.state)?,
        tries: row.tries,
        error: row.error,
        created_at: row.created_at,
    })
}

/// What a letter is to say.
#[derive(Clone, Debug)]
pub struct New {
    /// What it is about.
    pub kind: Kind,
    /// The page it leads to, an address on this site.
    pub path: Option<String>,
    /// What it is about, in Vietnamese.
    pub about_vi: String,
    /// The same in English.
    pub about_en: String,
}

/// Writes a letter that is sent whatever the person wants: an invitation, a new password.
///
/// # Errors
/// When the database fails.
pub async fn write(on: &impl ConnectionTrait, person: i64, kind: Kind, now: Micros) -> Result<()> {
    let new = New { kind, path: None, about_vi: String::new(), about_en: String::new() };
    insert(on, person, new, None, now).await.map(|_| ())
}

/// Writes a notice to each of these people who wants notices, has taken over the account and may log in; of the same event
/// (`once`, unique in the store) each gets one, however often it is asked for. Says how many were written now.
///
/// # Errors
/// When the database fails.
pub async fn notify(
    on: &impl ConnectionTrait,
    whom: &[i64],
    once: &str,
    new: &New,
    now: Micros,
) -> Result<u64> {
    let mut written = 0;
    for person in whom {
        let there = people::get(on, *person).await?;
        let Some(there) = there.filter(|one| one.notices && one.disabled_at.is_none()) else { continue };
        if there.password.is_some() || !sign_on::of(on, *person).await?.is_empty() {
            written += insert(on, *person, new.clone(), Some(format!("{once} to {person}")), now).await?;
        }
    }
    Ok(written)
}

/// Who holds one of these roles in a cluster on a day: of a unit, where one is named.
///
/// # Errors
/// When the database fails.
pub async fn holders(
    on: &impl ConnectionTrait,
    roles: &[Role],
    cluster: &str,
    unit: Option<&str>,
    today: &str,
) -> Result<Vec<i64>> {
    let mut found: Vec<i64> = people::all_roles(on)
        .await?
        .into_iter()
        .filter(|held| roles.contains(&held.role) && held.cluster.as_deref() == Some(cluster))
        .filter(|held| unit.is_none_or(|unit| held.unit.as_deref() == Some(unit)))
        .filter(|held| held.from.as_str() <= today && held.to.as_deref().is_none_or(|to| to >= today))
        .map(|held| held.person)
        .collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn insert(
    on: &impl ConnectionTrait,
    person: i64,
    new: New,
    once: Option<String>,
    now: Micros,
) -> Result<u64> {
    let row = letter::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        kind: Set(new.kind.word().to_owned()),
        path: Set(new.path),
        about_vi: Set(new.about_vi),
        about_en: Set(new.about_en),
        once: Set(once),
        state: Set(State::Waiting.word().to_owned()),
        tries: Set(0),
        due_at: Set(now),
        error: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
    };
    let written = letter::Entity::insert(row)
        .on_conflict(OnConflict::column(letter::Column::Once).do_nothing().to_owned())
        .exec_without_returning(on)
        .await?;
    Ok(written)
}

/// Takes the letter that has waited longest for its time, if any is due. Of several who send one gets it.
///
/// # Errors
/// When the database fails.
pub async fn take(on: &impl ConnectionTrait, now: Micros) -> Result<Option<Letter>> {
    let known = Kind::ALL.iter().map(|kind| kind.word());
    loop {
        let next = letter::Entity::find()
            .filter(letter::Column::State.eq(State::Waiting.word()))
            .filter(letter::Column::Kind.is_in(known.clone()))
            .filter(letter::Column::DueAt.lte(now))
            .order_by_asc(letter::Column::DueAt)
            .order_by_asc(letter::Column::Id)
            .one(on)
            .await?;
        let Some(row) = next else { return Ok(None) };
        let taken = letter::Entity::update_many()
            .col_expr(letter::Column::State, Expr::value(State::Sending.word()))
            .col_expr(letter::Column::Tries, Expr::value(row.tries + 1))
            .filter(letter::Column::Id.eq(row.id))
            .filter(letter::Column::State.eq(State::Waiting.word()))
            .exec(on)
            .await?;
        if taken.rows_affected > 0 {
            let tries = row.tries + 1;
            return Ok(letter(letter::Model { state: State::Sending.word().to_owned(), tries, ..row }));
        }
    }
}

/// Puts back what a program that is gone was sending; called when the program starts.
///
/// # Errors
/// When the database fails.
pub async fn resume(on: &impl ConnectionTrait) -> Result<u64> {
    let put = letter::Entity::update_many()
        .col_expr(letter::Column::State, Expr::value(State::Waiting.word()))
        .filter(letter::Column::State.eq(State::Sending.word()))
        .exec(on)
        .await?;
    Ok(put.rows_affected)
}

/// What became of a try to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A mail server has taken it.
    Sent,
    /// It is tried again at this time, for this reason.
    Later(Micros, String),
    /// It is not tried again, for this reason.
    Undeliverable(String),
}

/// Notes what became of a try.
///
/// # Errors
/// When the database fails.
pub async fn end(on: &impl ConnectionTrait, id: i64, outcome: Outcome, now: Micros) -> Result<()> {
    let mut row = letter::ActiveModel { id: Set(id), ..Default::default() };
    let state = match outcome {
        Outcome::Sent => {
            row.error = Set(None);
            row.ended_at = Set(Some(now));
            State::Sent
        }
        Outcome::Later(at, why) => {
            row.error = Set(Some(why));
            row.due_at = Set(at);
            State::Waiting
        }
        Outcome::Undeliverable(why) => {
            row.error = Set(Some(why));
            row.ended_at = Set(Some(now));
            State::Undeliverable
        }
    };
    row.state = Set(state.word().to_owned());
    row.update(on).await?;
    Ok(())
}

/// Letters that nobody took, and those that were tried in vain and wait, newest first.
///
/// # Errors
/// When the database fails.
pub async fn in_trouble(on: &impl ConnectionTrait, most: u64) -> Result<Vec<Letter>> {
    let rows = letter::Entity::find()
        .filter(letter::Column::Error.is_not_null())
        .filter(letter::Column::State.ne(State::Sent.word()))
        .order_by_desc(letter::Column::Id)
        .limit(most)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(letter).collect())
}

/// Has a letter that was given up, or waits, tried again now.
///
/// # Errors
/// When the database fails.
pub async fn again(on: &impl ConnectionTrait, id: i64, now: Micros) -> Result<()> {
    letter::Entity::update_many()
        .col_expr(letter::Column::State, Expr::value(State::Waiting.word()))
        .col_expr(letter::Column::Tries, Expr::value(0))
        .col_expr(letter::Column::DueAt, Expr::value(now))
        .col_expr(letter::Column::EndedAt, Expr::value(None::<Micros>))
        .filter(letter::Column::Id.eq(id))
        .filter(letter::Column::State.is_in([State::Waiting.word(), State::Undeliverable.word()]))
        .exec(on)
        .await?;
    Ok(())
}

/// Forgets letters that were sent, or given up, before a time; says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn forget(on: &impl ConnectionTrait, before: Micros) -> Result<u64> {
    let gone = letter::Entity::delete_many().filter(letter::Column::EndedAt.lt(before)).exec(on).await?;
    Ok(gone.rows_affected)
}
