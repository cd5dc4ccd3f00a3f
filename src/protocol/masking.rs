//! Masking of payloads with the four-byte masking key (RFC 6455 5.3); applying it twice gives the bytes back.

use std::fmt;

/// The four bytes that a client chooses for each frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaskingKey(pub [u8; 4]);

impl MaskingKey {
    /// Whether `masked`, the start of a payload, holds nothing but ASCII once it is unmasked.
    pub fn hides_only_ascii(self, masked: &[u8]) -> bool {
        let [a, b, c, d] = self.0;
        let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
        let (words, rest) = masked.as_chunks::<8>();
        let highest_bits = words.iter().fold(0, |bits, word| bits | (u64::from_ne_bytes(*word) ^ wide));
        let rest = rest.iter().zip(self.0.iter().cycle()).fold(0, |bits, (byte, key)| bits | (byte ^ key));
        highest_bits & 0x8080_8080_8080_8080 == 0 && rest.is_ascii()
    }

    /// Masks or unmasks `bytes`, which begin `position` bytes into the payload.
    pub fn apply(self, bytes: &mut [u8], position: u64) {
        let mut key = self.0;
        key.rotate_left((position % 4) as usize);
        let wide = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
        let (words, rest) = bytes.as_chunks_mut::<8>();
        for word in words {
            *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
        }
        for (byte, key_byte) in rest.iter_mut().zip(key.iter().cycle()) {
            *byte ^= key_byte;
        }
    }
}

/// Four bytes in hexadecimal: `37 fa 21 3d`.
impl fmt::Display for MaskingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth] = self.0;
        write!(formatter, "{first:02x} {second:02x} {third:02x} {fourth:02x}")
    }
}
