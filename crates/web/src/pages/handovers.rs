//! Handover of the headship (*bàn giao cụm trưởng*): what is passed on to next year's head, written by the old one, received by the
//! new one. With the receipt the secretary's role ends and begins at the day that it names. It cannot be undone; it can be corrected.

mod one;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::handovers::{self, Handover, New};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::notices::Kind;
use giaouoc_store::people::{self, Person};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Write, questions, releases, tokens};
use giaouoc_worktime::Day;
use serde::{Deserialize, Serialize};

use super::cluster;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::notices::{self, Matter, Now, Whom, Why};
use crate::state::State;
use crate::who::Who;
use crate::{access, when};

pub(crate) use self::one::{change, correct, one, receive};

/// What is passed on: its word, and what it is called.
const ITEMS: [(&str, &str, &str); 9] = [
    (
        "agreement",
        "Giao ước đã ký và các phụ lục, sửa đổi",
        "The signed agreement with annexes and amendments",
    ),
    ("scans", "Bản quét có chữ ký, bản gốc giấy", "Scans with signatures, originals on paper"),
    ("regulation", "Quy chế hoạt động, bảng điểm của cụm", "The cluster's regulation and score table"),
    ("minutes", "Biên bản các cuộc họp, sơ kết, tổng kết", "Minutes of meetings and reviews"),
    ("letters", "Công văn đi, đến của cụm trưởng", "Letters sent and received by the head"),
    (
        "open",
        "Việc còn mở: câu hỏi, đề nghị xem lại, kỳ công bố tới",
        "Open points: questions, contests, the next release",
    ),
    ("roles", "Danh sách người và vai trò trong cụm", "The list of people and their roles in the cluster"),
    ("tokens", "Mã truy cập của phần mềm do cụm trưởng cấp", "Tokens for software that the head gave out"),
    ("money", "Kinh phí hoạt động chung, hiện vật (cờ, biển)", "Common funds, things (flags, plates)"),
];

/// How an item stands: its word, and what it is called.
const STATES: [(&str, &str, &str); 3] = [
    ("given", "bàn giao", "passed on"),
    ("later", "bàn giao sau", "passed on later"),
    ("none", "không có", "there is none"),
];

/// One thing on the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    id: String,
    state: String,
    #[serde(default)]
    note: String,
}

