//! Measuring a cluster's scoreboard for pages: the figures, the parts of the report in both languages, other forms as files.

use std::collections::BTreeMap;

use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::reports::NilAbout;
use giaouoc_agreement::scoreboard::{Figure, Line};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_journal::hex;
use giaouoc_report::model::{Links, Report};
use giaouoc_report::public::Small;
use giaouoc_report::words;
use giaouoc_store::{boards, questions};
use giaouoc_web::sheet::{Cell, Clause, Differing, Kind, Parts, Sheet, Target, Unit};
use giaouoc_web::small;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::work::Worker;
use super::{figures, now, tables};
use crate::bundle::{self, Loaded};
use crate::cli::Scope;
use crate::fault::{Fault, Outcome};
use crate::journal::{adopt, signed};
use crate::progress::Progress;
use crate::render::board::Board;
use crate::render::csv;
use crate::screen::Screen;
use crate::{report, score};

/// How long a provisional board stays after a newer one, for whoever is reading it: an hour.
const READERS: i64 = 3_600 * 1_000_000;

/// Measures what is known now and keeps it. The same figures at the same entry are kept once.
pub fn measure(worker: &Worker, slug: &str) -> Outcome<(i64, Sheet)> {
    measure_as(worker, slug, None, None)
}

/// The same as things stood at the end of a day, from the records of the journal's first `head` entries.
pub fn measure_as(
    worker: &Worker,
    slug: &str,
    as_of: Option<String>,
    head: Option<u64>,
) -> Outcome<(i64, Sheet)> {
    let dir = worker.folder.cluster(slug);
    let loaded = bundle::load(&dir)?;
    if loaded.journal.is_none() {
        // The first time: what lies in the bundle becomes the beginning of its journal.
        let screen = Worker::screen(Lang::Vi);
        let progress = Progress::new(&screen);
        adopt::bring_up(&loaded, &dir, None, &signed(None, None), true, &progress, &mut |_, _| Ok(()))?;
    }
    let mut loaded = bundle::load(&dir)?;
    if let Some(held) = &loaded.journal {
        super::mirror::mirror(worker, slug, &held.journal)?;
        // By the number of the last entry that counts; one that is not there yet counts all.
        if let Some(last) = head.filter(|head| *head < held.head).and_then(|head| head.checked_sub(1)) {
            loaded = bundle::load_at(&dir, Some(&last.to_string()))?;
        }
    }
    let scope = Scope { bundle: dir, period: None, as_of, known_at: None };
    let options = score::options(&loaded, &scope, None)?;
    let screens: [Screen; 2] = [Worker::screen(Lang::Vi), Worker::screen(Lang::En)];
    let (board, mut reports) = report::reports(&loaded, &options, score::cores(), &screens)?;
    let (Some(en), Some(vi)) = (reports.pop(), reports.pop()) else {
        return Err(wrong("no report"));
    };
    let head = loaded.journal.as_ref().map_or(0, |held| held.head);
    let mut files = forms(&board, &vi, &en)?;
    let public = public_forms(&board, &vi, &en)?;
    let sheet = sheet(&loaded, head, vi, en)?;
    let text = serde_json::to_string(&sheet).map_err(|error| wrong(&error.to_string()))?;
    let digest = hex(&Sha256::digest(text.as_bytes()).into());
    let mut kept = Vec::new();
    files.extend(tables::files(&sheet)?);
    files.extend(public);
    for (name, bytes) in files {
        kept.push((name, worker.keep(&bytes)?));
    }
    let head = i64::try_from(head).unwrap_or(i64::MAX);
    let (board, gone) = worker.ask(async {
        let write = worker.store.write().await?;
        let board = boards::keep(write.on(), slug, head, &digest, text, now()).await?;
        for (name, sha256) in &kept {
            boards::keep_file(write.on(), board, name, sha256).await?;
        }
        questions::ask(write.on(), slug, board, now()).await?;
        let gone = boards::forget(write.on(), slug, now() - READERS).await?;
        write.commit().await?;
        Ok((board, gone))
    })?;
    super::forget::of_boards(&worker.files, &gone, now());
    Ok((board, sheet))
}

/// A board in its other forms, by the names they are kept under.
pub fn forms(board: &Board, vi: &Report, en: &Report) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = vec![("figures.json".to_owned(), score::json(board)?.into_bytes())];
    for (lang, report) in [(Lang::Vi, vi), (Lang::En, en)] {
        let code = if lang == Lang::Vi { "vi" } else { "en" };
        let html = giaouoc_report::html(report).map_err(|error| wrong(&error.to_string()))?;
        let xlsx = giaouoc_report::xlsx(report).map_err(|error| wrong(&error.to_string()))?;
        let figures = csv::scoreboard(&board.scoreboard, true, lang)?;
        files.push((format!("figures.{code}.csv"), figures.into_bytes()));
        files.push((format!("report.{code}.html"), html.into_bytes()));
        files.push((format!("report.{code}.xlsx"), xlsx));
    }
    Ok(files)
}

