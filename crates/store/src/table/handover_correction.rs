//! A correction of a handover that was received.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover_correction")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub handover_id: i64,
    pub body: String,
    pub reason: String,
    pub person_id: i64,
    pub at: i64,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
