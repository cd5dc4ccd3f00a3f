"""A server of the `websockets` library with one behaviour behind each path; tests/peers.rs says what each must look like on the wire.

Prints its port once it listens, and ends when its standard input ends.
"""

import asyncio
import os
import ssl
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

MEGABYTE = 1024 * 1024


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def echo_until_done(connection):
    async for message in connection:
        await connection.send(message)
        if message == "done":
            await connection.close(1000)


async def echo_once(connection):
    await connection.send(await connection.recv())


async def text(connection):
    await connection.send("grüße")


async def binary(connection):
    await connection.send(bytes([0, 1, 2, 254, 255]))


async def megabyte(connection):
    await connection.send(b"a" * MEGABYTE)


async def fragments(connection):
    await connection.send(["one ", "two ", "three"])


async def ping(connection):
    pong = await connection.ping("are you there")
    await pong
    await connection.close(1000, "pong are you there")


async def close_1000(connection):
    await connection.close(1000, "done")


async def close_empty(connection):
    # `close()` always has a code; the layer below it does not need one.
    async with connection.send_context():
        connection.protocol.send_close()


async def close_4001(connection):
    await connection.close(4001, "an own reason")


async def drop(connection):
    connection.transport.close()
    await connection.wait_closed()


async def mirror(connection):
    """Sends, and expects to be sent the same back."""
    await connection.send("mirror")
    await connection.close(1000 if await connection.recv() == "mirror" else 4002)


BEHAVIOURS = {
    "/echo": echo,
    "/echo-until-done": echo_until_done,
    "/echo-once": echo_once,
    "/text": text,
    "/binary": binary,
    "/megabyte": megabyte,
    "/fragments": fragments,
    "/ping": ping,
    "/close/1000": close_1000,
    "/close/empty": close_empty,
    "/close/4001": close_4001,
    "/drop": drop,
    "/mirror": mirror,
}


async def behave(connection):
    behaviour = BEHAVIOURS.get(connection.request.path)
    try:
        if behaviour is None:
            await connection.close(4404, "no such path")
        else:
            await behaviour(connection)
    except ConnectionClosed:
        pass


async def main():
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])

    def choose(connection, offered):
        return "chat" if "chat" in offered else None

    options = {"ssl": context, "compression": "deflate" if os.environ.get("COMPRESSION") == "1" else None, "max_size": 4 * MEGABYTE, "select_subprotocol": choose}
    async with serve(behave, "127.0.0.1", 0, **options) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
