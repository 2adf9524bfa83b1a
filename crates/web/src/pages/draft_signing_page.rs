//! The page of a signing: what was frozen, the ceremony, how each unit stands, what keeps it from coming into force.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use giaouoc_agreement::text::Text;
use giaouoc_store::agreeing::Sort;
use giaouoc_store::jobs::{self, Work};
use giaouoc_year::agreeing::Stage;
use giaouoc_year::signing::{Capacity, Ceremony, Scan, Signed, not_yet};

use super::draft::{Held, address, held};
use super::draft_scans::Scans;
use super::draft_signed::{counts_before, not_yet_words, short, signature_line};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::Answer;
use crate::form::Filled;
use crate::html::encoded;
use crate::state::State;
use crate::when;
use crate::who::Who;

struct UnitLine {
    id: String,
    code: String,
    name: String,
    short: String,
    sign: &'static str,
    words: String,
    lines: Vec<String>,
    files: Vec<(String, String)>,
    certify: bool,
    signature: i64,
    may: bool,
    behalf: bool,
    seen: i64,
    wrong: Option<String>,
    /// The code that was typed of its scan, and why it could not be taken.
    miscoded: Option<(String, String)>,
    typed: TypedLine,
}

/// What stands in the fields of a unit's signing.
#[derive(Default)]
struct TypedLine {
    name: String,
    capacity: String,
    day: String,
    refused: String,
    behalf: String,
    /// The draft that files are kept with, and their names.
    draft: Option<i64>,
    scan: Option<String>,
    mandate: Option<String>,
}

