//! The OpenAPI 3.1 document, made of the same table as the addresses.

use std::sync::LazyLock;

use axum::extract::State as With;
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::figures::public;
use super::operation::{Asked, Operation, Sends};
use super::operations;
use super::problem::{Answer, SORTS};
use crate::access::Access;
use crate::state::State;

/// The document, but for where it is served.
static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// Gives it.
pub(crate) async fn get(With(state): With<State>, headers: HeaderMap) -> Answer {
    let mut document = DOCUMENT.clone();
    // Which clusters there are is known here only.
    let all = giaouoc_store::clusters::all(state.store.read()).await?;
    if !all.is_empty() {
        let slugs: Vec<&str> = all.iter().map(|cluster| cluster.slug.as_str()).collect();
        document["components"]["schemas"]["Cluster"]["enum"] = json!(slugs);
    }
    document["servers"] = json!([{ "url": state.site.url }]);
    Ok(public(&headers, &document))
}

fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let at = paths.entry(operation.path).or_insert_with(|| json!({}));
        at[operation.method.to_ascii_lowercase()] = described(&operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Giao ước thi đua",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Records come in, figures go out",
            "description": "Gửi bản ghi của đơn vị, đọc số liệu của cụm. / Send a unit's records, read a cluster's figures.",
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Mã truy cập, tạo ở trang Mã truy cập của đơn vị / A token, made on the unit's page of tokens",
            } },
            "schemas": schemas(),
        },
    })
}

fn described(operation: &Operation) -> Value {
    let [vi, en] = operation.says;
    let mut parameters: Vec<Value> = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": part(name) }))
        .collect();
    parameters.extend(operation.asked.iter().map(parameter));
    let mut answers: Map<String, Value> = operation
        .answers
        .iter()
        .map(|(status, form, says)| answer(operation, *status, form, *says))
        .collect();
    if operation.cached && operation.method == "GET" {
        answers
            .insert("304".to_owned(), json!({ "description": "ETag như lần trước / The ETag of last time" }));
    }
    // What cannot be read, and a token that does not work or comes too often, are refused wherever they are shown.
    let mut fails = vec![400, 401, 429];
    fails.extend(&operation.fails);
    for status in fails {
        let titles = SORTS.iter().filter(|sort| sort.1 == status).map(|sort| sort.2.join(" / "));
        let problem = json!({
            "description": titles.collect::<Vec<_>>().join("; "),
            "content": { "application/problem+json": { "schema": reference("Problem") } },
        });
        answers.insert(status.to_string(), problem);
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": vi,
        "description": en,
        "parameters": parameters,
        "responses": answers,
        // Without a token, or with one: what is public is so for everybody.
        "security": match operation.access {
            Access::Token(scope) => json!([{ "token": [scope.word()] }]),
            _ => json!([{}, { "token": [] }]),
        },
    });
    match operation.sends {
        Sends::Nothing => {}
        Sends::Record => {
            described["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": reference("Record") } },
            });
        }
        Sends::Lines => {
            described["requestBody"] = json!({
                "required": true,
                "description": "Mỗi dòng một đối tượng JSON / One JSON object a line",
                "content": { "application/x-ndjson": { "schema": { "type": "array", "items": reference("Record") } } },
            });
        }
    }
    described
}

