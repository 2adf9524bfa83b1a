//! What every page has: its title, who is reading, where they can go.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::Cluster;

use crate::access;
use crate::assets::{SCRIPT_AT, SHEET_AT};
use crate::error::Failed;
use crate::html::encoded;
use crate::state::State;
use crate::who::Who;

/// What every page has.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub lang: Lang,
    pub title: String,
    pub site: String,
    pub name: Option<String>,
    pub runs: bool,
    /// Whether they read across the city's clusters.
    pub city: bool,
    /// Notices that were not read.
    pub bell: usize,
    pub csrf: String,
    pub path: String,
    pub cluster: Option<Nav>,
    /// Reload after so many seconds, for pages that wait.
    pub reload: Option<u32>,
    pub css: &'static str,
    pub js: &'static str,
}

/// Where a reader can go within a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Nav {
    pub name: String,
    pub home: String,
    pub items: Vec<Item>,
}

/// A place to go.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub href: String,
    pub label: String,
    pub here: bool,
}

impl Base {
    /// A page outside of any cluster.
    pub fn new(state: &State, who: &Who, title: impl Into<String>) -> Self {
        Self {
            lang: who.lang,
            title: title.into(),
            site: state.site.name.get(who.lang).to_owned(),
            name: who.known.as_ref().map(|known| known.person.name.clone()),
            runs: who.runs(),
            city: access::allows(access::Access::City, &who.roles, None, None),
            bell: who.bell,
            csrf: who.csrf.clone(),
            path: who.path.clone(),
            cluster: None,
            reload: None,
            css: &SHEET_AT,
            js: &SCRIPT_AT,
        }
    }

    /// A page within a cluster.
    pub async fn within(
        state: &State,
        who: &Who,
        cluster: &Cluster,
        title: impl Into<String>,
    ) -> Result<Self, Failed> {
        let mut base = Self::new(state, who, title);
        let slug = &cluster.slug;
        let mut items = Vec::new();
        let mut item = |href: String, vi: &str, en: &str| {
            let here =
                who.path == href || href.len() > format!("/c/{slug}/").len() && who.path.starts_with(&href);
            items.push(Item { href, label: who.say(vi, en).to_owned(), here });
        };
        item(format!("/c/{slug}/"), "Bảng công bố", "Published");
        item(format!("/c/{slug}/agreement"), "Giao ước", "Agreement");
        item(format!("/c/{slug}/year/"), "Việc trong năm", "The year's work");
        item(format!("/c/{slug}/calendar"), "Lịch", "Calendar");
        if who.inside(slug) {
            item(format!("/c/{slug}/now/"), "Bảng tạm tính", "Provisional");
            let sheet = state.newest(slug).await?.map(|(_, sheet)| sheet);
            let own: Vec<String> = who
                .roles
                .iter()
                .filter(|held| held.cluster.as_deref() == Some(slug))
                .filter_map(|held| held.unit.clone())
                .collect();
            for unit in sheet.iter().flat_map(|sheet| &sheet.units).filter(|unit| own.contains(&unit.code)) {
                let href = format!("/c/{slug}/desk/{}/", encoded(&unit.code));
                let label = who.say("Việc của ", "Desk: ").to_owned() + unit.short.get(who.lang);
                item(href, &label, &label);
            }
            item(format!("/c/{slug}/units"), "Các đơn vị", "Units");
            item(format!("/c/{slug}/questions"), "Câu hỏi", "Questions");
            item(format!("/c/{slug}/releases"), "Kỳ công bố", "Releases");
            item(format!("/c/{slug}/known"), "Sổ thay đổi", "Journal");
            item(format!("/c/{slug}/trail"), "Nhật ký", "Trail");
        } else {
            item(format!("/c/{slug}/releases"), "Các kỳ công bố", "Releases");
        }
        let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
        base.cluster = Some(Nav { name: name.get(who.lang).to_owned(), home: format!("/c/{slug}/"), items });
        Ok(base)
    }

    /// One of two texts.
    pub fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The language's code.
    pub fn code(&self) -> &'static str {
        self.say_static("vi", "en")
    }

    fn say_static(&self, vi: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// Where one searches: in the cluster of this page, or everywhere.
    pub fn search(&self) -> String {
        self.cluster.as_ref().map_or_else(|| "/search".to_owned(), |nav| format!("{}search", nav.home))
    }

    /// The address of this page in the other language.
    pub fn other(&self) -> String {
        format!("/lang/{}?to={}", self.say("en", "vi"), encoded(&self.path))
    }
}

/// A page as an answer.
pub(crate) fn shown(page: &impl Template) -> Result<Response, Failed> {
    Ok(Html(page.render()?).into_response())
}
