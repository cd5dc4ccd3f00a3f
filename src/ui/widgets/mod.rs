//! Parts that several panels draw with.

pub mod header_diagram;
pub mod hex_view;
pub mod row_list;
