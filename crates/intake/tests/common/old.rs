//! Small workbooks of old and open formats, byte by byte, so that tests need no office program.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part; a failing test should stop")]

use std::io::{Cursor, Write};

use encoding_rs::Encoding;
use unicode_normalization::UnicodeNormalization;

/// A cell of an old workbook.
#[derive(Clone, Copy)]
pub enum Old<'a> {
    /// In the table of shared texts.
    Text(&'a str),
    /// A text within the cell.
    Label(&'a str),
    /// A number, and the number of its format.
    Number(f64, u16),
    /// A whole number packed in 30 bits, and whether it counts hundredths.
    Packed(i32, bool),
    Flag(bool),
    Error(u8),
    /// A formula with a number as its result, and whether it must be computed on opening.
    Formula(f64, bool),
    /// A formula with the empty text as its result, and whether it must be computed on opening.
    EmptyFormula(bool),
    /// A formula with a text as its result.
    TextFormula(&'a str),
    Blank,
}

/// One sheet of an old workbook.
pub struct OldSheet<'a> {
    pub name: &'a str,
    pub hidden: bool,
    pub rows: Vec<Vec<Old<'a>>>,
    pub hidden_rows: Vec<u16>,
    pub hidden_columns: Option<(u16, u16)>,
    pub filter: bool,
}

impl<'a> OldSheet<'a> {
    pub fn new(name: &'a str, rows: Vec<Vec<Old<'a>>>) -> Self {
        Self { name, hidden: false, rows, hidden_rows: Vec::new(), hidden_columns: None, filter: false }
    }
}

fn record(out: &mut Vec<u8>, id: u16, bytes: &[u8]) {
    // Longer ones go on in records of their own.
    for (at, part) in bytes.chunks(8224).enumerate().chain(bytes.is_empty().then_some((0, bytes))) {
        out.extend(if at == 0 { id } else { 0x3C }.to_le_bytes());
        out.extend((part.len() as u16).to_le_bytes());
        out.extend(part);
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Letters of Excel 5 and 95 are bytes of a code page; those of Excel 97, for which there is none, Unicode.
type Page = Option<&'static Encoding>;

fn bytes(text: &str, page: &'static Encoding) -> Vec<u8> {
    let apart: String = text.chars().flat_map(apart).collect();
    let text = if page == encoding_rs::WINDOWS_1258 { &apart } else { text };
    let (bytes, _, unknown) = page.encode(text);
    assert!(!unknown, "{text} is not of {}", page.name());
    bytes.into_owned()
}

/// A letter and its tone, as windows-1258 has them.
fn apart(letter: char) -> Vec<char> {
    let tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let (tones, letter): (Vec<char>, Vec<char>) = std::iter::once(letter).nfd().partition(tone);
    letter.into_iter().nfc().chain(tones).collect()
}

/// The first record of a stream, of a sheet or of the whole.
fn begin(out: &mut Vec<u8>, page: Page, sheet: bool) {
    let what = [if sheet { 0x10 } else { 0x05 }, 0];
    match page {
        None => record(out, 0x0809, &[&[0x00, 0x06][..], &what, &[0; 12]].concat()),
        Some(_) => record(out, 0x0809, &[&[0x00, 0x05][..], &what, &[0; 4]].concat()),
    }
}

fn long(text: &str, page: Page) -> Vec<u8> {
    if let Some(page) = page {
        let letters = bytes(text, page);
        return [&(letters.len() as u16).to_le_bytes()[..], &letters].concat();
    }
    let narrow = text.chars().all(|c| u32::from(c) < 256);
    let count = text.encode_utf16().count() as u16;
    let letters = if narrow { text.chars().map(|c| c as u8).collect() } else { wide(text) };
    [&count.to_le_bytes()[..], &[u8::from(!narrow)], &letters].concat()
}

fn short(text: &str, page: Page) -> Vec<u8> {
    if let Some(page) = page {
        let letters = bytes(text, page);
        return [&[letters.len() as u8][..], &letters].concat();
    }
    [&[text.encode_utf16().count() as u8, 1][..], &wide(text)].concat()
}

/// The table of shared texts, which goes on in other records between two texts.
fn shared_texts(out: &mut Vec<u8>, shared: &[String]) {
    let count = (shared.len() as u32).to_le_bytes();
    let mut body = [count, count].concat();
    let mut id = 0x00FC;
    for text in shared.iter().map(|text| long(text, None)) {
        if body.len() + text.len() > 8224 {
            record(out, id, &body);
            body.clear();
            id = 0x003C;
        }
        body.extend(text);
    }
    record(out, id, &body);
}

/// Formats of cells: 0 plain, 1 a date, 2 a date with a time; 3 in `.VnTime`, 4 in `.VnTimeH`.
fn globals(
    since_1904: bool,
    sheets: &[OldSheet<'_>],
    places: &[u32],
    shared: &[String],
    page: Page,
) -> Vec<u8> {
    let mut out = Vec::new();
    begin(&mut out, page, false);
    if let Some(page) = page {
        let number = match page.name() {
            "windows-1258" => 1258_u16,
            "macintosh" => 10_000,
            // As Excel 5 had it for western Windows.
            _ => 32_769,
        };
        record(&mut out, 0x0042, &number.to_le_bytes());
    }
    record(&mut out, 0x0022, &u16::from(since_1904).to_le_bytes());
    for font in ["Arial", "Arial", "Arial", "Arial", ".VnTime", ".VnTimeH"] {
        record(&mut out, 0x0031, &[&[0; 14][..], &short(font, page)].concat());
    }
    let code = "dd/mm/yyyy hh:mm";
    let code = if page.is_some() { short(code, page) } else { long(code, None) };
    record(&mut out, 0x041E, &[&164_u16.to_le_bytes()[..], &code].concat());
    // Font 4 does not exist: the fifth in the file is number 5.
    for (font, format) in [(0_u16, 0_u16), (0, 14), (0, 164), (5, 0), (6, 0)] {
        record(&mut out, 0x00E0, &[&font.to_le_bytes()[..], &format.to_le_bytes(), &[0; 16]].concat());
    }
    for (sheet, place) in sheets.iter().zip(places) {
        record(
            &mut out,
            0x0085,
            &[&place.to_le_bytes()[..], &[u8::from(sheet.hidden), 0], &short(sheet.name, page)].concat(),
        );
    }
    if page.is_none() {
        shared_texts(&mut out, shared);
    }
    record(&mut out, 0x000A, &[]);
    out
}

fn sheet_records(sheet: &OldSheet<'_>, shared: &mut Vec<String>, font: u16, page: Page) -> Vec<u8> {
    let mut out = Vec::new();
    begin(&mut out, page, true);
    if let Some((from, to)) = sheet.hidden_columns {
        record(
            &mut out,
            0x007D,
            &[&from.to_le_bytes()[..], &to.to_le_bytes(), &[0; 4], &1_u16.to_le_bytes(), &[0; 2]].concat(),
        );
    }
    if sheet.filter {
        record(&mut out, 0x009B, &[]);
    }
    for row in &sheet.hidden_rows {
        record(&mut out, 0x0208, &[&row.to_le_bytes()[..], &[0; 10], &0x20_u32.to_le_bytes()].concat());
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let head = |format: u16| {
                [(row as u16).to_le_bytes(), (column as u16).to_le_bytes(), format.to_le_bytes()].concat()
            };
            match *cell {
                Old::Blank => {}
                Old::Text(text) if page.is_none() => {
                    let at = shared.len() as u32;
                    shared.push(text.to_owned());
                    record(&mut out, 0x00FD, &[head(font), at.to_le_bytes().to_vec()].concat());
                }
                Old::Text(text) | Old::Label(text) => {
                    record(&mut out, 0x0204, &[head(font), long(text, page)].concat());
                }
                Old::Number(number, format) => {
                    record(&mut out, 0x0203, &[head(format), number.to_le_bytes().to_vec()].concat());
                }
                Old::Packed(number, hundredth) => {
                    let packed = (number << 2) as u32 | 2 | u32::from(hundredth);
                    record(&mut out, 0x027E, &[head(0), packed.to_le_bytes().to_vec()].concat());
                }
                Old::Flag(flag) => record(&mut out, 0x0205, &[head(0), vec![u8::from(flag), 0]].concat()),
                Old::Error(code) => record(&mut out, 0x0205, &[head(0), vec![code, 1]].concat()),
                Old::Formula(number, on_opening) => {
                    let flags = u16::from(on_opening) * 2;
                    let rest = [&flags.to_le_bytes()[..], &[0; 4], &[0, 0]].concat();
                    record(&mut out, 0x0006, &[head(0), number.to_le_bytes().to_vec(), rest].concat());
                }
                Old::EmptyFormula(on_opening) => {
                    let result = [3, 0, 0, 0, 0, 0, 0xFF, 0xFF];
                    let flags = u16::from(on_opening) * 2;
                    let rest = [&flags.to_le_bytes()[..], &[0; 4], &[0, 0]].concat();
                    record(&mut out, 0x0006, &[head(0), result.to_vec(), rest].concat());
                }
                Old::TextFormula(text) => {
                    let result = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
                    record(&mut out, 0x0006, &[head(0), result.to_vec(), vec![0; 8]].concat());
                    record(&mut out, 0x0207, &long(text, page));
                }
            }
        }
    }
    record(&mut out, 0x000A, &[]);
    out
}

/// The stream of an old workbook; texts are in the font of the given cell format.
pub fn biff(sheets: &[OldSheet<'_>], since_1904: bool, font: u16) -> Vec<u8> {
    stream(sheets, since_1904, font, None)
}

/// The same as Excel 5 and 95 wrote it, in a code page.
pub fn biff5(sheets: &[OldSheet<'_>], page: &'static Encoding, font: u16) -> Vec<u8> {
    stream(sheets, false, font, Some(page))
}

fn stream(sheets: &[OldSheet<'_>], since_1904: bool, font: u16, page: Page) -> Vec<u8> {
    let mut shared = Vec::new();
    let bodies: Vec<Vec<u8>> =
        sheets.iter().map(|sheet| sheet_records(sheet, &mut shared, font, page)).collect();
    let length = globals(since_1904, sheets, &vec![0; sheets.len()], &shared, page).len();
    let mut places = Vec::new();
    let mut at = length;
    for body in &bodies {
        places.push(at as u32);
        at += body.len();
    }
    [vec![globals(since_1904, sheets, &places, &shared, page)], bodies].concat().concat()
}

const END: u32 = 0xFFFF_FFFE;

fn directory_entry(name: &str, kind: u8, start: u32, size: usize) -> Vec<u8> {
    let mut entry = vec![0; 128];
    let letters = wide(name);
    entry[..letters.len()].copy_from_slice(&letters);
    entry[64..66].copy_from_slice(&(letters.len() as u16 + 2).to_le_bytes());
    entry[66] = kind;
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&(size as u32).to_le_bytes());
    entry
}

/// A container of one stream. Streams below 4,096 bytes are kept in small sectors.
pub fn container(name: &str, stream: &[u8]) -> Vec<u8> {
    let sectors = |bytes: usize| bytes.div_ceil(512);
    let small = stream.len() < 4096;
    let data = sectors(if small { stream.len().next_multiple_of(64) } else { stream.len() });
    // The table, the directory, the table of small sectors, the data.
    let fat_sectors = (data + 40).div_ceil(128);
    let (directory, minifat, first) = (fat_sectors as u32, fat_sectors as u32 + 1, fat_sectors as u32 + 2);
    let mut fat = vec![0xFFFF_FFFD_u32; fat_sectors];
    fat.extend([END, END]);
    fat.extend((0..data as u32).map(|at| if at + 1 == data as u32 { END } else { first + at + 1 }));
    fat.resize(fat_sectors * 128, 0xFFFF_FFFF);
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    header[30] = 9;
    header[32] = 6;
    let mut put = |at: usize, value: u32| header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(44, fat_sectors as u32);
    put(48, directory);
    put(56, 4096);
    put(60, if small { minifat } else { END });
    put(68, END);
    (0..109).for_each(|at| put(76 + at * 4, if at < fat_sectors { at as u32 } else { 0xFFFF_FFFF }));
    let mut out = header;
    out.extend(fat.iter().flat_map(|number| number.to_le_bytes()));
    let entries = if small {
        [directory_entry("Root Entry", 5, first, data * 512), directory_entry(name, 2, 0, stream.len())]
    } else {
        [directory_entry("Root Entry", 5, END, 0), directory_entry(name, 2, first, stream.len())]
    };
    out.extend(entries.concat());
    out.resize(512 + (fat_sectors + 1) * 512, 0);
    let small_sectors = stream.len().div_ceil(64) as u32;
    let mini = (0..small_sectors).map(|at| if at + 1 == small_sectors { END } else { at + 1 });
    let mini: Vec<u8> =
        mini.chain(std::iter::repeat(0xFFFF_FFFF)).take(128).flat_map(u32::to_le_bytes).collect();
    out.extend(&mini);
    out.extend(stream);
    out.resize(512 + (fat_sectors + 2 + data) * 512, 0);
    out
}

/// An old workbook as a file.
pub fn xls(sheets: &[OldSheet<'_>]) -> Vec<u8> {
    container("Workbook", &biff(sheets, false, 0))
}

/// An OpenDocument spreadsheet from the inside of `office:spreadsheet` and the automatic styles.
pub fn ods(styles: &str, tables: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let spaces =
        "xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\" xmlns:calcext=\"c\"";
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    for (name, body) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", content.as_str()),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
