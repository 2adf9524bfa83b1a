//! What may lie in a bundle, and which file holds which records.

use std::collections::{BTreeMap, BTreeSet};

use super::RecordFile;
use super::refs::did_you_mean;
use crate::cluster::Cluster;
use crate::kind::Kind;
use crate::problem::Problem;
use crate::text::Text;
use crate::toml_read::{is_unsafe, shown};

/// The text files of a bundle.
const TEXTS: [&str; 4] = ["cluster.toml", "agreement.toml", "calendar.toml", "reports.toml"];
/// Folders of a bundle. `journal`, `log`, `signatures` and `year` are written by the program and read elsewhere.
const FOLDERS: [&str; 6] = ["maps", "records", "journal", "log", "signatures", "year"];
/// Endings of record files; their content decides in the end.
const ENDINGS: [&str; 10] = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "ndjson", "jsonl", "parquet"];
/// More files than this are no bundle.
const MOST_FILES: usize = 10_000;
/// A mistyped name is compared with this many others at most.
const MOST_COMPARED: usize = 500;
/// Bounds of one path.
const MOST_BYTES: usize = 1_000;
const MOST_PARTS: usize = 8;

/// The record files of a bundle, in file-name order; what does not belong into it is a problem.
pub(super) fn records(
    texts: &BTreeMap<String, Vec<u8>>,
    others: &[String],
    kinds: &[Kind],
    cluster: Option<&Cluster>,
    problems: &mut Vec<Problem>,
) -> Vec<RecordFile> {
    let paths: BTreeSet<&str> = texts.keys().chain(others).map(String::as_str).collect();
    if paths.len() > MOST_FILES {
        let (found, most) = (paths.len(), MOST_FILES);
        problems.push(Problem::error(
            "too-many",
            "",
            0..0,
            Text::new(
                format!("Gói có {found} tệp, nhiều hơn mức {most}."),
                format!("The bundle has {found} files, more than {most}."),
            ),
        ));
        return Vec::new();
    }
    let mut records = Vec::new();
    for path in paths {
        if !is_plain(path) {
            problems.push(leads_out(path, path, 0..0));
        } else if path.starts_with("records/") && path.ends_with(".rejects.csv") {
            // What `load` refused, kept beside what it took until somebody has mended it.
        } else if let Some(name) = path.strip_prefix("records/") {
            let mapped = cluster.and_then(|cluster| cluster.files.iter().find(|file| file.path == path));
            let kind = mapped.map(|file| file.kind.clone()).or_else(|| kind_of(path, name, kinds, problems));
            if let Some(kind) = kind {
                records.push(RecordFile {
                    path: path.to_owned(),
                    kind,
                    map: mapped.and_then(|file| file.map.clone()),
                    supplier: mapped.and_then(|file| file.supplier),
                });
            }
        } else if let Some(problem) = unknown(path, texts.contains_key(path)) {
            problems.push(problem);
        }
    }
    if let Some(cluster) = cluster {
        named(cluster, texts, others, problems);
    }
    records
}

/// Relative, `/` between parts, no part that leads up or is empty, nothing that a screen would obey.
pub(crate) fn is_plain(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    path.len() <= MOST_BYTES
        && parts.len() <= MOST_PARTS
        && !path.contains(['\\', ':'])
        && !path.chars().any(|c| is_unsafe(c) || c == '\n' || c == '\t')
        && parts.iter().all(|part| !part.is_empty() && *part != "." && *part != "..")
}

pub(crate) fn leads_out(path: &str, file: &str, span: std::ops::Range<usize>) -> Problem {
    let path = shown(path);
    Problem::error(
        "bad-path",
        shown(file),
        span,
        Text::new(
            format!("\"{path}\" không phải đường dẫn trong gói."),
            format!("\"{path}\" is not a path inside the bundle."),
        ),
    )
    .help(Text::new(
        "Ghi đường dẫn tương đối, ví dụ records/dossier.csv; không có .., không bắt đầu bằng /.",
        "Write a relative path, such as records/dossier.csv; no .., no leading /.",
    ))
}

