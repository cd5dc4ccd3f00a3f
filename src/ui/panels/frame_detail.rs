//! The detail of one frame: its header bit by bit, its payload as sent and unmasked, its findings.

use egui::containers::menu::MenuButton;
use egui::{RichText, ScrollArea, Ui};

use crate::content::encoding::Encoding;
use crate::content::one_line::readable;
use crate::explain::{findings, texts::Texts};
use crate::protocol::close::{CloseCode, ClosePayload};
use crate::protocol::direction::Direction;
use crate::protocol::frame::{FrameHeader, FrameNumber, LengthEncoding};
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::opcode::Opcode;
use crate::reading::copied::CopyForm;
use crate::reading::{Previewer, Reading};
use crate::search::Regex;
use crate::session::{Filled, FrameRow, Session};
use crate::ui::action::{Action, Draft, SessionId};
use crate::ui::format;
use crate::ui::reading;
use crate::ui::theme::{self, Palette, property, section_label};
use crate::ui::widgets::payload_view::PayloadView;
use crate::ui::widgets::row_list::RowList;
use crate::ui::widgets::{header_diagram, hex_view, name};

/// How much of a payload the panel shows; the rest is in the saved payload.
const SHOWN: u64 = 1024 * 1024;

/// The ways to look at a frame's payload, and at the payload of its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// The payload through an encoding; of a fragment that of the whole message.
    Content(Encoding),
    /// JSON laid out anew.
    Pretty,
    /// The bytes of the frame's payload.
    Unmasked,
    /// The bytes of the frame.
    Wire,
}

/// How much of a frame and of its message had come; what is beyond [`SHOWN`] makes no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Progress {
    received: u64,
    message: Option<(u64, bool, bool)>,
}

/// What was read of the selected frame; read again only when the selection changes or more of it has come.
#[derive(Debug, Clone)]
struct Selected {
    session: SessionId,
    number: FrameNumber,
    progress: Progress,
    findings_known: usize,
    row: FrameRow,
    header: FrameHeader,
    wire: Filled,
    unmasked: Filled,
    /// How many bytes of the payload were not recorded.
    missing: u64,
    /// What the application sent in the whole message, when this frame is one of several fragments or the message is compressed.
    message: Option<Vec<u8>>,
    /// The best guess at what the payload is.
    detected: Encoding,
    is_text: bool,
    findings: Vec<(crate::protocol::finding::Severity, String, &'static str)>,
}

impl Selected {
    /// The payload, up to the first byte that was not recorded.
    fn payload(&self) -> &[u8] {
        let end = self.unmasked.missing.first().map_or(self.unmasked.bytes.len(), |missing| missing.start);
        self.unmasked.bytes.get(..end).unwrap_or_default()
    }

    /// What the encodings are of: the message's payload, without the code of a Close frame.
    fn content(&self) -> &[u8] {
        match (&self.message, self.header.opcode) {
            (Some(message), _) => message,
            (None, Opcode::Close) => self.payload().get(2..).unwrap_or_default(),
            (None, _) => self.payload(),
        }
    }
}

/// The panel's state.
#[derive(Debug, Default)]
pub struct FrameDetail {
    selected: Option<Selected>,
    /// What a person chose for this frame.
    look: Option<Look>,
    /// What a person chose for every message.
    forced: Option<Encoding>,
    list: RowList,
    /// The payload as it is looked at, read when the selection or the look changes.
    view: Option<(Look, PayloadView)>,
    previewer: Previewer,
}

impl FrameDetail {
    /// Draws the detail of `number`, or a hint when nothing is selected; what the needles find in its text is marked.
    #[allow(clippy::too_many_arguments, reason = "each belongs to another owner")]
    pub fn show(
        &mut self,
        ui: &mut Ui,
        id: SessionId,
        session: &Session,
        number: Option<FrameNumber>,
        reading: &mut Reading,
        can_answer: bool,
        needles: &[Regex],
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
        if session.is_reconstructed() {
            let words =
                "The log holds messages only: this header, its mask and the bytes as sent are made up around them.";
            ui.label(RichText::new(words).small().color(palette.weak));
        }
        if can_answer {
            answer(ui, session, selected, actions);
        }
        let header_height = ui.available_height() * 0.55;
        ScrollArea::vertical().id_salt("header").max_height(header_height).show(ui, |ui| {
            header_diagram::show(ui, &selected.header);
            ui.add_space(theme::GAP);
            field_list(ui, session, selected, *reading, &mut self.previewer);
            finding_list(ui, selected);
        });
        ui.separator();
        self.payload(ui, session, reading, needles, actions);
    }

