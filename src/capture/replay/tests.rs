//! A player told a time that nobody waits for, and what a server says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::capture::board::Board;
use crate::capture::ear::Ear;
use crate::protocol::direction::{Direction, Side};
use crate::protocol::frame::{FrameHeader, HeaderParse};
use crate::protocol::masking::MaskingKey;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::TransportEnd;
use crate::session::byte_store::copy_start;
use crate::session::{
    ByteSource, Event, EventKind, FrameSet, Kept, Origin, PartReader, Perspective, Recorder, Session,
};

use super::{Act, Control, Pace, Player, Replay, ReplayProgress, Stage, Standing};

const KEY: MaskingKey = MaskingKey([1, 2, 3, 4]);
const PATIENCE: u64 = 1000;

fn client(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    FrameHeader { masking_key: Some(KEY), ..FrameHeader::new(opcode, payload.len() as u64) }.with_payload(payload)
}

fn server(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    FrameHeader::new(opcode, payload.len() as u64).with_payload(payload)
}

fn text(payload: &str) -> Vec<u8> {
    client(Opcode::Text, payload.as_bytes())
}

fn answer(payload: &str) -> Vec<u8> {
    server(Opcode::Text, payload.as_bytes())
}

/// What happened in the recorded session; times are in milliseconds after the response.
enum Then {
    Client(u64, Vec<u8>),
    Server(u64, Vec<u8>),
    Ended(u64, Side, TransportEnd),
}

use Then::{Client, Ended, Server};

fn recorded(events: Vec<Then>) -> Arc<Session> {
    let bytes = |direction: Direction, bytes: Vec<u8>| EventKind::Bytes { direction, bytes: bytes.into() };
    let heads = [
        bytes(
            Direction::ClientToServer,
            b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                .to_vec(),
        ),
        bytes(
            Direction::ServerToClient,
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
                .to_vec(),
        ),
    ];
    // The handshake took 500 ms.
    let heads = heads.into_iter().zip([0, 500]).map(|(kind, at)| (at, kind));
    let events = events.into_iter().map(|event| match event {
        Client(at, sent) => (500 + at, bytes(Direction::ClientToServer, sent)),
        Server(at, sent) => (500 + at, bytes(Direction::ServerToClient, sent)),
        Ended(at, side, how) => (500 + at, EventKind::TransportEnded { side, how }),
    });
    let events = heads.chain(events).map(|(at, kind)| Event { at: Moment(at * 1_000_000), kind });
    Arc::new(Session::replay(Origin { started_at: 0, url: None, perspective: Perspective::Client }, events))
}

fn replay(events: Vec<Then>) -> Replay {
    Replay { patience: Duration::from_millis(PATIENCE), ..Replay::of(recorded(events)) }
}

/// A replay, the server that it talks to, and a clock that goes when it is told to.
struct Played {
    player: Player,
    board: Board<ReplayProgress>,
    ear: Ear,
    start: Instant,
    now: u64,
    has_server_ended: bool,
    remarks: Vec<String>,
}

impl Played {
    fn start(replay: Replay) -> Played {
        let (board, start) = (Board::new(Arc::new(|| {})), Instant::now());
        let player = Player::start(replay, None, board.clone(), start);
        let (ear, remarks) = (Ear::new(), Vec::new());
        let mut played = Played { player, board, ear, start, now: 0, has_server_ended: false, remarks };
        let mut stage = Stage { now: start, ear: &mut played.ear, has_server_ended: false };
        let introduction = played.player.next_act(&mut stage);
        assert!(matches!(&introduction, Some(Act::Say(text)) if text.starts_with("A replay")), "{introduction:?}");
        played
    }

    fn of(events: Vec<Then>) -> Played {
        Played::start(replay(events))
    }

    fn time(&self) -> Instant {
        self.start + Duration::from_millis(self.now)
    }

