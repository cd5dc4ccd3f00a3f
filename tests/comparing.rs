//! Two sessions beside each other: which messages of the server are the same, which are not, and what else differs.

use std::sync::Arc;
use std::time::Duration;

use closelook::content::json_path::Step;
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd;
use closelook::reading::comparison::{Comparison, ComparisonSurvey, Likeness, MOST_ROWS};
use closelook::search::Filter;
use closelook::session::background::Background;
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

const KEY: MaskingKey = MaskingKey([1, 2, 3, 4]);

/// A session that is being made; its times are in milliseconds.
struct Talk {
    recorder: Recorder,
    at: u64,
}

impl Talk {
    fn new() -> Talk {
        Talk::with("")
    }

    /// With more lines in the response.
    fn with(lines: &str) -> Talk {
        let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
        let mut talk = Talk { recorder: Recorder::new(origin), at: 0 };
        talk.bytes(
            Side::Client,
            b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        );
        let response = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{lines}\r\n"
        );
        talk.bytes(Side::Server, response.as_bytes());
        talk
    }

    fn bytes(&mut self, side: Side, bytes: &[u8]) {
        let kind = EventKind::Bytes { direction: side.sends(), bytes: bytes.to_vec().into() };
        self.recorder.record(Event { at: Moment(self.at * 1_000_000), kind });
    }

    fn frame(&mut self, side: Side, opcode: Opcode, payload: &[u8]) {
        let masking_key = (side == Side::Client).then_some(KEY);
        let header = FrameHeader { masking_key, ..FrameHeader::new(opcode, payload.len() as u64) };
        self.bytes(side, &header.with_payload(payload));
    }

    /// Messages, one a millisecond: `>` begins those of the client.
    fn say(mut self, messages: &[&str]) -> Talk {
        for message in messages {
            self.at += 1;
            match message.strip_prefix('>') {
                Some(message) => self.frame(Side::Client, Opcode::Text, message.as_bytes()),
                None => self.frame(Side::Server, Opcode::Text, message.as_bytes()),
            }
        }
        self
    }

    fn after(mut self, milliseconds: u64) -> Talk {
        self.at += milliseconds;
        self
    }

    fn control(mut self, side: Side, opcode: Opcode, payload: &[u8]) -> Talk {
        self.frame(side, opcode, payload);
        self
    }

    fn end(mut self, side: Side, how: TransportEnd) -> Talk {
        self.recorder.record(Event { at: Moment(self.at * 1_000_000), kind: EventKind::TransportEnded { side, how } });
        self
    }

    fn session(self) -> Arc<Session> {
        Arc::new(self.recorder.finish())
    }
}

fn said(messages: &[&str]) -> Arc<Session> {
    Talk::new().say(messages).session()
}

fn compared(then: &Arc<Session>, now: &Arc<Session>, ignored: &[&str]) -> Comparison {
    let path = |text: &&str| -> Vec<Step> { Filter::parse(text).unwrap().json_path().unwrap().to_vec() };
    let comparison = Comparison::of(Arc::clone(then), Arc::clone(now), ignored.iter().map(path).collect());
    assert!(comparison.is_complete);
    assert_eq!(comparison.looked_at.0, comparison.looked_at.1);
    comparison
}

/// Each row with its frames, then and now, and the first difference.
fn rows(comparison: &Comparison) -> Vec<String> {
    let number =
        |seen: Option<closelook::reading::comparison::Seen>| seen.map_or("-".into(), |seen| seen.frame.0.to_string());
    comparison
        .rows
        .iter()
        .map(|row| {
            let difference = comparison.difference(row).map(|difference| format!(" {difference}")).unwrap_or_default();
            format!("{} {}/{}{difference}", row.likeness.name(), number(row.then()), number(row.now()))
        })
        .collect()
}

fn different(comparison: &Comparison) -> Vec<String> {
    comparison.different_facets().map(|facet| format!("{}: {}, now {}", facet.name, facet.then, facet.now)).collect()
}

#[test]
fn the_same_session_is_the_same() {
    let session = Talk::new().say(&[">a", "b", ">c", "d", "d"]).control(Side::Server, Opcode::Close, b"\x03\xe8");
    let session =
        session.control(Side::Client, Opcode::Close, b"\x03\xe8").end(Side::Server, TransportEnd::Fin).session();
    let comparison = compared(&session, &session, &[]);
    assert_eq!(rows(&comparison), ["equal 2/2", "equal 4/4", "equal 5/5"]);
    assert_eq!(comparison.counts.of(Likeness::Equal), 3);
    assert!(comparison.is_same());
    assert!(comparison.facets.iter().all(|facet| facet.then == facet.now));
}

