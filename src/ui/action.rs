//! What a person asked for in the window; the application carries it out after the panels are drawn.

use std::path::PathBuf;

use bytes::Bytes;

use crate::protocol::frame::FrameNumber;
use crate::protocol::inflater;
use crate::protocol::masking::MaskingKey;
use crate::protocol::opcode::Opcode;
use crate::protocol::permessage_deflate::{self, Offer};
use crate::reading::copied::CopyForm;

use super::raw_form::{PlannedStep, RawForm, Template};

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

/// The ways to a server that the connection form offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RouteKind {
    /// As the environment says.
    #[default]
    Environment,
    /// Directly.
    Direct,
    /// Through a proxy.
    Proxy,
    /// Through a Unix-domain socket.
    UnixSocket,
}

/// The fields of the connection form that hold the path of a PEM file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemField {
    /// The extra authority.
    Authority,
    /// The client's certificate.
    ClientCertificate,
    /// Its key.
    ClientKey,
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
    /// Path of a PEM file with the client's certificate.
    pub client_certificate: String,
    /// Path of a PEM file with its key.
    pub client_key: String,
    /// The name to ask for and to verify.
    pub server_name: String,
    /// The way to the server.
    pub route: RouteKind,
    /// The proxy's URL.
    pub proxy: String,
    /// The path of a Unix-domain socket.
    pub unix_socket: String,
    /// The host to connect to instead of the URL's.
    pub connect_to: String,
    /// The `Host` header.
    pub host: String,
    /// Cookies, `NAME=VALUE` separated by semicolons.
    pub cookies: String,
    /// How many redirections are followed.
    pub redirections: u8,
    /// Answer nothing by itself.
    pub is_manual: bool,
    /// How messages are compressed.
    pub compression: CompressionForm,
}

/// What is offered to compress messages, and what is made of compressed ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompressionForm {
    /// Whether permessage-deflate is offered at all.
    pub is_offered: bool,
    /// With which parameters.
    pub offer: Offer,
    /// Messages of fewer bytes are sent without compression.
    pub compress_from: u64,
    /// How many bytes a compressed message may inflate to, in sessions and in logs that are opened.
    pub inflation_limit: u64,
}

impl Default for CompressionForm {
    fn default() -> Self {
        CompressionForm {
            is_offered: true,
            offer: Offer::USUAL,
            compress_from: permessage_deflate::USUAL_COMPRESS_FROM,
            inflation_limit: inflater::DEFAULT_LIMIT,
        }
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
    /// A FIN: this side's half of the connection ends.
    EndOutput,
    /// A frame that answers one of the server's, with the same payload.
    Answer {
        /// What it answers with.
        opcode: Opcode,
        /// The payload.
        payload: Bytes,
    },
    /// A frame or bytes of the raw composer.
    Raw {
        /// What was composed.
        form: RawForm,
        /// The random masking keys that were shown.
        keys: Vec<MaskingKey>,
    },
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

/// Which frames of a session are to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SavedPart {
    /// All of them.
    #[default]
    Everything,
    /// Those of the selected stretch.
    Stretch,
    /// Those that match the filter.
    Filtered,
}

/// How a session is to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SaveChoice {
    /// The ending of the file's name; `None` for the native log.
    pub ending: Option<&'static str>,
    /// Which frames.
    pub part: SavedPart,
}

/// A kind of file that sessions can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedForm {
    /// The ending of its files' names.
    pub ending: &'static str,
    /// What it is called, and for what it is good.
    pub title: &'static str,
}

/// The forms in which statistics are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureForm {
    /// The tables for reading in a terminal.
    Text,
    /// The tables in Markdown.
    Markdown,
    /// A figure a row.
    Csv,
}

/// Something to do with journals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalAction {
    /// Show the page with all of them, as they are now.
    Show,
    /// Open this one.
    Open(PathBuf),
    /// Delete this one.
    Delete(PathBuf),
    /// Keep up to so many bytes of them.
    Limit(u64),
    /// Open those that were not ended.
    Recover,
    /// Offer them no more.
    DismissOffer,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Connect as the form says.
    Connect(Box<ConnectionForm>),
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
    /// Choose a file as the payload of the raw composer's frame.
    ChoosePayloadFile,
    /// Keep a template.
    KeepTemplate(Template),
    /// Delete the template of this name.
    DeleteTemplate(String),
    /// Change the planned sequence.
    PlanSequence(Vec<PlannedStep>),
    /// Carry out the planned sequence in the shown session.
    RunSequence,
    /// Leave out the rest of the running sequence.
    StopSequence,
    /// Show this session.
    Show(SessionId),
    /// Show two sessions beside each other.
    Compare(SessionId, SessionId),
    /// Take this session off the list.
    Remove(SessionId),
    /// Choose a log and open it.
    Open,
    /// Choose where to save the shown session.
    Save(SaveChoice),
    /// Choose where to save the payload of this frame.
    SavePayload(FrameNumber),
    /// Choose a PEM file for this field of the connection form.
    ChoosePem(PemField),
    /// Give up the running file work.
    CancelFileWork,
    /// Use this theme.
    UseTheme(ThemeChoice),
    /// Keep a filter among those that were used.
    RememberFilter(String),
    /// Forget the filters that were used.
    ForgetFilters,
    /// Stop the search of the shown session.
    StopSearch,
    /// Forget the typed addresses.
    ForgetHistory,
    /// Do something with journals.
    Journal(JournalAction),
    /// Show the welcome page.
    Welcome,
    /// Put this text on the clipboard.
    Copy(String),
    /// Put the statistics that are shown on the clipboard in this form.
    CopyFigures(FigureForm),
    /// Put a frame of the shown session on the clipboard in this form.
    CopyFrame(FrameNumber, CopyForm),
}
