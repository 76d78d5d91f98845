"""Webhooks from outside: whatever comes, nothing unsigned is kept, nothing is kept twice, and nobody sees a 500."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import pytest
from django.db import DataError, connections
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hilft.channels.commands import connect_account
from hilft.channels.contract import Raw
from hilft.channels.hooks import LARGEST, Told
from hilft.channels.models import Event
from hilft.channels.x import hooks as of_x
from hilft.config import hooks
from tests import event_loop

pytestmark = pytest.mark.django_db

SECRETS = {name: f"{name} of a test" for name in ("consumer_key", "consumer_secret", "access_token", "client_secret")}
SECRETS |= {"access_token_secret": "of a test"}
META = {"page_token": "token of a test", "app_secret": "secret of a test", "verify_token": "what we agreed on"}
X_HEADER, META_HEADER = "x-twitter-webhooks-signature-oauth2", "x-hub-signature-256"


@pytest.fixture(autouse=True)
def _accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account on X and a Facebook page; what is stored is stored in the test's own transaction."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(hooks, "_in_thread", at_once)
    monkeypatch.setattr(hooks, "desk", hooks.Desk())
    where: dict[str, object] = {"base_url": "http://127.0.0.1:9", "user_id": "1", "page_id": "108", "app_id": "104"}
    for kind, secrets in (("x", SECRETS), ("facebook", META)):
        connect_account(by=None, kind=kind, name=kind, handle="@nordnetz", settings=where, secrets=secrets)


def at_once[**P, T](function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)

    return run


class Asked:
    """A request to the process for webhooks and what it answered."""

    def __init__(self, kind: str, body: bytes = b"", *, method: str = "POST", query: str = "", **headers: str) -> None:
        self.kind, self.body, self.method, self.query = kind, body, method, query
        self.headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.status, self.answer = 0, b""

    async def ask(self) -> None:
        parts = [self.body[start : start + 65_536] for start in range(0, len(self.body), 65_536)] or [b""]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            self.status = message.get("status", self.status)
            self.answer += message.get("body", b"")

        scope = {"type": "http", "method": self.method, "path": f"/hooks/{self.kind}/", "headers": self.headers}
        await hooks.application(scope | {"query_string": self.query.encode()}, receive, send)


type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def loop() -> Iterator[Run]:
    """One event loop for all that a test runs."""
    with event_loop.kept() as keep:
        yield keep


def run(coroutine: Coroutine[Any, Any, None], loop: Run = event_loop.run) -> None:
    """Runs it on the test's own connection, which an event loop would not see."""
    ours = connections["default"]
    ours.inc_thread_sharing()

    async def with_connection() -> None:
        connections["default"] = ours
        await coroutine

    try:
        loop(with_connection())
    finally:
        ours.dec_thread_sharing()


def ask(*asked: Asked) -> list[int]:
    """Asks all of them at the same time; the statuses."""

    async def together() -> None:
        hooks.desk = hooks.Desk()
        worker = asyncio.create_task(hooks.desk.work())
        await hooks.desk.ready.wait()
        await asyncio.gather(*(one.ask() for one in asked))
        worker.cancel()

    run(together())
    return [one.status for one in asked]


def mention(number: int = 1, text: str = "@nordnetz Mein Router blinkt orange, größer wird's nicht") -> bytes:
    payload = {"id": str(number), "text": text, "author_id": "7", "created_at": "2026-11-24T10:00:00.000Z"}
    payload |= {"conversation_id": str(number)}
    told = {"event_uuid": str(number), "event_type": "post.mention.create", "filter": {"user_id": "1"}}
    return json.dumps({"data": told | {"payload": payload}}, ensure_ascii=False).encode()


def comment(number: int = 1) -> bytes:
    value = {"item": "comment", "verb": "add", "comment_id": f"108_{number}", "post_id": "108_1", "message": "Hallo"}
    value |= {"created_time": 1_795_000_000, "from": {"id": "5", "name": "Katja"}, "parent_id": "108_1"}
    entry = {"id": "108", "time": 1_795_000_000, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def by_x(body: bytes) -> Asked:
    return Asked("x", body, **{X_HEADER: of_x.sign(SECRETS["client_secret"], body)})


def by_meta(body: bytes) -> Asked:
    signature = hmac.new(META["app_secret"].encode(), body, hashlib.sha256).hexdigest()
    return Asked("facebook", body, **{META_HEADER: f"sha256={signature}"})


def test_signed_deliveries_are_kept_before_they_are_acknowledged():
    assert ask(by_x(mention()), by_meta(comment())) == [200, 200]
    assert Event.objects.count() == 2


def test_a_replayed_delivery_is_acknowledged_and_kept_once():
    assert ask(*(by_x(mention()) for _ in range(50)), *(by_meta(comment()) for _ in range(50))) == [200] * 100
    assert Event.objects.count() == 2


def test_the_challenges_are_answered():
    crc = Asked("x", method="GET", query="crc_token=abc")
    meta = Asked(
        "facebook", method="GET", query="hub.mode=subscribe&hub.verify_token=what+we+agreed+on&hub.challenge=42"
    )
    wrong = Asked("facebook", method="GET", query="hub.mode=subscribe&hub.verify_token=guess&hub.challenge=42")
    assert ask(crc, meta, wrong) == [200, 200, 401]
    assert json.loads(crc.answer) == {"response_token": of_x.sign(SECRETS["client_secret"], b"abc")}
    assert meta.answer == b"42"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (Asked("x", mention()), 401),
        (Asked("x", mention(), **{X_HEADER: "sha256="}), 401),
        (Asked("x", mention(), **{X_HEADER: of_x.sign("another", mention())}), 401),
        (Asked("x", mention(2), **{X_HEADER: of_x.sign(SECRETS["client_secret"], mention(1))}), 401),
        (Asked("x", mention(), method="PUT"), 405),
        (Asked("x", b"x" * (LARGEST + 1)), 413),
        (Asked("mastodon", mention()), 404),
        (Asked("nobody", mention()), 404),
        (Asked("", mention()), 404),
    ],
)
def test_what_is_not_signed_for_us_is_refused(asked: Asked, status: int):
    assert ask(asked) == [status]
    assert not Event.objects.exists()


