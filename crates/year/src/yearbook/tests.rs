//! What is wrong is said with its place; what is written is read back as the same.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::problem::{Problem, Severity};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_worktime::zone::Zone;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::signing::Ceremony;

fn units() -> Vec<String> {
    vec!["H26.VD1".to_owned(), "H26.VD2".to_owned()]
}

fn reading(texts: &[(&str, &str)], files: &[&str]) -> (Yearbook, Vec<Problem>) {
    let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
    let (units, targets) = (units(), vec!["on-time".to_owned()]);
    let known = Known { units: &units, targets: &targets, year: 2020, zone: &zone };
    let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let files: BTreeSet<String> = files.iter().map(|path| (*path).to_owned()).collect();
    read(&texts, &files, &known)
}

const DIALOGUE: &str = r#"
sort = "dialogue"
code = "DT-1"
unit = "H26.VD1"
at = 2020-07-01T08:00:00+07:00
by = "A"

[fields]
topic = "Hộ tịch"
about_procedures = true
planned_on = 2020-07-15
place = "Hội trường"
form = "in-person"
chair_rank = "head"
notice_channel = "portal"
attendees = 64
conclusions = """
Một.
Hai."""

[[step]]
step = "announce"
day = 2020-07-01

[[step]]
step = "hold"
day = 2020-07-15

[[step]]
step = "minutes"
day = 2020-07-17

[[question]]
text = "Bao giờ?"
reply = "Mai."

[[file]]
path = "files/bien-ban.pdf"
"#;

/// One line of a problem, without its place.
fn said(problems: &[Problem]) -> Vec<(&'static str, String)> {
    problems.iter().map(|one| (one.code, one.message.en.clone())).collect()
}

#[test]
fn a_matter_is_read_in_canonical_form() {
    let (book, problems) = reading(&[("dialogue/DT-1.toml", DIALOGUE)], &["files/bien-ban.pdf"]);
    assert_eq!(said(&problems), []);
    let entry = &book.matters[0];
    assert_eq!(entry.fields["about_procedures"], "true");
    assert_eq!(
        (entry.fields["planned_on"].as_str(), entry.fields["attendees"].as_str()),
        ("2020-07-15", "64")
    );
    assert_eq!(entry.fields["conclusions"], "Một.\nHai.");
    // 01/07/2020 08:00 in Hà Nội.
    assert_eq!(entry.begun.at, Some(1_593_565_200_000_000));
    assert_eq!((entry.steps.len(), entry.questions[0].state.as_str()), (3, "shown"));
    assert_eq!(entry.files[0].name, "bien-ban.pdf");
    let sort = crate::sort::find("dialogue").unwrap();
    assert_eq!(as_matter(entry).state(sort), "minutes");
}

#[test]
fn what_is_wrong_is_said_in_both_languages_with_the_way_out() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("sort = \"dialogue\"", "sort = \"dialog\"", "unknown-sort", "There is no sort of matters"),
        ("unit = \"H26.VD1\"", "unit = \"H26.VD9\"", "unknown-unit", "H26.VD9"),
        ("code = \"DT-1\"", "cod = \"DT-1\"", "unknown-key", "cod"),
        ("topic = \"Hộ tịch\"", "topik = \"Hộ tịch\"", "unknown-key", "no field \"topik\""),
        ("form = \"in-person\"", "form = \"Trực tiếp\"", "bad-value", "not in the list"),
        ("attendees = 64", "attendees = \"nhiều\"", "bad-value", "no whole number"),
        ("planned_on = 2020-07-15", "planned_on = \"31/02/2020\"", "bad-value", "is no day"),
        ("step = \"hold\"", "step = \"held\"", "unknown-step", "has no step \"held\""),
        ("step = \"announce\"", "step = \"hold\"", "step-order", "cannot follow"),
        ("day = 2020-07-17", "day = 2020-07-11", "bad-date", "is before"),
        ("day = 2020-07-17", "day = \"mai\"", "bad-date", "is no day"),
        ("at = 2020-07-01T08:00:00+07:00", "at = \"sáng\"", "bad-time", ""),
        ("files/bien-ban.pdf", "files/bienban.pdf", "missing-file", "There is no file"),
        ("[[question]]", "[question]", "wrong-type", "two brackets"),
        ("reply = \"Mai.\"", "reply = \"a\u{202e}b\"", "control-character", "U+202E"),
        ("[fields]", "[fields", "syntax", ""),
    ];
    for (from, to, code, words) in cases {
        let text = DIALOGUE.replacen(from, to, 1);
        assert_ne!(text, DIALOGUE, "{from}");
        let (_, problems) = reading(&[("dialogue/DT-1.toml", &text)], &["files/bien-ban.pdf"]);
        let found = problems.iter().find(|one| one.severity == Severity::Error);
        let found = found.unwrap_or_else(|| panic!("{to}: nothing was said"));
        assert!(found.code == *code || *code == "syntax", "{to}: {found:?}");
        assert!(found.message.en.contains(words), "{to}: {found:?}");
        assert!(!found.message.vi.is_empty() && found.file == "year/dialogue/DT-1.toml", "{found:?}");
        assert!(is_wrong(&problems));
        // What is shown names the place where there is one.
        assert!(found.plain(Some(&text), Lang::Vi).starts_with("year/dialogue/DT-1.toml"));
    }
}

