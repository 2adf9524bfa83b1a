//! Tokens of programs: made and revoked by the unit's leader, the secretary and, for reading, the city's board. A token
//! is shown once.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Lang;
use giaouoc_store::clusters::Cluster;
use giaouoc_store::tokens::{self, New, Scope, Token};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Micros, people};
use serde::Deserialize;

use super::cluster;
use crate::access::{Doing, grants};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::{digest, encoded};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A token works for two years at most, and for one where nothing else is said.
const DAY: Micros = 24 * 3_600 * 1_000_000;
const LONGEST: Micros = 2 * 366 * DAY;
const USUAL: Micros = 365 * DAY;

#[derive(Template)]
#[template(path = "pages/tokens.html")]
struct Tokens {
    base: Base,
    at: String,
    lead: String,
    /// The scopes that whoever looks may give; none where they may make no token.
    scopes: Vec<(String, &'static str, &'static str)>,
    behalf: bool,
    until: String,
    fresh: Option<(String, String)>,
    tokens: Vec<TokenLine>,
}

struct TokenLine {
    id: i64,
    name: String,
    scopes: String,
    by: String,
    until: String,
    used: String,
    /// Why it does not work, if it does not.
    over: Option<&'static str>,
}

fn scope_words(scope: Scope, lang: Lang) -> &'static str {
    let (vi, en) = match scope {
        Scope::RecordsWrite => ("gửi, sửa và rút bản ghi", "send, correct and withdraw records"),
        Scope::RecordsRead => ("đọc bản ghi", "read records"),
        Scope::FiguresRead => ("đọc số liệu tạm tính", "read provisional figures"),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// A scope as the field of a form.
fn field(scope: Scope) -> String {
    scope.word().replace(':', "-")
}

/// Of which tokens a page is.
struct Place {
    cluster: Cluster,
    unit: Option<String>,
    at: String,
    name: String,
}

async fn place(state: &State, who: &Who, slug: &str, unit: Option<&str>) -> Result<Place, Failed> {
    let cluster = cluster(state, slug).await?;
    let Some(code) = unit else {
        let name = who.say("nguồn chung của cả cụm", "a source of the whole cluster").to_owned();
        return Ok(Place { at: format!("/c/{slug}/tokens"), cluster, unit: None, name });
    };
    let sheet = state.newest(slug).await?.ok_or(Failed::NotFound)?.1;
    let (_, found) = sheet.unit(code).ok_or(Failed::NotFound)?;
    let at = format!("/c/{slug}/desk/{}/tokens", encoded(code));
    Ok(Place { cluster, unit: Some(code.to_owned()), at, name: found.name.get(who.lang).to_owned() })
}

fn may_give(who: &Who, place: &Place) -> Vec<Scope> {
    let (slug, unit) = (&place.cluster.slug, place.unit.as_deref());
    // Making tokens is for whoever answers for the figures.
    if unit.is_some_and(|unit| !who.may(Doing::Confirm, slug, unit)) {
        return Vec::new();
    }
    Scope::ALL.iter().copied().filter(|scope| grants(*scope, &who.roles, slug, unit)).collect()
}

async fn page(state: &State, who: &Who, place: Place, fresh: Option<(String, String)>) -> Answer {
    let (slug, unit) = (&place.cluster.slug, place.unit.as_deref());
    let now = state.now();
    let names: HashMap<i64, String> =
        people::all(state.store.read()).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let at = |at: Micros| when::shown(at, &state.zone, who.lang);
    let mut lines = Vec::new();
    for token in tokens::all(state.store.read(), slug, unit).await? {
        lines.push(TokenLine {
            over: over(state, who, &token, now).await?,
            scopes: token.scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(", "),
            by: names.get(&token.person).cloned().unwrap_or_default(),
            until: at(token.expires_at),
            used: token.used_at.map_or_else(|| who.say("chưa dùng", "not used yet").to_owned(), at),
            id: token.id,
            name: token.name,
        });
    }
    let may = may_give(who, &place);
    shown(&Tokens {
        base: Base::within(
            state,
            who,
            &place.cluster,
            who.say("Mã truy cập cho phần mềm", "Tokens for software"),
        )
        .await?,
        scopes: may
            .iter()
            .map(|scope| (field(*scope), scope.word(), scope_words(*scope, who.lang)))
            .collect(),
        behalf: unit.is_some_and(|unit| crate::access::on_behalf(&who.roles, Doing::Confirm, slug, unit)),
        until: when::day_of(now + USUAL, &state.zone),
        at: place.at,
        lead: place.name,
        fresh,
        tokens: lines,
    })
}

/// Why a token does not work.
async fn over(state: &State, who: &Who, token: &Token, now: Micros) -> Result<Option<&'static str>, Failed> {
    let say = |vi, en| Some(if who.lang == Lang::Vi { vi } else { en });
    if token.revoked_at.is_some() {
        return Ok(say("đã thu hồi", "revoked"));
    }
    if token.expires_at <= now {
        return Ok(say("đã hết hạn", "expired"));
    }
    let maker = people::get(state.store.read(), token.person).await?;
    let today = when::day_of(now, &state.zone);
    let mut roles = people::roles(state.store.read(), token.person).await?;
    roles.retain(|held| crate::access::in_force(held, &today));
    let grants = |scope: &Scope| grants(*scope, &roles, &token.cluster, token.unit.as_deref());
    let open = maker.is_some_and(|maker| maker.disabled_at.is_none());
    if open && token.scopes.iter().all(grants) {
        return Ok(None);
    }
    Ok(say("không dùng được: người tạo không còn giữ vai trò", "does not work: its maker's role has ended"))
}

