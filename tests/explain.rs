//! What people read about closes: built from real bytes through the dissector, asserted as text. `cargo test --test explain`

#[path = "explain/codes.rs"]
mod codes;
#[path = "explain/diagnosis.rs"]
mod diagnosis;
#[path = "explain/texts.rs"]
mod texts;

use std::collections::BTreeSet;

use closelook::explain::explanation::Explanation;
use closelook::explain::findings::sentence;
use closelook::explain::language::Language;
use closelook::explain::marked_close::{CloseField, MarkedClose};
use closelook::explain::plain_text::PlainText;
use closelook::explain::texts::Texts;
use closelook::protocol::close::{CloseCode, ClosePayload};
use closelook::protocol::direction::{Direction, Perspective, Side};
use closelook::protocol::dissector::Dissector;
use closelook::protocol::finding::{Finding, Rule};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::gap::Gap;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{ConnectStage, Outcome, TransportEnd, Verdict};
use unicode_width::UnicodeWidthStr;

const KEY: MaskingKey = MaskingKey([0x37, 0xFA, 0x21, 0x3D]);

/// What a Close frame holds.
#[derive(Debug, Clone, Copy)]
enum Close {
    Code(u16),
    CodeWithReason(u16, &'static str),
    Empty,
    HalfCode,
}
use Close::{Code, CodeWithReason, Empty, HalfCode};

/// A conversation in bytes, one millisecond between its events.
struct Conversation {
    dissector: Dissector,
    at: u64,
}

impl Conversation {
    fn new() -> Conversation {
        Conversation { dissector: Dissector::new(), at: 0 }
    }

