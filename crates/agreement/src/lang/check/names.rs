//! Names: columns, definitions, and codes of a list.

use std::ops::Range;

use super::{Checker, Found};
use crate::kind::{CodeList, Column, ColumnType};
use crate::lang::ast::{Ast, AstNode};
use crate::lang::definitions::Unusable;
use crate::lang::error::{LangError, shown};
use crate::lang::types::{FUNCTIONS, Signature};
use crate::lang::{MAX_DEFINITION_NESTING, Node, Type};
use crate::problem::nearest;

/// At most this many names are listed in a message.
const MOST_LISTED: usize = 12;

impl<'a> Checker<'a, '_> {
    /// A column or a definition. `key` says whether the kind's key may stand here.
    pub(super) fn name(&mut self, name: &str, span: &Range<usize>, key: bool) -> Option<Found<'a>> {
        let kind = self.setting.kind;
        let Some(index) = kind.column(name) else { return self.definition(name, span) };
        let column = kind.columns.get(index)?;
        if column.personal {
            self.errors.push(
                LangError::new(
                    "personal-column",
                    span.clone(),
                    format!("`{name}` là dữ liệu cá nhân, không được dùng trong điều kiện."),
                    format!("`{name}` is a personal column and may not stand in a condition."),
                )
                .help("Dùng cột khác không gắn với cá nhân.", "Use a column that does not concern a person."),
            );
            return None;
        }
        if index == kind.key && !key {
            self.errors.push(
                LangError::new(
                    "key-column",
                    span.clone(),
                    format!("`{name}` là khóa của bản ghi: điều kiện không được chỉ đích danh một bản ghi."),
                    format!("`{name}` is the key: a condition may not single out one record."),
                )
                .help(
                    format!("Với cột khóa chỉ dùng được `{name} is known` và measure = \"distinct\"."),
                    format!("Of the key only `{name} is known` and measure = \"distinct\" are allowed."),
                ),
            );
            return None;
        }
        let ast = Ast::leaf(AstNode::Broken, span.clone());
        let mut found = self.leaf(&ast, Node::Column(index), Type::of(&column.ty))?;
        found.codes = matches!(column.ty, ColumnType::Code(_)).then_some(column);
        Some(found)
    }

    fn definition(&mut self, name: &str, span: &Range<usize>) -> Option<Found<'a>> {
        let why = match self.expanded.get(name) {
            Some(Ok(found)) => {
                let typed = found.typed.clone().placed(span);
                return Some(Found { typed, ..found.clone() });
            }
            Some(Err(why)) => why.clone(),
            None => {
                let error = self.unknown_name(name, span);
                self.errors.push(error);
                return None;
            }
        };
        self.errors.push(match why {
            Unusable::Cycle(way) => LangError::new(
                "definition-cycle",
                span.clone(),
                format!("Định nghĩa dẫn vòng về chính nó: {way}."),
                format!("The definition leads back to itself: {way}."),
            )
            .help("Bỏ một bước trong vòng này.", "Take one step out of this circle."),
            Unusable::TooNested => LangError::new(
                "definition-too-deep",
                span.clone(),
                format!("Định nghĩa `{name}` dẫn qua quá {MAX_DEFINITION_NESTING} định nghĩa khác."),
                format!("The definition `{name}` leads through more than {MAX_DEFINITION_NESTING} others."),
            )
            .help("Viết thẳng một phần vào định nghĩa.", "Write a part of it out."),
            Unusable::Faulty => LangError::new(
                "faulty-definition",
                span.clone(),
                format!("Định nghĩa `{name}` có lỗi."),
                format!("The definition `{name}` is wrong itself."),
            )
            .help("Sửa lỗi trong định nghĩa trước.", "Correct the definition first."),
        });
        None
    }

    fn unknown_name(&self, name: &str, span: &Range<usize>) -> LangError {
        let kind = self.setting.kind;
        let error = LangError::new(
            "unknown-name",
            span.clone(),
            format!("Loại dữ liệu `{}` không có cột hoặc định nghĩa `{}`.", kind.id, shown(name)),
            format!("The kind `{}` has no column or definition `{}`.", kind.id, shown(name)),
        );
        if let Some(signature) = Signature::of(name) {
            return error.help(
                format!("`{name}` là hàm: viết {}.", signature.usage),
                format!("`{name}` is a function: write {}.", signature.usage),
            );
        }
        if matches!(name.to_lowercase().as_str(), "null" | "none" | "nil" | "blank" | "unknown") {
            return error.help("Viết `x is not known`.", "Write `x is not known`.");
        }
        if is_clock(name) {
            return error.help(
                "Ngày tính số liệu là `as_of`; điều kiện không đọc đồng hồ.",
                "The day of reckoning is `as_of`; a condition reads no clock.",
            );
        }
        if name.starts_with("period.") {
            return error
                .help("Chỉ có period.start và period.end.", "There are period.start and period.end.");
        }
        let of_code = kind.columns.iter().find(|column| {
            matches!(&column.ty, ColumnType::Code(list) if list.codes.iter().any(|code| code.code == name))
        });
        if let Some(column) = of_code {
            return error.help(
                format!("Nếu là mã của cột `{}`, đặt trong dấu nháy đơn: '{name}'.", column.id),
                format!("If the code of column `{}` is meant, put it in single quotes: '{name}'.", column.id),
            );
        }
        let columns = || kind.columns.iter().filter(|c| !c.personal).map(|c| c.id.as_str());
        let lower = name.to_lowercase();
        let near = nearest(&lower, columns().chain(self.setting.definitions.names()));
        if let Some(near) = near {
            return error.help(format!("Có phải là `{near}`?"), format!("Is `{near}` meant?"));
        }
        let mut listed: Vec<&str> = self.setting.definitions.names().take(MOST_LISTED).collect();
        listed.splice(0..0, columns());
        let list = list(&listed);
        error.help(format!("Các tên dùng được: {list}."), format!("Names that can stand here: {list}."))
    }

    /// A call of a name that is no function.
    pub(super) fn unknown_function(&self, name: &str, span: &Range<usize>) -> LangError {
        let error = LangError::new(
            "unknown-function",
            span.clone(),
            format!("Không có hàm `{}`.", shown(name)),
            format!("There is no function `{}`.", shown(name)),
        );
        if self.setting.kind.column(name).is_some() || self.setting.definitions.text(name).is_some() {
            return error.help(
                format!("`{name}` là cột hoặc định nghĩa: viết không có ngoặc."),
                format!("`{name}` is a column or a definition: write it without brackets."),
            );
        }
        if is_clock(name) {
            return error.help(
                "Ngày tính số liệu là `as_of`; điều kiện không đọc đồng hồ.",
                "The day of reckoning is `as_of`; a condition reads no clock.",
            );
        }
        let near = nearest(&name.to_lowercase(), FUNCTIONS.iter().map(|f| f.name)).and_then(Signature::of);
        match near {
            Some(near) => {
                error.help(format!("Có phải là {}?", near.usage), format!("Is {} meant?", near.usage))
            }
            None => {
                let names: Vec<&str> = FUNCTIONS.iter().map(|f| f.name).collect();
                let list = names.join(", ");
                error.help(format!("Các hàm: {list}."), format!("The functions are {list}."))
            }
        }
    }

    /// Whether a text literal is a code of a column's list; reported when it is not.
    pub(super) fn is_code(&mut self, column: &Column, literal: &str, span: &Range<usize>) -> bool {
        let ColumnType::Code(codes) = &column.ty else { return true };
        if codes.codes.iter().any(|code| code.code == literal) {
            return true;
        }
        // A name on screen or a value of a source system is stored as its code, so it can never be met.
        let meant = meant(codes, literal);
        if codes.open && meant.is_none() {
            return true;
        }
        let error = LangError::new(
            "unknown-code",
            span.clone(),
            format!("'{}' không có trong danh mục của cột `{}`.", shown(literal), column.id),
            format!("'{}' is not a code of column `{}`.", shown(literal), column.id),
        );
        let ids: Vec<&str> = codes.codes.iter().map(|code| code.code.as_str()).collect();
        let list = list(&ids);
        let near = meant.or_else(|| nearest(&literal.to_lowercase(), ids.iter().copied()));
        self.errors.push(match near {
            Some(near) => error.help(
                format!("Có phải là '{near}'? Danh mục: {list}."),
                format!("Is '{near}' meant? The list: {list}."),
            ),
            None => error.help(format!("Danh mục: {list}."), format!("The list: {list}.")),
        });
        false
    }
}

/// The code whose name on screen, or value in a source system, somebody wrote.
fn meant<'k>(codes: &'k CodeList, literal: &str) -> Option<&'k str> {
    let wrong = literal.to_lowercase();
    codes
        .codes
        .iter()
        .find(|code| {
            let names = [&code.code, &code.name.vi, &code.name.en];
            names.into_iter().chain(&code.seen).any(|name| name.to_lowercase() == wrong)
        })
        .map(|code| code.code.as_str())
}

/// Whether a name is one that other languages have for the present day.
fn is_clock(name: &str) -> bool {
    matches!(name.to_lowercase().as_str(), "today" | "now" | "current_date" | "sysdate" | "getdate")
}

/// Names with commas, cut when there are many.
fn list(names: &[&str]) -> String {
    let mut list = names.iter().take(2 * MOST_LISTED).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 2 * MOST_LISTED {
        list.push_str(", …");
    }
    list
}
