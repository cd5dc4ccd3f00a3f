//! How much crossed over time, in at most a thousand buckets that become wider as time goes on.

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::moment::Moment;

/// The most buckets.
const BUCKETS: usize = 1_000;

/// The width of a bucket at the beginning, in nanoseconds.
const NARROWEST: u64 = 1_000;

/// What one direction carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Frames, at the moments at which their headers were complete.
    pub frames: u64,
    /// Bytes of frames, headers included, as they came.
    pub bytes: u64,
}

impl Carried {
    fn add(&mut self, more: Carried) {
        self.frames += more.frames;
        self.bytes += more.bytes;
    }
}

/// What was carried in equal parts of time.
#[derive(Debug, Clone)]
pub struct Throughput {
    origin: Moment,
    /// In nanoseconds: 1, 2, 10, 20, 100 and so on microseconds.
    width: u64,
    buckets: Vec<PerDirection<Carried>>,
    /// The bucket that was added to last, and where it begins.
    newest: usize,
    newest_start: u64,
}

impl Throughput {
    /// Begins at this moment.
    pub(super) fn from(origin: Moment) -> Throughput {
        Throughput { origin, width: NARROWEST, buckets: Vec::new(), newest: 0, newest_start: origin.nanoseconds() }
    }

    /// Adds what came at a moment.
    #[inline]
    pub(super) fn add(&mut self, direction: Direction, at: Moment, carried: Carried) {
        if at.nanoseconds().wrapping_sub(self.newest_start) >= self.width {
            self.turn_to(at);
        }
        match self.buckets.get_mut(self.newest) {
            Some(bucket) => bucket[direction].add(carried),
            None => {
                self.buckets.resize(self.newest + 1, PerDirection::default());
                self.buckets.last_mut().into_iter().for_each(|bucket| bucket[direction].add(carried));
            }
        }
    }

    /// Makes the bucket of this moment the newest one.
    fn turn_to(&mut self, at: Moment) {
        let distance = at.nanoseconds().saturating_sub(self.origin.nanoseconds());
        while distance / self.width >= BUCKETS as u64 {
            self.widen();
        }
        self.newest = (distance / self.width) as usize;
        self.newest_start = self.origin.nanoseconds() + self.newest as u64 * self.width;
    }

    fn widen(&mut self) {
        let joined = wider(self.width);
        let join = |buckets: &[PerDirection<Carried>]| {
            let mut sum = PerDirection::<Carried>::default();
            for bucket in buckets {
                Direction::BOTH.into_iter().for_each(|direction| sum[direction].add(bucket[direction]));
            }
            sum
        };
        self.buckets = self.buckets.chunks(joined as usize).map(join).collect();
        self.width = self.width.saturating_mul(joined);
    }

    /// How long a bucket is, in nanoseconds.
    pub fn width(&self) -> u64 {
        self.width
    }

    /// The buckets up to the last in which anything came, each with the moment at which it begins.
    pub fn buckets(&self) -> impl ExactSizeIterator<Item = (Moment, &PerDirection<Carried>)> {
        let start = |place: usize| Moment(self.origin.nanoseconds().saturating_add(place as u64 * self.width));
        self.buckets.iter().enumerate().map(move |(place, bucket)| (start(place), bucket))
    }

    /// The same in wider buckets, so that at most so many reach until this moment.
    pub fn in_at_most(&self, most: usize, until: Moment) -> Throughput {
        let mut coarse = self.clone();
        let span = until.nanoseconds().saturating_sub(self.origin.nanoseconds());
        while span / coarse.width >= most.max(2) as u64 {
            coarse.widen();
        }
        coarse
    }
}

/// How many buckets of this width make one of the next round width.
fn wider(width: u64) -> u64 {
    if width / 10_u64.pow(width.ilog10()) == 1 { 2 } else { 5 }
}
