//! The day until which a unit that takes something up reports what came of it.

use sea_orm_migration::prelude::*;

use super::columns::maybe_text;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0016_report_by"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut until = maybe_text("report_by");
        manager.alter_table(Table::alter().table("matter_joined").add_column(&mut until).to_owned()).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
