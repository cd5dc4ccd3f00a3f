//! Connecting: TLS as it should be, and every failure with what it says happened and what to try.

mod raw_server;

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use closelook::capture::Client;
use closelook::capture::command::{CloseRequest, Command};
use closelook::capture::options::ConnectOptions;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::verdict::{ConnectStage, Outcome, TransportEnd};
use closelook::session::{EventKind, Session};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use raw_server::{Peer, Served, connect, ended, frame, header, serve, serve_with, wait_for};

/// The stage, problem and advice of a failure.
fn failure(session: &Session) -> (ConnectStage, String, String) {
    let found = session.records().find_map(|(_, kind)| match kind {
        EventKind::ConnectFailed { stage, problem, advice } => Some((*stage, problem.clone(), advice.clone())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{session:#?}"))
}

fn failed(options: ConnectOptions) -> (ConnectStage, String, String) {
    failure(&ended(&connect(options)))
}

/// How connecting fails when the request is answered with these bytes and an end.
fn failed_with(response: impl Into<Vec<u8>>) -> (ConnectStage, String, String) {
    let response = response.into();
    let server = serve(move |mut peer| {
        peer.read_request();
        peer.send(&response);
    });
    let found = failed(ConnectOptions::new(server.url()));
    server.result();
    found
}

#[track_caller]
fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

/// A port on which nothing listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn what_cannot_be_dialled_fails_before_anything_is_sent() {
    let (stage, problem, _) = failed(ConnectOptions::new("ws://host/#part"));
    assert_eq!(stage, ConnectStage::Dns);
    assert_says(&problem, &["fragment", "#part"]);

    let mut injected = ConnectOptions::new(format!("ws://127.0.0.1:{}", closed_port()));
    injected.headers = vec![("X-One".into(), "1\r\nX-Two: 2".into())];
    let (stage, problem, _) = failed(injected);
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["X-One", "line break"]);
}

#[test]
fn a_closed_port_refuses() {
    let port = closed_port();
    let client = connect(ConnectOptions::new(format!("ws://127.0.0.1:{port}")));
    let session = ended(&client);
    let (stage, problem, advice) = failure(&session);
    assert_eq!(stage, ConnectStage::Tcp);
    assert_says(&problem, &[&format!("127.0.0.1:{port} refused the connection")]);
    assert_says(&advice, &["Nothing listens there"]);
    assert_eq!(session.verdict.outcome, Outcome::ConnectFailed);
}

#[test]
fn a_name_that_does_not_exist_has_no_address() {
    // The empty label makes the system's resolver refuse the name without asking anybody.
    let (stage, problem, advice) = failed(ConnectOptions::new(format!("ws://a..{}/", "b".repeat(10))));
    assert_eq!(stage, ConnectStage::Dns);
    assert_says(&problem, &["No address was found for `a..bbbbbbbbbb`"]);
    assert_says(&advice, &["spelling"]);
}

#[test]
fn an_end_before_the_answer_says_so() {
    let server = serve(|mut peer| {
        peer.read_request();
    });
    let client = connect(ConnectOptions::new(server.url()));
    let session = ended(&client);
    let (stage, problem, advice) = failure(&session);
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["ended the connection without answering"]);
    assert_says(&advice, &["wss://"]);
    assert_eq!(session.verdict.outcome, Outcome::HandshakeFailed);
    assert_eq!(session.verdict.transport_end.map(|end| (end.side, end.how)), Some((Side::Server, TransportEnd::Fin)));

    let server = serve(|mut peer| {
        peer.read_request();
        peer.reset();
    });
    let (_, problem, _) = failed(ConnectOptions::new(server.url()));
    server.result();
    assert_says(&problem, &["reset the connection without answering"]);

    let (_, problem, _) = failed_with("HTTP/1.1 101 Switch");
    assert_says(&problem, &["in the middle of its answer", "HTTP/1.1 101 Switch"]);
}

#[test]
fn what_is_not_http_is_quoted() {
    let (stage, problem, advice) = failed_with("SSH-2.0-OpenSSH_9.6\r\n");
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["not HTTP", "SSH-2.0-OpenSSH_9.6"]);
    assert_says(&advice, &["not a WebSocket server"]);
}

