//! Parts that several panels draw with.

pub mod bar_plot;
pub mod close_bytes;
pub(crate) mod density;
pub mod figure_table;
pub mod header_diagram;
pub mod hex_view;
pub(crate) mod minimap;
pub mod payload_view;
pub mod row_list;
pub mod series_plot;
pub mod suggestion_list;
pub mod timeline_canvas;
pub mod tree_view;

/// Gives a control the name that a screen reader says, where what is painted does not say it.
pub fn name(ui: &egui::Ui, response: &egui::Response, name: impl Into<String>) {
    let name = name.into();
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
}
