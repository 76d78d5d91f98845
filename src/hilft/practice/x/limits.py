"""Rate limits: fixed windows per route, for the app as a whole or for one user, with the headers X sends."""

from hilft.practice.x.clock import Clock
from hilft.practice.x.rules import Limit, Rules, Window

_SHORT = 900
"""Seconds of the usual window; longer ones have headers of their own."""


class Limits:
    """Counts requests in memory; a restart forgets them."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self._clock = clock
        self._limits = rules.limits
        self._used: dict[tuple[str, str, Window], tuple[float, int]] = {}

    def take(self, route: str, user: str) -> tuple[bool, dict[str, str]]:
        """Count a request of `user` (empty: app-only) and say whether it may pass, with the headers for its answer."""
        limit = self._limits.get(route, Limit())
        windows = [("app", "", window) for window in limit.app if not user or window.seconds > _SHORT]
        windows += [("user", user, window) for window in limit.user if user]
        states = [self._state(route, whom, window) for _, whom, window in windows]
        free = all(used < window.requests for (_, used), (_, _, window) in zip(states, windows, strict=True))
        headers: dict[str, str] = {}
        for (kind, whom, window), (ends, used) in zip(windows, states, strict=True):
            self._used[route, whom, window] = (ends, used + free)
            name = "x-rate-limit" if window.seconds <= _SHORT else f"x-{kind}-limit-24hour"
            headers[f"{name}-limit"] = str(window.requests)
            headers[f"{name}-remaining"] = str(window.requests - used - free)
            headers[f"{name}-reset"] = str(int(ends))
        return free, headers

    def _state(self, route: str, whom: str, window: Window) -> tuple[float, int]:
        now = self._clock.now()
        ends, used = self._used.get((route, whom, window), (0.0, 0))
        return (ends, used) if ends > now else (now + window.seconds, 0)
