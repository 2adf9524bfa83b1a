use proptest::prelude::*;

use super::*;

const TEXT: &str = r#"# đầu tệp
format = 1
id = "x"
year = 2021
title = "Giao ước"   # tên
status = "draft"

# khoản thứ nhất
[[clause]]
number = "1"
text   = "Một" # lời
report = true

[[clause]]
number = "2"
text = { vi = "Hai", en = "Two" }

# chỉ tiêu
[[target]]
id = "a"
clause = "2"
name = "Tên"
records = "dossier"
counted = "finished_at in period"   # đếm
goal = ">= 1"

  [[target.lens]]
  id = "l"
  goal = ">= 2"

[[exemption]]
unit = "u"
target = "a"
reason = "vì"

[score]
no_data = "none"

[[score.line]]
target = "a"
points = 20

[[score.line]]
clause = "2"
points = 5
"#;

fn clause(number: &str, vi: &str) -> ClauseForm {
    ClauseForm { number: number.into(), text: Words::new(vi, ""), report: false }
}

fn numbers(text: &str) -> Vec<String> {
    let document: DocumentMut = text.parse().unwrap();
    let clauses = document["clause"].as_array_of_tables().unwrap();
    clauses.iter().map(|clause| clause["number"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn comments_and_spacing_survive_a_change() {
    let changed = set_clause(TEXT, Some("1"), &clause("1", "Một mới")).unwrap();
    for kept in [
        "# đầu tệp",
        "# tên",
        "# khoản thứ nhất",
        "# lời",
        "# chỉ tiêu",
        "# đếm",
        "text   = \"Một mới\" # lời",
    ] {
        assert!(changed.contains(kept), "{kept}\n{changed}");
    }
    assert!(!changed.contains("report"));
}

#[test]
fn clauses_are_added_in_order_renumbered_moved_and_removed() {
    let more = set_clause(TEXT, None, &clause("1.1", "Giữa")).unwrap();
    assert_eq!(numbers(&more), ["1", "1.1", "2"]);
    assert!(more.find("Giữa").unwrap() < more.find("\"Hai\"").unwrap(), "{more}");
    let more = set_clause(&more, None, &clause("10", "Cuối")).unwrap();
    assert_eq!(numbers(&more), ["1", "1.1", "2", "10"]);
    assert!(more.find("Cuối").unwrap() < more.find("# chỉ tiêu").unwrap(), "{more}");
    let moved = move_clause(TEXT, "2", true).unwrap();
    assert_eq!(numbers(&moved), ["2", "1"]);
    assert_eq!(numbers(&move_clause(TEXT, "2", false).unwrap()), ["1", "2"]);
    assert_eq!(numbers(&move_clause(TEXT, "1", true).unwrap()), ["1", "2"]);
    // A number that is another's is refused, targets and points follow a new one.
    assert!(set_clause(TEXT, Some("1"), &clause("2", "x")).is_err());
    assert!(set_clause(TEXT, None, &clause("2", "x")).is_err());
    let renumbered = set_clause(TEXT, Some("2"), &clause("3", "Hai")).unwrap();
    assert_eq!(renumbered.matches("clause = \"3\"").count(), 2, "{renumbered}");
    assert!(remove_clause(TEXT, "2").is_err(), "it has a target");
    assert_eq!(numbers(&remove_clause(TEXT, "1").unwrap()), ["2"]);
    assert!(remove_clause(TEXT, "9").is_err() && set_clause(TEXT, Some("9"), &clause("9", "x")).is_err());
}

#[test]
fn targets_are_added_changed_and_removed_with_what_hangs_on_them() {
    assert!(add_target(TEXT, "a", "").is_err());
    let added = add_target(TEXT, "b", "[[target]]\nid = \"b\"\nclause = \"1\"\n").unwrap();
    assert!(added.ends_with("[[target]]\nid = \"b\"\nclause = \"1\"\n"));
    let form = TargetForm {
        clause: "1".into(),
        name: Words::new("Tên mới", "New"),
        goal: ">= 97 %".into(),
        strive: true,
        units: vec!["u".into()],
    };
    let changed = set_target(&added, "a", &form).unwrap();
    assert!(
        changed.contains("goal = \">= 97 %\"") && changed.contains("force = \"strive for\""),
        "{changed}"
    );
    assert!(changed.contains("units = [\"u\"]") && changed.contains("# đếm"), "{changed}");
    let gone = remove_target(&changed, "a").unwrap();
    assert!(
        !gone.contains("exemption") && !gone.contains("target = \"a\"") && !gone.contains("lens"),
        "{gone}"
    );
    assert!(gone.contains("id = \"b\"") && gone.contains("clause = \"2\"\npoints = 5"), "{gone}");
    assert!(remove_target(TEXT, "z").is_err() && set_target(TEXT, "z", &form).is_err());
}

#[test]
fn frame_exemptions_paragraphs_score_and_status() {
    let frame = Frame {
        title: Words::new("Giao ước 2021", "Agreement 2021"),
        theme: Words::new("Chủ đề", ""),
        context: vec![Words::new("Năm đầu", "First year"), Words::default()],
        bases: vec![Words::new("Luật", "")],
        events: vec![("2021-10-10".into(), Words::new("Ngày Giải phóng Thủ đô", ""))],
        counts_from: "2021-01-01".into(),
    };
    let framed = set_frame(TEXT, &frame).unwrap();
    for there in [
        "title = { vi = \"Giao ước 2021\", en = \"Agreement 2021\" }   # tên",
        "counts_from = 2021-01-01",
        "on   = 2021-10-10",
    ] {
        assert!(framed.contains(there), "{there}\n{framed}");
    }
    assert_eq!(set_frame(&framed, &frame).unwrap(), framed, "the same form once more changes nothing");
    assert!(set_frame(TEXT, &Frame { counts_from: "sớm".into(), ..frame }).is_err());
    let less = set_exemption(TEXT, "u", "a", &Words::default()).unwrap();
    assert!(!less.contains("[[exemption]]"), "{less}");
    let more = set_exemption(TEXT, "v", "a", &Words::new("lý do", "")).unwrap();
    assert_eq!(more.matches("[[exemption]]").count(), 2);
    let own = vec![("u".to_owned(), "1".to_owned(), "Đơn vị làm “việc”".to_owned())];
    let annexed = set_paragraphs(&set_paragraphs(TEXT, &own).unwrap(), &own).unwrap();
    assert_eq!(annexed.matches("[[paragraph]]").count(), 1);
    let score = ScoreForm {
        without: ["none".into(), "left out".into(), String::new()],
        lines: vec![
            ("target".into(), "a".into(), "7,5".into(), "in proportion".into()),
            ("clause".into(), "1".into(), String::new(), String::new()),
        ],
        bonuses: vec![(Words::new("Cờ", ""), "10".into())],
        deductions: Vec::new(),
    };
    let scored = set_score(TEXT, &score).unwrap();
    assert!(
        scored.contains("points = \"7.5\"\nway = \"in proportion\"") && scored.contains("points = 10"),
        "{scored}"
    );
    assert_eq!(scored.matches("[[score.line]]").count(), 1);
    assert!(!set_score(&scored, &ScoreForm::default()).unwrap().contains("score"));
    let signed = with_status(TEXT, "in force", Some("2021-03-07")).unwrap();
    assert!(signed.contains("status = \"in force\"") && signed.contains("signed = 2021-03-07"));
    assert!(!with_status(&signed, "draft", None).unwrap().contains("signed"));
    let ruled = set_regulation(TEXT, &[Words::new("Họp mỗi quý", ""), Words::default()]).unwrap();
    assert!(ruled.contains("[[regulation]]\nnumber = \"1\""), "{ruled}");
    assert!(parse(&ruled).is_ok() && parse(&annexed).is_ok() && parse(&scored).is_ok());
}

proptest! {
    /// Whatever is typed into a form, the text stays one that can be read, and says what was typed.
    #[test]
    fn nothing_that_is_typed_breaks_the_text(vi in ".{1,40}", en in ".{0,40}", number in "[1-9](\\.[0-9]){0,2}") {
        prop_assume!(!vi.trim().is_empty());
        let form = ClauseForm { number: number.clone(), text: Words::new(vi.clone(), en), report: true };
        if let Ok(text) = set_clause(TEXT, None, &form) {
            let document: DocumentMut = text.parse().unwrap();
            let clauses = document["clause"].as_array_of_tables().unwrap();
            let own = clauses.iter().find(|clause| clause["number"].as_str() == Some(number.as_str())).unwrap();
            let said = own["text"].as_str().or_else(|| own["text"].get("vi").and_then(Item::as_str)).unwrap();
            prop_assert_eq!(said, vi.trim());
        }
        let paragraphs = vec![(vi.clone(), number, vi)];
        prop_assert!(parse(&set_paragraphs(TEXT, &paragraphs).unwrap()).is_ok());
    }
}
