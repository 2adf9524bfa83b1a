//! Drafts of agreements: their versions, and what units and the head's desk say and do about them.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0011_agreeing"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let draft = vec![
            key(),
            text("cluster"),
            number("number"),
            text("stage"),
            text("base"),
            maybe_text("before"),
            number("version"),
            maybe_text("digest"),
            maybe_text("respond_by"),
            maybe_number("circulated_at"),
            maybe_number("frozen_at"),
            maybe_number("in_force_at"),
            maybe_text("ceremony"),
            maybe_text("later"),
            number("rev"),
            number("person_id"),
            number("created_at"),
        ];
        table(manager, "agreement_draft", draft).await?;
        index(manager, "agreement_draft", "agreement_draft_once", &["cluster", "number"], true).await?;
        let version = vec![
            key(),
            number("draft_id"),
            number("number"),
            text("body"),
            text("note"),
            text("checked"),
            maybe_text("figures"),
            number("person_id"),
            number("at"),
        ];
        table(manager, "agreement_version", version).await?;
        index(manager, "agreement_version", "agreement_version_once", &["draft_id", "number"], true).await?;
        let part = vec![
            key(),
            number("draft_id"),
            text("sort"),
            text("unit"),
            text("place"),
            number("rev"),
            text("body"),
            number("person_id"),
            number("at"),
            maybe_text("on_behalf"),
        ];
        table(manager, "agreement_part", part).await?;
        let once = ["draft_id", "sort", "unit", "place", "rev"];
        index(manager, "agreement_part", "agreement_part_once", &once, true).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
