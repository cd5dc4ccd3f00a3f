//! Connections that do not come about: what is refused at the address, and what a failure says and advises.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use closelook::capture::lab::{Lab, Scenario};
use egui::accesskit::Role;
use socket2::{Domain, Socket, Type};

use crate::driver::Window;

/// Waits until the shown session has failed.
fn until_failed(window: &mut Window) {
    window.until("the connection failed", |window| {
        window.labels(Role::ListItem, "Session ").iter().any(|session| session.ends_with(", failed"))
    });
}

/// A server that answers one request with these bytes and ends.
fn answer_once(response: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut part = [0; 1024];
        while !request.ends_with(b"\r\n\r\n") {
            let length = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..length]);
        }
        stream.write_all(response).unwrap();
    });
    format!("ws://{address}/")
}

#[test]
fn addresses_that_are_none_are_refused_at_the_bar() {
    let mut window = Window::open();
    let refused = [
        ("ftp://example.com/", "`ftp` is not a scheme of WebSocket."),
        ("ws://example.com/#part", "A WebSocket URL has no fragment (RFC 6455 section 3)."),
        ("ws:///path", "The URL has no host."),
        ("ws://host:70000/", "This is not a URL: "),
    ];
    for (address, sentence) in refused {
        window.connect(address);
        window.assert_says(&[sentence]);
        assert!(window.labels(Role::ListItem, "Session ").is_empty());
    }
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    window.connect(&lab.url(&Scenario::Echo));
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    assert!(!window.says("This is not a URL"));
}

#[test]
fn a_port_where_nobody_listens() {
    // A socket that is bound and does not listen keeps the port from everybody else.
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let mut window = Window::open();
    window.connect(&format!("ws://{address}/"));
    until_failed(&mut window);
    window.assert_says(&["No TCP connection could be made", "No frame crossed in this session."]);
    window.assert_says(&["refused", "Start the server"]);
    // The person can try again at once.
    window.until("one can connect again", |window| window.has(Role::Button, "Connect"));
}

#[test]
fn a_server_that_refuses_the_upgrade_is_quoted() {
    let url = answer_once(
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 22\r\n\r\nMembers only, I fear.\r\n",
    );
    let mut window = Window::open();
    window.connect(&url);
    until_failed(&mut window);
    window.assert_says(&["The upgrade to WebSocket failed: there was no session to close", "403"]);
    window.assert_says(&["Members only, I fear."]);
    // The head of the response is on the connection's page.
    window.assert_says(&["HTTP/1.1 403 Forbidden", "status 403"]);
}

#[test]
fn a_server_that_does_not_speak_http() {
    let url = answer_once(b"220 mail.example.com ESMTP ready\r\n");
    let mut window = Window::open();
    window.connect(&url);
    until_failed(&mut window);
    window.assert_says(&["The upgrade to WebSocket failed: there was no session to close"]);
}

#[test]
fn a_connection_that_hangs_is_cancelled() {
    // It accepts through its backlog and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut window = Window::open();
    window.connect(&format!("ws://{}/", listener.local_addr().unwrap()));
    window.until("it is connecting", |window| window.has(Role::Button, "Cancel"));
    assert!(!window.has(Role::Button, "Abort"));
    window.press("Cancel");
    until_failed(&mut window);
    window.until("one can connect again", |window| window.has(Role::Button, "Connect"));
}

#[test]
fn the_options_are_sent() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.write("Address", &lab.url(&Scenario::Echo));
    window.press("Options");
    window.write("Subprotocols", "chat, superchat");
    window.write("Origin", "https://example.com");
    window.write("Headers", "X-Trace: 42");
    window.press("Compression options");
    choose(&mut window, "Server's context", "Dropped after each message");
    choose(&mut window, "Server's window", "At most 9 bits");
    choose(&mut window, "Client's window", "15 bits");
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.press("Options");
    window.assert_says(&["X-Trace: 42", "Origin: https://example.com", "Sec-WebSocket-Protocol: chat, superchat"]);
    window.assert_says(&[
        "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; server_max_window_bits=9",
    ]);
}

#[test]
fn an_open_session_leaves_a_way_to_open_another() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.connect(&lab.url(&Scenario::Echo));
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.press("Connect");
    window.until("there are two", |window| {
        let open = |session: &String| session.ends_with(", open");
        window.labels(Role::ListItem, "Session ").iter().filter(|session| open(session)).count() == 2
    });
}

