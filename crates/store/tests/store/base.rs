//! One body of a test, two databases: a fresh SQLite file, and a fresh database of a PostgreSQL server that the tests start
//! themselves from Debian's package.

use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Once, OnceLock};
use std::time::Duration;

use giaouoc_store::people::{self, Person};
use giaouoc_store::{Result, Store, Write, file_url};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tempfile::TempDir;

/// Makes of each named function two tests: `name::sqlite` and `name::postgres`.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                crate::base::on_sqlite(super::$name);
            }

            #[test]
            fn postgres() {
                crate::base::on_postgres(super::$name);
            }
        }
    )+};
}
pub(crate) use both;

/// The instant of the tests, and how long a day is.
pub const NOW: i64 = 1_790_000_000_000_000;
pub const DAY: i64 = 86_400_000_000;

/// An empty database.
pub struct Base {
    pub url: String,
    /// Where the SQLite file lies.
    folder: Option<TempDir>,
}

impl Base {
    /// Opens it as the program does.
    pub async fn store(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Opens it as nobody does: without migrations.
    pub async fn raw(&self) -> DatabaseConnection {
        let url = if self.is_sqlite() { format!("{}?mode=rwc", self.url) } else { self.url.clone() };
        Database::connect(url).await.unwrap()
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    /// Counts rows: `table WHERE …`.
    pub async fn count(&self, what: &str) -> i64 {
        let raw = self.raw().await;
        let sql = format!("SELECT CAST(count(*) AS bigint) FROM {what}");
        let sql = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        let row = raw.query_one_raw(sql).await.unwrap().unwrap();
        let count = row.try_get_by_index(0).unwrap();
        raw.close().await.unwrap();
        count
    }
}

/// A person to do things.
pub async fn somebody(store: &Store) -> Person {
    people::add(store.read(), "lan@example.vn", "Nguyễn Thị Lan", "vi", NOW).await.unwrap()
}

/// Two do the same at once: the second one begins when the first one has done it and has not committed. Says what each
/// of them got.
pub async fn twice<T>(store: &Store, deed: impl AsyncFn(&Write) -> Result<T>) -> [T; 2] {
    let (done, begin) = tokio::sync::oneshot::channel();
    let first = async {
        let write = store.write().await.unwrap();
        let got = deed(&write).await.unwrap();
        done.send(()).unwrap();
        // Long enough for the second one to look at what is there; it passes however slow it is.
        tokio::time::sleep(Duration::from_millis(300)).await;
        write.commit().await.unwrap();
        got
    };
    let second = async {
        begin.await.unwrap();
        let write = store.write().await.unwrap();
        let got = deed(&write).await.unwrap();
        write.commit().await.unwrap();
        got
    };
    tokio::join!(first, second).into()
}

fn run<F: Future<Output = ()>>(test: F) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

pub fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Base) -> F) {
    // A folder as people name them: with a space, marks, and every character that means something in a URL.
    let folder = tempfile::Builder::new().prefix("thi đua 100% ?#&").tempdir().unwrap();
    let url = file_url(&folder.path().join("giaouoc.sqlite"));
    run(test(Base { url, folder: Some(folder) }));
}

pub fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Base) -> F) {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let server = match server() {
        Ok(server) => server,
        Err(why) if env::var_os("GIAOUOC_NEED_POSTGRES").is_some() => panic!("no PostgreSQL: {why}"),
        Err(why) => {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Not eprintln!, which is shown for failed tests only.
                let line = format!("SKIPPED, every test on PostgreSQL: {why} (scripts/test installs it)\n");
                io::stderr().write_all(line.as_bytes()).unwrap();
            });
            return;
        }
    };
    let url = |name: &str| format!("postgres://postgres@localhost/{name}?host={}", server.folder);
    run(async {
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = Database::connect(url("postgres")).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        admin.close().await.unwrap();
        test(Base { url: url(&name), folder: None }).await;
    });
}

/// The server of this run. It lives as long as the tests: it ends when its standard input does.
struct Server {
    folder: String,
    _lives_while_open: ChildStdin,
}

fn server() -> std::result::Result<&'static Server, &'static str> {
    static SERVER: OnceLock<std::result::Result<Server, String>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref().map_err(String::as_str)
}

fn start() -> std::result::Result<Server, String> {
    let bin = newest().ok_or("Debian's package postgresql is not installed")?;
    let whoami = Command::new("id").arg("-u").output().map_err(|error| error.to_string())?;
    // PostgreSQL refuses to run as root; the package brings a user for it.
    let mut command = if whoami.stdout == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", include_str!("postgres.sh"), "sh"]).arg(bin).current_dir("/tmp");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("it does not start: {error}"))?;
    let lives_while_open = child.stdin.take().ok_or("no standard input")?;
    let mut said = String::new();
    let out = child.stdout.take().ok_or("no standard output")?;
    BufReader::new(out).read_line(&mut said).map_err(|error| error.to_string())?;
    match said.trim().strip_prefix("ready ") {
        Some(folder) => Ok(Server { folder: folder.to_owned(), _lives_while_open: lives_while_open }),
        None => Err(format!("it does not start: {}", said.trim())),
    }
}

/// The programs of the newest version that is installed.
fn newest() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let versions = versions.flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let bin = entry.path().join("bin");
        bin.join("initdb").exists().then_some((version, bin))
    });
    versions.max().map(|(_, bin)| bin)
}
