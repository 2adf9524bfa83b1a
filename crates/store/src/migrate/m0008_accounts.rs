//! Letters that wait to be sent, log-ins at other providers, passkeys; whether a person wants notices; who logged in.

use sea_orm_migration::prelude::*;

use super::columns::index;

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0008_accounts"
    }
}

/// A column: its name, whether it may be empty; numbers are of 64 bits.
enum Of {
    Number(&'static str),
    MaybeNumber(&'static str),
    Text(&'static str),
    MaybeText(&'static str),
}

impl Of {
    fn column(&self) -> ColumnDef {
        let (name, number, maybe) = match self {
            Self::Number(name) => (*name, true, false),
            Self::MaybeNumber(name) => (*name, true, true),
            Self::Text(name) => (*name, false, false),
            Self::MaybeText(name) => (*name, false, true),
        };
        let mut column = ColumnDef::new(name);
        if number {
            column.big_integer();
        } else {
            column.text();
        }
        if maybe {
            column.null();
        } else {
            column.not_null();
        }
        column
    }
}

/// A table whose rows are counted.
async fn table(manager: &SchemaManager<'_>, name: &'static str, columns: &[Of]) -> Result<(), DbErr> {
    let mut id = ColumnDef::new("id");
    id.big_integer().not_null().auto_increment().primary_key();
    let mut table = Table::create();
    table.table(name).col(&mut id);
    for column in columns {
        table.col(column.column());
    }
    manager.create_table(table.to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use Of::{MaybeNumber, MaybeText, Number, Text};
        let mut notices = ColumnDef::new("notices");
        notices.big_integer().not_null().default(1);
        manager.alter_table(Table::alter().table("person").add_column(&mut notices).to_owned()).await?;
        let letter = [
            Number("person_id"),
            Text("kind"),
            MaybeText("path"),
            Text("about_vi"),
            Text("about_en"),
            MaybeText("once"),
            Text("state"),
            Number("tries"),
            Number("due_at"),
            MaybeText("error"),
            Number("created_at"),
            MaybeNumber("ended_at"),
        ];
        table(manager, "letter", &letter).await?;
        index(manager, "letter", "letter_once", &["once"], true).await?;
        index(manager, "letter", "letter_due", &["state", "due_at"], false).await?;
        let sign_on = [Number("person_id"), Text("issuer"), Text("sub"), Number("at")];
        table(manager, "sign_on", &sign_on).await?;
        index(manager, "sign_on", "sign_on_sub", &["issuer", "sub"], true).await?;
        index(manager, "sign_on", "sign_on_person", &["issuer", "person_id"], true).await?;
        let passkey = [
            Number("person_id"),
            Text("name"),
            Text("credential"),
            Text("public_key"),
            Number("uses"),
            Number("at"),
            MaybeNumber("used_at"),
        ];
        table(manager, "passkey", &passkey).await?;
        index(manager, "passkey", "passkey_credential", &["credential"], true).await?;
        index(manager, "passkey", "passkey_person", &["person_id"], false).await?;
        // A person's own log-ins, and refused tries at their address.
        index(manager, "trail", "trail_person", &["person_id", "act"], false).await?;
        index(manager, "trail", "trail_about", &["act", "about"], false).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // There is no way back: a backup is.
        Err(DbErr::Custom("migrations are not undone; restore a backup".to_owned()))
    }
}
