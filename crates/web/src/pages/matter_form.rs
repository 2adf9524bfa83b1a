//! A matter is begun, or its text changed. Whatever is wrong, what was filled in stays in the form; two people who change the
//! same matter see each other's work.

mod edit;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use giaouoc_agreement::text::Text;
use giaouoc_store::matters::{self as kept, New};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::sort::{BEGUN, Sort};
use giaouoc_year::value;

use super::cluster;
use super::matter::{Around, around};
use super::matter_fields::{Field, field, known};
use super::work::{doing, may, sort_of, unit_name};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Filled;
use crate::matters::{self, Full, address, desk_address, list_address};
use crate::state::State;
use crate::who::Who;

pub(crate) use self::edit::{edit, save, stale};

#[derive(Template)]
#[template(path = "pages/matter_form.html")]
struct FormPage {
    base: Base,
    sort: String,
    back: String,
    meaning: String,
    at: String,
    unit: String,
    fields: Vec<Field>,
    notices: Vec<String>,
    problems: Vec<(String, String)>,
    version: Option<i64>,
    reason: Option<String>,
    behalf: bool,
    /// Whether it may be the whole cluster's, and is.
    common: Option<bool>,
    /// What can be done at once besides keeping it: step, name.
    then: Vec<(String, String)>,
}

/// What stands in a form.
#[derive(Default)]
struct Filling {
    values: BTreeMap<String, String>,
    was: BTreeMap<String, String>,
    theirs: BTreeMap<String, String>,
    problems: BTreeMap<String, Text>,
    notices: Vec<Text>,
    reason: String,
    common: bool,
}

/// Fields that are filled in before anything has happened: all that no later step asks for.
fn early<'a>(sort: &'a Sort, full: Option<&'a Full>) -> impl Iterator<Item = &'a giaouoc_year::sort::Field> {
    let asked = move |id: &String| sort.steps.iter().any(|step| step.asks.contains(id));
    let first = move |id: &String| {
        sort.steps.iter().any(|step| step.from.iter().any(|from| from == BEGUN) && step.needs.contains(id))
    };
    let filled = move |id: &String| {
        full.is_some_and(|full| full.matter.fields.contains_key(id) || full.matter.personal.contains_key(id))
    };
    sort.fields.iter().filter(move |field| first(&field.id) || !asked(&field.id) || filled(&field.id))
}

struct At<'a> {
    slug: &'a str,
    unit: &'a str,
    sort: &'static Sort,
    full: Option<&'a Full>,
}

