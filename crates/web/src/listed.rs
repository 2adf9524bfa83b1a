//! Every list of a page as a file, and sorted. A template marks the element that holds a list, `data-list="name"`, and the gate does
//! the rest: what is downloaded is what the page has just shown to this reader, so that no list ever says more than its page.
//!
//! The element holds a table (its head names the columns, a head with `data-off` is none), or elements with `data-row`, whose
//! parts with `data-col="Name"` are the columns. A cell is its text; `data-value` says another one, `data-off` leaves a part out.

mod markup;

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use giaouoc_agreement::text::Lang;

use crate::error::Failed;
use crate::export;
use markup::{Listed, escaped, found};

/// A page that is looked through is at most so long.
const PAGE: usize = 64 << 20;
/// Rows of a list that is no table before an order is offered.
const MANY: usize = 5;
/// Rows of a list that is shown in parts, where all of it is asked for.
pub(crate) const WHOLE: u64 = 20_000;

/// Whether a page that shows its rows in parts is asked for all of them: to sort them, or as a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole(pub bool);

impl Whole {
    /// How many rows to read where a page shows so many.
    pub fn rows(self, shown: u64) -> u64 {
        if self.0 { WHOLE } else { shown }
    }
}

impl<S: Sync> FromRequestParts<S> for Whole {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let asked = Asked::of(parts.uri.query());
        Ok(Self(asked.file.is_some() || asked.order.is_some()))
    }
}

/// What an address asks of the lists of its page.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// A list as a file: its name, and the form.
    file: Option<(String, String)>,
    /// A list by a column of it, counted from 1; below 0: from the end.
    order: Option<(String, i64)>,
    /// Everything else that it asks, as it stands in the address.
    others: Vec<String>,
}

impl Asked {
    /// What a query asks: `?list=NAME.csv`, `?sort=NAME.2`, `?sort=NAME.-2`.
    pub fn of(query: Option<&str>) -> Self {
        let mut asked = Self::default();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let two =
                |value: &str| value.split_once('.').map(|(name, what)| (name.to_owned(), what.to_owned()));
            match pair.split_once('=') {
                Some(("list", value)) => asked.file = two(value),
                Some(("sort", value)) if value.contains('.') => {
                    asked.order = two(value).and_then(|(name, column)| Some((name, column.parse().ok()?)));
                }
                _ => asked.others.push(pair.to_owned()),
            }
        }
        asked
    }

    /// By which column a list is asked for.
    fn order_of(&self, list: &str) -> Option<i64> {
        self.order.as_ref().filter(|(name, _)| name == list).map(|(_, column)| *column)
    }

    /// An address of the same page with more asked of it, as it stands in a page.
    fn with(&self, more: &[String]) -> String {
        let all: Vec<&str> = self.others.iter().chain(more).map(String::as_str).collect();
        if all.is_empty() { "?".to_owned() } else { escaped(&format!("?{}", all.join("&"))) }
    }
}

