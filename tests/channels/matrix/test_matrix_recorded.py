"""The Matrix adapter on bytes recorded from a real Synapse 1.163.2 (2026-11-24), and on documented refusals."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.contract import (
    AuthLost,
    Can,
    ChannelError,
    Correct,
    Kind,
    Limits,
    Outgoing,
    Person,
    Ref,
    Refused,
    RetryLater,
    Unknown,
    Unreadable,
)
from hilft.channels.matrix import composing, messages
from hilft.channels.matrix.adapter import Adapter
from tests.channels.matrix.record import ANSWER, IDEMPOTENCY, QUESTION, SECRET, THANKS, Played, made, read
from tests.peers.bluesky.recording import Tape, replaying, serving
from tests.peers.process import free_port

TAPE = Path(__file__).parent / "recorded" / "conversation.json"
HERE = Ref("matrix", "7", "!room:localhost/$event", "$event")
HELLO = Outgoing(idempotency=IDEMPOTENCY, text="Hallo.", parent=HERE, to=Person(id="@lena:localhost", handle="lena"))


@pytest.fixture(scope="module")
def tape() -> Tape:
    return Tape.load(TAPE)


@pytest.fixture(scope="module")
def adapter(tape: Tape) -> Iterator[Adapter]:
    with replaying(tape) as url, contextlib.closing(made(url)) as adapter:
        yield adapter


@pytest.fixture(scope="module")
def played(adapter: Adapter) -> Played:
    """The whole conversation, step by step as it was recorded."""
    return Played(adapter, lambda what: None)


def test_a_question_arrives_and_reads(adapter: Adapter, played: Played, tape: Tape) -> None:
    event = played.question
    assert (event.text, event.kind, event.public, event.own, event.automatic) == (
        QUESTION,
        Kind.CREATED,
        True,
        False,
        False,
    )
    assert event.ref.id == event.thread == tape.facts["question"]
    assert event.author == Person(
        id="@lena:localhost",
        handle="@lena:localhost",
        name="Lena Muster",
        url="https://matrix.to/#/@lena:localhost",
    )
    assert [raw.key for raw in played.asked] == [f"message:{event.ref.version}"]


def test_a_reply_is_published_once_and_found_again(played: Played, tape: Tape) -> None:
    assert played.never is None
    assert [sent.ref.id for sent in played.sent] == [tape.facts["sent"]] * 2
    assert played.found is not None
    assert played.found.ref == played.sent[0].ref


def test_what_follows_arrives_with_its_place(adapter: Adapter, played: Played, tape: Tape) -> None:
    found = {event.text: event for event in read(adapter, played.later)}
    assert list(found) == [ANSWER, THANKS, SECRET, f"{QUESTION} Seit gestern."]
    assert [found[text].own for text in found] == [True, False, False, False]
    assert found[ANSWER].thread == found[THANKS].thread == played.question.thread
    assert found[THANKS].parent == Ref("matrix", "7", tape.facts["sent"])
    assert (found[SECRET].public, found[SECRET].thread) == (False, tape.facts["direct"])
    changed = found[f"{QUESTION} Seit gestern."]
    assert (changed.kind, changed.ref.id) == (Kind.EDITED, played.question.ref.id)
    assert changed.ref.version != played.question.ref.version


def test_changes_and_deletions_are_found_and_the_rest_is_no_news(adapter: Adapter, played: Played) -> None:
    assert played.unchanged == []
    assert [raw.key for raw in played.changed] == [played.later[-1].key]
    assert read(adapter, played.changed) == read(adapter, played.later[-1:])
    assert [(event.kind, event.ref.id) for event in read(adapter, played.gone)] == [
        (Kind.DELETED, played.question.ref.id)
    ]
    assert "no longer there" in played.refused


def test_a_correction_keeps_its_place_and_deleting_twice_is_success(
    adapter: Adapter, played: Played, tape: Tape
) -> None:
    assert played.corrected.ref.id == tape.facts["sent"]
    assert played.corrected.ref.version != played.sent[0].ref.version
    gone = {event.ref.id for event in read(adapter, played.last) if event.kind is Kind.DELETED}
    assert {tape.facts["sent"], played.question.ref.id} <= gone
    assert played.allowed.ok
    assert played.health.ok
    assert played.health.message == "@hilft:localhost"


def test_a_message_without_its_network_reads_the_same(adapter: Adapter, played: Played) -> None:
    with contextlib.closing(made("http://127.0.0.1:1")) as other:
        assert read(other, played.later) == read(adapter, played.later)


def test_garbage_is_unreadable_and_never_crashes(adapter: Adapter, played: Played) -> None:
    stored = played.later[1].body

    @given(
        body=st.one_of(
            st.binary(max_size=300),
            st.builds(
                lambda at, byte: stored[:at] + byte + stored[at + 1 :],
                st.integers(0, len(stored) - 1),
                st.binary(min_size=1, max_size=1),
            ),
        )
    )
    @settings(max_examples=300, deadline=None)
    def reads(body: bytes) -> None:
        with contextlib.suppress(Unreadable):
            assert isinstance(adapter.parse(body), list)

    reads()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["body", "m.relates_to", "event_id"]), inner),
    max_leaves=5,
)


def test_no_content_of_a_stranger_stops_the_reading(adapter: Adapter, played: Played) -> None:
    names = st.sampled_from(["body", "m.mentions", "m.relates_to", "m.new_content", "msgtype", "formatted_body"])

    @given(content=st.dictionaries(names, JSON))
    @settings(max_examples=300, deadline=None)
    def reads(content: dict[str, Any]) -> None:
        event = messages.Message("$x", "@tom:localhost", 1_795_559_081_854, content=content)
        kept = messages.Kept("@hilft:localhost", "!r:localhost", True, "$x", "", event, edit=event)
        assert len(adapter.parse(msgspec.json.encode(kept))) == 1
        messages.relation(content)
        messages.mentions(content, "@hilft:localhost")

    reads()


@contextlib.contextmanager
def answering(status: int, body: bytes, headers: dict[str, str] | None = None) -> Iterator[tuple[Adapter, list[str]]]:
    """An adapter in a public room whose every sending gets this answer."""
    asked: list[str] = []
    known: dict[str, Any] = {
        "whoami": {"user_id": "@hilft:localhost"},
        "m.room.join_rules": {"join_rule": "public"},
        "%24event": {"event_id": "$event", "sender": "@lena:localhost", "content": {"body": "Hallo?"}},
    }

    def answer(verb: str, path: str, sent: bytes, asked_with: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(f"{verb} {path}")
        if verb == "PUT":
            return status, headers or {}, body
        name = path.partition("?")[0].rpartition("/")[2]
        found = known.get(name)
        if found is None:
            return 404, {}, b'{"errcode":"M_NOT_FOUND","error":"none"}'
        return 200, {}, msgspec.json.encode(found)

    with serving(answer) as url, contextlib.closing(made(url)) as adapter:
        yield adapter, asked


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, b'{"errcode":"M_UNKNOWN"}', Unknown),
        (502, b"<html>", Unknown),
        (200, b'{"event_id":', Unknown),
        (200, b"{}", Unknown),
        (408, b"", Unknown),
        (400, b'{"errcode":"M_BAD_JSON"}', Refused),
        (403, b'{"errcode":"M_FORBIDDEN","error":"You are muted"}', Refused),
        (404, b'{"errcode":"M_NOT_FOUND"}', Refused),
        (413, b'{"errcode":"M_TOO_LARGE"}', Refused),
        (401, b'{"errcode":"M_UNKNOWN_TOKEN","soft_logout":true}', AuthLost),
        (401, b'{"errcode":"M_MISSING_TOKEN"}', AuthLost),
        (401, b'{"errcode":"M_USER_LOCKED","soft_logout":true}', AuthLost),
        (403, b'{"errcode":"M_USER_DEACTIVATED"}', AuthLost),
        (403, b'{"errcode":"M_USER_SUSPENDED"}', AuthLost),
    ],
)
def test_each_refusal_means_what_it_means(status: int, body: bytes, error: type[ChannelError]) -> None:
    with answering(status, body) as (adapter, _), pytest.raises(error):
        adapter.publish(HELLO)


@pytest.mark.parametrize(
    ("body", "headers", "after"),
    [
        (b'{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}', {}, timedelta(milliseconds=2500)),
        (b'{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}', {"retry-after": "3"}, timedelta(seconds=3)),
        (b'{"errcode":"M_LIMIT_EXCEEDED"}', {}, timedelta(seconds=30)),
        (b'{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":"soon"}', {}, timedelta(seconds=30)),
        (b"slow down", {}, timedelta(seconds=30)),
    ],
)
def test_a_pause_is_taken_as_long_as_the_network_asks(body: bytes, headers: dict[str, str], after: timedelta) -> None:
    with answering(429, body, headers) as (adapter, _):
        with pytest.raises(RetryLater) as later:
            adapter.publish(HELLO)
        assert later.value.after == after
        assert not adapter.allowed("reply", HERE).ok


def test_a_deletion_of_what_is_gone_is_success() -> None:
    with answering(404, b'{"errcode":"M_NOT_FOUND"}') as (adapter, _):
        adapter.delete(HERE)


def test_a_message_that_nobody_asked_for_is_refused_before_it_is_sent() -> None:
    with answering(200, b'{"event_id":"$new"}') as (adapter, asked):
        for orphan in (
            Outgoing(idempotency=IDEMPOTENCY, text="Hallo."),
            Outgoing(idempotency=IDEMPOTENCY, text="Hallo.", public=False),
            Outgoing(idempotency=IDEMPOTENCY, text="Hallo.", public=False, parent=HERE),
        ):
            with pytest.raises(Refused):
                adapter.publish(orphan)
    assert not [line for line in asked if not line.startswith("GET")]


@pytest.mark.parametrize("text", ["ä" * 28_001, "👨‍👩‍👧‍👦" * 2_300])
def test_both_limits_refuse_before_anything_is_sent(text: str) -> None:
    with contextlib.closing(made(f"http://127.0.0.1:{free_port()}")) as adapter, pytest.raises(Refused):
        adapter.publish(Outgoing(idempotency=IDEMPOTENCY, text=text, parent=HERE))


def test_the_largest_message_leaves_room_for_the_servers_part() -> None:
    longest, limits = Outgoing(idempotency=IDEMPOTENCY, text="ä" * 28_000), Limits(28_000, "codepoint", bytes=56_000)
    for content in (composing.message(longest, limits), composing.replacement(longest, limits, of="$event")):
        assert len(msgspec.json.encode(content)) <= 60_000
    shown = composing.replacement(longest, limits, of="$event")
    assert shown["m.new_content"]["body"] == longest.text
    assert shown["body"].endswith("…")


def test_a_listener_that_waits_at_the_server_stops_at_once() -> None:
    waiting = threading.Event()

    def answer(verb: str, path: str, sent: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if "timeout=0" not in path:
            waiting.set()
            time.sleep(3)
        return 200, {}, b'{"next_batch":"s1"}'

    stop = threading.Event()
    with serving(answer) as url, contextlib.closing(made(url)) as adapter:
        batches = adapter.listen("s0", stop)
        assert next(batches) == ([], "s1")
        threading.Thread(target=lambda: waiting.wait(5) and stop.set(), daemon=True).start()
        began = time.monotonic()
        assert list(batches) == []
        assert time.monotonic() - began < 2.0


@pytest.mark.parametrize(
    ("room", "event"),
    [("!a:b.example", "$x"), ("!a:b.example:8448", "$x/y+z"), ("!hash_of_v12", "$x"), ("!a/b:c", "$/")],
)
def test_a_place_names_room_and_message(room: str, event: str) -> None:
    assert messages.placed(messages.place(room, event)) == (room, event)


def test_what_matrix_can() -> None:
    with contextlib.closing(made("http://127.0.0.1:1")) as adapter:
        assert adapter.can() == Can.POLL | Can.STREAM | Can.REPLY | Can.PRIVATE | Can.EDIT | Can.DELETE
        assert adapter.correction is Correct.EDIT
        assert adapter.idempotent


def test_a_gap_and_a_deletion_read(adapter: Adapter) -> None:
    gap, gone = messages.missed("!r:localhost", "s1"), messages.removed("!r:localhost", "$x")
    found = [(event.kind, event.ref.id) for event in read(adapter, [gap, gone])]
    assert found == [(Kind.GAP, "!r:localhost"), (Kind.DELETED, "!r:localhost/$x")]
