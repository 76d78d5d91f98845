"""The practice network of Meta as a real process, and a receiver for its webhooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest

from hilft.practice.meta import people
from tests.practice.conftest import free_port, peer, until

PAGE, IG, APP = people.PAGE_ID, people.INSTAGRAM_ID, people.APP_ID
KATJA, YUSUF = "katja_brandt", "yusuf_d"
DAY = 86_400


class Meta:
    """Both sides of the network: the Graph API with a token, and the practice's own API."""

    def __init__(self, http: httpx2.Client, token: str) -> None:
        self.http = http
        self.token = token

    def using(self, token: str) -> "Meta":
        """The same network with another token."""
        return Meta(self.http, token)

    def call(self, method: str, path: str, *, version: str = "v26.0", **options: Any) -> httpx2.Response:
        """One call of the Graph API, whatever comes of it."""
        params = {"access_token": self.token} | options.pop("params", {})
        prefix = f"/{version}" if version else ""
        return self.http.request(method, f"{prefix}/{path}", params=params, **options)

    def get(self, path: str, **params: str) -> Any:
        return self.call("GET", path, params=params).raise_for_status().json()

    def post(self, path: str, **data: str) -> Any:
        return self.call("POST", path, data=data).raise_for_status().json()

    def delete(self, path: str, **params: str) -> Any:
        return self.call("DELETE", path, params=params).raise_for_status().json()

    def refused(self, method: str, path: str, **options: Any) -> tuple[int, int | None]:
        """The code and subcode of a refusal."""
        answer = self.call(method, path, **options)
        assert answer.status_code >= 400, answer.text
        error = answer.json()["error"]
        return error["code"], error.get("error_subcode")

    def practice(self, method: str, path: str, **body: Any) -> Any:
        """The practice's own API."""
        answer = self.http.request(
            method, f"/practice/{path}", json=body if method in ("POST", "PUT", "PATCH") else None
        ).raise_for_status()
        return answer.json() if answer.content else None

    def send(self, recipient: dict[str, str], text: str = "Moin", **more: str) -> Any:
        body = {"recipient": recipient, "message": {"text": text}, **more}
        return self.call("POST", f"{PAGE}/messages", json=body)

    def says(self, handle: str, text: str, on: str) -> str:
        """A customer comments; returns the comment's id."""
        return str(self.practice("POST", "comments", **{"as": handle}, text=text, on=on)["id"])

    def writes(self, handle: str, text: str, network: str = "facebook") -> str:
        """A customer sends a private message; returns its id."""
        return str(self.practice("POST", "messages", **{"as": handle}, text=text, network=network)["id"])

    def at(self, seconds: float) -> None:
        """Stop the clock `seconds` after the moment at which it was stopped first."""
        self.practice("PUT", "clock", seconds=seconds, stopped=True)

    def page_post(self) -> str:
        """The page's first post."""
        return str(self.get(f"{PAGE}/posts")["data"][0]["id"])

    def picture(self) -> str:
        """The account's first picture."""
        return str(self.get(f"{IG}/media")["data"][0]["id"])

    def weaker(self, *without: str) -> "Meta":
        """The same network with a token that lacks some scopes."""
        scopes = set(self.practice("POST", "tokens")["scopes"]) - set(without)
        return self.using(self.practice("POST", "tokens", scopes=sorted(scopes))["access_token"])

    def subscribe(self, receiver: "Receiver") -> None:
        """Subscribe everything to a receiver."""
        app = self.using(people.app_token())
        fields = {
            "page": "feed,mention,messages,message_echoes,message_edits,message_reads",
            "instagram": "comments,live_comments,mentions,messages,messaging_seen",
        }
        for topic, names in fields.items():
            data = {"object": topic, "callback_url": receiver.url, "fields": names, "verify_token": receiver.token}
            app.post(f"{APP}/subscriptions", **data)
        self.post(f"{PAGE}/subscribed_apps", subscribed_fields=fields["page"])


class Hook(NamedTuple):
    """One delivery as it came in."""

    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Receiver:
    """A web server that takes webhooks as hilft would; `answers` are the next statuses, then 200."""

    def __init__(self) -> None:
        self.token = people.VERIFY_TOKEN
        self.hooks: list[Hook] = []
        self.answers: list[int] = []
        self.url = ""

    def updates(self) -> list[Any]:
        """All updates of all deliveries, in order: changes' values and messaging items."""
        found: list[Any] = []
        for hook in list(self.hooks):
            for entry in hook.json["entry"]:
                found += [change["value"] for change in entry.get("changes", [])] + entry.get("messaging", [])
        return found

    def wait(self, count: int) -> list[Any]:
        """The first `count` updates, as soon as they are here."""
        until(lambda: len(self.updates()) >= count, f"{count} updates")
        return self.updates()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            good = query.get("hub.mode") == ["subscribe"] and query.get("hub.verify_token") == [receiver.token]
            self._say(200 if good else 403, query["hub.challenge"][0].encode() if good else b"no")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.answers.pop(0) if receiver.answers else 200
            receiver.hooks.append(Hook(body, {key.lower(): value for key, value in self.headers.items()}))
            self._say(status, b"")

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks/meta"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running(state: Path, *options: str) -> Iterator[Meta]:
    """The network over a state folder."""
    arguments = ("--port", str(free_port()), "--state", str(state), "--retries", "0,0.2,0.2", *options)
    with (
        peer("meta", *arguments) as ready,
        httpx2.Client(base_url=ready["url"], trust_env=False, timeout=10) as http,
    ):
        yield Meta(http, people.page_token())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    with running(tmp_path_factory.mktemp("meta")) as meta:
        yield meta


@pytest.fixture
def meta(server: Meta) -> Meta:
    """The network as on its first day."""
    server.practice("DELETE", "faults")
    server.practice("PUT", "clock", seconds=0, stopped=False)
    server.practice(
        "PUT", "settings", require_proof=False, human_agent=True, blocked=False, unavailable=[], limit_code=80001
    )
    for limit in ("pages", "instagram", "messenger", "app", "private_replies"):
        server.practice("PUT", "usage", type=limit, percent=0)
    server.using(people.app_token()).delete(f"{APP}/subscriptions")
    server.delete(f"{PAGE}/subscribed_apps")
    server.practice("DELETE", "everything")
    return server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found
