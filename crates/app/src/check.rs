//! `giaouoc check`: everything that is wrong with a bundle, at once, and every open question.

mod coverage;
mod finding;
mod flows;
mod months;
mod pass;
pub mod records;
mod report;
mod rules;
mod strangers;
mod suppliers;
mod text;

use giaouoc_agreement::problem::Severity;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_intake::Summary;

use self::records::Looked;
use self::report::{FORMAT, ProblemLine, Report};
use crate::bundle;
use crate::cli::{Check, CheckFormat};
use crate::fault::{Fault, Outcome};
use crate::journal::{Held, list};
use crate::problems;
use crate::render::board::Program;
use crate::render::grid::paragraph;
use crate::score::print;
use crate::screen::Screen;
use crate::yearbook;

/// Runs the command. Ends with 2 when the text files are wrong, with 1 when rows are rejected.
pub fn run(args: &Check, screen: &Screen) -> Outcome {
    let mut read = bundle::read(&args.bundle)?;
    let mut texts = bundle::texts(&read.opened);
    let looked = match &read.bundle {
        Some((bundle, _)) => yearbook::look(&read.opened.dir, bundle)?,
        None => yearbook::Looked::default(),
    };
    read.problems.extend(looked.problems);
    texts.extend(looked.texts);
    let wrong = read.problems.iter().any(|problem| problem.severity == Severity::Error);
    let lines = read
        .problems
        .iter()
        .map(|problem| ProblemLine::new(problem, texts.get(&problem.file).map(String::as_str)));
    let mut report = Report {
        format: FORMAT,
        program: Program::THIS,
        exit: 0,
        problems: lines.collect(),
        files: Vec::new(),
        doubled: report::Doubled::default(),
        faults: Vec::new(),
        journal: None,
        findings: Vec::new(),
        coverage: Vec::new(),
    };
    let json = args.format == CheckFormat::Json;
    let mut out = problems::render(&read.problems, &texts, screen.lang, screen.width);
    out.push('\n');
    let Some((bundle, calendars)) = read.bundle.filter(|_| !wrong) else {
        report.exit = 2;
        print(screen, &if json { document(&report)? } else { out })?;
        return Err(Fault::Input(Text::new(
            "gói dữ liệu có lỗi; sửa rồi chạy lại lệnh check",
            "the bundle has errors; mend them and run check again",
        )));
    };
    let journal = Held::open(&read.opened.dir)?;
    let mut loaded =
        bundle::Loaded { opened: read.opened, bundle, calendars, remarks: read.problems, journal };
    let mut no = false;
    if !args.no_records {
        let looked = records::look(&mut loaded, args, screen)?;
        no = looked.no;
        if !json {
            out.push('\n');
            for_people(&mut out, &looked, &loaded, args, screen);
        }
        let Looked { files, doubled, faults, journal, findings, coverage, .. } = looked;
        report.files = files.into_iter().map(|(file, _)| file).collect();
        (report.doubled, report.faults, report.journal) = (doubled, faults, journal);
        (report.findings, report.coverage) = (findings, coverage);
    }
    report.exit = u8::from(no);
    print(screen, &if json { document(&report)? } else { out })?;
    if no { Err(Fault::No) } else { Ok(()) }
}

fn document(report: &Report) -> Outcome<String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n").map_err(|error| {
        Fault::System(Text::new(
            format!("không ghi được JSON: {error}"),
            format!("cannot write JSON: {error}"),
        ))
    })
}

