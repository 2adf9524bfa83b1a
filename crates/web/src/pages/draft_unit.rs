//! What a unit says of a draft: place by place, or of the whole; and its own paragraphs to clauses answered by a report.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::Sort;
use giaouoc_store::trail::Act;
use giaouoc_year::agreeing::{Opinion, Stage, Stance};
use serde::Deserialize;

use super::draft::{Held, address, held};
use super::draft_blocks::{place_name, target_block};
use super::draft_round::{Adding, Own, add, closed, json, named};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::when;
use crate::who::Who;

fn go(to: &str) -> Answer {
    Ok(Redirect::to(to).into_response())
}

#[derive(Template)]
#[template(path = "pages/draft_unit.html")]
struct UnitPage {
    base: Base,
    at: String,
    here: String,
    may: bool,
    behalf: bool,
    open: bool,
    respond_by: Option<String>,
    version: i64,
    whole: PlaceForm,
    places: Vec<PlaceForm>,
    reports: Vec<ParagraphForm>,
}

/// What a unit may say of a place.
struct PlaceForm {
    place: String,
    id: String,
    name: String,
    text: String,
    goal: Option<String>,
    sentences: Vec<String>,
    wording: bool,
    seen: i64,
    stance: &'static str,
    said: String,
    proposed: String,
    reply: Option<String>,
    /// Why what was typed could not be taken.
    wrong: Option<String>,
}

struct ParagraphForm {
    clause: String,
    id: String,
    text: String,
    own: String,
    seen: i64,
}

