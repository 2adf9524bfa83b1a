//! A draft goes round (*lấy ý kiến*): sent with a last day, spoken about by units, answered by the head's desk; paragraphs of the
//! units are put together; a polite reminder for who has not answered.

use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{self, Draft, Part, Sort};
use giaouoc_store::letters::{self, Kind, New};
use giaouoc_store::people::Role;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::agreeing::{Stage, Standing, standing};
use giaouoc_year::drafting::set_paragraphs;
use serde::{Deserialize, Serialize};

use super::draft::{self, Held, Tried, address, held, today};
use super::draft_form::save_version;
use super::draft_notices;
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A unit's own paragraph to a clause.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Own {
    pub text: String,
}

/// Somebody else has saved or said something since.
pub(crate) fn newer() -> Failed {
    Failed::Conflict(Text::new(
        "Người khác vừa sửa dự thảo này sau khi bạn mở trang; chưa có gì được ghi đè. Hãy tải lại trang để xem bản mới rồi làm lại.",
        "Somebody else changed this draft after you opened the page; nothing was overwritten. Load the page again to see it as it is now.",
    ))
}

/// The text is frozen, or was given up.
pub(crate) fn closed() -> Failed {
    Failed::Conflict(Text::new(
        "Dự thảo này không còn sửa được: đã chốt để ký, đã có hiệu lực hoặc không dùng nữa.",
        "This draft can no longer be changed: it is frozen for signing, in force, or given up.",
    ))
}

fn go(to: &str) -> Answer {
    Ok(Redirect::to(to).into_response())
}

/// A step of a draft, as the form's writer saw it.
#[derive(Deserialize)]
pub(crate) struct Step {
    pub rev: i64,
    pub version: i64,
    #[serde(default)]
    pub respond_by: String,
}

/// Asks officers and leaders of these units by mail for their remarks, once a draft and `once`.
async fn asked(
    state: &State,
    write: &giaouoc_store::Write,
    held: &Held,
    units: &[String],
    (day, once): (&str, &str),
) -> Result<(), Failed> {
    if !state.site.mail {
        return Ok(());
    }
    let (slug, today) = (&held.cluster.slug, today(state));
    let title = held.paper().map(|paper| paper.title.clone()).unwrap_or_default();
    for unit in units {
        let roles = [Role::Officer, Role::Leader];
        let whom = letters::holders(write.on(), &roles, slug, Some(unit), &today).await?;
        let new = New {
            kind: Kind::Draft,
            path: Some(format!("{}units/{}", address(slug, held.draft.number), encoded(unit))),
            about_vi: format!("{} (đến hết {})", title.vi, when::day_shown(day, Lang::Vi)),
            about_en: format!("{} (until the end of {day})", title.en),
        };
        let once = format!("draft {slug} {} {once}", held.draft.number);
        letters::notify(write.on(), &whom, &once, &new, state.now()).await?;
    }
    Ok(())
}

/// Takes a draft a step on, with its line of the trail.
pub(crate) async fn step(
    state: &State,
    who: &Who,
    held: &Held,
    new: Draft,
    act: Act,
    about: String,
    work: Option<giaouoc_store::jobs::Work>,
) -> Result<(), Failed> {
    let now = state.now();
    let person = who.person()?;
    let write = state.store.write().await?;
    if !agreeing::step(write.on(), &new).await? {
        return Err(newer());
    }
    let line = Line::new(now, act, about).by(person).of(&new.cluster, None);
    trail::write(write.on(), line).await?;
    draft_notices::moved(state, &write, held, &new).await?;
    if let Some(work) = work {
        giaouoc_store::jobs::ask(write.on(), work, &new.cluster, Some(new.id), Some(person), now).await?;
    }
    write.commit().await?;
    state.wake.notify_one();
    Ok(())
}

/// What the trail calls a draft.
pub(crate) fn named(held: &Held) -> String {
    let title = held.paper().map_or_else(String::new, |paper| paper.title.vi.clone());
    format!("{} (dự thảo {}, bản {})", title, held.draft.number, held.draft.version)
}

