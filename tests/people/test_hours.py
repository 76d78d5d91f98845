"""Working hours and absences: who is here, who may say so, and what of it is kept."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from hilft.audit.models import Entry
from hilft.people.commands import set_availability
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.hours.commands import add_absence, end_absence, forget_absences, set_hours
from hilft.people.hours.models import Absence, WorkingHours
from hilft.people.hours.queries import absence_of, available, shifts_of
from hilft.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = [[(540, 1020)]] * 5 + [[], []]
NIGHTS = [[(1320, 1800)]] * 5 + [[], []]
WEDNESDAY = date(2026, 11, 25)


def at(hour: int, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=BERLIN)


@pytest.fixture
def agent() -> User:
    user = factories.staff("agent", name="Ada Lang")
    set_availability(by=user, takes=True, most=5, languages=["de"], topics=[])
    return user


@pytest.mark.parametrize(
    ("week", "moment", "here"),
    [
        ([[]] * 7, at(3), True),  # no hours: always
        (OFFICE, at(9), True),
        (OFFICE, at(17), False),
        (OFFICE, at(10, day=28), False),
        (NIGHTS, at(23), True),
        (NIGHTS, at(5, day=28), True),
        (NIGHTS, at(5, day=30), False),
    ],
)
def test_whoever_works_now_is_given_conversations(agent: User, week: list[list[tuple[int, int]]], moment, here: bool):
    set_hours(by=agent, user=agent, week=week)
    assert [one.user for one in available(at=moment)] == ([agent] if here else [])


@time_machine.travel(at(10), tick=False)
def test_an_absence_holds_for_whole_days_where_somebody_works(agent: User):
    set_hours(by=agent, user=agent, week=[[(0, 1440)]] * 7)
    add_absence(by=agent, user=agent, first=date(2026, 11, 26), last=date(2026, 11, 27))
    moments = (at(23), at(0, 26), at(23, 27), at(0, 28))
    assert [bool(absence_of(agent, at=moment)) for moment in moments] == [False, True, True, False]
    WorkingHours.objects.filter(user=agent).update(zone="America/New_York")
    assert absence_of(agent, at=at(0, 26)) is None, "it is Wednesday evening there"
    (shift,) = shifts_of([agent], at=at(12, 27))
    assert (shift.here, shift.absence.last if shift.absence else None) == (False, date(2026, 11, 27))


def test_who_may_say_when_somebody_works(agent: User):
    other, lead = factories.staff("agent"), factories.staff("lead")
    for stranger in (other, factories.staff("operator")):
        with pytest.raises(NotAllowed):
            set_hours(by=stranger, user=agent, week=OFFICE)
        with pytest.raises(NotAllowed):
            add_absence(by=stranger, user=agent, first=date(2100, 1, 1), last=date(2100, 1, 2))
    set_hours(by=lead, user=agent, week=OFFICE, region="BE", days={"2026-12-24": []})
    found = WorkingHours.objects.get(user=agent)
    assert (found.week[0], found.region, found.days) == ([[540, 1020]], "BE", {"2026-12-24": []})
    assert set_hours(by=agent, user=agent, week=[[]] * 7) is None
    assert not WorkingHours.objects.exists()
    assert [e.data for e in Entry.objects.filter(verb="people.set_hours").order_by("pk")] == [
        {"entered": True},
        {"entered": False},
    ]


@pytest.mark.parametrize(
    "week", [[[(1020, 540)]] + [[]] * 6, [[(540, 2000)]] + [[]] * 6, [[(540, 600), (590, 700)]] + [[]] * 6, [[]] * 6]
)
def test_hours_that_cannot_be_are_refused(agent: User, week: list[list[tuple[int, int]]]):
    with pytest.raises(Refusal):
        set_hours(by=agent, user=agent, week=week)
    assert not WorkingHours.objects.exists()


@time_machine.travel(at(10), tick=False)
def test_absences_that_cannot_be_are_refused_and_the_record_keeps_no_days(agent: User):
    gone = factories.staff("agent")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    day = timedelta(days=1)
    made = add_absence(by=agent, user=agent, first=WEDNESDAY, last=WEDNESDAY + day, deputy=factories.staff("lead"))
    for first, last, deputy in (
        (WEDNESDAY + 9 * day, WEDNESDAY + 8 * day, None),
        (WEDNESDAY - 3 * day, WEDNESDAY - day, None),
        (WEDNESDAY + day, WEDNESDAY + 3 * day, None),
        (WEDNESDAY + 9 * day, WEDNESDAY + 9999 * day, None),
        (WEDNESDAY + 9 * day, WEDNESDAY + 9 * day, agent),
        (WEDNESDAY + 9 * day, WEDNESDAY + 9 * day, gone),
    ):
        with pytest.raises(Refusal):
            add_absence(by=agent, user=agent, first=first, last=last, deputy=deputy)
    assert Absence.objects.get() == made
    assert Entry.objects.get(verb="people.add_absence").data == {}


@time_machine.travel(at(10), tick=False)
def test_coming_back_early_and_forgetting(agent: User):
    day = timedelta(days=1)
    running = Absence.objects.create(user=agent, first=WEDNESDAY - 2 * day, last=WEDNESDAY + 2 * day)
    coming = add_absence(by=agent, user=agent, first=WEDNESDAY + 9 * day, last=WEDNESDAY + 9 * day)
    with pytest.raises(NotAllowed):
        end_absence(by=factories.staff("agent"), absence=coming)
    end_absence(by=agent, absence=running)
    end_absence(by=factories.staff("lead"), absence=coming)
    assert list(Absence.objects.values_list("first", "last")) == [(WEDNESDAY - 2 * day, WEDNESDAY - day)]
    assert absence_of(agent) is None
    with time_machine.travel(at(10) + 30 * day, tick=False):
        assert forget_absences() == 0
    with time_machine.travel(at(10) + 32 * day, tick=False):
        assert forget_absences() == 1
    assert Entry.objects.get(verb="people.forget_absences").data == {"number": 1}
