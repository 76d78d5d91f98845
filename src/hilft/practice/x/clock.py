"""The network's time, which a test can move, and ids that carry it as X's do."""

import time
from datetime import UTC, datetime
from typing import Final

EPOCH_MS: Final = 1288834974657
"""Zero of the ids, in milliseconds since 1970; developer documentation of X, "Snowflake IDs"."""


class Clock:
    """Seconds since 1970 plus an offset; ids grow even when the offset shrinks."""

    def __init__(self, offset: float = 0.0, last_id: int = 0) -> None:
        self.offset = offset
        self._last_id = last_id

    def now(self) -> float:
        """The time on this network, in seconds since 1970."""
        return time.time() + self.offset

    def new_id(self) -> int:
        """An id greater than every earlier one."""
        self._last_id = max(id_at(self.now()), self._last_id + 1)
        return self._last_id


def id_at(seconds: float) -> int:
    """The smallest id of that moment."""
    return max(0, int(seconds * 1000) - EPOCH_MS) << 22


def iso(seconds: float) -> str:
    """A time as X writes it: UTC with milliseconds and a Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(seconds * 1000) % 1000:03d}Z"
