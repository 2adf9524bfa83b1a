//! Typed trees into operations, rules into readings.

use giaouoc_agreement::ask::Ask;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Compare, Function, Node, Type, Typed};
use giaouoc_agreement::period::Period;
use giaouoc_agreement::target::{Measure, Rule, UnknownMet};
use giaouoc_worktime::Day;

use crate::plan::{Axis, Figure, Output, Reading, Shown, Split, Valued};
use crate::program::{Op, Program, Reg};

/// What `period` and `as_of` stand for.
#[derive(Clone, Copy)]
struct When {
    first: Day,
    last: Day,
    as_of: Day,
}

/// The program, what is tallied of it, and where each answer is read.
pub(crate) struct Compiled {
    pub program: Program,
    pub axes: Vec<Axis>,
    pub readings: Vec<Reading>,
    pub outputs: Vec<Output>,
    /// The kind's date column as it reads at each `as_of` asked for.
    pub dates: Vec<Reg>,
    /// Columns that are read only to see what `as_of` hides.
    pub only_hiding: Vec<usize>,
}

/// The conjunct `X in period` of a rule whose parts follow from X.
struct Ahead {
    /// X.
    over: Reg,
    /// What stands before it in `counted`.
    before: Option<Reg>,
}

struct Compiler<'k> {
    kind: &'k Kind,
    program: Program,
    axes: Vec<Axis>,
    readings: Vec<Reading>,
    dates: Vec<Reg>,
}

/// Compiles the rules of all asks into one program.
pub(crate) fn compile(kind: &Kind, asks: &[Ask]) -> Compiled {
    // The first axis is that of rules that are not split by a date column.
    let mut compiler = Compiler {
        kind,
        program: Program::new(kind),
        axes: vec![Axis::default()],
        readings: Vec::new(),
        dates: Vec::new(),
    };
    let outputs = asks.iter().map(|ask| compiler.ask(ask)).collect();
    let readings = compiler
        .readings
        .iter()
        .flat_map(|reading| [Some(reading.condition), Some(reading.outcome), reading.before]);
    let mut kept: Vec<Reg> = readings.flatten().collect();
    kept.extend(&compiler.dates);
    for axis in &compiler.axes {
        kept.extend(axis.registers());
    }
    let only_hiding = compiler.program.only_hiding(&kept);
    compiler.program.finish(&kept);
    let Compiler { program, axes, readings, dates, .. } = compiler;
    Compiled { program, axes, readings, outputs, dates, only_hiding }
}

/// How often the tree speaks of the period.
fn mentions_of_period(tree: &Typed) -> usize {
    let own = usize::from(matches!(tree.node, Node::InPeriod(_) | Node::PeriodStart | Node::PeriodEnd));
    own + tree.parts().into_iter().map(mentions_of_period).sum::<usize>()
}

fn value_of(measure: &Measure) -> Option<&Typed> {
    match measure {
        Measure::Share { met } => Some(met),
        Measure::Count => None,
        Measure::Sum { value }
        | Measure::Mean { value }
        | Measure::Percentile { value, .. }
        | Measure::Distinct { value } => Some(value),
    }
}

/// The place of the conjunct `X in period` if the rule says so exactly once, at the top of `counted`, and
/// speaks of the period nowhere else. Then the part of the period that a row falls into follows from X.
fn period_conjunct(rule: &Rule) -> Option<(usize, &Typed)> {
    let mentions = mentions_of_period(&rule.counted) + value_of(&rule.measure).map_or(0, mentions_of_period);
    if mentions != 1 {
        return None;
    }
    let conjuncts = match &rule.counted.node {
        Node::And(list) => list.as_slice(),
        _ => std::slice::from_ref(&rule.counted),
    };
    conjuncts.iter().enumerate().find_map(|(at, part)| match &part.node {
        Node::InPeriod(x) => Some((at, &**x)),
        _ => None,
    })
}

/// What is true of known values exactly where the comparison is false.
fn opposite(compare: Compare) -> Compare {
    match compare {
        Compare::Eq => Compare::Ne,
        Compare::Ne => Compare::Eq,
        Compare::Lt => Compare::Ge,
        Compare::Ge => Compare::Lt,
        Compare::Gt => Compare::Le,
        Compare::Le => Compare::Gt,
    }
}

