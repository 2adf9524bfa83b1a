//! A whole rule as one sentence: which records, and what is made of them.

use super::Words;
use crate::kind::Kind;
use crate::target::{Measure, Rule, UnknownMet};
use crate::text::{Lang, Text};

/// A rule as somebody would say it to a colleague, with its full stops. It says everything that decides a figure:
/// a reader of the sentence and the evaluator count the same records (the worked examples of the example's
/// agreement are read both ways in `e2e/reader`).
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
                    format!("{take}. Trong số đó, tính tỷ lệ đạt yêu cầu: {met}. {unsure} {unknown}")
                }
                Measure::Count => format!("Đếm mọi {kind} mà: {counted}. {unsure}"),
                Measure::Sum { value: tree } => {
                    format!("{take}. Cộng {}; bản ghi chưa có thì không cộng. {unsure}", value(tree))
                }
                Measure::Mean { value: tree } => {
                    format!(
                        "{take}. Lấy trung bình của {} ở những bản ghi có giá trị ấy. {unsure}",
                        value(tree)
                    )
                }
                Measure::Percentile { value: tree, percent: 100 } => {
                    format!("{take}. Lấy giá trị lớn nhất của {}. {unsure}", value(tree))
                }
                Measure::Percentile { value: tree, percent } => format!(
                    "{take}. Xếp {} từ nhỏ đến lớn và lấy giá trị đầu tiên mà ít nhất {percent} % số bản ghi không vượt quá. {unsure}",
                    value(tree)
                ),
                Measure::Distinct { value: tree } => {
                    format!("{take}. Đếm số giá trị khác nhau của {}. {unsure}", value(tree))
                }
            }
        }
        Lang::En => {
            let take = format!("Take every {kind} for which: {counted}");
            let unsure = "Where it cannot be known, the record is not taken.";
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
                    format!("{take}. Of these, the share that meets the target: {met}. {unsure} {unknown}")
                }
                Measure::Count => format!("Count every {kind} for which: {counted}. {unsure}"),
                Measure::Sum { value: tree } => {
                    format!("{take}. Add up {}; records without it add nothing. {unsure}", value(tree))
                }
                Measure::Mean { value: tree } => {
                    format!("{take}. The mean of {} over the records that have it. {unsure}", value(tree))
                }
                Measure::Percentile { value: tree, percent: 100 } => {
                    format!("{take}. The greatest {}. {unsure}", value(tree))
                }
                Measure::Percentile { value: tree, percent } => format!(
                    "{take}. Sort {} from small to great and take the first that at least {percent} % of the records do not exceed. {unsure}",
                    value(tree)
                ),
                Measure::Distinct { value: tree } => {
                    format!("{take}. Count the different values of {}. {unsure}", value(tree))
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
