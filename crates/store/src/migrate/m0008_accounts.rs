//! Letters that wait to be sent, log-ins at other providers, passkeys; whether a person wants notices; who logged in.

use sea_orm_migration::prelude::*;

use super::columns::{index, key, maybe_number, maybe_text, number, table, text};

pub(super) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "0008_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut notices = ColumnDef::new("notices");
        notices.big_integer().not_null().default(1);
        manager.alter_table(Table::alter().table("person").add_column(&mut notices).to_owned()).await?;
        let letter = vec![
            key(),
            number("person_id"),
            text("kind"),
            maybe_text("path"),
            text("about_vi"),
            text("about_en"),
            maybe_text("once"),
            text("state"),
            number("tries"),
            number("due_at"),
            maybe_text("error"),
            number("created_at"),
            maybe_number("ended_at"),
        ];
        table(manager, "letter", letter).await?;
        index(manager, "letter", "letter_once", &["once"], true).await?;
        index(manager, "letter", "letter_due", &["state", "due_at"], false).await?;
        let sign_on = vec![key(), number("person_id"), text("issuer"), text("sub"), number("at")];
        table(manager, "sign_on", sign_on).await?;
        index(manager, "sign_on", "sign_on_sub", &["issuer", "sub"], true).await?;
        index(manager, "sign_on", "sign_on_person", &["issuer", "person_id"], true).await?;
        let passkey = vec![
            key(),
            number("person_id"),
            text("name"),
            text("credential"),
            text("public_key"),
            number("uses"),
            number("at"),
            maybe_number("used_at"),
        ];
        table(manager, "passkey", passkey).await?;
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
