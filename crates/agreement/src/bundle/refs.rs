//! Names in one file that must exist elsewhere: units, kinds, targets; and lists in which nothing may stand
//! twice.

use std::collections::HashMap;
use std::ops::Range;

use giaouoc_worktime::time::Day;

use crate::cluster::Cluster;
use crate::kind::Kind;
use crate::problem::{Problem, nearest};
use crate::text::Text;
use crate::toml_read::{At, Document, shown};

/// "Did you mean …?" when a known name is near enough.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    nearest(wrong, known)
        .map(|near| Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?")))
}

/// Index of a unit named by its code. Without a cluster (its file is wrong) nothing is reported.
pub(crate) fn unit(doc: &Document<'_>, cluster: Option<&Cluster>, code: &At<String>) -> Option<usize> {
    let cluster = cluster?;
    let found = cluster.unit(code);
    if found.is_none() && !doc.is_full() {
        let name = shown(code);
        let by_other_name = cluster.find_unit(code).and_then(|unit| cluster.units.get(unit));
        let help = match by_other_name {
            Some(unit) => Some(Text::new(
                format!("Hãy ghi mã đơn vị: \"{}\".", unit.code),
                format!("Write the unit's code: \"{}\".", unit.code),
            )),
            None => did_you_mean(code, cluster.units.iter().map(|unit| unit.code.as_str())),
        };
        doc.error(
            "unknown-unit",
            code.span.clone(),
            Text::new(
                format!("Không có đơn vị \"{name}\" trong cluster.toml."),
                format!("There is no unit \"{name}\" in cluster.toml."),
            ),
            help,
        );
    }
    found
}

/// A kind named by its id.
pub(crate) fn kind<'k>(doc: &Document<'_>, kinds: &'k [Kind], id: &At<String>) -> Option<&'k Kind> {
    let found = kinds.iter().find(|kind| kind.id == id.value);
    if found.is_none() && !doc.is_full() {
        let known = || {
            let known = kinds.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>().join(", ");
            Text::new(format!("Các loại dữ liệu: {known}."), format!("The kinds are: {known}."))
        };
        doc.error(
            "unknown-kind",
            id.span.clone(),
            Text::new(
                format!("Không có loại dữ liệu \"{}\".", shown(id)),
                format!("There is no kind \"{}\".", shown(id)),
            ),
            did_you_mean(id, kinds.iter().map(|kind| kind.id.as_str())).or_else(|| Some(known())),
        );
    }
    found
}

/// Reports every name that stands there a second time, with the place of the first.
pub(crate) fn unique<'a>(doc: &Document<'_>, names: impl IntoIterator<Item = (&'a str, Range<usize>)>) {
    let mut first: HashMap<&str, Range<usize>> = HashMap::new();
    for (name, span) in names {
        if let Some(before) = first.get(name) {
            let message = Text::new(
                format!("\"{}\" đã có rồi.", shown(name)),
                format!("\"{}\" is there already.", shown(name)),
            );
            doc.report(
                Problem::error("duplicate", doc.file(), span, message)
                    .also(before.clone(), Text::new("lần đầu ở đây", "first here")),
            );
        } else {
            first.insert(name, span);
        }
    }
}

/// Reports a last day that lies before its first.
pub(crate) fn in_order(doc: &Document<'_>, from: Option<&At<Day>>, to: Option<&At<Day>>) -> bool {
    let (Some(from), Some(to)) = (from, to) else { return true };
    if from.value <= to.value {
        return true;
    }
    doc.error(
        "dates-reversed",
        to.span.clone(),
        Text::new(
            format!("Ngày cuối {} trước ngày đầu {}.", to.dmy(), from.dmy()),
            format!("The last day, {}, lies before the first, {}.", to.value, from.value),
        ),
        None,
    );
    false
}
