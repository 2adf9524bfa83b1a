//! Who else has a say in a matter: residents ask, the unit reads, shows and answers; other units take part or take it up, and
//! report back.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Join, Reply, State as Standing};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::matter::joins;
use giaouoc_year::sort::Part;
use giaouoc_year::value;
use serde::Deserialize;

use super::cluster;
use super::matter::{asks_are_taken, opened};
use super::matter_form::ground;
use super::work::{names, today, unit_name};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::matters::{self, Full};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A question is at most so long, in characters.
const QUESTION: usize = 1_000;
/// So many questions wait to be read at most.
const WAITING: u64 = 200;
/// One network asks at most so often within an hour.
const OFTEN: usize = 10;
const HOUR: i64 = 3_600 * 1_000_000;

#[derive(Template)]
#[template(path = "pages/asked.html")]
struct AskedPage {
    base: Base,
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct Asking {
    text: String,
    /// Nobody sees this field; programs that fill in everything do.
    #[serde(default)]
    website: String,
}

/// A resident asks. Nobody reads it before the unit has.
pub(crate) async fn ask(
    With(state): With<State>,
    who: Who,
    Path((slug, sort, code)): Path<(String, String, String)>,
    Posted(fields): Posted<Asking>,
) -> Answer {
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    if !full.sort.has(Part::Questions) {
        return Err(Failed::NotFound);
    }
    if !asks_are_taken(&full, today(&state)?) {
        return Err(Failed::wrong(
            "Cuộc đối thoại này đã hết thời gian nhận câu hỏi. Bạn có thể hỏi tại bộ phận một cửa hoặc ở cuộc đối thoại sau.",
            "Questions are no longer taken here. You can ask at the one-stop desk, or at the next dialogue.",
        ));
    }
    let text = fields.text.replace("\r\n", "\n");
    let text = text.trim();
    let long = text.chars().count();
    if long < 5 || long > QUESTION {
        return Err(Failed::wrong(
            format!("Hãy ghi câu hỏi, từ 5 đến {QUESTION} chữ cái (bạn đã ghi {long})."),
            format!("Write your question, 5 to {QUESTION} characters (you wrote {long})."),
        ));
    }
    let matter = full.row.id;
    if state.too_often(&format!("ask {}", who.client), OFTEN, HOUR)
        || kept::waiting(state.store.read(), matter).await? >= WAITING
    {
        return Err(Failed::TooOften);
    }
    // A program gets the same answer, and nothing is kept.
    if fields.website.is_empty() {
        let now = state.now();
        let write = state.store.write().await?;
        kept::ask(write.on(), matter, text, None, now).await?;
        crate::notices::resident(&state, &write, &full).await?;
        kept::touch(write.on(), matter, now).await?;
        let line = Line::new(now, Act::Ask, format!("{} {code}", full.sort.id));
        trail::write(write.on(), line.of(&slug, Some(&full.row.unit))).await?;
        write.commit().await?;
        state.changed();
    }
    let cluster = cluster(&state, &slug).await?;
    let base =
        Base::within(&state, &who, &cluster, who.say("Đã nhận câu hỏi", "Your question has arrived")).await?;
    shown(&AskedPage { base, back: full.address() })
}

#[derive(Deserialize)]
pub(crate) struct Answering {
    /// `show`, `aside`, `answer`, `there`.
    what: String,
    #[serde(default)]
    question: i64,
    #[serde(default)]
    text: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    behalf: String,
}

type Of = (String, String, String, String);

/// The unit reads a question, shows it or puts it aside, answers it, or enters one that was asked at the dialogue.
pub(crate) async fn answer(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, sort, code)): Path<Of>,
    Posted(fields): Posted<Answering>,
) -> Answer {
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    if full.row.unit != unit || full.row.gone.is_some() {
        return Err(Failed::NotFound);
    }
    let behalf = ground(&who, Doing::Bring, (&slug, &unit), full.row.common, &fields.behalf)?;
    let text = fields.text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > 5_000 {
        return Err(Failed::wrong(
            "Câu trả lời dài quá 5.000 chữ cái.",
            "The answer is over 5,000 characters long.",
        ));
    }
    let blank = |vi: &str, en: &str| match text.is_empty() {
        true => Err(Failed::wrong(vi, en)),
        false => Ok(()),
    };
    let person = who.person()?;
    let now = state.now();
    let matter = full.row.id;
    let due = match fields.due.trim() {
        "" => String::new(),
        due => value::day(due).map_err(Failed::Wrong)?.to_string(),
    };
    let write = state.store.write().await?;
    let done = match fields.what.as_str() {
        "show" => kept::sort_out(write.on(), matter, fields.question, (Standing::Shown, None)).await?,
        "aside" => {
            blank("Hãy ghi lý do không đăng câu hỏi này.", "Say why this question is not shown.")?;
            kept::sort_out(write.on(), matter, fields.question, (Standing::Aside, Some(&text))).await?
        }
        "there" => {
            blank("Hãy ghi câu hỏi.", "Write the question.")?;
            kept::ask(write.on(), matter, &text, Some(person), now).await?;
            true
        }
        "answer" => {
            let owner: String = fields.owner.trim().chars().take(200).collect();
            if text.is_empty() && (owner.is_empty() || due.is_empty()) {
                return Err(Failed::wrong(
                    "Hãy ghi câu trả lời; nếu chưa trả lời được, ghi ai sẽ trả lời và hạn nào.",
                    "Write the answer; if there is none yet, say who will answer and by when.",
                ));
            }
            let reply = Reply { text, owner, due, person, on_behalf: behalf.clone() };
            kept::reply(write.on(), matter, fields.question, reply, now).await?
        }
        _ => false,
    };
    if !done {
        return Err(Failed::NotFound);
    }
    if kept::waiting(write.on(), matter).await? == 0 {
        crate::notices::done(&write, &crate::notices::of_matter(&full, &unit), now).await?;
    }
    kept::touch(write.on(), matter, now).await?;
    jobs::ask(write.on(), Work::Carry, &slug, Some(matter), Some(person), now).await?;
    let line = Line::new(now, Act::Moderate, format!("{} {code}: {}", full.sort.id, fields.what));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("{}#questions", full.address())).into_response())
}

