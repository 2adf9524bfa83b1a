//! The records behind a figure by group (*theo nhóm*): by procedure, channel and the like, for each unit and for
//! all together. The groups of a column add up to the figure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::plan::{AskSet, Options, Place, Plan};
use crate::ask::{Answer, Ask, Cell};
use crate::bundle::Bundle;
use crate::kind::{Column, ColumnType};
use crate::kinds;
use crate::lang::{Node, Type, Typed};
use crate::period::Period;
use crate::target::{Measure, Rule};
use crate::text::Text;
use crate::value::Value;

/// Which columns the records of a kind are grouped by: kind's id, columns' ids. A dated data file's choice
/// (`data/rules/groups.toml`).
pub type GroupColumns = BTreeMap<String, Vec<String>>;

/// What has to be measured for the breakdowns of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakdownPlan {
    /// The asks; [`BreakdownPlan::read`] wants one answer for each, in this order.
    pub sets: Vec<AskSet>,
    planned: Vec<Planned>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Planned {
    target: usize,
    column: usize,
    period: Period,
    units: Vec<usize>,
    counted: Place,
    met: Option<Place>,
}

/// One target's records by the values of one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breakdown {
    /// The target's id.
    pub target: String,
    /// The column's id.
    pub column: String,
    /// The column's label.
    pub label: Text,
    /// The stretch of time: of an amended target the last version's.
    pub period: Period,
    /// The groups of each measured unit, by its code, in the order of the city's decision.
    pub units: Vec<(String, Vec<Group>)>,
    /// The groups of all units together.
    pub all: Vec<Group>,
}

/// Records that share a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The value as the records have it; nothing for records that do not have one.
    pub value: Option<String>,
    /// For people: a code's name.
    pub label: Text,
    /// Records counted.
    pub counted: i64,
    /// Those that meet the target; nothing where the measure is no share.
    pub met: Option<i64>,
}

impl BreakdownPlan {
    /// Plans the breakdowns of the targets that `options` name. A column that the kind does not have, or that is
    /// personal or a list, is passed over.
    pub fn new(bundle: &Bundle, options: &Options, columns: &GroupColumns) -> Self {
        let board = Plan::new(bundle, options);
        let mut plan = Self { sets: Vec::new(), planned: Vec::new() };
        for planned in &board.targets {
            let Some(target) = bundle.agreement.targets.get(planned.target) else { continue };
            let Some(kind) = kinds::find(&target.kind) else { continue };
            let Some(piece) = planned.pieces.last() else { continue };
            let Some(version) = target.versions.get(piece.version) else { continue };
            for id in columns.get(&kind.id).into_iter().flatten() {
                let Some(at) = kind.column(id) else { continue };
                let Some(column) = kind.columns.get(at).filter(|column| fits(column)) else { continue };
                let value = Typed { node: Node::Column(at), ty: Type::of(&column.ty), span: 0..0 };
                let mut ask = |met: Option<&Typed>| {
                    let counted = match met {
                        None => version.rule.counted.clone(),
                        Some(met) => both(&version.rule.counted, met),
                    };
                    let rule = Rule {
                        id: format!("{}#{id}", version.rule.id),
                        counted,
                        measure: Measure::Distinct { value: value.clone() },
                        ..version.rule.clone()
                    };
                    let period = piece.period.clone();
                    let ask = Ask { rule, period, as_of: planned.as_of, by: None, spread: true };
                    plan.place(&kind.id, &planned.measured, ask)
                };
                let counted = ask(None);
                let met = match &version.rule.measure {
                    Measure::Share { met } => Some(ask(Some(met))),
                    _ => None,
                };
                plan.planned.push(Planned {
                    target: planned.target,
                    column: at,
                    period: piece.period.clone(),
                    units: planned.measured.clone(),
                    counted,
                    met,
                });
            }
        }
        plan
    }

    fn place(&mut self, kind: &str, units: &[usize], ask: Ask) -> Place {
        let found = self.sets.iter().position(|set| set.kind == kind && set.units == units);
        let set = found.unwrap_or_else(|| {
            self.sets.push(AskSet { kind: kind.to_owned(), units: units.to_vec(), asks: Vec::new() });
            self.sets.len() - 1
        });
        self.sets.get_mut(set).map_or(Place { set, ask: 0 }, |held| {
            held.asks.push(ask);
            Place { set, ask: held.asks.len() - 1 }
        })
    }

