//! The ways to a server: proxies, chosen addresses, Unix-domain sockets, certificates on both sides, redirections and cookies.

mod raw_server;

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Command as Process, Output, Stdio};
use std::sync::Arc;
use std::thread;

use closelook::capture::command::{CloseRequest, Command};
use closelook::capture::options::{Authorization, ClientCertificate, ConnectOptions, Route};
use closelook::protocol::direction::Direction;
use closelook::protocol::verdict::{ConnectStage, Outcome};
use closelook::session::{EventKind, Session};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use raw_server::{Peer, Served, connect, ended, frame, header, serve, wait_for};

/// Upgrades, answers the Close, and gives the request.
fn polite<S: Read + Write>(mut peer: Peer<S>) -> String {
    let request = peer.upgrade();
    let close = peer.read_frame();
    peer.send(&frame(0x88, &close.payload));
    request
}

/// The session of these options once it was open and closed with 1000.
#[track_caller]
fn closed(options: ConnectOptions) -> Arc<Session> {
    let client = connect(options);
    let opened = wait_for(&client, |session| session.handshake.is_upgraded() || session.verdict.is_final());
    assert!(opened.handshake.is_upgraded(), "{:#?}", failure(&opened));
    client.send(Command::Close(CloseRequest::normal())).unwrap();
    let session = ended(&client);
    assert!(session.verdict.clean, "{session:#?}");
    session
}

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

#[track_caller]
fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

fn kinds(session: &Session) -> Vec<&EventKind> {
    session.records().map(|(_, kind)| kind).collect()
}

// --- proxies ------------------------------------------------------------------------------------------------------------------

/// Passes bytes on in both directions until both have ended.
fn relay(client: &TcpStream, upstream: SocketAddr) {
    let upstream = TcpStream::connect(upstream).unwrap();
    let (mut from_client, mut to_upstream) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    let there = thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_upstream);
        let _ = to_upstream.shutdown(Shutdown::Write);
    });
    let (mut from_upstream, mut to_client) = (upstream, client.try_clone().unwrap());
    let _ = io::copy(&mut from_upstream, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Write);
    there.join().unwrap();
}

/// A proxy for CONNECT that leads everybody to the same server, whatever was asked for; it gives the request.
fn connect_proxy(upstream: SocketAddr, answer: &'static str) -> Served<String> {
    serve(move |mut peer| {
        let request = peer.read_request();
        peer.send(answer.as_bytes());
        relay(&peer.stream, upstream);
        request
    })
}

/// A SOCKS5 proxy that leads everybody to the same server; it gives the bytes of the request.
fn socks_proxy(upstream: SocketAddr, credentials: Option<(&'static str, &'static str)>) -> Served<Vec<u8>> {
    serve(move |mut peer| {
        let [version, count] = peer.read_exactly(2)[..] else { unreachable!() };
        let methods = peer.read_exactly(count.into());
        assert_eq!(version, 5);
        match credentials {
            None => peer.send(&[5, 0]),
            Some((user, password)) => {
                assert!(methods.contains(&2));
                peer.send(&[5, 2]);
                let expected =
                    [&[1, user.len() as u8][..], user.as_bytes(), &[password.len() as u8], password.as_bytes()];
                let is_right = peer.read_exactly(expected.concat().len()) == expected.concat();
                peer.send(&[1, u8::from(!is_right)]);
                if !is_right {
                    return Vec::new();
                }
            }
        }
        let mut request = peer.read_exactly(5);
        let left = match request[3] {
            1 => 4 + 2 - 1,
            4 => 16 + 2 - 1,
            _ => usize::from(request[4]) + 2,
        };
        request.extend(peer.read_exactly(left));
        peer.send(&[5, 0, 0, 1, 192, 0, 2, 9, 0x12, 0x34]);
        relay(&peer.stream, upstream);
        request
    })
}

fn through(proxy: String, url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.network.route = Route::Proxy(proxy);
    options
}

/// The proxy, the destination and the answer of the tunnel's event.
fn tunnelled(session: &Session) -> (String, String, String) {
    let found = session.records().find_map(|(_, kind)| match kind {
        EventKind::Tunnelled { proxy, destination, answer } => {
            Some((proxy.clone(), destination.clone(), answer.clone()))
        }
        _ => None,
    });
    found.unwrap()
}

