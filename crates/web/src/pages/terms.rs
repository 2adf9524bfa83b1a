//! The words on screen: what each means here, and where that comes from. For anyone; searched without marks.

use askama::Template;
use axum::extract::{Query, State as With};
use giaouoc_agreement::text::{Lang, Text};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::Answer;
use crate::state::State;
use crate::terms::{Term, find};
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/terms.html")]
struct Terms {
    base: Base,
    asked: String,
    terms: Vec<&'static Term>,
}

impl Terms {
    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.base.lang)
    }

    /// The word in the other language, for those who read both.
    fn other<'t>(&self, text: &'t Text) -> &'t str {
        match self.base.lang {
            Lang::Vi => &text.en,
            Lang::En => &text.vi,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// All words, or those in which something is found.
pub(crate) async fn get(With(state): With<State>, who: Who, Query(query): Query<Asked>) -> Answer {
    let asked: String = query.q.trim().chars().take(100).collect();
    let base = Base::new(&state, &who, who.say("Thuật ngữ", "Definitions"));
    shown(&Terms { terms: find(&asked, who.lang), base, asked })
}
