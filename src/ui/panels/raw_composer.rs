//! The raw composer: a frame field by field, plain bytes, templates of both, and a sequence of templates, with a preview of what they do.

use egui::text::{LayoutJob, TextFormat};
use egui::{ComboBox, DragValue, RichText, TextEdit, TextStyle, Ui};

use crate::protocol::masking::MaskingKey;
use crate::protocol::opcode::Opcode;
use crate::protocol::rehearsal::Situation;
use crate::ui::action::{Action, Draft};
use crate::ui::raw_form::{
    ComposerContext, FrameForm, LengthChoice, MaskingChoice, PayloadChoice, PayloadFile, PlannedStep, Preview, RawForm,
    Template,
};
use crate::ui::theme::{Palette, primary_button};
use crate::ui::widgets::name;

use super::composer::entered;

/// From this width on, in points, all fields of a header fit into one row.
const ONE_ROW: f32 = 1040.0;

/// The longest delay before a step, in milliseconds: an hour.
const LONGEST_DELAY: u64 = 60 * 60 * 1000;

/// What is being composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Tab {
    #[default]
    Frame,
    Bytes,
    Sequence,
}

/// A preview with what it was made of.
#[derive(Debug, Clone)]
struct Previewed {
    form: RawForm,
    situation: Situation,
    preview: Result<Preview, String>,
}

/// The raw composer's state.
#[derive(Debug, Clone, Default)]
pub struct RawComposer {
    tab: Tab,
    frame: FrameForm,
    bytes: String,
    template_name: String,
    /// The random keys that the shown frame has, and that it will have when it is sent.
    keys: Vec<MaskingKey>,
    previewed: Option<Previewed>,
}

impl RawComposer {
    /// Takes new random keys for the next frame, as this one was sent.
    pub fn sent(&mut self) {
        self.keys.clear();
        self.previewed = None;
    }

    /// Uses a file as the payload.
    pub fn use_file(&mut self, file: PayloadFile) {
        self.frame.payload = PayloadChoice::File;
        self.frame.file = Some(file);
    }

    /// Draws the composer below its kinds.
    pub fn show(&mut self, ui: &mut Ui, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
        ui.horizontal_wrapped(|ui| {
            for (tab, label) in [(Tab::Frame, "Build frame"), (Tab::Bytes, "Plain bytes"), (Tab::Sequence, "Sequence")]
            {
                ui.selectable_value(&mut self.tab, tab, label);
            }
            ui.separator();
            self.templates(ui, context, actions);
        });
        match self.tab {
            Tab::Frame => {
                if ui.available_width() >= ONE_ROW {
                    ui.horizontal(|ui| {
                        self.header_fields(ui);
                        ui.separator();
                        self.length_fields(ui);
                    });
                } else {
                    ui.horizontal_wrapped(|ui| self.header_fields(ui));
                    ui.horizontal_wrapped(|ui| self.length_fields(ui));
                }
                self.payload_line(ui, context, actions);
            }
            Tab::Bytes => {
                let is_ready = self.is_ready(context);
                let pressed = line(
                    ui,
                    "Plain bytes in hexadecimal",
                    "81 85 37 fa 21 3d 7f 9f 4d 51 58",
                    is_ready,
                    |ui, width| {
                        ui.add(TextEdit::singleline(&mut self.bytes).desired_width(width).font(TextStyle::Monospace))
                    },
                );
                if pressed {
                    self.send(context, actions);
                }
            }
            Tab::Sequence => return sequence(ui, context, actions),
        }
        let form = self.form();
        let preview = self.preview(context, &form);
        // Of one height whatever it says, so that the controls stay where they are while somebody types.
        let area = egui::ScrollArea::vertical().id_salt("preview").max_height(PREVIEW_HEIGHT).auto_shrink(false);
        area.show(ui, |ui| match preview {
            Ok(preview) => show_preview(ui, preview),
            Err(problem) => drop(ui.label(RichText::new(problem).color(Palette::of(ui).warning))),
        });
    }

    fn form(&self) -> RawForm {
        match self.tab {
            Tab::Bytes => RawForm::Bytes(self.bytes.clone()),
            Tab::Frame | Tab::Sequence => RawForm::Frame(self.frame.clone()),
        }
    }

