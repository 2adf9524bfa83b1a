//! What is left out of a figure is said, in whatever form the figures go out; and a file that makes a decoder of
//! others' making panic is one clear error.

use std::fs;

use crate::bad_input::{GOOD, HEADER, bundle};
use crate::program::{giaouoc, giaouoc_in, root};

#[test]
fn rejected_rows_are_said_beside_csv_and_the_figures_stay() {
    let dir = bundle();
    let text = format!("{HEADER}{GOOD}A-2,M01,2020-03-02,31/02/2020,2020-03-05,granted\n");
    fs::write(dir.path().join("records/dossier.csv"), text).unwrap();
    let path = dir.path().to_str().unwrap();
    let said = "records/dossier.csv: 1 of 2 rows rejected; see them with the command check\n";

    for more in [
        &["--format=csv"][..],
        &["--format=csv", "--by=unit,quarter"],
        &["--format=json", "--by=unit,quarter"],
    ] {
        let run = giaouoc([&["score", path], more].concat());
        assert_eq!((run.code, run.err.as_str()), (0, said), "{more:?}");
        assert!(!run.out.contains("rejected"), "{}", run.out);
    }
    let run = giaouoc_in("vi_VN.UTF-8", 80, ["score", path, "--format=csv"]);
    assert!(
        run.err.starts_with("records/dossier.csv: 1 dòng bị từ chối trong 2 dòng đọc được"),
        "{}",
        run.err
    );
    // The other forms have a place for it.
    let json = giaouoc(["score", path, "--format=json"]);
    assert_eq!(json.err, "");
    let board: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(board["files"][0]["rejected"], 1);
    for form in ["table", "md"] {
        let run = giaouoc(["score", path, "--format", form]);
        assert_eq!(run.err, "");
        assert!(run.out.contains("1 of 2 rows rejected"), "{}", run.out);
    }
    // Where nothing was rejected nothing is said.
    fs::write(dir.path().join("records/dossier.csv"), format!("{HEADER}{GOOD}")).unwrap();
    assert_eq!(giaouoc(["score", path, "--format=csv"]).err, "");
}

/// One byte of a file that the program wrote, changed so that arrow panics while it reads the schema.
#[test]
fn a_decoder_that_panics_is_one_clear_error() {
    let hostile = root().join("e2e/files/unexpected-bitwidth.parquet");
    let dir = bundle();
    let path = dir.path().to_str().unwrap();
    let quiet = |run: crate::program::Run| {
        assert_eq!(run.code, 2, "{}{}", run.out, run.err);
        assert!(run.err.contains("unexpected-bitwidth.parquet: "), "{}", run.err);
        assert!(run.err.contains("damaged"), "{}", run.err);
        for word in ["panicked", "arrow-ipc", "RUST_BACKTRACE"] {
            assert!(!run.err.contains(word), "{}", run.err);
        }
    };
    quiet(giaouoc(["load", path, "dossier", hostile.to_str().unwrap()]));
    let records = dir.path().join("records");
    assert_eq!(fs::read_dir(&records).unwrap().count(), 0, "nothing is left behind");
    // A bundle that nothing was loaded into: files placed by hand are read where they lie.
    let dir = bundle();
    let path = dir.path().to_str().unwrap();
    let placed = dir.path().join("records/dossier-hostile.parquet");
    fs::copy(&hostile, &placed).unwrap();
    let run = giaouoc(["score", path]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains("damaged") && !run.err.contains("panicked"), "{}", run.err);
}
