"""Chains what was committed: the order is the sealing's, so no writer ever waits for another.

Numbers of aborted transactions are simply missing. An entry that commits after a higher number was sealed gets the
next place: it was not known before, and the chain says so.
"""

from collections.abc import Iterable
from typing import Final

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from hilft.audit.chain import BEGINNING, Fact, details_of, digest_of
from hilft.audit.models import Entry, Seal
from hilft.audit.queries import head, unsealed
from hilft.base.clock import now

LOCK: Final = 0x68_69_6C_66_74
"""One sealer at a time; ends with the transaction, however that ends."""

BATCH: Final = 2_000
BACK: Final = 10_000
"""Numbers before the highest sealed one that are looked through each time; the hourly pass looks through all."""


def seal_all(*, everything: bool = False, wait: bool = False) -> int:
    """Seals what is committed, a batch per transaction (or all in the caller's); returns how many entries."""
    sealed = 0
    while count := seal(everything=everything, wait=wait):
        sealed += count
    return sealed


@transaction.atomic
def seal(*, everything: bool = False, wait: bool = False) -> int:
    """Seals one batch; 0 when nothing is left, or somebody else is sealing and we need not wait."""
    if not _alone(wait=wait):
        return 0
    last = head()
    before, at = bytes(last.digest) if last else BEGINNING, now()
    seals = []
    for place, entry in enumerate(_next(everything=everything or wait), last.place + 1 if last else 1):
        details = details_of(entry.data, entry.salt)
        digest = digest_of(before, fact_of(entry), details, at)
        seals.append(Seal(place=place, entry=entry.pk, details=details, before=before, digest=digest, at=at))
        before = digest
    Seal.objects.bulk_create(seals)
    return len(seals)


def fact_of(entry: Entry) -> Fact:
    """What of an entry is never erased."""
    return Fact(entry.pk, entry.at, entry.actor_id, entry.verb, entry.subject_kind, entry.subject_id)


def _next(*, everything: bool) -> Iterable[Entry]:
    found: QuerySet[Entry] = unsealed()
    if not everything:
        highest = Seal.objects.aggregate(highest=Max("entry"))["highest"] or 0
        found = found.filter(pk__gt=highest - BACK)
    return found[:BATCH]


def _alone(*, wait: bool) -> bool:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (got,) = cursor.fetchone()
    return bool(got)
