//! The words for each refusal of a file, in both languages.

use giaouoc_agreement::text::Text;

use super::{FileError, LimitKind, Preview};
use crate::fold::cut;

impl FileError {
    /// What went wrong and the way out.
    pub fn text(&self) -> Text {
        match self {
            Self::Io(error) => Text::new(
                format!(
                    "Không đọc được tệp: {error}. Hãy kiểm tra tệp còn đó và không bị chương trình khác khóa."
                ),
                format!(
                    "The file cannot be read: {error}. Check that it is there and not locked by another program."
                ),
            ),
            Self::Empty => Text::new(
                "Tệp rỗng. Hãy xuất lại tệp từ hệ thống nguồn.",
                "The file is empty. Export it from the source again.",
            ),
            Self::Refused(refused) => refused.text(),
            Self::Mislabelled { ending, found } => Text::new(
                format!(
                    "Tên tệp kết thúc bằng .{ending} nhưng nội dung là {}. Hãy lưu lại đúng định dạng, hoặc đổi phần đuôi của tên tệp.",
                    found.vi
                ),
                format!(
                    "The name ends in .{ending} but the content is {}. Save it in the right format, or correct the ending of the name.",
                    found.en
                ),
            ),
            Self::Encoding { stated: Some(name), row, .. } => {
                let (vi, en) = at_row(*row);
                Text::new(
                    format!(
                        "Tệp có ký tự không thuộc bảng mã {name}{vi}. Hãy chọn bảng mã khác (encoding), hoặc mở tệp và lưu lại dạng \"CSV UTF-8\" hoặc .xlsx."
                    ),
                    format!(
                        "The file has letters that are not of the encoding {name}{en}. Choose another encoding, or open the file and save it as \"CSV UTF-8\" or .xlsx."
                    ),
                )
            }
            Self::Encoding { row, previews, .. } => {
                let (vi, en) = at_row(*row);
                let (ways_vi, ways_en) = ways(previews);
                Text::new(
                    format!(
                        "Tệp không dùng bảng mã UTF-8 hay UTF-16{vi}. {ways_vi}Hoặc mở tệp và lưu lại dạng \"CSV UTF-8\" hoặc .xlsx."
                    ),
                    format!(
                        "The text is neither UTF-8 nor UTF-16{en}. {ways_en}Or open the file and save it as \"CSV UTF-8\" or .xlsx."
                    ),
                )
            }
            Self::OldFont { sample, previews } => {
                let (ways_vi, ways_en) = ways(previews);
                Text::new(
                    format!(
                        "Chữ trong tệp gõ bằng phông cũ (TCVN3 hoặc VNI), ví dụ \"{sample}\". {ways_vi}Nếu chữ đúng như đang thấy, hãy chọn utf-8."
                    ),
                    format!(
                        "The text was typed in an old font (TCVN3 or VNI), for example \"{sample}\". {ways_en}If the text is right as it stands, choose utf-8."
                    ),
                )
            }
            Self::Damaged { format, detail } => Text::new(
                format!("Tệp {format} bị hỏng hoặc bị cắt ({detail}). Hãy xuất hoặc tải lại tệp."),
                format!("The {format} file is damaged or cut ({detail}). Export or fetch it again."),
            ),
            Self::Cut { row } => Text::new(
                format!(
                    "Tệp kết thúc giữa một ô trong dấu ngoặc kép bắt đầu ở dòng {row}: tệp bị cắt, hoặc thiếu dấu ngoặc kép đóng. Hãy xuất lại tệp."
                ),
                format!(
                    "The file ends inside a quoted cell that begins in row {row}: it was cut, or a closing quote is missing. Export it again."
                ),
            ),
            Self::Limit { what, limit, row } => limit_text(*what, *limit, *row),
            Self::NoHeader { kind, found } => Text::new(
                format!(
                    "Không tìm thấy dòng tiêu đề của loại dữ liệu \"{}\". Các ô đầu tệp: {}. Hãy kiểm tra đúng loại dữ liệu, hoặc ghi tệp ánh xạ (header_row, columns).",
                    kind.vi,
                    list(found)
                ),
                format!(
                    "No header row of the kind \"{}\" was found. First cells: {}. Check that this is the right kind, or write a mapping (header_row, columns).",
                    kind.en,
                    list(found)
                ),
            ),
            Self::MissingColumns { kind, missing, found, sheet } => {
                let sheet = sheet.as_ref().map(|name| format!(" [{name}]")).unwrap_or_default();
                let vi = missing
                    .iter()
                    .map(|(id, label)| format!("{} ({id})", label.vi))
                    .collect::<Vec<_>>()
                    .join(", ");
                let en = missing
                    .iter()
                    .map(|(id, label)| format!("{} ({id})", label.en))
                    .collect::<Vec<_>>()
                    .join(", ");
                Text::new(
                    format!(
                        "Thiếu cột bắt buộc của loại dữ liệu \"{}\": {vi}. Các cột có trong tệp{sheet}: {}. Hãy kiểm tra đúng loại dữ liệu, bổ sung cột, hoặc chỉ rõ bằng tệp ánh xạ.",
                        kind.vi,
                        list(found)
                    ),
                    format!(
                        "Required columns of the kind \"{}\" are missing: {en}. Columns in the file{sheet}: {}. Check that this is the right kind, add the columns, or name them in a mapping.",
                        kind.en,
                        list(found)
                    ),
                )
            }
            Self::AmbiguousHeader { column, headers } => {
                let line =
                    format!("{column} = \"{}\"", headers.first().map(String::as_str).unwrap_or_default());
                Text::new(
                    format!(
                        "Nhiều cột của tệp cùng khớp với \"{column}\": {}. Hãy chọn một cột trong tệp ánh xạ, ví dụ: {line}",
                        list(headers)
                    ),
                    format!(
                        "Several columns of the file match \"{column}\": {}. Choose one in a mapping, for example: {line}",
                        list(headers)
                    ),
                )
            }
            Self::AmbiguousColumn { header, columns } => {
                let line =
                    format!("{} = \"{header}\"", columns.first().map(String::as_str).unwrap_or_default());
                Text::new(
                    format!(
                        "Cột \"{header}\" có thể là nhiều cột của loại dữ liệu: {}. Hãy chọn trong tệp ánh xạ, ví dụ: {line}",
                        list(columns)
                    ),
                    format!(
                        "The column \"{header}\" may be several columns of the kind: {}. Choose in a mapping, for example: {line}",
                        list(columns)
                    ),
                )
            }
            Self::NoSuchHeader { column, header, nearest, found } => {
                let (vi, en) = match nearest {
                    Some(near) => (format!(" Có phải là \"{near}\"?"), format!(" Was \"{near}\" meant?")),
                    None => (String::new(), String::new()),
                };
                Text::new(
                    format!(
                        "Tệp ánh xạ lấy \"{column}\" từ cột \"{header}\", nhưng tệp không có cột này.{vi} Các cột có: {}.",
                        list(found)
                    ),
                    format!(
                        "The mapping takes \"{column}\" from the column \"{header}\", which the file has not.{en} Columns found: {}.",
                        list(found)
                    ),
                )
            }
            Self::DoubledHeader { header } => Text::new(
                format!("Tệp có nhiều cột cùng tên \"{header}\". Hãy đổi tên cột trong tệp để không nhầm."),
                format!(
                    "The file has several columns named \"{header}\". Rename them in the file, so that none is taken for another."
                ),
            ),
            Self::NoSuchSheet { sheet, found } => Text::new(
                format!("Tệp không có trang tính \"{sheet}\". Các trang tính: {}.", list(found)),
                format!("The workbook has no sheet \"{sheet}\". Sheets: {}.", list(found)),
            ),
            Self::SeveralSheets { sheets } => Text::new(
                format!(
                    "Nhiều trang tính có tiêu đề phù hợp: {}. Hãy chọn một trang bằng sheet = \"…\" trong tệp ánh xạ, mỗi trang một tệp hoặc một ánh xạ.",
                    list(sheets)
                ),
                format!(
                    "Several sheets have a matching header: {}. Choose one with sheet = \"…\" in a mapping, one file or mapping for each sheet.",
                    list(sheets)
                ),
            ),
            Self::AmbiguousDates { column, header, row, value } => {
                let line =
                    |format: &str| format!("{column} = {{ from = \"{header}\", format = \"{format}\" }}");
                Text::new(
                    format!(
                        "Cột \"{header}\", dòng {row}: \"{value}\" chỉ có thể là tháng/ngày, nên không rõ cả cột ghi theo kiểu nào. Hãy ghi vào [columns] của tệp ánh xạ: {} – hoặc, nếu cột ghi ngày/tháng và giá trị này sai: {}",
                        line("mm/dd/yyyy"),
                        line("dd/mm/yyyy")
                    ),
                    format!(
                        "Column \"{header}\", row {row}: \"{value}\" can only be month/day, so the whole column is in doubt. Write in [columns] of the mapping: {} – or, if the column is day/month and this value is wrong: {}",
                        line("mm/dd/yyyy"),
                        line("dd/mm/yyyy")
                    ),
                )
            }
            Self::BadConstant { column, value, reason } => Text::new(
                format!(
                    "Tệp ánh xạ: hằng số \"{value}\" không dùng được cho cột \"{column}\". {}",
                    reason.vi
                ),
                format!(
                    "Mapping: the constant \"{value}\" is no value of the column \"{column}\". {}",
                    reason.en
                ),
            ),
            Self::ColumnType { header, found } => Text::new(
                format!(
                    "Cột \"{header}\" có kiểu {found}, không đọc được thành giá trị. Hãy xuất cột này dạng văn bản, số hoặc ngày."
                ),
                format!(
                    "The column \"{header}\" has the type {found}, which cannot be read as a value. Export it as text, number or date."
                ),
            ),
            Self::Output(detail) => Text::new(
                format!("Không ghi được kết quả: {detail}. Hãy kiểm tra dung lượng đĩa và quyền ghi."),
                format!("The result cannot be written: {detail}. Check disk space and permissions."),
            ),
        }
    }
}

