//! How the window looks: colours by meaning, for light and dark, and the scale of text and space. No other file makes a colour.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Vec2, Visuals};

use crate::protocol::direction::Direction;
use crate::protocol::finding::Severity;
use crate::protocol::opcode::Opcode;

const fn rgb(hexadecimal: u32) -> Color32 {
    Color32::from_rgb((hexadecimal >> 16) as u8, (hexadecimal >> 8) as u8, hexadecimal as u8)
}

/// The colours of one theme, by what they mean.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    /// Behind everything.
    pub ground: Color32,
    /// Panels and bars.
    pub surface: Color32,
    /// Cards, fields and table heads on a panel.
    pub raised: Color32,
    /// Hairlines.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text of less weight, still readable on every ground (WCAG AA).
    pub weak: Color32,
    /// What can be pressed, and what is selected.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The selected row.
    pub selected: Color32,
    /// Went well.
    pub good: Color32,
    /// Needs attention.
    pub warning: Color32,
    /// Broke a rule, or failed.
    pub error: Color32,
    text_frame: Color32,
    binary_frame: Color32,
    continuation_frame: Color32,
    close_frame: Color32,
    ping_frame: Color32,
    reserved_frame: Color32,
    client: Color32,
    server: Color32,
}

const DARK: Palette = Palette {
    ground: rgb(0x14171C),
    surface: rgb(0x1B1F26),
    raised: rgb(0x242A33),
    line: rgb(0x323A46),
    text: rgb(0xDDE3EC),
    weak: rgb(0x98A3B3),
    accent: rgb(0x5BB0F0),
    on_accent: rgb(0x0B1118),
    selected: rgb(0x24415C),
    good: rgb(0x4CC38A),
    warning: rgb(0xF0B849),
    error: rgb(0xFF7A70),
    text_frame: rgb(0x5BB0F0),
    binary_frame: rgb(0xF0A04B),
    continuation_frame: rgb(0x9FB3C8),
    close_frame: rgb(0xF07AB0),
    ping_frame: rgb(0x4CC3A5),
    reserved_frame: rgb(0xF0DC5A),
    client: rgb(0x9CC9F5),
    server: rgb(0xE8C08A),
};

const LIGHT: Palette = Palette {
    ground: rgb(0xFFFFFF),
    surface: rgb(0xF5F7FA),
    raised: rgb(0xE9EDF2),
    line: rgb(0xCCD4DE),
    text: rgb(0x1B2430),
    weak: rgb(0x566274),
    accent: rgb(0x1266B0),
    on_accent: rgb(0xFFFFFF),
    selected: rgb(0xCFE4F7),
    good: rgb(0x0B7A4B),
    warning: rgb(0x8A5A00),
    error: rgb(0xB3261E),
    text_frame: rgb(0x1266B0),
    binary_frame: rgb(0xA85400),
    continuation_frame: rgb(0x5B7088),
    close_frame: rgb(0xA8256B),
    ping_frame: rgb(0x0A7560),
    reserved_frame: rgb(0x7A6A00),
    client: rgb(0x1A5A94),
    server: rgb(0x8A4B08),
};

impl Palette {
    /// The palette of the theme that is in use.
    pub fn of(ui: &egui::Ui) -> &'static Palette {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }

    /// The colour of a frame's mark.
    pub fn opcode(&self, opcode: Opcode) -> Color32 {
        match opcode {
            Opcode::Text => self.text_frame,
            Opcode::Binary => self.binary_frame,
            Opcode::Continuation => self.continuation_frame,
            Opcode::Close => self.close_frame,
            Opcode::Ping | Opcode::Pong => self.ping_frame,
            Opcode::Reserved(_) => self.reserved_frame,
        }
    }

    /// The colour of a direction's arrow and name.
    pub fn direction(&self, direction: Direction) -> Color32 {
        match direction {
            Direction::ClientToServer => self.client,
            Direction::ServerToClient => self.server,
        }
    }

    /// The colour of a finding.
    pub fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.weak,
        }
    }

    /// The ground of a field in the header diagram, by its place in the order of fields.
    pub fn field(&self, place: usize) -> Color32 {
        let colour = [self.text_frame, self.binary_frame, self.ping_frame, self.close_frame, self.continuation_frame]
            .into_iter()
            .cycle()
            .nth(place)
            .unwrap_or(self.text_frame);
        colour.gamma_multiply(0.28)
    }
}

