//! Comparing units (*so sánh giữa các đơn vị*): where each stands among the others, how far chance alone could
//! carry a share resting on so few cases, who cannot be told apart, and where a rival lawful definition turns a
//! verdict or the order. It is read beside the scoreboard and touches no verdict.
//!
//! A cluster ranks its units. A rank over three dossiers is a number like any other unless the page says so;
//! this module makes the page say so.

mod interval;
mod order;
mod words;

use serde::Serialize;

pub use self::interval::Interval;
use self::interval::{tied, wilson};
use self::order::{ahead, places};
use crate::figure::{Amount, Grade, Verdict};
use crate::scoreboard::{Figure, Line, Scoreboard};
use crate::text::Text;

/// Units beyond this number are not held against each other in pairs: a rank among thousands says little, and
/// the pairs would take longer than the measuring.
pub const MOST_PAIRED: usize = 1_000;

/// How much is put down to chance, and how few cases are said aloud: a dated data file's numbers
/// (`data/rules/compare.toml`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The quantile of the standard normal distribution for the interval's confidence, in thousandths: 1960 for
    /// 95 %.
    pub z_thousandths: u32,
    /// Fewer cases than this are said beside the rank, where the agreement itself has no `min_cases`.
    pub few: i64,
}

/// One target's units beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The target's id.
    pub target: String,
    /// Whether a higher figure is better; nothing where the goal is a level to be hit, and then nobody has a place.
    pub higher_is_better: Option<bool>,
    /// The units that have a figure, in the board's order.
    pub standings: Vec<Standing>,
    /// What each rival definition does to verdicts and order, in the agreement's order.
    pub lenses: Vec<LensOrder>,
    /// Whether pairs were looked at: not beyond [`MOST_PAIRED`] units.
    pub paired: bool,
}

/// One unit among the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its row in the board.
    pub row: usize,
    /// The figure.
    pub amount: Amount,
    /// The verdict, as on the board.
    pub verdict: Verdict,
    /// How far chance alone could carry a share over so many cases (Wilson); only for shares.
    pub interval: Option<Interval>,
    /// Whether the goal's level lies within the interval: the verdict holds, but a few cases more or less would
    /// turn it.
    pub goal_within: bool,
    /// The number of cases is small: below the agreement's own `min_cases`, else below [`Terms::few`].
    pub few: bool,
    /// Its place; nothing where there is no order, and none below the agreement's `min_cases`.
    pub place: Option<Place>,
    /// Rows that it cannot be told apart from, though their figures differ: the difference of the two shares
    /// lies within chance (Newcombe).
    pub tied: Vec<usize>,
}

/// A place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// By the figure alone, from 1; equal figures share a place.
    pub at: usize,
    /// One more than the units that are ahead beyond chance.
    pub best: usize,
    /// The last place it may have, when all it is tied with are ahead of it.
    pub worst: usize,
}

/// What a rival definition does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LensOrder {
    /// The lens's id.
    pub lens: String,
    /// Its name.
    pub name: Text,
    /// One for each standing.
    pub cells: Vec<LensCell>,
    /// Pairs of rows whose order it turns: the first is ahead under the agreement, the second under the lens.
    pub swaps: Vec<(usize, usize)>,
}

/// A unit under a rival definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LensCell {
    /// Its figure; nothing where the unit's figure does not rest on records.
    pub amount: Option<Amount>,
    /// Its place under the lens, among the units that have a figure under it.
    pub place: Option<usize>,
    /// Its place under the agreement among the very same units.
    pub own_place: Option<usize>,
    /// Whether the verdict would turn.
    pub flips: bool,
}

