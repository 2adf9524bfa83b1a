//! What whoever looks after the installation asks of the database: work that failed or hangs, files that are spoken of.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::jobs::State;
use crate::table::{board, board_file, draft, evidence, job, recount, session, ticket, trail, upload};
use crate::{Micros, Result};

/// A file that something in the database speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spoken {
    /// SHA-256, in hex: where it should lie.
    pub sha256: String,
    /// What speaks of it.
    pub by: By,
    /// Number of the upload, board, evidence or recount.
    pub id: i64,
}

/// What speaks of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// An upload: the file as it came.
    Upload,
    /// A board in another form.
    Board,
    /// Evidence of a record.
    Evidence,
    /// Figures that were computed once more.
    Recount,
}

/// All files that uploads, boards, evidence and recounts speak of, by digest.
///
/// # Errors
/// When the database fails.
pub async fn files(on: &impl ConnectionTrait) -> Result<Vec<Spoken>> {
    let uploads = upload::Entity::find()
        .select_only()
        .columns([upload::Column::Sha256, upload::Column::Id])
        .filter(upload::Column::BytesGoneAt.is_null());
    let boards = board_file::Entity::find()
        .select_only()
        .columns([board_file::Column::Sha256, board_file::Column::BoardId]);
    let evidence = evidence::Entity::find()
        .select_only()
        .columns([evidence::Column::Sha256, evidence::Column::Id])
        .filter(evidence::Column::GoneAt.is_null());
    let recounts = recount::Entity::find()
        .select_only()
        .columns([recount::Column::Files, recount::Column::Id])
        .filter(recount::Column::Files.is_not_null());
    let recounts: Vec<(String, i64)> = recounts.into_tuple().all(on).await?;
    let recounts =
        recounts.iter().flat_map(|(files, id)| digests(files).map(|sha256| (sha256.to_owned(), *id)));
    let mut all = Vec::new();
    for (by, rows) in [
        (By::Upload, uploads.into_tuple::<(String, i64)>().all(on).await?),
        (By::Board, boards.into_tuple::<(String, i64)>().all(on).await?),
        (By::Evidence, evidence.into_tuple::<(String, i64)>().all(on).await?),
        (By::Recount, recounts.collect()),
    ] {
        all.extend(rows.into_iter().map(|(sha256, id)| Spoken { sha256, by, id }));
    }
    all.sort();
    Ok(all)
}

/// The digests that a text of JSON has as strings.
pub(crate) fn digests(text: &str) -> impl Iterator<Item = &str> {
    let is = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('"').filter(is)
}

/// Which of these digests anything at all speaks of once they were erased as evidence: whoever erases a person's picture
/// removes the other bytes.
///
/// # Errors
/// When the database fails.
pub async fn still_spoken_of(on: &impl ConnectionTrait, digests: &[String]) -> Result<Vec<String>> {
    let mut found = spoken(on, digests, false).await?;
    for some in digests.chunks(crate::AT_ONCE) {
        let boards = board_file::Entity::find().select_only().column(board_file::Column::Sha256);
        let boards = boards.filter(board_file::Column::Sha256.is_in(some.iter().map(String::as_str)));
        found.extend(boards.into_tuple::<String>().all(on).await?);
    }
    Ok(found)
}

/// Which of these digests anything but a board speaks of: the same bytes may have been brought as a file, shown as evidence,
/// computed once more, rejected, or kept with a draft. Such a file must stay when its board goes.
///
/// # Errors
/// When the database fails.
pub(crate) async fn elsewhere(on: &impl ConnectionTrait, digests_of: &[String]) -> Result<Vec<String>> {
    spoken(on, digests_of, true).await
}

