//! The agreement of a cluster as everybody may read it: its state, its clauses and targets as sentences, who signed when and as
//! what, its digest, its text to be taken away and its print. Nothing of a draft is public before it is frozen.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::header;
use axum::response::IntoResponse as _;
use giaouoc_agreement::text::Lang;
use giaouoc_store::agreeing;
use giaouoc_store::clusters::Cluster;
use giaouoc_year::agreeing::Stage;
use giaouoc_year::paper::Paper;
use qrcode::QrCode;
use qrcode::render::svg;

use super::cluster;
use super::draft::{Held, held};
use super::draft_blocks::{ClauseBlock, PaperLines, paper_lines, plain_clause};
use super::draft_signed::{counts_before, short, signature_line};
use crate::base::{Base, shown};
use crate::drafting::{self, Checked, Figures};
use crate::error::{Answer, Failed};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// An agreement that may be read here: the cluster's own, or a draft of it.
struct Text {
    held: Held,
    /// Its number among the drafts; nothing where it is only in the bundle.
    number: Option<i64>,
}

#[derive(Template)]
#[template(path = "pages/agreement.html")]
struct AgreementPage {
    base: Base,
    paper: PaperLines,
    state: String,
    good: bool,
    counts: Option<String>,
    links: Vec<(String, String)>,
    digest: String,
    short: String,
    clauses: Vec<ClauseBlock>,
    /// Unit, sign, standing, who signed.
    signatures: Vec<(String, &'static str, String, String)>,
    board: Option<String>,
    others: Vec<(String, String)>,
}

/// The cluster's agreement as it stands in its bundle, when it did not go through the service.
async fn own(state: &State, cluster: Cluster) -> Result<Text, Failed> {
    let slug = cluster.slug.clone();
    let asked = drafting::ask(state, move |drafting| {
        let text = drafting.text(&slug)?;
        Ok((drafting.check(&slug, &text)?, text))
    });
    let (checked, text) = asked.await?;
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let status = table.get("status").and_then(toml::Value::as_str).unwrap_or_default();
    let stage = if matches!(status, "in force" | "closed") { Stage::InForce } else { Stage::Drafting };
    let version = agreeing::Version {
        id: 0,
        draft: 0,
        number: 0,
        text,
        note: String::new(),
        checked: String::new(),
        figures: None,
        person: 0,
        at: 0,
    };
    let draft = agreeing::Draft { cluster: cluster.slug.clone(), ..agreeing::Draft::default() };
    let held = Held { cluster, draft, version, checked, figures: None, parts: Vec::new(), stage };
    Ok(Text { held, number: None })
}

/// The agreement of a cluster: the last one that came into force here, else the one in its bundle.
async fn current(state: &State, slug: &str) -> Result<Text, Failed> {
    let cluster = cluster(state, slug).await?;
    let drafts = agreeing::all(state.store.read(), slug).await?;
    let in_force = drafts.iter().filter(|draft| draft.stage == Stage::InForce.word());
    match in_force.max_by_key(|draft| draft.in_force_at) {
        Some(draft) => {
            let number = draft.number;
            Ok(Text { held: held(state, slug, &number.to_string()).await?, number: Some(number) })
        }
        None => own(state, cluster).await,
    }
}

/// A draft that everybody may read: frozen, or in force.
async fn numbered(state: &State, slug: &str, number: &str) -> Result<Text, Failed> {
    let held = held(state, slug, number).await?;
    if !held.stage.is_public() {
        return Err(Failed::NotFound);
    }
    Ok(Text { number: Some(held.draft.number), held })
}

fn clauses(held: &Held, paper: &Paper, lang: Lang) -> Vec<ClauseBlock> {
    paper.clauses.iter().map(|clause| plain_clause(clause, paper, held, lang)).collect()
}

async fn page(state: &State, who: &Who, text: Text) -> Answer {
    let lang = who.lang;
    // Figures of a draft are its cluster's own matter; the public reads them with a release.
    let held = Held { figures: Some(Figures::default()), ..text.held };
    let slug = held.cluster.slug.clone();
    let Some(paper) = held.paper().cloned() else { return Err(Failed::NotFound) };
    let inside = who.inside(&slug);
    // A bundle's own draft is not public either.
    let open = held.stage.is_open();
    if open && !inside {
        let base = Base::within(state, who, &held.cluster, who.say("Giao ước", "The agreement")).await?;
        let others = others(state, who, &slug, None).await?;
        return shown(&NonePage { base, others });
    }
    let ceremony = held.ceremony();
    let signed = ceremony.as_ref().map(|one| one.day.clone()).or_else(|| paper.signed.clone());
    let day = signed.as_deref().map(|day| when::day_shown(day, lang));
    let state_words = match (held.stage, &day) {
        (Stage::InForce, Some(day)) => match lang {
            Lang::Vi => format!("✓ Giao ước có hiệu lực, ký ngày {day}."),
            Lang::En => format!("✓ The agreement is in force; it was signed on {day}."),
        },
        (Stage::InForce, None) => who.say("✓ Giao ước có hiệu lực.", "✓ The agreement is in force.").to_owned(),
        (Stage::Frozen, _) => who
            .say("Văn bản đã chốt và đang được ký; chưa có hiệu lực. Số liệu đến lúc đó ghi rõ là theo dự thảo.", "The text is frozen and being signed; it is not in force yet. Figures until then say that they are by the draft.")
            .to_owned(),
        _ => who.say("Dự thảo, chưa công khai.", "A draft, not public.").to_owned(),
    };
    let root = match text.number {
        Some(number) => format!("/c/{slug}/agreement/{number}"),
        None => format!("/c/{slug}/agreement"),
    };
    let file = if text.number.is_some() { "text" } else { "agreement.toml" };
    let mut links = vec![
        (format!("{root}/print"), who.say("Bản in", "The print").to_owned()),
        (format!("{root}/{file}"), "agreement.toml".to_owned()),
    ];
    if inside {
        links.push((
            format!("/c/{slug}/agreement/drafts"),
            who.say("Dự thảo, ký kết", "Drafts and signing").to_owned(),
        ));
    }
    let digest = held.draft.digest.clone().unwrap_or_else(|| paper.digest.clone());
    let later = held.later();
    let signatures: Vec<_> = match text.number {
        Some(_) => held
            .signatures()
            .into_iter()
            .map(|(code, found, standing)| {
                let words = standing.words().get(lang).to_owned();
                let words = match (found.is_none(), later.contains(&code)) {
                    (true, true) => who.say("sẽ ký sau", "signs later").to_owned(),
                    _ => words,
                };
                let line =
                    found.map(|(_, _, signature)| signature_line(&signature, lang)).unwrap_or_default();
                let unit = paper.unit(&code).map_or(code, |unit| unit.name.get(lang).to_owned());
                (unit, standing.sign(), words, line)
            })
            .collect(),
        None => Vec::new(),
    };
    let base = Base::within(state, who, &held.cluster, paper.title.get(lang)).await?;
    shown(&AgreementPage {
        state: state_words,
        good: held.stage == Stage::InForce,
        counts: signed.and_then(|day| counts_before(paper.counts_from.as_deref(), &day, lang)),
        links,
        short: short(&digest),
        digest,
        clauses: clauses(&held, &paper, lang),
        signatures,
        board: ceremony.map(|one| one.board).filter(|board| !board.is_empty()),
        others: others(state, who, &slug, text.number).await?,
        paper: paper_lines(&paper, lang),
        base,
    })
}

#[derive(Template)]
#[template(
    source = r#"{% extends "pages/layout.html" %}{% block main %}<h1>{{ base.title }}</h1><p class="lead">{{ base.say("Giao ước của cụm đang được soạn; văn bản được công khai khi chốt để ký.", "The cluster's agreement is being written; its text is public once it is frozen for signing.") }}</p>{% if !others.is_empty() %}<ul>{% for (href, name) in others %}<li><a href="{{ href }}">{{ name }}</a></li>{% endfor %}</ul>{% endif %}{% endblock %}"#,
    ext = "html"
)]
struct NonePage {
    base: Base,
    others: Vec<(String, String)>,
}

