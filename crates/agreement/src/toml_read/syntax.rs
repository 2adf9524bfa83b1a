//! TOML's syntax errors in both languages.

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
];

/// A syntax error as a problem.
pub(super) fn problem(file: &str, text: &str, error: &Error) -> Problem {
    let span = error.span().unwrap_or(text.len()..text.len());
    let span = span.start.min(text.len())..span.end.min(text.len());
    let message = error.message();
    // "DESCRIPTION, expected A, B": the description is a fixed phrase, what follows are tokens.
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
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

/// What the parser expected, in Vietnamese.
fn expected_vi(expected: &str) -> String {
    const PHRASES: &[(&str, &str)] = &[
        ("day between ", "ngày từ "),
        ("month between ", "tháng từ "),
        ("hour between ", "giờ từ "),
        ("minute between ", "phút từ "),
        ("second between ", "giây từ "),
        (" and ", " đến "),
        ("a four-digit year", "năm có bốn chữ số"),
        ("a two-digit", "hai chữ số của"),
        ("newline", "xuống dòng"),
        ("literal string", "chuỗi trong dấu nháy"),
        ("basic string", "chuỗi trong dấu nháy"),
        ("key", "tên mục"),
        ("value", "giá trị"),
        ("nothing", "không có gì nữa"),
    ];
    PHRASES.iter().fold(expected.to_owned(), |text, (en, vi)| text.replace(en, vi))
}
