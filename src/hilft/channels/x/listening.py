"""Listening to X: looking every minute, and streams that tell at once where they are switched on."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Final

import msgspec

from hilft.channels.contract import Config, OverBudget, Raw, RetryLater
from hilft.channels.x import connecting, events, posts
from hilft.channels.x.meter import Meter
from hilft.channels.x.streaming import Said, Stream
from hilft.channels.x.texts import wanted
from hilft.channels.x.timeline import Timeline
from hilft.channels.x.wire import Wire

ACTIVITY: Final = "/2/activity/stream"
FILTERED: Final = "/2/tweets/search/stream"
HEARTBEAT: Final = 10.0
"""Seconds after which an idle listener yields an empty batch."""

GATHER: Final = 0.1
"""Seconds to wait for the company of an event: a burst is stored together."""

LAST_MOMENT: Final = 1.0
"""Seconds a look may still take when listening stops."""

REMEMBERED: Final = 10_000
"""How many keys a listener knows, so that it hands over nothing twice."""


class Listener:
    """One run of listening: looks and streams have threads of their own, the caller's waits for all."""

    def __init__(self, wire: Wire, meter: Meter, timeline: Timeline, config: Config) -> None:
        self._wire = wire
        self._meter = meter
        self._timeline = timeline
        self._config = config
        self._every = float(config.settings.get("poll_seconds") or config.facts["poll.seconds"])
        self._heard: queue.Queue[Said] = queue.Queue()
        self._seen: dict[str, None] = {}
        self.streams = False

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Fills the gap, then yields what streams tell and looks find; raises OverBudget when the day's money is gone.

        There is no heartbeat before X has answered once: a network that is away has to be missed.
        Only a look moves the cursor, and every opening of a stream begins one: what was not told meanwhile is found.
        """
        look = _Look(self._timeline, cursor)
        streams: list[Stream] = []
        try:
            beat, due = float("-inf"), float("-inf")
            while not stop.is_set():
                raws, opened = self._told(0.25)
                now = time.monotonic()
                if opened:
                    due = now
                if now >= due and look.begin():
                    due = now + self._every
                try:
                    raws += look.found()
                except OverBudget:
                    raise
                except RetryLater as later:
                    if not any(stream.connected for stream in streams):
                        raise
                    due = now + later.after / timedelta(seconds=1)
                if look.looked and not streams:
                    streams = self._streams()
                self._check(streams)
                fresh = self._fresh(raws)
                self.streams = any(stream.connected for stream in streams)
                if fresh or (look.looked and now - beat >= HEARTBEAT):
                    beat = now
                    yield fresh, look.cursor
        finally:
            self.streams = False
            for stream in streams:
                stream.close()
            look.close()

    def _streams(self) -> list[Stream]:
        """The streams that are switched on: our own activity, and posts that a listening term finds."""
        if not self._config.settings.get("stream"):
            return []
        streams = [Stream(self._wire, self._config, "activity", ACTIVITY, self._heard)]
        terms = wanted(self._config.settings.get("terms"))
        if terms:
            streams.append(
                Stream(
                    self._wire,
                    self._config,
                    "terms",
                    FILTERED,
                    self._heard,
                    query=posts.FIELDS,
                    prepare=lambda: connecting.listen_for(self._wire, self._config, terms),
                )
            )
        return streams

    def _check(self, streams: list[Stream]) -> None:
        for stream in streams:
            stream.check()
        if streams:
            self._meter.enough()

    def _told(self, timeout: float) -> tuple[list[Raw], bool]:
        """What the streams said, waiting a moment for the first, and whether one was opened."""
        said: list[Said] = []
        with contextlib.suppress(queue.Empty):
            said.append(self._heard.get(timeout=timeout))
            time.sleep(GATHER)
            while True:
                said.append(self._heard.get_nowait())
        raws = [raw for one in said if one.line for raw in self._understood(one)]
        return raws, any(not one.line for one in said)

    def _understood(self, said: Said) -> list[Raw]:
        """The raw events of one line; X's own notes on the stream are none, what is not as documented is kept."""
        try:
            line = msgspec.json.decode(said.line)
            if "data" not in line:
                return []
            if said.source == "terms":
                return [events.found(line, self._meter, me=self._timeline.me)]
            return list(events.told(line["data"], self._meter))
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError, ValueError):
            return [events.unread(said.line)]

    def _fresh(self, raws: list[Raw]) -> list[Raw]:
        """What this listener has not handed over yet."""
        fresh = {raw.key: raw for raw in raws if raw.key not in self._seen}
        self._seen |= dict.fromkeys(fresh)
        for key in list(self._seen)[: max(0, len(self._seen) - REMEMBERED)]:
            del self._seen[key]
        return list(fresh.values())


class _Look:
    """Looks at the lists in a thread, so that a slow answer holds up neither streams nor stopping."""

    def __init__(self, timeline: Timeline, cursor: str) -> None:
        self._timeline = timeline
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="x-look")
        self._running: Future[tuple[list[Raw], str]] | None = None
        self.cursor = cursor
        self.looked = False

    def begin(self) -> bool:
        """Starts a look unless one is under way."""
        if self._running is not None:
            return False
        self._running = self._pool.submit(self._timeline.since, self.cursor)
        return True

    def found(self) -> list[Raw]:
        """What a look that has ended found, moving the cursor; raises what went wrong in it."""
        if self._running is None or not self._running.done():
            return []
        ended, self._running = self._running, None
        raws, self.cursor = ended.result()
        self.looked = True
        return raws

    def close(self) -> None:
        """Gives a look under way a moment, so that the wire is not closed below it."""
        if self._running is not None:
            wait([self._running], timeout=LAST_MOMENT)
        self._pool.shutdown(wait=False, cancel_futures=True)
