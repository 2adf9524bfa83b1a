//! What a file is, told by its first bytes and not by its name.

use giaouoc_agreement::text::Text;

use crate::errors::FileError;
use crate::map::Encoding;

/// Bytes looked at.
pub(crate) const SAMPLE: usize = 64 << 10;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Text with a delimiter between cells: comma, semicolon, tab or bar.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// An Excel workbook of 2007 or later.
    Xlsx,
    /// An Excel workbook of 5.0 (1993) to 2003.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
    /// Apache Parquet.
    Parquet,
    /// A ZIP archive; what it holds is not known yet.
    #[doc(hidden)]
    Zip,
}

impl Format {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Ndjson => "NDJSON",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
            Self::Parquet => "Parquet",
            Self::Zip => "ZIP",
        }
    }
}

/// Formats that are recognised and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// An old Office file that is no workbook of Excel 5.0 to 2003.
    Ole,
    /// A workbook locked with a password.
    Locked,
    /// `.xlsb`.
    Xlsb,
    /// OpenDocument.
    OpenDocument,
    /// A Word or PowerPoint file.
    OtherOffice,
    /// A ZIP archive of something else.
    Archive,
    /// A compressed file: gzip, zstd, 7z, rar, bzip2, xz.
    Compressed,
    /// A web page, often named `.xls` by portals.
    Html,
    /// XML, also Excel's of 2003.
    Xml,
    /// PDF.
    Pdf,
    /// Rich text.
    Rtf,
    /// An image.
    Image,
    /// A SQLite database.
    Sqlite,
    /// One JSON array instead of lines.
    JsonArray,
    /// UTF-32.
    Utf32,
    /// Bytes that are no text.
    Binary,
}

impl Refused {
    /// The format's name.
    pub fn name(self) -> Text {
        match self {
            Self::Ole => Text::new(
                "tệp Office cũ, không phải bảng tính Excel 5.0–2003",
                "an old Office file that is no Excel 5.0–2003 workbook",
            ),
            Self::Locked => Text::new("tệp có mật khẩu", "a file locked with a password"),
            Self::Xlsb => Text::new("tệp Excel nhị phân (.xlsb)", "a binary Excel file (.xlsb)"),
            Self::OpenDocument => Text::new(
                "tệp OpenDocument không phải bảng tính",
                "an OpenDocument file that is no spreadsheet",
            ),
            Self::OtherOffice => Text::new("tệp Word hoặc PowerPoint", "a Word or PowerPoint file"),
            Self::Archive => Text::new("tệp nén ZIP", "a ZIP archive"),
            Self::Compressed => Text::new("tệp nén", "a compressed file"),
            Self::Html => Text::new("trang web HTML", "a web page (HTML)"),
            Self::Xml => Text::new("tệp XML", "an XML file"),
            Self::Pdf => Text::new("tệp PDF", "a PDF file"),
            Self::Rtf => Text::new("tệp RTF", "an RTF file"),
            Self::Image => Text::new("tệp ảnh", "an image"),
            Self::Sqlite => Text::new("cơ sở dữ liệu SQLite", "a SQLite database"),
            Self::JsonArray => Text::new("một mảng JSON", "one JSON array"),
            Self::Utf32 => Text::new("văn bản UTF-32", "UTF-32 text"),
            Self::Binary => Text::new("tệp nhị phân", "a binary file"),
        }
    }

