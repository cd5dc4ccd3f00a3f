//! Everything that touches a socket: dialling, the client's worker with its tap, and the lab's server.
//!
//! ```text
//! Command ─(crossbeam channel + waker)─► worker thread: poll ─► tungstenite ─► PlainFrames ─► Tap ─► TLS or TCP
//!                                                                              (inflates,      │ every byte, both ways, with its moment
//!                                                                               compresses)    └─► session::Publisher
//! ```

pub mod client;
pub mod clock;
pub mod command;
mod conversation;
mod dial;
mod failure;
pub mod lab;
pub mod message_file;
pub mod options;
mod plain_frames;
mod reactor;
pub mod recording;
pub mod request;
mod resolve;
pub mod tap;
pub mod target;
mod tls;
mod transport;

pub use client::{Client, ClientEnded};
pub use conversation::LARGEST_MESSAGE;
pub use dial::CONNECT_LIMIT;
