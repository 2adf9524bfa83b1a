//! What a unit can still do in a running period: its open records.

use std::collections::BTreeMap;

use giaouoc_agreement::agreement_file::Agreement;
use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Node, Type, Typed};
use giaouoc_agreement::scoreboard::Plan;
use giaouoc_agreement::target::{Measure, Rule, UnknownMet};

/// Counts the records of a kind that have begun and are not closed at the end of `as_of`; nothing for kinds
/// whose records are not worked on over time, or once the period is over.
pub fn ask(kind: &Kind, asks: &[Ask]) -> Option<Ask> {
    let closes = kind.closes?;
    let running = asks.iter().find(|ask| ask.as_of < ask.period.last)?;
    let part = |node| Typed { node, ty: Type::Flag, span: 0..0 };
    let known = |column| {
        let column = Typed { node: Node::Column(column), ty: Type::Moment, span: 0..0 };
        part(Node::IsKnown(Box::new(column)))
    };
    let open = part(Node::Not(Box::new(known(closes))));
    let rule = Rule {
        id: "open".into(),
        kind: kind.id.clone(),
        counted: part(Node::And(vec![known(kind.date), open])),
        measure: Measure::Count,
        unknown: UnknownMet::NotMet,
    };
    Some(Ask { rule, period: running.period.clone(), as_of: running.as_of, by: None, spread: false })
}

/// Takes the answers to [`ask`] off the end of each set: open records by target and unit.
pub fn take(
    agreement: &Agreement,
    plan: &Plan,
    answers: &mut [Vec<Answer>],
) -> BTreeMap<(String, usize), i64> {
    let mut remaining = BTreeMap::new();
    for (set, answers) in plan.sets.iter().zip(answers) {
        if answers.len() == set.asks.len() {
            continue;
        }
        let Some(open) = answers.pop() else { continue };
        for (unit, cells) in set.units.iter().zip(&open.units) {
            let Amount::Count(count) = cells.whole.amount else { continue };
            for target in agreement.targets.iter().filter(|target| target.kind == set.kind) {
                remaining.insert((target.id.clone(), *unit), count);
            }
        }
    }
    remaining
}
