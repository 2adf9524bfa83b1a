//! Laws of content digests on random rows of every type.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

mod support;

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{ArrowDictionaryKeyType, Int8Type, Int32Type, UInt64Type};
use giaouoc_agreement::kind::Kind;
use giaouoc_journal::{Canon, Hash, JournalError};
use proptest::prelude::*;
use support::{Form, Known, Row, batch};

const TYPES: [&str; 11] = [
    "text",
    "text",
    "code",
    "integer",
    "flag",
    "date",
    "moment",
    "moment",
    "intervals",
    "changes",
    "personal",
];

fn kind() -> Kind {
    let columns = TYPES.iter().enumerate().map(|(at, ty)| (format!("c{at}"), (*ty).to_owned()));
    support::kind("every", &columns.collect::<Vec<_>>())
}

fn digests(batch: &RecordBatch) -> Vec<Hash> {
    let mut out = Vec::new();
    Canon::new(&kind()).digests(batch, &mut out).unwrap();
    out
}

/// Few different values, so that rows are often almost the same.
fn known(ty: &str) -> BoxedStrategy<Known> {
    let number = || prop_oneof![Just(0), Just(1), Just(-1), Just(256), Just(0x7400), Just(i64::MAX)];
    let text = || "[at\u{1}\u{300}]{0,3}";
    match ty {
        "text" | "code" => text().prop_map(Known::Text).boxed(),
        "integer" => number().prop_map(Known::Integer).boxed(),
        "flag" => any::<bool>().prop_map(Known::Flag).boxed(),
        "date" => (-2..3).prop_map(Known::Day).boxed(),
        "moment" => prop_oneof![(-2..3).prop_map(Known::Day), number().prop_map(Known::Instant)].boxed(),
        "intervals" => prop::collection::vec((number(), prop::option::of(number())), 0..3)
            .prop_map(Known::Intervals)
            .boxed(),
        "changes" => {
            prop::collection::vec((number(), number(), text()), 0..3).prop_map(Known::Changes).boxed()
        }
        _ => (0_u8..3).prop_map(|byte| Known::Commitment([byte; 32])).boxed(),
    }
}

fn row() -> impl Strategy<Value = Row> {
    TYPES.iter().map(|ty| prop::option::weighted(0.6, known(ty))).collect::<Vec<_>>().prop_map(|values| {
        values.into_iter().enumerate().filter_map(|(at, value)| Some((at, value?))).collect()
    })
}

fn changed() -> impl Strategy<Value = (Row, Row)> {
    let change = (0..TYPES.len()).prop_flat_map(|at| (Just(at), prop::option::of(known(TYPES[at]))));
    (row(), change).prop_map(|(before, (at, value))| {
        let mut after = before.clone();
        match value {
            Some(value) => after.insert(at, value),
            None => after.remove(&at),
        };
        (before, after)
    })
}

proptest! {
    #[test]
    fn the_form_of_a_batch_does_not_matter(rows in prop::collection::vec(row(), 1..8), cut in any::<prop::sample::Index>()) {
        let kind = kind();
        let expected = digests(&batch(&kind, &rows, Form::Own));
        for form in Form::ALL {
            let batch = batch(&kind, &rows, form);
            prop_assert_eq!(&digests(&batch), &expected, "{:?}", form);
            let at = cut.index(rows.len());
            let parts = [digests(&batch.slice(0, at)), digests(&batch.slice(at, rows.len() - at))].concat();
            prop_assert_eq!(&parts, &expected, "{:?} cut at {}", form, at);
        }
    }

    #[test]
    fn a_digest_is_the_same_exactly_when_the_row_is((before, after) in changed(), other in row()) {
        let rows = [before, after, other];
        let found = digests(&batch(&kind(), &rows, Form::Own));
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            prop_assert_eq!(rows[a] == rows[b], found[a] == found[b], "{:?} {:?}", &rows[a], &rows[b]);
        }
    }

    #[test]
    fn a_column_added_at_the_end_changes_nothing(rows in prop::collection::vec(row(), 1..4)) {
        let mut grown = kind();
        let added = support::kind("every", &[("added".to_owned(), "integer".to_owned())]);
        grown.columns.extend(added.columns);
        let batch = batch(&grown, &rows, Form::Own);
        let mut found = Vec::new();
        Canon::new(&grown).digests(&batch, &mut found).unwrap();
        prop_assert_eq!(found, digests(&batch));
    }
}

#[test]
fn what_is_not_the_arrow_form_is_refused_by_name() {
    let kind = kind();
    let refused = |name: &str, array: ArrayRef| {
        let batch = RecordBatch::try_from_iter([(name, array)]).unwrap();
        match Canon::new(&kind).digests(&batch, &mut Vec::new()) {
            Err(JournalError::Internal { detail }) => detail,
            other => format!("{other:?}"),
        }
    };
    let texts = || Arc::new(StringArray::from(vec!["x"])) as ArrayRef;
    let numbers = || Arc::new(Int64Array::from(vec![1])) as ArrayRef;
    let found: Vec<String> = [
        ("c0", numbers()),
        ("c3", texts()),
        ("c4", numbers()),
        ("c5", numbers()),
        ("c6", numbers()),
        ("c6.day", numbers()),
        ("c8", texts()),
        ("c9", texts()),
        ("c10", texts()),
        ("c10.commit", texts()),
    ]
    .into_iter()
    .map(|(name, array)| refused(name, array))
    .collect();
    insta::assert_snapshot!(found.join("\n"));

    // A number that 64 bits with a sign do not hold is not an unknown one.
    let large: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
    let said = refused("c3", large);
    assert!(said.contains(&u64::MAX.to_string()), "{said}");

    // An instant and a bare day at once.
    let both = [Row::from([(6, Known::Day(1))]), Row::from([(6, Known::Instant(1))])];
    let both = both.map(|row| batch(&kind, &[row], Form::Large));
    let column = |batch: &RecordBatch, name: &str| Arc::clone(batch.column_by_name(name).unwrap());
    let batch =
        RecordBatch::try_from_iter([("c6", column(&both[1], "c6")), ("c6.day", column(&both[0], "c6.day"))]);
    let error = Canon::new(&kind).digests(&batch.unwrap(), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("an instant and a bare day"), "{error}");
}

/// Whatever the keys of a dictionary are.
#[test]
fn texts_in_any_dictionary_are_texts() {
    fn listed<K: ArrowDictionaryKeyType>() -> Vec<Hash> {
        let texts: DictionaryArray<K> = [Some("a"), None, Some("b"), Some("a")].into_iter().collect();
        digests(&RecordBatch::try_from_iter([("c0", Arc::new(texts) as ArrayRef)]).unwrap())
    }
    let plain = StringArray::from(vec![Some("a"), None, Some("b"), Some("a")]);
    let plain = digests(&RecordBatch::try_from_iter([("c0", Arc::new(plain) as ArrayRef)]).unwrap());
    assert_eq!(vec![listed::<Int8Type>(), listed::<Int32Type>(), listed::<UInt64Type>()], vec![plain; 3]);
}
