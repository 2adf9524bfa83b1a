//! The tables, as rows. Nothing outside this crate sees them.
//!
//! Column types are those that both databases have: whole numbers of 64 bits, text, yes or no. Instants are
//! microseconds since 1970 in UTC; days are `YYYY-MM-DD`.

pub(crate) mod agreement_draft;
pub(crate) mod agreement_part;
pub(crate) mod agreement_version;
pub(crate) mod batch;
pub(crate) mod board;
pub(crate) mod board_file;
pub(crate) mod circular;
pub(crate) mod circular_reply;
pub(crate) mod cluster;
pub(crate) mod confirmation;
pub(crate) mod contest;
pub(crate) mod draft;
pub(crate) mod event;
pub(crate) mod evidence;
pub(crate) mod handover;
pub(crate) mod handover_correction;
pub(crate) mod job;
pub(crate) mod known_mapping;
pub(crate) mod letter;
pub(crate) mod manifest;
pub(crate) mod matter;
pub(crate) mod matter_edit;
pub(crate) mod matter_joined;
pub(crate) mod matter_personal;
pub(crate) mod matter_point;
pub(crate) mod matter_question;
pub(crate) mod matter_report;
pub(crate) mod matter_step;
pub(crate) mod notice;
pub(crate) mod notice_call;
pub(crate) mod notice_wish;
pub(crate) mod passkey;
pub(crate) mod person;
pub(crate) mod picture;
pub(crate) mod picture_person;
pub(crate) mod question;
pub(crate) mod recount;
pub(crate) mod release;
pub(crate) mod release_part;
pub(crate) mod role;
pub(crate) mod session;
pub(crate) mod sign_on;
pub(crate) mod ticket;
pub(crate) mod token;
pub(crate) mod trail;
pub(crate) mod upload;
