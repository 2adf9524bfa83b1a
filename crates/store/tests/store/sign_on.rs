//! Log-ins at other providers, and passkeys.

use giaouoc_store::passkeys::{self, New};
use giaouoc_store::{people, sign_on};

use crate::base::{Base, NOW, both, somebody};

both!(a_person_is_bound_once, passkeys_are_counted_and_removed_by_their_owner);

async fn a_person_is_bound_once(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await;
    let an = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap();
    assert_eq!(sign_on::person(on, "https://a", "1").await.unwrap(), None);
    assert!(sign_on::bind(on, lan.id, "https://a", "1", NOW).await.unwrap());
    assert!(!sign_on::bind(on, an.id, "https://a", "1", NOW).await.unwrap(), "the name is taken");
    assert!(!sign_on::bind(on, lan.id, "https://a", "2", NOW).await.unwrap(), "she has a name there");
    assert!(sign_on::bind(on, lan.id, "https://b", "1", NOW).await.unwrap());
    assert_eq!(sign_on::person(on, "https://a", "1").await.unwrap().unwrap().id, lan.id);
    assert_eq!(sign_on::person(on, "https://a", "2").await.unwrap(), None);
    assert_eq!(sign_on::of(on, lan.id).await.unwrap().len(), 2);
    sign_on::loosen(on, lan.id).await.unwrap();
    assert_eq!(sign_on::person(on, "https://a", "1").await.unwrap(), None);
    assert!(sign_on::bind(on, an.id, "https://a", "1", NOW).await.unwrap());
}

async fn passkeys_are_counted_and_removed_by_their_owner(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let an = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap().id;
    let new = |credential: &str| New {
        name: "Khoá".into(),
        credential: credential.into(),
        public_key: "{}".into(),
        uses: 0,
    };
    assert!(passkeys::add(on, lan, new("a"), NOW).await.unwrap());
    assert!(!passkeys::add(on, an, new("a"), NOW).await.unwrap(), "a credential is one person's");
    assert!(passkeys::add(on, lan, new("b"), NOW).await.unwrap());
    let held = passkeys::of(on, lan).await.unwrap();
    assert_eq!(held.iter().map(|key| key.credential.as_str()).collect::<String>(), "ab");
    // A device without a count says 0 again and again; one with a count only goes on.
    assert!(passkeys::used(on, held[0].id, 0, NOW).await.unwrap());
    assert!(passkeys::used(on, held[0].id, 0, NOW + 1).await.unwrap());
    assert!(passkeys::used(on, held[0].id, 7, NOW + 2).await.unwrap());
    for copied in [7, 6, 0] {
        assert!(!passkeys::used(on, held[0].id, copied, NOW + 3).await.unwrap(), "{copied}");
    }
    assert_eq!(passkeys::of(on, lan).await.unwrap()[0].used_at, Some(NOW + 2));
    assert!(!passkeys::remove(on, an, held[0].id).await.unwrap(), "nobody removes somebody else's");
    assert!(passkeys::remove(on, lan, held[0].id).await.unwrap());
    passkeys::remove_all(on, lan).await.unwrap();
    assert_eq!(passkeys::of(on, lan).await.unwrap(), []);
}
