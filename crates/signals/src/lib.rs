//! Questions raised by data: rules and records in, questions with evidence out. None touches a figure or verdict.
//!
//! What this crate is not: it reads no files, knows no clock and prints nothing. It says what is worth asking; why
//! data are as they are only the unit can say.

pub mod columns;
pub mod dossiers;
pub mod finding;
pub mod near;
pub mod peers;
pub mod rules;
