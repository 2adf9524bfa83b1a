//! Beside a draft's target: what rival definitions (*cách tính đối chiếu*) would give, counted and unit by unit.

use giaouoc_agreement::text::Lang;

use crate::drafting::{Figures, LensCell};

/// A figure of the table: as shown, the sign of its verdict, the verdict.
type LensFigure = (String, String, String);

/// What every unit would have by each rival definition in a year: a row a unit, a column a definition, the draft's own first.
pub(crate) struct LensTable {
    pub year: String,
    pub names: Vec<String>,
    pub rows: Vec<(String, Vec<LensFigure>)>,
}

/// The table of each year of which there is something to say.
pub(crate) fn lens_tables(figures: &Figures, id: &str, lang: Lang) -> Vec<LensTable> {
    let nothing = || (String::new(), String::new(), "–".to_owned());
    let mut tables = Vec::new();
    for year in &figures.years {
        let Some(target) = year.targets.iter().find(|target| target.id == id) else { continue };
        if target.lenses.is_empty() {
            continue;
        }
        let rows = year.units.iter().enumerate().map(|(at, (_, short))| {
            let own = target.cells.get(at).and_then(Option::as_ref);
            let own = own.map_or_else(nothing, |cell| {
                let shown = cell.shown.as_ref().map_or("", |shown| shown.get(lang));
                (shown.to_owned(), cell.sign.clone(), cell.words.get(lang).to_owned())
            });
            let rivals = target.lenses.iter().map(|(_, units)| {
                let cell = units.get(at).and_then(Option::as_ref);
                cell.map_or_else(nothing, |cell| {
                    (cell.shown.get(lang).to_owned(), cell.sign.clone(), cell.words.get(lang).to_owned())
                })
            });
            (short.get(lang).to_owned(), std::iter::once(own).chain(rivals).collect())
        });
        tables.push(LensTable {
            year: year.year.to_string(),
            names: target.lenses.iter().map(|(name, _)| name.get(lang).to_owned()).collect(),
            rows: rows.collect(),
        });
    }
    tables
}

/// Rival definitions: how many units they would have.
pub(crate) fn lens_lines(figures: &Figures, id: &str, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for year in &figures.years {
        let Some(target) = year.targets.iter().find(|target| target.id == id) else { continue };
        for (name, units) in &target.lenses {
            let with: Vec<&LensCell> = units.iter().flatten().collect();
            let met = with.iter().filter(|cell| cell.met).count();
            let (name, of, year) = (name.get(lang), with.len(), year.year);
            lines.push(match lang {
                Lang::Vi => format!("{name}: {met} trên {of} đơn vị sẽ đạt trong năm {year}"),
                Lang::En => format!("{name}: {met} of {of} units would meet it in {year}"),
            });
        }
    }
    lines
}
