//! The figures of a board opened, for their pages: what `giaouoc explain` says of each, from the same measurement.

use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::scoreboard::{Figure, LensFigure, Line, Scoreboard, State};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_report::model::{Detail, MonthCell, Report, RuleText};
use giaouoc_report::{months, words};
use giaouoc_web::opened::{Exact, Lens, LensName, Month, Open, Opened, Part, Rule};
use giaouoc_worktime::Day;

use crate::bundle;
use crate::fault::Outcome;

/// Each target of a board opened; the reports are the same one in both languages.
pub fn opened(vi: &Report, en: &Report) -> Outcome<Vec<Opened>> {
    let empty = Detail::default();
    let lines = vi.board.targets.iter().enumerate();
    lines
        .map(|(at, line)| {
            let detail = |report: &Report| report.details.get(at).cloned().unwrap_or_else(|| empty.clone());
            target(&vi.board, line, (vi, &detail(vi)), (en, &detail(en)))
        })
        .collect()
}

fn both(vi: Option<&String>, en: Option<&String>) -> Option<Text> {
    vi.zip(en).map(|(vi, en)| Text::new(vi, en))
}

fn day(day: Day) -> Text {
    Text::new(words::day(day, Lang::Vi), words::day(day, Lang::En))
}

fn target(
    board: &Scoreboard,
    line: &Line,
    (vi, in_vi): (&Report, &Detail),
    (en, in_en): (&Report, &Detail),
) -> Outcome<Opened> {
    let parts = in_vi.months.as_ref();
    let name = |lang| move |part: &giaouoc_agreement::period::Period| words::month(part.first, lang);
    let mut opened = Opened {
        clause: both(in_vi.clause.as_ref(), in_en.clause.as_ref()),
        legal: line.legal.clone(),
        note: both(in_vi.note.as_ref(), in_en.note.as_ref()),
        judged: Text::new(in_vi.judged.clone(), in_en.judged.clone()),
        period: line.period_words.clone(),
        as_of: day(line.as_of),
        known: both(vi.known.as_ref(), en.known.as_ref()),
        rules: in_vi.rules.iter().zip(&in_en.rules).map(rule).collect(),
        examples: i64::try_from(in_vi.examples).unwrap_or(i64::MAX),
        lenses: lens_names(line),
        months: parts
            .map(|months| {
                let names = months.parts.iter();
                names.map(|part| Text::new(name(Lang::Vi)(part), name(Lang::En)(part))).collect()
            })
            .unwrap_or_default(),
        labels: parts.map(months::labels).unwrap_or_default(),
        shares: parts.is_some_and(months::is_share),
        level: months::goal_level(line),
        calendars: Vec::new(),
        figures: Vec::new(),
        together: None,
    };
    let kind = bundle::kind(&line.kind)?;
    let mut one = |figure: &Figure, cells: Option<&[MonthCell]>| {
        let unknown = figure.tally.unknown_columns.iter().map(|unknown| {
            let label = kind.column(&unknown.column).map(|at| kind.columns[at].label.clone());
            (label.unwrap_or_else(|| Text::same(&unknown.column)), unknown.records)
        });
        let calendar = &figure.calendar;
        let calendar = format!("{} {} ({})", calendar.id, calendar.version, calendar.digest);
        let known = opened.calendars.iter().position(|known| *known == calendar);
        let calendar = known.unwrap_or_else(|| {
            opened.calendars.push(calendar);
            opened.calendars.len() - 1
        });
        Open {
            exact: figure.amount.as_ref().and_then(exact),
            counted_unknown: figure.tally.counted_unknown,
            met_unknown: figure.tally.met_unknown,
            unknown: unknown.collect(),
            latest: figure.tally.latest.map(day),
            notes: figure.notes.clone(),
            need: figure.need_words.clone(),
            below: figure.below_min_cases,
            coverage: figure.coverage.iter().map(|period| period.words()).collect(),
            parts: figure.parts.iter().map(part).collect(),
            lenses: opened
                .lenses
                .iter()
                .map(|name| figure.lenses.iter().find(|lens| lens.lens == name.id).and_then(lens))
                .collect(),
            months: cells.unwrap_or_default().iter().map(|cell| month(cell, line)).collect(),
            calendar,
        }
    };
    let mut figures = Vec::new();
    for row in 0..board.units.len() {
        let cells = parts.and_then(|months| months.units.get(row)?.as_deref());
        figures.push(line.figures.get(row).and_then(Option::as_ref).map(|figure| one(figure, cells)));
    }
    let together =
        line.together.as_ref().map(|figure| one(figure, parts.map(|months| months.all.as_slice())));
    opened.figures = figures;
    opened.together = together;
    Ok(opened)
}

