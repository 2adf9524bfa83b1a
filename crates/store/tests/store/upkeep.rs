//! What whoever looks after the installation asks.

use giaouoc_store::boards;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::people::{self, Purpose};
use giaouoc_store::sessions;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::upkeep::{self, By};
use giaouoc_store::{Age, Store};
use sea_orm::ConnectionTrait as _;

use crate::base::{Base, DAY, NOW, both, somebody};

both!(
    a_database_is_looked_at_without_being_changed,
    jobs_that_failed_or_hang_are_named,
    files_that_boards_speak_of_are_named,
    the_newest_instant_and_heads_are_known,
    log_ins_and_links_of_the_past_are_over,
);

async fn a_database_is_looked_at_without_being_changed(base: Base) {
    if base.is_sqlite() {
        assert!(Store::look(&base.url).await.is_err(), "a file that is missing is not made");
        base.raw().await.close().await.unwrap();
    }
    let (store, age) = Store::look(&base.url).await.unwrap();
    assert_eq!(age, Age::Empty);
    store.close().await.unwrap();
    base.store().await.close().await.unwrap();
    assert_eq!(Store::look(&base.url).await.unwrap().1, Age::Current);
    let raw = base.raw().await;
    raw.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE '0002%'").await.unwrap();
    assert_eq!(Store::look(&base.url).await.unwrap().1, Age::Older(1));
    raw.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('9999_later', 1)")
        .await
        .unwrap();
    let (store, age) = Store::look(&base.url).await.unwrap();
    assert_eq!(age, Age::Newer("9999_later".into()));
    assert!(store.size().await.unwrap() > 1_000);
}

async fn jobs_that_failed_or_hang_are_named(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let first = jobs::ask(on, Work::Check, "c", Some(1), None, NOW).await.unwrap();
    let second = jobs::ask(on, Work::Load, "c", Some(1), None, NOW).await.unwrap();
    assert_eq!(upkeep::stuck(on, NOW).await.unwrap(), []);
    assert_eq!(upkeep::stuck(on, NOW + 1).await.unwrap().len(), 2);
    jobs::take(on, NOW + 5).await.unwrap();
    let stuck: Vec<i64> = upkeep::stuck(on, NOW + 5).await.unwrap().iter().map(|job| job.id).collect();
    assert_eq!(stuck, [second], "it was begun later");
    jobs::end(on, first, Some(("v".into(), "e".into())), NOW + 9).await.unwrap();
    let failed = upkeep::failed(on, NOW + 9).await.unwrap();
    assert_eq!(
        (failed[0].id, failed[0].work.as_str(), failed[0].error_en.as_deref()),
        (first, "check", Some("e"))
    );
    assert_eq!(upkeep::failed(on, NOW + 10).await.unwrap(), []);
    let mut counted = upkeep::jobs(on).await.unwrap();
    counted.sort();
    assert_eq!(counted, [("check".into(), "failed".into(), 1), ("load".into(), "waiting".into(), 1)]);
}

async fn files_that_boards_speak_of_are_named(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let board = boards::keep(on, "c", 3, "d", "s".into(), NOW).await.unwrap();
    boards::keep_file(on, board, "figures.json", "ab").await.unwrap();
    let files = upkeep::files(on).await.unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!((files[0].sha256.as_str(), files[0].by, files[0].id), ("ab", By::Board, board));
}

async fn the_newest_instant_and_heads_are_known(base: Base) {
    let store = base.store().await;
    let on = store.read();
    assert_eq!(upkeep::newest(on).await.unwrap(), None);
    trail::write(on, Line::new(NOW + 7, Act::Plan, "x".to_owned())).await.unwrap();
    boards::keep(on, "c", 3, "d", "s".into(), NOW).await.unwrap();
    boards::keep(on, "c", 2, "e", "s".into(), NOW).await.unwrap();
    assert_eq!(upkeep::newest(on).await.unwrap(), Some(NOW + 7));
    assert_eq!(upkeep::heads(on).await.unwrap(), [("c".to_owned(), 3)]);
}

async fn log_ins_and_links_of_the_past_are_over(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let person = somebody(&store).await;
    sessions::begin(on, person.id, "t", "a", NOW).await.unwrap();
    people::add_ticket(on, person.id, Purpose::First, "k", NOW + DAY).await.unwrap();
    assert!(sessions::known(on, "t", 0, 0).await.unwrap().is_some());
    upkeep::end_all(on, NOW).await.unwrap();
    assert!(sessions::known(on, "t", 0, 0).await.unwrap().is_none());
    assert_eq!(base.count("ticket WHERE used_at IS NULL").await, 0);
}
