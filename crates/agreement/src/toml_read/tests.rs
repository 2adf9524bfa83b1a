#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

/// The quoted value of `x` in a file, and the file.
fn quoted(source: &str) -> Quoted {
    let doc = Document::parse("t.toml", source);
    let root = doc.root();
    let quoted = root.need("x").quoted();
    root.finish();
    assert_eq!(doc.take_problems(), [], "{source}");
    quoted.unwrap()
}

/// What the file holds where the given part of the value came from.
fn came_from<'a>(source: &'a str, part: &str) -> &'a str {
    let quoted = quoted(source);
    let at = quoted.value.find(part).unwrap();
    &source[quoted.in_file(at..at + part.len())]
}

#[test]
fn places_inside_strings_of_every_sort() {
    assert_eq!(came_from("x = \"a đ b\"", "đ"), "đ");
    assert_eq!(came_from("x = 'a \\ b'", "\\ b"), "\\ b");
    assert_eq!(came_from("x = \"a\\tb c\"", "b c"), "b c");
    assert_eq!(came_from("x = \"a\\u0111b c\"", "đ"), "\\u0111");
    assert_eq!(came_from("x = \"\\U0001F600 c\"", "c"), "c");
    assert_eq!(came_from("x = \"\"\"\n  a\n  b\"\"\"", "b"), "b");
    assert_eq!(came_from("x = \"\"\"\r\na\r\nb c\"\"\"", "b c"), "b c");
    assert_eq!(came_from("x = \"\"\"a \\\n   b c\"\"\"", "b c"), "b c");
    assert_eq!(came_from("x = '''\na \"b\" '' c'''", "'' c"), "'' c");
    assert_eq!(came_from("x = \"\"\"a \"\"b\"\" c\"\"\"", "\"b\"\" c"), "\"b\"\" c");
    let source = "x = \"a\\nb\"";
    let whole = quoted(source);
    assert_eq!(&source[whole.in_file(3..3)], "", "an empty place at the end stays one");
    assert_eq!(whole.in_file(3..3), 9..9);
    assert_eq!(whole.in_file(90..99), 9..9, "places beyond the text are its end");
}

/// A text as a basic string in which some characters are escaped, and for each character its place.
fn written(text: &str, escape: &[bool]) -> (String, Vec<Range<usize>>) {
    let mut out = "x = \"".to_owned();
    let mut places = Vec::new();
    for (i, c) in text.chars().enumerate() {
        let start = out.len();
        if escape.get(i).copied().unwrap_or_default() || c == '"' || c == '\\' || c.is_control() {
            out.push_str(&format!("\\U{:08X}", u32::from(c)));
        } else {
            out.push(c);
        }
        places.push(start..out.len());
    }
    out.push('"');
    (out, places)
}