    /// Everything that is done until this time, each with its own.
    fn until(&mut self, end: u64) -> Vec<(u64, Act)> {
        let mut acts = Vec::new();
        loop {
            let now = self.time();
            let mut stage = Stage { now, ear: &mut self.ear, has_server_ended: self.has_server_ended };
            match self.player.next_act(&mut stage) {
                Some(Act::Say(remark)) => self.remarks.push(remark),
                Some(act) => {
                    let is_over = matches!(act, Act::GiveUp | Act::Reset);
                    acts.push((self.now, act));
                    assert!(acts.len() < 100, "{acts:?}");
                    if is_over {
                        return acts;
                    }
                }
                None => {
                    let due = self.player.due().map(|due| due.duration_since(self.start).as_millis() as u64);
                    self.now = due.filter(|due| *due <= end).unwrap_or(end).max(self.now);
                    if due.is_none_or(|due| due > end) {
                        return acts;
                    }
                }
            }
        }
    }

    /// Everything that is done at once.
    fn now(&mut self) -> Vec<Act> {
        self.until(self.now).into_iter().map(|(_, act)| act).collect()
    }

    /// The server sends this; everything that is done at once.
    fn hears(&mut self, bytes: &[u8]) -> Vec<Act> {
        self.ear.hear(bytes);
        self.now()
    }

    fn control(&mut self, control: Control) -> Vec<Act> {
        let now = self.time();
        self.player.control(control, now);
        self.now()
    }

    fn standing(&self) -> Standing {
        self.board.read().unwrap().standing
    }
}

fn send(bytes: impl Into<Bytes>) -> Act {
    Act::Send(bytes.into())
}

/// The opcode and the unmasked payload of a frame that is sent.
fn frame(act: &Act) -> (Opcode, Vec<u8>) {
    let Act::Send(bytes) = act else { panic!("{act:?}") };
    let HeaderParse::Complete(header) = FrameHeader::parse(bytes) else { panic!("{act:?}") };
    let mut payload = bytes[header.header_length()..].to_vec();
    header.masking_key.unwrap().apply(&mut payload, 0);
    (header.opcode, payload)
}

#[test]
fn everything_is_sent_at_its_time_and_what_was_written_at_once_is_written_at_once() {
    let two = [text("b"), text("c")].concat();
    let events = || {
        vec![
            Client(10, text("a")),
            Client(30, two.clone()),
            Client(30, text("d")),
            // A frame that came in three parts.
            Client(40, text("slowly")[..1].to_vec()),
            Client(60, text("slowly")[1..7].to_vec()),
            Client(90, text("slowly")[7..].to_vec()),
        ]
    };
    let parts = |times: [u64; 6]| {
        let slowly = text("slowly");
        let (first, middle, last) = (slowly[..1].to_vec(), slowly[1..7].to_vec(), slowly[7..].to_vec());
        let bytes = [text("a"), two.clone(), text("d"), first, middle, last];
        times.into_iter().zip(bytes.map(send)).collect::<Vec<_>>()
    };
    let mut played = Played::of(events());
    assert_eq!(played.until(90)[..6], parts([10, 30, 30, 40, 60, 90]));
    for (pace, times) in [
        (Pace::Times(2.0), [5, 15, 15, 20, 30, 45]),
        (Pace::Times(0.5), [20, 60, 60, 80, 120, 180]),
        (Pace::AtOnce, [0; 6]),
    ] {
        let mut played = Played::start(Replay { pace, ..replay(events()) });
        assert_eq!(played.until(180)[..6], parts(times), "{pace}");
    }
}

#[test]
fn what_came_after_an_answer_waits_for_one_and_the_times_behind_it_move() {
    let events = vec![
        Client(10, text("ask")),
        Server(20, answer("yes")),
        Client(30, text("go")),
        Client(50, text("on")),
        Server(60, answer("bye")),
    ];
    let mut played = Played::of(events);
    assert_eq!(played.until(200), [(10, send(text("ask")))]);
    assert_eq!(played.standing(), Standing::AwaitingMessages(1));
    assert_eq!(played.hears(&answer("ye")[..3]), []);
    assert_eq!(played.hears(&answer("ye")[3..]), [send(text("go"))]);
    assert_eq!(played.until(219), []);
    assert_eq!(played.until(220), [(220, send(text("on")))]);
    assert_eq!(played.remarks, Vec::<String>::new());
}

