//! `giaouoc serve`: the service. Pages are `giaouoc-web`'s, people and jobs `giaouoc-store`'s; here they are put together
//! with the bundles, and the work is done.

mod agree;
mod book;
mod books;
mod carry;
mod changes;
pub mod config;
mod digest;
pub mod drafting;
mod figures;
mod finding;
pub mod forget;
mod intake;
mod known;
mod log;
mod mail;
mod measure;
mod mirror;
mod nil;
mod other_year;
mod publish;
mod questions;
pub mod records;
mod recount;
mod reminders;
mod tables;
mod watch;
pub mod work;

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use giaouoc_agreement::text::Text;
use giaouoc_journal::hex;
use giaouoc_store::clusters::Cluster;
use giaouoc_store::people::{Purpose, Role};
use giaouoc_store::trail::{Act, Line};
use giaouoc_store::{Store, StoreError, clusters, jobs, people, trail};
use giaouoc_web::files::Files;
use giaouoc_web::oidc::Provider;
use giaouoc_web::{Edge, Site, State};
use giaouoc_worktime::zone::Zone;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use self::config::Config;
use self::records::Journals;
use self::watch::{Since, Watch};
use self::work::Worker;
use crate::cli::Serve;
use crate::fault::{Fault, Outcome};
use crate::render::grid::paragraph;
use crate::screen::Screen;
use crate::yearbook::bring::To;

/// The zone of days and hours on pages: the agencies of this program keep one clock.
pub const ZONE: &str = "Asia/Ho_Chi_Minh";
/// The first administrator's link works for a day.
const DAY: i64 = 24 * 3_600 * 1_000_000;
/// How often it is looked whether a release is due, in seconds.
const LOOK: u64 = 1;

/// Where things lie in the service's folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder of the service.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The bundle of a cluster.
    pub fn cluster(&self, slug: &str) -> PathBuf {
        self.0.join("clusters").join(slug)
    }

    /// Files by digest.
    pub fn files(&self) -> PathBuf {
        self.0.join("files")
    }

    /// Where the bundles lie.
    pub fn clusters(&self) -> PathBuf {
        self.0.join("clusters")
    }

    /// The index that is searched: made of all the rest.
    pub fn search(&self) -> PathBuf {
        self.0.join("search")
    }

    /// The database, unless another one is configured.
    pub fn database(&self) -> PathBuf {
        self.0.join("giaouoc.sqlite")
    }
}

/// The time now, in microseconds.
pub fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

/// Random bytes of the system. Without them nothing secret can be made, so the program ends.
pub fn random(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}

/// A database that failed, for the command line.
pub fn store_fault(error: &StoreError) -> Fault {
    match error {
        StoreError::Newer(version) => Fault::input(
            format!("cơ sở dữ liệu do bản mới hơn của chương trình tạo ({version}); hãy cài bản mới đó"),
            format!("the database was made by a newer version of the program ({version}); install that one"),
        ),
        error => Fault::System(Text::new(
            format!("cơ sở dữ liệu lỗi: {error}"),
            format!("the database failed: {error}"),
        )),
    }
}

/// Runs the command until it is asked to end.
pub fn run(args: &Serve, screen: &Screen) -> Outcome {
    fs::create_dir_all(&args.folder).map_err(|error| Fault::io(&args.folder, &error))?;
    let config = Config::read(&args.folder)?;
    let folder = Folder(args.folder.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Fault::io(&args.folder, &error))?;
    runtime.block_on(serve(args, &config, folder, screen))
}

