//! The detail of one frame: its header bit by bit, its payload as sent and unmasked, its findings.

use std::sync::Arc;

use egui::{RichText, ScrollArea, Ui};

use crate::explain::{findings, texts::Texts};
use crate::protocol::close::{CloseCode, ClosePayload};
use crate::protocol::direction::Direction;
use crate::protocol::frame::{FrameHeader, FrameNumber, LengthEncoding};
use crate::protocol::hexadecimal;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, Session};
use crate::ui::action::{Action, Draft, SessionId};
use crate::ui::format;
use crate::ui::theme::{self, Palette, property, section_label};
use crate::ui::widgets::row_list::RowList;
use crate::ui::widgets::{header_diagram, hex_view};

/// How much of a payload the panel shows; the rest is in the saved payload.
const SHOWN: u64 = 1024 * 1024;

/// The ways to look at a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PayloadView {
    Text,
    Json,
    Message,
    Unmasked,
    Wire,
}

/// What was read of the selected frame; read again only when the selection changes or more of it has come.
#[derive(Debug, Clone)]
struct Selected {
    session: SessionId,
    number: FrameNumber,
    received: u64,
    findings_known: usize,
    row: FrameRow,
    header: FrameHeader,
    wire: Vec<u8>,
    payload: Vec<u8>,
    text: Option<Arc<str>>,
    json: Option<Arc<str>>,
    /// The payload of the whole message when this frame is one of several fragments.
    message: Option<Arc<str>>,
    messages_grown: Option<u64>,
    findings: Vec<(crate::protocol::finding::Severity, String, &'static str)>,
}

/// The panel's state.
#[derive(Debug, Clone, Default)]
pub struct FrameDetail {
    selected: Option<Selected>,
    view: Option<PayloadView>,
    list: RowList,
}

impl FrameDetail {
    /// Draws the detail of `number`, or a hint when nothing is selected.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        id: SessionId,
        session: &Session,
        number: Option<FrameNumber>,
        can_answer: bool,
        actions: &mut Vec<Action>,
    ) {
        self.read(id, session, number);
        let palette = Palette::of(ui);
        let Some(selected) = &self.selected else {
            section_label(ui, "FRAME");
            ui.add_space(theme::GROUP_GAP);
            ui.label(
                RichText::new("Select a frame on the timeline or in the table to see its bits and bytes.")
                    .color(palette.weak),
            );
            return;
        };
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(format!("Frame {}", selected.number.0)).heading());
            let opcode = selected.header.opcode;
            ui.label(RichText::new(opcode.to_string()).color(palette.opcode(opcode)).strong());
            let direction = selected.row.direction;
            ui.label(RichText::new(format!("from the {}", direction.sender())).color(palette.direction(direction)));
        });
        if can_answer {
            answer(ui, session, selected, actions);
        }
        let header_height = ui.available_height() * 0.55;
        ScrollArea::vertical().id_salt("header").max_height(header_height).show(ui, |ui| {
            header_diagram::show(ui, &selected.header);
            ui.add_space(theme::GAP);
            field_list(ui, session, selected);
            finding_list(ui, selected);
        });
        ui.separator();
        self.payload(ui, actions);
    }

    fn read(&mut self, id: SessionId, session: &Session, number: Option<FrameNumber>) {
        let Some((number, row)) = number.and_then(|number| Some((number, *session.frame(number)?))) else {
            self.selected = None;
            return;
        };
        let received = session.received_payload(&row);
        let known = session.findings.len();
        let grown = row.message_index().and_then(|index| session.messages.get(index)).map(|message| message.fragments);
        let read_findings = || -> Vec<_> {
            session
                .findings_of(number)
                .map(|finding| {
                    (finding.rule.severity(), findings::sentence(finding, Texts::english()), finding.rule.section())
                })
                .collect()
        };
        if let Some(selected) = &mut self.selected
            && selected.session == id
            && selected.number == number
            && selected.messages_grown == grown
            && (selected.received == received || selected.payload.len() as u64 == SHOWN)
        {
            if selected.findings_known != known {
                selected.findings_known = known;
                selected.findings = read_findings();
            }
            return;
        }
        let Some(header) = session.header(&row) else { return };
        let same_frame = self.selected.as_ref().is_some_and(|old| old.session == id && old.number == number);
        let payload = session.payload(&row, SHOWN);
        let text: Option<Arc<str>> = match row.opcode() {
            Opcode::Close => payload.get(2..).map(|reason| String::from_utf8_lossy(reason).into()),
            _ => readable(&payload).map(Into::into),
        };
        let json = text.as_deref().and_then(pretty_json);
        let message = row
            .message_index()
            .filter(|index| session.messages.get(*index).is_some_and(|message| message.fragments > 1))
            .map(|index| session.message_payload(index, SHOWN))
            .map(|payload| match readable(&payload) {
                Some(text) => pretty_json(text).unwrap_or_else(|| text.into()),
                None => hexadecimal::spaced(payload.iter().copied()).into(),
            });
        if !same_frame {
            self.list = RowList::from_the_start();
            self.view = None;
        }
        self.selected = Some(Selected {
            session: id,
            number,
            received,
            findings_known: known,
            row,
            header,
            wire: session.wire_bytes(&row, SHOWN),
            payload,
            text,
            json,
            message,
            messages_grown: grown,
            findings: read_findings(),
        });
    }

    fn payload(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let Some(selected) = &self.selected else { return };
        let palette = Palette::of(ui);
        let mut views = Vec::new();
        if selected.json.is_some() {
            views.push((PayloadView::Json, "JSON"));
        }
        if selected.text.is_some() {
            views.push((PayloadView::Text, if selected.header.opcode == Opcode::Close { "Reason" } else { "Text" }));
        }
        if selected.message.is_some() {
            views.push((PayloadView::Message, "Whole message"));
        }
        views.push((PayloadView::Unmasked, if selected.row.is_masked() { "Unmasked hex" } else { "Payload hex" }));
        views.push((PayloadView::Wire, "Frame as sent"));
        let shows_bytes_first = matches!(selected.header.opcode, Opcode::Close) || selected.payload.is_empty();
        let usual =
            if shows_bytes_first { PayloadView::Wire } else { views.first().map_or(PayloadView::Wire, |view| view.0) };
        let mut view = self.view.filter(|view| views.iter().any(|(offered, _)| offered == view)).unwrap_or(usual);
        ui.horizontal_wrapped(|ui| {
            for (offered, name) in views {
                if ui.selectable_label(view == offered, name).clicked() {
                    view = offered;
                    self.view = Some(offered);
                    self.list = RowList::from_the_start();
                }
            }
        });
        ui.horizontal_wrapped(|ui| {
            if ui.small_button("Copy").on_hover_text("Copy what is shown").clicked() {
                let text = match view {
                    PayloadView::Text => selected.text.as_deref().map(str::to_owned),
                    PayloadView::Json => selected.json.as_deref().map(str::to_owned),
                    PayloadView::Message => selected.message.as_deref().map(str::to_owned),
                    PayloadView::Unmasked => Some(hexadecimal::spaced(selected.payload.iter().copied())),
                    PayloadView::Wire => Some(hexadecimal::spaced(selected.wire.iter().copied())),
                };
                actions.extend(text.map(Action::Copy));
            }
            if ui.small_button("Save payload…").clicked() {
                actions.push(Action::SavePayload(selected.number));
            }
            if selected.row.payload_length > SHOWN {
                let note = format!("first {} of {}", format::bytes(SHOWN), format::bytes(selected.row.payload_length));
                ui.label(RichText::new(note).small().color(palette.weak));
            }
        });
        match view {
            PayloadView::Text => shown_text(ui, selected.text.as_deref().unwrap_or_default()),
            PayloadView::Json => shown_text(ui, selected.json.as_deref().unwrap_or_default()),
            PayloadView::Message => shown_text(ui, selected.message.as_deref().unwrap_or_default()),
            PayloadView::Unmasked => hex_view::show(ui, &mut self.list, &selected.payload, 0),
            PayloadView::Wire => {
                hex_view::show(ui, &mut self.list, &selected.wire, selected.header.header_length());
            }
        }
    }
}

