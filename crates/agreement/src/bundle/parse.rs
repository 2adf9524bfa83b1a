//! Reads a whole bundle and reports everything that is wrong with any of its files at once.

use std::collections::BTreeMap;

use super::{Bundle, paths};
use crate::agreement_file::{self, Agreement, Budget, Context};
use crate::calendar_file;
use crate::check;
use crate::cluster::{self, Cluster, Role};
use crate::examples;
use crate::kind::Kind;
use crate::problem::{Problem, Severity};
use crate::reports::{self, Reports};
use crate::text::Text;
use crate::toml_read::{Document, text_of};

impl Bundle {
    /// Reads a bundle. `texts` are its TOML files and `others` the paths of all its other files, both by
    /// their path inside the bundle with `/` between parts. The worked examples are run; a bundle in which
    /// one fails is not given.
    ///
    /// The problems are those of all files, in order of file and place. Without an error among them there is
    /// a bundle, and its questions of substance ([`crate::check::questions`]) are among them.
    pub fn parse(
        texts: &BTreeMap<String, Vec<u8>>,
        others: &[String],
        kinds: &[Kind],
    ) -> (Option<Self>, Vec<Problem>) {
        let mut problems = Vec::new();
        let bundle = read(texts, others, kinds, &mut problems);
        let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
        let bundle = bundle.filter(|_| !failed);
        problems.extend(bundle.iter().flat_map(check::questions));
        problems.sort_by(Problem::order);
        problems.dedup();
        (bundle, problems)
    }
}

fn read(
    texts: &BTreeMap<String, Vec<u8>>,
    others: &[String],
    kinds: &[Kind],
    problems: &mut Vec<Problem>,
) -> Option<Bundle> {
    for path in texts.keys().filter(|path| path.starts_with("maps/")) {
        // What a mapping means is intake's business; that it is TOML can be said here.
        with(texts, path, problems, |_, _| Some(()));
    }
    let cluster = with(texts, "cluster.toml", problems, |doc, _| cluster::file::read(doc, kinds));
    let calendar =
        with(texts, "calendar.toml", problems, |doc, text| calendar_file::read(doc, text, cluster.as_ref()));
    let calendars = calendar.as_ref().map(|(_, calendars)| calendars);
    let context = Context {
        kinds,
        cluster: cluster.as_ref(),
        calendars,
        working_days: calendars.is_none_or(|calendars| !calendars.default.is_zone_only()),
        budget: Budget::default(),
    };
    let agreement =
        with(texts, "agreement.toml", problems, |doc, _| agreement_file::file::read(&context, doc));
    let reports = if texts.contains_key("reports.toml") {
        with(texts, "reports.toml", problems, |doc, _| {
            Some(reports::file::read(&context, doc, agreement.as_ref()))
        })
    } else {
        Some(Reports::default())
    };
    let records = paths::records(texts, others, kinds, cluster.as_ref(), problems);
    if let (Some(cluster), Some(agreement)) = (&cluster, &agreement) {
        problems.extend(no_members(cluster, agreement));
    }
    if let (Some(agreement), Some(calendars)) = (&agreement, calendars) {
        problems.extend(examples::run(agreement, kinds, calendars));
    }
    let (calendar, calendars) = calendar?;
    Some(Bundle { cluster: cluster?, agreement: agreement?, calendar, calendars, reports: reports?, records })
}

/// Reads one file and collects its problems; nothing when it is missing or has an error.
fn with<T>(
    texts: &BTreeMap<String, Vec<u8>>,
    file: &str,
    problems: &mut Vec<Problem>,
    read: impl FnOnce(&Document<'_>, &str) -> Option<T>,
) -> Option<T> {
    let Some(bytes) = texts.get(file) else {
        let message = Text::new(format!("Gói thiếu tệp {file}."), format!("The bundle has no {file}."));
        let help = (file == "calendar.toml").then(|| {
            Text::new(
                "Lịch chung là một dòng: calendar = \"vn-public\"",
                "The common calendar is one line: calendar = \"vn-public\"",
            )
        });
        problems.push(Problem { help, ..Problem::error("missing-file", file, 0..0, message) });
        return None;
    };
    let text = match text_of(file, bytes) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(*problem);
            return None;
        }
    };
    let doc = Document::parse(file, text);
    let value = if doc.broken() { None } else { read(&doc, text) };
    let failed = doc.broken() || doc.has_errors();
    problems.extend(doc.into_problems());
    value.filter(|_| !failed)
}

/// A scoreboard without rows is nobody's wish.
fn no_members(cluster: &Cluster, agreement: &Agreement) -> Option<Problem> {
    let day = agreement.membership_on.unwrap_or(agreement.period.last);
    if !cluster.with_role(Role::Member, day).is_empty() {
        return None;
    }
    Some(
        Problem::error(
            "no-members",
            "cluster.toml",
            0..0,
            Text::new(
                format!("Không đơn vị nào là thành viên ngày {}.", day.dmy()),
                format!("No unit is a member on {day}."),
            ),
        )
        .help(Text::new(
            "Thêm [[membership]] với role = \"member\"; \"head\" và \"deputy\" không thay cho nó.",
            "Add [[membership]] with role = \"member\"; \"head\" and \"deputy\" do not stand for it.",
        )),
    )
}
