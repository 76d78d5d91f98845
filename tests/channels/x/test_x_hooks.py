"""Webhooks of X: delivered by a running network, and forged in every way."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from hilft.channels.contract import Answer, Call, Forged, Kind, Raw, Refused, Standing, Unreadable
from hilft.channels.x import connecting
from hilft.channels.x.adapter import Adapter
from tests.channels.world import eventually, words
from tests.channels.x.world import ONE, TWO, XWorld, config
from tests.practice.conftest import until
from tests.practice.x.conftest import BRAND, Heard, receiving

NEW, OLD = "x-twitter-webhooks-signature-oauth2", "x-twitter-webhooks-signature"
OLD_KEYS = {name: value for name, value in ONE.items() if name != "client_secret"}


class Hooked:
    """A webhook whose every request goes to an adapter."""

    def __init__(self, adapter: Adapter, url: str) -> None:
        self.adapter = adapter
        self.url = url
        self.deliveries: list[Heard] = []
        self.raws: list[Raw] = []

    def event(self, text: str) -> tuple[Raw, Kind]:
        def look() -> tuple[Raw, Kind] | None:
            pairs = ((raw, event) for raw in list(self.raws) for event in self.adapter.parse(raw.body))
            return next(((raw, event.kind) for raw, event in pairs if text in event.text), None)

        return eventually(look)


@contextmanager
def hooked(world: XWorld, adapter: Adapter) -> Iterator[Hooked]:
    """A place on loopback that X calls, registered and subscribed."""
    with receiving() as webhook:
        place = Hooked(adapter, webhook.url)

        def take(body: bytes, headers: dict[str, str]) -> int:
            place.deliveries.append(Heard(body, headers))
            place.raws += adapter.hook(Call(method="POST", headers=headers, body=body)).raws
            return 200

        webhook.take = take  # type: ignore[method-assign]
        webhook.challenge = lambda token: adapter.hook(Call(method="GET", query={"crc_token": token})).body  # type: ignore[method-assign]
        connecting.connect(adapter._config, webhook.url)
        yield place
        connecting.disconnect(adapter._config, webhook.url)


@pytest.fixture
def place(world: XWorld) -> Iterator[Hooked]:
    with hooked(world, world.made()) as place:
        yield place


def delivered(place: Hooked, world: XWorld) -> Heard:
    """One real delivery."""
    text = words("Echt zugestellt")
    world.ask(text)
    place.event(text)
    return next(one for one in place.deliveries if text in one.body.decode())


def test_what_x_tells_has_the_same_key_and_meaning_as_what_is_polled(place: Hooked, world: XWorld) -> None:
    text = words("Gehört & <gelesen>: https://a.example")
    world.ask(text)
    pushed, _ = place.event(text)
    raws, _ = world.adapter.poll(world.start)
    (polled,) = [raw for raw in raws if raw.key == pushed.key]
    assert world.adapter.parse(polled.body) == place.adapter.parse(pushed.body)


def test_a_reply_to_us_is_told_twice_and_is_one_event(place: Hooked, world: XWorld) -> None:
    ours = world.x.user("POST", "/2/tweets", {"text": words("Unsere Nachricht.")}).json()["data"]
    text = words("Antwort darauf")
    world.x.says("olena_k", text, reply_to=ours["id"])
    until(lambda: sum(text in one.body.decode() for one in place.deliveries) == 2, "mention and reply")
    keys = {raw.key for raw in place.raws if text in raw.body.decode()}
    assert len(keys) == 1
    assert len({one.data["event_type"] for one in place.deliveries if text in one.body.decode()}) == 2


def test_a_quote_without_our_name_speaks_to_us(place: Hooked, world: XWorld) -> None:
    ours = world.x.user("POST", "/2/tweets", {"text": words("Zitierbar.")}).json()["data"]
    text = words("Unsinn")
    world.x.says("olena_k", text, quote=ours["id"])
    raw, _ = place.event(text)
    assert place.adapter.parse(raw.body)[0].addressed


def test_direct_messages_are_told_like_they_are_listed(alone: XWorld) -> None:
    with hooked(alone, alone.made()) as place:
        text = words("Vertraulich: https://a.example/?a=1&b=2")
        alone.write_privately(text)
        pushed, _ = place.event(text)
        raws, _ = alone.adapter.poll(alone.start)
        (polled,) = [raw for raw in raws if raw.key == pushed.key]
        assert alone.adapter.parse(polled.body) == place.adapter.parse(pushed.body)
        assert not place.adapter.parse(pushed.body)[0].public
        assert place.adapter.spent() == {"price.event_dm": 1}


def test_an_edit_and_a_deletion_of_ours_are_told(place: Hooked, world: XWorld) -> None:
    text, later = words("Vor der Änderung"), words("Nach der Änderung")
    world.ask(text)
    first, _ = place.event(text)
    world.rewrite(place.adapter.parse(first.body)[0].ref, later)
    edited, kind = place.event(later)
    before, after = place.adapter.parse(first.body)[0], place.adapter.parse(edited.body)[0]
    assert (kind, after.ref.id, after.ref.version != before.ref.version) == (Kind.EDITED, before.ref.id, True)
    ours = world.x.user("POST", "/2/tweets", {"text": words("Gleich weg.")}).json()["data"]["id"]
    world.x.user("DELETE", f"/2/tweets/{ours}")
    until(lambda: f"deleted:{ours}" in [raw.key for raw in place.raws], "the deletion")


def test_pitfall_2_the_same_webhook_twice_in_parallel_has_one_key(place: Hooked, world: XWorld) -> None:
    world.x.faults(duplicates={})
    text = words("Mehrfach")
    world.ask(text)
    until(lambda: sum(text in one.body.decode() for one in place.deliveries) > 1, "duplicates")
    one = next(one for one in place.deliveries if text in one.body.decode())
    call = Call(method="POST", headers=one.headers, body=one.body)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: place.adapter.hook(call), range(16)))
    assert {raw.key for answer in answers for raw in answer.raws} == {
        raw.key for raw in place.raws if text in raw.body.decode()
    }


@pytest.mark.parametrize("secrets", [ONE, OLD_KEYS, TWO], ids=["both", "consumer secret", "client secret"])
def test_either_secret_answers_the_challenge_and_checks_deliveries(world: XWorld, secrets: dict[str, str]) -> None:
    with hooked(world, world.made(secrets=ONE)) as place:
        one = delivered(place, world)
    adapter = world.made(secrets=secrets)
    assert adapter.hook(Call(method="POST", headers=one.headers, body=one.body)).raws
    token = "challenge"
    name = "client_secret" if "client_secret" in secrets else "consumer_secret"
    digest = base64.b64encode(hmac.digest(secrets[name].encode(), token.encode(), hashlib.sha256)).decode()
    assert adapter.hook(Call(method="GET", query={"crc_token": token})) == Answer(
        body=msgspec.json.encode({"response_token": f"sha256={digest}"})
    )


def test_pitfall_3_what_is_not_signed_by_x_is_forged(place: Hooked, world: XWorld) -> None:
    one = delivered(place, world)
    signed = {name: one.headers[name] for name in (NEW, OLD)}
    changed = one.body[:40] + bytes([one.body[40] ^ 1]) + one.body[41:]
    spaced = msgspec.json.format(one.body, indent=1)
    forgeries = [
        Call(method="POST", body=one.body),
        Call(method="POST", headers=dict.fromkeys(signed, ""), body=one.body),
        Call(method="POST", headers=dict.fromkeys(signed, "sha256=AAAA"), body=one.body),
        Call(method="POST", headers={name: value.removeprefix("sha256=") for name, value in signed.items()}, body=b""),
        Call(method="POST", headers={NEW: signed[OLD], OLD: signed[NEW]}, body=one.body),
        Call(method="POST", headers=signed, body=changed),
        Call(method="POST", headers=signed, body=spaced),
        Call(method="POST", headers=signed, body=b""),
        Call(method="POST", headers=dict.fromkeys(signed, "ü"), body=one.body),
        Call(method="PUT", headers=signed, body=one.body),
        Call(method="GET"),
        Call(method="GET", query={"crc_token": ""}),
    ]
    for call in forgeries:
        with pytest.raises(Forged):
            place.adapter.hook(call)
    keyless = world.made(secrets={})
    for call in [Call(method="POST", headers=signed, body=one.body), Call(method="GET", query={"crc_token": "a"})]:
        with pytest.raises(Forged):
            keyless.hook(call)


def signed(body: bytes) -> Call:
    digest = base64.b64encode(hmac.digest(ONE["client_secret"].encode(), body, hashlib.sha256)).decode()
    return Call(method="POST", headers={NEW: f"sha256={digest}"}, body=body)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"{}", b'{"data": null}', b'{"data": {"event_type": "dm.received"}}', b'{"data": {"a": 1}}'],
)
def test_pitfall_12_what_x_signed_and_nobody_can_read_is_kept_and_blocks_nothing(world: XWorld, body: bytes) -> None:
    (raw,) = world.brand.hook(signed(body)).raws
    assert raw.key.startswith("unread:")
    assert world.brand.hook(signed(body)).raws[0].key == raw.key
    with pytest.raises(Unreadable):
        world.brand.parse(raw.body)


def test_several_events_in_one_delivery_are_several_raws(place: Hooked, world: XWorld) -> None:
    one, two = delivered(place, world), delivered(place, world)
    batch = msgspec.json.encode({"data": [one.data, two.data, one.data, {"event_type": 1}]})
    keys = [raw.key for raw in world.brand.hook(signed(batch)).raws]
    assert len(keys) == 3
    assert {key.partition(":")[0] for key in keys} == {"post", "unread"}


def test_events_we_never_asked_for_are_no_events(world: XWorld) -> None:
    body = msgspec.json.encode({"data": {"event_type": "follow.follow", "filter": {"user_id": BRAND}, "payload": {}}})
    assert world.brand.hook(signed(body)) == Answer()


def test_users_wrapped_in_data_are_read_too(world: XWorld) -> None:
    post = {
        "id": "2080761390344937796",
        "text": "@nordnetz Hallo",
        "author_id": "7",
        "created_at": "2026-07-24T21:05:48.000Z",
    }
    told = {
        "event_type": "post.mention.create",
        "filter": {"user_id": BRAND},
        "payload": post,
        "includes": {"users": [{"data": {"id": "7", "username": "lena", "name": "Lena"}}]},
    }
    (raw,) = world.brand.hook(signed(msgspec.json.encode({"data": told}))).raws
    (event,) = world.brand.parse(raw.body)
    assert event.author is not None
    assert (event.author.handle, event.author.name, event.text) == ("lena", "Lena", "Hallo")


def test_an_answer_to_us_without_our_name_gives_no_right_to_reply(world: XWorld) -> None:
    post = {"id": "2080761390344937797", "text": "Ach so", "author_id": "7", "in_reply_to_user_id": BRAND}
    told = {"event_type": "post.reply.create", "filter": {"user_id": BRAND}, "payload": post}
    (raw,) = world.brand.hook(signed(msgspec.json.encode({"data": told}))).raws
    (event,) = world.brand.parse(raw.body)
    assert (event.addressed, event.kind) == (False, Kind.CREATED)
    assert not world.brand.allowed("reply", event.ref, Standing(addressed=event.addressed)).ok


class TestConnecting:
    """What the wizard calls."""

    def test_connecting_twice_changes_nothing(self, world: XWorld) -> None:
        adapter = world.made()
        with hooked(world, adapter) as place:
            again = connecting.connect(config(world.x.url), place.url)
            assert again == connecting.connect(config(world.x.url), place.url)
            assert again.user_id == BRAND
            known = world.x.app("GET", "/2/activity/subscriptions").json()["data"]
            assert sorted(one["event_type"] for one in known) == sorted(connecting.EVENTS)
            assert {one["webhook_id"] for one in known} == {again.webhook_id}
            assert tuple(sorted(again.subscription_ids)) == tuple(sorted(one["subscription_id"] for one in known))
        assert world.x.app("GET", "/2/activity/subscriptions").json()["data"] == []
        assert place.url not in [one["url"] for one in world.x.app("GET", "/2/webhooks").json()["data"]]

    def test_from_stream_to_webhook_and_back(self, world: XWorld) -> None:
        streamed = connecting.connect(config(world.x.url))
        assert streamed.webhook_id == ""
        with hooked(world, world.made()):
            known = world.x.app("GET", "/2/activity/subscriptions").json()["data"]
            assert all(one["webhook_id"] for one in known)
            back = connecting.connect(config(world.x.url))
            known = world.x.app("GET", "/2/activity/subscriptions").json()["data"]
            assert not [one for one in known if "webhook_id" in one]
            assert len(back.subscription_ids) == len(connecting.EVENTS)

    def test_an_address_that_does_not_answer_is_refused(self, world: XWorld) -> None:
        with receiving() as webhook:
            webhook.secret = "wrong"
            with pytest.raises(Refused, match="CRC"):
                connecting.connect(config(world.x.url), webhook.url)

    def test_a_known_address_that_answers_wrongly_is_refused(self, world: XWorld) -> None:
        with receiving() as webhook:
            first = connecting.connect(config(world.x.url), webhook.url)
            webhook.secret = "wrong"
            with pytest.raises(Refused, match="answer was wrong"):
                connecting.connect(config(world.x.url), webhook.url)
            world.x.app("DELETE", f"/2/webhooks/{first.webhook_id}")

    def test_the_challenge_comes_with_the_query(self, world: XWorld) -> None:
        query = dict(parse_qsl(urlsplit("/hooks/x?crc_token=a%2Bb").query))
        assert b"sha256=" in world.brand.hook(Call(method="GET", query=query)).body
