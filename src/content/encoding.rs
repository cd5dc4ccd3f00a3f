//! How a payload is encoded: the best guess, and the payload seen through any encoding that is asked for.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::one_line::readable;
use super::tree::{End, Fault, Limits, Tree};
use super::{cbor, json, message_pack, protocol_buffers};

/// At most this many times base64 is looked for inside base64.
const NESTED: usize = 3;

/// Shorter text is not guessed to be base64.
const SHORTEST_BASE64: usize = 16;

/// How the bytes of a payload are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 text.
    Text,
    /// JSON (RFC 8259).
    Json,
    /// Nothing but bytes.
    Hexadecimal,
    /// MessagePack.
    MessagePack,
    /// CBOR (RFC 8949).
    Cbor,
    /// Protocol Buffers without a schema.
    ProtocolBuffers,
    /// Base64 (RFC 4648) of something that is looked at in turn.
    Base64,
}

/// A payload as a person looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View<'payload> {
    /// Text.
    Text(Cow<'payload, str>),
    /// Bytes without a structure.
    Bytes,
    /// A structure.
    Tree(Tree),
    /// Bytes that stood inside text.
    Inside {
        /// The decoded bytes.
        bytes: Vec<u8>,
        /// What they are.
        encoding: Encoding,
        /// How they look.
        view: Box<View<'static>>,
    },
}

impl Encoding {
    /// Every encoding, in the order in which they are offered.
    pub const ALL: [Encoding; 7] = [
        Encoding::Text,
        Encoding::Json,
        Encoding::MessagePack,
        Encoding::Cbor,
        Encoding::ProtocolBuffers,
        Encoding::Base64,
        Encoding::Hexadecimal,
    ];

    /// The name in lower case, as options write it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Text => "text",
            Encoding::Json => "json",
            Encoding::Hexadecimal => "hexadecimal",
            Encoding::MessagePack => "message-pack",
            Encoding::Cbor => "cbor",
            Encoding::ProtocolBuffers => "protocol-buffers",
            Encoding::Base64 => "base64",
        }
    }

    /// The name as a title.
    pub fn title(self) -> &'static str {
        match self {
            Encoding::Text => "Text",
            Encoding::Json => "JSON",
            Encoding::Hexadecimal => "Hexadecimal",
            Encoding::MessagePack => "MessagePack",
            Encoding::Cbor => "CBOR",
            Encoding::ProtocolBuffers => "Protocol Buffers",
            Encoding::Base64 => "Base64",
        }
    }

    /// The encoding of this name.
    pub fn of_name(name: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// The best guess at what a payload is; `is_whole` says whether these are all of its bytes.
    pub fn detect(payload: &[u8], is_text: bool, is_whole: bool) -> Encoding {
        Encoding::guess(payload, is_text, is_whole, NESTED)
    }

    fn guess(payload: &[u8], is_text: bool, is_whole: bool, nested: usize) -> Encoding {
        let fits = |tree: &Tree| match &tree.end {
            End::Complete | End::Cut { .. } => true,
            End::Fault(fault) => !is_whole && fault.at >= payload.len(),
        };
        let first = payload.iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(first, Some(b'{' | b'[')) && fits(&json::tree(payload, Limits::OUTLINE)) {
            return Encoding::Json;
        }
        if let Some(text) = readable(payload)
            && (is_text || is_prose(text))
        {
            let is_all = is_whole && text.len() == payload.len();
            return if is_all && is_likely_base64(text, nested) { Encoding::Base64 } else { Encoding::Text };
        }
        let has_structure = |tree: &Tree| tree.root().is_some_and(|root| root.members().next().is_some());
        for (encoding, read) in
            [(Encoding::MessagePack, message_pack::tree as fn(&[u8], Limits) -> Tree), (Encoding::Cbor, cbor::tree)]
        {
            let tree = read(payload, Limits::OUTLINE);
            if fits(&tree) && has_structure(&tree) {
                return encoding;
            }
        }
        if is_whole && protocol_buffers::is_likely(payload) {
            return Encoding::ProtocolBuffers;
        }
        Encoding::Hexadecimal
    }

    /// The payload seen through this encoding, whether or not it is a good guess.
    ///
    /// # Errors
    /// Where the payload stops being what it is seen as, when nothing of it can be shown. A structure that is readable up to some byte
    /// is no error: its [`Tree::end`] says where it stopped.
    pub fn view(self, payload: &[u8]) -> Result<View<'_>, Fault> {
        self.nested_view(payload, NESTED)
    }

    fn nested_view(self, payload: &[u8], nested: usize) -> Result<View<'_>, Fault> {
        let tree = match self {
            Encoding::Hexadecimal => return Ok(View::Bytes),
            Encoding::Text => {
                return std::str::from_utf8(payload).map(|text| View::Text(Cow::Borrowed(text))).or_else(|error| {
                    readable(payload)
                        .map(|text| View::Text(Cow::Borrowed(text)))
                        .ok_or_else(|| Fault::new(error.valid_up_to(), "the payload is not UTF-8"))
                });
            }
            Encoding::Base64 => {
                let bytes = decode_base64(payload)?;
                let encoding = match nested.checked_sub(1) {
                    Some(nested) => Encoding::guess(&bytes, false, true, nested),
                    None => Encoding::Hexadecimal,
                };
                let view = match encoding.nested_view(&bytes, nested.saturating_sub(1)) {
                    Ok(View::Text(text)) => View::Text(Cow::Owned(text.into_owned())),
                    Ok(View::Tree(tree)) => View::Tree(tree),
                    Ok(View::Inside { bytes, encoding, view }) => View::Inside { bytes, encoding, view },
                    Ok(View::Bytes) | Err(_) => View::Bytes,
                };
                return Ok(View::Inside { bytes, encoding, view: Box::new(view) });
            }
            Encoding::Json => json::tree(payload, Limits::VIEW),
            Encoding::MessagePack => message_pack::tree(payload, Limits::VIEW),
            Encoding::Cbor => cbor::tree(payload, Limits::VIEW),
            Encoding::ProtocolBuffers => protocol_buffers::tree(payload, Limits::VIEW),
        };
        match &tree.end {
            End::Fault(fault) if tree.nodes().is_empty() => Err(fault.clone()),
            _ => Ok(View::Tree(tree)),
        }
    }
}

