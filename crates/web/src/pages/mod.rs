//! The pages: one file each, beside its template.

pub(crate) mod account;
pub(crate) mod agreement;
pub(crate) mod board;
pub(crate) mod calendar;
pub(crate) mod circulars;
pub(crate) mod city;
pub(crate) mod clock;
pub(crate) mod desk;
pub(crate) mod draft;
pub(crate) mod draft_blocks;
pub(crate) mod draft_compare;
pub(crate) mod draft_edit;
pub(crate) mod draft_form;
pub(crate) mod draft_frame;
pub(crate) mod draft_lenses;
pub(crate) mod draft_library;
pub(crate) mod draft_notices;
pub(crate) mod draft_reply;
pub(crate) mod draft_round;
pub(crate) mod draft_scans;
pub(crate) mod draft_signed;
pub(crate) mod draft_signing;
pub(crate) mod draft_signing_page;
pub(crate) mod draft_targets;
pub(crate) mod draft_titles;
pub(crate) mod draft_unit;
pub(crate) mod drafts;
pub(crate) mod figure;
pub(crate) mod forgotten;
pub(crate) mod handovers;
pub(crate) mod home;
pub(crate) mod known;
pub(crate) mod lists;
pub(crate) mod login;
pub(crate) mod mapping;
pub(crate) mod matter;
pub(crate) mod matter_asks;
pub(crate) mod matter_desk;
pub(crate) mod matter_fields;
pub(crate) mod matter_form;
pub(crate) mod matter_history;
pub(crate) mod matter_join;
pub(crate) mod matter_next;
pub(crate) mod matter_others;
pub(crate) mod matter_pictures;
pub(crate) mod matter_steps;
pub(crate) mod matter_tasks;
pub(crate) mod matter_voices;
pub(crate) mod notices;
pub(crate) mod opinions;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod problem;
pub(crate) mod questions;
pub(crate) mod record;
pub(crate) mod record_fields;
pub(crate) mod record_form;
pub(crate) mod records;
pub(crate) mod registry;
pub(crate) mod releases;
pub(crate) mod review;
pub(crate) mod review_points;
pub(crate) mod review_report;
pub(crate) mod search;
pub(crate) mod setup;
pub(crate) mod setup_calendar;
pub(crate) mod sign_on;
pub(crate) mod telling;
pub(crate) mod templates;
pub(crate) mod terms;
pub(crate) mod tokens;
pub(crate) mod trail;
pub(crate) mod uploads;
pub(crate) mod work;
pub(crate) mod workbooks;

use giaouoc_store::clusters::{self, Cluster};

use crate::error::Failed;
use crate::state::State;

/// The cluster of an address.
pub(crate) async fn cluster(state: &State, slug: &str) -> Result<Cluster, Failed> {
    clusters::get(state.store.read(), slug).await?.ok_or(Failed::NotFound)
}
