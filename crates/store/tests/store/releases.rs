//! Releases, confirmations, contests.

use giaouoc_store::releases::{self, Confirmation, Contesting, Plan};
use giaouoc_store::{Result, Store};

use crate::base::{Base, DAY, NOW, both, twice};

both!(
    releases_are_numbered_within_their_cluster,
    releases_planned_at_once_get_numbers_of_their_own,
    a_release_is_due_from_its_time_until_it_is_published,
    a_release_is_published_once,
    all_confirmations_stay_and_the_newest_is_last,
    a_contest_is_answered_once,
    the_stamp_moves_with_whatever_the_public_sees,
);

fn plan(cluster: &str, publish_at: i64) -> Plan {
    Plan {
        cluster: cluster.to_owned(),
        name_vi: "Quý II".to_owned(),
        name_en: "Second quarter".to_owned(),
        confirm_by: publish_at - DAY,
        publish_at,
        person: 7,
    }
}

async fn releases_are_numbered_within_their_cluster(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let mut numbers = Vec::new();
    for cluster in ["c", "d", "c", "c"] {
        numbers.push(releases::plan(on, plan(cluster, NOW), NOW).await.unwrap());
    }
    assert_eq!(numbers, [1, 1, 2, 3]);
    let all = releases::all(on, "c").await.unwrap();
    assert_eq!(all.iter().map(|release| release.number).collect::<Vec<_>>(), [1, 2, 3]);
    let second = releases::get(on, "c", 2).await.unwrap().unwrap();
    assert_eq!(second, all[1]);
    assert_eq!((second.name_vi.as_str(), second.name_en.as_str()), ("Quý II", "Second quarter"));
    assert_eq!((second.confirm_by, second.publish_at), (NOW - DAY, NOW));
    assert_eq!((second.published_at, second.board, &second.standing), (None, None, &None));
    assert_eq!(releases::by_id(on, second.id).await.unwrap(), Some(second));
    assert_eq!(releases::get(on, "d", 2).await.unwrap(), None);
    assert_eq!(releases::by_id(on, 999).await.unwrap(), None);
}

async fn releases_planned_at_once_get_numbers_of_their_own(base: Base) {
    let store = base.store().await;
    let planned = |store: Store| async move {
        let write = store.write().await?;
        let number = releases::plan(write.on(), plan("c", NOW), NOW).await?;
        tokio::task::yield_now().await;
        write.commit().await?;
        Result::Ok(number)
    };
    let tasks: Vec<_> = (0..16).map(|_| tokio::spawn(planned(store.clone()))).collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=16).collect::<Vec<i64>>());
    let planned = twice(&store, async |write| releases::plan(write.on(), plan("c", NOW), NOW).await);
    assert_eq!(planned.await, [17, 18]);
}

async fn a_release_is_due_from_its_time_until_it_is_published(base: Base) {
    let store = base.store().await;
    let on = store.read();
    for publish_at in [NOW + DAY, NOW, NOW + 2 * DAY] {
        releases::plan(on, plan("c", publish_at), NOW).await.unwrap();
    }
    let due = async |now| {
        releases::due(on, now).await.unwrap().into_iter().map(|release| release.number).collect::<Vec<_>>()
    };
    assert_eq!(due(NOW - 1).await, [0; 0]);
    assert_eq!(due(NOW).await, [2]);
    assert_eq!(due(NOW + 5 * DAY).await, [2, 1, 3], "in the order of their times");
    let first = releases::get(on, "c", 1).await.unwrap().unwrap();
    assert!(releases::publish(on, first.id, 1, "{}".to_owned(), NOW + DAY).await.unwrap());
    assert_eq!(due(NOW + 5 * DAY).await, [2, 3]);
}

async fn a_release_is_published_once(base: Base) {
    let store = base.store().await;
    releases::plan(store.read(), plan("c", NOW), NOW).await.unwrap();
    releases::plan(store.read(), plan("c", NOW), NOW).await.unwrap();
    let id = releases::get(store.read(), "c", 1).await.unwrap().unwrap().id;
    let publish = |store: Store, board: i64| async move {
        let write = store.write().await?;
        let mine =
            releases::publish(write.on(), id, board, format!("{{\"SNV\":{board}}}"), NOW + board).await?;
        write.commit().await?;
        Result::Ok(mine.then_some(board))
    };
    let tasks: Vec<_> = (1..=8).map(|board| tokio::spawn(publish(store.clone(), board))).collect();
    let mut mine = Vec::new();
    for task in tasks {
        mine.extend(task.await.unwrap().unwrap());
    }
    let [board] = mine[..] else { panic!("{mine:?}") };
    let published = releases::by_id(store.read(), id).await.unwrap().unwrap();
    assert_eq!((published.board, published.published_at), (Some(board), Some(NOW + board)));
    assert_eq!(published.standing, Some(format!("{{\"SNV\":{board}}}")));
    let other = releases::get(store.read(), "c", 2).await.unwrap().unwrap();
    assert_eq!((other.board, other.published_at), (None, None));
}

