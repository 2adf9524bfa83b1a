//! The page: the scoreboard for those who read one page only, then a page for each target and each unit, then how
//! figures are made and what they were made of.

mod board;
mod data;
mod method;
pub mod months;
mod spread;
mod target;
mod texts;
pub use self::texts::remark;
mod unit;

use askama::Template;
use giaouoc_agreement::text::Lang;

use crate::model::Report;
use crate::style;
use crate::words::say;

/// Above so many units a report has no pictures of single units, and their tables fold.
pub const MANY: usize = 30;
/// Of a list longer than this the page shows the beginning; the workbook and `--format csv` have all of it.
pub const LONGEST: usize = 200;

#[derive(Template)]
#[template(path = "page/page.html")]
struct Page<'a> {
    lang: Lang,
    code: &'static str,
    sheet: &'static str,
    title: &'a str,
    cluster: &'a str,
    theme: Option<&'a str>,
    when: String,
    lead: String,
    program: &'a str,
    board: board::Board,
    targets: Vec<target::TargetPage>,
    units: unit::Units,
    method: method::Method,
    data: data::Data,
}

impl Page<'_> {
    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }
}

/// The report as pages of their own: what stands between the head and the foot of each, without its title.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Which period, as of which day, known up to where.
    pub when: String,
    /// The whole in a sentence or two.
    pub lead: String,
    /// The scoreboard.
    pub board: String,
    /// Each target, in the order of the board.
    pub targets: Vec<String>,
    /// Each unit, in the order of the board.
    pub units: Vec<String>,
    /// How figures are made, and the definitions.
    pub method: String,
    /// What they were made of.
    pub data: String,
}

/// The parts of a report.
pub fn parts(report: &Report) -> Result<Parts, askama::Error> {
    let targets = (0..report.board.targets.len()).map(|at| target::TargetPage::new(report, at).render());
    let units = (0..report.board.units.len()).map(|at| unit::Units::one(report, at).render());
    Ok(Parts {
        when: texts::when(report),
        lead: texts::lead(report),
        board: board::Board::new(report).render()?,
        targets: targets.collect::<Result<_, _>>()?,
        units: units.collect::<Result<_, _>>()?,
        method: method::Method::new(report).render()?,
        data: data::Data::new(report).render()?,
    })
}

/// The whole page.
pub fn render(report: &Report) -> Result<String, askama::Error> {
    let lang = report.lang;
    let title = report.board.title.get(lang);
    let cluster = report.board.cluster.get(lang);
    let page = Page {
        lang,
        code: say(lang, "vi", "en"),
        sheet: style::SHEET,
        title,
        cluster: if title.contains(cluster) { "" } else { cluster },
        theme: report.theme.as_deref(),
        when: texts::when(report),
        lead: texts::lead(report),
        program: &report.program,
        board: board::Board::new(report),
        targets: (0..report.board.targets.len()).map(|at| target::TargetPage::new(report, at)).collect(),
        units: unit::Units::new(report),
        method: method::Method::new(report),
        data: data::Data::new(report),
    };
    page.render()
}
