//! Work that is asked for in the same transaction as the change that needs it, and done by one worker after another.
//!
//! A job can be run again after a crash: whoever does it must find what an earlier try has done already.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, TryInsertResult,
};

use crate::table::job;
use crate::{Micros, Result, words};

words! {
    /// What is to be done.
    Work {
        /// Read an uploaded file and say what would come of it.
        Check = "check",
        /// Load an uploaded file into the journal.
        Load = "load",
        /// Take an upload back.
        Undo = "undo",
        /// Write a change of the bundle's texts (a nil report) into the journal.
        Record = "record",
        /// Write what follows from a matter of the year's work into the journal.
        Carry = "carry",
        /// Measure the cluster's scoreboard as it is known now.
        Measure = "measure",
        /// Compute figures once more, as of another day or as they were known at another time.
        Recount = "recount",
        /// Find the questions that the data raise.
        Signals = "signals",
        /// Compute the figures of a version of a draft agreement.
        Draft = "draft",
        /// Write an agreement into the bundle's texts.
        Agree = "agree",
        /// Publish a release whose time has come.
        Publish = "publish",
        /// Remove the bytes of uploads that are older than files are kept.
        Forget = "forget",
        /// Bring the index that is searched up to date.
        Index = "index",
    }
}

words! {
    /// Where a job stands.
    State {
        /// Waits for a worker.
        Waiting = "waiting",
        /// A worker is at it.
        Running = "running",
        /// Over.
        Done = "done",
        /// It could not be done; the job says why.
        Failed = "failed",
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Number of the job.
    pub id: i64,
    /// What is to be done.
    pub work: Work,
    /// In which cluster.
    pub cluster: String,
    /// About which upload or release.
    pub about: Option<i64>,
    /// What else is to be known to do it (JSON).
    pub note: Option<String>,
    /// Who asked.
    pub person: Option<i64>,
    /// Where it stands.
    pub state: State,
    /// How often it was begun.
    pub tries: i64,
    /// How much is done.
    pub done: i64,
    /// Of how much; 0 where nobody knows.
    pub total: i64,
    /// Why it failed, in Vietnamese and English.
    pub error: Option<(String, String)>,
}

fn job(row: job::Model) -> Option<Job> {
    Some(Job {
        id: row.id,
        work: Work::of(&row.work)?,
        cluster: row.cluster,
        about: row.about,
        note: row.note,
        person: row.person_id,
        state: State::of(&row.state)?,
        tries: row.tries,
        done: row.done,
        total: row.total,
        error: row.error_vi.zip(row.error_en),
    })
}

/// Asks for work. The same work that waits already is not asked for twice: whoever takes it has to wait for this
/// transaction, and finds its changes.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    on: &impl ConnectionTrait,
    work: Work,
    cluster: &str,
    about: Option<i64>,
    person: Option<i64>,
    now: Micros,
) -> Result<i64> {
    let mut waiting = job::Entity::find()
        .filter(job::Column::State.eq(State::Waiting.word()))
        .filter(job::Column::Work.eq(work.word()))
        .filter(job::Column::Cluster.eq(cluster))
        .filter(job::Column::Note.is_null());
    waiting = match about {
        Some(about) => waiting.filter(job::Column::About.eq(about)),
        None => waiting.filter(job::Column::About.is_null()),
    };
    let about_text = about.map_or(String::new(), |about| about.to_string());
    let once = format!("{} {cluster} {about_text}", work.word());
    loop {
        // Locked, so that no worker begins it (and looks at what was there before) until this transaction ends.
        if let Some(row) = waiting.clone().order_by_asc(job::Column::Id).lock_exclusive().one(on).await? {
            return Ok(row.id);
        }
        let mut row = new(work, cluster, about, None, person, now);
        row.once = Set(Some(once.clone()));
        let asked = job::Entity::insert(row)
            .on_conflict(OnConflict::column(job::Column::Once).do_nothing().to_owned())
            .try_insert()
            .exec(on)
            .await?;
        if let TryInsertResult::Inserted(asked) = asked {
            return Ok(asked.last_insert_id);
        }
        // Somebody else asked in between: it waits, or was taken already. Or somebody moved it by hand: then it no longer
        // stands in the way.
        job::Entity::update_many()
            .col_expr(job::Column::Once, Expr::value(None::<String>))
            .filter(job::Column::Once.eq(once.as_str()))
            .filter(job::Column::State.ne(State::Waiting.word()))
            .exec(on)
            .await?;
    }
}

/// Asks for work that needs more to be known than what it is about; each time is another job.
///
/// # Errors
/// When the database fails.
pub async fn ask_with(
    on: &impl ConnectionTrait,
    work: Work,
    cluster: &str,
    note: String,
    person: Option<i64>,
    now: Micros,
) -> Result<i64> {
    Ok(new(work, cluster, None, Some(note), person, now).insert(on).await?.id)
}

