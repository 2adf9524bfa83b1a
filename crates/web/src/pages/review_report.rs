//! A unit writes its short report to a review, beside its figures.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use giaouoc_agreement::text::Text;
use giaouoc_store::matters::{self as kept, Paper};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::review::{Computed, Lack, Own, Report, lacks};

use super::cluster;
use super::matter::opened;
use super::review::{figures, read, verdict};
use super::work::unit_name;
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Filled;
use crate::html::encoded;
use crate::matters::Full;
use crate::sheet::{Cell, Sheet, Target};
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/review_report.html")]
struct ReportPage {
    base: Base,
    back: String,
    review: String,
    unit: String,
    until: Option<String>,
    at: String,
    version: i64,
    behalf: bool,
    notices: Vec<String>,
    kept: bool,
    clauses: Vec<ClauseField>,
    targets: Vec<TargetField>,
    hard: String,
    proposals: String,
    sent: Option<String>,
}

struct ClauseField {
    id: String,
    number: String,
    text: String,
    value: String,
    wrong: bool,
}

struct TargetField {
    id: String,
    name: String,
    goal: String,
    figure: String,
    computed: String,
    sign: String,
    tone: String,
    href: String,
    verdict: String,
    text: String,
    wrong: bool,
}

type Of = (String, String, String);

/// A review that takes reports, with the figures it rests on.
async fn review(
    state: &State,
    who: &Who,
    (slug, unit, code): &Of,
) -> Result<(Full, std::sync::Arc<Sheet>), Failed> {
    let full = opened(state, who, slug, "review", code).await?;
    let sheet = figures(state, &full).await?.ok_or(Failed::NotFound)?;
    sheet.unit(unit).ok_or(Failed::NotFound)?;
    Ok((full, sheet))
}

/// The figures of a unit.
fn cells<'a>(sheet: &'a Sheet, unit: &str) -> Vec<(&'a Target, &'a Cell)> {
    let place = sheet.unit(unit).map(|(place, _)| place);
    let cell = |target: &'a Target| Some((target, target.cells.get(place?)?.as_ref()?));
    sheet.targets.iter().filter_map(cell).collect()
}

fn missing(report: &Report, sheet: &Sheet, unit: &str) -> Vec<Lack> {
    let clauses: Vec<&str> =
        sheet.clauses.iter().filter(|clause| clause.report).map(|clause| clause.number.as_str()).collect();
    let cells = cells(sheet, unit);
    let computed: Vec<Computed<'_>> = cells
        .iter()
        .filter(|(_, cell)| cell.verdict != "exempt")
        .map(|(target, cell)| Computed { target: &target.id, verdict: &cell.verdict })
        .collect();
    lacks(report, &clauses, &computed)
}

struct Showing {
    report: Report,
    version: i64,
    sent: Option<i64>,
    notices: Vec<Text>,
    lacks: Vec<Lack>,
    kept: bool,
}

