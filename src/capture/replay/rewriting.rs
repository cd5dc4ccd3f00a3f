//! Frames that cannot or shall not be sent as they were recorded: with other masking keys, or compressed as the server agrees to now.

use std::sync::Arc;

use bytes::Bytes;

use crate::capture::masking_keys::MaskingKeys;
use crate::protocol::deflater::Deflater;
use crate::protocol::frame::{FrameHeader, FrameNumber, LengthEncoding};
use crate::protocol::message::Message;
use crate::protocol::permessage_deflate::SideCompression;
use crate::session::{MessageReader, Session};

use super::Masking;

/// Writes frames anew where they have to be.
pub(super) struct Rewriting {
    session: Arc<Session>,
    keys: Option<MaskingKeys>,
    recompression: Option<Recompression>,
    /// What a person should know once a message was not sent as it was.
    remark: Option<&'static str>,
}

/// Compressed messages with their content compressed anew, or not at all.
struct Recompression {
    reader: MessageReader,
    deflater: Option<Deflater>,
    current: Option<Current>,
    has_begun: bool,
}

/// The message whose frames are being written.
struct Current {
    first_frame: FrameNumber,
    content: Bytes,
    /// How much of it each frame but the last gets.
    share: usize,
}

/// How compressed messages have to be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compressed {
    /// As they were: their bytes mean the same.
    AsRecorded,
    /// Compressed anew, within this.
    Within(SideCompression),
    /// Not compressed.
    Plain,
}

impl Compressed {
    /// What is needed where the client compressed as `recorded` says and may compress as `agreed` says now; bytes that refer to
    /// messages before them mean something else when some of these are left out.
    pub(super) fn needed(
        recorded: Option<SideCompression>,
        agreed: Option<SideCompression>,
        leaves_out: bool,
    ) -> Compressed {
        let Some(recorded) = recorded else { return Compressed::AsRecorded };
        let Some(agreed) = agreed else { return Compressed::Plain };
        let fits = agreed.window_bits >= recorded.window_bits
            && (agreed.takes_over_context || !recorded.takes_over_context)
            && !(leaves_out && recorded.takes_over_context);
        if fits { Compressed::AsRecorded } else { Compressed::Within(agreed) }
    }

    /// What a person should know of it.
    fn remark(self) -> Option<&'static str> {
        match self {
            Compressed::AsRecorded => None,
            Compressed::Within(_) => Some(
                "Compressed messages are compressed anew, because their bytes would not mean the same here: \
                 their content is as it was.",
            ),
            Compressed::Plain => Some(
                "The server does not agree to permessage-deflate, so that messages which were compressed are sent as they are.",
            ),
        }
    }
}

impl Rewriting {
    /// The frames of this session.
    pub(super) fn of(session: Arc<Session>, masking: Masking, compressed: Compressed) -> Rewriting {
        let deflater = match compressed {
            Compressed::AsRecorded => None,
            Compressed::Plain => Some(None),
            Compressed::Within(agreed) => Some(Deflater::new(agreed)),
        };
        Rewriting {
            session,
            keys: (masking == Masking::New).then(MaskingKeys::default),
            recompression: deflater.map(|deflater| Recompression {
                reader: MessageReader::default(),
                deflater,
                current: None,
                has_begun: false,
            }),
            remark: compressed.remark(),
        }
    }

    /// What a person should know of what was rewritten; told once.
    pub(super) fn take_remark(&mut self) -> Option<&'static str> {
        let has_rewritten = self.recompression.as_ref().is_some_and(|recompression| recompression.has_begun);
        self.remark.take_if(|_| has_rewritten)
    }

    /// The frame as it is sent, when that is not as it was recorded. What is cut off, or cannot be inflated, is sent as it was.
    pub(super) fn rewritten(&mut self, number: FrameNumber) -> Option<Bytes> {
        if self.keys.is_none() && self.recompression.is_none() {
            return None;
        }
        let session = Arc::clone(&self.session);
        let row = session.frame(number)?;
        let header = self.newly_masked(session.header(row)?);
        if let Some(recompression) = &mut self.recompression
            && let Some(message) = recompressible(&session, number)
        {
            return recompression.frame(&session, &message, number, header);
        }
        let is_newly_masked = self.keys.is_some() && row.is_masked() && session.is_complete(row);
        is_newly_masked.then(|| header.with_payload(&session.payload(row, u64::MAX)).into())
    }

    fn newly_masked(&self, header: FrameHeader) -> FrameHeader {
        match (&self.keys, header.masking_key) {
            (Some(keys), Some(_)) => FrameHeader { masking_key: Some(keys.next()), ..header },
            _ => header,
        }
    }
}

/// The compressed message that a frame belongs to, when its content is known.
fn recompressible(session: &Session, number: FrameNumber) -> Option<Message> {
    let message = session.message_of(number)?;
    let is_known = message.inflated.is_some_and(|inflated| inflated.problem.is_none());
    (is_known && message.completed_at.is_some()).then_some(message)
}

impl Recompression {
    fn frame(
        &mut self,
        session: &Session,
        message: &Message,
        number: FrameNumber,
        recorded: FrameHeader,
    ) -> Option<Bytes> {
        let is_current = self.current.as_ref().is_some_and(|current| current.first_frame == message.first_frame);
        if !is_current {
            let content = self.reader.content(session, message, u64::MAX);
            let share = content.len() / usize::try_from(message.fragments.max(1)).unwrap_or(usize::MAX);
            self.has_begun = true;
            self.current = Some(Current { first_frame: message.first_frame, content: content.into(), share });
        }
        let current = self.current.as_mut()?;
        let length = if recorded.fin { current.content.len() } else { current.share.min(current.content.len()) };
        let part = current.content.split_to(length);
        if recorded.fin {
            self.current = None;
        }
        let is_first = number == message.first_frame;
        let payload = match &mut self.deflater {
            None => part,
            // Without memory to compress there is little else that works either; the recorded frame is still there.
            Some(deflater) => deflater.deflate(&part, recorded.fin).ok()?.into(),
        };
        let payload_length = payload.len() as u64;
        let header = FrameHeader {
            rsv1: is_first && self.deflater.is_some(),
            length_encoding: LengthEncoding::minimal(payload_length),
            payload_length,
            ..recorded
        };
        Some(header.with_payload(&payload).into())
    }
}
