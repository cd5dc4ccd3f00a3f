//! Statistics as tables of texts and as plots: the same ones in the window, in a terminal and in reports.

use std::time::Duration;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::moment::Moment;
use crate::session::statistics::busiest::Second;
use crate::session::statistics::{Carried, Distribution, Gap, MessageFigures, OneWay, Quantile, Statistics, Traffic};

use super::bar_plot::{BarPlot, Lane, Measure, Span};
use super::quantity;

/// A table; its first column names what the others are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is about.
    pub title: &'static str,
    /// What each column is.
    pub head: Vec<&'static str>,
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
    /// How long each row's bar is, from 0 to 1, where the rows are those of a histogram.
    pub bars: Vec<f32>,
    /// What has to be known to read it.
    pub remark: Option<String>,
}

impl Table {
    fn new(title: &'static str, head: &[&'static str], rows: Vec<Vec<String>>) -> Table {
        Table { title, head: head.to_vec(), rows, bars: Vec::new(), remark: None }
    }
}

/// Every table that has anything to say, in the order in which they are read.
pub fn tables(statistics: &Statistics) -> Vec<Table> {
    let tables = [
        opcodes(statistics, Direction::ClientToServer),
        opcodes(statistics, Direction::ServerToClient),
        overhead(statistics),
        rates(statistics),
        throughput(statistics),
        messages(statistics),
        lengths(statistics),
        histogram_table(&length_plot(statistics), &["Length", "Client", "Server"]),
        message_lengths(statistics),
        gaps(statistics),
        histogram_table(&gap_plot(statistics), &["Gap", "Client", "Server", "Either"]),
        longest_gaps(statistics),
        broken_rules(statistics),
    ];
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// The frames of one side, by their opcodes.
pub fn opcodes(statistics: &Statistics, direction: Direction) -> Table {
    let way = &statistics.ways[direction];
    let (frames, all) = (statistics.frames(), way.all());
    let row = |name: String, traffic: Traffic| {
        vec![
            name,
            quantity::count(traffic.frames),
            quantity::share(traffic.frames, frames),
            quantity::bytes(traffic.payload),
            quantity::bytes(traffic.wire()),
        ]
    };
    let mut rows: Vec<_> = way.by_opcode().map(|(opcode, traffic)| row(opcode.to_string(), traffic)).collect();
    if rows.len() > 1 {
        rows.push(row("All".into(), all));
    }
    let title = match direction {
        Direction::ClientToServer => "Frames of the client",
        Direction::ServerToClient => "Frames of the server",
    };
    Table::new(title, &["Opcode", "Frames", "Share", "Payload", "On the wire"], rows)
}

/// How much of the bytes is not payload of messages.
pub fn overhead(statistics: &Statistics) -> Table {
    let ways = Direction::BOTH.map(|direction| &statistics.ways[direction]);
    let part = |way: &OneWay, bytes: u64| match way.all() {
        all if all.frames > 0 => Some(format!("{} ({})", quantity::bytes(bytes), quantity::share(bytes, all.wire()))),
        _ => None,
    };
    let mut rows = Vec::new();
    if statistics.frames() > 0 {
        rows.push(row("Headers", ways.map(|way| part(way, way.all().headers))));
        rows.push(row("Control frames", ways.map(|way| part(way, way.control().wire()))));
    }
    Table::new("Overhead", &["", "Client", "Server"], rows)
}

/// How much crossed in a second.
pub fn rates(statistics: &Statistics) -> Table {
    let seconds = statistics.during.end.since(statistics.during.start).as_secs_f64();
    let ways = Direction::BOTH.map(|direction| &statistics.ways[direction]);
    let mean = |sum: u64| (seconds > 0.0 && sum > 0).then(|| sum as f64 / seconds);
    let began =
        |second: Option<Second>| second.map(|second| format!("{} s", quantity::seconds(second.from.nanoseconds())));
    let frames = ways.map(|way| mean(way.all().frames).map(quantity::rate));
    let bytes = ways.map(|way| mean(way.all().wire()).map(|rate| quantity::bytes(rate.round() as u64)));
    let (most_frames, most_bytes) = (ways.map(OneWay::busiest_by_frames), ways.map(OneWay::busiest_by_bytes));
    let amount = |second: Option<Second>, text: fn(u64) -> String| second.map(|second| text(second.amount));
    let mut rows = Vec::new();
    if statistics.frames() > 0 {
        rows.push(row("Frames a second, mean", frames));
        rows.push(row("Most frames in a second", most_frames.map(|second| amount(second, quantity::count))));
        rows.push(row("That one began at", most_frames.map(began)));
        rows.push(row("Bytes a second, mean", bytes));
        rows.push(row("Most bytes in a second", most_bytes.map(|second| amount(second, quantity::bytes))));
        rows.push(row("That one began at", most_bytes.map(began)));
    }
    Table::new("Rates", &["", "Client", "Server"], rows)
}

/// How much crossed over time, in few steps.
fn throughput(statistics: &Statistics) -> Table {
    const MOST_STEPS: usize = 20;
    let coarse = statistics.throughput.in_at_most(MOST_STEPS, statistics.during.end);
    let sum = |bucket: &PerDirection<Carried>| bucket.client_to_server.bytes + bucket.server_to_client.bytes;
    let most = coarse.buckets().map(|(_, bucket)| sum(bucket)).max().unwrap_or(0).max(1);
    let cells = |(at, bucket): (Moment, &PerDirection<Carried>)| {
        let frames = Direction::BOTH.map(|direction| Some(quantity::count(bucket[direction].frames)));
        let bytes = Direction::BOTH.map(|direction| Some(quantity::bytes(bucket[direction].bytes)));
        row(&format!("{} s", quantity::seconds(at.nanoseconds())), frames.into_iter().chain(bytes))
    };
    let bars = coarse.buckets().map(|(_, bucket)| sum(bucket) as f32 / most as f32).collect();
    let head = ["From", "Client's frames", "Server's frames", "Client's bytes", "Server's bytes"];
    Table { bars, ..Table::new("Throughput", &head, coarse.buckets().map(cells).collect()) }
}

/// The messages of both sides.
pub fn messages(statistics: &Statistics) -> Table {
    let figures = Direction::BOTH.map(|direction| &statistics.ways[direction].messages);
    let counted = |name, count: fn(&MessageFigures) -> u64| (name, figures.map(count));
    let counts = [
        counted("Text", |figures| figures.text),
        counted("Binary", |figures| figures.binary),
        counted("Fragmented", |figures| figures.fragmented),
        counted("Most fragments", |figures| figures.most_fragments),
        counted("Compressed", |figures| figures.compressed),
        counted("Could not be inflated", |figures| figures.not_inflated),
        counted("Unfinished", |figures| figures.unfinished),
    ];
    let occurring = counts.into_iter().filter(|(_, counts)| counts.iter().any(|count| *count > 0));
    let cells = |counts: [u64; 2]| counts.map(|count| Some(quantity::count(count)));
    let mut rows: Vec<_> = occurring.map(|(name, counts)| row(name, cells(counts))).collect();
    if figures.iter().any(|figures| figures.inflated_bytes > 0) {
        let share = |figures: &MessageFigures| match figures.inflated_bytes {
            0 => None,
            inflated => Some(quantity::share(figures.deflated_bytes, inflated)),
        };
        rows.push(row("Compressed to", figures.map(share)));
    }
    Table::new("Messages", &["", "Client", "Server"], rows)
}

/// How long the payloads of frames are.
pub fn lengths(statistics: &Statistics) -> Table {
    let [client, server] = Direction::BOTH.map(|direction| &statistics.ways[direction].lengths);
    let both = client.clone().with(server);
    figures("Payload lengths of frames", &["", "Client", "Server", "Both"], [client, server, &both], quantity::bytes)
}

/// How long messages are.
pub fn message_lengths(statistics: &Statistics) -> Table {
    let [client, server] = Direction::BOTH.map(|direction| &statistics.ways[direction].messages.lengths);
    let both = client.clone().with(server);
    figures("Lengths of messages", &["", "Client", "Server", "Both"], [client, server, &both], quantity::bytes)
}

/// How long the times between frames are.
pub fn gaps(statistics: &Statistics) -> Table {
    let text = |gap| quantity::duration(Duration::from_nanos(gap));
    figures("Gaps between frames", &["", "Client", "Server", "Either"], gap_lengths(statistics), text)
}

/// The times between the frames of the client, between those of the server, and between all.
pub fn gap_lengths(statistics: &Statistics) -> [&Distribution; 3] {
    let PerDirection { client_to_server, server_to_client } = &statistics.ways;
    [client_to_server.gaps.lengths(), server_to_client.gaps.lengths(), statistics.gaps.lengths()]
}

/// The figures of distributions, one a column.
fn figures<const COUNT: usize>(
    title: &'static str,
    head: &[&'static str],
    of: [&Distribution; COUNT],
    text: impl Fn(u64) -> String,
) -> Table {
    let quantiles = |percent| of.map(|distribution| distribution.quantile(percent));
    let told = |quantile: Quantile| {
        let about = if quantile.is_exact() { "" } else { "≈ " };
        format!("{about}{}", text(quantile.middle()))
    };
    let mean = |distribution: &Distribution| distribution.mean().map(|mean| text(mean.round() as u64));
    let mut rows = Vec::new();
    if of.iter().any(|distribution| distribution.count() > 0) {
        rows.push(row("Least", of.map(|distribution| distribution.least().map(&text))));
        rows.push(row("Median", quantiles(50).map(|quantile| quantile.map(told))));
        rows.push(row("90 % at most", quantiles(90).map(|quantile| quantile.map(told))));
        rows.push(row("99 % at most", quantiles(99).map(|quantile| quantile.map(told))));
        rows.push(row("Most", of.map(|distribution| distribution.most().map(&text))));
        rows.push(row("Mean", of.map(mean)));
    }
    let is_exact = [50, 90, 99].iter().flat_map(|percent| quantiles(*percent)).flatten().all(Quantile::is_exact);
    let off = of.first().map(|distribution| distribution.relative_error() * 100.0).filter(|_| !is_exact);
    Table { remark: off.map(|off| format!("≈ is off by at most {off} %.")), ..Table::new(title, head, rows) }
}

/// A row with its name; what there is not leaves its cell empty.
fn row(name: &str, cells: impl IntoIterator<Item = Option<String>>) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(cells.into_iter().map(Option::unwrap_or_default)).collect()
}

/// How many frames have payloads of which length.
pub fn length_plot(statistics: &Statistics) -> BarPlot {
    let lengths = Direction::BOTH.map(|direction| &statistics.ways[direction].lengths);
    let span = |start: u64, last: u64| Span {
        start,
        last,
        label: match start == last {
            true => quantity::bytes(start),
            false => format!("{} – {} bytes", quantity::count(start), quantity::count(last)),
        },
        mark: quantity::round_bytes(start),
        rank: start.checked_ilog2().map_or(0, |step| 3 - step.trailing_zeros().min(3) as u8),
    };
    let lanes = [("client", Some(Direction::ClientToServer)), ("server", Some(Direction::ServerToClient))];
    histogram("Frames by payload length", lanes, lengths, span)
}

/// How many gaps are how long.
pub fn gap_plot(statistics: &Statistics) -> BarPlot {
    let span = |start: u64, last: u64| {
        let mark = quantity::round_duration(start);
        let label = match start == last {
            true => mark.clone(),
            false => format!("{mark} – {}", quantity::round_duration(last.saturating_add(1))),
        };
        let is_power = start.checked_ilog10().is_none_or(|power| start == 10_u64.pow(power));
        Span { start, last, label, mark, rank: u8::from(!is_power) }
    };
    let [client, server] = Direction::BOTH.map(Some);
    let lanes = [("client", client), ("server", server), ("either", None)];
    histogram("Frames by the gap before them", lanes, gap_lengths(statistics), span)
}

fn histogram<const COUNT: usize>(
    title: &'static str,
    lanes: [(&'static str, Option<Direction>); COUNT],
    of: [&Distribution; COUNT],
    span: impl Fn(u64, u64) -> Span,
) -> BarPlot {
    let bars = Distribution::side_by_side(of);
    let values = |lane: usize| bars.iter().filter_map(|bar| bar.counts.get(lane).copied()).collect();
    let lanes = lanes.into_iter().enumerate();
    BarPlot {
        title,
        spans: bars.iter().map(|bar| span(bar.start, bar.last)).collect(),
        lanes: lanes.map(|(lane, (name, direction))| Lane { name, direction, values: values(lane) }).collect(),
        measure: Measure::Frames,
        seconds: None,
    }
}

/// How much crossed over time, in at most so many steps.
pub fn throughput_plot(statistics: &Statistics, measure: Measure, most_steps: usize) -> BarPlot {
    let (throughput, end) =
        (statistics.throughput.in_at_most(most_steps, statistics.during.end), statistics.during.end);
    let width = throughput.width();
    let start = statistics.during.start;
    let steps = (end.since(start).as_nanos() / u128::from(width)) as usize + 1;
    let steps = steps.max(throughput.buckets().len());
    let at = |step: usize| Moment(start.nanoseconds().saturating_add((step as u64).saturating_mul(width)));
    let seconds = |step: usize| quantity::seconds(at(step).nanoseconds());
    let span = |step: usize| Span {
        start: at(step).nanoseconds(),
        last: at(step + 1).nanoseconds().saturating_sub(1),
        label: format!("{} – {} s", seconds(step), seconds(step + 1)),
        mark: match start {
            Moment::START => quantity::round_duration(at(step).nanoseconds()),
            _ => format!("{} s", seconds(step)),
        },
        rank: [100, 50, 10, 5].iter().position(|round| step.is_multiple_of(*round)).unwrap_or(4) as u8,
    };
    let lane = |name, direction: Direction| {
        let value = |carried: Carried| match measure {
            Measure::Frames => carried.frames,
            Measure::Bytes => carried.bytes,
        };
        let values = throughput.buckets().map(|(_, bucket)| value(bucket[direction]));
        Lane { name, direction: Some(direction), values: values.chain(std::iter::repeat(0)).take(steps).collect() }
    };
    BarPlot {
        title: match measure {
            Measure::Frames => "Frames over time",
            Measure::Bytes => "Bytes over time",
        },
        spans: (0..steps).map(span).collect(),
        lanes: vec![lane("client", Direction::ClientToServer), lane("server", Direction::ServerToClient)],
        measure,
        seconds: Some(width as f64 / 1e9),
    }
}

/// A histogram as a table.
fn histogram_table(plot: &BarPlot, head: &[&'static str]) -> Table {
    let sum = |span: usize| plot.lanes.iter().filter_map(|lane| lane.values.get(span)).sum::<u64>();
    let most = (0..plot.spans.len()).map(sum).max().unwrap_or(0).max(1);
    let cells = |(place, span): (usize, &Span)| {
        row(&span.label, plot.lanes.iter().map(|lane| lane.values.get(place).map(|value| plot.height(*value))))
    };
    let bars = (0..plot.spans.len()).map(|span| sum(span) as f32 / most as f32).collect();
    Table { bars, ..Table::new(plot.title, head, plot.spans.iter().enumerate().map(cells).collect()) }
}

/// The longest times between two frames, whichever side sent them.
pub fn longest_gaps(statistics: &Statistics) -> Table {
    let cells = |gap: &Gap| {
        let frame = format!("Frame {}", quantity::count(gap.before.0));
        vec![frame, quantity::duration(gap.length()), format!("{} s", gap.from)]
    };
    let rows = statistics.gaps.longest().iter().map(cells).collect();
    Table::new("Longest gaps", &["Before", "Gap", "From"], rows)
}

/// The rules that were broken.
pub fn broken_rules(statistics: &Statistics) -> Table {
    let rows = statistics.broken_rules.iter().map(|broken| {
        let rule = &broken.rule;
        let severity = rule.severity().name().to_owned();
        vec![rule.name().to_owned(), quantity::count(broken.count), severity, rule.section().to_owned()]
    });
    Table::new("Broken rules", &["Rule", "Findings", "Severity", "Section"], rows.collect())
}
