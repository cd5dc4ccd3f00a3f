//! Bars in lanes over one axis, as values: what the window paints and a report draws.

use crate::protocol::direction::Direction;

use super::quantity;

/// The space between two marks of an axis, in points.
const BETWEEN_MARKS: f32 = 12.0;

/// A part of the axis, with a bar in each lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The least value that belongs to it.
    pub start: u64,
    /// The largest.
    pub last: u64,
    /// What it is: `16 – 31 bytes`.
    pub label: String,
    /// What the axis says where it begins.
    pub mark: String,
    /// How round that is; the least number is the roundest.
    pub rank: u8,
}

/// The bars of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Whose they are.
    pub name: &'static str,
    /// Which way that goes, when it goes one way.
    pub direction: Option<Direction>,
    /// A number for each span.
    pub values: Vec<u64>,
}

/// What a bar's number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// Frames.
    #[default]
    Frames,
    /// Bytes.
    Bytes,
}

/// The plot.
#[derive(Debug, Clone, PartialEq)]
pub struct BarPlot {
    /// What it is of.
    pub title: &'static str,
    /// The parts of the axis.
    pub spans: Vec<Span>,
    /// The lanes, from above.
    pub lanes: Vec<Lane>,
    /// What the numbers are.
    pub measure: Measure,
    /// How many seconds a span is, where its number makes a rate.
    pub seconds: Option<f64>,
}

impl BarPlot {
    /// A number as it is read: `12 frames`, `1.5 KiB`.
    fn counted(&self, value: u64) -> String {
        match self.measure {
            Measure::Frames => quantity::frames(value as usize),
            Measure::Bytes => quantity::bytes(value),
        }
    }

    /// The same with the rate that it makes: `12 frames, 60.0/s`.
    fn amount(&self, value: u64) -> String {
        match self.seconds {
            Some(_) if value > 0 => format!("{}, {}", self.counted(value), self.height(value)),
            _ => self.counted(value),
        }
    }

    /// A number as the scale of the heights says it.
    pub fn height(&self, value: u64) -> String {
        match (self.seconds, self.measure) {
            (None, Measure::Frames) => quantity::count(value),
            (None, Measure::Bytes) => quantity::bytes(value),
            (Some(seconds), Measure::Frames) => format!("{}/s", quantity::rate(value as f64 / seconds)),
            (Some(seconds), Measure::Bytes) => {
                format!("{}/s", quantity::bytes((value as f64 / seconds).round() as u64))
            }
        }
    }

    /// What the bars of a span say, a line each.
    pub fn span_described(&self, span: usize) -> String {
        let label = self.spans.get(span).map(|span| span.label.clone());
        let lanes = (0..).zip(&self.lanes);
        let lanes = lanes.map(|(place, lane)| format!("{}: {}", lane.name, self.amount(self.value(place, span))));
        label.into_iter().chain(lanes).collect::<Vec<_>>().join("\n")
    }

    /// What a bar says.
    pub fn described(&self, lane: usize, span: usize) -> String {
        let (label, name) = (self.spans.get(span).map(|span| &*span.label), self.lanes.get(lane).map(|lane| lane.name));
        let amount = self.amount(self.value(lane, span));
        format!("{}, {}: {amount}", label.unwrap_or_default(), name.unwrap_or_default())
    }

    /// A bar's number.
    pub fn value(&self, lane: usize, span: usize) -> u64 {
        self.lanes.get(lane).and_then(|lane| lane.values.get(span)).copied().unwrap_or(0)
    }

    /// The plot in words: how much each lane has, and where most of it is.
    pub fn summary(&self) -> String {
        let lanes = self.lanes.iter().filter_map(|lane| {
            let sum: u64 = lane.values.iter().sum();
            let (place, most) =
                (0..).zip(&lane.values).max_by_key(|(place, value)| (**value, std::cmp::Reverse(*place)))?;
            let label: &str = self.spans.get(place).map(|span| &*span.label).unwrap_or_default();
            (*most > 0)
                .then(|| format!("{}: {}, most at {label}, {}", lane.name, self.counted(sum), self.amount(*most)))
        });
        let lanes: Vec<String> = lanes.collect();
        if lanes.is_empty() { self.title.to_owned() } else { format!("{}. {}", self.title, lanes.join("; ")) }
    }

    /// The marks that an axis of this width has room for, with their places: the roundest ones, and those of the next ranks for as long
    /// as all of a rank fit between them.
    pub fn marks(&self, width: f32, width_of: impl Fn(&str) -> f32) -> Vec<(f32, &str)> {
        let each = width / self.spans.len().max(1) as f32;
        let mut ranks: Vec<u8> = self.spans.iter().map(|span| span.rank).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut marks: Vec<Mark<'_>> = Vec::new();
        for rank in ranks {
            let of_rank = (0..).zip(&self.spans).filter(|(_, span)| span.rank == rank);
            let candidates = of_rank.map(|(place, span): (u32, &Span)| Mark {
                at: each * place as f32,
                half: (width_of(&span.mark) + BETWEEN_MARKS) / 2.0,
                text: &span.mark,
            });
            let mut with_rank = marks.clone();
            let mut all_fit = true;
            for mark in candidates {
                let fits = with_rank.iter().all(|other| (mark.at - other.at).abs() >= mark.half + other.half);
                all_fit &= fits;
                if fits {
                    with_rank.push(mark);
                }
            }
            // Some of the roundest ones are better than none.
            if !all_fit && !marks.is_empty() {
                break;
            }
            marks = with_rank;
        }
        marks.iter().map(|mark| (mark.at, mark.text)).collect()
    }
}

/// A mark of the axis and half of the room that it takes.
#[derive(Clone, Copy)]
struct Mark<'plot> {
    at: f32,
    half: f32,
    text: &'plot str,
}
