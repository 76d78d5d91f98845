"""Which promise holds, what it comes to in moments, and when a department's turn is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from hilft.base.schedules import NeverOpen, Schedule, always
from hilft.escalation.models import Department, Level, Promise, ScheduleVersion, Turn


class Moments(NamedTuple):
    """When a promise that began is half over (or as its data says), nearly over, and over."""

    warns_at: datetime
    alarms_at: datetime
    due_at: datetime


def most_specific(promises: Iterable[Promise]) -> Promise | None:
    """The promise that says most about its case: channel and priority, then priority, then channel, then any.

    Somebody called the matter urgent; the channel is merely where it came from.
    """
    return max(promises, key=lambda promise: (bool(promise.priority), bool(promise.kind)), default=None)


def moments(promise: Promise, schedule: Schedule, start: datetime) -> Moments:
    """Its moments by the hours as they are known now; raises NeverOpen."""
    whole = timedelta(minutes=promise.minutes)
    warns, alarms, due = (schedule.due(start, whole * share / 100) for share in (promise.warn, promise.alarm, 100))
    return Moments(warns, alarms, due)


def hours_of(version: ScheduleVersion | None) -> Schedule:
    """The hours as they were known with a version; around the clock without one."""
    return version.schedule.as_known(version.number) if version else always()


def is_for(department: Department, topic: str) -> bool:
    """Whether a department looks after a topic."""
    return bool(topic) and topic.casefold() in {name.casefold() for name in department.topics}


def due_after(department: Department, start: datetime, minutes: int) -> datetime:
    """When a department has had so much of its working time; by the wall clock where it has no hours (any more)."""
    after = timedelta(minutes=minutes)
    try:
        return (department.schedule.as_known() if department.schedule else always()).due(start, after)
    except NeverOpen:
        return start + after


def due_of(turn: Turn) -> datetime | None:
    """By when a turn is to be taken on, or answered once it was; None while the request has not left."""
    if turn.since is None:
        return None
    level = turn.level
    minutes = level.answer_minutes if turn.acknowledged_at else level.acknowledge_minutes
    return due_after(level.department, turn.since, minutes)


def place_after(turn: Turn, levels: Iterable[Level]) -> tuple[Level, bool] | None:
    """Where a matter goes that a level let lie: to its deputy, then to the next level; None at the end."""
    if not turn.to_deputy and turn.level.place(deputy=True):
        return turn.level, True
    further = [level for level in levels if level.number > turn.level.number]
    return (min(further, key=lambda level: level.number), False) if further else None
