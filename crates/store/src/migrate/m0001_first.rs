//! The first tables.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "person",
            vec![
                key(),
                text("email"),
                text("name"),
                text("lang"),
                maybe_text("password"),
                maybe_text("second"),
                number("created_at"),
                maybe_number("disabled_at"),
            ],
        )
        .await?;
        index(manager, "person", "person_email", &["email"], true).await?;
        table(
            manager,
            "role",
            vec![
                key(),
                number("person_id"),
                text("role"),
                maybe_text("cluster"),
                maybe_text("unit"),
                text("from_day"),
                maybe_text("to_day"),
            ],
        )
        .await?;
        index(manager, "role", "role_person", &["person_id"], false).await?;
        table(
            manager,
            "session",
            vec![
                key(),
                text("token"),
                number("person_id"),
                text("agent"),
                number("created_at"),
                number("seen_at"),
                maybe_number("revoked_at"),
            ],
        )
        .await?;
        index(manager, "session", "session_token", &["token"], true).await?;
        table(
            manager,
            "ticket",
            vec![
                key(),
                text("token"),
                number("person_id"),
                text("purpose"),
                number("expires_at"),
                maybe_number("used_at"),
            ],
        )
        .await?;
        index(manager, "ticket", "ticket_token", &["token"], true).await?;
        table(
            manager,
            "cluster",
            vec![
                text("slug").primary_key().to_owned(),
                text("name_vi"),
                text("name_en"),
                number("year"),
                number("added_at"),
            ],
        )
        .await?;
        table(
            manager,
            "upload",
            vec![
                key(),
                text("cluster"),
                text("kind"),
                maybe_text("supplier"),
                text("unit"),
                number("person_id"),
                maybe_text("on_behalf"),
                text("name"),
                text("sha256"),
                number("bytes"),
                maybe_text("mapping"),
                maybe_text("reason"),
                text("state"),
                maybe_text("result"),
                maybe_number("head"),
                maybe_number("entry"),
                number("created_at"),
                maybe_number("ended_at"),
            ],
        )
        .await?;
        index(manager, "upload", "upload_cluster", &["cluster", "unit"], false).await?;
        table(
            manager,
            "job",
            vec![
                key(),
                text("work"),
                text("cluster"),
                maybe_number("about"),
                maybe_text("note"),
                maybe_number("person_id"),
                text("state"),
                number("tries"),
                number("done"),
                number("total"),
                maybe_text("error_vi"),
                maybe_text("error_en"),
                number("created_at"),
                maybe_number("started_at"),
                maybe_number("ended_at"),
            ],
        )
        .await?;
        index(manager, "job", "job_state", &["state"], false).await?;
        table(
            manager,
            "board",
            vec![key(), text("cluster"), number("head"), text("digest"), text("sheet"), number("made_at")],
        )
        .await?;
        index(manager, "board", "board_cluster", &["cluster", "head"], false).await?;
        table(manager, "board_file", vec![key(), number("board_id"), text("name"), text("sha256")]).await?;
        index(manager, "board_file", "board_file_name", &["board_id", "name"], true).await?;
        table(
            manager,
            "release",
            vec![
                key(),
                text("cluster"),
                number("number"),
                text("name_vi"),
                text("name_en"),
                number("confirm_by"),
                number("publish_at"),
                number("planned_by"),
                number("planned_at"),
                maybe_number("published_at"),
                maybe_number("board_id"),
                maybe_text("standing"),
            ],
        )
        .await?;
        index(manager, "release", "release_number", &["cluster", "number"], true).await?;
        table(
            manager,
            "confirmation",
            vec![
                key(),
                number("release_id"),
                text("unit"),
                text("digest"),
                number("person_id"),
                maybe_text("on_behalf"),
                number("at"),
            ],
        )
        .await?;
        index(manager, "confirmation", "confirmation_release", &["release_id", "unit"], false).await?;
        table(
            manager,
            "contest",
            vec![
                key(),
                text("cluster"),
                text("unit"),
                text("kind"),
                text("keys"),
                text("reason"),
                number("person_id"),
                number("at"),
                maybe_text("reply"),
                maybe_number("replied_by"),
                maybe_number("replied_at"),
            ],
        )
        .await?;
        index(manager, "contest", "contest_cluster", &["cluster", "unit"], false).await?;
        table(
            manager,
            "known_mapping",
            vec![
                key(),
                text("cluster"),
                text("unit"),
                text("kind"),
                text("headers"),
                text("mapping"),
                number("at"),
            ],
        )
        .await?;
        index(
            manager,
            "known_mapping",
            "known_mapping_headers",
            &["cluster", "unit", "kind", "headers"],
            true,
        )
        .await?;
        table(
            manager,
            "trail",
            vec![
                key(),
                number("at"),
                maybe_text("cluster"),
                maybe_text("unit"),
                maybe_number("person_id"),
                text("act"),
                text("about"),
                maybe_text("on_behalf"),
            ],
        )
        .await?;
        index(manager, "trail", "trail_cluster", &["cluster", "at"], false).await?;
        index(manager, "trail", "trail_unit", &["unit", "at"], false).await?;
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
