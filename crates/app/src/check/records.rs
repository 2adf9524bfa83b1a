//! The records of a bundle looked at: each kind once, then what needs a second source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use arrow::array::RecordBatch;
use giaouoc_agreement::bundle::RecordFile;
use giaouoc_agreement::cluster::Role;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_agreement::scoreboard::Options;
use giaouoc_agreement::text::Text;
use giaouoc_agreement::totals::{TotalsRow, contradictions};
use giaouoc_agreement::value::Value;
use giaouoc_intake::{FileError, Reject, Sink, Summary, day_companion};
use giaouoc_worktime::time::Instant;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::coverage::Coverage;
use super::finding::{Example, Finding, Tally};
use super::months::Months;
use super::pass::{Asked, Pass, Passed, order};
use super::report::{Doubled, FileSaid, JournalSaid, KindRecords, NotCompared, Twice};
use super::strangers::Strangers;
use super::suppliers::Suppliers;
use super::{coverage, rules};
use crate::bundle::{self, Loaded};
use crate::cli::Check;
use crate::fault::{Fault, Outcome};
use crate::journal::{Held, adopt, fault, now, texts};
use crate::keys::{Keys, any_doubled};
use crate::progress::Progress;
use crate::records::{take, written_by_us};
use crate::score::{board, cores};
use crate::screen::Screen;

/// What was found in records.
pub struct Looked {
    /// Whether the answer is "no": rows rejected, records doubled, files that cannot be taken.
    pub no: bool,
    /// The files read, with what intake said of those it read.
    pub files: Vec<(FileSaid, Option<Summary>)>,
    /// Records that stand in two files.
    pub doubled: Doubled,
    /// What could not be done.
    pub faults: Vec<Text>,
    /// The journal.
    pub journal: Option<JournalSaid>,
    /// Questions.
    pub findings: Vec<Finding>,
    /// Records by unit and month.
    pub coverage: Vec<Coverage>,
}

/// Looks at all records of a bundle.
pub fn look(loaded: &mut Loaded, args: &Check, screen: &Screen) -> Outcome<Looked> {
    let progress = Progress::new(screen);
    let own = loaded.journal.is_some();
    // A record that stands in two files counts as a journal of them would have it.
    let twice = !own && matches!(any_doubled(loaded), Ok(true));
    if twice {
        let all: Vec<usize> = (0..loaded.bundle.records.len()).collect();
        loaded.journal = Some(adopt::made(loaded, &all, &progress)?);
    }
    let looked = look_at(loaded, own, twice, args, &progress);
    progress.clear();
    let (mut looked, strangers) = looked?;
    // What only shows when conditions meet records: a day outside the calendar, a sum beyond 64 bits.
    if !looked.no {
        match board(loaded, &Options::default(), cores(), screen) {
            Ok(board) => looked.findings.extend(without_ground(loaded, args, &board.scoreboard)),
            Err(Fault::Input(text)) => {
                looked.no = true;
                looked.faults.push(text);
            }
            Err(other) => return Err(other),
        }
    }
    looked.findings.extend(strangers.findings(args.examples, &loaded.bundle.cluster));
    Ok(looked)
}