/// The same as everybody may see them, without small numbers about persons.
fn public_forms(board: &Board, vi: &Report, en: &Report) -> Outcome<Vec<(String, Vec<u8>)>> {
    let small = small::of_report();
    let json = without_small(&score::json(board)?, &small)?;
    let mut files = vec![("figures.json".to_owned(), json)];
    for (code, lang, report) in [("vi", Lang::Vi, vi), ("en", Lang::En, en)] {
        let report = report.public(&small);
        let html = giaouoc_report::html(&report).map_err(|error| wrong(&error.to_string()))?;
        let xlsx = giaouoc_report::xlsx(&report).map_err(|error| wrong(&error.to_string()))?;
        let figures =
            csv::scoreboard_but(&board.scoreboard, true, lang, &|kind, count| small.hides(kind, count))?;
        files.push((format!("figures.{code}.csv"), figures.into_bytes()));
        files.push((format!("report.{code}.html"), html.into_bytes()));
        files.push((format!("report.{code}.xlsx"), xlsx));
    }
    Ok(files.into_iter().map(|(name, bytes)| (format!("public-{name}"), bytes)).collect())
}

/// The stable JSON with `null` for small numbers of records about persons.
fn without_small(json: &str, small: &Small) -> Outcome<Vec<u8>> {
    /// Keys of numbers of records.
    const RECORDS: [&str; 5] = ["seen", "counted", "counted_unknown", "met_unknown", "records"];
    fn cut(value: &mut Value, hides: &dyn Fn(i64) -> bool) {
        match value {
            Value::Object(pairs) => {
                for (key, one) in pairs {
                    let few = RECORDS.contains(&key.as_str()) && one.as_i64().is_some_and(hides);
                    if few { *one = Value::Null } else { cut(one, hides) }
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|one| cut(one, hides)),
            _ => {}
        }
    }
    let broken = |error: serde_json::Error| wrong(&error.to_string());
    let mut all: Value = serde_json::from_str(json).map_err(broken)?;
    let lines = all.pointer_mut("/scoreboard/targets").and_then(Value::as_array_mut);
    for line in lines.into_iter().flatten() {
        let kind = line.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        cut(line, &|count| small.hides(&kind, count));
    }
    serde_json::to_vec_pretty(&all).map_err(broken)
}

fn wrong(why: &str) -> Fault {
    Fault::System(Text::new(
        format!("không lập được bảng điểm: {why}"),
        format!("the scoreboard cannot be made: {why}"),
    ))
}

fn sheet(loaded: &Loaded, head: u64, mut vi: Report, mut en: Report) -> Outcome<Sheet> {
    vi.links = Links::Pages;
    en.links = Links::Pages;
    let parts = |report: &Report| {
        let parts = giaouoc_report::parts(report).map_err(|error| wrong(&error.to_string()))?;
        Outcome::Ok(Parts {
            when: parts.when,
            lead: parts.lead,
            board: parts.board,
            targets: parts.targets,
            units: parts.units,
            method: parts.method,
            data: parts.data,
        })
    };
    let (parts_vi, parts_en) = (parts(&vi)?, parts(&en)?);
    let small = small::of_report();
    let (open_vi, open_en) = (parts(&vi.public(&small))?, parts(&en.public(&small))?);
    // Every page of figures shows it: the report says it where it says of which period it is.
    let by_draft = loaded.bundle.agreement.by_draft();
    let public_vi = Differing::of(open_vi, &parts_vi);
    let public_en = Differing::of(open_en, &parts_en);
    let opened = figures::opened(&vi, &en)?;
    let board = &vi.board;
    let mut kinds: Vec<Kind> = Vec::new();
    for line in &board.targets {
        let kind = bundle::kind(&line.kind)?;
        let records = line.figures.iter().map(|figure| figure.as_ref().map_or(0, |figure| figure.tally.seen));
        let records: Vec<i64> = records.collect();
        match kinds.iter_mut().find(|found| found.id == kind.id) {
            Some(found) => {
                for (most, records) in found.records.iter_mut().zip(records) {
                    *most = records.max(*most);
                }
            }
            None => kinds.push(Kind { id: kind.id.clone(), name: kind.name.clone(), records }),
        }
    }
    let units = board.units.iter().enumerate().map(|(at, row)| {
        Outcome::Ok(Unit {
            code: row.code.clone(),
            name: row.name.clone(),
            short: row.short.clone(),
            digest: digest(&board.targets, at)?,
            nil: nil(loaded, &row.code),
        })
    });
    Ok(Sheet {
        format: Sheet::FORMAT,
        agreement: board.agreement.clone(),
        title: board.title.clone(),
        cluster: board.cluster.clone(),
        theme: loaded.bundle.agreement.theme.clone(),
        year: i64::from(board.year),
        head,
        as_of: board
            .targets
            .iter()
            .map(|line| line.as_of)
            .max()
            .map(|day| day.to_string())
            .unwrap_or_default(),
        clauses: loaded
            .bundle
            .agreement
            .clauses
            .iter()
            .map(|clause| Clause {
                number: clause.number.clone(),
                text: clause.text.clone(),
                report: clause.report,
            })
            .collect(),
        units: units.collect::<Outcome<_>>()?,
        targets: board.targets.iter().map(target).collect::<Outcome<_>>()?,
        kinds,
        calendar: loaded.calendars.default.id().to_owned(),
        opened,
        by_draft,
        vi: parts_vi,
        en: parts_en,
        public_vi,
        public_en,
    })
}

fn target(line: &Line) -> Outcome<Target> {
    let cell = |figure: &Figure| cell(figure, line);
    let cells = line.figures.iter().map(|figure| figure.as_ref().map(cell).transpose());
    Ok(Target {
        id: line.target.clone(),
        clause: line.clause.clone(),
        name: line.name.clone(),
        goal: line.goal.words.clone(),
        kind: line.kind.clone(),
        digest: line.digest.clone(),
        cells: cells.collect::<Outcome<_>>()?,
        together: line.together.as_ref().map(cell).transpose()?,
    })
}

/// The stable name of a word of the agreement's crate.
fn code(word: &impl Serialize) -> Outcome<String> {
    let value = serde_json::to_value(word).map_err(|error| wrong(&error.to_string()))?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

/// A figure as pages show it.
pub fn cell(figure: &Figure, line: &Line) -> Outcome<Cell> {
    let integers =
        |lang| figure.amount.as_ref().map(|amount: &Amount| amount.integers(lang)).unwrap_or_default();
    let small = small::of_report();
    let remark = |reader: Option<&Small>| {
        let said =
            |lang| giaouoc_report::remark(figure, lang, reader.map(|small| (small, line.kind.as_str())));
        Text::new(said(Lang::Vi), said(Lang::En))
    };
    let (inside, public) = (remark(None), remark(Some(&small)));
    Ok(Cell {
        shown: figure.amount.as_ref().map(|_| figure.shown.clone()),
        integers: Text::new(integers(Lang::Vi), integers(Lang::En)),
        verdict: code(&figure.verdict)?,
        words: figure.verdict.words(),
        sign: figure.verdict.sign().to_owned(),
        tone: words::class(figure.verdict).to_owned(),
        grade: figure.grade.words(),
        seen: figure.tally.seen,
        counted: figure.tally.counted,
        public_remark: (public != inside).then_some(public),
        remark: inside,
    })
}

/// What a unit's leader confirms: each figure with its verdict, its grade and the definition it was computed by. The day
/// as of which it is shown is left out: the same figures are the same tomorrow.
fn digest(lines: &[Line], at: usize) -> Outcome<String> {
    #[derive(Serialize)]
    struct Said<'a> {
        target: &'a str,
        definition: &'a str,
        amount: Option<&'a Amount>,
        verdict: String,
        grade: String,
    }
    let mut all = Vec::new();
    for line in lines {
        let Some(figure) = line.figures.get(at).and_then(Option::as_ref) else { continue };
        all.push(Said {
            target: &line.target,
            definition: &line.digest,
            amount: figure.amount.as_ref(),
            verdict: code(&figure.verdict)?,
            grade: code(&figure.grade)?,
        });
    }
    let text = serde_json::to_string(&all).map_err(|error| wrong(&error.to_string()))?;
    Ok(hex(&Sha256::digest(text.as_bytes()).into()))
}

/// The nil reports of a unit, by kind.
fn nil(loaded: &Loaded, unit: &str) -> BTreeMap<String, bool> {
    let cluster = &loaded.bundle.cluster;
    let mine = loaded.bundle.reports.nil.iter().filter(|report| cluster.units[report.unit].code == unit);
    let mut found = BTreeMap::new();
    for report in mine {
        let NilAbout::Kind(kind) = &report.about else { continue };
        let confirmed: &mut bool = found.entry(kind.clone()).or_default();
        *confirmed |= report.confirmed();
    }
    found
}
