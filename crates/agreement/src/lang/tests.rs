//! Tests of the language.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say what went wrong by stopping")]

mod cases;
mod documented;
mod properties;
mod runs;
mod said;
mod sample;
mod wrong;
