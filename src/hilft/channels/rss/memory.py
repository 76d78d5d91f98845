"""What the cursor of a feed holds: the server's validators, and which entries are known in which state."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import msgspec

from hilft.channels.rss.entries import Entry, digest

ENTRY = 8
STATE = 4
"""Bytes that are kept of the hash of an entry's identity and of its state."""

REMEMBERED = 20_000
"""Entries that are remembered, those of the newest feed first: at most 320 kB of cursor."""


class Cursor(msgspec.Struct, frozen=True):
    """A cursor; validators count only for the address they came from."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    known: str = ""


def decoded(cursor: str, url: str) -> Cursor | None:
    """The cursor as it was stored; None when it is none, or another address's."""
    try:
        stored = msgspec.json.decode(cursor.encode(), type=Cursor)
    except (msgspec.DecodeError, UnicodeError):
        return None
    return stored if stored.url == digest(url) else None


def encoded(cursor: Cursor) -> str:
    return msgspec.json.encode(cursor).decode()


def states(cursor: Cursor | None) -> dict[bytes, bytes]:
    """The state of each known entry, by the hash of its identity."""
    try:
        packed = base64.b64decode(cursor.known, validate=True) if cursor else b""
    except (binascii.Error, ValueError):
        return {}
    step = ENTRY + STATE
    return {packed[at : at + ENTRY]: packed[at + ENTRY : at + step] for at in range(0, len(packed) - step + 1, step)}


def remembering(known: dict[bytes, bytes], entries: Sequence[Entry]) -> str:
    """The known entries and those of a feed, packed for a cursor."""
    now = {name(entry): state(entry) for entry in reversed(entries)}
    kept = list((now | {one: what for one, what in known.items() if one not in now}).items())[:REMEMBERED]
    return base64.b64encode(b"".join(one + what for one, what in kept)).decode()


def name(entry: Entry) -> bytes:
    return bytes.fromhex(digest(entry.id, 2 * ENTRY))


def state(entry: Entry) -> bytes:
    return bytes.fromhex(entry.state[: 2 * STATE])
