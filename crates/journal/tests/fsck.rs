//! Everything that can be wrong with a journal is found, and said in both languages.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/harm.rs"]
mod harm;
#[path = "support/work.rs"]
mod work;

use std::fs::{self, File};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use giaouoc_journal::{Journal, KeyId, Slot, Sums, Transfer, Weight, What, fsck, keep_text, write_run};
use harm::{first, forged, forged_as, journal, look, named, plans, rewrite, with_column};
use work::plan;

type Harm = fn(&Journal);

const HARMS: &[(&str, Harm)] = &[
    ("two lines changed by hand", |journal| {
        let path = journal.disk().path("entries.ndjson");
        let text = fs::read_to_string(&path).expect("there");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1] = lines[1].replace("\"bytes\":9", "\"bytes\":8");
        lines[3] = lines[3].replace("H26.02", "H26.01");
        fs::write(&path, lines.join("\n") + "\n").expect("written");
    }),
    ("the last line is gone, with its newline's entry", |journal| {
        let path = journal.disk().path("entries.ndjson");
        let text = fs::read_to_string(&path).expect("there");
        let lines: Vec<&str> = text.lines().collect();
        fs::write(&path, lines[..2].join("\n") + "\n").expect("written");
    }),
    ("a title changed in the rows", |journal| {
        rewrite(&journal.disk().path("rows/00000000.parquet"), |batch| {
            with_column(&batch, "title", Arc::new(StringArray::from(vec!["one", "two", "THREE"])))
        });
    }),
    ("a row left out", |journal| {
        rewrite(&journal.disk().path("rows/00000000.parquet"), |batch| batch.slice(0, 2));
    }),
    ("a row added behind the others", |journal| {
        rewrite(&journal.disk().path("rows/00000003.parquet"), |batch| {
            concat_batches(&batch.schema(), [&batch, &batch]).expect("twice")
        });
    }),
    ("a file of rows is gone", |journal| {
        fs::remove_file(journal.disk().path("rows/00000002.parquet")).expect("removed");
    }),
    ("a file of rows is cut", |journal| {
        let path = journal.disk().path("rows/00000001.back.parquet");
        let bytes = fs::read(&path).expect("there");
        fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    }),
    ("a column that nobody knew was written in", |journal| {
        rewrite(&journal.disk().path("rows/00000003.parquet"), |batch| {
            let mut columns = named(&batch);
            columns.push(("scope".into(), Arc::new(StringArray::from(vec!["year"]))));
            RecordBatch::try_from_iter(columns).expect("a batch")
        });
    }),
    ("a column of another type", |journal| {
        rewrite(&journal.disk().path("rows/00000003.parquet"), |batch| {
            RecordBatch::try_from_iter([
                ("code", batch.column(0).clone()),
                ("unit", batch.column(1).clone()),
                ("title", Arc::new(Int64Array::from(vec![7])) as ArrayRef),
            ])
            .expect("a batch")
        });
    }),
    ("a second live version", |journal| {
        forged(journal, "H26.01", Some(plans(&["A", "E"], &["one more", "new"])), None);
    }),
    ("taken back twice", |journal| {
        forged(journal, "H26.01", None, Some((plans(&["B"], &["two"]), (0, 1))));
    }),
    ("taken back, and not word for word", |journal| {
        forged(journal, "H26.01", None, Some((plans(&["A"], &["uno"]), (0, 0))));
    }),
    ("taken back by another supplier", |journal| {
        forged(journal, "H26.01", None, Some((plans(&["X"], &["other"]), (3, 0))));
    }),
    ("twenty second versions", |journal| {
        let keys: Vec<String> = (0..20).map(|at| format!("N{at}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut doubled = keys.clone();
        doubled.extend(&keys);
        forged(journal, "H26.01", Some(plans(&doubled, &vec!["x"; 40])), None);
    }),
    ("a text changed", |journal| fs::write(first(journal, "texts"), "name = 2").expect("written")),
    ("a text is gone", |journal| fs::remove_file(first(journal, "texts")).expect("removed")),
    ("another base", |journal| {
        rewrite(&first(journal, "base"), |batch| {
            with_column(&batch, "title", Arc::new(StringArray::from(vec!["x"; batch.num_rows()])))
        });
    }),
    ("a base without its last row", |journal| {
        rewrite(&first(journal, "base"), |batch| batch.slice(0, batch.num_rows() - 1));
    }),
    ("a base that is no Parquet", |journal| fs::write(first(journal, "base"), "x").expect("written")),
    ("the index of another entry", |journal| {
        let path = |at: u32| journal.disk().path(&format!("index/{at:08}.plan.idx"));
        fs::copy(path(1), path(2)).expect("copied");
    }),
    ("an index that is cut", |journal| {
        let path = journal.disk().path("index/00000002.plan.idx");
        let bytes = fs::read(&path).expect("there");
        fs::write(&path, &bytes[..bytes.len() - 7]).expect("written");
    }),
    ("an index that is gone is made again", |journal| {
        fs::remove_file(journal.disk().path("index/00000002.plan.idx")).expect("removed");
    }),
    ("what killed runs leave", |journal| {
        for name in ["rows/.tmp-1-1", "rows/00000005.parquet", "index/00000005.plan.idx", "texts/x", "stray"]
        {
            fs::write(journal.disk().path(name), "x").expect("written");
        }
        fs::write(journal.disk().path("entries.ndjson"), {
            let mut text = fs::read_to_string(journal.disk().path("entries.ndjson")).expect("there");
            text.push_str("{\"at\":\"2020");
            text
        })
        .expect("written");
    }),
];

#[test]
fn everything_that_is_wrong_is_found() {
    let mut said = String::new();
    for (name, harm) in HARMS {
        let (folder, journal) = journal();
        assert_eq!(look(journal.disk()).findings, [], "whole before");
        harm(&journal);
        let checked = look(journal.disk());
        said += &format!(
            "# {name}: {} entries, {} rows, {} bytes torn\n",
            checked.entries, checked.rows, checked.torn
        );
        for finding in &checked.findings {
            said += &format!("{:?}: {}\n    {}\n", finding.weight, finding.text.vi, finding.text.en);
        }
        assert_eq!(checked.is_whole(), checked.findings.iter().all(|it| it.weight != Weight::Damage));
        said = said.replace(&folder.path().display().to_string(), "BUNDLE");
        assert!(!checked.findings.is_empty() || name.ends_with("made again"), "{name}");
        said.push('\n');
    }
    insta::assert_snapshot!(said);
}

/// Merged files are looked at as those they stand for.
#[test]
fn a_merged_file_must_say_the_right_addresses() {
    let (_folder, journal) = journal();
    journal.merge_rows(plan(), 0, 2).expect("merged");
    journal.merge_index(plan(), 0, 2).expect("merged");
    assert_eq!(look(journal.disk()).findings, []);
    rewrite(&journal.disk().path("rows/00000000-00000002.plan.parquet"), |batch| {
        with_column(&batch, "_row", Arc::new(Int64Array::from(vec![0, 2, 1, 0, 0, 1])))
    });
    let found: Vec<String> = look(journal.disk()).findings.into_iter().map(|it| it.text.en).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|text| text.contains("the address in the merged file is wrong")), "{found:#?}");
}

