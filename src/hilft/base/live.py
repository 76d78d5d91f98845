"""Tells open pages that something changed, with the commit that changed it."""

from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from hilft.base.clock import now
from hilft.base.models import Change
from hilft.base.prepared import prepared

KEEP = timedelta(hours=1)
SIGNED_OUT: Final = "signed-out"
"""The topic of a change after which one person's open pages hear nothing more; its data is `user`."""


def tell(topic: str, **data: object) -> None:
    """Records a change of `topic`; a database trigger notifies the live servers on commit."""
    Change.objects.create(topic=topic, data=data)


def newest() -> int:
    """The number of the latest committed change, 0 before the first."""
    return next((change.pk for change in _newest()), 0)


@prepared
def _newest() -> QuerySet[Change]:
    return Change.objects.order_by("-pk").only("pk")[:1]


def forget() -> int:
    """Drops changes that no page will ask for any more; returns how many."""
    return Change.objects.filter(at__lt=now() - KEEP).delete()[0]
