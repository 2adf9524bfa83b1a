//! Results as text: tables, JSON, CSV, Markdown.

pub mod grid;
