//! The sums of report II.06 from the dossiers themselves: what was open at the beginning, received, settled,
//! returned, and is open at the end; and the same sums held against a row of totals.

use super::{Grade, TotalsRow};
use crate::figure::integer;
use crate::kind::Kind;
use crate::text::{Lang, Text};
use crate::value::Value;

/// Where a moment lies against a range of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before its first day.
    Before,
    /// Within it.
    Within,
    /// After its last day.
    After,
}

/// How a dossier ended, as report II.06 tells endings apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Granted, or refused in writing.
    Settled,
    /// Returned, or withdrawn by the applicant.
    Returned,
    /// The record does not say.
    Untold,
}

/// A unit's dossiers in a range of days. `opening + received = settled + returned + closing` holds whenever
/// every dossier tells when it was received and how it ended, and none ended before it was received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Received before the range and not ended before it.
    pub opening: u64,
    /// Received within it.
    pub received: u64,
    /// Ended within it, granted or refused.
    pub settled: u64,
    /// Ended within it, returned or withdrawn.
    pub returned: u64,
    /// Ended within it, and nothing says how.
    pub untold: u64,
    /// Received by its end and not ended by then.
    pub closing: u64,
    /// Ended within it, and nothing says when they were received.
    pub unreceived: u64,
    /// Ended before they were received, with an edge of the range between the two.
    pub reversed: u64,
}

impl Flow {
    /// Counts one dossier by where its receipt and its end lie; nothing where the moment is not known.
    pub fn count(&mut self, received: Option<Place>, finished: Option<Place>, ending: Ending) {
        use Place::{After, Before, Within};
        match received {
            Some(Before) if finished != Some(Before) => self.opening += 1,
            Some(Within) => self.received += 1,
            _ => {}
        }
        if finished == Some(Within) {
            match ending {
                Ending::Settled => self.settled += 1,
                Ending::Returned => self.returned += 1,
                Ending::Untold => self.untold += 1,
            }
            self.unreceived += u64::from(received.is_none());
        }
        if matches!(received, Some(Before | Within)) && matches!(finished, None | Some(After)) {
            self.closing += 1;
        }
        // Those that stand on one side of the sum only. Others that ended before they were received stand on
        // both sides or on none.
        let reversed =
            matches!((received, finished), (Some(Within), Some(Before)) | (Some(After), Some(Within)));
        self.reversed += u64::from(reversed);
    }

    /// What came: open at the beginning, and received.
    pub fn came(&self) -> u64 {
        self.opening + self.received
    }

    /// Where it went: settled, returned, still open.
    pub fn went(&self) -> u64 {
        self.settled + self.returned + self.closing
    }

    /// The identity as a sentence, when it does not come out.
    pub fn contradiction(&self) -> Option<Text> {
        if self.came() == self.went() {
            return None;
        }
        let n = |value: u64, lang| integer(value, lang);
        let say = |lang: Lang, [carried, received, settled, returned, open]: [&str; 5], differ: &str| {
            format!(
                "{carried} {} + {received} {} = {}, {differ} {settled} {} + {returned} {} + {open} {} = {}",
                n(self.opening, lang),
                n(self.received, lang),
                n(self.came(), lang),
                n(self.settled, lang),
                n(self.returned, lang),
                n(self.closing, lang),
                n(self.went(), lang)
            )
        };
        let vi = ["chuyển sang", "tiếp nhận", "giải quyết", "trả lại, rút", "còn lại"];
        let en = ["carried over", "received", "settled", "returned", "open"];
        Some(Text::new(say(Lang::Vi, vi, "khác với"), say(Lang::En, en, "but")))
    }

    /// What in the records keeps the identity from coming out, each with its number.
    pub fn reasons(&self) -> Vec<Text> {
        let mut reasons = Vec::new();
        let mut add = |count: u64, vi: &str, en: &str| {
            if count > 0 {
                let n = |lang| integer(i128::from(count), lang);
                reasons.push(Text::new(format!("{} {vi}", n(Lang::Vi)), format!("{} {en}", n(Lang::En))));
            }
        };
        add(self.untold, "hồ sơ đã kết thúc nhưng không ghi kết quả", "ended, and the outcome is not told");
        add(
            self.unreceived,
            "hồ sơ đã kết thúc nhưng không ghi lúc tiếp nhận",
            "ended, and the receipt is not told",
        );
        add(self.reversed, "hồ sơ kết thúc trước lúc tiếp nhận", "ended before they were received");
        reasons
    }

    /// The columns of a row of totals for the same unit and days that say something else.
    pub fn against(&self, kind: &Kind, row: &TotalsRow) -> Vec<Difference> {
        let value = |id: &str| match kind.column(id).and_then(|column| row.values.get(column)) {
            Some(Value::Integer(value)) => Some(i128::from(*value)),
            _ => None,
        };
        let new =
            value("received_online").zip(value("received_direct")).map(|(online, direct)| online + direct);
        // The printed form counts what was returned and withdrawn among the settled ones, unless it tells
        // them apart; a portal's "received" may be without what was carried over.
        let told_apart = value("withdrawn_total").is_some();
        let carried = row.grade == Grade::PublishedTotals;
        let lines: [(&'static str, Option<i128>, u64, Option<u64>); 6] = [
            ("received_carried", value("received_carried"), self.opening, None),
            ("received_online+received_direct", new, self.received, None),
            ("received_total", value("received_total"), self.came(), carried.then_some(self.received)),
            (
                "settled_total",
                value("settled_total"),
                self.settled,
                (!told_apart).then_some(self.settled + self.returned),
            ),
            ("withdrawn_total", value("withdrawn_total"), self.returned, None),
            ("in_progress_total", value("in_progress_total"), self.closing, None),
        ];
        let differs = |told: i128, records: u64| told != i128::from(records);
        lines
            .into_iter()
            .filter_map(|(column, told, records, or)| {
                let told = told?;
                let other = differs(told, records) && or.is_none_or(|or| differs(told, or));
                other.then_some(Difference { column, totals: told, records })
            })
            .collect()
    }
}

/// A column of totals that the records contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The column's id, or several joined by `+` whose sum is meant.
    pub column: &'static str,
    /// What the totals say.
    pub totals: i128,
    /// What the records come to.
    pub records: u64,
}

impl Difference {
    /// The difference in words, with the column's label.
    pub fn text(&self, kind: &Kind) -> Text {
        let label = |lang: Lang| {
            let labels = self.column.split('+').map(|id| {
                kind.column(id)
                    .and_then(|at| kind.columns.get(at))
                    .map_or(id, |column| column.label.get(lang))
            });
            labels.collect::<Vec<_>>().join(" + ")
        };
        let say = |lang: Lang, totals: &str, records: &str| {
            format!(
                "{}: {totals} {}, {records} {}",
                label(lang),
                integer(self.totals, lang),
                integer(i128::from(self.records), lang)
            )
        };
        Text::new(say(Lang::Vi, "số tổng hợp", "bản ghi"), say(Lang::En, "totals", "records"))
    }
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
