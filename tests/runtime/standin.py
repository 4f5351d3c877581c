"""A child for the supervisor's tests: `python standin.py ROLE [PORT]`, standard library only.

`api` answers `/readyz`; `idle` waits; `deaf` ignores SIGTERM; `dying` says why and ends at once.
"""

import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import FrameType
from typing import NoReturn


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def leave(_number: int, _frame: FrameType | None) -> NoReturn:
    say("stopped")
    sys.exit(0)


def main(role: str, port: str = "0") -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN if role == "deaf" else leave)
    say(f"began {role}")
    if role == "dying":
        sys.exit("no such table: launches")
    if role == "api":
        HTTPServer(("127.0.0.1", int(port)), Ready).serve_forever()
    time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
