//! `giaouoc check`: everything that is wrong with a bundle, at once, and every open question.

use std::collections::BTreeMap;

use giaouoc_agreement::problem::Severity;
use giaouoc_agreement::text::Lang;
use giaouoc_intake::{FileError, Sink, Summary};

use crate::bundle;
use crate::cli::Check;
use crate::fault::{Fault, Outcome};
use crate::journal::Held;
use crate::keys::Keys;
use crate::problems;
use crate::records::{take, written_by_us};
use crate::render::grid::paragraph;
use crate::score::{board, cores, print};
use crate::screen::Screen;

/// Runs the command. Ends with 2 when the text files are wrong, with 1 when rows are rejected.
pub fn run(args: &Check, screen: &Screen) -> Outcome {
    let read = bundle::read(&args.bundle)?;
    let texts = bundle::texts(&read.opened);
    let wrong = read.problems.iter().any(|problem| problem.severity == Severity::Error);
    let mut out = problems::render(&read.problems, &texts, screen.lang, screen.width);
    out.push('\n');
    let Some((bundle, calendars)) = read.bundle.filter(|_| !wrong) else {
        print(screen, &out)?;
        return Err(Fault::Input(giaouoc_agreement::text::Text::new(
            "gói dữ liệu có lỗi; sửa rồi chạy lại lệnh check",
            "the bundle has errors; mend them and run check again",
        )));
    };
    let journal = Held::open(&read.opened.dir)?;
    let loaded = bundle::Loaded { opened: read.opened, bundle, calendars, remarks: read.problems, journal };
    let mut rejected = 0;
    if !args.no_records {
        out.push('\n');
        for file in &loaded.bundle.records {
            let kind = bundle::kind(&file.kind)?;
            let path = loaded.opened.dir.join(&file.path);
            if file.map.is_none()
                && let Some(rows) = written_by_us(&path, kind)?
            {
                out.push_str(&match screen.lang {
                    Lang::Vi => format!("{}: {rows} bản ghi đã được kiểm tra khi ghi\n", file.path),
                    Lang::En => format!("{}: {rows} records, checked when they were written\n", file.path),
                });
                continue;
            }
            // The rows themselves are not needed: only what was said of them.
            match take(&loaded, file, kind, &mut Forget) {
                Ok(summary) => {
                    rejected += summary.rejected;
                    out.push_str(&said(&file.path, summary.text().get(screen.lang), &summary, screen));
                }
                Err(Fault::Input(text)) => {
                    rejected += 1;
                    out.push_str(&paragraph(text.get(screen.lang), "", "  ", screen.width));
                }
                Err(other) => return Err(other),
            }
        }
    }
    if !args.no_records {
        rejected += doubled(&mut out, &loaded, screen)?;
        // What only shows when conditions meet records: a day outside the calendar, a sum beyond 64 bits.
        let options = giaouoc_agreement::scoreboard::Options::default();
        if rejected == 0
            && let Err(Fault::Input(text)) = board(&loaded, &options, cores(), screen)
        {
            rejected += 1;
            out.push_str(&paragraph(text.get(screen.lang), "", "  ", screen.width));
        }
    }
    print(screen, &out)?;
    if rejected > 0 { Err(Fault::No) } else { Ok(()) }
}

/// Records that stand in two files of a kind and would count twice.
fn doubled(out: &mut String, loaded: &bundle::Loaded, screen: &Screen) -> Outcome<u64> {
    let files = &loaded.bundle.records;
    let mut all = 0;
    let mut known: BTreeMap<(&str, Option<usize>), Keys> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let others =
            files.iter().filter(|other| (&other.kind, other.supplier) == (&file.kind, file.supplier));
        if others.count() < 2 {
            continue;
        }
        let keys = known.entry((&file.kind, file.supplier)).or_default();
        let found = keys.add_file(loaded, at, bundle::kind(&file.kind)?)?;
        all += found.count;
        for twice in &found.examples {
            let (key, path, earlier) = (&twice.key, &file.path, &files[twice.earlier].path);
            out.push_str(&paragraph(
                &match screen.lang {
                    Lang::Vi => {
                        format!("{path}: bản ghi “{key}” đã có trong {earlier}; bản trong tệp sau được tính")
                    }
                    Lang::En => {
                        format!("{path}: the record “{key}” is in {earlier} already; the later file counts")
                    }
                },
                "",
                "  ",
                screen.width,
            ));
        }
    }
    Ok(all)
}

/// Accepted rows are let go; rejected ones are kept by the summary.
struct Forget;

impl Sink for Forget {
    fn batch(&mut self, _batch: &arrow::array::RecordBatch) -> Result<(), FileError> {
        Ok(())
    }
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
