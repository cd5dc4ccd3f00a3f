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
    window.write("Compression parameters", "server_max_window_bits=7");
    window.press("Connect");
    window.assert_says(&["The parameters of compression cannot be offered"]);
    window.write("Compression parameters", "server_max_window_bits=9");
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.press("Options");
    window.assert_says(&["X-Trace: 42", "Origin: https://example.com", "Sec-WebSocket-Protocol: chat, superchat"]);
    window.assert_says(&["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9"]);
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
    window.will_choose(&path);
    window.press("Choose…");
    window.until("the path is in its field", |window| !window.typed("Extra CA file").is_empty());
    assert_eq!(window.typed("Extra CA file"), path.display().to_string());
}
