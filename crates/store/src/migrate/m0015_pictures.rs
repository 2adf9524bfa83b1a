//! What pictures show: a caption, whether anybody can be known in it, who is shown and whether they have agreed.

use sea_orm_migration::prelude::*;

use super::columns::{flag, index, key, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0015_pictures"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let picture = vec![
            key(),
            number("evidence_id"),
            text("caption"),
            flag("looked"),
            number("person_id"),
            number("at"),
        ];
        table(manager, "picture", picture).await?;
        index(manager, "picture", "picture_evidence", &["evidence_id"], true).await?;
        let person = vec![
            key(),
            number("evidence_id"),
            text("name"),
            maybe_text("agreed_on"),
            number("person_id"),
            number("at"),
        ];
        table(manager, "picture_person", person).await?;
        index(manager, "picture_person", "picture_person_evidence", &["evidence_id"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