/// A kind that the program does not know is said, and the rest is checked all the same.
#[test]
fn a_kind_of_a_newer_program_is_said() {
    let (_folder, journal) = journal();
    let checked = fsck(journal.disk(), &[], &mut |_| {}).expect("read");
    let damage = checked.findings.iter().filter(|it| it.weight == Weight::Damage).count();
    assert_eq!(damage, 1, "{:#?}", checked.findings);
    assert!(checked.findings[0].text.en.contains("“plan”"));
}

/// The findings in English, the heaviest first.
fn found(journal: &Journal) -> Vec<String> {
    look(journal.disk()).findings.into_iter().map(|it| it.text.en).collect()
}

const AGAIN: &str = "Delete it; it is made again";

/// A base that others came after is held against what was live then.
#[test]
fn a_base_is_looked_at_whatever_came_after_it() {
    let load = |journal: &mut Journal| {
        work::load(journal, &plans(&["A"], &["one again"]), Some("H26.01"), false).expect("loaded");
    };
    let (_folder, mut whole) = journal();
    load(&mut whole);
    assert_eq!(found(&whole), [""; 0]);
    let (_folder, mut journal) = journal();
    // Every record is there, and one of them twice.
    rewrite(&first(&journal, "base"), |batch| {
        concat_batches(&batch.schema(), [&batch, &batch.slice(batch.num_rows() - 1, 1)]).expect("one more")
    });
    let wrong = format!("base/00000003.plan.parquet: 1 records are not as the journal has them. {AGAIN}");
    assert_eq!(found(&journal), [wrong.as_str()]);
    load(&mut journal);
    assert_eq!(found(&journal), [wrong]);
}

