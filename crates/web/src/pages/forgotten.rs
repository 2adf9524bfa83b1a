//! A new password by mail. The page says the same whether an address is known or not.

use askama::Template;
use axum::extract::State as With;
use giaouoc_store::letters::{self, Kind};
use giaouoc_store::people;
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::pages::login::{WINDOW, named};
use crate::state::State;
use crate::who::Who;

/// Within a quarter of an hour from one network, and within an hour for one address.
const FROM_NETWORK: usize = 10;
const FOR_ADDRESS: usize = 3;

#[derive(Template)]
#[template(path = "pages/forgotten.html")]
struct Forgotten {
    base: Base,
    mail: bool,
    sent: bool,
}

fn page(state: &State, who: &Who, sent: bool) -> Answer {
    let base = Base::new(state, who, who.say("Quên mật khẩu", "Forgotten password"));
    shown(&Forgotten { base, mail: state.site.mail, sent })
}

/// The form.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    page(&state, &who, false)
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    email: String,
}

/// Has a letter written to whoever has this address, if anybody does.
pub(crate) async fn post(With(state): With<State>, who: Who, Posted(fields): Posted<Fields>) -> Answer {
    if !state.site.mail {
        return Err(Failed::NotFound);
    }
    if state.too_often(&format!("forgotten from {}", who.client), FROM_NETWORK, WINDOW) {
        return Err(Failed::TooOften);
    }
    let (email, now) = (fields.email.trim().to_lowercase(), state.now());
    // Too many letters to one address are not written, and nothing is said: who asks learns nothing of it.
    let flooded = state.too_often(&format!("forgotten {email}"), FOR_ADDRESS, 4 * WINDOW);
    let write = state.store.write().await?;
    trail::write(write.on(), Line::new(now, Act::Forgotten, named(&email))).await?;
    let person = people::by_email(write.on(), &email).await?;
    if let Some(person) = person.filter(|person| person.disabled_at.is_none() && !flooded) {
        let kind = if person.password.is_some() { Kind::Reset } else { Kind::Invitation };
        letters::write(write.on(), person.id, kind, now).await?;
    }
    write.commit().await?;
    page(&state, &who, true)
}
