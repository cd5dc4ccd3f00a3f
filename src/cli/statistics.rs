//! The statistics of a saved session: as tables for reading, and as a part of the JSON document.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::capture::target::masked;
use crate::logs::Selection;
use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::moment::Moment;
use crate::reading::{quantity, statistics as reading};
use crate::report::statistics as report;
use crate::session::Session;
use crate::session::statistics::busiest::Second;
use crate::session::statistics::{Distribution, Gaps, MessageFigures, OneWay, Statistics, Throughput, Traffic};

use super::output::Output;
use super::report::Sides;

/// Prints the tables.
pub(super) fn text(out: &mut Output, session: &Session, selection: &Selection) -> io::Result<()> {
    if let Some(url) = &session.origin.url {
        out.line(&masked(url))?;
    }
    let statistics = report::of(session, selection);
    let frames = match selection {
        Selection::All => quantity::frames(session.frames.len()),
        Selection::Range(_) | Selection::Frames(_) => {
            let chosen = quantity::count(selection.count(session) as u64);
            format!("{chosen} of {}", quantity::frames(session.frames.len()))
        }
    };
    out.line(&format!("{frames} in {} s", session.newest))?;
    let tables = reading::tables(&statistics);
    tables.iter().try_for_each(|table| {
        out.line("")?;
        out.page(report::plain(table).as_str())
    })
}

/// Prints a figure a row.
pub(super) fn csv(out: &mut Output, session: &Session, selection: &Selection) -> io::Result<()> {
    out.document_writer().write_all(report::csv(&report::of(session, selection)).as_bytes())
}

/// All figures. Moments and gaps are in nanoseconds, lengths in bytes.
#[derive(Serialize)]
pub(super) struct StatisticsReport {
    start: Moment,
    end: Moment,
    /// By opcode; reserved ones with their value.
    frames: Sides<BTreeMap<String, TrafficReport>>,
    messages: Sides<MessagesReport>,
    payload_lengths: Sides<DistributionReport>,
    message_lengths: Sides<DistributionReport>,
    gaps: GapsReport,
    throughput: ThroughputReport,
    busiest_second: Sides<BusiestReport>,
    findings: Vec<RuleReport>,
}

#[derive(Serialize)]
struct TrafficReport {
    frames: u64,
    payload_bytes: u64,
    header_bytes: u64,
}

#[derive(Serialize)]
struct MessagesReport {
    text: u64,
    binary: u64,
    fragmented: u64,
    most_fragments: u64,
    compressed: u64,
    not_inflated: u64,
    /// Of those that could be inflated, as sent and after inflating.
    compressed_bytes: u64,
    inflated_bytes: u64,
    unfinished: u64,
}

#[derive(Serialize)]
struct DistributionReport {
    count: u64,
    least: Option<u64>,
    median: Option<u64>,
    percentile_90: Option<u64>,
    percentile_99: Option<u64>,
    most: Option<u64>,
    mean: Option<f64>,
    /// By which part of themselves the median and the percentiles are off at most.
    relative_error: f64,
    bars: Vec<BarReport>,
}

#[derive(Serialize)]
struct BarReport {
    start: u64,
    last: u64,
    count: u64,
}

#[derive(Serialize)]
struct GapsReport {
    client: DistributionReport,
    server: DistributionReport,
    /// Between frames of whichever side.
    either: DistributionReport,
    longest: Vec<GapReport>,
}

#[derive(Serialize)]
struct GapReport {
    nanoseconds: u64,
    after_frame: u64,
    before_frame: u64,
}

#[derive(Serialize)]
struct ThroughputReport {
    bucket_nanoseconds: u64,
    /// A number for each bucket, from the start on.
    client: CarriedReport,
    server: CarriedReport,
}

#[derive(Serialize)]
struct CarriedReport {
    frames: Vec<u64>,
    bytes: Vec<u64>,
}

#[derive(Serialize)]
struct BusiestReport {
    by_frames: Option<SecondReport>,
    by_bytes: Option<SecondReport>,
}

#[derive(Serialize)]
struct SecondReport {
    start: Moment,
    amount: u64,
}

#[derive(Serialize)]
struct RuleReport {
    rule: &'static str,
    severity: &'static str,
    findings: u64,
}