/// Chooses an entry of a box of choices.
fn choose(window: &mut Window, field: &str, entry: &str) {
    window.click(Role::ComboBox, field);
    window.press(entry);
}

#[test]
fn the_way_and_what_goes_along_are_used() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.write("Address", "ws://host.test:81/echo");
    window.press("Options");
    window.write("Host header", "other.test");
    window.press("Network options");
    window.write("Connect to", &lab.address().to_string());
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.press("Options");
    window.assert_says(&["Host: other.test"]);
    // What is set on a page that is not open shows at its name.
    window.press("Options");
    assert!(window.has(Role::Button, "Network options"));
}

#[test]
fn a_proxy_is_chosen_and_what_is_none_is_refused_at_the_bar() {
    let mut window = Window::open();
    window.write("Address", "ws://host.test/");
    window.press("Options");
    window.press("Network options");
    choose(&mut window, "Route", "Through a proxy");
    window.write("Proxy", "gopher://ann:secret@host");
    window.press("Connect");
    window.assert_says(&["`gopher` is not a kind of proxy."]);
    window.write("Proxy", "http://127.0.0.1:9");
    window.write("Connect to", "a:b:c");
    window.press("Connect");
    window.assert_says(&["`a:b:c` is not a host."]);
    window.write("Connect to", "");
    window.press("Connect");
    until_failed(&mut window);
    window.assert_says(&["127.0.0.1:9 refused the connection"]);
    choose(&mut window, "Route", "Unix-domain socket");
    window.press("Connect");
    window.assert_says(&["Write the path of the Unix-domain socket"]);
    window.press("TLS options");
    window.write("Client key", "/key.pem");
    window.press("Network options");
    choose(&mut window, "Route", "Directly");
    window.press("Connect");
    window.assert_says(&["There is a key and no client certificate."]);
}

#[test]
fn a_redirection_is_followed_when_it_was_chosen() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let answer = format!("HTTP/1.1 307 Go\r\nLocation: {}\r\n\r\n", lab.url(&Scenario::Echo));
    let url = answer_once(answer.leak().as_bytes());
    let mut window = Window::open();
    window.write("Address", &url);
    window.press("Options");
    window.press("Network options");
    choose(&mut window, "Redirections", "Follow up to 3");
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.assert_says(&["status 307, to ws://"]);
}

#[test]
fn certificates_are_on_view_with_what_is_wrong_with_their_dates() {
    let mut parameters = rcgen::CertificateParams::new(vec!["host.example".to_owned()]).unwrap();
    parameters.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let certificate = parameters.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
    let hex: String = certificate.der().iter().map(|byte| format!("{byte:02x}")).collect();
    let log = format!(
        "{}\n{{\"at\":5,\"event\":\"secured\",\"version\":\"TLS 1.3\",\"cipher\":\"X\",\"verified\":true,\"certificates\":[\"{hex}\",\"00\"]}}\n",
        r#"{"closelook":1,"started_at":"2026-09-21T14:13:20Z","url":"wss://host.example/","perspective":"client"}"#
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    std::fs::write(&path, log).unwrap();
    let mut window = Window::open();
    window.drop_file(&path);
    window.until("the chain is shown", |window| window.says("The server's own"));
    window.assert_says(&["host.example", "expired when the session started", "ECDSA, P-256"]);
    window.assert_says(&["This certificate cannot be read"]);
}

#[test]
fn a_header_without_a_colon_is_refused() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.write("Address", &lab.url(&Scenario::Echo));
    window.press("Options");
    window.write("Headers", "no colon here");
    window.press("Connect");
    window.assert_says(&["Header line 1, “no colon here”, is not `Name: value`."]);
    assert!(window.labels(Role::ListItem, "Session ").is_empty());
}

#[test]
fn accepting_any_certificate_is_warned_of() {
    let mut window = Window::open();
    window.press("Options");
    let warning = "Certificates are not verified: anybody could be at the other end.";
    assert!(!window.says(warning));
    window.press("TLS options");
    window.click(Role::CheckBox, "Accept any certificate");
    assert!(window.says(warning));
    window.press("Options");
    assert!(window.says(warning));
}

#[test]
fn an_authority_file_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    let mut window = Window::open();
    window.press("Options");
    window.press("TLS options");
    window.will_choose(&path);
    window.press("Choose the file: Extra CA file");
    window.until("the path is in its field", |window| !window.typed("Extra CA file").is_empty());
    assert_eq!(window.typed("Extra CA file"), path.display().to_string());
}
