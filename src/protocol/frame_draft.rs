//! Frames as a person drafts them, legal or not: every field chosen, then written as bytes; nothing here judges what it writes.

use std::num::NonZeroU32;
use std::ops::Range;

use bytes::Bytes;

use super::frame::{FrameHeader, LengthEncoding};
use super::masking::MaskingKey;
use super::opcode::Opcode;

/// The most fragments that a payload is split into.
pub const MOST_FRAGMENTS: u32 = 65_536;

/// How many fragments there may be beyond one for each byte: an empty fragment is legal, and one may want to see a few.
const EMPTY_FRAGMENTS: u64 = 16;

/// How a drafted frame is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftMasking {
    /// MASK is 0 and the payload travels as it is.
    Off,
    /// A new key for each frame, from whoever writes the draft.
    Random,
    /// This key for every frame.
    Given(MaskingKey),
}

/// How a drafted frame's length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DraftLength {
    /// The form; the shortest one that holds the length when there is none.
    pub encoding: Option<LengthEncoding>,
    /// The length that is written, where it is not the payload's own.
    pub claimed: Option<u64>,
}

/// Why a draft cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DraftProblem {
    /// The form has too few bits.
    #[error("{length} does not fit into {} bits. Choose a longer form or a smaller length.", .encoding.bits())]
    LengthDoesNotFit {
        /// The length to be written, in bytes.
        length: u64,
        /// The chosen form.
        encoding: LengthEncoding,
    },
    /// More fragments than anybody needs.
    #[error("{wanted} fragments are too many for this payload: it is split into {most} at most.")]
    TooManyFragments {
        /// What was asked for.
        wanted: u32,
        /// What is possible.
        most: u32,
    },
    /// A false length cannot be shared out.
    #[error("A false length is written for one frame. Split into 1, or write the true lengths.")]
    FalseLengthOfFragments,
}

/// A frame, or a message that is split into several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameDraft {
    /// The opcode of the first frame; the others are continuations.
    pub opcode: Opcode,
    /// FIN of the last frame; the others have none.
    pub fin: bool,
    /// RSV1 of the first frame, as an extension would set it (RFC 7692 6.1).
    pub rsv1: bool,
    /// RSV2 of the first frame.
    pub rsv2: bool,
    /// RSV3 of the first frame.
    pub rsv3: bool,
    /// How each frame is masked.
    pub masking: DraftMasking,
    /// How each length is written.
    pub length: DraftLength,
    /// The payload before masking.
    pub payload: Bytes,
    /// How many frames the payload is split into, the longer ones first.
    pub fragments: NonZeroU32,
}

impl FrameDraft {
    /// A final frame with the shortest length and a random masking key, as a client sends it.
    pub fn new(opcode: Opcode, payload: impl Into<Bytes>) -> FrameDraft {
        FrameDraft {
            opcode,
            fin: true,
            rsv1: false,
            rsv2: false,
            rsv3: false,
            masking: DraftMasking::Random,
            length: DraftLength::default(),
            payload: payload.into(),
            fragments: NonZeroU32::MIN,
        }
    }

    /// The frames: each header with the range of the payload that follows it; `random_key` is asked once for each frame that needs it.
    ///
    /// # Errors
    /// See [`DraftProblem`].
    pub fn frames<'draft>(
        &'draft self,
        mut random_key: impl FnMut() -> MaskingKey + 'draft,
    ) -> Result<impl Iterator<Item = (FrameHeader, Range<usize>)> + 'draft, DraftProblem> {
        self.check()?;
        let count = self.fragments.get() as usize;
        let (share, longer) = (self.payload.len() / count, self.payload.len() % count);
        Ok((0..count).map(move |place| {
            let start = share * place + place.min(longer);
            let end = start + share + usize::from(place < longer);
            let (is_first, is_last) = (place == 0, place + 1 == count);
            let payload_length = self.length.claimed.unwrap_or((end - start) as u64);
            let header = FrameHeader {
                fin: self.fin && is_last,
                rsv1: self.rsv1 && is_first,
                rsv2: self.rsv2 && is_first,
                rsv3: self.rsv3 && is_first,
                opcode: if is_first { self.opcode } else { Opcode::Continuation },
                masking_key: match self.masking {
                    DraftMasking::Off => None,
                    DraftMasking::Random => Some(random_key()),
                    DraftMasking::Given(key) => Some(key),
                },
                length_encoding: self.length.encoding.unwrap_or_else(|| LengthEncoding::minimal(payload_length)),
                payload_length,
            };
            (header, start..end)
        }))
    }

    /// The bytes as they go on the wire.
    ///
    /// # Errors
    /// See [`DraftProblem`].
    pub fn write(&self, random_key: impl FnMut() -> MaskingKey) -> Result<Vec<u8>, DraftProblem> {
        let mut bytes = Vec::with_capacity(self.payload.len() + 2);
        for (header, range) in self.frames(random_key)? {
            header.write_with_payload(self.payload.get(range).unwrap_or_default(), &mut bytes);
        }
        Ok(bytes)
    }

    /// The most fragments that this payload can be split into.
    pub fn most_fragments(&self) -> u32 {
        let most = (self.payload.len() as u64).saturating_add(EMPTY_FRAGMENTS);
        u32::try_from(most).unwrap_or(u32::MAX).min(MOST_FRAGMENTS)
    }

    fn check(&self) -> Result<(), DraftProblem> {
        let (wanted, most) = (self.fragments.get(), self.most_fragments());
        if wanted > most {
            return Err(DraftProblem::TooManyFragments { wanted, most });
        }
        if wanted > 1 && self.length.claimed.is_some() {
            return Err(DraftProblem::FalseLengthOfFragments);
        }
        // The first fragment is the longest one.
        let length = self.length.claimed.unwrap_or((self.payload.len() as u64).div_ceil(u64::from(wanted)));
        match self.length.encoding {
            Some(encoding) if length > encoding.most() => Err(DraftProblem::LengthDoesNotFit { length, encoding }),
            _ => Ok(()),
        }
    }
}