async fn page(
    state: &State,
    who: &Who,
    at: At<'_>,
    filling: Filling,
    (around, own): (&Around, &[Full]),
) -> Result<Response, Failed> {
    let (slug, sort, lang) = (at.slug, at.sort, who.lang);
    let cluster = cluster(state, slug).await?;
    around.sheet.as_deref().and_then(|sheet| sheet.unit(at.unit)).ok_or(Failed::NotFound)?;
    let text = |held: &BTreeMap<String, String>, id: &str| held.get(id).cloned().unwrap_or_default();
    let code = at.full.map(|full| full.row.code.clone()).unwrap_or_default();
    let fields = early(sort, at.full).map(|one| {
        let must = sort
            .steps
            .iter()
            .any(|step| step.from.iter().any(|from| from == BEGUN) && step.needs.contains(&one.id));
        let problem = filling.problems.get(&one.id).map(|text| text.get(lang).to_owned());
        let mut made = field(sort, one, who, around, &text(&filling.values, &one.id), must, problem);
        made.of_matters(one, own, &code);
        made.was = at.full.map(|_| text(&filling.was, &one.id));
        made.theirs = filling.theirs.get(&one.id).map(|theirs| {
            made.options
                .iter()
                .find(|(code, _)| code == theirs)
                .map_or(theirs.clone(), |(_, name)| name.clone())
        });
        made
    });
    let fields: Vec<Field> = fields.collect();
    let problems = fields.iter().filter(|field| field.problem.is_some());
    let problems = problems.map(|field| (field.at(), field.label.clone())).collect();
    let name = sort.name.get(lang);
    let title = match at.full {
        None => format!("{}: {name}", who.say("Thêm mới", "Begin")),
        Some(full) => format!("{}: {}", who.say("Sửa", "Change"), full.matter.title(sort)),
    };
    let first = sort
        .steps
        .iter()
        .filter(|step| step.from.iter().any(|from| from == BEGUN) && !step.note && !step.needs_file);
    let then = first.filter(|step| at.full.is_none() && may(who, step.by, slug, at.unit));
    let common = sort.common && !sort.only_common && at.full.is_none() && who.heads(slug);
    let base = Base::within(state, who, &cluster, title).await?;
    let page = FormPage {
        sort: name.to_owned(),
        back: match at.full {
            Some(full) => full.address(),
            None => list_address(slug, &sort.id),
        },
        meaning: if at.full.is_none() { sort.meaning.get(lang).to_owned() } else { String::new() },
        at: match at.full {
            Some(full) => format!(
                "{}{}/edit",
                desk_address(slug, at.unit, &sort.id),
                crate::html::encoded(&full.row.code)
            ),
            None => format!("{}new", desk_address(slug, at.unit, &sort.id)),
        },
        unit: unit_name(around.sheet.as_deref(), at.unit, lang),
        notices: filling.notices.iter().map(|text| text.get(lang).to_owned()).collect(),
        problems,
        version: at.full.map(|full| full.row.version),
        reason: at.full.filter(|full| !full.matter.taken.is_empty()).map(|_| filling.reason.clone()),
        behalf: !sort.only_common && access::on_behalf(&who.roles, doing(sort.begun_by), slug, at.unit),
        common: common.then_some(filling.common),
        then: then.map(|step| (step.id.clone(), step.name.get(lang).to_owned())).collect(),
        fields,
        base,
    };
    let bad = !page.notices.is_empty() || !page.problems.is_empty();
    let status = match (filling.theirs.is_empty(), bad) {
        (false, _) => StatusCode::CONFLICT,
        (true, true) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    Ok((status, shown(&page)?).into_response())
}

async fn own(state: &State, slug: &str, unit: &str) -> Result<Vec<Full>, Failed> {
    let filter = kept::Filter {
        cluster: Some(slug.to_owned()),
        unit: Some(unit.to_owned()),
        ..kept::Filter::default()
    };
    Ok(matters::list(&state.store, &filter).await?)
}

/// Whoever may begin one here.
fn may_begin(who: &Who, sort: &Sort, slug: &str, unit: &str) -> Result<(), Failed> {
    let common = !sort.only_common || who.heads(slug);
    if common && may(who, sort.begun_by, slug, unit) { Ok(()) } else { Err(Failed::Forbidden) }
}

/// A blank form.
pub(crate) async fn new(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, id)): Path<(String, String, String)>,
) -> Answer {
    let sort = sort_of(&id)?;
    may_begin(&who, sort, &slug, &unit)?;
    let (around, own) = (around(&state, &slug).await?, own(&state, &slug, &unit).await?);
    let at = At { slug: &slug, unit: &unit, sort, full: None };
    page(&state, &who, at, Filling::default(), (&around, &own)).await
}

