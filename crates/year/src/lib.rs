//! The year's work of a cluster, as rules: what a draft of an agreement, a dialogue, a movement, an exemplar or a review goes
//! through, who may take which step, and what follows from it.
//!
//! Pure: no clock, no chance, no files, no database. Days and instants come in as arguments. The store keeps what is made
//! here as JSON; pages show it; jobs write what is a record into the journal.

pub mod agreeing;
pub mod calendar;
pub mod consulting;
pub mod drafting;
pub mod honours;
pub mod late;
pub mod library;
pub mod lists;
pub mod matter;
pub mod next_year;
pub mod paper;
pub mod redline;
pub mod registering;
pub mod review;
pub mod rows;
pub mod signing;
pub mod sort;
pub mod start;
pub mod titles;
pub mod value;
pub mod yearbook;
