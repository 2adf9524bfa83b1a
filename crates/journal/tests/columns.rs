//! The order of columns is part of every digest: a kind grows only at its end.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

use giaouoc_agreement::kinds;

/// When this fails because a kind has grown, the new columns must stand below all others of their kind, and
/// no line that was there may have changed: otherwise every journal that holds records of it breaks.
#[test]
fn columns_stay_where_they_are() {
    let mut text = String::new();
    for kind in kinds::builtin() {
        text += &format!("{}\n", kind.id);
        for (place, column) in kind.columns.iter().enumerate() {
            let personal = if column.personal { ", personal" } else { "" };
            text += &format!("  {place:>2} {} {}{personal}\n", column.id, column.ty.name());
        }
    }
    insta::assert_snapshot!(text);
}