/// The kind that a record file's folder or name (up to the first `.` or `-`) says.
fn kind_of(path: &str, name: &str, kinds: &[Kind], problems: &mut Vec<Problem>) -> Option<String> {
    let word = match name.split_once('/') {
        Some((folder, _)) => folder,
        None => name.split(['.', '-']).next().unwrap_or_default(),
    };
    let ending = name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map(|(_, ending)| ending);
    if !ending.is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str())) {
        let known = ENDINGS.join(", ");
        problems.push(
            Problem::error(
                "unknown-file",
                path,
                0..0,
                Text::new("Không phải tệp bản ghi.", "This is not a file of records."),
            )
            .help(Text::new(
                format!("Tệp bản ghi có đuôi: {known}."),
                format!("Record files end in {known}."),
            )),
        );
        return None;
    }
    let found = kinds.iter().find(|kind| kind.id == word);
    if found.is_none() {
        let word = shown(word);
        let known = || {
            let known = kinds.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>().join(", ");
            Text::new(
                format!("Đặt tên theo loại ({known}), hoặc ghi tệp vào [[file]] của cluster.toml."),
                format!("Name it after its kind ({known}), or list it under [[file]] in cluster.toml."),
            )
        };
        let near = did_you_mean(&word, kinds.iter().map(|kind| kind.id.as_str()));
        problems.push(
            Problem::error(
                "unknown-kind",
                path,
                0..0,
                Text::new(
                    format!("Không có loại dữ liệu \"{word}\"."),
                    format!("There is no kind \"{word}\"."),
                ),
            )
            .help(near.unwrap_or_else(known)),
        );
    }
    found.map(|kind| kind.id.clone())
}

/// The problem of a path outside `records/` that nothing reads.
fn unknown(path: &str, is_text: bool) -> Option<Problem> {
    let error = |message: Text, help: Option<Text>| {
        Some(Problem { help, ..Problem::error("unknown-file", path, 0..0, message) })
    };
    match path.split_once('/') {
        None => {
            let name = path.to_ascii_uppercase();
            let for_people =
                name.starts_with("README") || name.starts_with("LICENSE") || path == "expected.json";
            if TEXTS.contains(&path) || for_people {
                return None;
            }
            let help = did_you_mean(path, TEXTS).or_else(|| {
                let known = TEXTS.join(", ");
                Some(Text::new(
                    format!("Gói gồm {known}, maps/, records/; ghi chú để trong README.md."),
                    format!("A bundle holds {known}, maps/ and records/; notes go into README.md."),
                ))
            });
            error(Text::new("Gói không có tệp này.", "A bundle has no such file."), help)
        }
        Some(("maps", name)) if is_text && !name.contains('/') => None,
        Some(("maps", _)) => error(
            Text::new("maps/ chỉ có tệp .toml.", "maps/ holds .toml files only."),
            Some(Text::new("Chuyển tệp này đi chỗ khác.", "Move this file elsewhere.")),
        ),
        Some((folder, _)) if FOLDERS.contains(&folder) => None,
        Some((folder, _)) => error(
            Text::new(
                format!("Gói không có thư mục \"{}\".", shown(folder)),
                format!("A bundle has no folder \"{}\".", shown(folder)),
            ),
            did_you_mean(folder, FOLDERS),
        ),
    }
}

/// Every file that `cluster.toml` names is there, and every mapping is named.
fn named(
    cluster: &Cluster,
    texts: &BTreeMap<String, Vec<u8>>,
    others: &[String],
    problems: &mut Vec<Problem>,
) {
    let file = "cluster.toml";
    let absent = |path: &str, span: &std::ops::Range<usize>, near: Option<Text>| {
        let path = shown(path);
        let message =
            Text::new(format!("Gói không có tệp \"{path}\"."), format!("The bundle has no file \"{path}\"."));
        Problem { help: near, ..Problem::error("missing-file", file, span.clone(), message) }
    };
    for mapped in &cluster.files {
        let span = &mapped.span;
        if !others.contains(&mapped.path) {
            let near = did_you_mean(&mapped.path, others.iter().take(MOST_COMPARED).map(String::as_str));
            problems.push(absent(&mapped.path, span, near));
        }
        if let Some(map) = &mapped.map
            && !(map.starts_with("maps/") && texts.contains_key(map))
        {
            let maps = texts.keys().map(String::as_str).filter(|path| path.starts_with("maps/"));
            problems.push(absent(map, span, did_you_mean(map, maps.take(MOST_COMPARED))));
        }
    }
    for map in texts.keys().filter(|path| path.starts_with("maps/")) {
        if !cluster.files.iter().any(|file| file.map.as_ref() == Some(map)) {
            let message =
                Text::new("Không tệp bản ghi nào dùng ánh xạ này.", "No file of records uses this mapping.");
            problems.push(Problem::warning("unused-map", map, 0..0, message).help(Text::new(
                "Ghi nó vào [[file]] của cluster.toml.",
                "Name it under [[file]] in cluster.toml.",
            )));
        }
    }
}
