//! A unit contests records that somebody else supplied.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contest")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub unit: String,
    pub kind: String,
    pub keys: String,
    pub reason: String,
    pub person_id: i64,
    pub at: i64,
    pub reply: Option<String>,
    pub replied_by: Option<i64>,
    pub replied_at: Option<i64>,
    pub supplier: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
