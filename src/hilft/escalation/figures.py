"""Times to acknowledge and to answer, per level: Kaplan–Meier medians, so that what is still open counts as open."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hilft.base.clock import now
from hilft.base.schedules import Schedule, always
from hilft.escalation.models import Department, Level, Turn
from hilft.people.council import shows
from hilft.people.models import User

LATELY: Final = timedelta(days=90)
MOST: Final = 5000
"""The latest turns that figures are made of."""


class Median(NamedTuple):
    """The time by which half have happened, None where fewer than half are known to have; of n cases, so many open."""

    time: timedelta | None
    n: int
    open: int


class Figures(NamedTuple):
    """What a level takes, in its department's working time."""

    level: Level
    acknowledge: Median
    answer: Median


def median(times: Iterable[tuple[timedelta, bool]]) -> Median:
    """The Kaplan–Meier median of times, each with whether it happened then or was merely not seen to happen until then.

    S(t) = Π(1 − dᵢ/nᵢ) over the times at which something happened (Kaplan and Meier 1958); the first t with S(t) ≤ ½.
    """
    known = sorted(times, key=lambda one: (one[0], not one[1]))
    left, surviving, found = len(known), 1.0, None
    for time, happened in known:
        if happened:
            surviving *= 1 - 1 / left
            if surviving <= 0.5 and found is None:
                found = time
        left -= 1
    return Median(found, len(known), sum(not happened for _time, happened in known))


def by_level(viewer: User) -> list[Figures]:
    """Every level that was asked in the last 90 days, by department and number, but none that is one other person."""
    rows = Turn.objects.filter(since__gte=now() - LATELY).select_related("level__department__schedule")
    turns: dict[Level, list[Turn]] = defaultdict(list)
    for turn in rows.order_by("-pk")[:MOST]:
        turns[turn.level].append(turn)
    turns = {level: its for level, its in turns.items() if shows(viewer, _people(level))}
    hours = {level.department: _hours(level.department) for level in turns}
    found = [
        Figures(
            level,
            median(_time(turn, turn.acknowledged_at, hours[level.department]) for turn in its),
            median(_time(turn, turn.answered_at, hours[level.department]) for turn in its),
        )
        for level, its in turns.items()
    ]
    return sorted(found, key=lambda one: (one.level.department.name, one.level.number))


def _people(level: Level) -> set[int]:
    """Who in hilft its times are made of; a mailbox and a system are nobody."""
    return {pk for pk in (level.owner_id, level.deputy_id) if pk}


def _hours(department: Department) -> Schedule:
    return department.schedule.as_known() if department.schedule else always()


def _time(turn: Turn, at: datetime | None, hours: Schedule) -> tuple[timedelta, bool]:
    end = at or turn.ended_at or now()
    return hours.worked(turn.since or end, end), at is not None
