//! The parser's errors that need some words.

use std::ops::Range;

use super::Parser;
use crate::lang::ast::{Ast, AstNode};
use crate::lang::error::{LangError, shown};
use crate::lang::lex::{Sign, Tok};
use crate::lang::{Compare, MAX_NESTING};

impl Parser<'_> {
    /// Something follows that no rule wanted.
    pub(super) fn left_over(&mut self) {
        let span = self.span();
        let found = self.source(&span);
        // Behind something that was reported and left out, what is missing is missing because of that.
        if self.peek() == &Tok::Broken || self.errors.any_between(self.end(), span.start) {
            return;
        }
        let error = if self.peek() == &Tok::Sign(Sign::Close) {
            LangError::new(
                "stray-bracket",
                span,
                "Ngoặc đóng này không có ngoặc mở.",
                "This bracket closes nothing.",
            )
            .help("Bỏ `)` hoặc thêm `(` ở trước.", "Leave it out, or open one before.")
        } else if self.peek() == &Tok::Sign(Sign::Comma) {
            LangError::new("stray-comma", span, "Dấu phẩy đứng sai chỗ.", "This comma is out of place.").help(
                "Nối điều kiện bằng `and`, `or`; dấu phẩy chỉ dùng trong danh sách và hàm; số viết liền: 1000.",
                "Conditions are joined by `and`, `or`; commas stand in lists and calls; numbers are written 1000.",
            )
        } else if self.word_is(&["between", "like", "contains"]) {
            LangError::new(
                "no-such-operator",
                span,
                format!("Ngôn ngữ điều kiện không có `{found}`."),
                format!("The language has no `{found}`."),
            )
            .help(
                "Khoảng giá trị: `x >= a and x <= b`; một trong nhiều giá trị: `x in ('a', 'b')`.",
                "A range is `x >= a and x <= b`; one of several values is `x in ('a', 'b')`.",
            )
        } else {
            LangError::new(
                "expected-operator",
                span,
                format!("Trước `{found}` thiếu một phép nối hoặc phép so sánh."),
                format!("An operator is missing before `{found}`."),
            )
            .help(
                "Có thể viết: and, or, =, !=, <, <=, >, >=, in, is known, +, -, *.",
                "Possible here: and, or, =, !=, <, <=, >, >=, in, is known, +, -, *.",
            )
        };
        self.errors.push(error);
    }

    /// A value was expected. The token stays, unless nothing above can use it.
    pub(super) fn expected_value(&mut self) -> Ast {
        let span = self.span();
        let found = self.source(&span);
        let error = match self.peek() {
            Tok::End => LangError::new(
                "expected-value",
                span.clone(),
                "Điều kiện dừng giữa chừng: ở cuối còn thiếu một giá trị.",
                "The condition stops short: a value is missing at its end.",
            ),
            Tok::Word(word) if word == "period" => LangError::new(
                "expected-value",
                span.clone(),
                "`period` chỉ đứng sau `in`.",
                "`period` stands after `in` only.",
            ),
            _ => LangError::new(
                "expected-value",
                span.clone(),
                format!("Chỗ này cần một giá trị, không phải `{found}`."),
                format!("A value is expected here, not `{found}`."),
            ),
        };
        self.errors.push(if self.word_is(&["period"]) {
            error.help(
                "`x in period`; ngày đầu và ngày cuối kỳ là period.start, period.end.",
                "`x in period`; its first and last day are period.start and period.end.",
            )
        } else {
            error.help(
                "Giá trị là: tên cột, định nghĩa, số, ngày 2020-03-05, 'chữ', true, false, as_of, hàm, hoặc biểu thức trong ngoặc.",
                "A value is a column, a definition, a number, a date 2020-03-05, a 'text', true, false, as_of, a call, or brackets.",
            )
        });
        let stays = matches!(self.peek(), Tok::End | Tok::Sign(Sign::Close | Sign::Comma))
            || self.word_is(&["and", "or"]);
        if self.word_is(&["in", "is"]) {
            // A comparison without its left side: what follows belongs to it.
            self.comparison_tail(span.start, Ast::leaf(AstNode::Broken, span.clone()));
        } else if !stays {
            self.bump();
            // The value that a doubled operator had before it.
            while matches!(self.peek(), Tok::Sign(sign) if !matches!(sign, Sign::Open | Sign::Close | Sign::Comma))
            {
                self.bump();
            }
            if matches!(self.peek(), Tok::Integer(_) | Tok::Date(_) | Tok::Text(_) | Tok::Broken) {
                self.bump();
            }
        }
        Ast::leaf(AstNode::Broken, span)
    }

    pub(super) fn misplaced_not(&mut self) -> Ast {
        let start = self.span().start;
        let span = self.span();
        self.errors.push(
            LangError::new(
                "misplaced-not",
                span,
                "`not` không đứng giữa phép so sánh hoặc phép tính.",
                "`not` does not stand inside a comparison or a sum.",
            )
            .help(
                "Đặt `not` trước cả phép so sánh, hoặc đặt trong ngoặc: x = (not y). Khác nhau thì dùng `!=`.",
                "Put it before the whole comparison or in brackets: x = (not y). Unequal is `!=`.",
            ),
        );
        self.bump();
        self.nested(Self::unary);
        self.broken(start)
    }

    /// A second comparison at `sign`, read by now, behind a first.
    pub(super) fn chained(&mut self, first: &Ast, sign: Range<usize>) {
        let error = LangError::new(
            "chained-comparison",
            sign.clone(),
            "Không nối liền hai phép so sánh được.",
            "Comparisons do not chain.",
        );
        self.errors.push(match &first.node {
            AstNode::Compare(_, _, middle) => {
                let (first, middle) = (self.source(&first.span), self.source(&middle.span));
                let rest = self.source(&(sign.start..self.end()));
                error.help(
                    format!("Viết thành hai phép: {first} and {middle} {rest}."),
                    format!("Write two: {first} and {middle} {rest}."),
                )
            }
            _ => error.help(
                "Viết thành hai điều kiện nối bằng `and`, hoặc đặt phép thứ nhất trong ngoặc.",
                "Write two joined by `and`, or put the first in brackets.",
            ),
        });
    }

    pub(super) fn compared_with_nothing(&mut self, left: &Ast, sign: Range<usize>, op: Compare) {
        let name = self.source(&left.span);
        let right = if op == Compare::Ne { "is known" } else { "is not known" };
        let span = sign.start..self.span().end;
        self.errors.push(
            LangError::new(
                "compared-with-nothing",
                span,
                "Giá trị chưa biết không so sánh được bằng dấu.",
                "An unknown value is not asked for by a comparison.",
            )
            .help(format!("Viết {name} {right}."), format!("Write {name} {right}.")),
        );
    }
}

