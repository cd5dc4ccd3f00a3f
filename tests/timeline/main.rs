//! What the timeline stands on: the figures of any stretch of a session, and the view onto its time.

mod stretches;
mod time_view;
