//! Runs the built program on real and awkward input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests")]

mod bad_input;
mod browser;
mod checks;
mod differences;
mod docs;
mod example;
mod interrupt;
mod journal;
mod journal_files;
mod journey;
mod killed;
mod limits;
mod map_file;
mod personal;
mod planted;
mod program;
mod real;
mod rejected;
mod report;
mod schema;
mod service;
mod signals;
mod tour;
mod usage;
