//! A summary for the press: Vietnamese in the plain style of a news item, each number with the page that it comes from.

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::text::Lang;

use super::super::cluster;
use super::super::work::{Row, names, row, today};
use super::{by_draft, cluster_name, last, public, release_name};
use crate::base::{Base, shown};
use crate::error::Answer;
use crate::html::encoded;
use crate::sheet::Target;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/press.html")]
struct Press {
    base: Base,
    name: String,
    release: Option<(String, String)>,
    published: String,
    by_draft: Option<String>,
    sentences: Vec<Sentence>,
    facts: Vec<(String, String, String)>,
}

impl Press {
    /// The release's name as it stands within a sentence.
    fn release_lower(&self) -> String {
        let name = self.release.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default();
        let mut letters = name.chars();
        letters
            .next()
            .map(|first| first.to_lowercase().collect::<String>() + letters.as_str())
            .unwrap_or_default()
    }
}

/// A sentence whose figure leads to its page.
struct Sentence {
    before: String,
    href: String,
    figure: String,
    after: String,
}

/// The sentence of a target, in Vietnamese.
fn sentence(target: &Target, slug: &str) -> Sentence {
    let lang = Lang::Vi;
    let cells: Vec<_> = target.cells.iter().flatten().collect();
    let met = cells.iter().filter(|cell| cell.verdict == "met").count();
    let judged = cells.iter().filter(|cell| matches!(cell.verdict.as_str(), "met" | "not-met")).count();
    let silent = cells.iter().filter(|cell| cell.verdict == "no-data").count();
    let name = target.name.get(lang);
    let href = format!("/c/{slug}/target-{}", encoded(&target.id));
    if let Some(figure) = target.together.as_ref().and_then(|cell| cell.shown.as_ref()) {
        let mut after = match judged {
            0 => String::new(),
            _ => format!("; {met} trên {judged} đơn vị được đánh giá đạt mức {}", target.goal.get(lang)),
        };
        if silent > 0 {
            after.push_str(&format!("; {silent} đơn vị chưa có số liệu"));
        }
        return Sentence {
            before: format!("{name}: toàn cụm đạt "),
            href,
            figure: figure.get(lang).to_owned(),
            after: after + ".",
        };
    }
    // Where no unit is judged, none of none is no figure.
    let nothing = judged == 0 && silent == cells.len();
    let figure = match judged {
        0 if nothing => "chưa có số liệu".to_owned(),
        0 => "chưa đơn vị nào được đánh giá".to_owned(),
        _ => format!("{met}/{judged} đơn vị đạt"),
    };
    let after = match silent {
        some if some > 0 && !nothing => format!(", {silent} đơn vị chưa có số liệu."),
        _ => ".".to_owned(),
    };
    Sentence { before: format!("{name}: "), href, figure, after }
}

/// The page.
pub(crate) async fn press(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let last = last(&state, &slug).await?;
    let lang = Lang::Vi;
    let targets = last.iter().flat_map(|(_, sheet)| &sheet.targets);
    let sentences = targets.map(|target| sentence(target, &slug)).collect();
    let (sheet, today) = (names(&state, &slug).await?, today(&state)?);
    let mut facts: Vec<(String, Row)> = public(&state, Some(&slug), None)
        .await?
        .iter()
        .filter(|full| {
            matches!(full.sort.id.as_str(), "exemplar" | "model" | "movement" | "dialogue" | "achievement")
        })
        .map(|full| (full.sort.name.get(lang).to_owned(), row(full, lang, sheet.as_deref(), today)))
        .collect();
    facts.sort_by(|one, other| other.1.sorted.cmp(&one.1.sorted));
    let facts = facts.into_iter().take(12).map(|(sort, row)| {
        (row.href, row.title, format!("{sort}, {}, {}", row.unit, row.state.to_lowercase()))
    });
    let facts = facts.collect();
    let base =
        Base::within(&state, &who, &cluster, who.say("Tóm tắt cho báo chí", "Summary for the press")).await?;
    shown(&Press {
        name: cluster_name(&cluster, lang),
        release: last
            .as_ref()
            .map(|(release, _)| (format!("/c/{slug}/r/{}/", release.number), release_name(release, lang))),
        published: last
            .as_ref()
            .and_then(|(release, _)| release.published_at)
            .map(|at| when::day_shown(&when::day_of(at, &state.zone), lang))
            .unwrap_or_default(),
        by_draft: last.as_ref().and_then(|(_, sheet)| by_draft(sheet, lang)),
        sentences,
        facts,
        base,
    })
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::text::Text;

    use super::*;
    use crate::sheet::Cell;

    fn said(verdicts: &[&str]) -> String {
        let cell = |verdict: &&str| Some(Cell { verdict: (*verdict).to_owned(), ..Cell::default() });
        let target = Target {
            id: "on-time".into(),
            name: Text::same("Đúng hạn"),
            cells: verdicts.iter().map(cell).collect(),
            ..Target::default()
        };
        let one = sentence(&target, "six");
        format!("{}{}{}", one.before, one.figure, one.after)
    }

    #[test]
    fn none_of_none_is_no_figure() {
        assert_eq!(said(&["no-data", "no-data"]), "Đúng hạn: chưa có số liệu.");
        assert_eq!(said(&[]), "Đúng hạn: chưa có số liệu.");
        assert_eq!(said(&["exempt"]), "Đúng hạn: chưa đơn vị nào được đánh giá.");
        assert_eq!(
            said(&["no-data", "exempt"]),
            "Đúng hạn: chưa đơn vị nào được đánh giá, 1 đơn vị chưa có số liệu."
        );
        assert_eq!(
            said(&["met", "not-met", "no-data"]),
            "Đúng hạn: 1/2 đơn vị đạt, 1 đơn vị chưa có số liệu."
        );
    }
}
