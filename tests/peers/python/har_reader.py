"""Reads a HAR with haralyzer and prints what it finds in it as JSON."""

import json
import sys

from haralyzer import HarParser

with open(sys.argv[1], encoding="utf-8") as file:
    parser = HarParser(json.load(file))
(entry,) = parser.har_data["entries"]
(page,) = parser.pages
(read,) = page.entries
print(
    json.dumps(
        {
            "creator": parser.creator,
            "version": parser.version,
            "url": read.url,
            "method": read.request.method,
            "query": read.request.queryString,
            "status": read.response.status,
            "started": read.startTime.isoformat(),
            "time": read.time,
            "timings": read.timings,
            "accept": read.response.get_header_value("Sec-WebSocket-Accept"),
            "messages": entry["_webSocketMessages"],
        },
        default=str,
    )
)
