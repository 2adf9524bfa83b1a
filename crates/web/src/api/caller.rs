//! Which program calls, and the gate's part for the API: a token in `Authorization: Bearer …`, never a cookie.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use giaouoc_agreement::text::Lang;
use giaouoc_store::Micros;
use giaouoc_store::people::Held;
use giaouoc_store::tokens::{self, Scope, Shown};

use super::problem::Problem;
use crate::access::{Access, lets};
use crate::html::digest;
use crate::state::State;

/// A use is noted once a minute.
const NOTED: Micros = 60 * 1_000_000;
/// Requests of a token within a minute.
const MOST: u32 = 3_000;

/// Which program calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The language of its problems.
    pub lang: Lang,
    /// Its token, if it has shown one.
    pub shown: Option<Shown>,
    /// Roles of the token's maker in force today.
    roles: Vec<Held>,
}

impl Caller {
    /// Looks at the headers of a request. A token that does not work is a problem even where none is needed.
    async fn look(state: &State, headers: &HeaderMap) -> Result<Self, Problem> {
        let lang = asked(headers);
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(Self { lang, shown: None, roles: Vec::new() });
        };
        let secret = value.to_str().ok().and_then(|text| text.split_once(' '));
        let secret = secret.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let now = state.now();
        let shown = match secret {
            // Looked up by its digest: how long that takes says nothing of the secret.
            Some((_, secret)) => tokens::shown(state.store.read(), &digest(secret.trim()), now).await?,
            None => None,
        };
        let Some(shown) = shown else {
            return Err(refused(
                "Mã truy cập sai, hết hạn hoặc đã thu hồi. Hãy tạo mã mới ở trang Mã truy cập của đơn vị.",
                "The token is wrong, expired or revoked. Make a new one on the unit's page of tokens.",
            ));
        };
        if let Some(wait) = state.rate(shown.token.id, MOST) {
            return Err(Problem::new(
                "too-often",
                format!("Mã này đã gọi {MOST} lần trong một phút. Hãy chờ {wait} giây; nên gửi nhiều bản ghi trong một yêu cầu."),
                format!("This token has called {MOST} times within a minute. Wait {wait} seconds; send many records in one request."),
            )
            .header(header::RETRY_AFTER, &wait.to_string()));
        }
        if shown.token.used_at.is_none_or(|used| now - used > NOTED) {
            tokens::used(state.store.read(), shown.token.id, now).await?;
        }
        let today = crate::when::day_of(now, &state.zone);
        let roles =
            shown.roles.iter().filter(|held| crate::access::in_force(held, &today)).cloned().collect();
        Ok(Self { lang, shown: Some(shown), roles })
    }

    /// The token, of an address that none reaches without.
    pub fn token(&self) -> Result<&Shown, Problem> {
        self.shown.as_ref().ok_or_else(none)
    }

    /// Whether the token, and whoever made it, may do this in a cluster.
    pub fn may(&self, scope: Scope, cluster: Option<&str>) -> Result<&Shown, Problem> {
        let shown = self.token()?;
        if lets(scope, &shown.token, &self.roles, cluster) {
            return Ok(shown);
        }
        let word = scope.word();
        Err(Problem::new(
            "no-scope",
            format!(
                "Việc này cần mã của đúng cụm, có quyền {word}, và người tạo mã còn giữ vai trò được làm việc đó."
            ),
            format!(
                "This needs a token of this cluster with {word}, whose maker still holds a role that may do it."
            ),
        ))
    }
}

fn none() -> Problem {
    refused(
        "Hãy gửi mã truy cập trong tiêu đề: Authorization: Bearer MÃ. Đăng nhập bằng trình duyệt không dùng được ở đây.",
        "Send a token in the header: Authorization: Bearer TOKEN. A log-in of a browser is of no use here.",
    )
}

fn refused(vi: &str, en: &str) -> Problem {
    Problem::new("no-token", vi, en).header(header::WWW_AUTHENTICATE, "Bearer realm=\"giaouoc\"")
}

/// The language asked for; Vietnamese where nothing is.
fn asked(headers: &HeaderMap) -> Lang {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first =
        text.split([',', ';']).map(str::trim).find(|tag| tag.starts_with("vi") || tag.starts_with("en"));
    if first.is_some_and(|tag| tag.starts_with("en")) { Lang::En } else { Lang::Vi }
}

/// Lets a request of a program pass, or says why not; every failure leaves as a problem.
pub(crate) async fn gate(
    state: &State,
    access: Access,
    cluster: Option<&str>,
    mut request: Request,
    next: Next,
) -> (Response, Option<String>) {
    let headers = request.headers().clone();
    let lang = asked(&headers);
    let passed = async {
        let caller = Caller::look(state, &headers).await?;
        match access {
            Access::Public => {}
            Access::Token(scope) => {
                caller.may(scope, cluster)?;
            }
            _ => return Err(Problem::of_status(StatusCode::FORBIDDEN)),
        }
        Ok::<_, Problem>(caller)
    };
    let mut response = match passed.await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.answer(lang, &state.site.url),
    };
    let problem = response.extensions_mut().remove::<Problem>();
    let told = response.headers().get(header::CONTENT_TYPE);
    let told = told.is_some_and(|kind| kind == "application/problem+json");
    let status = response.status();
    let problem = match problem {
        Some(problem) => Some(problem),
        // What the framework has refused by itself.
        None if (status.is_client_error() || status.is_server_error()) && !told => {
            Some(Problem::of_status(status))
        }
        None => None,
    };
    let Some(problem) = problem else { return (response, None) };
    let log = problem.log().map(str::to_owned);
    let mut answer = problem.answer(lang, &state.site.url);
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    (answer, log)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The gate has put it there; without the gate there is no way in.
        parts.extensions.get::<Self>().cloned().ok_or_else(none)
    }
}
