//! The trail.

use giaouoc_store::trail::{self, Act, Line};

use crate::base::{Base, NOW, both};

both!(
    lines_are_read_page_by_page,
    every_act_is_read_back,
    an_act_of_another_program_is_shown_with_its_word,
    a_person_reads_their_log_ins_and_what_was_tried,
    a_deed_that_is_taken_back_leaves_no_line,
);

fn line(cluster: Option<&str>, unit: Option<&str>, about: &str) -> Line {
    Line {
        at: NOW,
        cluster: cluster.map(str::to_owned),
        unit: unit.map(str::to_owned),
        person: Some(7),
        act: Act::Upload,
        about: about.to_owned(),
        on_behalf: Some("CV 1".to_owned()),
    }
}

async fn lines_are_read_page_by_page(base: Base) {
    let store = base.store().await;
    let on = store.read();
    for number in 0..10 {
        // All of the same instant: pages must not lean on it.
        let unit = if number % 2 == 0 { "SNV" } else { "TTTP" };
        trail::write(on, line(Some("c"), Some(unit), &number.to_string())).await.unwrap();
        trail::write(on, line(Some("d"), Some("SNV"), "elsewhere")).await.unwrap();
        trail::write(on, line(None, None, "nowhere")).await.unwrap();
    }
    let mut pages: Vec<Vec<String>> = Vec::new();
    let mut before = None;
    for _ in 0..9 {
        let page = trail::read(on, Some("c"), None, before, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.0);
        pages.push(page.into_iter().map(|(_, line)| line.about).collect());
        // What is written meanwhile comes before the first page and moves nothing.
        trail::write(on, line(Some("c"), Some("SNV"), "meanwhile")).await.unwrap();
    }
    assert_eq!(pages, [vec!["9", "8", "7", "6"], vec!["5", "4", "3", "2"], vec!["1", "0"]]);
    let of_unit = trail::read(on, Some("c"), Some("TTTP"), None, 99).await.unwrap();
    assert_eq!(of_unit.iter().map(|(_, line)| line.about.as_str()).collect::<String>(), "97531");
    assert_eq!(of_unit[0].1, line(Some("c"), Some("TTTP"), "9"));
    assert_eq!(trail::read(on, None, None, None, 99).await.unwrap().len(), 33);
}

async fn every_act_is_read_back(base: Base) {
    let store = base.store().await;
    for act in Act::ALL {
        trail::write(store.read(), Line { act: *act, person: None, ..line(None, None, "") }).await.unwrap();
    }
    let read = trail::read(store.read(), None, None, None, 99).await.unwrap();
    assert!(read.iter().rev().map(|(_, line)| line.act).eq(Act::ALL.iter().copied()));
    assert!(read.iter().all(|(_, line)| line.person.is_none()));
}

async fn an_act_of_another_program_is_shown_with_its_word(base: Base) {
    use sea_orm::ConnectionTrait as _;
    let store = base.store().await;
    for about in ["tệp 3", ""] {
        trail::write(store.read(), line(Some("c"), None, about)).await.unwrap();
    }
    base.raw().await.execute_unprepared("UPDATE trail SET act = 'sealed'").await.unwrap();
    let read = trail::read(store.read(), Some("c"), None, None, 9).await.unwrap();
    let shown: Vec<_> = read.iter().map(|(_, line)| (line.act, line.about.as_str())).collect();
    assert_eq!(shown, [(Act::Other, "sealed"), (Act::Other, "sealed: tệp 3")]);
}

async fn a_person_reads_their_log_ins_and_what_was_tried(base: Base) {
    let store = base.store().await;
    let on = store.read();
    for line in [
        Line::new(NOW, Act::LogIn, "").by(7),
        Line::new(NOW, Act::LogInRefused, "d7"),
        Line::new(NOW, Act::LogIn, "").by(8),
        Line::new(NOW, Act::LogInRefused, "d8"),
        Line::new(NOW, Act::Upload, "d7").by(7).of("c", None),
        Line::new(NOW, Act::Passkey, "Khoá").by(7),
    ] {
        trail::write(on, line).await.unwrap();
    }
    let own = trail::log_ins(on, 7, "d7", 9).await.unwrap();
    let acts: Vec<_> = own.iter().map(|(_, line)| line.act).collect();
    assert_eq!(acts, [Act::Passkey, Act::LogInRefused, Act::LogIn]);
    let all = trail::accounts(on, None, 9).await.unwrap();
    assert_eq!(all.len(), 5, "what was done in a cluster stands in the cluster's trail");
    assert_eq!(trail::accounts(on, Some(all[2].0), 9).await.unwrap().len(), 2);
}

async fn a_deed_that_is_taken_back_leaves_no_line(base: Base) {
    let store = base.store().await;
    let write = store.write().await.unwrap();
    trail::write(write.on(), line(None, None, "")).await.unwrap();
    drop(write);
    assert_eq!(trail::read(store.read(), None, None, None, 9).await.unwrap(), []);
}
