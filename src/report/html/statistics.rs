//! The statistics of the chosen frames: tables beside each other, and pictures.

use std::io::{self, Write};

use crate::logs::Selection;
use crate::protocol::direction::Direction;
use crate::reading::bar_plot::{BarPlot, Measure};
use crate::reading::statistics::{self as tables, Table};
use crate::session::Session;

use super::super::{bar_picture, statistics};
use super::escaped;

/// Writes the section; nothing where no frame was chosen.
pub(super) fn write(session: &Session, selection: &Selection, out: &mut impl Write) -> io::Result<()> {
    let statistics = statistics::of(session, selection);
    if statistics.frames() == 0 {
        return Ok(());
    }
    writeln!(out, "<h2>Statistics</h2>\n<div class=\"figures\">")?;
    for direction in Direction::BOTH {
        group(&[&tables::opcodes(&statistics, direction)], &[], out)?;
    }
    group(&[&tables::overhead(&statistics), &tables::rates(&statistics)], &[], out)?;
    let over_time = [Measure::Frames, Measure::Bytes]
        .map(|measure| tables::throughput_plot(&statistics, measure, bar_picture::MOST_SPANS));
    group(&[], &over_time, out)?;
    group(&[&tables::lengths(&statistics)], &[tables::length_plot(&statistics)], out)?;
    group(&[&tables::gaps(&statistics)], &[tables::gap_plot(&statistics)], out)?;
    group(&[&tables::longest_gaps(&statistics)], &[], out)?;
    group(&[&tables::messages(&statistics), &tables::message_lengths(&statistics)], &[], out)?;
    group(&[&tables::broken_rules(&statistics)], &[], out)?;
    writeln!(out, "</div>")
}

/// Pictures and tables below each other.
fn group(tables: &[&Table], plots: &[BarPlot], out: &mut impl Write) -> io::Result<()> {
    let tables: Vec<&&Table> = tables.iter().filter(|table| !table.rows.is_empty()).collect();
    let plots: Vec<&BarPlot> = plots.iter().filter(|plot| !plot.spans.is_empty()).collect();
    if tables.is_empty() && plots.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div>")?;
    for plot in plots {
        writeln!(out, "<h3>{}</h3>", escaped(plot.title))?;
        out.write_all(bar_picture::svg(plot).as_bytes())?;
    }
    tables.into_iter().try_for_each(|figures| table(figures, out))?;
    writeln!(out, "</div>")
}

fn table(table: &Table, out: &mut impl Write) -> io::Result<()> {
    let class = |column: usize| if column == 0 { "" } else { " class=\"number\"" };
    writeln!(out, "<h3>{}</h3>\n<table>", escaped(table.title))?;
    write!(out, "<tr>")?;
    for (column, name) in table.head.iter().enumerate() {
        write!(out, "<th{}>{}</th>", class(column), escaped(name))?;
    }
    writeln!(out, "</tr>")?;
    for row in &table.rows {
        write!(out, "<tr>")?;
        for (column, cell) in row.iter().enumerate() {
            write!(out, "<td{}>{}</td>", class(column), escaped(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</table>")?;
    match &table.remark {
        Some(remark) => writeln!(out, "<p class=\"weak\">{}</p>", escaped(remark)),
        None => Ok(()),
    }
}
