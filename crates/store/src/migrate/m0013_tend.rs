//! Uploads whose bytes were removed; notices to people and how each wants them; circulars of the city's board and what
//! clusters answered; handovers of a cluster's headship.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0013_tend"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut gone = maybe_number("bytes_gone_at");
        manager.alter_table(Table::alter().table("upload").add_column(&mut gone).to_owned()).await?;
        let notice = vec![
            key(),
            number("person_id"),
            text("kind"),
            maybe_text("cluster"),
            maybe_text("unit"),
            text("path"),
            text("about_vi"),
            text("about_en"),
            text("once"),
            maybe_text("due"),
            number("shown"),
            text("digest"),
            number("created_at"),
            maybe_number("read_at"),
            maybe_number("done_at"),
        ];
        table(manager, "notice", notice).await?;
        index(manager, "notice", "notice_once", &["once", "person_id"], true).await?;
        index(manager, "notice", "notice_person", &["person_id", "done_at"], false).await?;
        index(manager, "notice", "notice_digest", &["digest", "person_id"], false).await?;
        let wish = vec![key(), number("person_id"), text("kind"), number("shown"), text("mail")];
        table(manager, "notice_wish", wish).await?;
        index(manager, "notice_wish", "notice_wish_kind", &["person_id", "kind"], true).await?;
        let circular = vec![
            key(),
            text("title"),
            text("body"),
            maybe_text("due"),
            text("clusters"),
            number("person_id"),
            number("at"),
        ];
        table(manager, "circular", circular).await?;
        let reply = vec![
            key(),
            number("circular_id"),
            text("cluster"),
            maybe_text("reply"),
            number("person_id"),
            number("at"),
        ];
        table(manager, "circular_reply", reply).await?;
        index(manager, "circular_reply", "circular_reply_cluster", &["circular_id", "cluster"], true).await?;
        let handover = vec![
            key(),
            text("cluster"),
            text("giver"),
            text("taker"),
            number("taker_person_id"),
            text("day"),
            text("items"),
            text("body"),
            number("version"),
            number("person_id"),
            number("at"),
            maybe_text("receipt"),
            maybe_number("received_by"),
            maybe_number("received_at"),
        ];
        table(manager, "handover", handover).await?;
        index(manager, "handover", "handover_cluster", &["cluster"], false).await?;
        let correction = vec![
            key(),
            number("handover_id"),
            text("body"),
            text("reason"),
            number("person_id"),
            number("at"),
        ];
        table(manager, "handover_correction", correction).await?;
        index(manager, "handover_correction", "handover_correction_of", &["handover_id"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
