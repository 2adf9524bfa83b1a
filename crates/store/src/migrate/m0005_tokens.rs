//! Tokens of programs, and what their batches were answered.

use sea_orm_migration::prelude::*;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0005_tokens"
    }
}

#[derive(Clone, Copy)]
enum Holds {
    Number,
    Text,
}

/// A column: its name, what it holds, whether it may be unknown.
fn column((name, holds, known): (&'static str, Holds, bool)) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match holds {
        Holds::Number => column.big_integer(),
        Holds::Text => column.text(),
    };
    if known {
        column.not_null()
    } else {
        column.null()
    };
    column
}

async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: &[(&'static str, Holds, bool)],
) -> Result<(), DbErr> {
    let mut table = Table::create();
    let mut key = ColumnDef::new("id");
    key.big_integer().not_null().auto_increment().primary_key();
    table.table(name).col(&mut key);
    for one in columns {
        table.col(column(*one));
    }
    manager.create_table(table.to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use Holds::{Number, Text};
        let columns = [
            ("digest", Text, true),
            ("name", Text, true),
            ("cluster", Text, true),
            ("unit", Text, false),
            ("scopes", Text, true),
            ("person_id", Number, true),
            ("created_at", Number, true),
            ("expires_at", Number, true),
            ("used_at", Number, false),
            ("revoked_at", Number, false),
        ];
        table(manager, "token", &columns).await?;
        let mut once = Index::create();
        once.name("token_digest").table("token").col("digest").unique();
        manager.create_index(once.to_owned()).await?;
        let columns = [
            ("token_id", Number, true),
            ("key", Text, true),
            ("request", Text, true),
            ("answer", Text, true),
            ("at", Number, true),
        ];
        table(manager, "batch", &columns).await?;
        let mut once = Index::create();
        once.name("batch_key").table("batch").col("token_id").col("key").unique();
        manager.create_index(once.to_owned()).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
