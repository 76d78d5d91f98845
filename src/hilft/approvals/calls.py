"""A request's own clock: at half time more people are called, a quarter of an hour before the end team leads are."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hilft.approvals.enums import Decision
from hilft.approvals.models import Approval, BrokenGlass
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.channels.inside import write
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.people.rules import may

ALARM: Final = timedelta(minutes=15)
QUEUE: Final = "/desk/freigaben/"


@transaction.atomic
def call() -> tuple[int, int]:
    """Every minute: for how many requests more people were called, and for how many team leads were alarmed."""
    at = now()
    waiting = list(
        Approval.objects.select_for_update(skip_locked=True).filter(decision=Decision.WAITING, alarmed_at=None)
    )
    half = [
        one for one in waiting if one.called_at is None and at >= one.asked_at + (one.expires_at - one.asked_at) / 2
    ]
    late = [one for one in waiting if at >= one.expires_at - ALARM]
    for one in half:
        one.called_at = at
        record(by=None, verb="approvals.call", subject=one)
    for one in late:
        one.alarmed_at = at
        record(by=None, verb="approvals.alarm", subject=one)
    Approval.objects.bulk_update({*half, *late}, ["called_at", "alarmed_at"])
    if half:
        write(_deciders(), *_words(len(half), late=False), path=QUEUE)
    if late:
        write((user for user in _deciders() if user.has_role("lead")), *_words(len(late), late=True), path=QUEUE)
    if half or late:
        tell("approvals", called=len(half), alarmed=len(late))
    return len(half), len(late)


def tell_of_glass(glass: BrokenGlass) -> None:
    """Who was named learns at once that a text left without a second person, and why."""
    with override(settings.LANGUAGE_CODE):
        subject = _("%(name)s released a text without a second person") % {"name": glass.by.name}
        text = _("The reason given: %(reason)s\n\nPlease review it within 24 hours:") % {"reason": glass.reason}
    write([glass.told], subject, text, path="/desk/notfaelle/")


def _deciders() -> list[User]:
    return [user for user in active_staff() if may(user, "draft.approve")]


def _words(count: int, *, late: bool) -> tuple[str, str]:
    with override(settings.LANGUAGE_CODE):
        subject = ngettext("%(n)s text waits for a second person", "%(n)s texts wait for a second person", count) % {
            "n": count
        }
        text = (
            _("In a quarter of an hour their time is over, and they go back to their authors.")
            if late
            else _("Half of their time is over. Whoever is free: please decide.")
        )
    return subject, text
