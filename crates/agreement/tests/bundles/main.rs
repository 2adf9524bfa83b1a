//! Whole bundles: what is said about broken ones, what is asked of whole ones, what they become.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod charter;
mod examples;
mod harness;
mod hostile;
mod questions;
mod reader;
mod units;
mod versions;
mod wrong;