#[test]
fn an_answer_that_is_early_makes_nothing_earlier() {
    let events = vec![Client(10, text("ask")), Server(20, answer("yes")), Client(30, text("go"))];
    let mut played = Played::of(events);
    assert_eq!(played.until(10), [(10, send(text("ask")))]);
    assert_eq!(played.hears(&answer("yes")), []);
    assert_eq!(played.until(30)[0], (30, send(text("go"))));
}

#[test]
fn answers_are_not_waited_for_when_nobody_wants_it() {
    let events = vec![Server(5, answer("hello")), Client(10, text("a"))];
    let mut played = Played::start(Replay { waits_for_answers: false, ..replay(events) });
    assert_eq!(played.until(10), [(10, send(text("a")))]);
}

#[test]
fn a_server_that_says_less_is_waited_for_once_and_that_is_told() {
    let mut events = vec![Client(10, text("ask")), Server(20, answer("yes")), Client(30, text("go"))];
    events.extend([Server(40, answer("more")), Client(50, text("on"))]);
    let mut played = Played::of(events);
    // As long as it took then, from the frame before, and the patience.
    assert_eq!(played.until(30 + PATIENCE)[1..], [(30 + PATIENCE, send(text("go")))]);
    assert_eq!(played.remarks, ["The next frame waited in vain for 1 message of the server that came before it then."]);
    // The one that did not come is not waited for again.
    assert_eq!(played.hears(&answer("more")), []);
    assert_eq!(played.until(50 + PATIENCE)[0], (50 + PATIENCE, send(text("on"))));
}

#[test]
fn pausing_stops_the_clock() {
    let mut played = Played::of(vec![Client(10, text("a")), Client(30, text("b")), Client(50, text("c"))]);
    assert_eq!(played.until(20), [(10, send(text("a")))]);
    played.control(Control::Pause);
    assert_eq!(played.until(500), []);
    assert_eq!(played.standing(), Standing::Paused);
    played.control(Control::Resume);
    assert_eq!(played.until(509), []);
    assert_eq!(played.until(510), [(510, send(text("b")))]);
    assert_eq!(played.until(530)[0], (530, send(text("c"))));
}

#[test]
fn each_step_sends_one_frame_as_a_whole() {
    let slowly = text("slowly");
    let events = vec![
        Client(10, [text("a"), text("b")].concat()),
        Client(20, slowly[..3].to_vec()),
        Client(900, slowly[3..].to_vec()),
        Server(950, answer("not waited for")),
        Client(1000, text("d")),
        Client(1010, text("e")),
    ];
    let mut played = Played::start(Replay { starts_paused: true, ..replay(events) });
    assert_eq!(played.until(5000), []);
    assert_eq!(played.control(Control::Step), [send(text("a"))]);
    assert_eq!(played.control(Control::Step), [send(text("b"))]);
    assert_eq!(played.control(Control::Step), [send(slowly)]);
    assert_eq!(played.control(Control::Step), [send(text("d"))]);
    let progress = played.board.read().unwrap();
    assert_eq!((progress.frames, progress.sent, progress.left_out), (5, 4, 0));
    // From here on by its own time.
    played.until(5020);
    played.control(Control::Resume);
    played.hears(&answer("so that nothing is waited for"));
    assert_eq!(played.until(5030)[0], (5030, send(text("e"))));
}