    fn read(&mut self, id: SessionId, session: &Session, number: Option<FrameNumber>) {
        let Some((number, row)) = number.and_then(|number| Some((number, *session.frame(number)?))) else {
            self.selected = None;
            return;
        };
        let known = session.findings.len();
        let message = session.message_of(number);
        let progress = Progress {
            received: session.received_payload(&row).min(SHOWN),
            message: message.map(|message| {
                (message.content_length().min(SHOWN), is_joined(&message), message.completed_at.is_some())
            }),
        };
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
            && selected.progress == progress
        {
            if selected.findings_known != known {
                selected.findings_known = known;
                selected.findings = read_findings();
            }
            return;
        }
        let Some(header) = session.header(&row) else { return };
        let same_frame = self.selected.as_ref().is_some_and(|old| old.session == id && old.number == number);
        let joined = message.filter(is_joined);
        let is_text = message.map_or(row.opcode() != Opcode::Binary, |message| message.kind == MessageKind::Text);
        let mut selected = Selected {
            session: id,
            number,
            progress,
            findings_known: known,
            row,
            header,
            wire: session.filled_wire_bytes(&row, SHOWN),
            unmasked: session.filled_payload(&row, SHOWN),
            missing: session.missing_payload(&row).map(|missing| missing.end - missing.start).sum(),
            message: joined.map(|message| session.message_content(&message, SHOWN)),
            detected: Encoding::Hexadecimal,
            is_text,
            findings: read_findings(),
        };
        let length = message.map_or(row.payload_length, |message| message.content_length());
        let is_whole =
            selected.content().len() as u64 == length && message.is_none_or(|message| message.completed_at.is_some());
        selected.detected = match row.opcode() {
            // A reserved bit means that an extension has changed the payload, unless that was undone.
            _ if row.reserved_bits().contains(&true) && joined.is_none() => Encoding::Hexadecimal,
            Opcode::Close => Encoding::Text,
            _ => Encoding::detect(selected.content(), is_text, is_whole),
        };
        if !same_frame {
            self.list = RowList::from_the_start();
            self.look = None;
        }
        self.view = None;
        self.selected = Some(selected);
    }

