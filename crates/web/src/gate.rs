//! The one gate before every address: who comes, whether they may, and what every answer carries.

use std::net::SocketAddr;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, MatchedPath, RawPathParams, Request, State as With};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::access::{Access, allows};
use crate::api;
use crate::client;
use crate::error::Failed;
use crate::html::encoded;
use crate::listed;
use crate::pages::problem;
use crate::public::{self, Found};
use crate::state::State;
use crate::who::{VISITOR, Who, set_cookie};

/// Lets a request pass, or says why not.
pub(crate) async fn gate(
    With((state, access)): With<(State, Access)>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    // The log names the pattern: an address may hold a link that works once, or the number of a person.
    let pattern = request.extensions().get::<MatchedPath>().map(|matched| matched.as_str().to_owned());
    let pattern = pattern.unwrap_or_default();
    let named = |name: &str| {
        let mut all = params.iter().flatten();
        all.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
    };
    let (cluster, unit) = (named("cluster"), named("unit"));
    if api::is_api(&path) {
        let (response, failed) = api::gate(&state, access, cluster.as_deref(), request, next).await;
        if let Some(why) = failed {
            log(&pattern, &why);
        }
        return with_headers(response);
    }
    let public = public::asked(&request, access, &pattern);
    let (_turn, public) = match public {
        Some(asked) => match public::find(&state, &asked).await {
            Found::Kept(kept) => return with_headers(kept),
            Found::Make(turn, stamp) => (turn, Some((asked, stamp))),
        },
        None => (None, None),
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = client::network(&state.site.proxies, peer, request.headers());
    let who = match Who::look(&state, request.headers(), &path).await {
        Ok(who) => Who { client, ..who },
        Err(error) => {
            let failed = Failed::from(error);
            log(&pattern, failed.why());
            return with_headers(problem::page(&state, &Who::nobody(request.headers(), &path), &failed));
        }
    };
    let passed = pass(access, &who, request.method(), request.headers(), cluster.as_deref(), unit.as_deref());
    let mut response = match passed {
        Ok(()) => {
            request.extensions_mut().insert(who.clone());
            let offers = request.method() == Method::GET && !state.site.plain;
            let lists = offers.then(|| listed::Asked::of(request.uri().query()));
            let response = next.run(request).await;
            match lists {
                Some(asked) => listed::offered(response, &asked, who.lang).await,
                None => response,
            }
        }
        Err(failed) => failed.into_response(),
    };
    if let Some(failed) = response.extensions_mut().remove::<Failed>() {
        if !failed.why().is_empty() {
            log(&pattern, failed.why());
        }
        response = match failed {
            Failed::LogIn => Redirect::to(&format!("/login?to={}", encoded(&path))).into_response(),
            failed => problem::page(&state, &who, &failed),
        };
    }
    match public {
        Some(asked) if response.status() == StatusCode::OK => {
            response = public::keep(&state, &who, asked, response).await;
            if response.headers().contains_key(header::ETAG) {
                return with_headers(response);
            }
            // One with a form is nobody else's: whoever fills it in gets the cookie that it belongs to.
        }
        Some((asked, _)) => state.public.alone(&asked),
        None => {}
    }
    if let Some(token) = &who.fresh {
        let cookie = set_cookie(VISITOR, token, None, state.site.secure());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    with_headers(response)
}

fn pass(
    access: Access,
    who: &Who,
    method: &Method,
    headers: &HeaderMap,
    cluster: Option<&str>,
    unit: Option<&str>,
) -> Result<(), Failed> {
    if !method.is_safe() && !of_this_site(headers) {
        return Err(Failed::Stale);
    }
    if access != Access::Public && who.known.is_none() {
        return Err(Failed::LogIn);
    }
    if allows(access, &who.roles, cluster, unit) { Ok(()) } else { Err(Failed::Forbidden) }
}

/// Whether a browser says that a change was asked for by a page of this site. Browsers that say nothing are held by the
/// form's token alone.
fn of_this_site(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let fetch = text(&HeaderName::from_static("sec-fetch-site"));
    if fetch.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match (text(&header::ORIGIN), text(&header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Headers of every answer: nothing is loaded from elsewhere, nothing is framed, nothing is guessed.
pub(crate) fn with_headers(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    const OWN_STYLE: &str =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    let policy = if response.extensions().get::<OwnStyle>().is_some() { OWN_STYLE } else { POLICY };
    let headers = response.headers_mut();
    let fixed = [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Marks an answer that is a report by itself: its style is within it, and nothing in it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnStyle;

/// One line to the log: where and why, without who.
fn log(route: &str, why: &str) {
    tracing::error!(route, why, "a page failed");
}
