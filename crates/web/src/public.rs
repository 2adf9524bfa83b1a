//! Pages of the public are made once and then handed out as they are: those of figures until a release is planned or published or
//! an agreement changes, all others until the year's work changes too. Whoever reads them costs no database and no drawing, and
//! gets no cookie.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use giaouoc_agreement::text::Lang;
use giaouoc_store::{Micros, agreeing, boards, matters, releases};

use crate::access::Access;
use crate::gate::OwnStyle;
use crate::html::digest;
use crate::state::State;
use crate::when;
use crate::who::{SESSION, Who, cookie, lang};

/// How long nobody asks whether something was published, in microseconds.
const FRESH: Micros = 1_000_000;
/// A page is kept when it is at most so long, and all of them together at most so many bytes.
const PAGE: usize = 4 << 20;
const ALL: usize = 64 << 20;

/// Routes whose pages are made of releases alone. What is not named here is made anew with every change of the year's work.
const FIGURES: [&str; 5] = [
    "/c/{cluster}/",
    "/c/{cluster}/{page}",
    "/c/{cluster}/r/{number}/",
    "/c/{cluster}/r/{number}/{page}",
    "/c/{cluster}/releases",
];

/// So many pages are made at the same time at most, each of them once.
const TURNS: usize = 64;

/// So many addresses of pages that are not kept are remembered at most.
const MOST_ALONE: usize = 4_096;

/// The pages that are kept.
pub(crate) struct Pages {
    held: Mutex<Held>,
    /// Whoever makes a page has its turn; who asks for it meanwhile waits for that one instead of making it too.
    turns: Vec<tokio::sync::Mutex<()>>,
}

impl Default for Pages {
    fn default() -> Self {
        Self { held: Mutex::default(), turns: (0..TURNS).map(|_| tokio::sync::Mutex::default()).collect() }
    }
}

#[derive(Default)]
struct Held {
    looked: Micros,
    /// Of what pages of figures are made, and of what the others are besides.
    figures: String,
    work: String,
    /// How often this program itself has changed the year's work: a clock that was set back tells of no change.
    changes: u64,
    bytes: usize,
    pages: HashMap<(String, Lang), Page>,
    /// Pages that are not kept (with a form, which is everybody's own; too long; none at all): nobody waits for another one's.
    own: HashSet<(String, Lang)>,
}

impl Held {
    /// Of what a page is made: another stamp is another page.
    fn stamp(&self, figures: bool) -> String {
        if figures {
            self.figures.clone()
        } else {
            format!("{}; {}; {}", self.figures, self.work, self.changes)
        }
    }

    /// Lets go of pages that tell of the year's work, and of all others where `all`.
    fn forget(&mut self, all: bool) {
        self.pages.retain(|_, page| page.figures && !all);
        self.own.clear();
        self.bytes = self.pages.values().map(Page::size).sum();
    }
}

#[derive(Clone)]
struct Page {
    figures: bool,
    plain: Bytes,
    packed: Bytes,
    tag: HeaderValue,
    media: HeaderValue,
    disposition: Option<HeaderValue>,
    own_style: bool,
}

/// A page of the public that somebody asks for who is not logged in.
pub(crate) struct Asked {
    path: String,
    lang: Lang,
    /// Whether it says nothing of the year's work.
    figures: bool,
    /// Whether a packed answer will do, and which page is there already.
    packed: bool,
    has: Option<HeaderValue>,
}

impl Asked {
    /// Under what it is kept.
    fn key(&self) -> (String, Lang) {
        (self.path.clone(), self.lang)
    }
}

/// Whether a request is for a page that may be kept: read by anybody, the same for everybody, without a question in its address.
/// `pattern` is the route's.
pub(crate) fn asked(request: &Request, access: Access, pattern: &str) -> Option<Asked> {
    let path = request.uri().path();
    let kept = path == "/" || path.starts_with("/c/");
    let headers = request.headers();
    if access != Access::Public
        || !kept
        || request.method() != Method::GET
        || request.uri().query().is_some()
        || cookie(headers, SESSION).is_some()
    {
        return None;
    }
    Some(Asked {
        path: path.to_owned(),
        lang: lang(headers, None),
        figures: FIGURES.contains(&pattern),
        packed: takes_packed(headers),
        has: headers.get(header::IF_NONE_MATCH).cloned(),
    })
}