/// For `day(m) > D` and the like: whether it asks for days after, the moment, and the last day not after.
/// Then the day of the moment need not be worked out.
fn against_day<'t>(
    compare: Compare,
    a: &'t Typed,
    b: &'t Typed,
    when: When,
) -> Option<(bool, &'t Typed, Day)> {
    let day = |tree: &Typed| match &tree.node {
        Node::Day(day) => Some(*day),
        Node::AsOf => Some(when.as_of),
        Node::PeriodStart => Some(when.first),
        Node::PeriodEnd => Some(when.last),
        _ => None,
    };
    let moment = |tree: &'t Typed| match &tree.node {
        Node::Call(Function::Day(None), parts) => parts.first().filter(|part| part.ty == Type::Moment),
        _ => None,
    };
    let (compare, moment, day) = match (moment(a), day(b), day(a), moment(b)) {
        (Some(moment), Some(day), _, _) => (compare, moment, day),
        (_, _, Some(day), Some(moment)) => {
            let turned = match compare {
                Compare::Lt => Compare::Gt,
                Compare::Le => Compare::Ge,
                Compare::Gt => Compare::Lt,
                Compare::Ge => Compare::Le,
                same => same,
            };
            (turned, moment, day)
        }
        _ => return None,
    };
    let before = Day(day.0.checked_sub(1)?);
    match compare {
        Compare::Gt => Some((true, moment, day)),
        Compare::Ge => Some((true, moment, before)),
        Compare::Lt => Some((false, moment, before)),
        Compare::Le => Some((false, moment, day)),
        Compare::Eq | Compare::Ne => None,
    }
}

