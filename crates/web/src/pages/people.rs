//! People and their roles: for whoever runs the installation.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Lang;
use giaouoc_store::people::{self, Held, Purpose, Role};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{clusters, letters, notices, passkeys, sessions};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::digest;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A link of invitation works for a week.
const WEEK: i64 = 7 * 24 * 3_600 * 1_000_000;

/// A role's name.
pub(crate) fn role_name(role: Role, lang: Lang) -> &'static str {
    let (vi, en) = match role {
        Role::Admin => ("Quản trị hệ thống", "Administrator"),
        Role::Board => ("Ban Thi đua - Khen thưởng", "Emulation board"),
        Role::Secretary => ("Thư ký cụm trưởng", "Secretary of the cluster's head"),
        Role::Officer => ("Cán bộ đầu mối", "Unit officer"),
        Role::Leader => ("Lãnh đạo đơn vị", "Unit leader"),
        Role::Staff => ("Công chức, viên chức", "Unit staff"),
        Role::Oversight => ("Người kiểm tra, giám sát", "Oversight"),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// Names of clusters by `cluster` and of units by `cluster/unit`, in the order that a person chooses from.
pub(crate) async fn places(state: &State, lang: Lang) -> Result<Vec<(String, String)>, Failed> {
    let mut places = Vec::new();
    for cluster in clusters::all(state.store.read()).await? {
        let name = if lang == Lang::Vi { &cluster.name_vi } else { &cluster.name_en };
        places.push((cluster.slug.clone(), format!("{name}, {}", cluster.year)));
        if let Some((_, sheet)) = state.newest(&cluster.slug).await? {
            let units = sheet.units.iter();
            places.extend(
                units.map(|unit| (format!("{}/{}", cluster.slug, unit.code), unit.name.get(lang).to_owned())),
            );
        }
    }
    Ok(places)
}

/// A role with its place: the unit's name, else the cluster's.
pub(crate) fn role_words(held: &Held, places: &[(String, String)], lang: Lang) -> String {
    let role = role_name(held.role, lang);
    let place = match (&held.cluster, &held.unit) {
        (None, _) => return role.to_owned(),
        (Some(cluster), None) => cluster.clone(),
        (Some(cluster), Some(unit)) => format!("{cluster}/{unit}"),
    };
    let name = places.iter().find(|(key, _)| *key == place).map_or(&place, |(_, name)| name);
    format!("{role} · {name}")
}

#[derive(Template)]
#[template(path = "pages/people.html")]
struct People {
    base: Base,
    people: Vec<PersonLine>,
    roles: Vec<(&'static str, &'static str)>,
    places: Vec<(String, String)>,
    link: Option<(String, String)>,
    /// Whether the link goes by mail as well.
    mail: bool,
    /// Letters that did not go: number, to whom, why, whether they are tried again.
    letters: Vec<(i64, String, String, bool)>,
}

/// Letters in trouble on the page.
const IN_TROUBLE: u64 = 20;

struct PersonLine {
    id: i64,
    name: String,
    email: String,
    closed: bool,
    waiting: bool,
    second: bool,
    roles: Vec<(i64, String, bool)>,
}

async fn page(state: &State, who: &Who, link: Option<(String, String)>) -> Answer {
    let today = when::day_of(state.now(), &state.zone);
    let places = places(state, who.lang).await?;
    let held = people::all_roles(state.store.read()).await?;
    let all = people::all(state.store.read()).await?;
    let trouble = letters::in_trouble(state.store.read(), IN_TROUBLE).await?;
    let letters = trouble.into_iter().map(|letter| {
        let person = all.iter().find(|person| person.id == letter.person);
        let whom = person.map(|person| format!("{} ({})", person.name, person.email)).unwrap_or_default();
        (letter.id, whom, letter.error.unwrap_or_default(), letter.state == letters::State::Waiting)
    });
    let letters: Vec<_> = letters.collect();
    let mut with_second = passkeys::owners(state.store.read()).await?;
    with_second.extend(all.iter().filter(|person| person.second.is_some()).map(|person| person.id));
    let people = all.into_iter().map(|person| PersonLine {
        roles: held
            .iter()
            .filter(|held| held.person == person.id)
            .map(|held| {
                (held.id, role_words(held, &places, who.lang), held.to.as_ref().is_some_and(|to| *to < today))
            })
            .collect(),
        closed: person.disabled_at.is_some(),
        waiting: person.password.is_none(),
        second: with_second.contains(&person.id),
        id: person.id,
        name: person.name,
        email: person.email,
    });
    let people: Vec<_> = people.collect();
    shown(&People {
        base: Base::new(state, who, who.say("Người dùng và vai trò", "People and roles")),
        people,
        roles: Role::ALL.iter().map(|role| (role.word(), role_name(*role, who.lang))).collect(),
        places,
        link,
        mail: state.site.mail,
        letters,
    })
}

/// The list.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    page(&state, &who, None).await
}

