//! Goals: `OP NUMBER [%] [each PART]`, read exactly and told in words.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::{Force, Measure};
use crate::period::Part;
use crate::text::{Lang, Text};

/// A comparison direction of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoalOp {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
    /// `=`
    Equal,
}

impl GoalOp {
    /// As goals write it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::MoreThan => ">",
            Self::AtMost => "<=",
            Self::LessThan => "<",
            Self::Equal => "=",
        }
    }

    /// Whether a higher figure is better; nothing for `=`.
    pub fn higher_is_better(self) -> Option<bool> {
        match self {
            Self::AtLeast | Self::MoreThan => Some(true),
            Self::AtMost | Self::LessThan => Some(false),
            Self::Equal => None,
        }
    }
}

/// What a figure is held against, exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// The operator; the direction (higher or lower is better) follows from it.
    pub op: GoalOp,
    /// Numerator of the goal as a plain number: `>= 95 %` is 95/100, `>= 2` is 2/1, `<= 3.5` is 35/10.
    pub num: i64,
    /// Denominator, a power of ten, at least 1.
    pub den: i64,
    /// Whether it was written with `%`.
    pub percent: bool,
    /// Asked of each part of the period.
    pub each: Option<Part>,
    /// As written, with `>=` for `≥`, `<=` for `≤`, and single spaces.
    pub text: String,
}

/// Why a text is not a goal, or not one for this measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalError {
    /// A stable name of the sort of error, such as `goal-number`.
    pub code: &'static str,
    /// Bytes of the goal's text that it is about.
    pub span: Range<usize>,
    /// What is wrong, and what to write instead.
    pub said: Box<Said>,
}

/// The words of a [`GoalError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What is wrong.
    pub message: Text,
    /// What to write instead.
    pub help: Text,
}

impl fmt::Display for GoalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Said { message, help } = self.said.as_ref();
        write!(f, "{} {} / {} {}", message.vi, help.vi, message.en, help.en)
    }
}

impl std::error::Error for GoalError {}

impl GoalError {
    fn new(code: &'static str, span: Range<usize>, message: Text, help: Text) -> Self {
        Self { code, span, said: Box::new(Said { message, help }) }
    }
}

/// Digits before the decimal point that a goal may have; beyond a million million it is a typing mistake.
const MAX_WHOLE_DIGITS: usize = 12;
/// Digits after the decimal point, `%` not yet taken off. Keeps `den` below 10^9.
const MAX_DECIMALS: usize = 6;

impl Goal {
    /// As written, with the signs and words that people write: "≥ 1 mỗi nửa năm".
    pub fn signs(&self, lang: Lang) -> String {
        let text = self.text.replace(">=", "≥").replace("<=", "≤");
        match lang {
            Lang::En => text,
            Lang::Vi => text
                .replace(" each month", " mỗi tháng")
                .replace(" each quarter", " mỗi quý")
                .replace(" each half-year", " mỗi nửa năm"),
        }
    }

    /// Reads a goal. `≥` and `≤` are taken as `>=` and `<=`.
    ///
    /// # Errors
    /// When it is not `OP NUMBER [%] [each PART]`.
    pub fn parse(text: &str) -> Result<Self, GoalError> {
        let (op, at) = operator(text)?;
        let (number, at) = number(text, at)?;
        let rest = skip_space(text, at);
        let percent = text[rest..].starts_with('%');
        let at = if percent { rest + 1 } else { at };
        let each = each(text, at)?;
        if !percent && number.decimals == 3 {
            // Vietnamese paper writes one thousand as 1.000: nobody may sign a goal that reads two ways.
            return Err(GoalError::new(
                "goal-thousands",
                number.span,
                Text::new(
                    "Số này đọc được hai cách: dấu chấm hàng nghìn hay dấu thập phân.",
                    "This number reads two ways: a thousands point or a decimal point.",
                ),
                Text::new(
                    "Ghi 1000 cho một nghìn, hoặc 1.0 cho một.",
                    "Write 1000 for a thousand, or 1.0 for one.",
                ),
            ));
        }
        let den = 10_i64.pow(number.decimals) * if percent { 100 } else { 1 };
        let mut written = format!("{} {}", op.sign(), &text[number.span]);
        if percent {
            written.push_str(" %");
        }
        if let Some(part) = each {
            written.push_str(" each ");
            written.push_str(part.id());
        }
        Ok(Self { op, num: number.digits, den, percent, each, text: written })
    }

