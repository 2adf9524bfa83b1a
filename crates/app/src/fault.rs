//! What can go wrong in the program, and the exit code it ends with.

use std::path::Path;

use giaouoc_agreement::problem::Problem;
use giaouoc_agreement::text::Text;

/// A failed command. Exit codes: 1 the answer is "no", 2 the input is wrong, 3 the system failed.
#[derive(Debug)]
pub enum Fault {
    /// The answer is "no": a check failed, a target is not met under `--strict`. Already printed.
    No,
    /// The input is wrong, and one sentence says it.
    Input(Text),
    /// The bundle is wrong: everything that was found, with the texts of the files it was found in.
    Bundle {
        /// All problems.
        problems: Vec<Problem>,
        /// Texts by path, to show the lines.
        texts: std::collections::BTreeMap<String, String>,
    },
    /// The system failed: a file cannot be read, a disk is full.
    System(Text),
}

impl Fault {
    /// An input fault from both languages.
    pub fn input(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Input(Text::new(vi, en))
    }

    /// A file that cannot be read or written.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        let shown = path.display();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::input(
                format!("không tìm thấy {shown}; hãy kiểm tra lại đường dẫn"),
                format!("{shown} was not found; check the path"),
            ),
            // What people meet is said in both languages there.
            kind => {
                let error = std::io::Error::new(kind, error.to_string());
                Self::System(giaouoc_journal::JournalError::Io { path: shown.to_string(), error }.text())
            }
        }
    }

    /// The program's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::No => 1,
            Self::Input(_) | Self::Bundle { .. } => 2,
            Self::System(_) => 3,
        }
    }
}

/// What commands return.
pub type Outcome<T = ()> = Result<T, Fault>;
