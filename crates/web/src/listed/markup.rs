//! The lists of a page that this program has drawn: enough of HTML for its own templates, and no more.

use std::ops::Range;

/// Elements whose content is not read: what one does with a row, not what it says.
const DOING: [&str; 7] = ["form", "button", "script", "select", "textarea", "svg", "input"];
/// Elements that end a line.
const BLOCKS: [&str; 9] = ["p", "li", "ul", "ol", "div", "h2", "h3", "dt", "dd"];
/// Elements without content.
const EMPTY: [&str; 7] = ["br", "img", "input", "hr", "link", "meta", "wbr"];
/// Stands for the end of a line while white space is still white space.
const BREAK: char = '\u{1}';

/// A list as it stands in a page.
#[derive(Debug, Default)]
pub(super) struct Listed<'a> {
    /// Its name in addresses and files.
    pub name: String,
    /// What it is called, as it stands in the page.
    pub label: Option<String>,
    pub id: Option<&'a str>,
    /// The tag that opens it, and where it ends.
    pub open: Range<usize>,
    pub end: usize,
    pub columns: Vec<String>,
    /// Heads of a table that are columns.
    pub heads: Vec<Head>,
    pub rows: Vec<Row>,
}

/// A head of a table: its column, counted from 1.
#[derive(Debug)]
pub(super) struct Head {
    pub column: usize,
    pub open: Range<usize>,
    pub inner_end: usize,
}

/// A row: where it stands, and what it says by column.
#[derive(Debug)]
pub(super) struct Row {
    pub place: Range<usize>,
    cells: Vec<(usize, String)>,
}

impl Listed<'_> {
    /// The cells of a row, as many as there are columns.
    pub fn cells(&self, row: usize) -> Vec<String> {
        let mut line = vec![String::new(); self.columns.len()];
        for (column, text) in self.rows.get(row).into_iter().flat_map(|row| &row.cells) {
            if let Some(cell) = line.get_mut(*column) {
                // Two parts of one name in a row are two lines of one cell.
                if !cell.is_empty() && !text.is_empty() {
                    cell.push('\n');
                }
                cell.push_str(text);
            }
        }
        line
    }

    fn column(&mut self, name: &str) -> usize {
        self.columns.iter().position(|known| known == name).unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        })
    }
}

/// A tag.
#[derive(Clone, Debug)]
struct Tag<'a> {
    place: Range<usize>,
    name: &'a str,
    closes: bool,
    whole: &'a str,
}

impl<'a> Tag<'a> {
    fn attr(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.whole;
        while let Some(at) = rest.find(name) {
            let (before, after) = (&rest[..at], &rest[at + name.len()..]);
            if before.ends_with([' ', '\n'])
                && let Some(value) = after.strip_prefix("=\"")
            {
                return value.split('"').next();
            }
            rest = after;
        }
        None
    }

    fn has(&self, name: &str) -> bool {
        self.whole
            .trim_end_matches('>')
            .split_ascii_whitespace()
            .any(|word| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')))
    }
}

/// The next tag at or after a place.
fn tag(html: &str, from: usize) -> Option<Tag<'_>> {
    let mut at = from;
    loop {
        let start = at + html.get(at..)?.find('<')?;
        let end = start + html.get(start..)?.find('>')? + 1;
        let whole = html.get(start..end)?;
        let inner = whole.strip_prefix("</").or_else(|| whole.strip_prefix('<'))?;
        let length = inner.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner.get(..length)?;
        if !name.is_empty() {
            return Some(Tag { place: start..end, name, closes: whole.starts_with("</"), whole });
        }
        at = end;
    }
}

/// Where the content of an element ends, and where the element does.
fn close(html: &str, open: &Tag<'_>) -> (usize, usize) {
    if EMPTY.contains(&open.name) {
        return (open.place.end, open.place.end);
    }
    let (mut depth, mut at) = (1_usize, open.place.end);
    while let Some(next) = tag(html, at) {
        at = next.place.end;
        if next.name == open.name {
            depth = if next.closes { depth - 1 } else { depth + 1 };
            if depth == 0 {
                return (next.place.start, next.place.end);
            }
        }
    }
    (html.len(), html.len())
}

/// The elements of a range that are wanted, none within another: each with where its content and itself end.
fn elements<'a>(
    html: &'a str,
    within: Range<usize>,
    wanted: impl Fn(&Tag<'a>) -> bool,
) -> Vec<(Tag<'a>, usize, usize)> {
    let (mut all, mut at) = (Vec::new(), within.start);
    while let Some(next) = tag(html, at).filter(|next| next.place.start < within.end) {
        at = next.place.end;
        if !next.closes && wanted(&next) {
            let (inner_end, end) = close(html, &next);
            at = end;
            all.push((next, inner_end, end));
        }
    }
    all
}