fn takes_packed(headers: &HeaderMap) -> bool {
    let all = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    all.split(',')
        .map(str::trim)
        .any(|one| one == "gzip" || one.starts_with("gzip;") && !one.ends_with("q=0"))
}

impl Pages {
    /// Somebody has just changed the year's work: its pages are made anew, and the next who asks looks whether others are to be.
    pub fn look_again(&self) {
        let mut held = self.held();
        held.looked = Micros::MIN / 2;
        held.changes += 1;
        held.forget(false);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn to make a page; nothing where nobody need wait.
    async fn turn(&self, asked: &Asked) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let key = asked.key();
        if self.held().own.contains(&key) {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % TURNS as u64).unwrap_or_default();
        let turn = self.turns.get(at)?.lock().await;
        // Whoever had it before has found that there is nothing to wait for.
        (!self.held().own.contains(&key)).then_some(turn)
    }

    /// A page was made that is not kept: the next who ask for it do not wait for each other.
    pub fn alone(&self, asked: &Asked) {
        let mut held = self.held();
        if held.own.len() >= MOST_ALONE {
            held.own.clear();
        }
        held.own.insert(asked.key());
    }
}

/// What an asked page comes to: it is there, or it is to be made, by the one who has its turn.
pub(crate) enum Found<'a> {
    /// It is there.
    Kept(Response),
    /// It is to be made while its turn is held; of what it will be made, from before it is begun.
    Make(Option<tokio::sync::MutexGuard<'a, ()>>, String),
}

/// Looks for a page; whoever has to make it has waited until nobody else does.
pub(crate) async fn find<'a>(state: &'a State, asked: &Asked) -> Found<'a> {
    if let Some(page) = kept(state, asked).await {
        return Found::Kept(page);
    }
    let turn = state.public.turn(asked).await;
    if turn.is_some()
        && let Some(page) = kept(state, asked).await
    {
        return Found::Kept(page);
    }
    let stamp = state.public.held().stamp(asked.figures);
    Found::Make(turn, stamp)
}

/// The page as it was made last, unless something was published since.
async fn kept(state: &State, asked: &Asked) -> Option<Response> {
    let now = state.now();
    let stale = {
        let mut held = state.public.held();
        // One asks, the others go on with what is there.
        let stale = now - held.looked >= FRESH || now < held.looked;
        if stale {
            held.looked = now;
        }
        stale
    };
    if stale {
        let published = releases::stamp(state.store.read()).await.ok()?;
        let figures = format!("{published}; {}", agreeing::stamp(state.store.read()).await.ok()?);
        // What is ahead and what is over is another thing the next day.
        let day = when::day_of(now, &state.zone);
        // Names of units and targets are those of the newest figures.
        let boards = boards::stamp(state.store.read()).await.ok()?;
        let work = format!("{day}; {boards:?}; {}", matters::stamp(state.store.read()).await.ok()?);
        let mut held = state.public.held();
        let (all, some) = (held.figures != figures, held.work != work);
        if all || some {
            held.forget(all);
        }
        (held.figures, held.work) = (figures, work);
    }
    let held = state.public.held();
    let page = held.pages.get(&asked.key()).cloned();
    drop(held);
    page.map(|page| page.answer(asked))
}

