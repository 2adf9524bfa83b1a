//! The scoreboard with a page for each target and each unit: as published, as published once, and as it stands now.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::text::Text;
use giaouoc_store::clusters::Cluster;
use giaouoc_store::releases::{self, Release};
use giaouoc_store::{boards, jobs, questions as kept};

use super::cluster;
use super::{figure, questions, registry};
use crate::base::{Base, shown};
use crate::changes;
use crate::error::{Answer, Failed};
use crate::sheet::Sheet;
use crate::small::Reader;
use crate::state::State;
use crate::tables;
use crate::when;
use crate::who::Who;

/// Changes listed on the page of a release; the journal has all.
const REASONS: usize = 200;

#[derive(Template)]
#[template(path = "pages/board.html")]
struct BoardPage {
    base: Base,
    theme: Option<String>,
    state: String,
    /// Whether these figures are not published.
    provisional: bool,
    when: String,
    lead: String,
    body: String,
    others: Vec<Link>,
    /// How the units stood when it was published.
    standing: Vec<(String, String)>,
    moved: Vec<String>,
    /// What was done to the records in between, and how much more there is.
    reasons: (Vec<changes::Line>, usize),
    /// What the data asked, with the units' answers.
    questions: Vec<questions::Published>,
    files: Vec<(String, &'static str)>,
    /// Who came before and after the unit of this page.
    chain: Option<registry::Chain>,
    /// The tables for other programs.
    data: Vec<(&'static str, Vec<(String, String)>)>,
}

struct Link {
    href: String,
    name: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "pages/none.html")]
struct NonePage {
    base: Base,
    lead: String,
    next: Option<String>,
}

/// What of the figures is looked at.
struct Look {
    cluster: Cluster,
    sheet: Arc<Sheet>,
    board: i64,
    release: Option<Release>,
    before: Option<Release>,
}

/// The figures of the last release.
pub(crate) async fn published(state: &State, slug: &str) -> Result<Option<Arc<Sheet>>, Failed> {
    let all = releases::all(state.store.read(), slug).await?;
    match all.iter().rev().filter(|release| release.published_at.is_some()).find_map(|release| release.board)
    {
        Some(board) => Ok(state.sheet(board).await?),
        None => Ok(None),
    }
}

impl Look {
    /// A release is read by everybody, whoever reads it here.
    fn reader(&self) -> Reader {
        if self.release.is_some() { Reader::Public } else { Reader::Inside }
    }
}

/// The last release.
pub(crate) async fn latest(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    latest_of(&state, &who, &slug, "").await
}

/// A page of the last release.
pub(crate) async fn latest_page(
    With(state): With<State>,
    who: Who,
    Path((slug, page)): Path<(String, String)>,
) -> Answer {
    latest_of(&state, &who, &slug, &page).await
}

async fn latest_of(state: &State, who: &Who, slug: &str, page: &str) -> Answer {
    let cluster = cluster(state, slug).await?;
    let all = releases::all(state.store.read(), slug).await?;
    let mut published = all.iter().rev().filter(|release| release.published_at.is_some());
    let Some(last) = published.next() else {
        let next = all.iter().find(|release| release.published_at.is_none());
        let next = next.map(|next| when::shown(next.publish_at, &state.zone, who.lang));
        let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone()).get(who.lang).to_owned();
        let base = Base::within(state, who, &cluster, name).await?;
        let lead = who.say(
            "Cụm này chưa công bố kỳ nào. Số liệu tạm tính dành cho các đơn vị trong cụm.",
            "Nothing of this cluster is published yet. Provisional figures are for its units.",
        );
        return shown(&NonePage { base, lead: lead.to_owned(), next });
    };
    let before = published.next().cloned();
    show(state, who, release_look(state, cluster, last.clone(), before).await?, page).await
}

/// A release by its number.
pub(crate) async fn release(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, i64)>,
) -> Answer {
    release_of(&state, &who, &slug, number, "").await
}

/// A page of a release.
pub(crate) async fn release_page(
    With(state): With<State>,
    who: Who,
    Path((slug, number, page)): Path<(String, i64, String)>,
) -> Answer {
    release_of(&state, &who, &slug, number, &page).await
}