/// Keys that nobody has, keys that are not live, keys that lead to what is not there: each counts once.
#[test]
fn the_index_is_held_against_what_is_live() {
    let (_folder, journal) = journal();
    journal.merge_index(plan(), 0, 3).expect("merged");
    let mut records = Vec::new();
    journal.index(plan()).expect("whole").for_each(&mut |key, slot| records.push((key, slot))).expect("read");
    let said = |changes: &[(&str, Slot)]| {
        let mut records = records.clone();
        for (key, slot) in changes {
            records.retain(|(of, _)| *of != KeyId::of(key));
            records.push((KeyId::of(key), *slot));
        }
        records.sort_unstable_by_key(|(key, _)| *key);
        let path = journal.disk().path("index/00000000-00000003.plan.idx");
        write_run(&records, File::create(path).expect("made")).expect("written");
        found(&journal)
    };
    let of = |key: &str| records.iter().find(|(of, _)| *of == KeyId::of(key)).expect("live").1;
    let withdrawn = Slot { row: Slot::WITHDRAWN, ..of("A") };
    let wrong =
        |keys: u64| vec![format!("index/*.plan.idx: {keys} keys lead elsewhere than the journal. {AGAIN}")];
    assert_eq!(said(&[("K", withdrawn), ("L", withdrawn)]), [""; 0], "they are not live");
    assert_eq!(said(&[("K", of("A"))]), wrong(1));
    assert_eq!(said(&[("A", Slot { digest: [0; 8], ..of("A") })]), wrong(1));
    assert_eq!(said(&[("A", Slot { row: 9, ..of("A") })]), wrong(1));
    assert_eq!(said(&[("A", withdrawn), ("K", of("A"))]), wrong(2));
    assert_eq!(said(&[("A", withdrawn), ("B", withdrawn), ("X", Slot { row: 9, ..of("X") })]), wrong(3));
    // Wherever it stands among those that are not live.
    for wanted in ["K", "L", "M", "N"] {
        let slot = |key: &str| if key == wanted { of("A") } else { withdrawn };
        assert_eq!(said(&["K", "L", "M", "N"].map(|key| (key, slot(key)))), wrong(1), "{wanted}");
    }
}

/// Who supplies a record is who it was transferred to, in transfers of its kind.
#[test]
fn records_that_changed_hands_are_taken_back_by_who_has_them() {
    let (_folder, mut journal) = journal();
    for (kind, from, to) in [("plan", "H26.01", "H26.03"), ("dossier", "H26.03", "H26.01")] {
        let what = Transfer { kind: kind.into(), from: Some(from.into()), to: Some(to.into()) };
        let lock = journal.lock().expect("free");
        let now = work::now(&journal);
        journal.record(&lock, What::Transfer(what), work::signed(), now).expect("recorded");
    }
    work::load(&mut journal, &plans(&["A"], &["one again"]), Some("H26.03"), false).expect("loaded");
    work::load(&mut journal, &plans(&["X"], &["other again"]), Some("H26.02"), false).expect("loaded");
    assert_eq!(found(&journal), [""; 0]);
    forged(&journal, "H26.01", None, Some((plans(&["B"], &["two at last"]), (2, 1))));
    assert_eq!(found(&journal), ["entry 9, row 0, record “B”: taken back by another supplier than its own"]);
}

/// The row that is spoken of is the one in the file; what there is no more of is not spoken of.
#[test]
fn findings_name_their_rows() {
    let (_folder, taken) = journal();
    forged(&taken, "H26.01", None, Some((plans(&["A", "B"], &["one", "two"]), (0, 0))));
    assert_eq!(found(&taken), ["entry 5, row 1, record “B”: takes back row 0 of entry 0, which is not live"]);
    let (_folder, doubled) = journal();
    let keys = ["N0", "N1", "N2", "N3", "N4", "N0", "N1", "N2", "N3", "N4"];
    forged(&doubled, "H26.01", Some(plans(&keys, &["x"; 10])), None);
    let expected = (0..5)
        .map(|at| format!("entry 5, row {}, record “N{at}”: the record has a live version already", at + 5));
    assert_eq!(found(&doubled), expected.collect::<Vec<_>>());
}

/// Rows that were rejected count among those read; the map that an upload was read with is kept with the texts.
#[test]
fn what_an_upload_says_of_itself_is_looked_at() {
    let (_folder, journal) = journal();
    let map = keep_text(journal.disk(), b"map").expect("kept");
    forged_as(&journal, "H26.01", Some(plans(&["E"], &["five"])), None, |upload| {
        upload.sums = Sums { read: 6, new: 1, unchanged: 2, rejected: 3, ..Sums::default() };
        upload.map = Some(map);
    });
    assert_eq!(found(&journal), [""; 0]);
    let name = format!("texts/{}", giaouoc_journal::hex(&map));
    fs::remove_file(journal.disk().path(&name)).expect("there");
    assert_eq!(found(&journal), [format!("entry 5: {name}: the file is missing. Restore a backup")]);
    fs::create_dir(journal.disk().path(&name)).expect("made");
    let said = found(&journal);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with(&format!("entry 5: {name}: it cannot be read: ")), "{said:?}");
}