    fn is_ready(&mut self, context: &ComposerContext<'_>) -> bool {
        let form = self.form();
        self.preview(context, &form).is_ok()
    }

    /// Sends what is composed by now, if it can be.
    fn send(&mut self, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
        let form = self.form();
        if self.preview(context, &form).is_ok() {
            actions.push(Action::Send(Draft::Raw { form, keys: self.keys.clone() }));
        }
    }

    /// The preview, made anew only when something changed that it depends on.
    fn preview(&mut self, context: &ComposerContext<'_>, form: &RawForm) -> &Result<Preview, String> {
        let is_fresh = |previewed: &Previewed| previewed.form == *form && previewed.situation == *context.situation;
        let previewed = self.previewed.take().filter(is_fresh).unwrap_or_else(|| Previewed {
            form: form.clone(),
            situation: context.situation.clone(),
            preview: (context.preview)(form, context.situation, &mut self.keys),
        });
        &self.previewed.insert(previewed).preview
    }

    fn templates(&mut self, ui: &mut Ui, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
        let menu = ui.menu_button("Templates ▾", |ui| {
            if context.templates.is_empty() {
                ui.label("None yet: write a name and press Keep.");
            }
            egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for template in context.templates {
                    ui.horizontal(|ui| {
                        let delete = ui.small_button("×").on_hover_text("Delete this template");
                        name(ui, &delete, format!("Delete template {}", template.name));
                        if delete.clicked() {
                            actions.push(Action::DeleteTemplate(template.name.clone()));
                        }
                        if ui.button(&template.name).on_hover_text("Load this template").clicked() {
                            self.load(template);
                            ui.close();
                        }
                    });
                }
            });
        });
        name(ui, &menu.response, "Templates");
        if self.tab == Tab::Sequence {
            return;
        }
        let field = TextEdit::singleline(&mut self.template_name).desired_width(128.0).hint_text("template name");
        let field = ui.add(field);
        name(ui, &field, "Template name");
        let keep = ui.button("Keep").on_hover_text("Keep what is composed here under this name");
        if keep.clicked() || entered(ui, &field) {
            let template = Template { name: self.template_name.trim().into(), content: self.form() };
            actions.push(Action::KeepTemplate(template));
        }
    }

    fn load(&mut self, template: &Template) {
        self.template_name.clone_from(&template.name);
        match &template.content {
            RawForm::Frame(form) => {
                self.frame = form.clone();
                self.tab = Tab::Frame;
            }
            RawForm::Bytes(bytes) => {
                self.bytes.clone_from(bytes);
                self.tab = Tab::Bytes;
            }
        }
    }

    fn header_fields(&mut self, ui: &mut Ui) {
        let frame = &mut self.frame;
        let label = ui.label("Opcode");
        let choice =
            ComboBox::from_id_salt("opcode").width(124.0).height(400.0).selected_text(opcode_name(frame.opcode));
        let choice = choice.show_ui(ui, |ui| {
            for opcode in 0..16 {
                ui.selectable_value(&mut frame.opcode, opcode, opcode_name(opcode));
            }
        });
        choice.response.labelled_by(label.id);
        ui.checkbox(&mut frame.fin, "FIN");
        for (bit, label) in frame.reserved.iter_mut().zip(["RSV1", "RSV2", "RSV3"]) {
            ui.checkbox(bit, label);
        }
        let label = ui.label("Mask");
        let choices =
            [(MaskingChoice::Off, "off"), (MaskingChoice::Random, "random key"), (MaskingChoice::Given, "this key")];
        choose(ui, "mask", 96.0, &mut frame.masking, &choices, label.id);
        if frame.masking == MaskingChoice::Given {
            let field = TextEdit::singleline(&mut frame.key).desired_width(92.0).font(TextStyle::Monospace);
            let field = ui.add(field);
            name(ui, &field, "Masking key");
        }
    }

    fn length_fields(&mut self, ui: &mut Ui) {
        let frame = &mut self.frame;
        let label = ui.label("Length");
        let choices = [
            (LengthChoice::Shortest, "shortest form"),
            (LengthChoice::SevenBits, "7 bits"),
            (LengthChoice::SixteenBits, "16 bits"),
            (LengthChoice::SixtyFourBits, "64 bits"),
        ];
        choose(ui, "length", 104.0, &mut frame.length, &choices, label.id);
        ui.checkbox(&mut frame.is_length_false, "false").on_hover_text("Write another length than the payload has");
        if frame.is_length_false {
            let field = TextEdit::singleline(&mut frame.false_length).desired_width(92.0).hint_text("bytes");
            let field = ui.add(field);
            name(ui, &field, "False length");
        }
        let label = ui.label("Split into");
        ui.add(DragValue::new(&mut frame.fragments).range(1..=65_536)).labelled_by(label.id);
        ui.label(if frame.fragments == 1 { "frame" } else { "frames" });
    }

    fn payload_line(&mut self, ui: &mut Ui, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
        let is_ready = self.is_ready(context);
        let frame = &mut self.frame;
        let mut pressed = false;
        ui.horizontal(|ui| {
            let label = ui.label("Payload");
            let choices =
                [(PayloadChoice::Text, "text"), (PayloadChoice::Hexadecimal, "hex"), (PayloadChoice::File, "file")];
            choose(ui, "payload", 64.0, &mut frame.payload, &choices, label.id);
            let width = (ui.available_width() - 57.0).max(60.0);
            let field = match frame.payload {
                PayloadChoice::Text => {
                    let field = ui.add(TextEdit::singleline(&mut frame.text).desired_width(width));
                    name(ui, &field, "Payload text");
                    Some(field)
                }
                PayloadChoice::Hexadecimal => {
                    let field = TextEdit::singleline(&mut frame.hexadecimal).font(TextStyle::Monospace);
                    let field = ui.add(field.desired_width(width).hint_text("03 e8"));
                    name(ui, &field, "Payload in hexadecimal");
                    Some(field)
                }
                PayloadChoice::File => {
                    if ui.button("Choose…").clicked() {
                        actions.push(Action::ChoosePayloadFile);
                    }
                    let chosen = frame.file.as_ref().map_or("no file yet", |file| file.name.as_str());
                    ui.add_sized([(width - 78.0).max(40.0), 24.0], egui::Label::new(chosen).truncate());
                    None
                }
            };
            let enter = field.as_ref().is_some_and(|field| entered(ui, field));
            if let Some(field) = field.filter(|_| enter) {
                field.request_focus();
            }
            pressed = ui.add_enabled(is_ready, primary_button(ui, "Send")).clicked() || enter;
        });
        if pressed {
            self.send(context, actions);
        }
    }
}

