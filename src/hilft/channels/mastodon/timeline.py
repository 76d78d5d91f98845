"""What happened around our account on Mastodon: mentions of us and our own replies, page by page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from hilft.channels.contract import Config, Raw, Unknown
from hilft.channels.mastodon import statuses
from hilft.channels.mastodon.wire import Gone, Wire

SEARCHED = 10
"""Pages of own statuses looked through for an unknown publish."""

REMEMBERED_ROOTS = 10_000


class Timeline:
    """Reads mentions and own replies; a cursor is `notification|status`, the newest ids of both."""

    def __init__(self, wire: Wire, config: Config) -> None:
        self._wire = wire
        self._page = int(config.facts["limit.page"])
        self._me = ""
        self._roots: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def me(self) -> str:
        """The id of our account on its server, asked once."""
        if not self._me:
            self._me = str(self._wire.read("/api/v1/accounts/verify_credentials")["id"])
        return self._me

    def since(self, cursor: str) -> tuple[list[Raw], str]:
        """Everything after the cursor, oldest first; an empty cursor begins with the newest page."""
        mention, _, reply = cursor.partition("|")
        noted = self._pages("/api/v1/notifications", mention, **{"types[]": "mention", "include_filtered": "true"})
        said = self._pages(f"/api/v1/accounts/{self.me}/statuses", reply, exclude_reblogs="true")
        found = [note["status"] for note in noted if note.get("status")]
        found += [status for status in said if status.get("in_reply_to_id")]
        found.sort(key=lambda status: str(status.get("created_at")))
        raws = [raw for raw in map(self.keep, found) if raw is not None]
        return raws, f"{_newest(noted, mention)}|{_newest(said, reply)}"

    def ours(self, since: datetime | None) -> Iterator[Any]:
        """Our own statuses, newest first, back to `since`; raises Unknown when that is too far."""
        oldest = ""
        for _ in range(SEARCHED):
            params = {"max_id": oldest} if oldest else {}
            page = self._wire.read(
                f"/api/v1/accounts/{self.me}/statuses", limit=self._page, exclude_reblogs="true", **params
            )
            yield from page
            if len(page) < self._page or (since and datetime.fromisoformat(str(page[-1]["created_at"])) < since):
                return
            oldest = str(page[-1]["id"])
        raise Unknown("There are too many newer statuses to find this one.")

    def keep(self, status: Any) -> Raw | None:
        """The raw event of a status; None for what is not a status at all."""
        try:
            return statuses.keep(status, me=self.me, root=self._root(status))
        except (msgspec.ValidationError, KeyError, TypeError):
            return None

    def _pages(self, path: str, newest: str, **params: str) -> list[Any]:
        """Items after `newest`, oldest first, over all pages."""
        if not newest:
            return list(reversed(self._wire.read(path, limit=self._page, **params)))
        items: list[Any] = []
        while page := self._wire.read(path, limit=self._page, min_id=newest, **params):
            page.sort(key=lambda item: int(item["id"]))
            items += page
            newest = str(page[-1]["id"])
            if len(page) < self._page:
                break
        return items

    def _root(self, status: Any) -> str:
        """The first status of the conversation, asked for once per branch."""
        parent = status["in_reply_to_id"]
        if not parent:
            return str(status["id"])
        with self._lock:
            known = self._roots.get(str(parent)) or self._roots.get(str(status["id"]))
        root = known or self._asked(str(status["id"])) or str(parent)
        with self._lock:
            if len(self._roots) > REMEMBERED_ROOTS:
                self._roots.clear()
            self._roots[str(status["id"])] = root
        return root

    def _asked(self, identity: str) -> str:
        try:
            ancestors = self._wire.read(f"/api/v1/statuses/{identity}/context")["ancestors"]
        except Gone:
            return ""
        return str(ancestors[0]["id"]) if ancestors else ""


def _newest(items: list[Any], before: str) -> str:
    return max((str(item["id"]) for item in items), key=int, default=before or "0")
