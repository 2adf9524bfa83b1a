//! Notices, and how their readers want them.

use std::collections::HashSet;

use giaouoc_store::notices::{self, Called, Kind, Mail, New, Wish};
use giaouoc_store::people::{self, Role};

use crate::base::{Base, NOW, both, somebody, twice};

both!(
    of_one_matter_each_has_one_notice_until_it_is_done,
    what_is_due_first_stands_first,
    reading_is_noted_and_ends_what_asks_for_no_more,
    each_kind_is_switched_by_its_reader,
    the_daily_letter_has_what_is_new_and_what_is_due,
    of_two_who_raise_the_same_at_once_one_does,
    what_was_done_long_ago_is_forgotten,
    who_receives_a_role_later_is_told_of_what_is_open,
    who_no_longer_holds_a_role_is_no_longer_told,
    of_what_was_told_only_what_still_holds_stays,
    what_is_asked_until_a_day_is_not_asked_after_it,
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

const OFFICERS: Called<'_> =
    Called { roles: &[Role::Officer, Role::Leader], cluster: "six", unit: Some("one") };

async fn who_receives_a_role_later_is_told_of_what_is_open(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let task = new(Kind::Task, Some("2026-09-09"));
    for once in ["open", "closed"] {
        notices::call(on, once, OFFICERS, &task, NOW).await.unwrap();
    }
    notices::done(on, "closed", NOW).await.unwrap();
    // What asks for no more than reading is not for those who come later.
    notices::call(on, "answer", OFFICERS, &new(Kind::Answer, None), NOW).await.unwrap();
    let before: [(Role, &str); 2] = [(Role::Staff, "one"), (Role::Officer, "two")];
    for (role, unit) in before {
        people::give(on, lan, role, Some("six"), Some(unit), "2026-01-01").await.unwrap();
        notices::follow_roles(on, Some(lan), "2026-09-01", NOW).await.unwrap();
        assert!(notices::open(on, lan, 10).await.unwrap().is_empty(), "{role:?} {unit}");
    }
    people::give(on, lan, Role::Leader, Some("six"), Some("one"), "2026-09-01").await.unwrap();
    notices::follow_roles(on, Some(lan), "2026-08-31", NOW).await.unwrap();
    assert!(notices::open(on, lan, 10).await.unwrap().is_empty(), "the role has not begun");
    for day in ["2026-09-01", "2026-09-02"] {
        notices::follow_roles(on, None, day, NOW).await.unwrap();
        let open = notices::open(on, lan, 10).await.unwrap();
        assert_eq!((open.len(), open[0].kind, open[0].due.as_deref()), (1, Kind::Task, Some("2026-09-09")));
    }
    // It is not news by mail.
    assert!(notices::for_digest(on, "2026-12-31").await.unwrap().is_empty());
    assert_eq!(notices::done(on, "open", NOW).await.unwrap(), 1);
    notices::follow_roles(on, None, "2026-09-03", NOW).await.unwrap();
    assert!(notices::open(on, lan, 10).await.unwrap().is_empty());
    assert_eq!(base.count("notice_call").await, 2);
    notices::forget(on, NOW + 1).await.unwrap();
    assert_eq!(base.count("notice_call").await, 0);
}

async fn who_no_longer_holds_a_role_is_no_longer_told(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    people::give(on, lan, Role::Officer, Some("six"), Some("one"), "2026-01-01").await.unwrap();
    people::give(on, lan, Role::Staff, Some("six"), Some("two"), "2026-01-01").await.unwrap();
    notices::call(on, "called", OFFICERS, &new(Kind::Task, None), NOW).await.unwrap();
    notices::raise(on, lan, "called", &new(Kind::Task, None), DIGEST, NOW).await.unwrap();
    notices::raise(on, lan, "file", &new(Kind::Refused, None), DIGEST, NOW).await.unwrap();
    let elsewhere = New { unit: Some("two".into()), ..new(Kind::Refused, None) };
    notices::raise(on, lan, "elsewhere", &elsewhere, DIGEST, NOW).await.unwrap();
    // One that they were told of without any role there, such as a headship that they are to receive.
    let handover = New { cluster: Some("seven".into()), unit: None, ..new(Kind::Handover, None) };
    notices::raise(on, lan, "handover", &handover, DIGEST, NOW).await.unwrap();
    notices::follow_roles(on, Some(lan), "2026-09-01", NOW).await.unwrap();
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 4);
    let held = people::roles(on, lan).await.unwrap();
    people::end(on, held[0].id, "2026-09-01").await.unwrap();
    notices::follow_roles(on, Some(lan), "2026-09-01", NOW).await.unwrap();
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 4, "the last day is a day");
    notices::follow_roles(on, Some(lan), "2026-09-02", NOW).await.unwrap();
    let left = notices::open(on, lan, 10).await.unwrap();
    assert_eq!(left.iter().map(|one| one.unit.as_deref()).collect::<Vec<_>>(), [Some("two"), None]);
    // Appointed again, they are told again.
    people::give(on, lan, Role::Officer, Some("six"), Some("one"), "2026-09-03").await.unwrap();
    notices::follow_roles(on, Some(lan), "2026-09-03", NOW).await.unwrap();
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 3);
}

async fn what_is_asked_until_a_day_is_not_asked_after_it(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    for (kind, due) in [
        (Kind::Comment, Some("2026-09-01")),
        (Kind::Comment, Some("2026-09-02")),
        (Kind::Comment, None),
        (Kind::Task, Some("2026-09-01")),
    ] {
        let once = format!("{} {due:?}", kind.word());
        notices::call(on, &once, OFFICERS, &new(kind, due), NOW).await.unwrap();
        notices::raise(on, lan, &once, &new(kind, due), DIGEST, NOW).await.unwrap();
    }
    notices::done_past(on, Kind::Comment, "2026-09-02", NOW).await.unwrap();
    let open = notices::open(on, lan, 10).await.unwrap();
    let open: Vec<_> = open.iter().map(|one| (one.kind, one.due.as_deref())).collect();
    let stays =
        [(Kind::Task, Some("2026-09-01")), (Kind::Comment, Some("2026-09-02")), (Kind::Comment, None)];
    assert_eq!(open, stays);
    // Nor is it brought to those who come later.
    people::give(on, lan, Role::Officer, Some("six"), Some("one"), "2026-09-02").await.unwrap();
    notices::follow_roles(on, Some(lan), "2026-09-02", NOW).await.unwrap();
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 3);
}

async fn of_what_was_told_only_what_still_holds_stays(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    for once in ["day 1 own", "day 1 point", "day 12 own"] {
        notices::call(on, once, OFFICERS, &new(Kind::Task, None), NOW).await.unwrap();
        notices::raise(on, lan, once, &new(Kind::Task, None), DIGEST, NOW).await.unwrap();
    }
    let keep = HashSet::from(["day 1 own".to_owned()]);
    assert_eq!(notices::done_but(on, "day 1 ", &keep, NOW).await.unwrap(), ["day 1 point"]);
    assert_eq!(notices::open(on, lan, 10).await.unwrap().len(), 2);
    assert!(notices::done_but(on, "day 1 ", &keep, NOW).await.unwrap().is_empty());
}
