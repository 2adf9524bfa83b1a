//! `giaouoc score`: a bundle in, the scoreboard out.

use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::problem::{Severity, nearest};
use giaouoc_agreement::scoreboard::{AskSet, Facts, Options, Plan, Scoreboard, Split};
use giaouoc_agreement::text::Text;
use giaouoc_agreement::totals::{TotalsRow, contradictions};
use giaouoc_worktime::time::Day;

use crate::bundle::{self, Loaded, unknown};
use crate::cli::{By, Format, Scope, Score};
use crate::fault::{Fault, Outcome};
use crate::journal::{Held, adopt};
use crate::keys;
use crate::out;
use crate::progress::Progress;
use crate::records::{Measured, Question, collect, measure, measure_fault};
use crate::remaining;
use crate::render::board::{Board, FileLine, Program};
use crate::render::{csv, md, split, table};
use crate::report;
use crate::screen::Screen;

/// Runs the command.
pub fn run(args: &Score, screen: &Screen) -> Outcome {
    let loaded = open(&args.scope, screen)?;
    let options = options(&loaded, &args.scope, args.target.as_deref())?;
    let threads = args.threads.unwrap_or_else(cores);
    if let Some(by) = args.by {
        if !matches!(args.format, Format::Csv | Format::Json) {
            return Err(Fault::input(
                "--by cho ra nhiều dòng số liệu: hãy thêm --format csv hoặc --format json",
                "--by gives many lines of figures: add --format csv or --format json",
            ));
        }
        return by_parts(&loaded, args, &options, by, threads, screen);
    }
    if matches!(args.format, Format::Html | Format::Xlsx) {
        return report::run(&loaded, args, &options, threads, screen);
    }
    let mut board = board(&loaded, &options, threads, screen)?;
    board.bundle = args.scope.bundle.display().to_string();
    if let Some(unit) = &args.unit {
        only_unit(&mut board.scoreboard, &loaded.bundle.cluster.units[loaded.unit(unit)?].code);
    }
    let lenses = args.lens.is_some();
    let text = match args.format {
        Format::Table => table::render(&board, screen, lenses),
        Format::Json => json(&board)?,
        Format::Csv => csv::scoreboard(&board.scoreboard, lenses, screen.lang)?,
        Format::Md => md::render(&board, screen, lenses),
        // Handled above: they ask more of the records.
        Format::Html | Format::Xlsx => String::new(),
    };
    match &args.out {
        None => print(screen, &text)?,
        Some(path) => out::write(path, anstream::adapter::strip_str(&text).to_string().as_bytes())?,
    }
    // A CSV file is for machines and has no place for remarks; what was left out is said beside it.
    if args.format == Format::Csv {
        for line in board.by_draft.iter().map(|said| said.get(screen.lang).to_owned()) {
            screen.remark(&line);
        }
        for line in table::rejected(&board.files, screen.lang) {
            screen.remark(&line);
        }
    }
    let not_met = board.scoreboard.targets.iter().any(table::any_not_met);
    if args.strict && not_met { Err(Fault::No) } else { Ok(()) }
}

/// The bundle of a command, as it was known when the command says. A record that stands in two files placed by
/// hand counts once: the later file, by name, corrects the earlier one.
pub fn open(scope: &Scope, screen: &Screen) -> Outcome<Loaded> {
    let mut loaded = bundle::load_at(&scope.bundle, scope.known_at.as_deref())?;
    if loaded.journal.is_none() && keys::any_doubled(&loaded)? {
        let progress = Progress::new(screen);
        let all: Vec<usize> = (0..loaded.bundle.records.len()).collect();
        let made = adopt::made(&loaded, &all, &progress);
        progress.clear();
        loaded.journal = Some(made?);
    }
    Ok(loaded)
}

