//! A question asked in a matter.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matter_question")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub matter_id: i64,
    pub text: String,
    pub at: i64,
    pub person_id: Option<i64>,
    pub there: bool,
    pub state: String,
    pub aside_reason: Option<String>,
    pub owner: String,
    pub due: Option<String>,
    pub reply: Option<String>,
    pub replied_at: Option<i64>,
    pub replied_by: Option<i64>,
    pub on_behalf: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
