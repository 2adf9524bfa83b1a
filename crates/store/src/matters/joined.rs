//! Units that take part in a matter of another one, or take it up.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::table::matter_joined;
use crate::{Micros, Result};

/// A unit that takes part in a matter, or takes it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Number of the matter.
    pub matter: i64,
    /// The unit's cluster.
    pub cluster: String,
    /// The unit.
    pub unit: String,
    /// Whether it said yes.
    pub yes: bool,
    /// Since which day, `YYYY-MM-DD`.
    pub day: String,
    /// How many of its people.
    pub number: Option<i64>,
    /// What it said when it joined.
    pub said: String,
    /// What came of it.
    pub result: String,
    /// The day of that report, `YYYY-MM-DD`.
    pub result_day: Option<String>,
    /// Until which day it means to report, `YYYY-MM-DD`.
    pub report_by: Option<String>,
    /// Who entered it.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
    /// When.
    pub at: Micros,
}

fn read(row: matter_joined::Model) -> Joined {
    Joined {
        matter: row.matter_id,
        cluster: row.cluster,
        unit: row.unit,
        yes: row.yes,
        day: row.day,
        number: row.number,
        said: row.said,
        result: row.result,
        result_day: row.result_day,
        report_by: row.report_by,
        person: row.person_id,
        on_behalf: row.on_behalf,
        at: row.at,
    }
}

/// What a unit says about a matter of another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Join {
    /// Number of the matter.
    pub matter: i64,
    /// The unit's cluster.
    pub cluster: String,
    /// The unit.
    pub unit: String,
    /// Whether it says yes.
    pub yes: bool,
    /// Since which day, `YYYY-MM-DD`.
    pub day: String,
    /// How many of its people.
    pub number: Option<i64>,
    /// What it says.
    pub said: String,
    /// Until which day it means to report what came of it, `YYYY-MM-DD`.
    pub report_by: Option<String>,
    /// Who enters it.
    pub person: i64,
    /// What that rests on, on behalf of the unit.
    pub on_behalf: Option<String>,
}

/// A unit says yes or no; what it said before is replaced, what it reported stays.
///
/// # Errors
/// When the database fails.
pub async fn join(on: &impl ConnectionTrait, join: Join, now: Micros) -> Result<()> {
    use matter_joined::Column::{
        At, Cluster, Day, MatterId, Number, OnBehalf, PersonId, ReportBy, Said, Unit, Yes,
    };
    let row = matter_joined::ActiveModel {
        id: NotSet,
        matter_id: Set(join.matter),
        cluster: Set(join.cluster),
        unit: Set(join.unit),
        yes: Set(join.yes),
        day: Set(join.day),
        number: Set(join.number),
        said: Set(join.said),
        result: Set(String::new()),
        result_day: Set(None),
        person_id: Set(join.person),
        on_behalf: Set(join.on_behalf),
        at: Set(now),
        report_by: Set(join.report_by),
    };
    let again = OnConflict::columns([MatterId, Cluster, Unit])
        .update_columns([Yes, Day, Number, Said, ReportBy, PersonId, OnBehalf, At])
        .to_owned();
    matter_joined::Entity::insert(row).on_conflict(again).exec_without_returning(on).await?;
    Ok(())
}

/// A unit reports what came of what it took up, with the number of its people where it is known now. Says whether it had joined.
///
/// # Errors
/// When the database fails.
pub async fn report(
    on: &impl ConnectionTrait,
    matter: i64,
    (cluster, unit): (&str, &str),
    (result, day): (&str, &str),
    number: Option<i64>,
) -> Result<bool> {
    use sea_orm::sea_query::Expr;
    let mut update = matter_joined::Entity::update_many()
        .col_expr(matter_joined::Column::Result, Expr::value(result))
        .col_expr(matter_joined::Column::ResultDay, Expr::value(day));
    if let Some(number) = number {
        update = update.col_expr(matter_joined::Column::Number, Expr::value(number));
    }
    let done = update
        .filter(matter_joined::Column::MatterId.eq(matter))
        .filter(matter_joined::Column::Cluster.eq(cluster))
        .filter(matter_joined::Column::Unit.eq(unit))
        .filter(matter_joined::Column::Yes.eq(true))
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Who joined these matters, in the order in which they did.
///
/// # Errors
/// When the database fails.
pub async fn joined(on: &impl ConnectionTrait, matters: &[i64]) -> Result<Vec<Joined>> {
    let mut all = Vec::new();
    for some in matters.chunks(crate::AT_ONCE) {
        let rows = matter_joined::Entity::find()
            .filter(matter_joined::Column::MatterId.is_in(some.iter().copied()))
            .order_by_asc(matter_joined::Column::Id);
        all.extend(rows.all(on).await?.into_iter().map(read));
    }
    Ok(all)
}

/// What a unit joined.
///
/// # Errors
/// When the database fails.
pub async fn joined_by(on: &impl ConnectionTrait, cluster: &str, unit: &str) -> Result<Vec<Joined>> {
    let rows = matter_joined::Entity::find()
        .filter(matter_joined::Column::Cluster.eq(cluster))
        .filter(matter_joined::Column::Unit.eq(unit))
        .order_by_asc(matter_joined::Column::Id);
    Ok(rows.all(on).await?.into_iter().map(read).collect())
}
