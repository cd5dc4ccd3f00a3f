//! Inflating the messages of one direction (RFC 7692 7.2.2), in parts of any size, within a limit; the only place that reads deflate.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::permessage_deflate::SideCompression;

/// The bytes that every sender cuts off the end of a message and every receiver puts back (RFC 7692 7.2.1).
pub const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

/// How many bytes a message may inflate to unless another limit is set: 64 MiB.
pub const DEFAULT_LIMIT: u64 = 64 * 1024 * 1024;

/// A stored block of one byte, which gives exactly this byte where a block begins, and something else or nothing anywhere else.
const PROBE: [u8; 6] = [0x00, 0x01, 0x00, 0xFE, 0xFF, b'p'];

/// Why a message cannot be inflated, or not further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// The bytes are no deflate data, or refer farther back than was agreed.
    #[error("the compressed bytes are wrong from byte {at} on")]
    Invalid {
        /// How many compressed bytes of the message were read before that was clear.
        at: u64,
    },
    /// The message ends inside a block.
    #[error("the compressed message ends too early")]
    Incomplete,
    /// The message is larger than the limit.
    #[error("the message inflates to more than {limit} bytes")]
    BeyondLimit {
        /// The limit in bytes.
        limit: u64,
    },
    /// An earlier message could not be inflated, and this one may refer to it.
    #[error("an earlier message, to which this one may refer, could not be inflated")]
    ContextLost,
    /// Earlier messages were not recorded, and this one refers to them, as far as can be seen.
    #[error("it refers to earlier messages, which were not recorded")]
    ContextUnknown,
    /// A part of the message itself was not recorded.
    #[error("a part of it was not recorded")]
    BytesMissing,
}

/// Inflates message after message; holds one window of at most 32 KiB and never a message.
///
/// The window is exactly as large as was agreed, so that a reference beyond it is seen as the violation that it is.
#[derive(Clone)]
pub struct Inflater {
    decoder: Box<DecompressorOxide>,
    window: Box<[u8]>,
    /// Where the next byte goes in the window.
    position: usize,
    /// Whether the window has been filled once, so that all of it may be referred to.
    is_filled: bool,
    takes_over_context: bool,
    limit: u64,
    consumed: u64,
    produced: u64,
    is_context_lost: bool,
    /// Whether there is more that may be referred to than what is in the window.
    is_context_unknown: bool,
    /// Whether the bytes so far end with a final block.
    is_after_final_block: bool,
}

impl std::fmt::Debug for Inflater {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Inflater").field("produced", &self.produced).finish_non_exhaustive()
    }
}

impl Inflater {
    /// An inflater of a direction in which nothing has been sent; a message may inflate to `limit` bytes.
    pub fn new(compression: SideCompression, limit: u64) -> Inflater {
        Inflater {
            decoder: Box::default(),
            window: vec![0; compression.window_bits.size()].into_boxed_slice(),
            position: 0,
            is_filled: false,
            takes_over_context: compression.takes_over_context,
            limit,
            consumed: 0,
            produced: 0,
            is_context_lost: false,
            is_context_unknown: false,
            is_after_final_block: false,
        }
    }

    /// An inflater that goes on behind these bytes, the last that were inflated; see [`Inflater::context`].
    pub fn resume(compression: SideCompression, limit: u64, context: &[u8]) -> Inflater {
        let mut inflater = Inflater::new(compression, limit);
        let size = inflater.window.len();
        let kept = context.get(context.len().saturating_sub(size)..).unwrap_or_default();
        for (slot, byte) in inflater.window.iter_mut().zip(kept) {
            *slot = *byte;
        }
        inflater.is_filled = kept.len() == size;
        inflater.position = kept.len() % size;
        inflater
    }

    /// The bytes that the next message may refer to, oldest first.
    pub fn context(&self) -> Vec<u8> {
        let (newest, oldest) = self.window.split_at_checked(self.position).unwrap_or_default();
        let oldest = if self.is_filled { oldest } else { &[] };
        [oldest, newest].concat()
    }

    /// Learns that something in this direction was not recorded, so that nobody knows what the next messages may refer to. Those that
    /// refer to nothing of it inflate all the same.
    pub fn forget(&mut self) {
        self.start_anew();
        (self.is_context_lost, self.is_context_unknown) = (false, true);
    }

    /// Whether nothing is known of what the next message may refer to.
    pub fn has_forgotten(&self) -> bool {
        self.is_context_unknown && self.position == 0 && !self.is_filled
    }

    fn start_anew(&mut self) {
        self.decoder.init();
        (self.position, self.is_filled) = (0, false);
    }

    /// Whether a message may refer to those before it.
    pub fn takes_over_context(&self) -> bool {
        self.takes_over_context
    }

