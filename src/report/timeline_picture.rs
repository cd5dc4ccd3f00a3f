//! The timeline as a picture in SVG: a lane a direction, a column for what crossed at about the same time, lines for what else happened.

use std::fmt::Write;

use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::TransportEnd;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, Session};

use super::html::escaped;

const WIDTH: u64 = 960;
/// Left of the lanes stand their names.
const LEFT: u64 = 64;
const COLUMN: u64 = 4;
const COLUMNS: u64 = (WIDTH - LEFT) / COLUMN;
const LANE: f64 = 56.0;
const TOP: f64 = 22.0;
const HEIGHT: f64 = TOP + 2.0 * LANE + 12.0;

/// How many landmarks are drawn at most.
const MOST_LANDMARKS: usize = 200;

/// The picture of the whole session.
pub(super) fn svg(session: &Session) -> String {
    let end = session.newest.nanoseconds().max(1);
    let mut svg = format!(
        "<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Timeline: {} frames over {} s\">\n",
        session.frames.len(),
        session.newest
    );
    let left = LEFT as f64;
    let place = |at: u64| left + (at as f64 / end as f64) * (WIDTH - LEFT) as f64;
    for (lane, name) in ["client", "server"].iter().enumerate() {
        let y = TOP + lane as f64 * (LANE + 4.0);
        let _ = writeln!(
            svg,
            "<rect class=\"lane\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{}\" height=\"{LANE}\" rx=\"4\"/>",
            WIDTH - LEFT
        );
        let _ = writeln!(svg, "<text class=\"{name}\" x=\"0\" y=\"{:.1}\">{name}</text>", y + LANE / 2.0 + 4.0);
    }
    let (step, unit, divisor) = tick(end);
    for number in 0..=end / step {
        let x = place(number * step);
        let anchor = if x > WIDTH as f64 - 30.0 { "end" } else { "middle" };
        let _ = writeln!(
            svg,
            "<text class=\"tick\" x=\"{x:.1}\" y=\"12\" text-anchor=\"{anchor}\">{} {unit}</text>",
            number * step / divisor
        );
    }
    landmarks(session, &mut svg, place);
    columns(session, &mut svg, end);
    bookmarks(session, &mut svg, place);
    svg.push_str("</svg>\n");
    svg
}

fn landmarks(session: &Session, svg: &mut String, place: impl Fn(u64) -> f64) {
    for landmark in session.landmarks.iter().take(MOST_LANDMARKS) {
        let (class, words) = match &landmark.kind {
            LandmarkKind::Request => ("good", "upgrade request".into()),
            LandmarkKind::Response { status } => {
                (if *status == 101 { "good" } else { "error" }, format!("response {status}"))
            }
            LandmarkKind::Event(EventKind::ConnectFailed { problem, .. }) => ("error", problem.clone()),
            LandmarkKind::Event(EventKind::TransportEnded { side, how }) => match how {
                TransportEnd::Fin => ("weak", format!("FIN of the {side}")),
                TransportEnd::Rst => ("error", format!("reset by the {side}")),
                TransportEnd::Timeout | TransportEnd::Local => ("error", format!("given up by the {side}")),
            },
            LandmarkKind::Event(EventKind::Note { .. }) => continue,
            LandmarkKind::Event(_) => ("good", "a step of connecting".into()),
        };
        let x = place(landmark.at.nanoseconds());
        let _ = writeln!(
            svg,
            "<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"><title>{} s: {}</title></line>",
            TOP + 2.0 * LANE + 4.0,
            landmark.at,
            escaped(&words)
        );
    }
}

/// A flag above the lanes for each bookmarked frame.
fn bookmarks(session: &Session, svg: &mut String, place: impl Fn(u64) -> f64) {
    for bookmark in session.annotations.bookmarks().iter().take(MOST_LANDMARKS) {
        let Some(row) = session.frame(bookmark.frame) else { continue };
        let (x, note) = (place(row.at.nanoseconds()), bookmark.note.text().replace('\n', " "));
        let words = if note.is_empty() { String::new() } else { format!(": {}", escaped(&note)) };
        let _ = writeln!(
            svg,
            "<path class=\"bookmark\" d=\"M{x:.1} {TOP}v-9h7v6h-6v3z\"><title>Frame {}{words}</title></path>",
            bookmark.frame.0
        );
    }
}

fn columns(session: &Session, svg: &mut String, end: u64) {
    let start_of = |column: u64| (u128::from(end) * u128::from(column) / u128::from(COLUMNS)) as u64;
    let totals: Vec<_> = (0..COLUMNS)
        .map(|column| {
            // The last column has the last moment too.
            let until = if column + 1 == COLUMNS { end.saturating_add(1) } else { start_of(column + 1) };
            session.totals(session.frames_between(Moment(start_of(column)), Moment(until)))
        })
        .collect();
    let most = totals.iter().flat_map(|totals| Direction::BOTH.map(|direction| totals[direction].frames)).max();
    let scale = (most.unwrap_or(0).max(1) as f64).ln_1p();
    for (column, totals) in (0..).zip(&totals) {
        for (lane, direction) in Direction::BOTH.into_iter().enumerate() {
            let total = &totals[direction];
            if total.frames == 0 {
                continue;
            }
            let height = ((total.frames as f64).ln_1p() / scale * (LANE - 12.0)).max(8.0);
            let x = LEFT + column * COLUMN;
            let bottom = TOP + lane as f64 * (LANE + 4.0) + LANE - 4.0;
            let opcode = rarest(total.opcodes);
            let _ = writeln!(
                svg,
                "<rect class=\"{}\" x=\"{x}\" y=\"{:.1}\" width=\"{}\" height=\"{height:.1}\" rx=\"1\"><title>{} s: {} frames, {} bytes</title></rect>",
                opcode.name(),
                bottom - height,
                COLUMN - 1,
                Moment(start_of(column)),
                total.frames,
                total.payload
            );
            if total.worst_finding.is_some() {
                let _ = writeln!(
                    svg,
                    "<circle class=\"finding\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/>",
                    x as f64 + 1.5,
                    bottom - height - 5.0
                );
            }
        }
    }
}

/// Of the opcodes in a column the one that a reader looks for most.
fn rarest(opcodes: u16) -> Opcode {
    let assigned = [Opcode::Close, Opcode::Ping, Opcode::Pong, Opcode::Binary, Opcode::Text, Opcode::Continuation];
    assigned.into_iter().find(|opcode| opcodes & (1 << opcode.bits()) != 0).unwrap_or(Opcode::Reserved(3))
}

/// A round step of about an eighth of the span, with its unit and how many nanoseconds that has.
fn tick(span: u64) -> (u64, &'static str, u64) {
    let mut step = 1_u64;
    while span / step > 8 {
        let leading = step / 10_u64.pow(step.ilog10());
        let factor = if leading == 2 { (5, 2) } else { (2, 1) };
        let Some(next) = step.checked_mul(factor.0) else { break };
        step = next / factor.1;
    }
    match step {
        0..1_000 => (step, "ns", 1),
        1_000..1_000_000 => (step, "µs", 1_000),
        1_000_000..1_000_000_000 => (step, "ms", 1_000_000),
        _ => (step, "s", 1_000_000_000),
    }
}
