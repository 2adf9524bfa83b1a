//! A unit that takes part in a matter, or takes it up.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matter_joined")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub matter_id: i64,
    pub cluster: String,
    pub unit: String,
    pub yes: bool,
    pub day: String,
    pub number: Option<i64>,
    pub said: String,
    pub result: String,
    pub result_day: Option<String>,
    pub person_id: i64,
    pub on_behalf: Option<String>,
    pub at: i64,
    pub report_by: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
