//! The panels of the window, one file each.

pub mod address_bar;
pub mod certificate_chain;
pub mod comparison;
pub mod composer;
pub mod connection;
mod connection_options;
pub mod explanation;
pub mod filter_bar;
pub mod finding_list;
pub mod frame_detail;
pub mod frame_table;
pub mod journals;
pub mod latency;
pub mod raw_composer;
pub mod session_list;
pub mod statistics;
pub mod stretch_strip;
pub mod timeline;
pub mod welcome;
