//! TOML's syntax errors in both languages.

use std::ops::Range;

use toml::de::Error;

use super::shown;
use crate::problem::Problem;
use crate::text::Text;

/// The parser's descriptions (toml_parser 1.1) in Vietnamese. One that is not here is shown in English.
const WORDS: &[(&str, &str)] = &[
    ("duplicate key", "mục này đã có ở trên"),
    ("carriage return must be followed by newline", "ký tự xuống dòng không đúng"),
    ("missing opening quote", "thiếu dấu nháy mở"),
    ("missing comma between array elements", "thiếu dấu phẩy giữa các phần tử của danh sách"),
    ("missing assignment between key-value pairs", "thiếu dấu = giữa tên mục và giá trị"),
    ("unexpected leading zero", "số không được bắt đầu bằng 0"),
    ("unclosed array table", "thiếu ]] đóng tên bảng"),
    ("missing escaped value", "thiếu ký tự sau dấu \\"),
    ("invalid unquoted key", "tên mục chỉ gồm chữ không dấu, chữ số, - và _"),
    ("cannot recurse further; max recursion depth met", "lồng nhau quá sâu"),
    ("recursion limit", "lồng nhau quá sâu"),
    ("unquoted keys cannot be empty", "tên mục không được trống"),
    ("unexpected key or value", "chữ thừa ở đây"),
    ("unexpected content", "chữ thừa ở đây"),
    ("unexpected `=` in array", "dấu = thừa trong danh sách"),
    ("unclosed table", "thiếu ] đóng tên bảng"),
    ("unclosed inline table", "thiếu } đóng bảng"),
    ("unclosed array", "thiếu ] đóng danh sách"),
    ("string values must be quoted", "chuỗi phải đặt trong dấu nháy"),
    ("missing value", "thiếu giá trị"),
    ("missing value for key", "mục này thiếu giá trị"),
    ("key with no value", "mục này thiếu giá trị"),
    ("missing comma between key-value pairs", "thiếu dấu phẩy giữa các mục"),
    ("invalid value", "giá trị không đọc được"),
    ("invalid key-value pair", "dòng này không phải dạng mục = giá trị"),
    ("invalid comment character", "ký tự không được phép trong ghi chú"),
    ("extra comma in inline table", "dấu phẩy thừa"),
    ("extra comma in array", "dấu phẩy thừa"),
    ("extra `=`", "dấu = thừa"),
    ("extra assignment between key-value pairs", "dấu = thừa"),
    ("missing closing quote", "thiếu dấu nháy đóng"),
    ("invalid basic string", "chuỗi không hợp lệ"),
    ("invalid literal string", "chuỗi không hợp lệ"),
    ("invalid multi-line basic string", "chuỗi nhiều dòng không hợp lệ"),
    ("invalid multi-line literal string", "chuỗi nhiều dòng không hợp lệ"),
    ("missing escaped character", "thiếu ký tự sau dấu \\"),
    ("keys cannot be multi-line basic strings", "tên mục không được là chuỗi nhiều dòng"),
    ("keys cannot be multi-line literal strings", "tên mục không được là chuỗi nhiều dòng"),
    ("missing key for inline table element", "thiếu tên mục trong bảng"),
    ("invalid inline table element", "trong bảng chỉ có các mục dạng mục = giá trị"),
    ("unexpected content between comment and newline", "chữ thừa sau ghi chú"),
    ("unexpected sign", "dấu + hoặc - thừa"),
    ("redundant numeric sign", "dấu + hoặc - thừa"),
    ("integers with a radix cannot be signed", "số ghi theo cơ số không có dấu + hoặc -"),
    ("redundant integer number prefix", "tiền tố của số bị thừa"),
    ("radix must be lowercase", "tiền tố cơ số phải là chữ thường"),
    ("`_` may only go between digits", "dấu _ chỉ được đặt giữa các chữ số"),
    ("too few unicode value digits", "mã ký tự thiếu chữ số"),
];

/// Strings that the parser calls invalid where only their end is missing.
const STRINGS: &[&str] = &[
    "invalid basic string",
    "invalid literal string",
    "invalid multi-line basic string",
    "invalid multi-line literal string",
];

