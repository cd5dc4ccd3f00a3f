//! Searching: the language of filters, which frames they match, and the going over of sessions.

mod completing;
mod language;
mod matching;
mod scanning;
mod talk;
