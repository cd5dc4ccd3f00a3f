//! A non-blocking byte stream over TCP or a Unix-domain socket, plain or through TLS; it knows nothing of HTTP or WebSocket.

use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use mio::event::Source;
use mio::net::TcpStream;
#[cfg(unix)]
use mio::net::UnixStream;
use rustls::ClientConnection;
use socket2::SockRef;

use super::tls::{Asked, Identity};

/// The stream that carries a session. Reads and writes never wait: they say [`ErrorKind::WouldBlock`].
pub(super) enum Transport {
    /// TCP.
    Tcp(TcpStream),
    /// A Unix-domain socket.
    #[cfg(unix)]
    Unix(UnixStream),
    /// TLS over another stream; through a proxy with TLS that can be TLS again.
    Tls(Box<TlsStream>),
}

impl Transport {
    /// The socket below, to wait for.
    pub(super) fn socket(&mut self) -> &mut dyn Source {
        match self {
            Transport::Tcp(socket) => socket,
            #[cfg(unix)]
            Transport::Unix(socket) => socket,
            Transport::Tls(stream) => stream.below.socket(),
        }
    }

    /// What became of the client's certificate in the TLS that is nearest to the session.
    pub(super) fn asked_for_certificate(&self) -> Asked {
        match self {
            Transport::Tls(stream) => stream.asked(),
            _ => Asked::No,
        }
    }

    /// The error that the system keeps for the socket, such as a reset that no read has told yet.
    pub(super) fn take_error(&self) -> io::Result<Option<io::Error>> {
        match self {
            Transport::Tcp(socket) => socket.take_error(),
            #[cfg(unix)]
            Transport::Unix(socket) => socket.take_error(),
            Transport::Tls(stream) => stream.below.take_error(),
        }
    }

    /// Whether bytes wait inside for the socket to take them.
    pub(super) fn wants_write(&self) -> bool {
        match self {
            Transport::Tcp(_) => false,
            #[cfg(unix)]
            Transport::Unix(_) => false,
            Transport::Tls(stream) => stream.wants_write(),
        }
    }

    /// Ends this side's half: `close_notify` in TLS, then FIN.
    pub(super) fn shut_down(&mut self) {
        // An end that is there already needs no other.
        match self {
            Transport::Tcp(socket) => drop(socket.shutdown(Shutdown::Write)),
            #[cfg(unix)]
            Transport::Unix(socket) => drop(socket.shutdown(Shutdown::Write)),
            Transport::Tls(stream) => {
                stream.connection.send_close_notify();
                // The FIN says the same to a peer that takes no more.
                let _ = stream.flush();
                stream.below.shut_down();
            }
        }
    }

    /// Ends the connection with a reset; bytes that are still on their way are lost. A Unix-domain socket knows no reset: it is closed.
    pub(super) fn reset(self) {
        match self {
            Transport::Tcp(socket) => drop(SockRef::from(&socket).set_linger(Some(Duration::ZERO))),
            #[cfg(unix)]
            Transport::Unix(_) => {}
            Transport::Tls(stream) => stream.below.reset(),
        }
    }
}

impl Read for Transport {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Transport::Tcp(socket) => socket.read(buffer),
            #[cfg(unix)]
            Transport::Unix(socket) => socket.read(buffer),
            Transport::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Transport {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Transport::Tcp(socket) => socket.write(bytes),
            #[cfg(unix)]
            Transport::Unix(socket) => socket.write(bytes),
            Transport::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Transport::Tcp(socket) => socket.flush(),
            #[cfg(unix)]
            Transport::Unix(socket) => socket.flush(),
            Transport::Tls(stream) => stream.flush(),
        }
    }
}

/// TLS over a non-blocking stream. Reading goes on while a write is pending, so two sides that both send cannot block each other.
pub(super) struct TlsStream {
    connection: ClientConnection,
    identity: Arc<Identity>,
    below: Transport,
}

impl TlsStream {
    /// A stream whose handshake has not begun.
    pub(super) fn new((connection, identity): (ClientConnection, Arc<Identity>), below: Transport) -> TlsStream {
        TlsStream { connection, identity, below }
    }

    /// What was negotiated.
    pub(super) fn connection(&self) -> &ClientConnection {
        &self.connection
    }

    /// What became of the client's certificate.
    pub(super) fn asked(&self) -> Asked {
        self.identity.asked()
    }

    /// The socket below, to wait for.
    pub(super) fn socket(&mut self) -> &mut dyn Source {
        self.below.socket()
    }

    /// Whether bytes wait for the socket to take them.
    pub(super) fn wants_write(&self) -> bool {
        self.connection.wants_write() || self.below.wants_write()
    }

    /// Takes the handshake as far as it goes without waiting.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] when it has to wait; [`ErrorKind::UnexpectedEof`] when the peer ended TCP;
    /// [`ErrorKind::InvalidData`] around a [`rustls::Error`] when TLS failed.
    pub(super) fn handshake(&mut self) -> io::Result<()> {
        while self.connection.is_handshaking() {
            if let Err(error) = self.write_what_is_possible() {
                return Err(self.alert_before(error));
            }
            if self.connection.is_handshaking() && !self.take_records()? {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        self.write_what_is_possible()
    }

    /// Why the peer does not listen may stand in what it has sent.
    fn alert_before(&mut self, error: io::Error) -> io::Error {
        loop {
            match self.take_records() {
                Ok(true) => {}
                Err(alert) if alert.kind() == ErrorKind::InvalidData => return alert,
                Ok(false) | Err(_) => return error,
            }
        }
    }

    /// Reads and decrypts once; `false` when the peer has ended TCP.
    fn take_records(&mut self) -> io::Result<bool> {
        if self.connection.read_tls(&mut self.below)? == 0 {
            return Ok(false);
        }
        match self.connection.process_new_packets() {
            Ok(_) => Ok(true),
            Err(error) => {
                // The peer learns the reason from the alert that is waiting, if it still listens.
                let _ = self.write_what_is_possible();
                Err(io::Error::new(ErrorKind::InvalidData, error))
            }
        }
    }

    fn write_what_is_possible(&mut self) -> io::Result<()> {
        match self.flush() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            result => result,
        }
    }
}

impl Read for TlsStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.connection.reader().read(buffer) {
                // No more plaintext at hand.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // FIN without close_notify: an end like any other to those who look at frames.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(0),
                result => return result,
            }
            self.take_records()?;
            // TLS may owe the peer an answer; when that cannot be sent, the next write says so.
            let _ = self.flush();
        }
    }
}

impl Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What was accepted earlier goes first, which makes room for what comes now.
        self.write_what_is_possible()?;
        let length = self.connection.writer().write(bytes)?;
        if length == 0 && !bytes.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.write_what_is_possible()?;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            self.connection.write_tls(&mut self.below)?;
        }
        self.below.flush()
    }
}
