//! The lab: a WebSocket server on this machine with a scenario behind each path, so that every ending can be seen without another server.
//!
//! ```text
//! server ──accept──► connection ──► index page, 404, 426, 400, 503        (response, page)
//!   (one thread)      (one thread each)
//!                        └─101──► behaviour ──► endpoint ──► receiver: frames to messages, or the rule that they break
//! ```
//!
//! It writes its frames by itself and not through a library, because a lab must also be able to send what is not allowed.

mod behaviour;
mod connection;
mod connections;
mod endpoint;
pub mod limits;
mod page;
mod receiver;
mod response;
pub mod scenario;
pub mod server;
mod upgrade;

pub use limits::Limits;
pub use scenario::Scenario;
pub use server::Lab;