/// A field with a Send button; whether it was sent.
fn line(
    ui: &mut Ui,
    label: &str,
    hint: &str,
    is_ready: bool,
    field: impl FnOnce(&mut Ui, f32) -> egui::Response,
) -> bool {
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 57.0).max(60.0);
        let field = field(ui, width).on_hover_text(format!("Such as {hint}"));
        name(ui, &field, label);
        let enter = entered(ui, &field);
        if enter {
            field.request_focus();
        }
        ui.add_enabled(is_ready, primary_button(ui, "Send")).clicked() || enter
    })
    .inner
}

/// How high the preview is, in points.
const PREVIEW_HEIGHT: f32 = 48.0;

fn choose<T: Copy + PartialEq>(
    ui: &mut Ui,
    id: &str,
    width: f32,
    chosen: &mut T,
    choices: &[(T, &str)],
    label: egui::Id,
) {
    let text = choices.iter().find(|(choice, _)| choice == chosen).map_or("", |(_, text)| text);
    let choice = ComboBox::from_id_salt(id).width(width).selected_text(text).show_ui(ui, |ui| {
        for (choice, text) in choices {
            ui.selectable_value(chosen, *choice, *text);
        }
    });
    choice.response.labelled_by(label);
}

fn opcode_name(bits: u8) -> String {
    match Opcode::from_bits(bits) {
        Opcode::Reserved(bits) => format!("0x{bits:X} reserved"),
        opcode => format!("0x{:X} {opcode}", opcode.bits()),
    }
}

