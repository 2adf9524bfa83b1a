//! No bytes in any file make reading panic, and no problem points outside its file.

use std::collections::BTreeMap;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::kinds;
use giaouoc_agreement::problem::Problem;
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::toml_read::MAX_FILE;
use proptest::prelude::*;

use crate::harness::base;

type Bytes = BTreeMap<String, Vec<u8>>;

fn whole() -> Bytes {
    base().into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

/// Reads it, asks, renders all that is said.
fn read(texts: &Bytes, others: &[String]) -> Vec<Problem> {
    let (_, problems) = Bundle::parse(texts, others, kinds::builtin());
    for problem in &problems {
        let bytes = texts.get(&problem.file).map_or(&[][..], Vec::as_slice);
        assert!(problem.span.start <= problem.span.end && problem.span.end <= bytes.len(), "{problem:?}");
        let text = std::str::from_utf8(bytes).ok();
        assert!(!problem.plain(text, Lang::Vi).is_empty());
    }
    problems
}

/// One careless or hostile edit: where (in thousandths), how much goes, what comes.
fn edit() -> impl Strategy<Value = (usize, usize, String)> {
    let pieces = prop_oneof![
        Just(String::new()),
        Just("\"".to_owned()),
        Just("[[target]]\n".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("{ vi = 1 }".to_owned()),
        Just("\\u0007".to_owned()),
        Just("'''".to_owned()),
        Just("nan".to_owned()),
        Just("2200-12-31".to_owned()),
        "[a-z=\\[\\]{}\"'.,0-9 \\n-]{0,12}",
        ".{0,8}",
    ];
    (0..1000_usize, 0..40_usize, pieces)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_file(file in 0..4_usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut texts = whole();
        let name = texts.keys().nth(file).unwrap().clone();
        texts.insert(name, bytes);
        read(&texts, &[]);
    }

    #[test]
    fn edits_of_a_whole_bundle(file in 0..4_usize, edits in prop::collection::vec(edit(), 1..4)) {
        let mut texts = whole();
        let text = texts.values_mut().nth(file).unwrap();
        for (at, gone, come) in edits {
            let start = text.len() * at / 1000;
            let end = (start + gone).min(text.len());
            text.splice(start..end, come.into_bytes());
        }
        read(&texts, &[]);
    }

    #[test]
    fn any_paths(paths in prop::collection::vec("[a-z./\\\\:\u{202e} -]{0,30}|records/[a-z.-]{0,20}", 0..6)) {
        let mut texts = whole();
        for path in paths.iter().filter(|path| path.ends_with(".toml")) {
            texts.insert(path.clone(), Vec::new());
        }
        read(&texts, &paths);
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let mut texts = whole();
    texts.insert("reports.toml".into(), vec![b'#'; MAX_FILE + 1]);
    let problems = read(&texts, &[]);
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["file-too-large"]);
    texts.insert("reports.toml".into(), vec![b'#'; MAX_FILE]);
    assert_eq!(read(&texts, &[]), []);
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_place() {
    let mut texts = whole();
    texts.insert("reports.toml".into(), b"# \xff".to_vec());
    let problems = read(&texts, &[]);
    assert_eq!(problems.iter().map(|p| (p.code, p.span.clone())).collect::<Vec<_>>(), [("not-utf8", 2..2)]);
}

#[test]
fn too_many_files_and_too_many_problems_are_cut_short() {
    let many: Vec<String> = (0..10_001).map(|i| format!("records/dossier-{i}.csv")).collect();
    assert_eq!(read(&whole(), &many).iter().map(|p| p.code).collect::<Vec<_>>(), ["too-many"]);
    let mut texts = whole();
    let wrong: String = (0..5_000).map(|i| format!("wrong_{i} = 1\n")).collect();
    texts.insert("reports.toml".into(), wrong.into_bytes());
    assert_eq!(read(&texts, &[]).len(), 200);
}

/// Files as large as they may be, made to cost as much as they can: they end, and say why. (Without bounds
/// each of these takes minutes.)
#[test]
fn large_files_that_ask_for_much_work_end() {
    let repeat = |file: &str, text: &dyn Fn(usize) -> String| {
        let mut texts = whole();
        let bytes = texts.get_mut(file).unwrap();
        for i in 0.. {
            let more = text(i);
            if bytes.len() + more.len() > MAX_FILE {
                break;
            }
            bytes.extend(more.into_bytes());
        }
        read(&texts, &[])
    };
    let has =
        |problems: &[Problem], code: &str| assert!(problems.iter().any(|p| p.code == code), "{problems:?}");
    let role = |_| "[[membership]]\nunit='H26.21'\nrole='head'\nfrom=2020-01-01\n".to_owned();
    has(&repeat("cluster.toml", &role), "too-many");
    let unit = |i| format!("[[unit]]\ncode='H{i}'\nname='{i}'\nto=2020-01-01\nsuccessor='H{}'\n", i + 1);
    has(&repeat("cluster.toml", &unit), "too-many");
    let nil = |i| format!("[[nil]]\nunit='X{i}'\nkind='dossier'\nperiod='2020'\n");
    has(&repeat("reports.toml", &nil), "too-many");
    let definition = |i| format!("[[definition]]\nid='d{i}'\nrecords='dossier'\nis='d{}'\n", i + 1);
    has(&repeat("agreement.toml", &definition), "too-many");
    let row =
        |i| if i == 0 { "[[target.example]]\nexpect=1\nrecords=[{}".to_owned() } else { ",{}".to_owned() };
    // Not closed: the syntax is wrong after four million bytes of it.
    has(&repeat("agreement.toml", &row), "toml-syntax");

    let mut listed = base();
    let names: String = (0..300_000).map(|i| format!("'{i}',")).collect();
    let statement = format!("[[statement]]\nsource='s'\non=2020-01-01\nlisted=[{names}]\n");
    listed.get_mut("cluster.toml").unwrap().push_str(&statement);
    let texts = listed.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    has(&read(&texts, &[]), "unknown-unit");
}

#[test]
fn lenses_times_dates_are_bounded() {
    let mut files = base();
    let text = files.get_mut("agreement.toml").unwrap();
    for target in 0..300 {
        text.push_str(&format!(
            "[[target]]\nid='t{target}'\nclause='2.2'\nname='t'\nrecords='dossier'\ncounted='settled'\nmet='settled'\ngoal='>= 1 %'\n"
        ));
        for lens in 0..40 {
            text.push_str(&format!("[[target.lens]]\nid='l{lens}'\nname='l'\nmet='d0'\n"));
        }
    }
    for i in 0..200 {
        let (year, day) = (1990 + i / 28, i % 28 + 1);
        text.push_str(&format!(
            "[[definition]]\nid='d0'\nrecords='dossier'\nis='settled'\nfrom={year}-01-{day:02}\n"
        ));
    }
    let texts = files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    let problems = read(&texts, &[]);
    assert!(problems.iter().any(|p| p.code == "too-much"), "{problems:?}");
}
