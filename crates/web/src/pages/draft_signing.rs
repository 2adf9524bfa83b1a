//! The ceremony on paper: frozen, printed, signed in ink, scanned, certified against the digest, in force. Who signed in which
//! capacity, who signs later, who does not and why, and whether the city's board was there.

use std::collections::BTreeMap;

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{Draft, Sort};
use giaouoc_store::jobs::Work;
use giaouoc_store::trail::Act;
use giaouoc_store::{drafts, evidence};
use giaouoc_year::agreeing::Stage;
use giaouoc_year::signing::{Capacity, Ceremony, Scan, Signature, Signed, not_yet};
use serde::Deserialize;

use super::draft::{self, Held, Tried, address, blocker_words, held, measuring, today};
use super::draft_round::{Adding, Step, add, closed, json, named, newer, step};
use super::draft_scans::Scans;
use super::draft_signed::{Certificate, KIND, not_yet_words, short, signature_line};
use super::draft_signing_page::{Typed, What, page};
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::{Filled, Posted};
use crate::kept;
use crate::state::State;
use crate::when;
use crate::who::Who;

fn go(held: &Held, part: &str) -> Answer {
    Ok(Redirect::to(&format!("{}signing{part}", address(&held.cluster.slug, held.draft.number)))
        .into_response())
}

/// Freezes a draft: nothing of its text changes any more, and its digest is what is signed.
pub(crate) async fn freeze(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Step>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if held.stage != Stage::Circulating {
        return Err(closed());
    }
    let running = measuring(&state, &held).await?.is_some();
    let blockers = held.blockers(&today(&state), running);
    if !blockers.is_empty() {
        let all =
            |lang| blockers.iter().map(|one| blocker_words(one, &held, lang)).collect::<Vec<_>>().join(" ");
        let wrong = Text::new(
            format!("Chưa chốt được: {}", all(Lang::Vi)),
            format!("It cannot be frozen yet: {}", all(Lang::En)),
        );
        return draft::page(&state, &who, held, Tried::freezing(wrong)).await;
    }
    let digest = held.paper().map(|paper| paper.digest.clone()).ok_or_else(closed)?;
    let about = format!("{}, mã băm {}", named(&held), short(&digest));
    let new = Draft {
        stage: Stage::Frozen.word().to_owned(),
        digest: Some(digest),
        frozen_at: Some(state.now()),
        rev: form.rev,
        version: form.version,
        ..held.draft.clone()
    };
    step(&state, &who, &held, new, Act::DraftFrozen, about, Some(Work::Agree)).await?;
    go(&held, "")
}

/// A step of the signing, as the form's writer saw it.
#[derive(Deserialize)]
pub(crate) struct Seen {
    rev: i64,
}

