//! Bars in lanes as a picture in SVG.

use std::fmt::Write;

use crate::reading::bar_plot::BarPlot;

use super::html::escaped;

const WIDTH: f32 = 480.0;
/// Left of the lanes stand their names and scales.
const LEFT: f32 = 84.0;
const LANE: f32 = 46.0;
const ABOVE: f32 = 6.0;
const BOTTOM: f32 = 18.0;

/// About how wide a character of a mark is.
const CHARACTER: f32 = 6.0;

/// The most spans that can be told apart.
pub(super) const MOST_SPANS: usize = 130;

/// The picture; each bar tells its number to a pointer.
pub(super) fn svg(plot: &BarPlot) -> String {
    let bottom = LANE * plot.lanes.len() as f32;
    let each = (WIDTH - LEFT) / plot.spans.len().max(1) as f32;
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">\n",
        bottom + BOTTOM,
        escaped(&plot.summary())
    );
    for (place, lane) in plot.lanes.iter().enumerate() {
        let top = LANE * place as f32 + ABOVE;
        let (height, base) = (LANE - ABOVE, LANE * (place as f32 + 1.0));
        let most = lane.values.iter().copied().max().unwrap_or(0);
        let scale = if most == 0 { "none".to_owned() } else { format!("≤ {}", plot.height(most)) };
        let _ = writeln!(
            svg,
            "<g class=\"{0}\"><rect class=\"lane\" x=\"{LEFT}\" y=\"{top:.1}\" width=\"{1:.1}\" height=\"{height:.1}\"/>\
             <text x=\"0\" y=\"{2:.1}\">{0}</text><text class=\"scale\" x=\"0\" y=\"{3:.1}\">{4}</text>",
            lane.name,
            WIDTH - LEFT,
            top + 16.0,
            top + 31.0,
            escaped(&scale)
        );
        for (span, value) in lane.values.iter().enumerate().filter(|(_, value)| **value > 0) {
            let tall = (height * (*value as f64 / most as f64) as f32).max(1.5);
            let gap = if each > 4.0 { 1.0 } else { 0.0 };
            let _ = writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"><title>{}</title></rect>",
                LEFT + each * span as f32 + gap / 2.0,
                base - tall,
                each - gap,
                escaped(&plot.described(place, span))
            );
        }
        svg.push_str("</g>\n");
    }
    let width_of = |text: &str| CHARACTER * text.chars().count() as f32;
    for (at, mark) in plot.marks(WIDTH - LEFT, width_of) {
        let x = (LEFT + at).min(WIDTH - width_of(mark) / 2.0);
        let y = bottom + BOTTOM - 4.0;
        let _ = writeln!(
            svg,
            "<text class=\"tick\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
            escaped(mark)
        );
    }
    svg.push_str("</svg>\n");
    svg
}
