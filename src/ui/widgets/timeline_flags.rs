//! The bookmarks on the timeline: a pennant above the lanes for each, with a line down to its frame.

use egui::{Painter, Pos2, Stroke};

use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::ui::widgets::bookmark_flag;
use crate::ui::widgets::timeline_canvas::Canvas;

/// How far from a pole the pointer still means it.
const REACH: f32 = 8.0;

impl Canvas<'_> {
    /// The bookmarked frames in view with the places of their poles, without those that would be drawn over another one.
    fn flags(&self) -> Vec<(FrameNumber, f32)> {
        let (start, end) = (self.moment(self.area.left() - REACH), self.moment(self.area.right()));
        let mut rest = self.session.annotations.within(self.session.frames_between(start, end));
        let mut flags = Vec::new();
        while let [bookmark, ..] = rest {
            let Some(row) = self.session.frame(bookmark.frame) else { break };
            let x = self.x(row.at);
            flags.push((bookmark.frame, x));
            let hidden = self.session.frames_between(Moment::START, self.moment(x + 1.0)).end;
            let next = rest.partition_point(|other| other.frame.index() < hidden).max(1);
            rest = rest.get(next..).unwrap_or_default();
        }
        flags
    }

    /// Draws the bookmarks.
    pub(crate) fn bookmarks(&self, painter: &Painter) {
        let painter = painter.with_clip_rect(self.area);
        let colour = self.palette.bookmark;
        for (_, x) in self.flags() {
            let foot = Pos2::new(x, self.area.top() + bookmark_flag::HEIGHT);
            painter.vline(x, foot.y..=self.area.bottom(), Stroke::new(1.0, colour.gamma_multiply(0.55)));
            painter.extend(bookmark_flag::shapes(foot, colour));
        }
    }

    /// The frame whose pennant is at the pointer.
    pub(crate) fn flag_at(&self, pointer: Pos2) -> Option<FrameNumber> {
        if pointer.y > self.area.top() + bookmark_flag::HEIGHT + 2.0 {
            return None;
        }
        // The cloth is right of the pole.
        let distance = |x: f32| (x + 3.0 - pointer.x).abs();
        let near = self.flags().into_iter().filter(|(_, x)| distance(*x) <= REACH);
        near.min_by(|(_, one), (_, other)| distance(*one).total_cmp(&distance(*other))).map(|(frame, _)| frame)
    }
}