#[test]
fn what_a_step_lacks_is_a_remark_and_what_is_named_must_be_there() {
    let without = DIALOGUE.replace("place = \"Hội trường\"\n", "");
    let (book, problems) = reading(&[("dialogue/DT-1.toml", &without)], &["files/bien-ban.pdf"]);
    assert_eq!((book.matters.len(), is_wrong(&problems)), (1, false));
    assert_eq!(said(&problems), [("lacks", "The step \"announce\" lacks the field place.".to_owned())]);

    let task = r#"
sort = "task"
code = "NV-1"
unit = "H26.VD1"
[fields]
content = "Số hóa"
plan = "KH-1"
in_honour_of = "dai-hoi"
target = "on-tim"
"#;
    let (_, problems) = reading(&[("task/NV-1.toml", task)], &[]);
    let all = said(&problems);
    assert_eq!(all.iter().filter(|(code, _)| *code == "unknown-name").count(), 3, "{all:?}");
    let calendar = r#"
[[event]]
id = "dai-hoi"
day = 2020-10-11
name = { vi = "Đại hội", en = "Congress" }
sort = "event"
"#;
    let plan = "sort = \"plan\"\ncode = \"KH-1\"\nunit = \"H26.VD1\"\n";
    let texts = [
        ("task/NV-1.toml", task.replace("on-tim", "on-time")),
        ("calendar.toml", calendar.to_owned()),
        ("plan/KH-1.toml", plan.to_owned()),
        ("plan/again.toml", plan.to_owned()),
    ];
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let (_, problems) = reading(&texts, &[]);
    assert_eq!(said(&problems).iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["duplicate"]);
}

#[test]
fn fields_about_persons_have_a_table_of_their_own() {
    let text = "sort = \"exemplar\"\ncode = \"NT-1\"\nunit = \"H26.VD1\"\n[fields]\nperson_name = \"Ai\"\n";
    let (_, problems) = reading(&[("exemplar/NT-1.toml", text)], &[]);
    assert_eq!(
        said(&problems),
        [("wrong-table", "\"person_name\" does not belong into [fields].".to_owned())]
    );
}

fn mark(at: Micros) -> Mark {
    Mark {
        at: Some(at),
        by: Some("Người nhập (giả định)".to_owned()),
        on_behalf: Some("Công văn 5".to_owned()),
    }
}

