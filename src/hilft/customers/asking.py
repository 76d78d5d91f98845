"""Asking the company's system when somebody looks: briefly remembered in this process, and nowhere else."""

import hashlib
from collections.abc import Callable
from typing import Final

from django.core.cache import cache

from hilft.customers.comparing import letters
from hilft.customers.connector import Trouble
from hilft.customers.enums import By
from hilft.customers.mapping import Record
from hilft.customers.models import System
from hilft.customers.rest import Rest

KEPT: Final = 60
PAUSE: Final = 20
"""Seconds for which an answer is used again, and for which a system in trouble is left alone."""

LASTING: Final = frozenset({"unreachable", "slow", "unauthorised", "redirect", "status", "json", "big"})
"""Trouble that the next page would have as well."""


def the_system() -> System | None:
    """The system of customers, as it is set up."""
    return System.objects.filter(pk=1).first()


def record_of(system: System | None, *, number: str, key: str = "", again: bool = False) -> Record:
    """The customer of a number as the system says now; `again` asks whatever is remembered. Raises Trouble."""
    rest = _usable(system)
    kept = _place(rest.system, "record", key, number)
    record: Record | None = None if again else cache.get(kept)
    if record is None:
        record = _asked(
            rest, lambda: _only([rest.read(key)] if key else rest.find(By.NUMBER, number), number), again=again
        )
        cache.set(kept, record, KEPT)
    return record


def found(system: System | None, by: By, value: str) -> list[Record]:
    """Everybody the system knows by this. Raises Trouble."""
    rest = _usable(system)
    return _asked(rest, lambda: rest.find(by, value), again=False)


def _usable(system: System | None) -> Rest:
    if system is None:
        raise Trouble("none")
    if not system.active:
        raise Trouble("off")
    return Rest(system)


def _asked[T](rest: Rest, ask: Callable[[], T], *, again: bool) -> T:
    """What it says, or the trouble it had a moment ago."""
    down = _place(rest.system, "trouble")
    known = None if again else cache.get(down)
    if known:
        raise Trouble(*known)
    try:
        answer = ask()
    except Trouble as trouble:
        if trouble.kind in LASTING:
            cache.set(down, (trouble.kind, trouble.detail), PAUSE)
        raise
    cache.delete(down)
    return answer


def _place(system: System, *words: str) -> str:
    """Where something is remembered; other settings of the system remember anew."""
    return f"customers-{hashlib.sha256(repr((system.changed_at, *words)).encode()).hexdigest()}"


def meant(records: list[Record], number: str) -> list[Record]:
    """Those that have exactly this number, or it as their key: a search may find more, and a key may be given anew."""
    return [one for one in records if letters(one.number) == letters(number) or one.key == number]


def _only(found: list[Record], number: str) -> Record:
    records = meant(found, number)
    if len(records) != 1:
        raise Trouble("many" if records else "gone")
    return records[0]
