//! Questions that the data raise (*câu hỏi về số liệu*): at the desk of the unit that is asked, all of a cluster for those
//! inside, and, once answered, with a release.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::questions::{self, Question, Reply};
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use super::cluster;
use super::desk::address;
use super::records::record_address;
use crate::access::{self, Doing};
use crate::asked::{Answered, Asked};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::notices;
use crate::sheet::Sheet;
use crate::small::{self, Reader};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Records shown of one question; its list at the command line has all.
const SHOWN: usize = 50;
/// What a release keeps its answered questions under.
const PART: &str = "questions";

/// A question as an entry of a list.
#[derive(Template)]
#[template(path = "pages/question.html")]
pub(crate) struct Entry {
    lang: Lang,
    id: i64,
    pub anchor: String,
    /// The unit's short name; nothing at its own desk.
    unit: String,
    pub name: String,
    question: String,
    counted: String,
    since: String,
    seen: Vec<String>,
    /// Key, where the record is, what is seen there, the journal's entry.
    cases: Vec<(String, Option<String>, String, String)>,
    entries: bool,
    more: i64,
    innocent: String,
    threshold: String,
    source: String,
    earlier: Vec<(String, String)>,
    reply: Option<(String, String, Option<String>)>,
    gone: bool,
    /// Whether it waits for an answer.
    pub open: bool,
    digest: String,
    form: Option<Form>,
}

struct Form {
    at: String,
    csrf: String,
    behalf: bool,
    /// Whether it is folded away: on a page of many.
    fold: bool,
}

impl Entry {
    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/questions.html")]
struct Questions {
    base: Base,
    open: Vec<Entry>,
    answered: Vec<Entry>,
    gone: Vec<Entry>,
    none: String,
}

/// How often, among how many.
fn counted(asked: &Asked, lang: Lang) -> String {
    let (count, of) = (integer(asked.count, lang), integer(asked.of, lang));
    match (lang, asked.of) {
        (_, 0) => count,
        (Lang::Vi, _) => format!("{count} trên {of}"),
        (Lang::En, _) => format!("{count} of {of}"),
    }
}

/// A question with the answers that its earlier rounds got; nothing where what was kept cannot be read.
fn entry(
    state: &State,
    who: &Who,
    one: &Question,
    all: &[Question],
    unit: String,
    form: Option<Form>,
) -> Option<Entry> {
    let lang = who.lang;
    let asked: Asked = serde_json::from_str(&one.asked).ok()?;
    let when = |at| when::shown(at, &state.zone, lang);
    let side = |texts: &[Text]| texts.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join("; ");
    let may_read = who.may(Doing::Read, &one.cluster, &one.unit);
    let cases = asked.cases.iter().take(SHOWN).map(|case| {
        let entry = case.entry.map(|entry| entry.to_string()).unwrap_or_default();
        let href = may_read.then(|| record_address(&one.cluster, &one.unit, &asked.kind, &case.key));
        (case.key.clone(), href, side(&case.evidence), entry)
    });
    let cases: Vec<_> = cases.collect();
    let more = if cases.is_empty() { 0 } else { asked.count - i64::try_from(cases.len()).unwrap_or(0) };
    let same =
        |other: &&Question| other.unit == one.unit && other.signal == one.signal && other.round < one.round;
    let earlier = all
        .iter()
        .filter(same)
        .filter_map(|other| Some((other.reply.clone()?, other.replied_at.map(when).unwrap_or_default())));
    let since = match lang {
        Lang::Vi => format!("hỏi từ {}", when(one.first_seen)),
        Lang::En => format!("asked since {}", when(one.first_seen)),
    };
    Some(Entry {
        lang,
        id: one.id,
        anchor: format!("question-{}", one.id),
        unit,
        name: asked.name.get(lang).to_owned(),
        question: asked.question.get(lang).to_owned(),
        counted: counted(&asked, lang),
        since,
        seen: asked.seen.iter().map(|text| text.get(lang).to_owned()).collect(),
        entries: cases.iter().any(|(_, _, _, entry)| !entry.is_empty()),
        cases,
        more: more.max(0),
        innocent: asked.innocent.get(lang).to_owned(),
        threshold: asked.threshold.get(lang).to_owned(),
        source: asked.source.clone(),
        earlier: earlier.collect(),
        reply: one
            .reply
            .clone()
            .map(|reply| (reply, one.replied_at.map(when).unwrap_or_default(), one.on_behalf.clone())),
        gone: one.gone_at.is_some(),
        open: one.open(),
        digest: one.digest.clone(),
        form: form.filter(|_| one.open()),
    })
}

/// The questions at a unit's desk: open ones first, then those that were answered.
pub(crate) async fn at_desk(state: &State, who: &Who, slug: &str, unit: &str) -> Result<Vec<Entry>, Failed> {
    let all = questions::of(state.store.read(), slug, unit).await?;
    let form = || {
        who.may(Doing::Bring, slug, unit).then(|| Form {
            at: address(slug, unit),
            csrf: who.csrf.clone(),
            behalf: access::on_behalf(&who.roles, Doing::Bring, slug, unit),
            fold: false,
        })
    };
    let (open, rest): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.open());
    let answered = rest.into_iter().rev().filter(|one| one.reply.is_some());
    let entries = open.into_iter().chain(answered);
    Ok(entries.filter_map(|one| entry(state, who, one, &all, String::new(), form())).collect())
}

