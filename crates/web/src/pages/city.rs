//! The city's board at its desk: all clusters at a glance, and what is late and with whom. Read by oversight too.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::State as With;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::uploads::{self, Upload};
use giaouoc_store::{circulars, questions, releases};

use super::desk::address;
use super::notices::how_far;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::export::List;
use crate::late_list::{self, Overdue};
use crate::registry::{self, Book};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Uploads that are looked at for the last one of each unit.
const LOOKED: u64 = 500;

#[derive(Template)]
#[template(path = "pages/city.html")]
struct CityPage {
    base: Base,
    clusters: Vec<Glance>,
    /// What is late: where, what, with whom, since when.
    late: Vec<Late>,
    writes: bool,
}

/// A cluster at a glance.
pub(crate) struct Glance {
    pub slug: String,
    pub name: String,
    pub year: i64,
    pub state: String,
    pub last: String,
    pub next: String,
    pub confirm_by: String,
    pub confirmed: usize,
    pub of: usize,
    pub questions: usize,
    pub contests: usize,
    units: Vec<UnitLine>,
}

struct UnitLine {
    name: String,
    href: String,
    standing: &'static str,
    sign: &'static str,
    questions: usize,
    contests: usize,
    upload: String,
}

/// Something that is late.
pub(crate) struct Late {
    pub place: String,
    pub what: String,
    pub whom: String,
    pub due: String,
    pub href: String,
}

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let (clusters, mut late) = glance(&state, &who).await?;
    late.extend(overdue(&state, &who, &clusters).await?);
    let title = who.say("Các cụm trong thành phố", "The city's clusters");
    let writes = crate::access::allows(crate::access::Access::Board, &who.roles, None, None);
    shown(&CityPage { base: Base::new(&state, &who, title), clusters, late, writes })
}

/// What is late of the year's work and of drafts that wait for remarks.
async fn overdue(state: &State, who: &Who, clusters: &[Glance]) -> Result<Vec<Late>, Failed> {
    let today = super::work::today(state)?;
    let mut sheets = HashMap::new();
    for glance in clusters {
        if let Some((_, sheet)) = state.newest(&glance.slug).await? {
            sheets.insert(glance.slug.as_str(), sheet);
        }
    }
    let one = |found: Overdue| {
        let place = clusters.iter().find(|glance| glance.slug == found.cluster);
        let sheet = sheets.get(found.cluster.as_str()).map(|sheet| &**sheet);
        Late {
            whom: short(sheet, &found.unit, who.lang),
            what: found.what.get(who.lang).to_owned(),
            due: how_far(&found.day.to_string(), &today.to_string(), who.lang).0,
            place: place.map_or(found.cluster, |glance| glance.name.clone()),
            href: found.href,
        }
    };
    Ok(late_list::of_city(state, today).await?.into_iter().map(one).collect())
}

/// All clusters at a glance, with what is late of their figures and of the answers to notices.
pub(crate) async fn glance(state: &State, who: &Who) -> Result<(Vec<Glance>, Vec<Late>), Failed> {
    let (mut found, mut late) = (Vec::new(), Vec::new());
    for cluster in clusters::all(state.store.read()).await? {
        found.push(one(state, who, &cluster, &mut late).await?);
    }
    let today = when::day_of(state.now(), &state.zone);
    for circular in circulars::all(state.store.read()).await? {
        let Some(due) = circular.due.clone().filter(|due| *due < today) else { continue };
        let replies = circulars::replies(state.store.read(), circular.id).await?;
        for slug in circular.clusters.iter().filter(|slug| !replies.contains_key(*slug)) {
            let place = found.iter().find(|glance| glance.slug == *slug).map(|glance| glance.name.clone());
            late.push(Late {
                place: place.unwrap_or_else(|| slug.clone()),
                what: format!("{}: {}", who.say("phản hồi thông báo", "answer to a notice"), circular.title),
                whom: who.say("thư ký cụm trưởng", "the head's secretary").to_owned(),
                due: how_far(&due, &today, who.lang).0,
                href: format!("/circulars/{}", circular.id),
            });
        }
    }
    Ok((found, late))
}