/// The lists of a page.
pub(super) fn found(html: &str) -> Vec<Listed<'_>> {
    if !html.contains(" data-list=\"") {
        return Vec::new();
    }
    let all = elements(html, 0..html.len(), |tag| tag.attr("data-list").is_some());
    all.into_iter().map(|(open, inner_end, end)| read(html, &open, inner_end, end)).collect()
}

fn read<'a>(html: &'a str, open: &Tag<'a>, inner_end: usize, end: usize) -> Listed<'a> {
    let mut list = Listed {
        name: open.attr("data-list").unwrap_or_default().to_owned(),
        label: open.attr("aria-label").or_else(|| open.attr("data-name")).map(str::to_owned),
        id: open.attr("id"),
        open: open.place.clone(),
        end,
        ..Listed::default()
    };
    let inner = open.place.end..inner_end;
    let table = open.name == "table"
        || elements(html, inner.clone(), |tag| tag.name == "table" || tag.has("data-row"))
            .first()
            .is_some_and(|(first, ..)| first.name == "table");
    if !table {
        for (row, row_end, end) in elements(html, inner, |tag| tag.has("data-row")) {
            let cells = parts(html, row.place.end..row_end, &mut list);
            list.rows.push(Row { place: row.place.start..end, cells });
        }
        return list;
    }
    // A head that is no column keeps its place.
    let mut heads: Vec<Option<usize>> = Vec::new();
    for (head, head_end, _) in elements(html, inner.clone(), |tag| tag.name == "thead") {
        for (cell, cell_end, _) in elements(html, head.place.end..head_end, |tag| tag.name == "th") {
            let name = said(html, &cell, cell_end);
            if name.is_empty() || cell.has("data-off") {
                heads.push(None);
                continue;
            }
            let column = list.column(&name);
            heads.push(Some(column));
            let links = elements(html, cell.place.end..cell_end, |tag| tag.name == "a");
            if links.is_empty() {
                list.heads.push(Head { column: column + 1, open: cell.place.clone(), inner_end: cell_end });
            }
        }
    }
    for (body, body_end, _) in elements(html, inner, |tag| tag.name == "tbody") {
        for (row, row_end, end) in elements(html, body.place.end..body_end, |tag| tag.name == "tr") {
            let mut cells = Vec::new();
            let all = elements(html, row.place.end..row_end, |tag| ["td", "th"].contains(&tag.name));
            for (at, (cell, cell_end, _)) in all.into_iter().enumerate() {
                if let Some(Some(column)) = heads.get(at) {
                    cells.push((*column, said(html, &cell, cell_end)));
                    cells.extend(parts(html, cell.place.end..cell_end, &mut list));
                }
            }
            list.rows.push(Row { place: row.place.start..end, cells });
        }
    }
    list
}

/// The named parts of a range, those within others too.
fn parts(html: &str, within: Range<usize>, list: &mut Listed<'_>) -> Vec<(usize, String)> {
    let mut cells = Vec::new();
    for (part, part_end, _) in elements(html, within, |tag| tag.attr("data-col").is_some()) {
        let column = list.column(&plain(part.attr("data-col").unwrap_or_default()));
        cells.push((column, said(html, &part, part_end)));
        cells.extend(parts(html, part.place.end..part_end, list));
    }
    cells
}

/// What an element says.
fn said(html: &str, open: &Tag<'_>, inner_end: usize) -> String {
    match open.attr("data-value") {
        Some(value) => plain(value),
        None => text(html.get(open.place.end..inner_end).unwrap_or_default()),
    }
}

/// The text of a piece of a page, line by line.
fn text(html: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    while let Some(next) = tag(html, at) {
        out.push_str(html.get(at..next.place.start).unwrap_or_default());
        at = next.place.end;
        if next.name == "br" || BLOCKS.contains(&next.name) {
            out.push(BREAK);
        }
        if !next.closes
            && (DOING.contains(&next.name) || next.has("data-off") || next.attr("data-col").is_some())
        {
            at = close(html, &next).1;
        }
    }
    out.push_str(html.get(at..).unwrap_or_default());
    plain(&out)
}

/// Text without the page's way of writing it.
fn plain(text: &str) -> String {
    let lines = text.split(BREAK).map(|line| {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let known = [("&#60;", "<"), ("&lt;", "<"), ("&#62;", ">"), ("&gt;", ">"), ("&#34;", "\"")];
        let more = [("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&#38;", "&"), ("&amp;", "&")];
        known.iter().chain(&more).fold(words, |words, (from, to)| words.replace(from, to))
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Text as it stands within a page.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;")
}
