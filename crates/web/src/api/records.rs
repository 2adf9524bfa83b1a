//! Records as programs see them: pages of them, and one as JSON.

use axum::extract::{Path, Query, State as With};
use axum::http::header;
use axum::response::IntoResponse as _;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_store::tokens::Token;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::figures::cluster;
use super::kinds::kind;
use super::problem::{Answer, Problem};
use crate::records::{Filter, Record, ask};
use crate::state::State;

/// The values of a record: what a program may send back as they are. Unknown is `null`.
pub(crate) fn values(kind: &Kind, record: &Record) -> Value {
    let one = |column: &giaouoc_agreement::kind::Column| {
        let text = record.text(&column.id);
        let value = match &column.ty {
            _ if text.is_empty() => Value::Null,
            ColumnType::Integer => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
            ColumnType::Flag => json!(text == "true"),
            _ => json!(text),
        };
        (column.id.clone(), value)
    };
    let open = kind.columns.iter().filter(|column| !column.personal);
    Value::Object(open.map(one).collect::<Map<_, _>>())
}

/// Whether a token may read a record: those that count for its unit, and those that its unit supplies.
pub(crate) fn may_read(token: &Token, record: &Record) -> bool {
    token.unit.as_ref().is_none_or(|unit| record.unit == *unit || record.supplier.as_ref() == Some(unit))
}

/// Records looked at for a page, so that no page takes long: where few of many are asked for, one may be short or empty, and
/// still name the next.
const LOOKED: u64 = 500_000;

/// Which records.
#[derive(Deserialize)]
pub(crate) struct Which {
    after: Option<String>,
    limit: Option<String>,
    unit: Option<String>,
    supplier: Option<String>,
}

/// A page of records.
pub(crate) async fn list(
    With(state): With<State>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let token = caller.token()?.token.clone();
    cluster(&state, &slug).await?;
    let kind = kind(&id)?;
    let most = match which.limit.as_deref() {
        None => 100,
        Some(text) => text.parse().ok().filter(|most| (1..=1000).contains(most)).ok_or_else(|| {
            Problem::new("not-accepted", "limit là số từ 1 đến 1000.", "limit is a number from 1 to 1000.")
        })?,
    };
    let mut unit = which.unit;
    if let Some(own) = &token.unit {
        let own = Some(own.as_str());
        if unit.is_none() && which.supplier.is_none() {
            unit = own.map(str::to_owned);
        } else if unit.as_deref() != own && which.supplier.as_deref() != own {
            return Err(Problem::new(
                "no-scope",
                "Mã của một đơn vị chỉ đọc bản ghi được tính cho đơn vị đó, hoặc do đơn vị đó cung cấp.",
                "A unit's token reads the records that count for it, or that it supplies.",
            ));
        }
    }
    let filter = Filter {
        unit,
        supplier: which.supplier,
        after: which.after,
        most,
        look: LOOKED,
        ..Filter::default()
    };
    let listing = ask(&state, move |records| records.list(&slug, &kind.id, &filter)).await??;
    let records = listing.records.iter().map(|record| {
        json!({
            "key": record.key,
            "unit": record.unit,
            "supplier": record.supplier,
            "version": record.version,
            "values": values(kind, record),
        })
    });
    let body = json!({ "records": records.collect::<Vec<_>>(), "next": listing.next });
    Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}
