//! What a cluster said to a notice of the city's board.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "circular_reply")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub circular_id: i64,
    pub cluster: String,
    pub reply: Option<String>,
    pub person_id: i64,
    pub at: i64,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