#[test]
fn refusals_are_told_with_the_start_of_their_body() {
    let response = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"x\"\r\nContent-Length: 21\r\n\r\nno token,\nno admission";
    // The connection stays open: the length of the body says that it is complete.
    let server = serve(move |mut peer| {
        peer.read_request();
        peer.send(response.as_bytes());
        peer.read_to_the_end()
    });
    let client = connect(ConnectOptions::new(server.url()));
    let session = ended(&client);
    let (stage, problem, advice) = failure(&session);
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["HTTP 401 Unauthorized", "no token, no admission"]);
    assert_says(&advice, &["Bearer realm"]);
    assert_eq!(server.result().0, b"");
    assert_eq!(session.response_body(100), b"no token,\nno admission");
    assert_eq!(session.handshake.status(), Some(401));

    for (status, expected) in [
        ("200 OK", "ordinary web page"),
        ("403 Forbidden", "Origin"),
        ("404 Not Found", "path"),
        ("426 Upgrade Required\r\nSec-WebSocket-Version: 8", "version 8"),
        ("500 Oops", "log"),
        ("503 Service Unavailable", "gateway"),
    ] {
        let (_, problem, advice) = failed_with(format!("HTTP/1.1 {status}\r\n\r\n"));
        assert_says(&problem, &[status.split("\r\n").next().unwrap()]);
        assert_says(&advice, &[expected]);
    }
}

#[test]
fn a_chunked_body_is_complete_with_its_last_chunk() {
    let server = serve(|mut peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nruin\r\n0\r\n\r\n");
        peer.read_to_the_end()
    });
    let (_, problem, _) = failed(ConnectOptions::new(server.url()));
    server.result();
    assert_says(&problem, &["HTTP 500 Oops", "ruin"]);
}

#[test]
fn a_redirection_is_told_with_its_target() {
    let (stage, problem, advice) =
        failed_with("HTTP/1.1 302 Found\r\nLocation: wss://elsewhere.example/chat\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["HTTP 302 Found", "wss://elsewhere.example/chat"]);
    assert_says(&advice, &["not followed"]);
}

#[test]
fn a_101_that_breaks_a_rule_is_not_accepted() {
    let accepted = |accept: &str, lines: &str| {
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
        failed_with(format!("{head}Sec-WebSocket-Accept: {accept}\r\n{lines}\r\n"))
    };
    assert_says(&accepted("wrong", "").1, &["RFC 6455 section 4.1", "does not answer the request's key"]);
    assert_says(&failed_with("HTTP/1.1 101 Yes\r\n\r\n").1, &["no `Upgrade: websocket`", "no `Connection: Upgrade`"]);

    let server = serve(|mut peer| {
        peer.upgrade_with("Sec-WebSocket-Protocol: mqtt\r\n");
        peer.read_to_the_end()
    });
    let client = connect(ConnectOptions::new(server.url()));
    let session = ended(&client);
    assert_eq!(server.result().0, b"");
    assert_says(&failure(&session).1, &["subprotocol that was not offered"]);
    assert_eq!(session.verdict.outcome, Outcome::HandshakeFailed);
}

#[test]
fn a_connect_that_hangs_can_be_cancelled() {
    for scheme in ["ws", "wss"] {
        let server = serve(|mut peer| peer.read_to_the_end());
        let mut options = ConnectOptions::new(format!("{scheme}://{}/", server.address));
        options.tls.accept_any_certificate = true;
        let client = connect(options);
        wait_for(&client, |session| session.records().any(|(_, kind)| matches!(kind, EventKind::Connected { .. })));
        client.send(Command::Abort).unwrap();
        let session = ended(&client);
        let (stage, problem, _) = failure(&session);
        assert_eq!(stage, if scheme == "ws" { ConnectStage::Upgrade } else { ConnectStage::Tls });
        assert_says(&problem, &["cancelled"]);
        server.result();
    }
}

/// A certificate in PEM and the configuration of a server that has it.
fn certified(change: impl FnOnce(&mut CertificateParams)) -> (String, Arc<ServerConfig>) {
    let mut parameters = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    change(&mut parameters);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    (certificate.pem(), Arc::new(config))
}

type TlsPeer = Peer<StreamOwned<ServerConnection, TcpStream>>;

fn serve_tls<T: Send + 'static>(
    config: Arc<ServerConfig>,
    script: impl FnOnce(TlsPeer) -> T + Send + 'static,
) -> Served<T> {
    let small_buffers = |listener: &TcpListener| {
        let socket = socket2::SockRef::from(listener);
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        socket.set_send_buffer_size(16 * 1024).unwrap();
    };
    serve_with(small_buffers, move |peer| {
        let connection = ServerConnection::new(config).unwrap();
        script(Peer { stream: StreamOwned::new(connection, peer.stream) })
    })
}

