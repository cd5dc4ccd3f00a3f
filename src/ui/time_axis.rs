//! The round moments on a time axis and what is written at them: since the session's start, or, where that would be too long to read,
//! since a moment that is written out once.

use super::time_view::TimeView;

/// The units of time, in nanoseconds.
const UNITS: [(i64, &str); 7] = [
    (1, "ns"),
    (1_000, "µs"),
    (1_000_000, "ms"),
    (1_000_000_000, "s"),
    (60_000_000_000, "min"),
    (3_600_000_000_000, "h"),
    (86_400_000_000_000, "d"),
];

/// The place of the second among the units: up to it they are told as decimals of each other.
const SECOND: usize = 3;

/// The ticks of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeAxis {
    first: i64,
    end: i64,
    step: i64,
    /// What the labels count from when it is not the session's start.
    origin: Option<i64>,
}

impl TimeAxis {
    /// The ticks of a view, about `most` of them at the most; none lies before the session's start.
    pub fn of(view: &TimeView, most: usize) -> TimeAxis {
        let step = round_step(view.span / most.max(1) as i64 + 1);
        let first = ((view.start.max(0) + step - 1) / step) * step;
        let end = view.end();
        let (unit, largest) = (unit_of(step), unit_of(end));
        let coarser = UNITS.get(unit + 1).map_or(step, |(size, _)| *size);
        let origin = (largest > unit + 1).then(|| view.start.max(0) / coarser * coarser);
        TimeAxis { first, end, step, origin }
    }

    /// The moment that the labels count from, and how it is written, when it is not the session's start.
    pub fn origin(&self) -> Option<(i64, String)> {
        self.origin.map(|origin| (origin, exactly(origin, unit_of(self.step) + 1)))
    }

    /// The ticks from left to right, each with its label.
    pub fn ticks(&self) -> impl Iterator<Item = (i64, String)> {
        let TimeAxis { first, end, step, origin } = *self;
        let smallest = unit_of(step);
        let longest = end - origin.unwrap_or(0);
        // Four digits are read more easily than decimals of a unit that nothing else on the axis is in.
        let are_few = origin.is_some() && smallest <= SECOND && longest / unit(smallest).0 < 5_000;
        let largest = if are_few { smallest } else { unit_of(longest) };
        let ticks = std::iter::successors(Some(first), move |at| at.checked_add(step)).take_while(move |at| *at <= end);
        ticks.map(move |at| match origin {
            None => (at, label(at, step, largest)),
            Some(origin) => (at, format!("+{}", label(at - origin, step, largest))),
        })
    }
}

/// A moment in nanoseconds since the session's start, written out with as many places as can be told apart in a view of this width.
pub fn moment(nanoseconds: i64, span: i64) -> String {
    exactly(nanoseconds, unit_of(span / 1_000))
}

/// The largest unit that is not larger than this time, by its place.
fn unit_of(nanoseconds: i64) -> usize {
    UNITS.iter().rposition(|(size, _)| *size <= nanoseconds).unwrap_or(0)
}

fn unit(place: usize) -> (i64, &'static str) {
    UNITS.get(place).copied().unwrap_or((1, "ns"))
}

/// The smallest step at which people count that is not smaller than `wanted`.
fn round_step(wanted: i64) -> i64 {
    let of_seconds = [1, 2, 5, 10, 15, 30].map(|count| count * 1_000_000_000);
    let of_minutes = of_seconds.map(|step| step * 60);
    let of_hours = [1, 2, 3, 6, 12].map(|count| count * 3_600_000_000_000);
    if wanted <= 1_000_000_000 {
        return decimal_step(1, wanted);
    }
    let steps = of_seconds.into_iter().chain(of_minutes).chain(of_hours);
    steps.into_iter().find(|step| *step >= wanted).unwrap_or_else(|| decimal_step(unit(UNITS.len() - 1).0, wanted))
}

/// One, two or five times a power of ten of a unit.
fn decimal_step(unit: i64, wanted: i64) -> i64 {
    let mut power = unit;
    loop {
        for multiple in [1, 2, 5] {
            let step = power.saturating_mul(multiple);
            if step >= wanted {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A time that is a number of steps, where `largest` is the largest unit on the axis.
fn label(nanoseconds: i64, step: i64, largest: usize) -> String {
    let smallest = unit_of(step);
    let (size, name) = unit(largest.max(smallest));
    if largest <= smallest {
        return format!("{} {name}", nanoseconds / size);
    }
    if largest > SECOND {
        let (smaller, smaller_name) = unit(smallest);
        let (whole, rest) = (nanoseconds / size, nanoseconds % size / smaller);
        return match (whole, rest) {
            (0, _) => format!("{rest} {smaller_name}"),
            (_, 0) => format!("{whole} {name}"),
            _ => format!("{whole} {name} {rest} {smaller_name}"),
        };
    }
    let mut places = (size / unit(smallest).0).ilog10() as usize;
    let mut digits = step / unit(smallest).0;
    while digits % 10 == 0 {
        (digits, places) = (digits / 10, places - 1);
    }
    format!("{} {name}", decimal(nanoseconds, size, places))
}

/// A time in a unit with so many decimal places; further ones are cut off.
fn decimal(nanoseconds: i64, size: i64, places: usize) -> String {
    let (whole, rest) = (nanoseconds / size, nanoseconds % size);
    let shown = rest / (size / 10_i64.pow(places as u32)).max(1);
    if places == 0 { whole.to_string() } else { format!("{whole}.{shown:0places$}") }
}

/// A time since the session's start in full, down to this unit: `2 h 03 min 04.005 s`.
fn exactly(nanoseconds: i64, smallest: usize) -> String {
    let sign = if nanoseconds < 0 { "−" } else { "" };
    let mut rest = nanoseconds.saturating_abs();
    let mut parts = Vec::new();
    for (size, name) in UNITS.iter().skip(SECOND + 1).rev() {
        if rest >= *size || !parts.is_empty() {
            parts.push(format!("{} {name}", rest / size));
            rest %= size;
        }
    }
    if smallest <= SECOND || parts.is_empty() {
        let places = 3 * (SECOND - smallest.min(SECOND));
        parts.push(format!("{} s", decimal(rest, unit(SECOND).0, places)));
    }
    format!("{sign}{}", parts.join(" "))
}
