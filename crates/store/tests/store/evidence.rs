//! Files of evidence.

use giaouoc_store::evidence::{self, New};

use crate::base::{Base, DAY, NOW, both};

both!(the_same_bytes_stand_once_and_what_was_taken_away_stays_listed);

fn new(letter: &str) -> New {
    New {
        sha256: letter.repeat(64),
        name: format!("{letter}.pdf"),
        media: "application/pdf".to_owned(),
        bytes: 12,
    }
}

async fn the_same_bytes_stand_once_and_what_was_taken_away_stays_listed(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let record = ("c", "dialogue", "BB-01/2020");
    for letter in ["a", "b", "a"] {
        evidence::add(on, record, "SNV", new(letter), 7, NOW).await.unwrap();
    }
    evidence::add(on, ("c", "dialogue", "BB-02/2020"), "SNV", new("a"), 7, NOW).await.unwrap();
    let found = evidence::of(on, "c", "dialogue", "BB-01/2020").await.unwrap();
    assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a.pdf", "b.pdf"]);
    assert!(evidence::take_away(on, found[0].id, 8, "nhầm tệp", NOW + DAY).await.unwrap());
    assert!(!evidence::take_away(on, found[0].id, 9, "lần nữa", NOW + DAY).await.unwrap());
    let after = evidence::of(on, "c", "dialogue", "BB-01/2020").await.unwrap();
    assert_eq!(after[0].gone, Some((NOW + DAY, 8, "nhầm tệp".to_owned())));
    assert_eq!(after[1], found[1]);
    // Brought again, it stands there anew.
    evidence::add(on, record, "SNV", new("a"), 7, NOW).await.unwrap();
    assert_eq!(evidence::of(on, "c", "dialogue", "BB-01/2020").await.unwrap().len(), 3);
}
