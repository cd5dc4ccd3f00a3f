//! Reading the content of messages: inflated where they are compressed, with what was inflated last kept for the next one.

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::inflater::{InflateError, Inflater};
use crate::protocol::message::Message;
use crate::protocol::permessage_deflate::SideCompression;

use super::frame_row::FrameRow;
use super::snapshot::Session;

/// Reads messages of one session. A compressed message may refer to those before it: read in order, each is inflated once; read
/// anywhere, at most 256 KiB of compressed bytes before it are inflated too.
#[derive(Debug, Default)]
pub struct MessageReader {
    standing: PerDirection<Option<Standing>>,
}

/// An inflater and the place in the list of messages from which on it has read nothing.
#[derive(Debug)]
struct Standing {
    next: usize,
    inflater: Inflater,
}

impl MessageReader {
    /// Up to `limit` bytes of what the application sent in a message; see [`Session::message_content`]. What cannot be inflated is
    /// left out.
    pub fn content(&mut self, session: &Session, message: &Message, limit: u64) -> Vec<u8> {
        if message.inflated.is_none() {
            return session.message_payload(message, limit);
        }
        let mut content = Vec::new();
        let direction = message.direction;
        let (Some(compression), Some(target)) =
            (session.handshake.compression(), session.frame(message.first_frame).and_then(FrameRow::message_index))
        else {
            return content;
        };
        let mut standing = self.stand(session, direction, compression[direction], target);
        let mut take = |part: &[u8]| {
            let missing = limit - content.len() as u64;
            content.extend(part.iter().take(usize::try_from(missing).unwrap_or(usize::MAX)));
        };
        for place in standing.next..=target {
            let Some(earlier) = session.messages.get(place) else { break };
            if earlier.direction != direction || earlier.inflated.is_none() {
                continue;
            }
            let output: &mut dyn FnMut(&[u8]) = if place == target { &mut take } else { &mut |_| {} };
            if inflate(session, earlier, &mut standing.inflater, output).is_err() {
                break;
            }
        }
        // A message that is still arriving is read again from its start.
        if message.completed_at.is_some() {
            standing.next = target + 1;
            self.standing[direction] = Some(standing);
        }
        content
    }

    /// An inflater as near before the target as there is one.
    fn stand(
        &mut self,
        session: &Session,
        direction: Direction,
        compression: SideCompression,
        target: usize,
    ) -> Standing {
        let limit = session.inflation_limit;
        if !compression.takes_over_context {
            return Standing { next: target, inflater: Inflater::new(compression, limit) };
        }
        let contexts = &session.contexts[direction];
        let known = contexts.partition_point(|context| context.message <= target).checked_sub(1);
        let known = known.and_then(|index| contexts.get(index));
        let first = known.map_or(0, |context| context.message);
        // Of what is known at the same place the context is better: it also says when there is none.
        let nearest = if known.is_some() { first + 1 } else { first };
        match self.standing[direction].take().filter(|standing| (nearest..=target).contains(&standing.next)) {
            Some(standing) => standing,
            None => Standing {
                next: first,
                inflater: match known {
                    Some(known) => Inflater::resume(compression, limit, &known.context),
                    None => Inflater::new(compression, limit),
                },
            },
        }
    }
}

fn inflate(
    session: &Session,
    message: &Message,
    inflater: &mut Inflater,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), InflateError> {
    inflater.begin_message()?;
    let mut result = Ok(());
    session.frames_of(message, |row| {
        result = inflater.inflate(&session.payload(row, u64::MAX), output);
        if result.is_ok() && !session.is_recorded(row) {
            result = Err(InflateError::BytesMissing);
        }
        result.is_ok()
    });
    result?;
    if message.completed_at.is_some() { inflater.end_message(output) } else { Ok(()) }
}
