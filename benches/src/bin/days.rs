//! `days FROM TO`: the program's own working calendar as `date,working` lines, for the peers and the
//! hand-written limit, so that all of them count the same days.

use std::io::Write as _;

use anyhow::{anyhow, bail};
use giaouoc_worktime::{Calendar, DEFAULT_CALENDAR, Day};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else { bail!("days FROM TO") };
    let day = |text: &str| text.parse::<Day>().map_err(|error| anyhow!(error));
    let (from, to) = (day(from)?, day(to)?);
    let calendar = Calendar::builtin(DEFAULT_CALENDAR)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "date,working")?;
    for day in (from.0..=to.0).map(Day) {
        let spans: Vec<String> = calendar.hours(day)?.iter().map(ToString::to_string).collect();
        writeln!(out, "{day},{}", spans.join(";"))?;
    }
    Ok(())
}