fn new(
    work: Work,
    cluster: &str,
    about: Option<i64>,
    note: Option<String>,
    person: Option<i64>,
    now: Micros,
) -> job::ActiveModel {
    job::ActiveModel {
        id: NotSet,
        work: Set(work.word().to_owned()),
        cluster: Set(cluster.to_owned()),
        about: Set(about),
        note: Set(note),
        person_id: Set(person),
        state: Set(State::Waiting.word().to_owned()),
        tries: Set(0),
        done: Set(0),
        total: Set(0),
        error_vi: Set(None),
        error_en: Set(None),
        created_at: Set(now),
        started_at: Set(None),
        ended_at: Set(None),
        once: Set(None),
    }
}

/// Takes the oldest job that waits, if any. Of several workers one gets it. Work that this program does not know is
/// left to one that does.
///
/// # Errors
/// When the database fails.
pub async fn take(on: &impl ConnectionTrait, now: Micros) -> Result<Option<Job>> {
    take_but(on, Work::Measure, &[], now).await
}

/// The same, but for this work in these clusters: it goes on waiting.
///
/// # Errors
/// When the database fails.
pub async fn take_but(
    on: &impl ConnectionTrait,
    work: Work,
    clusters: &[String],
    now: Micros,
) -> Result<Option<Job>> {
    let known = Work::ALL.iter().map(|work| work.word());
    loop {
        let mut waiting = job::Entity::find()
            .filter(job::Column::State.eq(State::Waiting.word()))
            .filter(job::Column::Work.is_in(known.clone()));
        if !clusters.is_empty() {
            let other = Condition::any()
                .add(job::Column::Work.ne(work.word()))
                .add(job::Column::Cluster.is_not_in(clusters.iter().map(String::as_str)));
            waiting = waiting.filter(other);
        }
        let oldest = waiting.order_by_asc(job::Column::Id).one(on).await?;
        let Some(row) = oldest else { return Ok(None) };
        // Whoever changes it from waiting has it; another worker changes nothing and looks again.
        let taken = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(State::Running.word()))
            .col_expr(job::Column::StartedAt, Expr::value(now))
            .col_expr(job::Column::Tries, Expr::value(row.tries + 1))
            .col_expr(job::Column::Once, Expr::value(None::<String>))
            .filter(job::Column::Id.eq(row.id))
            .filter(job::Column::State.eq(State::Waiting.word()))
            .exec(on)
            .await?;
        if taken.rows_affected == 0 {
            continue;
        }
        let row = job::Model { state: State::Running.word().to_owned(), tries: row.tries + 1, ..row };
        return Ok(job(row));
    }
}

/// Puts back what a worker that is gone left running; called when the program starts. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn resume(on: &impl ConnectionTrait) -> Result<u64> {
    let put = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(State::Waiting.word()))
        .filter(job::Column::State.eq(State::Running.word()))
        .exec(on)
        .await?;
    Ok(put.rows_affected)
}

/// Notes how far a job has come.
///
/// # Errors
/// When the database fails.
pub async fn progress(on: &impl ConnectionTrait, id: i64, done: i64, total: i64) -> Result<()> {
    let row = job::ActiveModel { id: Set(id), done: Set(done), total: Set(total), ..Default::default() };
    row.update(on).await?;
    Ok(())
}

/// Ends a job.
///
/// # Errors
/// When the database fails.
pub async fn end(
    on: &impl ConnectionTrait,
    id: i64,
    error: Option<(String, String)>,
    now: Micros,
) -> Result<()> {
    let state = if error.is_some() { State::Failed } else { State::Done };
    let (vi, en) = error.unzip();
    let row = job::ActiveModel {
        id: Set(id),
        state: Set(state.word().to_owned()),
        error_vi: Set(vi),
        error_en: Set(en),
        ended_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(on).await?;
    Ok(())
}

/// A job.
///
/// # Errors
/// When the database fails.
pub async fn get(on: &impl ConnectionTrait, id: i64) -> Result<Option<Job>> {
    Ok(job::Entity::find_by_id(id).one(on).await?.and_then(job))
}

/// The newest job about something.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    on: &impl ConnectionTrait,
    cluster: &str,
    works: &[Work],
    about: Option<i64>,
) -> Result<Option<Job>> {
    let words: Vec<&str> = works.iter().map(|work| work.word()).collect();
    let mut found =
        job::Entity::find().filter(job::Column::Cluster.eq(cluster)).filter(job::Column::Work.is_in(words));
    if let Some(about) = about {
        found = found.filter(job::Column::About.eq(about));
    }
    Ok(found.order_by_desc(job::Column::Id).one(on).await?.and_then(job))
}

/// Jobs that wait or run.
///
/// # Errors
/// When the database fails.
pub async fn open(on: &impl ConnectionTrait, cluster: Option<&str>) -> Result<Vec<Job>> {
    let mut found = job::Entity::find()
        .filter(job::Column::State.is_in([State::Waiting.word(), State::Running.word()]))
        .order_by_asc(job::Column::Id)
        .limit(200);
    if let Some(cluster) = cluster {
        found = found.filter(job::Column::Cluster.eq(cluster));
    }
    Ok(found.all(on).await?.into_iter().filter_map(job).collect())
}
