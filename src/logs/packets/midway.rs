//! Connections of which the capture lacks the beginning, or a part of the opening handshake: whether they carry WebSocket frames is
//! judged by their bytes. A session has to begin with a handshake, so what is missing of it is made up, and a note says so.

use std::sync::Arc;

use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::http::{Headers, RequestHead};
use crate::session::{ByteSource, EventKind};

use super::super::heads::{Fields, Heads, Request, Response};
use super::boundary::{Boundary, BoundarySearch};
use super::captured_head::CapturedHead;
use super::flow::{Flow, Output};
use super::packet::Segment;
use super::recorded::Recorded;

/// What has to speak for frames, both directions taken together; half of it when a head already asks for WebSocket.
const ENOUGH: u32 = 30;

/// The most pieces that are looked at.
const MOST_PIECES: usize = 256;

/// The most bytes that are held of one connection.
const MOST_HELD: usize = 1 << 20;

const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// One such connection.
#[derive(Debug)]
pub(super) struct Midway {
    flow: Flow,
    first_at: u64,
    held: Vec<(u64, Output<'static>)>,
    held_bytes: usize,
    directions: PerDirection<Seen>,
    /// Whether it is known which end is the client.
    is_client_known: bool,
}

/// What was seen of one direction.
#[derive(Debug, Default)]
struct Seen {
    head: CapturedHead,
    frames: BoundarySearch,
    /// Whether there are bytes behind the head.
    has_bytes: bool,
}

impl Seen {
    fn likely(&self) -> Option<Boundary> {
        self.frames.likely()
    }
}

/// What it turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    Wait,
    Frames,
    SomethingElse,
}

impl Midway {
    /// A connection that begins for us with this segment, which is still to be taken.
    pub(super) fn new(segment: &Segment<'_>, nanoseconds: u64) -> Midway {
        // Until the masks tell, the one with the higher port is taken for the client.
        Midway::of(Flow::new(segment, segment.from.port() > segment.to.port()), nanoseconds, false)
    }

    /// A connection whose handshake began and is not all there; what came out of it is still to be told.
    pub(super) fn of_known_ends(flow: Flow, nanoseconds: u64) -> Midway {
        Midway::of(flow, nanoseconds, true)
    }

    fn of(flow: Flow, first_at: u64, is_client_known: bool) -> Midway {
        Midway { flow, first_at, held: Vec::new(), held_bytes: 0, directions: PerDirection::default(), is_client_known }
    }

    /// When the first segment was captured.
    pub(super) fn first_at(&self) -> u64 {
        self.first_at
    }

    /// How many bytes are held.
    pub(super) fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Takes a segment.
    pub(super) fn take(&mut self, segment: &Segment<'_>, nanoseconds: u64) -> Judgement {
        self.held_bytes += segment.payload.len();
        let Midway { flow, held, directions, .. } = self;
        flow.accept(segment, nanoseconds, &mut |nanoseconds, output| {
            see(directions, &output);
            held.push((nanoseconds, output.into_owned()));
        });
        self.judge()
    }

    /// Takes what came out of the connection already.
    pub(super) fn hold(&mut self, nanoseconds: u64, output: Output<'static>) {
        self.held_bytes += output.held();
        see(&mut self.directions, &output);
        self.held.push((nanoseconds, output));
    }

    /// Lets out what waits in the connection, since no more segments will come.
    pub(super) fn finish(&mut self) {
        let Midway { flow, held, directions, .. } = self;
        flow.finish(&mut |nanoseconds, output| {
            see(directions, &output);
            held.push((nanoseconds, output.into_owned()));
        });
    }

    /// What it is, as far as can be told.
    pub(super) fn judge(&self) -> Judgement {
        let enough = if self.asks_for_websocket() { ENOUGH / 2 } else { ENOUGH };
        if self.evidence() >= enough && self.agrees() {
            Judgement::Frames
        } else if self.held.len() > MOST_PIECES || self.held_bytes > MOST_HELD || self.asks_for_something_else() {
            Judgement::SomethingElse
        } else {
            Judgement::Wait
        }
    }

    /// Whether everything that came was frames, although not many: some each way, or behind a head that asks for them.
    pub(super) fn is_likely(&self) -> bool {
        let both_ways = self.seen().iter().all(|seen| seen.likely().is_some());
        self.agrees() && (both_ways || self.asks_for_websocket() || self.evidence() >= ENOUGH)
    }

    /// Whether its request is there and asks for WebSocket.
    pub(super) fn has_request(&self) -> bool {
        let head = &self.directions[self.client()].head;
        head.is_whole() && head.request().is_some_and(|request| is_upgrade(&request.headers))
    }

