"""The only writers of entries; their seals come from sealing.py."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Model

from hilft.audit.models import Entry
from hilft.audit.sealing import seal_all
from hilft.audit.verifying import Report
from hilft.audit.witnesses import Witness
from hilft.base.clock import now
from hilft.base.queue import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

ONCE: Final = timedelta(hours=1)
"""Who looks at the same thing again within this time is not written down again."""

LOOKED: Final = """
INSERT INTO audit_entry (at, actor_id, verb, subject_kind, subject_id, data)
SELECT %(at)s, %(actor)s, %(verb)s, %(kind)s, %(subject)s, %(data)s::jsonb WHERE NOT EXISTS (
  SELECT FROM audit_entry WHERE subject_kind = %(kind)s
  AND (subject_id = %(subject)s OR %(subject)s::bigint IS NULL AND subject_id IS NULL)
  AND at > %(since)s AND actor_id = %(actor)s AND verb = %(verb)s AND data = %(data)s::jsonb
)
"""


def record(*, by: "AbstractBaseUser | None", verb: str, subject: Model | None, **data: object) -> None:
    """Adds one entry with the caller's transaction; `by` is None for what hilft does on its own."""
    Entry.objects.create(
        actor=by,  # type: ignore[misc]  # the user model is set by configuration
        verb=verb,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        data=data,
    )


def look(*, by: "AbstractBaseUser", verb: str, subject: Model | None = None, **data: object) -> None:
    """Notes that somebody saw personal data, once per person, thing and hour, in one statement of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            LOOKED,
            {
                "at": now(),
                "since": now() - ONCE,
                "actor": by.pk,
                "verb": verb,
                "kind": subject._meta.label_lower if subject else "",
                "subject": subject.pk if subject else None,
                "data": json.dumps(data),
            },
        )


@transaction.atomic
def ask_to_verify(*, by: "AbstractBaseUser") -> None:
    """Has a worker walk the whole chain."""
    record(by=by, verb="audit.ask_to_verify", subject=None)
    enqueue("audit.verify", timestamp=0)


@transaction.atomic
def erase(*, by: "AbstractBaseUser | None", entry: Entry, reason: str) -> None:
    """Empties what an entry says beyond who, what and when; the chain still holds, and says that this was done."""
    record(by=by, verb="audit.erase", subject=entry, reason=reason)
    seal_all(wait=True)
    Entry.objects.filter(pk=entry.pk).update(data={}, salt=None)


def note_verified(*, by: "AbstractBaseUser | None", report: Report) -> None:
    """Keeps what a verification found, in the record itself."""
    first = report.findings[0] if report.findings else None
    record(
        by=by,
        verb="audit.verify",
        subject=None,
        ok=report.ok,
        places=report.places,
        head=report.head,
        found=f"{first.kind} {first.entry or first.place}" if first else "",
    )


def resume(*, by: "AbstractBaseUser | None", after: int, lost: Witness | None, reason: str) -> None:
    """Says in the record that what was witnessed after a place is lost, for instance with a restored backup."""
    gone = {"lost": lost.place, "digest": lost.digest} if lost else {}
    record(by=by, verb="audit.resume", subject=None, after=after, reason=reason, **gone)
    seal_all(wait=True)
