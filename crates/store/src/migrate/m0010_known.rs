//! What was known when: the journals' entries in SQL, and figures that were computed once more as they were known then.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0010_known"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = || ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().to_owned();
        let number = |name: &'static str| ColumnDef::new(name).big_integer().not_null().to_owned();
        let text = |name: &'static str| ColumnDef::new(name).text().not_null().to_owned();
        let maybe = |name: &'static str| ColumnDef::new(name).text().null().to_owned();
        let manifest = Table::create()
            .table("manifest")
            .col(key())
            .col(text("cluster"))
            .col(number("number"))
            .col(number("at"))
            .col(text("what"))
            .col(maybe("kind"))
            .col(maybe("supplier"))
            .col(maybe("by"))
            .col(maybe("reason"))
            .col(number("plus"))
            .col(number("minus"))
            .col(text("prev"))
            .col(text("hash"))
            .col(text("said_vi"))
            .col(text("said_en"))
            .to_owned();
        manager.create_table(manifest).await?;
        let numbered = Index::create()
            .name("manifest_number")
            .table("manifest")
            .col("cluster")
            .col("number")
            .unique()
            .to_owned();
        manager.create_index(numbered).await?;
        let recount = Table::create()
            .table("recount")
            .col(key())
            .col(text("cluster"))
            .col(number("person_id"))
            .col(maybe("as_of"))
            .col(maybe("known_at"))
            .col(number("asked_at"))
            .col(ColumnDef::new("ended_at").big_integer().null())
            .col(maybe("files"))
            .col(maybe("error_vi"))
            .col(maybe("error_en"))
            .to_owned();
        manager.create_table(recount).await?;
        let of_cluster = Index::create().name("recount_cluster").table("recount").col("cluster").to_owned();
        manager.create_index(of_cluster).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
