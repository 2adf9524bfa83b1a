//! What was known when: entries in SQL, and figures computed once more.

use giaouoc_store::manifest::{self, Entry};
use giaouoc_store::recounts;

use crate::base::{Base, DAY, NOW, both};

both!(entries_are_paged_newest_first_and_made_again, what_came_of_a_recount_is_kept);

fn entry(number: i64) -> Entry {
    Entry {
        number,
        at: NOW + number,
        what: "upload".to_owned(),
        kind: Some("dossier".to_owned()),
        hash: format!("{number:064x}"),
        prev: format!("{:064x}", number - 1),
        said: ("nạp".to_owned(), "loaded".to_owned()),
        ..Entry::default()
    }
}

async fn entries_are_paged_newest_first_and_made_again(base: Base) {
    let store = base.store().await;
    let on = store.read();
    assert_eq!(manifest::last(on, "c").await.unwrap(), None);
    manifest::add(on, "c", (0..450).map(entry).collect()).await.unwrap();
    manifest::add(on, "d", vec![entry(0)]).await.unwrap();
    assert_eq!(manifest::last(on, "c").await.unwrap(), Some(entry(449)));
    let page = manifest::page(on, "c", Some(10), 4).await.unwrap();
    assert_eq!(page, [entry(9), entry(8), entry(7), entry(6)]);
    // A number stands once.
    assert!(manifest::add(on, "c", vec![entry(3)]).await.is_err());
    manifest::clear(on, "c").await.unwrap();
    assert_eq!(manifest::last(on, "c").await.unwrap(), None);
    assert_eq!(manifest::last(on, "d").await.unwrap(), Some(entry(0)));
}

async fn what_came_of_a_recount_is_kept(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let first = recounts::ask(on, "c", 7, Some("2020-06-30".to_owned()), None, NOW).await.unwrap();
    let second = recounts::ask(on, "c", 7, None, Some("12".to_owned()), NOW + DAY).await.unwrap();
    recounts::ask(on, "d", 8, None, None, NOW).await.unwrap();
    assert_eq!(recounts::asked_since(on, 7, NOW + 1).await.unwrap(), 1);
    assert_eq!(recounts::asked_since(on, 7, NOW).await.unwrap(), 2);
    recounts::end(on, first, Ok("{}".to_owned()), NOW + 5).await.unwrap();
    let wrong = ("không được".to_owned(), "no".to_owned());
    recounts::end(on, second, Err(wrong.clone()), NOW + 6).await.unwrap();
    let all = recounts::of(on, "c", 10).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!((&all[0].error, &all[0].known_at), (&Some(wrong), &Some("12".to_owned())));
    let done = recounts::get(on, first).await.unwrap().unwrap();
    assert_eq!((done.files.as_deref(), done.ended_at, done.person), (Some("{}"), Some(NOW + 5), 7));
}
