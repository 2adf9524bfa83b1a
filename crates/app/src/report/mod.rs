//! `score --format html|xlsx`: the scoreboard and what it rests on, as one page or one workbook. Here the records are
//! asked and the model is filled; how it looks is `giaouoc-report`'s.

mod asked;
mod drawn;
mod fill;
mod names;
mod rules;
mod texts;

use std::collections::BTreeMap;
use std::io::IsTerminal;

use giaouoc_agreement::compare;
use giaouoc_agreement::period::Part;
use giaouoc_agreement::scoreboard::{Breakdown, BreakdownPlan, Options, Plan};

use self::asked::Asked;
pub use self::fill::of_the_period;
use crate::bundle::Loaded;
use crate::cli::{Format, Score};
use crate::fault::{Fault, Outcome};
use crate::out;
use crate::remaining;
use crate::render::board::Board;
use crate::screen::Screen;

/// Runs the command.
pub fn run(loaded: &Loaded, args: &Score, options: &Options, threads: usize, screen: &Screen) -> Outcome {
    if args.unit.is_some() {
        return Err(Fault::input(
            "báo cáo luôn gồm mọi đơn vị; bỏ --unit, hoặc xem một đơn vị bằng --format table, md, csv, json",
            "a report is always of all units; leave --unit out, or see one unit with --format table, md, csv or json",
        ));
    }
    let binary = args.format == Format::Xlsx;
    if binary && args.out.is_none() && std::io::stdout().is_terminal() {
        return Err(Fault::input(
            "bảng tính là tệp nhị phân, không hiện được trên màn hình: thêm --out FILE.xlsx, hoặc chuyển đi bằng > FILE.xlsx",
            "a workbook is a binary file and cannot be shown on a terminal: add --out FILE.xlsx, or redirect it with > FILE.xlsx",
        ));
    }
    let report = report(loaded, options, threads, screen)?;
    let made = if binary {
        giaouoc_report::xlsx(&report)
    } else {
        giaouoc_report::html(&report).map(String::into_bytes)
    };
    let bytes = made.map_err(|error| {
        Fault::System(giaouoc_agreement::text::Text::new(
            format!("không lập được báo cáo: {error}"),
            format!("cannot make the report: {error}"),
        ))
    })?;
    match &args.out {
        Some(path) => out::write(path, &bytes)?,
        None => screen.print_bytes(&bytes).map_err(|error| crate::score::unprinted(&error))?,
    }
    let not_met = report.board.targets.iter().any(crate::render::table::any_not_met);
    if args.strict && not_met { Err(Fault::No) } else { Ok(()) }
}

/// A board, and what opens its figures further: months by target, the records by group, and how units are compared.
pub struct Opened {
    /// The judged board.
    pub board: Board,
    /// Figures by month, by target.
    pub months: BTreeMap<String, giaouoc_report::model::Months>,
    /// Records by group, in the order of the targets.
    pub groups: Vec<Breakdown>,
    /// How units are compared.
    pub compared: compare::Terms,
}

/// Measures all of it, in one pass over the records of each kind.
pub fn opened(loaded: &Loaded, options: &Options, threads: usize, screen: &Screen) -> Outcome<Opened> {
    let plan = Plan::new(&loaded.bundle, options);
    let months = Plan::split(&loaded.bundle, options, Part::Month);
    let groups = BreakdownPlan::new(&loaded.bundle, options, &rules::groups()?);
    let mut asked = Asked::default();
    let own = asked.sets(&plan.sets, remaining::ask)?;
    let split = asked.sets(&months.sets, |_, _| None)?;
    let broken = asked.sets(&groups.sets, |_, _| None)?;
    let mut answered = asked.measure(loaded, threads, screen)?;
    let own = answered.take(&own);
    let files = std::mem::take(&mut answered.files);
    let board = crate::score::judged(loaded, options, &plan, own, files)?;
    let split = answered.take(&split);
    Ok(Opened {
        months: fill::by_month(loaded, &board.scoreboard, &months, &split)?,
        groups: groups.read(&loaded.bundle, &answered.take(&broken)),
        compared: rules::compared()?,
        board,
    })
}

/// Measures, judges and gathers everything that is on a report.
fn report(
    loaded: &Loaded,
    options: &Options,
    threads: usize,
    screen: &Screen,
) -> Outcome<giaouoc_report::Report> {
    let (_, mut reports) = reports(loaded, options, threads, std::slice::from_ref(screen))?;
    reports.pop().ok_or_else(|| Fault::System(giaouoc_agreement::text::Text::default()))
}

/// The same in several languages, measured once; and the board.
pub fn reports(
    loaded: &Loaded,
    options: &Options,
    threads: usize,
    screens: &[Screen],
) -> Outcome<(Board, Vec<giaouoc_report::Report>)> {
    let screen = &screens[0];
    let plan = Plan::new(&loaded.bundle, options);
    let months = Plan::split(&loaded.bundle, options, Part::Month);
    let groups = BreakdownPlan::new(&loaded.bundle, options, &rules::groups()?);
    let drawn = rules::drawn()?;
    // One pass over each kind and population answers everything.
    let gather = |terms| {
        let mut asked = Asked::default();
        let own = asked.sets(&plan.sets, remaining::ask)?;
        let split = asked.sets(&months.sets, |_, _| None)?;
        let broken = asked.sets(&groups.sets, |_, _| None)?;
        let wishes = drawn::ask(loaded, &plan, &drawn, &mut asked, terms)?;
        let mut answered = asked.measure(loaded, threads, screen)?;
        let own = answered.take(&own);
        let split = answered.take(&split);
        let broken = groups.read(&loaded.bundle, &answered.take(&broken));
        Outcome::Ok((own, split, broken, wishes, answered))
    };
    // A record that the calendar does not reach (of 1998, say) stops the working days that only a picture needs: the
    // report then goes without that picture.
    let (own, split, broken, wishes, mut answered) = gather(true).or_else(|_| gather(false))?;
    let files = std::mem::take(&mut answered.files);
    let board = crate::score::judged(loaded, options, &plan, own, files)?;
    let mut named = Vec::new();
    for names in &drawn.names {
        named.push((names, names::of(loaded, names)?));
    }
    let gathered =
        fill::Gathered { board, months: &months, split, broken, wishes, compared: rules::compared()?, named };
    let mut reports = Vec::new();
    for screen in screens {
        // Each takes its answers; the others have their own.
        reports.push(fill::report(loaded, &gathered, &mut answered.clone(), screen)?);
    }
    Ok((gathered.board, reports))
}
