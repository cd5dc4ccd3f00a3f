"""A client of `aiohttp` that says what a program is told about each end of a session, and what its close call does.

The arguments are the address of tests/programs.rs and the cases; printed are the version, and a line for each case: what was told.
"""

import asyncio
import sys
from importlib.metadata import version

import aiohttp

CALLS = {"close": {}, "close-1000": {"code": 1000, "message": b"done"}, "close-1005": {"code": 1005}}


async def run(session, address, case):
    async with session.ws_connect(f"{address}/{case}") as connection:
        await connection.send_str("ready")
        if case in CALLS:
            await connection.close(**CALLS[case])
        else:
            await connection.receive()
        return connection.close_code


async def main(address, *cases):
    async with aiohttp.ClientSession() as session:
        for case in cases:
            print(f"{case}: {await run(session, address, case)}", flush=True)


print("version: " + version("aiohttp"), flush=True)
asyncio.run(main(*sys.argv[1:]))