/// What a part of an address looks like.
fn part(name: &str) -> Value {
    match name {
        "cluster" => reference("Cluster"),
        "kind" => {
            let kinds = giaouoc_agreement::kinds::builtin().iter().map(|kind| kind.id.as_str());
            json!({ "enum": kinds.collect::<Vec<_>>() })
        }
        "job" => json!({ "type": "integer", "minimum": 1, "maximum": 999_999_999 }),
        _ => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn parameter(asked: &Asked) -> Value {
    let schema = match asked.form {
        "release" => json!({ "type": "string", "pattern": "^(now|[1-9][0-9]{0,8})$" }),
        "place" => json!({ "type": "string", "pattern": "^[0-9]{1,9}\\.[0-9]{1,9}$" }),
        "limit" => json!({ "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 }),
        "etag" => json!({ "type": "string", "pattern": "^\"[0-9]{1,9}\\.[0-9]{1,9}\"$" }),
        "star" => json!({ "type": "string", "enum": ["*"] }),
        "idempotency" => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$" }),
        _ => json!({ "type": "string", "minLength": 1, "pattern": "\\S" }),
    };
    json!({
        "name": asked.name,
        "in": asked.place,
        "required": asked.needed,
        "description": asked.says.join(" / "),
        "schema": schema,
    })
}

fn answer(operation: &Operation, status: u16, form: &str, says: [&str; 2]) -> (String, Value) {
    let mut answer = json!({ "description": says.join(" / ") });
    if operation.cached || form == "Record" {
        answer["headers"] = json!({ "ETag": { "schema": { "type": "string" } } });
    }
    let kind = match form {
        "" => None,
        "Lines" => Some("application/x-ndjson"),
        "Schema" => Some("application/schema+json"),
        _ => Some("application/json"),
    };
    if let Some(kind) = kind {
        answer["content"] = json!({ kind: { "schema": reference(form) } });
    }
    (status.to_string(), answer)
}

fn object(properties: Value) -> Value {
    let required: Vec<&String> = properties.as_object().map(|all| all.keys().collect()).unwrap_or_default();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn schemas() -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let maybe = |kind: &str| json!({ "type": [kind, "null"] });
    let both = reference("Text");
    json!({
        "Cluster": { "type": "string", "minLength": 1 },
        "Text": object(json!({ "vi": text, "en": text })),
        "Clusters": object(json!({ "clusters": list(object(json!({
            "id": text, "name": both, "year": number,
            "releases": list(object(json!({ "number": number, "name": both, "published_at": maybe("string") }))),
        }))) })),
        "Figures": {
            "type": "object",
            "description": "docs/scoreboard.schema.json",
        },
        "Record": {
            "type": "object",
            "description": "Cột → giá trị; null là chưa biết. /api/v1/kinds/{kind} có JSON Schema của từng loại. / Column → value; null is unknown. /api/v1/kinds/{kind} has the JSON Schema of each kind.",
            "additionalProperties": { "type": ["string", "integer", "boolean", "array", "null"] },
        },
        "Page": object(json!({
            "records": list(object(json!({
                "key": text, "unit": text, "supplier": maybe("string"), "version": text, "values": reference("Record"),
            }))),
            "next": maybe("string"),
        })),
        "Versions": object(json!({
            "key": text,
            "versions": list(object(json!({
                "entry": number,
                "said": both,
                "changes": list(object(json!({ "column": both, "before": both, "after": both }))),
            }))),
        })),
        // Lines, in their order; the last one has the sums.
        "Lines": list(json!({ "anyOf": [reference("Accepted"), reference("Rejected"), reference("Sums")] })),
        "Accepted": object(json!({ "row": number, "status": { "const": "accepted" } })),
        "Rejected": object(json!({
            "row": number,
            "status": { "const": "rejected" },
            "problems": list(reference("Fault")),
        })),
        "Sums": object(json!({
            "rows": number, "accepted": number, "rejected": number, "new": number, "changed": number,
            "unchanged": number, "ignored": list(text.clone()), "entry": maybe("integer"), "job": maybe("integer"),
        })),
        "Fault": object(json!({ "column": maybe("string"), "vi": text, "en": text })),
        "Job": object(json!({
            "id": number, "work": text, "state": { "enum": ["waiting", "running", "done", "failed"] },
            "done": number, "total": number, "error": { "oneOf": [both, { "type": "null" }] },
        })),
        "Kinds": object(json!({ "kinds": list(object(json!({
            "id": text, "name": both, "meaning": both, "key": text, "unit": text, "digest": text,
        }))) })),
        "Schema": { "type": "object" },
        "Document": { "type": "object" },
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail", "detail_vi", "detail_en"],
            "properties": {
                "type": { "type": "string", "format": "uri" },
                "title": text, "status": number, "detail": text, "detail_vi": text, "detail_en": text,
                "errors": list(reference("Fault")),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_is_described_and_every_reference_leads_somewhere() {
        let document = document();
        let mut ids = BTreeSet::new();
        for operation in operations() {
            assert!(
                !operation.id.is_empty() && ids.insert(operation.id),
                "{} {}",
                operation.method,
                operation.path
            );
            assert!(operation.says.iter().all(|text| !text.is_empty()), "{}", operation.id);
            assert!(!operation.answers.is_empty(), "{}", operation.id);
            assert!(operation.fails.iter().all(|status| SORTS.iter().any(|sort| sort.1 == *status)));
            let described = &document["paths"][operation.path][operation.method.to_ascii_lowercase()];
            assert_eq!(described["operationId"], operation.id);
        }
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
