//! Templates (*mẫu*): everything that the program has to be filled in elsewhere, each as a file: workbooks of each kind, texts of
//! agreements, the sentences of its library.

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_year::start;

use super::workbooks::made;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::kept;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Texts of agreements: file, and what it is.
const AGREEMENTS: [(&str, &str, &str); 2] = [
    (
        "agreement.toml",
        "Giao ước Cụm VI Hà Nội năm 2020, bảy chỉ tiêu, cho năm nay",
        "Hà Nội's Cluster VI of 2020, seven targets, for this year",
    ),
    ("agreement-empty.toml", "Giao ước, trang trắng", "An agreement, an empty page"),
];

#[derive(Template)]
#[template(path = "pages/templates.html")]
struct TemplatesPage {
    base: Base,
    /// File, name, what it is for.
    kinds: Vec<(String, String, String)>,
    agreements: Vec<(&'static str, &'static str)>,
}

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let lang = who.lang;
    let kinds = kinds::builtin().iter().map(|kind| {
        let columns =
            kind.columns.iter().filter(|column| column.required).map(|column| column.label.get(lang));
        let columns = columns.collect::<Vec<_>>().join(", ");
        (format!("{}.xlsx", kind.id), kind.name.get(lang).to_owned(), columns)
    });
    let agreements = AGREEMENTS.iter().map(|(file, vi, en)| (*file, who.say_static(vi, en)));
    shown(&TemplatesPage {
        base: Base::new(&state, &who, who.say("Mẫu", "Templates")),
        kinds: kinds.collect(),
        agreements: agreements.collect(),
    })
}

/// One of them.
pub(crate) async fn file(With(state): With<State>, who: Who, Path(file): Path<String>) -> Answer {
    if let Some(text) = agreement(&state, who.lang, &file)? {
        return Ok(kept::saved(&file, "application/toml", text.into_bytes()));
    }
    let id = file.strip_suffix(".xlsx").unwrap_or_default();
    let kind = kinds::builtin().iter().find(|kind| kind.id == id).ok_or(Failed::NotFound)?;
    let (lang, name) = (who.lang, format!("{}.xlsx", kind.name.get(who.lang)));
    let bytes = made(&state, move |port| port.blank(&kind.id, lang)).await?;
    Ok(kept::saved(&name, kept::media(&name), bytes))
}

fn agreement(state: &State, lang: Lang, file: &str) -> Result<Option<String>, Failed> {
    let year = when::day_of(state.now(), &state.zone).get(..4).and_then(|year| year.parse().ok());
    let year: i64 = year.ok_or_else(|| Failed::Internal("no year".to_owned()))?;
    let cluster = Text::new("Cụm thi đua", "Emulation cluster");
    let id = format!("giao-uoc-{year}");
    match file {
        "agreement.toml" => {
            let text = start::article(&id, &cluster, year);
            text.map(Some).map_err(|why| Failed::Internal(why.get(lang).to_owned()))
        }
        "agreement-empty.toml" => Ok(Some(start::empty(&id, &cluster, year))),
        _ => Ok(None),
    }
}
