//! Clauses that nothing answers, and signing days against what they sign.

use crate::agreement_file::Status;
use crate::bundle::Bundle;
use crate::problem::Problem;
use crate::text::Text;

const FILE: &str = "agreement.toml";

pub(super) fn ask(bundle: &Bundle, problems: &mut Vec<Problem>) {
    let agreement = &bundle.agreement;
    for clause in &agreement.clauses {
        let below = format!("{}.", clause.number.trim_end_matches('.'));
        let is_heading = agreement
            .clauses
            .iter()
            .any(|other| other.number != clause.number && other.number.starts_with(&below));
        let has_target = agreement.targets.iter().any(|target| target.clause == clause.number);
        if clause.report || has_target || is_heading {
            continue;
        }
        problems.push(
            Problem::question(
                "clause-without-answer",
                FILE,
                clause.span.clone(),
                Text::new(
                    format!(
                        "Khoản {} không có chỉ tiêu và không được báo cáo. Trả lời khoản này bằng gì?",
                        clause.number
                    ),
                    format!(
                        "Clause {} has neither a target nor a report. How is it answered?",
                        clause.number
                    ),
                ),
            )
            .help(Text::new(
                "Thêm [[target]], hoặc ghi report = true: trả lời bằng báo cáo ngắn.",
                "Add a [[target]], or write report = true: a short report answers it.",
            )),
        );
    }
    let span = &agreement.signed_span;
    match (agreement.signed, agreement.counts_from) {
        (Some(signed), Some(from)) if signed > from => problems.push(Problem::warning(
            "signed-after-start",
            FILE,
            span.clone(),
            Text::new(
                format!(
                    "Ký ngày {} nhưng tính số liệu từ {}; bảng kết quả nói rõ điều này.",
                    signed.dmy(),
                    from.dmy()
                ),
                format!("Signed on {signed} but counting from {from}; the scoreboard says so."),
            ),
        )),
        (None, _) if agreement.status != Status::Draft => problems.push(
            Problem::question(
                "not-signed",
                FILE,
                span.clone(),
                Text::new(
                    "Giao ước không còn là dự thảo nhưng không có ngày ký. Ký ngày nào?",
                    "The agreement is no longer a draft but has no day of signing. When was it signed?",
                ),
            )
            .help(Text::new("Ghi signed = ngày ký.", "Write signed = the day.")),
        ),
        _ => {}
    }
    for amendment in agreement.amendments.iter().filter(|a| a.signed > a.from) {
        let (id, signed, from) = (&amendment.id, amendment.signed, amendment.from);
        problems.push(Problem::warning(
            "signed-after-start",
            FILE,
            amendment.span.clone(),
            Text::new(
                format!(
                    "Phụ lục {id} ký ngày {} nhưng có hiệu lực từ {}; bảng kết quả nói rõ điều này.",
                    signed.dmy(),
                    from.dmy()
                ),
                format!(
                    "The amendment {id} was signed on {signed} but holds from {from}; the scoreboard says so."
                ),
            ),
        ));
    }
}
