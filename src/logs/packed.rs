//! Logs that are packed with gzip or zstd: unpacked into a file without a name, which goes away with the sessions that it holds.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::damage::{DamageList, Place};
use super::error::LogError;

/// The most bytes that are unpacked from one file; a small file can be made to unpack to any number.
const MOST_UNPACKED: u64 = 16 << 30;

/// How many bytes are unpacked between two questions to the progress callback.
const STEP: usize = 256 << 10;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Packing {
    /// How a file is packed that begins with these bytes; `None` when it is not.
    pub(super) fn of(start: &[u8]) -> Option<Packing> {
        match start {
            [0x1F, 0x8B, ..] => Some(Packing::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Packing::Zstd),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }

    /// Unpacks a file from its start on, as far as it can be; `progress` is told how many packed bytes were read.
    ///
    /// # Errors
    /// When there is no place for what is unpacked, or `progress` cancels.
    pub(super) fn unpack(
        self,
        mut packed: File,
        damage: &mut DamageList,
        progress: &mut dyn FnMut(u64) -> Result<(), LogError>,
    ) -> Result<File, LogError> {
        packed.seek(SeekFrom::Start(0)).map_err(LogError::Unpack)?;
        let input = BufReader::with_capacity(STEP, Counted { file: packed, read: 0 });
        let mut unpacker = match self {
            Packing::Gzip => Unpacker::Gzip(Box::new(MultiGzDecoder::new(input))),
            Packing::Zstd => Unpacker::Zstd(Box::new(ZstdFrames::new(input))),
        };
        let mut file = tempfile::tempfile().map_err(LogError::Unpack)?;
        let mut buffer = vec![0; STEP];
        let mut unpacked = 0;
        loop {
            progress(unpacker.packed_read())?;
            match unpacker.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    file.write_all(buffer.get(..read).unwrap_or_default()).map_err(LogError::Unpack)?;
                    unpacked += read as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let problem =
                        format!("the file can be unpacked ({}) up to its byte {unpacked} only: {error}", self.name());
                    damage.add(Place::Whole, problem);
                    break;
                }
            }
            if unpacked > MOST_UNPACKED {
                return Err(LogError::UnpacksToTooMuch { most: MOST_UNPACKED });
            }
        }
        file.seek(SeekFrom::Start(0)).map_err(LogError::Unpack)?;
        Ok(file)
    }
}

/// A file of which is known how much of it was read.
struct Counted {
    file: File,
    read: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

enum Unpacker {
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
    Zstd(Box<ZstdFrames>),
}

impl Unpacker {
    fn packed_read(&self) -> u64 {
        match self {
            Unpacker::Gzip(gzip) => gzip.get_ref().get_ref().read,
            Unpacker::Zstd(frames) => frames.input.get_ref().read,
        }
    }
}

impl Read for Unpacker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Unpacker::Gzip(gzip) => gzip.read(buffer),
            Unpacker::Zstd(frames) => frames.read(buffer),
        }
    }
}

/// A zstd file: frames one after the other, some of which are to be skipped (RFC 8878 3.1).
struct ZstdFrames {
    input: BufReader<Counted>,
    frame: FrameDecoder,
    is_in_frame: bool,
}

impl ZstdFrames {
    fn new(input: BufReader<Counted>) -> ZstdFrames {
        ZstdFrames { input, frame: FrameDecoder::new(), is_in_frame: false }
    }

    fn begin_frame(&mut self) -> io::Result<()> {
        match self.frame.reset(&mut self.input) {
            Ok(()) => self.is_in_frame = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                io::copy(&mut (&mut self.input).take(u64::from(length)), &mut io::sink())?;
            }
            Err(error) => return Err(io::Error::other(error)),
        }
        Ok(())
    }
}

impl Read for ZstdFrames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.is_in_frame && self.frame.can_collect() > 0 {
                return self.frame.read(buffer);
            }
            if self.is_in_frame && !self.frame.is_finished() {
                self.frame
                    .decode_blocks(&mut self.input, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(io::Error::other)?;
            } else {
                if std::mem::take(&mut self.is_in_frame)
                    && let Some(told) = self.frame.get_checksum_from_data()
                    && self.frame.get_calculated_checksum() != Some(told)
                {
                    return Err(io::Error::new(
                        ErrorKind::InvalidData,
                        "the content does not have the checksum it should",
                    ));
                }
                if self.input.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.begin_frame()?;
            }
        }
    }
}
