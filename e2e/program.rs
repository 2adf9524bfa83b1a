//! Starting the built program and reading what it said.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of the program left behind.
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Runs `giaouoc` in English, without colour, 100 columns wide, from the repository's root.
pub fn giaouoc<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_giaouoc"))
        .args(args)
        .current_dir(root())
        .env_clear()
        .env("LANG", "en_US.UTF-8")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The folder of real data beside the checkout, or nothing, said loudly.
pub fn shared(name: &str) -> Option<PathBuf> {
    let base = std::env::var_os("GIAOUOC_SHARED_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let path = base.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: real data {name} is not beside this checkout ({})", path.display());
    None
}
