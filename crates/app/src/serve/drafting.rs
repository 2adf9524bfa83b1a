//! Drafts of agreements beside the bundles: checked as the command line checks, computed on last year's records and this
//! year's, and the next year's bundle made from this year's. Nothing of a bundle is touched but by [`super::agree`].

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use giaouoc_agreement::figure::Verdict;
use giaouoc_agreement::problem::{Problem, Severity, line_and_column};
use giaouoc_agreement::scoreboard::Line;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing;
use giaouoc_store::jobs::{self, Job};
use giaouoc_web::drafting::{
    Checked, Days, Drafting, Figures, LensCell, Mistake, Opened, TargetFigures, YearFigures,
};
use giaouoc_year::paper::Paper;
use giaouoc_year::{drafting, next_year};

use super::other_year::{moved, with_days};
use super::records::standing;
use super::work::{Worker, said};
use super::{Folder, clear, measure, slug};
use crate::bundle::{self, Loaded, Read};
use crate::cli::Scope;
use crate::fault::{Fault, Outcome};
use crate::score;

const FILE: &str = "agreement.toml";

/// Reads drafts for pages.
pub struct Drafts {
    folder: Folder,
}

impl Drafts {
    /// For the clusters of a folder.
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }
}

impl Drafting for Drafts {
    fn text(&self, cluster: &str) -> Result<String, Text> {
        let path = self.folder.cluster(cluster).join(FILE);
        fs::read_to_string(&path).map_err(|error| said(&Fault::io(&path, &error)))
    }

    fn check(&self, cluster: &str, text: &str) -> Result<Checked, Text> {
        let dir = self.folder.cluster(cluster);
        check(&dir, text).map_err(|fault| said(&fault))
    }

    fn open_year(&self, cluster: &str, by: Option<String>) -> Result<Opened, Text> {
        open_year(&self.folder, cluster, by).map_err(|fault| said(&fault))
    }
}

/// What is wrong with a text as the agreement of a bundle, and what it says.
pub fn check(dir: &Path, text: &str) -> Outcome<Checked> {
    let read = bundle::read_with(dir, text)?;
    let grave = |problem: &&Problem| problem.severity == Severity::Error;
    let mistakes: Vec<Mistake> = read.problems.iter().map(|problem| mistake(problem, text, &read)).collect();
    let failing: BTreeSet<String> = read
        .problems
        .iter()
        .zip(&mistakes)
        .filter(|(_, mistake)| mistake.is_example())
        .filter_map(|(problem, _)| target_at(text, problem.span.start))
        .collect();
    let only_examples = read
        .problems
        .iter()
        .zip(&mistakes)
        .filter(|(problem, _)| grave(problem))
        .all(|(_, one)| one.is_example());
    let paper = match &read.bundle {
        Some((bundle, _)) => Some(Paper::of(bundle)),
        // A draft whose examples do not come out yet is shown all the same.
        None if only_examples => {
            let without = drafting::without_examples(text).map_err(Fault::Input)?;
            bundle::read_with(dir, &without)?.bundle.map(|(bundle, _)| Paper::of(&bundle))
        }
        None => None,
    };
    Ok(Checked { problems: mistakes, paper, failing: failing.into_iter().collect() })
}

fn mistake(problem: &Problem, text: &str, read: &Read) -> Mistake {
    let other = read.opened.texts.get(&problem.file).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let text = if problem.file == FILE { text } else { other.as_deref().unwrap_or_default() };
    let (line, column) =
        if problem.span == (0..0) { (0, 0) } else { line_and_column(text, problem.span.start) };
    Mistake {
        grave: problem.severity == Severity::Error,
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Question => "question",
        }
        .to_owned(),
        code: problem.code.to_owned(),
        file: problem.file.clone(),
        line,
        column,
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

/// The id of the target that a place of the text lies in.
fn target_at(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at)?;
    let start = before.rfind("[[target]]")?;
    let id = text
        .get(start..)?
        .lines()
        .find_map(|line| line.trim().strip_prefix("id")?.trim().strip_prefix('='))?;
    Some(id.trim().split('#').next()?.trim().trim_matches(['"', '\'']).to_owned())
}

