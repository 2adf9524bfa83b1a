//! A letter that is to be sent by mail.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "letter")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub person_id: i64,
    pub kind: String,
    pub path: Option<String>,
    pub about_vi: String,
    pub about_en: String,
    pub once: Option<String>,
    pub state: String,
    pub tries: i64,
    pub due_at: i64,
    pub error: Option<String>,
    pub created_at: i64,
    pub ended_at: Option<i64>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
