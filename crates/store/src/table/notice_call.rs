//! Something that whoever holds a role is told of.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_call")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub once: String,
    pub roles: String,
    pub kind: String,
    pub cluster: String,
    pub of_unit: Option<String>,
    pub unit: Option<String>,
    pub path: String,
    pub about_vi: String,
    pub about_en: String,
    pub due: Option<String>,
    pub created_at: i64,
    pub done_at: Option<i64>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
