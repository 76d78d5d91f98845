"""Record keys of our own: the same for every attempt to publish one text."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from hilft.channels.contract import Outgoing

ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""From here keys of texts without a beginning are spread over a year."""


def rkey(outgoing: Outgoing) -> str:
    """A TID (53 bits of microseconds, 10 bits of clock) of the beginning's millisecond and the idempotency key."""
    digest = int.from_bytes(hashlib.sha256(outgoing.idempotency.encode()).digest()[:16])
    begun = outgoing.begun_at or EPOCH
    millis = int(begun.timestamp() * 1000) + (0 if outgoing.begun_at else digest % 31_536_000_000)
    micros = millis * 1000 + (digest >> 40) % 1000
    return encode(micros << 10 | (digest >> 80) % 1024)


def encode(value: int) -> str:
    """13 characters that sort as their number does."""
    return "".join(ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))
