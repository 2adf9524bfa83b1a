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
    #[error("{path}: {detail}")]
    Damaged {
        /// The file, inside the journal.
        path: String,
        /// What does not hold, for the person who looks into it.
        detail: String,
    },
    /// An Arrow or Parquet operation failed on data that was right: a fault of the program.
    #[error("{detail}")]
    Internal {
        /// What failed.
        detail: String,
    },
    /// A record cannot be taken: it leaves what a file can hold.
    #[error("{detail}")]
    TooLarge {
        /// What is too large.
        detail: String,
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
    /// The message in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Io { path, error } => Text::new(
                format!("{path}: không đọc hay ghi được: {error}"),
                format!("{path}: cannot be read or written: {error}"),
            ),
            Self::Damaged { path, detail } => Text::new(
                format!("{path}: sổ thay đổi bị hỏng hoặc bị sửa bằng tay: {detail}. Hãy khôi phục bản sao lưu, hoặc chạy giaouoc fsck để xem toàn bộ"),
                format!("{path}: the journal is damaged or was changed by hand: {detail}. Restore a backup, or run giaouoc fsck to see everything"),
            ),
            Self::Internal { detail } => Text::new(
                format!("lỗi của chương trình: {detail}"),
                format!("a fault of the program: {detail}"),
            ),
            Self::TooLarge { detail } => Text::new(format!("quá lớn: {detail}"), format!("too large: {detail}")),
            Self::NoEntry { entry, head } => Text::new(
                format!("không có mục sổ {entry}; sổ có {head} mục, đánh số từ 0"),
                format!("there is no entry {entry}; the journal has {head}, numbered from 0"),
            ),
            Self::Refused(text) => text.clone(),
        }
    }
}
