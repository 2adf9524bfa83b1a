//! Spellings that people bring from other languages and from word processors, each with the right one.

use std::ops::Range;

use super::error::{LangError, shown};

/// Wrong signs and what they are read as (`None`: nothing). Longer ones first.
const SIGNS: [(&str, Option<&str>); 25] = [
    ("===", Some("=")),
    ("!==", Some("!=")),
    ("==", Some("=")),
    ("<>", Some("!=")),
    ("=!", Some("!=")),
    ("=<", Some("<=")),
    ("=>", Some(">=")),
    ("&&", Some("and")),
    ("||", Some("or")),
    ("&", Some("and")),
    ("|", Some("or")),
    ("≥", Some(">=")),
    ("≤", Some("<=")),
    ("≠", Some("!=")),
    ("–", Some("-")),
    ("−", Some("-")),
    ("—", Some("-")),
    ("×", Some("*")),
    ("/", Some("*")),
    ("[", Some("(")),
    ("]", Some(")")),
    ("{", Some("(")),
    ("}", Some(")")),
    (";", None),
    ("%", None),
];

/// The wrong sign at the start of a text, and the right one.
pub(super) fn sign(text: &str) -> Option<(&'static str, Option<&'static str>)> {
    if text.starts_with('!') && !text.starts_with("!=") {
        return Some(("!", Some("not")));
    }
    SIGNS.iter().copied().find(|(wrong, _)| text.starts_with(wrong))
}

/// The error of a wrong sign.
pub(super) fn sign_error(span: Range<usize>, wrong: &str, right: Option<&str>) -> LangError {
    let error = LangError::new(
        "wrong-sign",
        span,
        format!("Ngôn ngữ điều kiện không có dấu `{wrong}`."),
        format!("The language has no sign `{wrong}`."),
    );
    match (wrong, right) {
        ("/", _) => error.help(
            "Không có phép chia: nhân vế kia lên; ngày viết theo dạng 2020-03-05.",
            "There is no division: multiply the other side; dates are written 2020-03-05.",
        ),
        ("%", _) => error.help(
            "Phần trăm chỉ đứng trong `goal`, ví dụ goal = \">= 95 %\".",
            "A percentage belongs in `goal`, for example goal = \">= 95 %\".",
        ),
        (_, Some(right)) => error.help(format!("Viết `{right}`."), format!("Write `{right}`.")),
        (_, None) => error.help("Bỏ dấu này.", "Leave it out."),
    }
}

/// What a wrong word is read as: upper-case keywords, and `and`, `or`, `not`, `in` in Vietnamese.
pub(super) fn word(word: &str) -> Option<&'static str> {
    const WORDS: [&str; 12] = [
        "and",
        "or",
        "not",
        "in",
        "is",
        "known",
        "true",
        "false",
        "period",
        "as_of",
        "period.start",
        "period.end",
    ];
    const VIETNAMESE: [(&str, &str); 6] = [
        ("và", "and"),
        ("hoặc", "or"),
        ("không", "not"),
        ("trong", "in"),
        ("đúng", "true"),
        ("sai", "false"),
    ];
    let lower = word.to_lowercase();
    let keyword = WORDS.iter().copied().find(|right| *right == lower && *right != word);
    keyword.or_else(|| VIETNAMESE.iter().find(|(wrong, _)| *wrong == lower).map(|(_, right)| *right))
}

/// The error of a wrong word.
pub(super) fn word_error(span: Range<usize>, wrong: &str, right: &str) -> LangError {
    LangError::new(
        "wrong-word",
        span,
        format!("`{}` phải viết là `{right}`.", shown(wrong)),
        format!("`{}` is written `{right}`.", shown(wrong)),
    )
    .help(
        "Các từ của ngôn ngữ điều kiện viết bằng chữ thường, tiếng Anh.",
        "The words of the language are lower case and English.",
    )
}

/// Whether a character is a quotation mark other than `'`.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '`' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '´' | '′' | '″')
}

