//! Documents about a session: the table, the transcript, the web page; what is chosen, what is masked, and that nothing of a peer acts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::process::{Command, Stdio};

use bytes::Bytes;
use closelook::logs::{self, Format, LogError, Selection};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::gap::Gap;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd;
use closelook::reading::copied::{CopyForm, CopyProblem, copy};
use closelook::report::{self, Form, Saving};
use closelook::session::annotations::Note;
use closelook::session::{Annotation, Event, EventKind, Origin, Perspective, Session};

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.e30.s1gnatur3";

/// A session with these frames, after a handshake full of secrets.
fn session(frames: &[(Side, Opcode, bool, &[u8])]) -> Session {
    let request = format!(
        "GET /chat?room=1&access_token=s3cret HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, {JWT}\r\n\
         Authorization: Bearer s3cret\r\nCookie: id=s3cret; theme=<b>\r\nX-Markup: <img src=x onerror=alert(1)>\r\n\r\n"
    );
    let accept = accept_for_key(KEY);
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
         Sec-WebSocket-Protocol: {JWT}\r\nSet-Cookie: id=s3cret\r\n\r\n"
    );
    // The request comes in two parts, and the secrets lie across them.
    let (first, second) = request.split_at(request.find("s3cret").unwrap() + 2);
    let mut parts: Vec<(Side, Vec<u8>)> = vec![
        (Side::Client, first.as_bytes().to_vec()),
        (Side::Client, second.as_bytes().to_vec()),
        (Side::Server, response.into_bytes()),
    ];
    for (number, (side, opcode, fin, payload)) in (1_u8..=250).cycle().zip(frames) {
        let mut header = FrameHeader { fin: *fin, ..FrameHeader::new(*opcode, payload.len() as u64) };
        header.masking_key = (*side == Side::Client).then_some(MaskingKey([number, 2, 3, 4]));
        parts.push((*side, header.with_payload(payload)));
    }
    let mut events: Vec<Event> = (1_u64..)
        .zip(parts)
        .map(|(number, (side, bytes))| Event {
            at: Moment(number * 1_000_000),
            kind: EventKind::Bytes { direction: side.sends(), bytes: Bytes::from(bytes) },
        })
        .collect();
    let last = events.last().map_or(0, |event| event.at.nanoseconds());
    events.push(Event {
        at: Moment(last + 1),
        kind: EventKind::TransportEnded { side: Side::Server, how: TransportEnd::Fin },
    });
    let url = "ws://user:s3cret@example.org/chat?room=1&access_token=s3cret".to_owned();
    let origin = Origin { started_at: 1_790_000_000_123_456_789, url: Some(url), perspective: Perspective::Client };
    Session::replay(origin, events)
}

fn talk() -> Session {
    session(&[
        (Side::Client, Opcode::Text, true, b"=1+1, \"quoted\"\r\nsecond line"),
        (Side::Server, Opcode::Text, false, "gr\u{fc}\u{df}e <script>alert(1)</script> ".as_bytes()),
        (Side::Server, Opcode::Ping, true, b"p"),
        (Side::Server, Opcode::Continuation, true, "\u{202e}&amp;".as_bytes()),
        (Side::Server, Opcode::Binary, true, &[0, 255, 16]),
        (Side::Client, Opcode::Text, true, b"\x1b[31mred"),
        (Side::Server, Opcode::Close, true, b"\x03\xe8<i>bye</i>"),
    ])
}

fn written(session: &Session, saving: &Saving) -> Vec<u8> {
    let mut bytes = Vec::new();
    report::write(session, saving, &mut bytes, &mut |_| ControlFlow::Continue(())).unwrap();
    bytes
}

fn text(session: &Session, form: Form) -> String {
    String::from_utf8(written(session, &Saving::whole(form))).unwrap()
}

/// The cells of a table by RFC 4180.
fn cells(table: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut characters, mut quoted) = (table.chars().peekable(), false);
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(characters.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            character => cell.push(character),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "the table ends inside a row");
    rows
}

