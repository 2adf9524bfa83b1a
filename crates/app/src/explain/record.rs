//! One record: its values, whether it counts and which condition decided, and how its due date comes about.

use anstyle::Style;
use arrow::array::RecordBatch;
use giaouoc_agreement::kind::{Column, ColumnType, Kind, TextForm};
use giaouoc_agreement::lang::{Context, Trace, eval, print, trace, words};
use giaouoc_agreement::limit::TimeLimit;
use giaouoc_agreement::scoreboard::Options;
use giaouoc_agreement::target::{Measure, Rule};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::Value;
use giaouoc_intake::{FileError, Sink};
use giaouoc_measure::{MeasureError, Source};
use giaouoc_worktime::time::{Day, Moment};
use giaouoc_worktime::{Calendar, CalendarError, Explanation, Limit, Pause, ReceiptRule};

use super::target::heading;
use super::{picture, story};
use crate::bundle::{self, Loaded, unknown};
use crate::cli::Explain;
use crate::fault::{Fault, Outcome};
use crate::records::{measure_fault, take, written_by_us};
use crate::render::grid::paragraph;
use crate::screen::Screen;

/// A record that was found, with the file it stands in.
struct Found {
    path: String,
    values: Vec<Value>,
}

/// The whole text.
pub fn explain(
    loaded: &Loaded,
    args: &Explain,
    options: &Options,
    key: &str,
    screen: &Screen,
) -> Outcome<String> {
    let Some(target) = loaded.bundle.agreement.target(&args.target) else {
        return Err(unknown("chỉ tiêu", "target", &args.target, None, &[]));
    };
    let kind = bundle::kind(&target.kind)?;
    let found = find(loaded, kind, key, screen.lang)?;
    if found.is_empty() {
        // What is no more has been; its history tells who took it out, and why.
        if let Some(held) = loaded.journal.as_ref().filter(|held| held._made.is_none()) {
            let known = held.journal.versions(kind, key, held.head);
            if known.map_err(|error| crate::journal::fault(&error))?.is_empty() {
                return Err(Fault::input(
                    format!("sổ thay đổi chưa từng có bản ghi “{key}” ({})", kind.id),
                    format!("the journal never had a record “{key}” ({})", kind.id),
                ));
            }
            let bold = Style::new().bold();
            let mut out = format!("{bold}{} {key}{bold:#}\n", kind.name.get(screen.lang));
            let gone = screen.say(
                "Bản ghi này không còn trong số liệu.",
                "This record is not among the records any more.",
            );
            out.push_str(&paragraph(gone, "  ", "  ", screen.width));
            story::render(&mut out, loaded, kind, key, &loaded.calendars.default, screen)?;
            out.push('\n');
            return Ok(out);
        }
        return Err(Fault::input(
            format!("không có bản ghi “{key}” trong các tệp {} của gói dữ liệu", kind.id),
            format!("there is no record “{key}” in the bundle's {} files", kind.id),
        ));
    }
    let period = options.period.clone().unwrap_or_else(|| target.period.clone());
    let as_of = options.as_of.unwrap_or(period.last);
    let mut out = String::new();
    let bold = Style::new().bold();
    for found in &found {
        let unit = match &found.values[kind.unit] {
            Value::Text(code) => code.clone(),
            _ => String::new(),
        };
        let calendar = loaded.calendars.unit(&unit);
        out.push_str(&format!("{bold}{} {key}{bold:#} ({})\n", kind.name.get(screen.lang), found.path));
        values(&mut out, kind, found, calendar, as_of, screen);
        for (part, version) in target.parts(&period) {
            let context = Context { kind, period: &part, as_of, calendar };
            counted(&mut out, &version.rule, target.name.get(screen.lang), found, &context, screen);
            for lens in &version.lenses {
                let verdict = outcome(&lens.rule, &found.values, &context, screen.lang);
                let text = format!("{} ({}): {verdict}", lens.name.get(screen.lang), lens.id);
                out.push_str(&paragraph(&text, "  · ", "    ", screen.width));
            }
        }
        due(&mut out, kind, found, calendar, screen);
        counts_in(&mut out, loaded, kind, found, options, screen);
        story::render(&mut out, loaded, kind, key, calendar, screen)?;
        out.push('\n');
    }
    Ok(out)
}