/// What was found in the records, below what was found in the texts.
fn for_people(out: &mut String, looked: &Looked, loaded: &bundle::Loaded, args: &Check, screen: &Screen) {
    for (file, summary) in &looked.files {
        out.push_str(&match summary {
            Some(summary) => said(&file.path, summary.text().get(screen.lang), summary, screen),
            None => match screen.lang {
                Lang::Vi => format!("{}: {} bản ghi đã được kiểm tra khi ghi\n", file.path, file.read),
                Lang::En => format!("{}: {} records, checked when they were written\n", file.path, file.read),
            },
        });
    }
    for twice in &looked.doubled.examples {
        let report::Twice { key, file, earlier } = twice;
        let text = match screen.lang {
            Lang::Vi => format!("{file}: bản ghi “{key}” đã có trong {earlier}; bản trong tệp sau được tính"),
            Lang::En => format!("{file}: the record “{key}” is in {earlier} already; the later file counts"),
        };
        out.push_str(&paragraph(&text, "", "  ", screen.width));
    }
    for fault in &looked.faults {
        out.push_str(&paragraph(fault.get(screen.lang), "", "  ", screen.width));
    }
    if let Some(journal) = &looked.journal {
        let held = loaded.journal.as_ref().and_then(Held::known_at);
        let last = held.map(|at| list::shown(at, loaded.calendars.default.zone()));
        out.push_str(&text::journal(journal, last.as_deref(), screen));
    }
    for found in &looked.findings {
        out.push('\n');
        out.push_str(&text::finding(found, screen));
    }
    if args.coverage {
        // Kinds that are a state, such as posts, have no records of single months.
        let in_months =
            |of: &&coverage::Coverage| of.lines.iter().any(|line| line.now.iter().any(|count| *count > 0));
        for of in looked.coverage.iter().filter(in_months) {
            out.push('\n');
            out.push_str(&text::coverage(of, &loaded.bundle.cluster, screen));
        }
    }
    let asked = looked.findings.len();
    let text = match screen.lang {
        Lang::Vi => format!("{asked} câu hỏi từ bản ghi. Bảng theo đơn vị và tháng: --coverage."),
        Lang::En => format!("{asked} question(s) from the records. By unit and month: --coverage."),
    };
    out.push('\n');
    out.push_str(&paragraph(&text, "", "  ", screen.width));
}

/// What was read of a file and which rows were rejected, for a person.
pub fn said(path: &str, sums: &str, summary: &Summary, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut out = paragraph(&format!("{path}: {sums}"), "", "  ", screen.width);
    let mut line = |text: String| out.push_str(&paragraph(&text, "  · ", "    ", screen.width));
    for ignored in &summary.ignored {
        let near = ignored.nearest.as_deref();
        line(match (lang, near) {
            (Lang::Vi, None) => format!("cột “{}” không dùng đến", ignored.header),
            (Lang::Vi, Some(near)) => format!("cột “{}” không dùng đến; gần giống “{near}”", ignored.header),
            (Lang::En, None) => format!("column “{}” is not used", ignored.header),
            (Lang::En, Some(near)) => format!("column “{}” is not used; “{near}” is near", ignored.header),
        });
    }
    for remark in summary.remarks() {
        line(remark.get(lang).to_owned());
    }
    if !summary.personal.is_empty() {
        let list = summary.personal.join("”, “");
        line(match lang {
            Lang::Vi => format!("cột dữ liệu cá nhân “{list}” không được nạp"),
            Lang::En => format!("personal columns “{list}” are not loaded"),
        });
    }
    for said in summary.said() {
        line(said.get(lang).to_owned());
    }
    for reject in &summary.examples {
        for cell in &reject.cells {
            let reason = cell.reason.text.get(lang);
            let at = match (lang, cell.header.as_str()) {
                (Lang::Vi, "") => format!("dòng {}", reject.row),
                (Lang::Vi, header) => format!("dòng {}, cột “{header}”, “{}”", reject.row, cell.value),
                (Lang::En, "") => format!("row {}", reject.row),
                (Lang::En, header) => format!("row {}, column “{header}”, “{}”", reject.row, cell.value),
            };
            line(format!("{at}: {reason}"));
        }
    }
    let shown = summary.examples.len() as u64;
    if summary.rejected > shown {
        let more = summary.rejected - shown;
        line(match lang {
            Lang::Vi => format!("và {more} dòng nữa; tất cả nằm trong tệp các dòng bị từ chối"),
            Lang::En => format!("and {more} more; all of them are in the file of rejected rows"),
        });
    }
    out
}
