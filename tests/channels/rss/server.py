"""A real web server with one feed, whose answers a test chooses."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Server:
    """A web server with one feed; `status`, `headers` and `content` are what it answers next."""

    url: str = ""
    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    conditional: bool = False
    pause: float = 0.0
    cut: bool = False

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        """Answers as a web server does: 304 for what has not changed since."""
        asked = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append(asked)
        time.sleep(self.pause)
        headers = {"content-type": "application/rss+xml"} | self.headers
        status, content = self.status, self.content
        if self.conditional:
            headers["etag"] = f'"{hashlib.sha256(content).hexdigest()}"'
            headers["last-modified"] = "Mon, 23 Nov 2026 10:00:00 GMT"
            if asked.get("if-none-match") == headers["etag"]:
                status, content = 304, b""
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(content) + self.cut))
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(content)


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Serves a feed on loopback."""
    kept = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.answer(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        web.daemon_threads = True
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        kept.url = f"http://127.0.0.1:{web.server_address[1]}/feed"
        yield kept
        web.shutdown()