/// The same; evidence that was taken away counts where `gone` says so.
async fn spoken(on: &impl ConnectionTrait, digests_of: &[String], gone: bool) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for some in digests_of.chunks(crate::AT_ONCE) {
        let words = || some.iter().map(String::as_str);
        let uploads = upload::Entity::find().select_only().column(upload::Column::Sha256);
        let uploads = uploads
            .filter(upload::Column::BytesGoneAt.is_null())
            .filter(upload::Column::Sha256.is_in(words()));
        found.extend(uploads.into_tuple::<String>().all(on).await?);
        let shown = evidence::Entity::find().select_only().column(evidence::Column::Sha256);
        let mut shown = shown.filter(evidence::Column::Sha256.is_in(words()));
        if !gone {
            shown = shown.filter(evidence::Column::GoneAt.is_null());
        }
        found.extend(shown.into_tuple::<String>().all(on).await?);
        // Texts of JSON that name files among other things.
        let results = upload::Entity::find().select_only().column(upload::Column::Result);
        let results = results
            .filter(upload::Column::BytesGoneAt.is_null())
            .filter(any(words(), |word| upload::Column::Result.contains(word)));
        let drafts = draft::Entity::find().select_only().column(draft::Column::Fields);
        let drafts = drafts.filter(any(words(), |word| draft::Column::Fields.contains(word)));
        let recounts = recount::Entity::find().select_only().column(recount::Column::Files);
        let recounts = recounts.filter(any(words(), |word| recount::Column::Files.contains(word)));
        let mut texts: Vec<Option<String>> = results.into_tuple().all(on).await?;
        texts.extend(drafts.into_tuple::<String>().all(on).await?.into_iter().map(Some));
        texts.extend(recounts.into_tuple::<Option<String>>().all(on).await?);
        let named = |word: &&String| texts.iter().flatten().any(|text| text.contains(word.as_str()));
        found.extend(some.iter().filter(named).cloned());
    }
    Ok(found)
}

/// Which of these digests anything at all speaks of, boards too. Uploads that have forgotten their bytes speak of none.
///
/// # Errors
/// When the database fails.
pub(crate) async fn used(on: &impl ConnectionTrait, digests_of: &[String]) -> Result<Vec<String>> {
    let mut found = elsewhere(on, digests_of).await?;
    for some in digests_of.chunks(crate::AT_ONCE) {
        let boards = board_file::Entity::find().select_only().column(board_file::Column::Sha256);
        let boards = boards.filter(board_file::Column::Sha256.is_in(some.iter().map(String::as_str)));
        found.extend(boards.into_tuple::<String>().all(on).await?);
    }
    Ok(found)
}

/// Every digest that anything at all speaks of: what is not among them, nothing needs. Forms that were begun are read first:
/// what is brought in from one while this is read stands in what is read after them.
///
/// # Errors
/// When the database fails.
pub async fn all_spoken_of(on: &impl ConnectionTrait) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    let drafts = draft::Entity::find().select_only().column(draft::Column::Fields);
    for text in drafts.into_tuple::<String>().all(on).await? {
        found.extend(digests(&text).map(str::to_owned));
    }
    let recounts = recount::Entity::find().select_only().column(recount::Column::Files);
    for text in recounts.into_tuple::<Option<String>>().all(on).await?.iter().flatten() {
        found.extend(digests(text).map(str::to_owned));
    }
    let evidence = evidence::Entity::find().select_only().column(evidence::Column::Sha256);
    found.extend(evidence.into_tuple::<String>().all(on).await?);
    let boards = board_file::Entity::find().select_only().column(board_file::Column::Sha256);
    found.extend(boards.into_tuple::<String>().all(on).await?);
    // What came of an upload may be long: so many at a time.
    let mut last = 0;
    loop {
        let some: Vec<(i64, String, Option<String>)> = upload::Entity::find()
            .select_only()
            .columns([upload::Column::Id, upload::Column::Sha256, upload::Column::Result])
            .filter(upload::Column::BytesGoneAt.is_null())
            .filter(upload::Column::Id.gt(last))
            .order_by_asc(upload::Column::Id)
            .limit(crate::AT_ONCE as u64)
            .into_tuple()
            .all(on)
            .await?;
        let Some((id, ..)) = some.last() else { return Ok(found) };
        last = *id;
        for (_, sha256, result) in some {
            found.extend(result.iter().flat_map(|text| digests(text)).map(str::to_owned));
            found.insert(sha256);
        }
    }
}

fn any<'a>(
    words: impl Iterator<Item = &'a str>,
    one: impl Fn(&str) -> sea_orm::sea_query::SimpleExpr,
) -> Condition {
    words.fold(Condition::any(), |all, word| all.add(one(word)))
}

