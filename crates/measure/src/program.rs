//! The fused column program: every rule of a plan as one list of operations over registers, where a part
//! that two rules share stands once. Its text form is stable and is what reviewers see when a meaning moves.

use std::collections::HashMap;
use std::fmt;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Arithmetic, Compare, Function, Type};
use giaouoc_worktime::Day;

/// A register: the result of one operation, one value a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reg(pub(crate) u32);

impl Reg {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One operation. Operands are registers of earlier operations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// A column of the kind as the batch has it.
    Column(usize),
    /// A literal; also `as_of`, `period.start` and `period.end`, which are days by now.
    Flag(bool),
    Integer(i64),
    Text(String),
    Day(Day),
    Duration(i64),
    /// The day (or the moment's local day) lies after the given one. Unknown counts as no.
    After(Reg, Day),
    /// `day(x) > D` of a moment, without working out the day.
    Past(Reg, Day),
    /// The value, unknown where the flag is set: what `as_of` does to a column.
    Hide(Reg, Reg),
    Not(Reg),
    And(Vec<Reg>),
    Or(Vec<Reg>),
    Compare(Compare, Reg, Reg),
    /// Flags (as 0 and 1), integers and days (as days since 1970) against literals, sorted.
    InNumbers(Reg, Vec<i64>),
    InTexts(Reg, Vec<String>),
    /// The local day lies in the range, both ends included.
    InDays(Reg, Day, Day),
    IsKnown(Reg),
    Negate(Reg),
    Arithmetic(Arithmetic, Reg, Reg),
    Call(Function, Vec<Reg>),
    /// Set where counted and met; unknown where counted and met unknown.
    Among(Reg, Reg),
    /// Set where counted and the value known; unknown where counted and the value unknown.
    Having(Reg, Reg),
    /// Set where `counted` is unknown, or would be set but for the second register, which is unknown.
    Doubtful(Reg, Option<Reg>),
    /// Set where the first is unknown (or set, when so marked) and the column unknown.
    Missing {
        rows: Reg,
        unknown: bool,
        column: Reg,
    },
    /// The moment, unknown where only its day is known.
    Precise(Reg),
    /// Working seconds before the moment, by its unit's calendar.
    Position(Reg),
    /// `work_minutes(from, to)`: the moments, and their positions.
    WorkMinutes([Reg; 2], [Reg; 2]),
    /// `add_working_minutes(from, n)` and the like: the moment, its position, n, and the seconds of one n.
    AddWork([Reg; 3], i64),
    /// Working minutes between two moments less pauses; a pause still open lasts to the end of the day.
    NetMinutes([Reg; 3], Day),
}

impl Op {
    /// The registers that it reads.
    pub(crate) fn operands(&self) -> Vec<Reg> {
        match self {
            Self::Column(_)
            | Self::Flag(_)
            | Self::Integer(_)
            | Self::Text(_)
            | Self::Day(_)
            | Self::Duration(_) => Vec::new(),
            Self::After(a, _)
            | Self::Past(a, _)
            | Self::Not(a)
            | Self::InNumbers(a, _)
            | Self::InTexts(a, _)
            | Self::InDays(a, _, _)
            | Self::IsKnown(a)
            | Self::Negate(a)
            | Self::Precise(a)
            | Self::Position(a) => vec![*a],
            Self::Hide(a, b)
            | Self::Compare(_, a, b)
            | Self::Arithmetic(_, a, b)
            | Self::Among(a, b)
            | Self::Having(a, b)
            | Self::Missing { rows: a, column: b, .. } => vec![*a, *b],
            Self::NetMinutes(list, _) | Self::AddWork(list, _) => list.to_vec(),
            Self::WorkMinutes(moments, positions) => [*moments, *positions].concat(),
            Self::And(list) | Self::Or(list) | Self::Call(_, list) => list.clone(),
            Self::Doubtful(counted, split) => [Some(*counted), *split].into_iter().flatten().collect(),
        }
    }
}

/// The operations of a plan in the order in which they run.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub(crate) ops: Vec<Op>,
    pub(crate) types: Vec<Type>,
    /// For each operation the registers whose last reader it is.
    pub(crate) spent: Vec<Vec<Reg>>,
    /// Ids of the kind's columns, for the text form.
    columns: Vec<String>,
    index: HashMap<Op, Reg>,
}

impl Program {
    pub(crate) fn new(kind: &Kind) -> Self {
        Self { columns: kind.columns.iter().map(|column| column.id.clone()).collect(), ..Self::default() }
    }

    /// The register of an operation: the old one if the same operation stands already.
    pub(crate) fn add(&mut self, op: Op, ty: Type) -> Reg {
        if let Some(reg) = self.index.get(&op) {
            return *reg;
        }
        let reg = Reg(self.ops.len() as u32);
        self.index.insert(op.clone(), reg);
        self.ops.push(op);
        self.types.push(ty);
        reg
    }

    /// The register of an operation that stands already.
    pub(crate) fn standing(&self, op: &Op) -> Option<Reg> {
        self.index.get(op).copied()
    }

    /// The type of a register.
    pub(crate) fn ty(&self, reg: Reg) -> Type {
        self.types[reg.index()]
    }

    /// Indices of the kind's columns that it reads, in order.
    pub(crate) fn reads(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self
            .ops
            .iter()
            .filter_map(|op| if let Op::Column(column) = op { Some(*column) } else { None })
            .collect();
        columns.sort_unstable();
        columns
    }

