//! The year's calendar of a cluster: anniversaries, events, releases, and what the units have planned; a page for each day to
//! which work is tied; and the whole as iCalendar (RFC 5545), to be subscribed to.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::Cluster;
use giaouoc_store::events::{self, Event as New};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::releases;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_worktime::{Day, Instant};
use giaouoc_year::sort::Type;
use giaouoc_year::value;
use serde::Deserialize;

use super::cluster;
use super::work::{Row, names, row, seen, today};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::matters::{self, Event};
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/calendar.html")]
struct CalendarPage {
    base: Base,
    year: i64,
    months: Vec<Month>,
    heads: bool,
    at: String,
    own: Vec<(i64, String)>,
}

struct Month {
    name: String,
    days: Vec<Dated>,
}

/// Something that has a day.
struct Dated {
    day: Day,
    shown: String,
    name: String,
    href: Option<String>,
    what: String,
    past: bool,
    /// When it begins on that day, in seconds since midnight, where it is said.
    starts: Option<u32>,
    place: String,
}

/// What sort of day it is, in words.
fn sort_name(sort: &str, lang: Lang) -> &'static str {
    let (vi, en) = match sort {
        "anniversary" => ("ngày kỷ niệm", "anniversary"),
        "meeting" => ("họp", "meeting"),
        "deadline" => ("hạn chung", "common deadline"),
        _ => ("sự kiện", "event"),
    };
    if lang == Lang::Vi { vi } else { en }
}

/// Everything of a cluster that has a day and that this reader may know.
async fn dated(state: &State, who: &Who, cluster: &Cluster) -> Result<Vec<Dated>, Failed> {
    let (slug, lang) = (cluster.slug.as_str(), who.lang);
    let (today, sheet) = (today(state)?, names(state, slug).await?);
    let mut all = Vec::new();
    let mut add = |day: Day, name: String, href: Option<String>, what: String| {
        let shown = when::day_shown(&day.to_string(), lang);
        let (past, starts, place) = (day < today, None, String::new());
        all.push(Dated { day, shown, name, href, what, past, starts, place });
    };
    for event in matters::calendar(&state.store, cluster, false).await? {
        let href = format!("/c/{slug}/calendar/{}", event.id);
        add(event.day, event.name.get(lang).to_owned(), Some(href), sort_name(&event.sort, lang).to_owned());
    }
    for release in releases::all(state.store.read(), slug).await? {
        let Ok(day) = when::day_of(release.publish_at, &state.zone).parse() else { continue };
        let name = Text::new(release.name_vi, release.name_en);
        let href = release.published_at.map(|_| format!("/c/{slug}/r/{}/", release.number));
        add(day, name.get(lang).to_owned(), href, who.say("kỳ công bố", "release").to_owned());
    }
    for full in seen(state, who, slug, None).await? {
        let Some(day) = full
            .matter
            .when(full.sort)
            .filter(|_| !full.matter.is_closed(full.sort) || full.matter.is_met(full.sort))
        else {
            continue;
        };
        let line = row(&full, lang, sheet.as_deref(), today);
        let reader = matters::reader(who, slug, &full.row.unit);
        let read = |id: &str| {
            let field = full.sort.field(id)?;
            full.matter.read(full.sort, field, reader)
        };
        all.push(Dated {
            day,
            shown: when::day_shown(&day.to_string(), lang),
            name: line.title,
            href: Some(line.href),
            what: format!("{} · {}", line.sort, line.unit),
            past: day < today,
            starts: read("starts").and_then(seconds),
            place: read("place").unwrap_or_default().to_owned(),
        });
    }
    all.sort_by_key(|one| (one.day, one.starts));
    Ok(all)
}

/// A time of day in seconds since midnight.
fn seconds(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * 60)
}

