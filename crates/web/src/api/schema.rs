//! The JSON Schema of a record, made from its kind.

use giaouoc_agreement::kind::{Column, ColumnType, Kind};
use serde_json::{Map, Value, json};

/// Of a whole kind.
pub(crate) fn of(kind: &Kind, site: &str) -> Value {
    let open = || kind.columns.iter().filter(|column| !column.personal);
    let properties: Map<String, Value> = open().map(|column| (column.id.clone(), property(column))).collect();
    let at = |index: usize| kind.columns[index].id.as_str();
    let mut required: Vec<&str> =
        open().filter(|column| column.required).map(|column| column.id.as_str()).collect();
    // The address of a record has its key already.
    required.retain(|id| *id != at(kind.key));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{site}/api/v1/kinds/{}", kind.id),
        "title": kind.name.en,
        "description": kind.meaning.en,
        "x-vi": { "title": kind.name.vi, "description": kind.meaning.vi },
        "x-key": at(kind.key),
        "x-unit": at(kind.unit),
        "x-digest": kind.digest,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(column: &Column) -> Value {
    let mut schema = form(column);
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!(column.label.en));
        object.insert("description".to_owned(), json!(column.meaning.en));
        object
            .insert("x-vi".to_owned(), json!({ "title": column.label.vi, "description": column.meaning.vi }));
    }
    schema
}

/// What the values look like; `null` is unknown.
fn form(column: &Column) -> Value {
    let or_unknown = |mut types: Vec<&str>| {
        if !column.required {
            types.push("null");
        }
        json!(types)
    };
    match &column.ty {
        ColumnType::Text => json!({ "type": or_unknown(vec!["string"]) }),
        ColumnType::Code(list) if !list.open => {
            let codes = list.codes.iter().map(|code| json!(code.code));
            let unknown = (!column.required).then_some(Value::Null);
            json!({ "enum": codes.chain(unknown).collect::<Vec<_>>() })
        }
        ColumnType::Code(list) => {
            let codes: Vec<_> = list.codes.iter().map(|code| json!(code.code)).collect();
            json!({ "type": or_unknown(vec!["string"]), "examples": codes })
        }
        ColumnType::Integer => {
            let mut schema = json!({ "type": or_unknown(vec!["integer"]) });
            for (name, bound) in [("minimum", column.min), ("maximum", column.max)] {
                if let Some(bound) = bound {
                    schema[name] = json!(bound);
                }
            }
            schema
        }
        ColumnType::Flag => json!({ "type": or_unknown(vec!["boolean"]) }),
        ColumnType::Date => json!({ "type": or_unknown(vec!["string"]), "format": "date" }),
        ColumnType::Moment => json!({
            "type": or_unknown(vec!["string"]),
            "examples": ["2020-03-05T16:00:00+07:00", "2020-03-05"],
        }),
        ColumnType::Intervals => json!({
            "type": or_unknown(vec!["string", "array"]),
            "items": {
                "type": "object",
                "properties": { "from": { "type": "string" }, "to": { "type": ["string", "null"] } },
            },
            "examples": ["2020-03-05T16:00:00+07:00/2020-03-09T08:00:00+07:00"],
        }),
        ColumnType::Changes => json!({
            "type": or_unknown(vec!["string", "array"]),
            "items": {
                "type": "object",
                "properties": {
                    "at": { "type": "string" },
                    "new": { "type": "string" },
                    "why": { "type": ["string", "null"] },
                },
            },
        }),
    }
}
