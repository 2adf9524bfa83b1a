//! An entry of a journal, in SQL.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "manifest")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub number: i64,
    pub at: i64,
    pub what: String,
    pub kind: Option<String>,
    pub supplier: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
    pub plus: i64,
    pub minus: i64,
    pub prev: String,
    pub hash: String,
    pub said_vi: String,
    pub said_en: String,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
