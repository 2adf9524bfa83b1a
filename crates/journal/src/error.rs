//! What can go wrong in a journal, in both languages.

use giaouoc_agreement::text::Text;

/// Why something about a journal could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The system refused to read or write.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file does not hold what it must: it was changed by hand, or the disk failed.
    #[error("{path}: {}", .detail.en)]
    Damaged {
        /// The file, inside the journal.
        path: String,
        /// What does not hold, for the person who looks into it.
        detail: Text,
    },
    /// A file that is derived from the rows does not hold what it must: nothing is lost, and it can be made again.
    #[error("{path}: {}", .detail.en)]
    Derived {
        /// The file.
        path: String,
        /// What does not hold, for the person who looks into it.
        detail: Text,
    },
    /// A line of `entries.ndjson` does not hold.
    #[error("entries.ndjson, line {}: {}", .entry + 1, .fault.text().en)]
    Line {
        /// The entry that should stand there; lines count from 1, entries from 0.
        entry: u64,
        /// What does not hold.
        fault: LineFault,
    },
    /// Entries are missing at the end: rows are there that no entry speaks of.
    #[error("{file}: the journal has only {head} entries")]
    Lost {
        /// The file of rows, inside the journal.
        file: String,
        /// How many entries there are.
        head: u64,
    },
    /// An Arrow or Parquet operation failed on data that was right: a fault of the program.
    #[error("{detail}")]
    Internal {
        /// What failed.
        detail: String,
    },
    /// A record cannot be taken: it leaves what a file can hold.
    #[error("{}", .detail.en)]
    TooLarge {
        /// What is too large.
        detail: Text,
    },
    /// There is no such entry.
    #[error("no entry {entry}, the journal has {head}")]
    NoEntry {
        /// The number asked for.
        entry: u64,
        /// How many entries there are.
        head: u64,
    },
    /// What was asked for does not go with the entry or the records.
    #[error("{}", .0.en)]
    Refused(Text),
}

impl JournalError {
    /// A file that does not hold what it must, and what does not hold.
    pub(crate) fn damaged(path: impl Into<String>, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Damaged { path: path.into(), detail: Text::new(vi, en) }
    }

    /// The same of a file that is derived from the rows.
    pub(crate) fn derived(path: impl Into<String>, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Derived { path: path.into(), detail: Text::new(vi, en) }
    }

    /// A file that the Parquet library cannot read, with its words.
    pub(crate) fn not_parquet(path: impl Into<String>, error: impl std::fmt::Display) -> Self {
        let said = error.to_string();
        // "Parquet error: " stands before most of them.
        let said = said.strip_prefix("Parquet error: ").unwrap_or(&said);
        Self::damaged(
            path,
            format!("không đọc được như một tệp Parquet; thư viện đọc tệp báo: “{said}”"),
            format!("it cannot be read as a Parquet file; the library that reads it says: “{said}”"),
        )
    }

    /// The message in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Io { path, error } => {
                let Text { vi, en } = system(error);
                Text::new(
                    format!("{path}: không đọc hay ghi được: {vi}"),
                    format!("{path}: cannot be read or written: {en}"),
                )
            }
            Self::Damaged { path, detail: Text { vi, en } } => Text::new(
                format!(
                    "{path}: sổ thay đổi bị hỏng hoặc bị sửa bằng tay: {vi}. Hãy khôi phục bản sao lưu, hoặc chạy giaouoc fsck để xem toàn bộ"
                ),
                format!(
                    "{path}: the journal is damaged or was changed by hand: {en}. Restore a backup, or run giaouoc fsck to see everything"
                ),
            ),
            Self::Derived { path, detail: Text { vi, en } } => Text::new(
                format!(
                    "{path}: tệp dẫn xuất bị hỏng: {vi}. Không mất dữ liệu nào: hãy xoá tệp này, chương trình sẽ tạo lại"
                ),
                format!(
                    "{path}: a derived file is damaged: {en}. Nothing is lost: delete this file, and it is made again"
                ),
            ),
            Self::Line { entry, fault } => {
                let Text { vi, en } = fault.text();
                let line = entry + 1;
                Text::new(
                    format!("entries.ndjson, dòng {line} (mục sổ {entry}): {vi}"),
                    format!("entries.ndjson, line {line} (entry {entry}): {en}"),
                )
            }
            Self::Lost { file, head } => Text::new(
                format!(
                    "entries.ndjson: thiếu các dòng cuối: sổ chỉ có {head} mục, nhưng có tệp {file}. Hãy khôi phục bản sao lưu"
                ),
                format!(
                    "entries.ndjson: lines are missing at the end: the journal has only {head} entries, and there is a file {file}. Restore a backup"
                ),
            ),
            Self::Internal { detail } => Text::new(
                format!("lỗi của chương trình, xin báo cho người làm chương trình: “{detail}”"),
                format!("a fault of the program, please report it: “{detail}”"),
            ),
            Self::TooLarge { detail: Text { vi, en } } => {
                Text::new(format!("quá lớn: {vi}"), format!("too large: {en}"))
            }
            Self::NoEntry { entry, head } => Text::new(
                format!("không có mục sổ {entry}; sổ có {head} mục, đánh số từ 0"),
                format!("there is no entry {entry}; the journal has {head}, numbered from 0"),
            ),
            Self::Refused(text) => text.clone(),
        }
    }
}

