//! `giaouoc signals`: questions raised by data (*nội dung đề nghị làm rõ*). They stay inside the cluster, move no figure
//! and no verdict, and the unit asked has the right to answer.

mod history;
mod read;
mod text;
mod verdicts;

use std::collections::{BTreeSet, HashMap};

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;
use giaouoc_signals::columns::{Moments, Numbers, Texts, day};
use giaouoc_signals::dossiers::{COLUMNS, Dossiers, Setup};
use giaouoc_signals::finding::{Asked, Case, Question};
use giaouoc_signals::near;
use giaouoc_signals::rules::{About, Rules, Signal};
use giaouoc_worktime::time::Day;
use serde::Serialize;

use crate::bundle::{self, Loaded};
use crate::cli::{Signals, SignalsFormat};
use crate::fault::{Fault, Outcome};
use crate::progress::Progress;
use crate::render::board::Program;
use crate::score::print;
use crate::screen::Screen;

/// What `--format json` gives (docs/signals.schema.json).
#[derive(Debug, Serialize)]
pub struct Report {
    /// Version of the form.
    pub format: u32,
    /// Who made it.
    pub program: Program,
    /// What is asked, and when it is.
    pub signals: Vec<About>,
    /// Signals that need a journal, where the bundle has none.
    pub not_asked: Vec<&'static str>,
    /// The questions, by unit in the order of the city's decision.
    pub questions: Vec<Question>,
}

/// Runs the command.
pub fn run(args: &Signals, screen: &Screen) -> Outcome {
    let loaded = crate::score::open(&args.scope, screen)?;
    let rules = Rules::builtin().map_err(|error| Fault::System(Text::new(error.clone(), error)))?;
    let only = args.unit.as_deref().map(|named| loaded.unit(named)).transpose()?;
    let only = only.map(|unit| loaded.bundle.cluster.units[unit].code.clone());
    if let Some(code) = &args.code
        && !Signal::ALL.iter().any(|signal| signal.code() == code)
    {
        let all: Vec<&str> = Signal::ALL.iter().map(|signal| signal.code()).collect();
        return Err(bundle::unknown("nội dung", "signal", code, None, &all));
    }
    let mut questions = asked(&loaded, &rules, args, screen)?;
    questions.retain(|question| only.as_ref().is_none_or(|code| *code == question.unit));
    questions.retain(|question| args.code.as_ref().is_none_or(|code| question.signal.code() == code));
    let place = |code: &str| loaded.bundle.cluster.unit(code).unwrap_or(usize::MAX);
    questions.sort_by_key(|question| (place(&question.unit), question.signal));
    let without = loaded.journal.as_ref().is_none_or(|held| held._made.is_some());
    let compared = rules.about.iter().filter(|about| about.journal && without);
    let report = Report {
        format: 1,
        program: Program::THIS,
        not_asked: compared.map(|about| about.signal.code()).collect(),
        signals: rules.about.clone(),
        questions,
    };
    let out = match args.format {
        SignalsFormat::Table => text::table(&report, &loaded, &rules, screen),
        SignalsFormat::Md => text::md(&report, &loaded, &rules, screen),
        SignalsFormat::Csv => text::csv(&report, &loaded, &rules, screen.lang)?,
        SignalsFormat::Json => {
            let json = serde_json::to_string_pretty(&report);
            json.map_err(|error| Fault::System(Text::new(error.to_string(), error.to_string())))? + "\n"
        }
    };
    print(screen, &out)
}

/// Everything that is asked of a bundle.
pub fn asked(loaded: &Loaded, rules: &Rules, args: &Signals, screen: &Screen) -> Outcome<Vec<Question>> {
    let progress = Progress::new(screen);
    let done = gather(loaded, rules, args, screen, &progress);
    progress.clear();
    done
}

