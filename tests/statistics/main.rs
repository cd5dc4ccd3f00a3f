//! Statistics: figures that were worked out by hand, figures that a slower and simpler computation gives, and sessions that grow.

mod figures;
mod growing;
mod naive;
#[path = "../search/talk.rs"]
mod talk;
