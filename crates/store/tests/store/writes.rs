//! Transactions, and many who write at once.

use std::time::Duration;

use giaouoc_store::people::{self, Purpose};
use giaouoc_store::{Result, Store};
use sea_orm::ConnectionTrait as _;

use crate::base::{Base, DAY, NOW, both, somebody, twice};

both!(
    what_is_not_committed_is_seen_by_nobody_else,
    what_is_dropped_changes_nothing,
    a_request_that_is_broken_off_changes_nothing,
    many_writers_all_get_their_turn,
    the_servers_own_isolation_does_not_matter,
    writers_that_wait_do_not_keep_readers_waiting,
    a_copy_is_whole_while_others_write,
);

async fn names(store: &Store) -> String {
    people::all(store.read()).await.unwrap().into_iter().map(|person| person.name).collect()
}

async fn what_is_not_committed_is_seen_by_nobody_else(base: Base) {
    let store = base.store().await;
    let write = store.write().await.unwrap();
    people::add(write.on(), "a@example.vn", "A", "vi", NOW).await.unwrap();
    assert_eq!(people::all(write.on()).await.unwrap().len(), 1);
    assert_eq!(names(&store).await, "");
    write.commit().await.unwrap();
    assert_eq!(names(&store).await, "A");
    drop(store);
    assert_eq!(names(&base.store().await).await, "A");
}

async fn what_is_dropped_changes_nothing(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await;
    for _ in 0..20 {
        let write = store.write().await.unwrap();
        people::add(write.on(), "a@example.vn", "A", "vi", NOW).await.unwrap();
        people::set_password(write.on(), lan.id, "x".to_owned()).await.unwrap();
        people::add_ticket(write.on(), lan.id, Purpose::Reset, "t", NOW + DAY).await.unwrap();
    }
    assert_eq!(people::all(store.read()).await.unwrap(), [lan]);
    assert_eq!(base.count("ticket").await, 0);
    // And the next one can write.
    let write = store.write().await.unwrap();
    people::add(write.on(), "a@example.vn", "A", "vi", NOW).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(people::all(store.read()).await.unwrap().len(), 2);
}

/// A browser that goes away ends its request wherever it is.
async fn a_request_that_is_broken_off_changes_nothing(base: Base) {
    let store = base.store().await;
    for round in 0..20_u64 {
        let task = tokio::spawn({
            let store = store.clone();
            async move {
                let write = store.write().await.unwrap();
                for number in 0.. {
                    let email = format!("{round}-{number}@example.vn");
                    people::add(write.on(), &email, "A", "vi", NOW).await.unwrap();
                }
            }
        });
        tokio::time::sleep(Duration::from_millis(round)).await;
        task.abort();
        let broken = task.await.unwrap_err();
        assert!(broken.is_cancelled(), "{broken}");
    }
    assert_eq!(names(&store).await, "");
    somebody(&store).await;
    let write = store.write().await.unwrap();
    people::add(write.on(), "a@example.vn", "A", "vi", NOW).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(people::all(store.read()).await.unwrap().len(), 2);
}

async fn many_writers_all_get_their_turn(base: Base) {
    let store = base.store().await;
    let writer = |store: Store, writer: i64| async move {
        for number in 0..10 {
            // A read first: on SQLite a transaction that begins by reading cannot always go on to write.
            let write = store.write().await?;
            let there = people::all(write.on()).await?.len();
            people::add(write.on(), &format!("{writer}-{number}@example.vn"), "A", "vi", NOW).await?;
            assert!(people::all(write.on()).await?.len() > there);
            write.commit().await?;
            // And single statements between them, as the queue's worker makes.
            people::add(store.read(), &format!("{writer}-{number}-b@example.vn"), "B", "vi", NOW).await?;
        }
        Result::Ok(())
    };
    let tasks: Vec<_> = (0..32).map(|number| tokio::spawn(writer(store.clone(), number))).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(base.count("person").await, 640);
}

/// A PostgreSQL server may have been told to show a transaction what was there when it began.
async fn the_servers_own_isolation_does_not_matter(base: Base) {
    if !base.is_sqlite() {
        let sql = "DO $$ BEGIN EXECUTE format(
            'ALTER DATABASE %I SET default_transaction_isolation = ''repeatable read''', current_database());
            END $$";
        base.raw().await.execute_unprepared(sql).await.unwrap();
    }
    let store = base.store().await;
    let [first, second] = twice(&store, async |write| {
        // A look first: from it on, such a transaction would see nothing new.
        people::all(write.on()).await?;
        Ok(people::add(write.on(), "lan@example.vn", "Lan", "vi", NOW).await?.id)
    })
    .await;
    assert_eq!(first, second);
}

async fn writers_that_wait_do_not_keep_readers_waiting(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await;
    let write = store.write().await.unwrap();
    people::set_lang(write.on(), lan.id, "en").await.unwrap();
    // More than there are connections.
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let write = store.write().await?;
                people::set_lang(write.on(), lan.id, "vi").await?;
                write.commit().await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    // The first writer is still at it. A reader that cannot get a connection fails after half a minute.
    let read = people::get(store.read(), lan.id).await.unwrap().unwrap();
    assert_eq!(read.lang, "vi");
    write.commit().await.unwrap();
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    assert_eq!(people::get(store.read(), lan.id).await.unwrap().unwrap().lang, "vi");
}

async fn a_copy_is_whole_while_others_write(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await;
    let folder = tempfile::Builder::new().prefix("bản sao 'năm'").tempdir().unwrap();
    let path = folder.path().join("sao lưu.sqlite");
    let write = store.write().await.unwrap();
    people::add(write.on(), "a@example.vn", "A", "vi", NOW).await.unwrap();
    let copied = store.copy_to(&path).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(copied, base.is_sqlite());
    if copied {
        let copy = Store::open(&giaouoc_store::file_url(&path)).await.unwrap();
        assert_eq!(people::all(copy.read()).await.unwrap(), [lan]);
        assert!(store.copy_to(&path).await.is_err(), "a copy does not overwrite another");
    }
}