/// Keeps a page that was made for nobody in particular, and hands it out. `stamp`: of what it was made.
pub(crate) async fn keep(
    state: &State,
    who: &Who,
    (asked, stamp): (Asked, String),
    response: Response,
) -> Response {
    let figures = asked.figures;
    let (parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let has_token =
        !who.csrf.is_empty() && plain.windows(who.csrf.len()).any(|part| part == who.csrf.as_bytes());
    let media = parts.headers.get(header::CONTENT_TYPE).cloned();
    let (Some(media), false, true) = (media, has_token, plain.len() <= PAGE) else {
        state.public.alone(&asked);
        return Response::from_parts(parts, Body::from(plain));
    };
    let own_style = parts.extensions.get::<OwnStyle>().is_some();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(&plain).and_then(|()| encoder.finish());
    let Ok(packed) = packed else {
        return Response::from_parts(parts, Body::from(plain));
    };
    let tag = format!("\"{}\"", &digest(&String::from_utf8_lossy(&plain))[..32]);
    let Ok(tag) = HeaderValue::from_str(&tag) else { return Response::from_parts(parts, Body::from(plain)) };
    let disposition = parts.headers.get(header::CONTENT_DISPOSITION).cloned();
    let page = Page { figures, plain, packed: packed.into(), tag, media, disposition, own_style };
    let mut held = state.public.held();
    // Something was published while this page was made: it may be of before.
    if held.stamp(figures) == stamp && !held.figures.is_empty() {
        let size = page.size();
        if held.bytes + size > ALL {
            held.pages.clear();
            held.bytes = 0;
        }
        held.bytes += size;
        held.own.remove(&asked.key());
        held.pages.insert(asked.key(), page.clone());
    }
    drop(held);
    page.answer(&asked)
}

impl Page {
    fn size(&self) -> usize {
        self.plain.len() + self.packed.len()
    }

    fn answer(&self, asked: &Asked) -> Response {
        let same = asked.has.as_ref().is_some_and(|has| *has == self.tag);
        let mut response = match (same, asked.packed) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, true) => Body::from(self.packed.clone()).into_response(),
            (false, false) => Body::from(self.plain.clone()).into_response(),
        };
        if self.own_style {
            response.extensions_mut().insert(OwnStyle);
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.media.clone());
        headers.insert(header::ETAG, self.tag.clone());
        // Whoever has it asks whether it is still the one: a release is seen at once.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language, accept-encoding"));
        if let Some(disposition) = &self.disposition {
            headers.insert(header::CONTENT_DISPOSITION, disposition.clone());
        }
        if !same && asked.packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    fn asked(path: &str) -> Asked {
        Asked { path: path.to_owned(), lang: Lang::Vi, figures: false, packed: false, has: None }
    }

    async fn waits(future: &mut (impl Future + Unpin)) -> bool {
        poll_fn(|context| Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())).await
    }

    #[tokio::test]
    async fn who_asks_for_a_page_that_is_being_made_waits_for_it() {
        let pages = Pages::default();
        let page = asked("/c/six/");
        let making = pages.turn(&page).await;
        assert!(making.is_some());
        let mut other = pin!(pages.turn(&page));
        assert!(waits(&mut other).await);
        drop(making);
        assert!(other.await.is_some());
    }

    #[tokio::test]
    async fn nobody_waits_for_a_page_that_is_everybodys_own_until_pages_are_made_anew() {
        let pages = Pages::default();
        let page = asked("/c/six/year/dialogue/d/");
        // One who waits already need not wait on either.
        let making = pages.turn(&page).await;
        let mut other = pin!(pages.turn(&page));
        assert!(waits(&mut other).await);
        pages.alone(&page);
        drop(making);
        assert!(other.await.is_none());
        assert!(pages.turn(&page).await.is_none());
        pages.look_again();
        assert!(pages.turn(&page).await.is_some());
    }

    #[test]
    fn a_change_of_the_years_work_lets_its_pages_go_and_those_of_figures_stay() {
        let pages = Pages::default();
        let page = |figures| Page {
            figures,
            plain: Bytes::from_static(b"plain"),
            packed: Bytes::from_static(b"p"),
            tag: HeaderValue::from_static("\"t\""),
            media: HeaderValue::from_static("text/html"),
            disposition: None,
            own_style: false,
        };
        let made = pages.held().stamp(false);
        pages.held().pages.insert(("/c/six/".into(), Lang::Vi), page(true));
        pages.held().pages.insert(("/c/six/year/".into(), Lang::Vi), page(false));
        pages.look_again();
        let held = pages.held();
        assert_eq!(held.pages.keys().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/c/six/"]);
        assert_eq!(held.bytes, page(true).size());
        assert_ne!(held.stamp(false), made, "what was being made meanwhile is of before");
    }
}
