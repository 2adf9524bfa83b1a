//! How the tables came to be, step after step. A step that was shipped is never changed; a new one is added.

mod columns;
mod m0001_first;
mod m0002_ask_once;
mod m0003_contest_supplier;
mod m0004_records;
mod m0005_tokens;
mod m0006_signals;
mod m0008_accounts;
mod m0010_known;
mod m0011_agreeing;
mod m0012_matters;
mod m0013_tend;
mod m0014_calls;
mod m0015_pictures;
mod m0016_report_by;

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, TransactionTrait as _};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager};

use crate::{Age, Result, StoreError, dialect};

pub(crate) struct Steps;

#[sea_orm_migration::async_trait::async_trait]
impl MigratorTrait for Steps {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Step),
            Box::new(m0002_ask_once::Step),
            Box::new(m0003_contest_supplier::Step),
            Box::new(m0004_records::Step),
            Box::new(m0005_tokens::Step),
            Box::new(m0006_signals::Step),
            Box::new(m0008_accounts::Step),
            Box::new(m0010_known::Step),
            Box::new(m0011_agreeing::Step),
            Box::new(m0012_matters::Step),
            Box::new(m0013_tend::Step),
            Box::new(m0014_calls::Step),
            Box::new(m0015_pictures::Step),
            Box::new(m0016_report_by::Step),
        ]
    }
}

/// Brings the database up to date: all steps or, when one fails or the program is killed, none of them. Of two programs
/// that start at once one does it and the other finds it done.
pub(crate) async fn run(connection: &DatabaseConnection) -> Result<()> {
    let transaction = connection.begin_with_options(dialect::writing(connection)).await?;
    if let Some(sql) = dialect::migration_lock(transaction.get_database_backend()) {
        transaction.execute_unprepared(sql).await?;
    }
    if let Some(step) = unknown(&transaction).await? {
        transaction.rollback().await?;
        return Err(StoreError::Newer(step));
    }
    Steps::up(&transaction, None).await?;
    Ok(transaction.commit().await?)
}

/// The last step that was taken here and that this program does not know.
async fn unknown(on: &DatabaseTransaction) -> Result<Option<String>> {
    if !SchemaManager::new(on).has_table(TAKEN).await? {
        return Ok(None);
    }
    Ok(taken(on).await?.into_iter().find(|version| !is_known(version)))
}

/// Where the steps that were taken stand.
const TAKEN: &str = "seaql_migrations";

fn is_known(version: &str) -> bool {
    Steps::migrations().iter().any(|step| step.name() == version)
}

/// The steps that were taken, the last one first.
async fn taken(on: &impl ConnectionTrait) -> Result<Vec<String>> {
    let sql = format!("SELECT version FROM {TAKEN} ORDER BY version DESC");
    let rows = on.query_all_raw(Statement::from_string(on.get_database_backend(), sql)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?)
}

/// How a database stands to this program.
pub(crate) async fn age(connection: &DatabaseConnection) -> Result<Age> {
    if !SchemaManager::new(connection).has_table(TAKEN).await? {
        return Ok(Age::Empty);
    }
    let taken = taken(connection).await?;
    if let Some(newer) = taken.iter().find(|version| !is_known(version)) {
        return Ok(Age::Newer(newer.clone()));
    }
    match Steps::migrations().len() - taken.len() {
        0 => Ok(Age::Current),
        _ if taken.is_empty() => Ok(Age::Empty),
        steps => Ok(Age::Older(steps)),
    }
}
