//! A whole rule as one sentence: which records, and what is made of them.

use super::Words;
use crate::kind::Kind;
use crate::target::{Measure, Rule, UnknownMet};
use crate::text::{Lang, Text};

/// A rule as somebody would say it to a colleague, with its full stops. It says everything that decides a figure:
/// a reader of the sentence and the evaluator count the same records (the worked examples of the example's
/// agreement are read both ways in `crates/agreement/tests/bundles/reader.rs`).
pub fn sentence(rule: &Rule, kind: &Kind) -> Text {
    let say = |lang| whole(rule, &Words { kind, lang });
    Text::new(say(Lang::Vi), say(Lang::En))
}

fn whole(rule: &Rule, words: &Words<'_>) -> String {
    let kind = small(words.kind.name.get(words.lang));
    let counted = words.sentence(&rule.counted);
    let value = |tree| words.value(tree);
    match words.lang {
        Lang::Vi => {
            let take = format!("Lấy mọi {kind} mà: {counted}");
            let unsure = "Chưa đủ dữ liệu để biết điều đó thì không lấy.";
            let later = "Điều xảy ra sau ngày tính số liệu coi như chưa biết.";
            match &rule.measure {
                Measure::Share { met } => {
                    let met = words.sentence(met);
                    let unknown = match rule.unknown {
                        UnknownMet::NotMet => {
                            "Lấy rồi mà chưa đủ dữ liệu để biết có đạt hay không thì vẫn ở mẫu số và chưa coi là đạt."
                        }
                        UnknownMet::Exclude => {
                            "Lấy rồi mà chưa đủ dữ liệu để biết có đạt hay không thì bỏ khỏi mẫu số."
                        }
                    };
                    format!("{take}. {unsure} Trong số đó, tính tỷ lệ đạt yêu cầu: {met}. {unknown} {later}")
                }
                Measure::Count => format!("Đếm mọi {kind} mà: {counted}. {unsure} {later}"),
                Measure::Sum { value: tree } => {
                    format!("{take}. {unsure} Cộng {}; bản ghi chưa có thì không cộng. {later}", value(tree))
                }
                Measure::Mean { value: tree } => {
                    format!(
                        "{take}. {unsure} Lấy trung bình của {} ở những bản ghi có giá trị ấy. {later}",
                        value(tree)
                    )
                }
                Measure::Percentile { value: tree, percent: 100 } => {
                    format!("{take}. {unsure} Lấy giá trị lớn nhất của {}. {later}", value(tree))
                }
                Measure::Percentile { value: tree, percent } => format!(
                    "{take}. {unsure} Xếp {} từ nhỏ đến lớn và lấy giá trị đầu tiên mà ít nhất {percent} % số bản ghi không vượt quá. {later}",
                    value(tree)
                ),
                Measure::Distinct { value: tree } => {
                    format!("{take}. {unsure} Đếm số giá trị khác nhau của {}. {later}", value(tree))
                }
            }
        }
        Lang::En => {
            let take = format!("Take every {kind} for which: {counted}");
            let unsure = "Where that cannot be known, the record is not taken.";
            let later = "What happens after the day of reckoning counts as not known.";
            match &rule.measure {
                Measure::Share { met } => {
                    let met = words.sentence(met);
                    let unknown = match rule.unknown {
                        UnknownMet::NotMet => {
                            "A record taken of which it cannot be known whether it meets it stays in the denominator and does not meet it."
                        }
                        UnknownMet::Exclude => {
                            "A record taken of which it cannot be known whether it meets it leaves the denominator."
                        }
                    };
                    format!(
                        "{take}. {unsure} Of these, the share that meets the target: {met}. {unknown} {later}"
                    )
                }
                Measure::Count => format!("Count every {kind} for which: {counted}. {unsure} {later}"),
                Measure::Sum { value: tree } => {
                    format!(
                        "{take}. {unsure} Add up {}; records without it add nothing. {later}",
                        value(tree)
                    )
                }
                Measure::Mean { value: tree } => {
                    format!(
                        "{take}. {unsure} The mean of {} over the records that have it. {later}",
                        value(tree)
                    )
                }
                Measure::Percentile { value: tree, percent: 100 } => {
                    format!("{take}. {unsure} The greatest {}. {later}", value(tree))
                }
                Measure::Percentile { value: tree, percent } => format!(
                    "{take}. {unsure} Sort {} from small to great and take the first that at least {percent} % of the records do not exceed. {later}",
                    value(tree)
                ),
                Measure::Distinct { value: tree } => {
                    format!("{take}. {unsure} Count the different values of {}. {later}", value(tree))
                }
            }
        }
    }
}

/// A name within a sentence: a first letter that is not part of an abbreviation is small.
fn small(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => name.to_owned(),
    }
}
