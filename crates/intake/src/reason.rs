//! Why a cell, and with it the row, is rejected.

use giaouoc_agreement::limit::NoLimit;
use giaouoc_agreement::text::Text;

/// A reason with a stable name and words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable, kebab-case name, such as `no-such-day`. `docs/intake.md` lists them all.
    pub code: &'static str,
    /// What is wrong and what to do about it.
    pub text: Text,
}

impl Reason {
    pub(crate) fn new(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, text: Text::new(vi, en) }
    }

    pub(crate) fn no_limit(reason: NoLimit) -> Self {
        Self { code: reason.code(), text: reason.text() }
    }

    pub(crate) fn not_working_days() -> Self {
        Self::new(
            "not-working-days",
            "Thời hạn này không tính bằng ngày làm việc. Hãy ánh xạ cột này vào time_limit thay cho time_limit_days.",
            "This time limit does not count working days. Map the column to time_limit instead of time_limit_days.",
        )
    }

    pub(crate) fn unknown_event(near: Option<&str>) -> Self {
        let (vi, en) = near.map_or_else(Default::default, |near| {
            (format!(" Có phải là \"{near}\"?"), format!(" Did you mean \"{near}\"?"))
        });
        Self::new(
            "unknown-event",
            format!(
                "Sự kiện này không có trong [[events.when]].{vi} Hãy thêm vào tệp ánh xạ, hoặc ghi others = \"skip\"."
            ),
            format!(
                "This event is in no [[events.when]].{en} Add it to the mapping, or write others = \"skip\"."
            ),
        )
    }

    pub(crate) fn other_event_rejected(row: u64) -> Self {
        Self::new(
            "other-event-rejected",
            format!("Sự kiện khác của hồ sơ này (dòng {row}) bị từ chối, nên cả hồ sơ chưa dựng được."),
            format!(
                "Another event of this record (row {row}) was rejected, so that the record cannot be made."
            ),
        )
    }

    pub(crate) fn required() -> Self {
        Self::new(
            "required",
            "Thiếu giá trị bắt buộc. Hãy điền vào ô này.",
            "A required value is missing. Fill in this cell.",
        )
    }

    pub(crate) fn bad_date() -> Self {
        Self::new(
            "bad-date",
            "Không phải ngày tháng. Hãy ghi ngày/tháng/năm, ví dụ 05/03/2020 hoặc 05/03/2020 16:00, hay 2020-03-05.",
            "Not a date. Write day/month/year, for example 05/03/2020 or 05/03/2020 16:00, or 2020-03-05.",
        )
    }

    pub(crate) fn no_such_day() -> Self {
        Self::new(
            "no-such-day",
            "Ngày này không có trong lịch. Hãy kiểm tra ngày và tháng.",
            "There is no such day. Check day and month.",
        )
    }

    pub(crate) fn no_such_time() -> Self {
        Self::new(
            "no-such-time",
            "Giờ không hợp lệ. Giờ từ 00:00 đến 23:59.",
            "There is no such time of day. Times run from 00:00 to 23:59.",
        )
    }

    pub(crate) fn year_out_of_range() -> Self {
        Self::new(
            "year-out-of-range",
            "Năm nằm ngoài khoảng 1900–2200. Hãy kiểm tra lại năm.",
            "The year lies outside 1900 to 2200. Check the year.",
        )
    }

    pub(crate) fn two_digit_year() -> Self {
        Self::new(
            "two-digit-year",
            "Năm chỉ có hai chữ số. Hãy ghi đủ bốn chữ số.",
            "The year has two digits. Write all four.",
        )
    }

    pub(crate) fn not_the_format(format: &str) -> Self {
        Self::new(
            "not-the-format",
            format!("Không đúng định dạng {format} mà tệp ánh xạ đã nêu. Hãy sửa giá trị hoặc tệp ánh xạ."),
            format!("Not in the format {format} that the mapping names. Correct the value or the mapping."),
        )
    }

    pub(crate) fn plain_number() -> Self {
        Self::new(
            "number-for-date",
            "Là một con số chứ không phải ngày tháng. Hãy định dạng ô là ngày; nếu là số thứ tự ngày của Excel, hãy ghi format = \"excel\" trong tệp ánh xạ.",
            "A number, not a date. Format the cell as a date; if it is an Excel serial number, write format = \"excel\" in the mapping.",
        )
    }

    pub(crate) fn needs_time() -> Self {
        Self::new(
            "needs-time",
            "Cần cả ngày và giờ ở đây, ví dụ 2020-03-05T16:00:00+07:00.",
            "Date and time are both needed here, for example 2020-03-05T16:00:00+07:00.",
        )
    }

    pub(crate) fn cell_fault(fault: &str) -> Self {
        Self::new(
            "cell-error",
            format!("Ô báo lỗi {fault}. Hãy sửa công thức hoặc giá trị trong tệp gốc."),
            format!(
                "The cell holds the error {fault}. Correct the formula or the value in the original file."
            ),
        )
    }

    pub(crate) fn uncalculated() -> Self {
        Self::new(
            "formula-without-value",
            "Ô là công thức chưa được tính nên không có giá trị. Hãy mở tệp bằng Excel và lưu lại.",
            "A formula that has not been computed, so that there is no value. Open the file in Excel and save it.",
        )
    }

    pub(crate) fn weekday_differs(vi: &str, en: &str) -> Self {
        Self::new(
            "weekday-differs",
            format!("Thứ trong tuần không khớp với ngày: ngày này là {vi}. Hãy kiểm tra ngày."),
            format!("The weekday is not that of the date, which is a {en}. Check the date."),
        )
    }

    pub(crate) fn not_a_number() -> Self {
        Self::new(
            "not-a-number",
            "Không phải số nguyên. Hãy ghi số nguyên, ví dụ 1234.",
            "Not a whole number. Write one, for example 1234.",
        )
    }

    pub(crate) fn not_whole() -> Self {
        Self::new(
            "not-whole",
            "Số lẻ ở nơi cần số nguyên. Hãy kiểm tra lại giá trị.",
            "A number with a fraction where a whole number is needed. Check the value.",
        )
    }

    pub(crate) fn ambiguous_number() -> Self {
        Self::new(
            "ambiguous-number",
            "Dấu chấm hoặc dấu phẩy có thể ngăn hàng nghìn hoặc phần thập phân. Hãy ghi số không có dấu ngăn, hoặc ghi numbers = \"vi\" (1.234,5) hay \"en\" (1,234.5) trong tệp ánh xạ.",
            "The point or comma may separate thousands or a fraction. Write the number without separators, or numbers = \"vi\" (1.234,5) or \"en\" (1,234.5) in the mapping.",
        )
    }

    pub(crate) fn rounded_number() -> Self {
        Self::new(
            "rounded-number",
            "Bảng tính đã làm tròn số này nên mất chữ số. Hãy định dạng cột là Văn bản (Text) rồi xuất lại.",
            "The spreadsheet has rounded this number and lost digits. Format the column as text and export again.",
        )
    }

    pub(crate) fn fractional_code() -> Self {
        Self::new(
            "number-for-text",
            "Mã bị lưu thành số lẻ nên có thể mất số 0 ở cuối. Hãy định dạng cột là Văn bản (Text) và nhập lại mã.",
            "The code was stored as a number with a fraction, so final zeros may be lost. Format the column as text and enter the code again.",
        )
    }

    pub(crate) fn date_for_code() -> Self {
        Self::new(
            "date-for-text",
            "Bảng tính đã đổi mã này thành ngày tháng. Hãy định dạng cột là Văn bản (Text) và nhập lại mã.",
            "The spreadsheet has turned this code into a date. Format the column as text and enter the code again.",
        )
    }

    pub(crate) fn time_without_day() -> Self {
        Self::new(
            "time-without-day",
            "Ô chỉ có giờ, hoặc một con số nhỏ được định dạng là ngày: không có ngày. Hãy ghi đủ ngày/tháng/năm.",
            "The cell holds a time alone, or a small number shown as a date: there is no day. Write day, month and year.",
        )
    }

    pub(crate) fn out_of_bounds(min: Option<i64>, max: Option<i64>) -> Self {
        let (vi, en) = match (min, max) {
            (Some(min), Some(max)) => (format!("từ {min} đến {max}"), format!("from {min} to {max}")),
            (Some(min), None) => (format!("không nhỏ hơn {min}"), format!("not below {min}")),
            (None, Some(max)) => (format!("không lớn hơn {max}"), format!("not above {max}")),
            (None, None) => ("trong phạm vi 64 bit".to_owned(), "within 64 bits".to_owned()),
        };
        Self::new("out-of-range", format!("Giá trị phải {vi}."), format!("The value must be {en}."))
    }

    pub(crate) fn not_a_flag() -> Self {
        Self::new(
            "not-a-flag",
            "Không phải có/không. Hãy ghi có hoặc không.",
            "Neither yes nor no. Write true or false.",
        )
    }

    pub(crate) fn unknown_code(nearest: Option<&str>, some: &str) -> Self {
        let (vi, en) = match nearest {
            Some(near) => (format!(" Có phải là \"{near}\"?"), format!(" Was \"{near}\" meant?")),
            None => (String::new(), String::new()),
        };
        Self::new(
            "unknown-code",
            format!(
                "Không có trong bảng mã ({some}).{vi} Hãy sửa giá trị hoặc thêm dòng values vào tệp ánh xạ."
            ),
            format!(
                "Not in the code list ({some}).{en} Correct the value or add it to values in the mapping."
            ),
        )
    }

    pub(crate) fn ambiguous_code(codes: &str) -> Self {
        Self::new(
            "ambiguous-code",
            format!("Có thể là nhiều mã: {codes}. Hãy ghi values trong tệp ánh xạ để chọn một mã."),
            format!("May mean several codes: {codes}. Choose one with values in the mapping."),
        )
    }

    pub(crate) fn code_not_valid_then(code: &str) -> Self {
        Self::new(
            "code-not-valid-then",
            format!("Mã \"{code}\" không có hiệu lực vào ngày của bản ghi. Hãy kiểm tra ngày hoặc mã."),
            format!("The code \"{code}\" was not valid on the record's date. Check the date or the code."),
        )
    }

    pub(crate) fn not_mapped() -> Self {
        Self::new(
            "not-in-values",
            "Giá trị không có trong values của tệp ánh xạ. Hãy thêm vào, hoặc ghi others = \"keep\".",
            "The value is not among values in the mapping. Add it, or write others = \"keep\".",
        )
    }

    pub(crate) fn unknown_unit(nearest: Option<&str>) -> Self {
        let (vi, en) = match nearest {
            Some(near) => (format!(" Có phải là \"{near}\"?"), format!(" Was \"{near}\" meant?")),
            None => (String::new(), String::new()),
        };
        Self::new(
            "unknown-unit",
            format!(
                "Không có đơn vị này trong cluster.toml.{vi} Hãy sửa giá trị, hoặc thêm tên gọi khác ([[alias]])."
            ),
            format!("No such unit in cluster.toml.{en} Correct the value, or add another name ([[alias]])."),
        )
    }

    pub(crate) fn ambiguous_unit(codes: &str) -> Self {
        Self::new(
            "ambiguous-unit",
            format!("Tên này trùng nhiều đơn vị: {codes}. Hãy ghi mã đơn vị."),
            format!("Several units have this name: {codes}. Write the unit's code."),
        )
    }

    pub(crate) fn bad_intervals() -> Self {
        Self::new(
            "bad-intervals",
            "Không đọc được các khoảng thời gian. Hãy ghi TỪ/ĐẾN; TỪ/ĐẾN, ví dụ 2020-03-05T16:00:00+07:00/2020-03-09T08:00:00+07:00.",
            "The intervals cannot be read. Write FROM/TO; FROM/TO, for example 2020-03-05T16:00:00+07:00/2020-03-09T08:00:00+07:00.",
        )
    }

    pub(crate) fn interval_reversed() -> Self {
        Self::new(
            "interval-reversed",
            "Khoảng thời gian kết thúc trước khi bắt đầu. Hãy kiểm tra hai mốc.",
            "An interval ends before it begins. Check both ends.",
        )
    }

    pub(crate) fn bad_changes() -> Self {
        Self::new(
            "bad-changes",
            "Không đọc được các lần đổi hạn. Hãy ghi LÚC ĐỔI -> HẠN MỚI (lý do); …, thời gian dạng 2020-03-05T16:00:00+07:00.",
            "The due-date changes cannot be read. Write AT -> NEW (why); …, with times such as 2020-03-05T16:00:00+07:00.",
        )
    }

    /// The record is another supplier's; `owner` is its name for a person.
    pub fn owned(owner: &Text) -> Self {
        Self::new(
            "owned-by",
            format!(
                "Bản ghi này do {} cung cấp. Đề nghị đơn vị đó sửa, hoặc chuyển quyền cung cấp (giaouoc transfer).",
                owner.vi
            ),
            format!(
                "This record is supplied by {}. Ask them to correct it, or transfer the supply (giaouoc transfer).",
                owner.en
            ),
        )
    }

    /// What the journal has of the record is of the time named, and newer.
    pub fn older_export(newer: &str) -> Self {
        Self::new(
            "older-export",
            format!(
                "Điều sổ ghi về bản ghi này (đưa vào hoặc rút đi) là của {newer}, mới hơn tệp này. Hãy xuất lại từ hệ thống nguồn."
            ),
            format!(
                "What the journal says of this record (brought or withdrawn) is of {newer}, newer than this file. Export it from the source again."
            ),
        )
    }

    pub(crate) fn same_key(rows: &str) -> Self {
        Self::new(
            "same-key",
            format!("Mã này xuất hiện nhiều lần trong tệp (dòng {rows}). Hãy giữ một dòng đúng."),
            format!("This key occurs several times in the file (rows {rows}). Keep the one that is right."),
        )
    }

    pub(crate) fn too_many_cells(found: usize, expected: usize) -> Self {
        Self::new(
            "too-many-cells",
            format!(
                "Dòng có {found} ô, tiêu đề chỉ có {expected}. Hãy đặt giá trị chứa dấu ngăn cột trong dấu ngoặc kép."
            ),
            format!(
                "The row has {found} cells, the header only {expected}. Put values that hold the separator in quotes."
            ),
        )
    }

    pub(crate) fn too_few_cells(found: usize, expected: usize) -> Self {
        Self::new(
            "too-few-cells",
            format!(
                "Dòng chỉ có {found} ô, tiêu đề có {expected}: có thể bị ngắt dòng hoặc cắt mất. Nếu nguồn bỏ các ô trống cuối dòng, hãy ghi short_rows = \"blank\" trong tệp ánh xạ."
            ),
            format!(
                "The row has only {found} cells, the header {expected}: it may be broken or cut. If the source leaves out blank cells at the end, write short_rows = \"blank\" in the mapping."
            ),
        )
    }

    pub(crate) fn bad_json(detail: &str) -> Self {
        Self::new(
            "bad-json",
            format!("Dòng không phải là một đối tượng JSON hợp lệ ({detail}). Hãy sửa dòng này."),
            format!("The line is not one valid JSON object ({detail}). Correct this line."),
        )
    }
}

#[cfg(test)]
mod tests {
    /// The page that people look reasons up on has every one of them.
    #[test]
    fn the_page_lists_every_reason() {
        let page = include_str!("../../../docs/intake.md");
        let sources = [include_str!("reason.rs"), include_str!("check/date.rs")];
        let sources = sources.map(|source| source.split("#[cfg(test)]").next().unwrap_or_default()).concat();
        let mut codes = 0;
        for part in sources.split("::new(").skip(1) {
            let Some(code) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            assert!(page.contains(&format!("`{code}`")), "{code} is not in docs/intake.md");
            codes += 1;
        }
        assert!(codes > 30);
    }
}