/// The tokens of a unit.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, unit)): Path<(String, String)>,
) -> Answer {
    let place = place(&state, &who, &slug, Some(&unit)).await?;
    page(&state, &who, place, None).await
}

/// The tokens of the whole cluster.
pub(crate) async fn get_all(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let place = place(&state, &who, &slug, None).await?;
    page(&state, &who, place, None).await
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    name: String,
    until: String,
    #[serde(default)]
    behalf: String,
    #[serde(rename = "records-write")]
    records_write: Option<String>,
    #[serde(rename = "records-read")]
    records_read: Option<String>,
    #[serde(rename = "figures-read")]
    figures_read: Option<String>,
}

/// Makes a token of a unit.
pub(crate) async fn make(
    With(state): With<State>,
    who: Who,
    Path((slug, unit)): Path<(String, String)>,
    Posted(wanted): Posted<Wanted>,
) -> Answer {
    let place = place(&state, &who, &slug, Some(&unit)).await?;
    made(&state, &who, place, &wanted).await
}

/// Makes a token of the whole cluster.
pub(crate) async fn make_all(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(wanted): Posted<Wanted>,
) -> Answer {
    let place = place(&state, &who, &slug, None).await?;
    made(&state, &who, place, &wanted).await
}

async fn made(state: &State, who: &Who, place: Place, wanted: &Wanted) -> Answer {
    let person = who.person()?;
    let name: String = wanted.name.trim().chars().filter(|letter| !letter.is_control()).take(80).collect();
    let asked = [
        (Scope::RecordsWrite, &wanted.records_write),
        (Scope::RecordsRead, &wanted.records_read),
        (Scope::FiguresRead, &wanted.figures_read),
    ];
    let scopes: Vec<Scope> =
        asked.iter().filter(|(_, said)| said.is_some()).map(|(scope, _)| *scope).collect();
    if name.is_empty() || scopes.is_empty() {
        return Err(Failed::wrong(
            "Hãy ghi tên phần mềm sẽ dùng mã và chọn ít nhất một quyền.",
            "Name the software that will use the token, and choose what it may do.",
        ));
    }
    let may = may_give(who, &place);
    if scopes.iter().any(|scope| !may.contains(scope)) {
        return Err(Failed::Forbidden);
    }
    let now = state.now();
    let expires_at =
        when::moment_of(&wanted.until, &state.zone).filter(|at| (now..=now + LONGEST).contains(at));
    let expires_at = expires_at.ok_or_else(|| {
        Failed::wrong(
            "Ngày hết hạn phải từ hôm nay đến nhiều nhất hai năm nữa.",
            "The last day lies between today and two years from now.",
        )
    })?;
    let (slug, unit) = (&place.cluster.slug, place.unit.as_deref());
    let behalf = match unit {
        Some(unit) => who.behalf(Doing::Confirm, slug, unit, &wanted.behalf)?,
        None => None,
    };
    // The beginning says what it is, to whoever finds it where it should not be.
    let secret = format!("giaouoc_{}", state.secret());
    let words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
    let said = format!("{name}: {}", words.join(", "));
    let new = New {
        digest: digest(&secret),
        name: name.clone(),
        cluster: slug.clone(),
        unit: place.unit.clone(),
        scopes,
        person,
        expires_at,
    };
    let write = state.store.write().await?;
    tokens::make(write.on(), new, now).await?;
    let line = Line::new(now, Act::TokenMade, said).by(person).of(slug, unit).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    page(state, who, place, Some((name, secret))).await
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Revokes a token of a unit.
pub(crate) async fn revoke(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, token)): Path<(String, String, i64)>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    let place = place(&state, &who, &slug, Some(&unit)).await?;
    revoked(&state, &who, &place, token).await
}

/// Revokes a token of the whole cluster.
pub(crate) async fn revoke_all(
    With(state): With<State>,
    who: Who,
    Path((slug, token)): Path<(String, i64)>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    let place = place(&state, &who, &slug, None).await?;
    revoked(&state, &who, &place, token).await
}

async fn revoked(state: &State, who: &Who, place: &Place, id: i64) -> Answer {
    let (now, person) = (state.now(), who.person()?);
    let (slug, unit) = (&place.cluster.slug, place.unit.as_deref());
    let write = state.store.write().await?;
    if let Some(token) = tokens::revoke(write.on(), (slug, unit), id, now).await? {
        let line = Line::new(now, Act::TokenRevoked, token.name).by(person).of(slug, unit);
        trail::write(write.on(), line).await?;
    }
    write.commit().await?;
    Ok(Redirect::to(&place.at).into_response())
}