    /// What was found and the way out.
    pub(crate) fn text(self) -> Text {
        let name = self.name();
        let (vi, en) = match self {
            Self::Locked => (
                "Hãy mở bằng Excel, bỏ mật khẩu và lưu dạng .xlsx.",
                "Open it in Excel, remove the password, and save it as .xlsx.",
            ),
            Self::Ole | Self::Xlsb | Self::OpenDocument | Self::Html | Self::Xml | Self::Rtf => (
                "Hãy mở bằng Excel hoặc LibreOffice và lưu dạng .xlsx.",
                "Open it in Excel or LibreOffice and save it as .xlsx.",
            ),
            Self::Archive | Self::Compressed => {
                ("Hãy giải nén rồi nạp tệp bên trong.", "Unpack it and load the file inside.")
            }
            Self::OtherOffice | Self::Pdf | Self::Image => (
                "Hãy xuất bảng dữ liệu từ hệ thống nguồn dạng .xlsx hoặc CSV.",
                "Export the table from the source as .xlsx or CSV.",
            ),
            Self::Sqlite => ("Hãy xuất bảng cần nạp dạng CSV.", "Export the table as CSV."),
            Self::JsonArray => (
                "Hãy ghi mỗi đối tượng trên một dòng (NDJSON), ví dụ bằng lệnh jq -c '.[]'.",
                "Write one object a line (NDJSON), for example with jq -c '.[]'.",
            ),
            Self::Utf32 => ("Hãy lưu lại dạng UTF-8.", "Save it as UTF-8."),
            Self::Binary => (
                "Hãy xuất dữ liệu dạng .xlsx, CSV, NDJSON hoặc Parquet.",
                "Export the data as .xlsx, CSV, NDJSON or Parquet.",
            ),
        };
        Text::new(
            format!("Đây là {}, không nạp được. {vi}", name.vi),
            format!("This is {}, which is not read. {en}", name.en),
        )
    }
}

/// The format of a file from its first bytes; `whole` when they are all of it.
pub(crate) fn sniff(sample: &[u8], whole: bool, stated: Option<Encoding>) -> Result<Format, FileError> {
    let refused = |what| Err(FileError::Refused(what));
    if sample.is_empty() {
        return Err(FileError::Empty);
    }
    // What is inside an old Office file is said by its directory.
    if sample.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Format::Xls);
    }
    const MAGIC: [(&[u8], Refused); 21] = [
        // Sheets of Excel 2 to 4, and bare sheets as small export scripts write them.
        (b"\x09\x00\x04\x00", Refused::Ole),
        (b"\x09\x02\x06\x00", Refused::Ole),
        (b"\x09\x04\x06\x00", Refused::Ole),
        (b"\x09\x08\x08\x00", Refused::Ole),
        (b"\x09\x08\x10\x00", Refused::Ole),
        (b"%PDF", Refused::Pdf),
        (b"{\\rtf", Refused::Rtf),
        (b"\x1f\x8b", Refused::Compressed),
        (b"BZh", Refused::Compressed),
        (b"\xfd7zXZ", Refused::Compressed),
        (b"7z\xbc\xaf", Refused::Compressed),
        (b"Rar!", Refused::Compressed),
        (b"\x28\xb5\x2f\xfd", Refused::Compressed),
        (b"\x89PNG", Refused::Image),
        (b"\xff\xd8\xff", Refused::Image),
        (b"GIF8", Refused::Image),
        (b"SQLite format 3", Refused::Sqlite),
        (b"\x00\x00\xfe\xff", Refused::Utf32),
        (b"\xff\xfe\x00\x00", Refused::Utf32),
        (b"\x7fELF", Refused::Binary),
        (b"MZ\x90", Refused::Binary),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| sample.starts_with(magic)) {
        return refused(*what);
    }
    if sample.starts_with(b"PK\x03\x04") || sample.starts_with(b"PK\x05\x06") {
        return Ok(Format::Zip);
    }
    if sample.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    let text = super::text::decode_sample(sample, whole, stated)?;
    let start = text.trim_start_matches(crate::fold::is_space);
    if start.is_empty() && whole {
        return Err(FileError::Empty);
    }
    let lower = start.chars().take(200).collect::<String>().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<table", "<meta", "<head", "<body", "<style"]
        .iter()
        .any(|tag| lower.starts_with(tag))
    {
        return refused(Refused::Html);
    }
    if lower.starts_with("<?xml") || lower.starts_with("<workbook") {
        let html = lower.contains("<html");
        return refused(if html { Refused::Html } else { Refused::Xml });
    }
    let value = start.trim_start_matches('[').trim_start_matches(crate::fold::is_space);
    match start.as_bytes().first() {
        Some(b'{') if is_json_object(start) => Ok(Format::Ndjson),
        Some(b'[') if matches!(value.as_bytes().first(), Some(b'{' | b'[' | b']')) => {
            refused(Refused::JsonArray)
        }
        _ => Ok(Format::Csv),
    }
}

