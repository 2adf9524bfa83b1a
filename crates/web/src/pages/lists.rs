//! Every list of the city as a page and as a file: units with their validity and successors, memberships, people, questions, the
//! trail, kinds, code lists, notices. For the city's board and for oversight.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State as With};
use giaouoc_agreement::kind::ColumnType;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::{circulars, people, questions, trail};
use serde::Deserialize;

use super::city::{glance, short};
use super::people::{places, role_words};
use super::trail::words as act_words;
use crate::asked::Asked;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::export::List;
use crate::registry::{self, Book};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// The lists: name in addresses, and what each is called.
pub(crate) const LISTS: [(&str, &str, &str); 9] = [
    ("clusters", "Các cụm", "Clusters"),
    ("units", "Đơn vị, thời hạn và đơn vị kế thừa", "Units with validity and successors"),
    ("memberships", "Thành viên và vai trò của đơn vị", "Memberships and roles of units"),
    ("people", "Người và vai trò", "People and roles"),
    ("questions", "Câu hỏi về số liệu của mọi đơn vị", "Questions about the data of every unit"),
    ("trail", "Nhật ký của mọi cụm", "The trail of every cluster"),
    ("kinds", "Loại dữ liệu và các cột", "Kinds of records with their columns"),
    ("codes", "Bảng mã", "Code lists"),
    ("circulars", "Thông báo tới các cụm và phản hồi", "Notices to clusters, with the answers"),
];

/// Rows on a page, and in a file of the trail.
const PAGE: usize = 200;
const TRAIL: u64 = 20_000;

#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage {
    base: Base,
    name: String,
    list: List,
    total: usize,
    sorted: usize,
    /// The address of the next rows.
    next: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    sort: usize,
    #[serde(default)]
    after: usize,
}

/// A list: `NAME` as a page, `NAME.csv` and `NAME.xlsx` as files.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let (name, form) = name.split_once('.').map_or((name.as_str(), None), |(name, form)| (name, Some(form)));
    let (_, vi, en) = LISTS.iter().find(|(known, ..)| *known == name).ok_or(Failed::NotFound)?;
    let mut list = made(&state, &who, name).await?.sorted(wanted.sort, who.lang)?;
    if let Some(form) = form {
        return list.file(form);
    }
    let total = list.rows.len();
    let next = wanted.after.saturating_add(PAGE);
    list.rows = list.rows.into_iter().skip(wanted.after).take(PAGE).collect();
    shown(&ListPage {
        base: Base::new(&state, &who, who.say(vi, en)),
        next: (next < total).then(|| format!("/city/lists/{name}?sort={}&after={next}", wanted.sort)),
        name: name.to_owned(),
        sorted: wanted.sort,
        total,
        list,
    })
}

/// What the short addresses of lists lead to.
pub(crate) async fn signals(state: With<State>, who: Who, query: Query<Wanted>) -> Answer {
    get(state, who, Path("questions".to_owned()), query).await
}

/// The same for people.
pub(crate) async fn persons(state: With<State>, who: Who, query: Query<Wanted>) -> Answer {
    get(state, who, Path("people".to_owned()), query).await
}

/// The same for kinds.
pub(crate) async fn of_kinds(state: With<State>, who: Who, query: Query<Wanted>) -> Answer {
    get(state, who, Path("kinds".to_owned()), query).await
}

/// The same for the trail.
pub(crate) async fn of_trail(state: With<State>, who: Who, query: Query<Wanted>) -> Answer {
    get(state, who, Path("trail".to_owned()), query).await
}

async fn made(state: &State, who: &Who, name: &str) -> Result<List, Failed> {
    match name {
        "clusters" => Ok(super::city::list(&glance(state, who).await?.0, who)),
        "units" => units(state, who).await,
        "memberships" => memberships(state, who).await,
        "people" => everybody(state, who).await,
        "questions" => asked(state, who).await,
        "trail" => done(state, who).await,
        "kinds" => Ok(columns(who)),
        "codes" => Ok(codes(who)),
        "circulars" => told(state, who).await,
        _ => Err(Failed::NotFound),
    }
}

