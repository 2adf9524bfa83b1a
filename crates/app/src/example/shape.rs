//! How big, how quick and how punctual the invented units are.
//!
//! The quantiles below are those of the 163 offices of one province as Vietnam's public-service portal
//! published them for 2026 up to 26 September (Phú Thọ, progress and result under Decision
//! 766/QĐ-TTg): only the shape is taken, no office of it appears here. Integers throughout, so that a
//! seed gives the same bundle everywhere.

use super::prng::{Prng, Weighted};

/// A distribution as (ten-thousandths of the offices, value), joined by straight lines.
type Quantiles = [(u64, u64); 13];

/// Dossiers received by an office: heavy-tailed, the largest has 30 times the median.
/// The one office without any is left out: an invented unit has at least a few.
const RECEIVED: Quantiles = [
    (0, 3),
    (100, 5),
    (250, 161),
    (500, 877),
    (1000, 1160),
    (2500, 1797),
    (5000, 2748),
    (7500, 4238),
    (9000, 6178),
    (9500, 6980),
    (9750, 7947),
    (9900, 9552),
    (10_000, 83_675),
];

/// Share settled on time, in hundredths of a per cent. The published minimum of 34.25 % is one
/// office that stands far from all others; the next is at 60 %, where this begins.
const ON_TIME: Quantiles = [
    (0, 6000),
    (100, 6000),
    (250, 7278),
    (500, 8229),
    (1000, 8711),
    (2500, 9103),
    (5000, 9424),
    (7500, 9592),
    (9000, 9708),
    (9500, 9796),
    (9750, 9814),
    (9900, 9865),
    (10_000, 9990),
];

/// Mean days to settle, in hundredths of a day.
const DAYS: Quantiles = [
    (0, 112),
    (100, 116),
    (250, 126),
    (500, 151),
    (1000, 168),
    (2500, 201),
    (5000, 271),
    (7500, 342),
    (9000, 502),
    (9500, 636),
    (9750, 1181),
    (9900, 1321),
    (10_000, 1623),
];

/// Time limits in working days with their weights: the limits that procedures usually have.
const LIMITS: [(u16, u64); 11] =
    [(1, 12), (2, 8), (3, 20), (5, 20), (7, 10), (10, 12), (15, 9), (20, 4), (25, 2), (30, 2), (45, 1)];

/// How many different procedures there are (a province publishes about 2,000).
pub(super) const PROCEDURES: u32 = 2_000;
/// How many of them one unit handles.
const HANDLED: u32 = 120;

/// One invented unit.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Its code.
    pub(super) code: String,
    /// Relative number of dossiers.
    pub(super) weight: u64,
    /// Dossiers settled by the due date, in ten thousand.
    pub(super) on_time: u32,
    /// Mean working time of a dossier on time, in 1024ths of its limit (5 working days to 7 published days).
    pub(super) pace: u32,
    /// Dossiers filed online, in ten thousand.
    pub(super) online: u32,
    /// First of its procedures.
    procedure: u32,
    /// What it does with dossiers that are about to be late.
    pub(super) habit: Habit,
}

/// What a unit does with a dossier about to be late; the planted tricks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Nothing: it is late.
    Plain,
    /// Sets a new due date, far more often than others.
    ReDates,
    /// Returns it, and takes it in again some days later.
    ReFiles,
    /// Enters the finish just before it is due, and goes on working.
    Bunches,
}

/// All units and procedures of a bundle.
#[derive(Debug)]
pub(super) struct Shape {
    /// In file order.
    pub(super) units: Vec<Unit>,
    by_weight: Weighted,
    /// Time limit of each procedure in working days.
    limits: Vec<u16>,
}

