//! What came of a replay, for reading and for scripts: how much was sent, and the server's messages then and now.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::capture::replay::{Pace, ReplayProgress};
use crate::capture::target::masked;
use crate::content::difference::Place;
use crate::content::subprotocol::Subprotocol;
use crate::explain::explanation::Explanation;
use crate::explain::texts::Texts;
use crate::reading::comparison::{Comparison, Facet, Likeness, Row, Seen};
use crate::reading::{Previewer, Reading};
use crate::session::latency::Latency;
use crate::session::{EventKind, Session};

use super::output::Output;
use super::report::VerdictReport;

/// The most messages that are listed.
const LISTED: usize = 1_000;

/// A replay that is over.
pub(super) struct Outcome<'all> {
    pub(super) log: &'all Path,
    pub(super) url: &'all str,
    pub(super) pace: Pace,
    pub(super) progress: Option<ReplayProgress>,
    pub(super) then: &'all Session,
    pub(super) now: &'all Session,
    pub(super) comparison: Comparison,
}

impl Outcome<'_> {
    /// Whether the server did the same. What was not sent cannot have been answered.
    pub(super) fn is_same(&self) -> bool {
        self.comparison.is_same()
    }

    fn different_rows(&self) -> impl Iterator<Item = &Row> {
        self.comparison.rows.iter().filter(|row| row.likeness != Likeness::Equal)
    }

    fn notes(&self) -> impl Iterator<Item = &str> {
        self.now.records().filter_map(|(_, kind)| match kind {
            EventKind::Note { text } => Some(text.as_str()),
            _ => None,
        })
    }
}

/// Prints it for reading.
pub(super) fn text(out: &mut Output, outcome: &Outcome<'_>) -> io::Result<()> {
    let Outcome { comparison, then, now, .. } = outcome;
    out.line(&masked(outcome.url))?;
    let sent = outcome.progress.map(|ReplayProgress { sent, frames, left_out, .. }| {
        let left_out = if left_out > 0 { format!(", {left_out} left out") } else { String::new() };
        format!("; {sent} of {frames} frames sent{left_out}")
    });
    out.line(&format!("{} replayed {}{}", outcome.log.display(), outcome.pace, sent.unwrap_or_default()))?;
    for note in outcome.notes() {
        out.line(&format!("note: {note}"))?;
    }
    out.line("")?;
    let counts = Likeness::ALL.map(|likeness| (comparison.counts.of(likeness), likeness));
    let counted: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, likeness)| format!("{count} {}", likeness.name()))
        .collect();
    let counted = if counted.is_empty() { "none".to_owned() } else { counted.join(", ") };
    out.line(&format!("Messages of the server: {counted}"))?;
    let mut listing = Listing::of(outcome);
    for row in outcome.different_rows().take(LISTED) {
        out.line(&listing.line(row))?;
    }
    let more = comparison.counts.differences().saturating_sub(LISTED as u64);
    if more > 0 {
        out.line(&format!("  and {more} more"))?;
    }
    if let Some(times) = comparison.times {
        let told = |latency: Latency| format!("median {:?}, longest {:?}", latency.median, latency.longest);
        out.line(&format!("Answer times: then {}; now {}", told(times.then), told(times.now)))?;
    }
    out.line("")?;
    for Facet { name, then, now, differs } in comparison.facets.iter() {
        match (then == now, differs) {
            (true, _) => out.line(&format!("  {name:<29}{then}"))?,
            (false, true) => out.line(&format!("! {name:<29}{then}, now {now}"))?,
            (false, false) => out.line(&format!("  {name:<29}{then}, now {now}"))?,
        }
    }
    out.line("")?;
    for (name, session) in [("Then", then), ("Now", now)] {
        let explanation = Explanation::of(&session.verdict, session.origin.perspective, Texts::english());
        out.line(&format!("{name:<6}{}", explanation.headline))?;
    }
    out.line("")?;
    out.line(&conclusion(outcome))
}

fn conclusion(outcome: &Outcome<'_>) -> String {
    if outcome.is_same() {
        return "The same.".into();
    }
    let plural = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let messages = outcome.comparison.counts.differences();
    let others = outcome.comparison.different_facets().count() as u64;
    let parts = [(messages, "message"), (others, "other thing")].into_iter().filter(|(count, _)| *count > 0);
    format!("Different: {}.", parts.map(|(count, what)| plural(count, what)).collect::<Vec<_>>().join(" and "))
}

/// Writes rows one after the other.
struct Listing<'all> {
    outcome: &'all Outcome<'all>,
    by: [Option<Subprotocol>; 2],
    previewer: Previewer,
}

