//! Records by form: files that show what a record says, and forms that somebody has begun.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0004_records"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let evidence = vec![
            key(),
            text("cluster"),
            text("kind"),
            text("record"),
            text("unit"),
            text("sha256"),
            text("name"),
            text("media"),
            number("bytes"),
            number("person_id"),
            number("at"),
            maybe_number("gone_at"),
            maybe_number("gone_by"),
            maybe_text("gone_reason"),
        ];
        table(manager, "evidence", evidence).await?;
        index(manager, "evidence", "evidence_record", &["cluster", "kind", "record"], false).await?;
        let draft = vec![
            key(),
            text("cluster"),
            text("unit"),
            text("kind"),
            text("record"),
            number("person_id"),
            text("fields"),
            number("at"),
        ];
        table(manager, "draft", draft).await?;
        // A person has one draft of a record; new records may have several, each is a draft of its own.
        index(manager, "draft", "draft_desk", &["cluster", "unit", "person_id"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
