//! A unit takes part in a matter of another one, or takes it up, and reports back.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Join};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::late;
use giaouoc_year::matter::joins;
use giaouoc_year::sort::Part;
use giaouoc_year::value;
use serde::Deserialize;

use super::cluster;
use super::matter::opened;
use super::work::{names, today, unit_name};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::matters::Full;
use crate::state::State;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/join.html")]
struct JoinPage {
    base: Base,
    title: String,
    back: String,
    at: String,
    unit: String,
    adopters: bool,
    behalf: bool,
    today: String,
    /// The day that is suggested for a report.
    suggested: String,
    /// What the unit said before.
    said: Option<Said>,
}

struct Said {
    yes: bool,
    day: String,
    number: String,
    text: String,
    report_by: String,
    result: String,
}

type JoinOf = (String, String, String, String, String);

/// The matter of an address at another unit's desk.
async fn joinable(
    state: &State,
    who: &Who,
    (slug, unit, home, sort, code): &JoinOf,
) -> Result<(Full, Part), Failed> {
    let full = opened(state, who, home, sort, code).await?;
    let part = joins(full.sort).ok_or(Failed::NotFound)?;
    let own = slug == home && *unit == full.row.unit;
    let spreads = slug == home || full.sort.spread;
    let known = names(state, slug).await?.is_some_and(|sheet| sheet.unit(unit).is_some());
    if own || !spreads || !known || !full.matter.is_public(full.sort) {
        return Err(Failed::NotFound);
    }
    Ok((full, part))
}

/// The form by which a unit takes part, or takes it up.
pub(crate) async fn join(With(state): With<State>, who: Who, Path(at): Path<JoinOf>) -> Answer {
    let (full, part) = joinable(&state, &who, &at).await?;
    let (slug, unit) = (&at.0, &at.1);
    let said = full.joined.iter().find(|one| one.cluster == *slug && one.unit == *unit).map(|one| Said {
        yes: one.yes,
        day: one.day.clone(),
        number: one.number.map(|number| number.to_string()).unwrap_or_default(),
        text: one.said.clone(),
        report_by: one.report_by.clone().unwrap_or_default(),
        result: one.result.clone(),
    });
    let sheet = names(&state, slug).await?;
    let cluster = cluster(&state, slug).await?;
    let title = match part {
        Part::Adopters => who.say("Đơn vị chúng tôi áp dụng", "Our unit takes this up"),
        _ => who.say("Đơn vị chúng tôi tham gia", "Our unit takes part"),
    };
    let base = Base::within(&state, &who, &cluster, title).await?;
    let today = today(&state)?;
    let within = late::rules().map_or(0, |rules| rules.result.within);
    shown(&JoinPage {
        title: full.matter.title(full.sort).to_owned(),
        back: full.address(),
        at: who.path.clone(),
        unit: unit_name(sheet.as_deref(), unit, who.lang),
        adopters: part == Part::Adopters,
        behalf: access::on_behalf(&who.roles, Doing::Bring, slug, unit),
        today: today.to_string(),
        suggested: today.add_days(within).map(|day| day.to_string()).unwrap_or_default(),
        said,
        base,
    })
}

#[derive(Deserialize)]
pub(crate) struct Joining {
    /// `yes`, `no`, `report`.
    what: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    text: String,
    /// Until when it means to report, of those who take it up.
    #[serde(default)]
    report_by: String,
    #[serde(default)]
    behalf: String,
}

/// A unit says yes or no, or reports what came of it.
pub(crate) async fn joining(
    With(state): With<State>,
    who: Who,
    Path(at): Path<JoinOf>,
    Posted(fields): Posted<Joining>,
) -> Answer {
    let (full, part) = joinable(&state, &who, &at).await?;
    let (slug, unit, home) = (at.0.as_str(), at.1.as_str(), at.2.as_str());
    let behalf = who.behalf(Doing::Bring, slug, unit, &fields.behalf)?;
    let today = today(&state)?;
    let day = match fields.day.trim() {
        "" => today,
        day => value::day(day).map_err(Failed::Wrong)?,
    };
    if day > today {
        return Err(Failed::wrong("Ngày này chưa tới.", "That day has not come yet."));
    }
    let report_by = match fields.report_by.trim() {
        "" => None,
        text => Some(value::day(text).map_err(Failed::Wrong)?),
    };
    if report_by.is_some_and(|until| until < day) {
        return Err(Failed::wrong(
            "Ngày báo kết quả phải từ ngày áp dụng trở đi.",
            "The day of the report is not before the day on which it is taken up.",
        ));
    }
    let number = match fields.number.trim() {
        "" => None,
        text => Some(text.parse::<u32>().map(i64::from).map_err(|_| {
            Failed::wrong("Số người là một số nguyên từ 0.", "The number of people is a whole number from 0.")
        })?),
    };
    let text: String = fields.text.replace("\r\n", "\n").trim().chars().take(5_000).collect();
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let act = match fields.what.as_str() {
        "report" => {
            if text.is_empty() {
                return Err(Failed::wrong("Hãy ghi kết quả.", "Write what came of it."));
            }
            let result = (text.as_str(), &*day.to_string());
            if !kept::report(write.on(), full.row.id, (slug, unit), result, number).await? {
                return Err(Failed::NotFound);
            }
            Act::Report
        }
        "yes" | "no" if full.matter.is_closed(full.sort) => {
            return Err(Failed::wrong("Việc này đã kết thúc.", "This has come to its end."));
        }
        "yes" | "no" => {
            let join = Join {
                matter: full.row.id,
                cluster: slug.to_owned(),
                unit: unit.to_owned(),
                yes: fields.what == "yes",
                day: day.to_string(),
                number,
                said: text,
                report_by: report_by.filter(|_| part == Part::Adopters).map(|until| until.to_string()),
                person,
                on_behalf: behalf.clone(),
            };
            kept::join(write.on(), join, now).await?;
            Act::Join
        }
        _ => return Err(Failed::NotFound),
    };
    kept::touch(write.on(), full.row.id, now).await?;
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    jobs::ask(write.on(), Work::Carry, home, Some(full.row.id), Some(person), now).await?;
    let line = Line::new(now, act, format!("{} {}: {}", full.sort.id, full.row.code, fields.what));
    trail::write(write.on(), line.by(person).of(slug, Some(unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("{}#joined", full.address())).into_response())
}
