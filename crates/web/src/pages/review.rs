//! The part of a review on its page: figures frozen by a release, the units' reports, points to mend; and the whole as a document
//! to edit.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::header;
use axum::response::IntoResponse as _;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_document::{Block, Doc};

use giaouoc_store::matters::{self as kept, Paper, Point};
use giaouoc_store::releases::{self, Release};
use giaouoc_worktime::Day;
use giaouoc_year::review::Report;
use giaouoc_year::sort;

use super::cluster;
use super::matter::{Around, opened};
use super::work::unit_name;
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::html::encoded;
use crate::matters::Full;
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// What stands on a review's page.
pub(crate) struct Part {
    /// The release: name, address where it is published, when.
    pub release: Option<(String, Option<String>, String)>,
    pub units: Vec<UnitLine>,
    pub points: Vec<PointLine>,
    /// Units, for the form that adds a point.
    pub all: Vec<(String, String)>,
    pub may_point: bool,
    pub at: String,
    pub document: bool,
}

/// How a unit's report stands.
pub(crate) struct UnitLine {
    pub name: String,
    pub state: String,
    pub late: bool,
    /// Where this person may write it.
    pub write: Option<String>,
    pub text: Vec<(String, String)>,
}

/// A point to mend.
pub(crate) struct PointLine {
    pub id: i64,
    pub text: String,
    pub unit: String,
    pub due: String,
    pub late: bool,
    pub done: Option<(String, String)>,
    /// Where this person may say that it is done.
    pub mend: Option<String>,
    pub behalf: bool,
}

/// The release of a review.
pub(crate) async fn release(state: &State, full: &Full) -> Result<Option<Release>, Failed> {
    let Some(number) = full.matter.fields.get("release").and_then(|text| text.parse().ok()) else {
        return Ok(None);
    };
    Ok(releases::get(state.store.read(), &full.row.cluster, number).await?)
}

/// The figures that a review rests on: the release's where it is published, else the provisional ones.
pub(crate) async fn figures(state: &State, full: &Full) -> Result<Option<std::sync::Arc<Sheet>>, Failed> {
    let board = release(state, full).await?.and_then(|release| release.board);
    match board {
        Some(board) => Ok(state.sheet(board).await?),
        None => super::work::names(state, &full.row.cluster).await,
    }
}

/// What a kept report says.
pub(crate) fn read(paper: &Paper) -> Report {
    serde_json::from_str(&paper.body).unwrap_or_default()
}

/// The verdict of a unit's own in words.
pub(crate) fn verdict(word: &str, lang: Lang) -> &'static str {
    let (vi, en) = match word {
        "met" => ("đạt", "met"),
        "not-met" => ("chưa đạt", "not met"),
        "no-cases" => ("không phát sinh", "no cases"),
        _ => ("–", "–"),
    };
    if lang == Lang::Vi { vi } else { en }
}

/// The part of a review on its page.
pub(crate) async fn part(
    state: &State,
    full: &Full,
    who: &Who,
    around: &Around,
) -> Result<Option<Part>, Failed> {
    if !full.sort.has(sort::Part::Reports) || full.matter.taken.is_empty() {
        return Ok(None);
    }
    let (slug, lang) = (full.row.cluster.as_str(), who.lang);
    let release = release(state, full).await?.map(|release| {
        let name = Text::new(release.name_vi, release.name_en).get(lang).to_owned();
        let at = release.published_at.map(|_| format!("/c/{slug}/r/{}/", release.number));
        (name, at, when::shown(release.publish_at, &state.zone, lang))
    });
    let papers = kept::papers(state.store.read(), full.row.id).await?;
    let figures = figures(state, full).await?;
    let until = full.matter.fields.get("reports_until").and_then(|day| day.parse::<Day>().ok());
    let inside = who.inside(slug);
    let open = full.matter.is_open(full.sort);
    let sheet = around.sheet.as_deref();
    let mut units = Vec::new();
    for unit in sheet.iter().flat_map(|sheet| &sheet.units) {
        let paper = papers.iter().find(|paper| paper.unit == unit.code);
        let sent = paper.and_then(|paper| paper.sent_at);
        let late = sent.is_none() && until.is_some_and(|until| until < around.today);
        let state_of = match (sent, paper) {
            (Some(at), _) => format!("{} {}", who.say("đã gửi", "sent"), when::shown(at, &state.zone, lang)),
            (None, Some(_)) if who.may(Doing::Read, slug, &unit.code) => {
                who.say("đang viết", "being written").to_owned()
            }
            _ => who.say("chưa gửi", "not sent").to_owned(),
        };
        let read_it = sent.is_some() && inside || paper.is_some() && who.may(Doing::Read, slug, &unit.code);
        let text =
            paper.filter(|_| read_it).map(|paper| lines(&read(paper), figures.as_deref(), &unit.code, lang));
        units.push(UnitLine {
            name: unit.short.get(lang).to_owned(),
            state: state_of,
            late,
            write: (open && who.may(Doing::Bring, slug, &unit.code)).then(|| {
                format!("{}report/{}", super::desk::address(slug, &unit.code), encoded(&full.row.code))
            }),
            text: text.unwrap_or_default(),
        });
    }
    let points = kept::points(state.store.read(), &[full.row.id]).await?;
    let line = |point: &Point| {
        let may = point.done.is_none() && who.may(Doing::Bring, slug, &point.unit);
        PointLine {
            id: point.id,
            text: point.text.clone(),
            unit: unit_name(sheet, &point.unit, lang),
            due: when::day_shown(&point.due, lang),
            late: point.done.is_none() && point.due.parse::<Day>().is_ok_and(|due| due < around.today),
            done: point.done.as_ref().map(|(day, note)| (when::day_shown(day, lang), note.clone())),
            mend: may.then(|| {
                format!("{}mend/{}", super::desk::address(slug, &point.unit), encoded(&full.row.code))
            }),
            behalf: access::on_behalf(&who.roles, Doing::Bring, slug, &point.unit),
        }
    };
    Ok(Some(Part {
        release,
        units: if inside { units } else { Vec::new() },
        points: points.iter().map(line).collect(),
        all: sheet
            .iter()
            .flat_map(|sheet| &sheet.units)
            .map(|unit| (unit.code.clone(), unit.short.get(lang).to_owned()))
            .collect(),
        may_point: full.row.gone.is_none() && who.heads(slug) && who.may(Doing::Bring, slug, &full.row.unit),
        at: full.address(),
        document: inside,
    }))
}

