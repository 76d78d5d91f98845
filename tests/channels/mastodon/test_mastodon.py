"""The Mastodon adapter against a real server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from hilft.channels.contract import AuthLost, Channel, Config, Event, Kind, Ref, Refused, RetryLater, Unknown
from hilft.channels.ledger import packaged
from hilft.channels.mastodon.adapter import Adapter
from tests.channels.contract_suite import ContractSuite, EditableReplies, PublicReplies
from tests.channels.live_suite import LiveTests
from tests.channels.world import Heard, eventually, polled, reply, words
from tests.peers.mastodon import Mastodon
from tests.peers.process import free_port
from tests.peers.proxy import lossy_proxy


class MastodonWorld:
    """The brand's account on the test server."""

    def __init__(self, server: Mastodon) -> None:
        self.server = server
        self._made: list[Adapter] = []
        self._adapter = self.made()
        self.start = self.adapter.poll("")[1]

    @property
    def adapter(self) -> Channel:
        return self._adapter

    def made(self, base_url: str = "", token: str = "", **settings: Any) -> Adapter:
        host = urlsplit(self.server.base_url).netloc
        adapter = Adapter(
            Config(
                account="1",
                handle=f"@hilft@{host}",
                settings={"base_url": base_url or self.server.base_url, "timeout_seconds": 5} | settings,
                secrets={"access_token": token or self.server.token},
                facts=packaged("mastodon"),
            )
        )
        self._made.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._made:
            adapter.close()

    def twin(self) -> Channel:
        return self.made()

    def ask(self, text: str, who: str = "lena") -> None:
        self.server.ask(who, f"@hilft {text}")

    def standing(self, ref: Ref) -> str | None:
        try:
            return str(self.server.call("hilft", "GET", f"/api/v1/statuses/{ref.id}/source")["text"])
        except httpx2.HTTPStatusError as error:
            if error.response.status_code != 404:
                raise
            return None

    def ours(self, text: str) -> int:
        me = self.server.call("hilft", "GET", "/api/v1/accounts/verify_credentials")["id"]
        said = self.server.call("hilft", "GET", f"/api/v1/accounts/{me}/statuses?limit=40")
        return sum(text in status["content"] for status in said)

    @contextlib.contextmanager
    def losing(self) -> Iterator[Channel]:
        with lossy_proxy(urlsplit(self.server.base_url).port or 0, after=b"POST /api/v1/statuses") as proxy:
            proxy.losing.set()
            yield self.made(proxy.url)

    def unreachable(self) -> Channel:
        return self.made(f"http://127.0.0.1:{free_port()}")

    def revoked(self) -> Channel:
        token = self.server.new_token("hilft")
        adapter = self.made(token=token)
        assert adapter.check().ok
        self.server.revoke(token)
        return adapter

    def withdraw(self, ref: Ref) -> None:
        self.server.call("lena", "DELETE", f"/api/v1/statuses/{ref.id}")

    def rewrite(self, ref: Ref, text: str) -> None:
        self.server.call("lena", "PUT", f"/api/v1/statuses/{ref.id}", json={"status": f"@hilft {text}"})

    def elsewhere(self, text: str, question: Event) -> None:
        self.server.ask("hilft", f"@lena {text}", in_reply_to_id=question.ref.id)


@pytest.fixture
def world(mastodon: Mastodon) -> Iterator[MastodonWorld]:
    mastodon.heal()
    with contextlib.closing(MastodonWorld(mastodon)) as world:
        yield world
    mastodon.heal()


class TestContract(ContractSuite, PublicReplies, EditableReplies, LiveTests):
    """Mastodon keeps the whole contract."""


def asked(world: MastodonWorld, text: str, **fields: Any) -> Event:
    text = words(text)
    world.server.ask("lena", f"@hilft {text}", **fields)
    return polled(world, text)[1]


@pytest.mark.parametrize(
    ("visibility", "public"), [("public", True), ("unlisted", True), ("private", False), ("direct", False)]
)
def test_visibility_decides_what_is_public(world: MastodonWorld, visibility: str, public: bool) -> None:
    assert asked(world, "Wer sieht das?", visibility=visibility).public is public


def test_a_private_question_is_never_answered_in_public(world: MastodonWorld) -> None:
    question = asked(world, "Meine Kundennummer ist 4711.", visibility="direct")
    with pytest.raises(Refused):
        world.adapter.publish(reply(question, "Danke.", public=True))