#[test]
fn each_message_is_equal_moved_changed_missing_or_additional() {
    let then = said(&[">go", "one", r#"{"n":2}"#, "three", "four", "five"]);
    let now = said(&[">go", "one", r#"{"n":3}"#, "four", "three", "and more", "five", "six"]);
    let comparison = compared(&then, &now, &[]);
    assert_eq!(
        rows(&comparison),
        [
            "equal 2/2",
            "changed 3/3 json.n (byte 5): 2, now 3",
            "moved 4/5",
            "equal 5/4",
            "additional -/6",
            "equal 6/7",
            "additional -/8"
        ]
    );
    let counts = Likeness::ALL.map(|likeness| comparison.counts.of(likeness));
    assert_eq!(counts, [3, 1, 1, 0, 2]);
    assert!(!comparison.is_same());
    // The other way round, what was additional is missing.
    assert_eq!(compared(&now, &then, &[]).counts.of(Likeness::Missing), 2);
}

#[test]
fn replies_are_found_by_the_identifier_of_their_request_whatever_their_order() {
    let requests = [r#">{"id":1,"method":"a"}"#, r#">{"id":2,"method":"b"}"#];
    let then = said(&[&requests[..], &[r#"{"id":1,"result":"x"}"#, r#"{"id":2,"result":"y"}"#]].concat());
    let now = said(&[&requests[..], &["news", r#"{"id":2,"result":"Y"}"#, r#"{"id":1,"result":"X"}"#]].concat());
    let comparison = compared(&then, &now, &[]);
    assert_eq!(
        rows(&comparison),
        [
            r#"changed 3/5 json.result (byte 18): "x", now "X""#,
            r#"changed 4/4 json.result (byte 18): "y", now "Y""#,
            "additional -/3"
        ]
    );
}

#[test]
fn values_that_are_other_each_time_can_be_left_out() {
    let then = said(&[">go", r#"{"at":1,"n":1}"#, r#"{"at":22,"n":2}"#, r#"{"at":3,"n":3}"#]);
    let now = said(&[">go", r#"{"at":4,"n":1}"#, r#"{"at":600,"n":3}"#]);
    assert_eq!(compared(&then, &now, &[]).counts.of(Likeness::Equal), 0);
    assert_eq!(rows(&compared(&then, &now, &["json.at"])), ["equal 2/2", "missing 3/-", "equal 4/3"]);
}

#[test]
fn text_and_bytes_are_not_the_same() {
    let then = Talk::new().control(Side::Server, Opcode::Text, b"x").session();
    let now = Talk::new().control(Side::Server, Opcode::Binary, b"x").session();
    assert_eq!(rows(&compared(&then, &now, &[])), ["changed 1/1 text, now binary"]);
}

#[test]
fn fragments_and_compression_make_no_difference() {
    let mut then = Talk::new().say(&["hello"]);
    then.bytes(Side::Server, b"\x81\x05Hello");
    let mut now = Talk::with("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    now.bytes(Side::Server, b"\x01\x02he\x80\x03llo");
    now.bytes(Side::Server, b"\xC1\x07\xF2\x48\xCD\xC9\xC9\x07\x00");
    let comparison = compared(&then.session(), &now.session(), &[]);
    assert_eq!(rows(&comparison), ["equal 1/1", "equal 2/3"]);
    assert_eq!(
        different(&comparison),
        [
            "Extensions: none, now permessage-deflate",
            "Rules that the server broke: none, now response-extension-not-offered"
        ]
    );
}

#[test]
fn ends_are_compared_where_they_are_known() {
    let closed = |code: &[u8], end: TransportEnd| {
        let talk = Talk::new().say(&["a"]).control(Side::Server, Opcode::Close, code);
        talk.control(Side::Client, Opcode::Close, code).end(Side::Server, end).session()
    };
    let done = closed(b"\x03\xe8done", TransportEnd::Fin);
    assert_eq!(
        different(&compared(&done, &closed(b"\x0f\xa1", TransportEnd::Rst), &[])),
        [
            "Server's Close: 1000 \"done\", now 4001",
            "Client's Close: 1000 \"done\", now 4001",
            "End of TCP: FIN of the server, now reset by the server"
        ]
    );
    let dropped = Talk::new().say(&["a"]).end(Side::Server, TransportEnd::Fin).session();
    assert_eq!(
        different(&compared(&done, &dropped, &[])),
        [
            "First Close: by the server, now none",
            "Server's Close: 1000 \"done\", now none",
            "Client's Close: 1000 \"done\", now none",
            "Clean: yes, now no"
        ]
    );
    // A log that stops in the middle says nothing about the end.
    let cut_off = said(&["a"]);
    assert!(compared(&cut_off, &done, &[]).is_same());
}

#[test]
fn what_the_server_did_beside_messages_is_compared() {
    let then =
        Talk::new().control(Side::Client, Opcode::Ping, b"p").control(Side::Server, Opcode::Pong, b"p").session();
    let now = Talk::new().control(Side::Client, Opcode::Ping, b"p").control(Side::Server, Opcode::Ping, b"q");
    let now = now.control(Side::Server, Opcode::Reserved(3), b"").session();
    let comparison = compared(&then, &now, &[]);
    assert_eq!(
        different(&comparison),
        ["Pongs of the server: 1, now 0", "Rules that the server broke: none, now reserved-opcode"]
    );
    assert!(
        comparison
            .facets
            .iter()
            .any(|facet| (facet.name, &*facet.then, &*facet.now) == ("Pings of the server", "0", "1"))
    );
}

#[test]
fn answer_times_are_those_of_then_and_now() {
    let talk = |waits: [u64; 2]| {
        let talk = Talk::new().say(&[r#">{"id":1,"method":"slow"}"#, ">quick"]).after(waits[0]).say(&["yes"]);
        talk.after(waits[1]).say(&[r#"{"id":1,"result":0}"#]).session()
    };
    let comparison = compared(&talk([4, 10]), &talk([1, 2]), &[]);
    let took: Vec<_> = comparison
        .rows
        .iter()
        .map(|row| [row.then(), row.now()].map(|seen| seen.unwrap().took.unwrap().as_millis()))
        .collect();
    // The first since the client's newest message, the second since the request with its id.
    assert_eq!(took, [[5, 2], [17, 6]]);
    let times = comparison.times.unwrap();
    assert_eq!((times.then.longest, times.now.shortest), (Duration::from_millis(17), Duration::from_millis(2)));
    assert!(comparison.is_same(), "times are no difference");
}

#[test]
fn long_sessions_are_compared_in_windows() {
    const MESSAGES: u32 = 40_000;
    let mut then = Talk::new();
    let mut now = Talk::new();
    for number in 0..MESSAGES {
        let message = number.to_be_bytes();
        then.frame(Side::Server, Opcode::Binary, &message);
        match number {
            // One is missing, one is changed, and many come in between.
            10_000 => {}
            20_000 => now.frame(Side::Server, Opcode::Binary, b"other"),
            30_000 => {
                for extra in 0..3_000_u32 {
                    now.frame(Side::Server, Opcode::Binary, &(MESSAGES + extra).to_be_bytes());
                }
                now.frame(Side::Server, Opcode::Binary, &message);
            }
            _ => now.frame(Side::Server, Opcode::Binary, &message),
        }
    }
    let comparison = compared(&then.session(), &now.session(), &[]);
    let counts = Likeness::ALL.map(|likeness| comparison.counts.of(likeness));
    assert_eq!(counts, [u64::from(MESSAGES) - 2, 0, 1, 1, 3_000]);
    assert!(comparison.rows.len() < MOST_ROWS);
}

#[test]
fn a_comparison_goes_on_in_the_background_and_can_be_stopped() {
    let (woken, wakes) = std::sync::mpsc::channel();
    let session = said(&vec!["again"; 5_000]);
    let survey = ComparisonSurvey::new(Arc::clone(&session), session, Vec::new());
    let background = Background::start(
        survey,
        Arc::new(move || {
            let _ = woken.send(());
        }),
    )
    .unwrap();
    while !background.found().is_complete {
        wakes.recv_timeout(Duration::from_secs(60)).unwrap();
    }
    assert!(background.found().is_same());
    assert_eq!(background.found().counts.of(Likeness::Equal), 5_000);
    background.stop();
    assert!(background.is_stopped());
}

#[test]
fn nothing_is_compared_with_nothing() {
    let (empty, some) = (Talk::new().session(), said(&["a", "b"]));
    assert!(compared(&empty, &empty, &[]).is_same());
    assert_eq!(rows(&compared(&empty, &some, &[])), ["additional -/1", "additional -/2"]);
    assert_eq!(rows(&compared(&some, &empty, &[])), ["missing 1/-", "missing 2/-"]);
}
