//! People, roles and links that work once.

use giaouoc_store::people::{self, Purpose, Role};
use giaouoc_store::{Result, Store};

use crate::base::{Base, DAY, NOW, both, somebody, twice};

both!(
    addresses_fold_case,
    one_address_added_at_once_is_one_person,
    a_person_changes,
    roles_are_given_and_ended,
    roles_of_another_program_give_no_right,
    a_link_expires,
    a_new_password_uses_up_all_links,
    of_two_who_use_a_link_at_once_one_gets_the_account,
    of_two_who_use_two_links_at_once_one_gets_the_account,
);

async fn addresses_fold_case(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = people::add(on, " Lan@Example.VN ", " Nguyễn Thị Lan ", "vi", NOW).await.unwrap();
    assert_eq!((lan.email.as_str(), lan.name.as_str()), ("lan@example.vn", "Nguyễn Thị Lan"));
    let again = people::add(on, "LAN@EXAMPLE.VN", "Somebody Else", "en", NOW).await.unwrap();
    assert_eq!(again, lan);
    assert_eq!(people::by_email(on, "lAn@example.vn ").await.unwrap(), Some(lan.clone()));
    assert_eq!(people::by_email(on, "lan@example.v").await.unwrap(), None);
    // Beyond ASCII too, where SQL's own lower() differs between the two databases.
    let duc = people::add(on, "ĐỨC@ví-dụ.vn", "Đức", "vi", NOW).await.unwrap();
    assert_eq!(people::by_email(on, "đức@VÍ-DỤ.vn").await.unwrap(), Some(duc.clone()));
    assert_eq!(people::all(on).await.unwrap(), [lan, duc]);
}

async fn one_address_added_at_once_is_one_person(base: Base) {
    let store = base.store().await;
    let ids = twice(&store, async |write| {
        let person = people::add(write.on(), "lan@example.vn", "Lan", "vi", NOW).await?;
        people::give(write.on(), person.id, Role::Staff, None, None, "2026-01-01").await?;
        Ok(person.id)
    });
    let [first, second] = ids.await;
    assert_eq!(first, second);
    assert_eq!(people::all(store.read()).await.unwrap().len(), 1);
    assert_eq!(people::roles(store.read(), first).await.unwrap().len(), 2);
}

async fn a_person_changes(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await;
    let other = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap();
    assert_eq!((&lan.password, &lan.second, lan.disabled_at), (&None, &None, None));
    people::set_password(on, lan.id, "$argon2id$1".to_owned()).await.unwrap();
    people::set_second(on, lan.id, Some("JBSWY3DP".to_owned())).await.unwrap();
    people::set_lang(on, lan.id, "en").await.unwrap();
    people::set_disabled(on, lan.id, Some(NOW)).await.unwrap();
    let changed = people::get(on, lan.id).await.unwrap().unwrap();
    assert_eq!(changed.password.as_deref(), Some("$argon2id$1"));
    assert_eq!(changed.second.as_deref(), Some("JBSWY3DP"));
    assert_eq!((changed.lang.as_str(), changed.disabled_at), ("en", Some(NOW)));
    assert_eq!((changed.email, changed.name), (lan.email, lan.name));
    people::set_second(on, lan.id, None).await.unwrap();
    people::set_disabled(on, lan.id, None).await.unwrap();
    let back = people::get(on, lan.id).await.unwrap().unwrap();
    assert_eq!((back.second, back.disabled_at), (None, None));
    assert_eq!(people::get(on, other.id).await.unwrap(), Some(other));
    assert_eq!(people::get(on, 999).await.unwrap(), None);
    assert!(people::set_lang(on, 999, "vi").await.is_err(), "nobody is there to change");
}

async fn roles_are_given_and_ended(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let an = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap().id;
    people::give(on, lan, Role::Officer, Some("cum-vi-2026"), Some("SNV"), "2026-01-01").await.unwrap();
    people::give(on, an, Role::Board, None, None, "2026-02-01").await.unwrap();
    people::give(on, lan, Role::Leader, Some("cum-vi-2026"), Some("TTTP"), "2026-03-01").await.unwrap();
    let held = people::roles(on, lan).await.unwrap();
    assert_eq!(held.iter().map(|held| held.role).collect::<Vec<_>>(), [Role::Officer, Role::Leader]);
    assert_eq!((held[0].cluster.as_deref(), held[0].unit.as_deref()), (Some("cum-vi-2026"), Some("SNV")));
    assert_eq!((held[0].from.as_str(), held[0].to.as_deref()), ("2026-01-01", None));
    people::end(on, held[0].id, "2026-06-30").await.unwrap();
    let after = people::roles(on, lan).await.unwrap();
    assert_eq!(after.iter().map(|held| held.to.as_deref()).collect::<Vec<_>>(), [Some("2026-06-30"), None]);
    let all = people::all_roles(on).await.unwrap();
    assert_eq!(all.iter().map(|held| held.person).collect::<Vec<_>>(), [lan, an, lan]);
    assert_eq!((&all[1].cluster, &all[1].unit), (&None, &None));
}

