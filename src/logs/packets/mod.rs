//! Captures: a session as a pcapng file that Wireshark dissects without options, and the reading of it and of the pcapng and pcap
//! files of others.
//!
//! ```text
//! write:  Event ─► conversation (made-up IP and TCP headers) ─► blocks ─► file
//! read:   file ─► blocks ─► packet (link, IP and TCP headers) ─► flow (each direction's stream in order) ─┬─► own:     every part
//!                                                                                                        └─► foreign: every
//!                                                                                                            WebSocket flow
//! ```
//!
//! What no packet can hold, other events and what a person said, are comments: `closelook: ` and the entry's line of the JSON Lines format.
//! A bookmark is on the packet that brings its frame's first byte, and its note is a comment by itself too, for the eyes of Wireshark.

mod blocks;
mod boundary;
mod captured_head;
mod comments;
mod conversation;
mod flow;
mod foreign;
mod midway;
mod own;
mod packet;
mod pcap;
mod reader;
mod recorded;
mod resume;
mod stream;
mod writer;

pub(super) use pcap::is_pcap;
pub(super) use reader::read;
pub(in crate::logs) use writer::CaptureWriter;
pub(super) use writer::write;
