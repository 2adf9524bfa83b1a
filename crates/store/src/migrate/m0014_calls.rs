//! What is asked of whoever holds a role, whoever that is: people who receive the role later are told of it too.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0014_calls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let call = vec![
            key(),
            text("once"),
            text("roles"),
            text("kind"),
            text("cluster"),
            maybe_text("of_unit"),
            maybe_text("unit"),
            text("path"),
            text("about_vi"),
            text("about_en"),
            maybe_text("due"),
            number("created_at"),
            maybe_number("done_at"),
        ];
        table(manager, "notice_call", call).await?;
        index(manager, "notice_call", "notice_call_once", &["once"], true).await?;
        index(manager, "notice_call", "notice_call_done", &["done_at"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