/// The values of a form, checked: those of fields that anybody reads, and those about persons.
fn checked(
    sort: &'static Sort,
    full: Option<&Full>,
    form: &Filled,
    (around, own): (&Around, &[Full]),
) -> (Filling, BTreeMap<String, String>, BTreeMap<String, String>) {
    let known = known(around, own);
    let mut filling =
        Filling { reason: form.field("reason").chars().take(500).collect(), ..Filling::default() };
    filling.common = form.field("common") == "1";
    let (mut fields, mut personal) = (BTreeMap::new(), BTreeMap::new());
    for one in early(sort, full) {
        let written = form.field(&format!("v.{}", one.id)).replace("\r\n", "\n");
        let text = match value::check(sort, one, &written, &known) {
            Ok(text) => text,
            Err(why) => {
                filling.problems.insert(one.id.clone(), why);
                written
            }
        };
        filling.values.insert(one.id.clone(), text.clone());
        filling.was.insert(one.id.clone(), form.field(&format!("was.{}", one.id)).replace("\r\n", "\n"));
        if one.personal { &mut personal } else { &mut fields }.insert(one.id.clone(), text);
    }
    (filling, fields, personal)
}

/// What a deed here rests on, where it is done for another unit.
pub(crate) fn ground(
    who: &Who,
    doing: Doing,
    (slug, unit): (&str, &str),
    common: bool,
    said: &str,
) -> Result<Option<String>, Failed> {
    if common && who.heads(slug) {
        return Ok(None);
    }
    who.behalf(doing, slug, unit, said)
}

/// Begins one.
pub(crate) async fn begin(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, id)): Path<(String, String, String)>,
    form: Filled,
) -> Answer {
    let sort = sort_of(&id)?;
    may_begin(&who, sort, &slug, &unit)?;
    let (around, own) = (around(&state, &slug).await?, own(&state, &slug, &unit).await?);
    let (mut filling, mut fields, mut personal) = checked(sort, None, &form, (&around, &own));
    filling.notices.extend(form.refused.iter().cloned());
    let common = sort.only_common || filling.common && sort.common && who.heads(&slug);
    let behalf = match ground(&who, doing(sort.begun_by), (&slug, &unit), common, form.field("behalf")) {
        Ok(behalf) => behalf,
        Err(Failed::Wrong(text)) => {
            filling.notices.push(text);
            None
        }
        Err(failed) => return Err(failed),
    };
    if filling.values.get(&sort.title).is_none_or(|title| title.is_empty())
        && !filling.problems.contains_key(&sort.title)
    {
        filling.problems.insert(sort.title.clone(), Text::new("Hãy ghi mục này.", "Fill this in."));
    }
    let at = At { slug: &slug, unit: &unit, sort, full: None };
    if !filling.problems.is_empty() || !filling.notices.is_empty() {
        return page(&state, &who, at, filling, (&around, &own)).await;
    }
    fields.retain(|_, text| !text.is_empty());
    personal.retain(|_, text| !text.is_empty());
    let person = who.person()?;
    let (then, said) = (form.field("then").to_owned(), form.field("behalf").to_owned());
    let now = state.now();
    let write = state.store.write().await?;
    let new = New {
        cluster: slug.clone(),
        unit: unit.clone(),
        sort: sort.id.clone(),
        code: String::new(),
        prefix: format!("{}-{}-", sort.prefix, around.today.year()),
        common,
        fields,
        personal,
        carried: false,
        person,
    };
    let (_, code) = kept::begin(write.on(), new, now).await?;
    for file in form.files {
        let record = (slug.as_str(), &*kept::evidence_kind(&sort.id), code.as_str());
        giaouoc_store::evidence::add(write.on(), record, &unit, file, person, now).await?;
    }
    let line = Line::new(now, Act::Begin, format!("{} {code}", sort.id));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf.clone())).await?;
    write.commit().await?;
    state.changed();
    let step = sort.step(&then).filter(|step| step.from.iter().any(|from| from == BEGUN));
    if let Some(step) = step {
        let full = matters::find(&state.store, &slug, &sort.id, &code).await?.ok_or(Failed::NotFound)?;
        let given = super::matter_steps::Given { behalf: said, ..Default::default() };
        return super::matter_steps::take(&state, &who, full, step, given).await;
    }
    Ok(Redirect::to(&address(&slug, &sort.id, &code)).into_response())
}