impl StatisticsReport {
    /// Those of some frames of a session.
    pub(super) fn of(session: &Session, selection: &Selection) -> StatisticsReport {
        let statistics = report::of(session, selection);
        let sides = |make: fn(&OneWay) -> DistributionReport| Sides::of_both(&statistics.ways, make);
        StatisticsReport {
            start: statistics.during.start,
            end: statistics.during.end,
            frames: Sides::of_both(&statistics.ways, TrafficReport::by_opcode),
            messages: Sides::of_both(&statistics.ways, |way| MessagesReport::of(&way.messages)),
            payload_lengths: sides(|way| DistributionReport::of(&way.lengths)),
            message_lengths: sides(|way| DistributionReport::of(&way.messages.lengths)),
            gaps: GapsReport::of(&statistics),
            throughput: ThroughputReport::of(&statistics.throughput),
            busiest_second: Sides::of_both(&statistics.ways, BusiestReport::of),
            findings: statistics
                .broken_rules
                .iter()
                .map(|broken| RuleReport {
                    rule: broken.rule.name(),
                    severity: broken.rule.severity().name(),
                    findings: broken.count,
                })
                .collect(),
        }
    }
}

impl TrafficReport {
    fn by_opcode(way: &OneWay) -> BTreeMap<String, TrafficReport> {
        let reported = |traffic: Traffic| TrafficReport {
            frames: traffic.frames,
            payload_bytes: traffic.payload,
            header_bytes: traffic.headers,
        };
        way.by_opcode().map(|(opcode, traffic)| (report::opcode_name(opcode), reported(traffic))).collect()
    }
}

impl MessagesReport {
    fn of(figures: &MessageFigures) -> MessagesReport {
        MessagesReport {
            text: figures.text,
            binary: figures.binary,
            fragmented: figures.fragmented,
            most_fragments: figures.most_fragments,
            compressed: figures.compressed,
            not_inflated: figures.not_inflated,
            compressed_bytes: figures.deflated_bytes,
            inflated_bytes: figures.inflated_bytes,
            unfinished: figures.unfinished,
        }
    }
}

impl DistributionReport {
    fn of(distribution: &Distribution) -> DistributionReport {
        let quantile = |percent| distribution.quantile(percent).map(|quantile| quantile.middle());
        let bars = distribution.bars().into_iter();
        DistributionReport {
            count: distribution.count(),
            least: distribution.least(),
            median: quantile(50),
            percentile_90: quantile(90),
            percentile_99: quantile(99),
            most: distribution.most(),
            mean: distribution.mean(),
            relative_error: distribution.relative_error(),
            bars: bars
                .map(|bar| BarReport { start: bar.start, last: bar.last, count: bar.counts.iter().sum() })
                .collect(),
        }
    }
}

impl GapsReport {
    fn of(statistics: &Statistics) -> GapsReport {
        let reported = |gaps: &Gaps| DistributionReport::of(gaps.lengths());
        let longest = statistics.gaps.longest().iter().map(|gap| GapReport {
            nanoseconds: gap.nanoseconds(),
            after_frame: gap.after.0,
            before_frame: gap.before.0,
        });
        GapsReport {
            client: reported(&statistics.ways.client_to_server.gaps),
            server: reported(&statistics.ways.server_to_client.gaps),
            either: reported(&statistics.gaps),
            longest: longest.collect(),
        }
    }
}

impl ThroughputReport {
    fn of(throughput: &Throughput) -> ThroughputReport {
        let carried = |direction: Direction| CarriedReport {
            frames: throughput.buckets().map(|(_, bucket)| bucket[direction].frames).collect(),
            bytes: throughput.buckets().map(|(_, bucket)| bucket[direction].bytes).collect(),
        };
        ThroughputReport {
            bucket_nanoseconds: throughput.width(),
            client: carried(Direction::ClientToServer),
            server: carried(Direction::ServerToClient),
        }
    }
}

impl BusiestReport {
    fn of(way: &OneWay) -> BusiestReport {
        let reported = |second: Second| SecondReport { start: second.from, amount: second.amount };
        BusiestReport {
            by_frames: way.busiest_by_frames().map(reported),
            by_bytes: way.busiest_by_bytes().map(reported),
        }
    }
}

impl<T> Sides<T> {
    fn of_both(ways: &PerDirection<OneWay>, make: impl Fn(&OneWay) -> T) -> Sides<T> {
        Sides { client: make(&ways.client_to_server), server: make(&ways.server_to_client) }
    }
}
