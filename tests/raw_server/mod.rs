//! A server of few lines on a real loopback socket: a script of bytes, with no library that could be polite on its own.
#![allow(dead_code, unreachable_pub, reason = "each test program includes this file and uses its part")]

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use closelook::capture::Client;
use closelook::capture::options::ConnectOptions;
use closelook::protocol::handshake::accept_for_key;
use closelook::session::{EventKind, Session};
use socket2::SockRef;

/// More than any step of a test takes, however busy the machine is.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A server that takes one connection and runs its script on it.
pub struct Served<T> {
    pub address: SocketAddr,
    thread: JoinHandle<T>,
}

impl<T> Served<T> {
    pub fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }

    /// What the script found.
    pub fn result(self) -> T {
        self.thread.join().unwrap()
    }
}

/// Runs a script on the first connection.
pub fn serve<T: Send + 'static>(script: impl FnOnce(Peer<TcpStream>) -> T + Send + 'static) -> Served<T> {
    serve_with(|_| {}, script)
}

/// The same, with a listener that is changed first.
pub fn serve_with<T: Send + 'static>(
    prepare: impl FnOnce(&TcpListener),
    script: impl FnOnce(Peer<TcpStream>) -> T + Send + 'static,
) -> Served<T> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    prepare(&listener);
    let address = listener.local_addr().unwrap();
    let thread = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.set_write_timeout(Some(LIMIT)).unwrap();
        stream.set_nodelay(true).unwrap();
        script(Peer { stream })
    });
    Served { address, thread }
}

/// A frame as the server received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub first_byte: u8,
    pub is_masked: bool,
    pub payload: Vec<u8>,
}

impl Received {
    /// The code of a Close.
    pub fn code(&self) -> Option<u16> {
        Some(u16::from_be_bytes([*self.payload.first()?, *self.payload.get(1)?]))
    }
}

/// How a client's half ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Fin,
    Reset,
}

/// The server's end of a connection.
pub struct Peer<S> {
    pub stream: S,
}

impl<S: Read + Write> Peer<S> {
    /// Reads up to and with the empty line that ends a request.
    pub fn read_request(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.read_exactly(1)[0]);
        }
        String::from_utf8(head).unwrap()
    }

    /// Answers the upgrade; gives the request.
    pub fn upgrade(&mut self) -> String {
        self.upgrade_with("")
    }

    /// Answers the upgrade with more header lines, each with its line end.
    pub fn upgrade_with(&mut self, lines: &str) -> String {
        let request = self.read_request();
        let accept = accept_for_key(header(&request, "Sec-WebSocket-Key").unwrap());
        self.send(
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{lines}\r\n"
            )
            .as_bytes(),
        );
        request
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    pub fn read_exactly(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Reads one frame and unmasks it.
    pub fn read_frame(&mut self) -> Received {
        let head = self.read_exactly(2);
        let length = match head[1] & 0x7F {
            126 => u64::from(u16::from_be_bytes(self.read_exactly(2).try_into().unwrap())),
            127 => u64::from_be_bytes(self.read_exactly(8).try_into().unwrap()),
            short => u64::from(short),
        };
        let is_masked = head[1] & 0x80 != 0;
        let key = if is_masked { self.read_exactly(4) } else { vec![0; 4] };
        let mut payload = self.read_exactly(length as usize);
        payload.iter_mut().zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
        Received { first_byte: head[0], is_masked, payload }
    }

    /// Reads until the client's half ends.
    pub fn read_to_the_end(&mut self) -> (Vec<u8>, End) {
        let mut bytes = Vec::new();
        match self.stream.read_to_end(&mut bytes) {
            Ok(_) => (bytes, End::Fin),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => (bytes, End::Reset),
            Err(error) => panic!("{error}"),
        }
    }
}

impl Peer<TcpStream> {
    /// Ends the server's half.
    pub fn fin(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Resets the connection.
    pub fn reset(self) {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
}

/// The value of a header in a request's text.
pub fn header<'request>(request: &'request str, name: &str) -> Option<&'request str> {
    request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// An unmasked frame with FIN; the payload is at most 65,535 bytes or the length is written in 64 bits.
pub fn frame(first_byte: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first_byte];
    match payload.len() {
        short @ 0..126 => bytes.push(short as u8),
        middle @ 126..65_536 => {
            bytes.push(126);
            bytes.extend((middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// A Close frame with a code.
pub fn close(code: u16) -> Vec<u8> {
    frame(0x88, &code.to_be_bytes())
}

/// A client whose wake-ups nobody answers.
pub fn connect(options: ConnectOptions) -> Client {
    Client::start(options, Arc::new(|| {}))
}

/// Waits for something in the client's session.
pub fn wait_for(client: &Client, ready: impl Fn(&Session) -> bool) -> Arc<Session> {
    client.session().wait_until(LIMIT, ready).unwrap_or_else(|| panic!("{:#?}", client.session().snapshot()))
}

/// The whole session once the client has ended by itself.
pub fn ended(client: &Client) -> Arc<Session> {
    assert!(client.wait_ended(LIMIT), "{:#?}", client.session().snapshot());
    client.session().snapshot()
}

/// Every note of a session.
pub fn notes(session: &Session) -> Vec<String> {
    let note = |kind: &EventKind| match kind {
        EventKind::Note { text } => Some(text.clone()),
        _ => None,
    };
    session.records().filter_map(|(_, kind)| note(kind)).collect()
}