fn called(cluster: &Cluster, lang: Lang) -> String {
    let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
    format!("{}, {}", name.get(lang), cluster.year)
}

fn maybe(day: Option<&String>, lang: Lang) -> String {
    day.map(|day| when::day_shown(day, lang)).unwrap_or_default()
}

/// The clusters with what is set up about them.
async fn books(state: &State) -> Result<Vec<(Cluster, Book)>, Failed> {
    let mut found = Vec::new();
    for cluster in clusters::all(state.store.read()).await? {
        if let Some(book) = registry::book(state, &cluster.slug).await {
            found.push((cluster, book));
        }
    }
    Ok(found)
}

async fn units(state: &State, who: &Who) -> Result<List, Failed> {
    let lang = who.lang;
    let mut rows = Vec::new();
    for (cluster, book) in books(state).await? {
        for unit in &book.units {
            let successor = unit.successor.and_then(|at| book.units.get(at));
            rows.push(vec![
                unit.name.get(lang).to_owned(),
                unit.code.clone(),
                called(&cluster, lang),
                maybe(unit.from.as_ref(), lang),
                maybe(unit.to.as_ref(), lang),
                successor.map(|unit| unit.name.get(lang).to_owned()).unwrap_or_default(),
                unit.aliases.join("; "),
            ]);
        }
    }
    let head = vec![
        who.say_static("Đơn vị", "Unit"),
        who.say_static("Mã", "Code"),
        who.say_static("Cụm", "Cluster"),
        who.say_static("Từ ngày", "From"),
        who.say_static("Đến ngày", "To"),
        who.say_static("Đơn vị kế thừa", "Successor"),
        who.say_static("Tên khác", "Other names"),
    ];
    Ok(List { name: "don-vi", head, rows })
}

async fn memberships(state: &State, who: &Who) -> Result<List, Failed> {
    let lang = who.lang;
    let mut rows = Vec::new();
    for (cluster, book) in books(state).await? {
        for unit in &book.units {
            rows.extend(unit.roles.iter().map(|(role, from, to)| {
                vec![
                    unit.name.get(lang).to_owned(),
                    role.get(lang).to_owned(),
                    called(&cluster, lang),
                    when::day_shown(from, lang),
                    maybe(to.as_ref(), lang),
                ]
            }));
        }
    }
    let head = vec![
        who.say_static("Đơn vị", "Unit"),
        who.say_static("Vai trò", "Role"),
        who.say_static("Cụm", "Cluster"),
        who.say_static("Từ ngày", "From"),
        who.say_static("Đến ngày", "To"),
    ];
    Ok(List { name: "thanh-vien", head, rows })
}

/// People by their names and roles; how they log in is the administrator's.
async fn everybody(state: &State, who: &Who) -> Result<List, Failed> {
    let lang = who.lang;
    let places = places(state, lang).await?;
    let all = people::all(state.store.read()).await?;
    let held = people::all_roles(state.store.read()).await?;
    let rows = held.iter().filter_map(|held| {
        let person = all.iter().find(|person| person.id == held.person)?;
        Some(vec![
            person.name.clone(),
            role_words(held, &places, lang),
            when::day_shown(&held.from, lang),
            maybe(held.to.as_ref(), lang),
        ])
    });
    let head = vec![
        who.say_static("Họ tên", "Name"),
        who.say_static("Vai trò", "Role"),
        who.say_static("Từ ngày", "From"),
        who.say_static("Đến ngày", "To"),
    ];
    Ok(List { name: "nguoi-va-vai-tro", head, rows: rows.collect() })
}

