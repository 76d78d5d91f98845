"""Counts calls against the documented limits and writes the usage headers."""

import json
import math
from collections import deque

from hilft.practice.accounts import names
from hilft.practice.meta.clock import Clock
from hilft.practice.meta.errors import too_many_calls
from hilft.practice.meta.people import INSTAGRAM_ID, PAGE_ID
from hilft.practice.meta.rules import Limit, rules


class Usage:
    """Calls in rolling windows, kept in memory; rows of `rules.toml` by name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._people = len(names())
        self._calls: dict[str, deque[float]] = {name: deque() for name in rules().limits}

    def most(self, name: str) -> int:
        """How many calls fit: Meta's factor times the engaged users, who are the practice customers."""
        calls = rules().limits[name].calls
        return calls if name in ("app", "private_replies") else calls * self._people

    def share(self, name: str) -> int:
        """Percent of the limit that is used."""
        return math.floor(100 * len(self._current(name)) / self.most(name))

    def count(self, name: str) -> None:
        """Count one call; raises the limit's error once the limit is reached, and does not count that one."""
        if len(self._current(name)) >= self.most(name):
            raise too_many_calls(rules().limits[name].code)
        self._calls[name].append(self._clock.now())

    def fill(self, name: str, percent: int) -> None:
        """Pretend that `percent` of the limit was used just now."""
        now = self._clock.now()
        self._calls[name] = deque([now] * math.ceil(self.most(name) * percent / 100))

    def wait(self, name: str) -> int:
        """Minutes until a call is possible again; 0 when it is now."""
        calls = self._current(name)
        if len(calls) < self.most(name):
            return 0
        return max(1, math.ceil((calls[0] + rules().limits[name].window - self._clock.now()) / 60))

    def headers(self, name: str) -> dict[str, str]:
        """The headers of an answer whose call counts as `name`."""
        share = self.share(name)
        times = {"call_count": share, "total_cputime": share // 2, "total_time": share // 2}
        if name == "app":
            return {"X-App-Usage": _compact(times)}
        business = INSTAGRAM_ID if name == "instagram" else PAGE_ID
        usage = {business: [{"type": name, **times, "estimated_time_to_regain_access": self.wait(name)}]}
        headers = {"X-Business-Use-Case-Usage": _compact(usage)}
        return headers | ({"X-Page-Usage": _compact(times)} if name == "pages" else {})

    def _current(self, name: str) -> deque[float]:
        limit: Limit = rules().limits[name]
        calls, begin = self._calls[name], self._clock.now() - limit.window
        while calls and calls[0] <= begin:
            calls.popleft()
        return calls


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
