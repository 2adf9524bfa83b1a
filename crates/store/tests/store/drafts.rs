//! Drafts of forms.

use giaouoc_store::drafts::{self, Draft};

use crate::base::{Base, NOW, both};

both!(a_draft_is_its_persons_own);

fn draft(id: i64, person: i64, fields: &str) -> Draft {
    Draft {
        id,
        cluster: "c".to_owned(),
        unit: "SNV".to_owned(),
        kind: "dialogue".to_owned(),
        record: String::new(),
        person,
        fields: fields.to_owned(),
        at: NOW,
    }
}

async fn a_draft_is_its_persons_own(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let first = drafts::keep(on, draft(0, 7, "{}")).await.unwrap();
    assert_eq!(drafts::keep(on, draft(first, 7, "{\"a\":1}")).await.unwrap(), first);
    assert_eq!(drafts::get(on, first, 7).await.unwrap().unwrap().fields, "{\"a\":1}");
    assert_eq!(drafts::get(on, first, 8).await.unwrap(), None);
    // Somebody else's number makes a draft of one's own.
    let other = drafts::keep(on, draft(first, 8, "{}")).await.unwrap();
    assert_ne!(other, first);
    drafts::forget(on, first, 8).await.unwrap();
    assert_eq!(drafts::of(on, "c", "SNV", 7).await.unwrap().len(), 1);
    drafts::forget(on, first, 7).await.unwrap();
    assert_eq!(drafts::of(on, "c", "SNV", 7).await.unwrap(), []);
    assert_eq!(drafts::of(on, "c", "SNV", 8).await.unwrap()[0].id, other);
}
