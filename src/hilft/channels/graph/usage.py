"""How much of Meta's limits is used, as every answer says in its headers; reading slows down before they end."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from hilft.channels.contract import RetryLater

HEADER: Final = "x-business-use-case-usage"
APP: Final = "x-app-usage"
SLOW: Final = 75
"""Percent of a limit from which on reading becomes rarer."""

SPARED: Final = 95
"""Percent from which on reading stops, so that answers still leave."""

STALE: Final = 300.0
"""Seconds after which what an answer said of its limit no longer counts; then one call asks again."""

EVERYTHING: Final = ""
"""The use case of limits that hold for all calls of the app or the page."""

SHARES: Final = ("call_count", "total_cputime", "total_time")


class Usage:
    """Shares in percent and pauses, by use case: "pages", "instagram", "messenger"."""

    def __init__(self) -> None:
        self._shares: dict[str, tuple[int, float]] = {}
        self._until: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def note(self, headers: Mapping[str, str]) -> None:
        """Remembers what an answer says; the estimate of when calls work again is in minutes."""
        for usage in _listed(headers.get(HEADER, "")):
            case = str(usage.get("type", ""))
            with self._lock:
                self._shares[case] = (max(_number(usage, name) for name in SHARES), time.monotonic())
            if wait := _number(usage, "estimated_time_to_regain_access"):
                self.close(case, timedelta(minutes=wait))
        if app := _app(headers.get(APP, "")):
            with self._lock:
                self._shares[EVERYTHING] = (max(_number(app, name) for name in SHARES), time.monotonic())

    def close(self, case: str, after: timedelta) -> None:
        """Remembers that calls of a use case fail until then."""
        with self._lock:
            self._until[case] = datetime.now(UTC) + after

    def until(self, case: str) -> datetime | None:
        """When calls of a use case work again; None when they do now."""
        now = datetime.now(UTC)
        with self._lock:
            ends = [end for of, end in self._until.items() if of in {case, EVERYTHING} and end > now]
        return max(ends, default=None)

    def share(self, case: str) -> int:
        """Percent used, as said lately; 0 when nothing is known."""
        with self._lock:
            known = [self._shares[of] for of in (case, EVERYTHING) if of in self._shares]
        return max((share for share, at in known if time.monotonic() - at < STALE), default=0)

    def spare(self, case: str) -> None:
        """Raises RetryLater when reading has to wait: the limit is used up, or nearly."""
        until = self.until(case)
        if until is not None:
            raise RetryLater("Meta asks for a pause.", max(until - datetime.now(UTC), timedelta(seconds=1)))
        if self.share(case) >= SPARED:
            message = f"{self.share(case)} percent of Meta's limit are used; reading waits so that answers still leave."
            raise RetryLater(message, timedelta(seconds=STALE))

    def pace(self, *cases: str) -> float:
        """How many times longer than usual to wait between two looks: 1 below 75 percent, up to 9 at 95."""
        share = max((self.share(case) for case in cases), default=0)
        return 1.0 + max(0, min(share, SPARED) - SLOW) * 0.4


def _listed(header: str) -> list[dict[str, Any]]:
    try:
        businesses = msgspec.json.decode(header.encode(), type=dict[str, list[dict[str, Any]]])
    except msgspec.DecodeError:
        return []
    return [usage for usages in businesses.values() for usage in usages]


def _app(header: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(header.encode(), type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _number(usage: Mapping[str, Any], name: str) -> int:
    value = usage.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0
