//! A small cluster for tests: bundles from text, records cell by cell, answers by the row evaluator.

use std::collections::BTreeMap;

use super::{AskSet, Breakdown, BreakdownPlan, Facts, Figure, Options, Plan, Scoreboard, Split, SplitCell};
use crate::ask::{Answer, Ask, Cell, Cells};
use crate::bundle::Bundle;
use crate::kind::Kind;
use crate::lang::{Context, Run};
use crate::period::{Part, Period};
use crate::text::Lang;
use crate::totals::TotalsRow;
use crate::value::Value;

/// Every unit holds two dialogues.
pub(super) const DIALOGUE: &str = r#"
[[target]]
id = "dialogue"
clause = "1"
name = "Đối thoại"
records = "dialogue"
measure = "count"
counted = "held_on in period"
goal = ">= 2"
force = "at least"
judged = "each unit"
"#;

/// Dialogues have signed minutes.
pub(super) const MINUTES: &str = r#"
[[target]]
id = "minutes"
clause = "1"
name = "Biên bản"
records = "dialogue"
counted = "held_on in period"
met = "minutes_signed_on is known"
goal = ">= 75 %"
force = "at least"
judged = "each unit"
"#;

const CLUSTER: &str = r#"
format = 1
[city]
code = "H26"
name = "Hà Nội"
[cluster]
id = "cum"
name = "Cụm"
"#;

const AGREEMENT: &str = r#"
format = 1
id = "giao-uoc"
year = 2020
title = "Giao ước"
period = "2020"
status = "in force"
"#;

/// A bundle and its records.
pub(crate) struct World {
    pub bundle: Bundle,
    rows: BTreeMap<&'static str, Vec<Vec<Value>>>,
}

fn kind(id: &str) -> &'static Kind {
    crate::kinds::find(id).unwrap()
}

impl World {
    /// Four units `U1` to `U4`, members all year; `head` stands before the tables of `agreement.toml`.
    pub(crate) fn new(head: &str, tables: &str, reports: &str) -> Self {
        Self::with_cluster("", head, tables, reports)
    }

    pub(crate) fn with_cluster(more: &str, head: &str, tables: &str, reports: &str) -> Self {
        let mut cluster = CLUSTER.to_owned();
        for n in 1..=4 {
            cluster.push_str(&format!(
                "[[unit]]\ncode = \"U{n}\"\nname = \"Đơn vị {n}\"\n[[membership]]\nunit = \"U{n}\"\nrole = \"member\"\nfrom = 2020-01-01\n"
            ));
        }
        cluster.push_str(more);
        let agreement = format!("{AGREEMENT}{head}\n[[clause]]\nnumber = \"1\"\ntext = \"Khoản\"\n{tables}");
        let calendar = "calendar = \"vn-public\"\n";
        Self { bundle: parse(&cluster, &agreement, calendar, reports), rows: BTreeMap::new() }
    }

    /// One more record.
    pub(crate) fn add(&mut self, id: &'static str, unit: &str, cells: &[(&str, &str)]) {
        let kind = kind(id);
        let rows = self.rows.entry(id).or_default();
        let mut values = vec![Value::Unknown; kind.columns.len()];
        values[kind.key] = Value::Text(format!("K{}", rows.len()));
        values[kind.unit] = Value::Text(unit.to_owned());
        let zone = self.bundle.calendars.default.zone();
        for (column, text) in cells {
            let at = kind.column(column).unwrap_or_else(|| panic!("{column}"));
            values[at] = crate::cell::parse(&kind.columns[at], text, zone).unwrap();
        }
        rows.push(values);
    }

    /// A bundle read elsewhere, without records.
    pub(crate) fn of(bundle: Bundle) -> Self {
        Self { bundle, rows: BTreeMap::new() }
    }

    /// Every record of a CSV file whose headers are column ids.
    pub(crate) fn read_csv(&mut self, id: &'static str, text: &str) {
        let kind = kind(id);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns: Vec<usize> =
            reader.headers().unwrap().iter().map(|header| kind.column(header).unwrap()).collect();
        let zone = self.bundle.calendars.default.zone().clone();
        for record in reader.records() {
            let mut values = vec![Value::Unknown; kind.columns.len()];
            for (cell, at) in record.unwrap().iter().zip(&columns) {
                if !cell.is_empty() {
                    values[*at] = crate::cell::parse(&kind.columns[*at], cell, &zone).unwrap();
                }
            }
            self.rows.entry(id).or_default().push(values);
        }
    }

    /// `count` dossiers of a unit finished on a day, on time or late.
    pub(crate) fn dossiers(&mut self, unit: &str, finished: &str, on_time: usize, late: usize) {
        for n in 0..on_time + late {
            let due = if n < on_time { "2030-01-01" } else { "2010-01-01" };
            self.add(
                "dossier",
                unit,
                &[("finished_at", finished), ("first_due_at", due), ("outcome", "granted")],
            );
        }
    }

    fn rows(&self, id: &str, unit: &str) -> Vec<&[Value]> {
        let column = kind(id).unit;
        let of_unit = |row: &&[Value]| row[column] == Value::Text(unit.to_owned());
        self.rows.get(id).into_iter().flatten().map(Vec::as_slice).filter(of_unit).collect()
    }

