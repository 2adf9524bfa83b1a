//! Who a request comes from, in which language, and the token that their forms carry.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use giaouoc_agreement::text::Lang;
use giaouoc_store::notices;
use giaouoc_store::people::Held;
use giaouoc_store::sessions::{self, Known};
use giaouoc_store::{Micros, Result};

use crate::access::{self, Doing};
use crate::error::Failed;
use crate::html::digest;
use crate::pages::notices::MOST;
use crate::state::State;

/// The cookie of a log-in.
pub(crate) const SESSION: &str = "giaouoc_session";
/// The cookie of somebody not logged in, for their forms.
pub(crate) const VISITOR: &str = "giaouoc_visitor";
/// The cookie of the language.
pub(crate) const LANG: &str = "giaouoc_lang";

/// A log-in ends after half a day without use, and after two weeks at the latest.
const IDLE: Micros = 12 * 3_600 * 1_000_000;
const OLDEST: Micros = 14 * 24 * 3_600 * 1_000_000;
/// A use is noted once a minute.
const NOTED: Micros = 60 * 1_000_000;

/// Who a request comes from.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    /// The language of the page.
    pub lang: Lang,
    /// The log-in, if any.
    pub known: Option<Known>,
    /// Roles in force today.
    pub roles: Vec<Held>,
    /// The token that forms must carry.
    pub csrf: String,
    /// A visitor's cookie that is to be set.
    pub fresh: Option<String>,
    /// The address of this page.
    pub path: String,
    /// The network that the request comes from.
    pub client: String,
    /// Notices that they have not read.
    pub bell: usize,
}

impl Who {
    /// A visitor of whom nothing can be known now: the database does not answer.
    pub fn nobody(headers: &HeaderMap, path: &str) -> Self {
        Self {
            client: String::new(),
            bell: 0,
            lang: lang(headers, None),
            known: None,
            roles: Vec::new(),
            csrf: String::new(),
            fresh: None,
            path: path.to_owned(),
        }
    }

    /// Looks at the cookies of a request.
    pub async fn look(state: &State, headers: &HeaderMap, path: &str) -> Result<Self> {
        let now = state.now();
        let session = cookie(headers, SESSION);
        let known = match &session {
            Some(token) => {
                sessions::known(state.store.read(), &digest(token), now - OLDEST, now - IDLE).await?
            }
            None => None,
        };
        if let Some(known) = &known
            && now - known.session.seen_at > NOTED
        {
            sessions::seen(state.store.read(), known.session.id, now).await?;
        }
        let visitor = cookie(headers, VISITOR).filter(|token| token.len() == 64);
        let fresh = (known.is_none() && visitor.is_none()).then(|| state.secret());
        let secret = match (&known, &session) {
            (Some(_), Some(token)) => token.clone(),
            _ => visitor.or_else(|| fresh.clone()).unwrap_or_default(),
        };
        let today = crate::when::day_of(now, &state.zone);
        let roles = known.iter().flat_map(|known| &known.roles);
        let in_force = |held: &&Held| access::in_force(held, &today);
        let roles: Vec<Held> = roles.filter(in_force).cloned().collect();
        let mut bell = 0;
        if let Some(known) = &known {
            let unread = notices::unread(state.store.read(), known.person.id, MOST).await?;
            // Of clusters in which they no longer have a role, nothing waits for them.
            let theirs = |cluster: &str| access::allows(access::Access::Inside, &roles, Some(cluster), None);
            bell = unread.iter().filter(|place| place.as_deref().is_none_or(theirs)).count();
        }
        Ok(Self {
            lang: lang(headers, known.as_ref()),
            roles,
            bell,
            csrf: digest(&format!("form:{secret}")),
            fresh,
            path: path.to_owned(),
            client: String::new(),
            known,
        })
    }

    /// One of two texts.
    pub fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The same for texts of the program.
    pub fn say_static(&self, vi: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The person's number; of an address that only persons reach.
    pub fn person(&self) -> std::result::Result<i64, Failed> {
        self.known.as_ref().map(|known| known.person.id).ok_or(Failed::LogIn)
    }

    /// Their name, as entries of the journal have it.
    pub fn name(&self) -> Option<String> {
        self.known.as_ref().map(|known| known.person.name.clone())
    }

    /// Whether they may do this for a unit.
    pub fn may(&self, doing: Doing, cluster: &str, unit: &str) -> bool {
        access::allows(access::Access::Unit(doing), &self.roles, Some(cluster), Some(unit))
    }

    /// Whether they have a role in a cluster.
    pub fn inside(&self, cluster: &str) -> bool {
        access::allows(access::Access::Inside, &self.roles, Some(cluster), None)
    }

    /// Whether they lead a cluster's year.
    pub fn heads(&self, cluster: &str) -> bool {
        access::allows(access::Access::Head, &self.roles, Some(cluster), None)
    }

    /// Whether they run the installation.
    pub fn runs(&self) -> bool {
        access::allows(access::Access::Admin, &self.roles, None, None)
    }

    /// What a deed on behalf of a unit rests on: nothing where it is their own unit's, an error where it is not and nothing
    /// was said.
    pub fn behalf(
        &self,
        doing: Doing,
        cluster: &str,
        unit: &str,
        said: &str,
    ) -> std::result::Result<Option<String>, Failed> {
        if !access::on_behalf(&self.roles, doing, cluster, unit) {
            return Ok(None);
        }
        match said.trim() {
            "" => Err(Failed::wrong(
                "Làm thay đơn vị thì phải nêu căn cứ: số công văn, thư, hay tệp mà đơn vị đã gửi.",
                "On behalf of a unit, say what it rests on: the number of the letter, or the file that the unit sent.",
            )),
            said => Ok(Some(said.chars().take(300).collect())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failed> {
        // The gate has put it there; without the gate there is no way in.
        parts.extensions.get::<Self>().cloned().ok_or(Failed::Forbidden)
    }
}

/// A cookie of a request.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

/// A header that sets a cookie, for scripts out of reach. `age` in seconds; nothing lasts as long as the browser.
pub(crate) fn set_cookie(name: &str, value: &str, age: Option<i64>, secure: bool) -> String {
    let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
}

/// The language: as chosen here, as chosen for the person, as the browser asks; else Vietnamese.
pub(crate) fn lang(headers: &HeaderMap, known: Option<&Known>) -> Lang {
    let chosen = cookie(headers, LANG).or_else(|| known.map(|known| known.person.lang.clone()));
    match chosen.as_deref() {
        Some("en") => return Lang::En,
        Some("vi") => return Lang::Vi,
        _ => {}
    }
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first =
        asked.split([',', ';']).map(str::trim).find(|tag| tag.starts_with("vi") || tag.starts_with("en"));
    if first.is_some_and(|tag| tag.starts_with("en")) { Lang::En } else { Lang::Vi }
}
