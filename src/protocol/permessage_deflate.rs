//! permessage-deflate as it is negotiated (RFC 7692 section 7.1): offers, answers, and what was agreed; compressing itself lives elsewhere.

use std::fmt::Write as _;

use super::direction::PerDirection;

/// The name of the extension in `Sec-WebSocket-Extensions`.
pub const NAME: &str = "permessage-deflate";

/// From how many bytes on messages are compressed unless another number is set: shorter ones gain little, and stay readable on the wire.
pub const USUAL_COMPRESS_FROM: u64 = 128;

const SERVER_NO_CONTEXT_TAKEOVER: &str = "server_no_context_takeover";
const CLIENT_NO_CONTEXT_TAKEOVER: &str = "client_no_context_takeover";
const SERVER_MAX_WINDOW_BITS: &str = "server_max_window_bits";
const CLIENT_MAX_WINDOW_BITS: &str = "client_max_window_bits";

/// The base-2 logarithm of an LZ77 window's size in bytes: 8 to 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WindowBits(u8);

impl WindowBits {
    /// 32 KiB, the window when nothing is agreed.
    pub const LARGEST: WindowBits = WindowBits(15);

    /// `None` outside 8 to 15.
    pub fn new(bits: u8) -> Option<WindowBits> {
        (8..=15).contains(&bits).then_some(WindowBits(bits))
    }

    /// The number of bits.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The window's size in bytes.
    pub fn size(self) -> usize {
        1 << self.0
    }

    /// As a parameter writes it: one or two digits without a leading zero (RFC 7692 7.1.2.1).
    fn parse(text: &str) -> Option<WindowBits> {
        match text.as_bytes() {
            [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'] => WindowBits::new(text.parse().ok()?),
            _ => None,
        }
    }
}

/// How one side compresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SideCompression {
    /// Whether a message may refer to the bytes of those before it.
    pub takes_over_context: bool,
    /// How far back it may refer.
    pub window_bits: WindowBits,
}

impl Default for SideCompression {
    fn default() -> Self {
        SideCompression { takes_over_context: true, window_bits: WindowBits::LARGEST }
    }
}

/// What client and server agreed on.
pub type Compression = PerDirection<SideCompression>;

/// The largest window that a client would use for its own messages, as its offer may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientWindow {
    /// The server must not name one.
    #[default]
    NotOffered,
    /// The server may name any.
    Any,
    /// The server may name any, and needs no larger one than this.
    UpTo(WindowBits),
}

/// One offer of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offer {
    /// The server is asked to compress each message by itself.
    pub server_no_context_takeover: bool,
    /// The client announces that it compresses each message by itself.
    pub client_no_context_takeover: bool,
    /// The server is asked for a window of at most this size.
    pub server_max_window_bits: Option<WindowBits>,
    /// What the server may ask of the client's window.
    pub client_max_window_bits: ClientWindow,
}

/// A server's answer to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answer {
    /// The server compresses each message by itself.
    pub server_no_context_takeover: bool,
    /// The client has to compress each message by itself.
    pub client_no_context_takeover: bool,
    /// The server's window.
    pub server_max_window_bits: Option<WindowBits>,
    /// The largest window that the client may use.
    pub client_max_window_bits: Option<WindowBits>,
}

/// What is wrong with the parameters of an offer or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// A name that RFC 7692 does not define.
    #[error("permessage-deflate has no such parameter")]
    Unknown,
    /// The same name twice.
    #[error("a parameter of permessage-deflate stands there twice")]
    Repeated,
    /// A value where none may be, none where one must be, or one that is not 8 to 15.
    #[error("a parameter of permessage-deflate has a value that it cannot have")]
    Value,
}

/// The parameters as they are written, before they mean anything.
#[derive(Default)]
struct Parameters<'text> {
    server_no_context_takeover: Option<Option<&'text str>>,
    client_no_context_takeover: Option<Option<&'text str>>,
    server_max_window_bits: Option<Option<&'text str>>,
    client_max_window_bits: Option<Option<&'text str>>,
}

