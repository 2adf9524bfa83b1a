//! Targets into column programs over Arrow batches, programs into figures.
//!
//! Words: a [`Plan`] is a list of rules compiled into one fused [`Program`] with the tallies that it feeds;
//! a [`Worker`] takes batches of records into a [`State`]; states are merged and finished into answers
//! ([`giaouoc_agreement::ask::Answer`]). `docs/measuring.md` says how.
//!
//! What it is not: it defines no meaning. The row evaluator of `giaouoc-agreement` does, and every program
//! is held against it.

mod bind;
mod bits;
mod clock;
mod col;
mod compile;
mod error;
mod plan;
mod program;
mod record;
mod run;
mod scan;
mod slots;
mod state;
mod units;

pub use bind::companion;
pub use error::MeasureError;
pub use plan::Plan;
pub use program::Program;
pub use record::{Found, find, values};
pub use scan::{Only, Options, Records, Source, accumulate, scan};
pub use state::{State, Worker};

use arrow::array::RecordBatch;
use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_worktime::CalendarSet;

/// Measures records in memory, on this thread: for examples, tests and small bundles.
///
/// # Errors
/// See [`Plan::new`] and [`Worker::accumulate`].
pub fn measure(
    kind: &Kind,
    asks: &[Ask],
    units: &[String],
    calendars: &CalendarSet,
    batches: &[RecordBatch],
) -> Result<Vec<Answer>, MeasureError> {
    let plan = Plan::new(kind, asks, units, calendars)?;
    let mut worker = Worker::new(&plan, false);
    for batch in batches {
        worker.accumulate(batch, None)?;
    }
    worker.into_state().finish(&plan)
}