    fn payload(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        reading: &mut Reading,
        needles: &[Regex],
        actions: &mut Vec<Action>,
    ) {
        let Some(selected) = &self.selected else { return };
        let palette = Palette::of(ui);
        let forced = self.forced.filter(|_| !selected.header.opcode.is_control()).map(Look::Content);
        let looks = looks(selected, self.look.or(forced));
        let shows_bytes_first = matches!(selected.header.opcode, Opcode::Close) || selected.unmasked.bytes.is_empty();
        let usual = match shows_bytes_first {
            true => Look::Wire,
            false if selected.missing > 0 => Look::Unmasked,
            false => looks.first().map_or(Look::Wire, |look| look.0),
        };
        let mut look = self.look.or(forced).unwrap_or(usual);
        let mut chosen = None;
        ui.horizontal_wrapped(|ui| {
            for (offered, title) in looks {
                if ui.selectable_label(look == offered, title).clicked() {
                    chosen = Some(offered);
                }
            }
        });
        if let Some(chosen) = chosen {
            look = chosen;
            self.look = Some(chosen);
            self.list = RowList::from_the_start();
        }
        let is_current = self.view.as_ref().is_some_and(|(of, _)| *of == look);
        if !is_current {
            self.view = match look {
                Look::Content(encoding) => Some((look, PayloadView::of(selected.content(), encoding))),
                Look::Pretty => Some((look, PayloadView::pretty(selected.content()))),
                Look::Unmasked | Look::Wire => None,
            };
        }
        let mut force = None;
        ui.horizontal_wrapped(|ui| {
            if ui.small_button("Copy").on_hover_text("Copy what is shown").clicked() {
                actions.push(Action::Copy(match (look, &self.view) {
                    (Look::Unmasked, _) => hex_view::spaced(&selected.unmasked.bytes, &selected.unmasked.missing),
                    (Look::Wire, _) => hex_view::spaced(&selected.wire.bytes, &selected.wire.missing),
                    (_, Some((_, view))) => view.text(selected.content()),
                    (_, None) => String::new(),
                }));
            }
            let button = MenuButton::from_button(egui::Button::new("Copy as ▾").small());
            let (response, _) = button.ui(ui, |ui| {
                for form in CopyForm::ALL {
                    if ui.button(form.title()).clicked() {
                        actions.push(Action::CopyFrame(selected.number, form));
                        ui.close();
                    }
                }
            });
            name(ui, &response, "Copy as");
            if ui.small_button("Save payload…").clicked() {
                actions.push(Action::SavePayload(selected.number));
            }
            let button = MenuButton::from_button(egui::Button::new("Read as ▾").small());
            let (response, _) = button.ui(ui, |ui| {
                ui.horizontal_top(|ui| {
                    ui.vertical(|ui| {
                        section_label(ui, "PAYLOAD");
                        let automatic = format!("Automatic: {}", selected.detected.title());
                        if ui.selectable_label(self.forced.is_none(), automatic).clicked() {
                            force = Some(None);
                        }
                        for encoding in Encoding::ALL {
                            if ui.selectable_label(self.forced == Some(encoding), encoding.title()).clicked() {
                                force = Some(Some(encoding));
                            }
                        }
                    });
                    ui.vertical(|ui| reading::menu(ui, reading, session));
                });
            });
            name(ui, &response, "Read as");
            let of_message = matches!(look, Look::Content(_) | Look::Pretty) && selected.message.is_some();
            let message = session.message_of(selected.number).filter(|_| of_message);
            let length = message.map_or(selected.row.payload_length, |message| message.content_length());
            if let Some(message) = message {
                let words =
                    if message.inflated.is_some() { "the whole message, inflated" } else { "the whole message" };
                ui.label(RichText::new(words).small().color(palette.weak));
            }
            if selected.missing > 0 && !matches!(look, Look::Unmasked | Look::Wire) {
                let words = "up to the first byte that was not recorded";
                ui.label(RichText::new(words).small().color(palette.weak));
            }
            if length > SHOWN {
                let note = format!("first {} of {}", format::bytes(SHOWN), format::bytes(length));
                ui.label(RichText::new(note).small().color(palette.weak));
            }
        });
        if let Some(forced) = force {
            (self.forced, self.look, self.view) = (forced, None, None);
            self.list = RowList::from_the_start();
            ui.ctx().request_repaint();
            return;
        }
        match (look, &mut self.view) {
            (Look::Unmasked, _) => {
                let Filled { bytes, missing } = &selected.unmasked;
                hex_view::show(ui, &mut self.list, bytes, missing, 0);
            }
            (Look::Wire, _) => {
                let Filled { bytes, missing } = &selected.wire;
                hex_view::show(ui, &mut self.list, bytes, missing, selected.header.header_length());
            }
            (_, Some((_, view))) => view.show(ui, selected.content(), needles, actions),
            (_, None) => {}
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
        let payload = selected.payload().to_vec().into();
        actions.push(Action::Send(Draft::Answer { opcode, payload }));
    }
}

/// Whether a message is not the payload of its one frame.
fn is_joined(message: &Message) -> bool {
    message.fragments > 1 || message.inflated.is_some()
}

/// The ways to look at this frame that stand in the row: the likely ones, and the chosen one when it is none of them.
fn looks(selected: &Selected, chosen: Option<Look>) -> Vec<(Look, &'static str)> {
    let mut looks = Vec::new();
    if selected.detected == Encoding::Json {
        looks.push((Look::Pretty, "JSON"));
        looks.push((Look::Content(Encoding::Json), "Tree"));
    } else if !matches!(selected.detected, Encoding::Text | Encoding::Hexadecimal) {
        looks.push((Look::Content(selected.detected), selected.detected.title()));
    }
    if selected.header.opcode == Opcode::Close {
        if selected.payload().len() >= 2 {
            looks.push((Look::Content(Encoding::Text), "Reason"));
        }
    } else if readable(selected.content()).is_some() && (selected.is_text || selected.detected == Encoding::Text) {
        looks.push((Look::Content(Encoding::Text), "Text"));
    }
    if let Some(Look::Content(encoding)) = chosen
        && !looks.iter().any(|(look, _)| *look == Look::Content(encoding))
    {
        looks.push((Look::Content(encoding), encoding.title()));
    }
    looks.push((Look::Unmasked, if selected.row.is_masked() { "Unmasked hex" } else { "Payload hex" }));
    looks.push((Look::Wire, "Frame as sent"));
    looks
}

fn field_list(ui: &mut Ui, session: &Session, selected: &Selected, reading: Reading, previewer: &mut Previewer) {
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
    if selected.missing > 0 {
        fields.push(("Not recorded", format!("{} of the payload, hatched below", format::bytes(selected.missing))));
    }
    if header.opcode == Opcode::Close {
        let meaning = match ClosePayload::parse_start(selected.payload(), header.payload_length) {
            ClosePayload::Empty => "none: length 0 leaves no room for a code".into(),
            ClosePayload::OneByte(byte) => format!("none: one byte, {byte:02x}, is half a code"),
            ClosePayload::NotRecorded => "not known: its bytes are not there".into(),
            ClosePayload::Status { code, .. } => format!("{code} · {}", code_name(code)),
        };
        fields.push(("Close code", meaning));
    }
    let message = session.message_of(selected.number);
    if let Some(message) = message.filter(|message| message.fragments > 1) {
        let text = format!("{} fragments, {} so far", message.fragments, format::bytes(message.payload_length));
        fields.push(("Message", text));
    }
    if let Some((message, inflated)) = message.and_then(|message| Some((message, message.inflated?))) {
        let (sent, content) = (message.payload_length, inflated.length);
        let text = format!("{} sent, {} inflated{}", format::bytes(sent), format::bytes(content), ratio(sent, content));
        fields.push(("Compressed", text));
        if let Some(problem) = inflated.problem {
            fields.push(("Not inflated", problem.to_string()));
        }
    }
    if let Some(subprotocol) = reading.subprotocol(session)
        && let Some(summary) = previewer.summary(session, selected.number, &selected.row, Some(subprotocol))
    {
        fields.push(("Subprotocol", format!("{} · {summary}", subprotocol.title())));
    }
    ui.spacing_mut().item_spacing.y = 3.0;
    for (field, value) in fields {
        property(ui, field, value);
    }
}

/// Such as `, 27 %`; nothing when there is nothing to compare.
fn ratio(sent: u64, content: u64) -> String {
    if content == 0 { String::new() } else { format!(", {:.0} %", sent as f64 / content as f64 * 100.0) }
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