    fn cells(&self, ask: &Ask, units: &[String]) -> Cells {
        let cell = |period: &Period| -> Cell {
            let calendar = &self.bundle.calendars.default;
            let context = Context { kind: kind(&ask.rule.kind), period, as_of: ask.as_of, calendar };
            let rows: Vec<&[Value]> = units.iter().flat_map(|unit| self.rows(&ask.rule.kind, unit)).collect();
            let mut run = Run::new(&ask.rule);
            rows.into_iter().for_each(|row| run.add(row, &context).unwrap());
            let spread = if ask.spread { run.spread() } else { Vec::new() };
            Cell { spread, ..run.finish() }
        };
        let parts = ask.by.map(|part| ask.period.parts(part)).unwrap_or_default();
        Cells { whole: cell(&ask.period), parts: parts.iter().map(cell).collect() }
    }

    fn answer(&self, ask: &Ask, units: &[usize]) -> Answer {
        let codes: Vec<String> =
            units.iter().map(|unit| self.bundle.cluster.units[*unit].code.clone()).collect();
        let all = self.rows.get(ask.rule.kind.as_str()).map_or(0, Vec::len);
        let seen: usize = codes.iter().map(|code| self.rows(&ask.rule.kind, code).len()).sum();
        Answer {
            parts: ask.by.map(|part| ask.period.parts(part)).unwrap_or_default(),
            units: codes.iter().map(|code| self.cells(ask, std::slice::from_ref(code))).collect(),
            all: self.cells(ask, &codes),
            outside: (all - seen) as i64,
        }
    }

    pub(crate) fn score(&self, period: &str, as_of: &str) -> Scoreboard {
        self.score_with(period, as_of, &[])
    }

    pub(crate) fn score_with(
        &self,
        period: &str,
        as_of: &str,
        remaining: &[(&str, usize, i64)],
    ) -> Scoreboard {
        let plan = Plan::new(&self.bundle, &self.options(period, as_of));
        let (answers, totals) = (self.answers(&plan.sets), self.totals());
        let mut facts = Facts::new(&self.bundle.calendars);
        facts.totals = &totals;
        facts.remaining =
            remaining.iter().map(|(target, unit, open)| (((*target).to_owned(), *unit), *open)).collect();
        Scoreboard::build(&self.bundle, &plan, &answers, &facts)
    }

    /// Each cell by parts: unit, part, state, integers, grade, notes.
    pub(crate) fn split(&self, period: &str, as_of: &str, by: Part) -> Vec<String> {
        let plan = Plan::split(&self.bundle, &self.options(period, as_of), by);
        let (answers, totals) = (self.answers(&plan.sets), self.totals());
        let mut facts = Facts::new(&self.bundle.calendars);
        facts.totals = &totals;
        let line = |cell: SplitCell<'_>| {
            let notes: Vec<&str> = cell.notes.iter().map(|note| note.en.as_str()).collect();
            format!(
                "{} {} {} {:?} {} {:?} {}",
                cell.unit,
                cell.period.first,
                cell.period.last,
                cell.state,
                cell.amount.as_ref().map(|amount| amount.integers(Lang::En)).unwrap_or_default(),
                cell.grade,
                notes.join("; ")
            )
        };
        Split::new(&self.bundle, &plan, &answers, &facts).cells().map(line).collect()
    }

    /// The records behind every target's figures by columns of one kind.
    pub(crate) fn breakdowns(&self, period: &str, as_of: &str, id: &str, columns: &[&str]) -> Vec<Breakdown> {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        let columns = [(id.to_owned(), columns)].into();
        let plan = BreakdownPlan::new(&self.bundle, &self.options(period, as_of), &columns);
        plan.read(&self.bundle, &self.answers(&plan.sets))
    }

    fn options(&self, period: &str, as_of: &str) -> Options {
        Options {
            period: Some(Period::parse(period, &self.bundle.agreement.periods).unwrap()),
            as_of: Some(as_of.parse().unwrap()),
            targets: None,
        }
    }

    fn answers(&self, sets: &[AskSet]) -> Vec<Vec<Answer>> {
        let set = |set: &AskSet| set.asks.iter().map(|ask| self.answer(ask, &set.units)).collect();
        sets.iter().map(set).collect()
    }

    fn totals(&self) -> Vec<TotalsRow> {
        let row =
            |row: &Vec<Value>| TotalsRow::new(kind("totals"), &self.bundle.cluster, row.clone()).unwrap();
        self.rows.get("totals").into_iter().flatten().map(row).collect()
    }
}

/// A bundle from its texts; panics with every problem.
pub(crate) fn parse(cluster: &str, agreement: &str, calendar: &str, reports: &str) -> Bundle {
    let texts = [
        ("cluster.toml", cluster),
        ("agreement.toml", agreement),
        ("calendar.toml", calendar),
        ("reports.toml", reports),
    ];
    let texts: BTreeMap<String, Vec<u8>> =
        texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let (bundle, problems) = Bundle::parse(&texts, &[], crate::kinds::builtin());
    bundle.unwrap_or_else(|| {
        let said: Vec<String> =
            problems.iter().map(|p| format!("{} {:?} {} {:?}", p.file, p.span, p.message, p.help)).collect();
        panic!("{}", said.join("\n"))
    })
}

/// The figure of a unit (by position) for a target.
pub(crate) fn figure<'b>(board: &'b Scoreboard, target: &str, unit: usize) -> &'b Figure {
    let line = board.targets.iter().find(|line| line.target == target).unwrap();
    line.figures[unit].as_ref().unwrap()
}