/// What the system said, in both languages where it is something that people meet.
pub(crate) fn system(error: &std::io::Error) -> Text {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => Text::new("không có tệp hay thư mục này", "there is no such file or folder"),
        ErrorKind::PermissionDenied => Text::new("không có quyền", "permission denied"),
        ErrorKind::StorageFull => Text::new("đĩa đã đầy", "the disk is full"),
        ErrorKind::QuotaExceeded => Text::new("đã hết hạn mức đĩa", "the disk quota is used up"),
        ErrorKind::ReadOnlyFilesystem => Text::new("ổ đĩa chỉ cho đọc", "the disk is read-only"),
        ErrorKind::UnexpectedEof => Text::new("tệp kết thúc giữa chừng", "the file ends half-way"),
        _ => Text::new(format!("hệ thống báo: “{error}”"), format!("the system says: “{error}”")),
    }
}

/// Why a line of `entries.ndjson` does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text().en)]
#[non_exhaustive]
pub enum LineFault {
    /// Something in the line was changed: its hash is another.
    Hash {
        /// The hash that the line says it has.
        said: String,
        /// The hash that it has.
        real: String,
    },
    /// It is no entry.
    Form(Text),
    /// It is longer than any entry.
    TooLong,
    /// It has the number of another entry.
    Number {
        /// The number.
        found: u64,
    },
    /// The hash it holds of the entry before is not the hash of the entry before.
    Chain,
    /// Its time is before that of the entry before.
    Time,
    /// It holds, and says something that this program does not know.
    Newer(String),
}

impl LineFault {
    /// The message in both languages.
    pub fn text(&self) -> Text {
        let restore = |vi: &str, en: &str| {
            Text::new(
                format!("{vi}. Sổ bị hỏng hoặc bị sửa bằng tay: hãy khôi phục bản sao lưu"),
                format!("{en}. The journal is damaged or was changed by hand: restore a backup"),
            )
        };
        match self {
            Self::Hash { said, real } => restore(
                &format!("nội dung không khớp mã băm của dòng: ghi {said}, tính được {real}"),
                &format!("the content does not have the line's hash: it says {said}, computed {real}"),
            ),
            Self::Form(Text { vi, en }) => {
                restore(&format!("không phải một mục sổ: {vi}"), &format!("not an entry: {en}"))
            }
            Self::TooLong => restore("dòng dài quá 1 MB", "the line is longer than 1 MB"),
            Self::Number { found } => {
                restore(&format!("ở đây là mục số {found}"), &format!("entry {found} stands here"))
            }
            Self::Chain => restore(
                "không nối tiếp dòng trước: mã băm của dòng trước (prev) khác",
                "does not follow the line before: the hash of the line before (prev) is another",
            ),
            Self::Time => {
                restore("thời điểm sớm hơn mục trước", "its time is before that of the entry before")
            }
            Self::Newer(detail) => Text::new(
                format!(
                    "phiên bản mới hơn của chương trình đã ghi dòng này ({detail}). Hãy cập nhật chương trình"
                ),
                format!("a newer version of the program wrote this line ({detail}). Update the program"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    /// What people meet is said in both languages; of the rest they hear what the system says.
    #[test]
    fn what_the_system_refused_is_said_in_both_languages() {
        let said = |kind: ErrorKind| {
            let error = std::io::Error::new(kind, "words of the system");
            let Text { vi, en } = JournalError::Io { path: "rows/x".into(), error }.text();
            let (vi, en) = (
                vi.strip_prefix("rows/x: không đọc hay ghi được: ").map(str::to_owned),
                en.strip_prefix("rows/x: cannot be read or written: ").map(str::to_owned),
            );
            [vi.unwrap(), en.unwrap()]
        };
        let known = [
            (ErrorKind::NotFound, ["không có tệp hay thư mục này", "there is no such file or folder"]),
            (ErrorKind::PermissionDenied, ["không có quyền", "permission denied"]),
            (ErrorKind::StorageFull, ["đĩa đã đầy", "the disk is full"]),
            (ErrorKind::QuotaExceeded, ["đã hết hạn mức đĩa", "the disk quota is used up"]),
            (ErrorKind::ReadOnlyFilesystem, ["ổ đĩa chỉ cho đọc", "the disk is read-only"]),
            (ErrorKind::UnexpectedEof, ["tệp kết thúc giữa chừng", "the file ends half-way"]),
            (
                ErrorKind::TimedOut,
                ["hệ thống báo: “words of the system”", "the system says: “words of the system”"],
            ),
        ];
        for (kind, texts) in known {
            assert_eq!(said(kind), texts);
        }
    }
}
