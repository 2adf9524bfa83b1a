//! A step that was taken.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matter_step")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub matter_id: i64,
    pub step: String,
    pub day: String,
    pub at: i64,
    pub person_id: i64,
    pub on_behalf: Option<String>,
    pub note: Option<String>,
    pub gone_at: Option<i64>,
    pub gone_by: Option<i64>,
    pub gone_reason: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
