//! How values are distributed. Count, sum, least and most are exact. The rest comes from bins that are the wider the larger the values
//! are, so that memory is bounded whatever comes: a quantile is known to lie in one bin, and says where that begins and ends.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The most bins of a step.
const BINS: usize = 128;

/// The steps that a distribution is shown in; each is divided into up to 128 bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// At 1, 2, 4, 8 and so on, as sizes are told.
    Binary,
    /// At 1, 2, 5, 10, 20 and so on, as times are told.
    Decimal,
}

impl Scale {
    /// By which part of itself the middle of a bin is off at most.
    fn relative_error(self) -> f64 {
        match self {
            Scale::Binary => 0.004,
            Scale::Decimal => 0.012,
        }
    }

    fn grid(self) -> &'static Grid {
        static BINARY: LazyLock<Grid> = LazyLock::new(|| Grid::new([1, 2, 4], 8));
        static DECIMAL: LazyLock<Grid> = LazyLock::new(|| Grid::new([1, 2, 5], 10));
        match self {
            Scale::Binary => &BINARY,
            Scale::Decimal => &DECIMAL,
        }
    }
}

/// Where the steps of a scale begin, and how a value's bin is found without a division.
#[derive(Debug, PartialEq, Eq)]
struct Grid {
    steps: Vec<Step>,
    /// By the number of bits of a value.
    by_bits: [Nearby; 65],
}

/// The first step has the zero alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    start: u64,
    last: u64,
    /// How many bits of the distance to the start are left out to get a value's bin.
    shift: u32,
    /// Its place in the list.
    place: u32,
}

/// The steps that the values with the same number of bits belong to. There are two at most: a step is at least as wide as it is far
/// from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Nearby {
    lower: Step,
    upper: Step,
}

impl Grid {
    /// The grid with a step at each of these multiples of each power of `base`.
    fn new(multiples: [u64; 3], base: u64) -> Grid {
        let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(base));
        let starts = powers.flat_map(|power| multiples.map(|multiple| power.checked_mul(multiple))).flatten();
        let starts: Vec<u64> = std::iter::once(0).chain(starts).collect();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([u64::MAX]);
        let step = |((place, start), last): ((u32, &u64), u64)| {
            let shift = (u64::BITS - (last - start).leading_zeros()).saturating_sub(BINS.ilog2());
            Step { start: *start, last, shift, place }
        };
        let steps: Vec<Step> = (0..).zip(&starts).zip(ends).map(step).collect();
        let zero = Step { start: 0, last: 0, shift: 0, place: 0 };
        let step_of = |value: u64| steps.iter().rfind(|step| step.start <= value).copied().unwrap_or(zero);
        let by_bits = std::array::from_fn(|bits| {
            let most = u64::MAX.checked_shr(u64::BITS - bits as u32).unwrap_or(0);
            Nearby { lower: step_of(most / 2 + most % 2), upper: step_of(most) }
        });
        Grid { steps, by_bits }
    }

    /// The step that a value belongs to.
    #[inline]
    fn step_of(&self, value: u64) -> Option<&Step> {
        let nearby = self.by_bits.get((u64::BITS - value.leading_zeros()) as usize)?;
        Some(if value <= nearby.lower.last { &nearby.lower } else { &nearby.upper })
    }

    /// The values of a bin; not every step has as many as it may.
    fn bin(&self, index: usize) -> Option<RangeInclusive<u64>> {
        let step = self.steps.get(index / BINS)?;
        let start =
            step.start.checked_add(((index % BINS) as u64) << step.shift).filter(|start| *start <= step.last)?;
        Some(start..=start.saturating_add((1 << step.shift) - 1).min(step.last))
    }
}

/// A value of which is known where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// It is not less.
    pub at_least: u64,
    /// And not more.
    pub at_most: u64,
}

impl Quantile {
    /// Whether the value is known.
    pub fn is_exact(self) -> bool {
        self.at_least == self.at_most
    }

    /// The middle of where it lies.
    pub fn middle(self) -> u64 {
        self.at_least + (self.at_most - self.at_least) / 2
    }
}

/// The values in one step of a scale, of several distributions beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar<const DISTRIBUTIONS: usize> {
    /// The least value that belongs to it.
    pub start: u64,
    /// The largest.
    pub last: u64,
    /// How many values each distribution has there.
    pub counts: [u64; DISTRIBUTIONS],
}

/// A growing collection of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    scale: Scale,
    grid: &'static Grid,
    count: u64,
    sum: u128,
    least: u64,
    most: u64,
    /// The counts of the bins of every step up to that of the largest value.
    bins: Vec<u64>,
}

impl Distribution {
    /// One without a value.
    pub fn new(scale: Scale) -> Distribution {
        Distribution { scale, grid: scale.grid(), count: 0, sum: 0, least: u64::MAX, most: 0, bins: Vec::new() }
    }

    /// Adds a value; gives the place of its step in the scale.
    #[inline]
    pub fn add(&mut self, value: u64) -> usize {
        self.count += 1;
        self.sum += u128::from(value);
        self.least = self.least.min(value);
        self.most = self.most.max(value);
        let Some(step) = self.grid.step_of(value) else { return 0 };
        let place = step.place as usize;
        let bin = place * BINS + ((value - step.start) >> step.shift) as usize;
        match self.bins.get_mut(bin) {
            Some(count) => *count += 1,
            None => self.reach(place, bin),
        }
        place
    }

