//! Notices, and how their readers want them.

use giaouoc_store::notices::{self, Kind, Mail, New, Wish};
use giaouoc_store::people;

use crate::base::{Base, NOW, both, somebody, twice};

both!(
    of_one_matter_each_has_one_notice_until_it_is_done,
    what_is_due_first_stands_first,
    reading_is_noted_and_ends_what_asks_for_no_more,
    each_kind_is_switched_by_its_reader,
    the_daily_letter_has_what_is_new_and_what_is_due,
    of_two_who_raise_the_same_at_once_one_does,
    what_was_done_long_ago_is_forgotten,
);

fn new(kind: Kind, due: Option<&str>) -> New {
    New {
        kind,
        cluster: Some("six".into()),
        unit: Some("one".into()),
        path: "/c/six/desk/one/".into(),
        about_vi: "Quý I".into(),
        about_en: "First quarter".into(),
        due: due.map(str::to_owned),
    }
}

const DIGEST: Wish = Wish { shown: true, mail: Mail::Digest };

async fn of_one_matter_each_has_one_notice_until_it_is_done(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let hoa = people::add(on, "hoa@example.vn", "Hoa", "vi", NOW).await.unwrap().id;
    let release = new(Kind::Release, Some("2026-09-01"));
    for person in [lan, hoa] {
        assert!(notices::raise(on, person, "release six 1 one", &release, DIGEST, NOW).await.unwrap());
        assert!(!notices::raise(on, person, "release six 1 one", &release, DIGEST, NOW + 1).await.unwrap());
    }
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 1);
    assert_eq!(notices::unread(on, lan, 10).await.unwrap(), [Some("six".to_owned())]);
    // Done by one of them, it is done for all.
    assert_eq!(notices::done(on, "release six 1 one", NOW + 2).await.unwrap(), 2);
    assert_eq!(notices::done(on, "release six 1 one", NOW + 3).await.unwrap(), 0);
    assert!(notices::open(on, hoa, 10).await.unwrap().is_empty());
    // Raised again it is open again, and says what holds now.
    let later = new(Kind::Release, Some("2026-09-09"));
    assert!(notices::raise(on, lan, "release six 1 one", &later, DIGEST, NOW + 4).await.unwrap());
    let open = notices::open(on, lan, 10).await.unwrap();
    assert_eq!((open.len(), open[0].due.as_deref(), open[0].read_at), (1, Some("2026-09-09"), None));
    assert_eq!(base.count("notice").await, 2);
    notices::raise(on, hoa, "release six 1 two", &release, DIGEST, NOW).await.unwrap();
    assert_eq!(notices::done_all(on, "release six 1 ", NOW).await.unwrap(), 2);
}

async fn what_is_due_first_stands_first(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    for (once, due) in [("a", None), ("b", Some("2026-09-09")), ("c", Some("2026-09-01")), ("d", None)] {
        notices::raise(on, lan, once, &new(Kind::Task, due), DIGEST, NOW).await.unwrap();
    }
    let open = notices::open(on, lan, 10).await.unwrap();
    let due: Vec<Option<&str>> = open.iter().map(|notice| notice.due.as_deref()).collect();
    assert_eq!(due, [Some("2026-09-01"), Some("2026-09-09"), None, None]);
    assert!(open[2].id < open[3].id);
    assert_eq!((open[0].kind, open[0].unit.as_deref()), (Kind::Task, Some("one")));
}

async fn reading_is_noted_and_ends_what_asks_for_no_more(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    notices::raise(on, lan, "a", &new(Kind::Answer, None), DIGEST, NOW).await.unwrap();
    notices::raise(on, lan, "b", &new(Kind::Contest, None), DIGEST, NOW).await.unwrap();
    let open = notices::open(on, lan, 10).await.unwrap();
    notices::mark_read(on, lan + 1, Some(open[0].id), NOW).await.unwrap();
    assert_eq!(notices::unread(on, lan, 10).await.unwrap().len(), 2, "it is not theirs");
    notices::mark_read(on, lan, Some(open[0].id), NOW + 5).await.unwrap();
    let open = notices::open(on, lan, 10).await.unwrap();
    assert_eq!((open.len(), open[0].kind, open[0].read_at), (1, Kind::Contest, None));
    notices::mark_read(on, lan, None, NOW + 6).await.unwrap();
    let open = notices::open(on, lan, 10).await.unwrap();
    assert_eq!((open.len(), open[0].read_at), (1, Some(NOW + 6)), "an answer is still awaited");
    assert!(notices::unread(on, lan, 10).await.unwrap().is_empty());
}

