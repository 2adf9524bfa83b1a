//! A file that somebody brought.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub kind: String,
    pub supplier: Option<String>,
    pub unit: String,
    pub person_id: i64,
    pub on_behalf: Option<String>,
    pub name: String,
    pub sha256: String,
    pub bytes: i64,
    pub mapping: Option<String>,
    pub reason: Option<String>,
    pub state: String,
    pub result: Option<String>,
    pub head: Option<i64>,
    pub entry: Option<i64>,
    pub created_at: i64,
    pub ended_at: Option<i64>,
    pub bytes_gone_at: Option<i64>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