fn show_preview(ui: &mut Ui, preview: &Preview) {
    let palette = Palette::of(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut job = LayoutJob::default();
    for (place, (is_header, run)) in preview.runs.iter().enumerate() {
        let space = if place == 0 { "" } else { " " };
        job.append(space, 0.0, TextFormat::simple(font.clone(), palette.text));
        let colour = if *is_header { palette.accent } else { palette.text };
        let mut format = TextFormat::simple(font.clone(), colour);
        if *is_header {
            format.background = palette.raised;
        }
        job.append(run, 0.0, format);
    }
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.horizontal_top(|ui| {
        ui.label(RichText::new(&preview.summary).color(palette.weak));
        if preview.runs.is_empty() {
            return;
        }
        ui.add(egui::Label::new(job).wrap()).on_hover_text("Headers as the server will read them stand out");
    });
    for remark in &preview.remarks {
        ui.label(RichText::new(remark).color(palette.warning));
    }
    if preview.broken.is_empty() {
        ui.label(RichText::new("Breaks no rule that the bytes can show.").color(palette.weak));
    }
    for rule in &preview.broken {
        ui.horizontal_wrapped(|ui| {
            let severity = rule.severity;
            ui.label(RichText::new(severity.name().to_uppercase()).small().strong().color(palette.severity(severity)));
            ui.label(&rule.sentence);
            ui.label(RichText::new(rule.section).small().color(palette.weak));
        });
    }
}

/// The sequence: its steps, and how far it is.
fn sequence(ui: &mut Ui, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    let mut plan = context.plan.to_vec();
    let mut removed = None;
    for (place, step) in plan.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let number = place + 1;
            ui.label(format!("{number}."));
            let delay = DragValue::new(&mut step.delay).range(0..=LONGEST_DELAY).suffix(" ms");
            let delay = ui.add(delay).on_hover_text("Wait this long before it");
            name(ui, &delay, format!("Delay before step {number}"));
            let choice = ComboBox::from_id_salt(("step", place)).width(180.0).selected_text(&step.template);
            let choice = choice.show_ui(ui, |ui| {
                for template in context.templates {
                    ui.selectable_value(&mut step.template, template.name.clone(), &template.name);
                }
            });
            name(ui, &choice.response, format!("Template of step {number}"));
            if !context.templates.iter().any(|template| template.name == step.template) {
                ui.label(RichText::new("is not kept any more").color(palette.warning));
            }
            let remove = ui.small_button("×").on_hover_text("Remove this step");
            name(ui, &remove, format!("Remove step {number}"));
            if remove.clicked() {
                removed = Some(place);
            }
        });
    }
    if let Some(place) = removed {
        plan.remove(place);
    }
    let is_running = context.progress.is_some_and(|progress| progress.is_running);
    ui.horizontal_wrapped(|ui| {
        if context.templates.is_empty() {
            ui.label(RichText::new("Keep a frame or bytes as a template first.").color(palette.weak));
        } else if ui.button("Add step").clicked() {
            let template = context.templates.first().map(|template| template.name.clone()).unwrap_or_default();
            plan.push(PlannedStep { delay: if plan.is_empty() { 0 } else { 1000 }, template });
        }
        if is_running {
            if ui.button("Stop").clicked() {
                actions.push(Action::StopSequence);
            }
        } else if ui.add_enabled(!plan.is_empty(), primary_button(ui, "Run sequence")).clicked() {
            actions.push(Action::RunSequence);
        }
        if let Some(progress) = context.progress {
            let (done, steps) = (progress.done, progress.steps);
            let text = match is_running {
                true => format!("Sent {done} of {steps} steps"),
                false if done == steps => format!("All {steps} steps were sent"),
                false => format!("Stopped after {done} of {steps} steps"),
            };
            ui.label(RichText::new(text).color(palette.weak));
            if is_running {
                ui.add(egui::ProgressBar::new(done as f32 / steps.max(1) as f32).desired_width(120.0));
            }
        }
    });
    if plan != context.plan {
        actions.push(Action::PlanSequence(plan));
    }
}
