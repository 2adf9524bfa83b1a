//! The list of planted tricks: what a look for odd data ought to find, and nothing else tells.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::Context as _;

use super::local;

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trick {
    /// Its due date was moved.
    ReDated,
    /// It was returned when about to be late, and is this new record.
    ReFiled,
    /// Its finish was entered just before it was due.
    Bunched,
}

/// Writes the list as CSV while the records are written.
#[derive(Debug)]
pub(super) struct Planted {
    csv: csv::Writer<BufWriter<File>>,
    /// Lines written: re-dated, re-filed, bunched.
    pub(super) counts: [u64; 3],
}

impl Planted {
    /// An empty list.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path)
            .with_context(|| format!("không ghi được / cannot write {}", path.display()))?;
        let mut csv = csv::Writer::from_writer(BufWriter::new(file));
        csv.write_record(["code", "trick", "earlier_code", "true_value"])?;
        Ok(Self { csv, counts: [0; 3] })
    }

    /// One line. `true_value` is what would have stood there: the due date of the clock, or the finish.
    pub(super) fn write(
        &mut self,
        trick: Trick,
        code: &str,
        earlier: &str,
        true_value: i64,
    ) -> anyhow::Result<()> {
        let (index, name) = match trick {
            Trick::ReDated => (0, "re-dated"),
            Trick::ReFiled => (1, "re-filed"),
            Trick::Bunched => (2, "bunched"),
        };
        if let Some(count) = self.counts.get_mut(index) {
            *count += 1;
        }
        self.csv.write_record([code, name, earlier, &local(true_value)])?;
        Ok(())
    }

    /// Ends the list.
    pub(super) fn finish(mut self) -> anyhow::Result<[u64; 3]> {
        self.csv.flush()?;
        Ok(self.counts)
    }
}
