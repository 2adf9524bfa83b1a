//! Workbooks that officers fill in: a template of a kind, and the prefilled workbook of a unit. What they hold comes from the
//! kinds; what comes back goes through `giaouoc-intake` like any other file. `docs/workbooks.md` has their form.

mod cells;
pub mod command;
mod draw;
mod help;
pub mod mark;
pub mod prefill;
pub mod template;

#[cfg(test)]
mod tests;

use giaouoc_agreement::text::{Lang, Text};

use crate::fault::Fault;

/// A sentence in the language of the workbook.
fn say<'a>(lang: Lang, vi: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// A workbook that cannot be written is a fault of the program: everything in it is ours.
fn wrong(error: rust_xlsxwriter::XlsxError) -> Fault {
    Fault::System(Text::new(
        format!("không lập được bảng tính: {error}"),
        format!("the workbook cannot be made: {error}"),
    ))
}
