//! What must hold of a journal beside its model, at every entry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use giaouoc_journal::{Canon, Change, ENTRY, Hash, KeyId, OF_ENTRY, OF_ROW, Tree, commitment, leaf};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::figures::Figures;
use super::kinds::PERSON;
use super::support::{Form, batch};
use super::world::{World, texts};

/// Content bytes of rows, by key.
type Contents = BTreeMap<String, Vec<u8>>;

fn contents(world: &World, batches: &[RecordBatch]) -> Contents {
    let canon = Canon::new(&world.kind);
    let mut found = Contents::new();
    for batch in batches {
        for (row, key) in texts(batch, "code").into_iter().enumerate() {
            let before = found.insert(key.clone().unwrap(), canon.content(batch, row).unwrap());
            assert_eq!(before, None, "{key:?} is live twice");
        }
    }
    found
}

fn expected(world: &World, head: usize) -> Contents {
    let live = &world.model.states[head];
    let of = |live: &super::model::Live| {
        let one = batch(&world.kind, std::slice::from_ref(&live.row), Form::Own);
        Canon::new(&world.kind).content(&one, 0).unwrap()
    };
    live.iter().map(|(key, live)| (key.clone(), of(live))).collect()
}

/// The content of a live record without what is personal: those who ask for one record need none of it.
fn open(world: &World, key: &str) -> Option<Vec<u8>> {
    let mut row = world.model.live().get(key)?.row.clone();
    row.remove(&PERSON);
    let one = batch(&world.kind, &[row], Form::Own);
    Some(Canon::new(&world.kind).content(&one, 0).unwrap())
}

/// The files of a view, added and subtracted by hand.
fn added_up(world: &World, head: u64) -> BTreeMap<Vec<u8>, i64> {
    let canon = Canon::new(&world.kind);
    let mut sums: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
    for part in world.journal.view(&world.kind.id, head).unwrap() {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&part.path).unwrap()).unwrap();
        let mut rows = 0;
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            for row in 0..batch.num_rows() {
                let within = part.entries.is_none_or(|(first, last)| {
                    let entries = batch.column_by_name(ENTRY).unwrap().as_primitive::<Int64Type>();
                    (i64::from(first)..=i64::from(last)).contains(&entries.value(row))
                });
                if within {
                    rows += 1;
                    *sums.entry(canon.content(&batch, row).unwrap()).or_default() +=
                        if part.back { -1 } else { 1 };
                }
            }
        }
        assert_eq!(rows, part.rows, "{part:?}");
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// The net rows at every entry, by both ways, and what is live at the head.
pub fn rows(world: &World) {
    for head in 0..world.model.states.len() {
        let expected = expected(world, head);
        let net = world.journal.net(&world.kind, head as u64).unwrap();
        assert_eq!(contents(world, &net), expected, "net rows before entry {head}");
        let once: BTreeMap<Vec<u8>, i64> = expected.values().map(|content| (content.clone(), 1)).collect();
        assert_eq!(added_up(world, head as u64), once, "the files before entry {head}");
    }
    let live = expected(world, world.model.states.len() - 1);
    let mut keys: BTreeSet<String> =
        world.model.entries.iter().flat_map(|did| did.changes.keys().cloned()).collect();
    keys.insert("never heard of".to_owned());
    let canon = Canon::new(&world.kind);
    for key in &keys {
        let found = world.journal.live(&world.kind, key).unwrap();
        assert_eq!(found.as_ref().map(|it| canon.content(&it.batch, 0).unwrap()), open(world, key), "{key}");
        let versions = world.journal.versions(&world.kind, key, world.journal.head()).unwrap();
        let standing: Vec<_> = versions.iter().filter(|version| version.taken_back.is_none()).collect();
        assert_eq!(standing.len(), usize::from(live.contains_key(key)), "{key}");
        if let (Some(found), Some(standing)) = (&found, standing.first()) {
            assert_eq!((found.entry, found.row), (standing.entry, standing.row), "{key}");
        }
        let brought =
            world.model.entries.iter().filter(|did| matches!(did.changes.get(key), Some((_, Some(_)))));
        assert_eq!(versions.len(), brought.count(), "versions of {key}");
    }
    let mut known = BTreeSet::new();
    world
        .journal
        .index(&world.kind)
        .unwrap()
        .for_each(&mut |key, slot| {
            if slot.is_live() {
                known.insert(key);
            }
        })
        .unwrap();
    assert_eq!(known, live.keys().map(|key| KeyId::of(key)).collect(), "what the index says is live");
}

