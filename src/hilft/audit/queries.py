"""What screens, exports and the sealer ask about the record."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from hilft.audit.models import Entry, Seal


class Asked(NamedTuple):
    """What somebody looks for; empty parts do not narrow."""

    actor: int | None = None
    verb: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def entries(asked: Asked) -> QuerySet[Entry]:
    """The entries asked for, newest first by number: times may repeat, numbers do not."""
    narrowing = {
        "actor": asked.actor,
        "verb": asked.verb,
        "subject_kind": asked.subject_kind,
        "subject_id": asked.subject_id,
        "at__gte": asked.since,
        "at__lt": asked.until,
    }
    wanted = {name: value for name, value in narrowing.items() if value not in (None, "")}
    return Entry.objects.filter(**wanted).select_related("actor").order_by("-pk")


def head() -> Seal | None:
    """The newest place of the chain."""
    return Seal.objects.order_by("-place").first()


def written_since(seal: Seal | None) -> int:
    """How many entries came after the last sealed one; cheap, for a page."""
    return Entry.objects.filter(pk__gt=seal.entry if seal else 0).count()


def unsealed() -> QuerySet[Entry]:
    """Entries without a place in the chain, in the order of their numbers."""
    sealed = Seal.objects.filter(entry=OuterRef("pk"))
    return Entry.objects.filter(~Exists(sealed)).order_by("pk")


def last_verification() -> Entry | None:
    """What the newest verification found."""
    return Entry.objects.filter(verb="audit.verify").order_by("-pk").first()