/// A point in time as iCalendar writes it in UTC (RFC 5545, 3.3.5): `20200715T013000Z`.
fn in_utc(at: Instant) -> Option<String> {
    let seconds = at.0.div_euclid(1_000_000);
    let day = Day::checked(i32::try_from(seconds.div_euclid(86_400)).ok()?).ok()?;
    let of_day = seconds.rem_euclid(86_400);
    let (hours, minutes, seconds) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    Some(format!("{}T{hours:02}{minutes:02}{seconds:02}Z", day.to_string().replace('-', "")))
}

/// The calendar.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let mut months: Vec<Month> = Vec::new();
    let mut last = None;
    for one in dated(&state, &who, &cluster).await? {
        let (year, month, _) = one.day.ymd();
        if last != Some((year, month)) {
            let name = match who.lang {
                Lang::Vi => format!("Tháng {month}/{year}"),
                Lang::En => format!("{year}-{month:02}"),
            };
            months.push(Month { name, days: Vec::new() });
            last = Some((year, month));
        }
        months.last_mut().map(|found| found.days.push(one)).unwrap_or_default();
    }
    let heads = who.heads(&slug);
    let own = match heads {
        true => events::of(state.store.read(), &slug, false).await?,
        false => Vec::new(),
    };
    let own = own.into_iter().map(|event| {
        let day = when::day_shown(&event.day, who.lang);
        (event.id, format!("{day} {}", Text::new(event.name_vi, event.name_en).get(who.lang)))
    });
    let own = own.collect();
    let base = Base::within(&state, &who, &cluster, who.say("Lịch trong năm", "The year's calendar")).await?;
    shown(&CalendarPage { base, year: cluster.year, months, heads, at: format!("/c/{slug}/calendar"), own })
}

#[derive(Deserialize)]
pub(crate) struct Adding {
    #[serde(default)]
    remove: Option<i64>,
    #[serde(default)]
    day: String,
    #[serde(default)]
    name_vi: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    source: String,
}

/// Adds a day, or takes one out.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(fields): Posted<Adding>,
) -> Answer {
    cluster(&state, &slug).await?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let about = match fields.remove {
        Some(id) => {
            if !events::remove(write.on(), &slug, id, now).await? {
                return Err(Failed::NotFound);
            }
            format!("- {id}")
        }
        None => {
            let day = value::day(fields.day.trim()).map_err(Failed::Wrong)?;
            let line = |text: &str| {
                text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect::<String>()
            };
            let (name_vi, name_en) = (line(&fields.name_vi), line(&fields.name_en));
            if name_vi.is_empty() {
                return Err(Failed::wrong("Hãy ghi tên của ngày này.", "Give the day its name."));
            }
            let new = New {
                cluster: slug.clone(),
                day: day.to_string(),
                name_en: if name_en.is_empty() { name_vi.clone() } else { name_en },
                sort: match fields.sort.as_str() {
                    known @ ("meeting" | "deadline") => known.to_owned(),
                    _ => "event".to_owned(),
                },
                source: line(&fields.source),
                name_vi,
                ..New::default()
            };
            let about = format!("{day} {}", new.name_vi);
            events::add(write.on(), new, person, now).await?;
            about
        }
    };
    jobs::ask(write.on(), Work::Index, &slug, None, Some(person), now).await?;
    trail::write(write.on(), Line::new(now, Act::Calendar, about).by(person).of(&slug, None)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("/c/{slug}/calendar")).into_response())
}

#[derive(Template)]
#[template(path = "pages/calendar_day.html")]
struct DayPage {
    base: Base,
    day: String,
    what: String,
    source: String,
    sorts: Vec<(String, Vec<Row>)>,
    calendar: String,
}