/// Opens a frozen draft again, while no scan has been certified.
pub(crate) async fn reopen(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Seen>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let certified = held.parts.iter().any(|part| part.sort == Sort::Certificate);
    if held.stage != Stage::Frozen || certified {
        return Err(closed());
    }
    let new = Draft {
        stage: Stage::Circulating.word().to_owned(),
        digest: None,
        frozen_at: None,
        ceremony: None,
        rev: form.rev,
        ..held.draft.clone()
    };
    step(&state, &who, &held, new, Act::DraftOpened, named(&held), None).await?;
    Ok(Redirect::to(&address(&slug, held.draft.number)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Ceremonial {
    rev: i64,
    day: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    board: String,
}

/// Why a step was not taken, where the draft has moved on since its page was opened; every other failure stays one.
fn moved_on(done: Result<(), Failed>) -> Result<Option<Text>, Failed> {
    match done {
        Ok(()) => Ok(None),
        Err(Failed::Conflict(_)) => Ok(Some(Text::new(
            "Người khác vừa sửa việc ký này sau khi bạn mở trang; chưa có gì được ghi đè. Trang đã tải lại, điều bạn ghi vẫn còn: hãy xem rồi gửi lại.",
            "Somebody else changed this signing after you opened the page; nothing was overwritten. The page is as it stands now, with what you wrote: look, and send it again.",
        ))),
        Err(failed) => Err(failed),
    }
}

/// The page as it stands now, with what was typed on an older one.
async fn again(
    state: &State,
    who: &Who,
    (slug, number): (&str, &str),
    wrong: Text,
    what: What<'_>,
) -> Answer {
    let held = held(state, slug, number).await?;
    let typed = Typed { unit: "", wrong, what, status: StatusCode::CONFLICT };
    page(state, who, &held, Some(typed)).await
}

/// The day of freezing at the site.
fn frozen_day(state: &State, held: &Held) -> String {
    when::day_of(held.draft.frozen_at.unwrap_or_default(), &state.zone)
}

/// Records the ceremony.
pub(crate) async fn ceremony(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Ceremonial>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if held.stage != Stage::Frozen {
        return Err(closed());
    }
    let day = form.day.trim().to_owned();
    let right = day.parse::<giaouoc_worktime::Day>().is_ok();
    let cut = |text: &str| text.trim().chars().take(200).collect::<String>();
    let ceremony = Ceremony { day, place: cut(&form.place), board: cut(&form.board) };
    if !right || ceremony.day < frozen_day(&state, &held) || ceremony.day > today(&state) {
        let wrong = Text::new(
            "Ngày ký không thể trước ngày chốt văn bản, cũng không sau hôm nay.",
            "The day of signing lies neither before the text was frozen nor after today.",
        );
        let typed = Typed::wrong("", wrong, What::Ceremony(&ceremony));
        return page(&state, &who, &held, Some(typed)).await;
    }
    let about = format!("{}, ngày {}", named(&held), when::day_shown(&ceremony.day, Lang::Vi));
    let new = Draft { ceremony: Some(json(&ceremony)?), rev: form.rev, ..held.draft.clone() };
    let done = step(&state, &who, &held, new, Act::Ceremony, about, None).await;
    if let Some(wrong) = moved_on(done)? {
        return again(&state, &who, (&slug, &number), wrong, What::Ceremony(&ceremony)).await;
    }
    go(&held, "#ceremony")
}

/// Records how a unit signed, with its scan; or that it does not.
pub(crate) async fn signature(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
    form: Filled,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if !matches!(held.stage, Stage::Frozen | Stage::InForce) {
        return Err(closed());
    }
    if held.paper().is_none_or(|paper| paper.unit(&unit).is_none()) {
        return Err(Failed::NotFound);
    }
    let standing =
        held.signatures().into_iter().find(|(code, _, _)| *code == unit).map(|(_, _, standing)| standing);
    if matches!(standing, Some(Signed::Yes | Signed::Late)) {
        return Err(newer());
    }
    let person = who.person()?;
    let scans = Scans::of(&state, person, (&held, &unit), &form).await?;
    let capacity = Capacity::of(form.field("capacity"));
    let signature = Signature {
        name: form.field("name").chars().take(200).collect(),
        day: form.field("day").to_owned(),
        refused: form.field("refused").chars().take(500).collect(),
        scan: scans.scan.clone(),
        mandate: scans.mandate.clone(),
        digest: form.field("digest").to_owned(),
        capacity,
    };
    let digest = held.draft.digest.clone().unwrap_or_default();
    let wrong = form.refused.first().cloned();
    let wrong = wrong.or_else(|| signature.wrong(&frozen_day(&state, &held), &today(&state), &digest));
    let behalf = match (wrong, who.behalf(Doing::Bring, &slug, &unit, form.field("behalf"))) {
        (Some(wrong), Ok(_) | Err(Failed::Wrong(_))) | (None, Err(Failed::Wrong(wrong))) => {
            // The files stay, whatever is wrong with the rest.
            let scans = scans.keep(&state, person, (&held, &unit)).await?;
            let what = What::Signature(&form, scans);
            return page(&state, &who, &held, Some(Typed::wrong(&unit, wrong, what))).await;
        }
        (_, behalf) => behalf?,
    };
    // Kept as evidence, so that whoever looks after the files knows what they are of.
    let write = state.store.write().await?;
    let record = (slug.as_str(), KIND, held.draft.number.to_string());
    for new in scans.files() {
        let of = (record.0, record.1, record.2.as_str());
        evidence::add(write.on(), of, &unit, new, person, state.now()).await?;
    }
    if let Some(draft) = scans.draft {
        drafts::forget(write.on(), draft, person).await?;
    }
    write.commit().await?;
    let new = Adding {
        sort: Sort::Signature,
        unit: unit.clone(),
        place: String::new(),
        body: json(&signature)?,
        seen: form_seen(&form.fields),
        behalf,
        act: Act::Signature,
        about: format!("{}: {}", named(&held), signature_line(&signature, Lang::Vi)),
    };
    add(&state, &who, &held, new).await?;
    go(&held, "#signatures")
}

fn form_seen(fields: &[(String, String)]) -> i64 {
    fields.iter().find(|(name, _)| name == "seen").and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

#[derive(Deserialize)]
pub(crate) struct Certifying {
    signature: i64,
    short: String,
}

/// The secretary has held a scan against the frozen text: the code on the sheet is the text's.
pub(crate) async fn certify(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
    Posted(form): Posted<Certifying>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if !matches!(held.stage, Stage::Frozen | Stage::InForce) {
        return Err(closed());
    }
    let found = held.signatures().into_iter().find(|(code, _, _)| *code == unit).ok_or(Failed::NotFound)?;
    let (_, Some((id, _, _)), Signed::Waiting) = found else { return Err(newer()) };
    if id != form.signature {
        return Err(newer());
    }
    let digits = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let own = short(held.draft.digest.as_deref().unwrap_or_default());
    if digits(&form.short) != digits(&own) {
        let wrong = Text::new(
            format!(
                "Mã trên bản quét là “{}”, mã của văn bản đã chốt là “{own}”: bản quét không phải của văn bản này. Hãy xem lại; chưa có gì được ghi.",
                form.short.trim()
            ),
            format!(
                "The code on the scan is “{}”, that of the frozen text is “{own}”: the scan is of another text. Look again; nothing was written.",
                form.short.trim()
            ),
        );
        let what = What::Certificate(form.short.trim());
        return page(&state, &who, &held, Some(Typed::wrong(&unit, wrong, what))).await;
    }
    let certificate = Certificate { signature: id, short: own };
    let seen = held.part(Sort::Certificate, &unit, "").map_or(0, |part| part.rev);
    let new = Adding {
        sort: Sort::Certificate,
        unit: unit.clone(),
        place: String::new(),
        body: json(&certificate)?,
        seen,
        behalf: None,
        act: Act::Certify,
        about: named(&held),
    };
    add(&state, &who, &held, new).await?;
    go(&held, "#signatures")
}

/// Marks which units sign later.
pub(crate) async fn later(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(fields): Posted<BTreeMap<String, String>>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if held.stage != Stage::Frozen {
        return Err(closed());
    }
    let units = held.paper().map(|paper| paper.units.clone()).unwrap_or_default();
    let later: Vec<String> =
        units.into_iter().map(|unit| unit.code).filter(|code| fields.contains_key(code)).collect();
    let names: Vec<String> = later.iter().map(|code| held.short(code, Lang::Vi)).collect();
    let rev = fields.get("rev").and_then(|rev| rev.parse().ok()).unwrap_or(0);
    let new = Draft { later: Some(json(&later)?), rev, ..held.draft.clone() };
    let about = format!("{}, ký sau: {}", named(&held), names.join(", "));
    let done = step(&state, &who, &held, new, Act::Ceremony, about, None).await;
    if let Some(wrong) = moved_on(done)? {
        return again(&state, &who, (&slug, &number), wrong, What::Later(&later)).await;
    }
    go(&held, "#force")
}

/// Puts the agreement into force: the text goes into the cluster's journal, and figures are computed by it.
pub(crate) async fn force(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Seen>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if held.stage != Stage::Frozen {
        return Err(closed());
    }
    let standing: BTreeMap<String, Signed> =
        held.signatures().into_iter().map(|(code, _, standing)| (code, standing)).collect();
    let why = not_yet(&standing, &held.later(), held.ceremony().as_ref());
    if !why.is_empty() {
        let all = |lang| why.iter().map(|one| not_yet_words(one, &held, lang)).collect::<Vec<_>>().join(" ");
        let wrong = Text::new(
            format!("Chưa thể đưa vào hiệu lực: {}", all(Lang::Vi)),
            format!("It cannot come into force yet: {}", all(Lang::En)),
        );
        return page(&state, &who, &held, Some(Typed::wrong("", wrong, What::Force))).await;
    }
    let new = Draft {
        stage: Stage::InForce.word().to_owned(),
        in_force_at: Some(state.now()),
        rev: form.rev,
        ..held.draft.clone()
    };
    let done = step(&state, &who, &held, new, Act::InForce, named(&held), Some(Work::Agree)).await;
    if let Some(wrong) = moved_on(done)? {
        return again(&state, &who, (&slug, &number), wrong, What::Force).await;
    }
    go(&held, "")
}

async fn file(
    state: &State,
    slug: &str,
    number: &str,
    unit: &str,
    of: fn(Signature) -> Option<Scan>,
) -> Answer {
    let held = held(state, slug, number).await?;
    let found = held.signatures().into_iter().find(|(code, _, _)| code == unit);
    let scan = found.and_then(|(_, found, _)| of(found?.2)).ok_or(Failed::NotFound)?;
    let bytes = kept::read(&state.files, &scan.sha256).await?.ok_or(Failed::NotFound)?;
    Ok(kept::saved(&scan.name, &scan.media, bytes))
}

/// The scan of a unit's signed sheet.
pub(crate) async fn scan(
    With(state): With<State>,
    Path((slug, number, unit)): Path<(String, String, String)>,
) -> Answer {
    file(&state, &slug, &number, &unit, |signature| signature.scan).await
}

/// The mandate of a unit's delegate.
pub(crate) async fn mandate(
    With(state): With<State>,
    Path((slug, number, unit)): Path<(String, String, String)>,
) -> Answer {
    file(&state, &slug, &number, &unit, |signature| signature.mandate).await
}