proptest! {
    #[test]
    fn every_character_is_found_where_it_was_written(
        text in "[a-z đ\"'\\\\ộ😀\n\t]{1,30}",
        escape in prop::collection::vec(any::<bool>(), 30),
    ) {
        prop_assume!(!text.trim().is_empty());
        let (source, places) = written(&text, &escape);
        let quoted = quoted(&source);
        prop_assert_eq!(&quoted.value, &text);
        for ((at, c), place) in text.char_indices().zip(places) {
            prop_assert_eq!(quoted.in_file(at..at + c.len_utf8()), place.clone());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(x ?= ?[\"']{0,3})?.{0,60}") {
        let doc = Document::parse("t.toml", &text);
        let root = doc.root();
        root.need("x").quoted();
        root.finish();
        let broken = doc.broken();
        for problem in doc.into_problems() {
            prop_assert!(problem.span.start <= problem.span.end && problem.span.end <= text.len());
            prop_assert!(text.get(problem.span.clone()).is_some());
            // What is wrong with the syntax can be shown.
            prop_assert!(!broken || !problem.span.is_empty() || text.trim().is_empty());
        }
    }
}

#[test]
fn a_mistyped_key_is_not_said_to_be_missing_as_well() {
    let doc = Document::parse("t.toml", "naem = 1");
    let root = doc.root();
    root.need("name").string();
    root.need("code").string();
    root.finish();
    let codes: Vec<_> = doc.into_problems().into_iter().map(|p| (p.code, p.message.en)).collect();
    assert_eq!(
        codes,
        [
            ("unknown-key", "There is no key \"naem\".".to_owned()),
            ("missing-key", "\"code\" is missing.".to_owned()),
        ]
    );
}

#[test]
fn integers_of_every_base_and_texts_in_nfc() {
    let doc = Document::parse("t.toml", "a = 0xff\nb = 1_000\nc = -9223372036854775808\nd = \"Ho\u{300}a\"");
    let root = doc.root();
    let all = i64::MIN..=i64::MAX;
    assert_eq!(root.need("a").integer(all.clone()).unwrap().value, 255);
    assert_eq!(root.need("b").integer(all.clone()).unwrap().value, 1000);
    assert_eq!(root.need("c").integer(all).unwrap().value, i64::MIN);
    assert_eq!(root.need("d").string().unwrap().value, "Hòa");
    root.finish();
    assert_eq!(doc.into_problems(), []);
}

/// What a syntax error points at, and what is said of it, in both languages.
fn syntax(text: &str) -> (&str, String, String) {
    let doc = Document::parse("t.toml", text);
    let problem = doc.into_problems().into_iter().next().unwrap();
    let said = |pick: fn(&Text) -> &str| {
        [Some(&problem.message), problem.help.as_ref()]
            .into_iter()
            .flatten()
            .map(pick)
            .collect::<Vec<_>>()
            .join(" ")
    };
    (&text[problem.span.clone()], said(|text| &text.vi), said(|text| &text.en))
}

#[test]
fn syntax_errors_are_shown_at_a_place_and_said_in_both_languages() {
    let unclosed = "Sai cú pháp TOML: thiếu dấu nháy đóng. Ở đây cần: `\"`.";
    let empty_key =
        "Sai cú pháp TOML: tên mục không được trống. Ở đây cần: chữ cái không dấu, chữ số, `-`, `_`.";
    for (text, place, vi) in [
        ("a = 1\nb = \"abc\nc = 2\n", "c", unclosed),
        ("a = 1\nb = \"một \r\nc = 2\n", "t", unclosed),
        ("b = \"đ", "đ", unclosed),
        ("b = \"", "\"", unclosed),
        ("b = 'abc\n", "c", "Sai cú pháp TOML: thiếu dấu nháy đóng. Ở đây cần: `'`."),
        ("b = \"\"\"abc\nc = 2\n\n", "2", unclosed),
        ("a = 1\n[[[x]]]\nb = 1\n", "[", empty_key),
        ("= 2", "=", empty_key),
        (
            "đ = 2\n",
            "đ",
            "Sai cú pháp TOML: tên mục chỉ gồm chữ không dấu, chữ số, - và _. Ở đây cần: chữ cái không dấu, chữ số, `-`, `_`.",
        ),
        ("b =\nc = 1", "=", "Sai cú pháp TOML: thiếu giá trị."),
        ("[x\nb = 1\n", "x", "Sai cú pháp TOML: thiếu ] đóng tên bảng. Ở đây cần: `]`."),
        ("a = [1, \n", ",", "Sai cú pháp TOML: thiếu ] đóng danh sách. Ở đây cần: `]`."),
        (
            "a = 1_\n",
            "_",
            "Sai cú pháp TOML: dấu _ chỉ được đặt giữa các chữ số. Ở đây cần: không có gì nữa.",
        ),
    ] {
        let (at, said, en) = syntax(text);
        assert_eq!((at, said.as_str()), (place, vi), "{text:?}: {en}");
    }
    let (_, _, en) = syntax("b = \"abc\n");
    assert_eq!(en, "TOML syntax: missing closing quote. Expected: `\"`.");
}
