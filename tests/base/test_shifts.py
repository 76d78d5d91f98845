"""Shifts that go on into the next day, over changes of the clock, holidays and days that differ."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.base.holidays import Region
from hilft.base.schedules import Schedule, Shifts, Spans

BERLIN = ZoneInfo("Europe/Berlin")
NONE: Spans = ()
NIGHT: Spans = ((1320, 1800),)
DAY: Spans = ((480, 1020),)


def at(moment: str) -> datetime:
    """`2026-11-25 10:00` on the wall clock in Berlin."""
    return datetime.fromisoformat(moment).replace(tzinfo=BERLIN)


def week(spans: Spans, **more: object) -> Schedule:
    return Schedule([Shifts("Europe/Berlin", (spans,) * 7, **more)])  # type: ignore[arg-type]


def weekdays(spans: Spans, **more: object) -> Schedule:
    return Schedule([Shifts("Europe/Berlin", (spans,) * 5 + (NONE, NONE), **more)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schedule", "moment", "open_"),
    [
        (weekdays(DAY), "2026-11-25 08:00", True),
        (weekdays(DAY), "2026-11-25 17:00", False),
        (weekdays(NIGHT), "2026-11-25 23:00", True),
        (weekdays(NIGHT), "2026-11-28 05:59", True),  # Friday's night on Saturday morning
        (weekdays(NIGHT), "2026-11-28 06:00", False),
        (weekdays(NIGHT), "2026-11-30 03:00", False),  # nobody began on Sunday
        # Christmas Day is a Friday in 2026
        (weekdays(NIGHT, region=Region.BE), "2026-12-25 03:00", True),  # the night before the holiday
        (weekdays(NIGHT, region=Region.BE), "2026-12-25 23:00", False),
        (weekdays(NIGHT, region=Region.BE), "2026-12-26 03:00", False),
        (weekdays(NIGHT, days={date(2026, 11, 25): NONE}), "2026-11-25 03:00", True),
        (weekdays(NIGHT, days={date(2026, 11, 25): NONE}), "2026-11-26 03:00", False),
        (weekdays(NONE, days={date(2026, 11, 28): NIGHT}), "2026-11-29 03:00", True),
        # the clock goes forward on 29 March and back on 25 October
        (week(NIGHT), "2026-03-29 03:30", True),
        (week(NIGHT), "2026-03-29 06:00", False),
        (week(NIGHT), "2026-10-25 05:59", True),
        (week(NIGHT), "2026-10-25 06:00", False),
    ],
)
def test_is_open(schedule: Schedule, moment: str, open_: bool):
    assert schedule.is_open(at(moment)) == open_


@pytest.mark.parametrize(
    ("schedule", "start", "end", "hours"),
    [
        (week(NIGHT), "2026-11-25 12:00", "2026-11-26 12:00", 8),
        (week(NIGHT), "2026-03-28 12:00", "2026-03-29 12:00", 7),
        (week(NIGHT), "2026-10-24 12:00", "2026-10-25 12:00", 9),
        (week(((0, 1440),)), "2026-10-25 00:00", "2026-10-26 00:00", 25),
        (week(((1320, 2760),)), "2026-11-25 00:00", "2026-11-26 00:00", 24),  # from 22 to 22, each day
        (
            week(((360, 720), (1320, 1860))),
            "2026-11-25 00:00",
            "2026-11-26 00:00",
            14,
        ),  # they overlap
    ],
)
def test_no_second_of_a_shift_counts_twice(schedule: Schedule, start: str, end: str, hours: float):
    assert schedule.worked(at(start), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("schedule", "moment", "following"),
    [
        (weekdays(DAY), "2026-11-25 10:00", ("2026-11-25 10:00", "2026-11-25 17:00")),
        (weekdays(DAY), "2026-11-25 18:00", ("2026-11-26 08:00", "2026-11-26 17:00")),
        (weekdays(DAY), "2026-11-27 18:00", ("2026-11-30 08:00", "2026-11-30 17:00")),
        (weekdays(NIGHT), "2026-11-25 23:00", ("2026-11-25 23:00", "2026-11-26 06:00")),  # over midnight
        (weekdays(NIGHT), "2026-11-26 07:00", ("2026-11-26 22:00", "2026-11-27 06:00")),
    ],
)
def test_the_shift_that_runs_or_comes(schedule: Schedule, moment: str, following: tuple[str, str]):
    assert schedule.following(at(moment)) == (at(following[0]), at(following[1]))


def test_no_shift_is_in_sight():
    assert week(NONE).following(at("2026-11-25 10:00")) is None


@pytest.mark.parametrize(
    "spans", [((1440, 1500),), ((600, 600),), ((600, 540),), ((600, 2041),), ((-1, 5),), ((540, 700), (690, 800))]
)
def test_shifts_that_make_no_sense_are_refused(spans: Spans):
    with pytest.raises(ValueError, match="Shifts must"):
        week(spans)


SPANS = st.builds(lambda begin, length: ((begin, begin + length),), st.integers(0, 1439), st.integers(1, 1440))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001  made aware at once


@given(st.tuples(*[st.one_of(st.just(NONE), SPANS)] * 7), MOMENTS, st.integers(0, 72))
def test_what_is_open_is_what_is_worked(days: tuple[Spans, ...], moment: datetime, hours: int):
    """Worked time adds up over any cut, never exceeds the time itself, and a moment is open as `following` says."""
    schedule = Schedule([Shifts("Europe/Berlin", days)])  # type: ignore[arg-type]  # seven of them
    middle, end = moment + timedelta(hours=hours), moment + timedelta(hours=72)
    whole = schedule.worked(moment, end)
    assert whole == schedule.worked(moment, middle) + schedule.worked(middle, end) <= timedelta(hours=72)
    following = schedule.following(moment)
    assert schedule.is_open(moment) == (following is not None and following[0] == moment)
    assert (following is None) == (not any(days))
    if following:
        assert schedule.worked(*following) == following[1] - following[0] > timedelta()
        assert schedule.is_open(following[0])
        assert not schedule.is_open(following[1])
