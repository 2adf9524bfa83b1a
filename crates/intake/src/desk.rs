//! Words of the command line for somebody at a unit's desk, who has neither mapping files nor the bundle's: what to do is said
//! in terms of the pages.

use giaouoc_agreement::text::Text;

/// Parts of reasons and errors that speak of files, and what is said at a desk instead.
const VI: [(&str, &str); 22] = [
    ("Không có đơn vị này trong cluster.toml.", "Cụm không có đơn vị nào tên như vậy."),
    (
        " Hãy sửa giá trị, hoặc thêm tên gọi khác ([[alias]]).",
        " Hãy ghi đúng tên hoặc mã đơn vị; nếu đó là một tên gọi khác của đơn vị, hãy nhờ thư ký cụm thêm tên ấy.",
    ),
    ("hoặc chuyển quyền cung cấp (giaouoc transfer)", "hoặc nhờ thư ký cụm chuyển quyền cung cấp"),
    (
        "Hãy ánh xạ cột này vào time_limit thay cho time_limit_days.",
        "Ở mục Chọn cột, hãy chọn cột này là “Thời hạn” thay cho “Thời hạn (ngày làm việc)”.",
    ),
    ("Sự kiện này không có trong [[events.when]].", "Chưa biết sự kiện này nghĩa là gì."),
    (
        " Hãy thêm vào tệp ánh xạ, hoặc ghi others = \"skip\".",
        " Hãy nhờ thư ký cụm thêm sự kiện vào bảng ánh xạ.",
    ),
    (
        "mà tệp ánh xạ đã nêu. Hãy sửa giá trị hoặc tệp ánh xạ.",
        "đã chọn. Hãy sửa giá trị, hoặc chọn lại kiểu ngày ở mục Chọn cột.",
    ),
    (
        "nếu là số thứ tự ngày của Excel, hãy ghi format = \"excel\" trong tệp ánh xạ.",
        "nếu là số thứ tự ngày của Excel, hãy chọn kiểu ngày “số của Excel” ở mục Chọn cột.",
    ),
    (
        "Hãy ghi số không có dấu ngăn, hoặc ghi numbers = \"vi\" (1.234,5) hay \"en\" (1,234.5) trong tệp ánh xạ.",
        "Hãy ghi số không có dấu ngăn, ví dụ 1234.",
    ),
    (
        " Hãy sửa giá trị hoặc thêm dòng values vào tệp ánh xạ.",
        " Hãy sửa thành một giá trị trong danh mục; bảng tính mẫu có sẵn danh mục để chọn.",
    ),
    ("Hãy ghi values trong tệp ánh xạ để chọn một mã.", "Hãy ghi đúng một mã trong số đó."),
    (
        "Giá trị không có trong values của tệp ánh xạ. Hãy thêm vào, hoặc ghi others = \"keep\".",
        "Bảng ánh xạ đang dùng không nói giá trị này nghĩa là gì. Hãy sửa giá trị, hoặc thêm nó vào bảng ánh xạ.",
    ),
    (
        "Nếu nguồn bỏ các ô trống cuối dòng, hãy ghi short_rows = \"blank\" trong tệp ánh xạ.",
        "Hãy mở tệp bằng Excel, kiểm tra dòng này rồi lưu thành .xlsx.",
    ),
    ("Hãy ghi format của cột trong tệp ánh xạ.", "Hãy chọn kiểu ngày ở mục Chọn cột."),
    (
        "Hãy kiểm tra đúng loại dữ liệu, hoặc ghi tệp ánh xạ (header_row, columns).",
        "Hãy kiểm tra đúng loại dữ liệu, hoặc chọn từng cột ở mục Chọn cột.",
    ),
    ("hoặc chỉ rõ bằng tệp ánh xạ.", "hoặc chọn từng cột ở mục Chọn cột."),
    ("Hãy chọn một cột trong tệp ánh xạ, ví dụ:", "Hãy chọn một cột ở mục Chọn cột. Bảng ánh xạ ghi:"),
    ("Hãy chọn trong tệp ánh xạ, ví dụ:", "Hãy chọn ở mục Chọn cột. Bảng ánh xạ ghi:"),
    (
        "Hãy chọn một trang bằng sheet = \"…\" trong tệp ánh xạ, mỗi trang một tệp hoặc một ánh xạ.",
        "Hãy chọn một trang ở mục Chọn cột; trang khác thì gửi tệp lần nữa.",
    ),
    ("Hãy ghi vào [columns] của tệp ánh xạ:", "Hãy chọn kiểu ngày ở mục Chọn cột. Bảng ánh xạ ghi:"),
    ("Tệp ánh xạ", "Bảng ánh xạ"),
    ("trong tệp ánh xạ. ", "trong ô bảng ánh xạ ở mục Đọc lại theo cách khác. "),
];

