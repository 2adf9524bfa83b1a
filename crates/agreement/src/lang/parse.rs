//! Tokens into an untyped tree, by recursive descent over the grammar of `docs/language.md`. An error is
//! noted, the part in question is marked as broken, and reading goes on behind it.

mod comparison;
mod complain;

use std::ops::Range;

use self::complain::{too_deep, wrong_unit};
use super::ast::{Ast, AstNode};
use super::error::{Errors, LangError, shown};
use super::lex::{Sign, Tok, Token, integer_too_large, lex};
use super::{Arithmetic, MAX_BYTES, MAX_NESTING};

/// Reads a whole condition. The tree may hold broken parts; then `errors` is not empty.
pub(super) fn parse(text: &str, errors: &mut Errors) -> Ast {
    if text.len() > MAX_BYTES {
        errors.push(
            LangError::new(
                "too-long",
                0..0,
                format!("Điều kiện dài quá {MAX_BYTES} byte."),
                format!("The condition is longer than {MAX_BYTES} bytes."),
            )
            .help(
                "Tách phần lặp lại thành định nghĩa ([[definition]]).",
                "Move what repeats into definitions ([[definition]]).",
            ),
        );
        return Ast::leaf(AstNode::Broken, 0..0);
    }
    if text.trim().is_empty() {
        errors.push(
            LangError::new("empty", 0..text.len(), "Điều kiện để trống.", "The condition is empty.").help(
                "Viết điều kiện, hoặc `true` nếu mọi bản ghi đều được tính.",
                "Write a condition, or `true` if every record counts.",
            ),
        );
        return Ast::leaf(AstNode::Broken, 0..0);
    }
    let tokens = lex(text, errors);
    let mut parser = Parser { text, tokens, at: 0, nesting: 0, gave_up: false, errors };
    let mut tree = parser.or();
    // What is left over is reported; behind a stray bracket or operator reading starts again, so that
    // errors further on are reported too.
    while parser.peek() != &Tok::End {
        parser.left_over();
        tree = parser.broken(tree.span.start);
        parser.bump();
        while matches!(parser.peek(), Tok::Sign(Sign::Close | Sign::Comma)) || parser.word_is(&["and", "or"])
        {
            parser.bump();
        }
        if parser.peek() != &Tok::End {
            parser.or();
        }
    }
    tree
}

/// Microseconds of a unit of time.
pub(super) fn unit(word: &str) -> Option<i64> {
    match word {
        "day" | "days" => Some(86_400_000_000),
        "hour" | "hours" => Some(3_600_000_000),
        "minute" | "minutes" => Some(60_000_000),
        _ => None,
    }
}