async fn page(
    state: &State,
    who: &Who,
    (slug, unit, code): &Of,
    full: &Full,
    sheet: &Sheet,
    showing: Showing,
) -> Result<Response, Failed> {
    let cluster = cluster(state, slug).await?;
    let lang = who.lang;
    let report = &showing.report;
    let wrong = |lack: &Lack| showing.lacks.contains(lack);
    let clauses = sheet.clauses.iter().filter(|clause| clause.report).map(|clause| ClauseField {
        id: encoded(&clause.number),
        number: clause.number.clone(),
        text: clause.text.get(lang).to_owned(),
        value: report.clauses.get(&clause.number).cloned().unwrap_or_default(),
        wrong: wrong(&Lack::Clause(clause.number.clone())),
    });
    let release = super::review::release(state, full).await?.filter(|release| release.published_at.is_some());
    let root = match release {
        Some(release) => format!("/c/{slug}/r/{}/", release.number),
        None => format!("/c/{slug}/now/"),
    };
    let targets =
        cells(sheet, unit).into_iter().filter(|(_, cell)| cell.verdict != "exempt").map(|(target, cell)| {
            let own = report.targets.get(&target.id).cloned().unwrap_or_default();
            TargetField {
                id: target.id.clone(),
                name: target.name.get(lang).to_owned(),
                goal: target.goal.get(lang).to_owned(),
                figure: cell.shown.as_ref().map_or("–", |text| text.get(lang)).to_owned(),
                computed: cell.words.get(lang).to_owned(),
                sign: cell.sign.clone(),
                tone: cell.tone.clone(),
                href: format!("{root}figure-{}~{}", encoded(&target.id), encoded(unit)),
                verdict: own.verdict,
                text: own.text,
                wrong: wrong(&Lack::Verdict(target.id.clone())) || wrong(&Lack::Why(target.id.clone())),
            }
        });
    let base =
        Base::within(state, who, &cluster, who.say("Báo cáo ngắn của đơn vị", "The unit's short report"))
            .await?;
    shown(&ReportPage {
        back: full.address(),
        review: full.matter.title(full.sort).to_owned(),
        unit: unit_name(Some(sheet), unit, lang),
        until: full.matter.fields.get("reports_until").map(|day| when::day_shown(day, lang)),
        at: format!("{}report/{}", super::desk::address(slug, unit), encoded(code)),
        version: showing.version,
        behalf: access::on_behalf(&who.roles, Doing::Bring, slug, unit),
        notices: showing.notices.iter().map(|text| text.get(lang).to_owned()).collect(),
        kept: showing.kept,
        clauses: clauses.collect(),
        targets: targets.collect(),
        hard: report.hard.clone(),
        proposals: report.proposals.clone(),
        sent: showing.sent.map(|at| when::shown(at, &state.zone, lang)),
        base,
    })
}

async fn standing(state: &State, full: &Full, unit: &str) -> Result<Option<Paper>, Failed> {
    let papers = kept::papers(state.store.read(), full.row.id).await?;
    Ok(papers.into_iter().find(|paper| paper.unit == unit))
}

/// The form, with what was written so far.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(at): Path<Of>) -> Answer {
    let (full, sheet) = review(&state, &who, &at).await?;
    let paper = standing(&state, &full, &at.1).await?;
    let mut report = paper.as_ref().map(read).unwrap_or_default();
    if paper.is_none() {
        // What was computed is where the unit begins.
        for (target, cell) in cells(&sheet, &at.1) {
            if giaouoc_year::review::OWN.contains(&cell.verdict.as_str()) {
                let own = Own { verdict: cell.verdict.clone(), text: String::new() };
                report.targets.insert(target.id.clone(), own);
            }
        }
    }
    let showing = Showing {
        report,
        version: paper.as_ref().map_or(0, |paper| paper.version),
        sent: paper.and_then(|paper| paper.sent_at),
        notices: Vec::new(),
        lacks: Vec::new(),
        kept: false,
    };
    page(&state, &who, &at, &full, &sheet, showing).await
}