/// A report as label and text.
fn lines(report: &Report, sheet: Option<&Sheet>, unit: &str, lang: Lang) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let clauses = sheet.map(|sheet| sheet.clauses.as_slice()).unwrap_or_default();
    for clause in clauses {
        if let Some(text) = report.clauses.get(&clause.number).filter(|text| !text.is_empty()) {
            lines.push((format!("{}. {}", clause.number, clause.text.get(lang)), text.clone()));
        }
    }
    let place = sheet.and_then(|sheet| sheet.unit(unit)).map(|(place, _)| place);
    for target in sheet.iter().flat_map(|sheet| &sheet.targets) {
        let Some(own) = report.targets.get(&target.id) else { continue };
        let cell = place.and_then(|place| target.cells.get(place)?.as_ref());
        let (figure, computed) = cell.map_or(("–", "–"), |cell| {
            (cell.shown.as_ref().map_or("–", |text| text.get(lang)), cell.words.get(lang))
        });
        let own_words = verdict(&own.verdict, lang);
        let head = match lang {
            Lang::Vi => {
                format!("{}: {figure}, tính ra {computed}, đơn vị tự đánh giá {own_words}", target.name.vi)
            }
            Lang::En => {
                format!("{}: {figure}, computed {computed}, the unit says {own_words}", target.name.en)
            }
        };
        lines.push((head, own.text.clone()));
    }
    for (vi, en, text) in
        [("Khó khăn, vướng mắc", "What was hard", &report.hard), ("Đề xuất", "Proposals", &report.proposals)]
    {
        if !text.is_empty() {
            lines.push((if lang == Lang::Vi { vi } else { en }.to_owned(), text.clone()));
        }
    }
    lines
}