    /// Checks that the goal can be asked of a measure's figures: `%` goes with shares and only with them,
    /// a share cannot pass 100 %, a whole number cannot equal a broken one.
    ///
    /// # Errors
    /// When it cannot; the span covers the whole goal.
    pub fn suits(&self, measure: &Measure) -> Result<(), GoalError> {
        let share = matches!(measure, Measure::Share { .. });
        let whole_numbers = !share && !matches!(measure, Measure::Mean { .. });
        let error = |code, message, help| Err(GoalError::new(code, 0..self.text.len(), message, help));
        if share && !self.percent {
            return error(
                "goal-without-percent",
                Text::new("Tỷ lệ phải so với phần trăm.", "A share is held against a per cent."),
                Text::new("Thêm dấu %, ví dụ \">= 95 %\".", "Add the % sign, for example \">= 95 %\"."),
            );
        }
        if !share && self.percent {
            return error(
                "goal-percent",
                Text::new(
                    "Dấu % chỉ dùng cho cách tính \"share\" (tỷ lệ).",
                    "The % sign goes with the measure \"share\" only.",
                ),
                Text::new(
                    "Bỏ dấu %, hoặc đổi cách tính thành \"share\".",
                    "Take the % sign away, or make the measure a \"share\".",
                ),
            );
        }
        let beyond = match self.op {
            GoalOp::MoreThan => self.num >= self.den,
            _ => self.num > self.den,
        };
        if share && beyond {
            return error(
                "goal-beyond-100",
                Text::new("Không tỷ lệ nào vượt quá 100 %.", "No share goes beyond 100 %."),
                Text::new(
                    "Ghi một mức từ 0 đến 100 %, ví dụ \">= 95 %\".",
                    "Write a level from 0 to 100 %, for example \">= 95 %\".",
                ),
            );
        }
        if whole_numbers && self.op == GoalOp::Equal && self.num % self.den != 0 {
            return error(
                "goal-never-equal",
                Text::new(
                    "Số đếm là số nguyên, không thể bằng một số lẻ.",
                    "A count is a whole number and cannot equal a broken one.",
                ),
                Text::new("Ghi số nguyên, hoặc dùng >= hay <=.", "Write a whole number, or use >= or <=."),
            );
        }
        Ok(())
    }

    /// The level without the operator: "95 %", "99,5 %", "1.000", "3".
    pub fn level(&self, lang: Lang) -> String {
        let written = self.text.trim_start_matches(['<', '>', '=', ' ']);
        let number = written.split([' ', '%']).next().unwrap_or_default();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let mut out = crate::figure::grouped(whole, lang);
        if !fraction.is_empty() {
            out.push(crate::figure::decimal_mark(lang));
            out.push_str(fraction);
        }
        if self.percent {
            out.push_str(" %");
        }
        out
    }

    /// The goal in words: "tối thiểu 95 %", "phấn đấu 100 %", "không quá 3", "tối thiểu 1 mỗi 6 tháng".
    /// *Phấn đấu* (strive for) and *tối thiểu* (at least) are different words of an agreement, kept apart.
    pub fn words(&self, force: Force) -> Text {
        let strive = force == Force::StriveFor;
        // A share of at least 100 % is all of them: "at least" would promise that more is possible.
        let all = self.percent && self.num == self.den && self.op == GoalOp::AtLeast;
        let (vi, en) = match (self.op, strive) {
            (GoalOp::AtLeast, false) if all => ("", ""),
            (GoalOp::AtLeast, false) => ("tối thiểu ", "at least "),
            (GoalOp::AtLeast, true) => ("phấn đấu ", "strive for "),
            (GoalOp::MoreThan, false) => ("trên ", "more than "),
            (GoalOp::MoreThan, true) => ("phấn đấu trên ", "strive for more than "),
            (GoalOp::AtMost, false) => ("không quá ", "at most "),
            (GoalOp::AtMost, true) => ("phấn đấu không quá ", "strive for at most "),
            (GoalOp::LessThan, false) => ("dưới ", "less than "),
            (GoalOp::LessThan, true) => ("phấn đấu dưới ", "strive for less than "),
            (GoalOp::Equal, false) => ("đúng bằng ", "exactly "),
            (GoalOp::Equal, true) => ("phấn đấu đúng bằng ", "strive for exactly "),
        };
        // "Phấn đấu 1" would read as exactly one.
        let more = strive && self.op == GoalOp::AtLeast && !self.percent;
        let (more_vi, more_en) = if more { (" trở lên", " or more") } else { ("", "") };
        let each = self.each.map(Part::words);
        let (each_vi, each_en) = match &each {
            Some(part) => (format!(" mỗi {}", part.vi), format!(" in each {}", part.en)),
            None => Default::default(),
        };
        Text::new(
            format!("{vi}{}{more_vi}{each_vi}", self.level(Lang::Vi)),
            format!("{en}{}{more_en}{each_en}", self.level(Lang::En)),
        )
    }
}

/// A number as read: its digits without the point, how many of them stand after it, its place.
struct Number {
    digits: i64,
    decimals: u32,
    span: Range<usize>,
}

