//! Two suppliers of one record. The journal takes a record from one of them and refuses the other's row
//! (`owned-by`); here both are held side by side. Rows that were refused stand in the files of rejects beside the
//! records, and in files that wait or were placed by hand.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::RecordBatch;
use giaouoc_agreement::bundle::RecordFile;
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_agreement::value::Value;
use giaouoc_intake::{FileError, Input, Limits, Load, Mapping, Reject, Sink, read_records};
use giaouoc_journal::{Journal, Upload, What, read_text};
use giaouoc_worktime::time::Moment;

use super::finding::{Example, Finding, Side, Sides, Tally};
use super::pass::Asked;
use super::strangers::Strangers;
use crate::bundle;
use crate::explain::record::show;
use crate::fault::{Fault, Outcome};
use crate::journal::fault;
use crate::journal::rejects::{numbered, rejects_beside};
use crate::records::{file_fault, mapping};
use giaouoc_signals::columns::{Texts, day};

/// Rows of a file that may belong to another supplier's records.
pub struct Other<'a> {
    /// What they are.
    pub kind: &'static Kind,
    /// Who sent them; nothing where nobody was named.
    pub supplier: Option<String>,
    /// How they are read.
    pub mapping: Mapping,
    /// The file, as people know it.
    pub name: &'a str,
}

/// Two suppliers' versions of records, held against each other.
pub struct Suppliers<'a> {
    asked: &'a Asked<'a>,
    journal: &'a Journal,
    differing: BTreeMap<&'static str, Tally>,
    agreeing: BTreeMap<&'static str, u64>,
}

impl<'a> Suppliers<'a> {
    /// Nothing compared yet.
    pub fn new(asked: &'a Asked<'a>, journal: &'a Journal) -> Self {
        Self { asked, journal, differing: BTreeMap::new(), agreeing: BTreeMap::new() }
    }

    /// A file of `records/`.
    pub fn file(&mut self, file: &RecordFile) -> Outcome {
        let loaded = self.asked.loaded;
        let kind = bundle::kind(&file.kind)?;
        let mapping = match &file.map {
            None => Mapping::default(),
            Some(path) => mapping(loaded, path, kind)?,
        };
        let supplier = file.supplier.map(|unit| loaded.bundle.cluster.units[unit].code.clone());
        self.read(&Other { kind, supplier, mapping, name: &file.path }, &mut Strangers::default())
    }

    /// A file of rejects, read as the upload that wrote it was. Says why it was not compared, when it was not.
    pub fn rejects(&mut self, path: &str, strangers: &mut Strangers) -> Outcome<Option<Text>> {
        let Some(upload) = whose(self.journal, path) else {
            return Ok(Some(Text::new(
                "không rõ thuộc lần nạp nào, nên chưa đối chiếu",
                "it is not known which upload it is of, so it was not compared",
            )));
        };
        let kind = bundle::kind(&upload.kind)?;
        let mapping = match &upload.map {
            None => Mapping::default(),
            Some(hash) => {
                let bytes = read_text(self.journal.disk(), hash).map_err(|error| fault(&error))?;
                Mapping::parse(path, &bytes, kind).map_err(|problems| Fault::Bundle {
                    problems,
                    texts: [(path.to_owned(), String::from_utf8_lossy(&bytes).into_owned())].into(),
                })?
            }
        };
        let (supplier, mapping) = (upload.namespace.clone(), mapping.for_rejects());
        match self.read(&Other { kind, supplier, mapping, name: path }, strangers) {
            Ok(()) => Ok(None),
            // A file that somebody has begun to correct is no reason to stop.
            Err(Fault::Input(why)) => Ok(Some(why)),
            Err(other) => Err(other),
        }
    }

    fn read(&mut self, other: &Other<'_>, strangers: &mut Strangers) -> Outcome {
        let loaded = self.asked.loaded;
        let (units, limits) = (loaded.units(), Limits::default());
        let load = Load {
            kind: other.kind,
            mapping: &other.mapping,
            units: &units,
            zone: self.asked.zone,
            limits: &limits,
            personal: false,
        };
        let path = loaded.opened.dir.join(other.name);
        let mut sink = Comparing { suppliers: self, other, strangers, failed: None };
        let read = read_records(&Input::Path(&path), &load, &mut sink);
        if let Some(failed) = sink.failed {
            return Err(failed);
        }
        read.map(|_| ()).map_err(|error| file_fault(other.name, &error))
    }

    /// Holds rows against the live versions of their records.
    fn compare(&mut self, other: &Other<'_>, batch: &RecordBatch) -> Outcome {
        let kind = other.kind;
        let texts = Texts::of(batch, &kind.columns[kind.key].id);
        let keys: Vec<&str> = (0..batch.num_rows()).map(|row| texts.get(row).unwrap_or_default()).collect();
        let live = self.journal.live_of(kind, &keys).map_err(|error| fault(&error))?;
        for (row, found) in live.found.iter().enumerate() {
            let Some((at, owner)) = found.as_ref().filter(|(_, owner)| *owner != other.supplier) else {
                continue;
            };
            let wrong = |error| crate::records::measure_fault(other.name, &error);
            let counts = giaouoc_measure::values(kind, &live.batch, *at).map_err(wrong)?;
            let theirs = giaouoc_measure::values(kind, batch, row).map_err(wrong)?;
            let columns = self.sides(kind, batch, &counts, &theirs);
            if columns.is_empty() {
                *self.agreeing.entry(&kind.id).or_default() += 1;
                continue;
            }
            let unit = match counts.get(kind.unit) {
                Some(Value::Text(code)) => Some(code.as_str()),
                _ => None,
            };
            let name = |code: &Option<String>| self.supplier(code.as_deref());
            let (first, second) = (name(owner), name(&other.supplier));
            let tally = self.differing.entry(&kind.id).or_default();
            tally.add(unit, 1);
            if tally.wants(unit, self.asked.examples) {
                let file = other.name;
                let second = Text::new(format!("{} ({file})", second.vi), format!("{} ({file})", second.en));
                let sides = Some(Sides { counts: first, other: second, columns });
                let key = keys.get(row).map(|key| (*key).to_owned());
                tally.example(unit, self.asked.examples, Example { key, evidence: Vec::new(), sides });
            }
        }
        Ok(())
    }

