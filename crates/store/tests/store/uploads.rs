//! Uploads.

use giaouoc_store::uploads::{self, New, State};
use giaouoc_store::{Result, Store, StoreError};

use crate::base::{Base, NOW, both, twice};

both!(
    a_file_is_received,
    what_is_said_of_an_upload_is_kept_and_nothing_else_changes,
    uploads_are_listed_newest_first,
    a_step_is_taken_once,
    of_two_who_press_at_once_one_wins,
    an_unknown_state_is_said,
    bytes_are_forgotten_and_nothing_that_is_used,
);

fn new(unit: &str) -> New {
    New {
        cluster: "c".to_owned(),
        kind: "dossier".to_owned(),
        supplier: Some("VPUB".to_owned()),
        unit: unit.to_owned(),
        person: 7,
        on_behalf: Some("CV 12/SNV".to_owned()),
        name: "Hồ sơ quý II.xlsx".to_owned(),
        sha256: "ab".repeat(32),
        bytes: 5_000_000_000,
    }
}

async fn a_file_is_received(base: Base) {
    let store = base.store().await;
    let id = uploads::receive(store.read(), new("SNV"), NOW).await.unwrap();
    let got = uploads::get(store.read(), id).await.unwrap().unwrap();
    assert_eq!(
        (got.id, got.cluster.as_str(), got.kind.as_str(), got.unit.as_str()),
        (id, "c", "dossier", "SNV")
    );
    assert_eq!((got.supplier.as_deref(), got.on_behalf.as_deref()), (Some("VPUB"), Some("CV 12/SNV")));
    assert_eq!((got.person, got.name.as_str(), got.bytes), (7, "Hồ sơ quý II.xlsx", 5_000_000_000));
    assert_eq!((got.sha256, got.state, got.created_at), ("ab".repeat(32), State::Received, NOW));
    assert_eq!((got.mapping, got.reason, got.result, got.head, got.entry), (None, None, None, None, None));
    assert_eq!(uploads::get(store.read(), id + 1).await.unwrap(), None);
}

async fn what_is_said_of_an_upload_is_kept_and_nothing_else_changes(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let id = uploads::receive(on, new("SNV"), NOW).await.unwrap();
    let other = uploads::receive(on, new("SNV"), NOW).await.unwrap();
    let mut expected = uploads::get(on, id).await.unwrap().unwrap();
    let same = uploads::get(on, other).await.unwrap();

    uploads::set_result(on, id, None, "{}".to_owned()).await.unwrap();
    expected.result = Some("{}".to_owned());
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    uploads::set_result(on, id, Some("position"), "[]".to_owned()).await.unwrap();
    (expected.kind, expected.result) = ("position".to_owned(), Some("[]".to_owned()));
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    uploads::set_reading(on, id, "dossier", Some("[columns]".to_owned())).await.unwrap();
    (expected.kind, expected.mapping) = ("dossier".to_owned(), Some("[columns]".to_owned()));
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    uploads::set_reading(on, id, "dossier", None).await.unwrap();
    expected.mapping = None;
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    uploads::set_reason(on, id, Some("gõ nhầm".to_owned())).await.unwrap();
    expected.reason = Some("gõ nhầm".to_owned());
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    uploads::set_head(on, id, 41).await.unwrap();
    expected.head = Some(41);
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    uploads::set_entry(on, id, Some(42), NOW + 1).await.unwrap();
    expected.entry = Some(42);
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap(), expected);
    assert_eq!(uploads::get(on, other).await.unwrap(), same);
}

async fn uploads_are_listed_newest_first(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let mut ids = Vec::new();
    for unit in ["SNV", "TTTP", "SNV", "SNV"] {
        ids.push(uploads::receive(on, new(unit), NOW).await.unwrap());
    }
    uploads::receive(on, New { cluster: "d".to_owned(), ..new("SNV") }, NOW).await.unwrap();
    let list = async |unit, most| {
        let list = uploads::list(on, "c", unit, most).await.unwrap();
        list.into_iter().map(|upload| upload.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, 9).await, [ids[3], ids[2], ids[1], ids[0]]);
    assert_eq!(list(Some("SNV"), 2).await, [ids[3], ids[2]]);
    assert_eq!(list(Some("VPUB"), 9).await, [0; 0]);
}

async fn a_step_is_taken_once(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let id = uploads::receive(on, new("SNV"), NOW).await.unwrap();
    let other = uploads::receive(on, new("SNV"), NOW).await.unwrap();
    let from = [State::Checked, State::Received];
    assert!(uploads::step(on, id, &from, State::Wanted).await.unwrap());
    assert!(!uploads::step(on, id, &from, State::Wanted).await.unwrap());
    assert!(!uploads::step(on, 999, &from, State::Wanted).await.unwrap());
    assert!(!uploads::step(on, id, &[], State::Undone).await.unwrap(), "from nowhere");
    assert_eq!(uploads::get(on, id).await.unwrap().unwrap().state, State::Wanted);
    assert_eq!(uploads::get(on, other).await.unwrap().unwrap().state, State::Received);
}

