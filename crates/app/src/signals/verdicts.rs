//! Units' verdicts before and after an entry that flips records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use giaouoc_agreement::figure::Verdict;
use giaouoc_agreement::problem::Severity;
use giaouoc_agreement::scoreboard::Options;
use giaouoc_agreement::text::Text;

use crate::bundle;
use crate::cli::Signals;
use crate::fault::{Fault, Outcome};
use crate::render::board::Board;
use crate::score::{board, cores};
use crate::screen::Screen;

/// Entries whose units' verdicts are computed before and after, the newest ones.
const JUDGED: usize = 20;

/// The units' verdicts that an entry with flips turned, in words, by unit; and where that cannot be told, why.
pub(super) fn verdicts(
    entries: &BTreeMap<u64, BTreeSet<usize>>,
    units: &[String],
    args: &Signals,
    screen: &Screen,
) -> HashMap<String, Vec<Text>> {
    let mut said: HashMap<String, Vec<Text>> = HashMap::new();
    let at = |number: u64| -> Outcome<Board> {
        let loaded = bundle::load_at(&args.scope.bundle, Some(&number.to_string()))?;
        board(&loaded, &Options::default(), cores(), screen)
    };
    let newest = entries.iter().rev().filter(|(number, _)| **number > 0).take(JUDGED);
    for (number, flipped) in newest {
        let both = at(number - 1).and_then(|before| Ok((before, at(*number)?)));
        match both {
            Ok((before, after)) => turned(*number, &before, &after, &mut said),
            Err(fault) => {
                let why = reason(&fault);
                let text = Text::new(
                    format!(
                        "mục {number}: chưa tính lại được kết quả của đơn vị trước và sau mục này: {}",
                        why.vi
                    ),
                    format!(
                        "entry {number}: the unit's verdict before and after it could not be computed: {}",
                        why.en
                    ),
                );
                for code in flipped.iter().filter_map(|unit| units.get(*unit)) {
                    said.entry(code.clone()).or_default().push(text.clone());
                }
            }
        }
    }
    said
}

/// Verdicts that differ between two scoreboards, in words, by unit.
fn turned(number: u64, before: &Board, after: &Board, said: &mut HashMap<String, Vec<Text>>) {
    for (was, is) in before.scoreboard.targets.iter().zip(&after.scoreboard.targets) {
        let pairs = was.figures.iter().zip(&is.figures).zip(&after.scoreboard.units);
        for ((was, now), unit) in pairs {
            let (Some(was), Some(now)) = (was, now) else { continue };
            let judged = |verdict| matches!(verdict, Verdict::Met | Verdict::NotMet);
            if was.verdict != now.verdict && judged(was.verdict) && judged(now.verdict) {
                let (old, new) = (was.verdict.words(), now.verdict.words());
                said.entry(unit.code.clone()).or_default().push(Text::new(
                    format!(
                        "mục {number}: kết quả của đơn vị ở {} từ {} thành {}",
                        is.target, old.vi, new.vi
                    ),
                    format!(
                        "entry {number}: the unit's verdict in {} went from {} to {}",
                        is.target, old.en, new.en
                    ),
                ));
            }
        }
    }
}

/// A fault in one sentence: of a bundle that is wrong the first thing that is.
fn reason(fault: &Fault) -> Text {
    match fault {
        Fault::Input(text) | Fault::System(text) => text.clone(),
        Fault::Bundle { problems, .. } => {
            let worst = problems.iter().find(|problem| problem.severity == Severity::Error);
            worst.or(problems.first()).map_or_else(
                || Text::same(""),
                |problem| {
                    let (file, message) = (&problem.file, &problem.message);
                    Text::new(format!("{file}: {}", message.vi), format!("{file}: {}", message.en))
                },
            )
        }
        Fault::No => Text::same(""),
    }
}
