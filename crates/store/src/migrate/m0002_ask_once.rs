//! A job that is asked for and not begun carries what it is about in a column of its own: of two that ask at once, the
//! database itself keeps one.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0002_ask_once"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut once = ColumnDef::new("once");
        once.text().null();
        manager.alter_table(Table::alter().table("job").add_column(&mut once).to_owned()).await?;
        let mut index = Index::create();
        index.name("job_once").table("job").col("once").unique();
        manager.create_index(index.to_owned()).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
