//! A matter of the year's work.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matter")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub unit: String,
    pub sort: String,
    pub code: String,
    pub common: bool,
    pub fields: String,
    pub state: String,
    pub public: bool,
    pub version: i64,
    pub carried: bool,
    pub begun_by: i64,
    pub begun_at: i64,
    pub changed_at: i64,
    pub gone_at: Option<i64>,
    pub gone_by: Option<i64>,
    pub gone_reason: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
