"""What the desk asks about clocks, promises, departments and hand-overs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet

from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.base.schedules import Schedule as Hours
from hilft.escalation.enums import HandOverState, What
from hilft.escalation.models import (
    Clock,
    Department,
    FaultReport,
    HandOver,
    Level,
    Promise,
    Reaction,
    Schedule,
    ScheduleVersion,
    Turn,
)
from hilft.escalation.rules import is_for, most_specific
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation, Message
from hilft.people.models import User
from hilft.people.queries import require

LATELY: Final = timedelta(days=90)
MOST: Final = 5000
"""Waits without a clock that are looked at in one go."""


class Ages(NamedTuple):
    """Clocks that run: how many in all, broken and due within the hour, by age; and promises broken today."""

    running: int
    broken: int
    soon: int
    hour: int
    four: int
    day: int
    older: int
    broken_today: int
    oldest: datetime | None


def running_clocks(conversations: Collection[int]) -> dict[int, Clock]:
    """For a list: the clock of each conversation that has one."""
    return {clock.conversation_id: clock for clock in _running(list(conversations))}


@prepared
def _running(conversations: Given) -> QuerySet[Clock]:
    return Clock.objects.filter(conversation__among=conversations, stopped_at=None).order_by("pk")


def lying_with(conversations: Collection[int]) -> dict[int, HandOver]:
    """For a list: the hand-over of each conversation that waits for a department, one that nobody answers first."""
    return {handover.conversation_id: handover for handover in reversed(_lying(list(conversations)))}


@prepared
def _lying(conversations: Given) -> QuerySet[HandOver]:
    open_ones = [HandOverState.OPEN, HandOverState.ACKNOWLEDGED]
    found = HandOver.objects.filter(conversation__among=conversations, state__in=open_ones)
    return found.select_related("department").order_by(F("stalled_at").desc(nulls_last=True), "pk")


def clocks_of(conversation: Conversation) -> list[Clock]:
    """A conversation's clocks, the running one first, then the latest."""
    return _clocks(conversation.pk)


@prepared
def _clocks(conversation: Given) -> QuerySet[Clock]:
    found = Clock.objects.filter(conversation=conversation).select_related("version__schedule")
    return found.order_by(F("stopped_at").desc(nulls_first=True), "-pk")[:5]


def fault_of(conversation: Conversation) -> FaultReport | None:
    """The report of a total failure, where somebody marked it as one."""
    return next(iter(_fault(conversation.pk)), None)


@prepared
def _fault(conversation: Given) -> QuerySet[FaultReport]:
    return FaultReport.objects.filter(conversation=conversation).select_related("marked_by").order_by("pk")[:1]


def due_clocks(user: User) -> QuerySet[Clock]:
    """Every clock that runs, what is due first at the top."""
    require(user, "deadline.see")
    found = Clock.objects.filter(stopped_at=None)
    return found.select_related("conversation__handle", "conversation__account", "conversation__assignee").order_by(
        "due_at", "pk"
    )


def ages(user: User, *, today: datetime) -> Ages:
    """How things stand now; `today` is when the day began."""
    require(user, "deadline.see")
    at = now()
    hour, four, day = (at - timedelta(hours=hours) for hours in (1, 4, 24))
    row = Clock.objects.filter(stopped_at=None).aggregate(
        running=Count("pk"),
        broken=Count("pk", filter=Q(due_at__lte=at)),
        soon=Count("pk", filter=Q(due_at__gt=at, due_at__lte=at + timedelta(hours=1))),
        hour=Count("pk", filter=Q(started_at__gt=hour)),
        four=Count("pk", filter=Q(started_at__gt=four, started_at__lte=hour)),
        day=Count("pk", filter=Q(started_at__gt=day, started_at__lte=four)),
        older=Count("pk", filter=Q(started_at__lte=day)),
        oldest=Min("started_at"),
    )
    return Ages(broken_today=Clock.objects.filter(breached_at__gte=today).count(), **row)


def schedules() -> QuerySet[Schedule]:
    """All schedules with their versions, the newest first."""
    versions = ScheduleVersion.objects.select_related("by").order_by("-number")
    return Schedule.objects.prefetch_related(Prefetch("versions", versions)).order_by("name", "pk")


def access_schedule(user: User, pk: int) -> Schedule:
    """One schedule, for those who decide on it."""
    require(user, "escalation.manage")
    return schedules().get(pk=pk)