/// The encodings that a text may be in, as it would look in each, and how to confirm one.
fn ways(previews: &[Preview]) -> (String, String) {
    let Some(first) = previews.first() else { return Default::default() };
    let looks = |preview: &Preview| {
        let cells: Vec<String> = preview.cells.iter().map(|cell| format!("\"{cell}\"")).collect();
        format!("{}: {}", preview.encoding, cells.join(", "))
    };
    let likely = first.vietnamese >= 60;
    // Those that make no Vietnamese are shown only where none does.
    let shown = previews.iter().filter(|preview| !likely || preview.vietnamese >= 40);
    let list = shown.map(looks).collect::<Vec<_>>().join("; ");
    let (likely_vi, likely_en) = if likely && previews.len() > 1 {
        (
            format!("Giống tiếng Việt nhất là {}. ", first.encoding),
            format!("{} looks most like Vietnamese. ", first.encoding),
        )
    } else {
        Default::default()
    };
    let key = first.encoding;
    (
        format!(
            "Chữ sẽ hiện ra là: {list}. {likely_vi}Nếu đúng, hãy thêm --encoding {key}, hoặc ghi encoding = \"{key}\" trong tệp ánh xạ. "
        ),
        format!(
            "It would read: {list}. {likely_en}If that is right, add --encoding {key}, or write encoding = \"{key}\" in the mapping. "
        ),
    )
}