async fn asked(state: &State, who: &Who) -> Result<List, Failed> {
    let lang = who.lang;
    let mut rows = Vec::new();
    for cluster in clusters::all(state.store.read()).await? {
        let sheet = state.newest(&cluster.slug).await?.map(|(_, sheet)| sheet);
        for question in questions::all(state.store.read(), &cluster.slug).await? {
            let asked: Asked = serde_json::from_str(&question.asked).unwrap_or_default();
            let standing = match (&question.reply, question.gone_at) {
                (Some(_), _) => who.say("đã trả lời", "answered"),
                (None, Some(_)) => who.say("số liệu không còn nêu", "no longer raised"),
                (None, None) => who.say("chờ trả lời", "open"),
            };
            let day = |at: Option<i64>| {
                at.map(|at| when::day_shown(&when::day_of(at, &state.zone), lang)).unwrap_or_default()
            };
            rows.push(vec![
                asked.name.get(lang).to_owned(),
                short(sheet.as_deref(), &question.unit, lang),
                called(&cluster, lang),
                standing.to_owned(),
                asked.count.to_string(),
                day(Some(question.first_seen)),
                question.reply.clone().unwrap_or_default(),
                day(question.replied_at),
            ]);
        }
    }
    let head = vec![
        who.say_static("Câu hỏi", "Question"),
        who.say_static("Đơn vị", "Unit"),
        who.say_static("Cụm", "Cluster"),
        who.say_static("Trạng thái", "State"),
        who.say_static("Số bản ghi", "Records"),
        who.say_static("Nêu ngày", "Asked on"),
        who.say_static("Trả lời", "Answer"),
        who.say_static("Trả lời ngày", "Answered on"),
    ];
    Ok(List { name: "cau-hoi", head, rows })
}

async fn done(state: &State, who: &Who) -> Result<List, Failed> {
    let lang = who.lang;
    let all = clusters::all(state.store.read()).await?;
    let mut sheets = HashMap::new();
    for cluster in &all {
        if let Some((_, sheet)) = state.newest(&cluster.slug).await? {
            sheets.insert(cluster.slug.clone(), sheet);
        }
    }
    let names: HashMap<i64, String> =
        people::all(state.store.read()).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let found = trail::read(state.store.read(), None, None, None, TRAIL).await?;
    // Log-ins and accounts are the administrator's.
    let of_clusters = found.into_iter().filter(|(_, line)| line.cluster.is_some());
    let rows = of_clusters.map(|(_, line)| {
        let slug = line.cluster.unwrap_or_default();
        let cluster = all.iter().find(|cluster| cluster.slug == slug);
        let unit = line.unit.map(|unit| short(sheets.get(&slug).map(AsRef::as_ref), &unit, lang));
        vec![
            when::shown(line.at, &state.zone, lang),
            cluster.map_or(slug, |cluster| called(cluster, lang)),
            unit.unwrap_or_default(),
            line.person.map_or_else(
                || who.say("chương trình", "the program").to_owned(),
                |person| names.get(&person).cloned().unwrap_or_default(),
            ),
            act_words(line.act, lang).to_owned(),
            super::trail::about(&line.act, line.about, lang),
            line.on_behalf.unwrap_or_default(),
        ]
    });
    let head = vec![
        who.say_static("Lúc", "At"),
        who.say_static("Cụm", "Cluster"),
        who.say_static("Đơn vị", "Unit"),
        who.say_static("Ai", "Who"),
        who.say_static("Làm gì", "What"),
        who.say_static("Về việc", "About"),
        who.say_static("Căn cứ làm thay", "On behalf by"),
    ];
    Ok(List { name: "nhat-ky", head, rows: rows.collect() })
}

