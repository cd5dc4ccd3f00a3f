//! The older capture format, pcap: one header, then a record for each packet; read only.

use std::io;

use super::blocks::{CapturedPacket, Comments};
use crate::logs::window::Window;

/// The length of the file's header.
const FILE_HEADER: usize = 24;

/// The length of a record's header.
const RECORD_HEADER: usize = 16;

/// The largest packet that is read, in bytes; what claims to be larger is taken for damage.
const LARGEST_PACKET: u32 = 64 << 20;

/// The file's first four bytes as a number in its own byte order, with times in microseconds.
const MICROSECONDS: u32 = 0xA1B2_C3D4;

/// The same, with times in nanoseconds.
const NANOSECONDS: u32 = 0xA1B2_3C4D;

/// Why no further packet can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum PcapError {
    #[error("the file ends in the middle of its header")]
    Header,
    #[error("the capture is of version {0} of the format, and only version 2 is known")]
    Version(u16),
    #[error("the file ends in the middle of a packet")]
    Truncated,
    #[error("a packet's length, {0} bytes, is not possible")]
    Length(u32),
    #[error("the file cannot be read further: {0}")]
    Read(#[from] io::Error),
}

/// Whether a file that begins so is of this format.
pub(in crate::logs) fn is_pcap(start: &[u8]) -> bool {
    Units::of(start).is_some()
}

/// How numbers and times are written.
#[derive(Debug, Clone, Copy)]
struct Units {
    big_endian: bool,
    /// How many nanoseconds the fraction of a second counts.
    nanoseconds: u64,
}

impl Units {
    fn of(start: &[u8]) -> Option<Units> {
        let magic = *start.first_chunk()?;
        [(true, u32::from_be_bytes(magic)), (false, u32::from_le_bytes(magic))].into_iter().find_map(
            |(big_endian, magic)| match magic {
                MICROSECONDS => Some(Units { big_endian, nanoseconds: 1_000 }),
                NANOSECONDS => Some(Units { big_endian, nanoseconds: 1 }),
                _ => None,
            },
        )
    }

    fn u32(self, bytes: &[u8], offset: usize) -> Option<u32> {
        let number = *bytes.get(offset..)?.first_chunk()?;
        Some(if self.big_endian { u32::from_be_bytes(number) } else { u32::from_le_bytes(number) })
    }

    fn u16(self, bytes: &[u8], offset: usize) -> Option<u16> {
        let number = *bytes.get(offset..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(number) } else { u16::from_le_bytes(number) })
    }
}

/// Reads packets in either byte order.
#[derive(Debug)]
pub(super) struct PcapReader {
    window: Window,
    /// The length of the record that was read last; the window still stands before it.
    read: usize,
    header: Option<Header>,
}

#[derive(Debug, Clone, Copy)]
struct Header {
    units: Units,
    link_type: u16,
}

impl PcapReader {
    /// Reads from the start of the file on.
    pub(super) fn new(window: Window) -> Self {
        PcapReader { window, read: 0, header: None }
    }

    /// Where in the file the next packet begins.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset() + self.read as u64
    }

    /// The next packet; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<CapturedPacket<'_>>, PcapError> {
        self.window.pass(std::mem::take(&mut self.read));
        let Header { units, link_type } = match self.header {
            Some(header) => header,
            None => {
                let header = read_header(self.window.see(FILE_HEADER)?)?;
                self.window.pass(FILE_HEADER);
                *self.header.insert(header)
            }
        };
        let head = self.window.see(RECORD_HEADER)?;
        if head.is_empty() {
            return Ok(None);
        }
        let number = |offset| units.u32(head, offset).ok_or(PcapError::Truncated);
        let (seconds, fraction, captured, original) = (number(0)?, number(4)?, number(8)?, number(12)?);
        if captured > LARGEST_PACKET {
            return Err(PcapError::Length(captured));
        }
        let position = self.window.offset() + RECORD_HEADER as u64;
        let length = RECORD_HEADER + captured as usize;
        let bytes = self.window.see(length)?.get(RECORD_HEADER..length).ok_or(PcapError::Truncated)?;
        self.read = length;
        let nanoseconds = u64::from(seconds) * 1_000_000_000 + u64::from(fraction) * units.nanoseconds;
        Ok(Some(CapturedPacket {
            interface: 0,
            link_type,
            nanoseconds: Some(nanoseconds),
            bytes,
            original_length: original as usize,
            position,
            comments: Comments::none(),
        }))
    }
}

fn read_header(bytes: &[u8]) -> Result<Header, PcapError> {
    let units = Units::of(bytes).ok_or(PcapError::Header)?;
    let version = units.u16(bytes, 4).ok_or(PcapError::Header)?;
    if version != 2 {
        return Err(PcapError::Version(version));
    }
    // The upper half of the field tells of checksums at the ends of frames, which stand behind the IP packet.
    let link_type = units.u32(bytes, 20).ok_or(PcapError::Header)? as u16;
    Ok(Header { units, link_type })
}
