//! Notices of the city's board to clusters (*thông báo tới các cụm*): title, text, files, a day; each cluster's secretary says that it
//! was read, or answers. Who has not is shown.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::circulars::{self, Circular, New};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::notices::Kind;
use giaouoc_store::people::{self, Role};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Write, evidence};
use serde::Deserialize;

use super::notices::how_far;
use crate::access::{Access, allows};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::{Filled, Posted};
use crate::kept;
use crate::notices::{self, Matter, Now, Whom, Why};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Where the files of notices lie among the evidence: of no cluster.
const KIND: &str = "circular";
/// The longest title and text, in characters.
const TITLE: usize = 200;
const BODY: usize = 10_000;

#[derive(Template)]
#[template(path = "pages/circulars.html")]
struct Circulars {
    base: Base,
    all: Vec<Listed>,
    /// The form, for who may write.
    form: Option<Form>,
}

struct Listed {
    id: i64,
    title: String,
    at: String,
    due: Option<(String, &'static str)>,
    answered: usize,
    of: usize,
}

#[derive(Default)]
struct Form {
    title: String,
    body: String,
    due: String,
    clusters: Vec<(String, String, bool)>,
    wrong: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/circular.html")]
struct CircularPage {
    base: Base,
    circular: Circular,
    at: String,
    by: String,
    due: Option<(String, &'static str)>,
    files: Vec<(i64, String)>,
    clusters: Vec<Standing>,
}

struct Standing {
    slug: String,
    name: String,
    said: String,
    reply: Option<String>,
    /// Whether the reader answers for it; and whether it was already said that it was read.
    mine: bool,
    read: bool,
}

fn writes(who: &Who) -> bool {
    allows(Access::Board, &who.roles, None, None)
}

/// Whether somebody leads the year of a cluster as its head's secretary: the board writes and does not answer itself.
fn answers(who: &Who, slug: &str) -> bool {
    who.roles.iter().any(|held| held.role == Role::Secretary && held.cluster.as_deref() == Some(slug))
}

fn called(all: &[Cluster], slug: &str, lang: Lang) -> String {
    let cluster = all.iter().find(|cluster| cluster.slug == slug);
    cluster.map_or_else(
        || slug.to_owned(),
        |cluster| {
            let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
            format!("{}, {}", name.get(lang), cluster.year)
        },
    )
}

/// All notices, and the form.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let all = clusters::all(state.store.read()).await?;
    let chosen = all.iter().map(|one| (one.slug.clone(), called(&all, &one.slug, who.lang), true)).collect();
    let form = writes(&who).then_some(Form { clusters: chosen, ..Form::default() });
    page(&state, &who, form).await
}

async fn page(state: &State, who: &Who, form: Option<Form>) -> Answer {
    let today = when::day_of(state.now(), &state.zone);
    let mut listed = Vec::new();
    for circular in circulars::all(state.store.read()).await? {
        let replies = circulars::replies(state.store.read(), circular.id).await?;
        listed.push(Listed {
            id: circular.id,
            at: when::shown(circular.at, &state.zone, who.lang),
            due: circular.due.as_ref().map(|due| how_far(due, &today, who.lang)),
            answered: circular.clusters.iter().filter(|slug| replies.contains_key(*slug)).count(),
            of: circular.clusters.len(),
            title: circular.title,
        });
    }
    let base = Base::new(state, who, who.say("Thông báo tới các cụm", "Notices to clusters"));
    shown(&Circulars { base, all: listed, form })
}

/// Writes one. What is wrong is said, and what was typed stays; files that were taken are not asked for again by their bytes, but
/// have to be chosen again.
pub(crate) async fn write(With(state): With<State>, who: Who, mut filled: Filled) -> Answer {
    let all = clusters::all(state.store.read()).await?;
    let files = std::mem::take(&mut filled.files);
    let picked = |slug: &str| !filled.field(&format!("cluster-{slug}")).is_empty();
    let clusters: Vec<(String, String, bool)> = all
        .iter()
        .map(|one| (one.slug.clone(), called(&all, &one.slug, who.lang), picked(&one.slug)))
        .collect();
    let to: Vec<String> =
        clusters.iter().filter(|(.., picked)| *picked).map(|(slug, ..)| slug.clone()).collect();
    let (title, body, due) = (filled.field("title"), filled.field("body"), filled.field("due"));
    let today = when::day_of(state.now(), &state.zone);
    let mut wrong: Vec<String> = filled.refused.iter().map(|why| why.get(who.lang).to_owned()).collect();
    let mut say = |vi: &str, en: &str| wrong.push(who.say(vi, en).to_owned());
    if title.is_empty() || title.chars().count() > TITLE {
        say("Tiêu đề: cần có, nhiều nhất 200 chữ cái.", "Title: it is needed, 200 characters at most.");
    }
    if body.is_empty() || body.chars().count() > BODY {
        say("Nội dung: cần có, nhiều nhất 10.000 chữ cái.", "Text: it is needed, 10,000 characters at most.");
    }
    if due.parse::<giaouoc_worktime::Day>().is_err() || due < today.as_str() {
        say("Hạn phản hồi: hãy chọn một ngày từ hôm nay.", "Answer by: choose a day from today on.");
    }
    if to.is_empty() {
        say("Gửi tới: hãy chọn ít nhất một cụm.", "To: choose at least one cluster.");
    }
    if !wrong.is_empty() {
        let (title, body, due) = (title.to_owned(), body.to_owned(), due.to_owned());
        let mut response = page(&state, &who, Some(Form { title, body, due, clusters, wrong })).await?;
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new = New {
        title: title.to_owned(),
        body: body.to_owned(),
        due: Some(due.to_owned()),
        clusters: to.clone(),
    };
    let id = circulars::write(write.on(), new, person, now).await?;
    for file in files {
        evidence::add(write.on(), ("", KIND, &id.to_string()), "", file, person, now).await?;
    }
    for slug in &to {
        let matter = Matter {
            kind: Kind::Circular,
            cluster: Some(slug.clone()),
            unit: None,
            path: format!("/circulars/{id}"),
            about: Text::same(title),
            why: Why::By(due.to_owned()),
        };
        let whom = Whom::Holders { roles: &[Role::Secretary], cluster: slug, unit: None };
        notices::raise(&write, &Now::of(&state), whom, &matter_of(id, slug), &matter).await?;
        trail::write(write.on(), Line::new(now, Act::Circular, title).by(person).of(slug, None)).await?;
    }
    jobs::ask(write.on(), Work::Index, "", None, Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("/circulars/{id}")).into_response())
}

fn matter_of(id: i64, slug: &str) -> String {
    format!("circular {id} {slug}")
}

/// A notice that somebody may read: the city's board and oversight, and whoever has a role in one of its clusters.
async fn readable(state: &State, who: &Who, id: i64) -> Result<Circular, Failed> {
    let found = circulars::get(state.store.read(), id).await?.ok_or(Failed::NotFound)?;
    let city = allows(Access::City, &who.roles, None, None);
    let may = city || found.clusters.iter().any(|slug| who.inside(slug));
    if may { Ok(found) } else { Err(Failed::NotFound) }
}

/// One notice, with what each cluster said.
pub(crate) async fn one(With(state): With<State>, who: Who, Path(id): Path<i64>) -> Answer {
    let circular = readable(&state, &who, id).await?;
    let all = clusters::all(state.store.read()).await?;
    let replies = circulars::replies(state.store.read(), id).await?;
    let today = when::day_of(state.now(), &state.zone);
    let name = async |person| {
        people::get(state.store.read(), person)
            .await
            .map(|found| found.map(|one| one.name).unwrap_or_default())
    };
    let mut standing = Vec::new();
    // What another cluster answered is between it and the board.
    let city = allows(Access::City, &who.roles, None, None);
    for slug in circular.clusters.iter().filter(|slug| city || who.inside(slug)) {
        let reply = replies.get(slug);
        let said = match reply {
            None => who.say("chưa phản hồi", "not answered yet").to_owned(),
            Some(reply) => {
                let what = match reply.reply {
                    None => who.say("đã đọc", "read"),
                    Some(_) => who.say("đã trả lời", "answered"),
                };
                format!(
                    "{what}, {}, {}",
                    name(reply.person).await?,
                    when::shown(reply.at, &state.zone, who.lang)
                )
            }
        };
        standing.push(Standing {
            name: called(&all, slug, who.lang),
            reply: reply.and_then(|reply| reply.reply.clone()),
            mine: answers(&who, slug) && reply.is_none_or(|reply| reply.reply.is_none()),
            read: reply.is_some(),
            slug: slug.clone(),
            said,
        });
    }
    let files = evidence::of(state.store.read(), "", KIND, &id.to_string()).await?;
    shown(&CircularPage {
        base: Base::new(&state, &who, circular.title.clone()),
        at: when::shown(circular.at, &state.zone, who.lang),
        by: name(circular.person).await?,
        due: circular.due.as_ref().map(|due| how_far(due, &today, who.lang)),
        files: files
            .into_iter()
            .filter(|file| file.gone.is_none())
            .map(|file| (file.id, file.name))
            .collect(),
        clusters: standing,
        circular,
    })
}

/// A file of a notice.
pub(crate) async fn file(With(state): With<State>, who: Who, Path((id, file)): Path<(i64, i64)>) -> Answer {
    readable(&state, &who, id).await?;
    let files = evidence::of(state.store.read(), "", KIND, &id.to_string()).await?;
    let found = files.into_iter().find(|one| one.id == file && one.gone.is_none()).ok_or(Failed::NotFound)?;
    let bytes = kept::read(&state.files, &found.sha256).await?.ok_or(Failed::NotFound)?;
    Ok(kept::saved(&found.name, &found.media, bytes))
}

#[derive(Deserialize)]
pub(crate) struct Replying {
    cluster: String,
    #[serde(default)]
    reply: String,
}

/// Says that a cluster has read it, or answers.
pub(crate) async fn reply(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(fields): Posted<Replying>,
) -> Answer {
    let circular = readable(&state, &who, id).await?;
    let slug = fields.cluster;
    if !circular.clusters.contains(&slug) || !answers(&who, &slug) {
        return Err(Failed::NotFound);
    }
    let text = fields.reply.trim();
    if text.chars().count() > 4_000 {
        return Err(Failed::wrong(
            "Trả lời: nhiều nhất 4.000 chữ cái. Hãy quay lại và rút ngắn; chữ đã gõ vẫn còn trong biểu mẫu.",
            "The answer: 4,000 characters at most. Go back and make it shorter; what you typed is still in the form.",
        ));
    }
    let person = who.person()?;
    let now = state.now();
    let write: Write = state.store.write().await?;
    let said = Some(text).filter(|text| !text.is_empty());
    if !circulars::reply(write.on(), id, &slug, said, person, now).await? {
        return Err(Failed::Conflict(Text::new(
            "Cụm đã phản hồi thông báo này rồi (có thể do người khác vừa làm). Hãy tải lại trang để xem.",
            "The cluster has answered already (perhaps somebody else was quicker). Load the page again to see it.",
        )));
    }
    notices::done(&write, &matter_of(id, &slug), now).await?;
    let line = Line::new(now, Act::CircularReply, circular.title).by(person).of(&slug, None);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("/circulars/{id}")).into_response())
}
