"""An account at a peer and what people do there, and how a test hears of it."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from hilft.channels.contract import Channel, Event, Outgoing, Raw, Ref, Unreadable

PATIENCE = 20.0


class World(Protocol):
    """One account at a peer, and what people do there."""

    start: str
    """A cursor from before the test."""

    @property
    def adapter(self) -> Channel:
        """The adapter that is asked."""

    def twin(self) -> Channel:
        """A second adapter for the same account, knowing nothing."""

    def ask(self, text: str, who: str = "lena") -> None:
        """A customer addresses us."""

    def standing(self, ref: Ref) -> str | None:
        """The text as the peer has it, None when it is gone."""

    def ours(self, text: str) -> int:
        """How many posts of ours with that text the peer has."""

    def losing(self) -> contextlib.AbstractContextManager[Channel]:
        """An adapter whose next publish is stored while the answer is lost."""

    def unreachable(self) -> Channel:
        """An adapter whose peer does not run."""

    def revoked(self) -> Channel:
        """An adapter whose credentials were taken back."""

    def withdraw(self, ref: Ref) -> None:
        """The customer deletes their post."""

    def rewrite(self, ref: Ref, text: str) -> None:
        """The customer edits their post."""

    def elsewhere(self, text: str, question: Event) -> None:
        """A colleague answers with another tool."""


def words(text: str) -> str:
    """A text nobody else uses."""
    return f"{text} {uuid.uuid4().hex[:12]}"


def eventually[T](ask: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """The first answer that is not empty; networks take a moment."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.1)
    return answer


def events(adapter: Channel, raws: list[Raw]) -> list[tuple[Raw, Event]]:
    """What can be read of raw events; one that cannot does not stop the others."""
    pairs: list[tuple[Raw, Event]] = []
    for raw in raws:
        with contextlib.suppress(Unreadable):
            pairs += [(raw, event) for event in adapter.parse(raw.body)]
    return pairs


def polled(world: World, text: str) -> tuple[Raw, Event]:
    """The event whose text contains `text`."""

    def look() -> tuple[Raw, Event] | None:
        raws, _ = world.adapter.poll(world.start)
        return next((pair for pair in events(world.adapter, raws) if text in pair[1].text), None)

    return eventually(look)


def reply(question: Event, text: str, **fields: Any) -> Outgoing:
    """An answer to a question, as the outbox would hand it over."""
    values: dict[str, Any] = {
        "idempotency": uuid.uuid4().hex,
        "text": text,
        "to": question.author,
        "public": question.public,
        "parent": question.ref,
        "root": question.root,
        "subject": question.subject,
        "language": "de",
        "begun_at": datetime.now(UTC),
    }
    return Outgoing(**(values | fields))


class Heard:
    """A listener in its thread, and what it heard."""

    def __init__(self, adapter: Channel, cursor: str) -> None:
        self.stop = threading.Event()
        self.raws: list[Raw] = []
        self.beats = 0
        self.cursor = cursor
        self.error: Exception | None = None
        self._adapter = adapter
        self._thread = threading.Thread(target=self._run, args=(cursor,), daemon=True)
        self._thread.start()

    def _run(self, cursor: str) -> None:
        try:
            for raws, after in self._adapter.listen(cursor, self.stop):
                self.cursor = after
                self.raws += raws
                self.beats += 1
        except Exception as error:
            self.error = error

    def heard(self, text: str) -> tuple[Raw, Event]:
        def look() -> tuple[Raw, Event] | None:
            return next((pair for pair in events(self._adapter, list(self.raws)) if text in pair[1].text), None)

        return eventually(look)

    def end(self) -> float:
        """Stops listening; the seconds that took."""
        began = time.monotonic()
        self.stop.set()
        self._thread.join(timeout=10)
        return time.monotonic() - began
