//! Function calls.

use std::ops::Range;

use super::{Checker, Found};
use crate::kind::TextForm;
use crate::lang::ast::{Ast, AstNode};
use crate::lang::error::{LangError, shown};
use crate::lang::types::Signature;
use crate::lang::{Function, Node, Type, Typed, zones};
use crate::limit::TimeLimit;
use crate::text::Text;

impl<'a> Checker<'a, '_> {
    pub(super) fn call(
        &mut self,
        ast: &Ast,
        name: &str,
        place: &Range<usize>,
        arguments: &[Ast],
    ) -> Option<Found<'a>> {
        let Some(signature) = Signature::of(name) else {
            let error = self.unknown_function(name, place);
            self.errors.push(error);
            return None;
        };
        if signature.working && !self.setting.working_days {
            self.errors.push(
                LangError::new(
                    "zone-only",
                    place.clone(),
                    format!("Lịch của gói dữ liệu chỉ có múi giờ, không có ngày làm việc, nên không dùng được `{name}`."),
                    format!("The bundle's calendar only knows its zone and has no working days, so `{name}` is refused."),
                )
                .help(
                    "So sánh theo ngày, hoặc chọn trong calendar.toml một lịch có ngày làm việc.",
                    "Compare by day, or choose a calendar with working days in calendar.toml.",
                ),
            );
        }
        if arguments.iter().any(|argument| argument.node == AstNode::Broken) {
            // How many were meant is anybody's guess; the others may still be wrong.
            for argument in arguments {
                self.check(argument);
            }
            return None;
        }
        if arguments.len() < signature.least || signature.most().is_some_and(|most| arguments.len() > most) {
            self.errors.push(
                LangError::new(
                    "wrong-arguments",
                    ast.span.clone(),
                    format!("Hàm `{name}` nhận số giá trị khác (ở đây có {}).", arguments.len()),
                    format!("`{name}` takes another number of arguments ({} found).", arguments.len()),
                )
                .help(format!("Viết {}.", signature.usage), format!("Write {}.", signature.usage)),
            );
            return None;
        }
        match name {
            "coalesce" => self.coalesce(ast, arguments),
            "count" => self.count(ast, arguments.first()?),
            "day" => self.day(ast, signature, arguments),
            _ => self.plain_call(ast, signature, arguments),
        }
    }

    fn plain_call(&mut self, ast: &Ast, signature: &Signature, arguments: &[Ast]) -> Option<Found<'a>> {
        let (function, ty) = match signature.name {
            "is_working_day" => (Function::IsWorkingDay, Type::Flag),
            "add_working_days" => (Function::AddWorkingDays, Type::Day),
            "add_calendar_days" => (Function::AddCalendarDays, Type::Day),
            "add_months" => (Function::AddMonths, Type::Day),
            "add_working_minutes" => (Function::AddWorkingMinutes, Type::Moment),
            "add_working_hours" => (Function::AddWorkingHours, Type::Moment),
            "due_by" => (Function::DueBy, Type::Moment),
            "work_days" => (Function::WorkDays, Type::Integer),
            "work_minutes" => (Function::WorkMinutes, Type::Integer),
            _ => (Function::OutsideHours, Type::Flag),
        };
        let mut checked = Vec::with_capacity(arguments.len());
        for (argument, wanted) in arguments.iter().zip(signature.takes) {
            checked.push(self.argument(argument, *wanted, signature));
        }
        let checked: Vec<Found<'a>> = checked.into_iter().collect::<Option<_>>()?;
        if signature.working
            && let Some(Typed { node: Node::Integer(n), span, .. }) = checked.get(1).map(|f| &f.typed)
            && *n < 0
        {
            self.errors.push(
                LangError::new(
                    "negative-amount",
                    span.clone(),
                    format!("Hàm `{}` không cộng số âm.", signature.name),
                    format!("`{}` does not add a negative number.", signature.name),
                )
                .help("Cộng vào vế kia của phép so sánh.", "Add it on the other side of the comparison."),
            );
            return None;
        }
        if function == Function::DueBy && !self.is_limit(&checked[1].typed) {
            return None;
        }
        self.built(ast, function, ty, checked)
    }

    /// Whether a text may be a time limit: a column that holds such, or one written out that can be reckoned with.
    fn is_limit(&mut self, limit: &Typed) -> bool {
        let why = match &limit.node {
            Node::Text(text) => match TimeLimit::read(text) {
                Ok(limit) if limit.clock().is_some() => return true,
                Ok(_) => Text::new(
                    "Thời hạn ghi giờ mà không nói giờ làm việc hay giờ đồng hồ. Hãy ghi ví dụ 8 giờ làm việc.",
                    "The time limit gives hours and does not say which. Write for example 8 working hours.",
                ),
                Err(why) => why.text(),
            },
            Node::Column(column) => {
                let column = self.setting.kind.columns.get(*column);
                if column.is_none_or(|column| column.form == Some(TextForm::Limit)) {
                    return true;
                }
                Text::new(
                    "Cột này không chứa thời hạn, nên không tính hạn trả từ nó được.",
                    "This column holds no time limits, so no due date follows from it.",
                )
            }
            _ => return true,
        };
        self.errors.push(LangError::new("not-a-limit", limit.span.clone(), why.vi, why.en).help(
            "Dùng cột thời hạn như time_limit, hoặc ghi thẳng, ví dụ '20 ngày'.",
            "Use a column of time limits such as time_limit, or write one out, such as '20 days'.",
        ));
        false
    }

    fn built(&mut self, ast: &Ast, function: Function, ty: Type, parts: Vec<Found<'a>>) -> Option<Found<'a>> {
        let nodes = parts.iter().map(|part| part.nodes).sum();
        let depth = parts.iter().map(|part| part.depth).max().unwrap_or(0);
        let parts = parts.into_iter().map(|part| part.typed).collect();
        self.node(ast, Node::Call(function, parts), ty, (nodes, depth))
    }

    /// An argument of one type.
    fn argument(&mut self, ast: &Ast, wanted: Type, signature: &Signature) -> Option<Found<'a>> {
        let found = self.check(ast)?;
        if found.ty() == wanted {
            return Some(found);
        }
        let source = self.source(&ast.span);
        let error = LangError::new(
            "wrong-type",
            ast.span.clone(),
            format!(
                "Hàm `{}` cần {} ở chỗ này, nhưng `{source}` là {}.",
                signature.name,
                wanted.vi(),
                found.ty().vi()
            ),
            format!(
                "`{}` needs {} here, but `{source}` is {}.",
                signature.name,
                wanted.en(),
                found.ty().en()
            ),
        );
        self.errors.push(match (wanted, found.ty()) {
            (Type::Day, Type::Moment) => {
                error.help(format!("Viết day({source})."), format!("Write day({source})."))
            }
            (Type::Moment, Type::Day) if signature.name == "day" => error.help(
                format!("`{source}` đã là ngày: bỏ hàm day."),
                format!("`{source}` is a day already: leave day out."),
            ),
            (Type::Moment, Type::Day) => error.help(
                "Cột chỉ có ngày thì dùng work_days hoặc add_working_days.",
                "For a column of days use work_days or add_working_days.",
            ),
            (Type::Integer, Type::Duration) => {
                error.help("Viết số không kèm đơn vị.", "Write the number without a unit.")
            }
            _ => error.help(format!("Viết {}.", signature.usage), format!("Write {}.", signature.usage)),
        });
        None
    }

    fn day(&mut self, ast: &Ast, signature: &Signature, arguments: &[Ast]) -> Option<Found<'a>> {
        let moment = self.argument(arguments.first()?, Type::Moment, signature);
        let zone = match arguments.get(1) {
            None => None,
            Some(Ast { node: AstNode::Text(name), span, .. }) => match zones::get(name) {
                // The database finds names in any case; its own spelling is what is kept and digested.
                Some(zone) => Some(zone.name().to_owned()),
                None => {
                    self.errors.push(
                        LangError::new(
                            "unknown-zone",
                            span.clone(),
                            format!("Không có múi giờ '{}'.", shown(name)),
                            format!("There is no time zone '{}'.", shown(name)),
                        )
                        .help(
                            "Dùng tên IANA, ví dụ 'Asia/Ho_Chi_Minh' hoặc 'UTC'.",
                            "Use an IANA name, for example 'Asia/Ho_Chi_Minh' or 'UTC'.",
                        ),
                    );
                    return None;
                }
            },
            Some(other) => {
                if other.node != AstNode::Broken {
                    self.errors.push(
                        LangError::new(
                            "unknown-zone",
                            other.span.clone(),
                            "Múi giờ phải ghi thẳng bằng tên trong dấu nháy đơn.",
                            "The zone is written out as a name in single quotes.",
                        )
                        .help("Ví dụ day(x, 'UTC').", "For example day(x, 'UTC')."),
                    );
                }
                return None;
            }
        };
        self.built(ast, Function::Day(zone), Type::Day, vec![moment?])
    }

    fn count(&mut self, ast: &Ast, list: &Ast) -> Option<Found<'a>> {
        let found = self.check(list)?;
        if matches!(found.ty(), Type::Intervals | Type::Changes) {
            return self.built(ast, Function::Count, Type::Integer, vec![found]);
        }
        let source = self.source(&list.span);
        self.errors.push(
            LangError::new(
                "wrong-type",
                list.span.clone(),
                format!("Hàm `count` đếm mục của một danh sách, nhưng `{source}` là {}.", found.ty().vi()),
                format!("`count` counts the entries of a list, but `{source}` is {}.", found.ty().en()),
            )
            .help(
                "Đếm bản ghi thì dùng measure = \"count\"; `count` chỉ dùng cho cột danh sách như pauses.",
                "Records are counted by measure = \"count\"; `count` is for list columns such as pauses.",
            ),
        );
        None
    }

    fn coalesce(&mut self, ast: &Ast, arguments: &[Ast]) -> Option<Found<'a>> {
        let mut parts: Vec<Found<'a>> = Vec::with_capacity(arguments.len());
        let mut whole = true;
        for argument in arguments {
            let Some(found) = self.check(argument) else {
                whole = false;
                continue;
            };
            if matches!(found.ty(), Type::Intervals | Type::Changes) {
                self.errors.push(
                    LangError::new(
                        "wrong-type",
                        argument.span.clone(),
                        "Hàm `coalesce` không dùng cho danh sách.",
                        "`coalesce` is not for lists.",
                    )
                    .help(
                        format!("Đếm trước: count({}).", self.source(&argument.span)),
                        format!("Count first: count({}).", self.source(&argument.span)),
                    ),
                );
                whole = false;
                continue;
            }
            parts.push(found);
        }
        // Codes bind: the first argument that is a code column says what the texts may be.
        let like = parts.iter().position(|part| part.codes.is_some()).unwrap_or(0);
        for (index, argument) in arguments.iter().enumerate().take(parts.len()) {
            if whole && index != like {
                let (like, part) = (parts.get(like)?.clone(), parts.get(index)?.clone());
                whole &= self.alike(argument, &like, &part);
            }
        }
        if !whole {
            return None;
        }
        let ty = parts.first()?.ty();
        let codes = parts.iter().find_map(|part| part.codes);
        let whole_days = parts.iter().all(|part| part.whole_days);
        let mut found = self.built(ast, Function::Coalesce, ty, parts)?;
        found.codes = codes;
        found.whole_days = whole_days;
        Some(found)
    }
}