/// A server whose TLS handshake is expected to fail.
fn serve_until_tls_fails(config: Arc<ServerConfig>) -> Served<()> {
    serve_tls(config, |mut peer| {
        let _ = peer.stream.flush();
        let _ = peer.stream.conn.complete_io(&mut peer.stream.sock);
    })
}

fn pem_file(pem: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pem.as_bytes()).unwrap();
    file
}

/// Options for this server that trust this certificate.
fn trusting<T>(server: &Served<T>, authority: &tempfile::NamedTempFile) -> ConnectOptions {
    let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
    options.tls.extra_authority = Some(authority.path().to_owned());
    options
}

/// Writes a mebibyte before it reads the client's, so that both writes are pending at once.
fn exchange(mut peer: TlsPeer) -> bool {
    peer.upgrade();
    assert_eq!(peer.read_exactly(1), [0x82]);
    peer.send(&frame(0x82, &vec![0x5A; 1024 * 1024]));
    let rest = peer.read_exactly(1 + 8 + 4 + 1024 * 1024);
    let (key, payload) = (&rest[9..13], &rest[13..]);
    let is_right = payload.iter().zip(key.iter().cycle()).all(|(byte, key)| byte ^ key == 0xA5);
    let closed = peer.read_frame();
    peer.send(&frame(0x88, &closed.payload));
    peer.stream.conn.send_close_notify();
    peer.stream.flush().unwrap();
    is_right
}

fn exchanged(client: &Client) -> Arc<Session> {
    client.send(Command::SendBinary(vec![0xA5; 1024 * 1024].into())).unwrap();
    client.send(Command::Close(CloseRequest::normal())).unwrap();
    let session = ended(client);
    assert_eq!(session.messages().count(), 2);
    assert!(session.verdict.clean);
    assert_eq!(session.verdict.transport_end.map(|end| (end.side, end.how)), Some((Side::Server, TransportEnd::Fin)));
    session
}

