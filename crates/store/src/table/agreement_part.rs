//! What is said and done about drafts: opinions, replies, paragraphs, signatures.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_part")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub draft_id: i64,
    pub sort: String,
    pub unit: String,
    pub place: String,
    pub rev: i64,
    pub body: String,
    pub person_id: i64,
    pub at: i64,
    pub on_behalf: Option<String>,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