async fn one(state: &State, who: &Who, cluster: &Cluster, late: &mut Vec<Late>) -> Result<Glance, Failed> {
    let (slug, on, lang) = (cluster.slug.as_str(), state.store.read(), who.lang);
    let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone()).get(lang).to_owned();
    let sheet = state.newest(slug).await?.map(|(_, sheet)| sheet);
    let book = registry::book(state, slug).await;
    let all = releases::all(on, slug).await?;
    let last = all.iter().rfind(|release| release.published_at.is_some());
    let next = all.iter().find(|release| release.published_at.is_none());
    let confirmations = match next {
        Some(next) => releases::confirmations(on, next.id).await?,
        None => Vec::new(),
    };
    let open: Vec<_> = questions::all(on, slug).await?.into_iter().filter(|one| one.open()).collect();
    let contests: Vec<_> =
        releases::contests(on, slug).await?.into_iter().filter(|one| one.reply.is_none()).collect();
    let mut uploads: BTreeMap<String, Upload> = BTreeMap::new();
    for upload in uploads::list(on, slug, None, LOOKED).await? {
        uploads.entry(upload.unit.clone()).or_insert(upload);
    }
    let called = |release: &releases::Release| {
        Text::new(release.name_vi.clone(), release.name_en.clone()).get(lang).to_owned()
    };
    let at = |moment| when::shown(moment, &state.zone, lang);
    let (mut units, mut confirmed) = (Vec::new(), 0);
    for unit in sheet.iter().flat_map(|sheet| &sheet.units) {
        let mine = confirmations.iter().rev().find(|one| one.unit == unit.code);
        let (sign, standing) = match (next, mine) {
            (None, _) => ("–", who.say_static("không có kỳ tới", "no release ahead")),
            (Some(_), Some(mine)) if mine.digest == unit.digest => {
                confirmed += 1;
                ("✓", who.say_static("đã xác nhận", "confirmed"))
            }
            (Some(_), Some(_)) => {
                ("↻", who.say_static("số liệu đã đổi sau khi xác nhận", "figures changed since"))
            }
            (Some(_), None) => ("…", who.say_static("chưa xác nhận", "not confirmed")),
        };
        if let Some(next) = next.filter(|next| sign != "✓" && next.confirm_by < state.now()) {
            late.push(Late {
                place: name.clone(),
                what: format!("{}: {}", who.say("xác nhận số liệu", "confirming the figures"), called(next)),
                whom: unit.short.get(lang).to_owned(),
                due: at(next.confirm_by),
                href: address(slug, &unit.code),
            });
        }
        units.push(UnitLine {
            name: unit.short.get(lang).to_owned(),
            href: address(slug, &unit.code),
            standing,
            sign,
            questions: open.iter().filter(|one| one.unit == unit.code).count(),
            contests: contests.iter().filter(|one| one.supplier.as_deref() == Some(&unit.code)).count(),
            upload: uploads.get(&unit.code).map(|upload| at(upload.created_at)).unwrap_or_default(),
        });
    }
    Ok(Glance {
        slug: slug.to_owned(),
        year: cluster.year,
        state: book.as_ref().map(|book| agreement(book, lang)).unwrap_or_default(),
        last: last
            .map(|last| format!("{}, {}", called(last), at(last.published_at.unwrap_or_default())))
            .unwrap_or_default(),
        next: next.map(|next| format!("{}, {}", called(next), at(next.publish_at))).unwrap_or_default(),
        confirm_by: next.map(|next| at(next.confirm_by)).unwrap_or_default(),
        of: units.len(),
        confirmed,
        questions: open.len(),
        contests: contests.len(),
        units,
        name,
    })
}

/// Where the agreement is on its way, in words.
pub(crate) fn agreement(book: &Book, lang: Lang) -> String {
    match (&book.signed, lang) {
        (None, _) => book.state.get(lang).to_owned(),
        (Some(day), Lang::Vi) => format!("{}, ký ngày {}", book.state.vi, when::day_shown(day, lang)),
        (Some(day), Lang::En) => format!("{}, signed on {day}", book.state.en),
    }
}

/// The short name of a unit of a cluster's figures.
pub(crate) fn short(sheet: Option<&Sheet>, code: &str, lang: Lang) -> String {
    let unit = sheet.and_then(|sheet| sheet.unit(code));
    unit.map_or_else(|| code.to_owned(), |(_, unit)| unit.short.get(lang).to_owned())
}

/// The same as a list.
pub(crate) fn list(clusters: &[Glance], who: &Who) -> List {
    let head = vec![
        who.say_static("Cụm", "Cluster"),
        who.say_static("Năm", "Year"),
        who.say_static("Giao ước", "Agreement"),
        who.say_static("Công bố gần nhất", "Last release"),
        who.say_static("Kỳ tới", "Next release"),
        who.say_static("Hạn xác nhận", "Confirm by"),
        who.say_static("Đã xác nhận", "Confirmed"),
        who.say_static("Số đơn vị", "Units"),
        who.say_static("Câu hỏi chờ trả lời", "Open questions"),
        who.say_static("Đề nghị xem lại chờ trả lời", "Open contests"),
    ];
    let row = |glance: &Glance| {
        vec![
            glance.name.clone(),
            glance.year.to_string(),
            glance.state.clone(),
            glance.last.clone(),
            glance.next.clone(),
            glance.confirm_by.clone(),
            glance.confirmed.to_string(),
            glance.of.to_string(),
            glance.questions.to_string(),
            glance.contests.to_string(),
        ]
    };
    List { name: "cac-cum", head, rows: clusters.iter().map(row).collect() }
}
