//! Lines, the chain, and what a kill or a hand leaves of them.

use std::fs;

use giaouoc_agreement::text::Text;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9-]{0,12}",
        "\\PC{0,20}",
        prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
        Just("Sửa \"ngày\" \\ trễ\n\u{0}\u{7f}\u{2028}\u{1f600}".to_owned()),
    ]
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..20_u64, 0..=read::MOST]
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-60_000_000_000_000_000..200_000_000_000_000_000_i64)
        .prop_map(|at| Timestamp::from_microsecond(at).expect("in range"))
}

fn some<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(of)
}

fn hash() -> impl Strategy<Value = Hash> {
    any::<Hash>()
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4)
}

fn rows() -> impl Strategy<Value = Rows> {
    (number(), number(), texts(), hash(), some(hash())).prop_map(|(plus, minus, columns, root, back)| Rows {
        plus,
        minus,
        columns,
        root,
        back,
    })
}

fn upload() -> impl Strategy<Value = Upload> {
    let file =
        (text(), hash(), number()).prop_map(|(name, sha256, bytes)| SourceFile { name, sha256, bytes });
    let sums = (number(), number(), number(), number(), number(), number()).prop_map(
        |(read, new, changed, unchanged, rejected, skipped)| Sums {
            read,
            new,
            changed,
            unchanged,
            rejected,
            skipped,
        },
    );
    let who = (text(), hash(), some(text()));
    (who, file, some(hash()), some(moment()), some(text()), sums, rows()).prop_map(
        |((kind, kind_digest, namespace), file, map, exported_at, replace, sums, rows)| Upload {
            kind,
            kind_digest,
            namespace,
            file,
            map,
            exported_at,
            replace,
            sums,
            rows,
        },
    )
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        upload().prop_map(What::Upload),
        (text(), some(text()), rows()).prop_map(|(kind, namespace, rows)| What::Withdraw(Withdraw {
            kind,
            namespace,
            rows
        })),
        (number(), text(), some(text()), number(), rows()).prop_map(|(of, kind, namespace, left, rows)| {
            What::Undo(Undo { of, kind, namespace, left, rows })
        }),
        (text(), some(text()), some(text())).prop_map(|(kind, from, to)| What::Transfer(Transfer {
            kind,
            from,
            to
        })),
        (text(), some(hash()), texts()).prop_map(|(path, sha256, tells)| What::Text(TextChange {
            path,
            sha256,
            tells
        })),
        (text(), number()).prop_map(|(kind, count)| What::Erase(Erase { kind, count })),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    (some(text()), some(text()), text(), what()).prop_map(|(by, reason, program, what)| Draft {
        by,
        reason,
        program,
        what,
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    (draft(), number(), moment(), hash()).prop_map(|(draft, number, at, prev)| {
        let Draft { by, reason, program, what } = draft;
        let mut entry = Entry { number, at, prev, by, reason, program, what, hash: [0; 32] };
        entry.hash = write::hash(&entry);
        entry
    })
}

/// A journal with these entries, a minute apart.
pub(super) fn journal(drafts: &[Draft]) -> (TempDir, Disk, Entries) {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new(folder.path().join("journal"));
    disk.create_folders().expect("folders");
    let mut entries = Entries::read(&disk).expect("empty");
    let lock = Lock::acquire(&disk).expect("free");
    for (at, draft) in drafts.iter().enumerate() {
        let now = start() + (i64::try_from(at).expect("few")).minutes();
        entries.append(&disk, &lock, draft.clone(), now).expect("appended");
    }
    (folder, disk, entries)
}

pub(super) fn start() -> Timestamp {
    "2020-12-20T02:03:04.000005Z".parse().expect("a moment")
}

/// A line of which the hash holds, from JSON that may say anything.
pub(super) fn sealed(mut value: Value) -> Vec<u8> {
    let members = value.as_object_mut().expect("an object");
    members.remove("hash");
    let bytes = serde_json_canonicalizer::to_vec(&value).expect("JSON");
    value["hash"] = write::hex(&write::leaf([bytes.as_slice()])).into();
    serde_json_canonicalizer::to_vec(&value).expect("JSON")
}

pub(super) fn small(name: &str) -> Draft {
    let what = What::Text(TextChange { path: name.into(), sha256: None, tells: vec!["x".into()] });
    Draft { by: None, reason: Some("vì sao".into()), program: "0.1.0".into(), what }
}

proptest! {
    #[test]
    fn a_line_is_read_as_it_was_written_and_is_canonical(entry in entry()) {
        let line = write::line(&entry);
        prop_assert_eq!(&parse_line(line.as_bytes()).expect("whole"), &entry);
        let value: Value = serde_json::from_str(&line).expect("JSON");
        prop_assert_eq!(serde_json_canonicalizer::to_string(&value).expect("JSON"), line.clone());
        prop_assert!(!line.bytes().any(|byte| byte < b' '), "one line, no zero byte");
        prop_assert_eq!(sealed(value), line.as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(line in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_line(&line);
    }

    /// A line whose hash holds and whose members are not what they should be: refused, or read as it stands.
    #[test]
    fn any_member_is_read_or_refused(
        entry in entry(),
        at in any::<prop::sample::Index>(),
        with in prop_oneof![
            Just(Value::Null), Just(json!(1.5)), Just(json!(-1)), Just(json!(u64::MAX)), Just(json!([1])),
            Just(json!({"a": 1})), Just(json!("2020-01-01T00:00:00+07:00")), text().prop_map(Value::from),
        ],
        how in 0..3,
    ) {
        let mut value: Value = serde_json::from_str(&write::line(&entry)).expect("JSON");
        let members = value.as_object_mut().expect("an object");
        let key = at.get(&members.keys().cloned().collect::<Vec<_>>()).clone();
        match how {
            0 => drop(members.remove(&key)),
            1 => drop(members.insert(key, with)),
            _ => drop(members.insert(format!("{key}_"), with)),
        }
        let line = sealed(value);
        match parse_line(&line) {
            Ok(read) => {
                let again = write::line(&read);
                prop_assert_eq!(again.as_bytes(), line);
            }
            Err(LineFault::Hash { .. }) => prop_assert!(false, "sealed"),
            Err(fault) => prop_assert!(how < 2 || matches!(fault, LineFault::Newer(_)), "{fault}"),
        }
    }

    #[test]
    fn any_changed_byte_is_found(drafts in prop::collection::vec(draft(), 1..5), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let (_folder, disk, entries) = journal(&drafts);
        prop_assert_eq!(&Entries::read(&disk).expect("whole"), &entries);
        let mut bytes = fs::read(disk.path(ENTRIES)).expect("there");
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        fs::write(disk.path(ENTRIES), &bytes).expect("written");
        let last = bytes[..bytes.len() - 1].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        match Entries::read(&disk) {
            // The last line without its end, or with a zero byte, may be torn.
            Ok(read) => {
                prop_assert!(at >= last && (at == bytes.len() - 1 || bytes[at] == 0));
                prop_assert_eq!(read.head() + 1, entries.head());
            }
            Err(JournalError::Line { entry, .. }) => prop_assert!(entry + 1 >= bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn a_torn_end_is_passed_over_and_goes_with_the_next_commit(
        drafts in prop::collection::vec(draft(), 1..4), cut in any::<prop::sample::Index>(), zeros in 0..3_usize,
    ) {
        let (_folder, disk, entries) = journal(&drafts);
        let mut bytes = fs::read(disk.path(ENTRIES)).expect("there");
        let cut = cut.index(bytes.len() + 1);
        match zeros {
            0 => bytes.truncate(cut),
            // The length got to the disk before the bytes: zeros up to the line's end, or with the end there.
            1 => bytes[cut..].fill(0),
            _ => {
                let last = bytes.len() - 1;
                bytes[cut.min(last)..last].fill(0);
            }
        }
        // Only one line is torn ever: what was acknowledged before it had been synced.
        let ends: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').map(|at| at + 1).collect();
        let lines = fs::read(disk.path(ENTRIES)).expect("there").iter().filter(|&&byte| byte == b'\n').count();
        let torn = bytes.contains(&0) || !bytes.ends_with(b"\n");
        prop_assume!(zeros == 0 || cut >= ends.get(lines.saturating_sub(2)).copied().filter(|_| lines > 1).unwrap_or(0));
        fs::write(disk.path(ENTRIES), &bytes).expect("written");
        let mut read = Entries::read(&disk).expect("torn at most");
        let whole = ends.iter().filter(|&&end| !bytes[..end].contains(&0)).count() as u64;
        prop_assert_eq!(read.head(), whole);
        prop_assert_eq!(read.torn() > 0, torn && !bytes.is_empty() && bytes.len() as u64 > read.whole);
        prop_assert!(read.iter().eq(entries.iter().take(usize::try_from(whole).expect("few"))));
        let lock = Lock::acquire(&disk).expect("free");
        read.append(&disk, &lock, small("cluster.toml"), start()).expect("appended");
        prop_assert_eq!(&Entries::read(&disk).expect("whole"), &read);
        prop_assert_eq!(read.head(), whole + 1);
    }
}

#[test]
fn numbers_and_times_go_on_and_refreshing_finds_what_came() {
    let (_folder, disk, mut entries) = journal(&[small("a"), small("b")]);
    let mut other = entries.clone();
    let lock = Lock::acquire(&disk).expect("free");
    // The clock was set back, and counts below the microsecond.
    let before = start() - 1.hours() + 7.nanoseconds();
    let appended = entries.append(&disk, &lock, small("c"), before).expect("appended").clone();
    assert_eq!((appended.number, appended.at), (2, start() + 1.minute()));
    assert_eq!(appended.prev, entries.get(1).expect("there").hash);
    let stale = other.append(&disk, &lock, small("d"), start()).expect_err("moved");
    assert!(matches!(stale, JournalError::Internal { .. }), "{stale}");
    other.refresh(&disk).expect("read on");
    assert_eq!(other, entries);
    other.append(&disk, &lock, small("d"), start() + 5.minutes()).expect("appended");
    entries.refresh(&disk).expect("read on");
    assert_eq!(entries, Entries::read(&disk).expect("whole"));
    assert_eq!(entries.at_or_before(start() - 1.microsecond()), None);
    assert_eq!(entries.at_or_before(start()), Some(0));
    assert_eq!(entries.at_or_before(start() + 1.minute()), Some(2), "two entries at one time");
    assert_eq!(entries.at_or_before(start() + 1.hours()), Some(3));
    assert_eq!(entries.get(4), None);
}

#[test]
fn a_journal_longer_than_a_read_is_read_whole() {
    let long = |at: usize| Draft { reason: Some("x".repeat(900_000 + at)), ..small("a") };
    let (_folder, disk, entries) = journal(&(0..20).map(long).collect::<Vec<_>>());
    assert!(disk.length(ENTRIES).expect("there") > 2 * CHUNK);
    assert_eq!(Entries::read(&disk).expect("whole"), entries);
}

#[test]
fn what_cannot_be_read_again_is_not_written() {
    let (_folder, disk, mut entries) = journal(&[small("a")]);
    let lock = Lock::acquire(&disk).expect("free");
    let length = disk.length(ENTRIES).expect("there");
    let long = Draft { reason: Some("x".repeat(LINE_LIMIT)), ..small("b") };
    let error = entries.append(&disk, &lock, long, start()).expect_err("too long");
    assert!(matches!(error, JournalError::TooLarge { .. }), "{error}");
    let many = Draft { what: What::Erase(Erase { kind: "x".into(), count: 1 << 53 }), ..small("b") };
    let error = entries.append(&disk, &lock, many, start()).expect_err("no number of JSON");
    assert!(matches!(error, JournalError::TooLarge { .. }), "{error}");
    assert_eq!((disk.length(ENTRIES).expect("there"), entries.head()), (length, 1));
}

/// Every way a line can be wrong, as a person is told.
#[test]
fn faults_are_said_in_both_languages() {
    let (_folder, disk, entries) = journal(&[small("a"), small("b"), small("c")]);
    let lines: Vec<String> = entries.iter().map(write::line).collect();
    let changed = |how: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&lines[1]).expect("JSON");
        how(&mut value);
        String::from_utf8(sealed(value)).expect("UTF-8")
    };
    let cases = [
        ("a changed letter", lines[1].replace("vì sao", "vì gì")),
        ("no JSON", "hello".into()),
        ("a torn line in the middle", lines[1][..40].into()),
        ("zeros in the middle", lines[1].replace("sao", "\0\0\0")),
        ("a line twice", lines[0].clone()),
        ("a line left out", lines[2].clone()),
        ("another chain", changed(&|value| value["prev"] = "0".repeat(64).into())),
        ("earlier", changed(&|value| value["at"] = "2020-12-20T02:03:03.000000Z".into())),
        ("another way to write a moment", changed(&|value| value["at"] = "2020-12-20T02:03:03Z".into())),
        ("an unknown key", changed(&|value| value["mood"] = "good".into())),
        ("an unknown key inside", changed(&|value| value["tells"] = json!([{"a": 1}]))),
        ("a key of another entry", changed(&|value| value["kind"] = "dossier".into())),
        ("an unknown what", changed(&|value| value["what"] = "publish".into())),
        ("a missing key", changed(&|value| drop(value.as_object_mut().expect("object").remove("path")))),
        ("too long", format!("{{\"x\":\"{}\"}}", "x".repeat(LINE_LIMIT))),
    ];
    let mut said = String::new();
    for (name, line) in cases {
        fs::write(disk.path(ENTRIES), format!("{}\n{line}\n{}\n", lines[0], lines[2])).expect("written");
        let Text { vi, en } = Entries::read(&disk).expect_err(name).text();
        said += &format!("# {name}\n{vi}\n{en}\n\n");
    }
    fs::write(disk.path(ENTRIES), format!("{}\n", lines[0])).expect("written");
    fs::write(disk.path("rows/00000001.parquet"), "").expect("written");
    assert_eq!(Entries::read(&disk).expect("rows of the entry that is next").head(), 1);
    fs::write(disk.path("rows/00000001-00000002.dossier.parquet"), "").expect("written");
    let Text { vi, en } = Entries::read(&disk).expect_err("lost").text();
    said += &format!("# the last lines are missing\n{vi}\n{en}\n");
    insta::assert_snapshot!(said);
}
