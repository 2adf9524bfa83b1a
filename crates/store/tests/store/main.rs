//! The store on both databases. Each test has one body and runs on a fresh SQLite file and on a fresh PostgreSQL database
//! (`…::sqlite`, `…::postgres`). Without Debian's package `postgresql` the latter say that they are skipped, or
//! fail where `GIAOUOC_NEED_POSTGRES` is set, as `scripts/test` does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: bodies stand outside of the test functions that run them"
)]

mod agreeing;
mod base;
mod boards;
mod circulars;
mod clusters;
mod drafts;
mod evidence;
mod jobs;
mod known;
mod letters;
mod matters;
mod migrate;
mod notices;
mod people;
mod pictures;
mod questions;
mod releases;
mod sessions;
mod sign_on;
mod tokens;
mod trail;
mod upkeep;
mod uploads;
mod writes;
