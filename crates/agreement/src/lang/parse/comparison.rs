//! Comparisons: what may follow a sum.

use super::Parser;
use crate::lang::Compare;
use crate::lang::ast::{Ast, AstNode};
use crate::lang::error::LangError;
use crate::lang::lex::{Sign, Tok, Token};
use crate::lang::parse::is_keyword;

impl Parser<'_> {
    pub(super) fn comparison(&mut self) -> Ast {
        let start = self.span().start;
        let left = self.sum();
        let Some(mut tree) = self.comparison_tail(start, left) else { return self.broken(start) };
        // Comparisons do not chain.
        while self.compare_sign().is_some() || self.word_is(&["in", "is"]) {
            let sign = self.span();
            let nothing = Ast::leaf(AstNode::Broken, sign.start..sign.start);
            if self.comparison_tail(sign.start, nothing).is_none() && self.span() == sign {
                self.bump();
            }
            self.chained(&tree, sign);
            tree = self.broken(start);
        }
        tree
    }

    fn compare_sign(&self) -> Option<Compare> {
        let Tok::Sign(sign) = self.peek() else { return None };
        match sign {
            Sign::Eq => Some(Compare::Eq),
            Sign::Ne => Some(Compare::Ne),
            Sign::Lt => Some(Compare::Lt),
            Sign::Le => Some(Compare::Le),
            Sign::Gt => Some(Compare::Gt),
            Sign::Ge => Some(Compare::Ge),
            _ => None,
        }
    }

    /// What follows the left side of a comparison; the left side itself when nothing does. `None` when
    /// what follows is broken beyond use.
    pub(super) fn comparison_tail(&mut self, start: usize, left: Ast) -> Option<Ast> {
        if let Some(op) = self.compare_sign() {
            let sign = self.span();
            self.bump();
            if self.word_is(&["null", "NULL", "Null", "none", "unknown", "blank", "empty"]) {
                self.compared_with_nothing(&left, sign, op);
                self.bump();
                return None;
            }
            let right = self.sum();
            let depth = left.depth.max(right.depth);
            return Some(self.node(start, depth, AstNode::Compare(op, Box::new(left), Box::new(right))));
        }
        let next_is_in =
            matches!(self.tokens.get(self.at + 1), Some(Token { tok: Tok::Word(w), .. }) if w == "in");
        if self.word_is(&["in"]) || (self.word_is(&["not"]) && next_is_in) {
            let negated = self.eat_word("not");
            self.bump();
            if self.eat_word("period") {
                let depth = left.depth;
                return Some(self.node(start, depth, AstNode::InPeriod { value: Box::new(left), negated }));
            }
            let items = self.list()?;
            let depth = items.iter().map(|i| i.depth).max().unwrap_or(0).max(left.depth);
            return Some(self.node(start, depth, AstNode::In { value: Box::new(left), negated, items }));
        }
        if self.eat_word("is") {
            let negated = self.eat_word("not");
            self.known()?;
            let depth = left.depth;
            return Some(self.node(start, depth, AstNode::IsKnown { value: Box::new(left), negated }));
        }
        Some(left)
    }

    /// The word `known` after `is` or `is not`.
    fn known(&mut self) -> Option<()> {
        if self.eat_word("known") {
            return Some(());
        }
        let span = self.span();
        let found = self.source(&span);
        self.errors.push(
            LangError::new(
                "expected-known",
                span,
                format!("Sau `is` phải là `known` hoặc `not known`, không phải `{found}`."),
                format!("After `is` stands `known` or `not known`, not `{found}`."),
            )
            .help(
                "`x is known`: đã có giá trị; `x is not known`: chưa có. So sánh bằng thì dùng `=`.",
                "`x is known` and `x is not known` ask for a value; equality is written `=`.",
            ),
        );
        if matches!(self.peek(), Tok::Word(word) if !is_keyword(word)) {
            self.bump();
        }
        None
    }

    /// The list after `in`.
    fn list(&mut self) -> Option<Vec<Ast>> {
        let open = self.span();
        if !self.eat(Sign::Open) {
            let found = self.source(&open);
            let mut error = LangError::new(
                "expected-list",
                open.clone(),
                "Sau `in` phải là `period` hoặc một danh sách trong ngoặc tròn.",
                "After `in` stands `period` or a list in brackets.",
            );
            let is_value =
                matches!(self.peek(), Tok::Text(_) | Tok::Integer(_) | Tok::Date(_) | Tok::Word(_));
            if is_value {
                error = error.help(format!("Viết in ({found})."), format!("Write in ({found})."));
            } else {
                error = error
                    .help("Ví dụ: in ('granted', 'refused').", "For example: in ('granted', 'refused').");
            }
            self.errors.push(error);
            if is_value {
                self.sum();
            }
            return None;
        }
        if self.peek() == &Tok::Sign(Sign::Close) {
            self.bump();
            let span = open.start..self.end();
            self.errors.push(
                LangError::new(
                    "empty-list",
                    span,
                    "Danh sách sau `in` để trống.",
                    "The list after `in` is empty.",
                )
                .help("Ghi ít nhất một giá trị.", "Give at least one value."),
            );
            return None;
        }
        let items = self.nested_list();
        self.close(open);
        Some(items)
    }
}
