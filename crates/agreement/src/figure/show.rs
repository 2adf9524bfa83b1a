//! Figures as people read them. For showing only: verdicts are made from the integers
//! ([`crate::judge`]), and a shown figure never contradicts its verdict.

use std::cmp::Ordering;

use super::Amount;
use crate::judge::{compare, reached};
use crate::target::Goal;
use crate::text::{Lang, Text};

/// Decimals of a share or a mean where nothing asks for more.
const PLACES: usize = 2;
/// No ratio of two 64-bit integers needs more to be told from a goal it misses.
const MOST_PLACES: usize = 40;

/// `,` in Vietnamese, `.` in English.
pub fn decimal_mark(lang: Lang) -> char {
    match lang {
        Lang::Vi => ',',
        Lang::En => '.',
    }
}

/// Digits in groups of three: `1.234.567` in Vietnamese, `1,234,567` in English. A sign stays in front.
pub fn grouped(digits: &str, lang: Lang) -> String {
    let mark = match lang {
        Lang::Vi => '.',
        Lang::En => ',',
    };
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// An integer as people write it.
pub fn integer(value: impl Into<i128>, lang: Lang) -> String {
    grouped(&value.into().to_string(), lang)
}

/// A ratio cut to decimals, rounded half up (half away from zero).
struct Decimal {
    negative: bool,
    whole: u128,
    fraction: Vec<u8>,
}

impl Decimal {
    /// `num` of `den` (greater than 0) to so many decimals, by long division: nothing can overflow.
    fn of(num: i128, den: u64, places: usize) -> Self {
        let den = u128::from(den);
        let mut whole = num.unsigned_abs() / den;
        let mut rest = num.unsigned_abs() % den;
        let mut fraction = Vec::with_capacity(places);
        for _ in 0..places {
            rest *= 10;
            fraction.push(u8::try_from(rest / den).unwrap_or(9));
            rest %= den;
        }
        if rest * 2 >= den {
            let mut carry = true;
            for digit in fraction.iter_mut().rev() {
                *digit = if *digit == 9 { 0 } else { *digit + 1 };
                if *digit != 0 {
                    carry = false;
                    break;
                }
            }
            whole += u128::from(carry);
        }
        let nothing = whole == 0 && fraction.iter().all(|digit| *digit == 0);
        Self { negative: num < 0 && !nothing, whole, fraction }
    }

    /// Against a number that is not negative, given in the same way.
    fn cmp(&self, goal: &Self) -> Ordering {
        if self.negative {
            return Ordering::Less;
        }
        let places = self.fraction.len().max(goal.fraction.len());
        let padded = |fraction: &[u8]| {
            let mut digits = fraction.to_vec();
            digits.resize(places, 0);
            digits
        };
        (self.whole, padded(&self.fraction)).cmp(&(goal.whole, padded(&goal.fraction)))
    }

    fn show(&self, lang: Lang) -> String {
        let sign = if self.negative { "-" } else { "" };
        let mut out = grouped(&format!("{sign}{}", self.whole), lang);
        out.push(decimal_mark(lang));
        out.extend(self.fraction.iter().map(|digit| char::from(b'0' + digit)));
        out
    }
}

/// A ratio with two decimals, and with more where two would put it on the other side of the goal: 94.996 %
/// against `>= 95 %` is not shown as 95.00 %.
/// A whole number has no decimals at all: "100 %" is exact, "100.00 %" would be a rounded figure.
fn ratio(num: i128, den: u64, beside: Option<(&Goal, bool)>, lang: Lang) -> String {
    if num % i128::from(den) == 0 {
        return integer(num / i128::from(den), lang);
    }
    let mut places = PLACES;
    loop {
        let shown = Decimal::of(num, den, places);
        let faithful = beside.is_none_or(|(goal, exact)| {
            let scale = if goal.percent { 100 } else { 1 };
            let goal_den = u64::try_from(goal.den / scale).unwrap_or(1).max(1);
            let level = Decimal::of(goal.num.into(), goal_den, goal_den.ilog10() as usize);
            reached(goal.op, shown.cmp(&level)) == exact
        });
        if faithful || places == MOST_PLACES {
            return shown.show(lang);
        }
        places += 1;
    }
}

impl Amount {
    /// The figure for people: "94,96 %", "1.234", "3,50". Beside a goal it shows as many decimals as it
    /// takes to stand on the goal's right side. A dash where there is no value.
    pub fn show(&self, goal: Option<&Goal>, lang: Lang) -> String {
        let none = || "–".to_owned();
        let beside = goal.and_then(|goal| Some((goal, reached(goal.op, compare(goal, self)?))));
        match self {
            Self::Share { met, of } => match u64::try_from(*of) {
                Ok(den @ 1..) => format!("{} %", ratio(i128::from(*met) * 100, den, beside, lang)),
                _ => none(),
            },
            Self::Mean { sum, of } => match u64::try_from(*of) {
                Ok(den @ 1..) => ratio(*sum, den, beside, lang),
                _ => none(),
            },
            Self::Count(count) => integer(*count, lang),
            Self::Sum(sum) => integer(*sum, lang),
            Self::Percentile { value, .. } => value.map_or_else(none, |value| integer(value, lang)),
        }
    }

    /// The integers behind the figure: "1.234/1.300" for a share, "sum/number" for a mean, the value itself
    /// otherwise.
    pub fn integers(&self, lang: Lang) -> String {
        match self {
            Self::Share { met, of } => format!("{}/{}", integer(*met, lang), integer(*of, lang)),
            Self::Mean { sum, of } => format!("{}/{}", integer(*sum, lang), integer(*of, lang)),
            _ => self.show(None, lang),
        }
    }

    /// [`Amount::show`] in both languages.
    pub fn words(&self, goal: Option<&Goal>) -> Text {
        Text::new(self.show(goal, Lang::Vi), self.show(goal, Lang::En))
    }
}

#[cfg(test)]
#[path = "show_tests.rs"]
mod tests;
