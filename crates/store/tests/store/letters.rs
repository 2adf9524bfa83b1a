//! Letters: one an event and person, one sender a letter, tried again later.

use giaouoc_store::letters::{self, Kind, New, Outcome, State};
use giaouoc_store::people::{self, Role};

use crate::base::{Base, DAY, NOW, both, somebody};

both!(
    a_letter_is_taken_once_and_again_when_its_time_comes,
    of_one_event_each_gets_one_notice,
    notices_are_for_those_who_want_them,
    what_was_being_sent_is_put_back,
    a_letter_of_a_change_that_is_taken_back_is_none,
    an_undeliverable_letter_is_seen_and_tried_again,
    holders_are_those_of_today,
);

fn notice(about: &str) -> New {
    New {
        kind: Kind::Confirm,
        path: Some("/c/six/desk/one/".to_owned()),
        about_vi: about.to_owned(),
        about_en: format!("{about} en"),
    }
}

async fn a_letter_is_taken_once_and_again_when_its_time_comes(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    letters::write(on, lan, Kind::Invitation, NOW).await.unwrap();
    assert_eq!(letters::take(on, NOW - 1).await.unwrap(), None, "its time has not come");
    let first = letters::take(on, NOW).await.unwrap().unwrap();
    assert_eq!((first.person, first.kind, first.tries), (lan, Kind::Invitation, 1));
    assert_eq!(letters::take(on, NOW).await.unwrap(), None, "it is being sent");
    letters::end(on, first.id, Outcome::Later(NOW + 60, "421 busy".into()), NOW).await.unwrap();
    assert_eq!(letters::take(on, NOW + 59).await.unwrap(), None);
    let trouble = letters::in_trouble(on, 9).await.unwrap();
    assert_eq!(trouble[0].error.as_deref(), Some("421 busy"));
    let second = letters::take(on, NOW + 60).await.unwrap().unwrap();
    assert_eq!((second.id, second.tries), (first.id, 2));
    letters::end(on, second.id, Outcome::Sent, NOW).await.unwrap();
    assert_eq!(letters::take(on, NOW + DAY).await.unwrap(), None, "it was sent");
    assert_eq!(letters::in_trouble(on, 9).await.unwrap(), []);
    // Two letters that must be sent are two letters.
    letters::write(on, lan, Kind::Reset, NOW).await.unwrap();
    letters::write(on, lan, Kind::Reset, NOW).await.unwrap();
    let ids = [
        letters::take(on, NOW).await.unwrap().unwrap().id,
        letters::take(on, NOW).await.unwrap().unwrap().id,
    ];
    assert!(ids[0] < ids[1]);
    assert_eq!(letters::forget(on, NOW + 1).await.unwrap(), 1);
}

async fn of_one_event_each_gets_one_notice(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let an = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap().id;
    for id in [lan, an] {
        people::set_password(on, id, "x".into()).await.unwrap();
    }
    for _ in 0..3 {
        letters::notify(on, &[lan, an], "release 1", &notice("Quý I"), NOW).await.unwrap();
    }
    letters::notify(on, &[lan], "release 2", &notice("Quý II"), NOW).await.unwrap();
    let mut taken = Vec::new();
    while let Some(letter) = letters::take(on, NOW).await.unwrap() {
        taken.push((letter.person, letter.about_vi, letter.path));
    }
    let path = Some("/c/six/desk/one/".to_owned());
    let expected = [(lan, "Quý I"), (an, "Quý I"), (lan, "Quý II")];
    assert_eq!(taken, expected.map(|(person, about)| (person, about.to_owned(), path.clone())));
}

