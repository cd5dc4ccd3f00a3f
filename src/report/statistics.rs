//! Statistics as documents: tables for reading, in plain text and in Markdown, and rows for a spreadsheet.

use std::fmt::Write;

use crate::logs::Selection;
use crate::protocol::direction::Direction;
use crate::protocol::opcode::Opcode;
use crate::reading::statistics::{Table, gap_lengths};
use crate::session::Session;
use crate::session::statistics::{Bar, Distribution, Statistics};

/// How many characters the longest bar of a histogram has.
const LONGEST_BAR: usize = 24;

/// The statistics of some frames of a session; with some only, without the findings that are on no frame.
pub fn of(session: &Session, selection: &Selection) -> Statistics {
    Statistics::of(session, selection.frames(session), |finding| match finding.frame {
        Some(number) => selection.contains(number),
        None => *selection == Selection::All,
    })
}

/// How an opcode is named where it is one of several; a reserved one with its value.
pub fn opcode_name(opcode: Opcode) -> String {
    match opcode {
        Opcode::Reserved(bits) => format!("{} {bits:#x}", opcode.name()),
        assigned => assigned.name().to_owned(),
    }
}

/// A table in columns of the same width.
pub fn plain(table: &Table) -> String {
    let widths: Vec<usize> = (0..table.head.len()).map(|column| width(table, column)).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>, bar: &str| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.zip(&widths).enumerate() {
            // Names begin, figures end at the same place.
            let _ = if column == 0 { write!(line, "  {cell:<width$}") } else { write!(line, "  {cell:>width$}") };
        }
        format!("{line}  {bar}").trim_end().to_owned() + "\n"
    };
    let mut text = format!("{}\n{}", table.title, line(&mut table.head.iter().copied(), ""));
    for (place, row) in table.rows.iter().enumerate() {
        text.push_str(&line(&mut row.iter().map(String::as_str), &bar(table, place)));
    }
    text + &table.remark.as_ref().map(|remark| format!("  {remark}\n")).unwrap_or_default()
}

fn width(table: &Table, column: usize) -> usize {
    let cells = table.rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
    cells.chain(table.head.get(column).copied()).map(|cell| cell.chars().count()).max().unwrap_or(0)
}

/// A row's bar, when there is one; what is there has a bar however short.
fn bar(table: &Table, row: usize) -> String {
    let length = table.bars.get(row).copied().unwrap_or(0.0);
    "█".repeat((length * LONGEST_BAR as f32).ceil() as usize)
}

/// A table in Markdown.
pub fn markdown(table: &Table) -> String {
    let has_bars = !table.bars.is_empty();
    let line = |cells: &mut dyn Iterator<Item = &str>| format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    let aligned = std::iter::once("---").chain(table.head.iter().skip(1).map(|_| "---:"));
    let mut text = format!("### {}\n\n", table.title);
    text.push_str(&line(&mut table.head.iter().copied().chain(has_bars.then_some(""))));
    text.push_str(&line(&mut aligned.chain(has_bars.then_some("---"))));
    for (place, cells) in table.rows.iter().enumerate() {
        let bar = has_bars.then(|| bar(table, place));
        text.push_str(&line(&mut cells.iter().map(String::as_str).chain(bar.as_deref())));
    }
    text + &table.remark.as_ref().map(|remark| format!("\n{remark}\n")).unwrap_or_default()
}

/// Every figure as a row of comma-separated values: what it belongs to, which part of that, whose, what it is, and the number. Lengths
/// are in bytes, gaps in nanoseconds, moments in seconds.
pub fn csv(statistics: &Statistics) -> String {
    let mut rows = Rows { text: String::from("section,item,from,figure,value\r\n") };
    for direction in Direction::BOTH {
        let (way, from) = (&statistics.ways[direction], direction.sender().to_string());
        for (opcode, traffic) in way.by_opcode() {
            let name = opcode_name(opcode);
            rows.add("frames", &name, &from, "frames", traffic.frames);
            rows.add("frames", &name, &from, "payload bytes", traffic.payload);
            rows.add("frames", &name, &from, "header bytes", traffic.headers);
        }
        let messages = &way.messages;
        rows.add("messages", "text", &from, "messages", messages.text);
        rows.add("messages", "binary", &from, "messages", messages.binary);
        rows.add("messages", "fragmented", &from, "messages", messages.fragmented);
        rows.add("messages", "compressed", &from, "messages", messages.compressed);
        rows.add("messages", "compressed", &from, "bytes as sent", messages.deflated_bytes);
        rows.add("messages", "compressed", &from, "bytes inflated", messages.inflated_bytes);
        rows.add("messages", "unfinished", &from, "messages", messages.unfinished);
        for (figure, second) in [("frames", way.busiest_by_frames()), ("bytes", way.busiest_by_bytes())] {
            if let Some(second) = second {
                rows.add("busiest second", &second.from.to_string(), &from, figure, second.amount);
            }
        }
    }
    let [client, server] = Direction::BOTH.map(|direction| &statistics.ways[direction]);
    rows.distributions("payload length", ["client", "server"], [&client.lengths, &server.lengths]);
    rows.distributions("message length", ["client", "server"], [&client.messages.lengths, &server.messages.lengths]);
    rows.distributions("gap", ["client", "server", "either"], gap_lengths(statistics));
    for (start, bucket) in statistics.throughput.buckets() {
        for direction in Direction::BOTH {
            let (carried, from) = (bucket[direction], direction.sender().to_string());
            rows.add("throughput", &start.to_string(), &from, "frames", carried.frames);
            rows.add("throughput", &start.to_string(), &from, "bytes", carried.bytes);
        }
    }
    for broken in &statistics.broken_rules {
        rows.add("findings", broken.rule.name(), "", "findings", broken.count);
    }
    rows.text
}

struct Rows {
    text: String,
}

impl Rows {
    fn add(&mut self, section: &str, item: &str, from: &str, figure: &str, value: impl std::fmt::Display) {
        let _ = write!(self.text, "{section},{item},{from},{figure},{value}\r\n");
    }

    fn distributions<const COUNT: usize>(&mut self, section: &str, names: [&str; COUNT], of: [&Distribution; COUNT]) {
        for (name, distribution) in names.iter().zip(of) {
            let quantile = |percent| distribution.quantile(percent).map(|quantile| quantile.middle());
            let figures = [
                ("least", distribution.least()),
                ("median", quantile(50)),
                ("90 %", quantile(90)),
                ("99 %", quantile(99)),
                ("most", distribution.most()),
            ];
            for (figure, value) in figures {
                value.into_iter().for_each(|value| self.add(section, "", name, figure, value));
            }
            distribution.mean().into_iter().for_each(|mean| self.add(section, "", name, "mean", mean));
        }
        for Bar { start, last, counts } in Distribution::side_by_side(of) {
            for (name, count) in names.iter().zip(counts) {
                self.add(section, &format!("{start} to {last}"), name, "count", count);
            }
        }
    }
}