fn skip_space(text: &str, at: usize) -> usize {
    at + text[at..].len() - text[at..].trim_start().len()
}

fn operator(text: &str) -> Result<(GoalOp, usize), GoalError> {
    let start = skip_space(text, 0);
    let rest = &text[start..];
    for (sign, op) in [
        (">=", GoalOp::AtLeast),
        ("≥", GoalOp::AtLeast),
        ("<=", GoalOp::AtMost),
        ("≤", GoalOp::AtMost),
        ("=>", GoalOp::AtLeast),
        ("=<", GoalOp::AtMost),
        (">", GoalOp::MoreThan),
        ("<", GoalOp::LessThan),
        ("=", GoalOp::Equal),
    ] {
        if rest.starts_with(sign) {
            if matches!(sign, "=>" | "=<") {
                break;
            }
            return Ok((op, start + sign.len()));
        }
    }
    let end = start + rest.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(rest.len());
    Err(GoalError::new(
        "goal-operator",
        start..end,
        Text::new(
            "Mức của chỉ tiêu phải bắt đầu bằng >=, <=, =, > hoặc <.",
            "A goal begins with >=, <=, =, > or <.",
        ),
        Text::new(
            "Ví dụ: \">= 95 %\", \">= 2\", \"<= 3\", \">= 1 each half-year\".",
            "For example: \">= 95 %\", \">= 2\", \"<= 3\", \">= 1 each half-year\".",
        ),
    ))
}

fn number(text: &str, at: usize) -> Result<(Number, usize), GoalError> {
    let start = skip_space(text, at);
    let rest = &text[start..];
    // Up to the next space or `%`, so that the message can show the whole of what was meant.
    let end = start + rest.find(|c: char| c.is_whitespace() || c == '%').unwrap_or(rest.len());
    let written = &text[start..end];
    let error = |message: Text, help: Text| GoalError::new("goal-number", start..end, message, help);
    let example = || {
        Text::new(
            "Ví dụ: \">= 95 %\", \">= 99.5 %\", \"<= 3\".",
            "For example: \">= 95 %\", \">= 99.5 %\", \"<= 3\".",
        )
    };
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if written.contains(',') {
        let point = written.replace(',', ".");
        return Err(error(
            Text::new(
                "Số thập phân trong tệp dùng dấu chấm.",
                "Decimals in the file are written with a point.",
            ),
            Text::new(format!("Ghi {point}"), format!("Write {point}")),
        ));
    }
    if let Some(rest) = written.strip_prefix('-')
        && !rest.is_empty()
        && digits(&rest.replace('.', ""))
    {
        return Err(error(
            Text::new("Mức của chỉ tiêu không thể âm.", "A goal cannot be negative."),
            example(),
        ));
    }
    let pointless = written.ends_with('.');
    if whole.is_empty() || pointless || !digits(whole) || !digits(fraction) {
        return Err(error(
            Text::new("Sau dấu so sánh phải là một số.", "After the operator comes a number."),
            example(),
        ));
    }
    let fits = whole.len() <= MAX_WHOLE_DIGITS && fraction.len() <= MAX_DECIMALS;
    match format!("{whole}{fraction}").parse::<i64>() {
        Ok(digits) if fits => Ok((Number { digits, decimals: fraction.len() as u32, span: start..end }, end)),
        _ => Err(error(
            Text::new("Số quá dài.", "The number is too long."),
            Text::new(
                format!("Tối đa {MAX_WHOLE_DIGITS} chữ số nguyên và {MAX_DECIMALS} chữ số thập phân."),
                format!("At most {MAX_WHOLE_DIGITS} digits and {MAX_DECIMALS} decimals."),
            ),
        )),
    }
}

fn each(text: &str, at: usize) -> Result<Option<Part>, GoalError> {
    let start = skip_space(text, at);
    let words: Vec<&str> = text[start..].split_whitespace().collect();
    let error = |message: Text| {
        GoalError::new(
            "goal-part",
            start..text.trim_end().len().max(start),
            message,
            Text::new(
                "Sau số chỉ có thể là \"each month\", \"each quarter\" hoặc \"each half-year\".",
                "After the number there may only be \"each month\", \"each quarter\" or \"each half-year\".",
            ),
        )
    };
    match words.as_slice() {
        [] => Ok(None),
        ["each", part] => match *part {
            "month" => Ok(Some(Part::Month)),
            "quarter" => Ok(Some(Part::Quarter)),
            "half-year" => Ok(Some(Part::HalfYear)),
            _ => Err(error(Text::new("Không có phần này của kỳ.", "There is no such part of a period."))),
        },
        _ => Err(error(Text::new(
            "Phần cuối của mức chỉ tiêu không đọc được.",
            "The end of the goal cannot be read.",
        ))),
    }
}

#[cfg(test)]
#[path = "goal_tests.rs"]
mod tests;
