//! Saving and opening logs: nothing is lost, damage is told, captures of others are read, and Wireshark sees the same frames.

#[path = "logs/annotations.rs"]
mod annotations;
#[path = "logs/captures.rs"]
mod captures;
#[path = "logs/damaged.rs"]
mod damaged;
#[path = "logs/files.rs"]
mod files;
#[path = "logs/foreign.rs"]
mod foreign;
#[path = "logs/gaps.rs"]
mod gaps;
#[path = "logs/har.rs"]
mod har;
#[path = "logs/incomplete.rs"]
mod incomplete;
#[path = "logs/parts.rs"]
mod parts;
#[path = "logs/scripts.rs"]
mod scripts;
#[path = "logs/tshark.rs"]
mod tshark;

use std::net::SocketAddr;
use std::ops::ControlFlow;

use closelook::logs::{self, Format, LogError, Opened};
use closelook::protocol::direction::Side;
use closelook::protocol::gap::Gap;
use closelook::protocol::moment::Moment;
use closelook::protocol::verdict::{ConnectStage, TransportEnd};
use closelook::session::{Event, EventKind, Origin, Perspective, Session};
use proptest::prelude::*;

use scripts::{STARTED_AT, Script, never_connected, rich_session};

fn save(session: &Session, format: Format) -> Vec<u8> {
    let mut file = Vec::new();
    logs::write(session, format, &mut file, &mut |_| ControlFlow::Continue(())).unwrap();
    file
}

fn open(file: &[u8], format: Format) -> Result<Opened, LogError> {
    logs::read(format, file.to_vec(), &mut |_| ControlFlow::Continue(()))
}

fn open_whole(file: &[u8], format: Format) -> Session {
    let opened = open(file, format).unwrap();
    assert_eq!(opened.damage, []);
    opened.session
}

fn assert_same(left: &Session, right: &Session) {
    assert_eq!(left.origin, right.origin);
    assert_eq!(left.annotations, right.annotations);
    let [left, right] = [left, right].map(|session| session.events().map(Result::unwrap).collect::<Vec<Event>>());
    for (index, (left, right)) in left.iter().zip(&right).enumerate() {
        assert_eq!(left, right, "event {index}");
    }
    assert_eq!(left.len(), right.len());
}

fn assert_survives(session: &Session) {
    let lines = save(session, Format::JsonLines);
    let from_lines = open_whole(&lines, Format::JsonLines);
    assert_same(session, &from_lines);
    assert!(save(&from_lines, Format::JsonLines) == lines, "the second JSON Lines file differs");
    let capture = save(&from_lines, Format::PcapNg);
    let from_capture = open_whole(&capture, Format::PcapNg);
    assert_same(session, &from_capture);
    assert!(save(&from_capture, Format::JsonLines) == lines, "JSON Lines by way of pcapng differ");
    assert!(save(&from_capture, Format::PcapNg) == capture, "the second capture differs");
}

#[test]
fn every_kind_of_event_survives_both_formats() {
    assert_survives(&rich_session("192.0.2.7:50123", "198.51.100.4:8443"));
    assert_survives(&rich_session("[2001:db8::7]:50123", "[2001:db8::4]:8080"));
    assert_survives(&never_connected());
    assert_survives(&Script::new().session());
}

#[test]
fn a_redirected_session_survives_with_the_addresses_of_its_last_place() {
    let mut script = Script::new();
    script.connected("192.0.2.7:50123", "198.51.100.4:80");
    script.push(EventKind::Redirected { status: 302, from: "ws://a/".into(), to: "ws://b/".into() });
    script.connected("192.0.2.7:50124", "198.51.100.9:80");
    script.upgrade();
    let session = script.session();
    assert_survives(&session);
    let capture = save(&session, Format::PcapNg);
    // The packets are between the ends that the bytes crossed.
    assert!(capture.windows(8).any(|window| window == [192, 0, 2, 7, 198, 51, 100, 9]));
    assert!(!capture.windows(8).any(|window| window == [192, 0, 2, 7, 198, 51, 100, 4]));
}

#[test]
fn a_session_over_a_unix_socket_survives() {
    let mut script = Script::new();
    script.push(EventKind::ConnectedLocally { path: "/run/ünix.sock".into() });
    script.upgrade();
    script.ended(Side::Server, TransportEnd::Fin);
    assert_survives(&script.session());
}

