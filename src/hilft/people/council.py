"""What is agreed with the works council: no figures of single people for others, unless an operator decides otherwise.

A figure is what is counted or measured of somebody's work: how many, how fast, how well. Who wrote or released
something is none, nor is a certificate, which is needed to know who may do what.
"""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from hilft.audit.commands import record
from hilft.people.models import CouncilMode, User
from hilft.people.queries import require

SMALLEST: Final = 10
"""People whose work a figure must be made of before others see it."""


def is_agreed() -> bool:
    """Whether the mode holds: it does unless an operator has switched it off."""
    latest = CouncilMode.objects.order_by("-pk").first()
    return latest is None or latest.on


def shows(viewer: User, people: Collection[int]) -> bool:
    """Whether somebody may see a figure made of these people's work: it is their own, of many, or nothing is agreed.

    A figure of nobody in particular (a mailbox, a queue) has no people and is shown.
    """
    of = set(people)
    return not of or of == {viewer.pk} or len(of) >= SMALLEST or not is_agreed()


def switches() -> list[CouncilMode]:
    """How the mode was switched, the latest first."""
    return list(CouncilMode.objects.select_related("by").order_by("-pk")[:20])


@transaction.atomic
def set_mode(*, by: User, on: bool) -> CouncilMode:
    """Switches the mode for the whole installation; everybody can read when it was switched, and by whom."""
    require(by, "council.manage")
    made = CouncilMode.objects.create(on=on, by=by)
    record(by=by, verb="people.set_council_mode", subject=made, on=on)
    return made
