//! The score interval of a share, in whole numbers.

use serde::Serialize;

use crate::figure::Amount;
use crate::target::Goal;
use crate::text::{Lang, Text};

/// One, in the parts that intervals are kept in.
const ONE: u128 = 1_000_000_000;
/// More cases than this are taken as this many, in the same proportion: the interval is a little wider than it
/// need be and still far below what is shown, and no product leaves 128 bits.
const MOST_CASES: u128 = 1_000_000_000_000;

/// A range of shares, in parts of 10⁹ of the whole, rounded outward.
///
/// The score interval of E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
/// inference", JASA 22:209–212: unlike the textbook one it stays within 0 and 100 % and holds for few cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: u32,
    /// The upper end.
    pub high: u32,
}

impl Interval {
    /// Whether a goal's level lies within.
    pub fn holds(self, goal: &Goal) -> bool {
        let level = i128::from(goal.num) * ONE as i128;
        let end = |end: u32| i128::from(end) * i128::from(goal.den);
        end(self.low) <= level && level <= end(self.high)
    }

    /// An end in parts of ten thousand (hundredths of a per cent), rounded outward.
    pub fn hundredths(self) -> (u32, u32) {
        const STEP: u32 = 100_000;
        (self.low / STEP, self.high.div_ceil(STEP))
    }

    /// "93,60–96,05 %".
    pub fn show(self, lang: Lang) -> String {
        let mark = crate::figure::decimal_mark(lang);
        let (low, high) = self.hundredths();
        let end = |value: u32| format!("{}{mark}{:02}", value / 100, value % 100);
        format!("{}–{} %", end(low), end(high))
    }

    /// [`Interval::show`] in both languages.
    pub fn words(self) -> Text {
        Text::new(self.show(Lang::Vi), self.show(Lang::En))
    }
}

/// Numerator and denominator of a share with cases.
fn share(amount: &Amount) -> Option<(u128, u128)> {
    let Amount::Share { met, of } = amount else { return None };
    let (met, of) = (u128::try_from(*met).ok()?, u128::try_from(*of).ok()?);
    if of == 0 || met > of {
        return None;
    }
    Some(if of > MOST_CASES { (met * MOST_CASES / of, MOST_CASES) } else { (met, of) })
}

/// The interval of a share; nothing for other measures.
///
/// With `m` of `n` and the quantile `z` its ends are `(2m + z² ± z √(z² + 4m(n − m)/n)) / (2(n + z²))`.
pub(super) fn wilson(amount: &Amount, z_thousandths: u32) -> Option<Interval> {
    const MILLION: u128 = 1_000_000;
    let (met, of) = share(amount)?;
    // z² in millionths; the root below likewise.
    let zz = u128::from(z_thousandths).pow(2);
    let under = (zz * (zz * of + 4 * MILLION * met * (of - met))).div_ceil(of);
    let floor = under.isqrt();
    let root = floor + u128::from(floor * floor < under);
    let (middle, below) = (2 * MILLION * met + zz, 2 * (MILLION * of + zz));
    let low = middle.saturating_sub(root) * ONE / below;
    let high = ((middle + root) * ONE).div_ceil(below).min(ONE);
    Some(Interval { low: u32::try_from(low).ok()?, high: u32::try_from(high).ok()? })
}

/// Whether the difference of two shares lies within chance: whether its interval holds 0, by the hybrid score
/// method of R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions",
/// Statistics in Medicine 17:873–890, method 10. Where rounding leaves a doubt they count as tied.
pub(super) fn tied(one: &Amount, mine: Interval, other: &Amount, theirs: Interval) -> bool {
    let (Some(a), Some(b)) = (share(one), share(other)) else { return false };
    // a/b ≥ c/d by cross-multiplication: both stay far below 128 bits.
    let (high, low) =
        if a.0 * b.1 >= b.0 * a.1 { ((a, mine), (b, theirs)) } else { ((b, theirs), (a, mine)) };
    let floor = |(met, of): (u128, u128)| met * ONE / of;
    let ceil = |(met, of): (u128, u128)| (met * ONE).div_ceil(of);
    let difference = floor(high.0).saturating_sub(ceil(low.0));
    let down = ceil(high.0).saturating_sub(u128::from(high.1.low));
    let up = u128::from(low.1.high).saturating_sub(floor(low.0));
    difference * difference <= down * down + up * up
}
