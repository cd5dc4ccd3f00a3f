//! The blocks of a pcapng file: writing the three kinds that a log has, and reading those that hold packets.

use std::io;

use crate::logs::window::Window;

const SECTION_HEADER: u32 = 0x0A0D_0D0A;
const INTERFACE_DESCRIPTION: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

const BYTE_ORDER_MAGIC: u32 = 0x1A2B_3C4D;

const OPTION_END: u16 = 0;
const OPTION_COMMENT: u16 = 1;
const OPTION_USER_APPLICATION: u16 = 4;
const OPTION_INTERFACE_NAME: u16 = 2;
const OPTION_RESOLUTION: u16 = 9;
const OPTION_OFFSET: u16 = 14;

/// The largest block that is read, in bytes; what claims to be larger is taken for damage.
const LARGEST_BLOCK: u32 = 64 << 20;

/// Appends the section header.
pub(super) fn write_section(out: &mut Vec<u8>, application: &str, comments: &[String]) {
    write_block(out, SECTION_HEADER, |body| {
        body.extend(BYTE_ORDER_MAGIC.to_le_bytes());
        body.extend([1, 0, 0, 0]);
        // The section's length is not known in advance.
        body.extend([0xFF; 8]);
        for comment in comments {
            write_option(body, OPTION_COMMENT, comment.as_bytes());
        }
        write_option(body, OPTION_USER_APPLICATION, application.as_bytes());
        write_option(body, OPTION_END, &[]);
    });
}

/// Appends an interface whose time stamps are nanoseconds.
pub(super) fn write_interface(out: &mut Vec<u8>, link_type: u16, name: &str) {
    write_block(out, INTERFACE_DESCRIPTION, |body| {
        body.extend(link_type.to_le_bytes());
        body.extend([0; 6]);
        write_option(body, OPTION_INTERFACE_NAME, name.as_bytes());
        write_option(body, OPTION_RESOLUTION, &[9]);
        write_option(body, OPTION_END, &[]);
    });
}

/// Appends a packet of interface 0, whose bytes `packet` appends.
pub(super) fn write_packet(
    out: &mut Vec<u8>,
    nanoseconds: u64,
    comments: &[String],
    packet: impl FnOnce(&mut Vec<u8>),
) {
    write_block(out, ENHANCED_PACKET, |body| {
        body.extend([0; 4]);
        body.extend(((nanoseconds >> 32) as u32).to_le_bytes());
        body.extend((nanoseconds as u32).to_le_bytes());
        let lengths = body.len();
        body.extend([0; 8]);
        packet(body);
        let length = ((body.len() - lengths - 8) as u32).to_le_bytes();
        set(body, lengths, &length);
        set(body, lengths + 4, &length);
        pad(body);
        if !comments.is_empty() {
            for comment in comments {
                write_option(body, OPTION_COMMENT, comment.as_bytes());
            }
            write_option(body, OPTION_END, &[]);
        }
    });
}

/// Appends a block in little-endian order; its length is known, and set, once its body stands.
fn write_block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend(kind.to_le_bytes());
    out.extend([0; 4]);
    body(out);
    let length = ((out.len() - start + 4) as u32).to_le_bytes();
    set(out, start + 4, &length);
    out.extend(length);
}

/// An option; a value that is too long for one is cut.
fn write_option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    out.extend(code.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend_from_slice(value.get(..usize::from(length)).unwrap_or(value));
    pad(out);
}

/// Fills up to a multiple of four; everything before a block has such a length.
fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(4), 0);
}

