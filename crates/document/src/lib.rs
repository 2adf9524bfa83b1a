//! Documents that people go on with in their own word processor. A plain model, drawn as a page by whoever shows pages and as
//! DOCX here: the same words in both.
//!
//! Page and type follow Decree 30/2020/NĐ-CP, annex I: A4, margins 20–25 mm above and below, 30–35 mm left, 15–20 mm right, Times
//! New Roman 13 or 14.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, LineSpacing, PageMargin, Paragraph, Run, RunFonts, Table, TableCell, TableRow,
    WidthType,
};

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// What stands above the title, centred: the agency, the country's name and motto.
    pub head: Vec<String>,
    /// The title.
    pub title: String,
    /// What it consists of.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading: 1 is the greatest.
    Heading(u8, String),
    /// A paragraph; several lines are several paragraphs.
    Text(String),
    /// A paragraph that says what is still to be written.
    Gap(String),
    /// A list.
    List(Vec<String>),
    /// A table: heads, rows.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// Why a document could not be written.
#[derive(Debug)]
pub struct Failed(String);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

const FONT: &str = "Times New Roman";
/// 14 points, in halves.
const SIZE: usize = 28;
/// A millimetre in twentieths of a point, times 100.
const MM: i32 = 5669;

fn mm(millimetres: i32) -> i32 {
    millimetres * MM / 100
}

fn run(text: &str) -> Run {
    let fonts = RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT);
    // What no XML may hold would make the file unreadable.
    let text: String = text.chars().filter(|letter| !letter.is_control() || *letter == '\t').collect();
    Run::new().add_text(text).fonts(fonts).size(SIZE)
}

fn paragraph(text: &str) -> Paragraph {
    Paragraph::new()
        .add_run(run(text))
        .align(AlignmentType::Both)
        .line_spacing(LineSpacing::new().before(0).after(120))
}

fn cell(text: &str, bold: bool) -> TableCell {
    let lines = text.split('\n').map(|line| {
        let run = if bold { run(line).bold() } else { run(line) };
        Paragraph::new().add_run(run.size(SIZE - 4))
    });
    lines.fold(TableCell::new(), TableCell::add_paragraph)
}

/// The document as DOCX (ECMA-376).
///
/// # Errors
/// When it cannot be put together; nothing that somebody wrote is a reason.
pub fn docx(doc: &Doc) -> Result<Vec<u8>, Failed> {
    let margins = PageMargin::new().top(mm(20)).bottom(mm(20)).left(mm(30)).right(mm(15));
    let mut out = Docx::new()
        // A4 in twentieths of a point.
        .page_size(11906, 16838)
        .page_margin(margins)
        .default_fonts(RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT))
        .default_size(SIZE);
    let centred =
        |text: &str, size| Paragraph::new().add_run(run(text).bold().size(size)).align(AlignmentType::Center);
    for line in &doc.head {
        out = out.add_paragraph(centred(line, SIZE - 2));
    }
    out =
        out.add_paragraph(centred(&doc.title, SIZE).line_spacing(LineSpacing::new().before(240).after(240)));
    for block in &doc.blocks {
        out = match block {
            Block::Heading(level, text) => {
                let size = if *level <= 1 { SIZE + 2 } else { SIZE };
                let spacing = LineSpacing::new().before(240).after(120);
                out.add_paragraph(Paragraph::new().add_run(run(text).bold().size(size)).line_spacing(spacing))
            }
            Block::Text(text) => text.split('\n').fold(out, |out, line| out.add_paragraph(paragraph(line))),
            Block::Gap(text) => out.add_paragraph(Paragraph::new().add_run(run(text).italic())),
            Block::List(items) => items.iter().fold(out, |out, item| {
                out.add_paragraph(paragraph(&format!("– {item}")).indent(Some(360), None, None, None))
            }),
            Block::Table(head, rows) => {
                let heads = TableRow::new(head.iter().map(|text| cell(text, true)).collect());
                let rows =
                    rows.iter().map(|row| TableRow::new(row.iter().map(|text| cell(text, false)).collect()));
                let table =
                    Table::new(std::iter::once(heads).chain(rows).collect()).width(5000, WidthType::Pct);
                out.add_table(table).add_paragraph(Paragraph::new())
            }
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    out.build().pack(&mut bytes).map_err(|error| Failed(error.to_string()))?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn words_and_marks_stand_in_the_file_and_nothing_is_markup() {
        let doc = Doc {
            head: vec!["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".into()],
            title: "BÁO CÁO SƠ KẾT".into(),
            blocks: vec![
                Block::Heading(1, "1. Kết quả".into()),
                Block::Text("a < b & c\u{0}\nhai dòng".into()),
                Block::Table(vec!["Đơn vị".into()], vec![vec!["Sở Nội vụ\n95 %".into()]]),
                Block::List(vec!["việc".into()]),
                Block::Gap("(điền)".into()),
            ],
        };
        let bytes = docx(&doc).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
        for part in
            ["BÁO CÁO SƠ KẾT", "a &lt; b &amp; c", "hai dòng", "Sở Nội vụ", "Times New Roman", "(điền)"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains('\u{0}'));
    }
}