    /// How many bytes the current message has given so far.
    pub fn produced(&self) -> u64 {
        self.produced
    }

    /// Begins a message.
    ///
    /// # Errors
    /// [`InflateError::ContextLost`].
    pub fn begin_message(&mut self) -> Result<(), InflateError> {
        (self.consumed, self.produced, self.is_after_final_block) = (0, 0, false);
        if !self.takes_over_context {
            self.start_anew();
            (self.is_context_lost, self.is_context_unknown) = (false, false);
        }
        if self.is_context_lost { Err(InflateError::ContextLost) } else { Ok(()) }
    }

    /// Takes the next compressed bytes of the message and hands on what they give.
    ///
    /// # Errors
    /// The message cannot be inflated further; what came before the error was handed on.
    pub fn inflate(&mut self, compressed: &[u8], output: &mut dyn FnMut(&[u8])) -> Result<(), InflateError> {
        let result = self.run(compressed, output);
        self.judged(result)
    }

    /// Ends the message.
    ///
    /// # Errors
    /// [`InflateError::Incomplete`], or what [`Inflater::inflate`] gives.
    pub fn end_message(&mut self, output: &mut dyn FnMut(&[u8])) -> Result<(), InflateError> {
        // Some senders leave out the empty block that has to follow a final one (RFC 7692 7.2.3.4); nothing is missing then.
        if self.is_after_final_block {
            return Ok(());
        }
        let before = self.produced;
        let result = match self.run(&TAIL, output) {
            // At the end of a block the tail is an empty block; anywhere else it is taken for data.
            Ok(()) if self.produced == before && self.is_between_blocks() => Ok(()),
            Ok(()) | Err(InflateError::Invalid { .. }) => Err(InflateError::Incomplete),
            Err(error) => Err(error),
        };
        self.judged(result)
    }

    /// What a failure means for the messages to come, and for this one when it may come from what is not known.
    fn judged(&mut self, result: Result<(), InflateError>) -> Result<(), InflateError> {
        match result {
            Ok(()) => Ok(()),
            Err(InflateError::Invalid { .. } | InflateError::Incomplete) if self.is_context_unknown => {
                self.forget();
                Err(InflateError::ContextUnknown)
            }
            Err(error) => {
                self.is_context_lost = true;
                Err(error)
            }
        }
    }

    /// Whether the next byte begins a block. The decoder does not say, so it is asked with a block that leaves no trace when it is one.
    fn is_between_blocks(&mut self) -> bool {
        let Some(kept) = self.window.get(self.position).copied() else { return false };
        let flags = self.flags();
        let (status, read, written) = decompress(&mut self.decoder, &PROBE, &mut self.window, self.position, flags);
        let Some(slot) = self.window.get_mut(self.position) else { return false };
        let given = std::mem::replace(slot, kept);
        // The one byte may fill the window to its end.
        let is_accepted = matches!(status, TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput);
        is_accepted && read == PROBE.len() && written == 1 && PROBE.last() == Some(&given)
    }

    fn flags(&self) -> u32 {
        // Until it is filled once, nothing before the start of the window may be referred to.
        let wrapping = if self.is_filled { 0 } else { TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF };
        wrapping | TINFL_FLAG_HAS_MORE_INPUT
    }

    fn run(&mut self, mut compressed: &[u8], output: &mut dyn FnMut(&[u8])) -> Result<(), InflateError> {
        if compressed.is_empty() {
            return Ok(());
        }
        loop {
            let flags = self.flags();
            let (status, read, written) =
                decompress(&mut self.decoder, compressed, &mut self.window, self.position, flags);
            self.consumed += read as u64;
            compressed = compressed.get(read..).unwrap_or_default();
            let given = self.window.get(self.position..self.position + written).unwrap_or_default();
            let room = self.limit - self.produced;
            self.produced += (written as u64).min(room);
            output(given.get(..usize::try_from(room).unwrap_or(usize::MAX)).unwrap_or(given));
            if written as u64 > room {
                return Err(InflateError::BeyondLimit { limit: self.limit });
            }
            self.position += written;
            if self.position == self.window.len() {
                (self.position, self.is_filled, self.is_context_unknown) = (0, true, false);
            }
            match status {
                TINFLStatus::NeedsMoreInput => {
                    self.is_after_final_block = false;
                    return Ok(());
                }
                TINFLStatus::HasMoreOutput => {}
                // A final block does not end the message: the next block begins at the next byte (RFC 7692 7.2.3.4).
                TINFLStatus::Done => self.decoder.init(),
                _ => return Err(InflateError::Invalid { at: self.consumed }),
            }
            if compressed.is_empty() && status == TINFLStatus::Done {
                self.is_after_final_block = true;
                return Ok(());
            }
        }
    }
}