/// Units that people write and the language has none of, because their length is not one length.
pub(super) fn wrong_unit(word: &str, span: Range<usize>) -> Option<LangError> {
    let (vi, en) = match word {
        "week" | "weeks" | "tuần" => ("Viết 7 days cho một tuần.", "Write 7 days for a week."),
        "month" | "months" | "tháng" => (
            "Tháng dài ngắn khác nhau: dùng add_months(ngày, số tháng).",
            "Months differ in length: use add_months(day, months).",
        ),
        "year" | "years" | "năm" => (
            "Năm dài ngắn khác nhau: dùng add_months(ngày, 12).",
            "Years differ in length: use add_months(day, 12).",
        ),
        "second" | "seconds" | "giây" => ("Đơn vị nhỏ nhất là minutes.", "The least unit is minutes."),
        "ngày" => ("Viết days.", "Write days."),
        "giờ" => ("Viết hours.", "Write hours."),
        "phút" => ("Viết minutes.", "Write minutes."),
        "working" | "work" => (
            "Ngày làm việc: dùng add_working_days(ngày, số ngày); giờ làm việc: add_working_hours(thời điểm, số giờ).",
            "For working days use add_working_days(day, days), for hours add_working_hours(moment, hours).",
        ),
        _ => return None,
    };
    Some(
        LangError::new(
            "unknown-unit",
            span,
            format!("Không có đơn vị thời gian `{}`.", shown(word)),
            format!("There is no unit of time `{}`.", shown(word)),
        )
        .help(vi, en),
    )
}

/// The error of a condition that is nested too deep.
pub(super) fn too_deep(span: Range<usize>) -> LangError {
    LangError::new(
        "too-deep",
        span,
        format!("Điều kiện lồng nhau quá {MAX_NESTING} tầng."),
        format!("The condition is nested more than {MAX_NESTING} levels deep."),
    )
    .help(
        "Tách một phần thành định nghĩa ([[definition]]).",
        "Move a part into a definition ([[definition]]).",
    )
}
