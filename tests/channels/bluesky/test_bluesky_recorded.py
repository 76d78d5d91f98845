"""The Bluesky adapter on bytes recorded from the real network, and on its documented refusals."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.bluesky.adapter import Adapter
from hilft.channels.bluesky.facets import expanded, facets
from hilft.channels.bluesky.tid import ALPHABET, rkey
from hilft.channels.contract import (
    AuthLost,
    Can,
    ChannelError,
    Config,
    Correct,
    Event,
    Kind,
    Outgoing,
    Ref,
    Refused,
    RetryLater,
    Unknown,
    Unreadable,
)
from hilft.channels.ledger import packaged
from tests.peers.bluesky.record import ANSWER, BEGUN, IDEMPOTENCY, NEVER, QUESTION, made, outgoing
from tests.peers.bluesky.recording import Tape, replaying, serving
from tests.peers.process import free_port

TAPE = Path(__file__).parent / "recorded" / "conversation.json"


@pytest.fixture(scope="module")
def tape() -> Tape:
    return Tape.load(TAPE)


@pytest.fixture
def adapter(tape: Tape) -> Iterator[Adapter]:
    with replaying(tape) as url, contextlib.closing(made(url)) as adapter:
        yield adapter


def conversation(adapter: Adapter, tape: Tape) -> Event:
    """The question, read in the order it was recorded."""
    adapter.poll("")
    raws, cursor = adapter.poll(tape.facts["start"])
    assert cursor == tape.facts["cursor"]
    ((event,),) = (adapter.parse(raw.body) for raw in raws)
    return event


def test_a_question_arrives_and_reads(adapter: Adapter, tape: Tape) -> None:
    event = conversation(adapter, tape)
    assert event.text == QUESTION
    assert event.kind is Kind.CREATED
    assert (event.ref.id, event.thread, event.parent) == (tape.facts["question"], tape.facts["question"], None)
    assert event.public
    assert not event.own
    assert not event.automatic
    assert event.author is not None
    assert (event.author.id, event.author.handle) == (tape.facts["lena"], "lena.test")
    assert event.url == f"https://bsky.app/profile/{tape.facts['lena']}/post/{event.ref.id.rpartition('/')[2]}"


def test_keys_are_uri_and_cid_and_stay_the_same(adapter: Adapter, tape: Tape) -> None:
    adapter.poll("")
    first, _ = adapter.poll(tape.facts["start"])
    again, _ = adapter.poll(tape.facts["start"])
    assert {raw.key for raw in first} <= {raw.key for raw in again}
    (event,) = adapter.parse(first[0].body)
    assert first[0].key == f"{event.ref.id}+{event.ref.version}"


def test_a_reply_is_published_once_and_found_again(adapter: Adapter, tape: Tape) -> None:
    question = conversation(adapter, tape)
    sent = adapter.publish(outgoing(question))
    assert sent.ref.id == tape.facts["sent"]
    assert adapter.publish(outgoing(question)) == sent
    assert adapter.lookup(outgoing(question)) == sent
    assert adapter.lookup(outgoing(question, idempotency=NEVER)) is None
    assert sent.at == BEGUN.replace(microsecond=123000)


def test_replies_and_quotes_arrive_and_our_echo_is_own(adapter: Adapter, tape: Tape) -> None:
    question = conversation(adapter, tape)
    adapter.poll(tape.facts["cursor"])
    raws, _ = adapter.poll(tape.facts["cursor"])
    events = {event.text: event for raw in raws for event in adapter.parse(raw.body)}
    assert set(events) >= {ANSWER, "Danke, geht wieder.", "Gute Auskunft."}
    assert [text for text, event in events.items() if event.own] == [ANSWER]
    assert events[ANSWER].thread == question.thread
    assert events["Danke, geht wieder."].thread == question.thread
    assert events["Danke, geht wieder."].parent == events[ANSWER].ref
    assert events["Gute Auskunft."].thread == events["Gute Auskunft."].ref.id


def test_changes_and_deletions_are_found_and_the_rest_is_no_news(adapter: Adapter, tape: Tape) -> None:
    question = conversation(adapter, tape)
    sent = adapter.publish(outgoing(question))
    assert adapter.refresh([question.ref, sent.ref]) == []
    older = Ref(question.ref.channel, question.ref.account, question.ref.id, "another state")
    (changed,) = adapter.refresh([older])
    assert changed.key == f"{question.ref.id}+{question.ref.version}"
    assert [event.kind for event in adapter.parse(changed.body)] == [Kind.EDITED]
    (gone,) = adapter.refresh([question.ref, sent.ref])
    assert gone.key == f"deleted:{question.ref.id}"
    assert [(event.kind, event.ref.id) for event in adapter.parse(gone.body)] == [(Kind.DELETED, question.ref.id)]


def test_answering_a_post_that_is_gone_is_refused(adapter: Adapter, tape: Tape) -> None:
    question = conversation(adapter, tape)
    for _ in range(3):
        adapter.refresh([question.ref])
    with pytest.raises(Refused):
        adapter.publish(outgoing(question, idempotency=NEVER))


def test_deleting_twice_is_success(adapter: Adapter, tape: Tape) -> None:
    conversation(adapter, tape)
    ref = Ref("bluesky", "5", tape.facts["sent"])
    adapter.delete(ref)
    adapter.delete(ref)


def test_a_bad_token_is_a_400_and_the_session_is_renewed(adapter: Adapter, tape: Tape) -> None:
    answers = [one.status for one in tape.exchanges if one.path.endswith("getSession")]
    assert answers == [200, 400, 200]
    assert adapter.check().ok
    assert adapter.check().ok


def test_a_revoked_app_password_is_told_and_not_tried_again_at_once(tape: Tape) -> None:
    with replaying(tape) as url:
        secrets, facts = {"app_password": "*"}, packaged("bluesky")
        config = Config(account="5", handle="@lena.test", settings={"service": url}, secrets=secrets, facts=facts)
        with contextlib.closing(Adapter(config)) as adapter:
            for _ in range(40):
                with pytest.raises(AuthLost):
                    adapter.poll("")
            assert not adapter.check().ok


@contextlib.contextmanager
def answering(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[Adapter, list[str]]]:
    """An adapter that is logged in and then gets these answers, the last one again."""
    asked: list[str] = []

    def answer(verb: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(path.rpartition("/")[2].partition("?")[0])
        if path.endswith("Session") and verb == "POST":
            return 200, {}, b'{"did":"did:plc:brand","accessJwt":"a","refreshJwt":"r"}'
        number = sum(not one.endswith("Session") for one in asked) - 1
        return answers[min(number, len(answers) - 1)]

    with serving(answer) as url, contextlib.closing(made(url)) as adapter:
        yield adapter, asked


HELLO = Outgoing(idempotency=IDEMPOTENCY, text="Hallo.", begun_at=BEGUN)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, b'{"error":"InternalServerError"}', Unknown),
        (502, b"<html>", Unknown),
        (200, b'{"uri":', Unknown),
        (400, b'{"error":"InvalidRequest","message":"no"}', Refused),
        (403, b'{"error":"Forbidden"}', Refused),
        (400, b'{"error":"AccountTakedown","message":"gone"}', AuthLost),
        (400, b'{"error":"ExpiredToken"}', AuthLost),
    ],
)
def test_each_refusal_means_what_it_means(status: int, body: bytes, error: type[ChannelError]) -> None:
    with answering((status, {}, body)) as (adapter, _), pytest.raises(error):
        adapter.publish(HELLO)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        (lambda: {"ratelimit-reset": str(int(time.time()) + 90)}, 30, 90),
        (lambda: {"retry-after": "17"}, 17, 17),
        (dict, 300, 300),
    ],
)
def test_a_pause_is_taken_as_long_as_the_network_asks(
    headers: Callable[[], dict[str, str]], least: int, most: int
) -> None:
    with answering((429, headers(), b'{"error":"RateLimitExceeded"}')) as (adapter, _):
        with pytest.raises(RetryLater) as later:
            adapter.publish(HELLO)
        assert least <= later.value.after.total_seconds() <= most
        assert not adapter.allowed("reply", Ref("bluesky", "5", "at://x")).ok


def test_another_text_under_our_key_is_refused() -> None:
    nothing: dict[str, str] = {}
    swapped = (400, nothing, b'{"error":"InvalidSwap"}')
    other = (200, nothing, b'{"uri":"at://did:plc:brand/app.bsky.feed.post/x","cid":"c","value":{"text":"Anders."}}')
    with answering(swapped, other) as (adapter, _), pytest.raises(Refused):
        adapter.publish(HELLO)


def test_one_login_serves_many_calls_and_many_threads() -> None:
    with answering((200, {}, b'{"handle":"hilft.test"}')) as (adapter, asked):
        threads = [threading.Thread(target=adapter.check) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert asked.count("com.atproto.server.createSession") == 1


def test_an_unreachable_network_is_tried_again_later() -> None:
    with contextlib.closing(made(f"http://127.0.0.1:{free_port()}")) as adapter, pytest.raises(RetryLater):
        adapter.publish(HELLO)


def test_what_bluesky_can_and_cannot(adapter: Adapter) -> None:
    ref = Ref("bluesky", "5", "at://did:plc:x/app.bsky.feed.post/y")
    assert Can.PRIVATE not in adapter.can()
    assert Can.EDIT not in adapter.can()
    assert adapter.correction is Correct.VISIBLE_REPLY
    assert [adapter.allowed(action, ref).ok for action in ("reply", "private", "edit", "delete")] == [
        True,
        False,
        False,
        True,
    ]
    with pytest.raises(Refused):
        adapter.edit(ref, HELLO)
    with pytest.raises(Refused):
        adapter.publish(Outgoing(idempotency=IDEMPOTENCY, text="Geheim.", public=False))


@pytest.mark.parametrize("text", ["ä" * 301, "👨‍👩‍👧‍👦" * 121])
def test_both_limits_refuse_before_anything_is_sent(text: str) -> None:
    with contextlib.closing(made(f"http://127.0.0.1:{free_port()}")) as adapter, pytest.raises(Refused):
        adapter.publish(Outgoing(idempotency=IDEMPOTENCY, text=text))


def test_the_key_of_a_record_is_the_same_for_every_attempt() -> None:
    first = rkey(HELLO)
    assert first == rkey(Outgoing(idempotency=IDEMPOTENCY, text="Anderer Text.", begun_at=BEGUN))
    assert first != rkey(Outgoing(idempotency=NEVER, text="Hallo.", begun_at=BEGUN))
    assert rkey(Outgoing(idempotency=IDEMPOTENCY, text="Hallo.")) == rkey(Outgoing(idempotency=IDEMPOTENCY, text="x"))
    later = rkey(Outgoing(idempotency=IDEMPOTENCY, text="Hallo.", begun_at=BEGUN + timedelta(milliseconds=1)))
    assert first[0] in "234567abcdefghij"
    assert (len(first), first < later) == (13, True)
    assert set(first) <= set(ALPHABET)


def test_facets_count_bytes() -> None:
    text = "👨‍👩‍👧‍👦 ä https://a.example/ö, b.example und @lena.test. mail@kunde.example @nobody.test"
    found = facets(text, {"lena.test": "did:plc:lena"}.get)
    marked = [text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in found]
    assert marked == ["https://a.example/ö", "b.example", "@lena.test"]
    assert [list(one["features"][0].values())[1] for one in found] == [
        "https://a.example/ö",
        "https://b.example",
        "did:plc:lena",
    ]


def test_shortened_links_become_whole_again() -> None:
    text = "ä siehe hilfe.example/lan..."
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://hilfe.example/langer-weg"}
    facet = {"index": {"byteStart": 9, "byteEnd": len(text.encode())}, "features": [link]}
    assert expanded(text, [facet]) == "ä siehe https://hilfe.example/langer-weg"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
@settings(max_examples=50, deadline=None)
def test_broken_facets_are_ignored(broken: Any) -> None:
    assert expanded("Text…", broken) == "Text…"


def test_garbage_is_unreadable_and_never_crashes(adapter: Adapter) -> None:
    @given(body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
    @settings(max_examples=200, deadline=None)
    def read(body: bytes) -> None:
        with contextlib.suppress(Unreadable):
            assert isinstance(adapter.parse(body), list)

    read()


def test_a_post_without_its_network_reads_the_same(adapter: Adapter, tape: Tape) -> None:
    adapter.poll("")
    (raw,), _ = adapter.poll(tape.facts["start"])
    with contextlib.closing(made("http://127.0.0.1:1")) as other:
        assert other.parse(raw.body) == adapter.parse(raw.body)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("@hilft.test Hallo", "Hallo"),
        ("@HILFT.test: Hallo", "Hallo"),
        ("@hilft.testing Hallo", "@hilft.testing Hallo"),
        ("Hallo @hilft.test", "Hallo @hilft.test"),
        ("@hilft.test", ""),
        ("Null\x00zeichen", "Nullzeichen"),
    ],
)
def test_only_our_handle_in_front_is_taken_away(adapter: Adapter, text: str, heard: str) -> None:
    now = datetime.now(UTC).isoformat()
    record = {"text": text, "createdAt": now}
    post = {"uri": "at://a/b/c", "cid": "d", "author": {"did": "e", "handle": "f"}, "record": record}
    body = msgspec.json.encode({"what": "post", "me": "g", "post": post})
    assert adapter.parse(body)[0].text == heard


def test_a_clock_that_runs_ahead_does_not_date_a_post_into_the_future(adapter: Adapter) -> None:
    record = {"text": "Morgen", "createdAt": "2036-01-01T00:00:00Z"}
    author = {"did": "e", "handle": "f"}
    post = {"uri": "at://a/b/c", "cid": "d", "author": author, "record": record, "indexedAt": "2026-11-22T08:00:00Z"}
    body = msgspec.json.encode({"what": "post", "me": "g", "post": post})
    assert adapter.parse(body)[0].at == datetime(2026, 11, 22, 8, tzinfo=UTC)
