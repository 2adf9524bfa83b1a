//! A person's passkeys: adding one, removing one.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::passkeys;
use giaouoc_store::people::Person;
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use super::login::WINDOW;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::state::State;
use crate::who::Who;
use crate::{passkey, passwords};

/// A person has at most so many.
const MOST: usize = 20;

#[derive(Template)]
#[template(path = "pages/passkeys.html")]
struct Adding {
    base: Base,
    step: String,
    ask: String,
    has_password: bool,
}

fn person(who: &Who) -> Result<Person, Failed> {
    who.known.as_ref().map(|known| known.person.clone()).ok_or(Failed::LogIn)
}

fn impossible() -> Failed {
    Failed::wrong(
        "Địa chỉ của hệ thống này chưa dùng được khoá truy cập: cần https và tên miền.",
        "Passkeys cannot be used at the address of this site: they need https and a domain name.",
    )
}

/// The page that adds one.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let person = person(&who)?;
    let held = passkeys::of(state.store.read(), person.id).await?;
    if held.len() >= MOST {
        return Err(Failed::wrong("Đã có quá nhiều khoá; hãy bỏ bớt.", "There are too many; remove some."));
    }
    let asked = passkey::ask_new(&state.site, &person, &held, &state.secret());
    let (ask, asked) = asked.ok_or_else(impossible)?;
    let step = state.secret();
    state.registering.put(step.clone(), &who.csrf, state.now(), asked);
    let base = Base::new(&state, &who, who.say("Thêm khoá truy cập", "Add a passkey"));
    shown(&Adding { base, step, ask, has_password: person.password.is_some() })
}

/// Whether it is the person who sits there, and not somebody at a desk left open. Who has no password has nothing to give.
async fn right_password(state: &State, person: &Person, password: String) -> Result<(), Failed> {
    let Some(hash) = person.password.clone() else { return Ok(()) };
    let tries = format!("password {}", person.id);
    if state.too_often(&tries, 8, WINDOW) {
        return Err(Failed::TooOften);
    }
    let right = tokio::task::spawn_blocking(move || passwords::matches(&password, Some(&hash))).await;
    if !right.unwrap_or(false) {
        return Err(Failed::wrong("Mật khẩu hiện tại chưa đúng.", "The present password is not right."));
    }
    state.forgive(&tries);
    Ok(())
}

#[derive(Deserialize)]
pub(crate) struct Added {
    step: String,
    answer: String,
    name: String,
    #[serde(default)]
    password: String,
}

/// Adds one.
pub(crate) async fn add(With(state): With<State>, who: Who, Posted(fields): Posted<Added>) -> Answer {
    let person = person(&who)?;
    right_password(&state, &person, fields.password).await?;
    let asked = state.registering.take(&fields.step, &who.csrf, state.now());
    let name = fields.name.trim();
    let name: String = if name.is_empty() { "Passkey" } else { name }.chars().take(60).collect();
    let new = asked.and_then(|asked| passkey::new(&state.site, &asked, &fields.answer, &name));
    let not_believed = || {
        Failed::wrong(
            "Trả lời của thiết bị không kiểm chứng được hoặc đã quá hạn; hãy thử thêm khoá lần nữa.",
            "The device's answer could not be verified or came too late; try once more.",
        )
    };
    let new = new.ok_or_else(not_believed)?;
    let write = state.store.write().await?;
    if !passkeys::add(write.on(), person.id, new, state.now()).await? {
        return Err(not_believed());
    }
    trail::write(write.on(), Line::new(state.now(), Act::Passkey, name).by(person.id)).await?;
    write.commit().await?;
    Ok(Redirect::to("/me#second").into_response())
}

#[derive(Deserialize)]
pub(crate) struct Removed {
    #[serde(default)]
    password: String,
}

/// Removes one.
pub(crate) async fn remove(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(fields): Posted<Removed>,
) -> Answer {
    let person = person(&who)?;
    let held = passkeys::of(state.store.read(), person.id).await?;
    let key = held.into_iter().find(|key| key.id == id).ok_or(Failed::NotFound)?;
    right_password(&state, &person, fields.password).await?;
    let write = state.store.write().await?;
    passkeys::remove(write.on(), person.id, id).await?;
    trail::write(write.on(), Line::new(state.now(), Act::Passkey, key.name).by(person.id)).await?;
    write.commit().await?;
    Ok(Redirect::to("/me#second").into_response())
}