#[test]
fn pings_are_answered_as_they_were_with_their_own_payloads() {
    let events = vec![
        Server(10, server(Opcode::Ping, b"one")),
        Client(15, client(Opcode::Pong, b"one")),
        Server(20, server(Opcode::Ping, b"two")),
        Server(30, server(Opcode::Ping, b"three")),
        Client(30, client(Opcode::Pong, b"three")),
        Client(60, text("a")),
        Client(70, client(Opcode::Pong, b"unasked")),
    ];
    let mut played = Played::of(events);
    assert_eq!(played.until(2), []);
    assert_eq!(played.hears(&server(Opcode::Ping, b"A")), []);
    let pong = played.until(7);
    assert_eq!((pong[0].0, frame(&pong[0].1)), (7, (Opcode::Pong, b"A".to_vec())));
    // The second was not answered then.
    assert_eq!(played.hears(&server(Opcode::Ping, b"B")), []);
    assert_eq!(played.until(9), []);
    let third = played.hears(&server(Opcode::Ping, b"C"));
    assert_eq!(third.iter().map(frame).collect::<Vec<_>>(), [(Opcode::Pong, b"C".to_vec())]);
    // Of more than then, each is answered like the last; also while it is paused.
    played.control(Control::Pause);
    let fourth = played.hears(&server(Opcode::Ping, b"D"));
    assert_eq!(fourth.iter().map(frame).collect::<Vec<_>>(), [(Opcode::Pong, b"D".to_vec())]);
    played.control(Control::Resume);
    assert_eq!(played.until(70)[..2], [(60, send(text("a"))), (70, send(client(Opcode::Pong, b"unasked")))]);
}

/// A session in which the server closed with this, and the client answered with that.
fn closed_by_server(payload: &[u8], reply: &[u8]) -> Vec<Then> {
    vec![
        Client(10, text("a")),
        Server(20, server(Opcode::Close, payload)),
        Client(25, client(Opcode::Close, reply)),
        Ended(30, Side::Server, TransportEnd::Fin),
        Ended(30, Side::Client, TransportEnd::Fin),
    ]
}

const DONE: &[u8] = b"\x03\xe8done";
const OTHER: &[u8] = b"\x0f\xa1other";

#[test]
fn the_close_answers_the_servers_and_says_what_it_said_then() {
    for (then, reply, now, sent) in [
        (DONE, DONE, DONE, DONE),
        (DONE, &DONE[..2], DONE, &DONE[..2]),
        // What repeated what it answered repeats it now too.
        (DONE, DONE, OTHER, OTHER),
        (DONE, &DONE[..2], OTHER, &OTHER[..2]),
        (DONE, &DONE[..2], b"", b""),
        // What did not, does not.
        (DONE, b"", OTHER, b""),
        (b"", DONE, OTHER, DONE),
    ] {
        let mut played = Played::of(closed_by_server(then, reply));
        assert_eq!(played.until(100), [(10, send(text("a")))]);
        assert_eq!(played.standing(), Standing::AwaitingClose);
        let answer = played.hears(&server(Opcode::Close, now));
        assert_eq!(answer.iter().map(frame).collect::<Vec<_>>(), [(Opcode::Close, sent.to_vec())]);
        if now == then {
            assert_eq!(answer, [send(client(Opcode::Close, reply))], "the same bytes");
        }
        assert_eq!(played.until(200), []);
        played.has_server_ended = true;
        assert_eq!(played.now(), [Act::EndOutput]);
        assert_eq!(played.remarks, Vec::<String>::new());
    }
}

#[test]
fn a_server_that_does_not_close_is_waited_for_and_then_closed_with() {
    let mut played = Played::of(closed_by_server(DONE, DONE));
    let acts = played.until(5000);
    assert_eq!(acts[0], (10, send(text("a"))));
    assert_eq!(frame(&acts[1].1), (Opcode::Close, b"\x03\xe8".to_vec()));
    assert_eq!((acts[1].0, &acts[2]), (30 + PATIENCE, &(30 + 2 * PATIENCE, Act::GiveUp)));
    assert_eq!(played.remarks, ["The server did not end the session as it did then: it is closed with 1000."]);
}

