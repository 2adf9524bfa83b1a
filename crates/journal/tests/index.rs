//! The key index against a map, and files that are not whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use giaouoc_journal::{Index, JournalError, KeyId, RunFile, RunWriter, Slot, merge_runs, write_run};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

type Model = BTreeMap<KeyId, Slot>;

fn key(number: u64) -> KeyId {
    KeyId::of(&format!("000.00.01.H26-{number}"))
}

fn slot(row: u32) -> Slot {
    Slot { entry: 0xdead, row, digest: u64::from(row).to_le_bytes() }
}

/// Writes the file of one entry and tells the model.
fn file(folder: &Path, entry: u32, keys: &[(u64, u32)], model: &mut Model) -> RunFile {
    let mut writer = RunWriter::new();
    for (number, row) in keys {
        writer.add(key(*number), slot(*row));
        model.insert(key(*number), Slot { entry, ..slot(*row) });
    }
    let path = folder.join(format!("{entry:08}.idx"));
    writer.write(fs::File::create(&path).unwrap()).unwrap();
    assert!(writer.is_empty());
    (path, Some(entry))
}

fn agree(index: &Index, model: &Model, asked: &[KeyId]) {
    let mut all = Vec::new();
    index.for_each(&mut |key, slot| all.push((key, slot))).unwrap();
    assert_eq!(all, model.iter().map(|(key, slot)| (*key, *slot)).collect::<Vec<_>>());
    let expected: Vec<Option<Slot>> = asked.iter().map(|key| model.get(key).copied()).collect();
    assert_eq!(index.resolve(asked).unwrap(), expected);
    for asked in asked.chunks(7) {
        let known = asked.iter().any(|key| model.contains_key(key));
        assert_eq!(index.touches(asked).unwrap(), known);
    }
}

