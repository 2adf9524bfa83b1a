//! A person's own account: language, password, second factor, sessions; and the link that makes an account theirs.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::people::{self, Purpose};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{passkeys, sessions, sign_on};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::digest;
use crate::pages::login::{self, To, local, once};
use crate::pages::people::{places, role_words};
use crate::pages::trail::words as act_words;
use crate::state::State;
use crate::who::{LANG, Who, set_cookie};
use crate::{passkey, passwords, second, when};

/// A language is kept for a year.
const YEAR: i64 = 365 * 24 * 3_600;

/// Sets the language and goes back.
pub(crate) async fn lang(
    With(state): With<State>,
    who: Who,
    Path(lang): Path<String>,
    Query(query): Query<To>,
) -> Answer {
    let lang = if lang == "en" { "en" } else { "vi" };
    if let Some(known) = &who.known {
        people::set_lang(state.store.read(), known.person.id, lang).await?;
    }
    let mut response = Redirect::to(&local(&query.to)).into_response();
    if let Ok(value) = HeaderValue::from_str(&set_cookie(LANG, lang, Some(YEAR), state.site.secure())) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "pages/welcome.html")]
struct Welcome {
    base: Base,
    ticket: String,
    name: String,
    email: String,
    first: bool,
}

/// The link of an invitation.
pub(crate) async fn welcome(With(state): With<State>, who: Who, Path(ticket): Path<String>) -> Answer {
    let Some((_, person, purpose)) =
        people::ticket(state.store.read(), &digest(&ticket), state.now()).await?
    else {
        return Err(gone());
    };
    let title = match purpose {
        Purpose::Reset => who.say("Đặt mật khẩu mới", "Set a new password"),
        Purpose::First | Purpose::Invitation => who.say("Nhận tài khoản", "Take over your account"),
    };
    let base = Base::new(&state, &who, title);
    shown(&Welcome { base, ticket, name: person.name, email: person.email, first: purpose == Purpose::First })
}

fn gone() -> Failed {
    Failed::wrong(
        "Liên kết đã dùng hoặc đã hết hạn. Hãy nhờ người quản trị gửi liên kết mới.",
        "The link was used or is too old. Ask the administrator for a new one.",
    )
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    #[serde(default)]
    old: String,
    password: String,
    again: String,
}

impl NewPassword {
    fn check(&self) -> Result<(), Failed> {
        if self.password.chars().count() < passwords::SHORTEST || self.password.len() > passwords::LONGEST {
            let (least, most) = (passwords::SHORTEST, passwords::LONGEST);
            return Err(Failed::wrong(
                format!(
                    "Mật khẩu cần từ {least} ký tự (nhiều nhất {most} byte). Một câu dài dễ nhớ là tốt nhất."
                ),
                format!(
                    "A password has at least {least} characters ({most} bytes at most). A long sentence is best."
                ),
            ));
        }
        if self.password != self.again {
            return Err(Failed::wrong("Hai lần nhập mật khẩu khác nhau.", "The two passwords differ."));
        }
        Ok(())
    }

    async fn hash(self, state: &State) -> Result<String, Failed> {
        let mut salt = [0; 16];
        (state.edge.random)(&mut salt);
        let hash = tokio::task::spawn_blocking(move || passwords::hash(&self.password, &salt)).await;
        hash.ok().flatten().ok_or_else(|| Failed::Internal("hashing a password failed".to_owned()))
    }
}

fn line(state: &State, person: i64, act: Act) -> Line {
    Line::new(state.now(), act, "").by(person)
}

/// Takes an account over with a password; every older link and session ends.
pub(crate) async fn accept(
    With(state): With<State>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    Posted(fields): Posted<NewPassword>,
) -> Answer {
    fields.check()?;
    let Some((_, person, purpose)) =
        people::ticket(state.store.read(), &digest(&ticket), state.now()).await?
    else {
        return Err(gone());
    };
    let hash = fields.hash(&state).await?;
    let write = state.store.write().await?;
    // Of two who use the link at once one gets the account.
    if people::ticket(write.on(), &digest(&ticket), state.now()).await?.is_none() {
        return Err(gone());
    }
    people::set_password(write.on(), person.id, hash).await?;
    people::use_tickets(write.on(), person.id, state.now()).await?;
    sessions::end(write.on(), person.id, sessions::Ending::All, state.now()).await?;
    trail::write(write.on(), line(&state, person.id, Act::Password)).await?;
    write.commit().await?;
    // A link by mail is no second factor: who has one gives it.
    if purpose == Purpose::Reset && second::has(&state, &person).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    login::begin(&state, person.id, "", &headers, "/").await
}

