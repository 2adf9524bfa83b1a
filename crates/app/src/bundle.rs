//! A bundle from disk to its typed form, with everything that is wrong with it said at once.

use std::collections::BTreeMap;
use std::path::Path;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::problem::{Problem, Severity, nearest};
use giaouoc_intake::Units;
use giaouoc_worktime::CalendarSet;

use crate::fault::{Fault, Outcome};
use crate::journal::{self, Held};
use crate::open::{Limits, Opened, open};

/// A bundle that can be worked with.
#[derive(Debug)]
pub struct Loaded {
    /// Where its files are.
    pub opened: Opened,
    /// What its text files say.
    pub bundle: Bundle,
    /// The calendars of its units.
    pub calendars: CalendarSet,
    /// Warnings and questions; no errors.
    pub remarks: Vec<Problem>,
    /// Its journal, when it has one: then records are read there and nowhere else.
    pub journal: Option<Held>,
}

/// Everything found in the text files of a bundle, whether it can be worked with or not.
#[derive(Debug)]
pub struct Read {
    /// Where its files are.
    pub opened: Opened,
    /// The bundle, unless there are errors.
    pub bundle: Option<(Bundle, CalendarSet)>,
    /// All problems.
    pub problems: Vec<Problem>,
}

/// Reads the text files of a bundle.
pub fn read(path: &Path) -> Outcome<Read> {
    Ok(parse(open(path, Limits::default())?))
}

fn parse(opened: Opened) -> Read {
    let (bundle, mut problems) = Bundle::parse(&opened.texts, &opened.others, kinds::builtin());
    let calendars = bundle.as_ref().map(|bundle| bundle.calendar.resolve());
    let bundle = match (bundle, calendars) {
        (Some(bundle), Some(Ok(calendars))) => Some((bundle, calendars)),
        (_, Some(Err(error))) => {
            let message = giaouoc_agreement::text::Text::new(error.vi(), error.en());
            problems.push(Problem::error("calendar", "calendar.toml", 0..0, message));
            None
        }
        _ => None,
    };
    Read { opened, bundle, problems }
}

/// Reads a bundle that must be right, as it was known at an entry or a time when one is named.
pub fn load_at(path: &Path, known_at: Option<&str>) -> Outcome<Loaded> {
    let now = load(path)?;
    let Some(text) = known_at else { return Ok(now) };
    let Some(mut held) = now.journal else {
        return Err(Fault::input(
            "--known-at cần sổ thay đổi, mà gói này chưa có: hãy nạp tệp bằng giaouoc load, hoặc ghi sổ bằng giaouoc record",
            "--known-at needs a journal, which this bundle does not have yet: load files with giaouoc load, or start it with giaouoc record",
        ));
    };
    held.head = journal::known_at(&held.journal, now.calendars.default.zone(), text)?;
    let mut opened = now.opened;
    let texts = journal::texts::at(&held.journal, held.head)?;
    // Files that were named then may be gone by now; their rows are in the journal.
    let named = texts.get("cluster.toml").map(|text| files_of(text)).unwrap_or_default();
    opened.others.extend(named);
    opened.others.sort();
    opened.others.dedup();
    opened.texts = texts;
    let mut loaded = settle(parse(opened))?;
    let calendar = loaded.bundle.calendar.calendar.clone();
    let calendar = calendar.as_deref().unwrap_or(giaouoc_worktime::DEFAULT_CALENDAR);
    if let Some(file) = journal::texts::calendar_at(&held.journal, held.head, calendar)? {
        let resolved = loaded.bundle.calendar.resolve_over(&file);
        loaded.calendars = resolved.map_err(|error| Fault::input(error.vi(), error.en()))?;
    }
    loaded.journal = Some(held);
    Ok(loaded)
}

/// The record files that a cluster's text names.
fn files_of(text: &[u8]) -> Vec<String> {
    let table: toml::Table = toml::from_str(&String::from_utf8_lossy(text)).unwrap_or_default();
    let files = table.get("file").and_then(toml::Value::as_array);
    let path = |file: &toml::Value| file.get("path").and_then(toml::Value::as_str).map(str::to_owned);
    files.map(|files| files.iter().filter_map(path).collect()).unwrap_or_default()
}