/// The figures at every entry, whoever counts; and what was measured at one entry plus what came after.
pub fn figures(world: &World) {
    let figures = Figures::new(&world.kind);
    let last = world.model.states.len() - 1;
    for head in 0..=last {
        let expected = figures.of_model(&world.model.states[head]);
        for threads in [1, 3] {
            let found = figures.of_journal(&world.journal, head as u64, threads);
            assert_eq!(found, expected, "figures before entry {head}, {threads} threads");
        }
    }
    let whole = figures.of_model(&world.model.states[last]);
    for middle in [0, last / 2, last.saturating_sub(1)] {
        let found = figures.in_two_steps(&world.journal, middle as u64, last as u64);
        assert_eq!(found, whole, "what was known before entry {middle}, and what came after");
    }
}

/// Counts and roots of every entry, computed again from its rows.
pub fn roots(world: &World) {
    let canon = Canon::new(&world.kind);
    for entry in world.journal.entries() {
        let Some(rows) = entry.what.rows().filter(|_| entry.what.kind() == Some(&world.kind.id)) else {
            continue;
        };
        let mut trees = [Tree::default(), Tree::default()];
        for back in [false, true] {
            for batch in world.journal.rows(&world.kind, entry.number, back).unwrap() {
                let batch = batch.unwrap();
                let mut digests: Vec<Hash> = Vec::new();
                canon.digests(&batch, &mut digests).unwrap();
                let number = |name: &str, row: usize| {
                    batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().value(row) as u64
                };
                for (row, digest) in digests.iter().enumerate() {
                    let change = match back {
                        false => Change::Brought,
                        true => Change::TakenBack { entry: number(OF_ENTRY, row), row: number(OF_ROW, row) },
                    };
                    trees[usize::from(back)].push(leaf(change, digest));
                }
            }
        }
        let [brought, back] = trees;
        assert_eq!((brought.len(), back.len()), (rows.plus, rows.minus), "entry {}", entry.number);
        assert_eq!(brought.root(), rows.root, "root of entry {}", entry.number);
        assert_eq!((rows.minus > 0).then(|| back.root()), rows.back, "what entry {} took back", entry.number);
    }
}

/// Every value that nobody erased is kept under its commitment, opens it, and nothing else is kept.
pub fn personal(world: &World) {
    let kept = world.journal.personal().unwrap();
    for (hash, (column, salt, value)) in &kept {
        assert_eq!(column, "person");
        assert_eq!(*hash, commitment(salt, value), "{value} does not open its commitment");
    }
    let kept: BTreeMap<[u8; 32], String> =
        kept.into_iter().map(|(hash, (.., value))| (hash, value)).collect();
    let values = world.model.values.iter();
    let expected = values.filter_map(|(hash, value)| Some((*hash, value.clone()?))).collect();
    assert_eq!(kept, expected);
}

/// Nothing of it is damaged.
pub fn whole(world: &World) {
    let kinds = [world.kind.clone(), super::kinds::other()];
    let found = giaouoc_journal::fsck(world.journal.disk(), &kinds, &mut |_| {}).unwrap();
    let weighty = |finding: &&giaouoc_journal::Finding| finding.weight != giaouoc_journal::Weight::LeftOver;
    let told: Vec<&str> = found.findings.iter().filter(weighty).map(|it| it.text.en.as_str()).collect();
    assert!(told.is_empty(), "{told:#?}");
    assert_eq!(found.entries, world.journal.head());
}