async fn release_of(state: &State, who: &Who, slug: &str, number: i64, page: &str) -> Answer {
    let cluster = cluster(state, slug).await?;
    let all = releases::all(state.store.read(), slug).await?;
    let published: Vec<&Release> = all.iter().filter(|release| release.published_at.is_some()).collect();
    let at = published.iter().position(|release| release.number == number).ok_or(Failed::NotFound)?;
    let before = at.checked_sub(1).and_then(|at| published.get(at)).map(|release| (*release).clone());
    let release = published[at].clone();
    show(state, who, release_look(state, cluster, release, before).await?, page).await
}

async fn release_look(
    state: &State,
    cluster: Cluster,
    release: Release,
    before: Option<Release>,
) -> Result<Look, Failed> {
    let board = release.board.ok_or(Failed::NotFound)?;
    let sheet = state.sheet(board).await?.ok_or(Failed::NotFound)?;
    Ok(Look { cluster, sheet, board, release: Some(release), before })
}

/// The provisional figures.
pub(crate) async fn now(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    now_of(&state, &who, &slug, "").await
}

/// A page of the provisional figures.
pub(crate) async fn now_page(
    With(state): With<State>,
    who: Who,
    Path((slug, page)): Path<(String, String)>,
) -> Answer {
    now_of(&state, &who, &slug, &page).await
}

async fn now_of(state: &State, who: &Who, slug: &str, page: &str) -> Answer {
    let cluster = cluster(state, slug).await?;
    let Some((board, sheet)) = state.newest(slug).await? else {
        let mut base =
            Base::within(state, who, &cluster, who.say("Bảng tạm tính", "Provisional figures")).await?;
        let failed = jobs::latest(state.store.read(), slug, &[jobs::Work::Measure], None).await?;
        let failed =
            failed.and_then(|job| job.error).map(|(vi, en)| Text::new(vi, en).get(who.lang).to_owned());
        base.reload = failed.is_none().then_some(2);
        let waiting =
            who.say("Đang tính lần đầu, xin chờ giây lát…", "Measuring for the first time, one moment…");
        return shown(&NonePage { base, lead: failed.unwrap_or_else(|| waiting.to_owned()), next: None });
    };
    show(state, who, Look { cluster, sheet, board, release: None, before: None }, page).await
}

async fn show(state: &State, who: &Who, look: Look, page: &str) -> Answer {
    let at = usize::from(who.lang == giaouoc_agreement::text::Lang::En);
    if let Some(file) = kept_as(page, at, look.release.is_some()) {
        return download(state, &look, page, &file).await;
    }
    let lang = who.lang;
    let sheet = &look.sheet;
    let parts = sheet.parts(lang);
    let reader = look.reader();
    let (title, body) = match page {
        "" => (sheet.title.get(lang).to_owned(), sheet.board(lang, reader).to_owned()),
        "method" => {
            (who.say("Cách tính và định nghĩa", "Method and definitions").to_owned(), parts.method.clone())
        }
        "data" => (who.say("Dữ liệu", "Data").to_owned(), sheet.data(lang, reader).to_owned()),
        page => part(&look, page, who).ok_or(Failed::NotFound)?,
    };
    let mut base = Base::within(state, who, &look.cluster, title).await?;
    if look.release.is_none() {
        let open = jobs::open(state.store.read(), Some(&look.cluster.slug)).await?;
        let busy = open.iter().any(|job| matches!(job.work, jobs::Work::Measure | jobs::Work::Load));
        base.reload = busy.then_some(3);
    }
    let home = match page {
        "" => String::new(),
        _ => "./".to_owned(),
    };
    let mut others = vec![link("", home.clone(), who.say("Bảng điểm", "Scoreboard"), page)];
    others.extend(sheet.targets.iter().enumerate().map(|(at, target)| {
        let name = format!("{}. {}", at + 1, target.name.get(lang));
        link(&format!("target-{}", target.id), String::new(), &name, page)
    }));
    others.extend(
        sheet
            .units
            .iter()
            .map(|unit| link(&format!("unit-{}", unit.code), String::new(), unit.short.get(lang), page)),
    );
    others.push(link("method", String::new(), who.say("Cách tính", "Method"), page));
    others.push(link("data", String::new(), who.say("Dữ liệu", "Data"), page));
    let moved = match &look.before {
        Some(before) if page.is_empty() => moved(state, &look, before, who).await?,
        _ => Vec::new(),
    };
    let reasons = match &look.release {
        Some(release) if page.is_empty() => {
            let kept = kept::frozen(state.store.read(), release.id, "changes").await?;
            let found: Vec<changes::Change> =
                kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            changes::lines(&found, sheet, lang, REASONS)
        }
        _ => (Vec::new(), 0),
    };
    let questions = match (&look.release, page.strip_prefix("unit-")) {
        (Some(release), unit) if page.is_empty() || unit.is_some() => {
            questions::published(state, lang, release.id, sheet, unit).await?
        }
        _ => Vec::new(),
    };
    let chain = match page.strip_prefix("unit-") {
        Some(code) => {
            let book = crate::registry::book(state, &look.cluster.slug).await;
            book.and_then(|book| registry::chain(&book, book.unit(code)?, lang))
        }
        None => None,
    };
    shown(&BoardPage {
        chain,
        theme: sheet.theme.as_ref().filter(|_| page.is_empty()).map(|theme| theme.get(lang).to_owned()),
        state: said(state, &look, who),
        provisional: look.release.is_none(),
        when: parts.when.clone(),
        lead: if page.is_empty() { parts.lead.clone() } else { String::new() },
        body,
        others,
        standing: if page.is_empty() { standing(&look, who) } else { Vec::new() },
        moved,
        reasons,
        questions,
        data: if page.is_empty() || page == "data" { data(who) } else { Vec::new() },
        files: if page.is_empty() || page == "data" { files(who) } else { Vec::new() },
        base,
    })
}

