"""A client of the `websockets` library: sends each line of its standard input as a message over a connection that offers compression,
unless COMPRESSION is 0, and prints each answer on a line; then it closes with 1000.
"""

import os
import sys

from websockets.sync.client import connect

compression = None if os.environ.get("COMPRESSION") == "0" else "deflate"
with connect(sys.argv[1], compression=compression) as connection:
    extensions = connection.response.headers.get("Sec-WebSocket-Extensions", "")
    assert extensions.startswith("permessage-deflate") == (compression is not None)
    messages = sys.stdin.read().split()
    for message in messages:
        connection.send(message)
    for _ in messages:
        print(connection.recv())