    /// What speaks for frames.
    fn evidence(&self) -> u32 {
        self.seen().map(|seen| seen.frames.evidence()).into_iter().sum()
    }

    fn seen(&self) -> [&Seen; 2] {
        Direction::BOTH.map(|direction| &self.directions[direction])
    }

    /// Whether all bytes are frames from some place on, as far as there are enough of them to see that, and one side at most masks its
    /// own.
    fn agrees(&self) -> bool {
        let boundaries = self.seen().map(Seen::likely);
        let are_frames = |(seen, boundary): (&Seen, Option<Boundary>)| {
            boundary.is_some() || !seen.has_bytes || seen.frames.has_only_crumbs()
        };
        let are_frames = self.seen().into_iter().zip(boundaries).all(are_frames);
        let masks = boundaries.map(|boundary| boundary.map(|boundary| boundary.is_masked));
        let has_any = boundaries.iter().any(Option::is_some);
        let client_masks = !self.is_client_known || masks[0] != Some(false) && masks[1] != Some(true);
        are_frames && has_any && client_masks && (masks[0] != masks[1] || masks.contains(&None))
    }

    /// The direction of the client: of the request, or towards the response, or the one with masks (RFC 6455 5.1).
    fn client(&self) -> Side {
        let whose = |side: Side| self.directions[side].head.side();
        let masks = |side: Side| self.directions[side].likely().map(|boundary| boundary.is_masked);
        let is_server = self.is_client_known.then_some(false).or_else(|| {
            let by_head = whose(Side::Client).map(|whose| whose == Side::Server);
            by_head.or(whose(Side::Server).map(|whose| whose == Side::Client))
        });
        let is_server = is_server.or(masks(Side::Client).map(|masks| !masks)).or(masks(Side::Server));
        if is_server == Some(true) { Side::Server } else { Side::Client }
    }

    fn asks_for_websocket(&self) -> bool {
        let response = self.directions[self.client().peer()].head.response();
        self.has_request() || response.is_some_and(|response| response.status == 101 && is_upgrade(&response.headers))
    }

    fn asks_for_something_else(&self) -> bool {
        let [client, server] = [self.client(), self.client().peer()].map(|side| &self.directions[side].head);
        (client.is_whole() && !self.has_request())
            || (server.is_whole() && server.response().is_none_or(|response| response.status != 101))
    }

    /// The conversation. What is missing of its handshake is made up, unless it asked for WebSocket and was answered with something else.
    pub(super) fn recorded(self, source: &Arc<dyn ByteSource>) -> Recorded {
        if !self.is_likely() && self.judge() != Judgement::Frames {
            return self.recorded_as_it_is(source);
        }
        let client_side = self.client();
        let Midway { flow, first_at, held, directions, .. } = self;
        let swaps = client_side == Side::Server;
        let flow = if swaps { flow.swapped() } else { flow };
        let directions = if swaps { directions.swapped() } else { directions };
        let (client, server) = (flow.client, flow.server);
        let [request, response] = Side::BOTH.map(|side| &directions[side].head);
        let keeps_request = request.is_whole();
        let (known_request, url) = known_request(request, &server.to_string());
        let heads = Heads::of(known_request, known_response(response, request), true);
        let mut recorded = Recorded::new(flow, url, first_at, source);
        recorded.resuming.expect_frames_to_begin_pieces();
        recorded.record(first_at, EventKind::Connected { client, server });
        recorded.record(first_at, EventKind::Note { text: note(request, response) });
        let head = |side: Side, head: &[u8]| EventKind::Bytes { direction: side.sends(), bytes: head.to_vec().into() };
        if !keeps_request {
            recorded.record(first_at, head(Side::Client, &heads.request));
            recorded.record(first_at, head(Side::Server, &heads.response));
        }
        let mut of_head = PerDirection::from_fn(|direction| directions[direction].head.length());
        // Of a direction without a head nobody knows what came before, nor how much that was.
        let mut begins = PerDirection::from_fn(|direction| of_head[direction] == 0);
        for direction in Direction::BOTH.into_iter().filter(|direction| !directions[*direction].has_bytes) {
            if std::mem::take(&mut begins[direction]) {
                recorded.resuming.begin_in_the_middle(direction);
            }
        }
        for (nanoseconds, output) in held {
            let output = if swaps { output.swapped() } else { output };
            match output {
                Output::Bytes(direction, piece) => {
                    let own = of_head[direction].min(piece.len());
                    of_head[direction] -= own;
                    if own > 0 && direction == Direction::ClientToServer && keeps_request {
                        recorded.output(nanoseconds, Output::Bytes(direction, piece.first(own)));
                        if of_head[direction] == 0 {
                            recorded.record(nanoseconds, head(Side::Server, &heads.response));
                        }
                    }
                    if own < piece.len() {
                        if std::mem::take(&mut begins[direction]) {
                            recorded.output(nanoseconds, Output::Missing(direction, None));
                        }
                        recorded.output(nanoseconds, Output::Bytes(direction, piece.after(own)));
                    }
                }
                Output::Missing(direction, length) => {
                    begins[direction] = false;
                    recorded.output(nanoseconds, Output::Missing(direction, length));
                }
                ended => recorded.output(nanoseconds, ended),
            }
        }
        recorded
    }
}