#[derive(Template)]
#[template(path = "pages/handovers.html")]
struct Handovers {
    base: Base,
    at: String,
    all: Vec<Listed>,
    /// What there is to pass on, counted.
    facts: Vec<(&'static str, String)>,
    form: Option<Form>,
}

struct Listed {
    id: i64,
    title: String,
    day: String,
    standing: String,
    received: bool,
}

struct Form {
    action: String,
    giver: String,
    taker: String,
    day: String,
    body: String,
    version: i64,
    people: Vec<(i64, String, bool)>,
    items: Vec<Line_>,
    wrong: Vec<String>,
}

/// An item in the form.
struct Line_ {
    id: &'static str,
    name: &'static str,
    states: Vec<(&'static str, &'static str, bool)>,
    note: String,
}

fn words(all: &[(&'static str, &'static str, &'static str)], id: &str, lang: Lang) -> Option<&'static str> {
    let (_, vi, en) = all.iter().find(|(known, ..)| *known == id)?;
    Some(if lang == Lang::Vi { vi } else { en })
}

/// People who may become secretary: those with a role in the cluster, under their names.
async fn takers(state: &State, slug: &str, chosen: i64) -> Result<Vec<(i64, String, bool)>, Failed> {
    let today = when::day_of(state.now(), &state.zone);
    let held = people::all_roles(state.store.read()).await?;
    let here = |person: &Person| {
        held.iter().any(|held| {
            held.person == person.id
                && held.cluster.as_deref() == Some(slug)
                && access::in_force(held, &today)
        })
    };
    let all = people::all(state.store.read()).await?;
    let open = all.into_iter().filter(|person| person.disabled_at.is_none() && here(person));
    Ok(open.map(|person| (person.id, person.name, person.id == chosen)).collect())
}

async fn form(
    state: &State,
    who: &Who,
    slug: &str,
    action: String,
    typed: &Typed,
    version: i64,
    wrong: Vec<String>,
) -> Result<Form, Failed> {
    let line = |(id, vi, en): &(&'static str, &'static str, &'static str)| {
        let item = typed.items.iter().find(|item| item.id == *id);
        let chosen = item.map_or("given", |item| item.state.as_str());
        Line_ {
            id,
            name: who.say_static(vi, en),
            states: STATES
                .iter()
                .map(|(state, vi, en)| (*state, who.say_static(vi, en), *state == chosen))
                .collect(),
            note: item.map(|item| item.note.clone()).unwrap_or_default(),
        }
    };
    Ok(Form {
        action,
        giver: typed.giver.clone(),
        taker: typed.taker.clone(),
        day: typed.day.clone(),
        body: typed.body.clone(),
        version,
        people: takers(state, slug, typed.person).await?,
        items: ITEMS.iter().map(line).collect(),
        wrong,
    })
}

/// What was typed.
#[derive(Default)]
struct Typed {
    giver: String,
    taker: String,
    person: i64,
    day: String,
    body: String,
    version: i64,
    items: Vec<Item>,
}

impl Typed {
    fn read(fields: &[(String, String)]) -> Self {
        let field = |name: &str| {
            let found = fields.iter().find(|(found, _)| found == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let items = ITEMS.iter().map(|(id, ..)| Item {
            id: (*id).to_owned(),
            state: field(&format!("state-{id}")),
            note: field(&format!("note-{id}")),
        });
        Self {
            giver: field("giver"),
            taker: field("taker"),
            person: field("person").parse().unwrap_or_default(),
            day: field("day"),
            body: field("body"),
            version: field("version").parse().unwrap_or_default(),
            items: items.collect(),
        }
    }

    fn of(handover: &Handover) -> Self {
        Self {
            giver: handover.giver.clone(),
            taker: handover.taker.clone(),
            person: handover.taker_person,
            day: handover.day.clone(),
            body: handover.body.clone(),
            version: handover.version,
            items: serde_json::from_str(&handover.items).unwrap_or_default(),
        }
    }

    /// What is wrong, each with where it is and what to do.
    fn wrong(&self, who: &Who, takers: &[(i64, String, bool)]) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut say = |vi: &str, en: &str| wrong.push(who.say(vi, en).to_owned());
        for (text, vi, en) in
            [(&self.giver, "Bên giao", "Given by"), (&self.taker, "Bên nhận", "Received by")]
        {
            if text.is_empty() || text.chars().count() > 200 {
                say(
                    &format!("{vi}: ghi tên đơn vị, nhiều nhất 200 chữ cái."),
                    &format!("{en}: write the unit's name, 200 characters at most."),
                );
            }
        }
        if !takers.iter().any(|(id, ..)| *id == self.person) {
            say(
                "Người nhận: hãy chọn một người đang có vai trò trong cụm.",
                "Person who receives: choose somebody with a role in the cluster.",
            );
        }
        if self.day.parse::<Day>().is_err() {
            say(
                "Từ ngày: hãy chọn ngày cụm trưởng mới bắt đầu.",
                "From: choose the first day of the new head.",
            );
        }
        if self.items.iter().any(|item| words(&STATES, &item.state, Lang::Vi).is_none()) {
            say("Danh mục: hãy chọn một trạng thái cho mỗi mục.", "The list: choose a state for each.");
        }
        let long = self.items.iter().any(|item| item.note.chars().count() > 500);
        if self.body.chars().count() > 10_000 || long {
            say(
                "Ghi chú: mỗi mục nhiều nhất 500 chữ cái, phần chung nhiều nhất 10.000.",
                "Notes: 500 characters each at most, the common part 10,000.",
            );
        }
        wrong
    }

    fn fields(&self, slug: &str) -> Result<New, Failed> {
        Ok(New {
            cluster: slug.to_owned(),
            giver: self.giver.clone(),
            taker: self.taker.clone(),
            taker_person: self.person,
            day: self.day.clone(),
            items: serde_json::to_string(&self.items).map_err(|error| Failed::Internal(error.to_string()))?,
            body: self.body.clone(),
        })
    }
}

/// What there is to pass on, as the service counts it.
async fn facts(state: &State, who: &Who, slug: &str) -> Result<Vec<(&'static str, String)>, Failed> {
    let on = state.store.read();
    let open = questions::all(on, slug).await?.iter().filter(|one| one.open()).count();
    let contests = releases::contests(on, slug).await?.iter().filter(|one| one.reply.is_none()).count();
    let ahead = releases::all(on, slug).await?.iter().filter(|one| one.published_at.is_none()).count();
    let now = state.now();
    let alive = |token: &tokens::Token| token.revoked_at.is_none() && token.expires_at > now;
    let tokens = tokens::all(on, slug, None).await?.iter().filter(|one| alive(one)).count();
    let today = when::day_of(now, &state.zone);
    let held = people::all_roles(on).await?;
    let here = held.iter().filter(|held| held.cluster.as_deref() == Some(slug));
    let roles = here.filter(|held| access::in_force(held, &today)).count();
    Ok(vec![
        (who.say_static("Câu hỏi về số liệu còn mở", "Open questions about the data"), open.to_string()),
        (who.say_static("Đề nghị xem lại chưa trả lời", "Contests without an answer"), contests.to_string()),
        (who.say_static("Kỳ công bố đã định", "Releases ahead"), ahead.to_string()),
        (who.say_static("Mã truy cập còn hiệu lực", "Tokens in force"), tokens.to_string()),
        (who.say_static("Vai trò đang có trong cụm", "Roles held in the cluster"), roles.to_string()),
    ])
}

/// The handovers of a cluster, and the form for who leads its year.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    page(&state, &who, &slug, None).await
}

async fn page(state: &State, who: &Who, slug: &str, typed: Option<(Typed, Vec<String>)>) -> Answer {
    let cluster = cluster(state, slug).await?;
    let at = format!("/c/{slug}/handover");
    let refused = typed.is_some();
    let form = match who.heads(slug) {
        true => {
            let (typed, wrong) = typed.unwrap_or_default();
            Some(form(state, who, slug, at.clone(), &typed, 0, wrong).await?)
        }
        false => None,
    };
    let all = handovers::all(state.store.read(), slug).await?;
    let listed = all.into_iter().map(|one| Listed {
        id: one.id,
        day: when::day_shown(&one.day, who.lang),
        received: one.receipt.is_some(),
        standing: match &one.receipt {
            None => who.say("chờ bên nhận", "waits for who receives it").to_owned(),
            Some((_, _, at)) => {
                format!("{} {}", who.say("đã nhận", "received"), when::shown(*at, &state.zone, who.lang))
            }
        },
        title: format!("{} → {}", one.giver, one.taker),
    });
    let listed = listed.collect();
    let facts = if form.is_some() { facts(state, who, slug).await? } else { Vec::new() };
    let title = who.say("Bàn giao cụm trưởng", "Handover of the headship");
    let base = Base::within(state, who, &cluster, title).await?;
    let mut response = shown(&Handovers { base, at, all: listed, facts, form })?;
    if refused {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn matter_of(id: i64) -> String {
    format!("handover {id}")
}

/// Tells who receives it.
async fn tell(state: &State, write: &Write, id: i64, new: &New) -> Result<(), Failed> {
    notices::done(write, &matter_of(id), state.now()).await?;
    let matter = Matter {
        kind: Kind::Handover,
        cluster: Some(new.cluster.clone()),
        unit: None,
        path: format!("/handovers/{id}"),
        about: Text::same(format!("{} → {}", new.giver, new.taker)),
        why: Why::By(new.day.clone()),
    };
    let whom = Whom::People(&[new.taker_person]);
    Ok(notices::raise(write, &Now::of(state), whom, &matter_of(id), &matter).await?)
}

/// Writes a handover.
pub(crate) async fn write(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Answer {
    cluster(&state, &slug).await?;
    let typed = Typed::read(&fields);
    let wrong = typed.wrong(&who, &takers(&state, &slug, typed.person).await?);
    if !wrong.is_empty() {
        return page(&state, &who, &slug, Some((typed, wrong))).await;
    }
    let person = who.person()?;
    let now = state.now();
    let new = typed.fields(&slug)?;
    let write = state.store.write().await?;
    let id = handovers::write(write.on(), new.clone(), person, now).await?;
    tell(&state, &write, id, &new).await?;
    let line = Line::new(now, Act::Handover, format!("{} → {}", new.giver, new.taker));
    trail::write(write.on(), line.by(person).of(&slug, None)).await?;
    jobs::ask(write.on(), Work::Index, &slug, None, Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("/handovers/{id}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_and_state_has_its_words() {
        for all in [&ITEMS[..], &STATES[..]] {
            for (id, vi, en) in all {
                assert_eq!(words(all, id, Lang::Vi), Some(*vi));
                assert_eq!(words(all, id, Lang::En), Some(*en));
            }
        }
        assert_eq!(words(&STATES, "x", Lang::Vi), None);
    }

    #[test]
    fn what_is_typed_is_read_and_what_is_wrong_is_said() {
        let who = Who::nobody(&axum::http::HeaderMap::new(), "/");
        let typed = Typed::read(&[]);
        assert_eq!(typed.wrong(&who, &[]).len(), 5, "{:?}", typed.wrong(&who, &[]));
        let mut fields: Vec<(String, String)> =
            [("giver", "A"), ("taker", "B"), ("person", "7"), ("day", "2021-01-01")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec();
        fields.extend(ITEMS.map(|(id, ..)| (format!("state-{id}"), "given".to_owned())));
        let typed = Typed::read(&fields);
        assert_eq!(typed.wrong(&who, &[(7, "B".into(), true)]), [""; 0]);
        assert_eq!(typed.items.len(), ITEMS.len());
    }
}