/// A job as whoever looks after the installation sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Seen {
    /// Number of the job.
    pub id: i64,
    /// What is to be done: a word of [`crate::jobs::Work`].
    pub work: String,
    /// In which cluster.
    pub cluster: String,
    /// How often it was begun.
    pub tries: i64,
    /// When it was asked for.
    pub created_at: Micros,
    /// When it was begun last.
    pub started_at: Option<Micros>,
    /// Why it failed.
    pub error_vi: Option<String>,
    /// Why it failed.
    pub error_en: Option<String>,
}

/// Jobs that ended in failure since an instant, newest first.
///
/// # Errors
/// When the database fails.
pub async fn failed(on: &impl ConnectionTrait, since: Micros) -> Result<Vec<Seen>> {
    let found =
        seen().filter(job::Column::State.eq(State::Failed.word())).filter(job::Column::EndedAt.gte(since));
    Ok(found.order_by_desc(job::Column::Id).into_model().all(on).await?)
}

/// Jobs that wait since before an instant, or were begun before it and have not ended, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn stuck(on: &impl ConnectionTrait, before: Micros) -> Result<Vec<Seen>> {
    let since = |state: State, column: job::Column| {
        Condition::all().add(job::Column::State.eq(state.word())).add(column.lt(before))
    };
    let waiting = since(State::Waiting, job::Column::CreatedAt);
    let running = since(State::Running, job::Column::StartedAt);
    Ok(seen()
        .filter(Condition::any().add(waiting).add(running))
        .order_by_asc(job::Column::Id)
        .into_model()
        .all(on)
        .await?)
}

fn seen() -> sea_orm::Select<job::Entity> {
    use job::Column::{Cluster, CreatedAt, ErrorEn, ErrorVi, Id, StartedAt, Tries, Work};
    job::Entity::find()
        .select_only()
        .columns([Id, Work, Cluster, Tries, CreatedAt, StartedAt, ErrorVi, ErrorEn])
}

/// How many jobs are in each state: word of the work, word of the state, number.
///
/// # Errors
/// When the database fails.
pub async fn jobs(on: &impl ConnectionTrait) -> Result<Vec<(String, String, i64)>> {
    let counted = job::Entity::find()
        .select_only()
        .columns([job::Column::Work, job::Column::State])
        .column_as(job::Column::Id.count(), "number")
        .group_by(job::Column::Work)
        .group_by(job::Column::State);
    Ok(counted.into_tuple().all(on).await?)
}

/// The newest instant that the database knows: of a line of the trail or a board. A clock that is before it went backwards.
///
/// # Errors
/// When the database fails.
pub async fn newest(on: &impl ConnectionTrait) -> Result<Option<Micros>> {
    let trail = trail::Entity::find()
        .select_only()
        .column(trail::Column::At)
        .order_by_desc(trail::Column::At)
        .into_tuple::<Micros>()
        .one(on)
        .await?;
    let board = board::Entity::find()
        .select_only()
        .column(board::Column::MadeAt)
        .order_by_desc(board::Column::MadeAt)
        .into_tuple::<Micros>()
        .one(on)
        .await?;
    Ok(trail.max(board))
}

/// The newest head of each cluster's journal that the database speaks of.
///
/// # Errors
/// When the database fails.
pub async fn heads(on: &impl ConnectionTrait) -> Result<Vec<(String, i64)>> {
    let found = board::Entity::find()
        .select_only()
        .column(board::Column::Cluster)
        .column_as(board::Column::Head.max(), "head")
        .group_by(board::Column::Cluster)
        .order_by_asc(board::Column::Cluster);
    Ok(found.into_tuple().all(on).await?)
}

/// Ends every log-in and every link that was not used: of a database that comes from the past, nobody may use what was taken
/// back since.
///
/// # Errors
/// When the database fails.
pub async fn end_all(on: &impl ConnectionTrait, now: Micros) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::RevokedAt.is_null())
        .exec(on)
        .await?;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::UsedAt, Expr::value(now))
        .filter(ticket::Column::UsedAt.is_null())
        .exec(on)
        .await?;
    Ok(())
}