    /// The columns that are read only to see what `as_of` hides, given the registers read by others.
    pub(crate) fn only_hiding(&self, kept: &[Reg]) -> Vec<usize> {
        let read = |reg: Reg| {
            kept.contains(&reg)
                || self.ops.iter().any(|op| !matches!(op, Op::After(..)) && op.operands().contains(&reg))
        };
        let columns = self.ops.iter().enumerate().filter_map(|(at, op)| match op {
            Op::Column(column) if !read(Reg(at as u32)) => Some(*column),
            _ => None,
        });
        columns.collect()
    }

    /// The column and the day of an operation that tests what `as_of` hides.
    pub(crate) fn hiding(&self, op: &Op) -> Option<(usize, Day)> {
        match op {
            Op::After(reg, day) => match self.ops[reg.index()] {
                Op::Column(column) => Some((column, *day)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it asks for positions in working time.
    pub(crate) fn works(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::Position(_)))
    }

    /// Notes after which operation each register is free, `kept` never.
    pub(crate) fn finish(&mut self, kept: &[Reg]) {
        let mut last: Vec<Option<usize>> = (0..self.ops.len()).map(Some).collect();
        for (at, op) in self.ops.iter().enumerate() {
            for reg in op.operands() {
                last[reg.index()] = Some(at);
            }
        }
        for reg in kept {
            last[reg.index()] = None;
        }
        self.spent = vec![Vec::new(); self.ops.len()];
        for (reg, at) in last.into_iter().enumerate() {
            if let Some(at) = at {
                self.spent[at].push(Reg(reg as u32));
            }
        }
        self.index.clear();
    }

    fn column(&self, column: usize) -> &str {
        self.columns.get(column).map_or("?", String::as_str)
    }
}

impl fmt::Display for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

/// Writes items with something between them.
fn joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (op, ty)) in self.ops.iter().zip(&self.types).enumerate() {
            write!(f, "r{at} : {} = ", format!("{ty:?}").to_lowercase())?;
            match op {
                Op::Column(column) => write!(f, "{}", self.column(*column))?,
                Op::Flag(flag) => write!(f, "{flag}")?,
                Op::Integer(integer) => write!(f, "{integer}")?,
                Op::Text(text) => f.write_str(&quoted(text))?,
                Op::Day(day) => write!(f, "{day}")?,
                Op::Duration(micros) => write!(f, "{micros} us")?,
                Op::After(a, day) => write!(f, "day({a}) after {day}")?,
                Op::Past(a, day) => write!(f, "day({a}) > {day}")?,
                Op::Hide(a, b) => write!(f, "{a} hidden where {b}")?,
                Op::Not(a) => write!(f, "not {a}")?,
                Op::And(list) => joined(f, list, " and ")?,
                Op::Or(list) => joined(f, list, " or ")?,
                Op::Compare(compare, a, b) => {
                    let sign = match compare {
                        Compare::Eq => "=",
                        Compare::Ne => "!=",
                        Compare::Lt => "<",
                        Compare::Le => "<=",
                        Compare::Gt => ">",
                        Compare::Ge => ">=",
                    };
                    write!(f, "{a} {sign} {b}")?;
                }
                Op::InNumbers(a, list) => {
                    write!(f, "{a} in (")?;
                    joined(f, list, ", ")?;
                    f.write_str(")")?;
                }
                Op::InTexts(a, list) => {
                    write!(f, "{a} in (")?;
                    joined(f, &list.iter().map(|text| quoted(text)).collect::<Vec<_>>(), ", ")?;
                    f.write_str(")")?;
                }
                Op::InDays(a, first, last) => write!(f, "day({a}) in {first}..{last}")?,
                Op::IsKnown(a) => write!(f, "{a} is known")?,
                Op::Negate(a) => write!(f, "-{a}")?,
                Op::Arithmetic(arithmetic, a, b) => {
                    let sign = match arithmetic {
                        Arithmetic::Add => "+",
                        Arithmetic::Sub => "-",
                        Arithmetic::Mul => "*",
                    };
                    write!(f, "{a} {sign} {b}")?;
                }
                Op::Call(function, list) => {
                    write!(f, "{}(", function.name())?;
                    joined(f, list, ", ")?;
                    if let Function::Day(Some(zone)) = function {
                        write!(f, ", {}", quoted(zone))?;
                    }
                    f.write_str(")")?;
                }
                Op::Among(a, b) => write!(f, "among {a}: {b}")?,
                Op::Having(a, b) => write!(f, "among {a}: {b} has a value")?,
                Op::Doubtful(counted, None) => write!(f, "{counted} in doubt")?,
                Op::Doubtful(counted, Some(split)) => write!(f, "{counted} in doubt, or only {split}")?,
                Op::Missing { rows, unknown: true, column } => {
                    write!(f, "{rows} unknown and {column} missing")?
                }
                Op::Missing { rows, unknown: false, column } => write!(f, "{rows} and {column} missing")?,
                Op::Precise(a) => write!(f, "instant of {a}")?,
                Op::Position(a) => write!(f, "position of {a}")?,
                Op::WorkMinutes(_, [from, to]) => write!(f, "minutes from {from} to {to}")?,
                Op::AddWork([_, position, n], unit) => write!(f, "instant at {position} + {n} * {unit} s")?,
                Op::NetMinutes([from, to, pauses], day) => {
                    write!(f, "work_minutes({from}, {to}, {pauses} open until the end of {day})")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