impl Comparison {
    /// The comparison of a line of the board; nothing where fewer than two units have a figure.
    pub fn new(line: &Line, terms: Terms) -> Option<Self> {
        let higher_is_better = line.goal.goal.op.higher_is_better();
        let held: Vec<(usize, &Figure, &Amount)> = line
            .figures
            .iter()
            .enumerate()
            .filter_map(|(row, figure)| {
                let figure = figure.as_ref()?;
                Some((row, figure, figure.amount.as_ref().filter(|amount| amount.has_value())?))
            })
            .collect();
        if held.len() < 2 {
            return None;
        }
        let paired = held.len() <= MOST_PAIRED;
        let intervals: Vec<Option<Interval>> =
            held.iter().map(|(_, _, amount)| wilson(amount, terms.z_thousandths)).collect();
        // Below the agreement's own number of cases nobody is judged, so nobody is placed either.
        let placed = |at: usize| held.get(at).is_some_and(|(_, figure, _)| figure.below_min_cases.is_none());
        let apart = |a: usize, b: usize| {
            let (one, other) = (held.get(a)?, held.get(b)?);
            let before = ahead(one.2, other.2, higher_is_better?);
            let within = match (intervals.get(a)?, intervals.get(b)?) {
                (Some(mine), Some(theirs)) => before && tied(one.2, *mine, other.2, *theirs),
                _ => false,
            };
            Some((before, within))
        };
        let mut standings = Vec::with_capacity(held.len());
        for (at, (row, figure, amount)) in held.iter().enumerate() {
            let mut tied_with = Vec::new();
            let (mut before, mut surely_before, mut not_surely_behind) = (0, 0, 0);
            if paired && placed(at) {
                for other in (0..held.len()).filter(|other| *other != at && placed(*other)) {
                    let (theirs, their_chance) = apart(other, at).unwrap_or((false, false));
                    let (mine, my_chance) = apart(at, other).unwrap_or((false, false));
                    before += usize::from(theirs);
                    surely_before += usize::from(theirs && !their_chance);
                    not_surely_behind += usize::from(!mine || my_chance);
                    if their_chance || my_chance {
                        tied_with.extend(held.get(other).map(|(row, _, _)| *row));
                    }
                }
            }
            let place = (paired && placed(at) && higher_is_better.is_some()).then_some(Place {
                at: before + 1,
                best: surely_before + 1,
                worst: not_surely_behind + 1,
            });
            let interval = intervals.get(at).copied().flatten();
            let few =
                figure.below_min_cases.is_some() || amount.cases().is_some_and(|cases| cases < terms.few);
            standings.push(Standing {
                row: *row,
                amount: (*amount).clone(),
                verdict: figure.verdict,
                goal_within: interval.is_some_and(|interval| interval.holds(&line.goal.goal)),
                interval,
                few,
                place,
                tied: tied_with,
            });
        }
        let figures: Vec<&Figure> = held.iter().map(|(_, figure, _)| *figure).collect();
        let lenses = lenses(&figures, &standings, higher_is_better.filter(|_| paired));
        Some(Self { target: line.target.clone(), higher_is_better, standings, lenses, paired })
    }
}

/// The comparison of every line that has one, with the line's position in the board.
pub fn comparisons(board: &Scoreboard, terms: Terms) -> Vec<(usize, Comparison)> {
    let lines = board.targets.iter().enumerate();
    lines.filter_map(|(at, line)| Some((at, Comparison::new(line, terms)?))).collect()
}

fn lenses(figures: &[&Figure], standings: &[Standing], higher: Option<bool>) -> Vec<LensOrder> {
    let mut ids: Vec<(&str, &Text)> = Vec::new();
    for lens in figures.iter().flat_map(|figure| &figure.lenses) {
        if !ids.iter().any(|(id, _)| *id == lens.lens) {
            ids.push((&lens.lens, &lens.name));
        }
    }
    ids.into_iter()
        .map(|(id, name)| {
            let found = |figure: &Figure| {
                let lens = figure.lenses.iter().find(|lens| lens.lens == id)?;
                // Totals have no lenses, so such a unit cannot be put beside the others here.
                (figure.grade == Grade::Records && lens.amount.has_value()).then(|| lens.clone())
            };
            let under: Vec<_> = figures.iter().map(|figure| found(figure)).collect();
            let comparable = |at: usize| {
                standings.get(at).is_some_and(|standing| standing.place.is_some())
                    && under.get(at).is_some_and(Option::is_some)
            };
            let amounts = |own: bool| -> Vec<Option<&Amount>> {
                let one = |at: usize| {
                    let theirs = under.get(at)?.as_ref().map(|lens| &lens.amount);
                    let mine = standings.get(at).map(|standing| &standing.amount);
                    (if own { mine } else { theirs }).filter(|_| comparable(at))
                };
                (0..standings.len()).map(one).collect()
            };
            let (own, theirs) = (amounts(true), amounts(false));
            let mut swaps = Vec::new();
            if let Some(higher) = higher {
                for (a, one) in standings.iter().enumerate() {
                    for (b, other) in standings.iter().enumerate() {
                        let pair = |list: &[Option<&Amount>], x: usize, y: usize| {
                            let (x, y) = (list.get(x).copied().flatten(), list.get(y).copied().flatten());
                            x.zip(y).is_some_and(|(x, y)| ahead(x, y, higher))
                        };
                        if pair(&own, a, b) && pair(&theirs, b, a) {
                            swaps.push((one.row, other.row));
                        }
                    }
                }
            }
            let (own_places, places) = (places(&own, higher), places(&theirs, higher));
            let cells = under.iter().enumerate().map(|(at, lens)| LensCell {
                amount: lens.as_ref().map(|lens| lens.amount.clone()),
                place: places.get(at).copied().flatten(),
                own_place: own_places.get(at).copied().flatten(),
                flips: lens.as_ref().is_some_and(|lens| lens.flips),
            });
            LensOrder { lens: id.to_owned(), name: name.clone(), cells: cells.collect(), swaps }
        })
        .collect()
}

#[cfg(test)]
mod tests;
