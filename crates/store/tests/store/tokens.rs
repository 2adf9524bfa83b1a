//! Tokens of programs.

use giaouoc_store::people::{self, Role};
use giaouoc_store::tokens::{self, New, Scope};

use crate::base::{Base, DAY, NOW, both, somebody};

both!(
    a_token_is_known_with_its_maker_while_it_works,
    a_token_is_revoked_once_and_where_it_belongs,
    an_answer_is_kept_once_and_forgotten_in_time,
    a_scope_that_nobody_knows_is_none,
);

fn new(digest: &str, unit: Option<&str>, person: i64) -> New {
    New {
        digest: digest.into(),
        name: "một cửa".into(),
        cluster: "c".into(),
        unit: unit.map(Into::into),
        scopes: vec![Scope::RecordsWrite, Scope::FiguresRead],
        person,
        expires_at: NOW + DAY,
    }
}

async fn a_token_is_known_with_its_maker_while_it_works(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await;
    people::give(on, lan.id, Role::Leader, Some("c"), Some("SNV"), "2026-01-01").await.unwrap();
    let id = tokens::make(on, new("d1", Some("SNV"), lan.id), NOW).await.unwrap();
    assert!(tokens::make(on, new("d1", None, lan.id), NOW).await.is_err(), "a secret is given once");
    let shown = async |digest, now| tokens::shown(on, digest, now).await.unwrap();
    let known = shown("d1", NOW).await.unwrap();
    assert_eq!((known.token.id, known.maker.id, known.roles[0].role), (id, lan.id, Role::Leader));
    assert_eq!(known.token.scopes, [Scope::RecordsWrite, Scope::FiguresRead]);
    assert_eq!((known.token.unit.as_deref(), known.token.used_at), (Some("SNV"), None));
    assert!(shown("d2", NOW).await.is_none());
    assert!(shown("d1", NOW + DAY - 1).await.is_some());
    assert!(shown("d1", NOW + DAY).await.is_none(), "expired");
    tokens::used(on, id, NOW + 1).await.unwrap();
    assert_eq!(shown("d1", NOW).await.unwrap().token.used_at, Some(NOW + 1));
    people::set_disabled(on, lan.id, Some(NOW)).await.unwrap();
    assert!(shown("d1", NOW).await.is_none(), "its maker's account is closed");
}

async fn a_token_is_revoked_once_and_where_it_belongs(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let own = tokens::make(on, new("d1", Some("SNV"), lan), NOW).await.unwrap();
    let whole = tokens::make(on, new("d2", None, lan), NOW).await.unwrap();
    let ids = async |unit| {
        let all = tokens::all(on, "c", unit).await.unwrap();
        all.into_iter().map(|token| token.id).collect::<Vec<_>>()
    };
    assert_eq!((ids(Some("SNV")).await, ids(None).await), (vec![own], vec![whole]));
    for place in [("c", Some("STC")), ("c", None), ("d", Some("SNV"))] {
        assert_eq!(tokens::revoke(on, place, own, NOW).await.unwrap(), None, "{place:?}");
    }
    assert!(tokens::shown(on, "d1", NOW).await.unwrap().is_some());
    assert_eq!(tokens::revoke(on, ("c", Some("SNV")), own, NOW).await.unwrap().unwrap().id, own);
    assert_eq!(tokens::revoke(on, ("c", Some("SNV")), own, NOW + 1).await.unwrap(), None);
    assert!(tokens::shown(on, "d1", NOW).await.unwrap().is_none());
    assert_eq!(tokens::all(on, "c", Some("SNV")).await.unwrap()[0].revoked_at, Some(NOW));
    assert!(tokens::shown(on, "d2", NOW).await.unwrap().is_some());
}

async fn an_answer_is_kept_once_and_forgotten_in_time(base: Base) {
    let store = base.store().await;
    let on = store.read();
    tokens::keep_answer(on, 1, "k", ("r", "first".into()), NOW).await.unwrap();
    tokens::keep_answer(on, 1, "k", ("other", "second".into()), NOW).await.unwrap();
    tokens::keep_answer(on, 2, "k", ("r", "of another token".into()), NOW + 1).await.unwrap();
    let said = async |token| tokens::answered(on, token, "k").await.unwrap().map(|(_, answer)| answer);
    assert_eq!(said(1).await.as_deref(), Some("first"));
    assert_eq!(said(2).await.as_deref(), Some("of another token"));
    assert_eq!(said(3).await, None);
    tokens::forget_answers(on, NOW + 1).await.unwrap();
    assert_eq!((said(1).await, said(2).await.is_some()), (None, true));
}

async fn a_scope_that_nobody_knows_is_none(base: Base) {
    use sea_orm::ConnectionTrait as _;
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    tokens::make(on, new("d1", None, lan), NOW).await.unwrap();
    on.execute_unprepared("UPDATE token SET scopes = 'everything records:read*'").await.unwrap();
    assert_eq!(tokens::shown(on, "d1", NOW).await.unwrap().unwrap().token.scopes, []);
}