/// Other texts that the public may read.
async fn others(
    state: &State,
    who: &Who,
    slug: &str,
    but: Option<i64>,
) -> Result<Vec<(String, String)>, Failed> {
    let mut all = Vec::new();
    for draft in agreeing::all(state.store.read(), slug).await? {
        let Some(stage) = Stage::of(&draft.stage).filter(|stage| stage.is_public()) else { continue };
        if but == Some(draft.number) {
            continue;
        }
        let version = agreeing::version(state.store.read(), draft.id, draft.version).await?;
        let checked: Checked =
            version.and_then(|version| serde_json::from_str(&version.checked).ok()).unwrap_or_default();
        let title = checked.paper.map(|paper| paper.title.get(who.lang).to_owned()).unwrap_or_default();
        all.push((
            format!("/c/{slug}/agreement/{}", draft.number),
            format!("{title} ({})", stage.words().get(who.lang)),
        ));
    }
    Ok(all)
}

/// The agreement of a cluster.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let text = current(&state, &slug).await?;
    page(&state, &who, text).await
}

/// A text that is frozen or in force.
pub(crate) async fn one(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let text = numbered(&state, &slug, &number).await?;
    page(&state, &who, text).await
}

fn download(text: &Text) -> Answer {
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"agreement.toml\""),
    ];
    Ok((headers, text.held.version.text.clone()).into_response())
}

/// The text of the agreement as it stands.
pub(crate) async fn file(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let text = current(&state, &slug).await?;
    if text.held.stage.is_open() && !who.inside(&slug) {
        return Err(Failed::NotFound);
    }
    download(&text)
}

