//! What a manual endpoint hears of the server, for whoever answers by a plan: how many messages came, and its Pings and its Close.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::protocol::decoder::{DecoderEvent, FrameDecoder};
use crate::protocol::frame::{FrameHeader, LONGEST_CONTROL_PAYLOAD};
use crate::protocol::opcode::Opcode;

/// How many Pings wait to be answered; of more the oldest are forgotten.
const MOST_PINGS: usize = 64;

/// Listens to the server's bytes.
pub(super) struct Ear {
    decoder: FrameDecoder,
    heard: Heard,
}

/// What was heard.
#[derive(Default)]
struct Heard {
    header: Option<FrameHeader>,
    control_payload: Vec<u8>,
    messages: u64,
    pings: VecDeque<Bytes>,
    close: Option<Bytes>,
}

impl Ear {
    /// An ear that has heard nothing.
    pub(super) fn new() -> Ear {
        Ear { decoder: FrameDecoder::new(0), heard: Heard::default() }
    }

    /// Takes the next bytes of the server behind its response.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        self.decoder.decode(bytes, |event| self.heard.take(event));
    }

    /// How many messages have come as a whole.
    pub(super) fn messages(&self) -> u64 {
        self.heard.messages
    }

    /// The payload of the next Ping that was not taken.
    pub(super) fn next_ping(&mut self) -> Option<Bytes> {
        self.heard.pings.pop_front()
    }

    /// The payload of the server's first Close.
    pub(super) fn close(&self) -> Option<&Bytes> {
        self.heard.close.as_ref()
    }
}

impl Heard {
    fn take(&mut self, event: DecoderEvent<'_>) {
        match (event, self.header) {
            (DecoderEvent::Header { header, .. }, _) => {
                self.header = Some(header);
                self.control_payload.clear();
            }
            (DecoderEvent::Payload { bytes, .. }, Some(header)) if header.opcode.is_control() => {
                let room = LONGEST_CONTROL_PAYLOAD as usize - self.control_payload.len();
                self.control_payload.extend(bytes.iter().take(room));
            }
            (DecoderEvent::Payload { .. }, _) => {}
            (DecoderEvent::Finished, Some(header)) => self.finish(header),
            (DecoderEvent::Finished, None) => {}
        }
    }

    fn finish(&mut self, header: FrameHeader) {
        if let Some(key) = header.masking_key {
            key.apply(&mut self.control_payload, 0);
        }
        match header.opcode {
            Opcode::Text | Opcode::Binary | Opcode::Continuation if header.fin => self.messages += 1,
            Opcode::Ping => {
                if self.pings.len() == MOST_PINGS {
                    self.pings.pop_front();
                }
                self.pings.push_back(Bytes::copy_from_slice(&self.control_payload));
            }
            Opcode::Close if self.close.is_none() => {
                self.close = Some(Bytes::copy_from_slice(&self.control_payload));
            }
            _ => {}
        }
    }
}