fn columns(who: &Who) -> List {
    let lang = who.lang;
    let rows = kinds::builtin().iter().flat_map(|kind| {
        kind.columns.iter().map(move |column| {
            vec![
                kind.name.get(lang).to_owned(),
                column.label.get(lang).to_owned(),
                format!("{}.{}", kind.id, column.id),
                column.ty.name().to_owned(),
                match column.required {
                    true => who.say("bắt buộc", "required").to_owned(),
                    false => String::new(),
                },
                match column.personal {
                    true => who.say("cá nhân", "personal").to_owned(),
                    false => String::new(),
                },
                column.meaning.get(lang).to_owned(),
            ]
        })
    });
    let head = vec![
        who.say_static("Loại dữ liệu", "Kind"),
        who.say_static("Cột", "Column"),
        who.say_static("Mã", "Id"),
        who.say_static("Kiểu", "Type"),
        who.say_static("Bắt buộc", "Required"),
        who.say_static("Cá nhân", "Personal"),
        who.say_static("Nghĩa", "Meaning"),
    ];
    List { name: "loai-du-lieu", head, rows: rows.collect() }
}

fn codes(who: &Who) -> List {
    let lang = who.lang;
    let mut rows = Vec::new();
    for kind in kinds::builtin() {
        for column in &kind.columns {
            let ColumnType::Code(list) = &column.ty else { continue };
            rows.extend(list.codes.iter().map(|code| {
                vec![
                    code.name.get(lang).to_owned(),
                    code.code.clone(),
                    column.label.get(lang).to_owned(),
                    kind.name.get(lang).to_owned(),
                    maybe(code.from.map(|day| day.to_string()).as_ref(), lang),
                    maybe(code.to.map(|day| day.to_string()).as_ref(), lang),
                ]
            }));
        }
    }
    let head = vec![
        who.say_static("Tên", "Name"),
        who.say_static("Mã", "Code"),
        who.say_static("Cột", "Column"),
        who.say_static("Loại dữ liệu", "Kind"),
        who.say_static("Từ ngày", "From"),
        who.say_static("Đến ngày", "To"),
    ];
    List { name: "bang-ma", head, rows }
}

async fn told(state: &State, who: &Who) -> Result<List, Failed> {
    let lang = who.lang;
    let all = clusters::all(state.store.read()).await?;
    let mut rows = Vec::new();
    for circular in circulars::all(state.store.read()).await? {
        let replies = circulars::replies(state.store.read(), circular.id).await?;
        for slug in &circular.clusters {
            let cluster = all.iter().find(|cluster| cluster.slug == *slug);
            let reply = replies.get(slug);
            rows.push(vec![
                circular.title.clone(),
                cluster.map_or_else(|| slug.clone(), |cluster| called(cluster, lang)),
                maybe(circular.due.as_ref(), lang),
                match reply {
                    None => who.say("chưa phản hồi", "not answered").to_owned(),
                    Some(reply) if reply.reply.is_none() => who.say("đã đọc", "read").to_owned(),
                    Some(_) => who.say("đã trả lời", "answered").to_owned(),
                },
                reply.and_then(|reply| reply.reply.clone()).unwrap_or_default(),
                reply.map(|reply| when::shown(reply.at, &state.zone, lang)).unwrap_or_default(),
            ]);
        }
    }
    let head = vec![
        who.say_static("Thông báo", "Notice"),
        who.say_static("Cụm", "Cluster"),
        who.say_static("Hạn", "Due"),
        who.say_static("Trạng thái", "State"),
        who.say_static("Trả lời", "Answer"),
        who.say_static("Lúc", "At"),
    ];
    Ok(List { name: "thong-bao", head, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_need_no_database_are_as_wide_as_their_heads() {
        for lang in ["vi", "en"] {
            let mut headers = axum::http::HeaderMap::new();
            headers.insert("accept-language", lang.parse().unwrap());
            let who = Who::nobody(&headers, "/");
            for list in [columns(&who), codes(&who)] {
                assert!(list.rows.len() > 20, "{}", list.name);
                assert!(list.rows.iter().all(|row| row.len() == list.head.len()), "{}", list.name);
            }
        }
    }
}
