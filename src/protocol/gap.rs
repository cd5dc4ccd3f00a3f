//! Gaps: bytes that crossed and were not recorded, as a capture has them that lost packets or cut them short.

/// Bytes of one direction that crossed and were not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// How many, where that is known.
    pub length: Option<u32>,
    /// How many bytes then follow until a frame begins; where it is not known whether or where one does, `None`. A gap that lies
    /// inside a payload does not need it: the header of its frame says where the next one begins.
    pub next_frame: Option<u32>,
}
