//! Pictures of a matter: what they show, who can be known in them, and whether all of them have agreed. Until somebody of the unit has
//! looked, and all who are shown agree, a picture is the unit's alone. Names of who is shown are never public.

use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::evidence::{self, Evidence};
use giaouoc_store::pictures::{self, Picture};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{matters as kept, upkeep};
use giaouoc_worktime::Day;
use giaouoc_year::matter::Reader;
use serde::Deserialize;

use super::matter::opened;
use super::matter_form::ground;
use super::matter_steps::{Back, at_desk, given};
use super::work::today;
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::matters::Full;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A caption, and a name, are at most so long.
const CAPTION: usize = 300;
const NAME: usize = 120;

/// A picture on a page.
pub(crate) struct Shown {
    pub id: i64,
    pub href: String,
    /// What it shows; where nobody has said it, that it belongs to this.
    pub alt: String,
    pub caption: String,
    /// For the unit: whether it is public, and why not.
    pub standing: Option<(bool, String)>,
    pub looked: bool,
    /// For the unit: who is shown, and since when they agree.
    pub people: Vec<(String, Option<String>)>,
}

/// Whether a file is a picture.
pub(crate) fn is_picture(file: &Evidence) -> bool {
    file.media.starts_with("image/")
}

impl Full {
    /// Whether a file is shown to a reader. Outside of its unit a picture only where all who are in it agree, and so every file
    /// of a case about a person; in public any other file only once the unit has looked at it.
    pub(crate) fn shows(&self, file: &Evidence, reader: Reader) -> bool {
        let about_people = is_picture(file) || self.sort.consent.is_some();
        self.matter.shows_files(self.sort, reader)
            && match reader {
                Reader::Unit => true,
                Reader::Inside if !about_people => true,
                _ => self.is_open(file),
            }
    }

    /// Whether the unit has said that a file may be shown to everybody.
    pub(crate) fn is_open(&self, file: &Evidence) -> bool {
        self.pictures.get(&file.id).is_some_and(Picture::is_agreed)
    }
}

/// The pictures of a matter as a reader sees them.
pub(crate) fn shown(full: &Full, who: &Who, reader: Reader) -> Vec<Shown> {
    let none = Picture::default();
    let all = full.files.iter().filter(|file| is_picture(file) && full.shows(file, reader));
    all.map(|file| {
        let picture = full.pictures.get(&file.id).unwrap_or(&none);
        let unit = reader == Reader::Unit;
        let alt = match picture.caption.as_str() {
            "" => who.say("Ảnh về việc này", "A picture of it"),
            caption => caption,
        };
        let people = picture.people.iter().map(|person| {
            let day = person.agreed_on.as_ref().map(|day| when::day_shown(day, who.lang));
            (person.name.clone(), day)
        });
        Shown {
            id: file.id,
            href: format!("{}files/{}", full.address(), file.id),
            alt: alt.to_owned(),
            caption: picture.caption.clone(),
            standing: unit.then(|| (picture.is_agreed(), standing(picture, who))),
            looked: picture.looked,
            people: if unit { people.collect() } else { Vec::new() },
        }
    })
    .collect()
}

fn standing(picture: &Picture, who: &Who) -> String {
    let text = match (picture.is_agreed(), picture.looked) {
        (true, _) => who.say("hiện ra ngoài khi việc này công khai", "shown outside once this is public"),
        (false, false) => who
            .say("chỉ đơn vị thấy: chưa ghi ai trong ảnh", "the unit's alone: nobody has said who is in it"),
        (false, true) => who.say(
            "chỉ đơn vị thấy: có người trong ảnh chưa đồng ý",
            "the unit's alone: somebody in it has not agreed",
        ),
    };
    text.to_owned()
}

/// What is said of a picture.
#[derive(Deserialize)]
pub(crate) struct Said {
    what: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    looked: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    agreed_on: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    behalf: String,
}

type FileOf = (String, String, String, String, i64);

fn wrong(vi: &str, en: &str) -> Failed {
    Failed::wrong(vi, en)
}