impl<'all> Listing<'all> {
    fn of(outcome: &'all Outcome<'all>) -> Listing<'all> {
        let by = [outcome.then, outcome.now].map(|session| Reading::Automatic.subprotocol(session));
        Listing { outcome, by, previewer: Previewer::default() }
    }

    fn line(&mut self, row: &Row) -> String {
        let number = |seen: Option<Seen>| seen.map_or_else(String::new, |seen| seen.frame.to_string());
        let what = match self.outcome.comparison.difference(row) {
            Some(difference) => difference.to_string(),
            None => self.preview(row),
        };
        let (likeness, then, now) = (row.likeness.name(), number(row.then()), number(row.now()));
        format!("  {likeness:<12}then {then:<8} now {now:<8}{what}")
    }

    fn preview(&mut self, row: &Row) -> String {
        let [then_by, now_by] = self.by;
        let (session, seen, by) = match (row.then(), row.now()) {
            (_, Some(now)) => (self.outcome.now, now, now_by),
            (Some(then), None) => (self.outcome.then, then, then_by),
            (None, None) => return String::new(),
        };
        let frame = session.frame(seen.frame);
        frame.map(|frame| self.previewer.line(session, seen.frame, frame, by)).unwrap_or_default()
    }
}

/// The JSON document about a replay; its fields are a contract with scripts.
#[derive(Serialize)]
pub(super) struct ReplayReport<'all> {
    log: String,
    url: String,
    same: bool,
    frames: Option<FramesReport>,
    messages: MessagesReport,
    answer_times: Option<TimesReport>,
    facets: &'all [Facet],
    then: VerdictReport<'all>,
    now: VerdictReport<'all>,
    notes: Vec<&'all str>,
}

#[derive(Serialize)]
struct FramesReport {
    to_send: u64,
    sent: u64,
    left_out: u64,
}

#[derive(Serialize)]
struct MessagesReport {
    equal: u64,
    moved: u64,
    changed: u64,
    missing: u64,
    additional: u64,
    /// Those that are not equal, up to a thousand.
    different: Vec<RowReport>,
}

#[derive(Serialize)]
struct RowReport {
    likeness: &'static str,
    then: Option<SeenReport>,
    now: Option<SeenReport>,
    difference: Option<DifferenceReport>,
}

#[derive(Serialize)]
struct SeenReport {
    frame: u64,
    /// How long the answer took.
    nanoseconds: Option<u128>,
}

#[derive(Serialize)]
struct DifferenceReport {
    byte: usize,
    /// In JSON, the path to the value.
    path: Option<String>,
    then: Option<String>,
    now: Option<String>,
}

#[derive(Serialize)]
struct TimesReport {
    then: LatencyReport,
    now: LatencyReport,
}

/// In nanoseconds.
#[derive(Serialize)]
struct LatencyReport {
    shortest: u128,
    median: u128,
    longest: u128,
}

impl<'all> ReplayReport<'all> {
    pub(super) fn of(outcome: &'all Outcome<'all>) -> ReplayReport<'all> {
        let comparison = &outcome.comparison;
        let count = |likeness: Likeness| comparison.counts.of(likeness);
        ReplayReport {
            log: outcome.log.display().to_string(),
            url: masked(outcome.url),
            same: outcome.is_same(),
            frames: outcome.progress.map(|progress| FramesReport {
                to_send: progress.frames,
                sent: progress.sent,
                left_out: progress.left_out,
            }),
            messages: MessagesReport {
                equal: count(Likeness::Equal),
                moved: count(Likeness::Moved),
                changed: count(Likeness::Changed),
                missing: count(Likeness::Missing),
                additional: count(Likeness::Additional),
                different: outcome.different_rows().take(LISTED).map(|row| RowReport::of(row, comparison)).collect(),
            },
            answer_times: comparison
                .times
                .map(|times| TimesReport { then: LatencyReport::of(&times.then), now: LatencyReport::of(&times.now) }),
            facets: &comparison.facets,
            then: VerdictReport::of(&outcome.then.verdict),
            now: VerdictReport::of(&outcome.now.verdict),
            notes: outcome.notes().collect(),
        }
    }
}

impl RowReport {
    fn of(row: &Row, comparison: &Comparison) -> RowReport {
        let seen =
            |seen: Seen| SeenReport { frame: seen.frame.0, nanoseconds: seen.took.as_ref().map(Duration::as_nanos) };
        RowReport {
            likeness: row.likeness.name(),
            then: row.then().map(seen),
            now: row.now().map(seen),
            difference: comparison.difference(row).map(|difference| DifferenceReport {
                byte: difference.at,
                path: match &difference.place {
                    Place::Value(path) => Some(path.clone()),
                    Place::Writing | Place::Byte | Place::Kind => None,
                },
                then: difference.left.clone(),
                now: difference.right.clone(),
            }),
        }
    }
}

impl LatencyReport {
    fn of(latency: &Latency) -> LatencyReport {
        let Latency { shortest, median, longest, .. } = latency;
        LatencyReport { shortest: shortest.as_nanos(), median: median.as_nanos(), longest: longest.as_nanos() }
    }
}
