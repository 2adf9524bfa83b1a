//! Somebody who reads only the sentence counts as the evaluator does. For every worked example of the example's
//! agreement, lenses included, the sentence was read in both languages beside the records with their columns' labels,
//! the period and the day; `reader/answers.toml` is what was counted, by hand. A sentence that changes has to be read
//! again: `GIAOUOC_READER=FOLDER` makes the test write what a reader is given.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_agreement::lang::sentence;
use giaouoc_agreement::target::{Example, Target};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::Value;
use giaouoc_worktime::time::Moment;

fn bundle() -> Bundle {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ha-noi-cum-vi-2020");
    let mut texts = BTreeMap::new();
    for path in ["cluster.toml", "agreement.toml", "calendar.toml", "reports.toml"] {
        texts.insert(path.to_owned(), std::fs::read(folder.join(path)).unwrap());
    }
    for entry in std::fs::read_dir(folder.join("maps")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("maps/{}", path.file_name().unwrap().to_str().unwrap());
        texts.insert(name, std::fs::read(&path).unwrap());
    }
    let mut others: Vec<String> = std::fs::read_dir(folder.join("records"))
        .unwrap()
        .map(|entry| format!("records/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    others.sort();
    let (bundle, problems) = Bundle::parse(&texts, &others, kinds::builtin());
    bundle.unwrap_or_else(|| panic!("{problems:?}"))
}

/// One worked example as a reader sees it.
struct Case {
    id: String,
    sentence: [String; 2],
    given: [String; 2],
    expect: String,
}

fn cases(bundle: &Bundle) -> Vec<Case> {
    let mut cases = Vec::new();
    for target in &bundle.agreement.targets {
        let kind = kinds::find(&target.kind).unwrap();
        for (at, example) in target.examples.iter().enumerate() {
            cases.push(case(bundle, target, kind, at, example));
        }
    }
    cases
}

fn case(bundle: &Bundle, target: &Target, kind: &Kind, at: usize, example: &Example) -> Case {
    let period = example.period.as_ref().unwrap_or(&target.period);
    let (_, version) = target.parts(period).into_iter().next().unwrap();
    let rule = match &example.lens {
        None => &version.rule,
        Some(id) => &version.lenses.iter().find(|lens| lens.id == *id).unwrap().rule,
    };
    let said = sentence(rule, kind);
    let as_of = example.as_of.unwrap_or(period.last);
    let given = [Lang::Vi, Lang::En].map(|lang| {
        let mut text = String::new();
        for (number, row) in example.rows.iter().enumerate() {
            writeln!(text, "  {}.", number + 1).unwrap();
            for (column, value) in kind.columns.iter().zip(row) {
                if *value != Value::Unknown && !matches!(value, Value::Intervals(list) if list.is_empty()) {
                    let value = shown(bundle, &column.ty, value, lang);
                    writeln!(text, "     {}: {value}", column.label.get(lang)).unwrap();
                }
            }
        }
        writeln!(text, "  ({} – {}; {})", period.first.dmy(), period.last.dmy(), as_of.dmy()).unwrap();
        text
    });
    let lens = example.lens.as_ref().map(|lens| format!("/{lens}")).unwrap_or_default();
    let expect = match &example.expect {
        Amount::Share { met, of } => format!("{met}/{of}"),
        amount => amount.integers(Lang::En),
    };
    Case { id: format!("{}{lens}#{at}", target.id), sentence: [said.vi, said.en], given, expect }
}

fn shown(bundle: &Bundle, ty: &ColumnType, value: &Value, lang: Lang) -> String {
    let zone = bundle.calendars.default.zone().clone();
    let minute = |at| {
        let seconds = zone.local_time_of_day(at);
        format!("{} {:02}:{:02}", zone.day_of(at).dmy(), seconds / 3600, seconds / 60 % 60)
    };
    match value {
        Value::Text(text) => match ty {
            ColumnType::Code(list) => list
                .codes
                .iter()
                .find(|code| code.code == *text)
                .map_or_else(|| text.clone(), |code| code.name.get(lang).to_owned()),
            _ => text.clone(),
        },
        Value::Flag(flag) => match (flag, lang) {
            (true, Lang::Vi) => "có".into(),
            (false, Lang::Vi) => "không".into(),
            (true, Lang::En) => "yes".into(),
            (false, Lang::En) => "no".into(),
        },
        Value::Integer(number) => number.to_string(),
        Value::Day(day) | Value::Moment(Moment::Day(day)) => day.dmy(),
        Value::Moment(Moment::Instant(at)) => minute(*at),
        Value::Intervals(list) => list
            .iter()
            .map(|(from, to)| format!("{} – {}", minute(*from), to.map(minute).unwrap_or_default()))
            .collect::<Vec<_>>()
            .join("; "),
        other => format!("{other:?}"),
    }
}

#[test]
fn whoever_reads_the_sentence_counts_as_the_evaluator_does() {
    let cases = cases(&bundle());
    if let Some(folder) = std::env::var_os("GIAOUOC_READER") {
        for (at, lang) in ["vi", "en"].iter().enumerate() {
            let text: String = cases
                .iter()
                .map(|case| format!("{}\n{}\n{}\n", case.id, case.sentence[at], case.given[at]))
                .collect();
            std::fs::write(Path::new(&folder).join(format!("reader.{lang}.txt")), text).unwrap();
        }
        return;
    }
    let answers: toml::Table = toml::from_str(include_str!("reader/answers.toml")).unwrap();
    assert!(cases.len() > 25, "only {} worked examples", cases.len());
    for case in cases {
        let answer = answers.get(&case.id).unwrap_or_else(|| panic!("nobody has read {}", case.id));
        for (at, lang) in ["vi", "en"].iter().enumerate() {
            let text = |name: &str| answer.get(format!("{name}_{lang}")).and_then(toml::Value::as_str);
            let read = text("sentence");
            assert_eq!(read, Some(&*case.sentence[at]), "{} has other words: read it again", case.id);
            assert_eq!(text("counted"), Some(&*case.expect), "{}: {}", case.id, case.sentence[at]);
        }
    }
}