/// A page with what its lists offer; or one of its lists as a file, where that is asked.
pub(crate) async fn offered(response: Response, asked: &Asked, lang: Lang) -> Response {
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html")));
    if response.status() != StatusCode::OK || !is_page {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = match to_bytes(body, PAGE).await {
        Ok(bytes) => bytes,
        Err(error) => return Failed::Internal(error.to_string()).into_response(),
    };
    let Ok(html) = std::str::from_utf8(&bytes) else { return Response::from_parts(parts, Body::from(bytes)) };
    let lists = found(html);
    if let Some((name, form)) = &asked.file {
        let list = lists.iter().find(|list| list.name == *name).ok_or(Failed::NotFound);
        let file = list.and_then(|list| {
            let rows =
                arranged(list, asked, lang)?.into_iter().map(|row| list.cells(row)).collect::<Vec<_>>();
            export::file(&list.name, form, &list.columns, &rows)
        });
        return file.unwrap_or_else(|failed| failed.into_response());
    }
    if lists.is_empty() {
        return Response::from_parts(parts, Body::from(bytes));
    }
    match drawn(html, &lists, asked, lang) {
        Ok(html) => Response::from_parts(parts, Body::from(html)),
        Err(failed) => failed.into_response(),
    }
}

/// The places of the rows of a list in the order that is asked for.
fn arranged(list: &Listed<'_>, asked: &Asked, lang: Lang) -> Result<Vec<usize>, Failed> {
    let mut order: Vec<usize> = (0..list.rows.len()).collect();
    let Some(column) = asked.order_of(&list.name) else { return Ok(order) };
    let Some(at) = usize::try_from(column.unsigned_abs()).ok().and_then(|at| at.checked_sub(1)) else {
        return Ok(order);
    };
    if at >= list.columns.len() {
        return Ok(order);
    }
    let cells: Vec<String> =
        order.iter().map(|row| list.cells(*row).into_iter().nth(at).unwrap_or_default()).collect();
    export::arrange(&mut order, |row| cells.get(row).map_or("", String::as_str), column < 0, lang)?;
    Ok(order)
}

/// The page once more, with rows in the order that is asked for, orders at the heads, and the way to the files.
fn drawn(html: &str, lists: &[Listed<'_>], asked: &Asked, lang: Lang) -> Result<String, Failed> {
    let mut edits: Vec<(Range<usize>, Cow<'_, str>)> = Vec::new();
    for list in lists.iter().filter(|list| !list.rows.is_empty()) {
        let now = asked.order_of(&list.name);
        let place = list.id.map_or_else(|| format!("list-{}", list.name), str::to_owned);
        if list.id.is_none() {
            let id = format!(" id=\"{}\"", escaped(&place));
            edits.push((list.open.end - 1..list.open.end - 1, id.into()));
        }
        let by = |column: usize| {
            let column = column as i64;
            let column = if now == Some(column) { -column } else { column };
            let href = asked.with(&[format!("sort={}.{column}", list.name)]);
            format!("<a href=\"{href}#{}\"", escaped(&place))
        };
        let title = say(lang, "Xếp theo cột này", "Sort by this column");
        for head in list.heads.iter().filter(|_| list.rows.len() > 1) {
            let up = match now {
                Some(column) if column == head.column as i64 => " aria-sort=\"ascending\"",
                Some(column) if column == -(head.column as i64) => " aria-sort=\"descending\"",
                _ => "",
            };
            edits.push((head.open.end - 1..head.open.end - 1, up.into()));
            let link = format!("{} title=\"{title}\">", by(head.column));
            edits.push((head.open.end..head.open.end, link.into()));
            edits.push((head.inner_end..head.inner_end, "</a>".into()));
        }
        if list.heads.is_empty() && list.rows.len() >= MANY {
            let names = list
                .columns
                .iter()
                .enumerate()
                .map(|(at, name)| format!("{} title=\"{title}\">{}</a>", by(at + 1), escaped(name)));
            let names = names.collect::<Vec<_>>().join(" · ");
            let line =
                format!("<p class=\"listed noprint\">{}: {names}</p>", say(lang, "Xếp theo", "Sort by"));
            edits.push((list.open.start..list.open.start, line.into()));
        }
        if now.is_some() {
            let order = arranged(list, asked, lang)?;
            for (row, from) in list.rows.iter().zip(order) {
                edits.push((row.place.clone(), Cow::Borrowed(&html[list.rows[from].place.clone()])));
            }
        }
        edits.push((list.end..list.end, files(list, asked, now, lang).into()));
    }
    // What stands at one place stays in the order in which it was asked for.
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(html.len() + edits.len() * 64);
    let mut at = 0;
    for (range, text) in &edits {
        let Some(before) = html.get(at..range.start) else {
            return Err(Failed::Internal("lists of a page that lie within each other".to_owned()));
        };
        out.push_str(before);
        out.push_str(text);
        at = range.end;
    }
    out.push_str(html.get(at..).unwrap_or_default());
    Ok(out)
}

/// The way to the files of a list, in the order of the page.
fn files(list: &Listed<'_>, asked: &Asked, now: Option<i64>, lang: Lang) -> String {
    let label = list.label.as_deref().unwrap_or_default();
    let link = |form: &str, shown: &str| {
        let mut more = vec![format!("list={}.{form}", list.name)];
        more.extend(now.map(|column| format!("sort={}.{column}", list.name)));
        let told = if label.is_empty() { String::new() } else { format!(" aria-label=\"{shown}: {label}\"") };
        format!("<a href=\"{}\" download{told}>{shown}</a>", asked.with(&more))
    };
    let back = now.map(|_| {
        format!(
            " · <a href=\"{}\">{}</a>",
            asked.with(&[]),
            say(lang, "thứ tự ban đầu", "the order as it was")
        )
    });
    format!(
        "<p class=\"listed noprint\">{}: {} · {}{}</p>",
        say(lang, "Tải danh sách", "Download the list"),
        link("csv", "CSV"),
        link("xlsx", "XLSX"),
        back.unwrap_or_default()
    )
}

fn say(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests;
