//! The cluster (*cụm, khối thi đua*): its units, their dated membership and roles, and what sources say
//! about them. `docs/bundle.md` describes `cluster.toml`.

pub(crate) mod file;

use std::collections::BTreeSet;
use std::ops::Range;

use giaouoc_worktime::time::Day;

use crate::text::{Text, fold};

/// A cluster with all units its files speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The city's (province's) code, such as `H26`.
    pub city_code: String,
    /// The city's name.
    pub city: Text,
    /// The cluster's id, such as `cum-vi`.
    pub id: String,
    /// Its name on screen.
    pub name: Text,
    /// The decision that lists the members.
    pub decision: Option<Text>,
    /// Every unit, in the order of the city's decision. Order on screen, never A–Z.
    pub units: Vec<Unit>,
    /// Dated roles, in file order.
    pub memberships: Vec<Membership>,
    /// What sources say about the cluster; compared by [`crate::check`], never used for a figure.
    pub statements: Vec<Statement>,
    /// Who supplies a kind for whom, when it is not the unit itself.
    pub suppliers: Vec<Supplier>,
    /// Record files that need a mapping or a supplier.
    pub files: Vec<MappedFile>,
}

/// A unit (*đơn vị*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its identifier code as the State writes it, such as `H26.01`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// A shorter name for where there is little room; the name when none was given.
    pub short: Text,
    /// First day it existed.
    pub from: Option<Day>,
    /// Last day it existed.
    pub to: Option<Day>,
    /// Index of the unit that took over its work.
    pub successor: Option<usize>,
    /// Other names and codes seen in files.
    pub aliases: Vec<String>,
    /// Where `cluster.toml` defines it.
    pub span: Range<usize>,
}

impl Unit {
    /// Whether it existed on a day; a unit without dates always did.
    pub fn exists(&self, on: Day) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
}

/// A role in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Compared with the others: in the population of every target.
    Member,
    /// *Cụm trưởng*. Does not imply membership.
    Head,
    /// *Cụm phó*. Does not imply membership.
    Deputy,
}

/// A dated role of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Index of the unit.
    pub unit: usize,
    /// The role.
    pub role: Role,
    /// First day.
    pub from: Day,
    /// Last day; none: until further notice.
    pub to: Option<Day>,
    /// Where `cluster.toml` says so.
    pub span: Range<usize>,
}

impl Membership {
    /// Whether it holds on a day.
    pub fn holds(&self, on: Day) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

/// What a source says about the cluster on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The source, such as a newspaper and its date.
    pub source: Text,
    /// The day it speaks of.
    pub on: Day,
    /// How many units it counts.
    pub units: Option<i64>,
    /// Index of the unit it names as head.
    pub head: Option<usize>,
    /// Indices of the units it lists.
    pub listed: Option<Vec<usize>>,
    /// Where `cluster.toml` has it.
    pub span: Range<usize>,
}

/// Who supplies a kind for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplier {
    /// Index of the supplying unit.
    pub unit: usize,
    /// The kind's id.
    pub kind: String,
    /// Indices of the units it supplies for; none: every unit.
    pub subjects: Option<Vec<usize>>,
}

/// A records file that needs a mapping, or whose supplier is not the unit in its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedFile {
    /// Path in the bundle, such as `records/dossier-home-affairs.xlsx`.
    pub path: String,
    /// The kind's id.
    pub kind: String,
    /// Path of the mapping in the bundle, such as `maps/home-affairs.toml`.
    pub map: Option<String>,
    /// Index of the supplying unit.
    pub supplier: Option<usize>,
    /// Where `cluster.toml` names it.
    pub span: Range<usize>,
}

impl Cluster {
    /// Index of the unit with this code, exactly as written.
    pub fn unit(&self, code: &str) -> Option<usize> {
        self.units.iter().position(|unit| unit.code == code)
    }

    /// Index of the unit that a cell of a foreign file means: its code (without case or outer spaces),
    /// else its name, short name or an alias, compared without case, marks and spacing. Names that would
    /// mean two units are refused when `cluster.toml` is read, so an answer is never a guess.
    pub fn find_unit(&self, cell: &str) -> Option<usize> {
        let cell = cell.trim();
        let by_code = self.units.iter().position(|unit| unit.code.eq_ignore_ascii_case(cell));
        by_code.or_else(|| {
            let folded = fold(cell);
            if folded.is_empty() {
                return None;
            }
            self.units.iter().position(|unit| unit.names().any(|name| fold(name) == folded))
        })
    }

    /// Indices of the units with a role on a day, in the order of the city's decision.
    pub fn with_role(&self, role: Role, on: Day) -> Vec<usize> {
        let holding = self.memberships.iter().filter(|m| m.role == role && m.holds(on));
        let units: BTreeSet<usize> = holding.map(|m| m.unit).collect();
        units.into_iter().collect()
    }

    /// The members on a day, in the order of the city's decision: the rows of every scoreboard.
    pub fn members(&self, on: Day) -> Vec<&Unit> {
        self.with_role(Role::Member, on).into_iter().filter_map(|unit| self.units.get(unit)).collect()
    }

    /// The heads on a day. More than one is a question that [`crate::check`] asks.
    pub fn heads(&self, on: Day) -> Vec<&Unit> {
        self.with_role(Role::Head, on).into_iter().filter_map(|unit| self.units.get(unit)).collect()
    }
}

impl Unit {
    /// Every name it goes by, other than its code.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name.vi, &self.name.en, &self.short.vi, &self.short.en]
            .into_iter()
            .chain(&self.aliases)
            .map(String::as_str)
    }
}
