"""The feed adapter against a real HTTP server."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.contract import (
    Can,
    Config,
    Event,
    Kind,
    Outgoing,
    Raw,
    Ref,
    Refused,
    RetryLater,
    Unreadable,
)
from hilft.channels.ledger import packaged
from hilft.channels.rss.adapter import Adapter
from tests.channels.rss import feeds
from tests.channels.rss.server import Server, serving
from tests.channels.world import Heard, eventually
from tests.peers.process import free_port


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def made(url: str, facts: dict[str, Any] | None = None, **settings: Any) -> Adapter:
    facts, settings = (
        packaged("rss") | (facts or {}),
        {"url": url, "timeout_seconds": 5, "poll_seconds": 0.2} | settings,
    )
    return Adapter(Config(account="9", handle="Forum", settings=settings, facts=facts))


@pytest.fixture
def adapter(server: Server) -> Iterator[Adapter]:
    with contextlib.closing(made(server.url)) as adapter:
        yield adapter


def read(adapter: Adapter, raws: list[Raw]) -> list[Event]:
    return [event for raw in raws for event in adapter.parse(raw.body)]


def test_an_entry_of_rss_2_reads_as_text(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    (raw,), _ = adapter.poll("")
    (event,) = adapter.parse(raw.body)
    assert event.kind is Kind.CREATED
    assert event.ref.id == event.thread == "tag:forum.example,1"
    assert event.subject == "Router & Telefon tot"
    assert event.text == "Seit gestern tot.\nWas nun? 1 < 2\n\nHier (https://hilfe.example/a?b=1&c=2)"
    assert event.at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert event.url == "https://forum.example/t/1"
    assert event.author is not None
    assert (event.author.handle, event.author.id) == ("Lena Muster", f"{server.url}#Lena Muster")
    assert event.public
    assert not event.own


def test_an_entry_without_author_and_guid_has_the_feed_and_a_stable_hash(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.SECOND)
    (first,) = read(adapter, adapter.poll("")[0])
    server.content = feeds.rss(feeds.SECOND.replace("Warum?", "Wieso?"))
    (again,) = read(adapter, adapter.poll("")[0])
    assert first.ref.id == again.ref.id
    assert first.ref.id.startswith("hash:")
    assert first.author is not None
    assert (first.author.handle, first.author.id) == ("Forum für Störungen", server.url)


def test_an_entry_of_rss_1_reads(server: Server, adapter: Adapter) -> None:
    server.content = feeds.RDF.encode()
    (event,) = read(adapter, adapter.poll("")[0])
    assert (event.ref.id, event.subject, event.text) == ("https://alt.example/7", "ISDN", "Geht das noch?")
    assert event.at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert event.author is not None
    assert event.author.handle == "tom"


def test_an_entry_of_atom_reads(server: Server, adapter: Adapter) -> None:
    server.content, server.headers = feeds.ATOM.encode(), {"content-type": "application/atom+xml"}
    (event,) = read(adapter, adapter.poll("")[0])
    assert event.ref.id == "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"
    assert (event.subject, event.text) == ("Netz langsam", "Abends sehr langsam.")
    assert event.url == server.url.replace("/feed", "/2026/11/23/netz")
    assert event.at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_only_what_is_new_comes_and_oldest_first(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION, feeds.SECOND)
    raws, cursor = adapter.poll("")
    assert [event.subject for event in read(adapter, raws)] == ["Rechnung zu hoch", "Router & Telefon tot"]
    assert adapter.poll(cursor)[0] == []
    server.content = feeds.rss(feeds.item(1), feeds.QUESTION)
    raws, cursor = made(server.url).poll(cursor)
    assert [event.subject for event in read(adapter, raws)] == ["Frage 1"]


def test_an_entry_that_left_and_came_back_is_no_news(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION, feeds.SECOND)
    _, cursor = adapter.poll("")
    for content in (feeds.rss(), feeds.rss(feeds.SECOND, feeds.QUESTION)):
        server.content = content
        raws, cursor = adapter.poll(cursor)
        assert raws == []


def test_a_changed_entry_is_an_edit_that_is_later_than_what_it_changes(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.item(1, "Vorher"))
    (before,), cursor = adapter.poll("")
    server.content = feeds.rss(feeds.item(1, "Nachher"))
    (raw,), cursor = adapter.poll(cursor)
    first, second = read(adapter, [before, raw])
    assert (second.kind, second.ref.id, second.text) == (Kind.EDITED, first.ref.id, "Nachher")
    assert second.at > first.at
    assert raw.key != before.key
    server.content = feeds.rss(feeds.item(1, "Vorher"))
    (back,), _ = adapter.poll(cursor)
    assert [event.text for event in read(adapter, [back])] == ["Vorher"]
    assert len({before.key, raw.key, back.key}) == 3


def test_the_same_state_has_the_same_key(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    assert [raw.key for raw in adapter.poll("")[0]] == [raw.key for raw in made(server.url).poll("")[0]]


def test_what_has_not_changed_is_not_sent_again(server: Server, adapter: Adapter) -> None:
    server.conditional, server.content = True, feeds.rss(feeds.QUESTION)
    _, cursor = adapter.poll("")
    assert adapter.poll(cursor) == ([], cursor)
    assert "if-none-match" not in server.asked[0]
    assert server.asked[1]["if-none-match"].startswith('"')
    assert server.asked[1]["if-modified-since"] == "Mon, 23 Nov 2026 10:00:00 GMT"


def test_another_address_forgets_the_validators(server: Server, adapter: Adapter) -> None:
    server.conditional, server.content = True, feeds.rss(feeds.QUESTION)
    _, cursor = adapter.poll("")
    raws, _ = made(server.url + "?other").poll(cursor)
    assert len(raws) == 1
    assert "if-none-match" not in server.asked[1]


@pytest.mark.parametrize("cursor", ["nonsense", "{}", '{"known": "%%"}', "[1]", "\ud800"])
def test_a_cursor_that_is_none_begins_anew(server: Server, adapter: Adapter, cursor: str) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    assert len(adapter.poll(cursor)[0]) == 1


def test_a_compressed_feed_reads(server: Server, adapter: Adapter) -> None:
    server.content, server.headers = gzip.compress(feeds.rss(feeds.QUESTION)), {"content-encoding": "gzip"}
    assert len(adapter.poll("")[0]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_encodings_are_read(server: Server, adapter: Adapter, encoding: str) -> None:
    server.content = feeds.rss(feeds.item(1, "Größe für Öl"), encoding=encoding)
    server.headers = {"content-type": "application/xml"}
    (event,) = read(adapter, adapter.poll("")[0])
    assert event.text == "Größe für Öl"
    assert event.author is not None
    assert event.author.handle == "Forum für Störungen"


def test_the_encoding_of_the_header_is_read(server: Server, adapter: Adapter) -> None:
    content = feeds.rss(feeds.item(1, "Größe")).decode().replace(' encoding="utf-8"', "")
    server.content, server.headers = content.encode("iso-8859-1"), {"content-type": "text/xml; charset=iso-8859-1"}
    assert [event.text for event in read(adapter, adapter.poll("")[0])] == ["Größe"]


def test_ten_thousand_entries_are_read(server: Server, adapter: Adapter) -> None:
    server.conditional = True
    server.content = feeds.rss(*(feeds.item(number) for number in range(10_000, 0, -1)))
    raws, cursor = adapter.poll("")
    assert [event.subject for event in read(adapter, raws)] == [
        f"Frage {n}" for n in range(10_001 - packaged("rss")["limit.first"], 10_001)
    ]
    assert adapter.poll(cursor)[0] == []
    server.content = feeds.rss(*(feeds.item(number, "Neu") for number in range(10_000, 0, -1)))
    raws, cursor = adapter.poll(cursor)
    assert len({raw.key for raw in raws}) == 10_000
    assert adapter.poll(cursor)[0] == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><body>Wartung</body></html>", "no feed"),
        (feeds.rss(feeds.QUESTION)[:-40], "not well-formed"),
        (feeds.rss(feeds.QUESTION).replace(b"</title>", b"", 1), "not well-formed"),
        (feeds.rss("<item><title>M\x00ll</title></item>"), "not well-formed"),
        (b"/etc/hostname", "not well-formed|no feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "not well-formed|no feed"),
        (feeds.bomb(), "entities"),
        (feeds.bomb().decode().encode("utf-16"), "entities"),
        (feeds.FILE.encode(), "entities"),
    ],
)
def test_a_broken_feed_gives_nothing_and_says_why(
    server: Server, adapter: Adapter, content: bytes, reason: str
) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    _, cursor = adapter.poll("")
    server.content = content
    tracemalloc.start()
    try:
        assert adapter.poll(cursor) == ([], cursor)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    health = adapter.check()
    assert not health.ok
    assert any(one in health.message for one in reason.split("|"))
    server.content = feeds.rss(feeds.QUESTION)
    assert adapter.check().ok


def test_what_is_too_large_is_refused_however_it_is_packed(
    server: Server,
) -> None:
    adapter = made(server.url, {"limit.feed": 100_000})
    server.content = gzip.compress(feeds.rss(feeds.item(1, "a" * 100_001)))
    server.headers = {"content-encoding": "gzip"}
    with pytest.raises(Refused, match="larger than"):
        adapter.poll("")
    assert not adapter.check().ok


@pytest.mark.parametrize(
    ("status", "headers", "error", "after"),
    [
        (500, {}, RetryLater, timedelta(minutes=1)),
        (503, {"retry-after": "17"}, RetryLater, timedelta(seconds=17)),
        (429, {"retry-after": "nonsense"}, RetryLater, timedelta(minutes=1)),
        (404, {}, Refused, None),
        (410, {}, Refused, None),
        (403, {}, Refused, None),
        (302, {"location": "/feed"}, Refused, None),
        (302, {"location": "ftp://forum.example/feed"}, Refused, None),
        (200, {"content-encoding": "gzip"}, Refused, None),
    ],
)
def test_each_answer_means_what_it_means(
    server: Server, adapter: Adapter, status: int, headers: dict[str, str], error: type[Exception], after: Any
) -> None:
    server.status, server.headers, server.content = status, headers, b"no feed"
    with pytest.raises(error) as raised:
        adapter.poll("")
    if isinstance(raised.value, RetryLater):
        assert raised.value.after == after
    assert not adapter.check().ok


def test_a_redirect_is_followed(server: Server) -> None:
    server.content = feeds.rss(feeds.QUESTION)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(301)
            self.send_header("location", server.url)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        with contextlib.closing(made(f"http://127.0.0.1:{web.server_address[1]}/")) as adapter:
            assert len(adapter.poll("")[0]) == 1
        web.shutdown()


@pytest.mark.parametrize(("pause", "cut"), [(1.0, False), (0.0, True)])
def test_an_answer_that_does_not_end_is_tried_later(server: Server, pause: float, cut: bool) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    server.pause, server.cut = pause, cut
    with contextlib.closing(made(server.url, timeout_seconds=0.3)) as adapter, pytest.raises(RetryLater):
        adapter.poll("")


def test_a_server_that_is_away_is_tried_later() -> None:
    with contextlib.closing(made(f"http://127.0.0.1:{free_port()}/feed")) as adapter, pytest.raises(RetryLater):
        adapter.poll("")


def test_listening_hears_new_entries_and_stops_at_once(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    heard = Heard(adapter, "")
    try:
        eventually(lambda: heard.beats)
        server.content = feeds.rss(feeds.item(1, "Ganz neu"), feeds.QUESTION)
        heard.heard("Ganz neu")
    finally:
        assert heard.end() < 2.0
    assert heard.error is None
    assert len(heard.raws) == 2


def test_a_feed_can_only_be_read(server: Server, adapter: Adapter) -> None:
    ref = Ref("rss", "9", "tag:forum.example,1")
    outgoing = Outgoing(idempotency="0" * 32, text="Hallo.", parent=ref)
    assert adapter.can() == Can.POLL
    actions = ("reply", "private", "edit", "delete")
    assert [adapter.allowed(action, ref).ok for action in actions] == [False] * 4  # type: ignore[arg-type]
    for act in (lambda: adapter.publish(outgoing), lambda: adapter.edit(ref, outgoing), lambda: adapter.delete(ref)):
        with pytest.raises(Refused):
            act()
    assert adapter.lookup(outgoing) is None
    assert adapter.refresh([ref]) == []


def test_a_date_in_the_future_is_not_believed(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION.replace("2026", "2036"))
    (event,) = read(adapter, adapter.poll("")[0])
    assert abs((datetime.now(UTC) - event.at).total_seconds()) < 60


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "https://forum.example/" + "a" * 700])
def test_a_link_that_is_none_is_left_out(server: Server, adapter: Adapter, link: str) -> None:
    server.content = feeds.rss(feeds.QUESTION.replace("https://forum.example/t/1", link))
    assert [event.url for event in read(adapter, adapter.poll("")[0])] == [""]


def test_a_long_identity_stays_short(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION.replace("tag:forum.example,1", "x" * 5000))
    (raw,), _ = adapter.poll("")
    (event,) = adapter.parse(raw.body)
    assert len(event.ref.id) <= 300
    assert len(raw.key) <= 100


def test_garbage_is_unreadable_and_never_crashes(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    (raw,), _ = adapter.poll("")

    @given(
        body=st.one_of(
            st.binary(max_size=300),
            st.builds(
                lambda at, byte: raw.body[:at] + byte + raw.body[at + 1 :],
                st.integers(0, len(raw.body) - 1),
                st.binary(min_size=1, max_size=1),
            ),
        )
    )
    @settings(max_examples=300, deadline=None)
    def reads(body: bytes) -> None:
        with contextlib.suppress(Unreadable):
            assert isinstance(adapter.parse(body), list)

    reads()


def test_a_stored_entry_reads_without_its_server(server: Server, adapter: Adapter) -> None:
    server.content = feeds.rss(feeds.QUESTION)
    (raw,), _ = adapter.poll("")
    assert made("http://127.0.0.1:1/").parse(raw.body) == adapter.parse(raw.body)
    assert msgspec.json.decode(raw.body)["feed"] == "Forum für Störungen"
