//! A question that the data raise to a unit, with its reply.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub unit: String,
    pub signal: String,
    pub round: i64,
    pub digest: String,
    pub asked: String,
    pub first_seen: i64,
    pub last_seen: i64,
    pub gone_at: Option<i64>,
    pub reply: Option<String>,
    pub replied_by: Option<i64>,
    pub replied_at: Option<i64>,
    pub on_behalf: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
