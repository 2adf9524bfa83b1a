//! The language of emulation agreements (*giao ước thi đua*): record kinds, conditions, targets, periods,
//! figures, judging. Pure: bytes and values come in, typed trees and verdicts go out.
//!
//! What this crate is not: it reads no files, knows no clock, and measures nothing at size. It has a plain
//! row evaluator ([`lang::eval()`]) that defines what a condition means; `giaouoc-measure` compiles the same
//! typed tree ([`lang::Typed`]) into column programs, and the two must agree.

pub mod agreement_file;
pub mod ask;
pub mod bundle;
pub mod calendar_file;
pub mod cell;
pub mod check;
pub mod cluster;
pub mod compare;
pub mod coverage;
pub mod digest;
pub mod examples;
pub mod figure;
pub mod judge;
pub mod kind;
pub mod kinds;
pub mod lang;
pub mod limit;
pub mod need;
pub mod period;
pub mod problem;
pub mod reports;
pub mod scoreboard;
pub mod target;
pub mod text;
pub mod toml_read;
pub mod totals;
pub mod value;
