//! What is written into a workbook is read back as it was, for every kind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::{Change, Value};
use giaouoc_intake::{Collected, Input, Limits, Load, Mapping, Sink, read_records};
use giaouoc_worktime::time::{Instant, Moment};

use super::cells::code_word;
use super::draw::{Book, Page, columns, heading};
use super::help::help;
use super::mark::Mark;
use super::template::{For, template, unit_word, unit_words};
use crate::bundle::{self, Loaded};

fn example() -> Loaded {
    bundle::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ha-noi-cum-vi-2020")).unwrap()
}

/// Reads a workbook as the command does, without a mapping.
fn read(loaded: &Loaded, kind: &Kind, bytes: &[u8]) -> (Vec<Vec<Value>>, giaouoc_intake::Summary) {
    let (units, limits, mapping) = (loaded.units(), Limits::default(), Mapping::default());
    let load = Load {
        kind,
        mapping: &mapping,
        units: &units,
        zone: loaded.calendars.default.zone(),
        limits: &limits,
        personal: false,
    };
    let mut sink = Collected::default();
    let summary = read_records(&Input::Bytes { name: "x.xlsx", bytes }, &load, &mut sink).unwrap();
    (values(kind, &sink.batches), summary)
}

fn values(kind: &Kind, batches: &[RecordBatch]) -> Vec<Vec<Value>> {
    let rows = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)));
    rows.map(|(batch, row)| giaouoc_measure::values(kind, batch, row).unwrap()).collect()
}

/// A filled-in template: the same sheet with records on it, and the help sheet.
fn filled(loaded: &Loaded, kind: &Kind, rows: &[Vec<Value>], lang: Lang) -> Vec<u8> {
    let mut book = Book::new(lang, unit_words(loaded, lang));
    let zone = loaded.calendars.default.zone();
    let page = Page { kind, above: Vec::new(), unit: None, rows, zone };
    book.kind_sheet("Trang", &page).unwrap();
    help(&mut book, kind, None, 2020).unwrap();
    book.finish().unwrap()
}

/// Receives the rows of a file.
#[derive(Default)]
struct Rows(Vec<RecordBatch>);

impl Sink for Rows {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), giaouoc_intake::FileError> {
        self.0.push(batch.clone());
        Ok(())
    }
}

#[test]
fn every_record_of_the_example_comes_back_from_its_template_as_it_was() {
    let loaded = example();
    let mut kinds_seen = 0;
    for kind in kinds::builtin() {
        let file = loaded.bundle.records.iter().find(|file| file.kind == kind.id).unwrap();
        let mut rows = Rows::default();
        crate::records::take(&loaded, file, kind, &mut rows).unwrap();
        let rows = values(kind, &rows.0);
        assert!(!rows.is_empty(), "{}", kind.id);
        for lang in [Lang::Vi, Lang::En] {
            let (back, summary) = read(&loaded, kind, &filled(&loaded, kind, &rows, lang));
            assert_eq!(summary.rejected, 0, "{}: {:?}", kind.id, summary.examples.first());
            assert_eq!(back.len(), rows.len(), "{}", kind.id);
            for (was, is) in rows.iter().zip(&back) {
                for (at, column) in columns(kind) {
                    // Not in the file of the example: derived from the limit here, where the cell is blank.
                    assert_eq!(was[at], is[at], "{} {}", kind.id, column.id);
                }
            }
        }
        kinds_seen += 1;
    }
    assert_eq!(kinds_seen, kinds::builtin().len());
}

/// Nothing in a template that was just made is a record: not the rows with the unit filled in, not the help sheet.
#[test]
fn an_empty_template_holds_no_record() {
    let loaded = example();
    for kind in kinds::builtin() {
        for (unit, lang) in [(Some(4), Lang::Vi), (None, Lang::Vi), (Some(0), Lang::En)] {
            let bytes = template(kind, Some(For { loaded: &loaded, unit }), lang).unwrap();
            let (rows, summary) = read(&loaded, kind, &bytes);
            assert_eq!((rows.len(), summary.rejected), (0, 0), "{}: {summary:?}", kind.id);
            assert!(summary.absent.is_empty(), "{}: {:?}", kind.id, summary.absent);
            assert!(summary.ignored.is_empty(), "{}: {:?}", kind.id, summary.ignored);
        }
        template(kind, None, Lang::Vi).unwrap();
    }
}