/// A yearbook with everything in it.
fn whole(text: &str, at: Micros) -> Yearbook {
    let gone = Some(Gone { mark: Mark { on_behalf: None, ..mark(at) }, reason: "nhầm".to_owned() });
    let entry = Entry {
        sort: "review".to_owned(),
        code: "HN/1 Đ".to_owned(),
        unit: "H26.VD1".to_owned(),
        common: true,
        fields: BTreeMap::from([("name".to_owned(), text.split_whitespace().collect::<Vec<_>>().join(" "))]),
        begun: mark(at),
        gone: gone.clone(),
        steps: vec![Step {
            step: "invite".into(),
            day: "2020-07-01".into(),
            note: Some("a".into()),
            mark: mark(at),
            gone: gone.clone(),
        }],
        edits: vec![Edit {
            mark: mark(at + 1),
            reason: Some("b".into()),
            changes: vec![("name".into(), String::new(), "x".into())],
        }],
        joined: vec![Joined {
            unit: "U".into(),
            cluster: Some("c".into()),
            yes: false,
            day: "2020-07-01".into(),
            number: Some(3),
            said: "s".into(),
            report_by: Some("2020-09-30".into()),
            result: Some(("r".into(), "2020-08-01".into())),
            mark: mark(at),
        }],
        questions: vec![Question {
            text: "q".into(),
            mark: Mark { at: Some(at), ..Mark::default() },
            there: true,
            state: "aside".into(),
            aside: Some("why".into()),
            owner: "o".into(),
            due: Some("2020-07-03".into()),
            reply: Some("re".into()),
            replied: Mark { at: Some(at), by: Some("n".into()), on_behalf: None },
        }],
        reports: vec![Report {
            unit: "H26.VD2".into(),
            body: crate::review::Report {
                clauses: BTreeMap::from([("2.2".into(), "c".into())]),
                targets: BTreeMap::from([(
                    "on-time".into(),
                    crate::review::Own { verdict: "met".into(), text: String::new() },
                )]),
                hard: "h\n\nh".into(),
                proposals: String::new(),
            },
            sent_at: Some(at),
            mark: mark(at),
        }],
        points: vec![Point {
            text: "p".into(),
            unit: "H26.VD1".into(),
            due: "2020-07-03".into(),
            done: Some(("2020-07-02".into(), "d".into())),
            mark: mark(at),
            done_at: Some(at),
        }],
        files: vec![
            Attached {
                path: "files/a.pdf".into(),
                name: "a b.pdf".into(),
                sha256: Some("0".into()),
                caption: "c".into(),
                looked: true,
                people: vec![("A".into(), "2020-07-01".into()), ("B".into(), String::new())],
                mark: mark(at),
                ..Attached::default()
            },
            Attached {
                name: "gone.png".into(),
                sha256: Some("1".into()),
                media: "image/png".into(),
                bytes: 7,
                mark: mark(at),
                gone,
                ..Attached::default()
            },
        ],
        ..Entry::default()
    };
    Yearbook {
        events: vec![Event {
            id: "e1".into(),
            day: "2020-10-11".into(),
            name: Text::new("a", "b"),
            sort: "meeting".into(),
            source: "s".into(),
            mark: mark(at),
        }],
        releases: vec![Release {
            number: 1,
            name: Text::new("a", "b"),
            confirm_by: at,
            publish_at: at + 1,
            published_at: Some(at + 2),
            as_of: Some("2020-06-30".into()),
            head: Some(12),
            standing: BTreeMap::from([("H26.VD1".into(), "changed".into())]),
            mark: mark(at),
        }],
        matters: vec![entry],
        drafts: vec![Draft {
            number: 1,
            stage: "in-force".into(),
            base: "own".into(),
            before: Some("cum-vi-2019".into()),
            digest: Some("d".into()),
            respond_by: Some("2020-02-18".into()),
            circulated_at: Some(at),
            frozen_at: Some(at),
            in_force_at: Some(at),
            ceremony: Some(Ceremony { day: "2020-03-07".into(), place: "p".into(), board: String::new() }),
            later: vec!["H26.VD2".into()],
            mark: mark(at),
            versions: vec![Version {
                path: "agreeing/1/1.toml".into(),
                text: format!("# {text:?}\n"),
                note: "n".into(),
                mark: mark(at),
            }],
            parts: vec![
                Part {
                    id: 1,
                    sort: "opinion".into(),
                    unit: "H26.VD1".into(),
                    place: "clause:2.2".into(),
                    body: json!({"stance": "object", "text": text, "wording": "", "version": 1}),
                    mark: mark(at),
                },
                Part {
                    id: 2,
                    sort: "reply".into(),
                    unit: "H26.VD1".into(),
                    place: "clause:2.2".into(),
                    body: json!({"to": 1, "taken": true, "text": "t"}),
                    mark: mark(at),
                },
                Part {
                    id: 3,
                    sort: "registration".into(),
                    unit: "H26.VD1".into(),
                    place: String::new(),
                    body: json!({"counts": [["ldtt", 4]], "note": ""}),
                    mark: mark(at),
                },
            ],
            ..Draft::default()
        }],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_is_read_back_as_the_same(
        words in "[a-zàảãạăằâđêơưốộỹ\"'\\\\#=\\[\\]{}. \n]{1,60}",
        at in 1_500_000_000_000_000_i64..1_700_000_000_000_000,
    ) {
        prop_assume!(!words.trim().is_empty());
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let text: String = words.trim().to_owned();
        let mut book = whole(&text, at);
        let files = write(&book, &zone);
        let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let (mut back, problems) = reading(&texts, &["files/a.pdf"]);
        prop_assert!(!is_wrong(&problems), "{:?}\n{:?}", said(&problems), files);
        // Which file something stood in is not part of it.
        for one in &mut back.matters { one.file.clear(); }
        for one in &mut back.drafts { one.file.clear(); }
        for one in &mut book.matters { one.file.clear(); }
        // Bytes that lie there say themselves what they are.
        prop_assert_eq!(back, book);
    }

    #[test]
    fn whatever_a_file_says_reading_it_comes_to_an_end(text in ".{0,400}", place in 0..4_usize) {
        let path = ["calendar.toml", "releases.toml", "agreeing/1.toml", "dialogue/x.toml"][place];
        let (_, problems) = reading(&[(path, &text)], &[]);
        for problem in &problems {
            prop_assert!(!problem.plain(Some(&text), Lang::En).is_empty());
        }
    }
}
