//! Runs the built program on real and awkward input.
#![allow(clippy::unwrap_used, reason = "tests")]

mod bad_input;
mod docs;
mod example;
mod program;
mod real;
mod schema;
