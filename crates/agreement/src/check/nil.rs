//! Nil reports, stated values and exemptions against each other and against the membership.

use std::ops::Range;

use super::membership_day;
use crate::bundle::Bundle;
use crate::cluster::Role;
use crate::problem::Problem;
use crate::reports::{NilAbout, NilReport};
use crate::target::Target;
use crate::text::Text;

const REPORTS: &str = "reports.toml";

pub(super) fn ask(bundle: &Bundle, problems: &mut Vec<Problem>) {
    let members = bundle.cluster.with_role(Role::Member, membership_day(bundle));
    let code = |unit: usize| bundle.cluster.units.get(unit).map_or("", |unit| unit.code.as_str());
    let mut ask =
        |kind: &'static str, file: &str, span: &Range<usize>, vi: String, en: String, help: Option<Text>| {
            let problem = Problem::question(kind, file, span.clone(), Text::new(vi, en));
            problems.push(Problem { help, ..problem });
        };
    let not_a_member = |unit: usize| {
        let unit = code(unit);
        (
            format!(
                "{unit} không phải thành viên ngày {}. Đơn vị nào được nói đến?",
                membership_day(bundle).dmy()
            ),
            format!("{unit} is not a member on {}. Which unit is meant?", membership_day(bundle)),
        )
    };
    for nil in &bundle.reports.nil {
        let unit = code(nil.unit);
        if !nil.confirmed() {
            ask(
                "nil-not-confirmed",
                REPORTS,
                &nil.span,
                format!(
                    "Báo cáo không phát sinh của {unit} chưa được người đứng đầu xác nhận. Ai xác nhận, ngày nào?"
                ),
                format!(
                    "The nil report of {unit} is not confirmed by its leader. Who confirms it, and when?"
                ),
                Some(Text::new(
                    "Trước khi có confirmed_by và confirmed_on, đơn vị vẫn ở mức \"chưa có số liệu\".",
                    "Until confirmed_by and confirmed_on are there, the unit stays at \"no data\".",
                )),
            );
        }
        if !members.contains(&nil.unit) {
            let (vi, en) = not_a_member(nil.unit);
            ask("nil-of-non-member", REPORTS, &nil.span, vi, en, None);
        }
        for target in bundle.agreement.targets.iter().filter(|target| is_about(nil, target)) {
            if bundle.agreement.exemption(nil.unit, &target.id).is_some() {
                ask(
                    "nil-and-exempt",
                    REPORTS,
                    &nil.span,
                    format!(
                        "{unit} vừa được miễn chỉ tiêu \"{}\" vừa báo không phát sinh. Trường hợp nào đúng?",
                        target.id
                    ),
                    format!(
                        "{unit} is both exempt from \"{}\" and reports no cases. Which one holds?",
                        target.id
                    ),
                    Some(Text::new("Đang tính là được miễn.", "It is treated as exempt.")),
                );
            }
        }
    }
    for stated in &bundle.reports.stated {
        if !members.contains(&stated.unit) {
            let (vi, en) = not_a_member(stated.unit);
            ask("stated-of-non-member", REPORTS, &stated.span, vi, en, None);
        }
        if stated.confirmed_on.is_none() || stated.confirmed_by.is_none() {
            let unit = code(stated.unit);
            ask(
                "stated-not-confirmed",
                REPORTS,
                &stated.span,
                format!("Con số {unit} tự báo chưa có người xác nhận. Ai xác nhận, ngày nào?"),
                format!("The figure stated by {unit} is not confirmed. Who confirms it, and when?"),
                None,
            );
        }
    }
    for exemption in &bundle.agreement.exemptions {
        if !members.contains(&exemption.unit) {
            let (vi, en) = not_a_member(exemption.unit);
            ask("exemption-of-non-member", "agreement.toml", &exemption.span, vi, en, None);
        }
        let target = bundle.agreement.target(&exemption.target);
        let outside =
            target.and_then(|t| t.units.as_ref()).is_some_and(|units| !units.contains(&exemption.unit));
        if outside {
            let unit = code(exemption.unit);
            ask(
                "exemption-not-needed",
                "agreement.toml",
                &exemption.span,
                format!("Chỉ tiêu \"{}\" vốn không dành cho {unit}. Có cần miễn không?", exemption.target),
                format!(
                    "The target \"{}\" is not for {unit} anyway. Is the exemption needed?",
                    exemption.target
                ),
                None,
            );
        }
    }
}

fn is_about(nil: &NilReport, target: &Target) -> bool {
    match &nil.about {
        NilAbout::Kind(kind) => *kind == target.kind,
        NilAbout::Target(id) => *id == target.id,
    }
}