fn look_at(
    loaded: &Loaded,
    own: bool,
    twice: bool,
    args: &Check,
    progress: &Progress,
) -> Outcome<(Looked, Strangers)> {
    let bundle = &loaded.bundle;
    let rules = rules::builtin()?;
    let zone = loaded.calendars.default.zone();
    let period = &bundle.agreement.period;
    let on = bundle.agreement.membership_on.unwrap_or(period.last);
    let mut asked = Asked {
        loaded,
        rules,
        zone,
        today: zone.day_of(Instant(now().as_microsecond())),
        examples: args.examples,
        members: bundle.cluster.with_role(Role::Member, on).into_iter().collect(),
        months: Months::new(period, zone),
        totals: Vec::new(),
        lists: BTreeMap::new(),
    };
    let mut looked = Looked {
        no: false,
        files: Vec::new(),
        doubled: Doubled::default(),
        faults: Vec::new(),
        journal: None,
        findings: Vec::new(),
        coverage: Vec::new(),
    };
    let mut strangers = Strangers::default();
    let waiting: BTreeSet<usize> = match &loaded.journal {
        Some(held) if own => adopt::waiting(loaded, &held.journal, true)?.into_iter().collect(),
        _ => BTreeSet::new(),
    };
    let mut read = BTreeMap::new();
    let mut records = BTreeMap::new();
    for kind in kinds_of(loaded, rules)? {
        let mut pass = Pass::new(&asked, kind);
        if let Some(held) = &loaded.journal {
            let columns = pass.columns();
            let told = &mut |supplier: Option<&str>, batch: &RecordBatch| {
                pass.batch(supplier, batch);
                progress.rows(batch.num_rows() as u64);
                Ok(())
            };
            held.journal.each_net(kind, held.head, &columns, told).map_err(|error| fault(&error))?;
        } else {
            for (at, file) in bundle.records.iter().enumerate().filter(|(_, file)| file.kind == kind.id) {
                let said = one_file(loaded, file, kind, Some(&mut pass), &mut strangers, false, progress);
                keep(&mut looked, &mut read, at, said)?;
            }
        }
        let Passed { findings, covered, keys, rows, records: count } = pass.finish();
        looked.findings.extend(findings);
        let (months, gaps) = coverage::of(&asked, kind, covered);
        looked.findings.extend(gaps);
        looked.coverage.push(months);
        records.insert(kind.id.clone(), count);
        if let Some(keys) = keys {
            asked.lists.insert(kind.id.clone(), keys);
        }
        if !rows.is_empty() {
            let found;
            (asked.totals, found) = totals(&asked, kind, &rows)?;
            looked.findings.extend(found);
        }
    }
    // With a journal only the files that it has not are read; hand-placed ones of a made one are all to be said.
    for (at, file) in bundle.records.iter().enumerate() {
        if loaded.journal.is_some() && (!own || waiting.contains(&at)) {
            let kind = bundle::kind(&file.kind)?;
            let said = one_file(loaded, file, kind, None, &mut strangers, own, progress);
            keep(&mut looked, &mut read, at, said)?;
        }
    }
    looked.files = read.into_values().collect();
    if twice {
        looked.doubled = doubled(loaded)?;
        looked.no |= looked.doubled.count > 0;
    }
    if let Some(held) = &loaded.journal {
        let mut suppliers = Suppliers::new(&asked, &held.journal);
        let of_several = |file: &RecordFile| {
            bundle.records.iter().any(|other| other.kind == file.kind && other.supplier != file.supplier)
        };
        for (at, file) in bundle.records.iter().enumerate() {
            if (own && waiting.contains(&at)) || (!own && of_several(file)) {
                match suppliers.file(file) {
                    // Said already, when the file was read.
                    Ok(()) | Err(Fault::Input(_)) => {}
                    Err(other) => return Err(other),
                }
            }
        }
        if own {
            let mut not_compared = Vec::new();
            for path in loaded.opened.others.iter().filter(|path| path.ends_with(".rejects.csv")) {
                if let Some(why) = suppliers.rejects(path, &mut strangers)? {
                    not_compared.push(NotCompared { file: path.clone(), why });
                }
            }
            let said = journal(loaded, held, &waiting, records, not_compared);
            looked.findings.extend(not_recorded(&said, args, loaded));
            looked.journal = Some(said);
        }
        looked.findings.extend(suppliers.findings());
    }
    Ok((looked, strangers))
}

/// The kinds that have records, those first that others are held against.
fn kinds_of(loaded: &Loaded, rules: &rules::Rules) -> Outcome<Vec<&'static Kind>> {
    let ids: BTreeSet<&str> = match &loaded.journal {
        Some(held) => held.journal.kinds(),
        None => loaded.bundle.records.iter().map(|file| file.kind.as_str()).collect(),
    };
    let mut found: Vec<&'static Kind> =
        kinds::builtin().iter().filter(|kind| ids.contains(kind.id.as_str())).collect();
    order(rules, &mut found);
    Ok(found)
}

type Said = (FileSaid, Option<Summary>);

/// Keeps what was said of a file; one that is refused whole is a fault, and the others go on.
fn keep(looked: &mut Looked, read: &mut BTreeMap<usize, Said>, at: usize, said: Outcome<Said>) -> Outcome {
    match said {
        Ok(said) => {
            looked.no |= said.0.rejected > 0;
            read.insert(at, said);
            Ok(())
        }
        Err(Fault::Input(text)) => {
            looked.no = true;
            looked.faults.push(text);
            Ok(())
        }
        Err(other) => Err(other),
    }
}