async fn each_kind_is_switched_by_its_reader(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let usual = notices::wishes(on, lan).await.unwrap();
    assert_eq!(usual.len(), Kind::ALL.len());
    assert_eq!(usual[&Kind::Task], DIGEST);
    assert_eq!(usual[&Kind::Release].mail, Mail::AtOnce);
    notices::raise(on, lan, "a", &new(Kind::Task, Some("2026-09-01")), DIGEST, NOW).await.unwrap();
    let off = Wish { shown: false, mail: Mail::Off };
    for wish in [Wish { shown: true, mail: Mail::AtOnce }, off] {
        notices::set_wish(on, lan, Kind::Task, wish).await.unwrap();
        assert_eq!(notices::wishes(on, lan).await.unwrap()[&Kind::Task], wish);
    }
    assert_eq!(notices::wishes(on, lan).await.unwrap()[&Kind::Release], usual[&Kind::Release]);
    // What is open already goes too, and comes back.
    assert!(notices::open(on, lan, 10).await.unwrap().is_empty());
    assert!(notices::for_digest(on, "2026-12-31").await.unwrap().is_empty());
    notices::set_wish(on, lan, Kind::Task, DIGEST).await.unwrap();
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 1);
    notices::raise(on, lan, "b", &new(Kind::Task, None), off, NOW).await.unwrap();
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 1);
}

async fn the_daily_letter_has_what_is_new_and_what_is_due(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    for (once, due) in [("new", None), ("soon", Some("2026-09-02")), ("later", Some("2026-10-02"))] {
        notices::raise(on, lan, once, &new(Kind::Task, due), DIGEST, NOW).await.unwrap();
    }
    let at_once = Wish { shown: true, mail: Mail::AtOnce };
    notices::raise(on, lan, "letter", &new(Kind::Release, Some("2026-09-02")), at_once, NOW).await.unwrap();
    let first = notices::for_digest(on, "2026-09-01").await.unwrap();
    let ids: Vec<i64> = first[&lan].iter().map(|notice| notice.id).collect();
    assert_eq!(ids.len(), 3, "what had its own letter is not in it");
    notices::digested(on, &ids).await.unwrap();
    assert!(notices::for_digest(on, "2026-09-01").await.unwrap().is_empty());
    // The day before, it is said once more.
    let second = notices::for_digest(on, "2026-09-02").await.unwrap();
    assert_eq!(second[&lan].len(), 1);
    notices::done(on, "soon", NOW).await.unwrap();
    assert!(notices::for_digest(on, "2026-09-02").await.unwrap().is_empty());
}

async fn of_two_who_raise_the_same_at_once_one_does(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await.id;
    let raised = twice(&store, async |write: &giaouoc_store::Write| {
        notices::raise(write.on(), lan, "same", &new(Kind::Contest, None), DIGEST, NOW).await
    })
    .await;
    assert_eq!(raised.iter().filter(|one| **one).count(), 1);
    assert_eq!(base.count("notice").await, 1);
}

async fn what_was_done_long_ago_is_forgotten(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    for once in ["a", "b"] {
        notices::raise(on, lan, once, &new(Kind::Task, None), DIGEST, NOW).await.unwrap();
    }
    notices::done(on, "a", NOW).await.unwrap();
    assert_eq!(notices::forget(on, NOW).await.unwrap(), 0);
    assert_eq!(notices::forget(on, NOW + 1).await.unwrap(), 1);
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 1);
}
