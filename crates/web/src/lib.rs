//! Pages of the service, and the gate before them.
//!
//! Not here: measuring, journals, files of records. Pages read what jobs have measured ([`sheet`]) and ask for work through
//! the store's queue; `giaouoc` does the work. One page is one file beside its template in `pages/`; every address stands in
//! `routes.rs` with who may come in.

pub mod access;
mod assets;
mod base;
mod error;
pub mod files;
mod form;
mod gate;
mod html;
mod pages;
pub mod passwords;
pub mod preview;
mod routes;
mod second;
pub mod sheet;
mod state;
mod when;
mod who;
pub mod workbooks;

pub use crate::pages::desk::NilRequest;
pub use crate::routes::{Route, router, routes};
pub use crate::state::{Edge, Inner, Site, State};
pub use crate::when::{day_of, moment_of};