#[test]
fn a_server_that_closes_earlier_leaves_the_rest_out() {
    let own_close = || {
        let mut events = vec![Client(10, text("a")), Client(100, text("b")), Client(200, text("c"))];
        events.push(Client(300, client(Opcode::Close, DONE)));
        events
    };
    let mut played = Played::of(own_close());
    played.until(50);
    let close = played.hears(&server(Opcode::Close, OTHER));
    // The client closed by itself then: with its own words, at once.
    assert_eq!(close, [send(client(Opcode::Close, DONE))]);
    assert_eq!(played.remarks, ["The server closed earlier than then: 2 frames are not sent."]);
    assert_eq!(played.board.read().unwrap().left_out, 2);

    // Without a Close of the client that is known, it is answered by the rules.
    let mut played = Played::of(vec![Client(10, text("a")), Client(100, text("b"))]);
    played.until(50);
    let close = played.hears(&server(Opcode::Close, OTHER));
    assert_eq!(close.iter().map(frame).collect::<Vec<_>>(), [(Opcode::Close, OTHER[..2].to_vec())]);

    // A client that did not answer then does not now; and what it sent behind the Close, it sends.
    let silent = vec![Client(10, text("a")), Server(20, server(Opcode::Close, DONE)), Client(30, text("b"))];
    let mut played = Played::of(silent);
    played.until(25);
    assert_eq!(played.hears(&server(Opcode::Close, DONE)), []);
    assert_eq!(played.until(500), [(30, send(text("b")))]);
}

#[test]
fn a_server_that_ends_the_connection_earlier_leaves_the_rest_out() {
    let mut played = Played::of(vec![Client(10, text("a")), Client(100, text("b"))]);
    played.until(50);
    played.has_server_ended = true;
    assert_eq!(played.now(), [Act::EndOutput]);
    assert_eq!(played.remarks, ["The server ended the connection earlier than then: 1 frame is not sent."]);
}

#[test]
fn the_clients_end_of_the_connection_is_done_again() {
    for (how, act) in
        [(TransportEnd::Fin, Act::EndOutput), (TransportEnd::Local, Act::Reset), (TransportEnd::Rst, Act::Reset)]
    {
        let mut played = Played::of(vec![Client(10, text("a")), Ended(40, Side::Client, how)]);
        assert_eq!(played.until(39), [(10, send(text("a")))]);
        assert_eq!(played.until(40), [(40, act)], "{how:?}");
    }
    // Half open: the server went first, and the client kept sending.
    let events = vec![
        Client(10, text("a")),
        Ended(20, Side::Server, TransportEnd::Fin),
        Client(30, text("b")),
        Ended(40, Side::Client, TransportEnd::Fin),
    ];
    let mut played = Played::of(events);
    played.until(20);
    played.has_server_ended = true;
    assert_eq!(played.until(100), [(30, send(text("b"))), (30, Act::EndOutput)]);
}

#[test]
fn a_client_that_stopped_waiting_stops_waiting_as_late_as_then() {
    let events = vec![Client(10, client(Opcode::Close, DONE)), Ended(60, Side::Client, TransportEnd::Timeout)];
    let mut played = Played::of(events);
    assert_eq!(played.until(500), [(10, send(client(Opcode::Close, DONE))), (60, Act::GiveUp)]);
    assert_eq!(played.remarks, Vec::<String>::new());
}

#[test]
fn a_session_without_an_end_is_closed_once_as_much_has_come() {
    let mut played = Played::of(vec![Client(10, text("a")), Server(20, answer("b")), Server(30, answer("c"))]);
    assert_eq!(played.until(100), [(10, send(text("a")))]);
    assert_eq!(played.hears(&answer("b")), []);
    assert_eq!(played.standing(), Standing::AwaitingMessages(1));
    let close = played.hears(&answer("c"));
    assert_eq!(close.iter().map(frame).collect::<Vec<_>>(), [(Opcode::Close, b"\x03\xe8".to_vec())]);
    played.ear.hear(&server(Opcode::Close, b"\x03\xe8"));
    played.has_server_ended = true;
    assert_eq!(played.now(), [Act::EndOutput]);
}

#[test]
fn stopping_leaves_out_the_rest_and_closes() {
    let mut played = Played::of(vec![Client(10, text("a")), Client(100, text("b")), Client(200, text("c"))]);
    played.until(50);
    let close = played.control(Control::Stop);
    assert_eq!(close.iter().map(frame).collect::<Vec<_>>(), [(Opcode::Close, b"\x03\xe8".to_vec())]);
    let progress = played.board.read().unwrap();
    assert_eq!((progress.sent, progress.left_out, progress.next), (1, 2, None));
    assert_eq!(played.remarks, ["The replay was stopped after 1 of its 3 frames."]);
    assert_eq!(played.until(5000), [(50 + PATIENCE, Act::GiveUp)]);
}