/// Computes the figures of a version of a draft: on the records of the year before, where there is one, and of the draft's own.
/// Done again it makes the same.
pub fn measure(worker: &Worker, job: &Job) -> Outcome {
    let version = worker.ask(agreeing::version_by_id(worker.store.read(), job.about.unwrap_or_default()))?;
    let Some(version) = version else { return Ok(()) };
    let Some(draft) = worker.ask(agreeing::by_id(worker.store.read(), version.draft))? else { return Ok(()) };
    if version.figures.is_some() {
        return Ok(());
    }
    // Of versions that were saved in a row the last one is enough.
    if draft.version != version.number {
        return keep(worker, version.id, &Figures::default());
    }
    let dir = worker.folder.cluster(&draft.cluster);
    let total = if draft.before.is_some() { 2 } else { 1 };
    let progress = |done| worker.ask(jobs::progress(worker.store.read(), job.id, done, total));
    progress(0)?;
    let text = match bundle::load_with(&dir, &version.text) {
        Ok(_) => version.text.clone(),
        Err(Fault::Bundle { .. }) => drafting::without_examples(&version.text).map_err(Fault::Input)?,
        Err(fault) => return Err(fault),
    };
    let own = match bundle::load_with(&dir, &text) {
        Ok(own) => own,
        // A text with errors has no figures; its page says what is wrong with it.
        Err(Fault::Bundle { .. }) => return keep(worker, version.id, &Figures::default()),
        Err(fault) => return Err(fault),
    };
    let mut figures = Figures::default();
    if let Some(before) = &draft.before {
        let there = bundle::load(&worker.folder.cluster(before));
        let tried = there.and_then(|there| {
            let (there, days) = moved(there, &own.bundle);
            year(before, there).map(|year| with_days(year, &days))
        });
        figures.years.push(match tried {
            Ok(year) => year,
            Err(fault) => none(before, i64::from(own.bundle.agreement.year) - 1, &fault)?,
        });
        progress(1)?;
    }
    let this = i64::from(own.bundle.agreement.year);
    figures.years.push(match year(&draft.cluster, own) {
        Ok(year) => year,
        Err(fault) => none(&draft.cluster, this, &fault)?,
    });
    progress(total)?;
    keep(worker, version.id, &figures)
}

/// A year whose figures cannot be computed, with the reason; what is no fault of the data fails the job.
fn none(cluster: &str, year: i64, fault: &Fault) -> Outcome<YearFigures> {
    if let Fault::System(text) = fault {
        return Err(Fault::System(text.clone()));
    }
    Ok(YearFigures { cluster: cluster.to_owned(), year, error: Some(said(fault)), ..YearFigures::default() })
}

fn keep(worker: &Worker, version: i64, figures: &Figures) -> Outcome {
    let text =
        serde_json::to_string(figures).map_err(|error| Fault::System(Text::same(error.to_string())))?;
    worker.ask(agreeing::keep_figures(worker.store.read(), version, text))
}

fn year(cluster: &str, loaded: Loaded) -> Outcome<YearFigures> {
    let scope = Scope { bundle: loaded.opened.dir.clone(), period: None, as_of: None, known_at: None };
    let options = score::options(&loaded, &scope, None)?;
    let board = score::board(&loaded, &options, score::cores(), &Worker::screen(Lang::Vi))?;
    let board = &board.scoreboard;
    Ok(YearFigures {
        cluster: cluster.to_owned(),
        year: i64::from(board.year),
        head: loaded.journal.as_ref().map_or(0, |held| held.head),
        units: board.units.iter().map(|row| (row.code.clone(), row.short.clone())).collect(),
        targets: board.targets.iter().map(target).collect::<Outcome<_>>()?,
        error: None,
    })
}

