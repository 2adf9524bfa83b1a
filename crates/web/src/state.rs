//! What every page has at hand.

use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use giaouoc_agreement::text::Text;
use giaouoc_store::{Micros, Result, Store, boards};
use giaouoc_worktime::zone::Zone;
use tokio::sync::Notify;

use crate::files::Files;
use crate::oidc::{Provider, SignOns};
use crate::pages::login::Step;
use crate::passkey::Asked;
use crate::records::Records;
use crate::sheet::Sheet;
use crate::waiting::Waiting;
use crate::workbooks::Port;

/// What is configured about the site.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Its name.
    pub name: Text,
    /// Its address without a path, as links in letters have it: `https://thidua.example`.
    pub url: String,
    /// The greatest file that may be brought, in bytes.
    pub upload_limit: u64,
    /// Whether letters are sent by mail.
    pub mail: bool,
    /// Where people may log in besides.
    pub providers: Vec<Provider>,
    /// The proxies whose word about a visitor's address is taken.
    pub proxies: Vec<IpAddr>,
    /// Whether pages are for reading as files: without what only a service can answer.
    pub plain: bool,
}

impl Site {
    /// Whether cookies are for encrypted connections only.
    pub fn secure(&self) -> bool {
        self.url.starts_with("https://")
    }
}

/// The edge of the program: time and chance come in here.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The time now.
    pub now: fn() -> Micros,
    /// Fills with random bytes of the system.
    pub random: fn(&mut [u8]),
}

/// What every page has at hand; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

/// What a [`State`] points at.
pub struct Inner {
    /// People, uploads, figures.
    pub store: Store,
    /// Files kept by digest.
    pub files: Files,
    /// What is configured.
    pub site: Site,
    /// Time and chance.
    pub edge: Edge,
    /// The zone of days and hours on pages.
    pub zone: Zone,
    /// Wakes whoever does the work.
    pub wake: Arc<Notify>,
    /// Log-ins at other providers.
    pub(crate) sign_ons: SignOns,
    /// Log-ins whose password was right and whose second factor is awaited.
    pub(crate) steps: Waiting<Step>,
    /// Passkeys that are being registered.
    pub(crate) registering: Waiting<Asked>,
    /// The clusters' journals.
    pub records: Arc<dyn Records>,
    /// Pages of the public, as they were made last.
    pub(crate) public: crate::public::Pages,
    /// Who makes workbooks.
    pub workbooks: Port,
    /// Who has the bundles' set-up.
    pub registry: crate::registry::Port,
    /// Who keeps the index that is searched.
    pub finder: crate::finding::Port,
    /// Who reads drafts of agreements.
    pub drafting: crate::drafting::Port,
    sheets: Mutex<HashMap<i64, Arc<Sheet>>>,
    tries: Mutex<HashMap<String, Vec<Micros>>>,
    rates: Mutex<HashMap<i64, (Micros, u32)>>,
}

impl Deref for State {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Boards kept in memory.
const KEPT: usize = 64;

impl State {
    /// All of it.
    pub fn new(
        store: Store,
        files: Files,
        site: Site,
        edge: Edge,
        zone: Zone,
        wake: Arc<Notify>,
        records: Arc<dyn Records>,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            files,
            site,
            edge,
            zone,
            wake,
            sign_ons: SignOns::default(),
            steps: Waiting::default(),
            registering: Waiting::default(),
            records,
            public: crate::public::Pages::default(),
            workbooks: Port::default(),
            registry: crate::registry::Port::default(),
            finder: crate::finding::Port::default(),
            drafting: crate::drafting::Port::default(),
            sheets: Mutex::default(),
            tries: Mutex::default(),
            rates: Mutex::default(),
        }))
    }

    /// The time now.
    pub fn now(&self) -> Micros {
        (self.edge.now)()
    }

    /// Something was written that everybody may read, or that asks for work.
    pub(crate) fn changed(&self) {
        self.public.look_again();
        self.wake.notify_one();
    }

    /// A secret that nobody guesses: 32 random bytes in hex.
    pub fn secret(&self) -> String {
        let mut bytes = [0; 32];
        (self.edge.random)(&mut bytes);
        crate::html::hex(&bytes)
    }

    /// The figures of a board, read once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sheet(&self, board: i64) -> Result<Option<Arc<Sheet>>> {
        let held = self.sheets.lock().unwrap_or_else(PoisonError::into_inner).get(&board).cloned();
        if held.is_some() {
            return Ok(held);
        }
        let Some(found) = boards::get(self.store.read(), board).await? else { return Ok(None) };
        let Ok(sheet) = serde_json::from_str::<Sheet>(&found.sheet) else { return Ok(None) };
        let sheet = Arc::new(sheet);
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        if sheets.len() >= KEPT {
            sheets.clear();
        }
        sheets.insert(board, Arc::clone(&sheet));
        Ok(Some(sheet))
    }

    /// The provisional figures of a cluster, with the number of their board.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self, cluster: &str) -> Result<Option<(i64, Arc<Sheet>)>> {
        let Some(id) = boards::newest_id(self.store.read(), cluster).await? else { return Ok(None) };
        Ok(self.sheet(id).await?.map(|sheet| (id, sheet)))
    }

    /// Counts a try at something that must not be tried often, and says whether it was one too many: more than `most`
    /// within `window` microseconds.
    pub fn too_often(&self, what: &str, most: usize, window: Micros) -> bool {
        let now = self.now();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() > 10_000 {
            tries.retain(|_, times| times.last().is_some_and(|last| (now - last).abs() < window));
        }
        let times = tries.entry(what.to_owned()).or_default();
        // A clock that was set back locks nobody out until it has caught up.
        times.retain(|time| (now - time).abs() < window);
        if times.len() >= most {
            return true;
        }
        times.push(now);
        false
    }

    /// Takes the last try at something back: it went well, and counts for nothing.
    pub fn refund(&self, what: &str) {
        if let Some(times) = self.tries.lock().unwrap_or_else(PoisonError::into_inner).get_mut(what) {
            times.pop();
        }
    }

    /// Counts a request of a token; says how many seconds it has to wait when it has made `most` within a minute.
    pub fn rate(&self, token: i64, most: u32) -> Option<Micros> {
        const MINUTE: Micros = 60 * 1_000_000;
        let now = self.now();
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, made) = rates.entry(token).or_insert((now, 0));
        if !(0..MINUTE).contains(&(now - *since)) {
            (*since, *made) = (now, 0);
        }
        *made = made.saturating_add(1);
        (*made > most).then(|| (*since + MINUTE - now + 999_999) / 1_000_000)
    }

    /// Forgets the tries at something that went well.
    pub fn forgive(&self, what: &str) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(what);
    }
}