#[test]
fn what_is_cut_off_or_no_frame_is_sent_as_it_is() {
    // A frame of an opcode that there is not, unmasked; one that is cut off; and behind another, half a header.
    let wild = [0xFB, 0x02, b'x', b'y'];
    let mut played = Played::of(vec![Client(10, wild.to_vec()), Client(20, text("cut off")[..8].to_vec())]);
    assert_eq!(played.until(20)[..2], [(10, send(wild.to_vec())), (20, send(text("cut off")[..8].to_vec()))]);
    let mut played = Played::of(vec![Client(10, text("a")), Client(20, vec![0x81, 0xFE, 0x01])]);
    assert_eq!(played.until(20)[..2], [(10, send(text("a"))), (20, send(vec![0x81, 0xFE, 0x01]))]);
}

#[test]
fn only_what_is_chosen_is_sent() {
    let mut fragments = client(Opcode::Text, b"b");
    fragments[0] = 0x01;
    let events = vec![
        Client(10, text("a")),
        Client(20, fragments.clone()),
        Client(30, client(Opcode::Continuation, b"c")),
        Client(40, text("d")),
        Server(60, answer("e")),
    ];
    // The second frame begins a message, so that the third goes with it.
    let mut chosen = FrameSet::default();
    chosen.set(1, true);
    let mut played = Played::start(Replay { chosen: Some(chosen), ..replay(events) });
    let expected = [(20, send(fragments)), (30, send(client(Opcode::Continuation, b"c")))];
    assert_eq!(played.until(35), expected);
    played.until(50);
    let progress = played.board.read().unwrap();
    assert_eq!((progress.frames, progress.sent, progress.left_out), (4, 2, 2));
}

/// Bytes that somebody takes away.
#[derive(Debug)]
struct Lost {
    bytes: Bytes,
    is_lost: AtomicBool,
}

impl ByteSource for Lost {
    fn reader(&self) -> Box<dyn PartReader + '_> {
        Box::new(self)
    }
}

impl PartReader for &Lost {
    fn read(&mut self, kept: Kept, skipped: usize, buffer: &mut [u8]) -> usize {
        let start = kept.position as usize + skipped;
        if self.is_lost.load(Ordering::Relaxed) { 0 } else { copy_start(&self.bytes[start..], buffer) }
    }
}

#[test]
fn bytes_that_cannot_be_read_back_end_the_replay_and_close_the_session() {
    let session = recorded(vec![Client(10, text("a")), Client(20, text("b"))]);
    let chunks: Vec<_> = session.events().map(Result::unwrap).collect();
    let bytes = chunks.iter().flat_map(|event| match &event.kind {
        EventKind::Bytes { bytes, .. } => bytes.to_vec(),
        _ => Vec::new(),
    });
    let source = Arc::new(Lost { bytes: bytes.collect(), is_lost: AtomicBool::new(false) });
    let mut recorder = Recorder::over(session.origin.clone(), session.inflation_limit, source.clone());
    let mut position = 0;
    for event in &chunks {
        if let EventKind::Bytes { direction, bytes } = &event.kind {
            recorder.record_kept(event.at, *direction, bytes, position);
            position += bytes.len() as u64;
        }
    }
    let mut played = Played::start(Replay::of(Arc::new(recorder.finish())));
    assert_eq!(played.until(10), [(10, send(text("a")))]);
    source.is_lost.store(true, Ordering::Relaxed);
    let acts = played.until(20);
    assert_eq!(acts.iter().map(|(_, act)| frame(act)).collect::<Vec<_>>(), [(Opcode::Close, b"\x03\xe8".to_vec())]);
    assert!(played.remarks[0].starts_with("The replay ends here: 7 bytes"), "{:?}", played.remarks);
}