#[derive(Deserialize)]
pub(crate) struct Invitation {
    name: String,
    email: String,
    role: String,
    #[serde(default)]
    place: String,
}

/// Invites a person, or gives a further role to one who is there.
pub(crate) async fn invite(With(state): With<State>, who: Who, Posted(fields): Posted<Invitation>) -> Answer {
    let by = who.person()?;
    let role = Role::of(&fields.role).ok_or(Failed::NotFound)?;
    let (cluster, unit) = match fields.place.split_once('/') {
        Some((cluster, unit)) => (Some(cluster), Some(unit)),
        None => (Some(fields.place.as_str()).filter(|place| !place.is_empty()), None),
    };
    let (needs_cluster, needs_unit) = match role {
        Role::Admin | Role::Board | Role::Oversight => (false, false),
        Role::Secretary => (true, false),
        Role::Officer | Role::Leader | Role::Staff => (true, true),
    };
    if needs_cluster && cluster.is_none() || needs_unit && unit.is_none() {
        return Err(Failed::wrong(
            "Vai trò này thuộc một cụm hoặc một đơn vị: hãy chọn nơi.",
            "This role belongs to a cluster or a unit: choose the place.",
        ));
    }
    if !fields.email.contains('@') || fields.name.trim().is_empty() {
        return Err(Failed::wrong(
            "Hãy ghi họ tên và địa chỉ thư (có dấu @).",
            "Give a name and an address (with an @).",
        ));
    }
    // A role of the whole city has no scope; one of a unit has both.
    let cluster = cluster.filter(|_| needs_cluster);
    let unit = unit.filter(|_| needs_unit);
    if let Some(slug) = cluster {
        let there = crate::pages::cluster(&state, slug).await?;
        let sheet = state.newest(&there.slug).await?;
        if unit.is_some_and(|unit| sheet.is_none_or(|(_, sheet)| sheet.unit(unit).is_none())) {
            return Err(Failed::NotFound);
        }
    }
    let now = state.now();
    let write = state.store.write().await?;
    let person = people::add(write.on(), &fields.email, &fields.name, "vi", now).await?;
    let today = when::day_of(now, &state.zone);
    people::give(write.on(), person.id, role, cluster, unit, &today).await?;
    notices::follow_roles(write.on(), Some(person.id), &today, now).await?;
    let line =
        Line::new(now, Act::Give, format!("{}: {}", person.name, role.word())).by(by).at(cluster, unit);
    trail::write(write.on(), line).await?;
    let token = state.secret();
    if person.password.is_none() {
        people::add_ticket(write.on(), person.id, Purpose::Invitation, &digest(&token), now + WEEK).await?;
        if state.site.mail {
            letters::write(write.on(), person.id, letters::Kind::Invitation, now).await?;
        }
    }
    write.commit().await?;
    if person.password.is_some() {
        return Ok(Redirect::to("/people").into_response());
    }
    page(&state, &who, Some((person.name, format!("{}/welcome/{token}", state.site.url)))).await
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// A new link for a person who has lost theirs, or forgotten the password.
pub(crate) async fn link(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    let by = who.person()?;
    let person = people::get(state.store.read(), id).await?.ok_or(Failed::NotFound)?;
    let token = state.secret();
    let write = state.store.write().await?;
    people::add_ticket(write.on(), id, Purpose::Reset, &digest(&token), state.now() + WEEK).await?;
    if state.site.mail {
        let kind = if person.password.is_some() { letters::Kind::Reset } else { letters::Kind::Invitation };
        letters::write(write.on(), id, kind, state.now()).await?;
    }
    let line = Line::new(state.now(), Act::Invite, person.name.clone()).by(by);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    page(&state, &who, Some((person.name, format!("{}/welcome/{token}", state.site.url)))).await
}

/// Takes a person's second factor away: they have lost the phone, or the key.
pub(crate) async fn no_second(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    let by = who.person()?;
    let person = people::get(state.store.read(), id).await?.ok_or(Failed::NotFound)?;
    let write = state.store.write().await?;
    people::set_second(write.on(), id, None).await?;
    passkeys::remove_all(write.on(), id).await?;
    trail::write(write.on(), Line::new(state.now(), Act::Second, person.name).by(by)).await?;
    write.commit().await?;
    Ok(Redirect::to("/people").into_response())
}

/// Has a letter that did not go tried again now.
pub(crate) async fn again(
    With(state): With<State>,
    Path(id): Path<i64>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    letters::again(state.store.read(), id, state.now()).await?;
    Ok(Redirect::to("/people#letters").into_response())
}

#[derive(Deserialize)]
pub(crate) struct Account {
    close: bool,
}

/// Closes an account with all its sessions, or opens it again.
pub(crate) async fn account(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(fields): Posted<Account>,
) -> Answer {
    let by = who.person()?;
    if by == id && fields.close {
        return Err(Failed::wrong(
            "Không tự khoá tài khoản của mình được; hãy nhờ một quản trị khác.",
            "You cannot close your own account; ask another administrator.",
        ));
    }
    let person = people::get(state.store.read(), id).await?.ok_or(Failed::NotFound)?;
    let write = state.store.write().await?;
    people::set_disabled(write.on(), id, fields.close.then(|| state.now())).await?;
    // What was raised while the account was closed.
    notices::follow_roles(write.on(), Some(id), &when::day_of(state.now(), &state.zone), state.now()).await?;
    if fields.close {
        sessions::end(write.on(), id, sessions::Ending::All, state.now()).await?;
    }
    let line = Line::new(
        state.now(),
        Act::Account,
        format!("{}: {}", person.name, if fields.close { "closed" } else { "open" }),
    )
    .by(by);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to("/people").into_response())
}

