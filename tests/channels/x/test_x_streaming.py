"""The streams of X: against the running network, and against a place that breaks as streams do."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.channels.contract import AuthLost
from hilft.channels.ledger import packaged
from hilft.channels.x import connecting
from hilft.channels.x.ladder import Ladder
from hilft.channels.x.streaming import Said, Stream, whole_lines
from hilft.channels.x.wire import Wire
from tests.channels.world import Heard, eventually, polled, words
from tests.channels.x.world import ONE, XWorld, config
from tests.practice.x.conftest import BRAND

SOON = {"fact_stream__heartbeat": 0.3, "fact_stream__grace": 0.3, "fact_stream__network_step": 0.05}
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"


class Broken:
    """A server whose streams do what each test says, one connection after the other."""

    def __init__(self, *scripts: list[bytes | float]) -> None:
        self.scripts = list(scripts)
        self.opened: list[float] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                script = self.scripts.pop(0) if self.scripts else [HEAD, 0.2]
                self.opened.append(time.monotonic())
                threading.Thread(target=self._play, args=(client, script), daemon=True).start()

    def _play(self, client: socket.socket, script: list[bytes | float]) -> None:
        with client, contextlib.suppress(OSError):
            client.recv(65536)
            for step in script:
                if isinstance(step, float):
                    time.sleep(step)
                elif step.startswith(b"HTTP/"):
                    client.sendall(step)
                else:
                    client.sendall(f"{len(step):x}\r\n".encode() + step + b"\r\n")

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@contextlib.contextmanager
def broken(*scripts: list[bytes | float]) -> Iterator[Broken]:
    with contextlib.closing(Broken(*scripts)) as server:
        yield server


@contextlib.contextmanager
def opened(url: str, **settings: float) -> Iterator[tuple[Stream, queue.Queue[Said]]]:
    """A stream of its own and what it heard."""
    place = config(url, secrets=ONE | {"bearer_token": "t"}, **(SOON | settings))
    wire, heard = Wire(place), queue.Queue[Said]()
    stream = Stream(wire, place, "activity", "/2/activity/stream", heard)
    try:
        yield stream, heard
    finally:
        stream.close()
        eventually(lambda: not stream.connected)
        wire.close()


def lines(heard: queue.Queue[Said], most: int) -> list[bytes]:
    """The next lines, `most` of them, b"" for an opening."""
    return [heard.get(timeout=10).line for _ in range(most)]


def told(world: XWorld, number: int) -> bytes:
    """A post as the Activity API tells it."""
    post = {"id": str(2 * 10**18 + number), "text": "@nordnetz Hallo\u2028Welt\x85!", "author_id": "7"}
    data = {"event_type": "post.mention.create", "filter": {"user_id": BRAND}, "payload": post}
    return msgspec.json.encode({"data": data}) + b"\r\n"


class TestLadder:
    """The documented pauses (docs.x.com, "Handling disconnections")."""

    def test_network_errors_wait_longer_step_by_step(self) -> None:
        ladder = Ladder(packaged("x"))
        pauses = [ladder.pause("network") for _ in range(70)]
        assert pauses[:3] == [0.25, 0.5, 0.75]
        assert pauses[63:] == [16.0] * 7

    def test_errors_of_x_double_up_to_the_longest(self) -> None:
        ladder = Ladder(packaged("x"))
        assert [ladder.pause("http") for _ in range(9)] == [5, 10, 20, 40, 80, 160, 320, 320, 320]

    def test_limits_begin_with_a_minute(self) -> None:
        ladder = Ladder(packaged("x"))
        assert [ladder.pause("limit") for _ in range(6)] == [60, 120, 240, 480, 900, 900]

    def test_each_failure_has_a_ladder_of_its_own_until_the_stream_speaks(self) -> None:
        ladder = Ladder(packaged("x"))
        assert [ladder.pause("network"), ladder.pause("http"), ladder.pause("network")] == [0.25, 5, 0.5]
        ladder.reset()
        assert [ladder.pause("network"), ladder.pause("http")] == [0.25, 5]


@given(st.lists(st.text(alphabet="a{}\u2028\x85\x0b\x0cü", max_size=6), max_size=8), st.data())
def test_lines_survive_every_way_of_cutting_them(texts: list[str], data: st.DataObject) -> None:
    whole = b"".join(text.encode() + b"\r\n" for text in texts) + b"half a li"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=10)))
    chunks = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert list(whole_lines(iter(chunks))) == [text.encode().strip() for text in texts]


def test_pitfall_8_a_silent_stream_is_opened_anew(world: XWorld) -> None:
    with broken([HEAD, b"\r\n", 2.0], [HEAD, b"\r\n", b"after\r\n", 0.5]) as server, opened(server.url) as (_, heard):
        assert lines(heard, 3) == [b"", b"", b"after"]
        assert 0.55 <= server.opened[1] - server.opened[0] < 3


def test_pitfall_8_signs_of_life_keep_a_stream_open() -> None:
    beats: list[bytes | float] = [b"\r\n", 0.2] * 8
    with broken([HEAD, *beats, b"still\r\n", 0.2]) as server, opened(server.url) as (_, heard):
        assert lines(heard, 2) == [b"", b"still"]
        assert len(server.opened) == 1


def test_pitfall_8_half_a_line_is_dropped_and_never_mixed_with_the_next() -> None:
    scripts: list[list[bytes | float]] = [[HEAD, b"one\r\n", b'{"data": {"ha'], [HEAD, b"two\r\n", 1.0]]
    with broken(*scripts) as server, opened(server.url) as (_, heard):
        assert lines(heard, 4) == [b"", b"one", b"", b"two"]


def test_a_stream_that_ends_without_a_word_is_not_opened_in_a_rush() -> None:
    end = b"0\r\n\r\n"
    silent: list[bytes | float] = [HEAD + end]
    with broken(silent, silent, silent, silent) as server, opened(server.url):
        eventually(lambda: len(server.opened) >= 4)
        pauses = [later - earlier for earlier, later in zip(server.opened, server.opened[1:], strict=False)]
        assert [pause >= 0.05 * number for number, pause in enumerate(pauses[:3], start=1)] == [True] * 3


def test_a_refused_stream_waits_as_x_says() -> None:
    answer = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}"
    fast = {"fact_stream__limit_first": 0.1, "fact_window__pause": 0.1}
    with broken([answer], [HEAD, b"\r\n", 1.0]) as server, opened(server.url, **fast) as (stream, heard):
        assert lines(heard, 1) == [b""]
        assert server.opened[1] - server.opened[0] >= 0.9
        assert eventually(lambda: stream.connected)


def test_lost_keys_end_a_stream() -> None:
    answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}"
    with broken(*[[answer]] * 4) as server, opened(server.url) as (stream, _):

        def lost() -> bool:
            try:
                stream.check()
            except AuthLost:
                return True
            return False

        assert eventually(lost)


@pytest.fixture
def streamed(world: XWorld) -> Iterator[XWorld]:
    """A brand that is subscribed to its own activity."""
    connecting.connect(config(world.x.url))
    yield world
    connecting.disconnect(config(world.x.url))


def test_a_mention_is_heard_at_once_and_only_once(streamed: XWorld) -> None:
    adapter = streamed.made(stream=True, poll_seconds=600)
    listener = Heard(adapter, streamed.start)
    try:
        eventually(lambda: listener.beats)
        time.sleep(1.0)
        text = words("Sofort gehört")
        streamed.ask(text)
        raw, event = listener.heard(text)
        assert polled(streamed, text) == (streamed.adapter.poll(streamed.start)[0][-1], event)
        assert [one.key for one in listener.raws].count(raw.key) == 1
        assert adapter.spent()["price.event_post"] == 1
    finally:
        listener.end()
    assert listener.error is None


def test_pitfall_8_what_a_stream_missed_is_found_when_it_is_opened_again(streamed: XWorld) -> None:
    streamed.x.faults(stream_gap={})
    listener = Heard(streamed.made(stream=True, poll_seconds=600), streamed.start)
    try:
        eventually(lambda: listener.beats)
        time.sleep(0.5)
        streamed.ask(lost := words("Nie gesendet"))
        time.sleep(0.5)
        assert lost not in str(listener.raws)
        assert listener.error is None
    finally:
        listener.end()
    streamed.x.faults()
    listener = Heard(streamed.made(stream=True, poll_seconds=600), listener.cursor)
    try:
        listener.heard(lost)
    finally:
        listener.end()


def test_pitfall_8_duplicates_after_a_resume_are_one_event(world: XWorld) -> None:
    twice = [HEAD, told(world, 1), told(world, 1), told(world, 2), 0.1]
    with broken(twice, [HEAD, told(world, 2), told(world, 3), 2.0]) as server:
        adapter = world.made(stream=True, poll_seconds=600, secrets=ONE | {"bearer_token": "t"}, **SOON)
        stream_url = server.url
        listener = adapter.listen(world.start, stop := threading.Event())
        original = adapter._wire.client.stream
        adapter._wire.client.stream = lambda method, path, **options: original(method, stream_url + path, **options)  # type: ignore[method-assign]
        keys: list[str] = []
        deadline = time.monotonic() + 15
        for raws, _ in listener:
            keys += [raw.key for raw in raws if raw.key.startswith("post:200")]
            if len(keys) >= 3 or time.monotonic() > deadline:
                stop.set()
    assert keys == [f"post:{2 * 10**18 + number}" for number in (1, 2, 3)]


def test_a_line_keeps_every_separator_inside_a_post(world: XWorld) -> None:
    line = told(world, 9)
    assert list(whole_lines(iter([line]))) == [line.strip()]


def test_listening_terms_become_rules_and_their_posts_arrive(world: XWorld) -> None:
    term = f"Funkloch{words('')[1:7]}"
    foreign = world.x.app("POST", "/2/tweets/search/stream/rules", {"add": [{"value": "cat", "tag": "other"}]})
    assert foreign.status_code == 201
    adapter = world.made(stream=True, terms=f"{term}\nkaputt", poll_seconds=600)
    listener = Heard(adapter, adapter.poll("")[1])
    try:
        eventually(lambda: "kaputt" in str(world.x.app("GET", "/2/tweets/search/stream/rules").json()))
        time.sleep(0.5)
        world.x.says("yusuf_d", f"Ein {term} in Kiel")
        _, event = listener.heard(term)
        assert not event.addressed
        assert adapter.spent()["price.read_post"] == 1
    finally:
        listener.end()
    wire = world.made()._wire
    connecting.listen_for(wire, config(world.x.url), ["kaputt"])
    rules = world.x.app("GET", "/2/tweets/search/stream/rules").json()["data"]
    assert sorted((rule["value"], rule["tag"]) for rule in rules) == [("cat", "other"), ("kaputt", "hilft:8")]
    world.x.app("POST", "/2/tweets/search/stream/rules", {"delete": {"values": ["cat", "kaputt"]}})


def test_listening_with_streams_stops_within_two_seconds(streamed: XWorld) -> None:
    listener = Heard(streamed.made(stream=True, terms="kaputt"), streamed.start)
    eventually(lambda: listener.beats)
    time.sleep(0.5)
    assert listener.end() < 2.0
    assert listener.error is None
