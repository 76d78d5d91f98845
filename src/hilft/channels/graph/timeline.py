"""What happened around an account of Meta: several edges read side by side, and listening as looking again."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from hilft.channels.contract import Raw, RetryLater
from hilft.channels.graph.errors import Forbidden
from hilft.channels.graph.wire import MESSENGER, Wire

OVERLAP: Final = 120
"""Seconds that are read again: Meta shows things a little later than their time says. What is known is dropped."""

HEARTBEAT: Final = 10.0
"""Seconds after which an idle listener yields an empty batch."""

REMEMBERED: Final = 20_000
NOTICES: Final = 1_000
"""Notices kept for the next look; a process that only takes webhooks never looks, and they must not pile up there."""


@dataclass
class Found:
    """What an edge holds, each with its time, of one second the oldest first; and the newest time in seconds since
    the epoch."""

    raws: list[tuple[datetime, Raw]]
    newest: int


type Read = Callable[[int], Found]


class Timeline:
    """Reads edges; a cursor is a JSON object, edge name → the newest time seen there."""

    def __init__(self, wire: Wire, edges: Mapping[str, Read], fill: Callable[[bytes], list[Raw]]) -> None:
        self._wire = wire
        self._edges = edges
        self._main = next(iter(edges))
        self._fill = fill
        self._notices: deque[bytes] = deque(maxlen=NOTICES)
        self._woken = threading.Event()

    def notice(self, body: bytes) -> None:
        """Has a webhook's notice asked for by the next look, which listeners of this process begin at once."""
        self._notices.append(body)
        self._woken.set()

    def since(self, cursor: str) -> tuple[list[Raw], str]:
        """Everything after the cursor, oldest first.

        An edge that is limited does not hold up the others, nor does one that a missing right closes; without the
        first one there is nothing to hear, and its refusal is raised.
        """
        newest = _read(cursor)
        found: dict[str, tuple[datetime, Raw]] = {}
        later: RetryLater | None = None
        for name, read in self._edges.items():
            before = newest.get(name, 0)
            try:
                edge = read(max(before - OVERLAP, 0))
            except RetryLater as limited:
                later = later or limited
                continue
            except Forbidden:
                if name == self._main:
                    raise
                continue
            newest[name] = max(before, edge.newest)
            found |= {raw.key: (at, raw) for at, raw in edge.raws}
        raws = [raw for _, raw in sorted(found.values(), key=lambda pair: pair[0])] + self._noticed()
        if later is not None and not raws:
            raise later
        return list({raw.key: raw for raw in raws}.values()), msgspec.json.encode(newest).decode()

    def listen(self, cursor: str, stop: threading.Event, every: float) -> Iterator[tuple[list[Raw], str]]:
        """Looks every so many seconds, more rarely as the limit fills, and at once when a webhook gave notice."""
        told: dict[str, None] = {}
        due, beat = float("-inf"), float("-inf")
        while not stop.is_set():
            now = time.monotonic()
            if now >= due or self._woken.is_set():
                self._woken.clear()
                raws, cursor = self.since(cursor)
                fresh = [raw for raw in raws if raw.key not in told]
                told |= dict.fromkeys(raw.key for raw in fresh)
                if len(told) > REMEMBERED:
                    told = dict.fromkeys(list(told)[REMEMBERED // 2 :])
                due = time.monotonic() + every * self._wire.usage.pace(self._wire.network.use_case, MESSENGER)
                beat = now
                yield fresh, cursor
            elif now - beat >= HEARTBEAT:
                beat = now
                yield [], cursor
            stop.wait(min(0.2, every))

    def _noticed(self) -> list[Raw]:
        """What the notices speak of; one that has to wait is kept."""
        raws: list[Raw] = []
        while self._notices:
            body = self._notices.popleft()
            try:
                raws += self._fill(body)
            except RetryLater:
                self._notices.appendleft(body)
                break
        return raws


def _read(cursor: str) -> dict[str, int]:
    try:
        return msgspec.json.decode(cursor.encode() or b"{}", type=dict[str, int])
    except msgspec.DecodeError:
        return {}