/// Sends it round, or gives it another last day.
pub(crate) async fn circulate(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Step>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if !held.stage.is_open() {
        return Err(closed());
    }
    if held.paper().is_none() || held.checked.errors() > 0 {
        let wrong = Text::new(
            "Văn bản còn lỗi; hãy sửa hết lỗi rồi gửi các đơn vị.",
            "The text has errors; mend them before it is sent round.",
        );
        return draft::page(&state, &who, held, Tried::circulating(form.respond_by, wrong)).await;
    }
    let day = form.respond_by.trim().to_owned();
    if day.parse::<giaouoc_worktime::Day>().is_err() || day < today(&state) {
        let wrong = Text::new(
            "Ngày cuối để góp ý phải là hôm nay hoặc một ngày sau đó, ghi ví dụ 2027-01-15.",
            "The last day for remarks is today or later; write for example 2027-01-15.",
        );
        return draft::page(&state, &who, held, Tried::circulating(day, wrong)).await;
    }
    let about = format!("{}: đến hết {}", named(&held), when::day_shown(&day, Lang::Vi));
    let (now, person) = (state.now(), who.person()?);
    let new = Draft {
        stage: Stage::Circulating.word().to_owned(),
        respond_by: Some(day.clone()),
        circulated_at: held.draft.circulated_at.or(Some(now)),
        rev: form.rev,
        version: form.version,
        ..held.draft.clone()
    };
    let write = state.store.write().await?;
    if !agreeing::step(write.on(), &new).await? {
        return Err(newer());
    }
    let line = Line::new(now, Act::DraftCirculated, about).by(person).of(&slug, None);
    trail::write(write.on(), line).await?;
    // Who has spoken already is not asked again when the day changes; who was silent until it may speak again.
    let units = silent(&held, Some(&day), &today(&state));
    asked(&state, &write, &held, &units, (&day, &format!("until {day}"))).await?;
    draft_notices::asked(&state, &write, &held, &units, &day).await?;
    write.commit().await?;
    state.wake.notify_one();
    go(&address(&slug, held.draft.number))
}

/// Gives it up; it stays to be read.
pub(crate) async fn drop(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Step>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if !held.stage.is_open() {
        return Err(closed());
    }
    let about = named(&held);
    let new = Draft {
        stage: Stage::Dropped.word().to_owned(),
        rev: form.rev,
        version: form.version,
        ..held.draft.clone()
    };
    step(&state, &who, &held, new, Act::DraftDropped, about, None).await?;
    go(&format!("/c/{slug}/agreement/drafts"))
}

/// Units that have said nothing and still may, until the end of a day.
fn silent(held: &Held, by: Option<&str>, today: &str) -> Vec<String> {
    let said = held.said();
    let units = held.paper().map(|paper| &paper.units[..]).unwrap_or_default().iter();
    let silent = units.filter(|unit| standing(&unit.code, &said, by, today) == Standing::Silent);
    silent.map(|unit| unit.code.clone()).collect()
}

