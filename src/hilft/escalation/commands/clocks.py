"""Clocks start with a customer's message, stop with a reply, and warn before what was promised is over."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.schedules import NeverOpen, always
from hilft.channels.inside import write
from hilft.escalation.enums import Outcome, What
from hilft.escalation.models import Clock, Promise
from hilft.escalation.notices import leads_of
from hilft.escalation.queries import unpromised
from hilft.escalation.rules import Moments, moments, most_specific
from hilft.inbox.commands import note_due
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation
from hilft.people.models import User
from hilft.people.queries import require

MOST: Final = 500
"""Clocks that one run looks at; what is left comes with the next minute."""


@transaction.atomic
def keep_time(*, conversation: Conversation) -> Clock | None:
    """Starts, restarts or stops the conversation's clock, as it waits now; returns the one that runs."""
    conversation = (
        Conversation.objects.select_for_update(of=("self",)).select_related("account").get(pk=conversation.pk)
    )
    running = conversation.clocks.select_for_update(of=("self",)).filter(stopped_at=None).first()
    since = conversation.waiting_since
    if running and (since is None or conversation.automatic):
        _stop(running)
        running = None
    elif running and since and (_begins_earlier(running, since) or conversation.priority != running.priority):
        running = _restart(running, conversation, since)
    elif since and running is None and not conversation.automatic:
        running = _revive(conversation, since) or _start(conversation, since)
    note_due(conversation=conversation, at=running.due_at if running else None)
    return running


@transaction.atomic
def start_clocks(*, by: User, promise: Promise) -> int:
    """Promises it to those who wait already and were promised nothing, from now on; returns how many.

    `unpromised` says beforehand how many. Whoever has a clock keeps what was promised when it began.
    """
    require(by, "escalation.manage")
    waiting = unpromised().get(promise.pk, [])
    started = 0
    for conversation in Conversation.objects.select_for_update(of=("self",)).filter(pk__in=waiting).order_by("pk"):
        clock = _start(conversation, now(), late_since=conversation.waiting_since)
        if clock:
            note_due(conversation=conversation, at=clock.due_at)
            tell("inbox", conversation=conversation.pk)
            started += 1
    record(by=by, verb="escalation.start_clocks", subject=promise, number=started)
    return started


@transaction.atomic
def watch() -> int:
    """Every minute: tells of clocks that are half over or nearly over, and writes down which have run out."""
    at = now()
    due = (
        Q(warned_at=None, warns_at__lte=at)
        | Q(alarmed_at=None, alarms_at__lte=at)
        | Q(breached_at=None, due_at__lte=at)
    )
    found = list(
        Clock.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(due, stopped_at=None)
        .select_related("conversation__assignee", "conversation__team", "conversation__handle")
        .order_by("due_at", "pk")[:MOST]
    )
    warned = [clock for clock in found if clock.warned_at is None]
    alarmed = [clock for clock in found if clock.alarmed_at is None and clock.alarms_at <= at]
    breached = [clock for clock in found if clock.breached_at is None and clock.due_at <= at]
    for clock in warned:
        clock.warned_at = at
        record(by=None, verb="escalation.warn", subject=clock.conversation, due=clock.due_at.isoformat())
    for clock in alarmed:
        clock.alarmed_at = at
        record(by=None, verb="escalation.alarm", subject=clock.conversation, due=clock.due_at.isoformat())
    for clock in breached:
        clock.breached_at = at
        record(by=None, verb="escalation.breach", subject=clock.conversation, due=clock.due_at.isoformat())
    Clock.objects.bulk_update(found, ["warned_at", "alarmed_at", "breached_at"])
    late = {clock.pk for clock in alarmed}
    _call([clock for clock in warned if clock.pk not in late], _assignees)
    _call(alarmed, _assignees_and_leads)
    for clock in found:
        tell("inbox", conversation=clock.conversation_id)
        tell(f"conversation-{clock.conversation_id}")
    return len(found)


def _begins_earlier(running: Clock, since: datetime) -> bool:
    """Whether a message came in late that the wait begins with; a promise made in mid-wait does not begin before it."""
    return running.late_since is None and since < running.started_at


