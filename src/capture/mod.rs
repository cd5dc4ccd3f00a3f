//! Everything that touches a socket: dialling, the client's worker with its tap, and the lab's server.
//!
//! ```text
//! Command ─(crossbeam channel + waker)─► worker thread: poll ─► endpoint ─► Outlet ─► Tap ─► TLS or TCP
//!                                                                 │                    │ every byte, both ways, with its moment
//!                    compliant: tungstenite answers, behind Sieve ┤                    └─► session::Publisher
//!                                 manual: nobody answers ─────────┘
//!                                 replay: a recorded client's part, over a manual endpoint
//! ```

mod board;
pub mod client;
pub mod clock;
pub mod command;
mod compliant;
mod conversation;
mod cookie;
mod dial;
mod ear;
mod endpoint;
mod failure;
mod happy_eyeballs;
pub mod host_and_port;
pub mod lab;
mod manual;
pub mod masking_keys;
pub mod message_file;
pub mod options;
mod outlet;
mod plain_frames;
pub mod proxy;
mod reactor;
pub mod recording;
mod redirection;
pub mod replay;
pub mod request;
mod resolve;
pub mod sequence;
mod sieve;
pub mod tap;
pub mod target;
mod tls;
mod transport;

pub use client::{Client, ClientEnded};
pub use dial::CONNECT_LIMIT;
pub use endpoint::LARGEST_MESSAGE;