/// A day of the calendar, with everything that is tied to it.
pub(crate) async fn day(
    With(state): With<State>,
    who: Who,
    Path((slug, id)): Path<(String, String)>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let all = matters::calendar(&state.store, &cluster, true).await?;
    let event: Event = all.into_iter().find(|event| event.id == id).ok_or(Failed::NotFound)?;
    let (today, sheet) = (today(&state)?, names(&state, &slug).await?);
    let mut sorts: Vec<(String, Vec<Row>)> = Vec::new();
    for full in seen(&state, &who, &slug, None).await? {
        let tied = full.sort.fields.iter().filter(|field| field.ty == Type::Event);
        if !tied.into_iter().any(|field| full.matter.fields.get(&field.id).is_some_and(|text| *text == id)) {
            continue;
        }
        let line = row(&full, who.lang, sheet.as_deref(), today);
        let name = full.sort.plural.get(who.lang).to_owned();
        match sorts.iter_mut().find(|(found, _)| *found == name) {
            Some((_, rows)) => rows.push(line),
            None => sorts.push((name, vec![line])),
        }
    }
    let base = Base::within(&state, &who, &cluster, event.name.get(who.lang)).await?;
    shown(&DayPage {
        day: when::day_shown(&event.day.to_string(), who.lang),
        what: sort_name(&event.sort, who.lang).to_owned(),
        source: event.source,
        sorts,
        calendar: format!("/c/{slug}/calendar"),
        base,
    })
}

/// A text of iCalendar: commas, semicolons, backslashes and line ends escaped (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n").replace('\r', "")
}

/// A line of iCalendar: no longer than 75 bytes, the rest on lines that begin with a space (RFC 5545, 3.1); letters stay whole.
fn folded(line: &str) -> String {
    let (mut out, mut long) = (String::new(), 0);
    for letter in line.chars() {
        if long + letter.len_utf8() > 75 {
            out.push_str("\r\n ");
            long = 1;
        }
        out.push(letter);
        long += letter.len_utf8();
    }
    out + "\r\n"
}

/// The calendar as iCalendar.
pub(crate) async fn ics(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
    let mut text = String::new();
    let mut line = |content: &str| text.push_str(&folded(content));
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Giao uoc//giaouoc//VI");
    line(&format!("X-WR-CALNAME:{}", escaped(name.get(who.lang))));
    let plain = |day: Day| day.to_string().replace('-', "");
    let stamp = when::day_of(state.now(), &state.zone).replace('-', "");
    for one in dated(&state, &who, &cluster).await? {
        let Ok(next) = one.day.add_days(1) else { continue };
        let at = one.href.clone().unwrap_or_else(|| format!("/c/{slug}/calendar#{}", one.day));
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@{}", encoded(&format!("{at}-{}", one.day)), escaped(&state.site.url)));
        line(&format!("DTSTAMP:{stamp}T000000Z"));
        match one.starts.and_then(|seconds| in_utc(state.zone.instant_of(one.day, seconds))) {
            Some(at) => line(&format!("DTSTART:{at}")),
            None => {
                line(&format!("DTSTART;VALUE=DATE:{}", plain(one.day)));
                line(&format!("DTEND;VALUE=DATE:{}", plain(next)));
            }
        }
        if !one.place.is_empty() {
            line(&format!("LOCATION:{}", escaped(&one.place)));
        }
        line(&format!("SUMMARY:{}", escaped(&one.name)));
        line(&format!("DESCRIPTION:{}", escaped(&one.what)));
        line(&format!("URL:{}{at}", state.site.url));
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_becomes_a_point_in_time() {
        assert_eq!(seconds("08:30"), Some(30_600));
        assert_eq!((seconds("24:00"), seconds("8 giờ"), seconds("")), (None, None, None));
        let zone = giaouoc_worktime::zone::Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let day: Day = "2020-07-15".parse().unwrap();
        assert_eq!(in_utc(zone.instant_of(day, 30_600)).as_deref(), Some("20200715T013000Z"));
        assert_eq!(in_utc(zone.instant_of(day, 3_600)).as_deref(), Some("20200714T180000Z"));
    }

    #[test]
    fn lines_are_folded_by_bytes_and_letters_stay_whole() {
        let long = format!("SUMMARY:{}", "ấ".repeat(60));
        let text = folded(&long);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(text.replace("\r\n ", "").trim_end(), long);
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
