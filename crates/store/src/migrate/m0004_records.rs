//! Records by form: files that show what a record says, and forms that somebody has begun.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0004_records"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = || ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().to_owned();
        let number = |name: &'static str| ColumnDef::new(name).big_integer().not_null().to_owned();
        let text = |name: &'static str| ColumnDef::new(name).text().not_null().to_owned();
        let evidence = Table::create()
            .table("evidence")
            .col(key())
            .col(text("cluster"))
            .col(text("kind"))
            .col(text("record"))
            .col(text("unit"))
            .col(text("sha256"))
            .col(text("name"))
            .col(text("media"))
            .col(number("bytes"))
            .col(number("person_id"))
            .col(number("at"))
            .col(ColumnDef::new("gone_at").big_integer().null())
            .col(ColumnDef::new("gone_by").big_integer().null())
            .col(ColumnDef::new("gone_reason").text().null())
            .to_owned();
        manager.create_table(evidence).await?;
        let of_record = Index::create()
            .name("evidence_record")
            .table("evidence")
            .col("cluster")
            .col("kind")
            .col("record")
            .to_owned();
        manager.create_index(of_record).await?;
        let draft = Table::create()
            .table("draft")
            .col(key())
            .col(text("cluster"))
            .col(text("unit"))
            .col(text("kind"))
            .col(text("record"))
            .col(number("person_id"))
            .col(text("fields"))
            .col(number("at"))
            .to_owned();
        manager.create_table(draft).await?;
        // A person has one draft of a record; new records may have several, each is a draft of its own.
        let of_desk = Index::create()
            .name("draft_desk")
            .table("draft")
            .col("cluster")
            .col("unit")
            .col("person_id")
            .to_owned();
        manager.create_index(of_desk).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
