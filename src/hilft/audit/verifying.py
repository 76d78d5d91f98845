"""Walks the whole chain, against the entries and against the heads that were kept outside."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from hilft.audit.chain import BEGINNING, Fact, details_of, digest_of
from hilft.audit.models import Seal
from hilft.audit.queries import unsealed
from hilft.audit.witnesses import witnesses
from hilft.base.clock import now

SOON: Final = timedelta(minutes=5)
"""The sealer runs every ten seconds: what waits for longer than this waits because it does not run."""

LATE: Final = timedelta(hours=2)
"""No transaction stays open that long: a number that appears so long after a higher one was put in by hand."""

MANY: Final = 100
"""Findings after which it is clear enough."""

GUARDS: Final = {("audit_entry", "append_only"), ("audit_entry", "never_empty")} | {
    ("audit_seal", "append_only"),
    ("audit_seal", "never_empty"),
}
WALK: Final = """
SELECT s.place, s.entry, s.details, s.before, s.digest, s.at,
       e.id, e.at, e.actor_id, e.verb, e.subject_kind, e.subject_id, e.data, e.salt
FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry WHERE s.place >= %s ORDER BY s.place
"""


class Kind(StrEnum):
    """What was done to the record."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    UNSEALED = "unsealed"
    UNGUARDED = "unguarded"


class Finding(NamedTuple):
    """One damage: its kind, where it is, and a sentence."""

    kind: Kind
    place: int | None
    entry: int | None
    says: str


class Row(NamedTuple):
    """A seal with the entry that it speaks of, or with nothing where that is missing."""

    place: int
    entry: int
    details: bytes
    before: bytes
    digest: bytes
    at: datetime
    fact: Fact | None
    data: dict[str, Any]
    salt: UUID | None

    @property
    def erased(self) -> bool:
        return self.salt is None and self.data == {}


@dataclass
class Report:
    """What a verification looked at and found; findings in the order of the chain."""

    places: int = 0
    head: str = ""
    witnessed: int = 0
    erased: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(since: datetime | None = None) -> Report:
    """Checks every place from `since` on, the witnesses, what is not sealed yet, and whether the guards stand."""
    with transaction.atomic():
        first = _first(since)
        walk = Walk(first)
        for row in _rows(first):
            walk.take(row)
            if len(walk.report.findings) >= MANY:
                break
        walk.end()
        report = walk.report
        _look_for_unsealed(report)
        _look_for_guards(report)
    return report