#[derive(Template)]
#[template(path = "pages/join.html")]
struct JoinPage {
    base: Base,
    title: String,
    back: String,
    at: String,
    unit: String,
    adopters: bool,
    behalf: bool,
    today: String,
    /// What the unit said before.
    said: Option<Said>,
}

struct Said {
    yes: bool,
    day: String,
    number: String,
    text: String,
    result: String,
}

type JoinOf = (String, String, String, String, String);

/// The matter of an address at another unit's desk.
async fn joinable(
    state: &State,
    who: &Who,
    (slug, unit, home, sort, code): &JoinOf,
) -> Result<(Full, Part), Failed> {
    let full = opened(state, who, home, sort, code).await?;
    let part = joins(full.sort).ok_or(Failed::NotFound)?;
    let own = slug == home && *unit == full.row.unit;
    let spreads = slug == home || full.sort.spread;
    let known = names(state, slug).await?.is_some_and(|sheet| sheet.unit(unit).is_some());
    if own || !spreads || !known || !full.matter.is_public(full.sort) {
        return Err(Failed::NotFound);
    }
    Ok((full, part))
}

/// The form by which a unit takes part, or takes it up.
pub(crate) async fn join(With(state): With<State>, who: Who, Path(at): Path<JoinOf>) -> Answer {
    let (full, part) = joinable(&state, &who, &at).await?;
    let (slug, unit) = (&at.0, &at.1);
    let said = full.joined.iter().find(|one| one.cluster == *slug && one.unit == *unit).map(|one| Said {
        yes: one.yes,
        day: one.day.clone(),
        number: one.number.map(|number| number.to_string()).unwrap_or_default(),
        text: one.said.clone(),
        result: one.result.clone(),
    });
    let sheet = names(&state, slug).await?;
    let cluster = cluster(&state, slug).await?;
    let title = match part {
        Part::Adopters => who.say("Đơn vị chúng tôi áp dụng", "Our unit takes this up"),
        _ => who.say("Đơn vị chúng tôi tham gia", "Our unit takes part"),
    };
    let base = Base::within(&state, &who, &cluster, title).await?;
    shown(&JoinPage {
        title: full.matter.title(full.sort).to_owned(),
        back: full.address(),
        at: who.path.clone(),
        unit: unit_name(sheet.as_deref(), unit, who.lang),
        adopters: part == Part::Adopters,
        behalf: access::on_behalf(&who.roles, Doing::Bring, slug, unit),
        today: today(&state)?.to_string(),
        said,
        base,
    })
}

