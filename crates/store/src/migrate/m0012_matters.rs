//! Matters of the year's work: fields, steps, history, who joins, questions; and days of a cluster's calendar.

use sea_orm_migration::prelude::*;

use super::columns::{flag, index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0012_matters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let matter = vec![
            key(),
            text("cluster"),
            text("unit"),
            text("sort"),
            text("code"),
            flag("common"),
            text("fields"),
            text("state"),
            flag("public"),
            number("version"),
            flag("carried"),
            number("begun_by"),
            number("begun_at"),
            number("changed_at"),
            maybe_number("gone_at"),
            maybe_number("gone_by"),
            maybe_text("gone_reason"),
        ];
        table(manager, "matter", matter).await?;
        let matter_personal = vec![key(), number("matter_id"), text("field"), text("value")];
        table(manager, "matter_personal", matter_personal).await?;
        let matter_step = vec![
            key(),
            number("matter_id"),
            text("step"),
            text("day"),
            number("at"),
            number("person_id"),
            maybe_text("on_behalf"),
            maybe_text("note"),
            maybe_number("gone_at"),
            maybe_number("gone_by"),
            maybe_text("gone_reason"),
        ];
        table(manager, "matter_step", matter_step).await?;
        let matter_edit = vec![
            key(),
            number("matter_id"),
            number("at"),
            number("person_id"),
            maybe_text("on_behalf"),
            maybe_text("reason"),
            text("changes"),
        ];
        table(manager, "matter_edit", matter_edit).await?;
        let matter_joined = vec![
            key(),
            number("matter_id"),
            text("cluster"),
            text("unit"),
            flag("yes"),
            text("day"),
            maybe_number("number"),
            text("said"),
            text("result"),
            maybe_text("result_day"),
            number("person_id"),
            maybe_text("on_behalf"),
            number("at"),
        ];
        table(manager, "matter_joined", matter_joined).await?;
        let matter_question = vec![
            key(),
            number("matter_id"),
            text("text"),
            number("at"),
            maybe_number("person_id"),
            flag("there"),
            text("state"),
            maybe_text("aside_reason"),
            text("owner"),
            maybe_text("due"),
            maybe_text("reply"),
            maybe_number("replied_at"),
            maybe_number("replied_by"),
            maybe_text("on_behalf"),
        ];
        table(manager, "matter_question", matter_question).await?;
        let event = vec![
            key(),
            text("cluster"),
            text("day"),
            text("name_vi"),
            text("name_en"),
            text("sort"),
            text("source"),
            number("person_id"),
            number("at"),
            maybe_number("gone_at"),
        ];
        table(manager, "event", event).await?;
        let report = vec![
            key(),
            number("matter_id"),
            text("unit"),
            text("body"),
            number("version"),
            maybe_number("sent_at"),
            number("changed_at"),
            number("person_id"),
            maybe_text("on_behalf"),
        ];
        table(manager, "matter_report", report).await?;
        let point = vec![
            key(),
            number("matter_id"),
            text("text"),
            text("unit"),
            text("due"),
            number("at"),
            number("person_id"),
            maybe_text("done_day"),
            maybe_text("done_note"),
            maybe_number("done_at"),
        ];
        table(manager, "matter_point", point).await?;
        index(manager, "matter_report", "matter_report_unit", &["matter_id", "unit"], true).await?;
        index(manager, "matter_point", "matter_point_of", &["matter_id"], false).await?;
        index(manager, "matter", "matter_code", &["cluster", "sort", "code"], true).await?;
        index(manager, "matter", "matter_unit", &["cluster", "unit"], false).await?;
        index(manager, "matter_personal", "matter_personal_field", &["matter_id", "field"], true).await?;
        index(manager, "matter_step", "matter_step_of", &["matter_id"], false).await?;
        index(manager, "matter_edit", "matter_edit_of", &["matter_id"], false).await?;
        index(manager, "matter_joined", "matter_joined_unit", &["matter_id", "cluster", "unit"], true)
            .await?;
        index(manager, "matter_joined", "matter_joined_by", &["cluster", "unit"], false).await?;
        index(manager, "matter_question", "matter_question_of", &["matter_id"], false).await?;
        index(manager, "event", "event_cluster", &["cluster"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