/// Figures of every part of the period (`--by`).
fn by_parts(
    loaded: &Loaded,
    args: &Score,
    options: &Options,
    by: By,
    threads: usize,
    screen: &Screen,
) -> Outcome {
    let part = match by {
        By::Month => Part::Month,
        By::Quarter => Part::Quarter,
        By::HalfYear => Part::HalfYear,
    };
    let only = args.unit.as_deref().map(|named| loaded.unit(named)).transpose()?;
    let only = only.map(|unit| loaded.bundle.cluster.units[unit].code.as_str());
    let plan = Plan::split(&loaded.bundle, options, part);
    let measured = answers(loaded, &plan.sets, |_, _| None, threads, screen)?;
    let totals = totals(loaded, &mut Vec::new())?;
    let mut facts = Facts::new(&loaded.calendars);
    facts.totals = &totals;
    let split = Split::new(&loaded.bundle, &plan, &measured.answers, &facts);
    let cells = split.cells().filter(|cell| only.is_none_or(|code| code == cell.unit));
    match args.format {
        Format::Json => {
            let text = split::json(cells).map_err(|error| broken_json(&error))?;
            match &args.out {
                None => plain(screen, &text)?,
                Some(path) => out::write(path, text.as_bytes())?,
            }
        }
        _ => match &args.out {
            None => split::csv(cells, screen.lang, std::io::stdout().lock())?,
            Some(path) => {
                let file = out::File::new(path)?;
                split::csv(cells, screen.lang, file.writer()?)?;
                file.finish()?;
            }
        },
    }
    for line in loaded.bundle.agreement.by_draft().iter().map(|said| said.get(screen.lang).to_owned()) {
        screen.remark(&line);
    }
    for line in table::rejected(&measured.files, screen.lang) {
        screen.remark(&line);
    }
    Ok(())
}

/// Measures what the sets of a plan ask, and one thing more of a kind where `more` says so.
pub fn answers(
    loaded: &Loaded,
    sets: &[AskSet],
    more: impl Fn(&Kind, &[Ask]) -> Option<Ask>,
    threads: usize,
    screen: &Screen,
) -> Outcome<Measured> {
    let mut questions = Vec::new();
    for set in sets {
        let units = set.units.iter().map(|unit| loaded.bundle.cluster.units[*unit].code.clone()).collect();
        let kind = kind(&set.kind)?;
        let mut asks = set.asks.clone();
        asks.extend(more(kind, &set.asks));
        questions.push(Question { kind, units, asks });
    }
    let progress = Progress::new(screen);
    let measured = measure(loaded, &questions, threads, &progress);
    progress.clear();
    measured
}

/// Period, day and targets from the command line, each checked.
pub fn options(loaded: &Loaded, scope: &Scope, target: Option<&str>) -> Outcome<Options> {
    let agreement = &loaded.bundle.agreement;
    let period = match &scope.period {
        None => None,
        Some(text) => {
            Some(Period::parse(text, &agreement.periods).map_err(|error| Fault::Input(error.text))?)
        }
    };
    let as_of = match &scope.as_of {
        None => running(loaded, period.as_ref()),
        Some(text) => Some(text.parse::<Day>().map_err(|error| {
            Fault::input(format!("--as-of {text}: {}", error.vi()), format!("--as-of {text}: {}", error.en()))
        })?),
    };
    let targets = match target {
        None => None,
        Some(id) if agreement.target(id).is_some() => Some(vec![id.to_owned()]),
        Some(id) => {
            let ids: Vec<&str> = agreement.targets.iter().map(|target| target.id.as_str()).collect();
            return Err(unknown("chỉ tiêu", "target", id, nearest(id, ids.iter().copied()), &ids));
        }
    };
    Ok(Options { period, as_of, targets })
}

/// Today, while the period is still running: a year that is not over must not read as missed. A period
/// that is over is shown as of its last day, whenever it is looked at.
fn running(loaded: &Loaded, period: Option<&Period>) -> Option<Day> {
    // What was known in July is looked at as it was looked at in July.
    let past = loaded.journal.as_ref().filter(|held| held.is_past()).and_then(Held::known_at);
    let now = past.unwrap_or_else(crate::journal::now);
    let now = giaouoc_worktime::time::Instant(now.as_microsecond());
    let today = loaded.calendars.default.zone().day_of(now);
    let agreement = &loaded.bundle.agreement;
    let periods = agreement.targets.iter().map(|target| period.unwrap_or(&target.period));
    periods.map(|period| period.last).max().filter(|last| today < *last).map(|_| today)
}