fn rule((vi, en): (&RuleText, &RuleText)) -> Rule {
    Rule {
        period: both(vi.period.as_ref(), en.period.as_ref()),
        goal: Text::new(vi.goal.clone(), en.goal.clone()),
        words: Text::new(vi.words.clone(), en.words.clone()),
        exact: vi.exact.clone(),
        definitions: vi.definitions.clone(),
    }
}

/// The rival definitions that any figure of a target has beside it, in their order.
fn lens_names(line: &Line) -> Vec<LensName> {
    let mut names: Vec<LensName> = Vec::new();
    for lens in line.figures.iter().flatten().chain(&line.together).flat_map(|figure| &figure.lenses) {
        if names.iter().all(|known| known.id != lens.lens) {
            let goal = (lens.goal.goal.text != line.goal.goal.text).then(|| lens.goal.words.clone());
            names.push(LensName { id: lens.lens.clone(), name: lens.name.clone(), goal });
        }
    }
    names
}

/// An amount in whole numbers; nothing without a value, or where it is too great for the file's numbers.
fn exact(amount: &Amount) -> Option<Exact> {
    let ratio = |value: i64, of: Option<i64>| Exact { value, of };
    match amount {
        Amount::Share { met, of } => Some(ratio(*met, Some(*of))),
        Amount::Count(count) => Some(ratio(*count, None)),
        Amount::Sum(sum) => Some(ratio(i64::try_from(*sum).ok()?, None)),
        Amount::Mean { sum, of } => Some(ratio(i64::try_from(*sum).ok()?, Some(*of))),
        Amount::Percentile { value, of } => Some(ratio((*value)?, Some(*of))),
    }
}

fn signed(verdict: giaouoc_agreement::figure::Verdict) -> Text {
    let (sign, words) = (verdict.sign(), verdict.words());
    Text::new(format!("{sign} {}", words.vi), format!("{sign} {}", words.en))
}

fn lens(lens: &LensFigure) -> Option<Lens> {
    lens.amount.has_value().then(|| Lens {
        shown: lens.shown.clone(),
        integers: Text::new(lens.amount.integers(Lang::Vi), lens.amount.integers(Lang::En)),
        exact: exact(&lens.amount),
        would_be: signed(lens.would_be),
        flips: lens.flips,
        note: lens.note.clone(),
    })
}

fn part(part: &giaouoc_agreement::scoreboard::PartFigure) -> Part {
    Part {
        period: part.period.words(),
        goal: part.goal.words.clone(),
        shown: part.amount.as_ref().map(|_| part.shown.clone()),
        verdict: signed(part.verdict),
    }
}

fn month(cell: &MonthCell, line: &Line) -> Month {
    let point = months::point(cell, line);
    let amount = cell.amount.as_ref().filter(|amount| amount.has_value());
    let state = match cell.state {
        State::NoCases => "∅",
        State::Exempt => "–",
        State::NoData | State::Figure => "?",
        State::NotYetDue => "…",
    };
    Month {
        shown: amount.map(|amount| Text::new(amount.show(None, Lang::Vi), amount.show(None, Lang::En))),
        integers: amount
            .map(|amount| Text::new(amount.integers(Lang::Vi), amount.integers(Lang::En)))
            .unwrap_or_default(),
        exact: amount.and_then(exact),
        state: if amount.is_some() { String::new() } else { state.to_owned() },
        cases: amount.map_or(0, |amount| amount.cases().unwrap_or_else(|| point.map_or(0, |point| point.at))),
        at: point.map(|point| point.at),
        short: point.is_some_and(|point| point.short),
    }
}
