//! A typed tree as JSON for digests: what is signed is what is computed. Spacing, brackets and definitions
//! leave no trace; the order of parts does. Numbers are texts, so no reader of JSON can bend them.

use serde_json::{Value as Json, json};

use super::{Function, Node, Typed, VERSION};
use crate::kind::Kind;

/// The canonical form of a tree on its kind, with the version of the language's meaning. Columns stand by
/// id; what they are is covered by the kind's own digest.
///
/// Every part is an array of its name and its parts: `["<=", ["call", "day", ["column", "finished_at"]],
/// ["as_of"]]`.
pub fn canonical(tree: &Typed, kind: &Kind) -> Json {
    json!({ "language": VERSION, "tree": part(tree, kind) })
}

fn part(tree: &Typed, kind: &Kind) -> Json {
    let part = |tree: &Typed| part(tree, kind);
    let named = |name: &str, parts: &[Typed]| {
        let mut array = vec![json!(name)];
        array.extend(parts.iter().map(part));
        Json::Array(array)
    };
    match &tree.node {
        // A column out of the kind cannot come from the checker; its index still tells it from others.
        Node::Column(column) => match kind.columns.get(*column) {
            Some(column) => json!(["column", column.id]),
            None => json!(["column", column.to_string()]),
        },
        Node::Flag(flag) => json!(["flag", flag]),
        Node::Integer(value) => json!(["integer", value.to_string()]),
        Node::Text(text) => json!(["text", text]),
        Node::Day(day) => json!(["day", day.to_string()]),
        Node::Duration(micros) => json!(["duration", micros.to_string()]),
        Node::AsOf => json!(["as_of"]),
        Node::PeriodStart => json!(["period.start"]),
        Node::PeriodEnd => json!(["period.end"]),
        Node::Not(inner) => json!(["not", part(inner)]),
        Node::And(parts) => named("and", parts),
        Node::Or(parts) => named("or", parts),
        Node::Compare(op, left, right) => json!([op.sign(), part(left), part(right)]),
        Node::In(value, items) => json!(["in", part(value), items.iter().map(part).collect::<Vec<_>>()]),
        Node::InPeriod(inner) => json!(["in period", part(inner)]),
        Node::IsKnown(inner) => json!(["is known", part(inner)]),
        Node::Negate(inner) => json!(["negate", part(inner)]),
        Node::Arithmetic(op, left, right) => json!([op.sign(), part(left), part(right)]),
        Node::Call(function, arguments) => {
            let mut array = vec![json!("call"), json!(function.name())];
            array.extend(arguments.iter().map(part));
            if let Function::Day(Some(zone)) = function {
                array.push(json!(["text", zone]));
            }
            Json::Array(array)
        }
    }
}
