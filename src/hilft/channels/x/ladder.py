"""How long to wait before a stream is opened again, as X documents it for each kind of failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

type Failure = Literal["network", "http", "limit"]


class Ladder:
    """Pauses in seconds: linear for network errors, doubling for errors of X and for limits; what comes resets them."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self._failures: dict[Failure, int] = {}

    def reset(self) -> None:
        """The stream speaks again."""
        self._failures.clear()

    def pause(self, failure: Failure) -> float:
        """The pause after one more failure of this kind."""
        times = self._failures[failure] = self._failures.get(failure, 0) + 1
        if failure == "network":
            return min(self._fact("stream.network_step") * times, self._fact("stream.network_most"))
        if failure == "http":
            return min(self._fact("stream.http_first") * 2.0 ** min(times - 1, 32), self._fact("stream.http_most"))
        return min(self._fact("stream.limit_first") * 2.0 ** min(times - 1, 32), self._fact("window.rate"))

    def _fact(self, name: str) -> float:
        return float(self._facts[name])
