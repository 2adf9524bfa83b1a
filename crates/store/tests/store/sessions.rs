//! Log-ins.

use giaouoc_store::people::{self, Role};
use giaouoc_store::sessions::{self, Ending};

use crate::base::{Base, DAY, NOW, both, somebody};

both!(
    a_session_is_known_with_its_person_and_roles,
    a_session_ends_by_age_and_by_idleness,
    a_session_that_was_ended_is_unknown,
    a_closed_account_is_unknown,
    a_browser_may_say_anything,
);

async fn a_session_is_known_with_its_person_and_roles(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await;
    people::give(on, lan.id, Role::Officer, Some("c"), Some("SNV"), "2026-01-01").await.unwrap();
    let begun = sessions::begin(on, lan.id, "d1", "Firefox", NOW).await.unwrap();
    let known = sessions::known(on, "d1", NOW - DAY, NOW - DAY).await.unwrap().unwrap();
    assert_eq!((&known.session, &known.person), (&begun, &lan));
    assert_eq!(known.roles, people::roles(on, lan.id).await.unwrap());
    assert_eq!(known.roles.len(), 1);
    assert_eq!(sessions::known(on, "d2", 0, 0).await.unwrap(), None);
    assert!(sessions::begin(on, lan.id, "d1", "Firefox", NOW).await.is_err(), "a token is given once");
}

async fn a_session_ends_by_age_and_by_idleness(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let id = sessions::begin(on, lan, "d1", "", NOW).await.unwrap().id;
    let known = async |oldest, idle| sessions::known(on, "d1", oldest, idle).await.unwrap();
    assert!(known(NOW - 1, NOW - 1).await.is_some());
    assert!(known(NOW, NOW - 1).await.is_none(), "too old");
    assert!(known(NOW - 1, NOW).await.is_none(), "not used for too long");
    sessions::seen(on, id, NOW + DAY).await.unwrap();
    assert_eq!(known(NOW - 1, NOW + DAY - 1).await.unwrap().session.seen_at, NOW + DAY);
    assert!(known(NOW, NOW - 1).await.is_none(), "use does not make it younger");
}

async fn a_session_that_was_ended_is_unknown(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let an = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap().id;
    let mut ids = Vec::new();
    for token in ["a", "b", "c", "d"] {
        ids.push(sessions::begin(on, lan, token, token, NOW).await.unwrap().id);
    }
    let other = sessions::begin(on, an, "e", "", NOW).await.unwrap().id;
    let open = async || {
        let open = sessions::open(on, lan).await.unwrap();
        open.into_iter().map(|session| session.agent).collect::<String>()
    };
    assert_eq!(open().await, "dcba");
    sessions::end(on, lan, Ending::One(ids[0]), NOW).await.unwrap();
    assert_eq!(open().await, "dcb");
    assert!(sessions::known(on, "a", 0, 0).await.unwrap().is_none());
    sessions::seen(on, ids[0], NOW + 1).await.unwrap();
    assert!(sessions::known(on, "a", 0, 0).await.unwrap().is_none(), "use does not open it again");
    // Nobody ends somebody else's.
    sessions::end(on, lan, Ending::One(other), NOW).await.unwrap();
    sessions::end(on, lan, Ending::AllBut(ids[2]), NOW).await.unwrap();
    assert_eq!(open().await, "c");
    sessions::end(on, lan, Ending::All, NOW).await.unwrap();
    assert_eq!(open().await, "");
    assert!(sessions::known(on, "e", 0, 0).await.unwrap().is_some());
}

async fn a_closed_account_is_unknown(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    sessions::begin(on, lan, "d1", "", NOW).await.unwrap();
    people::set_disabled(on, lan, Some(NOW)).await.unwrap();
    assert!(sessions::known(on, "d1", 0, 0).await.unwrap().is_none());
    people::set_disabled(on, lan, None).await.unwrap();
    assert!(sessions::known(on, "d1", 0, 0).await.unwrap().is_some());
}

async fn a_browser_may_say_anything(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await.id;
    let agent = "ầ".repeat(5000);
    let session = sessions::begin(store.read(), lan, "d1", &agent, NOW).await.unwrap();
    assert_eq!(session.agent.chars().count(), 200);
}
