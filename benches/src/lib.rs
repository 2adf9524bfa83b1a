//! What the hand-written limit shares: the working calendar as tables, and the form of the answers.

pub mod answers;
pub mod calendar;
pub mod chunks;
pub mod columns;