#[test]
fn a_session_through_connect_holds_its_own_bytes_only() {
    let server = serve(polite);
    let proxy = connect_proxy(server.address, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
    let address = proxy.address;
    let session = closed(through(format!("http://ann:p%40ss@{address}"), "ws://never-resolved.test:8123/chat"));
    let asked = proxy.result();
    assert_eq!(asked.lines().next(), Some("CONNECT never-resolved.test:8123 HTTP/1.1"));
    assert_eq!(header(&asked, "Host"), Some("never-resolved.test:8123"));
    assert_eq!(header(&asked, "Proxy-Authorization"), Some("Basic YW5uOnBAc3M="));
    let request = server.result();
    assert!(request.starts_with("GET /chat HTTP/1.1\r\nHost: never-resolved.test:8123\r\n"), "{request}");
    assert!(!request.contains("Proxy-"));
    assert_eq!(session.bytes(Direction::ClientToServer, 0, request.len() as u64), request.as_bytes());
    let start = session.bytes(Direction::ServerToClient, 0, 12);
    assert_eq!(start, b"HTTP/1.1 101");
    let expected = (
        format!("http://{address}"),
        "never-resolved.test:8123".to_owned(),
        "HTTP/1.1 200 Connection established".to_owned(),
    );
    assert_eq!(tunnelled(&session), expected);
    assert!(!format!("{:?}", kinds(&session)).contains("p@ss"));
    assert!(matches!(kinds(&session)[0], EventKind::Connected { server, .. } if *server == address));
}

#[test]
fn what_follows_the_answer_of_the_proxy_belongs_to_the_session() {
    // A server that speaks first, and whose words come in one piece with those of the proxy.
    let proxy = serve(|mut peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH\r\n");
        peer.read_to_the_end();
    });
    let client = connect(through(format!("http://{}", proxy.address), "ws://host.test/"));
    let session = ended(&client);
    proxy.result();
    assert_eq!(session.bytes(Direction::ServerToClient, 0, 100), b"SSH-2.0-OpenSSH\r\n");
    assert_says(&failure(&session).1, &["not HTTP"]);
}

#[test]
fn a_session_through_socks_by_name_by_address_and_with_a_password() {
    let server = serve(polite);
    let proxy = socks_proxy(server.address, None);
    let session = closed(through(format!("socks5h://{}", proxy.address), "ws://never-resolved.test:258/"));
    assert_eq!(proxy.result(), [&[5, 1, 0, 3, 19][..], b"never-resolved.test", &[1, 2]].concat());
    assert_eq!(tunnelled(&session).2, "succeeded, from 192.0.2.9:4660");
    assert_eq!(session.bytes(Direction::ClientToServer, 0, 4), b"GET ");
    server.result();

    // The name is resolved here.
    let server = serve(polite);
    let proxy = socks_proxy(server.address, Some(("ann", "secret")));
    let address = proxy.address;
    let session = closed(through(format!("socks5://ann:secret@{address}"), "ws://localhost:258/"));
    let request = proxy.result();
    assert!(
        request == [5, 1, 0, 1, 127, 0, 0, 1, 1, 2] || request == [&[5, 1, 0, 4][..], &[0; 15], &[1, 1, 2]].concat(),
        "{request:?}"
    );
    assert_eq!(tunnelled(&session).0, format!("socks5://{address}"));
    assert!(!format!("{:?}", kinds(&session)).contains("secret"));
    server.result();
}

