//! `giaouoc check` asks of records: every kind of question planted in a copy of the example, each found where it
//! was planted and nowhere else.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::{Run, copy_of, giaouoc, giaouoc_in, root, shared};
use crate::schema::Schema;

const EXAMPLE: &str = "examples/ha-noi-cum-vi-2020";

/// What `check` says of a bundle as JSON, held against its schema.
fn checked(bundle: &Path, more: &[&str]) -> (Value, Run) {
    let mut args = vec!["check", bundle.to_str().unwrap(), "--format=json"];
    args.extend(more);
    let run = giaouoc(args);
    let document: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out));
    let wrong = Schema::of("docs/check.schema.json").wrong("#/$defs/report", &document);
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(document["exit"], json!(run.code), "{}", run.err);
    (document, run)
}

/// `code unit count [keys]` of every unit's part of every finding.
fn lines(document: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for found in document["findings"].as_array().unwrap() {
        for unit in found["units"].as_array().unwrap() {
            let keys: Vec<&str> = unit["examples"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|example| example["key"].as_str())
                .collect();
            let of = unit["unit"].as_str().unwrap_or("-");
            lines.push(format!(
                "{} {of} {} {}",
                found["code"].as_str().unwrap(),
                unit["count"],
                keys.join(",")
            ));
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

fn found<'d>(document: &'d Value, code: &str) -> &'d Value {
    let findings = document["findings"].as_array().unwrap();
    findings.iter().find(|found| found["code"] == code).unwrap_or_else(|| panic!("no {code}: {findings:#?}"))
}

fn append(bundle: &Path, file: &str, more: &str) {
    let path = bundle.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{}\n{}\n", text.trim_end(), more.trim())).unwrap();
}

/// Keeps the lines of a file that `kept` says.
fn thin(bundle: &Path, file: &str, kept: &mut dyn FnMut(&str) -> bool) {
    let path = bundle.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> =
        text.lines().enumerate().filter(|(at, line)| *at == 0 || kept(line)).map(|it| it.1).collect();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
}

/// What the example leaves open on purpose (`docs/example.md`).
const KNOWN: [&str; 2] = ["nothing-to-go-by H26.VD6 1 good-deeds", "nothing-to-go-by H26.VD3 1 positions"];

#[test]
fn the_example_yields_only_its_known_questions() {
    let (document, run) = checked(&root().join(EXAMPLE), &[]);
    assert_eq!(run.code, 0);
    assert_eq!(lines(&document), KNOWN);
    let codes: Vec<&str> = document["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["signed-after-start", "head-not-a-member", "nil-not-confirmed"]);
    assert_eq!(document["problems"][1]["line"], 98);
    assert_eq!(document["journal"], Value::Null);
    // Everything that was read stands in the coverage once.
    for file in document["files"].as_array().unwrap() {
        let of = |coverage: &&Value| coverage["kind"] == file["kind"];
        let coverage = document["coverage"].as_array().unwrap().iter().find(of).unwrap();
        let count =
            |counts: &Value| counts.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>();
        let all = coverage["lines"].as_array().unwrap().iter().map(|line| {
            count(&line["now"]) + count(&line["last_year"]) + line["elsewhere"].as_u64().unwrap()
        });
        assert_eq!(all.sum::<u64>(), file["accepted"].as_u64().unwrap(), "{}", file["kind"]);
    }
}

/// One dossier a question, beside those of the example. Columns: code, unit, procedure, channel, submitted,
/// received, time limit, first due, due, changes, pauses, finished, handed over, outcome, status, apology.
const DOSSIERS: &str = "
X-FINISHED,H26.VD2,VD-NV-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-04T10:00:00+07:00,2020-05-06,granted,10,
X-FINISHED-MINUTE,H26.VD1,VD-VP-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-05T08:59:00+07:00,2020-05-06,granted,10,
X-SAME-DAY,H26.VD1,VD-VP-01,online,,2020-05-05T09:00:00+07:00,0,2020-05-05,2020-05-05,,,2020-05-05,2020-05-05,granted,10,
X-FIRST-DUE,H26.VD2,VD-NV-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-04,2020-05-08,,,2020-05-06,2020-05-06,granted,10,
X-DUE,H26.VD2,VD-NV-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-04T23:00:00+07:00,,,2020-05-06,2020-05-06,granted,10,
X-HANDED,H26.VD1,VD-VP-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-06,2020-05-05,granted,10,
X-PROCEDURE,H26.VD2,VD-XX-99,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-06,2020-05-06,granted,10,
X-PROCEDURE-2,H26.VD2,VD-XX-98,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-06,2020-05-06,granted,10,
X-STRANGER,H26.VD9,VD-NV-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-06,2020-05-06,granted,10,
X-UNTOLD,H26.VD1,VD-VP-01,online,,2020-05-05T09:00:00+07:00,3,2020-05-08,2020-05-08,,,2020-05-06,2020-05-06,,9,
";

/// A signed report of a unit that has its dossiers in the system, and that does not add up by itself:
/// settled 1201 against 700 + 400 + 100.
const TOTALS: &str =
    "X-II06,H26.VD2,2020-01-01,2020-12-31,signed,2021-01-06,VD-07/BC,1300,,,,1201,700,400,100,,,";

fn planted() -> tempfile::TempDir {
    let dir = copy_of(&root().join(EXAMPLE));
    append(dir.path(), "records/dossier.csv", DOSSIERS);
    append(dir.path(), "records/totals.csv", TOTALS);
    let mut december = 0;
    thin(dir.path(), "records/dossier.csv", &mut |line| {
        // No dossier of VD3 in June 2020; ten of VD2 in December 2020, where 53 came in December 2019.
        let received = line.split(',').nth(5).unwrap_or_default();
        if line.contains(",H26.VD2,") && received.starts_with("2020-12") {
            december += 1;
            return december <= 10;
        }
        !(line.contains(",H26.VD3,") && received.starts_with("2020-06"))
    });
    dir
}

#[test]
fn everything_planted_is_found_and_nothing_else() {
    let dir = planted();
    let (document, run) = checked(dir.path(), &["--examples=9"]);
    assert_eq!(run.code, 0, "questions are no failure: {}", run.err);
    let mut expected = vec![
        "finished-before-received H26.VD1 1 X-FINISHED-MINUTE",
        "finished-before-received H26.VD2 1 X-FINISHED",
        "first-due-before-received H26.VD2 1 X-FIRST-DUE",
        "due-before-received H26.VD2 1 X-DUE",
        "handed-over-before-finished H26.VD1 1 X-HANDED",
        "unknown-procedure H26.VD2 2 X-PROCEDURE,X-PROCEDURE-2",
        "unit-not-a-member H26.VD9 1 X-STRANGER",
        "records-do-not-add-up H26.VD1 1",
        "totals-differ-from-records H26.VD2 1 X-II06",
        "totals-do-not-add-up H26.VD2 1 X-II06",
        "month-without-records H26.VD3 1",
        "fewer-than-last-year H26.VD2 1",
    ];
    expected.extend(KNOWN);
    expected.sort_unstable();
    let mut lines = lines(&document);
    lines.sort_unstable();
    assert_eq!(lines, expected);
    let evidence = |code: &str| found(&document, code)["units"][0]["examples"][0]["evidence"].to_string();
    assert!(evidence("month-without-records").contains("June 2020: 0 records"));
    assert!(evidence("fewer-than-last-year").contains("same month last year: 53"));
    assert!(evidence("records-do-not-add-up").contains("1 ended, and the outcome is not told"));
    assert!(evidence("totals-differ-from-records").contains("Received: total: totals 1,300, records"));
}

#[test]
fn questions_are_evidence_in_both_languages_within_eighty_columns() {
    let dir = planted();
    for (locale, name) in [("vi_VN.UTF-8", "vi"), ("en_US.UTF-8", "en")] {
        let run = giaouoc_in(locale, 80, ["check".as_ref(), dir.path().as_os_str(), "--coverage".as_ref()]);
        assert_eq!(run.code, 0, "{}", run.err);
        let (_, asked) = run.out.split_once("totals.csv").unwrap();
        for line in asked.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            for word in ["sai", "vi phạm", "gian", "wrong", "violation", "fault"] {
                let words = line.split(|character: char| !character.is_alphabetic());
                assert!(words.into_iter().all(|found| found != word), "{word}: {line}");
            }
        }
        insta::assert_snapshot!(format!("check-questions-{name}"), asked);
    }
}

#[test]
fn an_unknown_unit_is_named_once_however_often_it_occurs() {
    let dir = copy_of(&root().join(EXAMPLE));
    let row = |code: &str, unit: &str| {
        format!(
            "{code},{unit},VD-NV-01,online,,2020-05-05,3,2020-05-08,2020-05-08,,,2020-05-06,2020-05-06,granted,10,"
        )
    };
    let rows = [row("X-1", "Sở Lạ"), row("X-2", "Sở Lạ"), row("X-3", "Ban Khác")].join("\n");
    append(dir.path(), "records/dossier.csv", &rows);
    let (document, run) = checked(dir.path(), &["--examples=1"]);
    assert_eq!(run.code, 1, "rejected rows are a no");
    let unknown = found(&document, "unknown-unit");
    assert_eq!(unknown["count"], 3);
    assert_eq!(unknown["units"][0]["examples"][0]["key"], "Sở Lạ");
    assert_eq!(unknown["units"][0]["more"], 1);
}

/// A second supplier's file: one dossier that differs, one that is the same, one that the first has not.
fn second_file(dir: &Path) -> (String, String) {
    let text = fs::read_to_string(dir.join("records/dossier.csv")).unwrap();
    let head = text.lines().next().unwrap();
    let mut of_unit =
        text.lines().filter(|line| line.contains(",H26.VD3,VD-NG-") && line.contains(",granted,"));
    let (one, same) = (of_unit.next().unwrap(), of_unit.next().unwrap());
    let key = one.split(',').next().unwrap().to_owned();
    let differing = one.replace(",granted,", ",refused,");
    let third = same.replace(same.split(',').next().unwrap(), "X-THIRD");
    (key, format!("{head}\n{differing}\n{same}\n{third}\n"))
}

fn side_by_side(document: &Value, key: &str, file: &str) {
    let found = found(document, "two-suppliers-disagree");
    assert_eq!(found["count"], 1, "{found:#}");
    assert!(found["help"]["en"].as_str().unwrap().contains("1 other records were sent alike"), "{found:#}");
    let unit = &found["units"][0];
    assert_eq!(unit["unit"], "H26.VD3");
    let example = &unit["examples"][0];
    assert_eq!(example["key"], key);
    let sides = &example["sides"];
    assert!(sides["counts"]["en"].as_str().unwrap().contains("no supplier named"), "{sides:#}");
    let other = sides["other"]["en"].as_str().unwrap();
    assert!(other.contains("H26.VD3") && other.contains(file), "{other}");
    let columns = sides["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 1, "only what differs: {columns:#?}");
    assert_eq!(columns[0]["column"], "outcome");
    assert_eq!((&columns[0]["counts"], &columns[0]["other"]), (&json!("granted"), &json!("refused")));
}

#[test]
fn two_suppliers_of_one_dossier_stand_side_by_side() {
    // Placed by hand: a file of its own, named with its supplier. By name it comes after the first one.
    let dir = copy_of(&root().join(EXAMPLE));
    let (key, second) = second_file(dir.path());
    fs::write(dir.path().join("records/dossier.second.csv"), &second).unwrap();
    let file = "[[file]]\npath = \"records/dossier.second.csv\"\nkind = \"dossier\"\nsupplier = \"H26.VD3\"";
    append(dir.path(), "cluster.toml", file);
    let (document, run) = checked(dir.path(), &[]);
    assert_eq!(run.code, 0, "{:#}", document["faults"]);
    side_by_side(&document, &key, "records/dossier.second.csv");
    let run = giaouoc_in("vi_VN.UTF-8", 80, ["check".as_ref(), dir.path().as_os_str()]);
    let (_, asked) = run.out.split_once("two-suppliers-disagree").unwrap();
    insta::assert_snapshot!("check-two-suppliers-vi", asked.split("\n\n").next().unwrap());
}

/// Runs a command that must do what it was asked.
fn done(args: &[&str]) -> Run {
    let run = giaouoc(args);
    assert_eq!(run.code, 0, "{args:?}: {}{}", run.out, run.err);
    run
}

#[test]
fn a_journal_is_read_at_its_head() {
    let dir = planted();
    let bundle = dir.path().to_str().unwrap();
    done(&["record", bundle, "--reason=năm 2020"]);
    let (document, _) = checked(dir.path(), &[]);
    let before = lines(&document);
    assert!(before.iter().any(|line| line == "finished-before-received H26.VD2 1 X-FINISHED"), "{before:?}");
    assert!(document["files"].as_array().unwrap().is_empty(), "what is in the journal is not read again");
    let journal = &document["journal"];
    assert!(journal["entries"].as_u64().unwrap() > 11);
    let dossiers =
        journal["records"].as_array().unwrap().iter().find(|kind| kind["kind"] == "dossier").unwrap();
    let rows = fs::read_to_string(dir.path().join("records/dossier.csv")).unwrap().lines().count() - 1;
    assert_eq!(dossiers["records"], json!(rows));

    // A correction: what was asked about is not asked any more, also after files are merged.
    let folder = tempfile::tempdir().unwrap();
    let correction = folder.path().join("sửa.csv");
    fs::write(&correction, "code,unit,finished_at\nX-FINISHED,H26.VD2,2020-05-06T10:00:00+07:00\n").unwrap();
    done(&["load", bundle, "dossier", correction.to_str().unwrap(), "--reason=ngày sai"]);
    let (document, _) = checked(dir.path(), &[]);
    let expected: Vec<&String> = before.iter().filter(|line| !line.ends_with(" X-FINISHED")).collect();
    assert_eq!(lines(&document).iter().collect::<Vec<_>>(), expected);
    done(&["tidy", bundle]);
    assert_eq!(lines(&checked(dir.path(), &[]).0).len(), expected.len());

    // The second supplier's rows are refused, and held against what counts.
    let (key, second) = second_file(dir.path());
    let path = folder.path().join("second.csv");
    fs::write(&path, &second).unwrap();
    let run = giaouoc(["load", bundle, "dossier", path.to_str().unwrap(), "--supplier=H26.VD3"]);
    assert_eq!(run.code, 1, "{}", run.err);
    side_by_side(&checked(dir.path(), &[]).0, &key, "records/dossier-second.rejects.csv");

    // A file and a text that the journal does not have.
    fs::write(dir.path().join("records/dialogue-2.csv"), "code,unit,held_on\nX-D,H26.VD5,2020-12-01\n")
        .unwrap();
    append(dir.path(), "agreement.toml", "# một ghi chú");
    let (document, run) = checked(dir.path(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines = lines(&document);
    assert!(lines.contains(&"files-waiting - 1 records/dialogue-2.csv".to_owned()), "{lines:?}");
    assert!(lines.contains(&"texts-not-recorded - 1 agreement.toml".to_owned()), "{lines:?}");
    assert_eq!(document["files"][0]["path"], "records/dialogue-2.csv");
    assert_eq!(document["files"][0]["waiting"], true);
    done(&["record", bundle]);

    // Once the dossiers are its own, the second supplier contradicts nobody but itself.
    done(&["transfer", bundle, "dossier", "--to=H26.VD3", "--reason=chuyển"]);
    let (document, _) = checked(dir.path(), &[]);
    assert!(
        document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|found| found["code"] != "two-suppliers-disagree")
    );
}

#[test]
fn a_file_of_rejects_that_nobody_knows_is_named_and_not_compared() {
    let dir = copy_of(&root().join(EXAMPLE));
    let bundle = dir.path().to_str().unwrap();
    done(&["record", bundle]);
    let (_, second) = second_file(dir.path());
    fs::write(dir.path().join("records/dossier-whose.rejects.csv"), second).unwrap();
    let (document, run) = checked(dir.path(), &[]);
    assert_eq!(run.code, 0);
    assert_eq!(document["journal"]["not_compared"][0]["file"], "records/dossier-whose.rejects.csv");
    assert_eq!(lines(&document).len(), KNOWN.len(), "{:?}", lines(&document));
}

#[test]
fn a_bundle_with_errors_is_a_document_too() {
    let dir = copy_of(&root().join(EXAMPLE));
    append(dir.path(), "reports.toml", "[[nill]]\nunit = \"H26.VD1\"");
    let (document, run) = checked(dir.path(), &[]);
    assert_eq!(run.code, 2);
    assert!(document["problems"].as_array().unwrap().iter().any(|problem| problem["severity"] == "error"));
    assert!(document["findings"].as_array().unwrap().is_empty());
}

/// A file that cannot be taken is said; the others are looked at all the same.
#[test]
fn a_refused_file_does_not_hide_the_others() {
    let dir = planted();
    fs::write(dir.path().join("records/dialogue.csv"), "nothing,that,fits\n1,2,3\n").unwrap();
    let (document, run) = checked(dir.path(), &[]);
    assert_eq!(run.code, 1);
    assert_eq!(document["faults"].as_array().unwrap().len(), 1);
    assert!(lines(&document).iter().any(|line| line.starts_with("finished-before-received")));
}

#[test]
fn every_code_is_on_the_page_of_checks() {
    let page = fs::read_to_string(root().join("docs/checks.md")).unwrap();
    let (document, _) = checked(planted().path(), &[]);
    for found in document["findings"].as_array().unwrap() {
        let code = found["code"].as_str().unwrap();
        assert!(page.contains(&format!("`{code}`")), "{code} is not in docs/checks.md");
    }
    let rules = fs::read_to_string(root().join("data/rules/checks.toml")).unwrap();
    for line in rules.lines().filter(|line| line.starts_with("code")) {
        let code = line.split('"').nth(1).unwrap();
        assert!(page.contains(&format!("`{code}`")), "{code} is not in docs/checks.md");
    }
}

#[test]
fn the_permit_log_has_one_case_that_ends_before_it_begins() {
    let Some(data) = shared("receipt/cases.csv") else { return };
    let dir = copy_of(&root().join("e2e/real/permit-log"));
    fs::create_dir_all(dir.path().join("records")).unwrap();
    fs::copy(data, dir.path().join("records/cases.csv")).unwrap();
    let (document, run) = checked(dir.path(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines = lines(&document);
    assert!(lines.contains(&"finished-before-received D2 1 case-8267".to_owned()), "{lines:?}");
    let sums = found(&document, "records-do-not-add-up");
    let said = sums["units"][0]["examples"][0]["evidence"].to_string();
    assert!(said.contains("893 ended, and the outcome is not told"), "{said}");
}