/// Whether a quotation mark can close the text that another opened. Word processors pair them in many
/// ways; a single one is never closed by a double one, so that the other sort can stand inside.
pub(super) fn closes(open: char, c: char) -> bool {
    let single = |c: char| matches!(c, '`' | '‘' | '’' | '‚' | '‹' | '›' | '´' | '′');
    match open {
        '"' => c == '"' || c == '”',
        _ if single(open) => single(c) || c == '\'',
        _ => (is_quote(c) && !single(c)) || c == '"',
    }
}

/// The error of a text in wrong quotation marks.
pub(super) fn quote_error(span: Range<usize>, inner: &str) -> LangError {
    let right = inner.replace('\'', "''");
    LangError::new(
        "wrong-quotes",
        span,
        "Đoạn chữ phải đặt trong dấu nháy đơn thẳng.",
        "Texts stand in straight single quotes.",
    )
    .help(format!("Viết '{right}'."), format!("Write '{right}'."))
}

/// The error of a number with a decimal point (or, all groups being of three digits, with separators).
pub(super) fn decimal_error(span: Range<usize>, wrong: &str, groups: bool) -> LangError {
    let shown = shown(wrong);
    let error = LangError::new(
        "decimal",
        span,
        format!("`{shown}`: điều kiện chỉ dùng số nguyên."),
        format!("`{shown}`: conditions hold integers only."),
    );
    let plain: String = wrong.chars().filter(|c| c.is_ascii_digit()).take(20).collect();
    if groups {
        error.help(
            format!("Nếu dấu chấm chỉ để tách hàng nghìn, viết {plain}."),
            format!("If the dots separate thousands, write {plain}."),
        )
    } else {
        error.help(
            "Đổi đơn vị để có số nguyên (ví dụ 90 minutes thay cho 1.5 hours). Số thập phân chỉ dùng được trong `goal`.",
            "Change the unit to get an integer (90 minutes for 1.5 hours). Decimals are for `goal`.",
        )
    }
}

/// The error of a date that does not exist, or that is not written year-month-day.
pub(super) fn date_error(span: Range<usize>, wrong: &str, written_well: bool) -> LangError {
    if written_well {
        LangError::new(
            "no-such-date",
            span,
            format!("Không có ngày {wrong}."),
            format!("There is no day {wrong}."),
        )
        .help(
            "Kiểm tra tháng và số ngày của tháng; năm từ 1900 đến 2200.",
            "Check the month and how many days it has; years are 1900 to 2200.",
        )
    } else {
        LangError::new(
            "bad-date",
            span,
            format!("Ngày `{wrong}` viết chưa đúng dạng."),
            format!("The date `{wrong}` is not written as dates are."),
        )
        .help("Viết năm-tháng-ngày, ví dụ 2020-03-05.", "Write year-month-day, for example 2020-03-05.")
    }
}

/// The error of a date with a time of day.
pub(super) fn instant_error(span: Range<usize>) -> LangError {
    LangError::new(
        "instant",
        span,
        "Trong điều kiện chỉ viết được ngày, không viết được giờ.",
        "A condition holds days, not times of day.",
    )
    .help(
        "So sánh theo ngày, ví dụ day(x) <= 2020-03-05; giờ giấc thì dùng các hàm về giờ làm việc.",
        "Compare days, for example day(x) <= 2020-03-05; for hours use the working-time functions.",
    )
}

/// The error of any other character.
pub(super) fn character_error(span: Range<usize>, c: char) -> LangError {
    let code = u32::from(c);
    let name = match c {
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' => "ký tự ẩn / an invisible character",
        _ if c.is_control() => "ký tự điều khiển / a control character",
        _ => "",
    };
    let (vi, en) = match name.split_once(" / ") {
        Some((vi, en)) => (format!("{vi} (U+{code:04X})"), format!("{en} (U+{code:04X})")),
        None => (format!("ký tự `{c}`"), format!("the character `{c}`")),
    };
    LangError::new(
        "wrong-character",
        span,
        format!("Trong điều kiện có {vi} không thuộc ngôn ngữ."),
        format!("There is {en} that is not of the language."),
    )
    .help("Xóa ký tự này.", "Delete it.")
}