#[test]
fn refusals_of_proxies_are_told_with_advice() {
    let refused = |scheme: &str, answers: &[&[u8]]| {
        let answers: Vec<Vec<u8>> = answers.iter().map(|answer| answer.to_vec()).collect();
        let proxy = serve(move |mut peer| {
            for answer in answers {
                peer.stream.read_exact(&mut [0; 3]).unwrap();
                peer.send(&answer);
            }
            peer.fin();
            peer.read_to_the_end();
        });
        let client = connect(through(format!("{scheme}://{}", proxy.address), "ws://host.test/"));
        let session = ended(&client);
        proxy.result();
        assert_eq!(session.verdict.outcome, Outcome::ConnectFailed);
        // Nothing was said to the server.
        assert_eq!(session.bytes(Direction::ClientToServer, 0, 100), b"");
        let (stage, problem, advice) = failure(&session);
        assert_eq!(stage, ConnectStage::Proxy);
        (problem, advice)
    };
    let (problem, advice) =
        refused("http", &[b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n"]);
    assert_says(&problem, &["did not connect to host.test:80", "HTTP 407 Who are you"]);
    assert_says(&advice, &["user:password", "Basic realm"]);
    let (problem, advice) = refused("http", &[b"HTTP/1.1 403 Forbidden\r\n\r\n"]);
    assert_says(&problem, &["403 Forbidden"]);
    assert_says(&advice, &["rules", "443"]);
    assert_says(&refused("http", &[b"HTTP/1.1 502 Bad Gateway\r\n\r\n"]).1, &["could not reach the server"]);
    assert_says(&refused("http", &[b"\x05\xff"]).1, &["socks5h://"]);
    assert_says(&refused("socks5h", &[b"HTTP/1.1 400 Bad Request\r\n\r\n"]).1, &["http://"]);
    assert_says(&refused("http", &[b"HTTP/1.1 200 O"]).0, &["ended the connection"]);
    assert_says(&refused("socks5h", &[b"\x05\xff"]).1, &["user and password"]);
    for (code, problem, advice) in [
        (1, "failed", "log"),
        (2, "rules forbid", "another way"),
        (3, "network cannot be reached", "address"),
        (4, "host cannot be reached", "name"),
        (5, "refused the connection", "port"),
        (6, "TTL", "routes"),
        (7, "CONNECT", "another proxy"),
        (8, "type of address", "socks5://"),
        (99, "SOCKS reply 99", "log"),
    ] {
        let found = refused("socks5h", &[b"\x05\x00", &[5, code, 0, 1]]);
        assert_says(&found.0, &[problem]);
        assert_says(&found.1, &[advice]);
    }
}

#[test]
fn a_wrong_password_is_told_without_repeating_it() {
    let proxy = socks_proxy(([127, 0, 0, 1], 9).into(), Some(("ann", "secret")));
    let (stage, problem, advice) =
        failed(through(format!("socks5h://ann:guess!@{}", proxy.address), "ws://host.test/"));
    proxy.result();
    assert_eq!(stage, ConnectStage::Proxy);
    assert_says(&problem, &["user or password are wrong"]);
    assert!(!format!("{problem}{advice}").contains("guess!"));
}

#[test]
fn a_proxy_that_is_none_is_refused_before_anything_is_sent() {
    let (stage, problem, _) = failed(through("gopher://ann:secret@host".into(), "ws://host.test/"));
    assert_eq!(stage, ConnectStage::Proxy);
    assert_says(&problem, &["`gopher` is not a kind of proxy"]);
    assert!(!problem.contains("secret"));
    let long = format!("ws://{}.test/", vec!["x".repeat(60); 5].join("."));
    assert_says(&failed(through("socks5h://127.0.0.1:9".into(), &long)).1, &["255 bytes"]);
}

#[test]
fn a_hanging_proxy_can_be_given_up() {
    let proxy = serve(|mut peer| {
        peer.read_request();
        peer.read_to_the_end();
    });
    let client = connect(through(format!("http://{}", proxy.address), "ws://host.test/"));
    wait_for(&client, |session| session.records().any(|(_, kind)| matches!(kind, EventKind::Connected { .. })));
    client.send(Command::Abort).unwrap();
    let (stage, problem, _) = failure(&ended(&client));
    assert_eq!(stage, ConnectStage::Proxy);
    assert_says(&problem, &["cancelled", "proxy"]);
    proxy.result();
}

// --- TLS ----------------------------------------------------------------------------------------------------------------------

struct Issued {
    pem: String,
    key: String,
    der: CertificateDer<'static>,
}

fn issued(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Issued {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).unwrap();
    change(&mut parameters);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    Issued { pem: certificate.pem(), key: key.serialize_pem(), der: certificate.der().clone() }
}

/// A server's configuration; with a client authority it demands a certificate of the client.
fn config(own: &Issued, clients: Option<&Issued>) -> Arc<ServerConfig> {
    use rustls::pki_types::pem::PemObject as _;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let mut roots = RootCertStore::empty();
            roots.add(client.der.clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = PrivateKeyDer::from_pem_slice(own.key.as_bytes()).unwrap();
    let mut config = builder.with_single_cert(vec![own.der.clone()], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}

type TlsPeer = Peer<StreamOwned<ServerConnection, TcpStream>>;

fn over_tls(config: Arc<ServerConfig>, stream: TcpStream) -> TlsPeer {
    Peer { stream: StreamOwned::new(ServerConnection::new(config).unwrap(), stream) }
}

fn serve_tls<T: Send + 'static>(
    config: Arc<ServerConfig>,
    script: impl FnOnce(TlsPeer) -> T + Send + 'static,
) -> Served<T> {
    serve(move |peer| script(over_tls(config, peer.stream)))
}

fn polite_tls(mut peer: TlsPeer) -> (String, Option<String>, usize) {
    let request = peer.upgrade();
    let (name, clients) = {
        let connection = &peer.stream.conn;
        (connection.server_name().map(str::to_owned), connection.peer_certificates().map_or(0, <[_]>::len))
    };
    let close = peer.read_frame();
    peer.send(&frame(0x88, &close.payload));
    peer.stream.conn.send_close_notify();
    peer.stream.flush().unwrap();
    (request, name, clients)
}

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn the_facts_of_tls_are_recorded_with_the_chain() {
    let own = issued(&["localhost", "127.0.0.1"], |_| {});
    let server = serve_tls(config(&own, None), polite_tls);
    let authority = file(&own.pem);
    let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
    options.tls.extra_authority = Some(authority.path().to_owned());
    let session = closed(options);
    server.result();
    let found = session.records().find_map(|(_, kind)| match kind {
        EventKind::Secured { alpn, certificates, .. } => Some((alpn.clone(), certificates.clone())),
        _ => None,
    });
    let (alpn, certificates) = found.unwrap();
    assert_eq!(alpn.as_deref(), Some("http/1.1"));
    assert_eq!(certificates, [own.der.to_vec()]);
}

#[test]
fn the_server_name_is_asked_for_and_verified_in_the_place_of_the_host() {
    let own = issued(&["inner.example"], |_| {});
    let authority = file(&own.pem);
    let server = serve_tls(config(&own, None), polite_tls);
    let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
    options.tls.extra_authority = Some(authority.path().to_owned());
    options.tls.server_name = Some("inner.example".into());
    options.host = Some("outer.example:99".into());
    closed(options.clone());
    let (request, name, _) = server.result();
    assert_eq!(name.as_deref(), Some("inner.example"));
    assert_eq!(header(&request, "Host"), Some("outer.example:99"));

    let server = serve_tls(config(&own, None), |mut peer| drop(peer.stream.flush()));
    options.url = format!("wss://{}/", server.address);
    options.tls.server_name = Some("other.example".into());
    let (stage, problem, _) = failed(options);
    server.result();
    assert_eq!(stage, ConnectStage::Tls);
    assert_says(&problem, &["not for `other.example`", "inner.example"]);
}

#[test]
fn a_chosen_address_keeps_host_and_server_name() {
    let own = issued(&["chat.example"], |_| {});
    let authority = file(&own.pem);
    let server = serve_tls(config(&own, None), polite_tls);
    let mut options = ConnectOptions::new("wss://chat.example/x");
    options.tls.extra_authority = Some(authority.path().to_owned());
    options.network.connect_to = Some(server.address.to_string());
    let session = closed(options);
    let (request, name, _) = server.result();
    assert_eq!((name.as_deref(), header(&request, "Host")), (Some("chat.example"), Some("chat.example")));
    // Nothing had to be resolved.
    assert!(matches!(kinds(&session)[0], EventKind::Connected { .. }));

    let mut options = ConnectOptions::new("ws://host.test/");
    options.network.connect_to = Some("host:port".into());
    assert_says(&failed(options).1, &["`host:port` is not a host"]);
}

#[test]
fn tls_goes_through_a_proxy_and_through_a_proxy_with_tls() {
    let own = issued(&["inner.example", "127.0.0.1"], |_| {});
    let authority = file(&own.pem);
    for is_proxy_secure in [false, true] {
        let server = serve_tls(config(&own, None), polite_tls);
        let upstream = server.address;
        let outer = config(&own, None);
        let proxy = serve(move |mut peer| {
            if !is_proxy_secure {
                let request = peer.read_request();
                peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
                relay(&peer.stream, upstream);
                return request;
            }
            let mut peer = over_tls(outer, peer.stream);
            let request = peer.read_request();
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
            relay_tls(peer, upstream);
            request
        });
        let scheme = if is_proxy_secure { "https" } else { "http" };
        let mut options = through(format!("{scheme}://{}", proxy.address), "wss://inner.example/");
        options.tls.extra_authority = Some(authority.path().to_owned());
        let session = closed(options);
        assert!(proxy.result().starts_with("CONNECT inner.example:443 "));
        assert_eq!(server.result().1.as_deref(), Some("inner.example"));
        assert_eq!(session.bytes(Direction::ClientToServer, 0, 4), b"GET ");
        let order: Vec<_> = kinds(&session)
            .into_iter()
            .filter_map(|kind| match kind {
                EventKind::Connected { .. } => Some("connected"),
                EventKind::Tunnelled { .. } => Some("tunnelled"),
                EventKind::Secured { .. } => Some("secured"),
                _ => None,
            })
            .collect();
        assert_eq!(order, ["connected", "tunnelled", "secured"]);
    }
}

/// Passes bytes on between TLS and TCP, by turns: whoever has something is read first.
fn relay_tls(mut peer: TlsPeer, upstream: SocketAddr) {
    let mut upstream = TcpStream::connect(upstream).unwrap();
    peer.stream.sock.set_nonblocking(true).unwrap();
    upstream.set_nonblocking(true).unwrap();
    let mut buffer = [0; 16 * 1024];
    let mut ended = [false; 2];
    let would_block = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    while ended != [true; 2] {
        let mut moved = false;
        match peer.stream.read(&mut buffer) {
            Ok(0) => ended[0] = true,
            Ok(length) => {
                upstream.write_all(&buffer[..length]).unwrap();
                moved = true;
            }
            Err(error) if would_block(&error) => {}
            Err(_) => ended[0] = true,
        }
        match upstream.read(&mut buffer) {
            Ok(0) => {
                ended = [true; 2];
                peer.stream.conn.send_close_notify();
                let _ = peer.stream.flush();
            }
            Ok(length) => {
                peer.stream.write_all(&buffer[..length]).unwrap();
                peer.stream.flush().unwrap();
                moved = true;
            }
            Err(error) if would_block(&error) => {}
            Err(_) => ended[1] = true,
        }
        if !moved {
            thread::yield_now();
        }
    }
}

#[test]
fn a_client_certificate_is_shown_to_a_server_that_asks() {
    let own = issued(&["localhost", "127.0.0.1"], |_| {});
    let person = issued(&["ann"], |_| {});
    let authority = file(&own.pem);
    let (certificate, key) = (file(&person.pem), file(&person.key));
    let both = file(&format!("{}{}", person.key, person.pem));
    for client in [
        ClientCertificate { certificate: certificate.path().into(), key: Some(key.path().into()) },
        ClientCertificate { certificate: both.path().into(), key: None },
    ] {
        let server = serve_tls(config(&own, Some(&person)), polite_tls);
        let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
        options.tls.extra_authority = Some(authority.path().to_owned());
        options.tls.client_certificate = Some(client);
        closed(options);
        assert_eq!(server.result().2, 1);
    }
}

#[test]
fn a_server_that_misses_or_refuses_the_client_certificate_is_understood() {
    let own = issued(&["localhost", "127.0.0.1"], |_| {});
    let person = issued(&["ann"], |_| {});
    let stranger =
        issued(&["bob"], |parameters| parameters.distinguished_name.push(rcgen::DnType::CommonName, "a stranger"));
    let authority = file(&own.pem);
    let both = file(&format!("{}{}", stranger.key, stranger.pem));
    let refused = |client: Option<ClientCertificate>| {
        let server = serve_tls(config(&own, Some(&person)), |mut peer| {
            let _ = peer.stream.conn.complete_io(&mut peer.stream.sock);
            let _ = peer.stream.conn.complete_io(&mut peer.stream.sock);
            // Whatever the client has sent is taken, so that the alert is not overtaken by a reset.
            let _ = peer.stream.sock.shutdown(Shutdown::Write);
            let _ = io::copy(&mut peer.stream.sock, &mut io::sink());
        });
        let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
        options.tls.extra_authority = Some(authority.path().to_owned());
        options.tls.client_certificate = client;
        let found = failed(options);
        server.result();
        assert_eq!(found.0, ConnectStage::Tls, "{found:?}");
        found
    };
    let (_, problem, advice) = refused(None);
    assert_says(&problem, &["asks for a certificate of the client"]);
    assert_says(&advice, &["--cert"]);
    let (_, problem, _) = refused(Some(ClientCertificate { certificate: both.path().into(), key: None }));
    assert_says(&problem, &["did not accept the client's certificate"]);
}

#[test]
fn a_server_that_hangs_up_without_a_certificate_is_understood_too() {
    let own = issued(&["localhost", "127.0.0.1"], |_| {});
    let person = issued(&["ann"], |_| {});
    let authority = file(&own.pem);
    let server = serve_tls(config(&own, Some(&person)), |mut peer| {
        let TlsPeer { stream } = &mut peer;
        // The alert that says why is never sent.
        while stream.conn.read_tls(&mut stream.sock).unwrap() > 0 && stream.conn.process_new_packets().is_ok() {
            while stream.conn.wants_write() {
                stream.conn.write_tls(&mut stream.sock).unwrap();
            }
        }
        stream.sock.shutdown(Shutdown::Write).unwrap();
        let _ = io::copy(&mut stream.sock, &mut io::sink());
    });
    let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
    options.tls.extra_authority = Some(authority.path().to_owned());
    let (stage, problem, advice) = failed(options);
    server.result();
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["without answering"]);
    assert_says(&advice, &["asked for a certificate of the client", "--cert"]);
}

#[test]
fn client_certificates_that_cannot_be_used_are_told_with_the_reason() {
    let (person, other) = (issued(&["ann"], |_| {}), issued(&["bob"], |_| {}));
    let (certificate, key) = (file(&person.pem), file(&person.key));
    let (wrong_key, nothing) = (file(&other.key), file("nothing"));
    let encrypted = file("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let problem = |certificate: &NamedTempFile, key: Option<&NamedTempFile>| {
        let server = serve(|mut peer| peer.read_to_the_end());
        let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
        let key = key.map(|key| key.path().into());
        options.tls.client_certificate = Some(ClientCertificate { certificate: certificate.path().into(), key });
        let (stage, problem, advice) = failed(options);
        server.result();
        assert_eq!(stage, ConnectStage::Tls);
        (problem, advice)
    };
    assert_says(&problem(&nothing, None).0, &["no certificate for the client"]);
    assert_says(&problem(&certificate, None).0, &["no private key"]);
    assert_says(&problem(&certificate, Some(&nothing)).0, &["no private key"]);
    assert_says(&problem(&certificate, Some(&wrong_key)).0, &["does not belong"]);
    let (is_encrypted, advice) = problem(&certificate, Some(&encrypted));
    assert_says(&is_encrypted, &["encrypted"]);
    assert_says(&advice, &["openssl pkey"]);
    let path = key.path().to_owned();
    drop(key);
    let server = serve(|mut peer| peer.read_to_the_end());
    let mut options = ConnectOptions::new(format!("wss://{}/", server.address));
    options.tls.client_certificate = Some(ClientCertificate { certificate: path, key: None });
    assert_says(&failed(options).1, &["cannot be read"]);
    server.result();
}

// --- Unix-domain sockets ------------------------------------------------------------------------------------------------------

#[cfg(unix)]
#[test]
fn a_session_over_a_unix_socket() {
    use std::os::unix::net::{UnixListener, UnixStream};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = thread::spawn(move || {
        let (stream, _): (UnixStream, _) = listener.accept().unwrap();
        let mut peer = Peer { stream };
        let request = peer.upgrade();
        assert_eq!(peer.read_frame().payload.len(), 300_000);
        peer.send(&frame(0x82, &vec![7; 300_000]));
        let close = peer.read_frame();
        peer.send(&frame(0x88, &close.payload));
        request
    });
    let mut options = ConnectOptions::new("ws://any.test:81/x");
    options.network.route = Route::UnixSocket(path.clone());
    let client = connect(options.clone());
    client.send(Command::SendBinary(vec![1; 300_000].into())).unwrap();
    wait_for(&client, |session| session.messages().count() == 2);
    client.send(Command::Close(CloseRequest::normal())).unwrap();
    let session = ended(&client);
    assert!(session.verdict.clean);
    assert!(server.join().unwrap().starts_with("GET /x HTTP/1.1\r\nHost: any.test:81\r\n"));
    assert_eq!(kinds(&session)[0], &EventKind::ConnectedLocally { path: path.display().to_string() });

    // The server is gone and has left its socket behind; then that is gone too.
    assert_says(&failed(options.clone()).2, &["Nothing listens there"]);
    std::fs::remove_file(&path).unwrap();
    let (stage, problem, advice) = failed(options);
    assert_eq!(stage, ConnectStage::Tcp);
    assert_says(&problem, &["server.sock"]);
    assert_says(&advice, &["Check the path"]);
}

// --- redirections and cookies -------------------------------------------------------------------------------------------------

/// A server that answers with this head, and gives the request.
fn redirecting(head: String) -> Served<String> {
    serve(move |mut peer| {
        let request = peer.read_request();
        peer.send(head.as_bytes());
        peer.read_to_the_end();
        request
    })
}

#[test]
fn a_redirection_is_followed_when_asked_and_only_the_last_place_is_the_session() {
    let server = serve(polite);
    let target = format!("http://{}/chat?token=abc#part", server.address);
    let first = redirecting(format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 5\r\n\r\nhello"));
    let mut options = ConnectOptions::new(first.url());
    options.redirections = 1;
    options.cookies = vec!["given=1".into()];
    options.authorization = Some(Authorization::Bearer { token: "abc".into() });
    options.headers = vec![("X-Api-Key".into(), "k".into()), ("X-Trace".into(), "t".into())];
    let url = first.url();
    let session = closed(options);
    let (before, request) = (first.result(), server.result());
    assert_eq!(header(&before, "Cookie"), Some("given=1"));
    assert_eq!(header(&before, "Authorization"), Some("Bearer abc"));
    // Another port is another origin, which learns no secret.
    assert!(request.starts_with("GET /chat?token=abc HTTP/1.1\r\n"), "{request}");
    assert_eq!(header(&request, "X-Trace"), Some("t"));
    for name in ["Cookie", "Authorization", "X-Api-Key"] {
        assert_eq!(header(&request, name), None, "{request}");
    }
    assert_ne!(header(&before, "Sec-WebSocket-Key"), header(&request, "Sec-WebSocket-Key"));
    assert_eq!(session.bytes(Direction::ClientToServer, 0, request.len() as u64), request.as_bytes());
    assert_eq!(session.bytes(Direction::ServerToClient, 0, 12), b"HTTP/1.1 101");
    let to = target.replace("http://", "ws://").replace("abc#part", "•••");
    let expected = EventKind::Redirected { status: 302, from: url, to };
    assert_eq!(kinds(&session).into_iter().filter(|kind| matches!(kind, EventKind::Redirected { .. })).count(), 1);
    assert!(kinds(&session).contains(&&expected), "{:?}", kinds(&session));
    assert_eq!(session.findings.len(), 0);
}

/// A server that takes several connections after another, and answers each by its script.
fn serve_in_turn(scripts: Vec<String>) -> Served<Vec<String>> {
    let (addresses, address) = std::sync::mpsc::channel::<std::net::TcpListener>();
    raw_server::serve_with(
        move |listener| addresses.send(listener.try_clone().unwrap()).unwrap(),
        move |mut peer| {
            let listener = address.recv().unwrap();
            let mut requests = Vec::new();
            for script in scripts {
                requests.push(peer.read_request());
                peer.send(script.as_bytes());
                peer.read_to_the_end();
                let (stream, _) = listener.accept().unwrap();
                stream.set_read_timeout(Some(raw_server::LIMIT)).unwrap();
                peer = Peer { stream };
            }
            requests.push(polite(peer));
            requests
        },
    )
}

#[test]
fn the_same_origin_keeps_its_credentials_and_gets_its_cookies_back() {
    let hop = |location: &str, more: &str| format!("HTTP/1.1 307 Go\r\nLocation: {location}\r\n{more}\r\n");
    let server = serve_in_turn(vec![
        hop("/two/x?y=1", "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/elsewhere\r\nSet-Cookie: s=3; Secure\r\n"),
        hop("three", "Set-Cookie: a=9; Path=/; HttpOnly\r\nSet-Cookie: c=4\r\n"),
    ]);
    let mut options = ConnectOptions::new(format!("ws://ann:pw@{}/one", server.address));
    options.redirections = 10;
    options.cookies = vec!["given=1".into()];
    options.subprotocols = vec!["chat".into()];
    let session = closed(options);
    let requests = server.result();
    let lines: Vec<_> = requests.iter().map(|request| request.lines().next().unwrap()).collect();
    assert_eq!(lines, ["GET /one HTTP/1.1", "GET /two/x?y=1 HTTP/1.1", "GET /two/three HTTP/1.1"]);
    let cookies: Vec<_> = requests.iter().map(|request| header(request, "Cookie").unwrap()).collect();
    assert_eq!(cookies, ["given=1", "given=1; a=1", "given=1; c=4; a=9"]);
    for request in &requests {
        assert_eq!(header(request, "Authorization"), Some("Basic YW5uOnB3"));
        assert_eq!(header(request, "Sec-WebSocket-Protocol"), Some("chat"));
    }
    let hops: Vec<_> = kinds(&session)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::Redirected { from, to, .. } => Some(format!("{from} {to}")),
            _ => None,
        })
        .collect();
    assert_eq!(hops.len(), 2);
    assert!(!hops.concat().contains("pw"), "{hops:?}");
}

#[test]
fn redirections_end_at_their_number_and_never_lead_out_of_tls() {
    let mut options = ConnectOptions::new("");
    options.redirections = 1;
    // The first is followed, the second is one too many.
    let second = redirecting("HTTP/1.1 308 Again\r\nLocation: /again\r\n\r\n".into());
    let first = redirecting(format!("HTTP/1.1 301 Moved\r\nLocation: ws://{}/\r\n\r\n", second.address));
    options.url = first.url();
    let session = ended(&connect(options.clone()));
    let (stage, problem, _) = failure(&session);
    assert_eq!(stage, ConnectStage::Upgrade);
    assert_says(&problem, &["answered 308", "1 redirections have been followed"]);
    // What the last place said is in the session.
    assert_eq!(session.handshake.status(), Some(308));
    first.result();
    second.result();

    let own = issued(&["127.0.0.1"], |_| {});
    let authority = file(&own.pem);
    let server = serve_tls(config(&own, None), |mut peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n");
        peer.stream.conn.send_close_notify();
        peer.stream.flush().unwrap();
    });
    options.url = format!("wss://{}/", server.address);
    options.tls.extra_authority = Some(authority.path().to_owned());
    let (_, problem, advice) = failed(options.clone());
    server.result();
    assert_says(&problem, &["ws://127.0.0.1:9/", "not encrypted"]);
    assert_says(&advice, &["never followed"]);

    let server = redirecting("HTTP/1.1 302 Found\r\nLocation: mailto:ann@host.test\r\n\r\n".into());
    options.url = server.url();
    assert_says(&failed(options).1, &["none for WebSocket", "`mailto`"]);
    server.result();
}

