//! The only file that may ask which database this is (a test looks for it elsewhere).

use std::path::Path;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, SqliteTransactionMode,
    TransactionOptions,
};

use crate::Result;

/// How long a writer waits for another one before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connects. SQLite: a write-ahead log, foreign keys, and a commit is on the disk when it is acknowledged.
pub(crate) async fn connect(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(8).sqlx_logging(false).acquire_timeout(PATIENCE).map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .busy_timeout(PATIENCE)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
    });
    Ok(Database::connect(options).await?)
}

/// How a writing transaction begins: on SQLite it takes the write lock at once, so that it cannot fail half-way.
pub(crate) fn writing(connection: &DatabaseConnection) -> TransactionOptions {
    let mode = match connection.get_database_backend() {
        DbBackend::Sqlite => Some(SqliteTransactionMode::Immediate),
        _ => None,
    };
    TransactionOptions { isolation_level: None, access_mode: None, sqlite_transaction_mode: mode }
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
