//! A file that shows what a record says.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub kind: String,
    pub record: String,
    pub unit: String,
    pub sha256: String,
    pub name: String,
    pub media: String,
    pub bytes: i64,
    pub person_id: i64,
    pub at: i64,
    pub gone_at: Option<i64>,
    pub gone_by: Option<i64>,
    pub gone_reason: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