#[derive(Template)]
#[template(path = "pages/me.html")]
struct Me {
    base: Base,
    email: String,
    roles: Vec<String>,
    sessions: Vec<SessionLine>,
    has_second: bool,
    secret: String,
    picture: String,
    /// Whether notices are wanted; nothing where no mail is sent.
    notices: Option<bool>,
    /// When, what, more.
    log_ins: Vec<(String, &'static str, String)>,
    /// Passkeys: number, name, when used or registered.
    passkeys: Vec<(i64, String, String)>,
    /// Whether devices can hold passkeys for this site.
    may_passkey: bool,
    has_password: bool,
    elsewhere: Vec<String>,
}

/// Lines of log-ins on the page.
const LOG_INS: u64 = 12;

struct SessionLine {
    id: i64,
    agent: String,
    seen: String,
    this: bool,
}

/// The account.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let known = who.known.clone().ok_or(Failed::LogIn)?;
    let mut bytes = [0; 20];
    (state.edge.random)(&mut bytes);
    let secret = second::secret(bytes);
    let places = places(&state, who.lang).await?;
    let open = sessions::open(state.store.read(), known.person.id).await?;
    let sessions = open.into_iter().map(|session| SessionLine {
        seen: when::shown(session.seen_at, &state.zone, who.lang),
        this: session.id == known.session.id,
        id: session.id,
        agent: session.agent,
    });
    let address = login::named(&known.person.email);
    let log_ins = trail::log_ins(state.store.read(), known.person.id, &address, LOG_INS).await?;
    let log_ins = log_ins.into_iter().map(|(_, line)| {
        let about = if line.about == address { String::new() } else { line.about };
        (when::shown(line.at, &state.zone, who.lang), act_words(line.act, who.lang), about)
    });
    let keys = passkeys::of(state.store.read(), known.person.id).await?;
    let keys = keys.into_iter().map(|key| {
        let at = match key.used_at {
            Some(at) => (who.say("dùng lần cuối", "last used"), at),
            None => (who.say("thêm lúc", "added"), key.at),
        };
        (key.id, key.name, format!("{} {}", at.0, when::shown(at.1, &state.zone, who.lang)))
    });
    let bound = sign_on::of(state.store.read(), known.person.id).await?;
    let elsewhere = state.site.providers.iter().filter(|one| bound.contains(&one.issuer));
    shown(&Me {
        notices: state.site.mail.then_some(known.person.notices),
        log_ins: log_ins.collect(),
        passkeys: keys.collect(),
        may_passkey: passkey::possible(&state.site),
        has_password: known.person.password.is_some(),
        elsewhere: elsewhere.map(|one| one.name.get(who.lang).to_owned()).collect(),
        base: Base::new(&state, &who, known.person.name.clone()),
        roles: who.roles.iter().map(|held| role_words(held, &places, who.lang)).collect(),
        sessions: sessions.collect(),
        has_second: known.person.second.is_some(),
        picture: second::picture(&secret, &state.site.name.vi, &known.person.email),
        secret,
        email: known.person.email,
    })
}

/// Changes the password; all other sessions end.
pub(crate) async fn password(
    With(state): With<State>,
    who: Who,
    Posted(fields): Posted<NewPassword>,
) -> Answer {
    let known = who.known.clone().ok_or(Failed::LogIn)?;
    if state.too_often(&format!("password {}", known.person.id), 8, 15 * 60 * 1_000_000) {
        return Err(Failed::TooOften);
    }
    fields.check()?;
    let (old, hash) = (fields.old.clone(), known.person.password.clone());
    let right = tokio::task::spawn_blocking(move || passwords::matches(&old, hash.as_deref())).await;
    if !right.unwrap_or(false) {
        return Err(Failed::wrong("Mật khẩu hiện tại chưa đúng.", "The present password is not right."));
    }
    let hash = fields.hash(&state).await?;
    let write = state.store.write().await?;
    people::set_password(write.on(), known.person.id, hash).await?;
    let others = sessions::Ending::AllBut(known.session.id);
    sessions::end(write.on(), known.person.id, others, state.now()).await?;
    trail::write(write.on(), line(&state, known.person.id, Act::Password)).await?;
    write.commit().await?;
    Ok(Redirect::to("/me").into_response())
}

#[derive(Deserialize)]
pub(crate) struct Which {
    session: i64,
}

/// Ends one of the person's sessions.
pub(crate) async fn end_session(With(state): With<State>, who: Who, Posted(fields): Posted<Which>) -> Answer {
    let person = who.person()?;
    let write = state.store.write().await?;
    sessions::end(write.on(), person, sessions::Ending::One(fields.session), state.now()).await?;
    trail::write(write.on(), line(&state, person, Act::LogOut)).await?;
    write.commit().await?;
    Ok(Redirect::to("/me").into_response())
}

#[derive(Deserialize)]
pub(crate) struct Notices {
    wanted: bool,
}

/// Sets whether the person wants notices by mail.
pub(crate) async fn notices(With(state): With<State>, who: Who, Posted(fields): Posted<Notices>) -> Answer {
    people::set_notices(state.store.read(), who.person()?, fields.wanted).await?;
    Ok(Redirect::to("/me#notices").into_response())
}

#[derive(Deserialize)]
pub(crate) struct Second {
    #[serde(default)]
    secret: String,
    code: String,
}

/// Sets the second factor up, or takes it away; both ask for a code of it.
pub(crate) async fn second(With(state): With<State>, who: Who, Posted(fields): Posted<Second>) -> Answer {
    let known = who.known.clone().ok_or(Failed::LogIn)?;
    if state.too_often(&format!("second {}", known.person.id), 8, 15 * 60 * 1_000_000) {
        return Err(Failed::TooOften);
    }
    let held = known.person.second.clone();
    let secret = held.clone().unwrap_or_else(|| fields.secret.clone());
    if !once(&state, known.person.id, second::step(&secret, &fields.code, state.now())) {
        return Err(Failed::wrong(
            "Mã chưa đúng. Mã đổi mỗi 30 giây; hãy xem đồng hồ điện thoại có đúng giờ không.",
            "The code is not right. It changes every 30 seconds; see whether the phone's clock is right.",
        ));
    }
    let write = state.store.write().await?;
    let new = if held.is_some() { None } else { Some(secret) };
    people::set_second(write.on(), known.person.id, new).await?;
    trail::write(write.on(), line(&state, known.person.id, Act::Second)).await?;
    write.commit().await?;
    Ok(Redirect::to("/me").into_response())
}
