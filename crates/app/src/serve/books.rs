//! Workbooks for the pages: made from the bundle as it is now.

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_web::sheet::Sheet;
use giaouoc_web::workbooks::Workbooks;

use super::Folder;
use super::work::said;
use crate::bundle;
use crate::fault::Outcome;
use crate::journal::now;
use crate::workbook::prefill::{Ask, prefilled};
use crate::workbook::template::{For, template};

/// Makes them.
pub struct Books {
    folder: Folder,
}

impl Books {
    /// For the clusters of a folder.
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }

    fn made(&self, ask: &dyn Fn() -> Outcome<Vec<u8>>) -> Result<Vec<u8>, Text> {
        // Files of the journal are merged now and then while nobody looks: what was just gone is found anew.
        ask().or_else(|_| ask()).map_err(|fault| said(&fault))
    }
}

fn template_of(kind: &str, lang: Lang) -> Outcome<Vec<u8>> {
    template(bundle::kind(kind)?, None, lang)
}

impl Workbooks for Books {
    fn template(&self, cluster: &str, unit: &str, kind: &str, lang: Lang) -> Result<Vec<u8>, Text> {
        self.made(&|| {
            let loaded = bundle::load(&self.folder.cluster(cluster))?;
            let unit = loaded.bundle.cluster.unit(unit);
            template(bundle::kind(kind)?, Some(For { loaded: &loaded, unit }), lang)
        })
    }

    fn blank(&self, kind: &str, lang: Lang) -> Result<Vec<u8>, Text> {
        template_of(kind, lang).map_err(|fault| said(&fault))
    }

    fn prefilled(&self, cluster: &str, unit: &str, sheet: &Sheet, lang: Lang) -> Result<Vec<u8>, Text> {
        self.made(&|| {
            let loaded = bundle::load(&self.folder.cluster(cluster))?;
            prefilled(&Ask { loaded: &loaded, sheet, slug: cluster, unit, lang, at: now() })
        })
    }
}