def test_a_body_that_was_parsed_and_written_anew_is_refused():
    body = mention()
    anew = json.dumps(json.loads(body)).encode()
    assert anew != body
    assert ask(Asked("x", anew, **{X_HEADER: of_x.sign(SECRETS["client_secret"], body)})) == [401]


def test_one_that_cannot_be_stored_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch):
    plain = hooks.store_together

    def store(several: list[Told]) -> int:
        if any(b'"13"' in bytes(raw.body) for told in several for _account, raws in told for raw in raws):
            raise DataError("a value that no column takes")
        return plain(several)

    monkeypatch.setattr(hooks, "store_together", store)
    statuses = ask(*(by_x(mention(number)) for number in range(10, 20)))
    assert sorted(statuses) == [200] * 9 + [503]
    assert Event.objects.count() == 9


def test_more_than_can_wait_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hooks, "WAITING", 2)
    statuses = ask(*(by_x(mention(number)) for number in range(8)))
    assert set(statuses) == {200, 503}
    assert Event.objects.count() == statuses.count(200)


SIGNATURES = st.one_of(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=90), st.just(""))
HEADERS = st.sampled_from([X_HEADER, META_HEADER, "x-twitter-webhooks-signature", "content-type"])
QUERIES = st.one_of(
    st.just(""),
    st.sampled_from(["crc_token=", "hub.mode=subscribe&hub.verify_token=", "%%%=%ff&&=", "hub.challenge=1"]),
)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A delivery's bytes and what somebody made of them: cut, changed, repeated, replaced."""
    body = draw(st.sampled_from([mention(), comment()]))
    cut = draw(st.integers(0, len(body)))
    kind = draw(st.sampled_from(["cut", "flip", "insert", "garbage", "twice"]))
    if kind == "cut":
        return body, body[:cut]
    if kind == "flip":
        place = min(cut, len(body) - 1)
        return body, body[:place] + bytes([body[place] ^ draw(st.integers(1, 255))]) + body[place + 1 :]
    if kind == "insert":
        return body, body[:cut] + draw(st.binary(min_size=1, max_size=9)) + body[cut:]
    return body, body + body if kind == "twice" else draw(st.binary(max_size=300))


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["x", "facebook"]),
    method=st.sampled_from(["POST", "GET"]),
    change=damaged(),
    query=QUERIES,
    headers=st.dictionaries(HEADERS, SIGNATURES, max_size=3),
    stolen=st.booleans(),
)
@example(kind="x", method="POST", change=(mention(), b""), query="", headers={}, stolen=True)
def test_nothing_unsigned_is_kept_and_nothing_breaks(
    loop: Run, kind: str, method: str, change: tuple[bytes, bytes], query: str, headers: dict[str, str], stolen: bool
):
    """With `stolen`, the headers carry the right signature of the delivery as it was before it was changed."""
    body, changed = change
    if changed == body:
        return
    if stolen:
        headers = headers | {X_HEADER: of_x.sign(SECRETS["client_secret"], body)}
        headers |= {META_HEADER: "sha256=" + hmac.new(META["app_secret"].encode(), body, hashlib.sha256).hexdigest()}
    asked = Asked(kind, changed, method=method, query=query, **headers)
    run(one(asked), loop)
    assert asked.status in ({401} if method == "POST" else {200, 401})
    assert KEPT == []


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["x", "facebook"]), body=st.one_of(st.binary(max_size=400), damaged().map(lambda d: d[1])))
def test_signed_nonsense_is_kept_for_people_to_look_at_or_says_nothing(loop: Run, kind: str, body: bytes):
    asked = by_x(body) if kind == "x" else by_meta(body)
    run(one(asked), loop)
    assert asked.status == 200
    KEPT.clear()


KEPT: list[Raw] = []


async def one(asked: Asked) -> None:
    """Asks without storing: what would be stored is noted in KEPT."""

    async def keep(told: Told) -> None:
        KEPT.extend(raw for _account, raws in told for raw in raws)

    hooks.desk.doorkeeper.look()
    hooks.desk.keep = keep  # type: ignore[method-assign]
    await asked.ask()
