//! One entry of a HAR on its way to a session: the heads of the handshake first, then the frames that are made up around its messages.

use std::sync::Arc;

use crate::protocol::direction::Side;
use crate::protocol::inflater;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::session::reconstruction;
use crate::session::{ByteSource, Event, EventKind, Origin, Perspective, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::super::heads::{Heads, Request, Response};
use super::frames::{self, MadeUp};

/// An entry as far as it was read.
pub(super) struct Entry {
    pub(super) exchange: Exchange,
    /// Whether it is one of the conversations that are kept.
    pub(super) is_kept: bool,
    /// Where in the file messages are that came before the heads.
    pub(super) waiting: Vec<u64>,
    source: Arc<dyn ByteSource>,
    recording: Option<Recording>,
    newest: u64,
    decoded: Vec<u8>,
    frame: Vec<u8>,
}

/// What an entry says of its exchange beside the messages. Writers differ in the order of its parts.
#[derive(Default)]
pub(super) struct Exchange {
    pub(super) seen: Seen,
    pub(super) started_at: Option<u64>,
    pub(super) request: Request,
    pub(super) response: Response,
    /// From the start to the request, in nanoseconds.
    pub(super) until_request: u64,
    /// From the request to the response, in nanoseconds.
    pub(super) until_response: u64,
    pub(super) has_messages: bool,
    pub(super) is_web_socket: bool,
    pub(super) server: Option<String>,
    pub(super) close: Option<String>,
    pub(super) error: Option<String>,
    pub(super) side_file: Option<String>,
}

/// Which parts of an entry have come that belong before the messages.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) started: bool,
    pub(super) request: bool,
    pub(super) response: bool,
    pub(super) timings: bool,
}

impl Seen {
    pub(super) fn is_complete(&self) -> bool {
        self.started && self.request && self.response && self.timings
    }
}

struct Recording {
    recorder: Recorder,
    started_at: u64,
}

/// A message as it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'data> {
    pub(super) side: Side,
    /// In nanoseconds since 1970, when it is known.
    pub(super) at: Option<u64>,
    pub(super) opcode: Option<u8>,
    /// Its escapes undone.
    pub(super) data: &'data [u8],
    /// Where in the file the data begin.
    pub(super) place: u64,
}

impl Entry {
    /// An entry of which nothing was read, in a file from which frames are read back by this source.
    pub(super) fn new(source: Arc<dyn ByteSource>, is_kept: bool) -> Entry {
        Entry {
            exchange: Exchange::default(),
            is_kept,
            waiting: Vec::new(),
            source,
            recording: None,
            newest: 0,
            decoded: Vec::new(),
            frame: Vec::new(),
        }
    }

    /// What records its messages, once there are some.
    pub(super) fn recorder(&mut self) -> Option<&mut Recorder> {
        self.recording.as_mut().map(|recording| &mut recording.recorder)
    }

    /// Adds a remark of the file.
    pub(super) fn note(&mut self, at: Option<u64>, text: String, damage: &mut DamageList) {
        let (at, recorder) = self.moment(at, damage);
        recorder.record(Event { at, kind: EventKind::Note { text } });
    }

