//! `giaouoc diff`: what moved each figure between two known times.

mod moved;
mod text;

use giaouoc_agreement::scoreboard::{Figure, Line, Subject};
use serde::Serialize;

use crate::bundle::{self, Loaded};
use crate::cli::{Diff, DiffFormat, Scope};
use crate::fault::{Fault, Outcome};
use crate::journal::{Held, list};
use crate::score::{board, cores, options, print};
use crate::screen::Screen;

/// A difference, as `--format json` gives it.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// Entries before this number were known first.
    pub from: u64,
    /// Entries before this number were known then.
    pub to: u64,
    /// Figures that are different, or that some record moved without changing them in sum.
    pub figures: Vec<Moved>,
    /// Texts of the bundle that changed in between.
    pub texts: Vec<Change>,
}

/// A figure at both times.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// The target's id.
    pub target: String,
    /// The unit's code, or `all`.
    pub subject: Subject,
    /// The figure as it was.
    pub before: Option<Figure>,
    /// The figure as it is.
    pub after: Option<Figure>,
    /// The entries that moved it, in order.
    pub entries: Vec<moved::ByEntry>,
}

/// An entry that changed a text.
#[derive(Debug, Serialize)]
pub struct Change {
    /// Its number.
    pub entry: u64,
    /// When it was made, UTC.
    pub at: String,
    /// The text's path.
    pub path: String,
    /// The reason given.
    pub reason: Option<String>,
    /// What changed in it.
    pub tells: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Diff, screen: &Screen) -> Outcome {
    let scope = |known_at: Option<&String>| Scope {
        bundle: args.bundle.clone(),
        period: args.period.clone(),
        as_of: args.as_of.clone(),
        known_at: known_at.cloned(),
    };
    let (from, to) = (scope(Some(&args.from)), scope(args.to.as_ref()));
    let before = bundle::load_at(&args.bundle, from.known_at.as_deref())?;
    let mut after = bundle::load_at(&args.bundle, to.known_at.as_deref())?;
    let (first, last) = (head(&before), head(&after));
    if first > last {
        return Err(Fault::input("--from muộn hơn --to", "--from is later than --to"));
    }
    if args.to.is_none() {
        // Now means what the journal has: texts that were changed and not recorded are no part of it.
        after = bundle::load_at(&args.bundle, Some(&last.saturating_sub(1).to_string()))?;
    }
    let target = args.target.as_deref();
    let to_options = options(&after, &to, target)?;
    // The same day for both: what moved is what became known, not the calendar.
    let as_of = to_options.as_of;
    let mut from_options =
        options(&before, &from, target.filter(|id| before.bundle.agreement.target(id).is_some()))?;
    from_options.as_of = from_options.as_of.or(as_of);
    let mut old = board(&before, &from_options, cores(), screen)?.scoreboard;
    let new = board(&after, &to_options, cores(), screen)?.scoreboard;
    old.targets.retain(|line| target.is_none_or(|id| line.target == id));
    let only = args.unit.as_deref().map(|unit| after.unit(unit)).transpose()?;
    let only = only.map(|unit| after.bundle.cluster.units[unit].code.clone());
    let mut moves = moved::moved(&after, &to_options, (first, last))?;
    let mut figures = Vec::new();
    for line in &new.targets {
        let earlier = old.targets.iter().find(|earlier| earlier.target == line.target);
        for (subject, after_figure) in subjects(line) {
            if only.as_ref().is_some_and(|code| subject != Subject::Unit(code.clone())) {
                continue;
            }
            let before_figure = earlier.and_then(|earlier| {
                subjects(earlier).into_iter().find(|(other, _)| *other == subject).map(|(_, figure)| figure)
            });
            let entries = moves.take(&line.target, &subject);
            let same = before_figure.is_some_and(|before| {
                (&before.amount, before.verdict, before.grade)
                    == (&after_figure.amount, after_figure.verdict, after_figure.grade)
            });
            if !same || !entries.is_empty() {
                figures.push(Moved {
                    target: line.target.clone(),
                    subject,
                    before: before_figure.cloned(),
                    after: Some(after_figure.clone()),
                    entries,
                });
            }
        }
    }
    let difference = Difference { from: first, to: last, figures, texts: texts(&after, first, last) };
    let out = match args.format {
        DiffFormat::Json => {
            let json = serde_json::to_string_pretty(&difference);
            json.map_err(|error| {
                Fault::System(giaouoc_agreement::text::Text::new(error.to_string(), error.to_string()))
            })? + "\n"
        }
        DiffFormat::Table => text::render(&difference, &new, &after, screen),
    };
    print(screen, &out)
}

/// How many entries a bundle knows.
fn head(loaded: &Loaded) -> u64 {
    loaded.journal.as_ref().map_or(0, |held| held.head)
}

/// The figures of a line with whose they are.
fn subjects(line: &Line) -> Vec<(Subject, &Figure)> {
    line.figures
        .iter()
        .flatten()
        .chain(&line.together)
        .map(|figure| (figure.subject.clone(), figure))
        .collect()
}

fn texts(loaded: &Loaded, from: u64, to: u64) -> Vec<Change> {
    let Some(Held { journal, .. }) = &loaded.journal else { return Vec::new() };
    let entries = journal.entries().iter().filter(|entry| (from..to).contains(&entry.number));
    let changed = entries.filter_map(|entry| match &entry.what {
        giaouoc_journal::What::Text(text) => Some(Change {
            entry: entry.number,
            at: entry.at.to_string(),
            path: text.path.clone(),
            reason: entry.reason.clone(),
            tells: text.tells.clone(),
        }),
        _ => None,
    });
    changed.collect()
}

/// The time of an entry for a person.
fn time(loaded: &Loaded, entry: u64) -> String {
    let found = loaded.journal.as_ref().and_then(|held| held.journal.entries().get(entry));
    found.map_or_else(String::new, |entry| list::shown(entry.at, loaded.calendars.default.zone()))
}
