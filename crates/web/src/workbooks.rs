//! The port to whoever makes workbooks: pages ask, the program that has the bundles answers.

use std::sync::{Arc, OnceLock};

use giaouoc_agreement::text::{Lang, Text};

use crate::sheet::Sheet;

/// What an upload is called that is a unit's own workbook: it holds several kinds.
pub const KIND: &str = "workbook";

/// Makes workbooks. Calls may take seconds: they run where waiting is allowed.
pub trait Workbooks: Send + Sync {
    /// The template of a kind, with the unit filled in.
    ///
    /// # Errors
    /// Why there is none, in words for an officer.
    fn template(&self, cluster: &str, unit: &str, kind: &str, lang: Lang) -> Result<Vec<u8>, Text>;

    /// The template of a kind for nobody in particular.
    ///
    /// # Errors
    /// Why there is none, in words for an officer.
    fn blank(&self, _kind: &str, _lang: Lang) -> Result<Vec<u8>, Text> {
        Err(Text::new("Ở đây không lập được bảng tính.", "No workbooks are made here."))
    }

    /// The workbook of a unit with what is known, for the period of the figures.
    ///
    /// # Errors
    /// Why there is none, in words for an officer.
    fn prefilled(&self, cluster: &str, unit: &str, sheet: &Sheet, lang: Lang) -> Result<Vec<u8>, Text>;
}

/// Where the maker of workbooks is plugged in; nothing in a site that has none.
#[derive(Clone, Default)]
pub struct Port(Arc<OnceLock<Box<dyn Workbooks>>>);

impl Port {
    /// Plugs it in, once.
    pub fn set(&self, workbooks: impl Workbooks + 'static) {
        // A second one would be a mistake of the program; the first stays.
        let _ = self.0.set(Box::new(workbooks));
    }

    pub(crate) fn get(&self) -> Option<&dyn Workbooks> {
        self.0.get().map(AsRef::as_ref)
    }
}
