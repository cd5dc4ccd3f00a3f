//! Everything that touches a socket: dialling, the client's worker with its tap, and the lab's server.
//!
//! ```text
//! Command ─(crossbeam channel + waker)─► worker thread: poll ─► tungstenite ─► Tap ─► TLS or TCP
//!                                                                              │ every byte, both ways, with its moment
//!                                                                              └─► session::Publisher
//! ```

pub mod client;
pub mod clock;
pub mod command;
mod conversation;
mod cookie;
mod dial;
pub mod endpoint;
mod failure;
mod happy_eyeballs;
pub mod lab;
pub mod message_file;
pub mod options;
pub mod proxy;
mod reactor;
pub mod recording;
mod redirection;
pub mod request;
mod resolve;
pub mod tap;
pub mod target;
mod tls;
mod transport;

pub use client::{Client, ClientEnded};
pub use conversation::LARGEST_MESSAGE;
pub use dial::CONNECT_LIMIT;