#[derive(Deserialize)]
pub(crate) struct Joining {
    /// `yes`, `no`, `report`.
    what: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    behalf: String,
}

/// A unit says yes or no, or reports what came of it.
pub(crate) async fn joining(
    With(state): With<State>,
    who: Who,
    Path(at): Path<JoinOf>,
    Posted(fields): Posted<Joining>,
) -> Answer {
    let (full, _) = joinable(&state, &who, &at).await?;
    let (slug, unit, home) = (at.0.as_str(), at.1.as_str(), at.2.as_str());
    let behalf = who.behalf(Doing::Bring, slug, unit, &fields.behalf)?;
    let today = today(&state)?;
    let day = match fields.day.trim() {
        "" => today,
        day => value::day(day).map_err(Failed::Wrong)?,
    };
    if day > today {
        return Err(Failed::wrong("Ngày này chưa tới.", "That day has not come yet."));
    }
    let number = match fields.number.trim() {
        "" => None,
        text => Some(text.parse::<u32>().map(i64::from).map_err(|_| {
            Failed::wrong("Số người là một số nguyên từ 0.", "The number of people is a whole number from 0.")
        })?),
    };
    let text: String = fields.text.replace("\r\n", "\n").trim().chars().take(5_000).collect();
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let act = match fields.what.as_str() {
        "report" => {
            if text.is_empty() {
                return Err(Failed::wrong("Hãy ghi kết quả.", "Write what came of it."));
            }
            let result = (text.as_str(), &*day.to_string());
            if !kept::report(write.on(), full.row.id, (slug, unit), result, number).await? {
                return Err(Failed::NotFound);
            }
            Act::Report
        }
        "yes" | "no" => {
            let join = Join {
                matter: full.row.id,
                cluster: slug.to_owned(),
                unit: unit.to_owned(),
                yes: fields.what == "yes",
                day: day.to_string(),
                number,
                said: text,
                person,
                on_behalf: behalf.clone(),
            };
            kept::join(write.on(), join, now).await?;
            Act::Join
        }
        _ => return Err(Failed::NotFound),
    };
    kept::touch(write.on(), full.row.id, now).await?;
    jobs::ask(write.on(), Work::Carry, home, Some(full.row.id), Some(person), now).await?;
    let line = Line::new(now, act, format!("{} {}: {}", full.sort.id, full.row.code, fields.what));
    trail::write(write.on(), line.by(person).of(slug, Some(unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("{}#joined", full.address())).into_response())
}

/// What waits at a unit's desk: who is to do what, by when.
pub(crate) async fn at_desk(
    state: &State,
    who: &Who,
    slug: &str,
    unit: &str,
) -> Result<Vec<(String, String)>, Failed> {
    let all = matters::list(
        &state.store,
        &kept::Filter { cluster: Some(slug.to_owned()), ..kept::Filter::default() },
    )
    .await?;
    let today = today(state)?;
    let say = |vi: String, en: String| if who.lang == giaouoc_agreement::text::Lang::Vi { vi } else { en };
    let mut todo = Vec::new();
    for full in all.iter().filter(|full| full.sort.has(Part::Reports) && full.matter.is_open(full.sort)) {
        let papers = kept::papers(state.store.read(), full.row.id).await?;
        if !papers.iter().any(|paper| paper.unit == unit && paper.sent_at.is_some())
            && !full.matter.is_met(full.sort)
        {
            let until = full
                .matter
                .fields
                .get("reports_until")
                .map(|day| when::day_shown(day, who.lang))
                .unwrap_or_default();
            let title = full.matter.title(full.sort);
            let text = say(
                format!("Báo cáo ngắn gửi trước {until}: {title}"),
                format!("A short report due by {until}: {title}"),
            );
            todo.push((
                text,
                format!(
                    "{}report/{}",
                    super::desk::address(slug, unit),
                    crate::html::encoded(&full.row.code)
                ),
            ));
        }
    }
    let reviews: Vec<i64> =
        all.iter().filter(|full| full.sort.has(Part::Points)).map(|full| full.row.id).collect();
    for point in kept::points(state.store.read(), &reviews).await? {
        if point.unit == unit && point.done.is_none() {
            let Some(full) = all.iter().find(|full| full.row.id == point.matter) else { continue };
            let (due, text) =
                (when::day_shown(&point.due, who.lang), point.text.chars().take(80).collect::<String>());
            let text =
                say(format!("Việc phải làm, hạn {due}: {text}"), format!("To be mended by {due}: {text}"));
            todo.push((text, format!("{}#points", full.address())));
        }
    }
    for full in &all {
        let title = full.matter.title(full.sort);
        let href = full.address();
        if full.row.unit == unit {
            let unread = full.questions.iter().filter(|one| one.state == Standing::Waiting).count();
            if unread > 0 {
                let text = say(
                    format!("{unread} câu hỏi của người dân chưa đọc: {title}"),
                    format!("{unread} residents' questions to read: {title}"),
                );
                todo.push((text, format!("{href}#questions")));
            }
            let due = full.questions.iter().filter(|one| one.reply.is_none() && one.state == Standing::Shown);
            let late = due.filter(|one| {
                one.due
                    .as_ref()
                    .and_then(|due| due.parse().ok())
                    .is_some_and(|due: giaouoc_worktime::Day| due < today)
            });
            let late = late.count();
            if late > 0 {
                let text = say(
                    format!("{late} câu hỏi đã quá hạn trả lời: {title}"),
                    format!("{late} answers are over their day: {title}"),
                );
                todo.push((text, format!("{href}#questions")));
            }
            if let Some(days) = full.matter.days_over(full.sort, today) {
                let when = full
                    .matter
                    .when(full.sort)
                    .map(|day| when::day_shown(&day.to_string(), who.lang))
                    .unwrap_or_default();
                let text = say(
                    format!("{}: {title} – ngày {when}, đã qua {days} ngày", full.sort.name.vi),
                    format!("{}: {title} – {when}, {days} days ago", full.sort.name.en),
                );
                todo.push((text, href.clone()));
            }
            if full.matter.state(full.sort) == "propose" && who.may(Doing::Bring, slug, unit) {
                let text = say(
                    format!("{} được đề xuất: {title}", full.sort.name.vi),
                    format!("{} proposed: {title}", full.sort.name.en),
                );
                todo.push((text, href));
            }
            continue;
        }
        let invited =
            full.sort.id == "exchange" && full.matter.is_open(full.sort) && !full.matter.is_met(full.sort);
        let silent = !full.joined.iter().any(|one| one.cluster == slug && one.unit == unit);
        if invited && silent {
            let text =
                say(format!("Lời mời chờ trả lời: {title}"), format!("An invitation to answer: {title}"));
            todo.push((text, format!("{href}#joined")));
        }
    }
    Ok(todo)
}