fn target(line: &Line) -> Outcome<TargetFigures> {
    let cells = line
        .figures
        .iter()
        .map(|figure| figure.as_ref().map(|figure| measure::cell(figure, line)).transpose());
    let mut lenses: Vec<(String, Text)> = Vec::new();
    for lens in line.figures.iter().flatten().flat_map(|figure| &figure.lenses) {
        if !lenses.iter().any(|(id, _)| *id == lens.lens) {
            lenses.push((lens.lens.clone(), lens.name.clone()));
        }
    }
    let of = |id: &str| {
        let cell = |figure: &Option<giaouoc_agreement::scoreboard::Figure>| {
            let lens = figure.as_ref()?.lenses.iter().find(|lens| lens.lens == id)?;
            Some(LensCell {
                shown: lens.shown.clone(),
                met: lens.would_be == Verdict::Met,
                sign: lens.would_be.sign().to_owned(),
                words: lens.would_be.words(),
            })
        };
        line.figures.iter().map(cell).collect()
    };
    Ok(TargetFigures {
        id: line.target.clone(),
        cells: cells.collect::<Outcome<_>>()?,
        together: line.together.as_ref().map(|figure| measure::cell(figure, line)).transpose()?,
        lenses: lenses.into_iter().map(|(id, name)| (name, of(&id))).collect(),
        days: Days::default(),
    })
}

