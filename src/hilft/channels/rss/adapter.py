"""Keeps the channel contract with a feed, which can only be read."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final, Literal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    Can,
    ChannelError,
    Config,
    Correct,
    Event,
    Health,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    Sent,
    Standing,
    Task,
)
from hilft.channels.rss import entries, memory, trying
from hilft.channels.rss.entries import Broken, Entry
from hilft.channels.rss.fetching import Answer, Fetcher

log = logging.getLogger(__name__)

READ_ONLY: Final = gettext_noop("A feed can only be read; answer where the entry stands.")


HEARTBEAT = 30.0
"""Seconds after which a waiting listener says that it is still there."""


class Adapter:
    """One feed; `settings: url, poll_seconds`."""

    kind: ClassVar[str] = entries.KIND
    correction: ClassVar[Correct] = Correct.PERSON
    idempotent: ClassVar[bool] = False
    tries_with: ClassVar[Literal["", "handle", "room"]] = ""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._fetcher = Fetcher(config)

    def can(self) -> Can:
        return Can.POLL

    def limits(self, *, public: bool) -> Limits:
        return Limits(0, "codepoint")

    def prefix(self, to: Person | None, *, public: bool) -> str:
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        return Allowed(ok=False, reason=_(READ_ONLY))

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        """New and changed entries; a feed that cannot be read gives none, and `check` says why."""
        before = memory.decoded(cursor, self._fetcher.url)
        answer = self._fetcher.fetch(before.etag, before.modified) if before else self._fetcher.fetch()
        if answer.content is None:
            return [], cursor
        try:
            found = self._entries(answer, answer.content)
        except Broken as problem:
            log.warning("Feed %s: %s", self._fetcher.url, problem)
            return [], cursor
        known = memory.states(before)
        after = memory.Cursor(
            url=entries.digest(self._fetcher.url),
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
            known=memory.remembering(known, found),
        )
        news = _news(found, known) if before else found[-int(self._config.facts["limit.first"]) :]
        return [entries.keep(entry) for entry in news], memory.encoded(after)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Looks again and again, with heartbeats in between."""
        every = float(self._config.settings.get("poll_seconds") or self._config.facts["poll.seconds"])
        while not stop.is_set():
            raws, cursor = self.poll(cursor)
            yield raws, cursor
            looked = time.monotonic()
            while (left := looked + every - time.monotonic()) > 0 and not stop.wait(min(left, HEARTBEAT)):
                yield [], cursor

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        """Nothing: changes come with the feed, and an entry that left it was not deleted."""
        return []

    def parse(self, body: bytes) -> list[Event]:
        return entries.read(body, self._config)

    def publish(self, outgoing: Outgoing) -> Sent:
        raise Refused(_(READ_ONLY))

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_(READ_ONLY))

    def delete(self, ref: Ref) -> None:
        raise Refused(_(READ_ONLY))

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Certainly nothing: nothing is ever sent."""
        return None

    def check(self) -> Health:
        """Fetches the whole feed and reads it."""
        try:
            answer = self._fetcher.fetch()
            found = self._entries(answer, answer.content or b"")
        except (Broken, ChannelError) as problem:
            return Health(ok=False, message=str(problem))
        return Health(ok=True, message=f"{found[-1].feed}: {len(found)}" if found else self._fetcher.url)

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self._latest)

    def close(self) -> None:
        self._fetcher.close()

    def _latest(self) -> str:
        """The newest entry's title and time; raises Refused for what is no feed."""
        answer = self._fetcher.fetch()
        try:
            found = self._entries(answer, answer.content or b"")
        except Broken as problem:
            raise Refused(str(problem)) from problem
        newest = found[-1] if found else None
        return f"{newest.title or newest.text[:100]} ({newest.link})" if newest else self._fetcher.url

    def _entries(self, answer: Answer, content: bytes) -> list[Entry]:
        return entries.entries(content, url=self._fetcher.url, found_at=datetime.now(UTC), headers=answer.headers)


def _news(found: list[Entry], known: dict[bytes, bytes]) -> list[Entry]:
    """Entries nobody knew, and known ones in another state."""
    news: list[Entry] = []
    for entry in found:
        before = known.get(memory.name(entry))
        if before is None:
            news.append(entry)
        elif before != memory.state(entry):
            news.append(msgspec.structs.replace(entry, before=before.hex()))
    return news