fn link(part: &str, href: String, name: &str, page: &str) -> Link {
    let href = if part.is_empty() { href } else { part.to_owned() };
    Link {
        href: if href.is_empty() { "./".to_owned() } else { href },
        name: name.to_owned(),
        here: part == page,
    }
}

/// The page of one target, one unit or one figure: its title and what stands on it.
fn part(look: &Look, page: &str, who: &Who) -> Option<(String, String)> {
    let (sheet, reader) = (&look.sheet, look.reader());
    if let Some(name) = page.strip_prefix("figure-") {
        return figure::page(sheet, name, reader, who, &look.cluster.slug);
    }
    if let Some(id) = page.strip_prefix("target-") {
        let (at, target) = sheet.target(id)?;
        return Some((
            format!("{}. {}", at + 1, target.name.get(who.lang)),
            sheet.target_part(at, who.lang, reader)?.clone(),
        ));
    }
    let (at, unit) = sheet.unit(page.strip_prefix("unit-")?)?;
    Some((unit.name.get(who.lang).to_owned(), sheet.unit_part(at, who.lang, reader)?.clone()))
}

/// What kind of figures these are.
fn said(state: &State, look: &Look, who: &Who) -> String {
    match &look.release {
        None => who
            .say(
                "TẠM TÍNH: số liệu đang hình thành, dành cho các đơn vị trong cụm, chưa công bố.",
                "PROVISIONAL: figures in the making, for the units of the cluster, not published.",
            )
            .to_owned(),
        Some(release) => {
            let name = Text::new(release.name_vi.clone(), release.name_en.clone());
            let at = when::shown(release.published_at.unwrap_or_default(), &state.zone, who.lang);
            let (name, number) = (name.get(who.lang), release.number);
            match who.lang {
                giaouoc_agreement::text::Lang::Vi => {
                    format!("Kỳ công bố số {number}: {name}, công bố lúc {at}.")
                }
                giaouoc_agreement::text::Lang::En => format!("Release {number}: {name}, published at {at}."),
            }
        }
    }
}

/// Whether each unit had confirmed what was published.
fn standing(look: &Look, who: &Who) -> Vec<(String, String)> {
    let Some(text) = look.release.as_ref().and_then(|release| release.standing.as_ref()) else {
        return Vec::new();
    };
    let standing: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
    let words = |word: &str| match word {
        "confirmed" => who.say("đơn vị đã xác nhận", "confirmed by the unit"),
        "changed" => who.say("đã xác nhận, sau đó số liệu đổi", "confirmed, then the figures changed"),
        _ => who.say("công bố khi đơn vị chưa xác nhận", "published without the unit's confirmation"),
    };
    let units = look.sheet.units.iter();
    units
        .filter_map(|unit| {
            Some((unit.short.get(who.lang).to_owned(), words(standing.get(&unit.code)?).to_owned()))
        })
        .collect()
}