/// What nobody answers by itself in a manual session, a person answers here.
fn answer(ui: &mut Ui, session: &Session, selected: &Selected, actions: &mut Vec<Action>) {
    if selected.row.direction != Direction::ServerToClient || !session.is_complete(&selected.row) {
        return;
    }
    let (opcode, label, hint) = match selected.header.opcode {
        Opcode::Ping => (Opcode::Pong, "Answer this Ping", "Send a Pong with the same payload"),
        Opcode::Close => (Opcode::Close, "Answer this Close", "Send a Close with the same code and reason"),
        _ => return,
    };
    if ui.button(label).on_hover_text(hint).clicked() {
        let payload = selected.payload.clone().into();
        actions.push(Action::Send(Draft::Answer { opcode, payload }));
    }
}

/// Bytes as text when they are UTF-8, apart from a last character that is cut off.
fn readable(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok(),
        Err(_) => None,
    }
}

/// JSON with its indentation made anew and its keys in their order; `None` when the text is no JSON object or array.
fn pretty_json(text: &str) -> Option<Arc<str>> {
    let text = Some(text).filter(|text| text.trim_start().starts_with(['{', '[']))?;
    let value = serde_json::from_str::<serde_json::Value>(text).ok()?;
    serde_json::to_string_pretty(&value).ok().map(Into::into)
}

