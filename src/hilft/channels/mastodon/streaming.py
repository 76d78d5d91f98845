"""Listening to Mastodon: its event stream tells what happens, and looking now and then fills every gap."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from hilft.channels.contract import AuthLost, Config, Raw, RetryLater
from hilft.channels.mastodon import statuses
from hilft.channels.mastodon.timeline import Timeline
from hilft.channels.mastodon.wire import Wire

SILENCE = 45.0
"""Seconds without a byte after which a stream counts as dead; Mastodon sends a heartbeat every 15."""

SHARE = 0.05
"""How much of the time looking may take while the stream tells: the busier, the rarer."""

GATHER = 0.1
"""Seconds to wait for the company of an event: a burst is stored together."""

HEARTBEAT = 10.0
"""Seconds after which an idle listener yields an empty batch."""

LONGEST = 300.0
"""The longest pause between two attempts to connect, in seconds."""

PATH = "/api/v1/streaming/user"
EDITS = ("status.update", "status_update")
OPEN = "open"


class Listener:
    """One run of listening: one background thread reads the stream, another looks; the caller's waits for both."""

    def __init__(self, wire: Wire, timeline: Timeline, config: Config) -> None:
        self._wire = wire
        self._timeline = timeline
        self._silence = float(config.settings.get("silence_seconds", SILENCE))
        self._every = float(config.settings.get("poll_seconds") or config.facts["poll.seconds"])
        self.streams = False

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Fills the gap, then yields what the stream tells; polls while there is no stream.

        There is no heartbeat before the server has answered once: a server that is away has to be missed.
        Only a look moves the cursor: what a server forgot to tell is found by the next one.
        """
        stream, look = _Stream(self._wire, self._silence), _Look(self._timeline, cursor)
        try:
            beat = float("-inf")
            doubtful, unclear = False, False
            while not stop.is_set():
                said = stream.next(0.5)
                now = time.monotonic()
                told, puzzling = self._understood(said)
                unclear = unclear or puzzling
                if told:
                    doubtful = True
                    yield told, look.cursor
                every = max(self._every, look.took / SHARE) if stream.connected else self._every
                due = unclear or (now - look.began >= every and (doubtful or not stream.connected))
                if due and look.begin():
                    doubtful, unclear = False, False
                raws = look.found()
                self.streams = stream.connected
                if raws or ((look.looked or self.streams) and now - beat >= HEARTBEAT):
                    beat = now
                    yield raws, look.cursor
        finally:
            self.streams = False
            stream.close()
            look.close()

    def _understood(self, said: list[tuple[str, str]]) -> tuple[list[Raw], bool]:
        """What the stream told, and whether only a look can say what happened."""
        told: list[Raw] = []
        unclear = False
        for name, data in said:
            try:
                raw = self._told(name, data)
            except (msgspec.DecodeError, KeyError, TypeError):
                unclear = True
                continue
            unclear = unclear or name == OPEN
            if raw is not None:
                told.append(raw)
        return told, unclear

    def _told(self, name: str, data: str) -> Raw | None:
        """What concerns us of one event: a mention, a reply of our own, an edit, a deletion."""
        if name == "delete":
            return statuses.removed(data.strip()) if data.strip().isdigit() else None
        if name == "notification":
            note = msgspec.json.decode(data)
            return self._kept(note["status"]) if note["type"] == "mention" else None
        if name == "update":
            status = msgspec.json.decode(data)
            ours = status["account"]["id"] == self._timeline.me and status["in_reply_to_id"]
            return self._kept(status) if ours else None
        if name in EDITS:
            status = msgspec.json.decode(data)
            concerned = {status["account"]["id"], *(one["id"] for one in status["mentions"])}
            return self._kept(status) if self._timeline.me in concerned else None
        return None

    def _kept(self, status: Any) -> Raw:
        raw = self._timeline.keep(status)
        if raw is None:
            raise TypeError("Not a status.")
        return raw


class _Look:
    """Looks at the timeline beside the stream, so that a long look holds up nothing that the stream tells."""

    def __init__(self, timeline: Timeline, cursor: str) -> None:
        self._timeline = timeline
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mastodon-look")
        self._running: Future[tuple[list[Raw], str]] | None = None
        self.cursor = cursor
        self.began = float("-inf")
        self.took = 0.0
        self.looked = False

    def begin(self) -> bool:
        """Starts a look unless one is under way."""
        if self._running is not None:
            return False
        self.began = time.monotonic()
        self._running = self._pool.submit(self._timeline.since, self.cursor)
        return True

    def found(self) -> list[Raw]:
        """What a look that has ended found, moving the cursor; raises what went wrong in it."""
        if self._running is None or not self._running.done():
            return []
        ended, self._running = self._running, None
        self.took = time.monotonic() - self.began
        raws, self.cursor = ended.result()
        self.looked = True
        return raws

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Stream:
    """Reads server-sent events into a queue, reconnecting with growing pauses, until closed."""

    def __init__(self, wire: Wire, silence: float) -> None:
        self._wire = wire
        self._silence = silence
        self._events: queue.Queue[tuple[str, str]] = queue.Queue()
        self._closed = threading.Event()
        self._response: httpx2.Response | None = None
        self._failure: AuthLost | None = None
        self.connected = False
        threading.Thread(target=self._run, name="mastodon-stream", daemon=True).start()

    def next(self, timeout: float) -> list[tuple[str, str]]:
        """Everything that came, waiting a moment for the first; raises AuthLost when the stream did."""
        said: list[tuple[str, str]] = []
        with contextlib.suppress(queue.Empty):
            said.append(self._events.get(timeout=timeout))
            self._closed.wait(GATHER)
            while True:
                said.append(self._events.get_nowait())
        if self._failure is not None and not said:
            raise self._failure
        return said

    def close(self) -> None:
        self._closed.set()
        if self._response is not None:
            _shut(self._response)

    def _run(self) -> None:
        pause = 1.0
        while not self._closed.is_set():
            began = time.monotonic()
            try:
                self._read()
            except AuthLost as lost:
                self._failure = lost
                return
            except (RetryLater, httpx2.HTTPError, httpx2.StreamError, OSError):
                pass
            finally:
                self.connected = False
            pause = 1.0 if time.monotonic() - began > self._silence else min(pause * 2, LONGEST)
            self._closed.wait(pause)

    def _read(self) -> None:
        timeout = httpx2.Timeout(self._silence, connect=5.0)
        for base in self._addresses():
            with self._wire.client.stream("GET", base + PATH, timeout=timeout) as response:
                if response.status_code == 401:
                    raise AuthLost("Mastodon no longer accepts the access token.")
                if response.status_code != 200:
                    continue
                self._follow(response)
                return

    def _follow(self, response: httpx2.Response) -> None:
        """Passes events on; one that was cut off is dropped and found again by looking."""
        self._response = response
        self.connected = True
        self._events.put(("open", ""))
        for event in httpx2.EventSource(response):
            if self._closed.is_set():
                return
            self._events.put((event.event, event.data))

    def _addresses(self) -> Iterator[str]:
        """The server itself, then the one it names for streaming."""
        yield self._wire.base
        named = _named(self._wire.read("/api/v2/instance"))
        if named and named != self._wire.base:
            yield named


def _named(instance: Any) -> str:
    try:
        address = urlsplit(instance["configuration"]["urls"]["streaming"])
    except (KeyError, TypeError, AttributeError, ValueError):
        return ""
    return f"https://{address.netloc}" if address.scheme in {"wss", "https"} else ""


def _shut(response: httpx2.Response) -> None:
    """Ends a read that another thread waits in."""
    stream = response.extensions.get("network_stream")
    raw = stream.get_extra_info("socket") if stream else None
    if isinstance(raw, socket.socket):
        with contextlib.suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
