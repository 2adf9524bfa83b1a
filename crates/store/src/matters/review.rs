//! What units report to a review, and the points that it decided on.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::{matter_point, matter_report};
use crate::{Micros, Result};

/// A unit's short report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Number of the review.
    pub matter: i64,
    /// The unit.
    pub unit: String,
    /// What it says (JSON).
    pub body: String,
    /// How often it was written: whoever writes names the version that they have seen; 0 for the first.
    pub version: i64,
    /// When it was sent; nothing while it is being written.
    pub sent_at: Option<Micros>,
    /// Who wrote it last.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
    /// When it was written last.
    pub at: Micros,
}

/// Writes a report; says whether the version that was seen still stood.
///
/// # Errors
/// When the database fails.
pub async fn write_paper(on: &impl ConnectionTrait, paper: Paper, now: Micros) -> Result<bool> {
    use matter_report::Column::{MatterId, Unit};
    let row = matter_report::ActiveModel {
        id: NotSet,
        matter_id: Set(paper.matter),
        unit: Set(paper.unit.clone()),
        body: Set(paper.body.clone()),
        version: Set(1),
        sent_at: Set(paper.sent_at),
        changed_at: Set(now),
        person_id: Set(paper.person),
        on_behalf: Set(paper.on_behalf.clone()),
    };
    if paper.version == 0 {
        let first = OnConflict::columns([MatterId, Unit]).do_nothing().to_owned();
        let done = matter_report::Entity::insert(row).on_conflict(first).exec_without_returning(on).await?;
        return Ok(done > 0);
    }
    let done = matter_report::Entity::update_many()
        .col_expr(matter_report::Column::Body, Expr::value(paper.body))
        .col_expr(matter_report::Column::Version, Expr::value(paper.version + 1))
        .col_expr(matter_report::Column::SentAt, Expr::value(paper.sent_at))
        .col_expr(matter_report::Column::ChangedAt, Expr::value(now))
        .col_expr(matter_report::Column::PersonId, Expr::value(paper.person))
        .col_expr(matter_report::Column::OnBehalf, Expr::value(paper.on_behalf))
        .filter(MatterId.eq(paper.matter))
        .filter(Unit.eq(paper.unit))
        .filter(matter_report::Column::Version.eq(paper.version))
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The reports to a review.
///
/// # Errors
/// When the database fails.
pub async fn papers(on: &impl ConnectionTrait, matter: i64) -> Result<Vec<Paper>> {
    let rows = matter_report::Entity::find()
        .filter(matter_report::Column::MatterId.eq(matter))
        .order_by_asc(matter_report::Column::Id)
        .all(on)
        .await?;
    let paper = |row: matter_report::Model| Paper {
        matter: row.matter_id,
        unit: row.unit,
        body: row.body,
        version: row.version,
        sent_at: row.sent_at,
        person: row.person_id,
        on_behalf: row.on_behalf,
        at: row.changed_at,
    };
    Ok(rows.into_iter().map(paper).collect())
}

/// A point to mend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Its number.
    pub id: i64,
    /// Number of the review.
    pub matter: i64,
    /// What is to be done.
    pub text: String,
    /// Which unit does it.
    pub unit: String,
    /// By which day, `YYYY-MM-DD`.
    pub due: String,
    /// The day on which it was done, and how.
    pub done: Option<(String, String)>,
    /// Who entered it.
    pub person: i64,
    /// When.
    pub at: Micros,
    /// When it was noted that it was done.
    pub done_at: Option<Micros>,
}

/// Adds a point.
///
/// # Errors
/// When the database fails.
pub async fn add_point(on: &impl ConnectionTrait, point: Point, person: i64, now: Micros) -> Result<i64> {
    let row = matter_point::ActiveModel {
        id: NotSet,
        matter_id: Set(point.matter),
        text: Set(point.text),
        unit: Set(point.unit),
        due: Set(point.due),
        at: Set(now),
        person_id: Set(person),
        done_day: Set(None),
        done_note: Set(None),
        done_at: Set(None),
    };
    Ok(row.insert(on).await?.id)
}

/// Notes that a point was mended. Says whether it is that unit's and still open.
///
/// # Errors
/// When the database fails.
pub async fn mend(
    on: &impl ConnectionTrait,
    matter: i64,
    (id, unit): (i64, &str),
    (day, note): (&str, &str),
    now: Micros,
) -> Result<bool> {
    let done = matter_point::Entity::update_many()
        .col_expr(matter_point::Column::DoneDay, Expr::value(day))
        .col_expr(matter_point::Column::DoneNote, Expr::value(note))
        .col_expr(matter_point::Column::DoneAt, Expr::value(now))
        .filter(matter_point::Column::Id.eq(id))
        .filter(matter_point::Column::MatterId.eq(matter))
        .filter(matter_point::Column::Unit.eq(unit))
        .filter(matter_point::Column::DoneAt.is_null())
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The points of these reviews.
///
/// # Errors
/// When the database fails.
pub async fn points(on: &impl ConnectionTrait, matters: &[i64]) -> Result<Vec<Point>> {
    let mut all = Vec::new();
    for some in matters.chunks(crate::AT_ONCE) {
        let rows = matter_point::Entity::find()
            .filter(matter_point::Column::MatterId.is_in(some.iter().copied()))
            .order_by_asc(matter_point::Column::Id);
        let point = |row: matter_point::Model| Point {
            id: row.id,
            matter: row.matter_id,
            text: row.text,
            unit: row.unit,
            due: row.due,
            done: row.done_day.zip(row.done_note),
            person: row.person_id,
            at: row.at,
            done_at: row.done_at,
        };
        all.extend(rows.all(on).await?.into_iter().map(point));
    }
    Ok(all)
}
