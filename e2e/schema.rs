//! `--format json` is what `docs/scoreboard.schema.json` says: the program's own output is held against the
//! schema by a small validator, which refuses a schema that says something it does not understand. What `check`
//! prints is held against `docs/check.schema.json` in `e2e/checks.rs`.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::program::{copy_of, giaouoc, root};

const EXAMPLE: &str = "examples/ha-noi-cum-vi-2020";

/// A schema with its definitions.
pub struct Schema(Value);

impl Schema {
    fn read() -> Self {
        Self::of("docs/scoreboard.schema.json")
    }

    /// The schema of a file of the repository.
    pub fn of(path: &str) -> Self {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// What is wrong with a document, each with its place; `pointer` names the definition it is held against.
    pub fn wrong(&self, pointer: &str, document: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.hold(&json!({ "$ref": pointer }), document, "", &mut wrong);
        wrong
    }

    fn hold(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let schema = schema.as_object().unwrap_or_else(|| panic!("not a schema: {schema}"));
        for (key, says) in schema {
            let fine = match key.as_str() {
                // For readers only; `format` is an annotation unless somebody asks for more.
                "$schema" | "$id" | "title" | "description" | "format" | "$defs" => true,
                "$ref" => {
                    let pointer = says.as_str().unwrap().strip_prefix('#').unwrap();
                    let target =
                        self.0.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in the schema"));
                    self.hold(target, value, at, wrong);
                    true
                }
                "type" => match says {
                    Value::Array(names) => names.iter().any(|name| is(value, name)),
                    name => is(value, name),
                },
                "const" => value == says,
                "enum" => says.as_array().unwrap().contains(value),
                "minimum" => value.as_f64().is_none_or(|value| value >= says.as_f64().unwrap()),
                "minLength" => length(value).is_none_or(|length| length >= says.as_u64().unwrap()),
                "maxLength" => length(value).is_none_or(|length| length <= says.as_u64().unwrap()),
                "required" => value.as_object().is_none_or(|object| {
                    says.as_array().unwrap().iter().all(|name| object.contains_key(name.as_str().unwrap()))
                }),
                "properties" => {
                    for (name, property) in says.as_object().unwrap() {
                        if let Some(value) = value.get(name) {
                            self.hold(property, value, &format!("{at}/{name}"), wrong);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    assert_eq!(says, &Value::Bool(false), "only `false` is understood");
                    value.as_object().is_none_or(|object| object.keys().all(|name| known(schema, name)))
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.hold(says, item, &format!("{at}/{index}"), wrong);
                    }
                    true
                }
                "anyOf" => self.fitting(says, value) >= 1,
                "oneOf" => self.fitting(says, value) == 1,
                _ => panic!("the schema says `{key}`, which this validator does not understand"),
            };
            if !fine {
                wrong.push(format!("{at}: {key} {says}"));
            }
        }
    }

    fn fitting(&self, choices: &Value, value: &Value) -> usize {
        let fits = |choice: &&Value| {
            let mut wrong = Vec::new();
            self.hold(choice, value, "", &mut wrong);
            wrong.is_empty()
        };
        choices.as_array().unwrap().iter().filter(fits).count()
    }
}

fn known(schema: &Map<String, Value>, name: &str) -> bool {
    schema.get("properties").is_some_and(|properties| properties.get(name).is_some())
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

fn is(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the schema says type `{other}`, which this validator does not understand"),
    }
}

fn scored(bundle: &Path, more: &[&str]) -> Value {
    let mut args = vec!["score", bundle.to_str().unwrap(), "--format=json"];
    args.extend(more);
    let run = giaouoc(args);
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

#[track_caller]
fn fits(pointer: &str, document: &Value) {
    assert_eq!(Schema::read().wrong(pointer, document), Vec::<String>::new());
}

const BOARD: &str = "#/$defs/board";
const SPLIT: &str = "#/$defs/split";

#[test]
fn the_example_is_as_the_schema_says() {
    let example = root().join(EXAMPLE);
    fits(BOARD, &scored(&example, &["--lens=all"]));
    fits(BOARD, &scored(&example, &["--as-of=2020-06-30"]));
    fits(BOARD, &scored(&example, &["--unit=H26.VD2", "--target=on-time", "--period=2020Q2"]));
    fits(SPLIT, &scored(&example, &["--by=unit,half-year"]));
}

/// Forms that the example has none of: means, sums, percentiles, parts, amendments, stated figures, targets
/// of some units only, figures that are not judged.
const MORE_TARGETS: &str = r#"
[[target]]
id = "each-quarter"
clause = "2.6"
name = "Mỗi quý"
records = "dialogue"
measure = "count"
counted = "held_on in period"
goal = ">= 1 each quarter"
[[target]]
id = "attendees-mean"
clause = "2.6"
name = "Trung bình"
records = "dialogue"
measure = "mean"
counted = "held_on in period"
value = "attendees"
goal = ">= 10.5"
judged = "all units together"
[[target]]
id = "attendees-sum"
clause = "2.6"
name = "Tổng"
records = "dialogue"
measure = "sum"
counted = "held_on in period"
value = "attendees"
goal = ">= 100"
[[target]]
id = "attendees-p90"
clause = "2.6"
name = "Bách phân vị"
records = "dialogue"
measure = "percentile"
percentile = 90
counted = "held_on in period"
value = "attendees"
goal = "<= 100"
[[target]]
id = "ranks"
clause = "2.6"
name = "Chủ trì"
records = "dialogue"
measure = "distinct"
counted = "held_on in period"
value = "chair_rank"
goal = ">= 2"
units = ["H26.VD1", "H26.VD6"]
[[amendment]]
id = "pl-01"
signed = 2020-07-10
from = 2020-07-01
target = "ranks"
reason = "Dịch bệnh"
goal = ">= 1"
[[target]]
id = "in-person"
clause = "2.6"
name = "Trực tiếp"
records = "dialogue"
counted = "held_on in period"
met = "attendees > 1000"
goal = ">= 50 %"
[[target]]
id = "large"
clause = "2.6"
name = "Đông người dự"
records = "dialogue"
counted = "held_on in period"
met = "attendees > 50"
goal = ">= 50 %"
min_cases = 3
"#;

const STATED: &str = r#"
[[stated]]
unit = "H26.VD6"
target = "good-deeds"
period = "2020"
value = "2"
confirmed_by = "Giám đốc"
confirmed_on = 2021-01-05
source = "Công văn"
"#;

#[test]
fn every_measure_grade_and_verdict_is_as_the_schema_says() {
    let dir = copy_of(&root().join(EXAMPLE));
    for (file, more) in [("agreement.toml", MORE_TARGETS), ("reports.toml", STATED)] {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text + more).unwrap();
    }
    let whole = scored(dir.path(), &[]);
    let running = scored(dir.path(), &["--as-of=2020-08-03"]);
    for board in [&whole, &running] {
        fits(BOARD, board);
    }
    fits(SPLIT, &scored(dir.path(), &["--by=unit,quarter"]));
    // Only what was really there has been held against the schema.
    let said = format!("{whole}{running}");
    for word in [
        "share",
        "count",
        "sum",
        "mean",
        "percentile",
        "records",
        "signed-totals",
        "stated",
        "nil-report",
        "nothing",
        "met",
        "not-met",
        "no-cases",
        "no-data",
        "not-yet-due",
        "exempt",
        "not-judged",
        "reached",
        "more",
        "either",
        "pl-01",
    ] {
        assert!(said.contains(&format!("\"{word}\"")), "{word} is in no figure of this test");
    }
}

/// The validator finds what it is there to find.
#[test]
fn a_changed_document_does_not_fit() {
    let schema = Schema::read();
    let good = scored(&root().join(EXAMPLE), &[]);
    let figure = "/scoreboard/targets/1/figures/0";
    let changes: &[(&str, Value)] = &[
        ("/scoreboard/format", json!(2)),
        ("/scoreboard/year", json!("2020")),
        ("/scoreboard/units/0/name", json!({ "vi": "x" })),
        ("/scoreboard/units/0/short", json!({ "vi": "x", "en": "x", "fr": "x" })),
        ("/scoreboard/targets/1/figures/0", json!({})),
        ("/scoreboard/targets/1/goal/op", json!(">=")),
        ("/scoreboard/targets/1/goal/den", json!(0)),
        ("/scoreboard/targets/1/digest", json!("abc")),
        ("/scoreboard/targets/1/figures/0/verdict", json!("passed")),
        ("/scoreboard/targets/1/figures/0/grade", Value::Null),
        ("/scoreboard/targets/1/figures/0/amount/met", json!(96.26)),
        ("/scoreboard/targets/1/figures/0/amount", json!({ "measure": "count", "met": 1, "of": 2 })),
        ("/scoreboard/targets/1/figures/0/need", json!({ "is": "more" })),
        ("/files/0/read", json!(-1)),
        ("/questions", json!(["why?"])),
    ];
    for (pointer, value) in changes {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value.clone();
        assert!(!schema.wrong(BOARD, &changed).is_empty(), "{pointer} = {value} fits");
    }
    let mut missing = good.clone();
    missing.pointer_mut(figure).unwrap().as_object_mut().unwrap().remove("lenses");
    assert!(!schema.wrong(BOARD, &missing).is_empty(), "a key may not be left out");
    let mut more = good;
    more.pointer_mut(figure).unwrap()["rank"] = json!(1);
    assert!(!schema.wrong(BOARD, &more).is_empty(), "an unknown key may not be there");
}

#[test]
#[should_panic(expected = "does not understand")]
fn a_schema_beyond_the_validator_is_refused() {
    Schema(json!({ "patternProperties": {} })).wrong("#", &json!({}));
}
