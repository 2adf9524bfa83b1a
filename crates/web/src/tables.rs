//! Every table of a board as rows for other programs, from the same sheet as the pages: what stands in a file stands on a page.

use giaouoc_agreement::text::Text;

use crate::opened::{Exact, Open};
use crate::sheet::{Cell, Sheet};
use crate::small::{self, Reader, hidden};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    None,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// Its name: the file's, without its end.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [(&'static str, Type)],
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
}

/// The names of the tables, with what they are called.
pub const NAMES: [(&str, [&str; 2]); 4] = [
    ("scoreboard", ["Bảng điểm", "Scoreboard"]),
    ("months", ["Từng tháng", "Months"]),
    ("lenses", ["Cách tính đối chiếu", "Rival definitions"]),
    ("units", ["Các đơn vị", "Units"]),
];

/// The forms of each: the file's end.
pub const FORMS: [&str; 3] = ["csv", "json", "parquet"];

use Type::{Flag, Integer, Text as Words};

const SCOREBOARD: [(&str, Type); 21] = [
    ("target", Words),
    ("target_vi", Words),
    ("target_en", Words),
    ("goal_vi", Words),
    ("goal_en", Words),
    ("unit", Words),
    ("unit_vi", Words),
    ("unit_en", Words),
    ("figure_vi", Words),
    ("figure_en", Words),
    ("value", Integer),
    ("of", Integer),
    ("verdict", Words),
    ("rests_on_vi", Words),
    ("rests_on_en", Words),
    ("records", Integer),
    ("counted", Integer),
    ("remark_vi", Words),
    ("remark_en", Words),
    ("definition", Words),
    ("by_draft", Flag),
];

const MONTHS: [(&str, Type); 9] = [
    ("target", Words),
    ("unit", Words),
    ("month", Words),
    ("figure_vi", Words),
    ("figure_en", Words),
    ("value", Integer),
    ("of", Integer),
    ("short_of_goal", Flag),
    ("small_number", Flag),
];

const LENSES: [(&str, Type); 12] = [
    ("target", Words),
    ("unit", Words),
    ("lens", Words),
    ("lens_vi", Words),
    ("lens_en", Words),
    ("figure_vi", Words),
    ("figure_en", Words),
    ("value", Integer),
    ("of", Integer),
    ("would_be_vi", Words),
    ("would_be_en", Words),
    ("turns", Flag),
];

const UNITS: [(&str, Type); 8] = [
    ("unit", Words),
    ("name_vi", Words),
    ("name_en", Words),
    ("short_vi", Words),
    ("short_en", Words),
    ("met", Integer),
    ("judged", Integer),
    ("figures", Words),
];

fn words(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn number(exact: Option<i64>) -> Value {
    exact.map_or(Value::None, Value::Integer)
}

fn exact(exact: Option<Exact>) -> [Value; 2] {
    [number(exact.map(|exact| exact.value)), number(exact.and_then(|exact| exact.of))]
}

/// A text that may be missing, in both languages.
fn maybe(text: Option<&Text>) -> [Value; 2] {
    match text {
        Some(text) => [words(&text.vi), words(&text.en)],
        None => [Value::None, Value::None],
    }
}

/// All tables of a sheet, as this reader may see them.
pub fn tables(sheet: &Sheet, reader: Reader) -> Vec<Data> {
    let data = |name, columns, rows| Data { name, columns, rows };
    vec![
        data("scoreboard", &SCOREBOARD, scoreboard(sheet, reader)),
        data("months", &MONTHS, months(sheet, reader)),
        data("lenses", &LENSES, lenses(sheet)),
        data("units", &UNITS, units(sheet)),
    ]
}

/// The figures of a target with whose they are; the one of all units together last.
fn figures(sheet: &Sheet, at: usize) -> impl Iterator<Item = (&str, Text, &Cell, Option<&Open>)> {
    let (target, opened) = (&sheet.targets[at], sheet.opened.get(at));
    let units = sheet.units.iter().zip(&target.cells).enumerate().filter_map(move |(place, (unit, cell))| {
        let open = opened.and_then(|opened| opened.figures.get(place)?.as_ref());
        Some((unit.code.as_str(), unit.short.clone(), cell.as_ref()?, open))
    });
    let together = target.together.iter().map(move |cell| {
        let name = Text::new("Cả cụm", "Whole cluster");
        (crate::pages::figure::ALL, name, cell, opened.and_then(|opened| opened.together.as_ref()))
    });
    units.chain(together)
}

fn scoreboard(sheet: &Sheet, reader: Reader) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for (at, target) in sheet.targets.iter().enumerate() {
        let records = |count| match hidden(&target.kind, count, reader) {
            true => Value::None,
            false => Value::Integer(count),
        };
        for (code, name, cell, open) in figures(sheet, at) {
            let [figure_vi, figure_en] = maybe(cell.shown.as_ref());
            let [value, of] = exact(open.and_then(|open| open.exact));
            rows.push(vec![
                words(&target.id),
                words(&target.name.vi),
                words(&target.name.en),
                words(&target.goal.vi),
                words(&target.goal.en),
                words(code),
                words(name.vi),
                words(name.en),
                figure_vi,
                figure_en,
                value,
                of,
                words(&cell.verdict),
                words(&cell.grade.vi),
                words(&cell.grade.en),
                records(cell.seen),
                records(cell.counted),
                words(&cell.remark(reader).vi),
                words(&cell.remark(reader).en),
                words(&target.digest),
                Value::Flag(sheet.by_draft.is_some()),
            ]);
        }
    }
    rows
}