#[test]
fn the_table_has_a_frame_a_row_and_no_formula() {
    let table = text(&talk(), Form::Csv);
    let rows = cells(&table);
    let heading = "frame,time,direction,opcode,fin,length,message,payload_as,payload,findings,bookmark,note";
    assert_eq!(rows[0].join(","), heading);
    assert_eq!(rows[1][..8], ["1", "0.004000000", "client", "text", "1", "27", "1", "text"]);
    assert_eq!(rows[1][8], "'=1+1, \"quoted\"\r\nsecond line");
    assert_eq!(rows[4][3..9], ["continuation", "1", "8", "2", "hex", "e280ae26616d703b"]);
    assert_eq!(rows[5][7..9], ["hex", "00ff10"]);
    assert_eq!(rows[6][7..9], ["hex", "1b5b33316d726564"], "control characters reach no terminal");
    assert!(rows[3][9].contains("ping-not-answered"), "{:?}", rows[3]);
    assert_eq!(rows.len(), 8);
    assert!(rows.iter().all(|row| row.len() == 12));
}

#[test]
fn what_a_person_says_is_in_every_document_and_acts_in_none() {
    let said = [
        Annotation::Bookmark { frame: FrameNumber(1), note: Note::new("=cmd|' /C calc'!A0") },
        Annotation::Bookmark { frame: FrameNumber(3), note: Note::new("<b>two</b>\n\u{1b}[31mlines\u{202e}") },
        Annotation::Bookmark { frame: FrameNumber(7), note: Note::default() },
        Annotation::SessionNote { note: Note::new("<script>of Monday</script>") },
    ];
    let session = said.iter().fold(talk(), |session, annotation| session.annotated(annotation).unwrap());
    let rows = cells(&text(&session, Form::Csv));
    let said: Vec<_> = rows.iter().skip(1).map(|row| (row[10].as_str(), row[11].as_str())).collect();
    assert_eq!(said[0], ("1", "'=cmd|' /C calc'!A0"));
    assert_eq!(said[2], ("1", "<b>two</b>\\n\\u{1b}[31mlines\\u{202e}"));
    assert_eq!((said[1], said[6]), (("0", ""), ("1", "")));

    let transcript = text(&session, Form::Text);
    for part in [
        "    note on the session:\n    | <script>of Monday</script>\n",
        "    bookmark:\n    | =cmd|' /C calc'!A0\n",
        "    | <b>two</b>\n    | \\u{1b}[31mlines\\u{202e}\n",
        "    bookmark\n",
    ] {
        assert!(transcript.contains(part), "“{part}” is missing:\n{transcript}");
    }

    let page = text(&session, Form::Html);
    for part in [
        "<p class=\"card note\">&lt;script&gt;of Monday&lt;/script&gt;</p>",
        "<h2>Bookmarks</h2>",
        "<a href=\"#f3\">Frame 3</a>",
        "<div class=\"note\">\u{2691} &lt;b&gt;two&lt;/b&gt;<br>\\u{1b}[31mlines\\u{202e}</div>",
        "<path class=\"bookmark\"",
        "<title>Frame 7</title>",
    ] {
        assert!(page.contains(part), "“{part}” is missing:\n{page}");
    }
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains('\u{1b}'));
    let record = copy(&session, FrameNumber(1), CopyForm::Json).unwrap();
    assert!(record.contains("\"bookmark\":\"=cmd|' /C calc'!A0\""), "{record}");
}

