//! How the messages of a session are read: by the subprotocol that they show, or by one that a person chose.

use egui::Ui;

use crate::content::preview::{LOOKED_AT, Previewed};
use crate::content::subprotocol::{SUMMARISED, Subprotocol};
use crate::session::{FrameRow, Session};
use crate::ui::theme::section_label;

/// What a person chose for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// What the session shows.
    #[default]
    Automatic,
    /// This one, or none.
    Forced(Option<Subprotocol>),
}

impl Reading {
    /// The subprotocol that messages are read by; the handshake and the first few messages are looked at.
    pub fn subprotocol(self, session: &Session) -> Option<Subprotocol> {
        match self {
            Reading::Forced(forced) => forced,
            Reading::Automatic => Subprotocol::of_session(&session.handshake, session.origin.url.as_deref(), |place| {
                let message = session.messages.get(place)?;
                // A message in many fragments is recognised by a later one, if at all; looking for its parts could take long.
                let row = session.frame(message.first_frame)?;
                Some((message.direction, message.kind, session.payload(row, SUMMARISED as u64)))
            }),
        }
    }

    /// Offers what can be chosen.
    pub(crate) fn menu(&mut self, ui: &mut Ui, session: &Session) {
        section_label(ui, "SUBPROTOCOL");
        let automatic = match Reading::Automatic.subprotocol(session) {
            Some(subprotocol) => format!("Automatic: {}", subprotocol.title()),
            None => "Automatic: none".into(),
        };
        ui.selectable_value(self, Reading::Automatic, automatic);
        for subprotocol in Subprotocol::ALL {
            ui.selectable_value(self, Reading::Forced(Some(subprotocol)), subprotocol.title());
        }
        ui.selectable_value(self, Reading::Forced(None), "No subprotocol");
    }
}

/// A frame's payload on one line.
pub fn preview(session: &Session, row: &FrameRow, subprotocol: Option<Subprotocol>) -> String {
    previewed(session, row, &session.payload(row, LOOKED_AT)).line(subprotocol)
}

/// A frame as a preview sees it, with the start of its payload.
pub(crate) fn previewed<'payload>(session: &Session, row: &FrameRow, payload: &'payload [u8]) -> Previewed<'payload> {
    Previewed {
        direction: row.direction,
        opcode: row.opcode(),
        is_extended: row.reserved_bits().contains(&true),
        is_message: row.fin(),
        payload,
        length: row.payload_length,
        received: session.received_payload(row),
    }
}
