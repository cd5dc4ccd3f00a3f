//! Where frames begin in a stream whose beginning, or a part of it, is not in the capture: at a header that is followed by others, each
//! where the one before says, until there are too many to be there by chance.
//!
//! What speaks for a beginning is counted in bits: one bit more is what chance gives half as often.

use std::collections::BTreeMap;

use crate::protocol::frame::{FrameHeader, HeaderParse, LONGEST_CONTROL_PAYLOAD, LONGEST_HEADER, LengthEncoding};
use crate::protocol::opcode::Opcode;

/// A possible header: of 256 first bytes 13 are possible, and the mask is there or not.
const HEADER: u32 = 5;

/// A length in 16 bits, which a random header seldom has.
const SIXTEEN_BITS: u32 = 4;

/// A length in 64 bits, most of them zero.
const SIXTY_FOUR_BITS: u32 = 25;

/// The end of a frame at the end of a piece, where senders mostly put it.
const END_OF_PIECE: u32 = 7;

/// What is enough at the beginning of a piece, since there are few of these.
const ENOUGH: u32 = 20;

/// What is enough there when frames were found in this manner before, or when nothing better will come.
const LIKELY: u32 = 10;

/// Two bytes and a masking key.
const SHORTEST_MASKED_HEADER: u64 = 6;

/// The longest payload of a frame that is taken for one, in bytes.
const LONGEST: u64 = 256 << 20;

/// A search in one direction.
#[derive(Debug, Default)]
pub(super) struct BoundarySearch {
    /// Whether frames of this direction have a mask, where that is known.
    is_masked: Option<bool>,
    /// What is enough at the beginning of a piece.
    enough: Option<u32>,
    /// The newest bytes, as many as may be the start of a header, and where the first of them stands.
    newest: Vec<u8>,
    newest_at: u64,
    /// By the place of their next header.
    candidates: BTreeMap<u64, Candidate>,
    /// One whose next header is missing; that the next piece begins with a header speaks for both.
    interrupted: Option<Candidate>,
    /// How many places were tried that are not at the beginning of a piece.
    tried: u64,
    /// Where the bytes end that are missing and were passed last.
    gap_end: u64,
    /// The most bytes that there were together.
    longest_run: u64,
}

/// Frames one after the other.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: u64,
    begins_piece: bool,
    is_masked: Option<bool>,
    /// Whether the newest message goes on; not known before the first data frame.
    is_message_open: Option<bool>,
    evidence: u32,
}

/// Where frames begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Boundary {
    /// The place of their first header, counted from where the search began.
    pub(super) start: u64,
    /// The place of the first header behind what was looked at.
    pub(super) next: u64,
    /// Whether they have masks.
    pub(super) is_masked: bool,
    /// Whether the first of them begins a piece.
    pub(super) begins_piece: bool,
    /// Whether more bytes are missing between where the search began and the first of them.
    pub(super) is_behind_gap: bool,
}

impl BoundarySearch {
    /// A search in a direction of which it is known whether its frames have masks, and perhaps that frames begin where pieces do.
    pub(super) fn behind_gap(is_masked: bool, is_known_to_begin_pieces: bool) -> BoundarySearch {
        let enough = is_known_to_begin_pieces.then_some(LIKELY);
        BoundarySearch { is_masked: Some(is_masked), enough, ..BoundarySearch::default() }
    }

    /// How many bytes were looked at or are missing.
    pub(super) fn position(&self) -> u64 {
        self.newest_at + self.newest.len() as u64
    }

    /// Looks at the next piece; gives the boundary when that is enough.
    pub(super) fn take(&mut self, piece: &[u8]) -> Option<Boundary> {
        let start = self.position();
        self.newest.extend_from_slice(piece);
        let anew =
            Candidate { start, begins_piece: true, is_masked: self.is_masked, is_message_open: None, evidence: 0 };
        let goes_on = self.interrupted.take().map(|interrupted| Candidate { is_message_open: None, ..interrupted });
        self.add(start, goes_on.unwrap_or(anew));
        for (place, byte) in (start..).zip(piece).skip(1) {
            if may_begin_header(*byte) {
                self.add(place, Candidate { start: place, begins_piece: false, ..anew });
            }
        }
        self.tried += piece.len() as u64;
        self.longest_run = self.longest_run.max(self.position() - self.gap_end);
        self.go_on();
        self.end_piece();
        let kept = self.newest.len().saturating_sub(LONGEST_HEADER - 1);
        self.newest.drain(..kept);
        self.newest_at += kept as u64;
        let (candidate, next) = self.best()?;
        (candidate.evidence >= self.needed(&candidate)).then(|| self.boundary(&candidate, next))
    }

    /// Passes over bytes that are missing.
    pub(super) fn miss(&mut self, length: u64) {
        let end = self.position() + length;
        let behind = self.candidates.split_off(&end);
        let interrupted = std::mem::replace(&mut self.candidates, behind).into_values();
        let interrupted = interrupted.filter(|candidate| candidate.begins_piece && candidate.evidence > 0);
        self.interrupted = interrupted.max_by_key(|candidate| candidate.evidence).or(self.interrupted);
        self.newest.clear();
        (self.newest_at, self.gap_end) = (end, end);
        self.end_piece();
    }