impl Midway {
    fn recorded_as_it_is(self, source: &Arc<dyn ByteSource>) -> Recorded {
        let Midway { flow, first_at, held, directions, .. } = self;
        let (client, server) = (flow.client, flow.server);
        let (_, url) = known_request(&directions.client_to_server.head, &server.to_string());
        let mut recorded = Recorded::new(flow, url, first_at, source);
        recorded.record(first_at, EventKind::Connected { client, server });
        held.into_iter().for_each(|(nanoseconds, output)| recorded.output(nanoseconds, output));
        recorded
    }
}

/// Looks at what came out of a connection.
fn see(directions: &mut PerDirection<Seen>, output: &Output<'_>) {
    match output {
        Output::Bytes(direction, piece) => {
            let Seen { head, frames, has_bytes } = &mut directions[*direction];
            let own = head.take(&piece.bytes);
            if let Some(rest @ [_, ..]) = piece.bytes.get(own..) {
                *has_bytes = true;
                frames.take(rest);
            }
        }
        Output::Missing(direction, length) => {
            let Seen { head, frames, .. } = &mut directions[*direction];
            head.miss();
            frames.miss(length.map_or(0, u64::from));
        }
        Output::Ended(..) => {}
    }
}

fn is_upgrade(headers: &Headers) -> bool {
    headers.has_element("Upgrade", "websocket")
}

/// What is known of the request, and the URL.
fn known_request(head: &CapturedHead, server: &str) -> (Request, String) {
    let request = head.request();
    let url = request.as_ref().map_or_else(|| format!("ws://{server}/"), |request| url_of(request, server));
    let mut fields = fields(request.as_ref().map(|request| &request.headers));
    assume_compression(&mut fields, head);
    (Request { url: url.clone(), fields, ..Request::default() }, url)
}

/// The URL that a request asks for.
pub(super) fn url_of(request: &RequestHead, server: &str) -> String {
    if request.target.starts_with('/') {
        format!("ws://{}{}", request.headers.first("Host").unwrap_or(server), request.target)
    } else {
        request.target.clone()
    }
}

/// What is known of the response.
fn known_response(head: &CapturedHead, request: &CapturedHead) -> Response {
    let response = head.response();
    let mut fields = fields(response.as_ref().map(|response| &response.headers));
    let is_offered = !request.is_whole()
        || request.request().is_some_and(|request| {
            request.headers.elements(EXTENSIONS).any(|offer| offer.starts_with("permessage-deflate"))
        });
    if is_offered {
        assume_compression(&mut fields, head);
    }
    Response { status: 101, fields, ..Response::default() }
}

/// What may be compressed can be read only if that was agreed on.
fn assume_compression(fields: &mut Fields, head: &CapturedHead) {
    if !head.is_whole() && fields.first(EXTENSIONS).is_none() {
        fields.add(EXTENSIONS, "permessage-deflate");
    }
}

fn fields(headers: Option<&Headers>) -> Fields {
    let mut fields = Fields::default();
    for header in headers.iter().flat_map(|headers| &headers.0) {
        fields.add(&header.name, &header.value);
    }
    fields
}

fn note(request: &CapturedHead, response: &CapturedHead) -> String {
    let compression = "Compression is taken for agreed on, so that messages can be read that are compressed.";
    if request.length() == 0 && response.length() == 0 {
        return format!(
            "The capture begins in the middle of this connection: its handshake is not in it and is made up here. \
             The path, the header fields and the subprotocol are not known. {compression}"
        );
    }
    let (what, is_response_assumed) = match (request.is_whole(), response.is_whole()) {
        (false, false) => ("its request and its response", true),
        (false, true) => ("its request", false),
        (true, _) => ("its response", true),
    };
    let compression = if is_response_assumed { compression } else { "" };
    format!(
        "Not all of this connection's opening handshake is in the capture: what is missing of {what} is made up here. {compression}"
    )
}