/// Looks the key up in every file of the kind.
fn find(loaded: &Loaded, kind: &'static Kind, key: &str, lang: Lang) -> Outcome<Vec<Found>> {
    let mut all = Vec::new();
    if let Some(held) = &loaded.journal {
        let fault = |error| crate::journal::fault(&error);
        let live = if held.is_past() {
            let versions = held.journal.versions(kind, key, held.head).map_err(fault)?;
            versions.into_iter().find(|version| version.taken_back.is_none())
        } else {
            held.journal.live(kind, key).map_err(fault)?
        };
        if let Some(version) = live {
            let values = giaouoc_measure::values(kind, &version.batch, 0);
            let values = values.map_err(|error| measure_fault("journal", &error))?;
            let path = match lang {
                Lang::Vi => format!("mục sổ {}, dòng {}", version.entry, version.row),
                Lang::En => format!("entry {}, row {}", version.entry, version.row),
            };
            all.push(Found { path, values });
        }
        return Ok(all);
    }
    for file in loaded.bundle.records.iter().filter(|file| file.kind == kind.id) {
        let path = loaded.opened.dir.join(&file.path);
        let found = if file.map.is_none() && written_by_us(&path, kind)?.is_some() {
            giaouoc_measure::find(kind, &[Source::parquet(&path)], key)
        } else {
            let mut search = Search { kind, key, found: Ok(Vec::new()) };
            take(loaded, file, kind, &mut search)?;
            search.found
        };
        let found = found.map_err(|error| measure_fault(&file.path, &error))?;
        all.extend(found.into_iter().map(|found| Found { path: file.path.clone(), values: found.values }));
    }
    Ok(all)
}

/// Watches rows go by for one key.
struct Search<'a> {
    kind: &'a Kind,
    key: &'a str,
    found: Result<Vec<giaouoc_measure::Found>, MeasureError>,
}

impl Sink for Search<'_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        if let Ok(found) = &mut self.found {
            match giaouoc_measure::find(self.kind, &[Source::batches(vec![batch.clone()])], self.key) {
                Ok(more) => found.extend(more),
                Err(error) => self.found = Err(error),
            }
        }
        Ok(())
    }
}

fn values(out: &mut String, kind: &Kind, found: &Found, calendar: &Calendar, as_of: Day, screen: &Screen) {
    for (column, value) in kind.columns.iter().zip(&found.values) {
        if column.personal || *value == Value::Unknown {
            continue;
        }
        let hidden = column
            .hangs_on
            .and_then(|date| found.values.get(date))
            .and_then(|date| local_day(date, calendar))
            .is_some_and(|day| day > as_of);
        let later = if hidden {
            screen.say(" (sau ngày tính, coi như chưa biết)", " (after the day asked for: unknown then)")
        } else {
            ""
        };
        let text = format!(
            "{}: {}{later}",
            column.label.get(screen.lang),
            named(column, value, calendar, screen.lang)
        );
        out.push_str(&paragraph(&text, "  ", "    ", screen.width));
    }
}

/// A value as people write it; a code with its name.
pub fn named(column: &Column, value: &Value, calendar: &Calendar, lang: Lang) -> String {
    let shown = show(value, calendar);
    if column.form == Some(TextForm::Limit)
        && let Ok(limit) = TimeLimit::read(&shown)
    {
        return limit.text().get(lang).to_owned();
    }
    let ColumnType::Code(list) = &column.ty else { return shown };
    match list.codes.iter().find(|code| code.code == shown) {
        Some(code) if code.name.get(lang) != shown => format!("{} ({shown})", code.name.get(lang)),
        _ => shown,
    }
}

fn local_day(value: &Value, calendar: &Calendar) -> Option<Day> {
    match value {
        Value::Day(day) | Value::Moment(Moment::Day(day)) => Some(*day),
        Value::Moment(Moment::Instant(at)) => Some(calendar.zone().day_of(*at)),
        _ => None,
    }
}