    /// The boundary when no more will come.
    pub(super) fn likely(&self) -> Option<Boundary> {
        let is_likely = |candidate: &Candidate| {
            candidate.evidence >= if candidate.begins_piece { LIKELY } else { self.needed(candidate) }
        };
        let interrupted = self.interrupted.map(|candidate| (candidate, self.position()));
        let (candidate, next) =
            self.best().into_iter().chain(interrupted).find(|(candidate, _)| is_likely(candidate))?;
        Some(self.boundary(&candidate, next))
    }

    /// Whether there never were enough bytes together for the header of a frame with a mask.
    pub(super) fn has_only_crumbs(&self) -> bool {
        self.longest_run < SHORTEST_MASKED_HEADER
    }

    /// What speaks for the best candidate, be it enough or not.
    pub(super) fn evidence(&self) -> u32 {
        let best = self.best().map(|(candidate, _)| candidate);
        best.into_iter().chain(self.interrupted).map(|candidate| candidate.evidence).max().unwrap_or(0)
    }

    fn boundary(&self, candidate: &Candidate, next: u64) -> Boundary {
        let &Candidate { start, begins_piece, is_masked, .. } = candidate;
        let is_behind_gap = self.gap_end > 0 && start >= self.gap_end;
        Boundary { start, next, is_masked: is_masked.unwrap_or(false), begins_piece, is_behind_gap }
    }

    fn needed(&self, candidate: &Candidate) -> u32 {
        if candidate.begins_piece { self.enough.unwrap_or(ENOUGH) } else { ENOUGH + self.tried.max(1).ilog2() }
    }

    fn best(&self) -> Option<(Candidate, u64)> {
        let candidates = self.candidates.iter().map(|(next, candidate)| (*candidate, *next));
        candidates.max_by_key(|(candidate, _)| candidate.rank())
    }

    /// Adds a candidate; of two whose next header is the same the better one stays.
    fn add(&mut self, next: u64, candidate: Candidate) {
        let known = self.candidates.entry(next).or_insert(candidate);
        if known.rank() < candidate.rank() {
            *known = candidate;
        }
    }

    /// Follows every candidate from header to header as far as there are bytes.
    fn go_on(&mut self) {
        let end = self.position();
        let mut from = 0;
        while let Some((&next, &candidate)) = self.candidates.range(from..end).next() {
            from = next + 1;
            let bytes = self.newest.get((next - self.newest_at) as usize..).unwrap_or_default();
            let HeaderParse::Complete(header) = FrameHeader::parse(bytes) else { continue };
            self.candidates.remove(&next);
            if let Some(candidate) = candidate.followed_by(&header) {
                self.add(next + header.header_length() as u64 + header.payload_length, candidate);
            }
        }
    }

    /// A piece ends here, and a frame with it perhaps.
    fn end_piece(&mut self) {
        if let Some(candidate) = self.candidates.get_mut(&self.position()) {
            candidate.evidence += END_OF_PIECE;
        }
    }
}

impl Candidate {
    /// By what one is better than another; of two that are equally good the later one leaves out what is in doubt.
    fn rank(&self) -> (u32, bool, u64) {
        (self.evidence, self.begins_piece, self.start)
    }

    /// The same with one more frame, when a peer that keeps to RFC 6455 5.2 and 5.4 may send it now.
    fn followed_by(self, header: &FrameHeader) -> Option<Candidate> {
        let is_masked = header.masking_key.is_some();
        let is_sound = !header.rsv2
            && !header.rsv3
            && header.payload_length <= LONGEST
            && header.length_encoding == LengthEncoding::minimal(header.payload_length)
            && self.is_masked.is_none_or(|masked| masked == is_masked);
        // Empty fragments are legal, and a run of zeros would be many.
        let has_something = header.fin || header.payload_length > 0;
        let may_follow = match header.opcode {
            Opcode::Continuation => has_something && !header.rsv1 && self.is_message_open != Some(false),
            Opcode::Text | Opcode::Binary => has_something && self.is_message_open != Some(true),
            Opcode::Close | Opcode::Ping | Opcode::Pong => {
                header.fin && !header.rsv1 && header.payload_length <= LONGEST_CONTROL_PAYLOAD
            }
            Opcode::Reserved(_) => false,
        };
        let of_length = match header.length_encoding {
            LengthEncoding::SevenBits => 0,
            LengthEncoding::SixteenBits => SIXTEEN_BITS,
            LengthEncoding::SixtyFourBits => SIXTY_FOUR_BITS,
        };
        let is_message_open = if header.opcode.is_control() { self.is_message_open } else { Some(!header.fin) };
        let evidence = self.evidence + HEADER + of_length;
        (is_sound && may_follow).then_some(Candidate { is_masked: Some(is_masked), is_message_open, evidence, ..self })
    }
}

/// Whether a header may begin with this byte: FIN, RSV1 and the opcode of a legal frame.
fn may_begin_header(byte: u8) -> bool {
    matches!(byte, 0x80..=0x82 | 0x88..=0x8A | 0x00..=0x02 | 0xC1 | 0xC2 | 0x41 | 0x42)
}
