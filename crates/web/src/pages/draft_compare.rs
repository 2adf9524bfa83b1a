//! Two versions of a draft beside each other (*so sánh các bản*): by clause, what was put in and taken out; by target, its goal,
//! its force and its rule in the one form that its meaning has.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use giaouoc_store::agreeing;
use giaouoc_year::paper::Paper;
use giaouoc_year::redline::{Fate, Piece, compare};
use serde::Deserialize;

use super::draft::{address, held};
use crate::base::{Base, shown};
use crate::drafting::{self, Checked};
use crate::error::Answer;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// The name of the agreement as it stands in the bundle, among the versions.
const OWN: &str = "own";

type Row = (String, String, Vec<(String, Vec<(&'static str, String)>)>);

#[derive(Template)]
#[template(path = "pages/draft_compare.html")]
struct ComparePage {
    base: Base,
    at: String,
    versions: Vec<(String, String)>,
    from: String,
    to: String,
    wrong: Option<String>,
    summary: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
pub(crate) struct Between {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// The page.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Query(between): Query<Between>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let lang = who.lang;
    let versions = agreeing::versions(state.store.read(), held.draft.id).await?;
    let known = |number: &str| versions.iter().any(|version| version.number.to_string() == number);
    let to = if known(&between.to) { between.to } else { held.draft.version.to_string() };
    // By default: against what stood before the last change.
    let before = held.draft.version - 1;
    let from = match between.from.as_str() {
        OWN => OWN.to_owned(),
        from if known(from) => from.to_owned(),
        _ if before > 0 => before.to_string(),
        _ => OWN.to_owned(),
    };
    let paper = |number: &str| -> Option<Paper> {
        let version = versions.iter().find(|version| version.number.to_string() == number)?;
        serde_json::from_str::<Checked>(&version.checked).ok()?.paper
    };
    let earlier = if from == OWN {
        let of = slug.clone();
        drafting::ask(&state, move |drafting| drafting.check(&of, &drafting.text(&of)?)).await?.paper
    } else {
        paper(&from)
    };
    let (rows, wrong) = match (earlier, paper(&to)) {
        (Some(earlier), Some(later)) => (compare(&earlier, &later, lang), None),
        _ => (
            Vec::new(),
            Some(
                who.say(
                    "Một trong hai bản còn lỗi nên chưa so sánh được.",
                    "One of the two has errors and cannot be compared yet.",
                )
                .to_owned(),
            ),
        ),
    };
    let same = rows.iter().filter(|row| row.fate == Fate::Same).count();
    let changed = rows.len() - same;
    let summary = match lang {
        giaouoc_agreement::text::Lang::Vi => format!("{changed} mục khác nhau, {same} mục giữ nguyên."),
        giaouoc_agreement::text::Lang::En => format!("{changed} parts differ, {same} stand as they were."),
    };
    let rows = rows.into_iter().filter(|row| row.fate != Fate::Same).map(|row| {
        let fate = match row.fate {
            Fate::Added => who.say("thêm mới", "added"),
            Fate::Removed => who.say("bỏ", "removed"),
            Fate::Changed | Fate::Same => who.say("sửa", "changed"),
        };
        let parts = row.parts.into_iter().map(|(name, pieces)| {
            let pieces = pieces.into_iter().map(|piece| match piece {
                Piece::Same(text) => ("same", text),
                Piece::Out(text) => ("out", text),
                Piece::In(text) => ("in", text),
            });
            (name.get(lang).to_owned(), pieces.collect())
        });
        (row.name.get(lang).to_owned(), fate.to_owned(), parts.collect())
    });
    let mut names =
        vec![(OWN.to_owned(), who.say("giao ước hiện có của cụm", "the agreement as it stands").to_owned())];
    names.extend(versions.iter().map(|version| {
        let at = when::shown(version.at, &state.zone, lang);
        (version.number.to_string(), format!("{}: {} ({at})", version.number, version.note))
    }));
    let title = who.say("So sánh các bản dự thảo", "Versions of the draft compared");
    shown(&ComparePage {
        base: Base::within(&state, &who, &held.cluster, title).await?,
        at: address(&slug, held.draft.number),
        versions: names,
        rows: rows.collect(),
        from,
        to,
        wrong,
        summary,
    })
}
