//! An adapter between tungstenite and the tap: above it are plain frames, below it what permessage-deflate makes of them (RFC 7692).
//!
//! tungstenite does not speak the extension, and the tap has to record what really crosses. Rules are not checked here: what is
//! illegal passes through and is judged above. Sockets and sessions are not known here.

mod incoming;
mod outgoing;

use std::io::{self, ErrorKind, Read, Write};

use crate::protocol::deflater::Deflater;
use crate::protocol::inflater::{InflateError, Inflater};
use crate::protocol::permessage_deflate::Compression;

use incoming::Incoming;
use outgoing::Outgoing;

/// How much is read from the stream at a time.
const READ_LENGTH: usize = 64 * 1024;

/// How many plain bytes are translated at a time, and how many bytes may wait for the stream before no more are taken.
const WRITE_LENGTH: usize = 64 * 1024;
const WAITING_LIMIT: usize = 1024 * 1024;

/// Bytes that wait to be taken from the front.
#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    taken: usize,
}

impl Waiting {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.taken..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) {
        self.taken += length;
        if self.rest().is_empty() {
            self.taken = 0;
            self.bytes.clear();
            // A large message must not occupy its memory for the rest of the session.
            self.bytes.shrink_to(WAITING_LIMIT);
        } else if self.taken > self.rest().len() {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
    }
}

/// How a connection's messages are compressed, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// What was agreed: what the client sends, and what it receives.
    pub(super) compression: Compression,
    /// How many bytes a message may inflate to.
    pub(super) inflation_limit: u64,
    /// Shorter messages are sent as they are.
    pub(super) compress_from: u64,
}

/// A client's stream of plain frames over one of frames that may be compressed.
pub(super) struct PlainFrames<S> {
    stream: S,
    /// `None` when the extension was not agreed: everything passes.
    translation: Option<Box<Translation>>,
}

struct Translation {
    incoming: Incoming,
    unread: Waiting,
    plain: Waiting,
    fault: Option<InflateError>,
    /// `None` where nothing is compressed: a window of 8 bits is too small for the compressor.
    outgoing: Option<Outgoing>,
    wire: Waiting,
    /// How many plain bytes may still be read, and written, before the caller gets its turn.
    readable: usize,
    writable: usize,
    /// How many plain bytes have been taken.
    accepted: u64,
}

impl<S> PlainFrames<S> {
    /// An adapter on a stream; `early` has been read from it already and is read here first, when there are terms.
    pub(super) fn new(stream: S, terms: Option<&Terms>, early: Vec<u8>) -> PlainFrames<S> {
        let translation = terms.map(|terms| {
            let sides = &terms.compression;
            Box::new(Translation {
                incoming: Incoming::new(Inflater::new(sides.server_to_client, terms.inflation_limit)),
                unread: Waiting { bytes: early, taken: 0 },
                plain: Waiting::default(),
                fault: None,
                outgoing: Deflater::new(sides.client_to_server)
                    .map(|deflater| Outgoing::new(deflater, terms.compress_from)),
                wire: Waiting::default(),
                readable: usize::MAX,
                writable: usize::MAX,
                accepted: 0,
            })
        });
        PlainFrames { stream, translation }
    }

    /// The stream below.
    pub(super) fn stream(&self) -> &S {
        &self.stream
    }

    /// The stream below; what is read or written through it directly is not translated.
    pub(super) fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The stream alone.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Lets about this many plain bytes be read, and written, before the adapter says [`ErrorKind::WouldBlock`], so that a small
    /// message that inflates to a large one cannot keep its reader.
    pub(super) fn allow(&mut self, bytes: usize) {
        if let Some(translation) = &mut self.translation {
            (translation.readable, translation.writable) = (bytes, bytes);
        }
    }

    /// Whether the adapter stopped because what was allowed is used up: there may be more to do without the stream.
    pub(super) fn is_used_up(&self) -> bool {
        self.translation.as_ref().is_some_and(|translation| translation.readable == 0 || translation.writable == 0)
    }

    /// How many plain bytes have been taken for translation.
    pub(super) fn accepted(&self) -> u64 {
        self.translation.as_ref().map_or(0, |translation| translation.accepted)
    }
}

impl Translation {
    /// Reads until there are plain bytes, or until the stream has none.
    fn fill(&mut self, stream: &mut impl Read) -> io::Result<()> {
        while self.plain.rest().is_empty() {
            if let Some(fault) = self.fault {
                return Err(io::Error::new(ErrorKind::InvalidData, fault));
            }
            if self.unread.rest().is_empty() {
                let buffer = &mut self.unread.bytes;
                buffer.resize(READ_LENGTH, 0);
                let result = stream.read(buffer);
                buffer.truncate(*result.as_ref().unwrap_or(&0));
                if result? == 0 {
                    return Ok(());
                }
            }
            let step = self.unread.rest().len().min(incoming::STEP);
            let wire = self.unread.rest().get(..step).unwrap_or_default();
            self.fault = self.incoming.translate(wire, &mut self.plain.bytes).err();
            self.unread.take(step);
        }
        Ok(())
    }

    fn accept(&mut self, plain: &[u8], stream: &mut impl Write) -> io::Result<usize> {
        match self.push(stream) {
            Err(error) if error.kind() == ErrorKind::WouldBlock && self.wire.rest().len() < WAITING_LIMIT => {}
            result => result?,
        }
        let Some(outgoing) = &mut self.outgoing else { return Ok(0) };
        let before = self.accepted;
        for part in plain.chunks(WRITE_LENGTH) {
            if self.writable == 0 || self.wire.rest().len() >= WAITING_LIMIT {
                break;
            }
            outgoing.translate(part, &mut self.wire.bytes).map_err(io::Error::other)?;
            self.writable = self.writable.saturating_sub(part.len());
            self.accepted += part.len() as u64;
        }
        match (self.accepted - before) as usize {
            0 if !plain.is_empty() => Err(ErrorKind::WouldBlock.into()),
            taken => Ok(taken),
        }
    }

    /// Writes what waits, as far as the stream takes it.
    fn push(&mut self, stream: &mut impl Write) -> io::Result<()> {
        while !self.wire.rest().is_empty() {
            let written = stream.write(self.wire.rest())?;
            if written == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
            self.wire.take(written);
        }
        Ok(())
    }
}

impl<S: Read> Read for PlainFrames<S> {
    /// Besides what the stream gives, [`ErrorKind::InvalidData`] around an [`InflateError`]
    /// for a message that cannot be inflated.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(translation) = &mut self.translation else { return self.stream.read(buffer) };
        if translation.readable == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        translation.fill(&mut self.stream)?;
        let plain = translation.plain.rest();
        let length = plain.len().min(buffer.len()).min(translation.readable);
        for (slot, byte) in buffer.iter_mut().zip(plain.iter().take(length)) {
            *slot = *byte;
        }
        translation.plain.take(length);
        translation.readable -= length;
        Ok(length)
    }
}

impl<S: Write> Write for PlainFrames<S> {
    /// Takes plain bytes as long as little waits for the stream. What has been taken waits here and goes out with the next write or
    /// flush.
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        let Some(translation) = self.translation.as_deref_mut().filter(|translation| translation.outgoing.is_some())
        else {
            return self.stream.write(plain);
        };
        translation.accept(plain, &mut self.stream)
    }

    /// Says [`ErrorKind::WouldBlock`] until nothing waits here any more.
    fn flush(&mut self) -> io::Result<()> {
        if let Some(translation) = &mut self.translation {
            translation.push(&mut self.stream)?;
        }
        self.stream.flush()
    }
}
