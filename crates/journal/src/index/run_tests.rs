//! How much of a file is read, and when its keys are worth a filter.

use std::collections::BTreeSet;

use super::*;
use crate::index::write_run;

/// A file of so many full blocks in memory, and its keys in their order.
fn run(blocks: usize) -> (Run, Vec<KeyId>) {
    let keys: BTreeSet<KeyId> = (0..blocks * BLOCK_RECORDS).map(|at| KeyId::of(&format!("K{at}"))).collect();
    let keys: Vec<KeyId> = keys.into_iter().collect();
    let records: Vec<(KeyId, Slot)> =
        (0..).zip(&keys).map(|(row, key)| (*key, Slot { entry: 0, row, digest: [0; 8] })).collect();
    let mut bytes = Vec::new();
    write_run(&records, &mut bytes).expect("written");
    (Run::of("x".into(), Source::Memory(Arc::new(bytes)), Some(7)).expect("whole"), keys)
}

/// The rows of the keys at these places.
fn found(
    run: &Run,
    keys: &[KeyId],
    places: impl IntoIterator<Item = usize>,
) -> Result<Vec<u32>, JournalError> {
    let wanted: Vec<(u64, u32)> = places.into_iter().map(|at| (keys[at].prefix(), at as u32)).collect();
    let mut rows = Vec::new();
    run.find(keys, &wanted, &mut |_, slot| {
        rows.push(slot.row);
        true
    })?;
    Ok(rows)
}

/// Few keys and far between: the blocks between theirs are not read, and what is wrong with them is not met.
#[test]
fn of_a_file_only_the_blocks_of_the_wanted_keys_are_read() {
    let (run, keys) = run(9);
    let Source::Memory(bytes) = &run.file else { panic!("in memory") };
    let mut bytes = Vec::clone(bytes);
    bytes[MAGIC.len() + 4 * BLOCK] ^= 1;
    let run = Run::of("x".into(), Source::Memory(Arc::new(bytes)), Some(7)).expect("fences are whole");
    let first = |block: usize| block * BLOCK_RECORDS;
    // Two keys, and as many blocks from the first key's to the last one's.
    assert_eq!(found(&run, &keys, [first(3), first(5)]).expect("read"), [384, 640]);
    assert_eq!(found(&run, &keys, [first(0), first(8)]).expect("read"), [0, 1024]);
    assert_eq!(found(&run, &keys, [first(3), first(5), first(8)]).expect("read"), [384, 640, 1024]);
    assert!(found(&run, &keys, [first(3), first(4), first(8)]).is_err(), "its checksum does not agree");
}

#[test]
fn many_keys_are_read_in_one_go() {
    let (run, keys) = run(9);
    let wanted = |places: &[usize]| -> Vec<(u64, u32)> {
        places.iter().map(|at| (keys[*at].prefix(), *at as u32)).collect()
    };
    let all: Vec<usize> = (0..keys.len()).collect();
    assert!(run.is_dense(&keys, &wanted(&all)));
    assert!(run.is_dense(&keys, &wanted(&[256, 384, 512])), "a key of each of three blocks");
    assert!(!run.is_dense(&keys, &wanted(&[256, 512])), "two of three blocks");
    assert!(!run.is_dense(&keys, &wanted(&[])));
    assert!(!run.is_dense(&keys, &wanted(&[300])), "one key");
    assert!(!run.is_dense(&keys, &wanted(&[256, 300, 383])), "three keys of one block");
}

/// A filter is made when as many blocks were asked for as the file has. Reading in one go counts for small files
/// only: a large one is read so by somebody who asks once for a million keys.
#[test]
fn a_filter_is_made_when_so_much_was_read_that_it_costs_no_more() {
    for large in [false, true] {
        let (mut run, keys) = run(9);
        if large {
            run.count = SMALL + 1;
        }
        let made = |run: &Run| run.filter().expect("read").is_some();
        // Only the first and the last block each time.
        for _ in 0..4 {
            assert!(!made(&run), "large: {large}");
            assert_eq!(found(&run, &keys, [0, 1_151]).expect("read"), [0, 1_151]);
        }
        assert!(!made(&run), "8 blocks of 9; large: {large}");
        if large {
            run.count = keys.len() as u64;
        }
        found(&run, &keys, [0, 1_151]).expect("read");
        assert!(made(&run), "10 blocks of 9; large: {large}");
        assert_eq!(found(&run, &keys, 0..keys.len()).expect("read").len(), keys.len());
    }
    for (large, enough) in [(false, true), (true, false)] {
        let (mut run, keys) = run(9);
        let count = run.count;
        run.count = if large { SMALL + 1 } else { count };
        assert_eq!(found(&run, &keys, 0..keys.len()).expect("read").len(), keys.len());
        run.count = count;
        assert_eq!(run.filter().expect("read").is_some(), enough, "large: {large}");
    }
}

/// Of more keys than a filter should hold, none is made.
#[test]
fn a_very_large_file_has_no_filter() {
    let (mut run, _) = run(1);
    run.asked.store(u64::MAX, Ordering::Relaxed);
    let count = std::mem::replace(&mut run.count, filter::MOST + 1);
    assert!(run.filter().expect("read").is_none());
    run.count = count;
    assert!(run.filter().expect("read").is_some());
}