fn entries() -> impl Strategy<Value = Vec<Vec<(u64, u32)>>> {
    let row = prop_oneof![4 => 0_u32..1000, 1 => Just(Slot::WITHDRAWN)];
    prop::collection::vec(prop::collection::vec((0_u64..600, row), 0..400), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn several_files_are_as_one_map(entries in entries(), asked in prop::collection::vec(0_u64..700, 0..80), cut in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut model = Model::new();
        let files: Vec<RunFile> =
            (0..).zip(&entries).map(|(entry, keys)| file(folder.path(), entry, keys, &mut model)).collect();
        let asked: Vec<KeyId> = asked.into_iter().map(key).collect();
        agree(&Index::open(files.clone()).unwrap(), &model, &asked);

        // Any neighbours merged, everything is as it was.
        let (a, b) = (cut.0.index(files.len() + 1), cut.1.index(files.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        let merged = folder.path().join("merged.idx");
        let count = merge_runs(&files[a..b], fs::File::create(&merged).unwrap()).unwrap();
        let neighbours = Index::open(files[a..b].to_vec()).unwrap();
        let mut states = 0;
        neighbours.for_each(&mut |_, _| states += 1).unwrap();
        prop_assert_eq!(count, states);
        let mut files = files;
        files.splice(a..b, [(merged, None)]);
        agree(&Index::open(files).unwrap(), &model, &asked);
    }

    #[test]
    fn no_byte_can_change_unnoticed(count in prop_oneof![Just(0_u64), 1..300_u64], flip in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let folder = tempfile::tempdir().unwrap();
        let keys: Vec<(u64, u32)> = (0..count).map(|number| (number, number as u32)).collect();
        let (path, entry) = file(folder.path(), 3, &keys, &mut Model::new());
        let mut bytes = fs::read(&path).unwrap();
        let at = flip.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        let all: Vec<KeyId> = keys.iter().map(|(number, _)| key(*number)).collect();
        let found = Index::open(vec![(path.clone(), entry)]).and_then(|index| {
            let resolved = index.resolve(&all);
            let told = index.for_each(&mut |_, _| {});
            assert_eq!(resolved.is_err(), told.is_err());
            told
        });
        let refused = matches!(found, Err(JournalError::Derived { .. }));
        prop_assert!(refused, "byte {}", at);
        let merged = merge_runs(&[(path, entry)], Vec::new());
        let refused = matches!(merged, Err(JournalError::Derived { .. }));
        prop_assert!(refused, "byte {}", at);
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), begins in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.idx");
        let start: &[u8] = if begins { b"giaouoc index\0\0\x01" } else { b"" };
        fs::write(&path, [start, &bytes].concat()).unwrap();
        let refused = matches!(Index::open(vec![(path, None)]), Err(JournalError::Derived { .. }));
        prop_assert!(refused);
    }
}

#[test]
fn files_that_are_not_whole_are_refused_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let keys: Vec<(u64, u32)> = (0..300).map(|number| (number, 1)).collect();
    let (path, entry) = file(folder.path(), 3, &keys, &mut Model::new());
    let whole = fs::read(&path).unwrap();
    let footer = whole.len() - 40;
    let say = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        match Index::open(vec![(path.clone(), entry)]) {
            Err(JournalError::Derived { detail, .. }) => detail.en,
            other => panic!("{:?}", other.map(|_| ())),
        }
    };
    let mut version = whole.clone();
    version[15] = 2;
    let with_count = |count: u64| {
        let mut bytes = whole.clone();
        bytes[footer..footer + 8].copy_from_slice(&count.to_le_bytes());
        bytes
    };
    let said = [
        say(&[]),
        say(&whole[..40]),
        say(&whole[..whole.len() - 1]),
        say(&whole[..footer]),
        say(&[&whole[..], b"x"].concat()),
        say(&version),
        say(&with_count(299)),
        say(&with_count(u64::MAX)),
        say(&with_count(1 << 59)),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let missing = Index::open(vec![(folder.path().join("none"), None)]);
    assert!(matches!(missing, Err(JournalError::Io { .. })));
}

/// A file whose checksums all agree, and whose keys are not in order.
#[test]
fn fences_that_are_not_in_order_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    let records: Vec<(KeyId, Slot)> = (1..=200_u8).map(|at| (KeyId([at; 16]), slot(u32::from(at)))).collect();
    let mut whole = Vec::new();
    write_run(&records, &mut whole).unwrap();
    // 200 records of 32 bytes, in blocks of 128; a fence of 24 bytes for each block.
    let fences = 16 + 200 * 32;
    let opened = |first: &[u8; 16]| {
        let mut bytes = whole.clone();
        bytes[fences + 24..fences + 40].copy_from_slice(first);
        let end = bytes.len() - 32;
        let sum = Sha256::digest(&bytes[fences..end]);
        bytes[end..].copy_from_slice(&sum);
        fs::write(&path, bytes).unwrap();
        Index::open(vec![(path.clone(), None)]).map(|index| index.records())
    };
    assert_eq!(opened(&[129; 16]).unwrap(), 200);
    for wrong in [1, 0] {
        match opened(&[wrong; 16]) {
            Err(JournalError::Derived { detail, .. }) => {
                assert_eq!(detail.en, "the index file is not sorted")
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Counts how often something is written to it.
struct Counting(usize);

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Blocks go out 64 at once: a system call for each would cost more than what it writes.
#[test]
fn blocks_are_written_many_at_once() {
    let mut records: Vec<(KeyId, Slot)> = (0..65 * 128).map(|at| (key(at), slot(1))).collect();
    records.sort_unstable_by_key(|(key, _)| *key);
    for (blocks, writes) in [(64, 1), (65, 2)] {
        let mut out = Counting(0);
        write_run(&records[..blocks * 128], &mut out).unwrap();
        // How a file begins, the blocks, the fences, their checksum.
        assert_eq!(out.0, 1 + writes + 2, "{blocks}");
    }
}

#[test]
fn a_withdrawn_key_is_not_live() {
    assert!(slot(0).is_live() && slot(Slot::WITHDRAWN - 1).is_live());
    assert!(!slot(Slot::WITHDRAWN).is_live());
}

#[test]
fn the_file_of_an_entry_is_of_that_entry_and_a_merged_one_says_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    let own = Slot { entry: 9, ..slot(5) };
    write_run(&[(key(1), own)], fs::File::create(&path).unwrap()).unwrap();
    for (said, entry) in [(None, 9), (Some(3), 3)] {
        let files = vec![(path.clone(), said)];
        let expected = Slot { entry, ..own };
        let index = Index::open(files.clone()).unwrap();
        assert_eq!(index.resolve(&[key(1), key(2)]).unwrap(), [Some(expected), None]);
        let mut merged = Vec::new();
        merge_runs(&files, &mut merged).unwrap();
        let mut again = Vec::new();
        write_run(&[(key(1), expected)], &mut again).unwrap();
        assert_eq!(merged, again);
    }
}

#[test]
fn records_out_of_order_are_not_written() {
    let mut keys = [key(1), key(2)];
    keys.sort_unstable();
    for wrong in [[keys[1], keys[0]], [keys[0], keys[0]]] {
        let error = write_run(&wrong.map(|key| (key, slot(1))), Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}

/// More keys than one thread sorts, in several parts, a tenth of them again in a later part; asked for few and
/// for all.
#[test]
fn an_entry_in_parts_is_as_one_map() {
    const KEYS: u64 = 200_000;
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model::new();
    let mut whole = RunWriter::new();
    let mut parts = Vec::new();
    for part in 0..3_u64 {
        let mut writer = RunWriter::new();
        for number in part * KEYS * 9 / 10..part * KEYS * 9 / 10 + KEYS {
            let slot = slot((number * 3 + part) as u32);
            writer.add(key(number), slot);
            whole.add(key(number), slot);
            model.insert(key(number), Slot { entry: 7, ..slot });
        }
        assert_eq!(writer.len(), KEYS as usize);
        let path = folder.path().join(format!("part-{part}"));
        assert_eq!(writer.write(fs::File::create(&path).unwrap()).unwrap(), KEYS);
        parts.push((path, None));
    }
    // Parts are merged before their entry has a number, and the number is the file name's.
    let mut merged = Vec::new();
    assert_eq!(merge_runs(&parts, &mut merged).unwrap(), model.len() as u64);
    let mut at_once = Vec::new();
    write_run(&whole.into_sorted(), &mut at_once).unwrap();
    assert!(merged == at_once, "the parts are the whole");
    let path = folder.path().join("00000007.idx");
    fs::write(&path, merged).unwrap();
    let index = Index::open(vec![(path, Some(7))]).unwrap();
    assert_eq!(index.records(), model.len() as u64);
    for step in [1_usize, 3001] {
        let asked: Vec<KeyId> = (0..KEYS * 3 + 1000).rev().step_by(step).map(key).collect();
        let expected: Vec<Option<Slot>> = asked.iter().map(|key| model.get(key).copied()).collect();
        assert!(index.resolve(&asked).unwrap() == expected);
    }
    assert!(!index.touches(&(KEYS * 3..KEYS * 3 + 1000).map(key).collect::<Vec<_>>()).unwrap());
    assert!(index.touches(&(KEYS * 2..KEYS * 3 + 1000).map(key).collect::<Vec<_>>()).unwrap());
}

#[test]
fn ids_are_the_worked_ones() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    for case in vectors["keys"].as_array().unwrap() {
        let id: String =
            KeyId::of(case["key"].as_str().unwrap()).0.map(|byte| format!("{byte:02x}")).concat();
        assert_eq!(id, case["id"].as_str().unwrap());
    }
}

#[test]
fn without_files_nothing_is_known() {
    let index = Index::open(Vec::new()).unwrap();
    agree(&index, &Model::new(), &[key(1), key(1)]);
    assert_eq!(index.records(), 0);
}