fn at_row(row: u64) -> (String, String) {
    if row == 0 {
        (String::new(), String::new())
    } else {
        (format!(" ở dòng {row}"), format!(" in row {row}"))
    }
}

fn limit_text(what: LimitKind, limit: u64, row: u64) -> Text {
    let (vi_row, en_row) = at_row(row);
    let bytes = |n: u64| {
        if n >= 1 << 20 { format!("{} MiB", n >> 20) } else { format!("{n} byte") }
    };
    match what {
        LimitKind::Cell => Text::new(
            format!(
                "Một ô{vi_row} dài hơn {}. Có thể thiếu dấu ngoặc kép đóng; hãy kiểm tra dòng này.",
                bytes(limit)
            ),
            format!(
                "A cell{en_row} is longer than {}. A closing quote may be missing; check this row.",
                bytes(limit)
            ),
        ),
        LimitKind::Row => Text::new(
            format!(
                "Dòng {row} dài hơn {}. Có thể thiếu dấu ngoặc kép đóng hoặc không có ngắt dòng; hãy kiểm tra tệp.",
                bytes(limit)
            ),
            format!(
                "Row {row} is longer than {}. A closing quote or the line breaks may be missing; check the file.",
                bytes(limit)
            ),
        ),
        LimitKind::Columns => Text::new(
            format!("Bảng có hơn {limit} cột{vi_row}. Hãy chỉ xuất các cột cần thiết."),
            format!("The table has more than {limit} columns{en_row}. Export only the columns needed."),
        ),
        LimitKind::Workbook | LimitKind::WorkbookPart => Text::new(
            format!("Tệp .xlsx giải nén ra hơn {}. Hãy chia nhỏ tệp, hoặc xuất dạng CSV.", bytes(limit)),
            format!("The workbook unpacks to more than {}. Split it, or export as CSV.", bytes(limit)),
        ),
        LimitKind::Cells => Text::new(
            format!("Trang tính có hơn {limit} ô. Hãy chia nhỏ tệp, hoặc xuất dạng CSV."),
            format!("The sheet has more than {limit} cells. Split it, or export as CSV."),
        ),
        LimitKind::RowGroup => Text::new(
            format!(
                "Một nhóm dòng của tệp Parquet giải nén ra hơn {}. Hãy ghi lại tệp với nhóm dòng nhỏ hơn.",
                bytes(limit)
            ),
            format!(
                "A row group of the Parquet file unpacks to more than {}. Write the file with smaller row groups.",
                bytes(limit)
            ),
        ),
    }
}

/// Names in a message: quoted, at most 20 of them, each cut.
fn list(names: &[String]) -> String {
    let mut shown: Vec<String> = names
        .iter()
        .filter(|name| !name.is_empty())
        .take(20)
        .map(|name| format!("\"{}\"", cut(name, 40)))
        .collect();
    if names.len() > 20 {
        shown.push(format!("… (+{})", names.len() - 20));
    }
    shown.join(", ")
}