impl Compiler<'_> {
    fn ask(&mut self, ask: &Ask) -> Output {
        let rule = &ask.rule;
        let parts = ask.by.map_or_else(Vec::new, |by| ask.period.parts(by));
        let when = When { first: ask.period.first, last: ask.period.last, as_of: ask.as_of };
        let date = self.column(self.kind.date, when);
        let date = self.dates.iter().position(|known| *known == date).unwrap_or_else(|| {
            self.dates.push(date);
            self.dates.len() - 1
        });
        if let (false, Some((at, x))) = (parts.is_empty(), period_conjunct(rule)) {
            return Output { date, spread: ask.spread, ..self.split(rule, when, at, x, parts) };
        }
        let whole = self.plain(rule, when);
        let shown = parts
            .iter()
            .map(|part| self.plain(rule, When { first: part.first, last: part.last, ..when }))
            .map(|reading| Shown { reading, slots: 0..1 })
            .collect();
        Output { date, whole: Shown { reading: whole, slots: 0..1 }, shown, parts, spread: ask.spread }
    }

    /// A rule for one stretch of time.
    fn plain(&mut self, rule: &Rule, when: When) -> usize {
        let counted = self.tree(&rule.counted, when);
        self.reading(rule, when, 0, counted, None)
    }

    /// A rule whose parts follow from the column in its `X in period`.
    fn split(&mut self, rule: &Rule, when: When, at: usize, x: &Typed, parts: Vec<Period>) -> Output {
        let over = self.tree(x, when);
        let starts: Vec<Day> = parts.iter().map(|part| part.first).collect();
        let split = Split { over, first: when.first, last: when.last, starts };
        let found = self.axes.iter().position(|axis| axis.split.as_ref() == Some(&split));
        let axis = found.unwrap_or_else(|| {
            self.axes.push(Axis { split: Some(split), ..Axis::default() });
            self.axes.len() - 1
        });
        let rest: Vec<Reg> = match &rule.counted.node {
            Node::And(list) => {
                let others = list.iter().enumerate().filter(|(place, _)| *place != at);
                others.map(|(_, part)| self.tree(part, when)).collect()
            }
            _ => Vec::new(),
        };
        let before = (at > 0).then(|| self.all_of(rest[..at].to_vec()));
        let counted = self.all_of(rest);
        let reading = self.reading(rule, when, axis, counted, Some(Ahead { over, before }));
        let shown = (0..parts.len()).map(|part| Shown { reading, slots: part..part + 1 }).collect();
        Output { date: 0, whole: Shown { reading, slots: 0..parts.len() }, shown, parts, spread: false }
    }

    fn all_of(&mut self, conjuncts: Vec<Reg>) -> Reg {
        match conjuncts.as_slice() {
            [] => self.program.add(Op::Flag(true), Type::Flag),
            [one] => *one,
            _ => self.program.add(Op::And(conjuncts), Type::Flag),
        }
    }

    /// Where a rule's figure and tally are read. `counted` is without its `in period` when that is `ahead`.
    fn reading(&mut self, rule: &Rule, when: When, axis: usize, counted: Reg, ahead: Option<Ahead>) -> usize {
        let mut value = value_of(&rule.measure).map(|value| self.tree(value, when));
        if let (Measure::Distinct { .. }, Some(moment)) = (&rule.measure, value)
            && self.program.ty(moment) == Type::Moment
        {
            // Of a bare day nobody knows whether it is a different instant.
            value = Some(self.program.add(Op::Precise(moment), Type::Moment));
        }
        let share = matches!(rule.measure, Measure::Share { .. });
        let outcome = value.map(|value| {
            let op = if share { Op::Among(counted, value) } else { Op::Having(counted, value) };
            self.program.add(op, Type::Flag)
        });
        let doubtful = Op::Doubtful(counted, ahead.as_ref().map(|ahead| ahead.over));
        let doubtful = self.program.add(doubtful, Type::Flag);
        let counted_missing = self.missing(&rule.counted, when, doubtful, false);
        let outcome_missing = match (value_of(&rule.measure), outcome) {
            (Some(value), Some(outcome)) => self.missing(value, when, outcome, true),
            _ => Vec::new(),
        };

        let axis_index = axis;
        let axis = &mut self.axes[axis_index];
        let valued = outcome.zip(value).map(|(having, value)| Valued { having, value });
        let figure = match (&rule.measure, outcome, valued) {
            (Measure::Share { .. }, Some(met), _) => {
                Figure::Share { met: axis.often(met), exclude: rule.unknown == UnknownMet::Exclude }
            }
            (Measure::Sum { .. }, _, Some(valued)) => Figure::Sum { sum: axis.sum(valued) },
            (Measure::Mean { .. }, _, Some(valued)) => Figure::Mean { sum: axis.sum(valued) },
            (Measure::Percentile { percent, .. }, _, Some(valued)) => {
                Figure::Percentile { bag: axis.bag(valued), percent: *percent }
            }
            (Measure::Distinct { .. }, _, Some(valued)) => Figure::Distinct { set: axis.set(valued) },
            _ => Figure::Count,
        };
        let reading = Reading {
            rule: rule.id.clone(),
            axis: axis_index,
            condition: counted,
            outcome: outcome.unwrap_or(counted),
            before: ahead.and_then(|ahead| ahead.before),
            counted: axis.often(counted),
            counted_unknown: axis.rare_unknown(counted),
            outcome_unknown: outcome.map(|outcome| axis.rare_unknown(outcome)),
            counted_missing: counted_missing
                .into_iter()
                .map(|(column, reg)| (column, axis.rare(reg)))
                .collect(),
            outcome_missing: outcome_missing
                .into_iter()
                .map(|(column, reg)| (column, axis.rare(reg)))
                .collect(),
            figure,
        };
        self.readings.push(reading);
        self.readings.len() - 1
    }

    /// For each column of a tree the rows in which it is unknown, among some rows.
    fn missing(&mut self, tree: &Typed, when: When, rows: Reg, unknown: bool) -> Vec<(usize, Reg)> {
        let columns = tree.columns().into_iter();
        columns
            .map(|at| {
                let column = self.column(at, when);
                (at, self.program.add(Op::Missing { rows, unknown, column }, Type::Flag))
            })
            .collect()
    }

    /// A column as it reads at `as_of`.
    fn column(&mut self, column: usize, when: When) -> Reg {
        let Some(held) = self.kind.columns.get(column) else {
            // Trees are typed against the kind, so this cannot be; a column that is never there is unknown.
            return self.program.add(Op::Column(column), Type::Flag);
        };
        let raw = self.program.add(Op::Column(column), Type::of(&held.ty));
        let Some((on, date)) = held.hangs_on.and_then(|on| Some((on, self.kind.columns.get(on)?))) else {
            return raw;
        };
        let date = self.program.add(Op::Column(on), Type::of(&date.ty));
        let late = self.program.add(Op::After(date, when.as_of), Type::Flag);
        self.program.add(Op::Hide(raw, late), Type::of(&held.ty))
    }

    fn list(&mut self, parts: &[Typed], when: When) -> Vec<Reg> {
        parts.iter().map(|part| self.tree(part, when)).collect()
    }

    fn tree(&mut self, tree: &Typed, when: When) -> Reg {
        let op = match &tree.node {
            Node::Column(column) => return self.column(*column, when),
            Node::Flag(flag) => Op::Flag(*flag),
            Node::Integer(integer) => Op::Integer(*integer),
            Node::Text(text) => Op::Text(text.clone()),
            Node::Day(day) => Op::Day(*day),
            Node::Duration(micros) => Op::Duration(*micros),
            Node::AsOf => Op::Day(when.as_of),
            Node::PeriodStart => Op::Day(when.first),
            Node::PeriodEnd => Op::Day(when.last),
            Node::Not(x) => Op::Not(self.tree(x, when)),
            Node::And(parts) => Op::And(self.list(parts, when)),
            Node::Or(parts) => Op::Or(self.list(parts, when)),
            Node::Compare(compare, a, b) => {
                if let Some((later, moment, day)) = against_day(*compare, a, b, when) {
                    let past = Op::Past(self.tree(moment, when), day);
                    let past = self.program.add(past, Type::Flag);
                    return if later { past } else { self.program.add(Op::Not(past), Type::Flag) };
                }
                let (a, b) = (self.tree(a, when), self.tree(b, when));
                // Where the opposite stands already its flags are turned round: it is unknown in the same rows.
                match self.program.standing(&Op::Compare(opposite(*compare), a, b)) {
                    Some(turned) => Op::Not(turned),
                    None => Op::Compare(*compare, a, b),
                }
            }
            Node::In(x, literals) => self.among_literals(x, literals, when),
            Node::InPeriod(x) => Op::InDays(self.tree(x, when), when.first, when.last),
            Node::IsKnown(x) => Op::IsKnown(self.tree(x, when)),
            Node::Negate(x) => Op::Negate(self.tree(x, when)),
            Node::Arithmetic(arithmetic, a, b) => {
                let a = self.tree(a, when);
                Op::Arithmetic(*arithmetic, a, self.tree(b, when))
            }
            Node::Call(Function::WorkMinutes, parts) if parts.len() == 3 => {
                let list = self.list(parts, when);
                Op::NetMinutes([list[0], list[1], list[2]], when.as_of)
            }
            Node::Call(Function::WorkMinutes, parts) if parts.len() == 2 => {
                let moments = [self.tree(&parts[0], when), self.tree(&parts[1], when)];
                Op::WorkMinutes(moments, moments.map(|moment| self.position(moment)))
            }
            Node::Call(function @ (Function::AddWorkingMinutes | Function::AddWorkingHours), parts)
                if parts.len() == 2 =>
            {
                let (from, n) = (self.tree(&parts[0], when), self.tree(&parts[1], when));
                let unit = if *function == Function::AddWorkingMinutes { 60 } else { 3600 };
                Op::AddWork([from, self.position(from), n], unit)
            }
            Node::Call(function, parts) => Op::Call(function.clone(), self.list(parts, when)),
        };
        self.program.add(op, tree.ty)
    }

    fn position(&mut self, moment: Reg) -> Reg {
        self.program.add(Op::Position(moment), Type::Integer)
    }

    fn among_literals(&mut self, x: &Typed, literals: &[Typed], when: When) -> Op {
        let x = self.tree(x, when);
        if self.program.ty(x) == Type::Text {
            let mut texts: Vec<String> = literals
                .iter()
                .filter_map(
                    |literal| if let Node::Text(text) = &literal.node { Some(text.clone()) } else { None },
                )
                .collect();
            texts.sort_unstable();
            texts.dedup();
            return Op::InTexts(x, texts);
        }
        let mut numbers: Vec<i64> = literals
            .iter()
            .filter_map(|literal| match &literal.node {
                Node::Integer(integer) | Node::Duration(integer) => Some(*integer),
                Node::Day(day) => Some(i64::from(day.0)),
                Node::Flag(flag) => Some(i64::from(*flag)),
                _ => None,
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        Op::InNumbers(x, numbers)
    }
}
