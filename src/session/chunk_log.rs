//! The list of the parts in which the bytes of a session came: when, which way, how many, and where they are kept; not the bytes.
//!
//! A session may have as many parts as frames, so a part takes a few bytes: its differences to the one before, in groups that
//! begin with full numbers.

use std::sync::Arc;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::moment::Moment;

use super::append_log::{AppendLog, Frozen};
use super::byte_store::Kept;

/// How many parts a group has; finding one means reading at most so many.
const GROUP: usize = 64;

/// The position of bytes that are kept nowhere, because they were not recorded.
const NOWHERE: u64 = u64::MAX;

/// Bytes that crossed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    /// When they were recorded.
    pub(super) at: Moment,
    /// Which way they went.
    pub(super) direction: Direction,
    /// Where the first stands in its direction's stream.
    pub(super) stream_offset: u64,
    /// Where they are kept.
    pub(super) position: u64,
    /// How many there are.
    pub(super) length: usize,
}

impl Chunk {
    /// What the store knows it by.
    pub(super) fn kept(&self) -> Kept {
        Kept { position: self.position, length: self.length }
    }

    /// Where its direction's stream goes on.
    pub(super) fn stream_end(&self) -> u64 {
        self.stream_offset + self.length as u64
    }

    /// Whether it is the place of bytes that were not recorded.
    pub(super) fn is_missing(&self) -> bool {
        self.position == NOWHERE
    }
}

/// What the next chunk is told in differences to.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    at: u64,
    streams: PerDirection<u64>,
    position: u64,
}

impl Standing {
    fn after(mut self, chunk: &Chunk) -> Standing {
        self.at = chunk.at.nanoseconds();
        self.streams[chunk.direction] = chunk.stream_end();
        self.position = chunk.position.wrapping_add(chunk.length as u64);
        self
    }

    /// Appends a chunk as differences: twice its length, plus 1 from the server; the time since the last; the bytes between them.
    fn write(self, chunk: &Chunk, encoded: &mut Vec<u8>) {
        let from_server = chunk.direction == Direction::ServerToClient;
        write_number((chunk.length as u64) << 1 | u64::from(from_server), encoded);
        write_number(chunk.at.nanoseconds() - self.at, encoded);
        write_number(chunk.position.wrapping_sub(self.position), encoded);
    }

    fn read(self, encoded: &mut &[u8]) -> Option<Chunk> {
        let length = read_number(encoded)?;
        let at = self.at + read_number(encoded)?;
        let position = self.position.wrapping_add(read_number(encoded)?);
        let direction = if length & 1 == 1 { Direction::ServerToClient } else { Direction::ClientToServer };
        Some(Chunk {
            at: Moment(at),
            direction,
            stream_offset: self.streams[direction],
            position,
            length: (length >> 1) as usize,
        })
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn write_number(mut number: u64, encoded: &mut Vec<u8>) {
    while number >= 0x80 {
        encoded.push(number as u8 | 0x80);
        number >>= 7;
    }
    encoded.push(number as u8);
}

fn read_number(encoded: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = encoded.split_first()?;
        *encoded = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Chunks that follow each other.
#[derive(Debug, Clone)]
struct Group {
    before: Standing,
    encoded: Arc<[u8]>,
}

impl Group {
    fn chunks(&self) -> impl Iterator<Item = Chunk> + use<'_> {
        let (mut standing, mut encoded) = (self.before, &*self.encoded);
        std::iter::from_fn(move || {
            let chunk = standing.read(&mut encoded)?;
            standing = standing.after(&chunk);
            Some(chunk)
        })
    }
}

/// The growing list.
#[derive(Debug, Default)]
pub(super) struct ChunkLog {
    groups: AppendLog<Group>,
    before: Standing,
    open: Vec<u8>,
    in_open: usize,
    standing: Standing,
}

impl ChunkLog {
    /// How many chunks there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len() * GROUP + self.in_open
    }

    /// Adds bytes that went this way and are kept at this position.
    pub(super) fn push(&mut self, at: Moment, direction: Direction, position: u64, length: usize) {
        let chunk = Chunk { at, direction, stream_offset: self.standing.streams[direction], position, length };
        self.standing.write(&chunk, &mut self.open);
        self.standing = self.standing.after(&chunk);
        self.in_open += 1;
        if self.in_open == GROUP {
            self.groups.push(Group { before: self.before, encoded: self.open.as_slice().into() });
            (self.before, self.in_open) = (self.standing, 0);
            self.open.clear();
        }
    }

    /// Adds the place of bytes that went this way and were not recorded.
    pub(super) fn push_missing(&mut self, at: Moment, direction: Direction, length: usize) {
        self.push(at, direction, NOWHERE, length);
    }

    /// Where a direction's stream goes on.
    pub(super) fn stream_end(&self, direction: Direction) -> u64 {
        self.standing.streams[direction]
    }

    /// The list as it is now.
    pub(super) fn snapshot(&self) -> FrozenChunks {
        let open = Group { before: self.before, encoded: self.open.as_slice().into() };
        FrozenChunks { groups: self.groups.snapshot(), open, streams: self.standing.streams }
    }
}

/// The list as it was at one moment.
#[derive(Debug, Clone)]
pub(super) struct FrozenChunks {
    groups: Frozen<Group>,
    open: Group,
    streams: PerDirection<u64>,
}

impl FrozenChunks {
    /// How many bytes each direction has carried.
    pub(super) fn streams(&self) -> PerDirection<u64> {
        self.streams
    }

    /// All chunks.
    pub(super) fn iter(&self) -> impl Iterator<Item = Chunk> + use<'_> {
        self.groups.iter().chain([&self.open]).flat_map(Group::chunks)
    }

    /// The chunks of one direction from the one on that brings the byte at this offset.
    pub(super) fn starting_at(&self, direction: Direction, offset: u64) -> impl Iterator<Item = Chunk> + use<'_> {
        let groups = std::iter::successors(self.group_of(direction, offset), move |group| {
            // What lies between two chunks of a direction is not looked through.
            let end = group.chunks().filter(|chunk| chunk.direction == direction).last()?.stream_end();
            self.group_of(direction, end)
        });
        groups.flat_map(Group::chunks).filter(move |chunk| chunk.direction == direction && chunk.stream_end() > offset)
    }

    /// The group that brings the byte at this offset.
    fn group_of(&self, direction: Direction, offset: u64) -> Option<&Group> {
        if offset >= self.streams[direction] {
            return None;
        }
        if self.open.before.streams[direction] <= offset {
            return Some(&self.open);
        }
        self.groups.get(self.groups.partition_point(|group| group.before.streams[direction] <= offset).checked_sub(1)?)
    }
}
