//! Something that a person is told of.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub person_id: i64,
    pub kind: String,
    pub cluster: Option<String>,
    pub unit: Option<String>,
    pub path: String,
    pub about_vi: String,
    pub about_en: String,
    pub once: String,
    pub due: Option<String>,
    pub shown: i64,
    pub digest: String,
    pub created_at: i64,
    pub read_at: Option<i64>,
    pub done_at: Option<i64>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