async fn roles_of_another_program_give_no_right(base: Base) {
    use sea_orm::ConnectionTrait as _;
    let store = base.store().await;
    let lan = somebody(&store).await.id;
    people::give(store.read(), lan, Role::Staff, None, None, "2026-01-01").await.unwrap();
    people::give(store.read(), lan, Role::Admin, None, None, "2026-01-01").await.unwrap();
    let raw = base.raw().await;
    raw.execute_unprepared("UPDATE role SET role = 'emperor' WHERE role = 'admin'").await.unwrap();
    let held = people::roles(store.read(), lan).await.unwrap();
    assert_eq!(held.iter().map(|held| held.role).collect::<Vec<_>>(), [Role::Staff]);
}

async fn a_link_expires(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await;
    people::add_ticket(on, lan.id, Purpose::Invitation, "t1", NOW + DAY).await.unwrap();
    let (_, person, purpose) = people::ticket(on, "t1", NOW + DAY - 1).await.unwrap().unwrap();
    assert_eq!((person, purpose), (lan, Purpose::Invitation));
    assert_eq!(people::ticket(on, "t1", NOW + DAY).await.unwrap(), None);
    assert_eq!(people::ticket(on, "t2", NOW).await.unwrap(), None);
}

async fn a_new_password_uses_up_all_links(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let lan = somebody(&store).await.id;
    let an = people::add(on, "an@example.vn", "An", "vi", NOW).await.unwrap().id;
    people::add_ticket(on, lan, Purpose::Invitation, "t1", NOW + DAY).await.unwrap();
    people::add_ticket(on, lan, Purpose::Reset, "t2", NOW + DAY).await.unwrap();
    people::add_ticket(on, an, Purpose::Reset, "t3", NOW + DAY).await.unwrap();
    people::use_tickets(on, lan, NOW).await.unwrap();
    assert_eq!(people::ticket(on, "t1", NOW).await.unwrap(), None);
    assert_eq!(people::ticket(on, "t2", NOW).await.unwrap(), None);
    assert!(people::ticket(on, "t3", NOW).await.unwrap().is_some());
    // When a link was used is not overwritten later.
    people::use_tickets(on, lan, NOW + 5).await.unwrap();
    assert_eq!(base.count(&format!("ticket WHERE used_at = {NOW}")).await, 2);
    people::add_ticket(on, lan, Purpose::Reset, "t4", NOW + DAY).await.unwrap();
    assert!(people::ticket(on, "t4", NOW).await.unwrap().is_some());
}

/// What the page does that takes an account over. Says whether it was this call that got it.
async fn accept(store: Store, token: &'static str) -> Result<bool> {
    let write = store.write().await?;
    let Some((_, person, _)) = people::ticket(write.on(), token, NOW).await? else { return Ok(false) };
    tokio::task::yield_now().await;
    people::set_password(write.on(), person.id, token.to_owned()).await?;
    people::use_tickets(write.on(), person.id, NOW).await?;
    write.commit().await?;
    Ok(true)
}

async fn all_at_once(store: &Store, tokens: [&'static str; 8]) -> usize {
    let tasks = tokens.map(|token| tokio::spawn(accept(store.clone(), token)));
    let mut got = 0;
    for task in tasks {
        got += usize::from(task.await.unwrap().unwrap());
    }
    got
}

async fn of_two_who_use_a_link_at_once_one_gets_the_account(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await.id;
    people::add_ticket(store.read(), lan, Purpose::First, "t", NOW + DAY).await.unwrap();
    let got = twice(&store, async |write| {
        let found = people::ticket(write.on(), "t", NOW).await?;
        if let Some((_, person, _)) = &found {
            people::use_tickets(write.on(), person.id, NOW).await?;
        }
        Ok(found.is_some())
    });
    assert_eq!(got.await, [true, false]);
    for token in ["t0", "t1", "t2", "t3", "t4"] {
        people::add_ticket(store.read(), lan, Purpose::Invitation, token, NOW + DAY).await.unwrap();
        assert_eq!(all_at_once(&store, [token; 8]).await, 1, "{token}");
    }
}

async fn of_two_who_use_two_links_at_once_one_gets_the_account(base: Base) {
    let store = base.store().await;
    let lan = somebody(&store).await.id;
    for round in 0..5 {
        let pair: [&'static str; 2] =
            [["a0", "b0"], ["a1", "b1"], ["a2", "b2"], ["a3", "b3"], ["a4", "b4"]][round];
        for token in pair {
            people::add_ticket(store.read(), lan, Purpose::Reset, token, NOW + DAY).await.unwrap();
        }
        let [a, b] = pair;
        assert_eq!(all_at_once(&store, [a, b, a, b, b, a, b, a]).await, 1, "{round}");
    }
}
