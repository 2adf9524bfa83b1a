//! The daily letter: what waits for a person, at most once a day, in the morning.

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::letters::{self, Kind, New};
use giaouoc_store::notices::{self, Notice};
use giaouoc_store::{Result, Store};
use giaouoc_web::day_of;
use giaouoc_web::notices::said;
use giaouoc_worktime::zone::Zone;

/// It is written from seven in the morning on.
const MORNING: i64 = 7 * HOUR;
const HOUR: i64 = 3_600 * 1_000_000;
const DAY: i64 = 24 * HOUR;
/// What was due longer ago is not said again.
const LONG_AGO: i64 = 7 * DAY;
/// Notices that were done are forgotten after so long.
const KEPT: i64 = 90 * DAY;

/// Writes today's letters, when it is time and they are not written; says for how many people. `done` is the day they were
/// written last.
pub async fn write(store: &Store, zone: &Zone, now: i64, done: &mut String) -> Result<usize> {
    let today = day_of(now, zone);
    if *done == today || day_of(now - MORNING, zone) != today {
        return Ok(0);
    }
    let (soon, past) = (day_of(now + DAY, zone), day_of(now - LONG_AGO, zone));
    let write = store.write().await?;
    let mut people = 0;
    for (person, mut found) in notices::for_digest(write.on(), &soon).await? {
        found.retain(|notice| notice.due.as_ref().is_none_or(|due| *due >= past));
        if found.is_empty() {
            continue;
        }
        let new = New {
            kind: Kind::Digest,
            path: Some("/notices".to_owned()),
            about_vi: lines(&found, Lang::Vi),
            about_en: lines(&found, Lang::En),
        };
        // The day is part of what the letter is called: killed after this, or asked twice, there is one a day.
        let once = format!("digest {today}");
        if letters::notify(write.on(), &[person], &once, &new, now).await? == 0 {
            // Today's was written already, or they want none: it waits.
            continue;
        }
        let ids: Vec<i64> = found.iter().map(|notice| notice.id).collect();
        notices::digested(write.on(), &ids).await?;
        people += 1;
    }
    notices::forget(write.on(), now - KEPT).await?;
    write.commit().await?;
    *done = today;
    Ok(people)
}

/// A line a notice: what is due first stands first.
fn lines(found: &[Notice], lang: Lang) -> String {
    let mut found: Vec<&Notice> = found.iter().collect();
    found.sort_by_key(|notice| (notice.due.is_none(), notice.due.clone(), notice.id));
    let line = |notice: &&Notice| {
        let about = Text::new(notice.about_vi.clone(), notice.about_en.clone());
        said(notice.kind, &about, notice.due.as_deref(), lang)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use giaouoc_store::file_url;
    use giaouoc_store::notices::{Kind as What, Mail, Wish};
    use giaouoc_store::people;

    use super::*;

    /// Six in the morning of 1 July 2020 in Hà Nội.
    const SIX: i64 = 1_593_558_000_000_000;

    async fn letters(store: &Store, now: i64) -> Vec<(Kind, String)> {
        let mut found = Vec::new();
        while let Some(letter) = letters::take(store.read(), now).await.unwrap() {
            found.push((letter.kind, letter.about_vi));
        }
        found
    }

    #[tokio::test]
    async fn one_letter_a_day_with_what_is_new_and_what_is_due() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&file_url(&folder.path().join("x.sqlite"))).await.unwrap();
        let zone = Zone::get(super::super::ZONE).unwrap();
        let lan = people::add(store.read(), "lan@x.vn", "Lan", "vi", SIX).await.unwrap().id;
        people::set_password(store.read(), lan, "x".into()).await.unwrap();
        let wish = Wish { shown: true, mail: Mail::Digest };
        let raise = async |once: &str, due: Option<&str>| {
            let new = notices::New {
                kind: What::Task,
                cluster: None,
                unit: None,
                path: "/x".into(),
                about_vi: once.into(),
                about_en: once.into(),
                due: due.map(str::to_owned),
            };
            notices::raise(store.read(), lan, once, &new, wish, SIX).await.unwrap();
        };
        raise("b", None).await;
        raise("a", Some("2020-07-03")).await;
        let mut done = String::new();
        let write = async |at: i64, done: &mut String| write(&store, &zone, at, done).await.unwrap();
        assert_eq!(write(SIX, &mut done).await, 0, "it is not yet morning");
        assert_eq!(write(SIX + HOUR, &mut done).await, 1);
        let first = letters(&store, SIX + HOUR).await;
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].0, Kind::Digest);
        assert_eq!(first[0].1, "Nhiệm vụ đến hạn: a (hạn 03/07/2020)\nNhiệm vụ đến hạn: b");
        // Something new on the same day waits for tomorrow; a program that starts again knows no better and writes none.
        raise("c", None).await;
        assert_eq!(write(SIX + 2 * HOUR, &mut done).await, 0);
        let mut again = String::new();
        write(SIX + 2 * HOUR, &mut again).await;
        assert!(letters(&store, SIX + 2 * HOUR).await.is_empty());
        // The day before it is due it is said once more, and no more when it is done.
        assert_eq!(write(SIX + DAY + HOUR, &mut done).await, 1);
        let second = "Nhiệm vụ đến hạn: a (hạn 03/07/2020)\nNhiệm vụ đến hạn: c";
        assert_eq!(letters(&store, SIX + DAY + HOUR).await[0].1, second);
        notices::done(store.read(), "a", SIX).await.unwrap();
        assert_eq!(write(SIX + 2 * DAY + HOUR, &mut done).await, 0);
        // What was due long ago is not said for ever.
        raise("old", Some("2020-06-01")).await;
        assert_eq!(write(SIX + 3 * DAY + HOUR, &mut done).await, 0);
    }
}
