//! How a cluster is set up, changed by the city's board: who took over whose work, memberships, other names, new units. The check
//! of the command line looks at every change before it is written; what it refuses is said at the field.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use super::cluster;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::registry::{self, Book, Change, Refused, book};
use crate::state::State;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/setup.html")]
struct SetupPage {
    base: Base,
    at: String,
    seen: String,
    units: Vec<Choice>,
    /// The unit whose set-up is changed.
    unit: Option<UnitForms>,
    typed: Typed,
    /// What was refused: at which field, and why.
    wrong: Vec<(&'static str, String)>,
}

/// A unit in a list of choices.
struct Choice {
    code: String,
    name: String,
    href: String,
    /// Whether it is the one that stands now.
    here: bool,
}

struct UnitForms {
    code: String,
    name: String,
    /// The link as it is: successor's name, the unit's last day.
    link: Option<(String, String)>,
    members: Vec<Member>,
    aliases: String,
}

/// A membership: place, role as the file has it, days.
struct Member {
    at: usize,
    role: &'static str,
    from: String,
    to: String,
}

/// What a form says.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    what: String,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    into: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    names: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    name_vi: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    short_vi: String,
    #[serde(default)]
    why: String,
}

/// Which unit an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Of {
    #[serde(default)]
    unit: String,
}

impl SetupPage {
    /// What is wrong with a field of a form.
    fn wrong_at(&self, what: &str, field: &str) -> Option<&str> {
        let here = self.typed.what == what;
        self.wrong.iter().find(|(at, _)| here && *at == field).map(|(_, why)| why.as_str())
    }

    /// What was typed into a form that was refused.
    fn typed_at<'a>(&self, what: &str, typed: &'a str, otherwise: &'a str) -> &'a str {
        if self.typed.what == what && !self.wrong.is_empty() { typed } else { otherwise }
    }

    fn roles(&self) -> [(&'static str, &'static str); 3] {
        match self.base.lang {
            Lang::Vi => [("member", "thành viên"), ("head", "cụm trưởng"), ("deputy", "cụm phó")],
            Lang::En => [("member", "member"), ("head", "head"), ("deputy", "deputy")],
        }
    }
}

/// The address of the page.
pub(crate) fn address(slug: &str, unit: &str) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!("?unit={}", encoded(unit)) };
    format!("/c/{slug}/setup{unit}")
}

pub(crate) fn unread() -> Failed {
    Failed::wrong(
        "Chưa đọc được gói dữ liệu của cụm; hãy thử lại sau giây lát.",
        "The cluster's bundle cannot be read now; try again in a moment.",
    )
}

/// The page.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Query(of): Query<Of>,
) -> Answer {
    page(&state, &who, &slug, &of.unit, Typed::default(), Vec::new()).await
}

async fn page(
    state: &State,
    who: &Who,
    slug: &str,
    code: &str,
    typed: Typed,
    wrong: Vec<(&'static str, String)>,
) -> Answer {
    let cluster = cluster(state, slug).await?;
    let found = book(state, slug).await.ok_or_else(unread)?;
    let lang = who.lang;
    let title = who.say("Sửa đơn vị và thành viên", "Change units and memberships");
    let units = found.units.iter().map(|unit| Choice {
        code: unit.code.clone(),
        name: unit.name.get(lang).to_owned(),
        href: address(slug, &unit.code),
        here: unit.code == code,
    });
    shown(&SetupPage {
        base: Base::within(state, who, &cluster, title).await?,
        at: address(slug, ""),
        seen: found.seen.clone(),
        units: units.collect(),
        unit: if code.is_empty() { None } else { Some(forms(&found, code, lang)?) },
        typed,
        wrong,
    })
}

fn forms(book: &Book, code: &str, lang: Lang) -> Result<UnitForms, Failed> {
    let unit = book.unit(code).and_then(|at| book.units.get(at)).ok_or(Failed::NotFound)?;
    let successor = unit.successor.and_then(|at| book.units.get(at));
    let members = unit.roles.iter().zip(&unit.role_ids).enumerate();
    Ok(UnitForms {
        code: unit.code.clone(),
        name: unit.name.get(lang).to_owned(),
        link: successor.map(|to| (to.name.get(lang).to_owned(), unit.to.clone().unwrap_or_default())),
        members: members
            .map(|(at, ((_, from, to), role))| Member {
                at,
                role,
                from: from.clone(),
                to: to.clone().unwrap_or_default(),
            })
            .collect(),
        aliases: unit.aliases.join("\n"),
    })
}

/// What a form asks for.
fn wanted(typed: &Typed) -> Option<Change> {
    let text = |value: &String| value.trim().to_owned();
    let unit = text(&typed.unit);
    match typed.what.as_str() {
        "succession" => Some(Change::Succession { unit, into: text(&typed.into), on: text(&typed.on) }),
        "apart" => Some(Change::Succession { unit, into: String::new(), on: String::new() }),
        "membership" => Some(Change::Membership {
            unit,
            at: typed.at.parse().ok(),
            role: text(&typed.role),
            from: text(&typed.from),
            to: text(&typed.to),
        }),
        "aliases" => {
            let names = typed.names.lines().map(str::trim).filter(|name| !name.is_empty());
            Some(Change::Aliases { unit, names: names.map(str::to_owned).collect() })
        }
        "unit" => Some(Change::Unit {
            code: text(&typed.code),
            name: Text::new(text(&typed.name_vi), text(&typed.name_en)),
            short: Text::same(text(&typed.short_vi)),
            from: text(&typed.from),
        }),
        _ => None,
    }
}

/// The field that a refusal of the bundle's check is about.
fn field(change: &Change, code: &str) -> &'static str {
    match (change, code) {
        (Change::Succession { .. }, "form" | "unit-not-existing" | "not-in-order") => "on",
        (Change::Succession { .. }, _) => "into",
        (Change::Membership { .. }, "bad-value" | "unknown-word") => "role",
        (Change::Membership { .. }, _) => "from",
        (Change::Aliases { .. }, _) => "names",
        (Change::Unit { .. }, "ambiguous-name") => "name",
        (Change::Unit { .. }, _) => "code",
        (Change::Calendar { .. }, _) => "text",
    }
}

