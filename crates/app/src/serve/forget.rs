//! Files that were sent are removed after so many days as the configuration says. The upload, its digest and what came of it stay.

use giaouoc_agreement::text::Text;
use giaouoc_store::jobs::Job;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::uploads;
use giaouoc_web::preview::Preview;

use super::now;
use super::work::Worker;
use crate::fault::{Fault, Outcome};

/// A day, in microseconds.
const DAY: i64 = 24 * 3_600 * 1_000_000;
/// Bytes that somebody brought again within the last hour are left alone: it may not be written down yet what speaks of them.
const YOUNG: i64 = 3_600 * 1_000_000;

/// Removes what is too old. Broken off anywhere and done again, it ends the same.
pub fn forget(worker: &Worker, job: &Job) -> Outcome {
    let Some(days) = worker.keep_uploads_days else { return Ok(()) };
    let before = now() - i64::from(days) * DAY;
    worker.ask(async {
        let write = worker.store.write().await?;
        let gone = uploads::forget_bytes(write.on(), &job.cluster, before, now()).await?;
        for (id, result) in &gone {
            let preview: Option<Preview> = result.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let Some(mut preview) = preview else { continue };
            preview.forget_cells();
            if let Ok(text) = serde_json::to_string(&preview) {
                uploads::set_result(write.on(), *id, None, text).await?;
            }
        }
        if !gone.is_empty() {
            let line = Line::new(now(), Act::BytesGone, gone.len().to_string()).of(&job.cluster, None);
            trail::write(write.on(), line).await?;
        }
        write.commit().await
    })?;
    // What a try before this one did not come to remove is among them.
    for sha256 in worker.ask(uploads::forgotten(worker.store.read(), &job.cluster))? {
        worker.files.forget(&sha256, now() - YOUNG).map_err(|error| {
            Fault::System(Text::new(
                format!("không xoá được một tệp quá thời hạn lưu: {error}"),
                format!("a file that is older than files are kept cannot be removed: {error}"),
            ))
        })?;
    }
    Ok(())
}