/// What moved since the release before: each figure that is another one now.
async fn moved(state: &State, look: &Look, before: &Release, who: &Who) -> Result<Vec<String>, Failed> {
    let Some(board) = before.board else { return Ok(Vec::new()) };
    let Some(old) = state.sheet(board).await? else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    for (at, target) in look.sheet.targets.iter().enumerate() {
        let Some((_, was)) = old.target(&target.id) else { continue };
        for (unit, cell) in look.sheet.units.iter().zip(&target.cells) {
            let Some((place, _)) = old.unit(&unit.code) else { continue };
            let was = was.cells.get(place).and_then(Option::as_ref);
            let same = was.map(|cell| (&cell.shown, &cell.verdict))
                == cell.as_ref().map(|cell| (&cell.shown, &cell.verdict));
            if same {
                continue;
            }
            let shown = |cell: Option<&crate::sheet::Cell>| {
                let words = |cell: &crate::sheet::Cell| match &cell.shown {
                    Some(shown) => format!("{} ({})", shown.get(who.lang), cell.words.get(who.lang)),
                    None => cell.words.get(who.lang).to_owned(),
                };
                cell.map_or_else(|| "–".to_owned(), words)
            };
            let (name, short) = (target.name.get(who.lang), unit.short.get(who.lang));
            lines.push(format!("{}. {name} · {short}: {} → {}", at + 1, shown(was), shown(cell.as_ref())));
        }
    }
    Ok(lines)
}

/// Other forms of a board: page, kept name in Vietnamese and English, what it is called.
type File = (&'static str, [&'static str; 2], [&'static str; 2]);
const FILES: [File; 4] = [
    (
        "report.html",
        ["report.vi.html", "report.en.html"],
        ["Báo cáo một trang, để in", "Report on one page, for print"],
    ),
    ("report.xlsx", ["report.vi.xlsx", "report.en.xlsx"], ["Bảng tính (Excel)", "Workbook (Excel)"]),
    ("figures.csv", ["figures.vi.csv", "figures.en.csv"], ["CSV", "CSV"]),
    ("figures.json", ["figures.json", "figures.json"], ["JSON", "JSON"]),
];

fn files(who: &Who) -> Vec<(String, &'static str)> {
    let at = usize::from(who.lang == giaouoc_agreement::text::Lang::En);
    FILES.iter().map(|file| (file.0.to_owned(), file.2[at])).collect()
}

/// The tables of a board, each with its forms: what it is called, and of each form the file and its name.
fn data(who: &Who) -> Vec<(&'static str, Vec<(String, String)>)> {
    let at = usize::from(who.lang == giaouoc_agreement::text::Lang::En);
    let forms = |name: &str| {
        let file = |end: &str| (format!("{name}.{end}"), end.to_uppercase());
        tables::FORMS.into_iter().map(file).collect()
    };
    tables::NAMES.into_iter().map(|(name, called)| (called[at], forms(name))).collect()
}

/// Before the names of files as everybody sees them.
const PUBLIC: &str = "public-";

/// What a file of a board is kept under.
fn kept_as(page: &str, at: usize, public: bool) -> Option<String> {
    if let Some(file) = FILES.iter().find(|file| file.0 == page) {
        let kept = file.1[at];
        return Some(if public { format!("{PUBLIC}{kept}") } else { kept.to_owned() });
    }
    let (name, end) = page.split_once('.')?;
    tables::NAMES.iter().find(|(known, _)| *known == name)?;
    tables::FORMS.into_iter().find(|known| *known == end)?;
    Some(if public { format!("{PUBLIC}{page}") } else { page.to_owned() })
}

async fn download(state: &State, look: &Look, page: &str, file: &str) -> Answer {
    let mut found = boards::file(state.store.read(), look.board, file).await?;
    if let (None, Some(plain)) = (&found, file.strip_prefix(PUBLIC)) {
        // A release of an older program has one form for everybody: it was published so.
        found = boards::file(state.store.read(), look.board, plain).await?;
    }
    let sha256 = found.ok_or(Failed::NotFound)?;
    let bytes = crate::kept::read(&state.files, &sha256).await?.ok_or(Failed::NotFound)?;
    Ok(crate::kept::form(&format!("{}-{page}", look.cluster.slug), bytes))
}
