//! The words of what is said aloud about a file without a row being rejected.

use giaouoc_agreement::text::Text;

use super::{Note, Summary};
use crate::fold::cut;

impl Summary {
    /// Everything that is said aloud, one sentence each.
    pub fn said(&self) -> Vec<Text> {
        self.notes.iter().map(|(name, note)| note.text(name)).collect()
    }
}

impl Note {
    /// The sentence of a note by its stable name.
    fn text(&self, name: &str) -> Text {
        let n = self.count;
        let (vi, en) = match name {
            "limit-left-unknown" => (
                format!("{n} ô không phải một thời hạn nên để là chưa biết"),
                format!("{n} cells are not one time limit and are left unknown"),
            ),
            "set-twice" => (
                format!("{n} lần một cột được sự kiện đặt nhiều lần khác nhau; lấy lần mà ánh xạ nêu"),
                format!("{n} times a column was set more than once by events; the mapping's choice counts"),
            ),
            "values-differ" => (
                format!("{n} lần các dòng của một bản ghi khác nhau; lấy giá trị mới nhất"),
                format!("{n} times the rows of one record differ; the latest value counts"),
            ),
            "ends-before-start" => (
                format!("{n} bản ghi kết thúc trước khi bắt đầu"),
                format!("{n} records end before they start"),
            ),
            "events-after-end" => (
                format!("{n} bản ghi còn sự kiện sau khi kết thúc"),
                format!("{n} records have events after their end"),
            ),
            "pause-begun-twice" => (
                format!("{n} lần tạm dừng bắt đầu khi đang tạm dừng; lấy lần bắt đầu trước"),
                format!("{n} pauses begin while one is under way; the first beginning counts"),
            ),
            "pause-ended-unbegun" => (
                format!("{n} lần tạm dừng kết thúc mà chưa bắt đầu; bỏ qua"),
                format!("{n} pauses end without having begun; passed over"),
            ),
            other => (format!("{other}: {n}"), format!("{other}: {n}")),
        };
        let shown = self.examples.iter().map(|example| cut(example, 60)).collect::<Vec<_>>().join(", ");
        let more = if n > self.examples.len() as u64 && name != "limit-left-unknown" { ", …" } else { "" };
        Text::new(format!("{vi}: {shown}{more}"), format!("{en}: {shown}{more}"))
    }
}
