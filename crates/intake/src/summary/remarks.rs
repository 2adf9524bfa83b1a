//! What a person should know about how a file was read, besides the sums.

use giaouoc_agreement::text::Text;

use super::Summary;

impl Summary {
    /// One sentence each: rows that are no records, what is hidden, formulas, decoded fonts, notations of
    /// numbers. Empty for a plain file.
    pub fn remarks(&self) -> Vec<Text> {
        let mut all = Vec::new();
        let mut say = |vi: String, en: String| all.push(Text::new(vi, en));
        let list = |names: &[String]| {
            let shown: Vec<String> = names.iter().take(10).map(|name| format!("“{name}”")).collect();
            let more = if names.len() > 10 { ", …" } else { "" };
            format!("{}{more}", shown.join(", "))
        };
        if self.skipped_totals > 0 {
            let n = self.skipped_totals;
            say(format!("bỏ qua {n} dòng tổng cộng"), format!("rows of totals left out: {n}"));
        }
        if self.skipped_headers > 0 {
            let n = self.skipped_headers;
            say(
                format!("bỏ qua {n} dòng tiêu đề lặp lại hoặc đánh số cột"),
                format!("repeated headers and rows that number columns left out: {n}"),
            );
        }
        if self.skipped_below > 0 {
            let n = self.skipped_below;
            say(
                format!("bỏ qua {n} dòng dưới bảng (chữ ký, nơi nhận)"),
                format!("rows below the table (signatures and the like) left out: {n}"),
            );
        }
        let hidden = &self.hidden;
        if hidden.rows > 0 {
            let n = hidden.rows;
            let (vi, en) =
                if hidden.filter { (" (đang lọc)", " (a filter is at work)") } else { ("", "") };
            say(
                format!("{n} dòng đang ẩn trong bảng tính{vi} vẫn được đọc"),
                format!("rows hidden in the workbook{en} and read all the same: {n}"),
            );
        } else if hidden.filter {
            say(
                "trang tính đang lọc; mọi dòng đều được đọc".to_owned(),
                "a filter is at work in the sheet; all rows are read".to_owned(),
            );
        }
        if !hidden.columns.is_empty() {
            let names = list(&hidden.columns);
            say(
                format!("cột đang ẩn vẫn được đọc: {names}"),
                format!("hidden columns, read all the same: {names}"),
            );
        }
        if hidden.sheet {
            say("trang tính này đang ẩn".to_owned(), "this sheet is hidden".to_owned());
        }
        if !hidden.sheets.is_empty() {
            let names = list(&hidden.sheets);
            say(
                format!("trang tính đang ẩn, không đọc: {names}"),
                format!("hidden sheets, not read: {names}"),
            );
        }
        if hidden.formulas > 0 {
            let n = hidden.formulas;
            say(
                format!("{n} ô là công thức: lấy kết quả đã lưu trong tệp"),
                format!("cells that are formulas, their stored results taken: {n}"),
            );
        }
        if hidden.uncalculated > 0 {
            let n = hidden.uncalculated;
            say(
                format!("{n} công thức chưa được tính: mở tệp bằng Excel và lưu lại"),
                format!("formulas without a stored result: {n}; open the file in Excel and save it"),
            );
        }
        if let Some((name, 0)) = self.decoded {
            say(
                format!("không có ô nào thuộc bảng mã {name}: chữ đã là Unicode nên giữ nguyên"),
                format!("no cell is in {name}: the text is Unicode already and was left as it is"),
            );
        }
        if let Some((name, cells)) = self.decoded.filter(|(_, cells)| *cells > 0) {
            say(
                format!("{cells} ô được chuyển từ bảng mã {name}"),
                format!("cells turned from {name} into Unicode: {cells}"),
            );
        }
        if self.encoding == Some("TCVN3") {
            say(
                "tệp văn bản TCVN3 không ghi phông chữ: chữ hoa gõ bằng phông .Vn…H thành chữ thường".to_owned(),
                "a text file in TCVN3 does not name its fonts: capitals typed in a .Vn…H font become small letters"
                    .to_owned(),
            );
        }
        for (vietnamese, vi, en) in [
            (true, "1.234,5", "1.234,5 (point between thousands)"),
            (false, "1,234.5", "1,234.5 (comma between thousands)"),
        ] {
            let names: Vec<String> = self
                .numbers
                .iter()
                .filter(|(_, style)| *style == vietnamese)
                .map(|(column, _)| column.clone())
                .collect();
            if !names.is_empty() {
                let names = list(&names);
                say(
                    format!("số của cột {names} được đọc theo kiểu {vi}"),
                    format!("numbers of {names} are read as {en}"),
                );
            }
        }
        all
    }
}
