//! The model of a report, filled from the board, the agreement and what the records answered.

use std::collections::BTreeMap;

use giaouoc_agreement::ask::Answer;
use giaouoc_agreement::compare;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Node, Typed};
use giaouoc_agreement::scoreboard::{Breakdown, Facts, Line, Plan, Scoreboard, Split, State};
use giaouoc_agreement::target::Target;
use giaouoc_agreement::text::Lang;
use giaouoc_report::model::{
    CalendarLine, Comparison, Coverage, Definition, Detail, FileLine, Group, Groups, KindLine, MonthCell,
    Months, Report,
};

use super::asked::Answered;
use super::drawn::Wish;
use super::names::Named;
use super::rules::Names;
use super::texts;
use crate::bundle::{self, Loaded};
use crate::fault::Outcome;
use crate::render::board::Board;
use crate::render::table::general;
use crate::screen::Screen;

/// What was measured for a report.
pub struct Gathered<'a> {
    /// The judged board.
    pub board: Board,
    /// What was asked by month.
    pub months: &'a Plan,
    /// Its answers.
    pub split: Vec<Vec<Answer>>,
    /// The records by group.
    pub broken: Vec<Breakdown>,
    /// What is drawn of each target.
    pub wishes: Vec<Wish<'a>>,
    /// How units are compared.
    pub compared: compare::Terms,
    /// Names of codes.
    pub named: Vec<(&'a Names, Named)>,
}

/// Fills the model.
pub fn report(
    loaded: &Loaded,
    gathered: &Gathered<'_>,
    answered: &mut Answered,
    screen: &Screen,
) -> Outcome<Report> {
    let lang = screen.lang;
    let agreement = &loaded.bundle.agreement;
    let board = &gathered.board;
    let mut months = by_month(loaded, &board.scoreboard, gathered.months, &gathered.split)?;
    let mut details = Vec::new();
    for line in &board.scoreboard.targets {
        let Some(target) = agreement.target(&line.target) else {
            details.push(Detail::default());
            continue;
        };
        let kind = bundle::kind(&target.kind)?;
        let wish = gathered.wishes.iter().find(|wish| wish.target() == target.id);
        details.push(Detail {
            clause: agreement.clause(&target.clause).map(|clause| clause.text.get(lang).to_owned()),
            judged: texts::judged(target, lang),
            note: target.note.as_ref().map(|note| note.get(lang).to_owned()),
            rules: texts::rules(loaded, target, kind, &line.period, lang),
            examples: target.examples.len(),
            months: months.remove(&target.id).filter(|_| of_the_period(target, line)),
            groups: gathered
                .broken
                .iter()
                .filter(|b| b.target == target.id)
                .map(|b| groups(b, kind, gathered, lang))
                .collect(),
            days: wish.and_then(|wish| wish.days(answered, lang)),
            terms: wish.and_then(|wish| wish.terms(answered, lang)),
            comparison: comparison(&board.scoreboard, line, gathered.compared, lang),
        });
    }
    Ok(Report {
        lang,
        theme: agreement.theme.as_ref().map(|theme| theme.get(lang).to_owned()),
        known: board.known.as_ref().map(|known| known.get(lang).to_owned()),
        by_draft: board.by_draft.as_ref().map(|said| said.get(lang).to_owned()),
        remarks: remarks(loaded, board, screen),
        details,
        definitions: definitions(loaded, lang),
        kinds: kinds(&board.scoreboard, lang)?,
        calendars: calendars(&board.scoreboard),
        files: board.files.iter().map(file).collect(),
        coverage: coverage(&board.scoreboard, lang)?,
        program: format!("{} {}", board.program.name, board.program.version),
        board: board.scoreboard.clone(),
        links: giaouoc_report::model::Links::default(),
        small: None,
    })
}

