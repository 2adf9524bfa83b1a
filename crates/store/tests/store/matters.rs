//! Matters: codes, versions, history, erasing, who joins, questions.

use std::collections::BTreeMap;

use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::matters::{self, Change, Filter, Join, New, NewStep, Reply, State};
use giaouoc_store::{events, evidence};

use crate::base::{Base, NOW, both};

both!(a_matter_is_begun_changed_and_withdrawn);
both!(what_is_about_a_person_is_erased);
both!(others_join_and_residents_ask);

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
}

async fn begin(base: &Base, sort: &str) -> (giaouoc_store::Store, matters::Matter) {
    let store = base.store().await;
    let cluster = Cluster { slug: "c".into(), name_vi: "C".into(), name_en: "C".into(), year: 2020 };
    clusters::put(store.read(), &cluster, NOW).await.unwrap();
    let write = store.write().await.unwrap();
    let new = New {
        cluster: "c".into(),
        unit: "one".into(),
        sort: sort.into(),
        prefix: "X-2020-".into(),
        fields: fields(&[("a", "1")]),
        personal: fields(&[("name", "A"), ("story", "B")]),
        person: 7,
        ..New::default()
    };
    let (_, code) = matters::begin(write.on(), new, NOW).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(code, "X-2020-001");
    let found = matters::get(store.read(), "c", sort, &code).await.unwrap().unwrap();
    (store, found)
}

async fn a_matter_is_begun_changed_and_withdrawn(base: Base) {
    let (store, first) = begin(&base, "plan").await;
    let on = store.read();
    let stamp = matters::stamp(on).await.unwrap();
    let change = Change {
        version: 1,
        fields: fields(&[("b", "2")]),
        state: "issue".into(),
        public: true,
        person: 7,
        ..Change::default()
    };
    assert!(matters::change(on, &first, change.clone(), NOW + 1).await.unwrap());
    assert!(!matters::change(on, &first, change, NOW + 2).await.unwrap(), "the version was another one");
    let now = matters::by_id(on, first.id).await.unwrap().unwrap();
    assert_eq!((now.version, now.public, now.fields), (2, true, fields(&[("b", "2")])));
    assert_ne!(matters::stamp(on).await.unwrap(), stamp);
    let edits = matters::edits(on, first.id).await.unwrap();
    let said =
        [("a".to_owned(), "1".to_owned(), String::new()), ("b".to_owned(), String::new(), "2".to_owned())];
    assert_eq!(edits[0].changes, said);
    let step = NewStep {
        matter: first.id,
        step: "issue".into(),
        day: "2020-03-01".into(),
        person: 7,
        ..NewStep::default()
    };
    let id = matters::take(on, step, NOW).await.unwrap();
    assert!(matters::take_back(on, id, (7, "nhầm"), NOW).await.unwrap());
    assert!(!matters::take_back(on, id, (7, "nhầm"), NOW).await.unwrap());
    assert_eq!(matters::steps(on, first.id).await.unwrap()[0].gone, Some((NOW, 7, "nhầm".to_owned())));
    assert!(!matters::withdraw(on, first.id, 1, (7, "x"), NOW).await.unwrap());
    assert!(matters::withdraw(on, first.id, 2, (7, "x"), NOW).await.unwrap());
    let list = |gone| Filter { cluster: Some("c".into()), gone, ..Filter::default() };
    assert_eq!(matters::list(on, &list(false)).await.unwrap(), []);
    assert!(matters::list(on, &list(true)).await.unwrap()[0].gone.is_some());
    // The code is not given again.
    let write = store.write().await.unwrap();
    let again = New { cluster: "c".into(), sort: "plan".into(), prefix: "X-2020-".into(), ..New::default() };
    assert_eq!(matters::begin(write.on(), again, NOW).await.unwrap().1, "X-2020-002");
    write.commit().await.unwrap();
}

