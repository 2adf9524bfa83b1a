//! Reports of no cases that a workbook brings: they become the officer's reports, to be confirmed by the leader.

use giaouoc_agreement::reports::NilAbout;
use giaouoc_agreement::text::Text;
use giaouoc_intake::fold;
use giaouoc_store::boards;
use giaouoc_store::uploads::Upload as Brought;
use giaouoc_web::NilRequest;
use giaouoc_web::preview::Part;
use giaouoc_web::sheet::Sheet as Board;

use super::Opened;
use crate::bundle;
use crate::fault::Outcome;
use crate::serve::work::Worker;
use crate::workbook::mark::Mark;
use crate::workbook::prefill::todo::answers;

/// Kinds with their names.
type Nils = Vec<(String, Text)>;

/// What the workbook reports, and remarks on answers that cannot be taken.
pub(super) fn asked(
    worker: &Worker,
    upload: &Brought,
    opened: &Opened<'_>,
    parts: &[Part],
) -> Outcome<(Nils, Vec<Text>)> {
    let (mut nils, mut remarks) = (Vec::new(), Vec::new());
    if opened.mark.todo.is_empty() {
        return Ok((nils, remarks));
    }
    let board = worker.ask(boards::newest(worker.store.read(), &upload.cluster))?;
    let board: Option<Board> = board.and_then(|board| serde_json::from_str(&board.sheet).ok());
    let records = |kind: &str| {
        let board = board.as_ref()?;
        let (place, _) = board.unit(&upload.unit)?;
        board.kinds.iter().find(|found| found.id == kind)?.records.get(place).copied()
    };
    for (name, answer) in answers(&opened.path, &opened.mark.todo) {
        let key = fold(&name);
        let kinds = opened.mark.sheets.iter().filter_map(|(_, kind)| bundle::kind(kind).ok());
        let Some(kind) =
            kinds.into_iter().find(|kind| fold(&kind.name.vi) == key || fold(&kind.name.en) == key)
        else {
            continue;
        };
        match fold(&answer).as_str() {
            "co" | "x" | "yes" | "true" | "dung" | "1" | "khongphatsinh" => {}
            "" | "khong" | "no" | "false" | "0" => continue,
            reported if reported.starts_with("dabao") || reported.starts_with("reported") => continue,
            _ => {
                remarks.push(Text::new(
                    format!(
                        "Không phát sinh, {}: không hiểu “{answer}”; hãy ghi “có” hoặc để trống.",
                        kind.name.vi
                    ),
                    format!(
                        "No cases, {}: “{answer}” is not understood; write “yes” or leave it blank.",
                        kind.name.en
                    ),
                ));
                continue;
            }
        }
        let rows = parts.iter().find(|part| part.kind == kind.id);
        let rows = rows.map_or(0, |part| part.new + part.changed + part.unchanged + part.rejected);
        if rows > 0 || records(&kind.id).is_some_and(|records| records > 0) {
            remarks.push(Text::new(
                format!("{}: có bản ghi của đơn vị, nên không ghi nhận báo không phát sinh.", kind.name.vi),
                format!(
                    "{}: there are records of the unit, so no report of no cases is taken.",
                    kind.name.en
                ),
            ));
            continue;
        }
        if !is_reported(opened, upload, &kind.id) {
            nils.push((kind.id.clone(), kind.name.clone()));
        }
    }
    Ok((nils, remarks))
}

fn is_reported(opened: &Opened<'_>, upload: &Brought, kind: &str) -> bool {
    let bundle = &opened.loaded.bundle;
    let unit = bundle.cluster.unit(&upload.unit);
    bundle.reports.nil.iter().any(|report| {
        Some(report.unit) == unit && matches!(&report.about, NilAbout::Kind(found) if found == kind)
    })
}

/// The reports to be written.
pub(super) fn requests(upload: &Brought, mark: &Mark, nils: &Nils, by: Option<&str>) -> Vec<NilRequest> {
    let one = |(kind, _): &(String, Text)| NilRequest {
        unit: upload.unit.clone(),
        kind: kind.clone(),
        period: mark.period.clone(),
        confirmed_by: None,
        confirmed_on: None,
        note: upload.on_behalf.clone().unwrap_or_default(),
        by: by.unwrap_or_default().to_owned(),
    };
    nils.iter().map(one).collect()
}
