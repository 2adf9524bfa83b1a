//! The tasks of a plan, as its page shows them: late ones first, with what waits for them.

use giaouoc_agreement::text::Lang;
use giaouoc_year::matter::Reader;

use super::matter::{Around, same_unit};
use crate::error::Failed;
use crate::matters::{self, Full, may_see};
use crate::state::State;
use crate::when;
use crate::who::Who;

pub(crate) struct Child {
    pub href: String,
    pub title: String,
    pub due: String,
    pub state: String,
    pub over: Option<String>,
    pub waits: Option<String>,
    pub progress: String,
    pub owner: String,
}

/// The tasks of a plan: late ones first.
pub(crate) async fn children(
    state: &State,
    full: &Full,
    who: &Who,
    around: &Around,
    reader: Reader,
) -> Result<Vec<Child>, Failed> {
    let Some(task) = giaouoc_year::sort::find("task").filter(|_| full.sort.id == "plan") else {
        return Ok(Vec::new());
    };
    let all = matters::list(&state.store, &same_unit(full, task)).await?;
    let plain: Vec<_> = all.iter().map(|one| one.matter.clone()).collect();
    let waits = giaouoc_year::matter::waiting(task, &plain, around.today);
    let slug = &full.row.cluster;
    // Figures that are not published are for the cluster only.
    let sheet =
        if who.inside(slug) { around.sheet.clone() } else { super::board::published(state, slug).await? };
    let mine = all.iter().filter(|one| one.matter.fields.get("plan") == Some(&full.row.code));
    let mut mine: Vec<&Full> = mine.filter(|one| may_see(one, reader)).collect();
    mine.sort_by_key(|one| {
        let done = one.matter.is_met(task) || one.matter.is_closed(task);
        (done, one.matter.when(task))
    });
    let lang = who.lang;
    let child = |one: &&Full| {
        let get = |id: &str| one.matter.fields.get(id).map(String::as_str).unwrap_or_default();
        let figure = sheet.as_deref().and_then(|sheet| {
            let (place, _) = sheet.unit(&full.row.unit)?;
            sheet.target(get("target"))?.1.cells.get(place)?.as_ref()?.shown.clone()
        });
        let progress = match (&figure, get("planned"), get("reached")) {
            (Some(figure), _, _) => {
                format!("{} ({})", figure.get(lang), who.say("từ bản ghi", "from records"))
            }
            (None, "", "") => String::new(),
            (None, planned, "") => format!("0/{planned} {}", get("measured_in")),
            (None, planned, reached) => format!("{reached}/{planned} {}", get("measured_in")),
        };
        Child {
            href: one.address(),
            title: one.matter.title(task).to_owned(),
            due: when::day_shown(get("due_on"), lang),
            state: task.state(one.matter.state(task)).get(lang).to_owned(),
            over: one.matter.days_over(task, around.today).map(|days| match lang {
                Lang::Vi => format!("quá hạn {days} ngày"),
                Lang::En => format!("{days} days late"),
            }),
            waits: waits
                .get(&one.row.code)
                .map(|codes| format!("{} {}", who.say("chờ việc", "waits for"), codes.join(", "))),
            progress: progress.trim().to_owned(),
            owner: get("owner").to_owned(),
        }
    };
    Ok(mine.iter().map(child).collect())
}
