//! A planned or published release.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub number: i64,
    pub name_vi: String,
    pub name_en: String,
    pub confirm_by: i64,
    pub publish_at: i64,
    pub planned_by: i64,
    pub planned_at: i64,
    pub published_at: Option<i64>,
    pub board_id: Option<i64>,
    pub standing: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
