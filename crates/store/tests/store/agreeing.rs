//! Drafts of agreements: nobody's work is lost, nothing that was said is overwritten.

use giaouoc_store::agreeing::{self, Draft, Part, Saving, Sort};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::{Store, Write};

use crate::base::{Base, NOW, both, twice};

both!(
    versions_are_added_and_of_two_who_save_at_once_one_learns_of_the_other,
    a_draft_goes_on_from_where_its_reader_saw_it,
    the_newest_of_a_unit_and_place_stands_and_of_two_at_once_one_is_told,
);

fn saving(text: &str) -> Saving {
    Saving { text: text.into(), note: "ghi".into(), checked: "{}".into(), person: 7 }
}

async fn begun(store: &Store) -> Draft {
    let cluster = Cluster { slug: "c".into(), name_vi: "C".into(), name_en: "C".into(), year: 2021 };
    clusters::put(store.read(), &cluster, NOW).await.unwrap();
    let write = store.write().await.unwrap();
    let draft = agreeing::start(write.on(), "c", "own", Some("b".into()), saving("một"), NOW).await.unwrap();
    write.commit().await.unwrap();
    draft
}

async fn versions_are_added_and_of_two_who_save_at_once_one_learns_of_the_other(base: Base) {
    let store = base.store().await;
    let draft = begun(&store).await;
    assert_eq!((draft.number, draft.version, draft.before.as_deref()), (1, 1, Some("b")));
    let got = twice(&store, async |write: &Write| {
        agreeing::save(write.on(), &draft, 1, saving("hai"), NOW + 1).await
    })
    .await;
    assert!(got[0].is_some() && got[1].is_none(), "{got:?}");
    let on = store.read();
    let versions = agreeing::versions(on, draft.id).await.unwrap();
    assert_eq!(versions.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["một", "hai"]);
    agreeing::keep_figures(on, versions[1].id, "{\"a\":1}".into()).await.unwrap();
    let second = agreeing::version(on, draft.id, 2).await.unwrap().unwrap();
    assert_eq!((second.figures.as_deref(), second.person), (Some("{\"a\":1}"), 7));
    assert_eq!(agreeing::version_by_id(on, second.id).await.unwrap().unwrap(), second);
    assert_eq!(agreeing::get(on, "c", 1).await.unwrap().unwrap().version, 2);
    assert_eq!(agreeing::get(on, "d", 1).await.unwrap(), None);
    // The next draft has the next number, and what was frozen meanwhile is not saved over.
    let write = store.write().await.unwrap();
    let other = agreeing::start(write.on(), "c", "empty", None, saving(""), NOW).await.unwrap();
    assert_eq!(other.number, 2);
    let stale = Draft { stage: "circulating".into(), ..draft.clone() };
    assert_eq!(agreeing::save(write.on(), &stale, 2, saving("ba"), NOW).await.unwrap(), None);
    write.commit().await.unwrap();
    let all = agreeing::all(store.read(), "c").await.unwrap();
    assert_eq!(all.iter().map(|one| one.number).collect::<Vec<_>>(), [2, 1]);
}

async fn a_draft_goes_on_from_where_its_reader_saw_it(base: Base) {
    let store = base.store().await;
    let draft = begun(&store).await;
    let next = Draft { stage: "circulating".into(), respond_by: Some("2021-03-01".into()), ..draft.clone() };
    let got = twice(&store, async |write: &Write| agreeing::step(write.on(), &next).await).await;
    assert_eq!(got, [true, false]);
    let there = agreeing::by_id(store.read(), draft.id).await.unwrap().unwrap();
    assert_eq!(
        (there.stage.as_str(), there.rev, there.respond_by.as_deref()),
        ("circulating", 2, Some("2021-03-01"))
    );
    // A text that was saved since is not frozen unseen.
    let write = store.write().await.unwrap();
    assert!(agreeing::save(write.on(), &there, 1, saving("hai"), NOW).await.unwrap().is_some());
    assert!(!agreeing::step(write.on(), &Draft { stage: "frozen".into(), ..there.clone() }).await.unwrap());
    assert!(
        agreeing::step(write.on(), &Draft { stage: "frozen".into(), version: 2, ..there }).await.unwrap()
    );
    write.commit().await.unwrap();
}

async fn the_newest_of_a_unit_and_place_stands_and_of_two_at_once_one_is_told(base: Base) {
    let store = base.store().await;
    let draft = begun(&store).await;
    let part = |place: &str, body: &str| Part {
        id: 0,
        draft: draft.id,
        sort: Sort::Opinion,
        unit: "one".into(),
        place: place.into(),
        rev: 0,
        body: body.into(),
        person: 7,
        at: NOW,
        on_behalf: None,
    };
    let got =
        twice(&store, async |write: &Write| agreeing::add(write.on(), "c", part("clause:1", "một"), 0).await)
            .await;
    assert!(got[0].is_some() && got[1].is_none(), "{got:?}");
    let write = store.write().await.unwrap();
    assert!(agreeing::add(write.on(), "c", part("all", "cả"), 0).await.unwrap().is_some());
    assert!(agreeing::add(write.on(), "c", part("clause:1", "hai"), 1).await.unwrap().is_some());
    assert!(agreeing::add(write.on(), "c", part("clause:1", "ba"), 1).await.unwrap().is_none());
    write.commit().await.unwrap();
    let parts = agreeing::parts(store.read(), draft.id).await.unwrap();
    assert_eq!(
        parts.iter().map(|one| (one.body.as_str(), one.rev)).collect::<Vec<_>>(),
        [("cả", 1), ("hai", 2)]
    );
    assert_eq!(base.count("agreement_part").await, 3, "what was said before is still there");
}