/// The same in English.
const EN: [(&str, &str); 21] = [
    ("No such unit in cluster.toml.", "The cluster has no unit of that name."),
    (
        " Correct the value, or add another name ([[alias]]).",
        " Write the unit's name or code; if this is another name of it, ask the cluster's secretary to add it.",
    ),
    ("or transfer the supply (giaouoc transfer)", "or ask the cluster's secretary to transfer the supply"),
    (
        "Map the column to time_limit instead of time_limit_days.",
        "Under Choose columns, take this column for “Time limit” instead of “Time limit (working days)”.",
    ),
    ("This event is in no [[events.when]].", "What this event means is not known."),
    (
        " Add it to the mapping, or write others = \"skip\".",
        " Ask the cluster's secretary to add it to the mapping.",
    ),
    (
        "that the mapping names. Correct the value or the mapping.",
        "that was chosen. Correct the value, or choose how dates are written under Choose columns.",
    ),
    (
        "if it is an Excel serial number, write format = \"excel\" in the mapping.",
        "if it is an Excel serial number, choose that under Choose columns.",
    ),
    (
        "Write the number without separators, or numbers = \"vi\" (1.234,5) or \"en\" (1,234.5) in the mapping.",
        "Write the number without separators, such as 1234.",
    ),
    (
        " Correct the value or add it to values in the mapping.",
        " Change it to a value of the list; the template has the list to choose from.",
    ),
    ("Choose one with values in the mapping.", "Write one of these codes."),
    (
        "The value is not among values in the mapping. Add it, or write others = \"keep\".",
        "The mapping in use does not say what this value means. Correct the value, or add it to the mapping.",
    ),
    (
        "If the source leaves out blank cells at the end, write short_rows = \"blank\" in the mapping.",
        "Open the file in Excel, look at this row and save it as .xlsx.",
    ),
    ("Name the column's format in the mapping.", "Choose how dates are written under Choose columns."),
    ("or write a mapping (header_row, columns).", "or choose the columns one by one under Choose columns."),
    ("or name them in a mapping.", "or choose them under Choose columns."),
    ("Choose one in a mapping, for example:", "Choose one under Choose columns. A mapping says:"),
    ("Choose in a mapping, for example:", "Choose under Choose columns. A mapping says:"),
    (
        "Choose one with sheet = \"…\" in a mapping, one file or mapping for each sheet.",
        "Choose one under Choose columns; send the file again for the others.",
    ),
    (
        "Write in [columns] of the mapping:",
        "Choose how dates are written under Choose columns. A mapping says:",
    ),
    ("Mapping: the", "In the mapping the"),
];

/// A reason or an error as it is said at a desk.
pub fn for_desk(text: &Text) -> Text {
    let said = |text: &str, words: &[(&str, &str)]| {
        words.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    Text::new(said(&text.vi, &VI), said(&text.en, &EN))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [&str; 3] =
        [include_str!("reason.rs"), include_str!("check/date.rs"), include_str!("errors/text.rs")];

    /// The sentences that speak of files are said in other words, and there are no words for sentences that are gone.
    #[test]
    fn no_reason_speaks_of_files_that_an_officer_does_not_have() {
        let mut said = 0;
        for line in SOURCES.iter().flat_map(|source| source.lines()).filter(|line| line.contains('"')) {
            let line = line.replace("\\\"", "\"").replace("{vi}", "").replace("{en}", "");
            let internal =
                ["tệp ánh xạ", "cluster.toml", "giaouoc transfer", "[[", "header_row", "short_rows"];
            if line.trim_start().starts_with("//") || !internal.iter().any(|word| line.contains(word)) {
                continue;
            }
            let desk = for_desk(&Text::same(line.clone()));
            for word in internal {
                // Each line is in one language, so one of the two has nothing of it left.
                assert!(!desk.vi.contains(word) || !desk.en.contains(word), "{word}: {line}");
            }
            said += 1;
        }
        assert!(said > 20, "{said}");
        let sources = SOURCES.concat().replace("\\\"", "\"").replace("{vi}", "").replace("{en}", "");
        for (from, _) in VI.iter().chain(&EN) {
            assert!(sources.contains(from), "nobody says “{from}” any more");
        }
    }
}