/// Measures and judges.
pub fn board(loaded: &Loaded, options: &Options, threads: usize, screen: &Screen) -> Outcome<Board> {
    let plan = Plan::new(&loaded.bundle, options);
    let Measured { answers, files, .. } = answers(loaded, &plan.sets, remaining::ask, threads, screen)?;
    judged(loaded, options, &plan, answers, files)
}

/// Judges what was measured; the answers to [`remaining::ask`] stand at the end of each set.
pub fn judged(
    loaded: &Loaded,
    options: &Options,
    plan: &Plan,
    mut answers: Vec<Vec<Answer>>,
    files: Vec<FileLine>,
) -> Outcome<Board> {
    let mut questions: Vec<Text> = Vec::new();
    let totals = totals(loaded, &mut questions)?;
    let mut facts = Facts::new(&loaded.calendars);
    facts.totals = &totals;
    let members = loaded.bundle.cluster.members(plan_day(loaded, options)).len();
    outside(plan, &answers, members, &mut questions);
    facts.remaining = remaining::take(&loaded.bundle.agreement, plan, &mut answers);
    let scoreboard = Scoreboard::build(&loaded.bundle, plan, &answers, &facts);
    let asked = loaded.remarks.iter().filter(|problem| problem.severity == Severity::Question);
    if let Some(held) = loaded.journal.as_ref().filter(|held| held._made.is_none()) {
        questions.extend(unrecorded(loaded, held)?);
    }
    questions.splice(0..0, asked.map(|problem| problem.message.clone()));
    let known = known(loaded);
    let by_draft = loaded.bundle.agreement.by_draft();
    Ok(Board { program: Program::THIS, scoreboard, files, bundle: String::new(), known, questions, by_draft })
}

/// Up to which entry of the journal is known. It is said of the newest entry too: the same board, printed later
/// as known then, is the same.
fn known(loaded: &Loaded) -> Option<Text> {
    let held = loaded.journal.as_ref().filter(|held| held._made.is_none())?;
    let (entry, at) = (held.head.checked_sub(1)?, held.known_at()?);
    let at = crate::journal::list::shown(at, loaded.calendars.default.zone());
    let mut known = Text::new(
        format!("theo sổ thay đổi đến mục {entry} ({at})"),
        format!("as known at entry {entry} ({at})"),
    );
    // The board of then is by the texts of then: whoever computes it again gets this one only once these are recorded.
    if !held.is_past() && crate::check::records::texts_changed(loaded, held) {
        known.vi.push_str(", văn bản của gói đã sửa sau đó và chưa ghi vào sổ");
        known.en.push_str(", with texts of the bundle that changed since and are not recorded");
    }
    Some(known)
}

/// Files in `records/` that the journal does not have count nowhere; that is said, since somebody put them there.
fn unrecorded(loaded: &Loaded, held: &Held) -> Outcome<Option<Text>> {
    let waiting = adopt::waiting(loaded, &held.journal, false)?;
    let names: Vec<&str> = waiting.iter().map(|at| loaded.bundle.records[*at].path.as_str()).collect();
    let list = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    let (count, more) = (names.len(), if names.len() > 3 { ", …" } else { "" });
    Ok((count > 0 && !held.is_past()).then(|| {
        Text::new(
            format!("{count} tệp trong records/ chưa có trong sổ thay đổi nên chưa được tính ({list}{more}). Nạp chúng bằng giaouoc record?"),
            format!("{count} files in records/ are not in the journal and do not count yet ({list}{more}). Load them with giaouoc record?"),
        )
    }))
}

fn kind(id: &str) -> Outcome<&'static Kind> {
    bundle::kind(id)
}

