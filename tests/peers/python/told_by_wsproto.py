"""A client of `wsproto` that says what a program is told about each end of a session, and what its close call does.

The library has no socket of its own, and no close call without a code: to answer a Close is the program's part. The arguments are the
address of tests/programs.rs and the cases; printed are the version, and a line for each case: what was told.
"""

import socket
import sys
from importlib.metadata import version
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Request, TextMessage
from wsproto.utilities import RemoteProtocolError

CLOSES = {
    "close-1000": CloseConnection(code=1000, reason="done"),
    "close-1005": CloseConnection(code=1005),
}


def run(address, case):
    url = urlsplit(address)
    with socket.create_connection((url.hostname, url.port)) as stream:
        connection = WSConnection(ConnectionType.CLIENT)
        stream.sendall(connection.send(Request(host=url.netloc, target=f"/{case}")))
        while True:
            try:
                received = stream.recv(4096) or None
            except ConnectionResetError:
                return "error"
            try:
                connection.receive_data(received)
            except RemoteProtocolError:
                return "error"
            for event in connection.events():
                if isinstance(event, AcceptConnection):
                    stream.sendall(connection.send(TextMessage(data="ready")))
                    if case in CLOSES:
                        stream.sendall(connection.send(CLOSES[case]))
                elif isinstance(event, CloseConnection):
                    if received is not None and case not in CLOSES:
                        stream.sendall(connection.send(event.response()))
                    return event.code


print("version: " + version("wsproto"), flush=True)
for case in sys.argv[2:]:
    print(f"{case}: {run(sys.argv[1], case)}", flush=True)
