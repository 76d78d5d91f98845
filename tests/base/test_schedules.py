"""Business hours over zones, both changes of the clock, holidays, and a schedule that changes in mid-case."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.base.holidays import Region
from hilft.base.schedules import OPEN_ALL_DAY, NeverOpen, Schedule, Spans, Version, always

NINE_TO_SIX: Spans = ((9 * 60, 18 * 60),)
NONE: Spans = ()
OFFICE = (NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, NONE, NONE)
DAILY = (OPEN_ALL_DAY,) * 7
LUNCH: Spans = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
NIGHT: Spans = ((0, 6 * 60), (22 * 60, 24 * 60))


def at(moment: str) -> datetime:
    """`2026-11-25 10:00+01:00`; without an offset UTC."""
    found = datetime.fromisoformat(moment)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def office(zone: str = "Europe/Berlin", **more: object) -> Schedule:
    return Schedule([Version(zone, OFFICE, **more)])  # type: ignore[arg-type]


def nights() -> Schedule:
    return Schedule([Version("Europe/Berlin", (NIGHT,) * 7)])


@pytest.mark.parametrize(
    ("schedule", "start", "end", "hours"),
    [
        (office(), "2026-11-25 10:00+01:00", "2026-11-25 11:30+01:00", 1.5),
        (office(), "2026-11-25 17:00+01:00", "2026-11-26 10:00+01:00", 2),
        (office(), "2026-11-25 03:00+01:00", "2026-11-25 23:00+01:00", 9),
        (office(), "2026-11-27 17:00+01:00", "2026-11-30 10:00+01:00", 2),  # a weekend
        (office(), "2026-11-28 10:00+01:00", "2026-11-29 10:00+01:00", 0),
        (office(), "2026-11-25 12:00+01:00", "2026-11-25 11:00+01:00", 0),  # turned around
        (office("America/New_York"), "2026-11-25 10:00+01:00", "2026-11-25 16:00+01:00", 1),
        (office("Asia/Kolkata"), "2026-11-25 03:00", "2026-11-25 04:30", 1),
        (office("Pacific/Auckland"), "2026-11-24 20:00", "2026-11-25 06:00", 9),
        # the clock goes forward on 29 March and back on 25 October
        (always(), "2026-03-29 00:00+01:00", "2026-03-30 00:00+02:00", 23),
        (always(), "2026-10-25 00:00+02:00", "2026-10-26 00:00+01:00", 25),
        (Schedule([Version("Europe/Berlin", DAILY)]), "2026-03-29 00:00+01:00", "2026-03-30 00:00+02:00", 23),
        (Schedule([Version("Europe/Berlin", DAILY)]), "2026-10-25 00:00+02:00", "2026-10-26 00:00+01:00", 25),
        (nights(), "2026-03-28 12:00+01:00", "2026-03-29 12:00+02:00", 7),
        (nights(), "2026-10-24 12:00+02:00", "2026-10-25 12:00+01:00", 9),
        (office(), "2026-03-27 17:00+01:00", "2026-03-30 10:00+02:00", 2),
        (office(), "2026-10-23 17:00+02:00", "2026-10-26 10:00+01:00", 2),
        # 27 May 2027 is Corpus Christi, which is a holiday in some states
        (office(region=Region.NW), "2027-05-27 00:00+02:00", "2027-05-28 00:00+02:00", 0),
        (office(region=Region.BE), "2027-05-27 00:00+02:00", "2027-05-28 00:00+02:00", 9),
        (office(region=Region.NW), "2026-12-31 17:00+01:00", "2027-01-04 10:00+01:00", 2),
        # a day of its own, open although a holiday, or closed although a Wednesday
        (
            office(region=Region.NW, days={date(2027, 5, 27): ((600, 720),)}),
            "2027-05-27 00:00+02:00",
            "2027-05-28 00:00+02:00",
            2,
        ),
        (office(days={date(2026, 11, 25): NONE}), "2026-11-25 00:00+01:00", "2026-11-26 00:00+01:00", 0),
        (Schedule([Version("Europe/Berlin", (LUNCH,) * 7)]), "2026-11-25 11:00+01:00", "2026-11-25 14:00+01:00", 2),
    ],
)
def test_worked(schedule: Schedule, start: str, end: str, hours: float):
    assert schedule.worked(at(start), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("spans", "day", "hours"),
    [
        (((120, 180),), "2026-03-29", 0),  # two to three o'clock is leapt over
        (((150, 240),), "2026-03-29", 1),  # half past two to four begins at three
        (((60, 150),), "2026-03-29", 1),  # one to half past two ends at the leap
        (((120, 180),), "2026-10-25", 2),  # two to three o'clock comes twice
        (((0, 150), (150, 240)), "2026-10-25", 5),  # neighbours share no second of it
    ],
)
def test_hours_within_the_change_of_the_clock(spans: Spans, day: str, hours: float):
    schedule = Schedule([Version("Europe/Berlin", (NONE,) * 7, days={date.fromisoformat(day): spans})])
    around = at(f"{day} 12:00") - timedelta(days=2), at(f"{day} 12:00") + timedelta(days=2)
    assert schedule.worked(*around) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("schedule", "start", "after", "due"),
    [
        (office(), "2026-11-25 10:00+01:00", 4, "2026-11-25 14:00+01:00"),
        (office(), "2026-11-25 10:00+01:00", 8, "2026-11-25 18:00+01:00"),
        (office(), "2026-11-25 17:00+01:00", 4, "2026-11-26 12:00+01:00"),
        (office(), "2026-11-27 17:30+01:00", 1, "2026-11-30 09:30+01:00"),
        (office(), "2026-11-28 11:00+01:00", 1, "2026-11-30 10:00+01:00"),
        (office(), "2026-11-25 10:00+01:00", 0, "2026-11-25 10:00+01:00"),
        (office(region=Region.BY), "2026-12-30 17:00+01:00", 20, "2027-01-05 10:00+01:00"),
        (always(), "2026-10-24 12:00+02:00", 24, "2026-10-25 11:00+01:00"),
        (always(), "2026-03-28 12:00+01:00", 24, "2026-03-29 13:00+02:00"),
    ],
)
def test_due(schedule: Schedule, start: str, after: int, due: str):
    assert schedule.due(at(start), timedelta(hours=after)) == at(due)


def changing() -> Schedule:
    """Until Wednesday noon nine to six, from then on around the clock, from Friday on nothing."""
    return Schedule(
        [
            Version("Europe/Berlin", OFFICE),
            Version("Europe/Berlin", DAILY, since=at("2026-11-25 12:00+01:00")),
            Version("Europe/Berlin", (NONE,) * 7, since=at("2026-11-27 00:00+01:00")),
        ]
    )


def test_a_schedule_that_changes_in_mid_case_counts_each_part_by_what_held_then():
    start = at("2026-11-25 10:00+01:00")
    assert changing().worked(start, at("2026-11-25 20:00+01:00")) == timedelta(hours=2 + 8)
    assert changing().worked(start, at("2026-12-24 20:00+01:00")) == timedelta(hours=2 + 12 + 24)
    assert changing().due(start, timedelta(hours=10)) == at("2026-11-25 20:00+01:00")
    with pytest.raises(NeverOpen):
        changing().due(start, timedelta(hours=39))


def test_an_hour_a_week_is_slow_but_comes():
    schedule = Schedule([Version("Europe/Berlin", (((540, 600),), *(NONE,) * 6))])
    assert schedule.due(at("2026-11-30 09:00+01:00"), timedelta(hours=300)) == at("2032-08-23 10:00+02:00")


@pytest.mark.parametrize("spans", [((600, 540),), ((540, 540),), ((540, 700), (690, 800)), ((-1, 5),), ((5, 1441),)])
def test_open_times_that_make_no_sense_are_refused(spans: Spans):
    with pytest.raises(ValueError, match="Open times"):
        Version("Europe/Berlin", (spans, *(NONE,) * 6))


def test_versions_out_of_order_are_refused():
    begin = at("2026-11-25 12:00")
    for since in ([None, None], [None, begin, begin], [None, begin, begin - timedelta(hours=1)]):
        with pytest.raises(ValueError, match="one after the other"):
            Schedule([Version("UTC", OFFICE, since=each) for each in since])
    with pytest.raises(ValueError, match="needs versions"):
        Schedule([])
    with pytest.raises(ValueError, match="before it began"):
        always().due(begin, timedelta(seconds=-1))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Europe/Berlin", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
SPANS = st.lists(st.integers(0, 1440), unique=True, max_size=6).map(
    lambda minutes: tuple(zip(sorted(minutes)[::2], sorted(minutes)[1::2], strict=False))
)
"""Pairs of ends that follow one another; the fourth zone changes its clock by half an hour."""


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """One to three versions with any hours, at least one of them on Mondays."""
    begins = [None, *sorted(draw(st.sets(MOMENTS, max_size=2)))]
    made = []
    for since in begins:
        week = (((540, 600),), *(draw(SPANS) for _ in range(6)))
        days = draw(st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), SPANS, max_size=3))
        region = draw(st.sampled_from([None, *Region]))
        made.append(Version(draw(ZONES), week, region, days, since))  # type: ignore[arg-type]
    return Schedule(made)


@settings(max_examples=150, deadline=None)
@given(schedule=schedules(), moments=st.lists(MOMENTS, min_size=2, max_size=5))
def test_time_is_never_negative_nor_counted_twice(schedule: Schedule, moments: list[datetime]):
    moments.sort()
    whole = schedule.worked(moments[0], moments[-1])
    assert timedelta() <= whole <= moments[-1] - moments[0]
    assert sum((schedule.worked(a, b) for a, b in pairwise(moments)), timedelta()) == whole
    assert schedule.worked(moments[-1], moments[0]) == timedelta()


@settings(max_examples=150, deadline=None)
@given(schedule=schedules(), start=MOMENTS, seconds=st.tuples(st.integers(0, 400_000), st.integers(0, 400_000)))
def test_due_is_the_first_moment_at_which_so_much_was_worked(
    schedule: Schedule, start: datetime, seconds: tuple[int, int]
):
    sooner, later = (timedelta(seconds=each) for each in sorted(seconds))
    due = schedule.due(start, sooner)
    assert schedule.worked(start, due) == sooner
    assert due <= schedule.due(start, later)
    assert schedule.due(due, later - sooner) == schedule.due(start, later) or later == sooner
    if sooner:
        assert schedule.worked(start, due - timedelta(microseconds=1)) == sooner - timedelta(microseconds=1)


@given(start=MOMENTS, seconds=st.integers(0, 10**7))
def test_around_the_clock_is_plain_time(start: datetime, seconds: int):
    assert always().due(start, timedelta(seconds=seconds)) == start + timedelta(seconds=seconds)