/// The day on which the list of units is taken.
fn plan_day(loaded: &Loaded, options: &Options) -> Day {
    let agreement = &loaded.bundle.agreement;
    let period = options.period.as_ref().unwrap_or(&agreement.period);
    agreement.membership_on.unwrap_or(period.last)
}

/// Records of units that are no members count nowhere; that is said, since somebody sent them.
fn outside(plan: &Plan, answers: &[Vec<Answer>], members: usize, questions: &mut Vec<Text>) {
    let mut said: Vec<&str> = Vec::new();
    // A set over fewer units than all members leaves out exempt ones: their records are nobody's surprise.
    for (set, answers) in plan.sets.iter().zip(answers).filter(|(set, _)| set.units.len() == members) {
        let Some(count) = answers.first().map(|answer| answer.outside).filter(|count| *count > 0) else {
            continue;
        };
        if said.contains(&set.kind.as_str()) {
            continue;
        }
        said.push(&set.kind);
        questions.push(Text::new(
            format!("{count} bản ghi loại “{}” thuộc đơn vị không phải thành viên nên không được tính. Có đúng vậy không?", set.kind),
            format!("{count} records of the kind “{}” are of units that are no members and count nowhere. Is that right?", set.kind),
        ));
    }
}

/// The signed and published totals of the bundle. A row that cannot be used is an error with its place: a
/// total is read by people and must not vanish.
///
/// Totals that contradict themselves (settled is not early + on time + late) become questions.
pub fn totals(loaded: &Loaded, questions: &mut Vec<Text>) -> Outcome<Vec<TotalsRow>> {
    const TOTALS: &str = "totals";
    let mut rows = Vec::new();
    let Some(kind) = kinds::builtin().iter().find(|kind| kind.id == TOTALS) else {
        return Ok(rows);
    };
    for batch in collect(loaded, TOTALS)? {
        for at in 0..batch.num_rows() {
            let values =
                giaouoc_measure::values(kind, &batch, at).map_err(|error| measure_fault(TOTALS, &error))?;
            let row = TotalsRow::new(kind, &loaded.bundle.cluster, values).map_err(|why| {
                Fault::Input(Text::new(
                    format!("records/{TOTALS}: {}", why.vi),
                    format!("records/{TOTALS}: {}", why.en),
                ))
            })?;
            let unit = &loaded.bundle.cluster.units[row.unit].short;
            questions.extend(contradictions(kind, &row).into_iter().map(|found| {
                Text::new(format!("{}: {}", unit.vi, found.vi), format!("{}: {}", unit.en, found.en))
            }));
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Cuts the board down to one unit; the cluster's line goes, since it is not that unit's.
fn only_unit(board: &mut Scoreboard, code: &str) {
    let keep: Vec<bool> = board.units.iter().map(|row| row.code == code).collect();
    let mut at = keep.iter();
    board.units.retain(|_| *at.next().unwrap_or(&false));
    for line in &mut board.targets {
        let mut at = keep.iter();
        line.figures.retain(|_| *at.next().unwrap_or(&false));
        line.together = None;
        line.units_share = None;
    }
}

/// The board as the stable JSON.
pub fn json(board: &Board) -> Outcome<String> {
    serde_json::to_string_pretty(board).map(|text| text + "\n").map_err(|error| broken_json(&error))
}

fn broken_json(error: &serde_json::Error) -> Fault {
    Fault::System(Text::new(format!("không ghi được JSON: {error}"), format!("cannot write JSON: {error}")))
}

/// Prints a result for programs.
fn plain(screen: &Screen, text: &str) -> Outcome {
    screen.print_plain(text).map_err(|error| unprinted(&error))
}

/// Standard output that failed.
pub fn unprinted(error: &std::io::Error) -> Fault {
    Fault::System(Text::new(
        format!("không ghi được ra màn hình: {error}"),
        format!("cannot write to standard output: {error}"),
    ))
}

/// Prints a result.
pub fn print(screen: &Screen, text: &str) -> Outcome {
    screen.print(text).map_err(|error| unprinted(&error))
}

/// Threads to read with when nobody says.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
