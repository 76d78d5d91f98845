"""Business hours as pure rules: how much time was worked between two moments, and when so much will have been.

Hours are wall-clock times in a zone; every span becomes two moments of UTC before anything is added up, so that the
day a clock changes has as many hours as it has. No second counts twice, none is negative.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from hilft.base.holidays import Region, holidays

DAY: Final = timedelta(days=1)
MINUTES: Final = 24 * 60
FAR: Final = 800
"""Days that are looked through for hours; a schedule that is closed for longer will never open."""
AHEAD: Final = 60
"""Days that are looked through for somebody's next shift."""

Spans = tuple[tuple[int, int], ...]
"""Open times of a day in minutes since its midnight: (540, 1080) is from 9 to 18 o'clock."""

Interval = tuple[datetime, datetime]
OPEN_ALL_DAY: Final[Spans] = ((0, MINUTES),)


class NeverOpen(Exception):
    """So much time will not be worked: the schedule has no hours any more."""


@dataclass(frozen=True)
class Version:
    """The hours that hold from a moment on: seven days from Monday, holidays, and days that differ."""

    zone: str
    week: tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
    region: Region | None = None
    days: Mapping[date, Spans] = field(default_factory=dict)
    since: datetime | None = None

    def __post_init__(self) -> None:
        for spans in (*self.week, *self.days.values()):
            flat = [minute for span in spans for minute in span]
            if flat != sorted(flat) or any(begin >= end for begin, end in spans) or not _within(flat):
                raise ValueError(f"Open times must follow one another within a day: {spans}")

    def spans(self, day: date) -> Spans:
        """The open times of a day: those of the day itself, none on a holiday, else those of the week."""
        if day in self.days:
            return self.days[day]
        if self.region is not None and day in holidays(self.region, day.year):
            return ()
        return self.week[day.weekday()]

    def intervals(self, day: date) -> Iterator[Interval]:
        """The same as moments in UTC; a span that the clock leaps over is gone."""
        zone = ZoneInfo(self.zone)
        for begin, end in self.spans(day):
            opens, closes = _moment(day, begin, zone), _moment(day, end, zone)
            if opens < closes:
                yield opens, closes

    def day_of(self, at: datetime) -> date:
        """The day on the wall calendar there."""
        return at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Shifts(Version):
    """Hours in which a span may go on into the next day, (1320, 1800) being 22 to 6 o'clock; it is its first day's.

    So a holiday, or a day that differs, takes the shift away that begins on it and leaves the night before alone.
    """

    def __post_init__(self) -> None:
        for spans in (*self.week, *self.days.values()):
            apart = all(first[1] <= second[0] for first, second in pairwise(spans))
            if not apart or not all(0 <= begin < MINUTES and begin < end <= begin + MINUTES for begin, end in spans):
                raise ValueError(f"Shifts must follow one another and be no longer than a day: {spans}")

    def spans(self, day: date) -> Spans:
        """What is open on the calendar day: the night before as far as it reaches, and the day's own shifts."""
        night = [(max(begin - MINUTES, 0), end - MINUTES) for begin, end in super().spans(day - DAY) if end > MINUTES]
        own = [(begin, min(end, MINUTES)) for begin, end in super().spans(day)]
        return _together([*night, *own])


@dataclass(frozen=True)
class Schedule:
    """All versions in the order in which they begin to hold; the first also holds for everything before it."""

    versions: Sequence[Version]

    def __post_init__(self) -> None:
        later = [version.since for version in self.versions[1:]]
        if not self.versions or None in later or later != sorted(set(filter(None, later))):
            raise ValueError("A schedule needs versions that begin one after the other.")

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` until `end`, each part by the version that held then; zero when turned around."""
        return sum((closes - opens for opens, closes in self._open(start, end)), timedelta())

    def due(self, start: datetime, after: timedelta) -> datetime:
        """The first moment at which so much open time has passed since `start`; raises NeverOpen."""
        if after < timedelta():
            raise ValueError("Nothing is due before it began.")
        left, reached = after, start.astimezone(UTC)
        if not left:
            return reached
        last = max([reached, *(version.since for version in self.versions if version.since)])
        while found := list(self._open(reached, max(reached, last) + FAR * DAY)):
            for opens, closes in found:
                if closes - opens >= left:
                    return opens + left
                left -= closes - opens
            reached = max(reached, last) + FAR * DAY
        raise NeverOpen(f"{after} will not have passed after {start}: there are no open times any more.")

    def is_open(self, at: datetime) -> bool:
        """Whether this moment lies within open times; the end of one does not."""
        return any(self._open(at, at + datetime.resolution))

    def following(self, at: datetime) -> Interval | None:
        """The open time that this moment lies in, from then on, or the next one; None where none comes in 60 days."""
        found: Interval | None = None
        for opens, closes in self._open(at, at + AHEAD * DAY):
            if found and opens > found[1]:
                break
            found = (found[0] if found else opens, closes)
        return found

    def _open(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Every open interval between two moments, in order, cut to them and to each version's validity."""
        begins = [version.since or datetime.min.replace(tzinfo=UTC) for version in self.versions]
        at, until = start.astimezone(UTC), end.astimezone(UTC)
        first = max(bisect_right(begins, at) - 1, 0)
        for number, version in enumerate(self.versions[first:], first):
            stop = min(until, begins[number + 1].astimezone(UTC)) if number + 1 < len(begins) else until
            yield from _cut(version, at, stop)
            at = max(at, stop)


def always() -> Schedule:
    """Around the clock, every day."""
    day = OPEN_ALL_DAY
    return Schedule([Version("UTC", (day, day, day, day, day, day, day))])


def _cut(version: Version, start: datetime, end: datetime) -> Iterator[Interval]:
    if start >= end:
        return
    day, last = version.day_of(start) - DAY, version.day_of(end)
    while day <= last:
        for opening, closing in version.intervals(day):
            opens, closes = max(opening, start), min(closing, end)
            if opens < closes:
                yield opens, closes
        day += DAY


def _together(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same times with none of them twice, in their order."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def _within(minutes: Sequence[int]) -> bool:
    return not minutes or (minutes[0] >= 0 and minutes[-1] <= MINUTES)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment of a wall-clock time: the first of two, and the leap itself where the clock leaps over it."""
    days, minute = divmod(minute, MINUTES)
    wall = datetime.combine(day + days * DAY, time(minute // 60, minute % 60), zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    before, after = wall.replace(fold=1).astimezone(UTC), moment
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        between = before + (after - before) // 2
        before, after = (before, between) if between.astimezone(zone).utcoffset() == offset else (between, after)
    return after.replace(microsecond=0)
