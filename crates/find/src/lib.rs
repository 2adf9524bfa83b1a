//! Finding (*tìm kiếm*): documents in, hits out, in a folder that can be deleted and made again at any time.
//!
//! Not here: what the documents are. Whoever has the records and the pages makes [`Document`]s of them; every one carries who may
//! see it ([`Access`]), and that is part of each question: what a [`Reader`] may not see is neither shown nor counted.

mod document;
mod index;
mod words;

pub use crate::document::{Access, Asked, Document, Hit, Hits, Reader};
pub use crate::index::{FORMAT, FindError, Index, State, state};
pub use crate::words::{Piece, marked, snippet};
