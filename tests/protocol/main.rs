//! The protocol room against RFC 6455: bytes in, facts out.

mod certificate;
mod close;
mod close_codes;
mod compression;
mod drafts;
mod frames;
mod gaps;
mod handshake;
mod messages;
mod rehearsals;
mod transcript;
mod utf8;