fn gather(
    loaded: &Loaded,
    rules: &Rules,
    args: &Signals,
    screen: &Screen,
    progress: &Progress,
) -> Outcome<Vec<Question>> {
    let units: Vec<String> = loaded.bundle.cluster.units.iter().map(|unit| unit.code.clone()).collect();
    let kind = bundle::kind("dossier")?;
    let catalogue = catalogue(loaded, progress)?;
    let setup = Setup {
        rules,
        kind,
        calendars: &loaded.calendars,
        units: &units,
        catalogue: &catalogue,
        cases: args.examples,
    };
    let mut first = Dossiers::new(setup);
    read::each(loaded, kind, &columns(kind, &COLUMNS), progress, &mut |batch| first.batch(batch))?;
    let (mut found, mut second) = first.finish();
    let again = columns(kind, &["code", "unit", "procedure", "channel", "received_at", "time_limit_days"]);
    read::each(loaded, kind, &again, progress, &mut |batch| second.batch(batch))?;
    found.extend(second.finish());
    found.extend(similar(loaded, rules, &units, args.examples, progress)?);
    found.extend(history::questions(loaded, rules, &units, args, screen)?);
    Ok(found)
}

fn columns(kind: &Kind, ids: &[&str]) -> BTreeSet<usize> {
    ids.iter().filter_map(|id| kind.column(id)).collect()
}

/// The time limits of the catalogue, in working days.
fn catalogue(loaded: &Loaded, progress: &Progress) -> Outcome<HashMap<String, i64>> {
    let kind = bundle::kind("procedure")?;
    let mut limits = HashMap::new();
    read::each(loaded, kind, &columns(kind, &["code", "time_limit_days"]), progress, &mut |batch| {
        let (codes, days) = (Texts::of(batch, "code"), Numbers::of(batch, "time_limit_days"));
        for row in 0..batch.num_rows() {
            if let (Some(code), Some(days)) = (codes.get(row), days.get(row)) {
                limits.insert(code.to_owned(), days);
            }
        }
    })?;
    Ok(limits)
}

/// Initiatives whose titles are nearly alike: asked of the unit whose one was registered later.
fn similar(
    loaded: &Loaded,
    rules: &Rules,
    units: &[String],
    cases: usize,
    progress: &Progress,
) -> Outcome<Vec<Question>> {
    let kind = bundle::kind("initiative")?;
    let mut dated: Vec<(Option<Day>, String, String, String)> = Vec::new();
    read::each(
        loaded,
        kind,
        &columns(kind, &["code", "unit", "title", "registered_on"]),
        progress,
        &mut |batch: &RecordBatch| {
            let texts = |id| Texts::of(batch, id);
            let (codes, of, titles) = (texts("code"), texts("unit"), texts("title"));
            let registered = Moments::of(batch, "registered_on");
            let zone = loaded.calendars.default.zone();
            for row in 0..batch.num_rows() {
                if let (Some(code), Some(unit), Some(title)) = (codes.get(row), of.get(row), titles.get(row))
                {
                    let on = registered.get(row).map(|moment| day(moment, zone));
                    dated.push((on, code.to_owned(), unit.to_owned(), title.to_owned()));
                }
            }
        },
    )?;
    // The later one is asked about; of one whose day is not known nothing can be said to be earlier.
    dated.sort_by_key(|(on, ..)| (on.is_none(), *on));
    let held: Vec<(String, String, String)> =
        dated.into_iter().map(|(_, code, unit, title)| (code, unit, title)).collect();
    let titles: Vec<&str> = held.iter().map(|(_, _, title)| title.as_str()).collect();
    let mut asked = Asked::default();
    for (one, other) in near::pairs(&titles, &rules.similar) {
        let (Some(earlier), Some(later)) = (held.get(one), held.get(other)) else { continue };
        let Some(unit) = units.iter().position(|code| *code == later.1) else { continue };
        asked.add(unit, cases, || Case {
            key: later.0.clone(),
            evidence: vec![Text::new(
                format!("“{}”; {} ({}): “{}”", later.2, earlier.0, earlier.1, earlier.2),
                format!("“{}”; {} ({}): “{}”", later.2, earlier.0, earlier.1, earlier.2),
            )],
            entry: None,
        });
    }
    let of = |unit: usize| held.iter().filter(|(_, own, _)| Some(own) == units.get(unit)).count() as u64;
    Ok(asked.questions(Signal::SimilarInitiatives, units, of))
}
