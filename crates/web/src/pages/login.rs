//! Logging in and out.

use askama::Template;
use axum::extract::{Query, State as With};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use giaouoc_store::people::Person;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{passkeys, people, sessions};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::digest;
use crate::passkey::{self, Asked};
use crate::passwords;
use crate::second;
use crate::state::State;
use crate::who::{SESSION, Who, set_cookie};

/// Within a quarter of an hour: tries at one account from one network; at one account from everywhere, so that who guesses
/// from one place keeps nobody else out; and from one network at any account.
const TRIES: usize = 8;
const AT_ACCOUNT: usize = 40;
const FROM_NETWORK: usize = 100;
pub(crate) const WINDOW: i64 = 15 * 60 * 1_000_000;

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LogIn {
    base: Base,
    to: String,
    email: String,
    wrong: Option<String>,
    /// Where else one may log in: address and name.
    elsewhere: Vec<(String, String)>,
    mail: bool,
}

#[derive(Template)]
#[template(path = "pages/second.html")]
struct SecondStep {
    base: Base,
    step: String,
    /// What a passkey is asked (JSON).
    ask: Option<String>,
    has_code: bool,
    wrong: Option<String>,
}

/// A log-in whose password was right and whose second factor is awaited.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    person: i64,
    to: String,
    /// What a passkey was asked.
    asked: Option<Asked>,
}

#[derive(Deserialize)]
pub(crate) struct To {
    #[serde(default)]
    pub(crate) to: String,
}

fn page(state: &State, who: &Who, to: &str, email: String, wrong: Option<&str>) -> Answer {
    let to = local(to);
    let at = |id: &str| format!("/login/with/{id}?to={}", crate::html::encoded(&to));
    let elsewhere = state.site.providers.iter().map(|one| (at(&one.id), one.name.get(who.lang).to_owned()));
    shown(&LogIn {
        base: Base::new(state, who, who.say("Đăng nhập", "Log in")),
        elsewhere: elsewhere.collect(),
        to: to.clone(),
        email,
        wrong: wrong.map(str::to_owned),
        mail: state.site.mail,
    })
}