#[test]
fn the_table_is_what_python_reads() {
    let program =
        "import csv,sys; rows=list(csv.reader(sys.stdin)); print(len(rows), set(map(len, rows)), repr(rows[1][8]))";
    let child = Command::new("python3")
        .args(["-X", "utf8", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text(&talk(), Form::Csv).as_bytes()).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(output.starts_with("8 {12} '\\'=1+1, \"quoted\""), "{output}");
}

#[test]
fn the_transcript_has_every_payload_and_the_explanation() {
    let transcript = text(&talk(), Form::Text);
    for part in [
        "ws://•••@example.org/chat?room=1&access_token=•••",
        "2026-09-21T14:13:20",
        "    =1+1, \"quoted\"\n    second line",
        "    000000  00 ff 10",
        "    \\u{1b}[31mred",
        "server -> client  Continuation, 8 bytes, continues #2",
        "Authorization: •••",
        "The server closed with 1000",
    ] {
        assert!(transcript.contains(part), "“{part}” is missing:\n{transcript}");
    }
    assert!(!transcript.contains("s3cret") && !transcript.contains('\u{1b}') && !transcript.contains('\u{202e}'));
}

#[test]
fn the_page_is_whole_by_itself_and_nothing_in_it_acts() {
    let page = text(&talk(), Form::Html);
    for part in [
        "<title>ws://•••@example.org/chat?room=1&amp;access_token=•••</title>",
        "grüße &lt;script&gt;alert(1)&lt;/script&gt;",
        "\\u{202e}&amp;amp;",
        "&lt;img src=x onerror=alert(1)&gt;",
        "prefers-color-scheme:dark",
        "<svg class=\"timeline\"",
        "<svg class=\"bars\"",
        "aria-label=\"Frames by payload length. client: 2 frames, most at 8 – 15 bytes, 1 frame; server: 5 frames",
        "<td>Continuation</td><td class=\"number\">1</td><td class=\"number\">14.3 %</td>",
        "id=\"f7\"",
        "The server closed with 1000",
        "&lt;i&gt;bye&lt;/i&gt;",
    ] {
        assert!(page.contains(part), "“{part}” is missing:\n{page}");
    }
    for forbidden in
        ["<script", "<img", "<link", "<i>", "s3cret", "src=\"", "url(", "http://", "https://", "\u{1b}", "\u{202e}"]
    {
        assert!(!page.contains(forbidden), "“{forbidden}” is in the page");
    }
}

/// Reads the page as a strict reader of tags does: each that is opened is closed, in order.
#[test]
fn the_tags_of_the_page_are_balanced() {
    let page = text(&talk(), Form::Html);
    let mut open = Vec::new();
    let mut seen = BTreeMap::new();
    for tag in page.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name: String = tag.chars().take_while(|character| !character.is_whitespace()).collect();
        let is_void = tag.ends_with('/') || ["!doctype", "meta", "br"].contains(&name.as_str());
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
            None if is_void => {}
            None => {
                *seen.entry(name.clone()).or_insert(0) += 1;
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(seen["tr"] > 7 && seen["svg"] == 5 && seen["style"] == 1);
}

#[test]
fn a_long_session_is_cut_in_the_page_and_the_page_says_so() {
    let frame = (Side::Server, Opcode::Text, true, &b"x"[..]);
    let session = session(&vec![frame; 2_500]);
    let page = text(&session, Form::Html);
    assert!(page.contains("The first 2000 of 2500 frames are listed."));
    assert!(page.contains("id=\"f2000\"") && !page.contains("id=\"f2001\""));
    let long = "y".repeat(5_000);
    let page = text(&self::session(&[(Side::Server, Opcode::Text, true, long.as_bytes())]), Form::Html);
    assert!(page.contains("… cut") && page.len() < 40_000);
}

#[test]
fn a_choice_of_frames_is_saved_where_that_makes_sense() {
    let session = talk();
    let selection = Selection::of(&session, |_, row| row.direction == Direction::ClientToServer);
    assert_eq!(selection, Selection::Frames(vec![FrameNumber(1), FrameNumber(6)]));
    let saving = |form| Saving { selection: selection.clone(), ..Saving::whole(form) };
    let rows = cells(&String::from_utf8(written(&session, &saving(Form::Csv))).unwrap());
    assert_eq!(rows.iter().skip(1).map(|row| row[0].as_str()).collect::<Vec<_>>(), ["1", "6"]);
    for (form, said) in [(Form::Text, "2 of 7 frames were chosen"), (Form::Html, "2 of 7 frames were chosen")] {
        let document = String::from_utf8(written(&session, &saving(form))).unwrap();
        assert!(document.contains(said) && !document.contains("grüße"), "{document}");
        assert!(!document.contains("Frames of the server"), "{document}");
    }
    let har =
        logs::read(Format::Har, written(&session, &saving(Form::Log(Format::Har))), &mut |_| ControlFlow::Continue(()));
    assert_eq!(har.unwrap().session.frames.len(), 2);
    for format in [Format::PcapNg, Format::JsonLines] {
        let log = written(&session, &saving(Form::Log(format)));
        let opened = logs::read(format, log, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((opened.session.frames.len(), opened.damage), (2, vec![]));
    }
}

#[test]
fn masked_logs_have_the_same_lengths_and_say_that_they_are_masked() {
    let session = talk();
    for form in [Form::Log(Format::PcapNg), Form::Log(Format::JsonLines)] {
        let Form::Log(format) = form else { continue };
        let bytes = written(&session, &Saving { masks_secrets: true, ..Saving::whole(form) });
        let opened = logs::read(format, bytes.clone(), &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(opened.damage, []);
        let masked = opened.session;
        assert_eq!(masked.streams(), session.streams());
        assert!(masked.frames.iter().eq(session.frames.iter()));
        assert_eq!(
            masked.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
            session.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        );
        let request = masked.handshake.request.as_ref().unwrap();
        assert_eq!(request.target, "/chat?room=1&access_token=******");
        assert_eq!(request.headers.first("Authorization"), Some("*".repeat("Bearer s3cret".len()).as_str()));
        assert_eq!(request.headers.first("Sec-WebSocket-Key"), Some(KEY));
        let protocols = request.headers.first("Sec-WebSocket-Protocol").unwrap();
        assert_eq!(protocols, format!("chat, {}", "*".repeat(JWT.len())));
        assert_eq!(masked.origin.url.as_deref(), Some("ws://***********@example.org/chat?room=1&access_token=******"));
        let all: Vec<u8> = Direction::BOTH.iter().flat_map(|direction| masked.bytes(*direction, 0, u64::MAX)).collect();
        assert!(!all.windows(6).any(|window| window == b"s3cret"));
        let note = masked.records().find_map(|(_, kind)| match kind {
            EventKind::Note { text } => Some(text.clone()),
            _ => None,
        });
        assert!(note.unwrap().contains("Secrets in the handshake were masked"));
    }
    let har = written(&session, &Saving { masks_secrets: true, ..Saving::whole(Form::Log(Format::Har)) });
    assert!(!String::from_utf8(har).unwrap().contains("s3cret"));
    // Without being asked, a log is what crossed.
    assert!(text(&session, Form::Log(Format::Har)).contains("s3cret"));
}

#[test]
fn every_form_can_be_cancelled_at_once() {
    let session = talk();
    for form in Form::ALL {
        let result = report::write(&session, &Saving::whole(form), &mut Vec::new(), &mut |_| ControlFlow::Break(()));
        assert!(matches!(result, Err(LogError::Cancelled)), "{form:?}");
        assert_eq!(Form::of_path(format!("a.{}", form.ending()).as_ref()).unwrap(), form);
    }
}

#[test]
fn a_frame_is_copied_in_each_form() {
    let session = talk();
    let copied = |number, form| copy(&session, FrameNumber(number), form);
    assert_eq!(copied(5, CopyForm::Hexadecimal).unwrap(), "00 ff 10");
    assert_eq!(copied(1, CopyForm::Text).unwrap(), "=1+1, \"quoted\"\r\nsecond line");
    // A fragment stands for its message.
    assert!(copied(4, CopyForm::Text).unwrap().starts_with("grüße "));
    assert_eq!(copied(5, CopyForm::Text), Err(CopyProblem::NotText));
    assert_eq!(copied(5, CopyForm::Rust).unwrap(), r#"b"\x00\xff\x10""#);
    assert_eq!(copied(6, CopyForm::Rust).unwrap(), r#""\u{1b}[31mred""#);
    assert_eq!(copied(5, CopyForm::JavaScript).unwrap(), "new Uint8Array([0x00, 0xff, 0x10])");
    assert_eq!(copied(6, CopyForm::Python).unwrap(), r#""\x1b[31mred""#);
    let json: serde_json::Value = serde_json::from_str(&copied(3, CopyForm::Json).unwrap()).unwrap();
    assert_eq!(
        (json["frame"].as_u64(), json["opcode"].as_str(), json["text"].as_str()),
        (Some(3), Some("ping"), Some("p"))
    );
    assert!(
        copied(5, CopyForm::Websocat).unwrap().starts_with(r"printf '\000\377\020' | websocat -n1 --binary 'ws://")
    );
    assert_eq!(copied(3, CopyForm::Websocat), Err(CopyProblem::NoMessage));
    assert_eq!(copied(99, CopyForm::Text), Err(CopyProblem::NoFrame(FrameNumber(99))));
}

/// A text of which the middle was not recorded, and a whole one behind it.
fn with_a_gap() -> Session {
    let whole =
        session(&[(Side::Server, Opcode::Text, true, b"0123456789"), (Side::Server, Opcode::Text, true, b"whole")]);
    let mut events: Vec<Event> = Vec::new();
    for event in whole.events().map(Result::unwrap) {
        match &event.kind {
            EventKind::Bytes { direction, bytes } if bytes.ends_with(b"0123456789") => {
                let gap = Gap { length: Some(4), next_frame: None };
                let parts = [
                    EventKind::Bytes { direction: *direction, bytes: bytes.slice(..5) },
                    EventKind::Missing { direction: *direction, gap },
                    EventKind::Bytes { direction: *direction, bytes: bytes.slice(9..) },
                ];
                events.extend(parts.map(|kind| Event { at: event.at, kind }));
            }
            _ => events.push(event),
        }
    }
    Session::replay(whole.origin.clone(), events)
}

#[test]
fn what_was_not_recorded_of_a_payload_is_said_in_every_document() {
    let session = with_a_gap();
    let text = |form: Form| String::from_utf8(written(&session, &Saving::whole(form))).unwrap();
    let table = text(Form::Csv);
    assert!(table.contains(",parts in hex,303132 (4 missing) 373839,bytes-missing,"), "{table}");
    let transcript = text(Form::Text);
    assert!(
        transcript.contains("    000000  30 31 32\n    000003  (4 bytes were not recorded)\n    000007  37 38 39\n"),
        "{transcript}"
    );
    let page = text(Form::Html);
    assert!(page.contains(
        "<code>30 31 32</code> <span class=\"weak\">(4 bytes were not recorded)</span> <code>37 38 39</code>"
    ));
    // A HAR has whole messages.
    let har = text(Form::Log(Format::Har));
    assert!(
        har.contains("\"whole\"") && har.contains("1 frames that are not part of a whole message were left out"),
        "{har}"
    );
    let record: serde_json::Value =
        serde_json::from_str(&copy(&session, FrameNumber(1), CopyForm::Json).unwrap()).unwrap();
    assert_eq!((&record["length"], &record["missing"]), (&10.into(), &4.into()));
    assert_eq!(record["parts"], serde_json::json!([{"at": 0, "hex": "303132"}, {"at": 7, "hex": "373839"}]));
    assert_eq!(record.get("text"), None);
    assert_eq!(copy(&session, FrameNumber(1), CopyForm::Text), Err(CopyProblem::NotRecorded));
    assert_eq!(copy(&session, FrameNumber(2), CopyForm::Text).unwrap(), "whole");
}
