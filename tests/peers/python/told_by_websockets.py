"""A client of the `websockets` library that says what a program is told about each end of a session, and what its close call does.

The arguments are the address of tests/programs.rs and the cases; printed are the version, and a line for each case: what was told.
"""

import asyncio
import sys
from importlib.metadata import version

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, ProtocolError


async def run(address, case):
    connection = await connect(f"{address}/{case}", compression=None)
    await connection.send("ready")
    if case.startswith("close"):
        try:
            await connection.close(*{"close": (), "close-1000": (1000, "done"), "close-1005": (1005,)}[case])
        except ProtocolError:
            await connection.close()
            return "refused"
    try:
        await connection.recv()
    except ConnectionClosed:
        return connection.close_code


async def main(address, *cases):
    for case in cases:
        print(f"{case}: {await run(address, case)}", flush=True)


print("version: " + version("websockets"), flush=True)
asyncio.run(main(*sys.argv[1:]))