fn set(out: &mut [u8], place: usize, bytes: &[u8]) {
    if let Some(place) = out.get_mut(place..place + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// What was read: a block that matters to a log.
#[derive(Debug)]
pub(super) enum Block<'file> {
    /// A section begins; its interfaces are new ones.
    Section {
        /// The section's comments.
        comments: Comments<'file>,
    },
    /// A packet.
    Packet(CapturedPacket<'file>),
    /// A packet that belongs to no interface that the section described.
    NoInterface(u32),
    /// A block of another kind, such as statistics or name resolution.
    Other,
}

/// A packet as it stands in a capture.
#[derive(Debug)]
pub(super) struct CapturedPacket<'file> {
    /// The number of its interface in the section.
    pub(super) interface: u32,
    /// How its first bytes are to be read.
    pub(super) link_type: u16,
    /// Nanoseconds since 1970; `None` when the block holds no time.
    pub(super) nanoseconds: Option<u64>,
    /// What was captured of it.
    pub(super) bytes: &'file [u8],
    /// How many bytes it had.
    pub(super) original_length: usize,
    /// Where these stand in the file.
    pub(super) position: u64,
    /// The packet's comments.
    pub(super) comments: Comments<'file>,
}

/// Why no further block can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum BlockError {
    #[error("the file ends in the middle of a block")]
    Truncated,
    #[error("a block's length, {0} bytes, is not possible")]
    Length(u32),
    #[error("a block's length at its end is not the one at its start")]
    LengthsDiffer,
    #[error("this is not the section header that a pcapng file begins with")]
    NoSection,
    #[error("the section header's byte order mark is not one")]
    ByteOrder,
    #[error("the section is of version {0} of the format, and only version 1 is known")]
    Version(u16),
    #[error("a block is too short for its kind")]
    TooShort,
    #[error("the file cannot be read further: {0}")]
    Read(#[from] io::Error),
}

/// Reads blocks in either byte order.
#[derive(Debug)]
pub(super) struct BlockReader {
    window: Window,
    /// The length of the block that was read last; the window still stands before it.
    read: usize,
    big_endian: bool,
    in_section: bool,
    interfaces: Vec<Interface>,
}

#[derive(Debug, Clone, Copy)]
struct Interface {
    link_type: u16,
    snap_length: u32,
    resolution: u8,
    offset_seconds: i64,
}

impl BlockReader {
    /// Reads from here on.
    pub(super) fn new(window: Window) -> Self {
        BlockReader { window, read: 0, big_endian: false, in_section: false, interfaces: Vec::new() }
    }

    /// Where in the file the next block begins.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset() + self.read as u64
    }

    /// The next block; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Block<'_>>, BlockError> {
        self.window.pass(std::mem::take(&mut self.read));
        let head = self.window.see(12)?;
        if head.is_empty() {
            return Ok(None);
        }
        let kind = Cursor::new(head, self.big_endian).u32().ok_or(BlockError::Truncated)?;
        if kind == SECTION_HEADER {
            self.big_endian = match head.get(8..12) {
                Some(magic) if *magic == BYTE_ORDER_MAGIC.to_be_bytes() => true,
                Some(magic) if *magic == BYTE_ORDER_MAGIC.to_le_bytes() => false,
                Some(_) => return Err(BlockError::ByteOrder),
                None => return Err(BlockError::Truncated),
            };
            self.in_section = true;
        } else if !self.in_section {
            return Err(BlockError::NoSection);
        }
        let length = Cursor::at(head, 4, self.big_endian).u32().ok_or(BlockError::Truncated)?;
        let shortest = if kind == SECTION_HEADER { 16 } else { 12 };
        if length < shortest || length % 4 != 0 || length > LARGEST_BLOCK {
            return Err(BlockError::Length(length));
        }
        let position = self.window.offset() + 8;
        let block = self.window.see(length as usize)?;
        let (body, end) = match (block.get(8..block.len().saturating_sub(4)), block.last_chunk::<4>()) {
            (Some(body), Some(end)) if block.len() == length as usize => (body, end),
            _ => return Err(BlockError::Truncated),
        };
        if Cursor::new(end, self.big_endian).u32() != Some(length) {
            return Err(BlockError::LengthsDiffer);
        }
        self.read = length as usize;
        let body = Body { bytes: body, position, big_endian: self.big_endian };
        let block = match kind {
            SECTION_HEADER => {
                let version = body.cursor(4).u16().ok_or(BlockError::TooShort)?;
                if version != 1 {
                    return Err(BlockError::Version(version));
                }
                self.interfaces.clear();
                Block::Section { comments: body.comments(16) }
            }
            INTERFACE_DESCRIPTION => {
                self.interfaces.push(body.interface().ok_or(BlockError::TooShort)?);
                Block::Other
            }
            ENHANCED_PACKET => body.enhanced_packet(&self.interfaces).ok_or(BlockError::TooShort)?,
            SIMPLE_PACKET => body.simple_packet(&self.interfaces).ok_or(BlockError::TooShort)?,
            _ => Block::Other,
        };
        Ok(Some(block))
    }
}

/// What stands between a block's two lengths.
#[derive(Debug, Clone, Copy)]
struct Body<'file> {
    bytes: &'file [u8],
    position: u64,
    big_endian: bool,
}

