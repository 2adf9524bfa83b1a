//! Logging in and out.

use askama::Template;
use axum::extract::{Query, State as With};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{people, sessions};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::digest;
use crate::passwords;
use crate::second;
use crate::state::State;
use crate::who::{SESSION, Who, set_cookie};

/// Tries at one address, and from one cookie, within a quarter of an hour.
const TRIES: usize = 8;
const WINDOW: i64 = 15 * 60 * 1_000_000;

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LogIn {
    base: Base,
    to: String,
    email: String,
    wrong: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct To {
    #[serde(default)]
    pub(crate) to: String,
}

/// The form.
pub(crate) async fn get(With(state): With<State>, who: Who, Query(query): Query<To>) -> Answer {
    let title = who.say("Đăng nhập", "Log in").to_owned();
    shown(&LogIn {
        base: Base::new(&state, &who, title),
        to: local(&query.to),
        email: String::new(),
        wrong: None,
    })
}

/// An address of this site, else the first page.
pub(crate) fn local(to: &str) -> String {
    let right = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    if right { to.to_owned() } else { "/".to_owned() }
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    email: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    to: String,
}

/// Logs in.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let email = fields.email.trim().to_lowercase();
    if state.too_often(&format!("log-in {email}"), TRIES, WINDOW) {
        return Err(Failed::TooOften);
    }
    let person = people::by_email(state.store.read(), &email).await?;
    let hash = person
        .as_ref()
        .filter(|person| person.disabled_at.is_none())
        .and_then(|person| person.password.clone());
    let password = fields.password.clone();
    // Hashing takes tens of milliseconds of a processor: not on the thread that serves pages.
    let matches = tokio::task::spawn_blocking(move || passwords::matches(&password, hash.as_deref())).await;
    let person = person.filter(|_| matches.unwrap_or(false));
    let person = person.filter(|person| match &person.second {
        None => true,
        Some(secret) => once(&state, person.id, second::step(secret, &fields.code, state.now())),
    });
    let Some(person) = person else {
        // The address may be a password typed into the wrong field: only its digest is kept.
        let line = Line::new(state.now(), Act::LogInRefused, &digest(&email)[..12]);
        trail::write(state.store.read(), line).await?;
        let title = who.say("Đăng nhập", "Log in").to_owned();
        let wrong = who.say(
            "Địa chỉ, mật khẩu hoặc mã xác thực chưa đúng.",
            "The address, the password or the code is not right.",
        );
        let page = LogIn {
            base: Base::new(&state, &who, title),
            to: local(&fields.to),
            email,
            wrong: Some(wrong.to_owned()),
        };
        let mut response = shown(&page)?;
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    state.forgive(&format!("log-in {email}"));
    begin(&state, person.id, &headers, &local(&fields.to)).await
}

/// Whether there is a step of time, and it was not accepted before.
pub(crate) fn once(state: &State, person: i64, step: Option<u64>) -> bool {
    step.is_some_and(|step| !state.too_often(&format!("code {person} {step}"), 1, WINDOW))
}

/// Begins a session and goes on.
pub(crate) async fn begin(state: &State, person: i64, headers: &HeaderMap, to: &str) -> Answer {
    let token = state.secret();
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let write = state.store.write().await?;
    sessions::begin(write.on(), person, &digest(&token), agent, state.now()).await?;
    let line = Line::new(state.now(), Act::LogIn, "").by(person);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(cookie(Redirect::to(to).into_response(), &set_cookie(SESSION, &token, None, state.site.secure())))
}

fn cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Logs out.
pub(crate) async fn out(With(state): With<State>, who: Who, Posted(_): Posted<Nothing>) -> Answer {
    let known = who.known.as_ref().ok_or(Failed::LogIn)?;
    let ending = sessions::Ending::One(known.session.id);
    sessions::end(state.store.read(), known.person.id, ending, state.now()).await?;
    Ok(cookie(Redirect::to("/").into_response(), &set_cookie(SESSION, "", Some(0), state.site.secure())))
}
