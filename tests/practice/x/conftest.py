"""A practice X as a real process, the brand and its app as clients, and a place that receives webhooks."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from hilft.practice.accounts import x_keys, x_user_id
from tests.practice.conftest import free_port, peer
from tests.practice.x.signing import Signer

KEYS = x_keys()
BRAND = x_user_id("nordnetz")
KATJA = x_user_id("katja_brandt")
YUSUF = x_user_id("yusuf_d")


class X:
    """One network, called as the app, as the brand, or from behind."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.signer = Signer(KEYS.consumer_key, KEYS.consumer_secret, KEYS.access_token, KEYS.access_token_secret)

    def call(self, method: str, path: str, authorization: str = "", **options: Any) -> httpx2.Response:
        headers = {"Authorization": authorization} if authorization else {}
        return httpx2.request(method, f"{self.url}{path}", headers=headers, timeout=10, trust_env=False, **options)

    def user(self, method: str, path: str, body: Any = None, **query: object) -> httpx2.Response:
        """As the brand, with a signature of OAuth 1.0a."""
        path += f"?{urlencode(query)}" if query else ""
        options = {} if body is None else {"json": body}
        return self.call(method, path, self.signer.header(method, f"{self.url}{path}"), **options)

    def app(self, method: str, path: str, body: Any = None, **query: object) -> httpx2.Response:
        """As the app without a user."""
        options = {} if body is None else {"json": body}
        return self.call(method, path, f"Bearer {KEYS.bearer}", params=query or None, **options)

    def practice(self, method: str, path: str, body: Any = None) -> Any:
        """Behind the network; refusals are failures."""
        answer = self.call(method, f"/practice/{path}", **({} if body is None else {"json": body}))
        assert answer.is_success, answer.text
        return answer.json()

    def says(self, handle: str, text: str, **more: str) -> dict[str, Any]:
        """Somebody posts."""
        post: dict[str, Any] = self.practice("POST", "posts", {"as": handle, "text": text, **more})
        return post

    def reply(self, post: dict[str, Any], text: str) -> httpx2.Response:
        """The brand answers."""
        return self.user("POST", "/2/tweets", {"text": text, "reply": {"in_reply_to_tweet_id": post["id"]}})

    def faults(self, **wanted: dict[str, Any]) -> None:
        """Switch exactly these faults on."""
        self.practice("PUT", "faults", wanted)

    def clock(self, seconds: float) -> None:
        """Move the network's time by so much from the real one."""
        self.practice("PUT", "clock", {"seconds": seconds})


@contextmanager
def network(state: Path, *options: str) -> Iterator[X]:
    """A network of its own."""
    with peer("x", "--port", str(free_port()), "--state", str(state), *options) as ready:
        yield X(ready["url"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X]:
    with network(tmp_path_factory.mktemp("x"), "--heartbeat", "0.3") as x:
        yield x


@pytest.fixture
def x(running: X) -> Iterator[X]:
    """The module's network, with no faults and the real time."""
    yield running
    running.faults()
    running.clock(0)


class Heard(NamedTuple):
    """One delivery: its raw body, its headers in lower case, and what it says."""

    body: bytes
    headers: dict[str, str]

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)["data"]
        return found


class Webhook:
    """Receives deliveries and answers challenges; how it answers can be changed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[Heard] = []
        self.challenges: list[str] = []
        self.secret = KEYS.consumer_secret
        self.crc_status = 200
        self.statuses: list[int] = []
        self.seconds = 0.0

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        time.sleep(self.seconds)
        self.heard.append(Heard(body, headers))
        return self.statuses.pop(0) if self.statuses else 200

    def challenge(self, token: str) -> bytes:
        self.challenges.append(token)
        return json.dumps({"response_token": signature(self.secret, token.encode())}).encode()


def signature(secret: str, message: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256)).decode()


@contextmanager
def receiving() -> Iterator[Webhook]:
    """A web server on loopback that takes webhooks."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = webhook.challenge(parse_qs(urlsplit(self.path).query)["crc_token"][0])
            self._answer(webhook.crc_status, answer)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self._answer(webhook.take(body, {name.lower(): value for name, value in self.headers.items()}), b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    webhook = Webhook(f"http://127.0.0.1:{server.server_port}/hooks/x")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield webhook
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def streaming(x: X, path: str) -> Iterator[list[str]]:
    """The lines of a stream while the block runs, blank ones included."""
    lines: list[str] = []
    client = httpx2.Client(base_url=x.url, trust_env=False, timeout=None)
    request = client.build_request("GET", path, headers={"Authorization": f"Bearer {KEYS.bearer}"})
    response = client.send(request, stream=True)
    assert response.status_code == 200, response.read()

    def listen() -> None:
        with suppress(httpx2.HTTPError, httpx2.StreamError):
            for line in response.iter_lines():
                lines.append(line)
                if ended.is_set():
                    return

    ended = threading.Event()
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield lines
    finally:
        ended.set()
        thread.join(10)  # the next heartbeat ends it
        response.close()
        client.close()


def events(lines: list[str]) -> list[dict[str, Any]]:
    """What a stream said so far, without its heartbeats."""
    return [json.loads(line) for line in list(lines) if line]