const KEYWORDS: [&str; 12] = [
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

/// Whether a word is one of the language's own.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
    /// The rest was not read, so nothing is said about its end.
    gave_up: bool,
    errors: &'a mut Errors,
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        // `bump` never passes the last token, which is the end.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &Tok {
        &self.token().tok
    }

    fn span(&self) -> Range<usize> {
        self.token().span.clone()
    }

    /// Where the last token read ends.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |t| t.span.end)
    }

    fn bump(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    fn eat(&mut self, sign: Sign) -> bool {
        let found = self.peek() == &Tok::Sign(sign);
        if found {
            self.bump();
        }
        found
    }

    fn word_is(&self, words: &[&str]) -> bool {
        matches!(self.peek(), Tok::Word(word) if words.contains(&word.as_str()))
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.word_is(&[word]);
        if found {
            self.bump();
        }
        found
    }

    fn source(&self, span: &Range<usize>) -> String {
        shown(self.text.get(span.clone()).unwrap_or_default())
    }

    fn broken(&self, start: usize) -> Ast {
        Ast::leaf(AstNode::Broken, start..self.end().max(start))
    }

    /// A node over parts that end where reading stands now.
    fn node(&mut self, start: usize, depth: usize, node: AstNode) -> Ast {
        let span = start..self.end().max(start);
        if depth >= MAX_NESTING {
            self.errors.push(too_deep(span.clone()));
            return Ast::leaf(AstNode::Broken, span);
        }
        Ast { node, span, depth: depth + 1 }
    }

    /// Runs a rule one level further in; too deep, the rest of the condition is given up.
    fn nested(&mut self, rule: impl FnOnce(&mut Self) -> Ast) -> Ast {
        if self.nesting >= MAX_NESTING {
            let span = self.span();
            self.errors.push(too_deep(span.clone()));
            self.at = self.tokens.len() - 1;
            self.gave_up = true;
            return Ast::leaf(AstNode::Broken, span);
        }
        self.nesting += 1;
        let tree = rule(self);
        self.nesting -= 1;
        tree
    }

    fn or(&mut self) -> Ast {
        self.joined("or", Self::and, AstNode::Or)
    }

    fn and(&mut self) -> Ast {
        self.joined("and", Self::not, AstNode::And)
    }

    /// `part WORD part WORD …`; a part of the same shape (from brackets) is taken in, the order kept.
    fn joined(&mut self, word: &str, part: fn(&mut Self) -> Ast, make: fn(Vec<Ast>) -> AstNode) -> Ast {
        let start = self.span().start;
        let first = part(self);
        if !self.word_is(&[word]) {
            return first;
        }
        let mut parts = vec![first];
        while self.eat_word(word) {
            parts.push(part(self));
        }
        let depth = parts.iter().map(|p| p.depth).max().unwrap_or(0);
        self.node(start, depth, make(parts))
    }

    fn not(&mut self) -> Ast {
        let start = self.span().start;
        if !self.eat_word("not") {
            return self.comparison();
        }
        let inner = self.nested(Self::not);
        self.node(start, inner.depth, AstNode::Not(Box::new(inner)))
    }

    /// Expressions with commas between, up to a closing bracket.
    fn nested_list(&mut self) -> Vec<Ast> {
        let mut items = vec![self.nested(Self::or)];
        while self.eat(Sign::Comma) {
            items.push(self.nested(Self::or));
        }
        items
    }

    /// The bracket that closes the one at `open`.
    fn close(&mut self, open: Range<usize>) {
        if self.eat(Sign::Close) || self.gave_up {
            return;
        }
        // What stands there instead of a bracket is the nearer error, if there is anything.
        if self.peek() != &Tok::End {
            self.left_over();
            let mut depth = 0_usize;
            loop {
                match self.peek() {
                    Tok::End => return,
                    Tok::Sign(Sign::Open) => depth += 1,
                    Tok::Sign(Sign::Close) if depth == 0 => break,
                    Tok::Sign(Sign::Close) => depth -= 1,
                    _ => {}
                }
                self.bump();
            }
            self.bump();
            return;
        }
        self.errors.push(
            LangError::new(
                "unclosed-bracket",
                open,
                "Ngoặc mở này không có ngoặc đóng.",
                "This bracket is never closed.",
            )
            .help("Thêm `)`.", "Add `)`."),
        );
    }

    fn sum(&mut self) -> Ast {
        self.chain(Self::product, |tok| match tok {
            Tok::Sign(Sign::Plus) => Some(Arithmetic::Add),
            Tok::Sign(Sign::Minus) => Some(Arithmetic::Sub),
            _ => None,
        })
    }

    fn product(&mut self) -> Ast {
        self.chain(Self::unary, |tok| (tok == &Tok::Sign(Sign::Star)).then_some(Arithmetic::Mul))
    }

    /// `part OP part OP …`, read from the left.
    fn chain(&mut self, part: fn(&mut Self) -> Ast, op: fn(&Tok) -> Option<Arithmetic>) -> Ast {
        let start = self.span().start;
        let mut tree = part(self);
        while let Some(op) = op(self.peek()) {
            self.bump();
            let right = part(self);
            let depth = tree.depth.max(right.depth);
            tree = self.node(start, depth, AstNode::Arithmetic(op, Box::new(tree), Box::new(right)));
        }
        tree
    }

    fn unary(&mut self) -> Ast {
        let start = self.span().start;
        if !self.eat(Sign::Minus) {
            return self.primary();
        }
        // The sign belongs to a literal: the least integer has no positive twin.
        if let Tok::Integer(value) = *self.peek() {
            return self.integer(start, value, true);
        }
        let inner = self.nested(Self::unary);
        self.node(start, inner.depth, AstNode::Negate(Box::new(inner)))
    }

    fn primary(&mut self) -> Ast {
        let span = self.span();
        let node = match self.peek().clone() {
            Tok::Integer(value) => return self.integer(span.start, value, false),
            Tok::Date(day) => AstNode::Day(day),
            Tok::Text(text) => AstNode::Text(text),
            Tok::Broken => AstNode::Broken,
            Tok::Word(word) => match word.as_str() {
                "true" => AstNode::Flag(true),
                "false" => AstNode::Flag(false),
                "as_of" => AstNode::AsOf,
                "period.start" => AstNode::PeriodStart,
                "period.end" => AstNode::PeriodEnd,
                "not" => return self.misplaced_not(),
                _ if is_keyword(&word) => return self.expected_value(),
                _ => return self.name(word),
            },
            Tok::Sign(Sign::Open) => {
                self.bump();
                let mut inner = self.nested(Self::or);
                self.close(span.clone());
                inner.span = span.start..self.end();
                return inner;
            }
            Tok::Sign(_) | Tok::End => return self.expected_value(),
        };
        self.bump();
        Ast::leaf(node, span)
    }

    /// A name, or a call when a bracket follows.
    fn name(&mut self, name: String) -> Ast {
        let span = self.span();
        self.bump();
        let open = self.span();
        if !self.eat(Sign::Open) {
            return Ast::leaf(AstNode::Name(name), span);
        }
        let arguments = if self.peek() == &Tok::Sign(Sign::Close) { Vec::new() } else { self.nested_list() };
        self.close(open);
        let depth = arguments.iter().map(|a| a.depth).max().unwrap_or(0);
        self.node(span.start, depth, AstNode::Call(name, span, arguments))
    }

    /// An integer literal, or a duration when a unit follows. Reading stands at the digits.
    fn integer(&mut self, start: usize, magnitude: u64, negative: bool) -> Ast {
        self.bump();
        let sign = if negative { -1_i128 } else { 1 };
        let value = i64::try_from(sign * i128::from(magnitude)).ok();
        let mut node = value.map(AstNode::Integer);
        if let Tok::Word(word) = self.peek().clone() {
            if let Some(unit) = unit(&word) {
                self.bump();
                node = value.and_then(|v| v.checked_mul(unit)).map(AstNode::Duration);
            } else if let Some(error) = wrong_unit(&word, self.span()) {
                self.errors.push(error);
                self.bump();
                // `3 working days`
                if matches!(self.peek(), Tok::Word(word) if unit(word).is_some()) {
                    self.bump();
                }
                return self.broken(start);
            }
        }
        let span = start..self.end();
        let node = node.unwrap_or_else(|| {
            self.errors.push(integer_too_large(span.clone()));
            AstNode::Broken
        });
        Ast::leaf(node, span)
    }
}