    /// Counts a value in a step beyond those that there were.
    #[cold]
    fn reach(&mut self, place: usize, bin: usize) {
        self.bins.resize((place + 1) * BINS, 0);
        self.bins.get_mut(bin).into_iter().for_each(|count| *count += 1);
    }

    /// This and another one of the same scale together.
    pub fn with(mut self, other: &Distribution) -> Distribution {
        self.count += other.count;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.bins.resize(self.bins.len().max(other.bins.len()), 0);
        self.bins.iter_mut().zip(&other.bins).for_each(|(count, more)| *count += more);
        self
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The least one.
    pub fn least(&self) -> Option<u64> {
        (self.count > 0).then_some(self.least)
    }

    /// The largest one.
    pub fn most(&self) -> Option<u64> {
        (self.count > 0).then_some(self.most)
    }

    /// Their mean.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The least value that at least this part of all values, in per cent, does not exceed.
    pub fn quantile(&self, percent: u8) -> Option<Quantile> {
        let rank = (u128::from(self.count) * u128::from(percent)).div_ceil(100).max(1);
        let mut passed = 0;
        let bin = self.bins.iter().position(|count| {
            passed += u128::from(*count);
            passed >= rank
        });
        let values = self.grid.bin(bin?)?;
        Some(Quantile { at_least: (*values.start()).max(self.least), at_most: (*values.end()).min(self.most) })
    }

    /// By which part of itself the middle of a quantile is off at most.
    pub fn relative_error(&self) -> f64 {
        self.scale.relative_error()
    }

    /// The place of the step that a value belongs to.
    pub(super) fn place_of(&self, value: u64) -> Option<usize> {
        self.grid.step_of(value).map(|step| step.place as usize)
    }

    /// The values in each step of the scale, from that of the least value to that of the largest. What lies between zero and the
    /// least value that is not zero is left out.
    pub fn bars(&self) -> Vec<Bar<1>> {
        Distribution::side_by_side([self])
    }

    /// The same of several distributions on one scale.
    pub fn side_by_side<const COUNT: usize>(distributions: [&Distribution; COUNT]) -> Vec<Bar<COUNT>> {
        let Some(grid) = distributions.first().map(|first| first.grid) else { return Vec::new() };
        let steps = distributions.iter().map(|distribution| distribution.bins.len() / BINS).max().unwrap_or(0);
        let count =
            |distribution: &Distribution, place: usize| distribution.bins.iter().skip(place * BINS).take(BINS).sum();
        let bars = grid.steps.iter().enumerate().take(steps).map(|(place, step)| Bar {
            start: step.start,
            last: step.last,
            counts: distributions.map(|distribution| count(distribution, place)),
        });
        let is_empty = |bar: &Bar<COUNT>| bar.counts.iter().all(|count| *count == 0);
        let (zero, others): (Vec<_>, Vec<_>) = bars.partition(|bar| bar.last == 0);
        let zero = zero.into_iter().filter(|bar| !is_empty(bar));
        zero.chain(others.into_iter().skip_while(is_empty)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values about every border that a scale can have.
    fn values() -> impl Iterator<Item = u64> {
        let powers = (0..64).map(|bits| 1_u64 << bits);
        let round = (0..20).flat_map(|power| [1, 2, 5].map(|multiple| 10_u64.pow(power).saturating_mul(multiple)));
        let near = powers.chain(round).flat_map(|value| [value.saturating_sub(1), value, value.saturating_add(1)]);
        near.chain((0..2_000).map(|step: u64| step.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (step % 64)))
    }

    #[test]
    fn every_value_lies_in_its_bin_and_its_step() {
        for scale in [Scale::Binary, Scale::Decimal] {
            for value in values() {
                let mut distribution = Distribution::new(scale);
                let step = distribution.add(value);
                let bin = distribution.bins.iter().position(|count| *count == 1).unwrap();
                assert_eq!(bin / BINS, step);
                let range = scale.grid().bin(bin).unwrap();
                assert!(range.contains(&value), "{value} is not in {range:?}");
                let bars = distribution.bars();
                assert_eq!(bars.len(), 1);
                assert!((bars[0].start..=bars[0].last).contains(&value), "{value} is not in {bars:?}");
            }
        }
    }

    #[test]
    fn bins_and_steps_lie_next_to_each_other_without_a_gap() {
        for scale in [Scale::Binary, Scale::Decimal] {
            let grid = scale.grid();
            let mut next = Some(0);
            for index in 0..grid.steps.len() * BINS {
                let Some(bin) = grid.bin(index) else { continue };
                assert_eq!(Some(*bin.start()), next);
                next = bin.end().checked_add(1);
            }
            assert_eq!(next, None);
        }
    }

    #[test]
    fn the_middle_of_a_bin_is_as_near_as_is_said() {
        for scale in [Scale::Binary, Scale::Decimal] {
            let most = scale.relative_error();
            for index in 0..scale.grid().steps.len() * BINS {
                let Some(bin) = scale.grid().bin(index) else { continue };
                let quantile = Quantile { at_least: *bin.start(), at_most: *bin.end() };
                if quantile.is_exact() {
                    continue;
                }
                let off = |value: u64| value.abs_diff(quantile.middle()) as f64 / value as f64;
                assert!(off(*bin.start()) <= most && off(*bin.end()) <= most, "{scale:?} {bin:?}");
            }
        }
    }
}