#[test]
fn a_log_from_before_the_certificates_opens_and_stays_as_it_was() {
    let lines = [
        r#"{"closelook":1,"started_at":"2026-09-21T14:13:20.123456789Z","url":"wss://example.org/","perspective":"client"}"#,
        r#"{"at":5,"event":"secured","version":"TLS 1.3","cipher":"TLS_AES_128_GCM_SHA256","verified":true}"#,
        "",
    ]
    .join("\n");
    let session = open_whole(lines.as_bytes(), Format::JsonLines);
    let secured = session.records().next().map(|(_, kind)| kind.clone());
    assert!(matches!(secured, Some(EventKind::Secured { alpn: None, certificates, .. }) if certificates.is_empty()));
    assert_eq!(String::from_utf8(save(&session, Format::JsonLines)).unwrap(), lines);
}

#[test]
fn a_note_longer_than_a_comment_survives() {
    let mut script = Script::new();
    script.push(EventKind::Note { text: "ü\"\n".repeat(70_000) });
    script.connected("127.0.0.1:1", "127.0.0.1:80");
    script.push(EventKind::Note { text: "é".repeat(200_000) });
    assert_survives(&script.session());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_session_survives_both_formats(session in any_session()) {
        assert_survives(&session);
    }
}

fn any_session() -> impl Strategy<Value = Session> {
    let started_at = prop_oneof![4 => Just(STARTED_AT), 1 => any::<u64>(), 1 => Just(u64::MAX - 1_000)];
    let perspective = prop_oneof![Just(Perspective::Client), Just(Perspective::Observer)];
    let origin = (started_at, proptest::option::of(any::<String>()), perspective)
        .prop_map(|(started_at, url, perspective)| Origin { started_at, url, perspective });
    (origin, proptest::collection::vec((0_u64..2_000_000_000, any_kind()), 0..40)).prop_map(|(origin, parts)| {
        let mut at = 0;
        let events = parts.into_iter().map(|(delta, kind)| {
            at += delta;
            Event { at: Moment(at), kind }
        });
        Session::replay(origin, events)
    })
}

fn any_kind() -> impl Strategy<Value = EventKind> {
    let side = prop_oneof![Just(Side::Client), Just(Side::Server)];
    let how = prop_oneof![
        Just(TransportEnd::Fin),
        Just(TransportEnd::Rst),
        Just(TransportEnd::Timeout),
        Just(TransportEnd::Local)
    ];
    let stage = prop_oneof![
        Just(ConnectStage::Dns),
        Just(ConnectStage::Tcp),
        Just(ConnectStage::Proxy),
        Just(ConnectStage::Tls),
        Just(ConnectStage::Upgrade)
    ];
    prop_oneof![
        1 => any::<Vec<std::net::IpAddr>>().prop_map(|addresses| EventKind::Resolved { addresses }),
        1 => (any_address(), any_address()).prop_map(|(client, server)| EventKind::Connected { client, server }),
        1 => (any::<String>(), any::<String>(), any::<bool>(), any::<Option<String>>(), any::<Vec<Vec<u8>>>()).prop_map(
            |(version, cipher, verified, alpn, certificates)| EventKind::Secured {
                version,
                cipher,
                verified,
                alpn,
                certificates: certificates.into_iter().map(Into::into).collect(),
            }
        ),
        1 => any::<String>().prop_map(|path| EventKind::ConnectedLocally { path }),
        1 => (any::<String>(), any::<String>(), any::<String>())
            .prop_map(|(proxy, destination, answer)| EventKind::Tunnelled { proxy, destination, answer }),
        1 => (any::<u16>(), any::<String>(), any::<String>())
            .prop_map(|(status, from, to)| EventKind::Redirected { status, from, to }),
        8 => (side.clone(), proptest::collection::vec(any::<u8>(), 0..300))
            .prop_map(|(side, bytes)| EventKind::Bytes { direction: side.sends(), bytes: bytes.into() }),
        1 => (side.clone(), any::<Option<u16>>(), any::<Option<u8>>()).prop_map(|(side, length, next_frame)| {
            let gap = Gap { length: length.map(u32::from), next_frame: next_frame.map(u32::from) };
            EventKind::Missing { direction: side.sends(), gap }
        }),
        1 => (side, how).prop_map(|(side, how)| EventKind::TransportEnded { side, how }),
        1 => (stage, any::<String>(), any::<String>())
            .prop_map(|(stage, problem, advice)| EventKind::ConnectFailed { stage, problem, advice }),
        2 => any::<String>().prop_map(|text| EventKind::Note { text }),
    ]
}

/// Without the flow information of IPv6, which has no written form.
fn any_address() -> impl Strategy<Value = SocketAddr> {
    (any::<std::net::IpAddr>(), any::<u16>()).prop_map(|(address, port)| SocketAddr::new(address, port))
}
