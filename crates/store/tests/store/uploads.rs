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