/// Reads a bundle that must be right.
pub fn load(path: &Path) -> Outcome<Loaded> {
    let mut loaded = settle(read(path)?)?;
    loaded.journal = Held::open(&loaded.opened.dir)?;
    Ok(loaded)
}

/// Reads a bundle as if another agreement stood in it: a draft. Nothing is written.
pub fn load_with(path: &Path, agreement: &str) -> Outcome<Loaded> {
    let mut loaded = settle(read_with(path, agreement)?)?;
    loaded.journal = Held::open(&loaded.opened.dir)?;
    Ok(loaded)
}

/// Everything found in a bundle in which another agreement stands.
pub fn read_with(path: &Path, agreement: &str) -> Outcome<Read> {
    read_as(path, "agreement.toml", agreement)
}

/// Everything found in a bundle one of whose text files is another. Nothing is written.
pub fn read_as(path: &Path, file: &str, text: &str) -> Outcome<Read> {
    let mut opened = open(path, Limits::default())?;
    opened.texts.insert(file.to_owned(), text.as_bytes().to_vec());
    Ok(parse(opened))
}

fn settle(read: Read) -> Outcome<Loaded> {
    let wrong = read.problems.iter().any(|problem| problem.severity == Severity::Error);
    match read.bundle {
        Some((bundle, calendars)) if !wrong => {
            Ok(Loaded { opened: read.opened, bundle, calendars, remarks: read.problems, journal: None })
        }
        _ => Err(Fault::Bundle { problems: read.problems, texts: texts(&read.opened) }),
    }
}

/// The text files as text, for showing their lines.
pub fn texts(opened: &Opened) -> BTreeMap<String, String> {
    opened
        .texts
        .iter()
        .map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned()))
        .collect()
}

impl Loaded {
    /// The units as record files may name them.
    pub fn units(&self) -> Units {
        let mut units = Units::new();
        for unit in &self.bundle.cluster.units {
            let names = [unit.name.vi.as_str(), &unit.name.en, &unit.short.vi, &unit.short.en];
            units.add(&unit.code, names.into_iter().chain(unit.aliases.iter().map(String::as_str)));
        }
        units
    }

    /// The index of a unit named on the command line.
    pub fn unit(&self, named: &str) -> Outcome<usize> {
        let cluster = &self.bundle.cluster;
        cluster.find_unit(named).ok_or_else(|| {
            let codes: Vec<&str> = cluster.units.iter().map(|unit| unit.code.as_str()).collect();
            let near = nearest(named, codes.iter().copied());
            unknown("đơn vị", "unit", named, near, &codes)
        })
    }
}

/// A kind named on the command line.
pub fn kind(named: &str) -> Outcome<&'static Kind> {
    let all = kinds::builtin();
    all.iter().find(|kind| kind.id == named).ok_or_else(|| {
        let ids: Vec<&str> = all.iter().map(|kind| kind.id.as_str()).collect();
        let near = nearest(named, ids.iter().copied());
        unknown("loại dữ liệu", "kind", named, near, &ids)
    })
}

/// "There is no X called Y; did you mean Z? There are: …"
pub fn unknown(what_vi: &str, what_en: &str, named: &str, near: Option<&str>, known: &[&str]) -> Fault {
    const SHOWN: usize = 30;
    let more = if known.len() > SHOWN { ", …" } else { "" };
    let list = known.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let (meant_vi, meant_en) = match near {
        Some(near) => (format!("; có phải “{near}”?"), format!("; did you mean “{near}”?")),
        None => Default::default(),
    };
    Fault::input(
        format!("không có {what_vi} “{named}”{meant_vi} Hiện có: {list}{more}"),
        format!("there is no {what_en} “{named}”{meant_en} There are: {list}{more}"),
    )
}
