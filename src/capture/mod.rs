//! Everything that touches a socket: dialling, the client's worker with its tap, and the lab's server.
//!
//! ```text
//! Command ─(crossbeam channel + waker)─► worker thread: poll ─► tungstenite ─► Tap ─► TLS or TCP
//!                                                                              │ every byte, both ways, with its moment
//!                                                                              └─► session::Publisher
//! ```

pub mod command;
pub mod lab;
pub mod options;
