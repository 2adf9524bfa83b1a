//! The only file that may ask which database this is (a test looks for it elsewhere).

use std::path::Path;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions,
};

use crate::Result;

/// How long a writer waits for another one before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections for reading.
const READERS: u32 = 8;

/// Connects twice: for reading, and for writing transactions, so that writers that wait for one another do not keep
/// the readers' connections. SQLite: a write-ahead log, foreign keys, and a commit is on the disk when it is
/// acknowledged; there is one writer at a time anyway, so they queue for one connection in the order they come.
pub(crate) async fn connect(url: &str) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let mut options = ConnectOptions::new(url.to_owned());
    options.sqlx_logging(false).acquire_timeout(PATIENCE).map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .busy_timeout(PATIENCE)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
    });
    let reading = Database::connect(options.max_connections(READERS).to_owned()).await?;
    let writers = match reading.get_database_backend() {
        DbBackend::Sqlite => 1,
        _ => READERS,
    };
    let writing = Database::connect(options.max_connections(writers).to_owned()).await?;
    Ok((reading, writing))
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