def _start(conversation: Conversation, since: datetime, *, late_since: datetime | None = None) -> Clock | None:
    """Which reply it is that is waited for follows from when the wait began; the time counts from `since`."""
    what, promise = _promised(conversation, late_since or since)
    if promise is None:
        return None
    found = _moments(promise, since)
    if found is None:
        return None
    return Clock.objects.create(
        conversation=conversation,
        what=what,
        priority=conversation.priority,
        promise=promise,
        minutes=promise.minutes,
        version=promise.schedule.versions.order_by("-number").first() if promise.schedule else None,
        started_at=since,
        late_since=late_since,
        **found._asdict(),
    )


def _restart(running: Clock, conversation: Conversation, since: datetime) -> Clock | None:
    """An earlier message came in late, or the matter is more or less urgent: as if it had been so from the beginning.

    What people were told already stays told, a promise that was broken stays broken, and where nothing is promised any
    more this wait keeps what it had.
    """
    begin = since if _begins_earlier(running, since) else running.started_at
    if _promised(conversation, running.late_since or begin)[1] is None:
        running.priority = conversation.priority
        running.save(update_fields=["priority"])
        return running
    told = {name: getattr(running, name) for name in ("warned_at", "alarmed_at", "breached_at")}
    running.delete()
    clock = _start(conversation, begin, late_since=running.late_since)
    if clock:
        Clock.objects.filter(pk=clock.pk).update(**told)
        clock.refresh_from_db()
    return clock


def _revive(conversation: Conversation, since: datetime) -> Clock | None:
    """A conversation that was closed without a reply and opened again has the clock it had."""
    last = conversation.clocks.order_by("-started_at", "-pk").first()
    if last is None or last.outcome != Outcome.CLOSED or last.stopped_at is None or since > last.stopped_at:
        return None
    last.stopped_at, last.outcome = None, ""
    last.save(update_fields=["stopped_at", "outcome"])
    return last


def _stop(clock: Clock) -> None:
    replied = (
        clock.conversation.messages.filter(direction=Direction.OUT)
        .filter(Q(at__gte=clock.started_at) | Q(received_at__gte=clock.started_at))
        .order_by("at", "pk")
        .values_list("at", flat=True)
        .first()
    )
    clock.stopped_at = max(replied, clock.started_at) if replied else now()
    clock.outcome = Outcome.REPLIED if replied else Outcome.CLOSED
    if clock.breached_at is None and clock.stopped_at > clock.due_at:
        clock.breached_at = clock.due_at
    clock.save(update_fields=["stopped_at", "outcome", "breached_at"])


def _promised(conversation: Conversation, since: datetime) -> tuple[What, Promise | None]:
    replied = conversation.messages.filter(direction=Direction.OUT, at__lt=since).exists()
    what = What.NEXT if replied else What.FIRST
    found = Promise.objects.filter(
        what=what, kind__in=["", conversation.account.kind], priority__in=["", conversation.priority]
    )
    return what, most_specific(found.select_related("schedule").order_by("pk"))


def _moments(promise: Promise, since: datetime) -> Moments | None:
    try:
        return moments(promise, promise.schedule.as_known() if promise.schedule else always(), since)
    except NeverOpen:
        return None


def _call(clocks: Iterable[Clock], whom: Callable[[Clock], Iterable[User]]) -> None:
    """One mail a person, whatever the number of clocks."""
    by_person: dict[User, list[Clock]] = defaultdict(list)
    for clock in clocks:
        for user in dict.fromkeys(whom(clock)):
            by_person[user].append(clock)
    for user, theirs in by_person.items():
        write([user], *_words(theirs), path="/desk/anliegen/?view=open")


def _assignees(clock: Clock) -> list[User]:
    return [clock.conversation.assignee] if clock.conversation.assignee else []


def _assignees_and_leads(clock: Clock) -> list[User]:
    return [*_assignees(clock), *leads_of(clock.conversation)]


def _words(clocks: list[Clock]) -> tuple[str, str]:
    with override(settings.LANGUAGE_CODE):
        subject = ngettext("%(n)s reply is due soon", "%(n)s replies are due soon", len(clocks)) % {"n": len(clocks)}
        lines = [_line(clock) for clock in clocks[:20]]
        return subject, "\n".join([_("Somebody waits, and what was promised is nearly over:"), "", *lines])


def _line(clock: Clock) -> str:
    due = formats.date_format(timezone.localtime(clock.due_at), "SHORT_DATETIME_FORMAT")
    path = f"{settings.HILFT.public_url}/desk/anliegen/{clock.conversation_id}/"
    return f"{due} · {clock.conversation.handle.shown} · {path}"
