//! What is set up about a cluster: its units with their validity and successors, memberships, suppliers, calendars.

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::text::Lang;

use super::cluster;
use crate::access;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::registry::{Book, book};
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/registry.html")]
struct RegistryPage {
    base: Base,
    facts: Vec<(&'static str, String)>,
    units: Vec<UnitLine>,
    suppliers: Vec<(String, String, String)>,
    calendars: Vec<CalendarLine>,
    questions: Vec<String>,
    /// Whether this person changes how clusters are set up.
    may_change: bool,
}

struct UnitLine {
    name: String,
    code: String,
    valid: String,
    roles: Vec<String>,
    others: String,
    chain: Option<Chain>,
}

struct CalendarLine {
    name: String,
    version: String,
    covers: String,
    units: String,
    digest: String,
}

/// A unit's place among those that came before and after it.
pub(crate) struct Chain {
    /// Whose work it took over: name, and its last day.
    pub before: Vec<(String, String)>,
    /// Who took over its work: name, and its first day.
    pub after: Vec<(String, String)>,
}

/// The chain of a unit; nothing where it stands alone.
pub(crate) fn chain(book: &Book, at: usize, lang: Lang) -> Option<Chain> {
    let unit = |place: &usize| book.units.get(*place);
    let day = |day: Option<&String>| day.map(|day| when::day_shown(day, lang)).unwrap_or_default();
    let before = book.before(at);
    let after = book.after(at);
    let before: Vec<_> = before
        .iter()
        .filter_map(|place| {
            let found = unit(place)?;
            Some((found.name.get(lang).to_owned(), day(found.to.as_ref())))
        })
        .collect();
    let after: Vec<_> = after
        .iter()
        .filter_map(|place| {
            let found = unit(place)?;
            Some((found.name.get(lang).to_owned(), day(found.from.as_ref())))
        })
        .collect();
    (!before.is_empty() || !after.is_empty()).then_some(Chain { before, after })
}

fn span(from: Option<&String>, to: Option<&String>, lang: Lang) -> String {
    let day = |text: &String| when::day_shown(text, lang);
    match (from, to, lang) {
        (None, None, _) => String::new(),
        (Some(from), None, Lang::Vi) => format!("từ {}", day(from)),
        (Some(from), None, Lang::En) => format!("since {from}"),
        (None, Some(to), Lang::Vi) => format!("đến {}", day(to)),
        (None, Some(to), Lang::En) => format!("until {to}"),
        (Some(from), Some(to), _) => format!("{} – {}", day(from), day(to)),
    }
}

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let found = book(&state, &slug).await.ok_or_else(|| {
        Failed::wrong(
            "Chưa đọc được gói dữ liệu của cụm; hãy thử lại sau giây lát.",
            "The cluster's bundle cannot be read now; try again in a moment.",
        )
    })?;
    let lang = who.lang;
    let mut facts = vec![(who.say_static("Thành phố", "City"), found.city.get(lang).to_owned())];
    facts.extend(
        found
            .decision
            .as_ref()
            .map(|text| (who.say_static("Quyết định", "Decision"), text.get(lang).to_owned())),
    );
    facts.push((who.say_static("Giao ước", "Agreement"), super::city::agreement(&found, lang)));
    let units = found.units.iter().enumerate().map(|(at, unit)| UnitLine {
        name: unit.name.get(lang).to_owned(),
        code: unit.code.clone(),
        valid: span(unit.from.as_ref(), unit.to.as_ref(), lang),
        roles: unit
            .roles
            .iter()
            .map(|(role, from, to)| format!("{}, {}", role.get(lang), span(Some(from), to.as_ref(), lang)))
            .collect(),
        others: unit.aliases.join("; "),
        chain: chain(&found, at, lang),
    });
    let units = units.collect();
    let text = |text: &giaouoc_agreement::text::Text| text.get(lang).to_owned();
    let calendars = found.calendars.iter().map(|calendar| CalendarLine {
        name: text(&calendar.name),
        version: calendar.version.clone(),
        covers: calendar
            .covers
            .as_ref()
            .map(|(from, to)| span(Some(from), Some(to), lang))
            .unwrap_or_default(),
        units: match calendar.units.is_empty() {
            true => who.say("mọi đơn vị khác", "all other units").to_owned(),
            false => calendar.units.join(", "),
        },
        digest: calendar.digest.clone(),
    });
    let calendars = calendars.collect();
    let base = Base::within(&state, &who, &cluster, who.say("Đơn vị và thành viên", "Units and memberships"))
        .await?;
    shown(&RegistryPage {
        may_change: access::allows(access::Access::Board, &who.roles, None, None),
        base,
        facts,
        units,
        suppliers: found
            .suppliers
            .iter()
            .map(|(unit, kind, whom)| (text(unit), text(kind), text(whom)))
            .collect(),
        calendars,
        questions: found.questions.iter().map(text).collect(),
    })
}
