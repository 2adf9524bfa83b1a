//! Bytes that nothing speaks of: what came with a form that was refused and never sent again.

use giaouoc_agreement::text::Lang;
use giaouoc_store::Store;
use giaouoc_store::upkeep;
use giaouoc_web::files::Files;
use tokio::runtime::Runtime;

use super::findings::Findings;
use crate::fault::{Fault, Outcome};
use crate::serve::{forget, now, store_fault};
use crate::upkeep::home::Home;
use crate::upkeep::size;

/// The service removes them after a day; two days later it has not.
const LATE: i64 = 2 * 24 * 3_600 * 1_000_000;

/// Counts them.
pub fn files(home: &Home, runtime: &Runtime, store: &Store, found: &mut Findings) -> Outcome {
    let spoken =
        runtime.block_on(upkeep::all_spoken_of(store.read())).map_err(|error| store_fault(&error))?;
    let folder = home.folder.files();
    let there =
        forget::unspoken(&Files::new(&folder), &spoken).map_err(|error| Fault::io(&folder, &error))?;
    let count = there.len();
    if count == 0 {
        found.fine("tệp nào trong files/ cũng có chỗ nhắc đến", "everything in files/ is spoken of");
        return Ok(());
    }
    let bytes = there.iter().map(|file| file.bytes).sum();
    let (vi, en) = (
        format!(
            "{count} tệp trong files/ ({}) không nơi nào nhắc đến, như tệp của biểu mẫu gửi dở",
            size(bytes, Lang::Vi)
        ),
        format!(
            "{count} files in files/ ({}) are spoken of by nothing, such as those of forms that were not sent again",
            size(bytes, Lang::En)
        ),
    );
    if there.iter().any(|file| file.at < now() - LATE) {
        found.note(
            vi,
            en,
            "hệ thống tự xoá những tệp cũ hơn một ngày; xem nó có chạy không",
            "the service removes those older than a day by itself; see whether it runs",
        );
    } else {
        found.fine(vi, en);
    }
    Ok(())
}
