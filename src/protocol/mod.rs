//! The WebSocket protocol without input or output: bytes and moments in, facts out; no socket, no file, no clock.
//!
//! ```text
//! bytes ─► Dissector ─┬─ handshake   request and response heads, checked against each other
//!  (direction, moment)├─ decoder     frame headers and payload parts, one decoder a direction
//!                     ├─ message     fragments joined, text checked as UTF-8
//!                     ├─ finding     every rule that the bytes break, with its section
//!                     └─ verdict     who closed, with which bytes, and what each side reports
//! ```
//!
//! The dissector observes and never enforces: it goes on after every violation for as long as frame boundaries are known.

pub mod certificate;
pub mod close;
pub mod decoder;
pub mod deflater;
pub mod direction;
pub mod dissector;
pub mod finding;
pub mod frame;
pub mod frame_draft;
pub mod gap;
pub mod handshake;
pub mod hexadecimal;
pub mod http;
pub mod inflater;
pub mod masking;
pub mod message;
pub mod moment;
pub mod opcode;
pub mod permessage_deflate;
pub mod rehearsal;
pub mod secret;
pub mod utf8;
pub mod verdict;
