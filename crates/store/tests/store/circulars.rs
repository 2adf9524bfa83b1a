//! Notices of the city's board to clusters, and handovers of a headship.

use giaouoc_store::circulars;
use giaouoc_store::handovers::{self, Correction, New};

use crate::base::{Base, NOW, both, somebody};

both!(a_cluster_acknowledges_then_answers_once, a_handover_is_received_once_and_then_only_corrected);

async fn a_cluster_acknowledges_then_answers_once(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let new = circulars::New {
        title: "Báo cáo quý".into(),
        body: "Gửi trước ngày 15".into(),
        due: Some("2026-10-15".into()),
        clusters: vec!["six".into(), "seven".into()],
    };
    let id = circulars::write(on, new, lan, NOW).await.unwrap();
    let all = circulars::all(on).await.unwrap();
    assert_eq!((all.len(), all[0].clusters.join("+")), (1, "six+seven".to_owned()));
    assert_eq!(circulars::get(on, id).await.unwrap().as_ref(), all.first());
    assert_eq!(circulars::get(on, id + 1).await.unwrap(), None);
    assert!(circulars::reply(on, id, "six", None, lan, NOW).await.unwrap());
    assert!(!circulars::reply(on, id, "six", None, lan, NOW).await.unwrap());
    assert!(circulars::reply(on, id, "six", Some("Đã gửi"), lan, NOW + 1).await.unwrap());
    assert!(!circulars::reply(on, id, "six", Some("Khác"), lan, NOW + 2).await.unwrap());
    let replies = circulars::replies(on, id).await.unwrap();
    assert_eq!(
        (replies.len(), replies["six"].reply.as_deref(), replies["six"].at),
        (1, Some("Đã gửi"), NOW + 1)
    );
}

async fn a_handover_is_received_once_and_then_only_corrected(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let new = |body: &str| New {
        cluster: "six".into(),
        giver: "Ban Dân tộc".into(),
        taker: "Sở Nội vụ".into(),
        taker_person: lan + 1,
        day: "2027-01-01".into(),
        items: "[]".into(),
        body: body.into(),
    };
    let id = handovers::write(on, new("một"), lan, NOW).await.unwrap();
    // Two who change it at once do not lose each other's words.
    assert!(handovers::change(on, id, 1, new("hai"), lan, NOW + 1).await.unwrap());
    assert!(!handovers::change(on, id, 1, new("ba"), lan, NOW + 1).await.unwrap());
    // It is received as it was read.
    assert!(!handovers::receive(on, id, 1, "Đủ", lan + 1, NOW + 2).await.unwrap());
    assert!(handovers::receive(on, id, 2, "Đủ", lan + 1, NOW + 2).await.unwrap());
    assert!(!handovers::receive(on, id, 2, "Đủ", lan + 1, NOW + 3).await.unwrap());
    assert!(!handovers::change(on, id, 2, new("bốn"), lan, NOW + 4).await.unwrap());
    let found = handovers::get(on, "six", id).await.unwrap().unwrap();
    assert_eq!((found.body.as_str(), found.version), ("hai", 2));
    assert_eq!(found.receipt, Some(("Đủ".to_owned(), lan + 1, NOW + 2)));
    assert_eq!(handovers::get(on, "seven", id).await.unwrap(), None);
    let right =
        Correction { body: "Thiếu một".into(), reason: "Đếm lại".into(), person: lan, at: NOW + 5 };
    handovers::correct(on, id, right.clone()).await.unwrap();
    assert_eq!(handovers::corrections(on, id).await.unwrap(), [right]);
    assert_eq!(handovers::all(on, "six").await.unwrap(), [found]);
}