async fn notices_are_for_those_who_want_them(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let mut all = Vec::new();
    for name in ["wants", "refuses", "invited", "closed"] {
        let person = people::add(on, &format!("{name}@example.vn"), name, "vi", NOW).await.unwrap();
        assert!(person.notices, "who says nothing wants notices");
        if name != "invited" {
            people::set_password(on, person.id, "x".into()).await.unwrap();
        }
        all.push(person.id);
    }
    people::set_notices(on, all[1], false).await.unwrap();
    people::set_disabled(on, all[3], Some(NOW)).await.unwrap();
    letters::notify(on, &all, "event", &notice("x"), NOW).await.unwrap();
    letters::write(on, all[1], Kind::Reset, NOW).await.unwrap();
    let first = letters::take(on, NOW).await.unwrap().unwrap();
    assert_eq!((first.person, first.kind.is_notice()), (all[0], true));
    let second = letters::take(on, NOW).await.unwrap().unwrap();
    assert_eq!((second.person, second.kind.is_notice()), (all[1], false));
    assert_eq!(letters::take(on, NOW).await.unwrap(), None);
}

async fn what_was_being_sent_is_put_back(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    letters::write(on, lan, Kind::Reset, NOW).await.unwrap();
    letters::take(on, NOW).await.unwrap().unwrap();
    assert_eq!(letters::resume(on).await.unwrap(), 1);
    assert_eq!(letters::take(on, NOW).await.unwrap().unwrap().tries, 2);
}

async fn a_letter_of_a_change_that_is_taken_back_is_none(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await.id;
    let write = store.write().await.unwrap();
    letters::write(write.on(), lan, Kind::Reset, NOW).await.unwrap();
    drop(write);
    assert_eq!(letters::take(store.read(), NOW).await.unwrap(), None);
}

async fn an_undeliverable_letter_is_seen_and_tried_again(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    letters::write(on, lan, Kind::Reset, NOW).await.unwrap();
    let letter = letters::take(on, NOW).await.unwrap().unwrap();
    letters::end(on, letter.id, Outcome::Undeliverable("550 unknown".into()), NOW).await.unwrap();
    assert_eq!(letters::take(on, NOW + DAY).await.unwrap(), None);
    let trouble = letters::in_trouble(on, 9).await.unwrap();
    assert_eq!((trouble[0].state, trouble[0].error.as_deref()), (State::Undeliverable, Some("550 unknown")));
    letters::again(on, letter.id, NOW + 5).await.unwrap();
    assert_eq!(letters::take(on, NOW + 5).await.unwrap().unwrap().tries, 1);
    // What is being sent, or was sent, is left alone.
    letters::again(on, letter.id, NOW).await.unwrap();
    assert_eq!(letters::take(on, NOW + DAY).await.unwrap(), None);
}

async fn holders_are_those_of_today(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let mut ids = Vec::new();
    for (name, role, cluster, unit, from) in [
        ("a", Role::Leader, "six", Some("one"), "2026-01-01"),
        ("b", Role::Officer, "six", Some("one"), "2026-01-01"),
        ("c", Role::Leader, "six", Some("two"), "2026-01-01"),
        ("d", Role::Leader, "seven", Some("one"), "2026-01-01"),
        ("e", Role::Leader, "six", Some("one"), "2026-09-01"),
    ] {
        let person = people::add(on, &format!("{name}@x.vn"), name, "vi", NOW).await.unwrap();
        people::give(on, person.id, role, Some(cluster), unit, from).await.unwrap();
        ids.push(person.id);
    }
    let today = "2026-06-30";
    let found = async |roles: &[Role], unit| letters::holders(on, roles, "six", unit, today).await.unwrap();
    assert_eq!(found(&[Role::Leader], Some("one")).await, [ids[0]]);
    assert_eq!(found(&[Role::Leader, Role::Officer], Some("one")).await, [ids[0], ids[1]]);
    assert_eq!(found(&[Role::Leader], None).await, [ids[0], ids[2]]);
    let held = people::roles(on, ids[0]).await.unwrap();
    people::end(on, held[0].id, "2026-06-29").await.unwrap();
    assert!(found(&[Role::Leader], Some("one")).await.is_empty());
}
