"""A client of `websocket-client` that says what a program is told about each end of a session, and what its close call does.

The arguments are the address of tests/programs.rs and the cases; printed are the version, and a line for each case: what was told.
"""

import sys
from importlib.metadata import version

import websocket

CALLS = {"close": {}, "close-1000": {"status": 1000, "reason": b"done"}, "close-1005": {"status": 1005}}


def run(address, case):
    told = []

    def on_open(app):
        app.send("ready")
        if case in CALLS:
            app.close(**CALLS[case])

    app = websocket.WebSocketApp(
        f"{address}/{case}", on_open=on_open, on_close=lambda app, code, reason: told.append(code)
    )
    app.run_forever()
    return told[-1] or "nothing"


print("version: " + version("websocket-client"), flush=True)
for case in sys.argv[2:]:
    print(f"{case}: {run(sys.argv[1], case)}", flush=True)