/// What a reader of the whole must know; also which clauses no figure can answer.
fn remarks(loaded: &Loaded, board: &Board, screen: &Screen) -> Vec<String> {
    let mut remarks = general(board, screen);
    let agreement = &loaded.bundle.agreement;
    let measured = |number: &str| agreement.targets.iter().any(|target| target.clause == number);
    let clauses = agreement.clauses.iter().filter(|clause| clause.report && !measured(&clause.number));
    let numbers: Vec<&str> = clauses.map(|clause| clause.number.as_str()).collect();
    if !numbers.is_empty() {
        let list = numbers.join(", ");
        remarks.push(match screen.lang {
            Lang::Vi => {
                format!("Khoản không có con số, được trả lời bằng báo cáo nên không có ở đây: {list}.")
            }
            Lang::En => {
                format!("Clauses without a number are answered by a short report and are not here: {list}.")
            }
        });
    }
    remarks
}

fn file(line: &crate::render::board::FileLine) -> FileLine {
    FileLine {
        path: line.path.clone(),
        kind: line.kind.clone(),
        read: line.read,
        accepted: line.accepted,
        rejected: line.rejected,
        skipped: line.skipped,
    }
}

/// Whether what is counted hangs on the period: a list that stands is the same in every month.
pub fn of_the_period(target: &Target, line: &Line) -> bool {
    fn speaks(tree: &Typed) -> bool {
        matches!(tree.node, Node::InPeriod(_) | Node::PeriodStart | Node::PeriodEnd)
            || tree.parts().into_iter().any(speaks)
    }
    target.parts(&line.period).iter().all(|(_, version)| speaks(&version.rule.counted))
}

/// Figures by month, by target.
pub fn by_month(
    loaded: &Loaded,
    board: &Scoreboard,
    plan: &Plan,
    answers: &[Vec<Answer>],
) -> Outcome<BTreeMap<String, Months>> {
    let rows = &board.units;
    let place: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.code.as_str(), at)).collect();
    let totals = crate::score::totals(loaded, &mut Vec::new())?;
    let mut facts = Facts::new(&loaded.calendars);
    facts.totals = &totals;
    let split = Split::new(&loaded.bundle, plan, answers, &facts);
    let mut months: BTreeMap<String, Months> = BTreeMap::new();
    for cell in split.cells() {
        let Some(at) = place.get(cell.unit).copied() else { continue };
        if !months.contains_key(cell.target) {
            let new = Months { parts: Vec::new(), units: vec![None; rows.len()], all: Vec::new() };
            months.insert(cell.target.to_owned(), new);
        }
        let Some(found) = months.get_mut(cell.target) else { continue };
        if found.parts.last().is_none_or(|last| last.first < cell.period.first) {
            found.parts.push(cell.period.clone());
        }
        found.units[at].get_or_insert_default().push(MonthCell {
            state: cell.state,
            amount: cell.amount,
            left: giaouoc_report::model::Left::No,
        });
    }
    for (set, answers) in plan.sets.iter().zip(answers) {
        for (ask, answer) in set.asks.iter().zip(answers) {
            let id = ask.rule.id.split(['@', '/']).next().unwrap_or_default();
            let Some(found) = months.get_mut(id) else { continue };
            for (part, cell) in answer.parts.iter().zip(&answer.all.parts) {
                let begun = part.first <= ask.as_of;
                let amount = Some(cell.amount.clone()).filter(|amount| begun && amount.has_value());
                let state = if amount.is_some() { State::Figure } else { State::NoData };
                found.all.push(MonthCell { state, amount, left: giaouoc_report::model::Left::No });
            }
        }
    }
    Ok(months)
}

/// The groups of all units together.
fn groups(broken: &Breakdown, kind: &Kind, gathered: &Gathered<'_>, lang: Lang) -> Groups {
    let mut named = gathered.named.iter().filter(|(names, _)| names.kind == kind.id);
    let named = named.find(|(names, _)| names.column == broken.column).map(|(_, named)| named);
    let group = |group: &giaouoc_agreement::scoreboard::Group| {
        let name = group.value.as_ref().and_then(|code| named?.get(code));
        Group {
            name: name.cloned().unwrap_or_else(|| group.label.get(lang).to_owned()),
            code: name.and(group.value.clone()),
            counted: group.counted,
            met: group.met,
        }
    };
    let (known, unknown): (Vec<_>, Vec<_>) = broken.all.iter().partition(|group| group.value.is_some());
    Groups {
        label: match named {
            Some(_) => kind_of(broken, gathered, lang).unwrap_or_else(|| broken.label.get(lang).to_owned()),
            None => broken.label.get(lang).to_owned(),
        },
        rows: known.into_iter().map(group).collect(),
        unknown: unknown.into_iter().next().map(group).unwrap_or_default(),
    }
}

