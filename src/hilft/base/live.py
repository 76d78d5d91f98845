"""Tells open pages that something changed, with the commit that changed it."""

from datetime import timedelta

from hilft.base.clock import now
from hilft.base.models import Change

KEEP = timedelta(hours=1)


def tell(topic: str, **data: object) -> None:
    """Records a change of `topic`; a database trigger notifies the live servers on commit."""
    Change.objects.create(topic=topic, data=data)


def newest() -> int:
    """The number of the latest committed change, 0 before the first."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def forget() -> int:
    """Drops changes that no page will ask for any more; returns how many."""
    return Change.objects.filter(at__lt=now() - KEEP).delete()[0]