/// Says what a picture shows, who is in it and whether they agree; whether another file is shown to everybody; or erases a file
/// for good.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, sort, code, id)): Path<FileOf>,
    Posted(said): Posted<Said>,
) -> Answer {
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    // What somebody no longer agrees to can be erased also after the matter was withdrawn.
    if full.row.unit != unit || full.row.gone.is_some() && said.what != "withdraw" {
        return Err(Failed::NotFound);
    }
    // One that was taken away before can still be erased.
    let kind = kept::evidence_kind(&full.sort.id);
    let all = evidence::of(state.store.read(), &slug, &kind, &full.row.code).await?;
    let stands = |file: &&Evidence| file.id == id && (file.gone.is_none() || said.what == "withdraw");
    let file = all.iter().find(stands).ok_or(Failed::NotFound)?;
    // Words and people are said of pictures; other files are shown to everybody, or not.
    if matches!(said.what.as_str(), "describe" | "name") != is_picture(file) && said.what != "withdraw" {
        return Err(Failed::NotFound);
    }
    let behalf = ground(&who, Doing::Bring, (&slug, &unit), full.row.common, &said.behalf)?;
    let (person, now) = (who.person()?, state.now());
    let line = |text: &str, most: usize| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().take(most).collect::<String>()
    };
    let write = state.store.write().await?;
    let mut erased = Vec::new();
    match said.what.as_str() {
        "describe" => {
            let caption = line(&said.caption, CAPTION);
            if caption.is_empty() {
                return Err(wrong(
                    "Hãy ghi ảnh cho thấy gì: người không nhìn thấy ảnh đọc lời này.",
                    "Say what the picture shows: whoever cannot see it reads these words.",
                ));
            }
            pictures::describe(write.on(), file.id, &caption, !said.looked.is_empty(), person, now).await?;
        }
        "name" => {
            let (name, day) = (line(&said.name, NAME), said.agreed_on.trim());
            if name.is_empty() {
                return Err(wrong("Hãy ghi tên người trong ảnh.", "Name who is in the picture."));
            }
            let agreed = day.parse::<Day>().ok().filter(|day| today(&state).is_ok_and(|today| *day <= today));
            if !day.is_empty() && agreed.is_none() {
                return Err(wrong(
                    "Ngày đồng ý là một ngày đến hôm nay; chưa đồng ý thì để trống.",
                    "The day of consent is one until today; blank where there is none.",
                ));
            }
            let agreed = agreed.map(|day| day.to_string());
            pictures::name(write.on(), file.id, &name, agreed.as_deref(), person, now).await?;
        }
        "open" | "close" => {
            pictures::describe(write.on(), file.id, "", said.what == "open", person, now).await?;
        }
        "withdraw" => {
            let reason = line(&said.reason, 500);
            if reason.is_empty() {
                return Err(wrong(
                    "Hãy ghi căn cứ (đơn, lời báo, không ghi tên người).",
                    "Say what it rests on (a letter, a call; without the person's name).",
                ));
            }
            erased = pictures::erase(write.on(), file.id, (person, &reason), now).await?;
        }
        _ => return Err(Failed::NotFound),
    }
    kept::touch(write.on(), full.row.id, now).await?;
    let act = if said.what == "withdraw" { Act::Erase } else { Act::Edit };
    let about = format!("{} {}", full.sort.id, full.row.code);
    let line = Line::new(now, act, about).by(person).of(&slug, Some(&unit)).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    let spoken = upkeep::still_spoken_of(write.on(), &erased).await?;
    write.commit().await?;
    state.changed();
    for sha256 in erased.iter().filter(|sha256| !spoken.contains(sha256)) {
        state.files.remove(sha256)?;
    }
    Ok(Redirect::to(&format!("{}#p-{id}", full.address())).into_response())
}

/// Takes a file away.
pub(crate) async fn unshow(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, sort, code, id)): Path<FileOf>,
    Posted(fields): Posted<Back>,
) -> Answer {
    let full = at_desk(&state, &who, &(slug.clone(), unit.clone(), sort, code)).await?;
    let file = full.files.iter().find(|file| file.id == id).ok_or(Failed::NotFound)?;
    if !who.may(Doing::Bring, &slug, &unit) {
        return Err(Failed::Forbidden);
    }
    let reason = given(&fields.reason)?;
    let behalf = ground(&who, Doing::Bring, (&slug, &unit), full.row.common, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    evidence::take_away(write.on(), file.id, person, &reason, now).await?;
    pictures::forget(write.on(), &[file.id]).await?;
    kept::touch(write.on(), full.row.id, now).await?;
    let line = Line::new(now, Act::Unshow, format!("{} {}", full.sort.id, full.row.code));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&full.address()).into_response())
}