/// The name of the kind that names a column's codes.
fn kind_of(broken: &Breakdown, gathered: &Gathered<'_>, lang: Lang) -> Option<String> {
    let (names, _) = gathered.named.iter().find(|(names, _)| names.column == broken.column)?;
    Some(bundle::kind(&names.of).ok()?.name.get(lang).to_owned())
}

/// What the numbers of cases carry.
fn comparison(board: &Scoreboard, line: &Line, terms: compare::Terms, lang: Lang) -> Option<Comparison> {
    let found = compare::Comparison::new(line, terms)?;
    let mut intervals = vec![None; board.units.len()];
    for standing in &found.standings {
        let ends = standing.interval.map(compare::Interval::hundredths);
        if let Some(place) = intervals.get_mut(standing.row) {
            *place = ends.map(|(low, high)| (i64::from(low), i64::from(high)));
        }
    }
    let sentences = found.sentences(&board.units, lang);
    let lenses = found.lenses.iter().filter_map(|lens| lens.sentence(&found, &board.units));
    Some(Comparison { intervals, sentences, lenses: lenses.map(|said| said.get(lang).to_owned()).collect() })
}

fn definitions(loaded: &Loaded, lang: Lang) -> Vec<Definition> {
    let definitions = loaded.bundle.agreement.definitions.iter().map(|definition| Definition {
        id: definition.id.clone(),
        kind: definition.kind.clone(),
        text: definition.is.split_whitespace().collect::<Vec<_>>().join(" "),
        from: definition.from,
        legal: definition.legal.as_ref().map(|legal| legal.get(lang).to_owned()),
    });
    definitions.collect()
}

/// The kinds that the targets are about, in the order of the targets.
fn kinds(board: &Scoreboard, lang: Lang) -> Outcome<Vec<KindLine>> {
    let mut lines: Vec<KindLine> = Vec::new();
    for line in &board.targets {
        if lines.iter().all(|known| known.id != line.kind) {
            let kind = bundle::kind(&line.kind)?;
            lines.push(KindLine {
                id: kind.id.clone(),
                name: kind.name.get(lang).to_owned(),
                meaning: kind.meaning.get(lang).to_owned(),
                digest: kind.digest.clone(),
            });
        }
    }
    Ok(lines)
}

fn calendars(board: &Scoreboard) -> Vec<CalendarLine> {
    let mut lines: Vec<CalendarLine> = Vec::new();
    for line in &board.targets {
        for figure in line.figures.iter().flatten().chain(&line.together) {
            let calendar = &figure.calendar;
            if lines.iter().all(|known| known.digest != calendar.digest || known.id != calendar.id) {
                lines.push(CalendarLine {
                    id: calendar.id.clone(),
                    version: calendar.version.clone(),
                    digest: calendar.digest.clone(),
                });
            }
        }
    }
    lines
}

/// Records of each unit by kind, as the first target on that kind saw them.
fn coverage(board: &Scoreboard, lang: Lang) -> Outcome<Vec<Coverage>> {
    let mut kinds: Vec<Coverage> = Vec::new();
    for line in &board.targets {
        if kinds.iter().any(|known| known.kind == line.kind) {
            continue;
        }
        let kind = bundle::kind(&line.kind)?;
        let seen = |figure: &Option<giaouoc_agreement::scoreboard::Figure>| {
            figure.as_ref().map(|figure| (figure.tally.seen, figure.tally.latest))
        };
        kinds.push(Coverage {
            kind: kind.id.clone(),
            name: kind.name.get(lang).to_owned(),
            units: line.figures.iter().map(seen).collect(),
        });
    }
    Ok(kinds)
}