    /// The breakdowns, in the order of the agreement's targets and of the columns. Answers stand as the sets do.
    pub fn read(&self, bundle: &Bundle, answers: &[Vec<Answer>]) -> Vec<Breakdown> {
        let answer = |place: Place| answers.get(place.set).and_then(|set| set.get(place.ask));
        self.planned
            .iter()
            .filter_map(|planned| {
                let target = bundle.agreement.targets.get(planned.target)?;
                let column = kinds::find(&target.kind)?.columns.get(planned.column)?;
                let counted = answer(planned.counted)?;
                let met = planned.met.map(answer);
                let met_of = |unit: Option<usize>| {
                    met.map(|met| {
                        let cells = met.map(|met| unit.map_or(Some(&met.all), |at| met.units.get(at)));
                        cells.flatten().map(|cells| &cells.whole)
                    })
                };
                let units = planned.units.iter().zip(&counted.units).enumerate();
                let units = units.filter_map(|(at, (unit, cells))| {
                    let code = bundle.cluster.units.get(*unit)?.code.clone();
                    Some((code, groups(column, &cells.whole, met_of(Some(at)))))
                });
                Some(Breakdown {
                    target: target.id.clone(),
                    column: column.id.clone(),
                    label: column.label.clone(),
                    period: planned.period.clone(),
                    units: units.collect(),
                    all: groups(column, &counted.all.whole, met_of(None)),
                })
            })
            .collect()
    }
}

/// Whether records can be grouped by a column.
fn fits(column: &Column) -> bool {
    let kept = matches!(Type::of(&column.ty), Type::Text | Type::Integer | Type::Flag | Type::Day);
    kept && !column.personal
}

/// Counted and met, as one condition.
fn both(counted: &Typed, met: &Typed) -> Typed {
    Typed { node: Node::And(vec![counted.clone(), met.clone()]), ty: Type::Flag, span: 0..0 }
}

/// The groups of one subject. `met` is nothing where the measure is no share.
fn groups(column: &Column, counted: &Cell, met: Option<Option<&Cell>>) -> Vec<Group> {
    let met_in = |value: Option<&Value>| {
        let cell = met?;
        let spread = cell.map_or(&[][..], |cell| &cell.spread);
        Some(match value {
            Some(value) => spread.iter().find(|(own, _)| own == value).map_or(0, |(_, records)| *records),
            None => cell.map_or(0, without),
        })
    };
    let mut groups: Vec<Group> = counted
        .spread
        .iter()
        .map(|(value, records)| {
            let (text, label) = named(column, value);
            Group { value: Some(text), label, counted: *records, met: met_in(Some(value)) }
        })
        .collect();
    // A column of few codes keeps its list's order; others stand by size.
    if let ColumnType::Code(list) = &column.ty {
        let place =
            |group: &Group| list.codes.iter().position(|code| Some(&code.code) == group.value.as_ref());
        groups.sort_by_key(place);
    } else {
        groups.sort_by(|a, b| b.counted.cmp(&a.counted).then_with(|| a.value.cmp(&b.value)));
    }
    let blank = without(counted);
    if blank > 0 {
        let label = Text::new("(không ghi)", "(not recorded)");
        groups.push(Group { value: None, label, counted: blank, met: met_in(None) });
    }
    groups
}

/// Counted records whose value is not known.
fn without(cell: &Cell) -> i64 {
    cell.tally.counted - cell.spread.iter().map(|(_, records)| records).sum::<i64>()
}

fn named(column: &Column, value: &Value) -> (String, Text) {
    let both = |text: String| (text.clone(), Text::new(text.clone(), text));
    match value {
        Value::Text(text) => {
            let name = match &column.ty {
                ColumnType::Code(list) => list.codes.iter().find(|code| code.code == *text),
                _ => None,
            };
            let own = || Text::new(text.clone(), text.clone());
            (text.clone(), name.map_or_else(own, |code| code.name.clone()))
        }
        Value::Integer(number) => both(number.to_string()),
        Value::Flag(true) => ("true".into(), Text::new("có", "yes")),
        Value::Flag(false) => ("false".into(), Text::new("không", "no")),
        Value::Day(day) => (day.to_string(), Text::new(day.dmy(), day.to_string())),
        _ => both(String::new()),
    }
}

#[cfg(test)]
#[path = "breakdown_tests.rs"]
mod tests;