/// The space between things that belong together.
pub const GAP: f32 = 6.0;
/// The space between groups.
pub const GROUP_GAP: f32 = 14.0;
/// The height of a row in tables.
pub const ROW_HEIGHT: f32 = 20.0;
/// Text size of small labels.
pub const SMALL: f32 = 11.0;

/// Gives both themes their look, and text the arrows that the usual font lacks.
pub fn install(context: &egui::Context) {
    let mut fonts = egui::FontDefinitions::default();
    if let Some(fallbacks) = fonts.families.get_mut(&FontFamily::Proportional) {
        fallbacks.push("Hack".into());
    }
    context.set_fonts(fonts);
    context.set_style_of(Theme::Dark, style(&DARK, Visuals::dark()));
    context.set_style_of(Theme::Light, style(&LIGHT, Visuals::light()));
}

fn style(palette: &Palette, visuals: Visuals) -> Style {
    let mut style = Style { visuals: self::visuals(palette, visuals), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, FontId::new(SMALL, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(13.5, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(13.5, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
        (TextStyle::Heading, FontId::new(18.0, FontFamily::Proportional)),
    ]
    .into();
    style.spacing.item_spacing = Vec2::new(GAP, GAP);
    style.spacing.button_padding = Vec2::new(9.0, 4.0);
    style.spacing.interact_size.y = 24.0;
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.scroll = egui::style::ScrollStyle::thin();
    style.interaction.selectable_labels = true;
    style
}

fn visuals(palette: &Palette, mut visuals: Visuals) -> Visuals {
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(palette.weak);
    visuals.panel_fill = palette.surface;
    visuals.window_fill = palette.surface;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.faint_bg_color = palette.raised.gamma_multiply(0.5);
    visuals.extreme_bg_color = palette.ground;
    visuals.code_bg_color = palette.raised;
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.selection.bg_fill = palette.selected;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.window_corner_radius = CornerRadius::same(8);
    let radius = CornerRadius::same(5);
    let states = [
        (&mut visuals.widgets.noninteractive, palette.surface, palette.line, palette.text),
        (&mut visuals.widgets.inactive, palette.raised, palette.line, palette.text),
        (&mut visuals.widgets.hovered, palette.raised, palette.accent, palette.text),
        (&mut visuals.widgets.active, palette.selected, palette.accent, palette.text),
        (&mut visuals.widgets.open, palette.raised, palette.accent, palette.text),
    ];
    for (widget, fill, outline, text) in states {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, outline);
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    visuals
}

/// A button for the one thing that a person most likely wants.
pub fn primary_button<'text>(ui: &egui::Ui, text: &'text str) -> egui::Button<'text> {
    let palette = Palette::of(ui);
    egui::Button::new(egui::RichText::new(text).color(palette.on_accent).strong()).fill(palette.accent)
}

/// A small heading above a group.
pub fn section_label(ui: &mut egui::Ui, text: &str) {
    let weak = Palette::of(ui).weak;
    ui.label(egui::RichText::new(text).size(SMALL).color(weak).strong());
}

/// A frame around things that belong together.
pub fn card(ui: &egui::Ui) -> egui::Frame {
    let palette = Palette::of(ui);
    egui::Frame::new()
        .fill(palette.ground)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin::same(10))
}

/// A property with its value on one line, the value wrapped into what is left of the width.
pub fn property(ui: &mut egui::Ui, name: &str, value: impl Into<egui::WidgetText>) {
    let weak = Palette::of(ui).weak;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().interact_size.y = 17.0;
        ui.spacing_mut().item_spacing.x = 0.0;
        let (area, _) = ui.allocate_exact_size(Vec2::new(112.0, 17.0), egui::Sense::hover());
        let label = egui::Label::new(egui::RichText::new(name).color(weak));
        ui.new_child(egui::UiBuilder::new().max_rect(area)).add(label);
        let width = ui.available_width();
        ui.vertical(|ui| {
            ui.set_max_width(width);
            ui.add(egui::Label::new(value).wrap());
        });
    });
}
