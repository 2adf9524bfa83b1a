//! Pages of the service, and the gate before them.
//!
//! Not here: measuring, journals, files of records. Pages read what jobs have measured ([`sheet`]) and ask for work through
//! the store's queue; `giaouoc` does the work. One page is one file beside its template in `pages/`; every address stands in
//! `routes.rs` with who may come in.

pub mod access;
mod api;
pub mod asked;
mod assets;
mod base;
pub mod changes;
mod client;
pub mod drafting;
mod error;
pub mod evidence;
mod export;
pub mod files;
pub mod finding;
mod form;
mod gate;
mod html;
mod kept;
pub mod late;
mod late_list;
pub mod letters;
mod listed;
pub mod matters;
pub mod notices;
pub mod oidc;
pub mod opened;
mod pages;
mod passkey;
pub mod passwords;
pub mod preview;
mod public;
pub mod records;
pub mod registry;
mod routes;
mod second;
pub mod sheet;
pub mod small;
mod state;
pub mod tables;
pub mod terms;
mod waiting;
mod when;
mod who;
pub mod workbooks;

pub use crate::html::{digest, encoded};
pub use crate::pages::desk::NilRequest;
pub use crate::pages::draft_signed::{KIND as SIGNED_KIND, short as signed_short};
pub use crate::routes::{Route, router, routes};
pub use crate::state::{Edge, Inner, Site, State};
pub use crate::when::{day_of, moment_of};