impl<'text> Parameters<'text> {
    fn read(element: &'text str) -> Result<Parameters<'text>, ParameterError> {
        let mut parameters = Parameters::default();
        for parameter in element.split(';').skip(1) {
            let (name, value) = match parameter.split_once('=') {
                Some((name, value)) => (name.trim(), Some(unquoted(value.trim()))),
                None => (parameter.trim(), None),
            };
            let slot = match name {
                SERVER_NO_CONTEXT_TAKEOVER => &mut parameters.server_no_context_takeover,
                CLIENT_NO_CONTEXT_TAKEOVER => &mut parameters.client_no_context_takeover,
                SERVER_MAX_WINDOW_BITS => &mut parameters.server_max_window_bits,
                CLIENT_MAX_WINDOW_BITS => &mut parameters.client_max_window_bits,
                _ => return Err(ParameterError::Unknown),
            };
            if slot.replace(value).is_some() {
                return Err(ParameterError::Repeated);
            }
        }
        Ok(parameters)
    }
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

fn flag(written: Option<Option<&str>>) -> Result<bool, ParameterError> {
    match written {
        Some(Some(_)) => Err(ParameterError::Value),
        other => Ok(other.is_some()),
    }
}

fn window(value: &str) -> Result<WindowBits, ParameterError> {
    WindowBits::parse(value).ok_or(ParameterError::Value)
}

fn required_window(written: Option<Option<&str>>) -> Result<Option<WindowBits>, ParameterError> {
    match written {
        None => Ok(None),
        Some(None) => Err(ParameterError::Value),
        Some(Some(value)) => window(value).map(Some),
    }
}

impl Offer {
    /// What is offered unless something else is asked for: the server may choose the client's window, as browsers let it.
    pub const USUAL: Offer = Offer {
        server_no_context_takeover: false,
        client_no_context_takeover: false,
        server_max_window_bits: None,
        client_max_window_bits: ClientWindow::Any,
    };

    /// An offer with these parameters, as they stand behind the name: separated by semicolons, or empty.
    ///
    /// # Errors
    /// A parameter that a server must decline (RFC 7692 7.1).
    pub fn with_parameters(parameters: &str) -> Result<Offer, ParameterError> {
        match parameters.trim() {
            "" => Ok(Offer::default()),
            parameters => Offer::parse(&format!("{NAME}; {parameters}")),
        }
    }

    /// Reads one element of the client's `Sec-WebSocket-Extensions`, its name included.
    ///
    /// # Errors
    /// A parameter that a server must decline (RFC 7692 7.1).
    pub fn parse(element: &str) -> Result<Offer, ParameterError> {
        let parameters = Parameters::read(element)?;
        Ok(Offer {
            server_no_context_takeover: flag(parameters.server_no_context_takeover)?,
            client_no_context_takeover: flag(parameters.client_no_context_takeover)?,
            server_max_window_bits: required_window(parameters.server_max_window_bits)?,
            client_max_window_bits: match parameters.client_max_window_bits {
                None => ClientWindow::NotOffered,
                Some(None) => ClientWindow::Any,
                Some(Some(value)) => ClientWindow::UpTo(window(value)?),
            },
        })
    }

    /// The answer of a server that takes whatever it is asked for.
    pub fn accept(&self) -> Answer {
        Answer {
            server_no_context_takeover: self.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover,
            server_max_window_bits: self.server_max_window_bits,
            client_max_window_bits: match self.client_max_window_bits {
                ClientWindow::UpTo(bits) => Some(bits),
                ClientWindow::NotOffered | ClientWindow::Any => None,
            },
        }
    }

    /// How the client compresses when this offer was accepted and the answer demands `agreed`: within both.
    pub fn announced(&self, agreed: SideCompression) -> SideCompression {
        let window_bits = match self.client_max_window_bits {
            ClientWindow::UpTo(bits) => bits.min(agreed.window_bits),
            ClientWindow::NotOffered | ClientWindow::Any => agreed.window_bits,
        };
        let takes_over_context = agreed.takes_over_context && !self.client_no_context_takeover;
        SideCompression { takes_over_context, window_bits }
    }

    /// Whether a server may give this answer to the offer (RFC 7692 7.1.1 and 7.1.2).
    pub fn allows(&self, answer: &Answer) -> bool {
        let server_window_fits = match (self.server_max_window_bits, answer.server_max_window_bits) {
            (Some(offered), Some(answered)) => answered <= offered,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let client_window_fits =
            answer.client_max_window_bits.is_none() || self.client_max_window_bits != ClientWindow::NotOffered;
        server_window_fits
            && client_window_fits
            && (answer.server_no_context_takeover || !self.server_no_context_takeover)
    }
}

impl Answer {
    /// Reads one element of the server's `Sec-WebSocket-Extensions`, its name included.
    ///
    /// # Errors
    /// A parameter with which a client must fail the connection (RFC 7692 7.1).
    pub fn parse(element: &str) -> Result<Answer, ParameterError> {
        let parameters = Parameters::read(element)?;
        Ok(Answer {
            server_no_context_takeover: flag(parameters.server_no_context_takeover)?,
            client_no_context_takeover: flag(parameters.client_no_context_takeover)?,
            server_max_window_bits: required_window(parameters.server_max_window_bits)?,
            client_max_window_bits: required_window(parameters.client_max_window_bits)?,
        })
    }

    /// How each side has to compress after this answer to `offer`.
    ///
    /// A client that announced that it takes no context over, or a window of its own, keeps to that also when the answer is silent;
    /// what it may do is all that a reader can rely on, so this is what the answer alone demands.
    pub fn compression(&self) -> Compression {
        PerDirection {
            client_to_server: SideCompression {
                takes_over_context: !self.client_no_context_takeover,
                window_bits: self.client_max_window_bits.unwrap_or(WindowBits::LARGEST),
            },
            server_to_client: SideCompression {
                takes_over_context: !self.server_no_context_takeover,
                window_bits: self.server_max_window_bits.unwrap_or(WindowBits::LARGEST),
            },
        }
    }
}

/// As an element of `Sec-WebSocket-Extensions`.
impl std::fmt::Display for Offer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let client_window = match self.client_max_window_bits {
            ClientWindow::NotOffered => None,
            ClientWindow::Any => Some(None),
            ClientWindow::UpTo(bits) => Some(Some(bits)),
        };
        formatter.write_str(&element(
            self.server_no_context_takeover,
            self.client_no_context_takeover,
            self.server_max_window_bits,
            client_window,
        ))
    }
}

/// As an element of `Sec-WebSocket-Extensions`.
impl std::fmt::Display for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&element(
            self.server_no_context_takeover,
            self.client_no_context_takeover,
            self.server_max_window_bits,
            self.client_max_window_bits.map(Some),
        ))
    }
}

fn element(
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_window: Option<WindowBits>,
    client_window: Option<Option<WindowBits>>,
) -> String {
    let mut element = NAME.to_owned();
    if server_no_context_takeover {
        element.extend(["; ", SERVER_NO_CONTEXT_TAKEOVER]);
    }
    if client_no_context_takeover {
        element.extend(["; ", CLIENT_NO_CONTEXT_TAKEOVER]);
    }
    // Writing to a string does not fail.
    if let Some(bits) = server_window {
        let _ = write!(element, "; {SERVER_MAX_WINDOW_BITS}={}", bits.bits());
    }
    match client_window {
        Some(Some(bits)) => {
            let _ = write!(element, "; {CLIENT_MAX_WINDOW_BITS}={}", bits.bits());
        }
        Some(None) => element.extend(["; ", CLIENT_MAX_WINDOW_BITS]),
        None => {}
    }
    element
}