async fn serve(args: &Serve, config: &Config, folder: Folder, screen: &Screen) -> Outcome {
    let since = Since::now();
    let ending = asked_to_end();
    log::begin(config.log);
    let url = match &config.database {
        Some(url) => url.clone(),
        None => giaouoc_store::file_url(&folder.database()),
    };
    let store = Store::open(&url).await.map_err(|error| store_fault(&error))?;
    let resumed = jobs::resume(store.read()).await.map_err(|error| store_fault(&error))?;
    if resumed > 0 {
        screen.remark(&match screen.lang {
            giaouoc_agreement::text::Lang::Vi => format!("làm tiếp {resumed} việc còn dở"),
            giaouoc_agreement::text::Lang::En => format!("{resumed} unfinished jobs go on"),
        });
    }
    clear(&folder.files().join("incoming"))?;
    if let Some(bundle) = &args.with {
        bring(&store, &folder, &Files::new(folder.files()), bundle, screen).await?;
    }
    let zone = Zone::get(ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let listen = args.listen.clone().unwrap_or_else(|| config.listen.clone());
    let listener =
        tokio::net::TcpListener::bind(&listen).await.map_err(|error| unheard(&listen, &error, "--listen"))?;
    let at = listener.local_addr().map_or(listen, |at| at.to_string());
    let site = Site {
        name: config.name.clone(),
        url: config.url.clone().unwrap_or_else(|| format!("http://{at}")),
        upload_limit: config.upload_mb * 1_000_000,
        mail: config.mail.is_some(),
        providers: sign_on(&config.oidc, &args.folder)?,
        proxies: config.proxies.clone(),
        plain: false,
    };
    let postman = config.mail.as_ref().map(|mail| {
        let runtime = tokio::runtime::Handle::current();
        mail::Postman::new(mail, &args.folder, store.clone(), site.clone(), runtime)
    });
    let postman = postman.transpose()?;
    let files = Files::new(folder.files());
    let wake = Arc::new(Notify::new());
    let edge = Edge { now, random };
    let journals = Arc::new(Journals::new(folder.clone()));
    let state = State::new(
        store.clone(),
        files.clone(),
        site.clone(),
        edge,
        zone.clone(),
        Arc::clone(&wake),
        Arc::clone(&journals) as Arc<dyn giaouoc_web::records::Records>,
    );
    let finding = finding::Finding::open(&folder.search(), store.clone(), Arc::clone(&wake)).await?;
    state.finder.set(Arc::clone(&finding) as Arc<dyn giaouoc_web::finding::Finder>);
    state.registry.set(Arc::clone(&journals) as Arc<dyn giaouoc_web::registry::Registry>);
    state.workbooks.set(books::Books::new(folder.clone()));
    state.drafting.set(drafting::Drafts::new(folder.clone()));
    welcome(&store, &site, screen).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let watch = Watch::default();
    let measured = measured(config, &watch, &store, &folder).await?;
    let runtime = tokio::runtime::Handle::current();
    let worker = Worker {
        store: store.clone(),
        folder,
        files,
        runtime,
        mail: site.mail,
        rest: std::time::Duration::from_secs(config.measure_every_s),
        keep_uploads_days: config.keep_uploads_days,
        zone: zone.clone(),
        finding: Some(finding),
        journals,
        watch: watch.clone(),
        gone: AtomicBool::new(false),
    };
    let working = work::start(worker, Arc::clone(&wake), Arc::clone(&stop));
    let posting = postman.map(|postman| postman.start(Arc::clone(&stop)));
    let clock = tokio::spawn(publish::watch(store.clone(), zone.clone(), site.mail, Arc::clone(&wake), LOOK));
    say(screen, &format!("{} {}", screen.say("Đang chạy tại", "Serving at"), site.url))?;
    tracing::info!(target: "giaouoc::service", ms = since.ms(), resumed, "started");
    let pages = giaouoc_web::router(state).layer(axum::middleware::from_fn_with_state(watch, watch::watched));
    // With the visitor's address, by which tries to log in are counted.
    let app = pages.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, app).with_graceful_shutdown(ending).await;
    let since = Since::now();
    tracing::info!(target: "giaouoc::service", "stopping after the job at hand");
    clock.abort();
    measured.abort();
    stop.store(true, Ordering::Relaxed);
    wake.notify_waiters();
    wake.notify_one();
    // What it has begun is finished; the rest waits in the queue for the next start.
    let _ = tokio::task::spawn_blocking(move || {
        let _ = working.join();
        posting.map(thread::JoinHandle::join)
    })
    .await;
    tracing::info!(target: "giaouoc::service", ms = since.ms(), "stopped");
    served.map_err(|error| Fault::io(Path::new(&at), &error))
}

/// The providers of log-ins, with their secrets; no connection is made.
fn sign_on(configured: &[Provider], folder: &Path) -> Outcome<Vec<Provider>> {
    let read = |provider: &Provider| {
        provider.clone().checked(|file| fs::read_to_string(folder.join(file))).map_err(|why| {
            Fault::input(
                format!("giaouoc.toml, [[oidc]]: {}", why.vi),
                format!("giaouoc.toml, [[oidc]]: {}", why.en),
            )
        })
    };
    configured.iter().map(read).collect()
}

/// Serves measurements of the service on a listener of their own, when one is configured.
async fn measured(config: &Config, watch: &Watch, store: &Store, folder: &Folder) -> Outcome<JoinHandle<()>> {
    let Some(listen) = &config.metrics else { return Ok(tokio::spawn(async {})) };
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| unheard(listen, &error, "metrics"))?;
    let router = watch::router(watch.clone(), store.clone(), folder.clone());
    Ok(tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    }))
}

/// Nothing can be listened to there.
fn unheard(listen: &str, error: &std::io::Error, key: &str) -> Fault {
    Fault::input(
        format!("không nghe được ở {listen}: {error}; chọn cổng khác ({key})"),
        format!("cannot listen at {listen}: {error}; choose another port ({key})"),
    )
}

/// A line that somebody waits for is not held back.
fn say(screen: &Screen, text: &str) -> Outcome {
    screen
        .print(&format!("{text}\n"))
        .and_then(|()| std::io::stdout().flush())
        .map_err(|error| crate::score::unprinted(&error))
}

/// Files that were not received whole go.
fn clear(folder: &Path) -> Outcome {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::io(folder, &error)),
        _ => Ok(()),
    }
}

