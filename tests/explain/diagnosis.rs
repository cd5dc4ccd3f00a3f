//! “Why did I see this?”: sessions staged in bytes and times, each with the cause that it was staged to have.

use std::collections::BTreeSet;

use bytes::Bytes;
use closelook::explain::diagnosis::{Cause, Certainty, Diagnosis};
use closelook::explain::language::Language;
use closelook::explain::texts::Texts;
use closelook::protocol::close::{CloseCode, ClosePayload};
use closelook::protocol::direction::{Perspective, Side};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{ConnectStage, Outcome, TransportEnd};
use closelook::reading::circumstances::circumstances;
use closelook::session::{Event, EventKind, Origin, Session};

use super::assert_is_prose;

use Side::{Client, Server};

/// A session that is put together from what happened when, in seconds since its start.
#[derive(Clone)]
struct Staged {
    perspective: Perspective,
    events: Vec<Event>,
    /// Frames are masked with a key of their own each.
    frames: u8,
}

impl Staged {
    fn new() -> Staged {
        Staged { perspective: Perspective::Client, events: Vec::new(), frames: 0 }
    }

    /// An upgrade that is asked for at 0.1 s and answered 40 ms later.
    fn open() -> Staged {
        Staged::asking().bytes(
            0.14,
            Server,
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        )
    }

