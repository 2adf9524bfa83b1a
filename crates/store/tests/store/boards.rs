//! Measured scoreboards.

use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::drafts::{self, Draft};
use giaouoc_store::uploads::{self, New};
use giaouoc_store::{Result, Store};
use giaouoc_store::{boards, releases};
use giaouoc_store::{evidence, recounts};

use crate::base::{Base, NOW, both, twice};

both!(
    the_same_figures_are_kept_once,
    the_same_figures_measured_at_once_are_kept_once,
    a_form_of_a_board_is_kept_once,
    old_provisional_boards_are_forgotten_and_published_ones_stay,
    a_file_that_anything_else_speaks_of_stays_when_its_board_goes,
);

async fn keep(store: &Store, cluster: &str, head: i64, digest: &str) -> i64 {
    boards::keep(store.read(), cluster, head, digest, format!("sheet {digest}"), NOW).await.unwrap()
}

async fn the_same_figures_are_kept_once(base: Base) {
    let store = base.store().await;
    let on = store.read();
    assert_eq!(boards::newest(on, "c").await.unwrap(), None);
    assert_eq!(boards::newest_id(on, "c").await.unwrap(), None);
    let first = keep(&store, "c", 1, "aa").await;
    assert_eq!(keep(&store, "c", 1, "aa").await, first);
    let elsewhere = keep(&store, "d", 1, "aa").await;
    let more_known = keep(&store, "c", 2, "aa").await;
    let other_day = keep(&store, "c", 2, "bb").await;
    assert_eq!(keep(&store, "c", 2, "bb").await, other_day);
    // The newest one must be the one that was measured last.
    let back = keep(&store, "c", 2, "aa").await;
    let mut all = vec![first, elsewhere, more_known, other_day, back];
    all.dedup();
    assert_eq!(all.len(), 5);
    let newest = boards::newest(on, "c").await.unwrap().unwrap();
    assert_eq!((newest.id, newest.head, newest.digest.as_str()), (back, 2, "aa"));
    assert_eq!((newest.sheet.as_str(), newest.made_at), ("sheet aa", NOW));
    assert_eq!(boards::newest_id(on, "c").await.unwrap(), Some(back));
    assert_eq!(boards::newest_id(on, "d").await.unwrap(), Some(elsewhere));
    assert_eq!(boards::get(on, other_day).await.unwrap().unwrap().digest, "bb");
    assert_eq!(boards::get(on, 999).await.unwrap(), None);
}

async fn the_same_figures_measured_at_once_are_kept_once(base: Base) {
    let store = base.store().await;
    let cluster =
        Cluster { slug: "c".to_owned(), name_vi: String::new(), name_en: String::new(), year: 2026 };
    clusters::put(store.read(), &cluster, NOW).await.unwrap();
    let measure = |store: Store, head: i64| async move {
        let write = store.write().await?;
        let board = boards::keep(write.on(), "c", head, "aa", "sheet".to_owned(), NOW).await?;
        tokio::task::yield_now().await;
        boards::keep_file(write.on(), board, "figures.json", "f1").await?;
        write.commit().await?;
        Result::Ok(board)
    };
    for head in 1..=5 {
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(measure(store.clone(), head))).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    }
    let [first, second] = twice(&store, async |write| {
        let board = boards::keep(write.on(), "c", 6, "aa", "sheet".to_owned(), NOW).await?;
        boards::keep_file(write.on(), board, "figures.json", "f1").await?;
        Ok(board)
    })
    .await;
    assert_eq!(first, second);
    assert_eq!(base.count("board").await, 6);
    assert_eq!(base.count("board_file").await, 6);
}

async fn a_form_of_a_board_is_kept_once(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let one = keep(&store, "c", 1, "aa").await;
    let two = keep(&store, "c", 2, "bb").await;
    boards::keep_file(on, one, "report.vi.html", "f1").await.unwrap();
    boards::keep_file(on, two, "report.vi.html", "f2").await.unwrap();
    // A board is what was published: a later form does not take its place.
    boards::keep_file(on, one, "report.vi.html", "f3").await.unwrap();
    twice(&store, async |write| boards::keep_file(write.on(), one, "figures.json", "f4").await).await;
    assert_eq!(boards::file(on, one, "report.vi.html").await.unwrap().as_deref(), Some("f1"));
    assert_eq!(boards::file(on, two, "report.vi.html").await.unwrap().as_deref(), Some("f2"));
    assert_eq!(boards::file(on, one, "report.en.html").await.unwrap(), None);
}