/// Reads a file of `records/`.
fn one_file(
    loaded: &Loaded,
    file: &RecordFile,
    kind: &'static Kind,
    mut pass: Option<&mut Pass<'_>>,
    strangers: &mut Strangers,
    waiting: bool,
    progress: &Progress,
) -> Outcome<Said> {
    let path = loaded.opened.dir.join(&file.path);
    let supplier = file.supplier.map(|unit| loaded.bundle.cluster.units[unit].code.clone());
    if file.map.is_none()
        && let Some(rows) = written_by_us(&path, kind)?
    {
        if let Some(pass) = &mut pass {
            let columns = pass.columns();
            parquet(&path, &file.path, kind, &columns, &mut |batch| {
                pass.batch(supplier.as_deref(), batch);
                progress.rows(batch.num_rows() as u64);
            })?;
        }
        return Ok((FileSaid::ours(&file.path, &kind.id, rows, waiting), None));
    }
    let mut sink = Feeding { pass, supplier, strangers, kind, path: &file.path, progress };
    let summary = take(loaded, file, kind, &mut sink)?;
    Ok((FileSaid::read(&file.path, &kind.id, &summary, waiting), Some(summary)))
}

/// Some columns of a Parquet file that this program wrote.
pub fn parquet(
    path: &std::path::Path,
    name: &str,
    kind: &Kind,
    columns: &BTreeSet<usize>,
    told: &mut dyn FnMut(&RecordBatch),
) -> Outcome {
    let broken = |error: &dyn std::fmt::Display| {
        Fault::input(format!("{name}: tệp hỏng: {error}"), format!("{name}: damaged file: {error}"))
    };
    let mut names = Vec::new();
    for column in columns.iter().map(|at| &kind.columns[*at]) {
        names.push(column.id.clone());
        if column.ty == ColumnType::Moment {
            names.push(day_companion(&column.id));
        }
    }
    let handle = File::open(path).map_err(|error| Fault::io(path, &error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(handle).map_err(|error| broken(&error))?;
    let fields = builder.schema().fields();
    let roots: Vec<usize> = (0..fields.len()).filter(|at| names.contains(fields[*at].name())).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let reader =
        builder.with_projection(mask).with_batch_size(8192).build().map_err(|error| broken(&error))?;
    for batch in reader {
        told(&batch.map_err(|error| broken(&error))?);
    }
    Ok(())
}

/// Accepted rows into the pass; rejected ones are looked at for units that nobody knows.
struct Feeding<'s, 'p, 'a> {
    pass: Option<&'p mut Pass<'a>>,
    supplier: Option<String>,
    strangers: &'s mut Strangers,
    kind: &'static Kind,
    path: &'s str,
    progress: &'s Progress,
}

impl Sink for Feeding<'_, '_, '_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        if let Some(pass) = &mut self.pass {
            pass.batch(self.supplier.as_deref(), batch);
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.strangers.reject(&self.kind.id, self.path, reject);
        Ok(())
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.progress.bytes(done, total);
    }
}

/// The rows of totals, and those that contradict themselves. A row that cannot be used is said when the
/// scoreboard is computed.
fn totals(
    asked: &Asked<'_>,
    kind: &Kind,
    batches: &[RecordBatch],
) -> Outcome<(Vec<TotalsRow>, Option<Finding>)> {
    let cluster = &asked.loaded.bundle.cluster;
    let (mut rows, mut tally) = (Vec::new(), Tally::default());
    for batch in batches {
        for at in 0..batch.num_rows() {
            let values = giaouoc_measure::values(kind, batch, at)
                .map_err(|error| crate::records::measure_fault(&kind.id, &error))?;
            let Ok(row) = TotalsRow::new(kind, cluster, values) else { continue };
            let evidence = contradictions(kind, &row);
            if !evidence.is_empty() {
                let key = match row.values.get(kind.key) {
                    Some(Value::Text(key)) => Some(key.clone()),
                    _ => None,
                };
                let code = Some(cluster.units[row.unit].code.as_str());
                tally.add(code, 1);
                tally.example(code, asked.examples, Example { key, evidence, sides: None });
            }
            rows.push(row);
        }
    }
    let question = Text::new(
        "Số tổng hợp không khớp với chính nó. Ô nào đúng?",
        "Totals that do not fit with themselves. Which cell is right?",
    );
    Ok((rows, tally.finding("totals-do-not-add-up", Some(&kind.id), question, cluster)))
}