def promises() -> QuerySet[Promise]:
    """All promises, by what they are about and where."""
    return Promise.objects.select_related("schedule").order_by("what", "kind", "priority", "pk")


def unpromised() -> dict[int, list[int]]:
    """Promise → conversations that wait without any clock and for which it would hold, the longest waiting first."""
    replied = Message.objects.filter(
        conversation=OuterRef("pk"), direction=Direction.OUT, at__lt=OuterRef("waiting_since")
    )
    running = Clock.objects.filter(conversation=OuterRef("pk"), stopped_at=None)
    waiting = Conversation.objects.standing().filter(waiting_since__isnull=False, automatic=False)
    rows = waiting.filter(~Exists(running)).annotate(answered=Exists(replied)).order_by("waiting_since", "pk")
    known = list(Promise.objects.order_by("pk"))
    found: dict[int, list[int]] = defaultdict(list)
    for pk, kind, priority, answered in rows.values_list("pk", "account__kind", "priority", "answered")[:MOST]:
        what = What.NEXT if answered else What.FIRST
        holds = [one for one in known if one.what == what and one.kind in ("", kind) and one.priority in ("", priority)]
        promise = most_specific(holds)
        if promise:
            found[promise.pk].append(pk)
    return dict(found)


def hours_on(kind: str) -> Hours | None:
    """The business hours in which a first reply is promised on a kind of channel, whatever its urgency."""
    found = Promise.objects.filter(what=What.FIRST, kind__in=["", kind], priority="", schedule__isnull=False)
    promise = most_specific(found.select_related("schedule").order_by("pk"))
    return promise.schedule.as_known() if promise and promise.schedule else None


def departments(*, topic: str = "") -> list[Department]:
    """Departments and experts that can be asked: those for a topic first, among them people before departments."""
    found = Department.objects.filter(is_active=True, levels__isnull=False).distinct().order_by("name", "pk")
    found = found.prefetch_related("levels__owner", "levels__deputy")
    return sorted(found, key=lambda one: (not is_for(one, topic), one.is_expert != is_for(one, topic)))


def all_departments() -> QuerySet[Department]:
    """Every department with its levels."""
    levels = Level.objects.select_related("owner", "deputy").order_by("number")
    return (
        Department.objects.select_related("schedule", "account")
        .prefetch_related(Prefetch("levels", levels))
        .order_by("-is_active", "name", "pk")
    )


def access_department(user: User, pk: int) -> Department:
    """One department, for those who decide on it."""
    require(user, "escalation.manage")
    return all_departments().get(pk=pk)


def handovers_in(strands: Collection[int]) -> list[HandOver]:
    """The hand-overs of a conversation's strands, the latest first, with where they lie and what came back."""
    return _handovers(list(strands))


@prepared
def _handovers(strands: Given) -> QuerySet[HandOver]:
    return _with_all(HandOver.objects.filter(conversation__among=strands)).order_by("-pk")


def open_handovers(user: User) -> QuerySet[HandOver]:
    """What lies with departments: what nobody there answers first, then what is due next."""
    require(user, "desk.see")
    found = HandOver.objects.exclude(state=HandOverState.CLOSED)
    due = Max("turns__due_at", filter=Q(turns__ended_at=None))
    return (
        _with_all(found)
        .annotate(due=due)
        .order_by(F("stalled_at").asc(nulls_last=True), F("due").asc(nulls_last=True), "pk")
    )


def access_handover(user: User, pk: int, *, action: str = "handover.make") -> HandOver:
    """One hand-over, for those whose roles cover the action."""
    require(user, action)
    return HandOver.objects.select_related("department", "conversation").get(pk=pk)


def waits_outside(conversation: Conversation) -> bool:
    """Whether a department still owes an answer."""
    return conversation.handovers.filter(state__in=[HandOverState.OPEN, HandOverState.ACKNOWLEDGED]).exists()


def _with_all(found: QuerySet[HandOver]) -> QuerySet[HandOver]:
    turns = Turn.objects.select_related("level").prefetch_related("dispatches").order_by("-pk")
    return found.select_related(
        "department", "by", "conversation__handle", "conversation__account", "conversation__assignee"
    ).prefetch_related(Prefetch("turns", turns), Prefetch("reactions", Reaction.objects.order_by("at", "pk")))
