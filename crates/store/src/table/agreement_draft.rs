//! Drafts of agreements.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_draft")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cluster: String,
    pub number: i64,
    pub stage: String,
    pub base: String,
    pub before: Option<String>,
    pub version: i64,
    pub digest: Option<String>,
    pub respond_by: Option<String>,
    pub circulated_at: Option<i64>,
    pub frozen_at: Option<i64>,
    pub in_force_at: Option<i64>,
    pub ceremony: Option<String>,
    pub later: Option<String>,
    pub rev: i64,
    pub person_id: i64,
    pub created_at: i64,
}

/// None: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
