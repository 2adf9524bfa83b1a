//! What a report says of a target beside its figures: its words from the agreement, and how it is computed.

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::sentence;
use giaouoc_agreement::period::Period;
use giaouoc_agreement::target::Target;
use giaouoc_agreement::text::Lang;
use giaouoc_report::model::RuleText;

use crate::bundle::Loaded;
use crate::explain::target::named;

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
        RuleText {
            period: several.then(|| period.words().get(lang).to_owned()),
            goal: version.goal.words(version.force).get(lang).to_owned(),
            words: sentence(&version.rule, kind).get(lang).to_owned(),
            exact: exact.collect(),
            definitions: named(loaded, kind, words, period.last),
        }
    };
    parts.iter().map(rule).collect()
}