/// Keeps the report, or sends it.
pub(crate) async fn post(With(state): With<State>, who: Who, Path(at): Path<Of>, form: Filled) -> Answer {
    let (full, sheet) = review(&state, &who, &at).await?;
    let (slug, unit, code) = (&at.0, &at.1, &at.2);
    if !full.matter.is_open(full.sort) {
        return Err(Failed::wrong(
            "Hội nghị này không còn nhận báo cáo.",
            "This review takes no more reports.",
        ));
    }
    let text = |name: String| form.field(&name).replace("\r\n", "\n");
    let mut report =
        Report { hard: text("hard".into()), proposals: text("proposals".into()), ..Report::default() };
    for clause in sheet.clauses.iter().filter(|clause| clause.report) {
        report.clauses.insert(clause.number.clone(), text(format!("c.{}", clause.number)));
    }
    for (target, _) in cells(&sheet, unit) {
        let own = Own { verdict: text(format!("v.{}", target.id)), text: text(format!("t.{}", target.id)) };
        report.targets.insert(target.id.clone(), own);
    }
    let send = form.field("action") == "send";
    let paper = standing(&state, &full, unit).await?;
    let stands = paper.as_ref().map_or(0, |paper| paper.version);
    let seen: i64 = form.field("version").parse().unwrap_or(-1);
    let mut showing = Showing {
        lacks: missing(&report, &sheet, unit),
        report,
        version: stands,
        sent: paper.as_ref().and_then(|paper| paper.sent_at),
        notices: Vec::new(),
        kept: false,
    };
    if seen != stands {
        showing.notices.push(Text::new(
            "Người khác trong đơn vị vừa lưu báo cáo này. Phần bạn viết còn nguyên dưới đây; hãy mở báo cáo ở cửa sổ khác để xem phần của họ, rồi lưu lại.",
            "Somebody else of the unit has just kept this report. Yours is as you wrote it; open the report in another window to see theirs, and save again.",
        ));
        showing.lacks.clear();
        let response = page(&state, &who, &at, &full, &sheet, showing).await?;
        return Ok((StatusCode::CONFLICT, response).into_response());
    }
    if showing.lacks.contains(&Lack::Long) {
        showing
            .notices
            .push(Text::new("Có mục dài quá 5.000 chữ cái.", "A text is over 5,000 characters long."));
    } else if (send || showing.sent.is_some()) && !showing.lacks.is_empty() {
        // What was sent counts as the unit's word: kept again, it is as whole as it was.
        let why = Text::new(
            "Chỉ tiêu chưa đạt, chưa có số liệu hoặc đơn vị thấy khác thì ghi lý do.",
            "Say why where a target is not met, has no data, or where you see it otherwise.",
        );
        let (vi, en) = match send {
            true => (
                "Chưa gửi: còn mục chưa ghi (đánh dấu dưới đây).",
                "Not sent: some parts are missing (marked below).",
            ),
            false => (
                "Chưa lưu: báo cáo này đã gửi, nên sửa xong vẫn phải đủ các mục (đánh dấu dưới đây).",
                "Not kept: this report was sent, so that no part may be missing (marked below).",
            ),
        };
        showing.notices.push(Text::new(format!("{vi} {}", why.vi), format!("{en} {}", why.en)));
    }
    let behalf = match who.behalf(Doing::Bring, slug, unit, form.field("behalf")) {
        Ok(behalf) => behalf,
        Err(Failed::Wrong(text)) => {
            showing.notices.push(text);
            None
        }
        Err(failed) => return Err(failed),
    };
    if !showing.notices.is_empty() {
        let response = page(&state, &who, &at, &full, &sheet, showing).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response());
    }
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new = Paper {
        matter: full.row.id,
        unit: unit.clone(),
        body: serde_json::to_string(&showing.report).map_err(|error| Failed::Internal(error.to_string()))?,
        version: stands,
        sent_at: if send { Some(now) } else { showing.sent },
        person,
        on_behalf: behalf.clone(),
        ..Paper::default()
    };
    if !kept::write_paper(write.on(), new, now).await? {
        return Err(super::matter_form::stale());
    }
    if send {
        crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
        let line = Line::new(now, Act::Paper, format!("review {code}"));
        trail::write(write.on(), line.by(person).of(slug, Some(unit)).on_behalf(behalf)).await?;
    }
    write.commit().await?;
    if send {
        return Ok(Redirect::to(&format!("{}#reports", full.address())).into_response());
    }
    showing.version = stands + 1;
    showing.lacks.clear();
    showing.kept = true;
    page(&state, &who, &at, &full, &sheet, showing).await
}

/// The verdicts that a unit can give itself, in words.
fn own_verdicts(base: &Base) -> Vec<(&'static str, &'static str)> {
    giaouoc_year::review::OWN.iter().map(|word| (*word, verdict(word, base.lang))).collect()
}