async fn what_is_about_a_person_is_erased(base: Base) {
    let (store, first) = begin(&base, "exemplar").await;
    let on = store.read();
    let kind = matters::evidence_kind("exemplar");
    let file = |sha256: &str, media: &str| evidence::New {
        sha256: sha256.into(),
        name: "Ông A.png".into(),
        media: media.into(),
        bytes: 1,
    };
    let record = ("c", kind.as_str(), first.code.as_str());
    evidence::add(on, record, "one", file("p", "image/png"), 7, NOW).await.unwrap();
    evidence::add(on, record, "one", file("d", "application/pdf"), 7, NOW).await.unwrap();
    assert_eq!(matters::personal(on, &[first.id]).await.unwrap().len(), 2);
    // A change tells that something about the person changed, not what.
    let change = Change {
        version: 1,
        fields: first.fields.clone(),
        personal: fields(&[("name", "Ông A")]),
        person: 7,
        ..Change::default()
    };
    assert!(matters::change(on, &first, change, NOW).await.unwrap());
    let edits = matters::edits(on, first.id).await.unwrap();
    assert!(!format!("{edits:?}").contains("Ông A"), "{edits:?}");
    let digests = matters::erase(on, &first, (7, "rút đồng ý"), NOW).await.unwrap();
    assert_eq!(digests, ["p"]);
    assert_eq!(matters::personal(on, &[first.id]).await.unwrap(), []);
    let files = evidence::of(on, "c", &kind, &first.code).await.unwrap();
    assert_eq!(
        files.iter().map(|file| (file.name.as_str(), file.gone.is_some())).collect::<Vec<_>>(),
        [("đã xoá", true), ("Ông A.png", false)]
    );
    assert_eq!(giaouoc_store::upkeep::still_spoken_of(on, &digests).await.unwrap(), Vec::<String>::new());
    assert_eq!(giaouoc_store::upkeep::still_spoken_of(on, &["d".to_owned()]).await.unwrap(), ["d"]);
}

async fn others_join_and_residents_ask(base: Base) {
    let (store, first) = begin(&base, "dialogue").await;
    let on = store.read();
    let join = |yes, day: &str| Join {
        matter: first.id,
        cluster: "c".into(),
        unit: "two".into(),
        yes,
        day: day.into(),
        person: 7,
        ..Join::default()
    };
    matters::join(on, join(true, "2020-07-01"), NOW).await.unwrap();
    assert!(matters::report(on, first.id, ("c", "two"), ("tốt", "2020-07-09"), Some(4)).await.unwrap());
    matters::join(on, join(true, "2020-07-02"), NOW).await.unwrap();
    let joined = matters::joined(on, &[first.id]).await.unwrap();
    assert_eq!(joined.len(), 1);
    assert_eq!(
        (joined[0].day.as_str(), joined[0].result.as_str(), joined[0].number),
        ("2020-07-02", "tốt", None)
    );
    matters::join(on, join(false, "2020-07-03"), NOW).await.unwrap();
    assert!(!matters::report(on, first.id, ("c", "two"), ("x", "2020-07-09"), None).await.unwrap());
    assert_eq!(matters::joined_by(on, "c", "two").await.unwrap().len(), 1);
    let id = matters::ask(on, first.id, "Khi nào?", None, NOW).await.unwrap();
    let reply = |text: &str| Reply {
        text: text.into(),
        owner: "Phòng A".into(),
        due: "2020-07-20".into(),
        person: 7,
        on_behalf: None,
    };
    assert!(!matters::reply(on, first.id, id, reply("Mai"), NOW).await.unwrap(), "nobody has read it yet");
    assert_eq!(matters::waiting(on, first.id).await.unwrap(), 1);
    assert!(
        !matters::sort_out(on, first.id + 1, id, (State::Shown, None)).await.unwrap(),
        "another matter's"
    );
    assert!(matters::sort_out(on, first.id, id, (State::Shown, None)).await.unwrap());
    assert!(matters::reply(on, first.id, id, reply(""), NOW).await.unwrap());
    let one = &matters::of_matter(on, first.id).await.unwrap()[0];
    assert_eq!(
        (one.owner.as_str(), one.due.as_deref(), one.reply.clone()),
        ("Phòng A", Some("2020-07-20"), None)
    );
    assert!(matters::reply(on, first.id, id, reply("Mai"), NOW).await.unwrap());
    assert_eq!(matters::of_matter(on, first.id).await.unwrap()[0].reply, Some(("Mai".to_owned(), NOW)));
    let day = events::Event {
        cluster: "c".into(),
        day: "2020-10-10".into(),
        name_vi: "A".into(),
        ..events::Event::default()
    };
    let id = events::add(on, day, 7, NOW).await.unwrap();
    assert!(
        !events::remove(on, "other", id, NOW).await.unwrap()
            && events::remove(on, "c", id, NOW).await.unwrap()
    );
    assert_eq!(
        (events::of(on, "c", false).await.unwrap().len(), events::of(on, "c", true).await.unwrap().len()),
        (0, 1)
    );
}
