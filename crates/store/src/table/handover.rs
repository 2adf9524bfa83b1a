//! A handover of a cluster's headship.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub giver: String,
    pub taker: String,
    pub taker_person_id: i64,
    pub day: String,
    pub items: String,
    pub body: String,
    pub version: i64,
    pub person_id: i64,
    pub at: i64,
    pub receipt: Option<String>,
    pub received_by: Option<i64>,
    pub received_at: Option<i64>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
