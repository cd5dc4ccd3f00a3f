//! What a person asked for in the window; the application carries it out after the panels are drawn.

use crate::protocol::frame::FrameNumber;

/// A session's place in the window, unique while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// The kinds of credentials that the connection form offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum AuthorizationKind {
    /// No `Authorization` header.
    #[default]
    None,
    /// A user and a password.
    Basic,
    /// A token.
    Bearer,
}

/// The address bar and its options, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionForm {
    /// The URL.
    pub url: String,
    /// Extra headers, one `Name: value` a line.
    pub headers: String,
    /// Subprotocols, separated by commas.
    pub subprotocols: String,
    /// The `Origin` header.
    pub origin: String,
    /// Which credentials are sent.
    pub authorization: AuthorizationKind,
    /// The user for `Basic`.
    pub user: String,
    /// The password for `Basic`.
    pub password: String,
    /// The token for `Bearer`.
    pub token: String,
    /// Path of a PEM file with certificates to trust.
    pub extra_authority: String,
    /// Accept any certificate.
    pub accept_any_certificate: bool,
    /// What is offered to compress messages.
    pub compression: CompressionForm,
}

/// The offer of permessage-deflate, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompressionForm {
    /// Whether it is offered at all.
    pub is_offered: bool,
    /// Its parameters, separated by semicolons.
    pub parameters: String,
}

impl Default for CompressionForm {
    fn default() -> Self {
        CompressionForm { is_offered: true, parameters: "client_max_window_bits".to_owned() }
    }
}

/// What the composer holds, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draft {
    /// A text message.
    Text(String),
    /// A binary message in hexadecimal.
    Hexadecimal(String),
    /// A Ping with this text.
    Ping(String),
    /// A Pong with this text.
    Pong(String),
    /// A Close with a code and a reason.
    Close {
        /// The code.
        code: String,
        /// The reason.
        reason: String,
    },
    /// An empty Close frame.
    EmptyClose,
    /// A reset of the TCP connection.
    Abort,
}

/// Which theme the window uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum ThemeChoice {
    /// The desktop's.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Connect as the form says.
    Connect(ConnectionForm),
    /// Run one of the lab's scenarios, by its path.
    RunScenario(String),
    /// Run the lab's two closing scenarios and show them beside each other.
    RunComparison,
    /// End the shown session: close with 1000, or end the connection at once while it is being made or closed.
    Disconnect,
    /// Send what the composer holds.
    Send(Draft),
    /// Choose a file and send it as one binary message.
    SendFile,
    /// Show this session.
    Show(SessionId),
    /// Show two sessions beside each other.
    Compare(SessionId, SessionId),
    /// Take this session off the list.
    Remove(SessionId),
    /// Choose a log and open it.
    Open,
    /// Choose where to save the shown session.
    Save,
    /// Choose where to save the payload of this frame.
    SavePayload(FrameNumber),
    /// Choose a PEM file for the connection form.
    ChooseAuthority,
    /// Give up the running file work.
    CancelFileWork,
    /// Use this theme.
    UseTheme(ThemeChoice),
    /// Forget the typed addresses.
    ForgetHistory,
    /// Show the welcome page.
    Welcome,
    /// Put this text on the clipboard.
    Copy(String),
}
