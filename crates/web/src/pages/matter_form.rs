//! A matter is begun, or its text changed. Whatever is wrong, what was filled in stays in the form; two people who change the
//! same matter see each other's work.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use giaouoc_agreement::text::Text;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Change, New};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::sort::{BEGUN, Sort};
use giaouoc_year::value;

use super::cluster;
use super::matter::{Around, around, matters_is_early, opened};
use super::matter_fields::{Field, field, known};
use super::work::{doing, may, sort_of, unit_name};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Filled;
use crate::matters::{self, Full, address, desk_address, list_address};
use crate::state::State;
use crate::who::Who;

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

/// A matter that this person may change.
async fn changeable(
    state: &State,
    who: &Who,
    slug: &str,
    unit: &str,
    id: &str,
    code: &str,
) -> Result<Full, Failed> {
    let full = opened(state, who, slug, id, code).await?;
    if full.row.unit != unit || full.row.gone.is_some() {
        return Err(Failed::NotFound);
    }
    let theirs = who.person()? == full.row.begun_by && matters_is_early(&full);
    if theirs || who.may(Doing::Bring, slug, unit) { Ok(full) } else { Err(Failed::Forbidden) }
}

type Of = (String, String, String, String);

/// The form with what stands in it.
pub(crate) async fn edit(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, id, code)): Path<Of>,
) -> Answer {
    let full = changeable(&state, &who, &slug, &unit, &id, &code).await?;
    let (around, own) = (around(&state, &slug).await?, own(&state, &slug, &unit).await?);
    let values = all_values(&full);
    let filling = Filling { was: values.clone(), values, ..Filling::default() };
    let at = At { slug: &slug, unit: &unit, sort: full.sort, full: Some(&full) };
    page(&state, &who, at, filling, (&around, &own)).await
}

fn all_values(full: &Full) -> BTreeMap<String, String> {
    full.matter
        .fields
        .iter()
        .chain(&full.matter.personal)
        .map(|(id, text)| (id.clone(), text.clone()))
        .collect()
}

/// Changes it.
pub(crate) async fn save(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, id, code)): Path<Of>,
    form: Filled,
) -> Answer {
    let full = changeable(&state, &who, &slug, &unit, &id, &code).await?;
    let sort = full.sort;
    let (around, own) = (around(&state, &slug).await?, own(&state, &slug, &unit).await?);
    let (mut filling, mut fields, mut personal) = checked(sort, Some(&full), &form, (&around, &own));
    filling.notices.extend(form.refused.iter().cloned());
    let stands = all_values(&full);
    let seen: i64 = form.field("version").parse().unwrap_or(0);
    if seen != full.row.version {
        meet(&mut filling, &stands);
        if !form.files.is_empty() {
            filling.notices.push(Text::new("Tệp đính kèm hãy chọn lại.", "Choose the files again, please."));
        }
        let at = At { slug: &slug, unit: &unit, sort, full: Some(&full) };
        let response = page(&state, &who, at, filling, (&around, &own)).await?;
        return Ok((StatusCode::CONFLICT, response).into_response());
    }
    if !full.matter.taken.is_empty() && filling.reason.is_empty() {
        filling.notices.push(Text::new(
            "Hãy ghi lý do sửa: nó đứng trong lịch sử của việc này.",
            "Give the reason of the change: it stands in the history.",
        ));
    }
    if personal.values().any(|text| !text.is_empty()) && full.matter.is_withdrawn(sort) {
        filling.notices.push(Text::new(
            "Người được nêu đã rút đồng ý: không ghi lại tên, câu chuyện của họ. Khi họ đồng ý trở lại, hãy ghi nhận đồng ý trước.",
            "The person has withdrawn consent: their name and story are not entered again. Note a new consent first.",
        ));
    }
    let common = full.row.common;
    let behalf = match ground(&who, doing(sort.begun_by), (&slug, &unit), common, form.field("behalf")) {
        Ok(behalf) => behalf,
        Err(Failed::Wrong(text)) => {
            filling.notices.push(text);
            None
        }
        Err(failed) => return Err(failed),
    };
    if !filling.problems.is_empty() || !filling.notices.is_empty() {
        let at = At { slug: &slug, unit: &unit, sort, full: Some(&full) };
        return page(&state, &who, at, filling, (&around, &own)).await;
    }
    // Fields that the form did not show stay as they are.
    for (id, text) in &full.matter.fields {
        fields.entry(id.clone()).or_insert_with(|| text.clone());
    }
    fields.retain(|_, text| !text.is_empty());
    personal.retain(|id, text| full.matter.personal.get(id).map_or("", String::as_str) != text);
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let change = Change {
        version: full.row.version,
        fields,
        personal,
        state: full.row.state.clone(),
        public: full.row.public,
        person,
        on_behalf: behalf.clone(),
        reason: Some(filling.reason.clone()).filter(|reason| !reason.is_empty()),
    };
    if !kept::change(write.on(), &full.row, change, now).await? {
        return Err(stale());
    }
    let record = (slug.as_str(), &*kept::evidence_kind(&sort.id), code.as_str());
    for file in form.files {
        giaouoc_store::evidence::add(write.on(), record, &unit, file, person, now).await?;
    }
    jobs::ask(write.on(), Work::Carry, &slug, Some(full.row.id), Some(person), now).await?;
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    let line = Line::new(now, Act::Edit, format!("{} {code}", sort.id));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&address(&slug, &sort.id, &code)).into_response())
}

/// Somebody else was quicker between the form and its arrival.
pub(crate) fn stale() -> Failed {
    Failed::Conflict(Text::new(
        "Người khác vừa sửa việc này. Hãy quay lại trang, xem bản mới rồi làm lại; chưa có gì bị ghi đè.",
        "Somebody else has just changed this. Go back, look at it as it is now and do it again; nothing was overwritten.",
    ))
}

/// Somebody else has written meanwhile: what this person did not touch takes the other's text; where both wrote, theirs stands
/// beside this person's.
fn meet(filling: &mut Filling, stands: &BTreeMap<String, String>) {
    let ids: Vec<String> = filling.values.keys().cloned().collect();
    for id in ids {
        let theirs = stands.get(&id).cloned().unwrap_or_default();
        let was = filling.was.get(&id).cloned().unwrap_or_default();
        let mine = filling.values.entry(id.clone()).or_default();
        if *mine == was {
            mine.clone_from(&theirs);
        } else if theirs != was && theirs != *mine {
            filling.theirs.insert(id.clone(), theirs.clone());
        }
        filling.was.insert(id, theirs);
    }
    filling.notices.push(Text::new(
        "Trong lúc bạn viết, người khác đã sửa việc này. Chỗ bạn không sửa đã lấy theo bản của họ; chỗ cả hai cùng sửa thì bản của họ ghi dưới ô. Hãy xem rồi lưu lại.",
        "While you were writing, somebody else changed this. What you did not touch is theirs now; where both wrote, theirs stands below the field. Look and save again.",
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_who_write_nobody_loses_anything() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
        };
        let mut filling = Filling {
            was: map(&[("a", "1"), ("b", "1"), ("c", "1")]),
            values: map(&[("a", "1"), ("b", "2"), ("c", "2")]),
            ..Filling::default()
        };
        meet(&mut filling, &map(&[("a", "9"), ("b", "9"), ("c", "1")]));
        assert_eq!(filling.values, map(&[("a", "9"), ("b", "2"), ("c", "2")]));
        assert_eq!(filling.theirs, map(&[("b", "9")]));
        assert_eq!(filling.was, map(&[("a", "9"), ("b", "9"), ("c", "1")]));
    }
}