/// Ends a role, from today on.
pub(crate) async fn end(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    let by = who.person()?;
    let held = people::all_roles(state.store.read()).await?;
    let held = held.into_iter().find(|held| held.id == id).ok_or(Failed::NotFound)?;
    let admins = people::all_roles(state.store.read()).await?;
    let others = admins.iter().any(|one| one.role == Role::Admin && one.id != id && one.to.is_none());
    if held.role == Role::Admin && !others {
        return Err(Failed::wrong(
            "Đây là quản trị cuối cùng; hãy giao vai trò này cho người khác trước.",
            "This is the last administrator; give the role to somebody else first.",
        ));
    }
    // Yesterday was its last day: from now on it is not in force.
    let day = when::day_of(state.now() - 24 * 3_600 * 1_000_000, &state.zone);
    let write = state.store.write().await?;
    people::end(write.on(), id, &day).await?;
    let today = when::day_of(state.now(), &state.zone);
    notices::follow_roles(write.on(), Some(held.person), &today, state.now()).await?;
    let named =
        people::get(state.store.read(), held.person).await?.map(|person| person.name).unwrap_or_default();
    let line = Line::new(state.now(), Act::End, format!("{named}: {}", held.role.word()))
        .by(by)
        .at(held.cluster.as_deref(), held.unit.as_deref());
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to("/people").into_response())
}