class Walk:
    """Goes from place to place and remembers what it needs to judge the next."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.report = Report()
        self.previous: Row | None = None
        self.highest = 0
        self.blank: dict[int, int] = {}
        self.blanked: set[int] = set()
        self.resumed: list[tuple[datetime, int, str]] = []
        self.known = list(witnesses())
        self.digests: dict[int, str] = {}
        self.wanted = {one.place for one in self.known}

    def take(self, row: Row) -> None:
        """Judges one place."""
        self.report.places += 1
        self._order(row)
        self._content(row)
        self._lateness(row)
        if row.place in self.wanted:
            self.digests[row.place] = row.digest.hex()
        self.previous = row

    def end(self) -> None:
        """Judges what only the end shows."""
        for entry, place in self.blank.items():
            if entry not in self.blanked:
                self._found(Kind.CHANGED, place, entry, "Its details were emptied, and no entry says by whom.")
        if len(self.report.findings) < MANY:
            self._witnesses()
        self.report.erased = len(self.blank)
        self.report.head = self.previous.digest.hex() if self.previous else ""
        self.report.findings.sort(key=lambda finding: finding.place or 0)

    def _order(self, row: Row) -> None:
        before = self.previous
        if before is None:
            if self.first == 1 and (row.place, row.before) != (1, BEGINNING):
                self._found(Kind.REMOVED, 1, None, f"The chain begins with place {row.place}, not with its beginning.")
            return
        if row.place != before.place + 1:
            gone = f"Places {before.place + 1} to {row.place - 1} are missing."
            self._found(Kind.REMOVED, before.place + 1, None, gone)
        elif row.before == before.digest:
            return
        elif row.before == before.before:
            self._found(Kind.INSERTED, before.place, before.entry, "The entry after it does not know it.")
        elif Seal.objects.filter(digest=row.before).exists():
            self._found(Kind.MOVED, row.place, row.entry, "It belongs after another entry.")
        else:
            self._found(Kind.REMOVED, row.place, row.entry, "What stood before it is gone.")

    def _content(self, row: Row) -> None:
        if row.fact is None:
            self._found(Kind.REMOVED, row.place, row.entry, "Its seal is there, the entry is not.")
            return
        details = row.details if row.erased else details_of(row.data, row.salt)
        if details != row.details or digest_of(row.before, row.fact, row.details, row.at) != row.digest:
            self._found(Kind.CHANGED, row.place, row.entry, "It does not say what was sealed.")
        if row.erased:
            self.blank[row.entry] = row.place
        if row.fact.verb == "audit.erase" and row.fact.subject_id:
            self.blanked.add(row.fact.subject_id)
        if row.fact.verb == "audit.resume" and not row.erased:
            self.resumed.append((row.fact.at, row.data["after"], row.data["reason"]))

    def _lateness(self, row: Row) -> None:
        if row.entry < self.highest and Seal.objects.filter(entry__gt=row.entry, at__lt=row.at - LATE).exists():
            self._found(Kind.INSERTED, row.place, row.entry, "Higher numbers were sealed hours before it appeared.")
        self.highest = max(self.highest, row.entry)

    def _witnesses(self) -> None:
        last = self.previous.place if self.previous else 0
        for at, after, reason in self.resumed:
            self.report.notes.append(f"On {at:%Y-%m-%d %H:%M} the record was resumed after place {after}: {reason}")
        for one in self.known:
            if one.place < self.first:
                continue
            self.report.witnessed += 1
            stands = self.digests.get(one.place)
            if stands == one.digest or any(one.at <= at and one.place > after for at, after, _why in self.resumed):
                continue
            seen = f"On {one.at:%Y-%m-%d %H:%M} another head was kept outside for place {one.place}"
            if one.place > last:
                self._found(Kind.REMOVED, last + 1, None, f"{seen}; now the record ends at {last}.")
            elif stands:
                self._found(Kind.CHANGED, one.place, None, f"{seen}: it, or something before it, was rewritten.")
            return

    def _found(self, kind: Kind, place: int, entry: int | None, says: str) -> None:
        self.report.findings.append(Finding(kind, place, entry, says))


def _first(since: datetime | None) -> int:
    if since is None:
        return 1
    found = Seal.objects.filter(at__gte=since).order_by("place").values_list("place", flat=True).first()
    return found or 1


def _rows(first: int) -> Iterator[Row]:
    with connection.connection.cursor(name="audit_walk") as cursor:
        cursor.itersize = 2_000
        for place, entry, details, before, digest, at, pk, *rest in cursor.execute(WALK, [first]):
            *fact, data, salt = rest
            known, said = (Fact(pk, *fact), json.loads(data)) if pk is not None else (None, {})
            yield Row(place, entry, bytes(details), bytes(before), bytes(digest), at, known, said, salt)


def _look_for_unsealed(report: Report) -> None:
    waiting = unsealed()
    oldest = waiting.order_by("at", "pk").first()
    if oldest is None:
        return
    report.unsealed, report.unsealed_since = waiting.count(), oldest.at
    if oldest.at < now() - SOON:
        waits = f"It has no seal, although it was written on {oldest.at:%Y-%m-%d %H:%M}."
        report.findings.append(Finding(Kind.UNSEALED, None, oldest.pk, waits))


def _look_for_guards(report: Report) -> None:
    """Triggers that are gone or off were put aside by somebody with the rights to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A' "
            "AND tgrelid IN ('audit_entry'::regclass, 'audit_seal'::regclass)"
        )
        standing = set(cursor.fetchall())
    for table, name in sorted(GUARDS - standing):
        report.findings.append(Finding(Kind.UNGUARDED, None, None, f"The trigger {name} of {table} is gone or off."))