/// Records that stand in two files of a kind and a supplier and would count twice.
fn doubled(loaded: &Loaded) -> Outcome<Doubled> {
    let files = &loaded.bundle.records;
    let mut doubled = Doubled::default();
    let mut known: BTreeMap<(&str, Option<usize>), Keys> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let others =
            files.iter().filter(|other| (&other.kind, other.supplier) == (&file.kind, file.supplier));
        if others.count() < 2 {
            continue;
        }
        let keys = known.entry((&file.kind, file.supplier)).or_default();
        let found = keys.add_file(loaded, at, bundle::kind(&file.kind)?)?;
        doubled.count += found.count;
        doubled.examples.extend(found.examples.into_iter().map(|twice| Twice {
            key: twice.key,
            file: file.path.clone(),
            earlier: files[twice.earlier].path.clone(),
        }));
    }
    Ok(doubled)
}

/// Whether texts of the bundle are not in the journal as they are now.
pub fn texts_changed(loaded: &Loaded, held: &Held) -> bool {
    !unrecorded(loaded, held).is_empty()
}

/// Texts of the bundle that the journal does not have as they are now.
fn unrecorded(loaded: &Loaded, held: &Held) -> Vec<String> {
    let used: BTreeSet<String> =
        held.journal.kinds().into_iter().filter(|id| kinds::find(id).is_some()).map(str::to_owned).collect();
    let calendar = loaded.bundle.calendar.calendar.as_deref().unwrap_or(giaouoc_worktime::DEFAULT_CALENDAR);
    let changed = texts::unrecorded(&held.journal, &loaded.opened, calendar, &used);
    changed.into_iter().map(|(path, _)| path).collect()
}

/// The journal at its head.
fn journal(
    loaded: &Loaded,
    held: &Held,
    waiting: &BTreeSet<usize>,
    records: BTreeMap<String, u64>,
    not_compared: Vec<NotCompared>,
) -> JournalSaid {
    JournalSaid {
        entries: held.journal.head(),
        at: held.known_at().map(|at| at.to_string()),
        records: records.into_iter().map(|(kind, records)| KindRecords { kind, records }).collect(),
        waiting: waiting.iter().map(|at| loaded.bundle.records[*at].path.clone()).collect(),
        texts: unrecorded(loaded, held),
        not_compared,
    }
}

/// Files and texts that the journal does not have as they are.
fn not_recorded(said: &JournalSaid, args: &Check, loaded: &Loaded) -> Vec<Finding> {
    let of = |code: &str, names: &[String], question: Text| {
        let mut tally = Tally::default();
        for name in names {
            tally.add(None, 1);
            tally.example(None, args.examples, Example { key: Some(name.clone()), ..Example::default() });
        }
        let found = tally.finding(code, None, question, &loaded.bundle.cluster);
        found.map(|found| found.help("giaouoc record GÓI", "giaouoc record BUNDLE"))
    };
    let files = of(
        "files-waiting",
        &said.waiting,
        Text::new(
            "Tệp trong records/ chưa có trong sổ thay đổi nên chưa được tính. Có nạp không?",
            "Files in records/ are not in the journal and do not count yet. Load them?",
        ),
    );
    let texts = of(
        "texts-not-recorded",
        &said.texts,
        Text::new(
            "Nội dung của gói đã đổi mà chưa ghi vào sổ thay đổi. Có ghi không?",
            "Texts of the bundle changed and are not in the journal as they are now. Record them?",
        ),
    );
    files.into_iter().chain(texts).collect()
}

/// Units for which a target has nothing to go by.
fn without_ground(
    loaded: &Loaded,
    args: &Check,
    board: &giaouoc_agreement::scoreboard::Scoreboard,
) -> Vec<Finding> {
    let mut kinds: BTreeMap<&str, Tally> = BTreeMap::new();
    for line in &board.targets {
        for (unit, figure) in board.units.iter().zip(&line.figures) {
            let nothing =
                figure.as_ref().is_some_and(|it| it.verdict == giaouoc_agreement::figure::Verdict::NoData);
            if nothing {
                let tally = kinds.entry(&line.kind).or_default();
                let example = Example {
                    key: Some(line.target.clone()),
                    evidence: vec![line.name.clone()],
                    sides: None,
                };
                tally.add(Some(&unit.code), 1);
                tally.example(Some(&unit.code), args.examples, example);
            }
        }
    }
    let question = || {
        Text::new(
            "Chỉ tiêu chưa có gì để tính: không bản ghi nào được tính, không số tổng hợp, không báo cáo. Đã gửi đủ chưa, hay không phát sinh?",
            "A target has nothing to go by: no record that counts, no totals, no report. Was everything sent, or did no cases arise?",
        )
    };
    let found = kinds.into_iter().filter_map(|(kind, tally)| {
        tally.finding("nothing-to-go-by", Some(kind), question(), &loaded.bundle.cluster)
    });
    found.collect()
}
