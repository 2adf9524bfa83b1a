//! Questions that the data raise with their replies, and what a release keeps beside its figures.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0006_signals"
    }
}

fn key() -> ColumnDef {
    let mut column = ColumnDef::new("id");
    column.big_integer().not_null().auto_increment().primary_key();
    column
}

fn number(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null();
    column
}

fn text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().not_null();
    column
}

fn maybe_number(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().null();
    column
}

fn maybe_text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().null();
    column
}

async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: Vec<ColumnDef>,
    unique: &[&'static str],
) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table(name);
    for mut column in columns {
        table.col(&mut column);
    }
    manager.create_table(table.to_owned()).await?;
    let mut index = Index::create();
    index.name(format!("{name}_once")).table(name).unique();
    for column in unique {
        index.col(*column);
    }
    manager.create_index(index.to_owned()).await
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
        table(manager, "question", question, &["cluster", "unit", "signal", "round"]).await?;
        let part = vec![key(), number("release_id"), text("name"), text("body")];
        table(manager, "release_part", part, &["release_id", "name"]).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
