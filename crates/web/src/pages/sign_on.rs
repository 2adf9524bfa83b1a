//! Logging in at another provider: there, and back.

use axum::extract::{Path, Query, State as With};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::people::{self, Person};
use giaouoc_store::sign_on;
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use super::login::{self, To, WINDOW, local};
use crate::error::{Answer, Failed};
use crate::oidc::{Begun, Named, Provider, Refused};
use crate::state::State;
use crate::who::Who;

/// Within a quarter of an hour from one network.
const FROM_NETWORK: usize = 60;

fn provider<'a>(state: &'a State, id: &str) -> Result<&'a Provider, Failed> {
    state.site.providers.iter().find(|one| one.id == id).ok_or(Failed::NotFound)
}

/// Where the provider sends the visitor back to.
fn back(state: &State, provider: &Provider) -> String {
    format!("{}/login/with/{}/back", state.site.url, provider.id)
}

/// What the visitor reads, and what is logged, of a log-in that came to nothing.
fn refused(provider: &Provider, refused: &Refused) -> Failed {
    let (vi, en) = (&provider.name.vi, &provider.name.en);
    match refused {
        Refused::Away(why) => {
            log(&provider.id, why);
            Failed::not_in(
                format!("{vi} chưa trả lời được. Hãy thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu."),
                format!(
                    "{en} does not answer as it should. Try again in a few minutes, or log in by password."
                ),
            )
        }
        Refused::Token(why) => {
            log(&provider.id, why);
            Failed::not_in(
                format!(
                    "Thông tin {vi} gửi về không kiểm chứng được, nên chưa đăng nhập. Hãy thử lại từ đầu; nếu còn lặp lại, hãy báo người quản trị."
                ),
                format!(
                    "What {en} sent could not be verified, so you are not logged in. Begin again; if it happens once more, tell the administrator."
                ),
            )
        }
    }
}

fn log(provider: &str, why: &str) {
    tracing::error!(target: "giaouoc::sign_on", provider, why, "a log-in came to nothing");
}

/// Goes to the provider.
pub(crate) async fn begin(
    With(state): With<State>,
    who: Who,
    Path(id): Path<String>,
    Query(query): Query<To>,
) -> Answer {
    let provider = provider(&state, &id)?.clone();
    if state.too_often(&format!("sign-on from {}", who.client), FROM_NETWORK, WINDOW) {
        return Err(Failed::TooOften);
    }
    let begun = Begun {
        provider: id,
        nonce: state.secret(),
        verifier: state.secret(),
        to: local(&query.to),
        at: state.now(),
    };
    let name = state.secret();
    state.sign_ons.begun.put(name.clone(), &who.csrf, begun.at, begun.clone());
    let address = tokio::task::spawn_blocking(move || {
        let found = state.sign_ons.address(&provider, &back(&state, &provider), &name, &begun);
        found.map_err(|why| refused(&provider, &why))
    });
    let address = address.await.map_err(|error| Failed::Internal(error.to_string()))??;
    Ok(Redirect::to(&address).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Answered {
    #[serde(default)]
    state: String,
    code: Option<String>,
}

/// Comes back from the provider.
pub(crate) async fn end(
    With(state): With<State>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(query): Query<Answered>,
) -> Answer {
    let provider = provider(&state, &id)?.clone();
    let begun = state.sign_ons.begun.take(&query.state, &who.csrf, state.now());
    let begun = begun.filter(|begun| begun.provider == id).ok_or_else(|| {
        Failed::not_in(
            "Lần đăng nhập này đã quá hạn, đã dùng, hoặc không bắt đầu từ trình duyệt này. Hãy đăng nhập lại từ đầu.",
            "This log-in is too old, was used, or was not begun in this browser. Begin again.",
        )
    })?;
    let Some(code) = query.code else {
        return Err(Failed::not_in(
            format!("{} chưa cho đăng nhập, hoặc bạn đã dừng lại. Chưa có gì thay đổi.", provider.name.vi),
            format!("{} did not let you in, or you stopped. Nothing was changed.", provider.name.en),
        ));
    };
    let (at, of, to) = (state.clone(), provider.clone(), begun.to.clone());
    let named = tokio::task::spawn_blocking(move || {
        at.sign_ons.finish(&of, &back(&at, &of), code, &begun).map_err(|why| refused(&of, &why))
    });
    let named = named.await.map_err(|error| Failed::Internal(error.to_string()))??;
    let Some(person) = known(&state, &provider, &named).await? else {
        login::refused(&state, &named.email.unwrap_or(named.sub).to_lowercase()).await?;
        return Err(Failed::not_in(
            format!(
                "Bạn đã đăng nhập ở {}, nhưng địa chỉ thư ở đó chưa được mời vào đây, chưa được xác minh, hoặc đã gắn với một tài khoản khác ở đó. Hãy hỏi người quản trị.",
                provider.name.vi
            ),
            format!(
                "You are logged in at {}, but your address there was not invited here, is not verified, or is bound to another account there. Ask the administrator.",
                provider.name.en
            ),
        ));
    };
    login::begin(&state, person.id, &provider.name.vi, &headers, &to).await
}

/// Whose account somebody's name at a provider opens. The first time it is the verified address that says so; nobody gets an
/// account by it who was not invited.
async fn known(state: &State, provider: &Provider, named: &Named) -> Result<Option<Person>, Failed> {
    let open = |person: &Person| person.disabled_at.is_none();
    let write = state.store.write().await?;
    if let Some(person) = sign_on::person(write.on(), &provider.issuer, &named.sub).await? {
        return Ok(Some(person).filter(open));
    }
    let Some(email) = named.email.as_ref().filter(|email| provider.takes(email)) else { return Ok(None) };
    let Some(person) = people::by_email(write.on(), email).await?.filter(open) else { return Ok(None) };
    if !sign_on::bind(write.on(), person.id, &provider.issuer, &named.sub, state.now()).await? {
        return Ok(None);
    }
    let line = Line::new(state.now(), Act::SignOn, provider.name.vi.clone()).by(person.id);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Some(person))
}
