//! What follows from a matter of the year's work is written into the journal: nobody enters it a second time. Doing it again
//! changes nothing; a matter that was withdrawn takes its records with it.

use giaouoc_agreement::text::Text;
use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::{clusters, matters, people};
use giaouoc_web::matters::{Full, calendar, fill};
use giaouoc_web::records::{Entering, Record, Records as _, Trouble, Withdrawing};
use giaouoc_year::rows::{Row, keys, rows};

use super::now;
use super::work::Worker;
use crate::fault::{Fault, Outcome};

/// How the journal names what follows from a matter.
const SOURCE: &str = "việc trong năm";

/// Writes what follows from the matter that the job is about.
pub fn carry(worker: &Worker, job: &Job) -> Outcome {
    let Some(id) = job.about else { return Ok(()) };
    let Some(row) = worker.ask(matters::by_id(worker.store.read(), id))? else { return Ok(()) };
    let Some(cluster) = worker.ask(clusters::get(worker.store.read(), &row.cluster))? else { return Ok(()) };
    let Some(full) = worker.ask(fill(&worker.store, vec![row]))?.pop() else { return Ok(()) };
    // Also where no record can follow: a question that was put aside is found no more.
    worker.find_anew(&full.row.cluster)?;
    let events = worker.ask(calendar(&worker.store, &cluster, true))?;
    let event = |id: &str| events.iter().find(|event| event.id == id).map(|event| event.name.clone());
    let person = match job.person {
        Some(person) => worker.ask(people::get(worker.store.read(), person))?,
        None => None,
    };
    let by = person.map(|person| person.name);
    let wanted = rows(full.sort, &full.matter, &event);
    let mut changed = false;
    for key in keys(full.sort, &full.matter) {
        let Some(record) = full.sort.record.as_ref() else { break };
        let stands = worker.journals.find(&full.row.cluster, &record.kind, &key).map_err(fault)?;
        // One that came by another way, or that somebody else supplies under the same key is not ours to change or to take away.
        let ours = |found: &Record| {
            full.row.carried && found.supplier.as_deref().is_none_or(|unit| unit == full.row.unit)
        };
        match (wanted.iter().find(|row| row.key == key), stands) {
            (Some(row), Some(found)) if !ours(&found) && !same(row, Some(&found)) => {
                return Err(Fault::input(
                    format!(
                        "mã {} đã có một bản ghi đến từ nguồn khác; hãy xem bản ghi đó, rồi rút việc này và lập lại",
                        row.key
                    ),
                    format!(
                        "there is a record {} already that came another way; look at it, then withdraw this and begin anew",
                        row.key
                    ),
                ));
            }
            (Some(row), stands) if !same(row, stands.as_ref()) => {
                enter(worker, &full, &record.kind, row, stands.as_ref(), by.clone())?;
                worker.ask(matters::carry(worker.store.read(), id))?;
                changed = true;
            }
            (None, Some(found)) if ours(&found) => {
                let withdrawing = Withdrawing {
                    cluster: full.row.cluster.clone(),
                    kind: record.kind.clone(),
                    supplier: found.supplier.clone(),
                    key,
                    version: found.version,
                    by: by.clone(),
                    reason: reason(&full),
                };
                worker.journals.withdraw(&withdrawing).map_err(fault)?;
                changed = true;
            }
            _ => {}
        }
    }
    if changed {
        worker.ask(jobs::ask(worker.store.read(), Work::Measure, &full.row.cluster, None, None, now()))?;
    }
    Ok(())
}

/// Whether a record says already what it is to say.
fn same(row: &Row, stands: Option<&Record>) -> bool {
    stands.is_some_and(|found| {
        found.unit == row.unit && row.columns.iter().all(|(column, text)| found.text(column) == text)
    })
}

/// Why: the matter and its last step, as the history of the record has it.
fn reason(full: &Full) -> String {
    let code = &full.row.code;
    match &full.row.gone {
        Some((_, _, reason)) => format!("{code}: {reason}"),
        None => format!("{code}: {}", full.sort.state(full.matter.state(full.sort)).vi),
    }
}

fn enter(
    worker: &Worker,
    full: &Full,
    kind: &str,
    row: &Row,
    stands: Option<&Record>,
    by: Option<String>,
) -> Outcome {
    let columns = giaouoc_agreement::kinds::find(kind);
    let columns = columns.ok_or_else(|| Fault::System(Text::same(format!("no kind {kind}"))))?;
    let mut line: serde_json::Map<String, serde_json::Value> =
        row.columns.iter().map(|(column, text)| (column.clone(), text.clone().into())).collect();
    line.insert(columns.columns[columns.key].id.clone(), row.key.clone().into());
    line.insert(columns.columns[columns.unit].id.clone(), row.unit.clone().into());
    let mut bytes =
        serde_json::to_vec(&line).map_err(|error| Fault::System(Text::same(error.to_string())))?;
    bytes.push(b'\n');
    let entering = Entering {
        cluster: full.row.cluster.clone(),
        kind: kind.to_owned(),
        supplier: stands.map_or_else(|| Some(full.row.unit.clone()), |found| found.supplier.clone()),
        name: SOURCE.to_owned(),
        rows: bytes,
        by,
        reason: Some(reason(full)),
        whole: true,
        ..Entering::default()
    };
    let entered = worker.journals.enter(&entering).map_err(fault)?;
    match entered.rejected.first() {
        None => Ok(()),
        Some(rejected) => Err(Fault::Input(rejected.reason.clone())),
    }
}

/// What a journal's trouble is for a job.
pub(super) fn fault(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::Wrong(text) => Fault::Input(text),
        Trouble::Newer(_) => {
            Fault::System(Text::new("bản ghi vừa đổi, sẽ thử lại", "the record changed just now"))
        }
        Trouble::Failed(why) => Fault::System(Text::same(why)),
    }
}
