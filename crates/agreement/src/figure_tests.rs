use super::*;

/// 0 of 0 is no figure, and a 0 is one.
#[test]
fn what_has_a_value() {
    for (amount, has) in [
        (Amount::Share { met: 0, of: 0 }, false),
        (Amount::Share { met: 0, of: 1 }, true),
        (Amount::Mean { sum: 0, of: 0 }, false),
        (Amount::Mean { sum: -3, of: 1 }, true),
        (Amount::Percentile { value: None, of: 0 }, false),
        (Amount::Percentile { value: Some(0), of: 1 }, true),
        (Amount::Count(0), true),
        (Amount::Sum(-1), true),
    ] {
        assert_eq!(amount.has_value(), has, "{amount:?}");
    }
}

/// On paper without colours the sign and the word are all there is to tell them by.
#[test]
fn every_verdict_has_its_own_sign_and_word() {
    for (verdict, sign, vi, en) in [
        (Verdict::Met, "✓", "đạt", "met"),
        (Verdict::NotMet, "✗", "chưa đạt", "not met"),
        (Verdict::NoCases, "∅", "không phát sinh", "no cases"),
        (Verdict::NoData, "?", "chưa có số liệu", "no data"),
        (Verdict::NotYetDue, "…", "chưa đến hạn", "not yet due"),
        (Verdict::Exempt, "–", "miễn", "exempt"),
        (Verdict::NotJudged, "○", "không đánh giá", "not judged"),
    ] {
        assert_eq!((verdict.sign(), verdict.words()), (sign, Text::new(vi, en)));
    }
}
