//! A day of a cluster's calendar.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub day: String,
    pub name_vi: String,
    pub name_en: String,
    pub sort: String,
    pub source: String,
    pub person_id: i64,
    pub at: i64,
    pub gone_at: Option<i64>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
