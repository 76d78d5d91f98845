"""Schedules in versions, promises, clocks that run, departments with their levels, and reports of a fault."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hilft.base import schedules
from hilft.base.holidays import Region
from hilft.channels.models import Account
from hilft.escalation.enums import (
    DispatchKind,
    DispatchState,
    HandOverState,
    Outcome,
    Reach,
    ReactionKind,
    What,
)
from hilft.inbox.enums import Priority
from hilft.inbox.models import Conversation, Message
from hilft.people.models import User


class Schedule(models.Model):
    """Business hours by name; what they are stands in its versions."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name

    def as_known(self, number: int | None = None) -> schedules.Schedule:
        """The hours as they were known with a version, so that a later change moves nothing that runs."""
        versions = self.versions.order_by("number")
        if number is not None:
            versions = versions.filter(number__lte=number)
        return schedules.Schedule([version.pure for version in versions])


class ScheduleVersion(models.Model):
    """The hours that hold from a moment on; never changed, only followed by another.

    `week` holds seven days from Monday, each a list of spans in minutes since midnight; `days` the same by ISO date.
    """

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    since = models.DateTimeField(null=True)
    zone = models.CharField(max_length=50, default="Europe/Berlin")
    week = models.JSONField()
    region = models.CharField(max_length=12, choices=[(region.value, region.value) for region in Region], blank=True)
    days = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("schedule", "number", name="schedule_version_once")]

    @property
    def pure(self) -> schedules.Version:
        """As the rules reckon with it; raises ValueError for hours that cannot be."""
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_spans, self.week)
        return schedules.Version(
            zone=self.zone,
            week=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
            region=Region(self.region) if self.region else None,
            days={date.fromisoformat(day): _spans(spans) for day, spans in self.days.items()},
            since=self.since,
        )


class Promise(models.Model):
    """How soon a reply comes: on a kind of channel and with a priority, empty for any; the most specific wins.

    Without a schedule it holds around the clock. `warn` and `alarm` are shares of the time in percent.
    """

    kind = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, blank=True)
    what = models.CharField(max_length=10, choices=What)
    minutes = models.PositiveIntegerField()
    schedule = models.ForeignKey(Schedule, models.PROTECT, null=True, blank=True, related_name="promises")
    warn = models.PositiveSmallIntegerField(default=50)
    alarm = models.PositiveSmallIntegerField(default=80)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "priority", "what", name="promise_once"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, warn__gt=0, warn__lt=models.F("alarm"), alarm__lt=100), name="promise_order"
            ),
        ]


class Clock(models.Model):
    """What was promised for one wait of a conversation, frozen when it began: nothing that changes later moves it.

    `version` is the schedule's newest when it began; `warns_at`, `alarms_at` and `due_at` were reckoned then, the
    others are when it happened. `late_since` is set where somebody had waited since then before anything was promised.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="clocks")
    what = models.CharField(max_length=10, choices=What)
    priority = models.CharField(max_length=10, choices=Priority)
    promise = models.ForeignKey(Promise, models.SET_NULL, null=True, related_name="+")
    minutes = models.PositiveIntegerField()
    version = models.ForeignKey(ScheduleVersion, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    late_since = models.DateTimeField(null=True)
    warns_at = models.DateTimeField()
    alarms_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("conversation", condition=Q(stopped_at=None), name="clock_running_once")]
        indexes = [
            models.Index(fields=["warns_at"], condition=Q(stopped_at=None, warned_at=None), name="clock_warns"),
            models.Index(fields=["alarms_at"], condition=Q(stopped_at=None, alarmed_at=None), name="clock_alarms"),
            models.Index(fields=["due_at"], condition=Q(stopped_at=None), name="clock_due"),
            models.Index(fields=["breached_at"], condition=Q(breached_at__isnull=False), name="clock_breached"),
        ]


class Department(models.Model):
    """Who knows or decides what the team cannot: by topic, with hours, and how they are reached.

    An expert is a department of one person, with one level. `account` is the mail account that writes to them; `url`
    and `secret` (sealed) are their own system's.
    """

    name = models.CharField(max_length=100, unique=True)
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    schedule = models.ForeignKey(Schedule, models.PROTECT, null=True, blank=True, related_name="departments")
    reach = models.CharField(max_length=10, choices=Reach)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    url = models.URLField(max_length=500, blank=True)
    secret = models.BinaryField(default=bytes)
    is_expert = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Level(models.Model):
    """Who in a department is asked first, second, …: an owner and a deputy, inside hilft or by address, and a clock."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True)
    deputy_address = models.EmailField(blank=True)
    acknowledge_minutes = models.PositiveIntegerField(default=120)
    answer_minutes = models.PositiveIntegerField(default=480)

    class Meta:
        constraints = [models.UniqueConstraint("department", "number", name="level_once")]

    def person(self, *, deputy: bool) -> User | None:
        """Its owner or deputy, where they work in hilft."""
        return self.deputy if deputy else self.owner

    def place(self, *, deputy: bool) -> str:
        """The address of its owner or deputy; empty where there is none, or they work here no longer."""
        user = self.person(deputy=deputy)
        if user is not None:
            return user.email if user.is_active else ""
        return self.deputy_address if deputy else self.address


class HandOver(models.Model):
    """A matter handed to a department; `thread` leads its answers back, `upto` is the last message that goes along."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handovers")
    department = models.ForeignKey(Department, models.PROTECT, related_name="handovers")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    thread = models.CharField(max_length=16, unique=True)
    asked = models.TextField()
    upto = models.BigIntegerField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=15, choices=HandOverState, default=HandOverState.OPEN)
    trouble = models.CharField(max_length=500, blank=True)
    stalled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], condition=~Q(state="closed"), name="handover_open"),
            models.Index(fields=["conversation", "-id"], name="handover_recent"),
        ]


class Turn(models.Model):
    """A hand-over lying with one level or its deputy; its clock begins when the request has left (`since`)."""

    handover = models.ForeignKey(HandOver, models.CASCADE, related_name="turns")
    level = models.ForeignKey(Level, models.PROTECT, related_name="turns")
    to_deputy = models.BooleanField(default=False)
    since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("handover", condition=Q(ended_at=None), name="turn_running_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="turn_due")]


class Dispatch(models.Model):
    """The outbox row of one mail or call to a department; `key` never changes, so a repeated mail is the same mail."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="dispatches")
    kind = models.CharField(max_length=10, choices=DispatchKind)
    key = models.UUIDField(unique=True)
    to = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=DispatchState, default=DispatchState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sending"]), name="dispatch_due")]


class Reaction(models.Model):
    """What came back for a hand-over, once; an answer also stands in the conversation as an internal note."""

    handover = models.ForeignKey(HandOver, models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=15, choices=ReactionKind)
    external_id = models.CharField(max_length=500)
    sender = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    note = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("handover", "external_id", name="reaction_once")]


class FaultReport(models.Model):
    """That a conversation reports a total failure, by somebody's word: the clock of section 58 TKG runs from `at`."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="fault")
    at = models.DateTimeField()
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)
    mended_at = models.DateTimeField(null=True)


def _spans(spans: list[list[int]]) -> schedules.Spans:
    return tuple((begin, end) for begin, end in spans)
