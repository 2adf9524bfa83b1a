//! The only file that may ask which database this is (a test looks for it elsewhere).

use std::path::Path;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, IsolationLevel,
    RuntimeErr, SqliteTransactionMode, SqlxError, Statement, TransactionOptions,
};

use crate::{Result, Trouble};

/// How long a writer waits for another one before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections for reading.
const READERS: u32 = 8;

/// How long a reader waits for a connection: whoever asked for a page is told soon that the database is gone.
const READER_PATIENCE: Duration = Duration::from_secs(8);

/// Connects twice: for reading, and for writing transactions, so that writers that wait for one another do not keep
/// the readers' connections. SQLite: a write-ahead log, foreign keys, and a commit is on the disk when it is
/// acknowledged; there is one writer at a time anyway, so they queue for one connection in the order they come.
/// With `create` a SQLite file that is missing is made.
pub(crate) async fn connect(url: &str, create: bool) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let mut options = ConnectOptions::new(url.to_owned());
    options.sqlx_logging(false).acquire_timeout(READER_PATIENCE).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(create)
            .busy_timeout(PATIENCE)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
    });
    let reading = patient(options.max_connections(READERS)).await?;
    let writers = match reading.get_database_backend() {
        DbBackend::Sqlite => 1,
        _ => READERS,
    };
    let writing = patient(options.max_connections(writers).acquire_timeout(PATIENCE)).await?;
    Ok((reading, writing))
}

/// Connects, and waits for those who hold the database. A new SQLite file becomes one with a write-ahead log when it is
/// opened first, for which SQLite wants it alone; when another program opens it in the same moment it says "locked" at
/// once, whatever its own timeout is (`sqlite3_busy_timeout` is not asked for this lock).
async fn patient(options: &ConnectOptions) -> Result<DatabaseConnection> {
    let (mut pause, mut waited) = (Duration::from_millis(5), Duration::ZERO);
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if is_held(&error) && waited < PATIENCE => {
                tokio::time::sleep(pause).await;
                waited += pause;
                pause = (pause * 2).min(Duration::from_millis(500));
            }
            connected => return Ok(connected?),
        }
    }
}

/// Whether somebody else holds the database: SQLITE_BUSY, and while a log is recovered or a snapshot is taken.
fn is_held(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    matches!(&**error, SqlxError::Database(error) if matches!(error.code().as_deref(), Some("5" | "261" | "517")))
}

/// How a writing transaction begins: on SQLite it takes the write lock at once, so that it cannot fail half-way. On
/// PostgreSQL each statement sees what others have committed before it, whatever the server's default is: the
/// store looks again after it has waited for somebody.
pub(crate) fn writing(connection: &DatabaseConnection) -> TransactionOptions {
    let (isolation_level, sqlite_transaction_mode) = match connection.get_database_backend() {
        DbBackend::Sqlite => (None, Some(SqliteTransactionMode::Immediate)),
        _ => (Some(IsolationLevel::ReadCommitted), None),
    };
    TransactionOptions { isolation_level, access_mode: None, sqlite_transaction_mode }
}

/// The URL of a SQLite file, whatever its name: what means something in a URL is escaped.
pub(crate) fn file_url(path: &Path) -> String {
    let path = path.to_string_lossy();
    let mut url = "sqlite://".to_owned();
    for character in path.chars() {
        match character {
            '%' => url.push_str("%25"),
            '?' => url.push_str("%3F"),
            '#' => url.push_str("%23"),
            other => url.push(other),
        }
    }
    url
}

/// A copy of the database as one file.
pub(crate) async fn copy_to(connection: &DatabaseConnection, path: &Path) -> Result<bool> {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Ok(false);
    }
    let path = path.display().to_string().replace('\'', "''");
    connection.execute_unprepared(&format!("VACUUM INTO '{path}'")).await?;
    Ok(true)
}

/// What the database takes on the disk, in bytes.
pub(crate) async fn size(connection: &DatabaseConnection) -> Result<i64> {
    let sql = match connection.get_database_backend() {
        DbBackend::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        _ => "SELECT pg_database_size(current_database())",
    };
    let sql = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(sql).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// What a failed statement comes from, where it is the system's doing and not the program's.
pub(crate) fn trouble(error: &DbErr) -> Option<Trouble> {
    let runtime = match error {
        DbErr::ConnectionAcquire(_) => return Some(Trouble::Gone),
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => error,
        DbErr::Conn(_) => return Some(Trouble::Gone),
        _ => return None,
    };
    match &**runtime {
        SqlxError::Io(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed => {
            Some(Trouble::Gone)
        }
        SqlxError::Database(error) => match error.code().as_deref() {
            // SQLite: SQLITE_FULL, and writing or syncing failed; PostgreSQL: disk_full.
            Some("13" | "778" | "1034" | "1546" | "53100") => Some(Trouble::Full),
            // SQLite: SQLITE_READONLY with what it adds to it; PostgreSQL: read_only_sql_transaction.
            Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "25006") => Some(Trouble::ReadOnly),
            // PostgreSQL: the administrator ends it, it is starting or stopping, the connection broke.
            Some("57P01" | "57P02" | "57P03" | "08000" | "08003" | "08006") => Some(Trouble::Gone),
            _ => None,
        },
        _ => None,
    }
}

/// Keeps two programs from migrating one database at once; taken within a transaction.
pub(crate) fn migration_lock(backend: DbBackend) -> Option<&'static str> {
    match backend {
        // Any number will do, as long as nobody else of this database takes it.
        DbBackend::Postgres => Some("SELECT pg_advisory_xact_lock(724683)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn no_other_file_asks_which_database_this_is() {
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().unwrap() != "dialect.rs" {
                    let text = fs::read_to_string(&path).unwrap();
                    for word in ["DbBackend::Sqlite", "DbBackend::Postgres", "get_database_backend() =="] {
                        assert!(!text.contains(word), "{}: {word}", path.display());
                    }
                }
            }
        }
    }
}
