//! The list of planted tricks: what a look for odd data ought to find, and nothing else tells.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::Context as _;
use giaouoc_agreement::text::Text;

use super::local;

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// Its due date was moved.
    ReDated,
    /// It was returned when about to be late, and is this new record.
    ReFiled,
    /// Its finish was entered just before it was due.
    Bunched,
    /// A pause was opened just before it was due, and reaches to its finish.
    LatePause,
    /// Its finish was entered for an evening or a day off by its due date.
    OutOfHours,
    /// It was given more than twice its procedure's time limit.
    LongLimit,
    /// Its finish was entered for the last working day of the month before.
    MonthEnd,
    /// It was returned although it could have been settled.
    Returned,
    /// It was left out of the exports until months later.
    HeldBack,
    /// A later export has it finished in time, or withdrawn.
    Corrected,
    /// It is withdrawn between the exports.
    Withdrawn,
    /// It was withdrawn, and is this new record, in time.
    ReKeyed,
    /// A later export gives another due date.
    DueChanged,
    /// A later export gives another first due date.
    FirstDueChanged,
}

impl Trick {
    /// All of them; the first three are what the generator plants when nothing is asked for.
    pub const ALL: [Self; 14] = [
        Self::ReDated,
        Self::ReFiled,
        Self::Bunched,
        Self::LatePause,
        Self::OutOfHours,
        Self::LongLimit,
        Self::MonthEnd,
        Self::Returned,
        Self::HeldBack,
        Self::Corrected,
        Self::Withdrawn,
        Self::ReKeyed,
        Self::DueChanged,
        Self::FirstDueChanged,
    ];

    /// Its name in the list.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ReDated => "re-dated",
            Self::ReFiled => "re-filed",
            Self::Bunched => "bunched",
            Self::LatePause => "late-pause",
            Self::OutOfHours => "out-of-hours",
            Self::LongLimit => "long-limit",
            Self::MonthEnd => "month-end",
            Self::Returned => "returned",
            Self::HeldBack => "held-back",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
            Self::ReKeyed => "re-keyed",
            Self::DueChanged => "due-changed",
            Self::FirstDueChanged => "first-due-changed",
        }
    }

    /// What was done to the record, in words after a number.
    pub(super) fn words(self) -> Text {
        match self {
            Self::ReDated => Text::new("bị đổi hạn", "re-dated"),
            Self::ReFiled => Text::new("trả rồi nhận lại", "returned and filed again"),
            Self::Bunched => Text::new("ghi xong sát hạn", "finished just before due"),
            Self::LatePause => Text::new("tạm dừng sát hạn", "paused just before due"),
            Self::OutOfHours => Text::new("ghi xong ngoài giờ", "finished outside hours"),
            Self::LongLimit => Text::new("có thời hạn quá dài", "with too long a limit"),
            Self::MonthEnd => {
                Text::new("ghi xong lùi về cuối tháng", "finished at the end of the month before")
            }
            Self::Returned => Text::new("bị trả lại", "returned"),
            Self::HeldBack => Text::new("xuất muộn nhiều tuần", "left out of the exports for weeks"),
            Self::Corrected => Text::new(
                "sửa thành đúng hạn hoặc người nộp rút",
                "corrected to in time or to withdrawn by the applicant",
            ),
            Self::Withdrawn => Text::new("rút khỏi dữ liệu", "withdrawn from the data"),
            Self::ReKeyed => Text::new("rút rồi nhập lại mã khác", "withdrawn and entered under another key"),
            Self::DueChanged => {
                Text::new("đổi hạn ở bản xuất sau", "with another due date in a later export")
            }
            Self::FirstDueChanged => {
                Text::new("đổi hạn đầu tiên ở bản xuất sau", "with another first due date in a later export")
            }
        }
    }
}

/// How often each trick was planted, in the order of [`Trick::ALL`].
pub type Counts = [u64; Trick::ALL.len()];

/// Writes the list as CSV while the records are written.
#[derive(Debug)]
pub(super) struct Planted {
    csv: csv::Writer<BufWriter<File>>,
    /// Lines written, by trick.
    counts: Counts,
    /// The export at hand; nothing where there is but one file of records.
    export: Option<String>,
}

impl Planted {
    /// An empty list; with an export's name the list has a column that says which export shows the trick.
    pub(super) fn create(path: &Path, export: Option<String>) -> anyhow::Result<Self> {
        let file = File::create(path)
            .with_context(|| format!("không ghi được / cannot write {}", path.display()))?;
        let mut csv = csv::Writer::from_writer(BufWriter::new(file));
        let head = ["code", "trick", "earlier_code", "true_value", "export"];
        csv.write_record(head.iter().take(4 + usize::from(export.is_some())))?;
        Ok(Self { csv, counts: Counts::default(), export })
    }

    /// What is written from here on is seen in another export.
    pub(super) fn next_export(&mut self, export: String) {
        self.export = Some(export);
    }

    /// The export at hand.
    pub(super) fn export(&self) -> Option<&str> {
        self.export.as_deref()
    }

    /// One line. `true_value` is what would have stood there: the due date of the clock, or the finish.
    pub(super) fn write(
        &mut self,
        trick: Trick,
        code: &str,
        earlier: &str,
        true_value: i64,
    ) -> anyhow::Result<()> {
        let export = self.export.clone();
        self.line(trick, code, earlier, &local(true_value), export.as_deref())
    }

    /// One line about what a named export shows.
    pub(super) fn line(
        &mut self,
        trick: Trick,
        code: &str,
        earlier: &str,
        true_value: &str,
        export: Option<&str>,
    ) -> anyhow::Result<()> {
        if let Some(count) = self.counts.get_mut(trick as usize) {
            *count += 1;
        }
        let cells = [code, trick.name(), earlier, true_value];
        self.csv.write_record(cells.into_iter().chain(export))?;
        Ok(())
    }

    /// Ends the list.
    pub(super) fn finish(mut self) -> anyhow::Result<Counts> {
        self.csv.flush()?;
        Ok(self.counts)
    }
}
