//! The frames that are made up around the messages of a HAR. They are nowhere in the file: they are written from a message when the
//! file is opened, and again in the same manner whenever somebody looks at them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::protocol::direction::Side;
use crate::protocol::frame::{FrameHeader, LengthEncoding};
use crate::protocol::masking::MaskingKey;
use crate::protocol::opcode::Opcode;
use crate::session::byte_store::copy_start;
use crate::session::{ByteSource, Kept, PartReader};

use super::super::input::Input;
use super::super::window::Window;
use super::cursor::{Cursor, Stop, Text};

/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a frame is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MadeUp {
    pub(super) side: Side,
    pub(super) opcode: Opcode,
    /// Where in the file the string with the message's data begins.
    pub(super) place: u64,
}

impl MadeUp {
    /// The same as a number: the four bits of the opcode, one for the side, and the place.
    pub(super) fn position(self) -> u64 {
        self.place << 5 | u64::from(self.side == Side::Client) << 4 | u64::from(self.opcode.bits())
    }

    fn at(position: u64) -> MadeUp {
        let side = if position & 0x10 == 0 { Side::Server } else { Side::Client };
        MadeUp { side, opcode: Opcode::from_bits(position as u8), place: position >> 5 }
    }

    /// Keys of neighbours differ, and are the same whenever the file is opened.
    fn masking_key(self) -> Option<MaskingKey> {
        // An odd factor gives every place another number, and no place but one in 4 GiB the key of zeros.
        let mixed = (self.place as u32).wrapping_mul(0x9E37_79B1);
        (self.side == Side::Client).then(|| MaskingKey((mixed ^ mixed >> 16).max(1).to_be_bytes()))
    }

    fn header(self, payload_length: u64) -> FrameHeader {
        FrameHeader { masking_key: self.masking_key(), ..FrameHeader::new(self.opcode, payload_length) }
    }

    /// The header of a frame of this length.
    fn header_of(self, frame_length: u64) -> Option<FrameHeader> {
        [LengthEncoding::SevenBits, LengthEncoding::SixteenBits, LengthEncoding::SixtyFourBits]
            .into_iter()
            .filter_map(|encoding| {
                let longest = self.header(encoding.most());
                Some(self.header(frame_length.checked_sub(longest.header_length() as u64)?))
            })
            .find(|header| header.header_length() as u64 + header.payload_length == frame_length)
    }

    /// Appends the frame around this payload.
    pub(super) fn write(self, payload: &[u8], frame: &mut Vec<u8>) {
        self.header(payload.len() as u64).write_with_payload(payload, frame);
    }
}

/// What a message is in its frame; `None` when it is not what it should be: UTF-8, or base64 of anything.
pub(super) fn payload<'data>(opcode: Opcode, data: &'data [u8], decoded: &'data mut Vec<u8>) -> Option<&'data [u8]> {
    if opcode == Opcode::Text {
        return std::str::from_utf8(data).is_ok().then_some(data);
    }
    decoded.clear();
    BASE64.decode_vec(data, decoded).ok()?;
    Some(decoded)
}

/// The frames of a HAR whose messages are what they should be.
#[derive(Debug)]
pub(super) struct Frames(pub(super) Input);

impl ByteSource for Frames {
    fn reader(&self) -> Box<dyn PartReader + '_> {
        Box::new(FrameReader {
            window: Window::new(self.0.clone()),
            data: Text::default(),
            decoded: Vec::new(),
            frame: Vec::new(),
        })
    }
}

struct FrameReader {
    window: Window,
    data: Text,
    decoded: Vec<u8>,
    frame: Vec<u8>,
}

impl FrameReader {
    /// Writes the start of a frame again, at least so many bytes of it where it has them.
    fn write_start(&mut self, kept: Kept, length: usize) -> Option<()> {
        let made_up = MadeUp::at(kept.position);
        let header = made_up.header_of(kept.length as u64)?;
        let wanted = length.min(kept.length).saturating_sub(header.header_length());
        // Four characters of base64 are three bytes.
        let of_data = if made_up.opcode == Opcode::Text { wanted } else { wanted.div_ceil(3) * 4 };
        self.see_data(made_up.place, of_data)?;
        let data = self.data.bytes();
        let data = data.get(..of_data).unwrap_or(data);
        let payload = match made_up.opcode {
            Opcode::Text => data,
            opcode => payload(opcode, data, &mut self.decoded)?,
        };
        self.frame.clear();
        header.write_with_payload(payload.get(..wanted).unwrap_or(payload), &mut self.frame);
        Some(())
    }

    /// Reads the start of a message's data, at least so many bytes of it where it has them.
    fn see_data(&mut self, place: u64, length: usize) -> Option<()> {
        self.window.go_to(place);
        loop {
            match Cursor::new(self.window.seen()).start_of_text(&mut self.data, length) {
                Ok(is_text) => return is_text.then_some(()),
                Err(Stop::Incomplete) if self.window.read_more().ok()? => {}
                Err(_) => return None,
            }
        }
    }
}

impl PartReader for FrameReader {
    fn read(&mut self, kept: Kept, skipped: usize, buffer: &mut [u8]) -> usize {
        // What is not in the file any more is missing.
        match self.write_start(kept, skipped + buffer.len()) {
            Some(()) => copy_start(self.frame.get(skipped..).unwrap_or_default(), buffer),
            None => 0,
        }
    }
}
