//! Sums that must come out within one row of totals (report II.06 of Circular 01/2020/TT-VPCP; the public
//! service portal's totals under Decision 766/QĐ-TTg).

use super::{Grade, TotalsRow};
use crate::figure::integer;
use crate::kind::Kind;
use crate::text::{Lang, Text};
use crate::value::Value;

/// A whole and the parts that must add up to it.
struct Identity {
    whole: &'static str,
    parts: &'static [&'static str],
    /// Also right with these added: some forms tell them apart, others count them in.
    or_with: Option<&'static str>,
    /// Asked of totals of this grade only.
    only: Option<Grade>,
}

const IDENTITIES: [Identity; 5] = [
    Identity {
        whole: "received_total",
        parts: &["received_online", "received_direct", "received_carried"],
        or_with: None,
        only: None,
    },
    Identity {
        whole: "settled_total",
        parts: &["settled_early", "settled_on_time", "settled_late"],
        or_with: None,
        only: None,
    },
    Identity {
        whole: "in_progress_total",
        parts: &["in_progress_within", "in_progress_overdue"],
        or_with: None,
        only: None,
    },
    Identity {
        whole: "received_total",
        parts: &["settled_total", "in_progress_total"],
        or_with: Some("withdrawn_total"),
        only: None,
    },
    Identity {
        whole: "received_total",
        parts: &["on_time_total", "overdue_total"],
        or_with: None,
        only: Some(Grade::PublishedTotals),
    },
];

/// The sums of a row that do not come out, each as a question in words. A sum of which a part is blank is
/// not asked.
pub fn contradictions(kind: &Kind, row: &TotalsRow) -> Vec<Text> {
    let value = |id: &str| match kind.column(id).and_then(|column| row.values.get(column)) {
        Some(Value::Integer(value)) => Some(i128::from(*value)),
        _ => None,
    };
    let mut found = Vec::new();
    for identity in &IDENTITIES {
        if identity.only.is_some_and(|grade| grade != row.grade) {
            continue;
        }
        let parts: Option<Vec<i128>> = identity.parts.iter().map(|id| value(id)).collect();
        let (Some(whole), Some(parts)) = (value(identity.whole), parts) else {
            continue;
        };
        let sum: i128 = parts.iter().sum();
        let with = identity.or_with.and_then(value).map(|more| sum + more);
        if whole == sum || with == Some(whole) {
            continue;
        }
        let label = |id: &str, lang: Lang| {
            let label = kind.column(id).and_then(|column| kind.columns.get(column));
            format!("\"{}\"", label.map_or(id, |column| column.label.get(lang)))
        };
        let say = |lang: Lang, differs: &str| {
            let names: Vec<String> = identity.parts.iter().map(|id| label(id, lang)).collect();
            format!(
                "{} ({}) {differs} {} ({})",
                label(identity.whole, lang),
                integer(whole, lang),
                names.join(" + "),
                integer(sum, lang)
            )
        };
        found.push(Text::new(say(Lang::Vi, "khác"), say(Lang::En, "differs from")));
    }
    found
}
