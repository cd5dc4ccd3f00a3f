//! Searching: the language of filters, which frames they match, and the going over of sessions, for matches and for replies.

mod completing;
mod language;
mod matching;
mod replies;
mod scanning;
mod talk;
