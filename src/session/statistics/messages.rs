//! What a side's messages come to.

use crate::protocol::message::{Message, MessageKind};

use super::distribution::{Distribution, Scale};

/// The messages of one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFigures {
    /// Whole text messages.
    pub text: u64,
    /// Whole binary messages.
    pub binary: u64,
    /// Those in several frames.
    pub fragmented: u64,
    /// The most frames that one of these has.
    pub most_fragments: u64,
    /// Those that are compressed.
    pub compressed: u64,
    /// Those of these that could not be inflated.
    pub not_inflated: u64,
    /// What the inflated ones have as sent, in bytes.
    pub deflated_bytes: u64,
    /// What they have after inflating, in bytes.
    pub inflated_bytes: u64,
    /// Messages that had begun and did not come as a whole.
    pub unfinished: u64,
    /// How long whole messages are, in bytes, inflated where they were compressed.
    pub lengths: Distribution,
}

impl Default for MessageFigures {
    fn default() -> Self {
        MessageFigures {
            text: 0,
            binary: 0,
            fragmented: 0,
            most_fragments: 0,
            compressed: 0,
            not_inflated: 0,
            deflated_bytes: 0,
            inflated_bytes: 0,
            unfinished: 0,
            lengths: Distribution::new(Scale::Binary),
        }
    }
}

impl MessageFigures {
    /// Whole messages.
    pub fn whole(&self) -> u64 {
        self.text + self.binary
    }

    /// What a byte of the content took on the wire, on average over the inflated messages.
    pub fn compression_ratio(&self) -> Option<f64> {
        (self.inflated_bytes > 0).then(|| self.deflated_bytes as f64 / self.inflated_bytes as f64)
    }

    /// Adds a whole message that is one frame and not compressed.
    #[inline]
    pub(super) fn add_frame(&mut self, kind: MessageKind, length: u64) {
        self.count(kind, length);
    }

    /// Adds a whole message.
    pub(super) fn add(&mut self, message: &Message) {
        if message.fragments > 1 {
            self.fragmented += 1;
            self.most_fragments = self.most_fragments.max(message.fragments);
        }
        let content = match message.inflated {
            None => message.payload_length,
            Some(inflated) => {
                self.compressed += 1;
                if inflated.problem.is_some() {
                    self.not_inflated += 1;
                } else {
                    self.deflated_bytes += message.payload_length;
                    self.inflated_bytes += inflated.length;
                }
                inflated.length
            }
        };
        self.count(message.kind, content);
    }

    fn count(&mut self, kind: MessageKind, length: u64) {
        match kind {
            MessageKind::Text => self.text += 1,
            MessageKind::Binary => self.binary += 1,
        }
        self.lengths.add(length);
    }
}
