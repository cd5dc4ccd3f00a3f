//! The protocol room against RFC 6455: bytes in, facts out.

mod close;
mod close_codes;
mod drafts;
mod frames;
mod handshake;
mod messages;
mod rehearsals;
mod transcript;
mod utf8;
