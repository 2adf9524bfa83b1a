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
        let (vi, en) = match name {
            "limit-left-unknown" => (
                "ô không phải một thời hạn, để là chưa biết",
                "cells that are not one time limit and are left unknown",
            ),
            "set-twice" => (
                "cột được sự kiện đặt nhiều lần khác nhau (lấy lần mà ánh xạ nêu)",
                "columns set more than once by events (the mapping's choice counts)",
            ),
            "values-differ" => (
                "các dòng của một bản ghi khác nhau (lấy giá trị mới nhất)",
                "rows of one record that differ (the latest value counts)",
            ),
            "ends-before-start" => {
                ("bản ghi kết thúc trước khi bắt đầu", "records that end before they start")
            }
            "events-after-end" => {
                ("bản ghi còn sự kiện sau khi kết thúc", "records that have events after their end")
            }
            "pause-begun-twice" => (
                "tạm dừng bắt đầu khi đang tạm dừng (lấy lần bắt đầu trước)",
                "pauses that begin while one is under way (the first beginning counts)",
            ),
            "pause-ended-unbegun" => (
                "tạm dừng kết thúc mà chưa bắt đầu (bỏ qua)",
                "pauses that end without having begun (passed over)",
            ),
            other => (other, other),
        };
        let shown = self.examples.iter().map(|example| cut(example, 60)).collect::<Vec<_>>().join(", ");
        let more = if self.count > self.examples.len() as u64 { ", …" } else { "" };
        let n = self.count;
        Text::new(format!("{vi}: {n}; {shown}{more}"), format!("{en}: {n}; {shown}{more}"))
    }
}
