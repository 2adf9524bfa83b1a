//! Results as text: tables, JSON, CSV, Markdown. All show the same figures.

pub mod board;
pub mod csv;
pub mod grid;
pub mod md;
pub mod split;
pub mod table;