    /// With the example handshake of RFC 6455 1.3 behind it.
    fn upgraded() -> Conversation {
        Conversation::new()
            .bytes(
                Side::Client,
                b"GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            )
            .bytes(
                Side::Server,
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            )
    }

    fn now(&mut self) -> Moment {
        self.at += 1_000_000;
        Moment(self.at)
    }

    fn bytes(mut self, side: Side, bytes: &[u8]) -> Conversation {
        let at = self.now();
        self.dissector.receive(side.sends(), at, bytes, &mut |_| {});
        self
    }

    fn frame(self, side: Side, opcode: Opcode, payload: &[u8]) -> Conversation {
        let mut header = FrameHeader::new(opcode, payload.len() as u64);
        header.masking_key = (side == Side::Client).then_some(KEY);
        self.bytes(side, &header.with_payload(payload))
    }

    fn text(self, side: Side) -> Conversation {
        self.frame(side, Opcode::Text, b"hello")
    }

    fn close(self, side: Side, close: Close) -> Conversation {
        let payload = match close {
            Code(code) => ClosePayload::bytes(CloseCode(code), ""),
            CodeWithReason(code, reason) => ClosePayload::bytes(CloseCode(code), reason),
            Empty => Vec::new(),
            HalfCode => vec![3],
        };
        self.frame(side, Opcode::Close, &payload)
    }

    fn end(mut self, side: Side, how: TransportEnd) -> Conversation {
        let at = self.now();
        self.dissector.transport_ended(side, how, at, &mut |_| {});
        self
    }

    fn failed(mut self, stage: ConnectStage) -> Conversation {
        self.dissector.connect_failed(stage);
        self
    }

    fn verdict(&self) -> Verdict {
        self.dissector.verdict()
    }

    fn told_to(&self, perspective: Perspective) -> Explanation {
        self.told_in(Language::ENGLISH, perspective)
    }

    fn told_in(&self, language: Language, perspective: Perspective) -> Explanation {
        Explanation::of(&self.verdict(), perspective, language.texts())
    }

    fn told_to_client(&self) -> Explanation {
        self.told_to(Perspective::Client)
    }
}

fn both_closed(first: Side, close: Close, reply: Close) -> Conversation {
    Conversation::upgraded()
        .close(first, close)
        .close(first.peer(), reply)
        .end(Side::Server, TransportEnd::Fin)
        .end(Side::Client, TransportEnd::Fin)
}

/// One conversation for each thing that an ending can be.
fn every_ending() -> Vec<Conversation> {
    let closes = [Code(1000), CodeWithReason(4001, "none"), Code(1005), Empty, HalfCode];
    let ends = [TransportEnd::Fin, TransportEnd::Rst, TransportEnd::Timeout, TransportEnd::Local];
    let mut all = vec![Conversation::new(), Conversation::upgraded()];
    for stage in [ConnectStage::Dns, ConnectStage::Tcp, ConnectStage::Tls, ConnectStage::Upgrade] {
        all.push(Conversation::new().failed(stage));
        all.push(Conversation::new().failed(stage).end(Side::Server, TransportEnd::Fin));
    }
    all.push(Conversation::new().bytes(Side::Server, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    for side in Side::BOTH {
        for how in ends {
            all.push(Conversation::upgraded().end(side, how));
            for second in ends {
                all.push(Conversation::upgraded().end(side, how).end(side.peer(), second));
            }
        }
        for close in closes {
            all.push(Conversation::upgraded().close(side, close));
            for ending_side in Side::BOTH {
                for how in ends {
                    all.push(Conversation::upgraded().close(side, close).end(ending_side, how));
                    all.push(Conversation::upgraded().close(side, close).text(side.peer()).end(ending_side, how));
                }
            }
            for reply in closes {
                all.push(Conversation::upgraded().close(side, close).close(side.peer(), reply));
                for ending_side in Side::BOTH {
                    for how in ends {
                        all.push(
                            Conversation::upgraded()
                                .close(side, close)
                                .text(side.peer())
                                .close(side.peer(), reply)
                                .end(ending_side, how),
                        );
                    }
                }
            }
        }
    }
    all
}

fn words_of(explanation: &Explanation) -> Vec<String> {
    let mut words = vec![explanation.headline.clone(), explanation.what_happened.clone()];
    for row in &explanation.evidence {
        words.extend([row.label.clone(), row.summary.clone()]);
        words.extend(row.remark.clone());
        for field in row.bytes.iter().flat_map(|bytes| &bytes.fields) {
            words.extend([field.name.clone(), field.meaning.clone()]);
        }
    }
    for axis in [&explanation.code, &explanation.cleanness] {
        words.extend([axis.title.clone(), axis.value.clone(), axis.sentence.clone()]);
    }
    for report in &explanation.reports {
        words.extend([report.side_name.clone(), report.value.clone(), report.sentence.clone()]);
    }
    words.extend(explanation.next_steps.clone());
    words
}

/// Fails when a text is an id, is empty, or has a place that nothing was put into.
fn assert_is_prose(text: &str) {
    let texts = Texts::english();
    assert!(!text.trim().is_empty(), "a text is empty");
    assert!(!text.contains(['{', '}', '$']), "a place was left open: {text}");
    assert!(!text.contains(['\u{2068}', '\u{2069}']), "isolation marks: {text}");
    assert!(!text.contains("  "), "two spaces: {text}");
    assert!(!text.contains(" ,") && !text.contains(" . ") && !text.ends_with(" ."), "a space before a mark: {text}");
    assert!(!texts.has(text) || !text.contains(['-', '.']), "an id is shown: {text}");
    for word in text.split_whitespace() {
        let id_like = [
            "cause-",
            "clue-",
            "ending-",
            "evidence-",
            "axis-",
            "next-",
            "report-",
            "transport-",
            "finding-",
            "field-",
            "kind-",
        ];
        let is_id = id_like.iter().any(|prefix| word.starts_with(prefix));
        assert!(!is_id, "an id is shown: {text}");
    }
}

#[test]
fn every_ending_is_told_in_whole_sentences_from_both_perspectives() {
    // Words that speak to the reader.
    let to_you: [&[&str]; 2] = [&["you", "your"], &["siz", "sizin", "sizden"]];
    for (language, to_you) in Language::ALL.into_iter().zip(to_you) {
        let speaks_to_you = |text: &str| {
            let text = text.to_lowercase();
            text.split(|letter: char| !letter.is_alphabetic()).any(|word| to_you.contains(&word))
        };
        for conversation in every_ending() {
            for perspective in [Perspective::Client, Perspective::Observer] {
                let explanation = conversation.told_in(language, perspective);
                words_of(&explanation).iter().for_each(|text| assert_is_prose(text));
                assert!(explanation.what_happened.ends_with(['.', '”']), "{}", explanation.what_happened);
                assert!(!explanation.headline.ends_with('.'));
                if perspective == Perspective::Observer {
                    // Advice may use the word; what was seen may not.
                    let told = format!("{} {}", explanation.headline, explanation.what_happened);
                    assert!(!speaks_to_you(&told), "{told}");
                } else if language == Language::ENGLISH {
                    // Turkish says it with the ending of the verb.
                    assert!(words_of(&explanation).iter().any(|text| speaks_to_you(text)), "{explanation:#?}");
                }
            }
        }
    }
}

#[test]
fn a_language_tells_the_same_facts_in_its_own_words() {
    let turkish = Language::of_locale("tr").unwrap();
    let told = both_closed(Side::Client, Code(1000), Empty).told_in(turkish, Perspective::Client);
    assert_eq!(told.headline, "1000 gönderdiniz, sunucu boş bir Close ile yanıt verdi: 1005 görmenizin nedeni bu");
    assert_eq!(told.reports.map(|report| report.code), [Some(CloseCode(1005)), Some(CloseCode(1000))]);
    assert_eq!(told.cleanness.value, "evet");
    assert!(told.evidence[1].summary.starts_with("1000 Normal Closure (olağan kapanış)"));
}

#[test]
fn no_ending_says_that_someone_is_at_fault() {
    for conversation in every_ending() {
        let words = words_of(&conversation.told_to_client()).join(" ").to_lowercase();
        for blame in ["at fault", "to blame", "misbehav", "guilty"] {
            assert!(!words.contains(blame), "{blame}: {words}");
        }
    }
}

/// A row of the table of reports that differ: who begins, both Closes, both reports, and what must be said.
struct Row {
    first: Side,
    close: Close,
    reply: Close,
    client: u16,
    server: u16,
    headline: &'static str,
    says: &'static [&'static str],
}

const ROWS: [Row; 7] = [
    Row {
        first: Side::Client,
        close: Code(1000),
        reply: Code(1000),
        client: 1000,
        server: 1000,
        headline: "You closed with 1000, and the server answered with the same code",
        says: &["You began the close", "holds the same code", "both report 1000"],
    },
    Row {
        first: Side::Client,
        close: Code(1000),
        reply: Empty,
        client: 1005,
        server: 1000,
        headline: "You sent 1000, the server answered with an empty Close: that is why you see 1005",
        says: &["The server answered with an empty Close", "Nobody sent 1005", "your 1000 and reports 1000"],
    },
    Row {
        first: Side::Client,
        close: Empty,
        reply: Empty,
        client: 1005,
        server: 1005,
        headline: "You sent an empty Close and the server echoed it: that is why both of you see 1005",
        says: &["you sent an empty Close", "an empty Close of its own", "Nobody sent 1005"],
    },
    Row {
        first: Side::Client,
        close: Empty,
        reply: Code(1000),
        client: 1000,
        server: 1005,
        headline: "You sent an empty Close, the server answered 1000: you see 1000, the server sees 1005",
        says: &["you sent an empty Close", "The server's Close held 1000", "it reports 1005", "you did not send 1005"],
    },
    Row {
        first: Side::Server,
        close: Code(1000),
        reply: Code(1000),
        client: 1000,
        server: 1000,
        headline: "The server closed with 1000, and you answered with the same code",
        says: &["The server began the close", "You answered", "both report 1000"],
    },
    Row {
        first: Side::Server,
        close: Empty,
        reply: Empty,
        client: 1005,
        server: 1005,
        headline: "The server started the close and gave no code: that is why you see 1005",
        says: &["the server sent an empty Close", "an empty Close of your own", "Nobody sent 1005"],
    },
    Row {
        first: Side::Server,
        close: Empty,
        reply: Code(1000),
        client: 1005,
        server: 1000,
        headline: "The server sent an empty Close, you answered 1000: you see 1005, the server sees 1000",
        says: &["the server sent an empty Close", "Your Close held 1000", "the server reports 1000"],
    },
];

#[test]
fn each_row_of_rightly_different_reports_has_its_own_sentence() {
    let mut paragraphs = BTreeSet::new();
    for row in &ROWS {
        let explanation = both_closed(row.first, row.close, row.reply).told_to_client();
        assert_eq!(explanation.headline, row.headline);
        for said in row.says {
            assert!(explanation.what_happened.contains(said), "{said:?} in {}", explanation.what_happened);
        }
        let [client, server] = &explanation.reports;
        assert_eq!((client.side, client.code), (Side::Client, Some(CloseCode(row.client))));
        assert_eq!((server.side, server.code), (Side::Server, Some(CloseCode(row.server))));
        assert_eq!(explanation.cleanness.value, "yes");
        assert!(explanation.code.value.starts_with(&row.client.to_string()), "{}", explanation.code.value);
        assert!(paragraphs.insert(explanation.what_happened), "a row repeats another's words");
    }
}

#[test]
fn an_observer_reads_the_same_rows_with_both_sides_named() {
    for row in &ROWS {
        let explanation = both_closed(row.first, row.close, row.reply).told_to(Perspective::Observer);
        for (side, close) in [(row.first, row.close), (row.first.peer(), row.reply)] {
            if matches!(close, Empty) {
                let named = [format!("{side} sent an empty Close"), format!("{side} answered with an empty Close")];
                let echoed = format!("{side} answered in the same way, with an empty Close");
                let told = &explanation.what_happened;
                assert!(named.iter().any(|said| told.contains(said)) || told.contains(&echoed), "{side}: {told}");
            }
        }
        if row.client == row.server {
            assert!(explanation.code.value.starts_with(&row.client.to_string()));
        } else {
            assert_eq!(explanation.code.value, format!("client {}, server {}", row.client, row.server));
        }
    }
}

#[test]
fn a_close_that_the_client_leaves_unanswered_is_not_clean_and_differs() {
    let explanation =
        Conversation::upgraded().close(Side::Server, Code(1000)).end(Side::Client, TransportEnd::Fin).told_to_client();
    assert_eq!(explanation.reports[0].code, Some(CloseCode(1000)));
    assert_eq!(explanation.reports[1].code, Some(CloseCode(1006)));
    assert_eq!(explanation.cleanness.value, "no");
    assert!(explanation.cleanness.sentence.contains("Only the server sent a Close"));
    assert_eq!(
        explanation.headline,
        "The server closed with 1000, and no Close went back: you see 1000, the server sees 1006"
    );
}

#[test]
fn a_silent_server_is_told_apart_from_a_drop() {
    let silent = Conversation::upgraded()
        .close(Side::Client, Code(1000))
        .text(Side::Server)
        .text(Side::Server)
        .end(Side::Client, TransportEnd::Timeout)
        .told_to_client();
    assert_eq!(silent.headline, "You closed with 1000, and no Close came back: you see 1006");
    assert!(silent.what_happened.contains("although you sent 1000"));
    assert!(silent.evidence[2].summary.contains("After it the server still sent 2 frames, and no Close"));
    assert_eq!(silent.evidence[3].summary, "The server did not end it in time; you stopped waiting.");
    assert_eq!(silent.evidence[0].summary, "none");
}

#[test]
fn drops_name_the_side_and_the_way() {
    let drops = [
        (Side::Server, TransportEnd::Fin, "ended from the server's side", "(FIN)|with a FIN"),
        (Side::Server, TransportEnd::Rst, "reset from the server's side", "(RST)"),
        (Side::Client, TransportEnd::Fin, "You ended the connection", "with a FIN"),
        (Side::Client, TransportEnd::Rst, "You reset the connection", "(RST)"),
        (Side::Client, TransportEnd::Local, "You aborted the connection", "on purpose"),
        (Side::Client, TransportEnd::Timeout, "Nothing ended the session in time", "given up"),
    ];
    for (side, how, headline, says) in drops {
        let conversation = Conversation::upgraded().text(Side::Server).end(side, how);
        assert_eq!(conversation.verdict().outcome, Outcome::Dropped);
        let explanation = conversation.told_to_client();
        assert!(explanation.headline.contains(headline), "{}", explanation.headline);
        assert!(explanation.headline.contains("1006"));
        assert!(says.split('|').any(|said| explanation.what_happened.contains(said)), "{}", explanation.what_happened);
        assert!(explanation.what_happened.contains("Nobody sent 1006"));
        assert_eq!(explanation.evidence[2].summary, "No Close frame crossed.");
        assert_eq!(explanation.cleanness.value, "no");
        assert!(explanation.evidence.iter().all(|row| row.bytes.is_none()));
    }
}

#[test]
fn failures_before_the_session_are_told_by_their_stage() {
    let stages = [
        (ConnectStage::Dns, "could not be resolved", Some(1006)),
        (ConnectStage::Tcp, "No TCP connection", Some(1006)),
        (ConnectStage::Tls, "TLS handshake failed", Some(1015)),
        (ConnectStage::Upgrade, "upgrade to WebSocket failed", Some(1006)),
    ];
    for (stage, headline, code) in stages {
        let explanation = Conversation::new().failed(stage).told_to_client();
        assert!(explanation.headline.contains(headline), "{}", explanation.headline);
        assert_eq!(explanation.reports[0].code, code.map(CloseCode));
        assert_eq!(explanation.reports[1].code, None);
        assert_eq!(explanation.cleanness.sentence, "There was no session, so there was nothing to close cleanly.");
        assert_eq!(explanation.next_steps.len(), 1);
    }
}

#[test]
fn of_a_recording_that_stops_nobody_can_say_how_the_session_ended() {
    let mut cut = Conversation::upgraded().text(Side::Client);
    cut.dissector.recording_ended(Moment(99), &mut |_| {});
    let told = cut.told_to_client();
    assert_eq!(told.headline, "The recording stops before the session's end");
    assert_eq!((told.reports[0].code, told.reports[1].code), (None, None));
    assert!(told.reports[0].sentence.starts_with("Not known:"), "{}", told.reports[0].sentence);
    assert_eq!(told.next_steps.len(), 1);
    let mut closing = Conversation::upgraded().close(Side::Server, Empty);
    closing.dissector.recording_ended(Moment(99), &mut |_| {});
    assert_eq!(closing.told_to_client().code.value, "1005 No Status Received");
}

#[test]
fn what_was_not_recorded_may_have_been_the_end() {
    let missing = |conversation: Conversation, side: Side| {
        let Conversation { mut dissector, at } = conversation;
        let gap = Gap { length: Some(20), next_frame: None };
        dissector.bytes_missing(side.sends(), Moment(at), gap, &mut |_| {});
        dissector.recording_ended(Moment(at), &mut |_| {});
        Conversation { dissector, at }.told_to(Perspective::Observer)
    };
    let told = missing(Conversation::upgraded().text(Side::Client), Side::Server);
    assert_eq!(told.headline, "What may have been the session's end was not recorded");
    assert_eq!((told.reports[0].code, told.reports[1].code), (None, None));
    assert!(told.reports[0].sentence.contains("were not recorded"), "{}", told.reports[0].sentence);
    assert!(told.next_steps[0].contains("frames-missing"), "{:?}", told.next_steps);
    let answered = missing(Conversation::upgraded().close(Side::Client, Code(1000)), Side::Server);
    assert!(answered.what_happened.contains("its answer may be among them"), "{}", answered.what_happened);
    assert_eq!((answered.reports[0].code, answered.reports[1].code), (None, Some(CloseCode(1000))));
    assert_eq!(answered.cleanness.value, "not decided");
}

#[test]
fn a_close_whose_code_was_not_recorded_is_told_as_such() {
    let Conversation { mut dissector, at } = Conversation::upgraded().bytes(Side::Server, b"\x88\x02");
    let gap = Gap { length: Some(2), next_frame: None };
    dissector.bytes_missing(Direction::ServerToClient, Moment(at), gap, &mut |_| {});
    let told = Conversation { dissector, at }.close(Side::Client, Code(1000)).told_to(Perspective::Observer);
    assert_eq!(told.headline, "The code of the server's Close was not recorded");
    assert_eq!((told.reports[0].code, told.reports[1].code), (None, Some(CloseCode(1000))));
    assert_eq!(told.evidence[0].summary, "its code was not recorded");
    assert_eq!(told.code.value, "client not known, server 1000");
    assert_eq!(told.reports[0].value, "not known");
    assert!(told.reports[0].sentence.starts_with("Not known:"), "{}", told.reports[0].sentence);
    assert_eq!(told.cleanness.value, "yes");
}

#[test]
fn an_open_session_has_nothing_to_report_yet() {
    let open = Conversation::upgraded().text(Side::Client).told_to_client();
    assert_eq!(open.headline, "The session is open");
    assert_eq!((open.code.value.as_str(), open.cleanness.value.as_str()), ("none yet", "not decided"));
    assert!(open.next_steps.is_empty());
    let closing = Conversation::upgraded().close(Side::Server, Empty).told_to_client();
    assert!(closing.headline.starts_with("Closing: the server sent a Close"));
    assert_eq!(closing.code.value, "1005 No Status Received");
    assert_eq!(closing.cleanness.value, "not decided");
}

#[test]
fn other_codes_and_reasons_are_told_first() {
    let explanation = both_closed(
        Side::Server,
        CodeWithReason(4001, "session taken over"),
        CodeWithReason(4001, "session taken over"),
    )
    .told_to_client();
    assert!(explanation.what_happened.contains("4001 is a private code"));
    assert!(explanation.what_happened.contains("The reason that the server gave: “session taken over”."));
    assert!(!explanation.what_happened.contains("The reason that you gave"), "an echo is not told twice");
    assert_eq!(explanation.code.value, "4001 Private use");
    assert!(explanation.next_steps[0].contains("documentation of the service"));
    let away = both_closed(Side::Server, Code(1001), Code(1001)).told_to_client();
    assert!(away.what_happened.contains("1001, Going Away"));
}

#[test]
fn a_code_that_must_not_be_sent_and_was_is_said_to_have_been() {
    let explanation = both_closed(Side::Server, Code(1005), Code(1002)).told_to_client();
    assert!(explanation.what_happened.contains("really held 1005 on the wire"), "{}", explanation.what_happened);
    assert!(!explanation.what_happened.contains("Nobody sent 1005"));
    assert!(!explanation.code.sentence.contains("held no code"), "{}", explanation.code.sentence);
    assert!(explanation.reports[0].sentence.contains("held 1005"));
    assert_eq!(explanation.evidence[0].bytes.as_ref().unwrap().hex(), "88 02 03 ed");
}

#[test]
fn a_1005_that_was_sent_and_one_that_was_made_up_are_told_apart() {
    for first in Side::BOTH {
        let told = both_closed(first, Code(1005), Empty).told_to_client().what_happened;
        assert!(told.contains("This 1005 was not sent: ") && told.contains("really held 1005 on the wire"), "{told}");
        assert!(!told.contains("Nobody sent 1005"), "{told}");
    }
}

#[test]
fn a_peers_words_cannot_command_a_terminal_or_reorder_a_line() {
    let explanation =
        both_closed(Side::Server, CodeWithReason(1000, "a\x1b[2J\nb\u{202e}c"), Code(1000)).told_to_client();
    let page = PlainText::new(Texts::english()).explanation(&explanation);
    assert!(!page.contains(['\x1b', '\u{202e}']));
    assert!(page.contains(r"a\u{1b}[2J\nb\u{202e}c"));
}

#[test]
fn the_evidence_is_four_rows_in_order() {
    let explanation = Conversation::upgraded()
        .close(Side::Client, CodeWithReason(1000, "done"))
        .text(Side::Server)
        .close(Side::Server, Empty)
        .end(Side::Server, TransportEnd::Fin)
        .end(Side::Client, TransportEnd::Fin)
        .told_to_client();
    let [received, sent, order, transport] = &explanation.evidence;
    assert_eq!(received.label, "First Close that you received");
    assert_eq!(received.summary, "length 0: there is no room for a code");
    assert_eq!(received.bytes.as_ref().unwrap().hex(), "88 00");
    assert_eq!(sent.label, "Close that you sent");
    assert_eq!(sent.summary, "1000 Normal Closure, reason “done”");
    assert_eq!(sent.remark.as_deref(), Some("This is not what your own close event reports."));
    assert_eq!(order.label, "Order and time");
    assert_eq!(
        order.summary,
        "You were first, 0.003000 s into the session. The server's Close came 2.0 ms later. \
         Between the two the server still sent 1 frame."
    );
    assert_eq!(transport.label, "How TCP ended");
    assert!(transport.summary.starts_with("The server's side ended it first, with a FIN."), "{}", transport.summary);
    assert!(transport.summary.ends_with("You followed with a FIN."), "{}", transport.summary);
}

#[test]
fn a_reason_that_reads_none_is_still_a_reason() {
    let explanation = both_closed(Side::Server, CodeWithReason(1000, "none"), Code(1000)).told_to_client();
    assert_eq!(explanation.evidence[0].summary, "1000 Normal Closure, reason “none”");
    assert_eq!(explanation.evidence[1].summary, "1000 Normal Closure, no reason");
}

fn marked(side: Side, close: Close) -> MarkedClose {
    let verdict = Conversation::upgraded().close(side, close).verdict();
    MarkedClose::of(verdict.first_close_frame().unwrap(), Texts::english())
}

fn fields(close: &MarkedClose) -> Vec<(CloseField, std::ops::Range<usize>)> {
    close.fields.iter().map(|field| (field.field, field.range.clone())).collect()
}

#[test]
fn the_bytes_of_an_unmasked_close_are_marked() {
    let close = marked(Side::Server, CodeWithReason(1000, "bye"));
    assert_eq!(close.hex(), "88 05 03 e8 62 79 65");
    assert_eq!(
        fields(&close),
        [
            (CloseField::FirstByte, 0..1),
            (CloseField::Length, 1..2),
            (CloseField::Code, 2..4),
            (CloseField::Reason, 4..7)
        ]
    );
    assert!(close.bytes.iter().all(|byte| byte.unmasked.is_none()));
    let meanings: Vec<&str> = close.fields.iter().map(|field| field.meaning.as_str()).collect();
    assert_eq!(meanings, ["FIN and opcode 8, Close", "not masked, payload of 5 bytes", "1000", "“bye”"]);
}

#[test]
fn the_bytes_of_a_masked_close_are_marked_and_unmasked() {
    let close = marked(Side::Client, Code(1000));
    assert_eq!(close.hex(), "88 82 37 fa 21 3d 34 12");
    assert_eq!(
        fields(&close),
        [
            (CloseField::FirstByte, 0..1),
            (CloseField::Length, 1..2),
            (CloseField::MaskingKey, 2..6),
            (CloseField::Code, 6..8)
        ]
    );
    let unmasked: Vec<Option<u8>> = close.bytes.iter().map(|byte| byte.unmasked).collect();
    assert_eq!(unmasked, [None, None, None, None, None, None, Some(0x03), Some(0xE8)]);
    assert_eq!(close.fields[3].meaning, "03 e8 once unmasked, 1000");
}

#[test]
fn an_empty_close_has_no_room_for_a_code() {
    let close = marked(Side::Server, Empty);
    assert_eq!(close.hex(), "88 00");
    assert_eq!(fields(&close), [(CloseField::FirstByte, 0..1), (CloseField::Length, 1..2)]);
    assert_eq!(close.fields[1].meaning, "not masked, payload of length 0: there is no room for a code");
    let masked = marked(Side::Client, Empty);
    assert_eq!(masked.hex(), "88 80 37 fa 21 3d");
    assert_eq!(fields(&masked).last(), Some(&(CloseField::MaskingKey, 2..6)));
    let half = marked(Side::Client, HalfCode);
    assert_eq!(half.fields.last().unwrap().meaning, "03 once unmasked; a code needs two bytes");
}

#[test]
fn a_longer_form_of_the_length_and_missing_fin_are_marked() {
    let verdict = Conversation::upgraded().bytes(Side::Server, &[0x48, 126, 0, 2, 0x03, 0xE8]).verdict();
    let close = MarkedClose::of(verdict.first_close_frame().unwrap(), Texts::english());
    assert_eq!(fields(&close), [(CloseField::FirstByte, 0..1), (CloseField::Length, 1..4), (CloseField::Code, 4..6)]);
    assert!(close.fields[0].meaning.contains("without FIN"));
    assert!(close.fields[0].meaning.contains("a reserved bit is set"));
}

#[test]
fn marks_stand_under_their_bytes() {
    let page = PlainText::new(Texts::english()).close_bytes(&marked(Side::Client, Code(1000)));
    assert_eq!(
        page.lines().map(|line| line.split(':').next().unwrap()).collect::<Vec<_>>(),
        [
            "88 82 37 fa 21 3d 34 12",
            "^^ first byte",
            "   ^^ length",
            "      ^^^^^^^^^^^ masking key",
            "                  ^^^^^ code",
        ]
    );
}

#[test]
fn pages_for_a_terminal_fit_their_width() {
    let printer = PlainText::new(Texts::english());
    for conversation in every_ending().iter().step_by(7) {
        for perspective in [Perspective::Client, Perspective::Observer] {
            let page = printer.explanation(&conversation.told_to(perspective));
            assert!(page.lines().all(|line| line.width() <= 100), "{page}");
            for heading in ["The evidence", "The verdict", "What each side reports"] {
                assert!(page.lines().any(|line| line == heading), "{page}");
            }
        }
    }
}

#[test]
fn an_explanation_can_be_written_as_json() {
    let explanation = serde_json::to_value(both_closed(Side::Server, Empty, Empty).told_to_client()).unwrap();
    assert_eq!(explanation["reports"][0]["code"], 1005);
}

const RULES: [Rule; 64] = [
    Rule::RequestMethodNotGet,
    Rule::RequestVersionNotHttp11,
    Rule::RequestHostMissing,
    Rule::RequestUpgradeMissing,
    Rule::RequestConnectionMissing,
    Rule::RequestKeyMissing,
    Rule::RequestKeyNotSixteenBytes,
    Rule::RequestKeyRepeated,
    Rule::RequestWebSocketVersionNot13,
    Rule::RequestWebSocketVersionRepeated,
    Rule::CompressionOfferInvalid,
    Rule::HeadMalformed,
    Rule::ResponseVersionNotHttp11,
    Rule::ResponseUpgradeMissing,
    Rule::ResponseConnectionMissing,
    Rule::ResponseAcceptMissing,
    Rule::ResponseAcceptWrong,
    Rule::ResponseAcceptRepeated,
    Rule::ResponseSubprotocolNotOffered,
    Rule::ResponseExtensionNotOffered,
    Rule::ResponseSubprotocolRepeated,
    Rule::CompressionAnswerInvalid,
    Rule::CompressionAnswerNotOffered,
    Rule::FramesBeforeResponse,
    Rule::ReservedBitWithoutExtension,
    Rule::CompressedBitOnContinuation,
    Rule::CompressedBitOnControlFrame,
    Rule::ReservedOpcode { opcode: 11 },
    Rule::ClientFrameNotMasked,
    Rule::ServerFrameMasked,
    Rule::MaskingKeyZero,
    Rule::MaskingKeyRepeated,
    Rule::LengthNotMinimal { length: 5 },
    Rule::LengthTopBitSet,
    Rule::ControlFrameFragmented,
    Rule::ControlFrameTooLong { length: 126 },
    Rule::ContinuationWithoutStart,
    Rule::DataFrameInsideMessage,
    Rule::TextNotUtf8 { at: 7 },
    Rule::CompressedDataInvalid { at: 4 },
    Rule::CompressedDataIncomplete,
    Rule::InflatesBeyondLimit { limit: 67_108_864 },
    Rule::CompressionContextLost,
    Rule::CompressionContextUnknown,
    Rule::CloseOfOneByte,
    Rule::CloseCodeNotAllowed { code: CloseCode(1005) },
    Rule::CloseReasonNotUtf8 { at: 3 },
    Rule::CloseReplyChangesCode { received: Some(CloseCode(1000)), sent: None },
    Rule::FrameAfterClose,
    Rule::EndedInsideFrame,
    Rule::EndedInsideMessage,
    Rule::PongWithoutPing,
    Rule::PongMatchesNoPing,
    Rule::PingNotAnswered,
    Rule::EndedWithoutClose,
    Rule::CloseNotAnswered,
    Rule::CloseNotAnsweredInTime,
    Rule::ClientEndedTransportFirst,
    Rule::BytesMissing { length: 1 },
    Rule::BytesMissing { length: 1_460 },
    Rule::FramesMissing { gap: Gap { length: None, next_frame: None } },
    Rule::FramesMissing { gap: Gap { length: Some(1), next_frame: Some(0) } },
    Rule::FramesMissing { gap: Gap { length: Some(1_460), next_frame: Some(1) } },
    Rule::FramesMissing { gap: Gap { length: Some(1_460), next_frame: Some(200) } },
];

#[test]
fn every_rule_has_a_sentence_for_every_side() {
    let texts = Texts::english();
    for rule in RULES {
        for direction in [None, Some(Direction::ClientToServer), Some(Direction::ServerToClient)] {
            for language in Language::ALL {
                let finding = Finding { frame: None, direction, at: Moment::START, rule };
                let told = sentence(&finding, language.texts());
                assert_is_prose(&told);
                assert!(told.ends_with('.'), "{told}");
            }
        }
    }
    let told: BTreeSet<String> = RULES.iter().map(|rule| format!("finding-{}", rule.name())).collect();
    let written: BTreeSet<String> = texts.ids().filter(|id| id.starts_with("finding-")).map(str::to_owned).collect();
    assert_eq!(told, written, "the rules and the sentences are the same ones");
}

#[test]
fn findings_name_the_side_and_the_numbers() {
    let told = |direction, rule| {
        sentence(&Finding { frame: None, direction: Some(direction), at: Moment::START, rule }, Texts::english())
    };
    assert_eq!(
        told(Direction::ServerToClient, Rule::CloseCodeNotAllowed { code: CloseCode(1005) }),
        "The server sent a Close with 1005, which must not be in a Close frame. \
         1005 stands for an empty Close and is for reading only."
    );
    assert!(
        told(Direction::ClientToServer, Rule::CloseCodeNotAllowed { code: CloseCode(999) })
            .contains("not a registered code")
    );
    assert_eq!(
        told(Direction::ServerToClient, Rule::CloseReplyChangesCode { received: Some(CloseCode(1000)), sent: None }),
        "The server's Close came second and holds no code; the client's held 1000. \
         An answer normally repeats the code, so the two sides will report different ones. Both are right."
    );
    assert!(told(Direction::ClientToServer, Rule::ReservedOpcode { opcode: 11 }).contains("opcode 11"));
    assert!(
        told(Direction::ServerToClient, Rule::LengthNotMinimal { length: u64::MAX }).contains("18446744073709551615")
    );
    assert_eq!(
        told(Direction::ServerToClient, Rule::BytesMissing { length: 1_460 }),
        "1460 bytes of this frame of the server crossed and were not recorded: what they held is not known, and not judged."
    );
    let missing =
        |length, next_frame| told(Direction::ClientToServer, Rule::FramesMissing { gap: Gap { length, next_frame } });
    assert_eq!(
        missing(Some(1), Some(0)),
        "1 byte of the client crossed and was not recorded, and frames may have begun among them. \
         The next frame begins right behind them."
    );
    assert_eq!(
        missing(None, Some(200)),
        "Bytes, nobody knows how many, of the client crossed and were not recorded, and frames may have begun among \
         them. The 200 bytes behind them cannot be read; then the next frame begins."
    );
}