async fn all_confirmations_stay_and_the_newest_is_last(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let new = |unit: &str, digest: &str, on_behalf: Option<&str>| Confirmation {
        unit: unit.to_owned(),
        digest: digest.to_owned(),
        person: 7,
        on_behalf: on_behalf.map(str::to_owned),
        at: NOW,
    };
    let all = [new("SNV", "aa", None), new("TTTP", "bb", Some("CV 3")), new("SNV", "cc", None)];
    for one in &all {
        releases::confirm(on, 1, one.clone()).await.unwrap();
    }
    releases::confirm(on, 2, new("SNV", "dd", None)).await.unwrap();
    // Who asks how a unit stands takes its last one, though both are of the same instant.
    assert_eq!(releases::confirmations(on, 1).await.unwrap(), all);
    assert_eq!(releases::confirmations(on, 3).await.unwrap(), []);
}

async fn a_contest_is_answered_once(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let new = |cluster: &str, unit: &str, supplier: Option<&str>, keys: &str, reason: &str| Contesting {
        cluster: cluster.to_owned(),
        unit: unit.to_owned(),
        supplier: supplier.map(str::to_owned),
        kind: "dossier".to_owned(),
        keys: keys.to_owned(),
        reason: reason.to_owned(),
        person: 7,
    };
    let first = new("c", "SNV", Some("VP"), "H1\nH2", "không phải của SNV");
    let id = releases::contest(on, first, NOW).await.unwrap();
    let later = releases::contest(on, new("c", "TTTP", None, "H3", "đã rút"), NOW).await.unwrap();
    releases::contest(on, new("d", "SNV", None, "H4", "khác"), NOW).await.unwrap();
    let contests = releases::contests(on, "c").await.unwrap();
    assert_eq!(contests.iter().map(|contest| contest.id).collect::<Vec<_>>(), [later, id]);
    assert_eq!((contests[1].keys.as_str(), contests[1].reason.as_str()), ("H1\nH2", "không phải của SNV"));
    assert_eq!((&contests[1].reply, contests[1].replied_by), (&None, None));
    assert_eq!((contests[1].supplier.as_deref(), contests[0].supplier.as_deref()), (Some("VP"), None));

    assert!(!releases::answer(on, "d", id, "x", 9, NOW).await.unwrap(), "not from another cluster");
    let answer = |store: Store, person: i64| async move {
        let write = store.write().await?;
        let mine =
            releases::answer(write.on(), "c", id, &format!("reply {person}"), person, NOW + person).await?;
        write.commit().await?;
        Result::Ok(mine.then_some(person))
    };
    let tasks: Vec<_> = (1..=8).map(|person| tokio::spawn(answer(store.clone(), person))).collect();
    let mut mine = Vec::new();
    for task in tasks {
        mine.extend(task.await.unwrap().unwrap());
    }
    let [person] = mine[..] else { panic!("{mine:?}") };
    let contests = releases::contests(on, "c").await.unwrap();
    assert_eq!(contests[1].reply, Some(format!("reply {person}")));
    assert_eq!((contests[1].replied_by, contests[1].replied_at), (Some(person), Some(NOW + person)));
    assert_eq!(contests[0].reply, None);
}

async fn the_stamp_moves_with_whatever_the_public_sees(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let mut seen = vec![releases::stamp(on).await.unwrap()];
    let cluster = giaouoc_store::clusters::Cluster {
        slug: "c".to_owned(),
        name_vi: "Cụm".to_owned(),
        name_en: "Cluster".to_owned(),
        year: 2026,
    };
    giaouoc_store::clusters::put(on, &cluster, NOW).await.unwrap();
    seen.push(releases::stamp(on).await.unwrap());
    let number = releases::plan(on, plan("c", NOW), NOW).await.unwrap();
    seen.push(releases::stamp(on).await.unwrap());
    let release = releases::get(on, "c", number).await.unwrap().unwrap();
    releases::publish(on, release.id, 1, "{}".to_owned(), NOW).await.unwrap();
    seen.push(releases::stamp(on).await.unwrap());
    assert_eq!(releases::stamp(on).await.unwrap(), seen[3]);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "{seen:#?}");
}
