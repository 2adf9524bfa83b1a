//! A mapping that a unit has used for files with these headers.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_mapping")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub unit: String,
    pub kind: String,
    pub headers: String,
    pub mapping: String,
    pub at: i64,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