    fn asking() -> Staged {
        Staged::new().bytes(
            0.1,
            Client,
            b"GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        )
    }

    /// An upgrade that is answered with a status.
    fn answered(status: &str) -> Staged {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        Staged::asking().bytes(0.2, Server, answer.as_bytes()).end(0.3, Server, TransportEnd::Fin)
    }

    fn failing(stage: ConnectStage, problem: &str) -> Staged {
        let kind = EventKind::ConnectFailed { stage, problem: problem.to_owned(), advice: "Try again.".to_owned() };
        Staged::new().event(0.1, kind)
    }

    fn event(mut self, at: f64, kind: EventKind) -> Staged {
        self.events.push(Event { at: Moment((at * 1e9) as u64), kind });
        self
    }

    fn bytes(self, at: f64, side: Side, bytes: &[u8]) -> Staged {
        self.event(at, EventKind::Bytes { direction: side.sends(), bytes: Bytes::copy_from_slice(bytes) })
    }

    fn frame(mut self, at: f64, side: Side, opcode: Opcode, payload: &[u8]) -> Staged {
        self.frames = self.frames.wrapping_add(1);
        let mut header = FrameHeader::new(opcode, payload.len() as u64);
        header.masking_key = (side == Client).then_some(MaskingKey([self.frames, 7, 9, 11]));
        self.bytes(at, side, &header.with_payload(payload))
    }

    fn text(self, at: f64, side: Side) -> Staged {
        self.frame(at, side, Opcode::Text, b"hello")
    }

    fn close(self, at: f64, side: Side, code: u16, reason: &str) -> Staged {
        self.frame(at, side, Opcode::Close, &ClosePayload::bytes(CloseCode(code), reason))
    }

    fn empty_close(self, at: f64, side: Side) -> Staged {
        self.frame(at, side, Opcode::Close, &[])
    }

    /// A Close, and the same code back 50 ms later.
    fn closed(self, at: f64, side: Side, code: u16, reason: &str) -> Staged {
        self.close(at, side, code, reason).close(at + 0.05, side.peer(), code, "").fin(at + 0.06, Server)
    }

    fn end(self, at: f64, side: Side, how: TransportEnd) -> Staged {
        self.event(at, EventKind::TransportEnded { side, how })
    }

    fn fin(self, at: f64, side: Side) -> Staged {
        self.end(at, side, TransportEnd::Fin)
    }

    fn reset(self, at: f64, side: Side) -> Staged {
        self.end(at, side, TransportEnd::Rst)
    }

    fn seen_by(self, perspective: Perspective) -> Staged {
        Staged { perspective, ..self }
    }

    fn session(&self) -> Session {
        let origin = Origin { started_at: 0, url: None, perspective: self.perspective };
        Session::replay(origin, self.events.clone())
    }

    fn diagnosed_in(&self, language: Language) -> Diagnosis {
        Diagnosis::of(&circumstances(&self.session()), language.texts())
    }

    fn diagnosed(&self) -> Diagnosis {
        self.diagnosed_in(Language::ENGLISH)
    }

    /// The most certain cause, which must be this one.
    fn expect(&self, name: &str, side: impl Into<Option<Side>>) -> Cause {
        let diagnosis = self.diagnosed();
        let found: Vec<_> = diagnosis.causes.iter().map(|cause| (cause.name, cause.side)).collect();
        assert_eq!(found.first(), Some(&(name, side.into())), "{found:?}");
        diagnosis.causes.into_iter().next().unwrap()
    }

    /// A cause that must be among the others.
    fn expect_also(&self, name: &str, side: impl Into<Option<Side>>) -> Cause {
        let diagnosis = self.diagnosed();
        let found: Vec<_> = diagnosis.causes.iter().map(|cause| (cause.name, cause.side)).collect();
        let wanted = (name, side.into());
        let place = found.iter().position(|cause| *cause == wanted);
        diagnosis.causes[place.unwrap_or_else(|| panic!("no {name}: {found:?}"))].clone()
    }
}

/// The frames that a cause points at.
fn frames(cause: &Cause) -> Vec<u64> {
    cause.clues.iter().filter_map(|clue| clue.frame.map(|number| number.0)).collect()
}

#[test]
fn an_empty_close_is_its_senders_whoever_echoes_it() {
    for side in Side::BOTH {
        let echoed =
            Staged::open().text(1.0, Client).empty_close(2.0, side).empty_close(2.05, side.peer()).fin(2.1, Server);
        let cause = echoed.expect("empty-close", side);
        assert_eq!(frames(&cause), [2, 3], "the empty Close and its echo");
        let answered = Staged::open().empty_close(2.0, side).close(2.05, side.peer(), 1000, "").fin(2.1, Server);
        answered.expect("empty-close", side);
        let dropped = Staged::open().empty_close(2.0, side).fin(2.1, side.peer());
        dropped.expect("empty-close", side);
        dropped.expect_also("close-unanswered", side.peer());
    }
}

#[test]
fn a_reply_that_lost_the_code_is_the_repliers() {
    for side in Side::BOTH {
        let staged = Staged::open().close(2.0, side, 1000, "done").empty_close(2.05, side.peer()).fin(2.1, Server);
        let cause = staged.expect("reply-lost-code", side.peer());
        assert_eq!(cause.certainty, Certainty::Certain);
        assert!(cause.title.contains("1000"), "{}", cause.title);
        assert_eq!(frames(&cause), [1, 2]);
    }
}

#[test]
fn a_reply_with_another_code_may_be_an_answer_and_may_have_crossed() {
    let late = Staged::open().close(2.0, Client, 1001, "").close(2.05, Server, 1000, "").fin(2.1, Server);
    assert_eq!(late.diagnosed().causes[0].name, "reply-changed-code");
    late.expect_also("closes-crossed", None);
    // An answer takes 40 ms here, as the upgrade showed; 5 ms is no answer.
    let early = Staged::open().close(2.0, Client, 1000, "").close(2.005, Server, 1001, "").fin(2.1, Server);
    let cause = early.expect("closes-crossed", None);
    assert!(cause.clues.iter().any(|clue| clue.text.contains("5.0 ms") && clue.text.contains("40.0 ms")), "{cause:#?}");
    // Somebody who looks on from elsewhere cannot tell by the times.
    early.seen_by(Perspective::Observer).expect("reply-changed-code", Server);
}

#[test]
fn a_connection_that_ends_after_a_round_silence_is_a_proxys() {
    for (silence, limit) in [(60.02, "60"), (30.4, "30"), (99.9, "100"), (350.1, "350")] {
        for how in [TransportEnd::Fin, TransportEnd::Rst] {
            let staged = Staged::open().text(1.0, Client).text(1.5, Server).end(1.5 + silence, Server, how);
            let cause = staged.expect("proxy-time-out", None);
            assert!(cause.title.contains(&format!("{limit} seconds")), "{}", cause.title);
            assert_eq!(frames(&cause), [2], "the last frame before the silence");
            assert_eq!(cause.certainty, Certainty::Likely);
        }
    }
    let without_any_frame = Staged::open().fin(60.2, Server);
    without_any_frame.expect("proxy-time-out", None);
    let not_round = Staged::open().text(1.0, Client).fin(48.3, Server);
    assert_eq!(not_round.diagnosed().causes.len(), 1);
    not_round.expect("fin-without-close", Server);
}

#[test]
fn a_server_that_closes_after_a_round_silence_has_a_limit() {
    let staged = Staged::open().text(1.0, Client).closed(61.0, Server, 1000, "");
    staged.expect("idle-limit", Server);
    staged.expect_also("finished", Server);
}

#[test]
fn a_fin_without_a_close_is_its_senders() {
    for side in Side::BOTH {
        let staged = Staged::open().text(1.0, Server).text(2.0, Client).fin(2.5, side);
        let cause = staged.expect("fin-without-close", side);
        assert_eq!(frames(&cause), [2], "the last frame before the end");
    }
}

#[test]
fn a_message_over_a_limit_is_its_senders() {
    for side in Side::BOTH {
        let large = vec![b'x'; 70_000];
        let staged = Staged::open()
            .text(1.0, side)
            .frame(2.0, side, Opcode::Binary, &large)
            .text(2.1, side.peer())
            .closed(2.2, side.peer(), 1009, "message too big");
        let cause = staged.expect("message-too-big", side);
        assert_eq!(frames(&cause), [4, 2], "the Close and the large message");
        assert!(cause.clues.iter().any(|clue| clue.text.contains("70000")), "{cause:#?}");
    }
}

#[test]
fn text_that_is_not_utf8_is_its_senders() {
    for side in Side::BOTH {
        let staged = Staged::open().frame(1.0, side, Opcode::Text, b"gr\xfc\xdfe").closed(
            1.1,
            side.peer(),
            1007,
            "invalid UTF-8",
        );
        let cause = staged.expect("invalid-utf8", side);
        assert_eq!(frames(&cause), [2, 1]);
        assert!(cause.clues[1].text.contains("offset 2"), "{cause:#?}");
    }
    let valid = Staged::open().text(1.0, Client).closed(1.1, Server, 1007, "no JSON");
    valid.expect("content-refused", Client);
}

#[test]
fn a_broken_rule_is_the_side_s_that_broke_it() {
    let unmasked = Staged::open().bytes(1.0, Client, b"\x81\x02hi").closed(1.1, Server, 1002, "");
    let cause = unmasked.expect("protocol-violation", Client);
    assert!(cause.clues[1].text.contains("without masking"), "{cause:#?}");
    let claimed = Staged::open().text(1.0, Client).closed(1.1, Server, 1002, "");
    claimed.expect("protocol-error-claimed", Client);
    let dropped = Staged::open().frame(1.0, Server, Opcode::Reserved(11), b"").fin(1.1, Client);
    dropped.expect("protocol-violation", Server);
    let half = Staged::open().frame(1.0, Server, Opcode::Close, &[3]).close(1.1, Client, 1002, "").fin(1.2, Server);
    half.expect("half-code", Server);
    let illegal = Staged::open().close(1.0, Server, 1006, "").close(1.1, Client, 1002, "").fin(1.2, Server);
    illegal.expect("code-not-allowed", Server);
}

#[test]
fn a_reset_tells_whether_data_was_in_flight() {
    for side in Side::BOTH {
        let in_flight = Staged::open().text(1.0, side).text(3.0, side.peer()).reset(3.2, side);
        let cause = in_flight.expect("reset-with-data-in-flight", side);
        assert_eq!(frames(&cause), [2], "what was sent to the side that reset");
        let quiet = Staged::open().text(1.0, side).text(1.5, side.peer()).reset(9.2, side);
        quiet.expect("reset-without-data", side);
    }
}

#[test]
fn what_was_being_sent_shows_who_stopped() {
    for side in Side::BOTH {
        let mut frame = FrameHeader::new(Opcode::Text, 100);
        frame.masking_key = (side == Client).then_some(MaskingKey([1, 2, 3, 4]));
        let mut part = frame.with_payload(&[b'a'; 100]);
        part.truncate(40);
        Staged::open().text(1.0, Server).bytes(2.0, side, &part).fin(2.1, side).expect("cut-inside-message", side);
    }
}

#[test]
fn a_keep_alive_that_went_unanswered_is_the_silent_side_s() {
    for silent in Side::BOTH {
        let pinged = Staged::open().text(1.0, silent).frame(5.0, silent.peer(), Opcode::Ping, b"1");
        let cause = pinged.clone().fin(25.0, silent.peer()).expect("keep-alive-unanswered", silent);
        assert_eq!(frames(&cause), [2], "the Ping");
        assert!(cause.clues[0].text.contains("20.00 s"), "{cause:#?}");
        // As Python websockets does it.
        let closed = pinged.close(25.0, silent.peer(), 1011, "keepalive ping timeout").fin(35.0, silent.peer());
        closed.expect_also("keep-alive-unanswered", silent);
        closed.expect_also("closer-did-not-wait", silent.peer());
    }
    // Phoenix has a heartbeat of its own in messages.
    let phoenix = Staged::open().text(1.0, Client).closed(31.7, Client, 1000, "heartbeat timeout");
    phoenix.expect("keep-alive-unanswered", Server);
}

#[test]
fn closes_about_authorization_and_rules_are_about_the_other_side() {
    for (code, reason, name) in [
        (3000, "", "authorization"),
        (3003, "", "authorization"),
        (4401, "", "authorization"),
        (4403, "Forbidden", "authorization"),
        (1008, "token expired", "authorization"),
        (4001, "Authentication failed", "authorization"),
        (1008, "", "policy"),
        (1008, "Too many requests", "rate-limit"),
        (4429, "", "rate-limit"),
        (3008, "", "too-late"),
        (4408, "Connection initialisation timeout", "too-late"),
    ] {
        Staged::open().text(1.0, Client).closed(2.0, Server, code, reason).expect(name, Client);
    }
    let told = Staged::open().closed(2.0, Server, 1008, "Token EXPIRED").expect("authorization", Client);
    assert!(told.clues.iter().any(|clue| clue.text.contains("“Token EXPIRED”")), "as it was sent: {told:#?}");
    let private = Staged::open().closed(2.0, Server, 4014, "").expect("private-code", Server);
    assert!(private.clues.iter().any(|clue| clue.text.contains("Discord Gateway")), "{private:#?}");
}

#[test]
fn closes_about_the_sender_are_about_the_sender() {
    for (code, name) in [
        (1001, "server-going-away"),
        (1011, "internal-error"),
        (1012, "service-restart"),
        (1013, "overload"),
        (1014, "bad-gateway"),
        (4321, "private-code"),
        (1000, "finished"),
    ] {
        Staged::open().text(1.0, Client).closed(2.0, Server, code, "").expect(name, Server);
    }
    Staged::open().text(1.0, Client).closed(2.0, Client, 1001, "").expect("page-left", Client);
    Staged::open().text(1.0, Client).closed(2.0, Client, 1000, "done").expect("finished", Client);
    Staged::open().closed(2.0, Client, 1010, "permessage-deflate").expect("extension-missing", Server);
    let refused = Staged::open().frame(1.0, Client, Opcode::Binary, b"\x00\x01").closed(1.1, Server, 1003, "");
    assert_eq!(frames(&refused.expect("unsupported-data", Client)), [2, 1]);
}

#[test]
fn a_close_that_is_not_answered_tells_who_did_not_wait() {
    let silent = Staged::open().close(1.0, Client, 1000, "").end(11.0, Client, TransportEnd::Timeout);
    silent.expect("close-unanswered", Server);
    let dropped = Staged::open().close(1.0, Server, 1000, "").fin(1.2, Client);
    dropped.expect("close-unanswered", Client);
    let hasty = Staged::open().close(1.0, Client, 1000, "").reset(1.001, Client);
    hasty.expect("closer-did-not-wait", Client);
}

#[test]
fn ends_on_the_recording_side_are_told_as_such() {
    Staged::open().text(1.0, Client).end(2.0, Client, TransportEnd::Local).expect("aborted-here", Client);
    Staged::open().text(1.0, Client).end(9.0, Client, TransportEnd::Timeout).expect("gave-up-waiting", Client);
    Staged::open().fin(0.3, Server).expect("ended-at-once", Server);
}

#[test]
fn a_session_that_never_began_has_its_cause_in_the_answer() {
    for (status, name, side) in [
        ("401 Unauthorized", "upgrade-unauthorized", Client),
        ("403 Forbidden", "upgrade-forbidden", Client),
        ("404 Not Found", "upgrade-no-such-path", Client),
        ("301 Moved Permanently", "upgrade-redirected", Client),
        ("400 Bad Request", "upgrade-bad-request", Client),
        ("426 Upgrade Required", "upgrade-bad-request", Client),
        ("429 Too Many Requests", "upgrade-overloaded", Server),
        ("503 Service Unavailable", "upgrade-overloaded", Server),
        ("500 Internal Server Error", "upgrade-server-error", Server),
        ("502 Bad Gateway", "upgrade-bad-gateway", Server),
        ("200 OK", "upgrade-not-a-websocket", Server),
    ] {
        let cause = Staged::answered(status).expect(name, side);
        assert!(cause.clues[0].text.contains(status), "{cause:#?}");
    }
    let wrong = Staged::asking().bytes(
        0.2,
        Server,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
    );
    wrong.clone().fin(0.3, Client).expect("upgrade-answer-wrong", Server);
    wrong.event(0.3, failed(ConnectStage::Upgrade)).expect("upgrade-answer-wrong", Server);
    Staged::asking().fin(0.3, Server).expect("upgrade-unanswered", Server);
    Staged::asking().bytes(0.2, Server, b"\x15\x03\x01\x00\x02\x02\x16").fin(0.3, Server).expect("not-http", Server);
}

fn failed(stage: ConnectStage) -> EventKind {
    EventKind::ConnectFailed { stage, problem: "It failed.".to_owned(), advice: String::new() }
}

#[test]
fn a_connection_that_never_stood_has_its_cause_in_the_step() {
    for (stage, name, side) in [
        (ConnectStage::Dns, "name-not-resolved", Some(Client)),
        (ConnectStage::Tcp, "no-tcp-connection", Some(Server)),
        (ConnectStage::Proxy, "way-not-opened", None),
        (ConnectStage::Tls, "tls-failed", Some(Server)),
    ] {
        let cause = Staged::failing(stage, "The certificate has expired.").expect(name, side);
        assert_eq!(cause.clues[0].text, "The certificate has expired.");
    }
}

#[test]
fn a_session_that_fits_no_cause_says_so() {
    let teapot = Staged::answered("418 I'm a teapot").diagnosed();
    assert!(teapot.causes.is_empty());
    assert_eq!(teapot.nothing.as_deref(), Some("None of the causes that are known here fits this session."));
    let cut_off = Staged::open().text(1.0, Client).session();
    let diagnosis = Diagnosis::of(&circumstances(&cut_off), Texts::english());
    assert!(diagnosis.causes.is_empty() && diagnosis.nothing.unwrap().contains("recording stops"));
    let mut open = cut_off;
    open.verdict.outcome = Outcome::Open;
    let diagnosis = Diagnosis::of(&circumstances(&open), Texts::english());
    assert!(diagnosis.causes.is_empty() && diagnosis.nothing.unwrap().contains("has not ended"));
    let turkish = Staged::answered("418 I'm a teapot").diagnosed_in(Language::of_locale("tr").unwrap());
    assert_eq!(turkish.nothing.as_deref(), Some("Burada bilinen nedenlerin hiçbiri bu oturuma uymuyor."));
}

/// One session for every cause that there are words for.
fn all() -> Vec<Staged> {
    let mut all = Vec::new();
    for side in Side::BOTH {
        all.push(Staged::open().empty_close(2.0, side).empty_close(2.05, side.peer()).fin(2.1, Server));
        all.push(Staged::open().close(2.0, side, 1000, "done").empty_close(2.05, side.peer()).fin(2.1, Server));
        all.push(Staged::open().close(2.0, side, 1001, "").close(2.05, side.peer(), 1000, "").fin(2.1, Server));
        all.push(Staged::open().close(2.0, side, 1000, "").close(2.005, side.peer(), 1001, "").fin(2.1, Server));
        all.push(Staged::open().frame(1.0, side, Opcode::Close, &[3]).fin(1.2, Server));
        all.push(Staged::open().close(1.0, side, 1006, "").close(1.1, side.peer(), 1002, "").fin(1.2, Server));
        all.push(Staged::open().close(1.0, side, 1000, "").fin(1.2, side.peer()));
        all.push(Staged::open().close(1.0, side, 1000, "").reset(1.2, side));
        all.push(Staged::open().frame(1.0, side, Opcode::Reserved(11), b"").closed(1.1, side.peer(), 1002, ""));
        all.push(Staged::open().frame(1.0, side, Opcode::Text, b"\xff").closed(1.1, side.peer(), 1007, ""));
        for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3008, 4014, 4429] {
            all.push(Staged::open().text(1.0, Client).text(1.1, Server).closed(2.0, side, code, ""));
            all.push(Staged::open().text(1.0, Client).closed(61.0, side, code, "token"));
        }
        for how in [TransportEnd::Fin, TransportEnd::Rst, TransportEnd::Timeout, TransportEnd::Local] {
            all.push(Staged::open().end(0.3, side, how));
            all.push(Staged::open().text(1.0, side).text(1.5, side.peer()).end(1.6, side, how));
            all.push(Staged::open().text(1.0, side).text(1.5, side.peer()).end(61.6, side, how));
            all.push(Staged::open().frame(1.0, side, Opcode::Ping, b"").end(21.6, side, how));
            all.push(Staged::open().bytes(1.0, Server, b"\x82\x7dabc").end(2.0, side, how));
        }
        all.push(Staged::asking().fin(0.2, side));
    }
    let bad_deflate = Staged::asking().bytes(
        0.14,
        Server,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    );
    all.push(bad_deflate.bytes(1.0, Server, b"\xc1\x03\xff\xff\xff").closed(1.1, Client, 1007, ""));
    for status in [200, 301, 400, 401, 403, 404, 418, 429, 500, 502] {
        all.push(Staged::answered(&format!("{status} Words")));
    }
    for stage in [ConnectStage::Dns, ConnectStage::Tcp, ConnectStage::Proxy, ConnectStage::Tls, ConnectStage::Upgrade] {
        all.push(Staged::failing(stage, "It failed."));
    }
    all.push(Staged::asking().bytes(0.2, Server, b"\x15\x03\x01\x00\x02\x02\x16").fin(0.3, Server));
    all.push(Staged::asking().bytes(0.2, Server, b"HTTP/1.1 101 Switching Protocols\r\n\r\n").fin(0.3, Client));
    all
}

