//! Sessions without their secrets: what `protocol::secret` names is overwritten byte for byte, so that lengths and offsets stay true.

use std::ops::Range;

use bytes::Bytes;

use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::gap::Gap;
use crate::protocol::http::LONGEST_HEAD;
use crate::protocol::moment::Moment;
use crate::protocol::secret::{
    MASKED_BYTE, is_secret_header, overwritten, secrets_in_header, secrets_in_target, secrets_in_url,
};
use crate::session::{Event, EventKind, Recorder, Session, Unreadable};

/// The session with every secret of its address and of its opening handshake overwritten; a note says how many there were. What is
/// inside messages stays.
///
/// # Errors
/// When the session cannot be read back.
pub fn without_secrets(session: &Session) -> Result<Session, Unreadable> {
    let secrets = PerDirection::from_fn(|direction| secrets_of_head(session, direction));
    let count = secrets.client_to_server.len() + secrets.server_to_client.len();
    let mut origin = session.origin.clone();
    origin.url = origin.url.map(|url| overwritten(&url, &secrets_in_url(&url)));
    let mut recorder = Recorder::with_inflation_limit(origin, session.inflation_limit);
    let mut leading = session.events().peekable();
    // Behind the notes that open the session: one of them may say what kind of session it is.
    let opens = |event: &Event| event.at == Moment::START && matches!(event.kind, EventKind::Note { .. });
    while let Some(event) = leading.next_if(|event| event.as_ref().is_ok_and(opens)) {
        recorder.record(event?);
    }
    let text = format!(
        "Secrets in the handshake were masked when this log was saved: {count}, each byte of them replaced by {}. \
         Messages are as they were.",
        char::from(MASKED_BYTE)
    );
    recorder.record(Event { at: Moment::START, kind: EventKind::Note { text } });
    let mut positions = PerDirection::<usize>::default();
    for event in leading {
        let mut event = event?;
        if let EventKind::Bytes { direction, bytes } = &mut event.kind {
            let start = positions[*direction];
            positions[*direction] = start.saturating_add(bytes.len());
            overwrite(bytes, start, &secrets[*direction]);
        }
        if let EventKind::Missing { direction, gap: Gap { length: Some(length), .. } } = event.kind {
            positions[direction] = positions[direction].saturating_add(length as usize);
        }
        recorder.record(event);
    }
    let mut masked = recorder.finish();
    // No frame has moved.
    masked.annotations = session.annotations.clone();
    Ok(masked)
}

/// Overwrites those of the ranges of a stream that lie in a part of it.
fn overwrite(part: &mut Bytes, start: usize, ranges: &[Range<usize>]) {
    let end = start.saturating_add(part.len());
    if !ranges.iter().any(|range| range.start < end && start < range.end) {
        return;
    }
    let mut changed = part.to_vec();
    for range in ranges {
        let inside = range.start.saturating_sub(start)..range.end.saturating_sub(start).min(changed.len());
        if let Some(secret) = changed.get_mut(inside) {
            secret.fill(MASKED_BYTE);
        }
    }
    *part = changed.into();
}

/// The secrets of a direction's head, as ranges of its stream.
fn secrets_of_head(session: &Session, direction: Direction) -> Vec<Range<usize>> {
    let handshake = &session.handshake;
    let has_head = match direction.sender() {
        Side::Client => handshake.request.is_some(),
        Side::Server => handshake.response.is_some(),
    };
    if !has_head {
        return Vec::new();
    }
    let head = session.bytes(direction, 0, LONGEST_HEAD as u64);
    let mut secrets = Vec::new();
    let mut offset = 0;
    for (number, line) in head.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let content = line.trim_ascii_end();
        if content.is_empty() {
            break;
        }
        let is_request_line = number == 0 && direction == Direction::ClientToServer;
        let found = if is_request_line { secrets_of_request_line(content) } else { secrets_of_field(content) };
        secrets.extend(found.into_iter().map(|range| offset + range.start..offset + range.end));
        offset += line.len();
    }
    secrets
}

fn secrets_of_request_line(line: &[u8]) -> Vec<Range<usize>> {
    let Ok(line) = std::str::from_utf8(line) else { return Vec::new() };
    let Some((method, rest)) = line.split_once(' ') else { return Vec::new() };
    let target = rest.split(' ').next().unwrap_or_default();
    let start = method.len() + 1;
    let found = if target.contains("://") { secrets_in_url(target) } else { secrets_in_target(target) };
    found.into_iter().map(|range| start + range.start..start + range.end).collect()
}

fn secrets_of_field(line: &[u8]) -> Vec<Range<usize>> {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return Vec::new() };
    let (Some(name), Some(value)) = (line.get(..colon), line.get(colon + 1..)) else { return Vec::new() };
    let name = String::from_utf8_lossy(name);
    let start = line.len() - value.trim_ascii_start().len();
    match std::str::from_utf8(value.trim_ascii_start()) {
        Ok(value) => {
            secrets_in_header(&name, value).into_iter().map(|range| start + range.start..start + range.end).collect()
        }
        Err(_) if is_secret_header(&name) => Vec::from_iter(Some(start..line.len())),
        Err(_) => Vec::new(),
    }
}
