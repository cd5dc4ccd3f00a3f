//! Compressing the messages of one direction (RFC 7692 7.2.1); the only place that writes deflate.

use zlib_rs::{Deflate, DeflateFlush};

use super::inflater::TAIL;
use super::permessage_deflate::SideCompression;

/// zlib's own default: more takes much longer for little.
const LEVEL: i32 = 6;

/// The smallest window that the library compresses with.
const SMALLEST_WINDOW: u8 = 9;

/// Compresses message after message.
pub struct Deflater {
    stream: Deflate,
    takes_over_context: bool,
}

/// The compressor refused its input, which it does only when memory is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message could not be compressed: {0}")]
pub struct DeflateFailed(&'static str);

impl Deflater {
    /// `None` for a window of 256 bytes, which cannot be compressed with here: such a side sends its messages as they are, as it may.
    pub fn new(compression: SideCompression) -> Option<Deflater> {
        let bits = compression.window_bits.bits();
        (bits >= SMALLEST_WINDOW).then(|| Deflater {
            stream: Deflate::new(LEVEL, false, bits),
            takes_over_context: compression.takes_over_context,
        })
    }

    /// Compresses the payload of the next frame; `is_last` for the last one of its message.
    ///
    /// # Errors
    /// When memory is short; the deflater must not be used further.
    pub fn deflate(&mut self, payload: &[u8], is_last: bool) -> Result<Vec<u8>, DeflateFailed> {
        let mut compressed = Vec::with_capacity(payload.len() / 2 + 64);
        let mut rest = payload;
        loop {
            let start = compressed.len();
            compressed.resize(start + (payload.len() / 4).clamp(64, 256 * 1024), 0);
            let (read_before, written_before) = (self.stream.total_in(), self.stream.total_out());
            let room = compressed.get_mut(start..).unwrap_or_default();
            let space = room.len();
            self.stream.compress(rest, room, DeflateFlush::SyncFlush).map_err(|error| DeflateFailed(error.as_str()))?;
            let written = (self.stream.total_out() - written_before) as usize;
            let read = (self.stream.total_in() - read_before) as usize;
            rest = rest.get(read..).unwrap_or_default();
            compressed.truncate(start + written);
            if rest.is_empty() && written < space {
                break;
            }
        }
        if is_last {
            if compressed.ends_with(&TAIL) {
                compressed.truncate(compressed.len() - TAIL.len());
            }
            // Nothing new to compress: an empty block without its tail (RFC 7692 7.2.3.6).
            if compressed.is_empty() {
                compressed.push(0);
            }
            if !self.takes_over_context {
                self.stream.reset();
            }
        }
        Ok(compressed)
    }
}
