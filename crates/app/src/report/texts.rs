//! What a report says of a target beside its figures: its words from the agreement, and how it is computed.

use giaouoc_agreement::compare::{Comparison, Standing};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::period::Period;
use giaouoc_agreement::scoreboard::Row;
use giaouoc_agreement::target::{Target, UnknownMet};
use giaouoc_agreement::text::Lang;
use giaouoc_report::model::RuleText;

use crate::bundle::Loaded;
use crate::explain::target::{in_words, named};

/// Who is judged, in words.
pub fn judged(target: &Target, lang: Lang) -> String {
    let mut who = Vec::new();
    let say = |vi: &'static str, en: &'static str| if lang == Lang::Vi { vi } else { en };
    if target.judged.each_unit {
        who.push(say("từng đơn vị", "each unit"));
    }
    if target.judged.all_together {
        who.push(say("tất cả đơn vị tính chung", "all units together"));
    }
    if target.units_goal.is_some() {
        who.push(say("cụm, theo tỷ lệ đơn vị đạt", "the cluster, by the share of units that meet it"));
    }
    who.join(say("; ", "; "))
}

/// How a target is computed in each stretch of a period.
pub fn rules(loaded: &Loaded, target: &Target, kind: &Kind, period: &Period, lang: Lang) -> Vec<RuleText> {
    let parts = target.parts(period);
    let several = parts.len() > 1;
    let rule = |(period, version): &(Period, &giaouoc_agreement::target::TargetVersion)| {
        let words = &version.words;
        let fields =
            [("counted", Some(&words.counted)), ("met", words.met.as_ref()), ("value", words.value.as_ref())];
        let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let exact = fields.into_iter().filter_map(|(name, text)| Some((name.to_owned(), one_line(text?))));
        let unknown = match (version.rule.unknown, lang) {
            (UnknownMet::NotMet, Lang::Vi) => {
                "Bản ghi được tính mà chưa đủ dữ liệu vẫn ở mẫu số và chưa coi là đạt."
            }
            (UnknownMet::NotMet, Lang::En) => {
                "Records that count but lack data stay in the denominator and are not taken as met."
            }
            (UnknownMet::Exclude, Lang::Vi) => {
                "Bản ghi chưa đủ dữ liệu bị loại khỏi mẫu số (ghi trong giao ước)."
            }
            (UnknownMet::Exclude, Lang::En) => {
                "Records that cannot be decided are left out of the denominator (as the agreement says)."
            }
        };
        let share = version.words.met.is_some();
        RuleText {
            period: several.then(|| period.words().get(lang).to_owned()),
            goal: version.goal.words(version.force).get(lang).to_owned(),
            words: in_words(&version.rule, kind, lang)
                .into_iter()
                .map(|(label, text)| (label.to_owned(), text))
                .collect(),
            exact: exact.collect(),
            unknown: if share { unknown.to_owned() } else { String::new() },
            definitions: named(loaded, kind, words, period.last),
        }
    };
    parts.iter().map(rule).collect()
}

/// What the numbers of cases do not carry: said once for all units that it is true of.
pub fn carried(found: &Comparison, units: &[Row], lang: Lang) -> Vec<String> {
    let names = |rows: &[usize]| {
        let names: Vec<&str> = rows.iter().filter_map(|row| Some(units.get(*row)?.short.get(lang))).collect();
        names.join(", ")
    };
    let those = |of: &dyn Fn(&Standing) -> bool| -> Vec<usize> {
        found.standings.iter().filter(|standing| of(standing)).map(|standing| standing.row).collect()
    };
    let mut said = Vec::new();
    let few = those(&|standing| standing.few);
    if !few.is_empty() {
        said.push(match lang {
            Lang::Vi => format!("Số liệu dựa trên rất ít trường hợp: {}.", names(&few)),
            Lang::En => format!("Resting on very few cases: {}.", names(&few)),
        });
    }
    let within = those(&|standing| standing.goal_within);
    if !within.is_empty() {
        said.push(match lang {
            Lang::Vi => format!(
                "Mức nằm trong khoảng dao động ngẫu nhiên của {}; kết quả đánh giá vẫn theo số chính xác.",
                names(&within)
            ),
            Lang::En => format!(
                "The goal lies within what chance can do for {}; the verdict still follows the exact figure.",
                names(&within)
            ),
        });
    }
    // Units that are tied with the very same others form one group and are named once.
    let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    for standing in found.standings.iter().filter(|standing| !standing.tied.is_empty()) {
        let mut group = standing.tied.clone();
        group.push(standing.row);
        group.sort_unstable();
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, of)) => of.push(standing.row),
            None => groups.push((group, vec![standing.row])),
        }
    }
    for (group, of) in &groups {
        said.push(if group == of {
            match lang {
                Lang::Vi => format!("Chưa phân biệt được với nhau: {}.", names(group)),
                Lang::En => format!("Cannot be told apart: {}.", names(group)),
            }
        } else {
            let others: Vec<usize> = group.iter().copied().filter(|row| !of.contains(row)).collect();
            match lang {
                Lang::Vi => format!("{}: chưa phân biệt được với {}.", names(of), names(&others)),
                Lang::En => format!("{}: cannot be told apart from {}.", names(of), names(&others)),
            }
        });
    }
    said
}
