//! Ctrl-C: nothing half-done is left, and the exit code says so.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::{copy_of, root};

fn started(args: &[&std::ffi::OsStr]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_giaouoc"))
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Interrupts a program as a terminal does, once something has begun to be written.
fn interrupt_when(mut child: Child, begun: impl Fn() -> bool) -> (Option<i32>, String) {
    while !begun() {
        assert!(child.try_wait().unwrap().is_none(), "the program ended before it wrote anything");
        std::thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn entries(folder: &Path) -> Vec<String> {
    let Ok(list) = std::fs::read_dir(folder) else { return Vec::new() };
    list.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[cfg(unix)]
#[test]
fn an_interrupted_load_leaves_nothing_behind() {
    let dir = copy_of(&root().join("examples/ha-noi-cum-vi-2020"));
    let records = dir.path().join("records");
    // The files placed by hand are entries already; what is interrupted is one load.
    assert!(crate::program::giaouoc(["record".as_ref(), dir.path().as_os_str()]).code < 2);
    let before = entries(&records);
    // Far more rows than are read in the moment between the first byte written and the signal.
    let mut csv = String::from("code,unit,received_at\n");
    for row in 0..600_000 {
        writeln!(csv, "NEW-{row},H26.VD1,2020-03-05T08:00:00+07:00").unwrap();
    }
    let file = dir.path().with_extension("csv");
    std::fs::write(&file, csv).unwrap();
    let child = started(&["load".as_ref(), dir.path().as_os_str(), "dossier".as_ref(), file.as_os_str()]);
    let (code, out) = interrupt_when(child, || entries(&records).len() > before.len());
    assert_eq!(code, Some(130));
    assert_eq!(out, "");
    assert_eq!(entries(&records).len(), before.len(), "{:?}", entries(&records));
    std::fs::remove_file(file).unwrap();
}

#[cfg(unix)]
#[test]
fn an_interrupted_example_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("mau");
    let child = started(&["example".as_ref(), out.as_os_str(), "--dossiers=20000000".as_ref()]);
    let (code, _) = interrupt_when(child, || out.join("records/dossier.parquet").exists());
    assert_eq!(code, Some(130));
    assert_eq!(entries(dir.path()), Vec::<String>::new());
}