/// All questions of a cluster, units in the order of the decision.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let sheet = state.newest(&slug).await?.map(|(_, sheet)| sheet);
    let mut all = questions::all(state.store.read(), &slug).await?;
    let place =
        |code: &str| sheet.as_ref().and_then(|sheet| sheet.unit(code)).map_or(usize::MAX, |(place, _)| place);
    all.sort_by_key(|one| (place(&one.unit), one.id));
    let mut page = Questions {
        base: Base::within(&state, &who, &cluster, who.say("Câu hỏi về số liệu", "Questions about the data"))
            .await?,
        open: Vec::new(),
        answered: Vec::new(),
        gone: Vec::new(),
        none: none(&state, &who, &slug).await?,
    };
    for one in &all {
        let unit = sheet.as_ref().and_then(|sheet| sheet.unit(&one.unit));
        let unit = unit.map_or(one.unit.clone(), |(_, unit)| unit.short.get(who.lang).to_owned());
        let form = who.may(Doing::Bring, &slug, &one.unit).then(|| Form {
            at: address(&slug, &one.unit),
            csrf: who.csrf.clone(),
            behalf: access::on_behalf(&who.roles, Doing::Bring, &slug, &one.unit),
            fold: true,
        });
        let Some(entry) = entry(&state, &who, one, &all, unit, form) else { continue };
        match (entry.open, entry.reply.is_some()) {
            (true, _) => page.open.push(entry),
            (_, true) => page.answered.push(entry),
            _ => page.gone.push(entry),
        }
    }
    if page.open.is_empty() {
        let open = jobs::open(state.store.read(), Some(&slug)).await?;
        page.base.reload = open.iter().any(|job| job.work == Work::Signals).then_some(3);
    }
    shown(&page)
}

/// What stands where nothing is asked: it was looked, it is being looked, or it could not be.
async fn none(state: &State, who: &Who, slug: &str) -> Result<String, Failed> {
    let last = jobs::latest(state.store.read(), slug, &[Work::Signals], None).await?;
    Ok(match last {
        Some(job) if job.state == jobs::State::Done => {
            who.say("Không có câu nào chờ trả lời.", "Nothing waits for an answer.").to_owned()
        }
        Some(job) if job.state == jobs::State::Failed => {
            let (vi, en) = job.error.unwrap_or_default();
            let why = Text::new(vi, en);
            format!(
                "{} {}",
                who.say("Lần tìm gần nhất chưa xong:", "The last look failed:"),
                why.get(who.lang)
            )
        }
        _ => who.say("Đang tìm, xin chờ giây lát…", "Being looked for, one moment…").to_owned(),
    })
}

#[derive(Deserialize)]
pub(crate) struct Replying {
    question: i64,
    digest: String,
    reply: String,
    #[serde(default)]
    behalf: String,
}

/// Answers a question, once, and only as it was shown.
pub(crate) async fn reply(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Replying>,
) -> Answer {
    let reply = fields.reply.trim();
    if reply.is_empty() || reply.chars().count() > 2_000 {
        return Err(Failed::wrong(
            "Hãy ghi câu trả lời, nhiều nhất 2.000 chữ cái.",
            "Write the answer, at most 2,000 characters.",
        ));
    }
    let all = questions::of(state.store.read(), &slug, &code).await?;
    let question = all.iter().find(|one| one.id == fields.question).ok_or(Failed::NotFound)?;
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let new = Reply {
        cluster: slug.clone(),
        unit: code.clone(),
        question: question.id,
        digest: fields.digest,
        reply: reply.to_owned(),
        person,
        on_behalf: behalf.clone(),
    };
    let write = state.store.write().await?;
    if !questions::reply(write.on(), new, now).await? {
        return Err(Failed::Conflict(Text::new(
            "Câu hỏi này vừa được trả lời, hoặc căn cứ của nó vừa đổi theo số liệu mới. Hãy quay lại, xem lại rồi trả lời; chưa có gì được ghi.",
            "This question was just answered, or what it rests on changed with new data. Go back, look again and answer; nothing was written.",
        )));
    }
    notices::done(&write, &notices::of_question(&slug, question.id), now).await?;
    let asked: Asked = serde_json::from_str(&question.asked).unwrap_or_default();
    let line = Line::new(now, Act::Reply, asked.name.to_string())
        .by(person)
        .of(&slug, Some(&code))
        .on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("{}#question-{}", address(&slug, &code), question.id)).into_response())
}

/// An answered question as everybody may read it.
pub(crate) struct Published {
    pub unit: String,
    pub name: String,
    pub question: String,
    pub counted: String,
    pub reply: String,
    pub on: String,
}

/// What a release published of questions and answers; of one unit where it is named. Units in the order of the decision.
pub(crate) async fn published(
    state: &State,
    lang: Lang,
    release: i64,
    sheet: &Sheet,
    unit: Option<&str>,
) -> Result<Vec<Published>, Failed> {
    let kept = questions::frozen(state.store.read(), release, PART).await?;
    let mut all: Vec<Answered> = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    all.retain(|one| unit.is_none_or(|code| code == one.unit));
    all.sort_by_key(|one| sheet.unit(&one.unit).map_or(usize::MAX, |(place, _)| place));
    let line = |one: Answered| {
        let count = small::count(&one.kind, one.count, Reader::Public, lang);
        let of = integer(one.of, lang);
        Published {
            unit: sheet.unit(&one.unit).map_or(one.unit, |(_, unit)| unit.short.get(lang).to_owned()),
            name: one.name.get(lang).to_owned(),
            question: one.question.get(lang).to_owned(),
            counted: match (lang, one.of) {
                (_, 0) => count,
                (Lang::Vi, _) => format!("{count} trên {of}"),
                (Lang::En, _) => format!("{count} of {of}"),
            },
            reply: one.reply,
            on: when::day_shown(&one.on, lang),
        }
    };
    Ok(all.into_iter().map(line).collect())
}