/// The reminder, ready to be copied: polite, with the day and the way.
pub(crate) fn letter(held: &Held, state: &State, at: &str, lang: Lang) -> String {
    let units: Vec<String> = silent(held, held.draft.respond_by.as_deref(), &today(state))
        .iter()
        .filter_map(|code| held.paper()?.unit(code))
        .map(|unit| unit.name.get(lang).to_owned())
        .collect();
    let (units, link) = (units.join("; "), format!("{}{at}", state.site.url));
    let day = held.draft.respond_by.as_deref().map_or_else(String::new, |day| when::day_shown(day, lang));
    let title = held.paper().map_or_else(String::new, |paper| paper.title.get(lang).to_owned());
    match lang {
        Lang::Vi => format!(
            "Kính gửi: {units}\n\nCụm trưởng đã gửi dự thảo “{title}” để các đơn vị góp ý. Đến nay Cụm chưa nhận được ý kiến của quý đơn vị.\n\nTrân trọng đề nghị quý đơn vị xem và cho ý kiến trước hết ngày {day}. Quá hạn, đơn vị chưa có ý kiến được coi như thống nhất với dự thảo.\n\nXem và góp ý tại: {link}\n\nTrân trọng cảm ơn."
        ),
        Lang::En => format!(
            "To: {units}\n\nThe head of the cluster has sent round the draft “{title}”. Your remarks have not arrived yet.\n\nWe kindly ask you to look at it and answer by the end of {day}. After that day, silence counts as agreement.\n\nRead it and answer at: {link}\n\nThank you."
        ),
    }
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Sends the reminder by mail to officers and leaders of units that have not answered, once a day.
pub(crate) async fn remind(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let (now, today) = (state.now(), today(&state));
    let units = silent(&held, held.draft.respond_by.as_deref(), &today);
    let day = held.draft.respond_by.as_deref().unwrap_or_default();
    if !state.site.mail || units.is_empty() || held.stage != Stage::Circulating {
        // A unit may have answered since the page was opened: the page as it stands now says who is silent.
        let wrong = match state.site.mail {
            true => Text::new("Không có đơn vị nào cần nhắc.", "There is no unit to remind."),
            false => Text::new(
                "Hệ thống chưa có máy chủ thư; hãy sao chép lời thư để gửi.",
                "There is no mail server; copy the letter and send it.",
            ),
        };
        return draft::page(&state, &who, held, Tried::reminding(wrong)).await;
    }
    let person = who.person()?;
    let write = state.store.write().await?;
    asked(&state, &write, &held, &units, (day, &today)).await?;
    for unit in &units {
        let line = Line::new(now, Act::DraftReminded, named(&held)).by(person).of(&slug, Some(unit));
        trail::write(write.on(), line).await?;
    }
    write.commit().await?;
    state.wake.notify_one();
    go(&format!("{}#units", address(&slug, held.draft.number)))
}

/// A part that is added for a unit, with its line of the trail.
pub(crate) struct Adding {
    pub sort: Sort,
    pub unit: String,
    pub place: String,
    pub body: String,
    pub seen: i64,
    pub behalf: Option<String>,
    pub act: Act,
    pub about: String,
}

/// Adds it.
pub(crate) async fn add(state: &State, who: &Who, held: &Held, new: Adding) -> Result<(), Failed> {
    let (now, person, slug) = (state.now(), who.person()?, &held.cluster.slug);
    let write = state.store.write().await?;
    let part = Part {
        id: 0,
        draft: held.draft.id,
        sort: new.sort,
        unit: new.unit.clone(),
        place: new.place,
        rev: 0,
        body: new.body,
        person,
        at: now,
        on_behalf: new.behalf.clone(),
    };
    let id = agreeing::add(write.on(), slug, part.clone(), new.seen).await?.ok_or_else(newer)?;
    draft_notices::said(state, &write, held, &Part { id, ..part }).await?;
    let unit = (!new.unit.is_empty()).then_some(new.unit.as_str());
    let line = Line::new(now, new.act, new.about).by(person).of(slug, unit).on_behalf(new.behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(())
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Failed> {
    serde_json::to_string(value).map_err(|error| Failed::Internal(error.to_string()))
}

#[derive(Deserialize)]
pub(crate) struct Assembling {
    version: i64,
}

/// Puts the units' paragraphs into the annex: by clause, then in the order of the decision.
pub(crate) async fn assemble(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Assembling>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if !held.stage.is_open() {
        return Err(closed());
    }
    let paper = held.paper().ok_or_else(closed)?;
    let mut all = Vec::new();
    for clause in paper.clauses.iter().filter(|clause| clause.report) {
        let place = format!("clause:{}", clause.number);
        for unit in &paper.units {
            let own = held.bodies::<Own>(Sort::Paragraph);
            let own = own
                .filter(|(part, own)| part.unit == unit.code && part.place == place && !own.text.is_empty());
            all.extend(own.map(|(_, own)| (unit.code.clone(), clause.number.clone(), own.text)));
        }
    }
    if all.is_empty() {
        return Err(Failed::wrong(
            "Chưa đơn vị nào ghi đoạn của mình.",
            "No unit has written a paragraph yet.",
        ));
    }
    let text = set_paragraphs(&held.version.text, &all).map_err(Failed::Wrong)?;
    let note = format!("ghép {} đoạn của các đơn vị vào phụ lục", all.len());
    save_version(&state, &who, &held, form.version, text, note).await?.ok_or_else(newer)?;
    go(&format!("{}#paragraphs", address(&slug, held.draft.number)))
}