/// Waits until a signal asks the program to end. Signals are heard from this call on, not from the first look at it.
fn asked_to_end() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let heard = {
        use tokio::signal::unix::{SignalKind, signal};
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    };
    async move {
        #[cfg(unix)]
        if let (Ok(mut interrupt), Ok(mut terminate)) = heard {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// The first start creates the administrator; the link stands on the terminal and nowhere else.
async fn welcome(store: &Store, site: &Site, screen: &Screen) -> Outcome {
    let fault = |error: StoreError| store_fault(&error);
    let roles = people::all_roles(store.read()).await.map_err(fault)?;
    let everybody = people::all(store.read()).await.map_err(fault)?;
    let ready = roles
        .iter()
        .filter(|held| held.role == Role::Admin)
        .any(|held| everybody.iter().any(|person| person.id == held.person && person.password.is_some()));
    if ready {
        return Ok(());
    }
    let token = secret();
    let at = now();
    let write = store.write().await.map_err(fault)?;
    let admin = people::add(write.on(), "admin@localhost", "Quản trị", "vi", at).await.map_err(fault)?;
    if !roles.iter().any(|held| held.person == admin.id) {
        let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
        people::give(write.on(), admin.id, Role::Admin, None, None, &today).await.map_err(fault)?;
    }
    people::use_tickets(write.on(), admin.id, at).await.map_err(fault)?;
    let digest = hex(&Sha256::digest(token.as_bytes()).into());
    people::add_ticket(write.on(), admin.id, Purpose::First, &digest, at + DAY).await.map_err(fault)?;
    write.commit().await.map_err(fault)?;
    let words = screen.say(
        "Liên kết một lần cho người quản trị đầu tiên (tên đăng nhập admin@localhost, dùng được trong 24 giờ):",
        "The first administrator's link (log in as admin@localhost; it works once, within 24 hours):",
    );
    // The link stays in one piece, to be copied.
    say(screen, &format!("{}  {}/welcome/{token}", paragraph(words, "", "  ", screen.width), site.url))
}

/// A secret that nobody guesses, and a name that nobody else has: 32 random bytes in hex.
pub fn secret() -> String {
    let mut bytes = [0; 32];
    random(&mut bytes);
    hex(&bytes)
}

/// Brings a bundle in: copied whole under a temporary name, then there; its yearbook into the database. A cluster that is there
/// already stays as it is.
async fn bring(store: &Store, folder: &Folder, files: &Files, bundle: &Path, screen: &Screen) -> Outcome {
    let loaded = crate::bundle::load(bundle)?;
    let agreement = &loaded.bundle.agreement;
    let slug = slug(&agreement.id);
    let fault = |error: StoreError| store_fault(&error);
    let new = clusters::get(store.read(), &slug).await.map_err(fault)?.is_none();
    let looked = match new {
        true => crate::yearbook::look(&loaded.opened.dir, &loaded.bundle)?,
        false => crate::yearbook::Looked::default(),
    };
    if giaouoc_year::yearbook::is_wrong(&looked.problems) {
        return Err(Fault::Bundle { problems: looked.problems, texts: looked.texts });
    }
    let there = folder.cluster(&slug);
    if !there.exists() {
        let parent = there.parent().unwrap_or(&there).to_path_buf();
        fs::create_dir_all(&parent).map_err(|error| Fault::io(&parent, &error))?;
        let part = parent.join(format!(".{slug}.part"));
        clear(&part)?;
        copy(&loaded.opened.dir, &part)?;
        // The database has it from now on.
        clear(&part.join(crate::yearbook::FOLDER))?;
        fs::rename(&part, &there).map_err(|error| Fault::io(&there, &error))?;
    }
    let name = &loaded.bundle.cluster.name;
    let cluster = Cluster {
        slug: slug.clone(),
        name_vi: name.vi.clone(),
        name_en: name.en.clone(),
        year: i64::from(agreement.year),
    };
    let write = store.write().await.map_err(fault)?;
    clusters::put(write.on(), &cluster, now()).await.map_err(fault)?;
    if new {
        let line = Line::new(now(), Act::Cluster, agreement.title.vi.clone()).of(&slug, None);
        trail::write(write.on(), line).await.map_err(fault)?;
        jobs::ask(write.on(), jobs::Work::Measure, &slug, None, None, now()).await.map_err(fault)?;
        let from = loaded.opened.dir.join(crate::yearbook::FOLDER);
        let to = To { write: &write, files, folder, slug: &slug, from, now: now() };
        let matters = crate::yearbook::bring::bring(&to, &looked.book).await?;
        if matters > 0 {
            let (vi, en) = (
                format!("Đã đưa vào {matters} việc của năm"),
                format!("Brought in {matters} matters of the year"),
            );
            say(screen, screen.say(&vi, &en))?;
        }
    }
    write.commit().await.map_err(fault)
}

/// The name of a cluster in addresses: lower-case letters, digits, `-`.
pub fn slug(id: &str) -> String {
    let dashed: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    dashed.trim_matches('-').to_ascii_lowercase()
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|error| Fault::io(to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| Fault::io(from, &error))? {
        let entry = entry.map_err(|error| Fault::io(from, &error))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(|error| Fault::io(&path, &error))?;
        }
    }
    Ok(())
}
