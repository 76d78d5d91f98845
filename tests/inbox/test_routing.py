"""Work finds its person: the longest waiting first, to whoever can and has room; who is silent loses it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.inbox.commands import assign, be_present, close, snooze
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.steps import Skipped, Wanted, take
from hilft.inbox.models import Conversation
from hilft.inbox.routing import SILENT, Hand, Matter, plan, route, take_from_absent, take_from_silent, take_next
from hilft.people.commands import set_availability
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.hours.commands import add_absence, end_absence, set_hours
from hilft.people.hours.models import Absence
from hilft.people.models import User
from tests import factories

EARLY = datetime(2026, 11, 1, tzinfo=UTC)


def hand(user: int, room: int = 3, held: int = 0, *, topics: str = "", languages: str = "de en", day: int = 1) -> Hand:
    last = EARLY + timedelta(days=day)
    return Hand(user, room, held, frozenset(languages.split()), frozenset(topics.split()), last)


def matter(number: int, topic: str = "", language: str = "de", lost_by: int | None = None) -> Matter:
    return Matter(number, language, topic, lost_by)


@pytest.mark.parametrize(
    ("hands", "matters", "given_to"),
    [
        ([], [matter(1)], {}),
        ([hand(1, room=0)], [matter(1)], {}),
        ([hand(1, room=2, held=2)], [matter(1)], {}),
        ([hand(1, held=2), hand(2)], [matter(1)], {1: 2}),
        ([hand(1, room=10, held=2), hand(2, room=2, held=1)], [matter(1)], {1: 1}),
        ([hand(1, day=2), hand(2, day=1)], [matter(1), matter(2)], {1: 2, 2: 1}),
        ([hand(1, languages="de"), hand(2, languages="en")], [matter(1, language="en")], {1: 2}),
        ([hand(1, topics="Mobilfunk"), hand(2)], [matter(1, topic="Festnetz")], {1: 2}),
        ([hand(1, topics="Mobilfunk")], [matter(1)], {}),
        ([hand(1), hand(2, held=2)], [matter(1, lost_by=1)], {1: 2}),
        ([hand(1, room=1)], [matter(1), matter(2)], {1: 1}),
    ],
)
def test_who_gets_what(hands: list[Hand], matters: list[Matter], given_to: dict[int, int]) -> None:
    assert plan(matters, hands) == given_to


HANDS = st.lists(
    st.builds(
        hand,
        st.integers(1, 6),
        st.integers(0, 4),
        st.integers(0, 4),
        topics=st.sampled_from(["", "a", "a b"]),
        languages=st.sampled_from(["de", "en", "de en"]),
    ),
    unique_by=lambda one: one.user,
)
MATTERS = st.lists(
    st.builds(matter, st.integers(1, 99), st.sampled_from(["", "a", "b"]), st.sampled_from(["", "de", "en"])),
    unique_by=lambda one: one.conversation,
)


@given(HANDS, MATTERS)
def test_nobody_holds_more_than_they_can_and_nothing_waits_beside_a_free_hand(
    hands: list[Hand], matters: list[Matter]
) -> None:
    given_to = plan(matters, hands)
    by_user, by_matter = {one.user: one for one in hands}, {one.conversation: one for one in matters}
    held = {user: one.held + list(given_to.values()).count(user) for user, one in by_user.items()}
    assert all(held[user] <= max(one.room, one.held) for user, one in by_user.items())
    assert all(by_user[user].can(by_matter[number]) for number, user in given_to.items())
    left = [one for one in matters if one.conversation not in given_to]
    free = [one for one in hands if held[one.user] < one.room]
    assert [(a, b) for a in left for b in free if b.can(a)] == []


@pytest.fixture
def agent(db: None) -> User:
    return factories.staff("agent")


def waiting(count: int = 1) -> list[Conversation]:
    account = factories.portal_account()
    return [
        factories.message(account, at=now() - timedelta(hours=count - number)).conversation for number in range(count)
    ]


def takes(user: User, most: int = 5, **fields: object) -> None:
    set_availability(by=user, **{"takes": True, "most": most, "languages": ["de", "en"], "topics": []} | fields)  # type: ignore[arg-type]


def test_the_longest_waiting_goes_first_and_every_gift_is_on_record(agent: User) -> None:
    first, second, third = waiting(3)
    takes(agent, most=2)
    assert (route(), route()) == (2, 0)
    mine = Conversation.objects.filter(assignee=agent).values_list("pk", flat=True)
    assert set(mine) == {first.pk, second.pk}
    assert Conversation.objects.get(pk=third.pk).assignee is None
    assert Entry.objects.filter(verb="inbox.route").count() == 2


def away(user: User, days: int = 0) -> Absence:
    today = timezone.localdate(now())
    return add_absence(by=user, user=user, first=today + timedelta(days=days), last=today + timedelta(days=days + 1))


def test_nobody_is_given_anything_who_is_away_left_or_does_something_else(agent: User) -> None:
    (conversation,) = waiting()
    takes(agent)
    absence = away(agent)
    gone = factories.staff("agent")
    takes(gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    moved = factories.staff("agent")
    takes(moved)
    User.objects.filter(pk=moved.pk).update(roles=["editor"])
    off = factories.staff("agent")
    takes(off)
    set_hours(by=off, user=off, week=[[]] * 7, days={"2020-01-01": [(540, 600)]})
    assert route() == 0
    end_absence(by=agent, absence=absence)
    assert route() == 1
    conversation.refresh_from_db()
    assert conversation.assignee == agent


def test_what_somebody_holds_goes_back_when_they_are_away_and_nobody_gives_them_more(agent: User) -> None:
    held, later, done, another = waiting(4)
    for conversation in (held, later, done):
        assign(by=agent, conversation=conversation, to=agent)
    snooze(by=agent, conversation=later, until=now() + timedelta(days=3))
    close(by=agent, conversation=done)
    away(agent)
    holders = dict(Conversation.objects.values_list("pk", "assignee"))
    assert holders == {held.pk: None, later.pk: None, done.pk: agent.pk, another.pk: None}
    assert Entry.objects.filter(verb="inbox.give_back", actor=agent).count() == 2
    with pytest.raises(Refusal, match=agent.name):
        assign(by=agent, conversation=held, to=agent)
    with pytest.raises(Refusal, match=agent.name):
        take_next(by=agent)
    with pytest.raises(Skipped):
        take(by=agent, conversation=held, wanted=Wanted(Do.ASSIGN, agent.pk))


def test_an_absence_that_begins_later_takes_everything_on_its_first_minute(agent: User) -> None:
    (conversation,) = waiting()
    assign(by=agent, conversation=conversation, to=agent)
    away(agent, days=2)
    assert take_from_absent() == 0
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert (take_from_absent(), take_from_absent()) == (1, 0)
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.lost_by) == (None, None), "being away is no silence"


def test_what_comes_back_to_somebody_who_left_goes_to_the_others(agent: User) -> None:
    (conversation,) = waiting()
    assign(by=agent, conversation=conversation, to=agent)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert (take_from_absent(), take_from_absent()) == (1, 0)
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_whoever_takes_the_next_one_gets_the_longest_waiting_up_to_their_room(agent: User) -> None:
    first, second = waiting(2)
    takes(agent, most=1)
    assert take_next(by=agent) == first
    with override("de"), pytest.raises(Refusal, match="Sie haben 1 wartende Anliegen und nehmen höchstens 1"):
        take_next(by=agent)
    other = factories.staff("agent")
    assert take_next(by=other) == second
    with override("de"), pytest.raises(Refusal, match="Es wartet nichts"):
        take_next(by=factories.staff("agent"))
    with pytest.raises(NotAllowed):
        take_next(by=factories.staff("editor"))


def test_who_lets_one_lie_loses_it_to_the_next_and_who_looks_keeps_it(agent: User) -> None:
    lying, looked_at = waiting(2)
    for conversation in (lying, looked_at):
        assign(by=agent, conversation=conversation, to=agent)
    long_ago = now() - SILENT - timedelta(minutes=1)
    Conversation.objects.update(assigned_at=long_ago, waiting_since=long_ago)
    be_present(by=agent, conversation=looked_at, doing="viewing")
    assert take_from_silent() == 1
    lying.refresh_from_db()
    assert (lying.assignee, lying.lost_by) == (None, agent)
    takes(agent)
    assert route() == 0, "it does not come back to the one who let it lie"
    other = factories.staff("agent")
    takes(other)
    assert route() == 1
    lying.refresh_from_db()
    assert lying.assignee == other


def test_a_customer_who_does_not_wait_is_nobodys_silence(agent: User) -> None:
    (conversation,) = waiting()
    assign(by=agent, conversation=conversation, to=agent)
    long_ago = now() - timedelta(days=1)
    Conversation.objects.update(assigned_at=long_ago, waiting_since=None)
    assert take_from_silent() == 0
