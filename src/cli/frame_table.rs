//! A frame as one line of a table for reading; what comes from peers is cut to a preview and escaped where it is printed.

use crate::content::subprotocol::Subprotocol;
use crate::protocol::finding::Severity;
use crate::protocol::frame::FrameNumber;
use crate::reading::Previewer;
use crate::session::{FrameRow, Session};

/// The names of the columns.
pub(super) fn heading() -> String {
    columns(["", "FRAME", "TIME (s)", "FROM", "OPCODE", "FLAGS", "LENGTH"], "PAYLOAD")
}

/// The frame at this place of the session, its payload read by a subprotocol.
pub(super) fn line(
    session: &Session,
    index: usize,
    row: &FrameRow,
    subprotocol: Option<Subprotocol>,
    previewer: &mut Previewer,
) -> String {
    let number = FrameNumber::from_index(index);
    let mark = match row.worst_finding {
        Some(Severity::Error) => "!",
        Some(Severity::Warning | Severity::Note) => "*",
        None => "",
    };
    columns(
        [
            mark,
            &number.to_string(),
            &row.at.to_string(),
            &row.direction.sender().to_string(),
            &row.opcode().to_string(),
            &flags(row),
            &row.payload_length.to_string(),
        ],
        &previewer.line(session, number, row, subprotocol),
    )
}

fn columns([mark, number, time, sender, opcode, flags, length]: [&str; 7], payload: &str) -> String {
    format!("{mark:1}{number:>6}  {time:>12}  {sender:<6}  {opcode:<12}  {flags:<8}  {length:>9}  {payload}")
}

fn flags(row: &FrameRow) -> String {
    let [rsv1, rsv2, rsv3] = row.reserved_bits();
    let names = [(row.fin(), "FIN"), (rsv1, "RSV1"), (rsv2, "RSV2"), (rsv3, "RSV3"), (row.is_masked(), "MASK")];
    names.into_iter().filter_map(|(is_set, name)| is_set.then_some(name)).collect::<Vec<_>>().join(" ")
}
