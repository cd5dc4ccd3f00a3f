//! The mark of a bookmark: a pennant, in the table and on the timeline.

use egui::{Color32, Pos2, Shape, Stroke, Vec2};

use crate::content::one_line::cut;
use crate::session::annotations::Note;

/// How high a pennant is with its pole, in points.
pub const HEIGHT: f32 = 12.0;

/// How wide and how high its cloth is.
const CLOTH: Vec2 = Vec2::new(8.0, 7.0);

/// How many bytes of a note are shown beside the thing that it is on; the whole is in the panel.
const SHOWN: usize = 600;

/// A pennant whose pole stands here.
pub fn shapes(foot: Pos2, colour: Color32) -> [Shape; 2] {
    let top = foot - Vec2::new(0.0, HEIGHT);
    let cloth = vec![top, top + Vec2::new(CLOTH.x, CLOTH.y / 2.0), top + Vec2::new(0.0, CLOTH.y)];
    [Shape::line_segment([top, foot], Stroke::new(1.5, colour)), Shape::convex_polygon(cloth, colour, Stroke::NONE)]
}

/// A note as it is shown where the pointer rests.
pub fn words(note: &Note) -> String {
    match cut(note.text(), SHOWN) {
        (start, false) => start.to_owned(),
        (start, true) => format!("{start}…"),
    }
}
