"""The network's clock, which tests and drills can set and stop."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch as everybody on this network sees them; `seconds` ahead of the machine's."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self._stopped_at: float | None = None

    def now(self) -> float:
        """The time now."""
        return (time.time() if self._stopped_at is None else self._stopped_at) + self.seconds

    def set(self, seconds: float, *, stopped: bool) -> None:
        """Go `seconds` ahead of the machine; a clock that is already stopped stays at the same base."""
        self.seconds = seconds
        if not stopped:
            self._stopped_at = None
        elif self._stopped_at is None:
            self._stopped_at = time.time()

    @property
    def stopped(self) -> bool:
        """Whether the time stands still."""
        return self._stopped_at is not None


def stamp(moment: float) -> str:
    """A time as the Graph API writes it: 2026-11-24T22:00:00+0000."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S%z")
