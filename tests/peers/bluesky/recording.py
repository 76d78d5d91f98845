"""Records what a server really answers, and answers it again without the server."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

HOST = "http://pds.example"
"""What stands in recordings where the server's own address stood."""

KEPT = ("content-type", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after")

PASSED = ("authorization", "content-type")


@dataclass
class Exchange:
    """One request and its answer."""

    verb: str
    path: str
    query: list[tuple[str, str]]
    request: str
    status: int
    headers: dict[str, str]
    body: str
    """The answer's bytes in base 64: they are replayed as they were."""

    @property
    def asked(self) -> tuple[str, str, str, str]:
        """What a request must repeat to get this answer."""
        return self.verb, self.path, json.dumps(sorted(self.query)), self.request


@dataclass
class Tape:
    """Exchanges in their order; replaying gives equal requests their answers in turn, the last one again."""

    exchanges: list[Exchange] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    """What the recorded people said, for the tests to compare with."""

    def save(self, path: Path) -> None:
        """Writes the tape; sessions lose their tokens."""
        content = {"facts": self.facts, "exchanges": [vars(one) | {"body": _bare(one.body)} for one in self.exchanges]}
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n")

    @classmethod
    def load(cls, path: Path) -> Tape:
        content = json.loads(path.read_text())
        exchanges = [Exchange(**one) for one in content["exchanges"]]
        for one in exchanges:
            one.query = [(name, value) for name, value in one.query]
        return cls(exchanges=exchanges, facts=content["facts"])


type Answering = Callable[[str, str, bytes, dict[str, str]], tuple[int, dict[str, str], bytes]]


@contextlib.contextmanager
def serving(answer: Answering) -> Iterator[str]:
    """A loopback HTTP server that answers with a function."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, content = answer(self.command, self.path, body, asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = _do  # noqa: N815 - the names are the library's

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def recording(service: str, tape: Tape) -> Iterator[str]:
    """An address that passes everything on to `service` and keeps it on the tape, without tokens and passwords."""
    client = httpx2.Client(trust_env=False, timeout=20)

    def answer(verb: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        passed = {name: value for name, value in headers.items() if name in PASSED}
        response = client.request(verb, service + path, content=body or None, headers=passed)
        kept = {name: response.headers[name] for name in KEPT if name in response.headers}
        content = response.content.replace(service.encode(), HOST.encode())
        address = urlsplit(path)
        tape.exchanges.append(
            Exchange(
                verb=verb,
                path=address.path,
                query=parse_qsl(address.query),
                request=_request(body),
                status=response.status_code,
                headers=kept,
                body=base64.b64encode(content).decode(),
            )
        )
        return response.status_code, kept, content

    with client, serving(answer) as url:
        yield url


@contextlib.contextmanager
def replaying(tape: Tape) -> Iterator[str]:
    """An address that answers what is on the tape; what was never asked gets a 501."""
    given: dict[tuple[str, str, str, str], int] = {}

    def answer(verb: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        address = urlsplit(path)
        asked = (verb, address.path, json.dumps(sorted(parse_qsl(address.query))), _request(body))
        answers = [one for one in tape.exchanges if one.asked == asked]
        if not answers:
            return 501, {}, f"never recorded: {asked}".encode()
        number = given.get(asked, 0)
        given[asked] = number + 1
        one = answers[min(number, len(answers) - 1)]
        return one.status, one.headers, base64.b64decode(one.body)

    with serving(answer) as url:
        yield url


def _bare(body: str) -> str:
    octets = re.sub(rb'("(?:access|refresh)Jwt":")[^"]*', rb"\1token", base64.b64decode(body))
    return base64.b64encode(octets).decode()


def _request(body: bytes) -> str:
    """A request as it is compared: the same JSON in the same order, without passwords."""
    if not body:
        return ""
    content = json.loads(body)
    if "password" in content:
        content["password"] = "*"
    return json.dumps(content, sort_keys=True, ensure_ascii=False)
