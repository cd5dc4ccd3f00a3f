//! The choice of the subprotocol by which the messages of a session are read.

use egui::Ui;

use crate::content::subprotocol::Subprotocol;
use crate::reading::Reading;
use crate::session::Session;
use crate::ui::theme::section_label;

/// Offers what can be chosen.
pub(crate) fn menu(ui: &mut Ui, reading: &mut Reading, session: &Session) {
    section_label(ui, "SUBPROTOCOL");
    let automatic = match Reading::Automatic.subprotocol(session) {
        Some(subprotocol) => format!("Automatic: {}", subprotocol.title()),
        None => "Automatic: none".into(),
    };
    ui.selectable_value(reading, Reading::Automatic, automatic);
    for subprotocol in Subprotocol::ALL {
        ui.selectable_value(reading, Reading::Forced(Some(subprotocol)), subprotocol.title());
    }
    ui.selectable_value(reading, Reading::Forced(None), "No subprotocol");
}