#[test]
fn a_refusal_is_told_as_ever_when_redirections_are_followed() {
    for response in
        ["HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", "HTTP/1.1 304 Same\r\nLocation: /x\r\n\r\n"]
    {
        let server = redirecting(response.to_owned());
        let mut options = ConnectOptions::new(server.url());
        options.redirections = 5;
        let session = ended(&connect(options));
        server.result();
        assert_says(&failure(&session).1, &[&response[9..12]]);
        assert_eq!(session.bytes(Direction::ServerToClient, 0, 1000), response.as_bytes());
    }
}

// --- the command line ---------------------------------------------------------------------------------------------------------

fn record(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Process::new(env!("CARGO_BIN_EXE_closelook"));
    command.env("CLOSELOOK_JOURNALS", "");
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    command.arg("record").args(arguments).envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap()
}

fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_environment_names_the_proxy_unless_something_speaks_against_it() {
    let url = "ws://no-such-host.invalid/";
    let server = serve(polite);
    let proxy = connect_proxy(server.address, "HTTP/1.1 200 OK\r\n\r\n");
    let address = format!("http://ann:secret@{}", proxy.address);
    let output = record(&[url, "--close", "1000", "--format", "json"], &[("HTTP_PROXY", &address)]);
    assert!(output.status.success(), "{output:?}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["connection"]["proxy"]["url"], format!("http://{}", proxy.address));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("secret"));
    server.result();
    proxy.result();

    // Nobody listens at the proxy's place; whoever goes there is refused, whoever does not finds no such name.
    let proxy = "127.0.0.1:9";
    for (arguments, variables, goes_there) in [
        (&[][..], &[("ALL_PROXY", proxy)][..], true),
        (&["--no-proxy"], &[("ALL_PROXY", proxy)], false),
        (&[], &[("ALL_PROXY", proxy), ("NO_PROXY", "invalid")], false),
        (&[], &[("HTTP_PROXY", proxy), ("REQUEST_METHOD", "GET")], false),
        (&["--proxy", proxy], &[("NO_PROXY", "*")], true),
    ] {
        let message = error(&record(&[&[url], arguments].concat(), variables));
        assert_eq!(message.contains("127.0.0.1:9 refused"), goes_there, "{arguments:?} {variables:?}: {message}");
        assert_eq!(message.contains("No address was found"), !goes_there, "{message}");
    }
    assert_says(&error(&record(&[url], &[("http_proxy", "gopher://x")])), &["variable http_proxy", "gopher"]);
}

#[test]
fn the_report_shows_certificates_and_redirections_as_text_and_json() {
    let own = issued(&["127.0.0.1", "second.example"], |parameters| {
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "the server");
        parameters.not_after = rcgen::date_time_ymd(2001, 1, 1);
    });
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("session.pcapng");
    let log = log.to_str().unwrap();
    let server = serve_tls(config(&own, None), polite_tls);
    let first = redirecting(format!("HTTP/1.1 303 See\r\nLocation: wss://{}/\r\n\r\n", server.address));
    let arguments = ["--follow-redirects", "--insecure", "--close", "1000", "--log", log, "--cookie", "id=hidden"];
    let output = record(&[&[first.url().as_str()][..], &arguments].concat(), &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(header(&first.result(), "Cookie"), Some("id=hidden"));
    server.result();
    let inspect = |format: &str| {
        let output = Process::new(env!("CARGO_BIN_EXE_closelook")).args(["inspect", log, "--format", format]).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    for text in [String::from_utf8(output.stdout).unwrap(), inspect("text")] {
        assert_says(
            &text,
            &["answered 303 and redirected to wss://", "ALPN http/1.1", "CN=the server", "second.example"],
        );
        assert_says(&text, &["EXPIRED", "P-256", "2001-01-01T00:00:00Z", "SHA-256"]);
        assert!(!text.contains("hidden"), "{text}");
    }
    let report: serde_json::Value = serde_json::from_str(&inspect("json")).unwrap();
    let connection = &report["connection"];
    assert_eq!(connection["redirections"][0]["status"], 303);
    let certificate = &connection["tls"]["certificates"][0];
    assert_eq!(certificate["names"], serde_json::json!(["127.0.0.1", "second.example"]));
    assert_eq!((&certificate["validity"], &certificate["subject"]), (&"expired".into(), &"CN=the server".into()));
    assert_eq!(certificate["sha256"].as_str().map(str::len), Some(32 * 3 - 1));
}

#[test]
fn options_that_exclude_each_other_are_bad_usage() {
    for arguments in [
        &["--proxy", "http://a", "--no-proxy"][..],
        &["--unix-socket", "/x", "--proxy", "http://a"],
        &["--unix-socket", "/x", "--connect-to", "a"],
        &["--key", "/x"],
        &["--follow-redirects=11"],
        &["--follow-redirects=0"],
        &["--proxy", "gopher://a"],
        &["--connect-to", "a b"],
    ] {
        let output = record(&[&["ws://127.0.0.1:9/"], arguments].concat(), &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    }
}
