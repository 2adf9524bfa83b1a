//! Tokens of programs, and what their batches were answered.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0005_tokens"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let token = vec![
            key(),
            text("digest"),
            text("name"),
            text("cluster"),
            maybe_text("unit"),
            text("scopes"),
            number("person_id"),
            number("created_at"),
            number("expires_at"),
            maybe_number("used_at"),
            maybe_number("revoked_at"),
        ];
        table(manager, "token", token).await?;
        index(manager, "token", "token_digest", &["digest"], true).await?;
        let batch =
            vec![key(), number("token_id"), text("key"), text("request"), text("answer"), number("at")];
        table(manager, "batch", batch).await?;
        index(manager, "batch", "batch_key", &["token_id", "key"], true).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