async fn of_two_who_press_at_once_one_wins(base: Base) {
    let store = base.store().await;
    let press = |store: Store, id: i64| async move {
        let write = store.write().await?;
        let mine = uploads::step(write.on(), id, &[State::Received], State::Wanted).await?;
        tokio::task::yield_now().await;
        write.commit().await?;
        Result::Ok(mine)
    };
    for _ in 0..5 {
        let id = uploads::receive(store.read(), new("SNV"), NOW).await.unwrap();
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(press(store.clone(), id))).collect();
        let mut won = 0;
        for task in tasks {
            won += usize::from(task.await.unwrap().unwrap());
        }
        assert_eq!(won, 1);
    }
    let id = uploads::receive(store.read(), new("SNV"), NOW).await.unwrap();
    let press =
        twice(&store, async |write| uploads::step(write.on(), id, &[State::Received], State::Wanted).await);
    assert_eq!(press.await, [true, false]);
}

async fn an_unknown_state_is_said(base: Base) {
    use sea_orm::ConnectionTrait as _;
    let store = base.store().await;
    let id = uploads::receive(store.read(), new("SNV"), NOW).await.unwrap();
    base.raw().await.execute_unprepared("UPDATE upload SET state = 'lost'").await.unwrap();
    match uploads::get(store.read(), id).await {
        Err(StoreError::Unreadable { table: "upload", column: "state", found }) => assert_eq!(found, "lost"),
        other => panic!("{other:?}"),
    }
}

async fn bytes_are_forgotten_and_nothing_that_is_used(base: Base) {
    use giaouoc_store::{boards, drafts, evidence, upkeep};
    let store = base.store().await;
    let on = store.read();
    let digest = |letter: &str| letter.repeat(64);
    let bring = async |letter: &str, at: i64, state: State| {
        let id = uploads::receive(on, New { sha256: digest(letter), ..new("SNV") }, at).await.unwrap();
        uploads::step(on, id, &[State::Received], state).await.unwrap();
        id
    };
    let old = bring("a", NOW - 10, State::Loaded).await;
    let rejects = format!("{{\"rejects_file\":\"{}\"}}", digest("b"));
    uploads::set_result(on, old, None, rejects).await.unwrap();
    let looked_at = bring("c", NOW - 10, State::Checked).await;
    // At work, young, and of bytes that something else speaks of too.
    bring("d", NOW - 10, State::Wanted).await;
    let young = bring("e", NOW, State::Loaded).await;
    bring("e", NOW - 10, State::Undone).await;
    for letter in ["0", "1", "2"] {
        bring(letter, NOW - 10, State::Refused).await;
    }
    let board = boards::keep(on, "c", 1, "d", "s".into(), NOW).await.unwrap();
    boards::keep_file(on, board, "figures.json", &digest("0")).await.unwrap();
    let shown = evidence::New { sha256: digest("1"), name: "x".into(), media: "x".into(), bytes: 1 };
    evidence::add(on, ("c", "dialogue", "K"), "SNV", shown, 7, NOW).await.unwrap();
    let fields = format!("[\"{}\"]", digest("2"));
    let draft = drafts::Draft {
        id: 0,
        cluster: "c".into(),
        unit: "SNV".into(),
        kind: "dialogue".into(),
        record: String::new(),
        person: 7,
        fields,
        at: NOW,
    };
    drafts::keep(on, draft).await.unwrap();

    let gone = uploads::forget_bytes(on, "c", NOW, NOW + 1).await.unwrap();
    assert_eq!(gone.len(), 6);
    assert!(gone.iter().any(|(id, result)| *id == old && result.is_some()));
    assert!(uploads::forget_bytes(on, "c", NOW, NOW + 2).await.unwrap().is_empty());
    assert_eq!(uploads::forgotten(on, "c").await.unwrap(), ["a", "b", "c"].map(digest));
    let row = uploads::get(on, old).await.unwrap().unwrap();
    assert_eq!((row.bytes_gone_at, row.sha256, row.state), (Some(NOW + 1), digest("a"), State::Loaded));
    assert_eq!(uploads::get(on, young).await.unwrap().unwrap().bytes_gone_at, None);
    // Nothing that needs bytes is asked of it any more; taking it back needs none.
    assert!(!uploads::step(on, looked_at, &[State::Checked], State::Wanted).await.unwrap());
    assert!(!uploads::step(on, looked_at, &[State::Checked], State::Received).await.unwrap());
    assert!(uploads::step(on, old, &[State::Loaded], State::Unwanted).await.unwrap());
    // The doctor misses nothing that was meant to go.
    let spoken: Vec<String> = upkeep::files(on).await.unwrap().into_iter().map(|file| file.sha256).collect();
    assert!(spoken.contains(&digest("e")) && spoken.contains(&digest("d")) && !spoken.contains(&digest("a")));
}