def test_a_private_reply_is_direct_and_names_the_customer(world: MastodonWorld) -> None:
    question = asked(world, "Öffentlich gefragt.")
    sent = world.adapter.publish(reply(question, "Bitte die Kundennummer.", public=False))
    status = world.server.call("lena", "GET", f"/api/v1/statuses/{sent.ref.id}")
    assert status["visibility"] == "direct"
    assert [mention["acct"] for mention in status["mentions"]] == ["lena"]


def test_an_unlisted_question_gets_an_unlisted_reply(world: MastodonWorld) -> None:
    question = asked(world, "Leise gefragt.", visibility="unlisted")
    sent = world.adapter.publish(reply(question, "Leise geantwortet."))
    assert world.server.call("tom", "GET", f"/api/v1/statuses/{sent.ref.id}")["visibility"] == "unlisted"


def test_the_thread_is_the_root_of_the_conversation(world: MastodonWorld) -> None:
    first = asked(world, "Anfang")
    sent = world.adapter.publish(reply(first, "Mitte"))
    last = asked(world, "Ende", in_reply_to_id=sent.ref.id)
    assert last.thread == first.ref.id
    assert last.parent is not None
    assert last.parent.id == sent.ref.id
    assert world.twin().poll(world.start)[0] == world.adapter.poll(world.start)[0]


def test_all_pages_of_a_long_outage_are_filled_in_order(world: MastodonWorld) -> None:
    texts = [words(f"Nummer {number}") for number in range(42)]
    for text in texts:
        world.ask(text)
    raws, cursor = world.adapter.poll(world.start)
    assert [world.adapter.parse(raw.body)[0].text for raw in raws] == texts
    assert world.adapter.poll(cursor) == ([], cursor)


def test_only_our_own_handle_is_taken_from_the_text(world: MastodonWorld) -> None:
    mark = words("Wer hilft?")
    world.server.ask("lena", f"@tom @hilft @olga {mark} @hilft?")
    _, event = polled(world, mark)
    assert event.text == f"@tom @olga {mark} @hilft?"


def test_markup_becomes_text(world: MastodonWorld) -> None:
    mark = words("Zeile")
    world.ask(f"{mark} <eins> & zwei\nhttps://hilfe.example/a?b=1&c=2\n\nAbsatz")
    _, event = polled(world, mark)
    assert event.text == f"{mark} <eins> & zwei\nhttps://hilfe.example/a?b=1&c=2\n\nAbsatz"


def test_a_deletion_is_heard_from_the_stream(world: MastodonWorld) -> None:
    question = asked(world, "Gelöscht wird")
    sent = world.adapter.publish(reply(question, words("Unsere Antwort")))
    listener = Heard(world.twin(), world.start)
    try:
        listener.heard(question.text)
        world.server.call("hilft", "DELETE", f"/api/v1/statuses/{sent.ref.id}")
        eventually(lambda: f"deleted:{sent.ref.id}" in [raw.key for raw in listener.raws])
    finally:
        listener.end()
    assert [raw.key for raw in world.adapter.refresh([sent.ref])] == [f"deleted:{sent.ref.id}"]


def test_without_a_stream_listening_polls(world: MastodonWorld) -> None:
    world.server.fault(match={"path": "/api/v1/streaming/user"}, effect={"type": "status", "status": 404})
    listener = Heard(world.made(poll_seconds=0.2), world.start)
    try:
        eventually(lambda: listener.beats)
        text = words("Ohne Strom")
        world.ask(text)
        listener.heard(text)
    finally:
        listener.end()


def test_a_silent_stream_is_left_and_the_gap_filled(world: MastodonWorld) -> None:
    listener = Heard(world.made(silence_seconds=0.3, poll_seconds=60), world.start)
    try:
        eventually(lambda: listener.beats)
        text = words("Nach der Stille")
        world.ask(text)
        raw, _ = listener.heard(text)
    finally:
        listener.end()
    assert [one.key for one in listener.raws].count(raw.key) == 1


def test_an_event_cut_off_with_its_connection_is_found_again(world: MastodonWorld) -> None:
    port = urlsplit(world.server.base_url).port or 0
    with lossy_proxy(port, after=b"/api/v1/streaming/user") as proxy:
        listener = Heard(world.made(proxy.url, poll_seconds=60), world.start)
        try:
            before, cut = words("Vorher"), words("Abgeschnitten")
            world.ask(before)
            listener.heard(before)
            proxy.losing.set()
            world.ask(cut)
            eventually(lambda: proxy.lost)
            proxy.losing.clear()
            raw, _ = listener.heard(cut)
        finally:
            listener.end()
    assert [one.key for one in listener.raws].count(raw.key) == 1