async fn old_provisional_boards_are_forgotten_and_published_ones_stay(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let mut ids = Vec::new();
    for head in 1..=5 {
        let at = NOW + head;
        let id = boards::keep(on, "c", head, &format!("d{head}"), String::new(), at).await.unwrap();
        boards::keep_file(on, id, "figures.json", &format!("own {head}")).await.unwrap();
        // The same bytes in the first and the last one.
        let shared = if head == 1 || head == 5 { "shared".to_owned() } else { format!("report {head}") };
        boards::keep_file(on, id, "report.html", &shared).await.unwrap();
        ids.push(id);
    }
    let elsewhere = boards::keep(on, "d", 1, "e", String::new(), NOW).await.unwrap();
    let plan = releases::Plan {
        cluster: "c".to_owned(),
        name_vi: String::new(),
        name_en: String::new(),
        confirm_by: NOW,
        publish_at: NOW,
        person: 1,
    };
    releases::plan(on, plan, NOW).await.unwrap();
    let release = releases::get(on, "c", 1).await.unwrap().unwrap();
    releases::publish(on, release.id, ids[1], String::new(), NOW).await.unwrap();

    let mut gone = boards::forget(on, "c", NOW + 4).await.unwrap();
    gone.sort();
    assert_eq!(gone, ["own 1", "own 3", "report 3"], "what another board has stays");
    let mut left = Vec::new();
    for id in ids.iter().chain([&elsewhere]) {
        left.push(boards::get(on, *id).await.unwrap().is_some());
    }
    assert_eq!(left, [false, true, false, true, true, true]);
    // The newest stays however old it is.
    assert_eq!(boards::forget(on, "c", NOW + 1_000).await.unwrap(), ["own 4", "report 4"]);
    assert_eq!(boards::newest_id(on, "c").await.unwrap(), Some(ids[4]));
}

async fn a_file_that_anything_else_speaks_of_stays_when_its_board_goes(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let digest = |letter: &str| letter.repeat(64);
    let old = keep(&store, "c", 1, "aa").await;
    for letter in ["1", "2", "3", "4", "5", "6"] {
        boards::keep_file(on, old, letter, &digest(letter)).await.unwrap();
    }
    keep(&store, "c", 2, "bb").await;
    // Somebody downloaded the report and brought it back as a file; or as evidence; and so on.
    let new = New {
        cluster: "c".into(),
        kind: "dossier".into(),
        supplier: None,
        unit: "SNV".into(),
        person: 7,
        on_behalf: None,
        name: "báo cáo.xlsx".into(),
        sha256: digest("1"),
        bytes: 1,
    };
    let upload = uploads::receive(on, new, NOW).await.unwrap();
    let result = format!("{{\"rejects_file\":\"{}\"}}", digest("2"));
    uploads::set_result(on, upload, None, result).await.unwrap();
    let shown = evidence::New {
        sha256: digest("3"),
        name: "báo cáo.pdf".into(),
        media: "application/pdf".into(),
        bytes: 1,
    };
    evidence::add(on, ("c", "dialogue", "DT-1"), "SNV", shown, 7, NOW).await.unwrap();
    let recount = recounts::ask(on, "c", 7, None, None, NOW).await.unwrap();
    let files = format!("{{\"report.vi.html\":\"{}\"}}", digest("4"));
    recounts::end(on, recount, Ok(files), NOW).await.unwrap();
    let draft = Draft {
        id: 0,
        cluster: "c".into(),
        unit: "SNV".into(),
        kind: "dialogue".into(),
        record: String::new(),
        person: 7,
        fields: format!("{{\"files\":[{{\"sha256\":\"{}\"}}]}}", digest("5")),
        at: NOW,
    };
    drafts::keep(on, draft).await.unwrap();
    assert_eq!(boards::forget(on, "c", NOW + 4).await.unwrap(), [digest("6")]);
    // Whoever looks after the installation knows of them.
    let spoken = giaouoc_store::upkeep::files(on).await.unwrap();
    let spoken: Vec<&str> = spoken.iter().map(|file| &file.sha256[..1]).collect();
    assert_eq!(spoken, ["1", "3", "4"]);
}