/// A value as people write it: local days and times.
pub fn show(value: &Value, calendar: &Calendar) -> String {
    let zone = calendar.zone();
    let instant = |at| {
        let seconds = zone.local_time_of_day(at);
        format!("{} {:02}:{:02}", zone.day_of(at).dmy(), seconds / 3600, seconds / 60 % 60)
    };
    match value {
        Value::Unknown => "?".into(),
        Value::Flag(flag) => (if *flag { "✓" } else { "✗" }).into(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.chars().filter(|character| !character.is_control()).collect(),
        Value::Day(day) | Value::Moment(Moment::Day(day)) => day.dmy(),
        Value::Moment(Moment::Instant(at)) => instant(*at),
        Value::Duration(micros) => format!("{} s", micros / 1_000_000),
        Value::Intervals(list) => {
            let one = |(from, to): &(_, Option<_>)| {
                format!("{} – {}", instant(*from), to.map(instant).unwrap_or_default())
            };
            list.iter().map(one).collect::<Vec<_>>().join("; ")
        }
        Value::Changes(list) => {
            let one = |change: &giaouoc_agreement::value::Change| {
                format!("{} → {} ({})", instant(change.at), instant(change.new), change.why)
            };
            list.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    }
}

/// Whether a record with these values counts under a rule, in a few words.
pub fn outcome(rule: &Rule, row: &[Value], context: &Context<'_>, lang: Lang) -> &'static str {
    let say = |vi, en| if lang == Lang::Vi { vi } else { en };
    match eval(&rule.counted, row, context) {
        Ok(Value::Flag(true)) => {}
        Ok(Value::Flag(false)) => return say("không được tính", "not counted"),
        _ => return say("chưa rõ có được tính hay không", "unknown whether it counts"),
    }
    match &rule.measure {
        Measure::Share { met } => match eval(met, row, context) {
            Ok(Value::Flag(true)) => say("được tính, đạt yêu cầu", "counted, meets the target"),
            Ok(Value::Flag(false)) => say("được tính, chưa đạt yêu cầu", "counted, does not meet the target"),
            _ => say("được tính; chưa đủ dữ liệu để xét", "counted; cannot be decided"),
        },
        _ => say("được tính", "counted"),
    }
}

/// Every target on the kind, with what becomes of the record there.
fn counts_in(
    out: &mut String,
    loaded: &Loaded,
    kind: &Kind,
    found: &Found,
    options: &Options,
    screen: &Screen,
) {
    let targets = loaded.bundle.agreement.targets.iter().filter(|target| target.kind == kind.id);
    let unit = match &found.values[kind.unit] {
        Value::Text(code) => code.as_str(),
        _ => "",
    };
    let calendar = loaded.calendars.unit(unit);
    heading(out, screen.say("Trong các chỉ tiêu", "In the targets"));
    for target in targets {
        let period = options.period.clone().unwrap_or_else(|| target.period.clone());
        let as_of = options.as_of.unwrap_or(period.last);
        for (part, version) in target.parts(&period) {
            let context = Context { kind, period: &part, as_of, calendar };
            let outcome = outcome(&version.rule, &found.values, &context, screen.lang);
            let text = format!(
                "{} ({}, {}): {outcome}",
                target.name.get(screen.lang),
                target.id,
                part.words().get(screen.lang)
            );
            out.push_str(&paragraph(&text, "  ", "    ", screen.width));
        }
    }
}

fn counted(out: &mut String, rule: &Rule, name: &str, found: &Found, context: &Context<'_>, screen: &Screen) {
    let bold = Style::new().bold();
    let verdict = outcome(rule, &found.values, context, screen.lang);
    out.push_str(&format!("\n{bold}{name}: {verdict}{bold:#}\n"));
    let row = found.values.as_slice();
    decided(
        out,
        screen.say("Được tính vì", "Counted because"),
        screen.say("Không được tính vì", "Not counted because"),
        &trace(&rule.counted, row, context),
        context,
        screen,
    );
    let is_counted = eval(&rule.counted, row, context) == Ok(Value::Flag(true));
    if let Measure::Share { met } = &rule.measure
        && is_counted
    {
        decided(
            out,
            screen.say("Đạt yêu cầu vì", "Meets it because"),
            screen.say("Chưa đạt yêu cầu vì", "Does not meet it because"),
            &trace(met, row, context),
            context,
            screen,
        );
    }
}

/// The conditions that decided, in words and exactly.
fn decided(out: &mut String, yes: &str, no: &str, trace: &Trace<'_>, context: &Context<'_>, screen: &Screen) {
    let label = match &trace.value {
        Ok(Value::Flag(true)) => yes,
        Ok(Value::Flag(false)) => no,
        _ => screen.say("Chưa xét được vì", "Cannot be decided because"),
    };
    for part in trace.deciding() {
        let truth = match &part.value {
            Ok(Value::Flag(true)) => screen.say("đúng", "true"),
            Ok(Value::Flag(false)) => screen.say("sai", "false"),
            Ok(_) => screen.say("chưa biết", "unknown"),
            Err(_) => screen.say("không tính được", "cannot be computed"),
        };
        let sentence = words(part.tree, context.kind);
        let exact = print(part.tree, context.kind);
        let text = format!("{label}: {} → {truth}  [{exact}]", sentence.get(screen.lang));
        out.push_str(&paragraph(&text, "  ", "    ", screen.width));
    }
}

/// How a due date comes about from receipt and time limit; nothing where the record does not say both.
fn reckoned(
    kind: &Kind,
    values: &[Value],
    calendar: &Calendar,
) -> Option<Result<Explanation, CalendarError>> {
    let value = |id: &str| kind.column(id).and_then(|column| values.get(column));
    let Some(Value::Moment(received)) = value("received_at") else { return None };
    // In words it says what it counts; the number of working days is there where it counts these.
    let worded = match value("time_limit") {
        Some(Value::Text(text)) => TimeLimit::read(text).ok().and_then(TimeLimit::clock),
        _ => None,
    };
    let days = match value("time_limit_days") {
        Some(Value::Integer(days)) => i32::try_from(*days).ok(),
        _ => None,
    };
    let days = days.map(|days| (Limit::WorkingDays(days), ReceiptRule::default()));
    let (limit, rule) = worded.or(days)?;
    let pauses: Vec<Pause> = match value("pauses") {
        Some(Value::Intervals(list)) => {
            list.iter().filter_map(|(from, to)| Some(Pause { from: *from, to: (*to)? })).collect()
        }
        _ => Vec::new(),
    };
    Some(calendar.explain(*received, limit, rule, &pauses))
}

/// The same in words, one step a line.
pub fn worked(kind: &Kind, values: &[Value], calendar: &Calendar, lang: Lang) -> Vec<String> {
    let Some(explained) = reckoned(kind, values, calendar) else { return Vec::new() };
    let text = match (&explained, lang) {
        (Ok(explanation), Lang::Vi) => explanation.vi(),
        (Ok(explanation), Lang::En) => explanation.en(),
        (Err(error), Lang::Vi) => error.vi(),
        (Err(error), Lang::En) => error.en(),
    };
    text.lines().map(str::to_owned).collect()
}

/// The due date worked out from receipt and time limit, beside the one in the record.
fn due(out: &mut String, kind: &Kind, found: &Found, calendar: &Calendar, screen: &Screen) {
    let value = |id: &str| kind.column(id).and_then(|column| found.values.get(column));
    let Some(explained) = reckoned(kind, &found.values, calendar) else { return };
    let bold = Style::new().bold();
    out.push_str(&format!(
        "\n{bold}{}{bold:#}\n",
        screen.say("Hạn trả tính từ ngày nhận", "The due date, worked out from receipt")
    ));
    for line in worked(kind, &found.values, calendar, screen.lang) {
        out.push_str(&paragraph(&line, "  ", "    ", screen.width));
    }
    if let Ok(explanation) = &explained {
        let day = |id: &str| value(id).and_then(|value| local_day(value, calendar));
        let dues: Vec<Day> = ["first_due_at", "due_at"].into_iter().filter_map(day).collect();
        out.push('\n');
        out.push_str(&picture::render(explanation, calendar, &dues, day("finished_at"), screen));
    }
    for id in ["first_due_at", "due_at"] {
        if let (Some(value), Some(column)) =
            (value(id).filter(|value| **value != Value::Unknown), kind.column(id))
        {
            let label = kind.columns[column].label.get(screen.lang);
            let said = format!(
                "{}: {label} {}",
                screen.say("Trong bản ghi", "In the record"),
                show(value, calendar)
            );
            out.push_str(&paragraph(&said, "  ", "    ", screen.width));
        }
    }
}
