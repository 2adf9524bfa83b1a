//! What stands in a field about a person: kept apart, so that it can be erased.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matter_personal")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub matter_id: i64,
    pub field: String,
    pub value: String,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