fn months(sheet: &Sheet, reader: Reader) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for (at, (target, opened)) in sheet.targets.iter().zip(&sheet.opened).enumerate() {
        let (units, all) = small::months(&target.kind, opened, reader);
        for (code, _, _, open) in figures(sheet, at) {
            let Some(open) = open else { continue };
            let place = sheet.unit(code).map(|(place, _)| place);
            let gone = place.and_then(|place| units.get(place)).unwrap_or(&all);
            for (at, (name, month)) in opened.months.iter().zip(&open.months).enumerate() {
                let small = gone.get(at).copied().unwrap_or(false);
                let [figure_vi, figure_en] = maybe(month.shown.as_ref().filter(|_| !small));
                let [value, of] = exact(month.exact.filter(|_| !small));
                rows.push(vec![
                    words(&target.id),
                    words(code),
                    words(&name.en),
                    figure_vi,
                    figure_en,
                    value,
                    of,
                    if month.shown.is_some() && !small { Value::Flag(month.short) } else { Value::None },
                    Value::Flag(small),
                ]);
            }
        }
    }
    rows
}

fn lenses(sheet: &Sheet) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for (at, (target, opened)) in sheet.targets.iter().zip(&sheet.opened).enumerate() {
        for (code, _, _, open) in figures(sheet, at) {
            let Some(open) = open else { continue };
            for (name, lens) in opened.lenses.iter().zip(&open.lenses) {
                let Some(lens) = lens else { continue };
                let [value, of] = exact(lens.exact);
                rows.push(vec![
                    words(&target.id),
                    words(code),
                    words(&name.id),
                    words(&name.name.vi),
                    words(&name.name.en),
                    words(&lens.shown.vi),
                    words(&lens.shown.en),
                    value,
                    of,
                    words(&lens.would_be.vi),
                    words(&lens.would_be.en),
                    Value::Flag(lens.flips),
                ]);
            }
        }
    }
    rows
}

fn units(sheet: &Sheet) -> Vec<Vec<Value>> {
    let row = |(place, unit): (usize, &crate::sheet::Unit)| {
        let cells = sheet.targets.iter().filter_map(|target| target.cells.get(place)?.as_ref());
        let verdicts: Vec<&str> = cells.map(|cell| cell.verdict.as_str()).collect();
        let count = |wanted: &[&str]| {
            let found = verdicts.iter().filter(|verdict| wanted.contains(verdict)).count();
            Value::Integer(i64::try_from(found).unwrap_or(i64::MAX))
        };
        vec![
            words(&unit.code),
            words(&unit.name.vi),
            words(&unit.name.en),
            words(&unit.short.vi),
            words(&unit.short.en),
            count(&["met"]),
            count(&["met", "not-met"]),
            words(&unit.digest),
        ]
    };
    sheet.units.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opened::{Month, Opened};
    use crate::sheet::{Target, Unit};

    fn sheet() -> Sheet {
        let month = |cases, of| Month {
            shown: Some(Text::new("50 %", "50 %")),
            exact: Some(Exact { value: 1, of: Some(of) }),
            cases,
            short: true,
            ..Month::default()
        };
        let open = Open {
            exact: Some(Exact { value: 6, of: Some(12) }),
            months: vec![month(2, 2), month(10, 10)],
            lenses: vec![None],
            ..Open::default()
        };
        Sheet {
            units: vec![
                Unit { code: "u".into(), ..Unit::default() },
                Unit { code: "v".into(), ..Unit::default() },
            ],
            targets: vec![Target {
                id: "t".into(),
                kind: "dossier".into(),
                cells: vec![Some(Cell { verdict: "not-met".into(), ..Cell::default() }), None],
                ..Target::default()
            }],
            opened: vec![Opened {
                months: vec![Text::new("1/2020", "2020-01"), Text::new("2/2020", "2020-02")],
                lenses: vec![Default::default()],
                figures: vec![Some(open), None],
                ..Opened::default()
            }],
            ..Sheet::default()
        }
    }

    #[test]
    fn every_row_is_as_wide_as_its_head() {
        let all = tables(&sheet(), Reader::Inside);
        assert_eq!(all.iter().map(|data| data.name).collect::<Vec<_>>(), NAMES.map(|(name, _)| name));
        for data in &all {
            assert!(data.rows.iter().all(|row| row.len() == data.columns.len()), "{}", data.name);
        }
        assert_eq!(all.iter().map(|data| data.rows.len()).collect::<Vec<_>>(), [1, 2, 0, 2]);
    }

    #[test]
    fn a_small_number_of_records_is_in_no_public_file() {
        let mut sheet = sheet();
        if let Some(cell) = &mut sheet.targets[0].cells[0] {
            (cell.seen, cell.counted) = (7, 2);
            cell.remark = Text::new("2 bản ghi", "2 records");
            cell.public_remark = Some(Text::new("dưới 3 bản ghi", "under 3 records"));
        }
        let row = |reader| tables(&sheet, reader).remove(0).rows.remove(0);
        let (public, inside) = (row(Reader::Public), row(Reader::Inside));
        assert_eq!(public[15..18], [Value::Integer(7), Value::None, words("dưới 3 bản ghi")]);
        assert_eq!(inside[15..18], [Value::Integer(7), Value::Integer(2), words("2 bản ghi")]);
    }

    #[test]
    fn a_small_number_of_a_month_is_in_no_public_file() {
        let months = |reader| tables(&sheet(), reader).remove(1).rows;
        let public = months(Reader::Public);
        assert_eq!(
            public[0][3..],
            [Value::None, Value::None, Value::None, Value::None, Value::None, Value::Flag(true)]
        );
        // The other month goes along: else the year's figure would say what this one is.
        assert_eq!(public[1][5..], [Value::None, Value::None, Value::None, Value::Flag(true)]);
        assert_eq!(months(Reader::Inside)[0][5..7], [Value::Integer(1), Value::Integer(2)]);
    }
}
