//! Who pictures show, and what becomes of a picture when one of them no longer wants to be shown.

use giaouoc_store::evidence::{self, New};
use giaouoc_store::{pictures, upkeep};

use crate::base::{Base, DAY, NOW, both};

both!(
    a_picture_is_agreed_when_somebody_looked_and_all_who_are_shown_agree,
    a_withdrawn_picture_leaves_no_name_and_its_bytes_go_unless_they_serve_elsewhere,
);

async fn picture(on: &impl sea_orm::ConnectionTrait, code: &str, letter: &str) -> i64 {
    let new = New {
        sha256: letter.repeat(64),
        name: format!("chi Bia {letter}.png"),
        media: "image/png".to_owned(),
        bytes: 12,
    };
    evidence::add(on, ("c", "matter:movement", code), "SNV", new, 7, NOW).await.unwrap();
    evidence::of(on, "c", "matter:movement", code).await.unwrap().last().unwrap().id
}

async fn a_picture_is_agreed_when_somebody_looked_and_all_who_are_shown_agree(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let file = picture(on, "PT-1", "a").await;
    let agreed = async || {
        let found = pictures::of(on, &[file]).await.unwrap();
        found.get(&file).is_some_and(pictures::Picture::is_agreed)
    };
    assert!(!agreed().await, "nobody has looked at it");
    pictures::describe(on, file, "Trao quà", false, 7, NOW).await.unwrap();
    assert!(!agreed().await, "nobody has said who is in it");
    pictures::describe(on, file, "Hội trường", true, 7, NOW).await.unwrap();
    assert!(agreed().await, "nobody can be known in it");
    pictures::name(on, file, "Nguyễn Bịa", None, 7, NOW).await.unwrap();
    assert!(!agreed().await, "somebody can, and has not agreed");
    pictures::name(on, file, "Nguyễn Bịa", Some("2020-07-01"), 8, NOW + DAY).await.unwrap();
    pictures::name(on, file, "Trần Đặt", None, 8, NOW).await.unwrap();
    assert!(!agreed().await, "all of them have to");
    pictures::name(on, file, "Trần Đặt", Some("2020-07-02"), 8, NOW).await.unwrap();
    assert!(agreed().await);
    let found = pictures::of(on, &[file]).await.unwrap().remove(&file).unwrap();
    assert_eq!(found.caption, "Hội trường");
    let people: Vec<_> =
        found.people.iter().map(|one| (one.name.as_str(), one.agreed_on.as_deref())).collect();
    assert_eq!(people, [("Nguyễn Bịa", Some("2020-07-01")), ("Trần Đặt", Some("2020-07-02"))]);
}

async fn a_withdrawn_picture_leaves_no_name_and_its_bytes_go_unless_they_serve_elsewhere(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let (one, other) = (picture(on, "PT-1", "a").await, picture(on, "PT-2", "a").await);
    for file in [one, other] {
        pictures::describe(on, file, "Chị Bịa", false, 7, NOW).await.unwrap();
        pictures::name(on, file, "Nguyễn Bịa", Some("2020-07-01"), 7, NOW).await.unwrap();
    }
    let erased = pictures::erase(on, one, (7, "rút đồng ý"), NOW).await.unwrap();
    assert_eq!(erased, ["a".repeat(64)]);
    assert_eq!(upkeep::still_spoken_of(on, &erased).await.unwrap(), erased, "the other one still has them");
    assert!(pictures::of(on, &[one]).await.unwrap().is_empty());
    assert_eq!(pictures::of(on, &[other]).await.unwrap().len(), 1);
    let left = evidence::of(on, "c", "matter:movement", "PT-1").await.unwrap().remove(0);
    assert!(left.gone.is_some() && !left.name.contains("Bia"), "{left:?}");
    let erased = pictures::erase(on, other, (7, "rút đồng ý"), NOW).await.unwrap();
    assert!(upkeep::still_spoken_of(on, &erased).await.unwrap().is_empty(), "now nothing has");
    assert!(pictures::erase(on, 99, (7, "x"), NOW).await.unwrap().is_empty());
}