    /// The columns of the other version that say something else. Columns that its file has not say nothing.
    fn sides(&self, kind: &Kind, batch: &RecordBatch, counts: &[Value], theirs: &[Value]) -> Vec<Side> {
        let calendar = &self.asked.loaded.calendars.default;
        let known = |value: &Value| (*value != Value::Unknown).then(|| show(value, calendar));
        let columns = kind.columns.iter().zip(counts.iter().zip(theirs));
        columns
            .filter(|(column, _)| !column.personal && batch.column_by_name(&column.id).is_some())
            .filter(|(column, (ours, theirs))| !self.same(&column.ty, ours, theirs))
            .map(|(column, (ours, theirs))| {
                let (mut counts, mut other) = (known(ours), known(theirs));
                if counts == other {
                    // Less than a minute apart: only the whole value shows it.
                    (counts, other) = (Some(exact(ours)), Some(exact(theirs)));
                }
                Side { column: column.id.clone(), label: column.label.clone(), counts, other }
            })
            .collect()
    }

    /// Whether two values do not contradict each other: a bare day and a time on that day do not.
    fn same(&self, ty: &ColumnType, one: &Value, other: &Value) -> bool {
        if let (ColumnType::Moment, Value::Moment(one), Value::Moment(other)) = (ty, one, other)
            && (matches!(one, Moment::Day(_)) || matches!(other, Moment::Day(_)))
        {
            return day(*one, self.asked.zone) == day(*other, self.asked.zone);
        }
        one == other
    }

    fn supplier(&self, code: Option<&str>) -> Text {
        let cluster = &self.asked.loaded.bundle.cluster;
        match code {
            None => Text::new("cụm (không nêu đơn vị cung cấp)", "the cluster (no supplier named)"),
            Some(code) => match cluster.unit(code).map(|unit| &cluster.units[unit].short) {
                Some(name) => Text::new(format!("{} {code}", name.vi), format!("{} {code}", name.en)),
                None => Text::same(code),
            },
        }
    }

    /// What is to be asked.
    pub fn findings(self) -> Vec<Finding> {
        let cluster = &self.asked.loaded.bundle.cluster;
        let mut findings = Vec::new();
        for (kind, tally) in self.differing {
            let question = Text::new(
                "Hai nơi cung cấp cùng một bản ghi và ghi khác nhau. Bên nào đúng?",
                "Two suppliers sent the same record and differ. Which of them is right?",
            );
            let Some(mut found) = tally.finding("two-suppliers-disagree", Some(kind), question, cluster)
            else {
                continue;
            };
            let (mut vi, mut en) = (
                "Đang tính bản nạp trước. Đơn vị kia sửa ở nguồn, hoặc chuyển quyền cung cấp bằng giaouoc transfer.".to_owned(),
                "What was loaded first counts. The other unit corrects its source, or the supply is transferred with giaouoc transfer.".to_owned(),
            );
            if let Some(same) = self.agreeing.get(kind) {
                vi.push_str(&format!(
                    " {} bản ghi khác được hai nơi gửi như nhau.",
                    integer(*same, Lang::Vi)
                ));
                en.push_str(&format!(" {} other records were sent alike by both.", integer(*same, Lang::En)));
            }
            found = found.help(vi, en);
            findings.push(found);
        }
        findings
    }
}

/// A value to its last digit.
fn exact(value: &Value) -> String {
    match value {
        Value::Moment(Moment::Instant(at)) => serde_json::to_string(at)
            .map_or_else(|_| at.0.to_string(), |text| text.trim_matches('"').to_owned()),
        other => format!("{other:?}"),
    }
}

/// Rows on their way into the comparison.
struct Comparing<'s, 'a> {
    suppliers: &'s mut Suppliers<'a>,
    other: &'s Other<'s>,
    strangers: &'s mut Strangers,
    failed: Option<Fault>,
}

impl Sink for Comparing<'_, '_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        if self.failed.is_none() {
            self.failed = self.suppliers.compare(self.other, batch).err();
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.strangers.reject(&self.other.kind.id, self.other.name, reject);
        Ok(())
    }
}

/// The upload that wrote a file of rejects, by the file's name. Nothing when several suppliers' uploads may have.
fn whose<'j>(journal: &'j Journal, path: &str) -> Option<&'j Upload> {
    let uploads = journal.entries().iter().filter_map(|entry| match &entry.what {
        What::Upload(upload) if upload.sums.rejected > 0 => Some(upload),
        _ => None,
    });
    let mut found: Option<&Upload> = None;
    for upload in uploads.filter(|upload| numbered(path, &rejects_of(upload))) {
        if found.is_some_and(|before| (&before.namespace, &before.kind) != (&upload.namespace, &upload.kind))
        {
            return None;
        }
        found = Some(upload);
    }
    found
}

/// Where the rejects of an upload went, unless another place was named.
fn rejects_of(upload: &Upload) -> String {
    let name = Path::new(&upload.file.name);
    let path = if upload.file.name.starts_with("records/") {
        name.with_extension("rejects.csv")
    } else {
        rejects_beside(Path::new(""), &upload.kind, name)
    };
    path.to_string_lossy().into_owned()
}