/// The review as a document: what is known stands in it, what is to be written is marked.
async fn document(state: &State, who: &Who, full: &Full) -> Result<Doc, Failed> {
    let (slug, lang) = (full.row.cluster.as_str(), who.lang);
    let cluster = cluster(state, slug).await?;
    let figures = figures(state, full).await?;
    let sheet = figures.as_deref();
    let papers = kept::papers(state.store.read(), full.row.id).await?;
    let points = kept::points(state.store.read(), &[full.row.id]).await?;
    let get = |id: &str| full.matter.fields.get(id).cloned().unwrap_or_default();
    let say = |vi: &str, en: &str| if lang == Lang::Vi { vi.to_owned() } else { en.to_owned() };
    let gap = || Block::Gap(say("(hội nghị bổ sung)", "(to be written at the meeting)"));
    let mut blocks = Vec::new();
    let held = full.matter.day_of("hold").map_or_else(|| get("planned_on"), str::to_owned);
    blocks.push(Block::Text(match lang {
        Lang::Vi => format!(
            "Ngày {} {}, tại {}. Chủ trì: {}.",
            when::day_shown(&held, lang),
            get("starts"),
            get("place"),
            get("chair")
        ),
        Lang::En => format!(
            "On {} {}, at {}. Chaired by: {}.",
            when::day_shown(&held, lang),
            get("starts"),
            get("place"),
            get("chair")
        ),
    }));
    blocks.push(Block::Heading(1, say("1. Thành phần, chương trình", "1. Present, agenda")));
    match get("present") {
        none if none.is_empty() => blocks.push(gap()),
        present => blocks.push(Block::Text(present)),
    }
    blocks.push(Block::Text(get("agenda")));
    blocks.push(Block::Heading(1, say("2. Kết quả thực hiện giao ước", "2. How the agreement was kept")));
    let release = release(state, full).await?;
    if let Some(release) = &release {
        let name = Text::new(release.name_vi.clone(), release.name_en.clone());
        blocks.push(Block::Text(match (release.published_at, lang) {
            (Some(_), Lang::Vi) => {
                format!("Số liệu của {}: {}/c/{slug}/r/{}/", name.vi, state.site.url, release.number)
            }
            (Some(_), Lang::En) => {
                format!("Figures of {}: {}/c/{slug}/r/{}/", name.en, state.site.url, release.number)
            }
            (None, Lang::Vi) => format!("{}: chưa công bố, số liệu dưới đây là TẠM TÍNH.", name.vi),
            (None, Lang::En) => format!("{}: not published yet, the figures below are PROVISIONAL.", name.en),
        }));
    }
    if let Some(sheet) = sheet {
        let mut head = vec![say("Chỉ tiêu", "Target"), say("Mức", "Goal")];
        head.extend(sheet.units.iter().map(|unit| unit.short.get(lang).to_owned()));
        let rows = sheet.targets.iter().map(|target| {
            let mut row = vec![target.name.get(lang).to_owned(), target.goal.get(lang).to_owned()];
            row.extend(target.cells.iter().map(|cell| {
                match cell {
                    Some(cell) => {
                        format!("{} {}", cell.sign, cell.shown.as_ref().map_or("", |text| text.get(lang)))
                            .trim()
                            .to_owned()
                    }
                    None => "–".to_owned(),
                }
            }));
            row
        });
        blocks.push(Block::Table(head, rows.collect()));
    }
    blocks.push(Block::Heading(1, say("3. Báo cáo của các đơn vị", "3. The units' reports")));
    for unit in sheet.iter().flat_map(|sheet| &sheet.units) {
        blocks.push(Block::Heading(2, unit.name.get(lang).to_owned()));
        match papers.iter().find(|paper| paper.unit == unit.code && paper.sent_at.is_some()) {
            Some(paper) => {
                for (label, text) in lines(&read(paper), sheet, &unit.code, lang) {
                    let text = if text.is_empty() { format!("{label}.") } else { format!("{label}: {text}") };
                    blocks.push(Block::Text(text));
                }
            }
            None => blocks.push(Block::Gap(say("Đơn vị chưa gửi báo cáo.", "The unit has sent no report."))),
        }
    }
    blocks.push(Block::Heading(1, say("4. Kết luận", "4. Conclusions")));
    match get("conclusions") {
        none if none.is_empty() => blocks.push(gap()),
        text => blocks.push(Block::Text(text)),
    }
    blocks.push(Block::Heading(1, say("5. Việc phải làm", "5. Points to mend")));
    match points.is_empty() {
        true => blocks.push(gap()),
        false => {
            let head =
                vec![say("Việc", "What"), say("Đơn vị", "Unit"), say("Hạn", "By"), say("Kết quả", "Done")];
            let rows = points.iter().map(|point| {
                let done =
                    point.done.as_ref().map(|(day, note)| format!("{} {note}", when::day_shown(day, lang)));
                vec![
                    point.text.clone(),
                    unit_name(sheet, &point.unit, lang),
                    when::day_shown(&point.due, lang),
                    done.unwrap_or_default(),
                ]
            });
            blocks.push(Block::Table(head, rows.collect()));
        }
    }
    let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
    Ok(Doc {
        head: vec![name.get(lang).to_uppercase()],
        title: full.matter.title(full.sort).to_uppercase(),
        blocks,
    })
}

#[derive(Template)]
#[template(path = "pages/review_document.html")]
struct DocumentPage {
    base: Base,
    doc: Doc,
    back: String,
}

/// The document, as a page or as DOCX.
pub(crate) async fn file(
    With(state): With<State>,
    who: Who,
    Path((slug, code, name)): Path<(String, String, String)>,
) -> Answer {
    let full = opened(&state, &who, &slug, "review", &code).await?;
    // It holds what units said to each other, and figures that may not be published yet.
    if !who.inside(&slug) {
        return Err(Failed::NotFound);
    }
    let doc = document(&state, &who, &full).await?;
    match name.as_str() {
        "report" => {
            let cluster = cluster(&state, &slug).await?;
            let base = Base::within(&state, &who, &cluster, full.matter.title(full.sort).to_owned()).await?;
            shown(&DocumentPage { base, doc, back: full.address() })
        }
        "report.docx" => {
            let bytes = giaouoc_document::docx(&doc).map_err(|error| Failed::Internal(error.to_string()))?;
            let media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
            let shown = format!("attachment; filename=\"{code}.docx\"");
            Ok(([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, shown)], bytes)
                .into_response())
        }
        _ => Err(Failed::NotFound),
    }
}
