//! The window: one file a panel. Panels read sessions and return actions; none opens a socket or a file, or reads the protocol.

pub mod action;
pub mod panels;
pub mod raw_form;
pub mod reading;
pub mod theme;
pub mod time_axis;
pub mod time_view;
pub mod widgets;

pub use crate::reading::quantity as format;