    /// Adds a frame with this message; says what was wrong with the message.
    pub(super) fn frame(&mut self, message: Message<'_>, damage: &mut DamageList) -> Option<&'static str> {
        let Message { side, at, opcode, data, place } = message;
        let opcode = match opcode {
            Some(bits @ 1..=15) => Opcode::from_bits(bits),
            _ => return Some("a message without an opcode from 1 to 15 was left out"),
        };
        let made_up = MadeUp { side, opcode, place };
        let (mut decoded, mut frame) = (std::mem::take(&mut self.decoded), std::mem::take(&mut self.frame));
        frame.clear();
        let (at, recorder) = self.moment(at, damage);
        let problem = match frames::payload(opcode, data, &mut decoded) {
            Some(payload) => {
                made_up.write(payload, &mut frame);
                recorder.record_kept(at, side.sends(), &frame, made_up.position());
                None
            }
            None => {
                let problem = if opcode == Opcode::Text {
                    made_up.write(String::from_utf8_lossy(data).as_bytes(), &mut frame);
                    "a text is not UTF-8; what was not readable in it is replaced"
                } else {
                    made_up.write(data, &mut frame);
                    "a message that is no text is not in base64; it was taken as it is"
                };
                let kind = EventKind::Bytes { direction: side.sends(), bytes: std::mem::take(&mut frame).into() };
                recorder.record(Event { at, kind });
                Some(problem)
            }
        };
        (self.decoded, self.frame) = (decoded, frame);
        problem
    }

    /// The moment of this time, or of the one before when it is not known; and what records. The handshake is recorded first.
    #[inline]
    fn moment(&mut self, at: Option<u64>, damage: &mut DamageList) -> (Moment, &mut Recorder) {
        let Entry { exchange, source, recording, newest, .. } = self;
        let recording = recording.get_or_insert_with(|| exchange.begin(at, source, damage));
        *newest = at.unwrap_or(*newest);
        (Moment(newest.saturating_sub(recording.started_at)), &mut recording.recorder)
    }

    pub(super) fn finish(self, place: Place, damage: &mut DamageList) -> Session {
        let Entry { mut exchange, source, recording, .. } = self;
        if let Some(file) = exchange.side_file.as_ref().filter(|_| recording.is_none()) {
            let problem = format!("messages of this conversation may be in another file, {file}, which is not read");
            damage.add(place, problem);
        }
        if exchange.started_at.is_none() {
            let problem = "when this conversation started is not in the file; its first message is taken for the start";
            damage.add(place, problem);
        }
        let mut recorder = recording.unwrap_or_else(|| exchange.begin(None, &source, damage)).recorder;
        if let Some(text) = exchange.close {
            // After everything else: the recorder moves it up to the newest moment.
            recorder.record(Event { at: Moment::START, kind: EventKind::Note { text } });
        }
        recorder.finish()
    }
}

impl Exchange {
    pub(super) fn is_conversation(&self) -> bool {
        let url = self.request.url.as_bytes();
        let scheme = |scheme: &[u8]| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let upgraded = || {
            let upgrade = self.response.fields.first("Upgrade");
            self.response.status == 101 && upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
        };
        self.has_messages || self.is_web_socket || scheme(b"ws://") || scheme(b"wss://") || upgraded()
    }

    /// Records the opening handshake, which is over when the first message comes.
    fn begin(&mut self, first: Option<u64>, source: &Arc<dyn ByteSource>, damage: &mut DamageList) -> Recording {
        let started_at = match (self.started_at, first) {
            (Some(started_at), Some(first)) => started_at.min(first),
            (started_at, first) => started_at.or(first).unwrap_or(0),
        };
        let (request, response) = (std::mem::take(&mut self.request), std::mem::take(&mut self.response));
        let origin = Origin {
            started_at,
            url: Some(request.url.clone()).filter(|url| !url.is_empty()),
            perspective: Perspective::Observer,
        };
        if request.fields.is_cut || response.fields.is_cut {
            damage.add(Place::Whole, "some header fields are too many or too long and were left out");
        }
        let mut recorder = Recorder::over(origin, inflater::DEFAULT_LIMIT, Arc::clone(source));
        let heads = Heads::of(request, response, self.has_messages);
        let mut note = |text: String| recorder.record(Event { at: Moment::START, kind: EventKind::Note { text } });
        note(reconstruction::note(
            "a HAR",
            "it has messages and no bytes, so that frame headers, masks and fragments are made up",
        ));
        if !heads.made_up.is_empty() {
            note(format!("Not in the file and added to the handshake: {}", heads.made_up.join("; ")));
        }
        if let Some(server) = &self.server {
            note(format!("The server's address was {server}"));
        }
        if let Some(error) = &self.error {
            note(format!("The file has an error for the whole exchange: {error}"));
        }
        let until_first = first.map_or(u64::MAX, |first| first - started_at);
        let request_at = self.until_request.min(until_first);
        let response_at = self.until_request.saturating_add(self.until_response).min(until_first);
        for (at, side, head) in [(request_at, Side::Client, heads.request), (response_at, Side::Server, heads.response)]
        {
            if !head.is_empty() {
                let kind = EventKind::Bytes { direction: side.sends(), bytes: head.into() };
                recorder.record(Event { at: Moment(at), kind });
            }
        }
        Recording { recorder, started_at }
    }
}
