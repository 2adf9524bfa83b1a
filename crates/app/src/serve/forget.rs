//! Files that were sent are removed after so many days as the configuration says. The upload, its digest and what came of it stay.
//! Bytes that nothing speaks of, such as those of a form that was refused and never sent again, are removed after a day, always.

use std::collections::HashSet;
use std::io;

use giaouoc_agreement::text::Text;
use giaouoc_store::jobs::Job;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Store, StoreError, clusters, upkeep, uploads};
use giaouoc_web::files::{Files, There};
use giaouoc_web::preview::Preview;

use super::now;
use super::work::Worker;
use crate::fault::{Fault, Outcome};

/// A day, in microseconds.
const DAY: i64 = 24 * 3_600 * 1_000_000;
/// Bytes that somebody brought again within the last hour are left alone: it may not be written down yet what speaks of them.
pub const YOUNG: i64 = 3_600 * 1_000_000;

/// Removes what is too old. Broken off anywhere and done again, it ends the same.
pub fn forget(worker: &Worker, job: &Job) -> Outcome {
    // The folder is the installation's: once a day is enough, with the first of its clusters.
    let all = worker.ask(clusters::all(worker.store.read()))?;
    if all.first().is_some_and(|first| first.slug == job.cluster) {
        let gone = worker.ask(orphans(&worker.store, &worker.files, now()))?;
        let gone = gone.map_err(|error| unremovable(&error))?;
        if gone > 0 {
            tracing::info!(target: "giaouoc::files", files = gone, "bytes that nothing speaks of were removed");
        }
    }
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
        worker.files.forget(&sha256, now() - YOUNG).map_err(|error| unremovable(&error))?;
    }
    Ok(())
}

fn unremovable(error: &io::Error) -> Fault {
    Fault::System(Text::new(
        format!("không xoá được một tệp quá thời hạn lưu: {error}"),
        format!("a file that is older than files are kept cannot be removed: {error}"),
    ))
}

/// Removes files of a board that was forgotten. Any of these can be computed again from the journal: what cannot be removed now is
/// only in the way. What somebody has just brought again stays, for it may not be written down yet what speaks of it.
pub fn of_boards(files: &Files, gone: &[String], now: i64) {
    for sha256 in gone {
        let _ = files.forget(sha256, now - YOUNG);
    }
}

/// Files that nothing speaks of, of any age.
pub fn unspoken(files: &Files, spoken: &HashSet<String>) -> io::Result<Vec<There>> {
    let mut found = files.all()?;
    found.retain(|file| !spoken.contains(&file.sha256));
    Ok(found)
}

/// Removes bytes that nothing has spoken of for a day; says how many files there were.
async fn orphans(store: &Store, files: &Files, now: i64) -> Result<io::Result<usize>, StoreError> {
    // The files first: what comes after that is none of them, and who speaks of one of them is asked later.
    let there = match files.all() {
        Ok(there) => there,
        Err(error) => return Ok(Err(error)),
    };
    let spoken = upkeep::all_spoken_of(store.read()).await?;
    let mut gone = 0;
    for file in there.iter().filter(|file| file.at < now - DAY && !spoken.contains(&file.sha256)) {
        match files.forget(&file.sha256, now - DAY) {
            Ok(true) => gone += 1,
            Ok(false) => {}
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(gone))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use giaouoc_store::drafts::{self, Draft};
    use giaouoc_store::uploads::New;
    use giaouoc_store::{boards, evidence, file_url, people};

    use super::*;

    const NOW: i64 = 1_593_579_600_000_000;

    fn aged(files: &Files, sha256: &str, at: i64) {
        let file = std::fs::File::options().write(true).open(files.path(sha256).unwrap()).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_micros(u64::try_from(at).unwrap())).unwrap();
    }

    #[test]
    fn a_file_of_a_forgotten_board_that_was_just_brought_again_stays() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path());
        let [old, young] = ["old", "young"].map(|what| files.keep(what, what.as_bytes()).unwrap());
        aged(&files, &old, NOW - YOUNG - 1);
        aged(&files, &young, NOW - YOUNG + 1);
        let gone = [old.clone(), young.clone(), "0".repeat(64)];
        of_boards(&files, &gone, NOW);
        assert!(!files.path(&old).unwrap().exists() && files.path(&young).unwrap().exists());
    }

    #[tokio::test]
    async fn bytes_that_nothing_speaks_of_go_after_a_day_and_those_that_anything_speaks_of_stay() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&file_url(&folder.path().join("x.sqlite"))).await.unwrap();
        let files = Files::new(folder.path().join("files"));
        let on = store.read();
        let lan = people::add(on, "lan@x.vn", "Lan", "vi", NOW).await.unwrap().id;
        let keep = |what: &str| files.keep(what, what.as_bytes()).unwrap();
        let names = ["sent", "rejects", "shown", "board", "draft", "orphan", "young"];
        let [sent, rejects, shown, board, draft, orphan, young] = names.map(keep);
        let new = New {
            cluster: "c".into(),
            kind: "dossier".into(),
            supplier: None,
            unit: "u".into(),
            person: lan,
            on_behalf: None,
            name: "x.csv".into(),
            sha256: sent.clone(),
            bytes: 4,
        };
        let upload = uploads::receive(on, new, NOW).await.unwrap();
        uploads::set_result(on, upload, None, format!("{{\"rejects\":\"{rejects}\"}}")).await.unwrap();
        let file = evidence::New {
            sha256: shown.clone(),
            name: "x.pdf".into(),
            media: "application/pdf".into(),
            bytes: 5,
        };
        evidence::add(on, ("c", "agreement", "1"), "u", file, lan, NOW).await.unwrap();
        let id = boards::keep(on, "c", 1, "aa", "{}".into(), NOW).await.unwrap();
        boards::keep_file(on, id, "figures.json", &board).await.unwrap();
        let form = Draft {
            id: 0,
            cluster: "c".into(),
            unit: "u".into(),
            kind: "agreement".into(),
            record: "1".into(),
            person: lan,
            fields: format!("{{\"scan\":{{\"sha256\":\"{draft}\"}}}}"),
            at: NOW,
        };
        let form = drafts::keep(on, form).await.unwrap();
        for sha256 in [&sent, &rejects, &shown, &board, &draft, &orphan] {
            aged(&files, sha256, NOW - DAY - 1);
        }
        aged(&files, &young, NOW - DAY + 1);
        let spoken = upkeep::all_spoken_of(on).await.unwrap();
        assert_eq!(unspoken(&files, &spoken).unwrap().len(), 2);
        assert_eq!(orphans(&store, &files, NOW).await.unwrap().unwrap(), 1);
        assert!(!files.path(&orphan).unwrap().exists());
        for sha256 in [&sent, &rejects, &shown, &board, &draft, &young] {
            assert!(files.path(sha256).unwrap().exists());
        }
        // The form is given up: a day later its bytes go too; those of the young one as well.
        drafts::forget(on, form, lan).await.unwrap();
        assert_eq!(orphans(&store, &files, NOW + DAY).await.unwrap().unwrap(), 2);
        assert_eq!(orphans(&store, &files, NOW + DAY).await.unwrap().unwrap(), 0);
    }
}
