//! Questions that the data raise with their replies, and what a release keeps beside its figures.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0006_signals"
    }
}

/// A table whose rows stand once by some of their columns.
async fn once(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: Vec<ColumnDef>,
    unique: &[&'static str],
) -> Result<(), DbErr> {
    table(manager, name, columns).await?;
    index(manager, name, &format!("{name}_once"), unique, true).await
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let question = vec![
            key(),
            text("cluster"),
            text("unit"),
            text("signal"),
            number("round"),
            text("digest"),
            text("asked"),
            number("first_seen"),
            number("last_seen"),
            maybe_number("gone_at"),
            maybe_text("reply"),
            maybe_number("replied_by"),
            maybe_number("replied_at"),
            maybe_text("on_behalf"),
        ];
        once(manager, "question", question, &["cluster", "unit", "signal", "round"]).await?;
        let part = vec![key(), number("release_id"), text("name"), text("body")];
        once(manager, "release_part", part, &["release_id", "name"]).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