/// The text of one that is frozen or in force.
pub(crate) async fn file_of(
    With(state): With<State>,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    download(&numbered(&state, &slug, &number).await?)
}

#[derive(Template)]
#[template(path = "pages/agreement_print.html")]
struct PrintPage {
    base: Base,
    back: String,
    qr: String,
    short: String,
    link: String,
    frozen: bool,
    org: String,
    cluster: String,
    date: String,
    paper: PaperLines,
    clauses: Vec<ClauseBlock>,
    signers: Vec<(String, String)>,
    head: String,
    board: Option<String>,
}

/// A picture of an address, for telephones.
fn qr(link: &str) -> String {
    let Ok(code) = QrCode::new(link.as_bytes()) else { return String::new() };
    let picture = code.render::<svg::Color<'_>>().min_dimensions(96, 96).quiet_zone(true).build();
    // The declaration before it has no place within a page.
    picture.find("<svg").and_then(|at| picture.get(at..)).unwrap_or_default().to_owned()
}

fn print_page(state: &State, who: &Who, text: Text, back: String) -> Answer {
    let lang = who.lang;
    let held = Held { figures: Some(Figures::default()), ..text.held };
    let paper = held.paper().cloned().ok_or(Failed::NotFound)?;
    let slug = &held.cluster.slug;
    let digest = held.draft.digest.clone().unwrap_or_else(|| paper.digest.clone());
    let page = match text.number {
        Some(number) => format!("/c/{slug}/agreement/{number}"),
        None => format!("/c/{slug}/agreement"),
    };
    // The digest goes along: whoever scans the code of another text sees that it is another one.
    let link = format!("{}{page}#{}", state.site.url, digest.get(..16).unwrap_or(&digest));
    let ceremony = held.ceremony();
    let place = ceremony.as_ref().map(|one| one.place.clone()).filter(|place| !place.is_empty());
    let place = place.unwrap_or_else(|| paper.city.get(lang).trim_start_matches("Thành phố ").to_owned());
    let signed = ceremony.as_ref().map(|one| one.day.clone()).or_else(|| paper.signed.clone());
    let date = match (signed.as_deref().map(|day| day.splitn(3, '-').collect::<Vec<_>>()), lang) {
        (Some(parts), Lang::Vi) if parts.len() == 3 => {
            format!("{place}, ngày {} tháng {} năm {}", parts[2], parts[1], parts[0])
        }
        (Some(parts), Lang::En) => format!("{place}, {}", parts.join("-")),
        (_, Lang::Vi) => format!("{place}, ngày …… tháng …… năm {}", paper.year),
        (_, Lang::En) => format!("{place}, the …… of …… {}", paper.year),
    };
    let signers = match text.number {
        Some(_) => held
            .signatures()
            .into_iter()
            .map(|(code, found, _)| {
                let unit = paper.unit(&code).map_or(code, |unit| unit.name.get(lang).to_owned());
                let line = found.map(|(_, _, signature)| signature_line(&signature, lang));
                // What is to be signed in ink says nothing of who has signed elsewhere.
                (unit, line.filter(|_| held.stage == Stage::InForce).unwrap_or_default())
            })
            .collect(),
        None => paper.units.iter().map(|unit| (unit.name.get(lang).to_owned(), String::new())).collect(),
    };
    let mut base = Base::new(state, who, paper.title.get(lang));
    base.path = who.path.clone();
    shown(&PrintPage {
        back,
        qr: qr(&link),
        short: short(&digest),
        link,
        frozen: held.stage.is_public(),
        org: paper.city.get(lang).to_uppercase(),
        cluster: paper.cluster.get(lang).to_uppercase(),
        date,
        clauses: clauses(&held, &paper, lang),
        signers,
        head: paper.head.as_ref().map_or(String::new(), |head| head.name.get(lang).to_owned()),
        board: ceremony.map(|one| one.board).filter(|board| !board.is_empty()),
        paper: paper_lines(&paper, lang),
        base,
    })
}

/// The print of the agreement as it stands.
pub(crate) async fn print(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let text = current(&state, &slug).await?;
    if text.held.stage.is_open() && !who.inside(&slug) {
        return Err(Failed::NotFound);
    }
    print_page(&state, &who, text, format!("/c/{slug}/agreement"))
}

/// The print of one that is frozen or in force.
pub(crate) async fn print_of(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let text = numbered(&state, &slug, &number).await?;
    print_page(&state, &who, text, format!("/c/{slug}/agreement/{number}"))
}

/// The print of a draft, for those inside; every sheet says that it is one.
pub(crate) async fn print_draft(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let back = super::draft::address(&slug, held.draft.number);
    print_page(&state, &who, Text { number: Some(held.draft.number), held }, back)
}