/// Whether a text begins as a JSON object does: a brace, then a quoted name or the other brace.
fn is_json_object(start: &str) -> bool {
    let after = start.trim_start_matches('{').trim_start();
    after.is_empty() || after.starts_with('"') || after.starts_with('}')
}

/// Refuses a file whose name says one thing and whose content another, where a person would be misled.
pub(crate) fn agree(name: &str, format: Format) -> Result<(), FileError> {
    let Some((_, ending)) = name.rsplit_once('.') else { return Ok(()) };
    let ending = ending.to_ascii_lowercase();
    let meant = match ending.as_str() {
        "xlsx" | "xlsm" | "xls" => Format::Xlsx,
        "ods" => Format::Ods,
        "parquet" => Format::Parquet,
        _ => return Ok(()),
    };
    // Both kinds of Excel files go by both names, and Excel opens them.
    let format_read = if format == Format::Xls { Format::Xlsx } else { format };
    if meant == format_read {
        return Ok(());
    }
    let found = match format {
        Format::Csv => Text::new("văn bản (CSV)", "text (CSV)"),
        other => Text::same(other.name()),
    };
    Err(FileError::Mislabelled { ending, found })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        match sniff(bytes, true, None) {
            Ok(format) => format.name().to_owned(),
            Err(FileError::Refused(what)) => format!("{what:?}"),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn formats_are_told_by_their_content() {
        let table: [(&[u8], &str); 25] = [
            (b"", "empty-file"),
            (b"\xef\xbb\xbf", "empty-file"),
            (b" \r\n\t\n", "empty-file"),
            (b"a,b\n1,2\n", "CSV"),
            (b"PK\x03\x04....", "ZIP"),
            (b"PAR1....", "Parquet"),
            (b"{\"code\": 1}\n", "NDJSON"),
            (b"\xef\xbb\xbf {\"code\": 1}\n", "NDJSON"),
            (b"{code};{unit}\n", "CSV"),
            (b"[{\"code\": 1}]", "JsonArray"),
            (b"[code];[unit]\n", "CSV"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "XLS"),
            (b"\x09\x00\x04\x00\x02\x00\x10\x00", "Ole"),
            (b"\x09\x08\x08\x00\x00\x00\x10\x00", "Ole"),
            (b"\t,b\n1,2\n", "CSV"),
            (b"%PDF-1.7", "Pdf"),
            (b"<html><table>", "Html"),
            (b"<?xml version=\"1.0\"?><Workbook>", "Xml"),
            (b"\x1f\x8b\x08", "Compressed"),
            (b"\x00\x01\x02\x03\x04\x05", "Binary"),
            (b"\xff\xfea\x00,\x00b\x00", "CSV"),
            (b"\xfe\xff\x00a\x00,\x00b", "CSV"),
            (b"a\x00,\x00b\x00\n\x00", "CSV"),
            (b"\x00a\x00,\x00b\x00\n", "CSV"),
            (b"M\xe3,T\xean\n", "refused-encoding"),
        ];
        for (bytes, expected) in table {
            assert_eq!(told(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_name_that_misleads_is_refused() {
        assert!(agree("a.csv", Format::Xlsx).is_ok(), "the content decides");
        assert!(agree("a", Format::Csv).is_ok());
        let error = agree("Hồ sơ.XLSX", Format::Csv).unwrap_err();
        assert_eq!(error.code(), "not-what-it-says");
        assert!(error.text().vi.contains(".xlsx") && error.text().en.contains("CSV"));
    }
}
