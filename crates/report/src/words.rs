//! Numbers, days and verdicts as people write them, in the report's language.

use giaouoc_agreement::figure::{Grade, Verdict, decimal_mark, integer};
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::Day;

/// A space at which no line breaks: between a number and its sign.
const HARD: char = '\u{a0}';

/// One of two texts.
pub fn say<'a>(lang: Lang, vi: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// A day as the language writes it: 05/03/2020, or 2020-03-05.
pub fn day(day: Day, lang: Lang) -> String {
    match lang {
        Lang::Vi => day.dmy(),
        Lang::En => day.to_string(),
    }
}

/// A month as the language writes it: "3/2020", or "2020-03".
pub fn month(day: Day, lang: Lang) -> String {
    let (year, month, _) = day.ymd();
    match lang {
        Lang::Vi => format!("{month}/{year}"),
        Lang::En => format!("{year}-{month:02}"),
    }
}

/// Ten-thousandths as a share with one decimal where it has one: 9558 is "95,6 %", 9500 is "95 %".
///
/// Rounded half up: for charts and intervals, never beside a verdict.
pub fn share(ten_thousandths: i64, lang: Lang) -> String {
    let tenths = (ten_thousandths + 5).div_euclid(10);
    let (whole, rest) = (tenths.div_euclid(10), tenths.rem_euclid(10));
    if rest == 0 {
        format!("{}{HARD}%", integer(whole, lang))
    } else {
        format!("{}{}{rest}{HARD}%", integer(whole, lang), decimal_mark(lang))
    }
}

/// An interval of a share: "94,9–96,1 %". Its ends are rounded outward, so that it is never narrower than it is.
pub fn interval((low, high): (i64, i64), lang: Lang) -> String {
    let tenths = |value: i64| {
        let (whole, rest) = (value.div_euclid(10), value.rem_euclid(10));
        format!("{}{}{rest}", integer(whole, lang), decimal_mark(lang))
    };
    format!("{}–{}{HARD}%", tenths(low.div_euclid(10)), tenths((high + 9).div_euclid(10)))
}

/// A share in ten-thousandths, rounded half up: for pictures and groups, never on the way to a verdict.
pub fn ten_thousandths(met: i64, of: i64) -> i64 {
    let of = i128::from(of.max(1));
    i64::try_from((i128::from(met) * 20_000 + of).div_euclid(of * 2)).unwrap_or(i64::MAX)
}

/// The class of a verdict in the style sheet.
pub fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not",
        Verdict::NoData | Verdict::NotYetDue => "open",
        Verdict::NoCases | Verdict::Exempt | Verdict::NotJudged => "mute",
    }
}

/// The mark of a figure that does not rest on records.
pub fn grade_mark(grade: Grade) -> &'static str {
    match grade {
        Grade::SignedTotals | Grade::PublishedTotals => "*",
        Grade::Stated => "°",
        Grade::Records | Grade::NilReport | Grade::Nothing => "",
    }
}

/// Words of others for a place that takes plain text only (a picture, a cell's label): without characters that turn the
/// direction of what follows or that cannot be seen, and not endless.
pub fn plain(text: &str, longest: usize) -> String {
    let seen = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
    };
    let mut out: String = text.chars().filter(seen).take(longest + 1).collect();
    if out.chars().count() > longest {
        out = out.chars().take(longest.saturating_sub(1)).collect();
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_intervals_have_the_mark_of_their_language() {
        assert_eq!(share(9558, Lang::Vi), "95,6\u{a0}%");
        assert_eq!(share(9500, Lang::Vi), "95\u{a0}%");
        assert_eq!(share(9558, Lang::En), "95.6\u{a0}%");
        assert_eq!(ten_thousandths(1187, 1250), 9496);
        assert_eq!(interval((9499, 9612), Lang::Vi), "94,9–96,2\u{a0}%");
    }

    #[test]
    fn a_name_cannot_turn_what_follows_it() {
        assert_eq!(plain("a\u{202e}b\u{2066}c\n", 10), "abc");
        assert_eq!(plain("aaaaaa", 4), "aaa…");
    }
}