/// What a line of the trail says of a change.
fn about(change: &Change) -> String {
    let until = |to: &str| if to.is_empty() { String::new() } else { format!(" – {to}") };
    match change {
        Change::Succession { unit, into, .. } if into.is_empty() => format!("{unit} ↛"),
        Change::Succession { unit, into, on } => format!("{unit} → {into}, {on}"),
        Change::Membership { unit, role, from, to, .. } => format!("{unit}: {role}, {from}{}", until(to)),
        Change::Aliases { unit, names } => format!("{unit} = {}", names.join("; ")),
        Change::Unit { code, name, .. } => format!("+ {code} {}", name.vi),
        Change::Calendar { .. } => "calendar.toml".to_owned(),
    }
}

/// Makes a change.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Answer {
    let change = wanted(&typed).ok_or(Failed::NotFound)?;
    if typed.why.trim().is_empty() {
        let why = who
            .say("Hãy ghi căn cứ: số quyết định, công văn.", "Say what it rests on: a decision, a letter.");
        return refused(&state, &who, &slug, typed, vec![("why", why.to_owned())]).await;
    }
    let seen = typed.seen.clone();
    match made(&state, &who, &slug, &change, seen, &typed.why).await? {
        Ok(()) => Ok(Redirect::to(&address(&slug, &typed.unit)).into_response()),
        Err(wrong) => {
            let lang = who.lang;
            let wrong = wrong.iter().map(|(code, text)| (field(&change, code), text.get(lang).to_owned()));
            let wrong = wrong.collect();
            refused(&state, &who, &slug, typed, wrong).await
        }
    }
}

/// A refusal: the code of what is wrong, and its words.
pub(crate) type Wrong = Vec<(String, Text)>;

/// Has a change made: the bundle first, with the journal's entry, then its line of the trail and whatever follows from it.
pub(crate) async fn made(
    state: &State,
    who: &Who,
    slug: &str,
    change: &Change,
    seen: String,
    why: &str,
) -> Result<Result<(), Wrong>, Failed> {
    let person = who.person()?;
    cluster(state, slug).await?;
    let why: String = why.trim().chars().take(300).collect();
    let (asked, cluster, by) = (change.clone(), slug.to_owned(), who.name().unwrap_or_default());
    let reason = why.clone();
    let done = registry::ask(state, move |registry| registry.change(&cluster, &asked, &seen, &by, &reason));
    match done.await.ok_or_else(unread)? {
        Ok(()) => {}
        Err(Refused::Wrong(wrong)) => return Ok(Err(wrong)),
        Err(Refused::Changed) => {
            return Err(Failed::Conflict(Text::new(
                "Người khác vừa sửa cách lập cụm này. Hãy tải lại trang, xem lại rồi sửa tiếp.",
                "Somebody else has just changed how this cluster is set up. Load the page again and look before you go on.",
            )));
        }
        Err(Refused::Failed(why)) => return Err(Failed::Internal(why)),
    }
    let now = state.now();
    let write = state.store.write().await?;
    let line = Line::new(now, Act::Setup, format!("{}; {why}", about(change))).by(person).of(slug, None);
    trail::write(write.on(), line).await?;
    jobs::ask(write.on(), Work::Measure, slug, None, Some(person), now).await?;
    jobs::ask(write.on(), Work::Index, "", None, Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Ok(()))
}

async fn refused(
    state: &State,
    who: &Who,
    slug: &str,
    typed: Typed,
    wrong: Vec<(&'static str, String)>,
) -> Answer {
    let unit = if typed.what == "unit" { String::new() } else { typed.unit.clone() };
    let mut response = page(state, who, slug, &unit, typed, wrong).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