impl TypedLine {
    fn of(form: &Filled, scans: &Scans) -> Self {
        let field = |name: &str| form.field(name).to_owned();
        Self {
            name: field("name"),
            capacity: field("capacity"),
            day: field("day"),
            refused: field("refused"),
            behalf: field("behalf"),
            draft: scans.draft,
            scan: scans.scan.as_ref().map(|scan| scan.name.clone()),
            mandate: scans.mandate.as_ref().map(|scan| scan.name.clone()),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/draft_signing.html")]
struct SigningPage {
    base: Base,
    at: String,
    public: String,
    state: String,
    job: Option<String>,
    heads: bool,
    frozen: bool,
    in_force: bool,
    digest: Option<String>,
    short: String,
    full: String,
    ceremony: Option<(String, String, String)>,
    counts: Option<String>,
    units: Vec<UnitLine>,
    capacities: Vec<(&'static str, String)>,
    missing: Vec<(String, String, String, bool)>,
    /// What stands in the form of the ceremony, and why it could not be taken.
    held_on: Ceremony,
    ceremony_wrong: Option<String>,
    later_wrong: Option<String>,
    force_wrong: Option<String>,
    not_yet: Vec<String>,
    may_reopen: bool,
    rev: i64,
}

/// The page of the signing.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    page(&state, &who, &held, None).await
}

/// What was typed of a unit's signing, and why it could not be taken.
pub(crate) struct Typed<'a> {
    /// The unit whose signing it was; blank in the forms about all of them.
    pub unit: &'a str,
    pub wrong: Text,
    pub what: What<'a>,
    pub status: StatusCode,
}

impl<'a> Typed<'a> {
    /// What was typed is wrong.
    pub fn wrong(unit: &'a str, wrong: Text, what: What<'a>) -> Self {
        Self { unit, wrong, what, status: StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// In which form it was typed.
pub(crate) enum What<'a> {
    /// How the unit signed, with the files that are kept.
    Signature(&'a Filled, Scans),
    /// The code that stands on the scan.
    Certificate(&'a str),
    /// The ceremony.
    Ceremony(&'a Ceremony),
    /// Codes of the units that sign later.
    Later(&'a [String]),
    /// That it comes into force.
    Force,
}

/// The page; what could not be taken stays in its form, files too.
pub(crate) async fn page(state: &State, who: &Who, held: &Held, typed: Option<Typed<'_>>) -> Answer {
    let lang = who.lang;
    let slug = held.cluster.slug.clone();
    let at = address(&slug, held.draft.number);
    let heads = who.heads(&slug);
    let later = held.later();
    let open = matches!(held.stage, Stage::Frozen | Stage::InForce);
    let signatures = held.signatures();
    let units = signatures.iter().map(|(code, found, standing)| {
        let may = open
            && who.may(Doing::Bring, &slug, code)
            && matches!(standing, Signed::Not | Signed::Waiting | Signed::Refused);
        let signature = found.as_ref().map(|(_, _, signature)| signature);
        let file = |scan: Option<&Scan>, what: &str, vi: &str, en: &str| {
            scan.map(|scan| {
                (format!("{at}{what}/{}", encoded(code)), format!("{}: {}", who.say(vi, en), scan.name))
            })
        };
        let files = [
            file(signature.and_then(|one| one.scan.as_ref()), "scans", "Bản quét", "Scan"),
            file(signature.and_then(|one| one.mandate.as_ref()), "mandates", "Giấy uỷ quyền", "Mandate"),
        ];
        let later = later.contains(code) && *standing == Signed::Not;
        let own = typed.as_ref().filter(|typed| typed.unit == code.as_str());
        let wrong = own.map(|own| own.wrong.get(lang).to_owned());
        let (typed, miscoded) = match own.map(|own| &own.what) {
            Some(What::Signature(form, scans)) => (TypedLine::of(form, scans), None),
            Some(What::Certificate(short)) => (TypedLine::default(), Some((*short).to_owned())),
            _ => (TypedLine::default(), None),
        };
        UnitLine {
            wrong: wrong.clone().filter(|_| miscoded.is_none()),
            miscoded: miscoded.zip(wrong),
            typed,
            id: format!("unit-{}", code.replace(|c: char| !c.is_ascii_alphanumeric(), "-")),
            name: held
                .paper()
                .and_then(|paper| paper.unit(code))
                .map_or_else(|| code.clone(), |unit| unit.name.get(lang).to_owned()),
            short: held.short(code, lang),
            sign: standing.sign(),
            words: if later {
                who.say("sẽ ký sau", "signs later").to_owned()
            } else {
                standing.words().get(lang).to_owned()
            },
            lines: signature.map(|one| signature_line(one, lang)).into_iter().collect(),
            files: files.into_iter().flatten().collect(),
            certify: heads && *standing == Signed::Waiting,
            signature: found.as_ref().map_or(0, |(id, _, _)| *id),
            behalf: access::on_behalf(&who.roles, Doing::Bring, &slug, code),
            seen: found.as_ref().map_or(0, |(_, rev, _)| *rev),
            may,
            code: code.clone(),
        }
    });
    let units: Vec<UnitLine> = units.collect();
    let standing: BTreeMap<String, Signed> =
        signatures.iter().map(|(code, _, standing)| (code.clone(), *standing)).collect();
    let ceremony = held.ceremony();
    let missing = signatures.iter().filter(|(_, _, standing)| *standing == Signed::Not);
    let job = jobs::latest(state.store.read(), &slug, &[Work::Agree], Some(held.draft.id)).await?;
    let running =
        job.as_ref().is_some_and(|job| matches!(job.state, jobs::State::Waiting | jobs::State::Running));
    let title = format!(
        "{}: {}",
        who.say("Ký kết", "Signing"),
        held.paper().map_or("", |paper| paper.title.get(lang))
    );
    let mut base = Base::within(state, who, &held.cluster, title).await?;
    base.reload = running.then_some(2);
    let stage = held.stage.words();
    let certified = held.parts.iter().any(|part| part.sort == Sort::Certificate);
    let (mut held_on, mut marked) = (Ceremony::default(), None);
    let (mut ceremony_wrong, mut later_wrong, mut force_wrong) = (None, None, None);
    if let Some(typed) = &typed {
        let wrong = Some(typed.wrong.get(lang).to_owned());
        match &typed.what {
            What::Ceremony(ceremony) => (held_on, ceremony_wrong) = ((*ceremony).clone(), wrong),
            What::Later(codes) => (marked, later_wrong) = (Some(*codes), wrong),
            What::Force => force_wrong = wrong,
            What::Signature(..) | What::Certificate(_) => {}
        }
    }
    let signs_later = |code: &String| marked.unwrap_or(&later).contains(code);
    let page = SigningPage {
        held_on,
        ceremony_wrong,
        later_wrong,
        force_wrong,
        state: match (held.stage, running) {
            (Stage::InForce, true) => who.say("Có hiệu lực; đang ghi vào sổ của cụm…", "In force; it is being written into the journal…").to_owned(),
            (Stage::InForce, false) => who.say("Giao ước có hiệu lực; số liệu tính theo giao ước này.", "The agreement is in force; figures are computed by it.").to_owned(),
            (Stage::Frozen, _) => who.say("Văn bản đã chốt để ký. Cho đến khi có hiệu lực, số liệu ghi rõ là theo dự thảo.", "The text is frozen for signing. Until it is in force, figures say that they are by the draft.").to_owned(),
            _ => format!("{}. {}", stage.get(lang), who.say("Ký kết bắt đầu khi dự thảo được chốt.", "The signing begins when the draft is frozen.")),
        },
        job: job.and_then(|job| job.error).map(|(vi, en)| Text::new(vi, en).get(lang).to_owned()),
        frozen: held.stage == Stage::Frozen,
        in_force: held.stage == Stage::InForce,
        digest: held.draft.digest.clone(),
        short: held.draft.digest.as_deref().map(short).unwrap_or_default(),
        full: held.draft.digest.clone().unwrap_or_default(),
        counts: ceremony.as_ref().and_then(|ceremony| {
            counts_before(held.paper()?.counts_from.as_deref(), &ceremony.day, lang)
        }),
        not_yet: not_yet(&standing, &later, ceremony.as_ref())
            .iter()
            .map(|one| not_yet_words(one, held, lang))
            .collect(),
        ceremony: ceremony.map(|one| (when::day_shown(&one.day, lang), one.place, one.board)),
        missing: missing
            .map(|(code, _, _)| {
                let id = code.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
                (code.clone(), id, held.short(code, lang), signs_later(code))
            })
            .collect(),
        capacities: Capacity::ALL.map(|one| (one.word(), one.words().get(lang).to_owned())).into(),
        may_reopen: !certified,
        public: format!("/c/{slug}/agreement/{}", held.draft.number),
        rev: held.draft.rev,
        units,
        heads,
        at,
        base,
    };
    let status = typed.map_or(StatusCode::OK, |typed| typed.status);
    Ok((status, shown(&page)?).into_response())
}