impl<'file> Body<'file> {
    fn cursor(self, offset: usize) -> Cursor<'file> {
        Cursor::at(self.bytes, offset, self.big_endian)
    }

    fn comments(self, start: usize) -> Comments<'file> {
        Comments(Options { body: self.bytes, offset: start, big_endian: self.big_endian })
    }

    fn interface(self) -> Option<Interface> {
        let mut cursor = self.cursor(0);
        let (link_type, _, snap_length) = (cursor.u16()?, cursor.u16()?, cursor.u32()?);
        let mut interface = Interface { link_type, snap_length, resolution: 6, offset_seconds: 0 };
        for (code, value) in (Options { body: self.bytes, offset: 8, big_endian: self.big_endian }) {
            match (code, value) {
                (OPTION_RESOLUTION, &[resolution]) => interface.resolution = resolution,
                (OPTION_OFFSET, value) => {
                    interface.offset_seconds = Cursor::new(value, self.big_endian).u64().unwrap_or(0) as i64;
                }
                _ => {}
            }
        }
        Some(interface)
    }

    fn enhanced_packet(self, interfaces: &[Interface]) -> Option<Block<'file>> {
        let mut cursor = self.cursor(0);
        let (number, high, low) = (cursor.u32()?, cursor.u32()?, cursor.u32()?);
        let (captured, original) = (cursor.u32()?, cursor.u32()?);
        let Some(interface) = interfaces.get(number as usize) else { return Some(Block::NoInterface(number)) };
        let end = 20_usize.saturating_add(captured as usize);
        Some(Block::Packet(CapturedPacket {
            interface: number,
            link_type: interface.link_type,
            nanoseconds: Some(interface.nanoseconds(u64::from(high) << 32 | u64::from(low))),
            bytes: self.bytes.get(20..end)?,
            original_length: original as usize,
            position: self.position + 20,
            comments: self.comments(end.next_multiple_of(4)),
        }))
    }

    fn simple_packet(self, interfaces: &[Interface]) -> Option<Block<'file>> {
        let original = self.cursor(0).u32()?;
        let Some(interface) = interfaces.first() else { return Some(Block::NoInterface(0)) };
        let limit = if interface.snap_length == 0 { u32::MAX } else { interface.snap_length };
        let captured = (original.min(limit) as usize).min(self.bytes.len() - 4);
        Some(Block::Packet(CapturedPacket {
            interface: 0,
            link_type: interface.link_type,
            nanoseconds: None,
            bytes: self.bytes.get(4..4 + captured)?,
            original_length: original as usize,
            position: self.position + 4,
            comments: self.comments(self.bytes.len()),
        }))
    }
}

impl Interface {
    /// A time stamp as nanoseconds since 1970, at the ends of what 64 bits hold when it is beyond them.
    fn nanoseconds(&self, units: u64) -> u64 {
        // The two that nearly every capture has.
        match (self.resolution, self.offset_seconds) {
            (9, 0) => return units,
            (6, 0) => return units.saturating_mul(1_000),
            _ => {}
        }
        const SECOND: i128 = 1_000_000_000;
        let exponent = u32::from(self.resolution & 0x7F);
        let units = i128::from(units);
        let since_offset = if self.resolution & 0x80 != 0 {
            // More than 63 binary places leave nothing of 64 bits.
            if exponent > 63 { 0 } else { (units * SECOND) >> exponent }
        } else if exponent <= 9 {
            units * 10_i128.pow(9 - exponent)
        } else {
            10_i128.checked_pow(exponent - 9).map_or(0, |divisor| units / divisor)
        };
        let total = since_offset + i128::from(self.offset_seconds) * SECOND;
        u64::try_from(total.max(0)).unwrap_or(u64::MAX)
    }
}

/// Reads numbers one after the other.
struct Cursor<'bytes> {
    rest: &'bytes [u8],
    big_endian: bool,
}

impl<'bytes> Cursor<'bytes> {
    fn new(bytes: &'bytes [u8], big_endian: bool) -> Self {
        Cursor { rest: bytes, big_endian }
    }

    fn at(bytes: &'bytes [u8], offset: usize, big_endian: bool) -> Self {
        Cursor { rest: bytes.get(offset..).unwrap_or_default(), big_endian }
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }

    fn u16(&mut self) -> Option<u16> {
        let bytes = self.array()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.array()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn u64(&mut self) -> Option<u64> {
        let bytes = self.array()?;
        Some(if self.big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }
}

/// The options at the end of a block, as far as they can be read.
#[derive(Debug, Clone)]
struct Options<'file> {
    body: &'file [u8],
    offset: usize,
    big_endian: bool,
}

impl<'file> Iterator for Options<'file> {
    type Item = (u16, &'file [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut cursor = Cursor::at(self.body, self.offset, self.big_endian);
        let (code, length) = (cursor.u16()?, usize::from(cursor.u16()?));
        let start = self.offset + 4;
        if code == OPTION_END {
            return None;
        }
        let value = self.body.get(start..start + length)?;
        self.offset = (start + length).next_multiple_of(4);
        Some((code, value))
    }
}

/// The comments among the options of a block.
#[derive(Debug, Clone)]
pub(super) struct Comments<'file>(Options<'file>);

impl Comments<'_> {
    /// The comments of what cannot have any.
    pub(super) fn none() -> Self {
        Comments(Options { body: &[], offset: 0, big_endian: false })
    }
}

impl<'file> Iterator for Comments<'file> {
    type Item = &'file [u8];

    fn next(&mut self) -> Option<&'file [u8]> {
        self.0.find(|(code, _)| *code == OPTION_COMMENT).map(|(_, value)| value)
    }
}