#[test]
fn awkward_values_come_back_as_they_were() {
    let loaded = example();
    let kind = bundle::kind("dossier").unwrap();
    let zone = loaded.calendars.default.zone();
    let unit = loaded.bundle.cluster.units[1].code.clone();
    let midnight = zone.start_of("2020-03-05".parse().unwrap());
    let nine = zone.instant_of("2020-03-05".parse().unwrap(), 9 * 3600 + 30 * 60 + 59);
    let awkward = [
        ("code", Value::Text("0012".into())),
        ("code", Value::Text("=1+1".into())),
        ("code", Value::Text("'=1+1".into())),
        ("code", Value::Text("1E5".into())),
        ("code", Value::Text("20/03/2020".into())),
        ("field", Value::Text("Một, hai; \"ba\"\nbốn".into())),
        ("received_at", Value::Moment(Moment::Instant(midnight))),
        ("received_at", Value::Moment(Moment::Instant(nine))),
        ("received_at", Value::Moment(Moment::Instant(Instant(nine.0 + 1)))),
        ("received_at", Value::Moment(Moment::Instant(Instant(nine.0 + 500_000)))),
        ("received_at", Value::Moment(Moment::Day("1903-02-03".parse().unwrap()))),
        ("received_at", Value::Moment(Moment::Day("2150-02-03".parse().unwrap()))),
        ("finished_at", Value::Moment(Moment::Day("2020-02-29".parse().unwrap()))),
        ("paused_minutes", Value::Integer(0)),
        ("time_limit", Value::Text("same day, from 15:00 the next working day".into())),
        ("pauses", Value::Intervals(vec![(midnight, Some(nine)), (nine, None)])),
        (
            "due_changes",
            Value::Changes(vec![Change {
                at: midnight, new: nine, why: "chờ (phí) \\ và; -> khác".into()
            }]),
        ),
    ];
    let rows: Vec<Vec<Value>> = awkward
        .iter()
        .enumerate()
        .map(|(number, (id, value))| {
            let mut row = vec![Value::Unknown; kind.columns.len()];
            row[kind.key] = Value::Text(format!("K-{number}"));
            row[kind.unit] = Value::Text(unit.clone());
            row[kind.column(id).unwrap()] = value.clone();
            row
        })
        .collect();
    let (back, summary) = read(&loaded, kind, &filled(&loaded, kind, &rows, Lang::Vi));
    assert_eq!(summary.rejected, 0, "{:?}", summary.examples);
    for (was, is) in rows.iter().zip(&back) {
        for (at, column) in columns(kind) {
            let derived = column.working_days_of.is_some();
            assert!(
                was[at] == is[at] || derived && was[at] == Value::Unknown,
                "{}: {:?} {:?}",
                column.id,
                was[at],
                is[at]
            );
        }
    }
    assert_eq!(back.len(), rows.len());
}

/// Every word that stands in a drop-down means its code, and every heading its column.
#[test]
fn words_for_codes_and_headings_are_nobody_elses() {
    for kind in kinds::builtin() {
        for lang in [Lang::Vi, Lang::En] {
            let mut headings: Vec<String> =
                columns(kind).map(|(at, _)| giaouoc_intake::fold(&heading(kind, at, lang))).collect();
            headings.sort();
            headings.dedup();
            assert_eq!(headings.len(), columns(kind).count(), "{}", kind.id);
            for column in &kind.columns {
                let ColumnType::Code(list) = &column.ty else { continue };
                let mut words: Vec<String> =
                    list.codes.iter().map(|code| code_word(list, &code.code, lang)).collect();
                words.sort();
                words.dedup();
                assert_eq!(words.len(), list.codes.len(), "{} {}", kind.id, column.id);
            }
        }
    }
}

#[test]
fn a_mark_is_found_again_and_a_file_without_one_has_none() {
    let loaded = example();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    let mark = Mark {
        id: "H26.VD5-1".into(),
        cluster: "cum-vi-2020".into(),
        agreement: "cum-vi-2020".into(),
        unit: "H26.VD5".into(),
        period: "2020".into(),
        head: 12,
        entry: "ab".into(),
        todo: "Việc cần làm".into(),
        sheets: vec![("Đối thoại".into(), "dialogue".into())],
    };
    let mut book = Book::new(Lang::Vi, unit_words(&loaded, Lang::Vi));
    book.workbook.add_worksheet().set_name("Đối thoại").unwrap();
    mark.write(&mut book.workbook).unwrap();
    std::fs::write(&path, book.finish().unwrap()).unwrap();
    assert_eq!(Mark::read(&path), Some(mark));
    let plain = template(bundle::kind("dialogue").unwrap(), None, Lang::Vi).unwrap();
    std::fs::write(&path, plain).unwrap();
    assert_eq!(Mark::read(&path), None);
    std::fs::write(&path, "Mã,Đơn vị\n").unwrap();
    assert_eq!(Mark::read(&path), None);
    assert_eq!(unit_word(&loaded, 4, Lang::Vi), "Thanh tra thành phố");
}
