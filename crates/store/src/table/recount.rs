//! Figures that somebody had computed once more, as of another day or as they were known at another time.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recount")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub person_id: i64,
    pub as_of: Option<String>,
    pub known_at: Option<String>,
    pub asked_at: i64,
    pub ended_at: Option<i64>,
    pub files: Option<String>,
    pub error_vi: Option<String>,
    pub error_en: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
