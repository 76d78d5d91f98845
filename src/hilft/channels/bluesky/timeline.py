"""What happened around our account on Bluesky: what addresses us, and our own replies."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from hilft.channels.bluesky import posts
from hilft.channels.bluesky.wire import Wire
from hilft.channels.contract import Config, Raw, Ref

REASONS: Final = ["mention", "reply", "quote"]
OVERLAP: Final = timedelta(minutes=10)
"""How far behind the cursor is looked again: posts are sorted by their author's clock, which may be late."""

HEARTBEAT: Final = 10.0
REMEMBERED: Final = 5_000


class Timeline:
    """Reads notifications and own replies; a cursor is `time|rkey`, the newest of both."""

    def __init__(self, wire: Wire, config: Config) -> None:
        self._wire = wire
        self._page = int(config.facts["limit.page"])
        self._looked_up = int(config.facts["limit.posts_a_call"])

    def since(self, cursor: str) -> tuple[list[Raw], str]:
        """Everything after the cursor and a little before it, oldest first; an empty cursor reads one page."""
        noted_until, _, said_until = cursor.partition("|")
        noted, newest = self._noted(noted_until)
        said, last = self._said(said_until)
        found = [*noted, *said]
        found.sort(key=lambda post: str(post.get("indexedAt")))
        return [raw for raw in map(self.keep, found) if raw is not None], f"{newest}|{last}"

    def listen(self, cursor: str, stop: threading.Event, every: float) -> Iterator[tuple[list[Raw], str]]:
        """Looks again and again, and yields each state of a post once."""
        known: dict[str, None] = {}
        beat = float("-inf")
        while not stop.is_set():
            raws, cursor = self.since(cursor)
            fresh = [raw for raw in raws if raw.key not in known]
            if fresh or time.monotonic() - beat >= HEARTBEAT:
                beat = time.monotonic()
                yield fresh, cursor
            known.update(dict.fromkeys(raw.key for raw in fresh))
            for key in list(known)[: max(0, len(known) - REMEMBERED)]:
                del known[key]
            stop.wait(every)

    def refreshed(self, refs: Sequence[Ref]) -> list[Raw]:
        """Posts that changed or went; those that are as they were are no news."""
        raws: list[Raw | None] = []
        for start in range(0, len(refs), self._looked_up):
            some = refs[start : start + self._looked_up]
            there = {post["uri"]: post for post in self.posts([ref.id for ref in some])}
            for ref in some:
                post = there.get(ref.id)
                if post is None:
                    raws.append(posts.removed(ref.id))
                elif post.get("cid") != ref.version:
                    raws.append(self.keep(post, edited=ref.version is not None))
        return [raw for raw in raws if raw is not None]

    def posts(self, uris: list[str]) -> list[Any]:
        """Posts as the network shows them; those that are gone are missing."""
        return list(self._wire.read("app.bsky.feed.getPosts", uris=uris)["posts"])

    def keep(self, post: Any, *, edited: bool = False) -> Raw | None:
        """The raw event of a post; None for what is not a post at all."""
        try:
            return posts.keep(post, me=self._wire.did, edited=edited)
        except (msgspec.ValidationError, KeyError, TypeError):
            return None

    def _noted(self, until: str) -> tuple[list[Any], str]:
        """Notifications back to `until`, less the overlap, and the newest time."""
        reached = posts.moment_of(until)
        found: list[Any] = []
        pages: dict[str, str] = {}
        while True:
            page = self._wire.read(
                "app.bsky.notification.listNotifications", limit=self._page, reasons=REASONS, **pages
            )
            items = page["notifications"]
            found += [item for item in items if item.get("reason") in REASONS]
            if not page.get("cursor") or reached is None or not items or _at(items[-1]) < reached - OVERLAP:
                break
            pages = {"cursor": str(page["cursor"])}
        if reached is not None:
            found = [
                item for item in found if (posts.moment_of(str(item["indexedAt"])) or reached) >= reached - OVERLAP
            ]
        newest = max((str(item["indexedAt"]) for item in found), default="")
        return found, max(newest, until) or _epoch()

    def _said(self, until: str) -> tuple[list[Any], str]:
        """Own replies after the record key `until`, from our own server, and the newest key."""
        found: list[Any] = []
        pages: dict[str, str] = {}
        while True:
            page = self._wire.read(
                "com.atproto.repo.listRecords",
                repo=self._wire.did,
                collection=posts.COLLECTION,
                limit=self._page,
                **pages,
            )
            items = [record for record in page["records"] if _key(record) > until]
            found += items
            if not until or len(items) < self._page or not page.get("cursor"):
                break
            pages = {"cursor": str(page["cursor"])}
        said = [self._own(record) for record in found if record["value"].get("reply")]
        return said, max(map(_key, found), default=until)

    def _own(self, record: Any) -> dict[str, Any]:
        author = {"did": self._wire.did, "handle": self._wire.name}
        value = record["value"]
        return {**record, "author": author, "record": value, "indexedAt": str(value.get("createdAt", ""))}


def _at(item: Any) -> datetime:
    return posts.moment_of(str(item["indexedAt"])) or datetime.now(UTC)


def _key(record: Any) -> str:
    return str(record["uri"]).rpartition("/")[2]


def _epoch() -> str:
    """Before everything: what a cursor says when there was nothing yet."""
    return "1970-01-01T00:00:00.000Z"
