//! Jobs that failed, and jobs that nobody seems to do.

use giaouoc_store::Store;
use giaouoc_store::upkeep::{self, Seen};
use jiff::Timestamp;
use tokio::runtime::Runtime;

use super::findings::Findings;
use crate::fault::Outcome;
use crate::serve::{now, store_fault};

/// Failures of so long ago are history: a week.
const RECENT: i64 = 7 * 24 * 3_600 * 1_000_000;
/// A job that is not done after so long hangs: an hour.
const LONG: i64 = 3_600 * 1_000_000;
/// So many are named.
const NAMED: usize = 5;

/// Looks at the queue.
pub fn jobs(runtime: &Runtime, store: &Store, found: &mut Findings) -> Outcome {
    let fault = |error| store_fault(&error);
    let failed = runtime.block_on(upkeep::failed(store.read(), now() - RECENT)).map_err(fault)?;
    let stuck = runtime.block_on(upkeep::stuck(store.read(), now() - LONG)).map_err(fault)?;
    if failed.is_empty() && stuck.is_empty() {
        found.fine("không việc nào hỏng hay đứng yên", "no job failed or hangs");
    }
    for job in failed.iter().take(NAMED) {
        let (why_vi, why_en) =
            (job.error_vi.as_deref().unwrap_or("?"), job.error_en.as_deref().unwrap_or("?"));
        found.note(
            format!("{} hỏng: {why_vi}", named(job, "việc")),
            format!("{} failed: {why_en}", named(job, "job")),
            "sửa điều đó; người gửi làm lại trên trang của đơn vị",
            "mend it; whoever asked for it does it again at the unit's desk",
        );
    }
    if failed.len() > NAMED {
        let more = failed.len() - NAMED;
        found.note(
            format!("và {more} việc hỏng khác trong bảy ngày qua"),
            format!("and {more} more failed jobs within seven days"),
            "xem nhật ký của hệ thống (journalctl -u giaouoc)",
            "look at the service's log (journalctl -u giaouoc)",
        );
    }
    for job in stuck.iter().take(NAMED) {
        let since = Timestamp::from_microsecond(job.started_at.unwrap_or(job.created_at));
        let since = since.map_or_else(|_| String::new(), super::super::instant);
        found.wrong(
            format!("{} chưa xong từ {since} (lần thử {})", named(job, "việc"), job.tries),
            format!("{} is not done since {since} (try {})", named(job, "job"), job.tries),
            "xem hệ thống có chạy không; khởi động lại thì nó làm tiếp",
            "see whether the service runs; started again it goes on",
        );
    }
    Ok(())
}

fn named(job: &Seen, word: &str) -> String {
    format!("{word} {} ({}, {})", job.id, job.work, job.cluster)
}