/// A syntax error as a problem.
pub(super) fn problem(file: &str, text: &str, error: &Error) -> Problem {
    let span = error.span().unwrap_or(text.len()..text.len());
    let empty = span.is_empty();
    let span = seen(text, span);
    let message = error.message();
    // "DESCRIPTION, expected A, B": the description is a fixed phrase, what follows are tokens.
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    };
    // At the end of a line (an empty place) the closing quote or the value is missing, whatever it is called.
    let (what, expected) = match what {
        _ if empty && STRINGS.contains(&what) => ("missing closing quote", expected),
        "string values must be quoted" if empty => ("missing value", None),
        _ => (what, expected),
    };
    // Parts of dates come as "invalid date", "invalid date-time", "invalid time", "invalid offset".
    let dates = ["invalid date", "invalid time", "invalid offset"];
    let vi = if dates.iter().any(|date| what.starts_with(date)) {
        "ngày giờ không hợp lệ"
    } else {
        WORDS.iter().find(|(en, _)| *en == what).map_or(what, |(_, vi)| vi)
    };
    let problem = Problem::error(
        "toml-syntax",
        file,
        span,
        Text::new(format!("Sai cú pháp TOML: {}.", shown(vi)), format!("TOML syntax: {}.", shown(what))),
    );
    match expected {
        Some(expected) if !expected.is_empty() => {
            let expected = shown(expected);
            let vi = expected_vi(&expected);
            problem.help(Text::new(format!("Ở đây cần: {vi}."), format!("Expected: {expected}.")))
        }
        _ => problem,
    }
}

/// The place of an error, so that it can be shown: where something is missing the parser names the empty place
/// before the next character. At the end of a line or of the file that is the last character before.
fn seen(text: &str, span: Range<usize>) -> Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let span = floor(span.start)..floor(span.end.max(span.start));
    if !span.is_empty() {
        return span;
    }
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let (before, after) = text.split_at(span.start);
    let next = after.chars().next();
    let last = before.trim_end_matches(blank);
    match (next, last.chars().next_back()) {
        (Some(next), before) if !blank(next) || before.is_none() => span.start..span.start + next.len_utf8(),
        (_, Some(before)) => last.len() - before.len_utf8()..last.len(),
        (_, None) => span,
    }
}

/// What the parser expected, in Vietnamese. Longer phrases stand before those that are part of them.
fn expected_vi(expected: &str) -> String {
    const PHRASES: &[(&str, &str)] = &[
        ("day between ", "ngày từ "),
        ("month between ", "tháng từ "),
        ("hour between ", "giờ từ "),
        ("minute between ", "phút từ "),
        ("second between ", "giây từ "),
        ("`T` between date and time", "`T` giữa ngày và giờ"),
        (" and ", " đến "),
        ("year or hour", "năm hoặc giờ"),
        (" or ", " hoặc "),
        ("a four-digit year", "năm có bốn chữ số"),
        ("a two-digit month", "hai chữ số của tháng"),
        ("a two-digit day", "hai chữ số của ngày"),
        ("a two-digit hour", "hai chữ số của giờ"),
        ("a two-digit minute", "hai chữ số của phút"),
        ("a two-digit second", "hai chữ số của giây"),
        ("newline", "xuống dòng"),
        ("non-double-quote visible characters", "ký tự khác dấu nháy kép"),
        ("non-single-quote visible characters", "ký tự khác dấu nháy đơn"),
        ("non-single-quote characters", "ký tự khác dấu nháy đơn"),
        ("printable characters", "ký tự in được"),
        ("unicode hexadecimal value", "mã ký tự theo hệ 16"),
        ("multi-line basic string", "chuỗi nhiều dòng trong dấu nháy"),
        ("multi-line literal string", "chuỗi nhiều dòng trong dấu nháy"),
        ("literal string", "chuỗi trong dấu nháy"),
        ("basic string", "chuỗi trong dấu nháy"),
        ("letters", "chữ cái không dấu"),
        ("numbers", "chữ số"),
        ("digits", "chữ số"),
        ("characters", "ký tự"),
        ("nanosecond", "phần giây"),
        ("month", "tháng"),
        ("minute", "phút"),
        ("second", "giây"),
        ("hour", "giờ"),
        ("day", "ngày"),
        ("key", "tên mục"),
        ("value", "giá trị"),
        ("nothing", "không có gì nữa"),
        ("etc", "v.v."),
    ];
    // What stands in backquotes is a token of the file and stays as it is.
    let translate = |text: &str| PHRASES.iter().fold(text.to_owned(), |text, (en, vi)| text.replace(en, vi));
    if let Some((_, vi)) = PHRASES.iter().find(|(en, _)| *en == expected) {
        return (*vi).to_owned();
    }
    let pieces = expected.split('`').enumerate();
    let told = pieces.map(|(i, piece)| if i % 2 == 0 { translate(piece) } else { piece.to_owned() });
    told.collect::<Vec<_>>().join("`")
}