fn plain(text: &str) -> String {
    text.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

fn place_form(held: &Held, unit: &str, place: String, lang: Lang) -> PlaceForm {
    let said = held.said().into_iter().find(|one| one.unit == unit && one.place == place);
    let part = held.part(Sort::Opinion, unit, &place);
    let paper = held.paper();
    let (text, goal, sentences) = match (place.split_once(':'), paper) {
        (Some(("clause", number)), Some(paper)) => {
            (paper.clause(number).map(|clause| clause.text.get(lang).to_owned()), None, Vec::new())
        }
        (Some((_, id)), Some(paper)) => match paper.target(id) {
            Some(line) => {
                let block = target_block(line, held, &[], None, lang);
                (Some(block.sentence), Some(block.goal), block.sentences)
            }
            None => (None, None, Vec::new()),
        },
        _ => (None, None, Vec::new()),
    };
    PlaceForm {
        id: plain(&place),
        name: place_name(&place, paper, lang),
        text: text.unwrap_or_default(),
        goal,
        sentences,
        wording: place.starts_with("clause:"),
        seen: part.map_or(0, |part| part.rev),
        stance: match said.as_ref().map(|one| one.opinion.stance) {
            Some(Stance::Agree) => "agree",
            Some(Stance::Remark) => "remark",
            Some(Stance::Object) => "object",
            None => "",
        },
        said: said.as_ref().map(|one| one.opinion.text.clone()).unwrap_or_default(),
        proposed: said.as_ref().map(|one| one.opinion.wording.clone()).unwrap_or_default(),
        reply: said.and_then(|one| one.reply).map(|reply| reply.text),
        wrong: None,
        place,
    }
}

/// What a unit may say of a draft, and its own paragraphs.
pub(crate) async fn unit(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    unit_page(&state, &who, &held, &unit, None).await
}

/// The page; what could not be taken stays in its form, with the reason.
async fn unit_page(
    state: &State,
    who: &Who,
    held: &Held,
    unit: &str,
    typed: Option<(&Speaking, Text)>,
) -> Answer {
    let (lang, slug) = (who.lang, &held.cluster.slug);
    let paper = held.paper().cloned().unwrap_or_default();
    let signer = paper.unit(unit).ok_or(Failed::NotFound)?;
    let at = address(slug, held.draft.number);
    let form = |place: String| {
        let mut form = place_form(held, unit, place, lang);
        if let Some((typed, wrong)) = typed.as_ref().filter(|(typed, _)| typed.place == form.place) {
            form.wrong = Some(wrong.get(lang).to_owned());
            form.said.clone_from(&typed.text);
            form.proposed.clone_from(&typed.wording);
            form.stance = match typed.stance {
                Stance::Agree => "agree",
                Stance::Remark => "remark",
                Stance::Object => "object",
            };
        }
        form
    };
    let places = paper.places().into_iter().map(form);
    let reports = paper.clauses.iter().filter(|clause| clause.report).map(|clause| {
        let part = held.part(Sort::Paragraph, unit, &format!("clause:{}", clause.number));
        ParagraphForm {
            clause: clause.number.clone(),
            id: format!("own-{}", plain(&clause.number)),
            text: clause.text.get(lang).to_owned(),
            own: part
                .and_then(|part| serde_json::from_str::<Own>(&part.body).ok())
                .map(|own| own.text)
                .unwrap_or_default(),
            seen: part.map_or(0, |part| part.rev),
        }
    });
    let title = format!("{}: {}", who.say("Góp ý dự thảo", "Remarks on the draft"), signer.name.get(lang));
    let page = UnitPage {
        whole: form("all".to_owned()),
        places: places.collect(),
        reports: reports.collect(),
        may: who.may(Doing::Bring, slug, unit),
        behalf: access::on_behalf(&who.roles, Doing::Bring, slug, unit),
        open: held.stage == Stage::Circulating,
        respond_by: held.draft.respond_by.as_deref().map(|day| when::day_shown(day, lang)),
        version: held.draft.version,
        here: format!("{at}units/{}", encoded(unit)),
        base: Base::within(state, who, &held.cluster, title).await?,
        at,
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shown(&page)?).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Speaking {
    place: String,
    stance: Stance,
    #[serde(default)]
    text: String,
    #[serde(default)]
    wording: String,
    version: i64,
    seen: i64,
    #[serde(default)]
    behalf: String,
}

/// Says something of a place for a unit.
pub(crate) async fn speak(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
    Posted(form): Posted<Speaking>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let paper = held.paper().ok_or_else(closed)?;
    if held.stage != Stage::Circulating {
        return Err(closed());
    }
    if paper.unit(&unit).is_none() || form.place != "all" && !paper.places().contains(&form.place) {
        return Err(Failed::NotFound);
    }
    let opinion = Opinion {
        stance: form.stance,
        text: form.text.trim().to_owned(),
        wording: form.wording.trim().to_owned(),
        version: form.version,
    };
    if let Some(wrong) = opinion.wrong(&form.place) {
        return unit_page(&state, &who, &held, &unit, Some((&form, wrong))).await;
    }
    let behalf = match who.behalf(Doing::Bring, &slug, &unit, &form.behalf) {
        Err(Failed::Wrong(wrong)) => {
            return unit_page(&state, &who, &held, &unit, Some((&form, wrong))).await;
        }
        behalf => behalf?,
    };
    let about = format!("{}, {}", named(&held), place_name(&form.place, Some(paper), Lang::Vi));
    let body = json(&opinion)?;
    let anchor = plain(&form.place);
    let new = Adding {
        sort: Sort::Opinion,
        unit: unit.clone(),
        place: form.place,
        body,
        seen: form.seen,
        behalf,
        act: Act::DraftOpinion,
        about,
    };
    add(&state, &who, &held, new).await?;
    go(&format!("{}units/{}#{anchor}", address(&slug, held.draft.number), encoded(&unit)))
}

#[derive(Deserialize)]
pub(crate) struct Writing {
    clause: String,
    #[serde(default)]
    text: String,
    seen: i64,
    #[serde(default)]
    behalf: String,
}

/// Writes a unit's own paragraph to a clause.
pub(crate) async fn paragraph(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
    Posted(form): Posted<Writing>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let paper = held.paper().ok_or_else(closed)?;
    if !held.stage.is_open() {
        return Err(closed());
    }
    let known = paper.clause(&form.clause).is_some_and(|clause| clause.report);
    if paper.unit(&unit).is_none() || !known {
        return Err(Failed::NotFound);
    }
    let text = form.text.trim().to_owned();
    if text.chars().count() > 3_000 {
        return Err(Failed::wrong("Nhiều nhất 3.000 chữ cái.", "At most 3,000 characters."));
    }
    let behalf = who.behalf(Doing::Bring, &slug, &unit, &form.behalf)?;
    let new = Adding {
        sort: Sort::Paragraph,
        unit: unit.clone(),
        place: format!("clause:{}", form.clause),
        body: json(&Own { text })?,
        seen: form.seen,
        behalf,
        act: Act::DraftParagraph,
        about: format!("{}, khoản {}", named(&held), form.clause),
    };
    add(&state, &who, &held, new).await?;
    go(&format!("{}units/{}#own", address(&slug, held.draft.number), encoded(&unit)))
}

/// Drafts that wait for a unit: for its remarks while they go round, for its signature once they are frozen. What, where.
pub(crate) async fn waiting(
    state: &State,
    slug: &str,
    unit: &str,
    lang: Lang,
) -> Result<Vec<(String, String)>, Failed> {
    let mut all = Vec::new();
    for draft in giaouoc_store::agreeing::all(state.store.read(), slug).await? {
        let stage = Stage::of(&draft.stage);
        if !matches!(stage, Some(Stage::Circulating | Stage::Frozen)) {
            continue;
        }
        let held = held(state, slug, &draft.number.to_string()).await?;
        let Some(paper) = held.paper().filter(|paper| paper.unit(unit).is_some()) else { continue };
        let (title, at) = (paper.title.get(lang), address(slug, draft.number));
        let spoke = held.parts.iter().any(|part| part.sort == Sort::Opinion && part.unit == unit);
        let signed = held.parts.iter().any(|part| part.sort == Sort::Signature && part.unit == unit);
        let day = draft.respond_by.as_deref().map_or_else(String::new, |day| when::day_shown(day, lang));
        match (stage, lang) {
            (Some(Stage::Circulating), _) if spoke => {}
            (Some(Stage::Frozen), _) if signed => {}
            (Some(Stage::Circulating), Lang::Vi) => all.push((
                format!("Dự thảo “{title}” chờ ý kiến của đơn vị đến hết {day}; quá hạn coi như thống nhất."),
                format!("{at}units/{}", encoded(unit)),
            )),
            (Some(Stage::Circulating), Lang::En) => all.push((
                format!("The draft “{title}” waits for the unit's remarks until the end of {day}; silence counts as agreement."),
                format!("{at}units/{}", encoded(unit)),
            )),
            (_, Lang::Vi) => {
                all.push((format!("“{title}” đã chốt, chờ đơn vị ký và gửi bản quét."), format!("{at}signing")));
            }
            (_, Lang::En) => all.push((
                format!("“{title}” is frozen and waits for the unit's signature and its scan."),
                format!("{at}signing"),
            )),
        }
    }
    Ok(all)
}