impl Shape {
    /// `units` units drawn from `seed`.
    pub(super) fn new(units: u32, seed: u64) -> Self {
        let mut prng = Prng::new(seed, u64::MAX);
        let width = units.to_string().len().max(3);
        let (sizes, shares, days) = (
            spread(&RECEIVED, units, &mut prng),
            spread(&ON_TIME, units, &mut prng),
            spread(&DAYS, units, &mut prng),
        );
        let limit_of = Weighted::new(&LIMITS.map(|(_, weight)| weight));
        let mut limits: Vec<u16> = (0..PROCEDURES)
            .map(|_| LIMITS.get(limit_of.draw(&mut prng) as usize).map_or(5, |l| l.0))
            .collect();
        // Neighbouring procedures are alike, so a unit's own mix is long or short as a whole.
        for chunk in limits.chunks_mut(40) {
            chunk.sort_unstable();
        }
        let units: Vec<Unit> = (0..units as usize)
            .map(|i| {
                let procedure = prng.below(PROCEDURES);
                let mean = (0..HANDLED).map(|k| mix(&limits, procedure, k)).sum::<u32>() / HANDLED;
                Unit {
                    code: format!("MAU.{:0width$}", i + 1),
                    weight: sizes.get(i).copied().unwrap_or(1),
                    on_time: shares.get(i).map_or(9_000, |&s| s as u32),
                    pace: (days.get(i).map_or(271, |&d| d as u32) * 1024 * 5 / (700 * mean.max(1)))
                        .clamp(60, 900),
                    online: 5_500 + prng.below(4_000),
                    procedure,
                    habit: match prng.below(100) {
                        0..=2 => Habit::ReDates,
                        3..=5 => Habit::ReFiles,
                        6..=8 => Habit::Bunches,
                        _ => Habit::Plain,
                    },
                }
            })
            .collect();
        let by_weight = Weighted::new(&units.iter().map(|u| u.weight).collect::<Vec<_>>());
        Self { units, by_weight, limits }
    }

    /// A unit by its size.
    pub(super) fn unit(&self, prng: &mut Prng) -> u32 {
        self.by_weight.draw(prng)
    }

    /// A procedure of a unit, the first ones far more often, and its limit in working days.
    pub(super) fn procedure(&self, unit: &Unit, prng: &mut Prng) -> (u32, u16) {
        // The least of three: a unit's first twenty procedures take about 40 % of its dossiers.
        let k = prng.below(HANDLED).min(prng.below(HANDLED)).min(prng.below(HANDLED));
        let procedure = (unit.procedure + k * 17) % PROCEDURES;
        (procedure, self.limit(procedure))
    }

    /// The time limit of a procedure in working days.
    pub(super) fn limit(&self, procedure: u32) -> u16 {
        self.limits.get(procedure as usize).copied().unwrap_or(5)
    }
}

/// The limit of a unit's `k`-th procedure.
fn mix(limits: &[u16], first: u32, k: u32) -> u32 {
    limits.get(((first + k * 17) % PROCEDURES) as usize).map_or(5, |&l| u32::from(l))
}

/// `n` values that follow the quantiles as evenly as `n` points can, in random order.
fn spread(quantiles: &Quantiles, n: u32, prng: &mut Prng) -> Vec<u64> {
    let mut values: Vec<u64> =
        (0..u64::from(n)).map(|i| at(quantiles, (2 * i + 1) * 10_000 / (2 * u64::from(n)))).collect();
    prng.shuffle(&mut values);
    values
}

/// The value at `rank` ten-thousandths.
fn at(quantiles: &Quantiles, rank: u64) -> u64 {
    let above = quantiles.partition_point(|&(r, _)| r <= rank);
    match (quantiles.get(above.wrapping_sub(1)), quantiles.get(above)) {
        (Some(&(r0, v0)), Some(&(r1, v1))) => v0 + v1.saturating_sub(v0) * (rank - r0) / (r1 - r0),
        (Some(&(_, v)), None) | (None, Some(&(_, v))) => v,
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_joined_by_straight_lines() {
        assert_eq!(at(&RECEIVED, 0), 3);
        assert_eq!(at(&RECEIVED, 5_000), 2_748);
        assert_eq!(at(&RECEIVED, 6_250), (2_748 + 4_238) / 2);
        assert_eq!(at(&RECEIVED, 10_000), 83_675);
    }

    #[test]
    fn sizes_are_heavy_tailed_and_shares_lie_in_the_range() {
        let shape = Shape::new(700, 1);
        let mut weights: Vec<u64> = shape.units.iter().map(|u| u.weight).collect();
        weights.sort_unstable();
        let total: u64 = weights.iter().sum();
        let tenth: u64 = weights[630..].iter().sum();
        assert!(tenth * 100 / total > 25, "the largest tenth holds {} %", tenth * 100 / total);
        assert!(shape.units.iter().all(|u| (6_000..=10_000).contains(&u.on_time)));
        assert!(shape.units.iter().any(|u| u.on_time < 8_000));
        assert!(shape.units.iter().any(|u| u.habit == Habit::ReFiles));
    }

    #[test]
    fn codes_sort_as_they_count() {
        assert_eq!(Shape::new(5, 0).units[4].code, "MAU.005");
        assert_eq!(Shape::new(12_000, 0).units[11_999].code, "MAU.12000");
        assert_eq!(Shape::new(12_000, 0).units[0].code, "MAU.00001");
    }
}