/// Bytes that nobody declared as text are taken for it only without control characters.
fn is_prose(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'))
}

fn is_likely_base64(text: &str, nested: usize) -> bool {
    let text = text.trim_ascii();
    if nested == 0 || text.len() < SHORTEST_BASE64 || !text.len().is_multiple_of(4) {
        return false;
    }
    let Ok(bytes) = decode_base64(text.as_bytes()) else { return false };
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    // Words and hexadecimal digits are base64 as well, so the letters or what they decode to have to speak for it.
    let looks_like_it = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    match Encoding::guess(&bytes, false, true, nested - 1) {
        Encoding::Json => true,
        Encoding::Text => std::str::from_utf8(&bytes).is_ok_and(is_prose),
        Encoding::Hexadecimal => looks_like_it && text.len() >= 24,
        _ => looks_like_it,
    }
}

/// The bytes of base64 in either alphabet, with or without padding, with white space at its ends or line ends inside.
fn decode_base64(payload: &[u8]) -> Result<Vec<u8>, Fault> {
    let leading = payload.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let is_digit = |byte: &u8| !matches!(byte, b'\r' | b'\n');
    let text = payload.trim_ascii();
    let digits: Vec<u8> = text.iter().copied().filter(is_digit).collect();
    let place_of = |digit: usize| {
        let place = text.iter().enumerate().filter(|(_, byte)| is_digit(byte)).nth(digit);
        leading + place.map_or(text.len(), |(place, _)| place)
    };
    let url_safe = digits.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if url_safe { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config).decode(&digits).map_err(|error| match error {
        base64::DecodeError::InvalidByte(at, _) => Fault::new(place_of(at), "this byte is no base64 digit"),
        base64::DecodeError::InvalidLastSymbol(at, ..) => {
            Fault::new(place_of(at), "the last base64 digit has bits that belong to nothing")
        }
        base64::DecodeError::InvalidLength(_) => Fault::new(payload.len(), "the base64 text ends inside of a byte"),
        base64::DecodeError::InvalidPadding => Fault::new(payload.len(), "the base64 padding is wrong"),
    })
}