/// Makes the bundle of the next year: who is in the cluster, the agreement as a draft, the calendar; of the records only
/// lists that go on. It is made whole under a temporary name, then there.
fn open_year(folder: &Folder, cluster: &str, by: Option<String>) -> Outcome<Opened> {
    let dir = folder.cluster(cluster);
    let loaded = bundle::load(&dir)?;
    let from = i64::from(loaded.bundle.agreement.year);
    let to = from + 1;
    let text = |name: &str| {
        String::from_utf8_lossy(loaded.opened.texts.get(name).map_or(&[][..], Vec::as_slice)).into_owned()
    };
    let mut agreement = next_year::agreement(&text(FILE), from, to).map_err(Fault::Input)?;
    let mut id = next_id(&agreement);
    if id == loaded.bundle.agreement.id {
        let longer = format!("{id}-{to}");
        agreement = agreement.replacen(&format!("\"{id}\""), &format!("\"{longer}\""), 1);
        id = longer;
    }
    let name = slug(&id);
    let there = folder.cluster(&name);
    if !there.exists() {
        let part = folder.clusters().join(format!(".{name}.part"));
        clear(&part)?;
        fs::create_dir_all(&part).map_err(|error| Fault::io(&part, &error))?;
        let members = next_year::cluster(&text("cluster.toml"), from, to).map_err(Fault::Input)?;
        let calendar = text("calendar.toml");
        // What was announced by the end of the old year does not end the new one.
        let calendar: Vec<&str> =
            calendar.lines().filter(|line| !line.trim_start().starts_with("as_announced_on")).collect();
        for (file, text) in
            [("cluster.toml", members), (FILE, agreement), ("calendar.toml", calendar.join("\n") + "\n")]
        {
            let path = part.join(file);
            fs::write(&path, text).map_err(|error| Fault::io(&path, &error))?;
        }
        standing::go_on(loaded, cluster, &part, &folder.files().join("incoming"), by)?;
        fs::rename(&part, &there).map_err(|error| Fault::io(&there, &error))?;
    }
    let made = bundle::load(&there)?;
    let bytes = made.opened.texts.get(FILE).cloned().unwrap_or_default();
    Ok(Opened {
        slug: name,
        name: made.bundle.cluster.name.clone(),
        year: i64::from(made.bundle.agreement.year),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// The id of an agreement's text.
fn next_id(text: &str) -> String {
    let table: toml::Table = toml::from_str(text).unwrap_or_default();
    table.get("id").and_then(toml::Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (tempfile::TempDir, Folder) {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let from = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/ha-noi-cum-vi-2020"));
        super::super::copy(from, &folder.cluster("cum-vi-2020")).unwrap();
        (home, folder)
    }

    #[test]
    fn the_next_year_is_opened_once_and_its_draft_is_computed_on_the_year_before() {
        let (_home, folder) = example();
        let opened = open_year(&folder, "cum-vi-2020", None).unwrap();
        assert_eq!((opened.slug.as_str(), opened.year), ("cum-vi-2021", 2021));
        assert_eq!(open_year(&folder, "cum-vi-2020", None).unwrap(), opened);
        let own = bundle::load_with(&folder.cluster("cum-vi-2021"), &opened.text).unwrap();
        let own_kinds: std::collections::BTreeMap<String, String> =
            own.bundle.agreement.targets.iter().map(|one| (one.id.clone(), one.kind.clone())).collect();
        let there = bundle::load(&folder.cluster("cum-vi-2020")).unwrap();
        let signed = year("cum-vi-2020", bundle::load(&folder.cluster("cum-vi-2020")).unwrap()).unwrap();
        let moved = year("cum-vi-2020", moved(there, &own.bundle).0).unwrap();
        // The same words over the same records give the same figures, though they were written for another year.
        assert_eq!(moved.units, signed.units);
        for (moved, signed) in moved.targets.iter().zip(&signed.targets) {
            let verdicts = |target: &TargetFigures| -> Vec<Option<(String, Option<Text>)>> {
                let cell = |cell: &giaouoc_web::sheet::Cell| (cell.verdict.clone(), cell.shown.clone());
                target.cells.iter().map(|one| one.as_ref().map(cell)).collect()
            };
            assert_eq!(verdicts(moved), verdicts(signed), "{}", moved.id);
            assert!(!moved.lenses.is_empty());
            // Every unit has its figure and its verdict by every rival definition, where it has one by the draft's own.
            for (name, cells) in &moved.lenses {
                assert_eq!(cells.len(), moved.cells.len(), "{name:?}");
                assert_eq!(cells.iter().flatten().filter(|cell| cell.sign.is_empty()).count(), 0, "{name:?}");
                assert!(cells.iter().flatten().all(|cell| cell.met == (cell.sign == Verdict::Met.sign())));
            }
        }
        // Of the new year nothing is known but the lists that went on.
        let lists = year("cum-vi-2021", own).unwrap();
        for target in &lists.targets {
            let kind = &own_kinds[&target.id];
            let stands = giaouoc_year::lists::all().iter().any(|list| list.kind == *kind);
            assert!(stands || target.met() == (0, 0), "{}", target.id);
        }
    }

    #[test]
    fn a_draft_is_checked_as_the_command_line_does_and_failing_examples_name_their_target() {
        let (_home, folder) = example();
        let dir = folder.cluster("cum-vi-2020");
        let text = fs::read_to_string(dir.join(FILE)).unwrap();
        let right = check(&dir, &text).unwrap();
        assert!(right.is_right() && right.failing.is_empty() && right.paper.is_some());
        let wrong = text.replacen("goal    = \">= 95 %\"", "goal    = \">> 95 %\"", 1);
        let checked = check(&dir, &wrong).unwrap();
        let line = wrong.lines().position(|line| line.contains(">> 95")).unwrap() + 1;
        assert!(checked.problems.iter().any(|one| one.grave && one.line == line), "{:?}", checked.problems);
        assert!(checked.errors() > 0 && checked.paper.is_none());
        let failing = text.replacen("expect  = \"1/2\"", "expect  = \"2/2\"", 1);
        let checked = check(&dir, &failing).unwrap();
        assert_eq!((checked.errors(), checked.failing.as_slice()), (0, &["on-time".to_owned()][..]));
        assert!(checked.paper.is_some() && !checked.is_right());
        assert_eq!(fs::read_to_string(dir.join(FILE)).unwrap(), text, "the bundle is not touched");
    }
}
