//! Questions that the data raise, their replies, what a release keeps.

use giaouoc_store::questions::{self, Found, Reply};
use giaouoc_store::{Store, clusters};

use crate::base::{Base, NOW, both, twice};

both!(
    a_question_is_asked_once_until_it_is_answered,
    an_answer_holds_until_something_else_is_found,
    what_is_no_longer_found_is_gone_and_can_come_back,
    a_question_is_answered_once_and_as_it_was_seen,
    a_release_keeps_the_first_of_a_name,
);

async fn store(base: &Base) -> Store {
    let store = base.store().await;
    let cluster = clusters::Cluster {
        slug: "c".to_owned(),
        name_vi: "C".to_owned(),
        name_en: "C".to_owned(),
        year: 2020,
    };
    clusters::put(store.read(), &cluster, NOW).await.unwrap();
    store
}

fn found(unit: &str, signal: &str, asked: &str) -> Found {
    Found {
        unit: unit.to_owned(),
        signal: signal.to_owned(),
        digest: format!("digest of {asked}"),
        asked: asked.to_owned(),
    }
}

async fn keep(store: &Store, list: &[Found], now: i64) {
    let write = store.write().await.unwrap();
    // An answer holds for what says no more than what was answered.
    questions::keep(write.on(), "c", list, |was, is| was.contains(is), now).await.unwrap();
    write.commit().await.unwrap();
}

async fn answer(store: &Store, id: i64, unit: &str, asked: &str) -> bool {
    let write = store.write().await.unwrap();
    let reply = Reply {
        cluster: "c".to_owned(),
        unit: unit.to_owned(),
        question: id,
        digest: format!("digest of {asked}"),
        reply: "có lý do".to_owned(),
        person: 7,
        on_behalf: Some("CV 3".to_owned()),
    };
    let done = questions::reply(write.on(), reply, NOW + 5).await.unwrap();
    write.commit().await.unwrap();
    done
}

/// Round, what is asked, whether it is open.
async fn rounds(store: &Store) -> Vec<(i64, String, bool)> {
    let all = questions::all(store.read(), "c").await.unwrap();
    all.into_iter().map(|one| (one.round, one.asked.clone(), one.open())).collect()
}

async fn a_question_is_asked_once_until_it_is_answered(base: Base) {
    let store = store(&base).await;
    keep(&store, &[found("u", "due-moved", "A"), found("v", "flipped", "B")], NOW).await;
    keep(&store, &[found("u", "due-moved", "A C"), found("v", "flipped", "B")], NOW + 1).await;
    assert_eq!(rounds(&store).await, [(1, "A C".into(), true), (1, "B".into(), true)]);
    let mine = questions::of(store.read(), "c", "u").await.unwrap();
    assert_eq!((mine.len(), mine[0].first_seen, mine[0].last_seen), (1, NOW, NOW + 1));
    assert_eq!((mine[0].unit.as_str(), mine[0].signal.as_str()), ("u", "due-moved"));
    assert_eq!(questions::all(store.read(), "d").await.unwrap(), []);
}

async fn an_answer_holds_until_something_else_is_found(base: Base) {
    let store = store(&base).await;
    keep(&store, &[found("u", "due-moved", "A C")], NOW).await;
    let id = questions::all(store.read(), "c").await.unwrap()[0].id;
    assert!(answer(&store, id, "u", "A C").await);
    keep(&store, &[found("u", "due-moved", "A")], NOW + 6).await;
    assert_eq!(rounds(&store).await, [(1, "A C".into(), false)], "the evidence that was answered stays");
    keep(&store, &[found("u", "due-moved", "A D")], NOW + 7).await;
    assert_eq!(rounds(&store).await, [(1, "A C".into(), false), (2, "A D".into(), true)]);
    let first = &questions::all(store.read(), "c").await.unwrap()[0];
    assert_eq!((first.reply.as_deref(), first.replied_by), (Some("có lý do"), Some(7)));
    assert_eq!((first.replied_at, first.on_behalf.as_deref()), (Some(NOW + 5), Some("CV 3")));
}

async fn what_is_no_longer_found_is_gone_and_can_come_back(base: Base) {
    let store = store(&base).await;
    keep(&store, &[found("u", "due-moved", "A")], NOW).await;
    keep(&store, &[], NOW + 1).await;
    keep(&store, &[], NOW + 2).await;
    let gone = &questions::all(store.read(), "c").await.unwrap()[0];
    assert_eq!((gone.gone_at, gone.open()), (Some(NOW + 1), false));
    keep(&store, &[found("u", "due-moved", "A")], NOW + 3).await;
    let back = &questions::all(store.read(), "c").await.unwrap()[0];
    assert_eq!((back.gone_at, back.round, back.first_seen, back.open()), (None, 1, NOW, true));
}

async fn a_question_is_answered_once_and_as_it_was_seen(base: Base) {
    let store = store(&base).await;
    keep(&store, &[found("u", "due-moved", "A")], NOW).await;
    let id = questions::all(store.read(), "c").await.unwrap()[0].id;
    assert!(!answer(&store, id, "v", "A").await, "another unit's");
    assert!(!answer(&store, id, "u", "B").await, "other evidence than what was seen");
    let reply = |person| Reply {
        cluster: "c".to_owned(),
        unit: "u".to_owned(),
        question: id,
        digest: "digest of A".to_owned(),
        reply: format!("{person}"),
        person,
        on_behalf: None,
    };
    let people = std::sync::atomic::AtomicI64::new(1);
    let both = twice(&store, async |write| {
        let person = people.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        questions::reply(write.on(), reply(person), NOW).await
    });
    assert_eq!(both.await, [true, false]);
    assert_eq!(questions::all(store.read(), "c").await.unwrap()[0].reply.as_deref(), Some("1"));
}

async fn a_release_keeps_the_first_of_a_name(base: Base) {
    let store = store(&base).await;
    let on = store.read();
    assert_eq!(questions::frozen(on, 1, "questions").await.unwrap(), None);
    for body in ["first", "second"] {
        questions::freeze(on, 1, "questions", body.to_owned()).await.unwrap();
    }
    questions::freeze(on, 1, "changes", "others".to_owned()).await.unwrap();
    assert_eq!(questions::frozen(on, 1, "questions").await.unwrap().as_deref(), Some("first"));
    assert_eq!(questions::frozen(on, 2, "questions").await.unwrap(), None);
}
