//! `giaouoc diff`: what moved each figure between two known times.

mod moved;
mod text;

use giaouoc_agreement::figure::Verdict;
use giaouoc_agreement::scoreboard::{Figure, Line, Options, Scoreboard, Subject};
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
    /// The last entry that was known first, as `--from` names it; nothing when none was.
    pub from: Option<u64>,
    /// The last entry that was known then, as `--to` names it.
    pub to: Option<u64>,
    /// Figures that are different or no more, or that some record moved without changing them in sum.
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
    /// The figure of the records that were known first under the texts of then, where the bundle's texts changed and
    /// that alone moved it. What the entries did comes on top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_texts: Option<Figure>,
    /// The figure as it is; nothing when the target or the unit is no more.
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
    let of = |loaded: &Loaded| target.filter(|id| loaded.bundle.agreement.target(id).is_some());
    // A target that is no more has figures of then; one that never was is refused.
    let to_options = options(&after, &to, if of(&before).is_some() { of(&after) } else { target })?;
    // The same day for both: what moved is what became known, not the calendar.
    let as_of = to_options.as_of;
    let mut from_options = options(&before, &from, of(&before))?;
    from_options.as_of = from_options.as_of.or(as_of);
    let mut old = board(&before, &from_options, cores(), screen)?.scoreboard;
    let mut new = board(&after, &to_options, cores(), screen)?.scoreboard;
    for board in [&mut old, &mut new] {
        board.targets.retain(|line| target.is_none_or(|id| line.target == id));
    }
    let only =
        args.unit.as_deref().map(|unit| after.unit(unit).or_else(|_| before.unit(unit)).map(|at| (unit, at)));
    let only = only.transpose()?.map(|(unit, at)| {
        let cluster = if after.unit(unit).is_ok() { &after.bundle.cluster } else { &before.bundle.cluster };
        Subject::Unit(cluster.units[at].code.clone())
    });
    let is_asked = |subject: &Subject| only.as_ref().is_none_or(|only| subject == only);
    let texts = texts(&after, first, last);
    let mid =
        (!texts.is_empty()).then(|| with_texts_of(&after, first, &to_options, args, screen)).transpose()?;
    let mut moves = moved::moved(&after, &to_options, (first, last))?;
    let mut figures = Vec::new();
    for line in &new.targets {
        for (subject, figure) in subjects(line).into_iter().filter(|(subject, _)| is_asked(subject)) {
            let earlier = found(&old, &line.target, &subject);
            let by_texts = mid.as_ref().and_then(|mid| found(mid, &line.target, &subject));
            let by_texts = by_texts.filter(|mid| !earlier.is_some_and(|earlier| same(earlier, mid)));
            let entries = moves.take(&line.target, &subject);
            let nothing = match earlier {
                Some(earlier) => same(earlier, figure) && by_texts.is_none(),
                None => is_silent(figure),
            };
            if nothing && entries.is_empty() {
                continue;
            }
            figures.push(Moved {
                target: line.target.clone(),
                before: earlier.cloned(),
                by_texts: by_texts.cloned(),
                after: Some(figure.clone()),
                subject,
                entries,
            });
        }
    }
    for line in &old.targets {
        for (subject, figure) in subjects(line).into_iter().filter(|(subject, _)| is_asked(subject)) {
            if found(&new, &line.target, &subject).is_none() {
                let (target, before) = (line.target.clone(), Some(figure.clone()));
                let entries = moves.take(&target, &subject);
                if is_silent(figure) && entries.is_empty() {
                    continue;
                }
                figures.push(Moved { target, subject, before, by_texts: None, after: None, entries });
            }
        }
    }
    let difference = Difference { from: first.checked_sub(1), to: last.checked_sub(1), figures, texts };
    let out = match args.format {
        DiffFormat::Json => {
            let json = serde_json::to_string_pretty(&difference);
            json.map_err(|error| {
                Fault::System(giaouoc_agreement::text::Text::new(error.to_string(), error.to_string()))
            })? + "\n"
        }
        DiffFormat::Table => text::render(&difference, [&old, &new], &after, screen),
    };
    print(screen, &out)
}

/// How many entries a bundle knows.
fn head(loaded: &Loaded) -> u64 {
    loaded.journal.as_ref().map_or(0, |held| held.head)
}

/// The figures that the records known before entry `head` come to under texts of later.
fn with_texts_of(
    after: &Loaded,
    head: u64,
    options: &Options,
    args: &Diff,
    screen: &Screen,
) -> Outcome<Scoreboard> {
    let known = after.journal.as_ref().and_then(|held| held.head.checked_sub(1)).unwrap_or_default();
    let mut mid = bundle::load_at(&args.bundle, Some(&known.to_string()))?;
    if let Some(held) = &mut mid.journal {
        held.head = head;
    }
    Ok(board(&mid, options, cores(), screen)?.scoreboard)
}

/// Whether a figure came or went without having said anything: where there are no data, nothing moved.
fn is_silent(figure: &Figure) -> bool {
    figure.verdict == Verdict::NoData
}

/// Whether two figures say the same.
fn same(one: &Figure, other: &Figure) -> bool {
    (&one.amount, one.verdict, one.grade) == (&other.amount, other.verdict, other.grade)
}

/// The figure of a board for a target and a subject.
fn found<'b>(board: &'b Scoreboard, target: &str, subject: &Subject) -> Option<&'b Figure> {
    let line = board.targets.iter().find(|line| line.target == target)?;
    subjects(line).into_iter().find(|(other, _)| other == subject).map(|(_, figure)| figure)
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
