//! The `giaouoc` program.

fn main() {}
