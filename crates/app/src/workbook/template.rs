//! The template of a kind: an empty table with its checks, and the help sheet. What is filled in comes back without a mapping.

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::zone::Zone;

use super::draw::{Book, Page, sheet_name};
use super::{help, say, wrong};
use crate::bundle::Loaded;
use crate::fault::{Fault, Outcome};

/// The zone of times, where no bundle names a calendar.
const ZONE: &str = "Asia/Ho_Chi_Minh";
/// The year of examples, where no agreement names one.
const YEAR: i32 = 2020;

/// For whom a template is made.
#[derive(Clone, Copy, Debug)]
pub struct For<'a> {
    /// Their bundle.
    pub loaded: &'a Loaded,
    /// The unit, by its place in the cluster.
    pub unit: Option<usize>,
}

/// How records name a unit so that nobody else is meant: its name, or where that is not its alone, its code.
pub fn unit_word(loaded: &Loaded, unit: usize, lang: Lang) -> String {
    let cluster = &loaded.bundle.cluster;
    let named = &cluster.units[unit];
    let name = named.name.get(lang);
    if cluster.find_unit(name) == Some(unit) { name.to_owned() } else { named.code.clone() }
}

/// The words for all units of a cluster.
pub fn unit_words(loaded: &Loaded, lang: Lang) -> Vec<String> {
    (0..loaded.bundle.cluster.units.len()).map(|unit| unit_word(loaded, unit, lang)).collect()
}

/// A template as a file.
pub fn template(kind: &Kind, of: Option<For<'_>>, lang: Lang) -> Outcome<Vec<u8>> {
    let units = of.map(|of| unit_words(of.loaded, lang)).unwrap_or_default();
    let unit = of.and_then(|of| Some(unit_word(of.loaded, of.unit?, lang)));
    let (zone, year) = match of {
        Some(of) => (of.loaded.calendars.default.zone().clone(), of.loaded.bundle.agreement.year),
        None => (Zone::get(ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?, YEAR),
    };
    let mut book = Book::new(lang, units);
    let page = Page { kind, above: Vec::new(), unit: unit.as_deref(), rows: &[], zone: &zone };
    let taken = ["Hướng dẫn", "Help", "Danh mục", "Lists"].map(str::to_owned);
    let name = sheet_name(kind.name.get(lang), &taken);
    book.kind_sheet(&name, &page).map_err(wrong)?;
    help::help(&mut book, kind, unit.as_deref(), year).map_err(wrong)?;
    let title = format!("{}: {}", say(lang, "Mẫu bảng tính", "Template"), kind.name.get(lang));
    let properties = rust_xlsxwriter::DocProperties::new().set_title(title);
    book.workbook.set_properties(&properties);
    book.finish().map_err(wrong)
}