/// The form.
pub(crate) async fn get(With(state): With<State>, who: Who, Query(query): Query<To>) -> Answer {
    page(&state, &who, &query.to, String::new(), None)
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

/// What is counted of a try: the names that [`State::too_often`] counts under, with how many there may be.
fn counted(email: &str, network: &str) -> [(String, usize); 3] {
    [
        (format!("log-in {email} from {network}"), TRIES),
        (format!("log-in {email}"), AT_ACCOUNT),
        (format!("log-in from {network}"), FROM_NETWORK),
    ]
}

/// How a line of the trail names an address: it may be a password typed into the wrong field, so only a part of its digest is
/// kept.
pub(crate) fn named(email: &str) -> String {
    digest(email)[..12].to_owned()
}

/// Logs in.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let email = fields.email.trim().to_lowercase();
    let counted = counted(&email, &who.client);
    if counted.iter().any(|(what, most)| state.too_often(what, *most, WINDOW)) {
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
    // A code on the first page does for whoever has codes; whoever has passkeys alone is asked for one, whatever was typed.
    if let Some(person) = &person
        && (fields.code.trim().is_empty() || person.second.is_none())
        && second::has(&state, person).await?
    {
        counted[1..].iter().for_each(|(what, _)| state.refund(what));
        return ask(&state, &who, person, &local(&fields.to), None).await;
    }
    let person = person.filter(|person| match &person.second {
        None => true,
        Some(secret) => once(&state, person.id, second::step(secret, &fields.code, state.now())),
    });
    let Some(person) = person else {
        refused(&state, &email).await?;
        let wrong = who.say(
            "Địa chỉ, mật khẩu hoặc mã xác thực chưa đúng.",
            "The address, the password or the code is not right.",
        );
        let mut response = page(&state, &who, &fields.to, email, Some(wrong))?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    state.forgive(&counted[0].0);
    counted[1..].iter().for_each(|(what, _)| state.refund(what));
    begin(&state, person.id, "", &headers, &local(&fields.to)).await
}

/// Writes to the trail that somebody was not let in.
pub(crate) async fn refused(state: &State, email: &str) -> Result<(), Failed> {
    let line = Line::new(state.now(), Act::LogInRefused, named(email));
    Ok(trail::write(state.store.read(), line).await?)
}

/// The page that asks for the second factor.
async fn ask(state: &State, who: &Who, person: &Person, to: &str, wrong: Option<&str>) -> Answer {
    let step = state.secret();
    let held = passkeys::of(state.store.read(), person.id).await?;
    let (ask, asked) = passkey::ask(&state.site, &held, &state.secret()).unzip();
    let waits = Step { person: person.id, to: to.to_owned(), asked };
    state.steps.put(step.clone(), &who.csrf, state.now(), waits);
    shown(&SecondStep {
        base: Base::new(state, who, who.say("Xác thực bước hai", "Second factor")),
        step,
        ask,
        has_code: person.second.is_some(),
        wrong: wrong.map(str::to_owned),
    })
}

#[derive(Deserialize)]
pub(crate) struct SecondFields {
    step: String,
    #[serde(default)]
    code: String,
    /// What a passkey answered (JSON).
    #[serde(default)]
    answer: String,
}

/// The second factor of a log-in whose password was right.
pub(crate) async fn second(
    With(state): With<State>,
    who: Who,
    headers: HeaderMap,
    Posted(fields): Posted<SecondFields>,
) -> Answer {
    let again = || {
        Failed::not_in(
            "Lần đăng nhập này đã quá hạn; hãy đăng nhập lại từ đầu.",
            "This log-in is too old; begin again.",
        )
    };
    let step = state.steps.take(&fields.step, &who.csrf, state.now()).ok_or_else(again)?;
    let person = people::get(state.store.read(), step.person).await?;
    let person = person.filter(|person| person.disabled_at.is_none()).ok_or_else(again)?;
    let tries = format!("second step {}", person.id);
    if state.too_often(&tries, TRIES, WINDOW) {
        return Err(Failed::TooOften);
    }
    let right = match (&step.asked, &person.second) {
        (Some(asked), _) if !fields.answer.is_empty() => {
            passkey_shown(&state, person.id, asked, &fields.answer).await?
        }
        (_, Some(secret)) => once(&state, person.id, second::step(secret, &fields.code, state.now())),
        (_, None) => false,
    };
    if !right {
        refused(&state, &person.email).await?;
        let wrong = who.say(
            "Mã hoặc khoá chưa đúng. Mã đổi mỗi 30 giây và mỗi mã chỉ dùng được một lần.",
            "The code or the passkey is not right. The code changes every 30 seconds, and each works once.",
        );
        let mut response = ask(&state, &who, &person, &step.to, Some(wrong)).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    state.forgive(&tries);
    state.forgive(&counted(&person.email, &who.client)[0].0);
    begin(&state, person.id, "", &headers, &step.to).await
}

/// Whether a device showed a passkey of the person; a use is noted, so that an answer counts once.
async fn passkey_shown(state: &State, person: i64, asked: &Asked, answer: &str) -> Result<bool, Failed> {
    let held = passkeys::of(state.store.read(), person).await?;
    let Some((key, uses)) = passkey::shown(&state.site, asked, answer, &held) else { return Ok(false) };
    Ok(passkeys::used(state.store.read(), key.id, uses, state.now()).await?)
}

/// Whether there is a step of time, and it was not accepted before.
pub(crate) fn once(state: &State, person: i64, step: Option<u64>) -> bool {
    step.is_some_and(|step| !state.too_often(&format!("code {person} {step}"), 1, WINDOW))
}

/// Begins a session and goes on; `how` says how they logged in, where it was not by password.
pub(crate) async fn begin(state: &State, person: i64, how: &str, headers: &HeaderMap, to: &str) -> Answer {
    let token = state.secret();
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let write = state.store.write().await?;
    sessions::begin(write.on(), person, &digest(&token), agent, state.now()).await?;
    let line = Line::new(state.now(), Act::LogIn, how).by(person);
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
    let write = state.store.write().await?;
    sessions::end(write.on(), known.person.id, ending, state.now()).await?;
    trail::write(write.on(), Line::new(state.now(), Act::LogOut, "").by(known.person.id)).await?;
    write.commit().await?;
    Ok(cookie(Redirect::to("/").into_response(), &set_cookie(SESSION, "", Some(0), state.site.secure())))
}