#[test]
fn every_cause_is_told_in_whole_sentences_to_both_sides_and_every_text_is_reached() {
    let mut told = BTreeSet::new();
    for staged in all() {
        let names = Language::ALL.map(|language| {
            let diagnosis = staged.diagnosed_in(language);
            for cause in &diagnosis.causes {
                told.insert(format!("cause-{}", cause.name));
                assert_is_prose(&cause.title);
                assert!(!cause.title.ends_with('.'), "{}", cause.title);
                for advice in [&cause.for_client, &cause.for_server] {
                    assert_is_prose(advice);
                    assert!(advice.ends_with('.'), "{advice}");
                }
                assert!(!cause.clues.is_empty() || cause.name == "upgrade-unanswered", "{cause:#?}");
                cause.clues.iter().for_each(|clue| assert_is_prose(&clue.text));
            }
            assert_eq!(diagnosis.causes.is_empty(), diagnosis.nothing.is_some());
            assert!(diagnosis.causes.is_sorted_by_key(|cause| cause.certainty), "the most certain first");
            diagnosis.causes.into_iter().map(|cause| (cause.name, cause.side)).collect::<Vec<_>>()
        });
        assert_eq!(names[0], names[1], "a language changes no cause");
    }
    let written = Texts::english().ids().filter(|id| id.starts_with("cause-") && !id.contains('.'));
    let unreached: Vec<&str> = written.filter(|id| !told.contains(*id)).collect();
    assert!(unreached.is_empty(), "no staged session has {unreached:?}");
}

#[test]
fn the_diagnosis_of_a_long_session_looks_at_its_end_only() {
    let mut long = Staged::open();
    for number in 0..5_000 {
        long = long.text(1.0 + f64::from(number) * 0.001, Server);
    }
    let session = long.closed(7.0, Server, 1012, "").session();
    let circumstances = circumstances(&session);
    assert!(circumstances.last_frames.len() < 3_000);
    assert_eq!(circumstances.last_frames.last().unwrap().number.0, 5_002);
    assert_eq!(Diagnosis::of(&circumstances, Texts::english()).causes[0].name, "service-restart");
}

#[test]
fn a_diagnosis_can_be_written_as_json() {
    let staged = Staged::open().text(1.0, Client).empty_close(2.0, Client).empty_close(2.05, Server).fin(2.1, Server);
    let written = serde_json::to_value(staged.diagnosed()).unwrap();
    let cause = &written["causes"][0];
    assert_eq!((&cause["name"], &cause["side"]), (&"empty-close".into(), &"client".into()));
    assert_eq!(cause["certainty"], "certain");
    assert_eq!(cause["clues"][0]["frame"], 2);
    assert!(written.get("nothing").is_none());
}
