//! Faults of the command line itself: in both languages, with the way out, exit code 2.

use crate::program::{giaouoc, giaouoc_in};

#[test]
fn faults_of_the_command_line_are_said_in_both_languages() {
    let lines: &[&[&str]] = &[
        &["score"],
        &["load", "b"],
        &["scor", "b"],
        &["nonsense"],
        &["score", "b", "--formt=json"],
        &["check", "b", "--strict"],
        &["check", "b", "--nothing-like-it"],
        &["check", "b", "c"],
        &["score", "b", "--format=jsn"],
        &["score", "b", "--format=xml"],
        &["score", "b", "--by"],
        &["score", "b", "--strict=yes"],
        &["score", "b", "--unit=a", "--unit=b"],
        &["score", "b", "--threads=many"],
        &["score", "b", "--threads=-1"],
        &["example", "o", "--units=70000000000"],
        &["example", "o", "--dossiers=99999999999999999999999"],
        &["example", "o", "--tricks=some"],
        &["score", ""],
    ];
    let mut said = String::new();
    for line in lines {
        said.push_str(&format!("$ giaouoc {}\n", line.join(" ")));
        for locale in ["vi_VN.UTF-8", "en_US.UTF-8"] {
            let run = giaouoc_in(locale, 80, *line);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{line:?}");
            said.push_str(&run.err);
        }
        said.push('\n');
    }
    insta::assert_snapshot!("usage", said);
}

#[test]
fn the_language_may_be_named_beside_the_fault() {
    let run = giaouoc_in("en_US.UTF-8", 80, ["score", "--lang=vi"]);
    assert!(run.err.starts_with("lỗi: còn thiếu: <BUNDLE>"), "{}", run.err);
    let run = giaouoc_in("vi_VN.UTF-8", 80, ["--lang", "en"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: the command is missing"), "{}", run.err);
    let run = giaouoc_in("vi_VN.UTF-8", 80, ["score", "b", "--lang", "fr"]);
    assert!(run.err.contains("“fr” không phải giá trị của --lang <LANG>"), "{}", run.err);
}

#[test]
fn help_and_version_are_answers_and_nothing_at_all_is_not() {
    let help = giaouoc(["score", "--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("--as-of") && help.out.contains("Bảng điểm"), "{}", help.out);
    assert_eq!(giaouoc(["--version"]).code, 0);
    let nothing = giaouoc::<&str>([]);
    assert_eq!((nothing.code, nothing.out.as_str()), (2, ""));
    assert!(nothing.err.contains("score"), "{}", nothing.err);
}
