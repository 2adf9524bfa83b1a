//! What names say, and which files hold the rows of which entry.

use jiff::Timestamp;

use super::*;
use crate::entries::{Draft, Rows, What, Withdraw};
use crate::lock::Lock;

#[test]
fn names_say_their_entries() {
    assert_eq!(span("00000003-00000009.dossier.parquet", ".parquet"), Some((3, 9, "dossier".to_owned())));
    assert_eq!(span("00000009.dossier.idx", ".idx"), Some((9, 9, "dossier".to_owned())));
    assert_eq!(span("00000007.parquet", ".parquet"), None);
    assert_eq!(span("00000007.back.parquet", ".back.parquet"), None);
    assert_eq!(span("00000003-00000009.dossier.back.parquet", ".parquet"), None);
    assert_eq!(
        span("00000003-00000009.dossier.back.parquet", ".back.parquet").map(|it| it.2),
        Some("dossier".to_owned())
    );
}

#[test]
fn of_overlapping_spans_the_widest_is_read() {
    assert_eq!(widest(vec![(0, 3), (0, 9), (4, 9), (12, 14), (12, 12)]), [(0, 9), (12, 14)]);
    assert_eq!(widest(vec![(0, 3), (3, 9), (4, 5)]), [(0, 3), (4, 5)], "an entry is read in one file");
}

/// Entries that brought and took back so many rows of plans.
fn entries(rows: &[(u64, u64)]) -> (tempfile::TempDir, Disk, Entries) {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new(folder.path().join("journal"));
    disk.create_folders().expect("made");
    let lock = Lock::acquire(&disk).expect("free");
    let mut entries = Entries::read(&disk).expect("none");
    for (plus, minus) in rows {
        let rows = Rows {
            plus: *plus,
            minus: *minus,
            columns: Vec::new(),
            root: [0; 32],
            back: (*minus > 0).then_some([0; 32]),
        };
        let what = What::Withdraw(Withdraw { kind: "plan".into(), namespace: None, rows });
        let draft = Draft { by: None, reason: None, program: "0".into(), what };
        entries.append(&disk, &lock, draft, Timestamp::UNIX_EPOCH).expect("appended");
    }
    (folder, disk, entries)
}

/// A merge that was killed between its two files is none, unless what is missing would have no rows.
#[test]
fn a_span_counts_when_all_that_its_entries_did_is_there() {
    let (_folder, _, entries) = entries(&[(2, 0), (1, 1), (0, 3), (0, 1)]);
    let spans = |names: &[&str], head: u64| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        whole_spans(&names, &entries, "plan", head)
    };
    let (brought, back) = ("00000000-00000001.plan.parquet", "00000000-00000001.plan.back.parquet");
    assert_eq!(spans(&[brought, back], 4), [(0, 1)]);
    assert_eq!(spans(&[brought], 4), [], "what was taken back is missing");
    assert_eq!(spans(&[back], 4), [], "what was brought is missing");
    assert_eq!(spans(&[brought], 1), [(0, 1)], "before entry 1 nothing was taken back");
    assert_eq!(spans(&[brought], 2), [], "before entry 2 something was");
    assert_eq!(spans(&["00000002-00000003.plan.back.parquet"], 4), [(2, 3)], "nothing was brought");
    assert_eq!(spans(&["00000002-00000003.plan.parquet"], 4), []);
    assert_eq!(spans(&["00000002-00000003.dossier.back.parquet"], 4), [], "of another kind");
}

#[test]
fn an_upload_that_changed_nothing_is_in_no_piece() {
    let (_folder, disk, entries) = entries(&[(2, 0), (0, 0), (0, 1)]);
    let layout = Layout::of(&disk, &entries, "plan", 3).expect("listed");
    assert_eq!(layout.pieces.iter().map(Piece::first).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(rows_of(entries.get(1).expect("there"), "plan"), None);
}
