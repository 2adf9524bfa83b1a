//! How the tables came to be, step after step. A step that was shipped is never changed; a new one is added.

mod m0001_first;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::{Result, StoreError, dialect};

pub(crate) struct Steps;

#[sea_orm_migration::async_trait::async_trait]
impl MigratorTrait for Steps {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_first::Step)]
    }
}

/// Brings the database up to date.
pub(crate) async fn run(connection: &DatabaseConnection) -> Result<()> {
    // Two servers that start at once: one migrates, the other finds it done. PostgreSQL only; a SQLite file has one server.
    let lock = dialect::migration_lock(connection.get_database_backend());
    let held = match lock {
        None => None,
        Some(sql) => {
            let transaction = sea_orm::TransactionTrait::begin(connection).await?;
            transaction.execute_unprepared(sql).await?;
            Some(transaction)
        }
    };
    let done = Steps::up(connection, None).await;
    if let Some(transaction) = held {
        transaction.commit().await?;
    }
    match done {
        Err(DbErr::Custom(message)) if message.contains("missing") => Err(newer(connection).await?),
        done => Ok(done?),
    }
}

/// The last step that this program does not know.
async fn newer(connection: &DatabaseConnection) -> Result<StoreError> {
    let backend = connection.get_database_backend();
    let sql = "SELECT version FROM seaql_migrations ORDER BY version DESC LIMIT 1";
    let row = connection.query_one_raw(Statement::from_string(backend, sql)).await?;
    let version = row.map(|row| row.try_get_by_index::<String>(0)).transpose()?;
    Ok(StoreError::Newer(version.unwrap_or_default()))
}