fn secured(session: &Session) -> (String, String, bool) {
    let found = session.records().find_map(|(_, kind)| match kind {
        EventKind::Secured { version, cipher, verified, .. } => Some((version.clone(), cipher.clone(), *verified)),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn a_server_of_an_extra_authority_is_verified_and_talks_both_ways_at_once() {
    let (pem, config) = certified(|_| {});
    let server = serve_tls(config, exchange);
    let authority = pem_file(&pem);
    let session = exchanged(&connect(trusting(&server, &authority)));
    assert!(server.result());
    let (version, cipher, verified) = secured(&session);
    assert_eq!((version.as_str(), verified), ("TLS 1.3", true));
    assert!(cipher.starts_with("TLS_"), "{cipher}");
    // What is recorded is the plaintext.
    assert_eq!(session.bytes(Direction::ClientToServer, 0, 4), b"GET ");
}

#[test]
fn any_certificate_can_be_accepted_and_is_not_called_verified() {
    let (_, config) = certified(|parameters| parameters.not_after = rcgen::date_time_ymd(2001, 1, 1));
    let server = serve_tls(config, exchange);
    let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
    options.tls.accept_any_certificate = true;
    let session = exchanged(&connect(options));
    assert!(server.result());
    assert!(!secured(&session).2);
}

#[test]
fn certificates_are_refused_with_the_reason() {
    let refused = |config: Arc<ServerConfig>, authority: &str| {
        let server = serve_until_tls_fails(config);
        let file = pem_file(authority);
        let client = connect(trusting(&server, &file));
        let session = ended(&client);
        server.result();
        assert_eq!(session.verdict.sides[Side::Client].reports.map(|code| code.0), Some(1015));
        let (stage, problem, advice) = failure(&session);
        assert_eq!(stage, ConnectStage::Tls);
        (problem, advice)
    };
    let named = |name: &'static str| {
        certified(move |parameters| parameters.distinguished_name.push(rcgen::DnType::CommonName, name))
    };
    let (problem, advice) = refused(named("one").1, &named("other").0);
    assert_says(&problem, &["not trusted"]);
    assert_says(&advice, &["extra authority"]);

    // An authority of the same name with another key.
    assert_says(&refused(named("one").1, &named("one").0).0, &["signature", "wrong"]);

    let (pem, config) = certified(|parameters| {
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    });
    assert_says(&refused(config, &pem).0, &["authority's certificate"]);

    let (pem, config) = certified(|parameters| parameters.not_after = rcgen::date_time_ymd(2001, 1, 1));
    assert_says(&refused(config, &pem).0, &["expired"]);

    let (pem, config) = certified(|parameters| parameters.not_before = rcgen::date_time_ymd(3000, 1, 1));
    assert_says(&refused(config, &pem).0, &["not valid yet"]);

    let (pem, config) = certified(|parameters| {
        parameters.subject_alt_names = vec![rcgen::SanType::DnsName("elsewhere.example".try_into().unwrap())];
    });
    assert_says(&refused(config, &pem).0, &["not for `127.0.0.1`", "elsewhere.example"]);
}

#[test]
fn a_file_without_certificates_is_not_an_authority() {
    let server = serve(|mut peer| peer.read_to_the_end());
    let file = pem_file("nothing");
    let (stage, problem, advice) = failed(trusting(&server, &file));
    server.result();
    assert_eq!(stage, ConnectStage::Tls);
    assert_says(&problem, &["no certificate"]);
    assert_says(&advice, &["PEM"]);
}

#[test]
fn tls_and_plain_text_are_told_apart() {
    let server = serve(|mut peer| {
        peer.read_exactly(1);
        peer.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        peer.fin();
        peer.read_to_the_end();
    });
    let (stage, problem, advice) = failed(ConnectOptions::new(format!("wss://{}/path?token=1", server.address)));
    assert_eq!(stage, ConnectStage::Tls);
    assert_says(&problem, &["not TLS", "HTTP"]);
    assert_says(&advice, &[&format!("ws://{}/path.", server.address)]);
    server.result();

    let server = serve_until_tls_fails(certified(|_| {}).1);
    let (stage, problem, advice) = failed(ConnectOptions::new(server.url()));
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["speaks TLS"]);
    assert_says(&advice, &["wss://"]);
    server.result();
}

#[test]
fn the_key_of_each_request_is_new() {
    let key = || {
        let server = serve(|mut peer| {
            let request = peer.upgrade();
            header(&request, "Sec-WebSocket-Key").unwrap().to_owned()
        });
        ended(&connect(ConnectOptions::new(server.url())));
        server.result()
    };
    assert_ne!(key(), key());
}
