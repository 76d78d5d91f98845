"""Heads of the chain kept outside the database, so that whoever cuts off its end is found out.

A line of `audit-heads.log` in the data folder is a time, a place and the digest that stood there. The file only grows;
`chattr +a`, a copy elsewhere or the daily mail put it out of an operator's reach.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from hilft.audit.chain import moment
from hilft.audit.models import Seal
from hilft.audit.queries import head
from hilft.base.clock import now

NAME: Final = "audit-heads.log"
EVERY: Final = timedelta(minutes=1)
TAIL: Final = 400
"""Bytes at the end of the file that surely hold its last whole line."""


class Witness(NamedTuple):
    """That `digest` stood at `place` at this time."""

    at: datetime
    place: int
    digest: str

    def line(self) -> str:
        return f"{moment(self.at)} {self.place} {self.digest}\n"


def file() -> Path | None:
    """The installation's file of heads; None where there is no data folder."""
    folder = os.environ.get("HILFT_DATA", "")
    return Path(folder, NAME) if folder else None


def witnesses() -> Iterator[Witness]:
    """Every whole line of the file, oldest first; a torn one, left by a crash, is passed over."""
    kept = file()
    if kept and kept.exists():
        with kept.open(encoding="utf-8", errors="replace") as lines:
            yield from filter(None, map(_read, lines))


def last_witness() -> Witness | None:
    """The newest whole line of the file."""
    kept = file()
    if kept is None or not kept.exists():
        return None
    with kept.open("rb") as lines:
        lines.seek(max(0, kept.stat().st_size - TAIL))
        found = [_read(line.decode(errors="replace")) for line in lines]
    return next(filter(None, reversed(found)), None)


def lost() -> tuple[int, Witness | None]:
    """The last place up to which the chain agrees with every head kept outside, and the highest head it lacks."""
    known = list(witnesses())
    digests = dict(Seal.objects.filter(place__in={one.place for one in known}).values_list("place", "digest"))
    missing = [one for one in known if bytes(digests.get(one.place, b"")).hex() != one.digest]
    if not missing:
        return 0, None
    agreed = [one.place for one in known if one.place < min(m.place for m in missing)]
    return max(agreed, default=0), max(missing, key=lambda one: one.place)


def present() -> Witness | None:
    """The head as it is now."""
    last = head()
    return Witness(now(), last.place, bytes(last.digest).hex()) if last else None


def witness() -> Witness | None:
    """Appends the present head, when there is a new one and the last line is a minute old; returns what was written."""
    kept, seen, known = file(), present(), last_witness()
    if kept is None or seen is None:
        return None
    if known and (known.digest == seen.digest or timedelta() <= seen.at - known.at < EVERY):
        return None
    handle = os.open(kept, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, seen.line().encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return seen


def _read(line: str) -> Witness | None:
    at, _space, rest = line.partition(" ")
    place, _space, digest = rest.strip().partition(" ")
    try:
        return Witness(datetime.fromisoformat(at), int(place), bytes.fromhex(digest).hex())
    except ValueError:
        return None
