//! Work that is waiting, under way or over.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub work: String,
    pub cluster: String,
    pub about: Option<i64>,
    pub note: Option<String>,
    pub person_id: Option<i64>,
    pub state: String,
    pub tries: i64,
    pub done: i64,
    pub total: i64,
    pub error_vi: Option<String>,
    pub error_en: Option<String>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub once: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
