//! What was known when: the journals' entries in SQL, and figures that were computed once more as they were known then.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0010_known"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manifest = vec![
            key(),
            text("cluster"),
            number("number"),
            number("at"),
            text("what"),
            maybe_text("kind"),
            maybe_text("supplier"),
            maybe_text("by"),
            maybe_text("reason"),
            number("plus"),
            number("minus"),
            text("prev"),
            text("hash"),
            text("said_vi"),
            text("said_en"),
        ];
        table(manager, "manifest", manifest).await?;
        index(manager, "manifest", "manifest_number", &["cluster", "number"], true).await?;
        let recount = vec![
            key(),
            text("cluster"),
            number("person_id"),
            maybe_text("as_of"),
            maybe_text("known_at"),
            number("asked_at"),
            maybe_number("ended_at"),
            maybe_text("files"),
            maybe_text("error_vi"),
            maybe_text("error_en"),
        ];
        table(manager, "recount", recount).await?;
        index(manager, "recount", "recount_cluster", &["cluster"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
