//! Questions of residents: they wait until somebody at the desk has read them; nothing that strangers write is public by itself.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, UpdateMany,
};

use crate::table::matter_question;
use crate::{Micros, Result, words};

words! {
    /// What became of a question.
    State {
        /// Nobody at the desk has read it yet.
        Waiting = "waiting",
        /// Everybody reads it.
        Shown = "shown",
        /// It is put aside, with a reason, and nobody outside reads it.
        Aside = "aside",
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its number.
    pub id: i64,
    /// Number of the matter.
    pub matter: i64,
    /// What is asked.
    pub text: String,
    /// When it came.
    pub at: Micros,
    /// Whether it was asked at the dialogue itself.
    pub there: bool,
    /// What became of it.
    pub state: State,
    /// Why it was put aside.
    pub aside: Option<String>,
    /// Who is to answer: a division or post.
    pub owner: String,
    /// By which day, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// The answer, and when it was given.
    pub reply: Option<(String, Micros)>,
    /// Who entered it, where it was asked at the dialogue itself.
    pub person: Option<i64>,
    /// Who answered.
    pub replied_by: Option<i64>,
}

/// What stands where words were erased.
pub const ERASED_WORDS: &str = "…";

fn read(row: matter_question::Model) -> Question {
    Question {
        id: row.id,
        matter: row.matter_id,
        text: row.text,
        at: row.at,
        there: row.there,
        state: State::of(&row.state).unwrap_or(State::Waiting),
        aside: row.aside_reason,
        owner: row.owner,
        due: row.due,
        reply: row.reply.zip(row.replied_at),
        person: row.person_id,
        replied_by: row.replied_by,
    }
}

/// Asks; `person` is known where it is entered at the desk, and it is shown at once then.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    on: &impl ConnectionTrait,
    matter: i64,
    text: &str,
    person: Option<i64>,
    now: Micros,
) -> Result<i64> {
    let state = if person.is_some() { State::Shown } else { State::Waiting };
    let row = matter_question::ActiveModel {
        id: NotSet,
        matter_id: Set(matter),
        text: Set(text.to_owned()),
        at: Set(now),
        person_id: Set(person),
        there: Set(person.is_some()),
        state: Set(state.word().to_owned()),
        aside_reason: Set(None),
        owner: Set(String::new()),
        due: Set(None),
        reply: Set(None),
        replied_at: Set(None),
        replied_by: Set(None),
        on_behalf: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// Shows a question, or puts it aside with a reason. Says whether it is one of the matter's.
///
/// # Errors
/// When the database fails.
pub async fn sort_out(
    on: &impl ConnectionTrait,
    matter: i64,
    id: i64,
    (state, aside): (State, Option<&str>),
) -> Result<bool> {
    let done = matter_question::Entity::update_many()
        .col_expr(matter_question::Column::State, Expr::value(state.word()))
        .col_expr(matter_question::Column::AsideReason, Expr::value(aside.map(str::to_owned)))
        .filter(matter_question::Column::Id.eq(id))
        .filter(matter_question::Column::MatterId.eq(matter))
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Erases the words of residents, of one question or of all of a matter's: they are put aside with the reason, and what was written
/// is gone. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn erase_words(
    on: &impl ConnectionTrait,
    matter: i64,
    id: Option<i64>,
    reason: &str,
) -> Result<bool> {
    let those = |update: UpdateMany<matter_question::Entity>| {
        let update = update.filter(matter_question::Column::MatterId.eq(matter));
        match id {
            Some(id) => update.filter(matter_question::Column::Id.eq(id)),
            None => update,
        }
    };
    // An answer may speak of who asked. Why one was put aside before stays said.
    let update = matter_question::Entity::update_many()
        .col_expr(matter_question::Column::Text, Expr::value(ERASED_WORDS))
        .col_expr(matter_question::Column::State, Expr::value(State::Aside.word()))
        .col_expr(matter_question::Column::Reply, Expr::value(None::<String>))
        .col_expr(matter_question::Column::Owner, Expr::value(""))
        .col_expr(matter_question::Column::Due, Expr::value(None::<String>));
    let done = those(update).exec(on).await?;
    let mut why = matter_question::Entity::update_many()
        .col_expr(matter_question::Column::AsideReason, Expr::value(reason));
    if id.is_none() {
        why = why.filter(matter_question::Column::AsideReason.is_null());
    }
    those(why).exec(on).await?;
    Ok(done.rows_affected > 0)
}

/// An answer, or who is to give one by when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The answer; blank: not yet.
    pub text: String,
    /// Who is to answer.
    pub owner: String,
    /// By which day, `YYYY-MM-DD`; blank: none was promised.
    pub due: String,
    /// Who enters it.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
}

/// Answers a question, or says who will by when. Says whether it is one of the matter's that is shown.
///
/// # Errors
/// When the database fails.
pub async fn reply(
    on: &impl ConnectionTrait,
    matter: i64,
    id: i64,
    reply: Reply,
    now: Micros,
) -> Result<bool> {
    let answered = !reply.text.is_empty();
    let mut update = matter_question::Entity::update_many()
        .col_expr(matter_question::Column::Owner, Expr::value(reply.owner))
        .col_expr(matter_question::Column::Due, Expr::value(Some(reply.due).filter(|due| !due.is_empty())));
    if answered {
        update = update
            .col_expr(matter_question::Column::Reply, Expr::value(reply.text))
            .col_expr(matter_question::Column::RepliedAt, Expr::value(now))
            .col_expr(matter_question::Column::RepliedBy, Expr::value(reply.person))
            .col_expr(matter_question::Column::OnBehalf, Expr::value(reply.on_behalf));
    }
    let done = update
        .filter(matter_question::Column::Id.eq(id))
        .filter(matter_question::Column::MatterId.eq(matter))
        .filter(matter_question::Column::State.eq(State::Shown.word()))
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The questions of these matters, in the order in which they came.
///
/// # Errors
/// When the database fails.
pub async fn questions(on: &impl ConnectionTrait, matters: &[i64]) -> Result<Vec<Question>> {
    let mut all = Vec::new();
    for some in matters.chunks(crate::AT_ONCE) {
        let rows = matter_question::Entity::find()
            .filter(matter_question::Column::MatterId.is_in(some.iter().copied()))
            .order_by_asc(matter_question::Column::Id);
        all.extend(rows.all(on).await?.into_iter().map(read));
    }
    Ok(all)
}

/// The questions of one matter.
///
/// # Errors
/// When the database fails.
pub async fn of_matter(on: &impl ConnectionTrait, matter: i64) -> Result<Vec<Question>> {
    questions(on, &[matter]).await
}

/// How many questions of a matter nobody has read yet: whoever floods it is stopped.
///
/// # Errors
/// When the database fails.
pub async fn waiting(on: &impl ConnectionTrait, matter: i64) -> Result<u64> {
    let found = matter_question::Entity::find()
        .filter(matter_question::Column::MatterId.eq(matter))
        .filter(matter_question::Column::State.eq(State::Waiting.word()));
    Ok(found.count(on).await?)
}