def test_lost_credentials_end_the_listening(world: MastodonWorld) -> None:
    listener = Heard(world.revoked(), world.start)
    eventually(lambda: listener.error)
    assert isinstance(listener.error, AuthLost)
    listener.end()


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        (lambda: {"X-RateLimit-Reset": (datetime.now(UTC) + timedelta(seconds=90)).isoformat()}, 30, 90),
        (lambda: {"X-RateLimit-Reset": str(int((datetime.now(UTC) + timedelta(seconds=90)).timestamp()))}, 30, 90),
        (lambda: {"X-RateLimit-Reset": "morgen", "Retry-After": "17"}, 16, 17),
    ],
)
def test_a_pause_is_taken_as_long_as_the_server_asks(
    world: MastodonWorld, headers: Callable[[], dict[str, str]], least: int, most: int
) -> None:
    question = asked(world, "Zu viele")
    world.server.fault(
        match={"methods": ["POST"], "path": "/api/v1/statuses"},
        effect={"type": "status", "status": 429, "headers": headers()},
        count=1,
    )
    with pytest.raises(RetryLater) as later:
        world.adapter.publish(reply(question, "Hallo."))
    assert least <= later.value.after.total_seconds() <= most
    assert not world.adapter.allowed("reply", question.ref).ok


def test_a_pause_without_an_end_is_five_minutes(world: MastodonWorld) -> None:
    question = asked(world, "Ohne Ende")
    world.server.fault(
        match={"methods": ["POST"], "path": "/api/v1/statuses"}, effect={"type": "status", "status": 429}, count=1
    )
    with pytest.raises(RetryLater) as later:
        world.adapter.publish(reply(question, "Hallo."))
    assert later.value.after == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (500, "boom", Unknown),
        (503, "maintenance", Unknown),
        (401, "The access token was revoked", AuthLost),
        (403, "Your login is currently disabled", AuthLost),
        (403, "This action is outside the authorized scopes", AuthLost),
        (403, "This action is not allowed", Refused),
        (404, "Record not found", Refused),
        (422, "Validation failed: Text can't be blank", Refused),
    ],
)
def test_each_refusal_means_what_it_means(
    world: MastodonWorld, status: int, message: str, error: type[Exception]
) -> None:
    question = asked(world, "Fehler?")
    world.server.fault(
        match={"methods": ["POST"], "path": "/api/v1/statuses"},
        effect={"type": "status", "status": status, "body": {"error": message}},
        count=1,
    )
    with pytest.raises(error) as raised:
        world.adapter.publish(reply(question, "Hallo."))
    assert type(raised.value) is error or error is Refused


def test_half_an_answer_to_a_publish_is_unknown(world: MastodonWorld) -> None:
    question = asked(world, "Halb?")
    world.server.fault(match={"methods": ["POST"], "path": "/api/v1/statuses"}, effect={"type": "malformed"}, count=1)
    with pytest.raises(Unknown):
        world.adapter.publish(reply(question, "Hallo."))


def test_a_forgotten_idempotency_key_does_not_make_a_second_post(world: MastodonWorld) -> None:
    question, answer = asked(world, "Am nächsten Tag"), words("Schon gesagt.")
    hours_ago = datetime.now(UTC) - timedelta(hours=2)
    first = world.adapter.publish(reply(question, answer, begun_at=hours_ago))
    assert world.twin().publish(reply(question, answer, begun_at=hours_ago)).ref == first.ref
    assert world.ours(answer) == 1


def test_the_limits_are_the_servers(world: MastodonWorld) -> None:
    limits = world.adapter.limits(public=True)
    assert (limits.text, limits.unit, limits.url) == (500, "grapheme", 23)
    assert world.unreachable().limits(public=True).text == 500


def test_refreshing_many_gives_only_news(world: MastodonWorld) -> None:
    kept, gone = asked(world, "Bleibt"), asked(world, "Geht")
    world.withdraw(gone.ref)
    events = [event for raw in world.adapter.refresh([kept.ref, gone.ref]) for event in world.adapter.parse(raw.body)]
    assert [(event.kind, event.ref.id) for event in events] == [(Kind.DELETED, gone.ref.id)]
