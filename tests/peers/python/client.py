"""A client of the `websockets` library: sends each line of its standard input as a message over a connection that offers compression,
and prints each answer on a line; then it closes with 1000.
"""

import sys

from websockets.sync.client import connect

with connect(sys.argv[1], compression="deflate") as connection:
    assert connection.response.headers["Sec-WebSocket-Extensions"].startswith("permessage-deflate")
    messages = sys.stdin.read().split()
    for message in messages:
        connection.send(message)
    for _ in messages:
        print(connection.recv())