/// Text of which a part is laid out: all of it when it is short, else its start, since wrapping has a cost for each character.
fn shown_text(ui: &mut Ui, text: &str) {
    const LAID_OUT: usize = 64 * 1024;
    let palette = Palette::of(ui);
    let end = text.char_indices().map(|(place, _)| place).nth(LAID_OUT).unwrap_or(text.len());
    let shown = text.get(..end).unwrap_or(text);
    ScrollArea::vertical().id_salt("text").auto_shrink(false).show(ui, |ui| {
        if shown.is_empty() {
            ui.label(RichText::new("empty").color(palette.weak).italics());
        } else {
            ui.add(egui::Label::new(RichText::new(shown).monospace()).wrap());
        }
        if end < text.len() {
            ui.label(
                RichText::new("Only the start is shown. “Save payload…” saves the whole payload of this frame.")
                    .small()
                    .color(palette.weak),
            );
        }
    });
}

fn field_list(ui: &mut Ui, session: &Session, selected: &Selected) {
    let header = &selected.header;
    let bit = |set: bool| if set { "1" } else { "0" };
    let encoding = match header.length_encoding {
        LengthEncoding::SevenBits => "7-bit form",
        LengthEncoding::SixteenBits => "16-bit form",
        LengthEncoding::SixtyFourBits => "64-bit form",
    };
    let mut fields = vec![
        (
            "FIN",
            format!(
                "{} · {}",
                bit(header.fin),
                if header.fin { "last fragment of its message" } else { "more fragments follow" }
            ),
        ),
        ("RSV1 RSV2 RSV3", format!("{} {} {}", bit(header.rsv1), bit(header.rsv2), bit(header.rsv3))),
        ("Opcode", format!("0x{:X} · {}", header.opcode.bits(), header.opcode)),
        (
            "MASK",
            match header.masking_key {
                Some(key) => format!("1 · key {key}"),
                None => "0 · payload is sent as it is".into(),
            },
        ),
        ("Payload length", format!("{} · {encoding}", format::bytes(header.payload_length))),
        ("Time", format!("{} s", selected.row.at)),
    ];
    if let Some(completed) = session.completed_at(&selected.row)
        && completed > selected.row.at
    {
        fields.push(("Arrived over", format::duration(completed.since(selected.row.at))));
    }
    if !session.is_complete(&selected.row) {
        fields.push(("Received so far", format::bytes(session.received_payload(&selected.row))));
    }
    if header.opcode == Opcode::Close {
        let meaning = match ClosePayload::parse(&selected.payload) {
            ClosePayload::Empty => "none: length 0 leaves no room for a code".into(),
            ClosePayload::OneByte(byte) => format!("none: one byte, {byte:02x}, is half a code"),
            ClosePayload::Status { code, .. } => format!("{code} · {}", code_name(code)),
        };
        fields.push(("Close code", meaning));
    }
    if let Some(index) = selected.row.message_index()
        && let Some(message) = session.messages.get(index)
        && message.fragments > 1
    {
        let text = format!("{} fragments, {} so far", message.fragments, format::bytes(message.payload_length));
        fields.push(("Message", text));
    }
    ui.spacing_mut().item_spacing.y = 3.0;
    for (name, value) in fields {
        property(ui, name, value);
    }
}

fn code_name(code: CloseCode) -> &'static str {
    code.name().unwrap_or("not registered")
}

fn finding_list(ui: &mut Ui, selected: &Selected) {
    let palette = Palette::of(ui);
    for (severity, sentence, section) in &selected.findings {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(severity.name().to_uppercase()).small().strong().color(palette.severity(*severity)));
            ui.label(sentence);
            ui.label(RichText::new(*section).small().color(palette.weak));
        });
    }
}
