"""Promises to those who wait already: how many, from when on it counts, what keeps it; what is due goes first."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.models import Account
from hilft.escalation.commands.clocks import keep_time, start_clocks
from hilft.escalation.commands.settings import save_promise
from hilft.escalation.models import Clock, Promise
from hilft.escalation.queries import unpromised
from hilft.inbox import commands as inbox
from hilft.inbox.models import Conversation
from hilft.inbox.routing import route, take_next
from hilft.people.commands import set_availability
from hilft.people.errors import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


def promise(minutes: int = 60, *, kind: str = "", priority: str = "", what: str = "first") -> Promise:
    return save_promise(by=None, kind=kind, priority=priority, what=what, minutes=minutes, schedule=None)


def asked(account: Account, *, hours: int = 3) -> Conversation:
    return factories.message(account, at=now() - timedelta(hours=hours)).conversation


@pytest.fixture
def account() -> Account:
    return factories.portal_account()


def test_those_who_wait_are_counted_for_the_promise_that_would_hold(account: Account):
    mastodon = factories.mastodon_account()
    there = [asked(mastodon).pk, asked(mastodon, hours=5).pk]
    here, urgent, done = asked(account), asked(account), asked(account)
    inbox.set_priority(by=factories.staff("agent"), conversation=urgent, priority="urgent")
    inbox.close(by=factories.staff("agent"), conversation=done)
    anywhere, on_mastodon, at_once = promise(), promise(kind="mastodon"), promise(priority="urgent")
    promise(what="next")
    assert unpromised() == {anywhere.pk: [here.pk], on_mastodon.pk: there[::-1], at_once.pk: [urgent.pk]}


def test_it_counts_from_now_on_and_whatever_happens_then_keeps_it(account: Account):
    lead, conversation = factories.staff("lead"), asked(account)
    made = promise(60)
    with pytest.raises(NotAllowed):
        start_clocks(by=factories.staff("agent"), promise=made)
    begun = now()
    with time_machine.travel(begun, tick=False):
        assert [start_clocks(by=lead, promise=made) for _ in range(2)] == [1, 0]
    clock = Clock.objects.get()
    conversation.refresh_from_db()
    assert (clock.started_at, clock.late_since) == (begun, conversation.waiting_since)
    assert conversation.due_at == clock.due_at == begun + timedelta(hours=1)
    assert keep_time(conversation=conversation) == clock, "nobody was promised anything before"
    promise(30, priority="urgent")
    inbox.set_priority(by=lead, conversation=conversation, priority="urgent")
    clock = Clock.objects.get()
    assert (clock.started_at, clock.due_at) == (begun, begun + timedelta(minutes=30))
    assert clock.late_since == conversation.waiting_since
    assert [entry.data for entry in Entry.objects.filter(verb="escalation.start_clocks").order_by("pk")] == [
        {"number": 1},
        {"number": 0},
    ]


def test_a_clock_that_runs_keeps_what_it_was_promised(account: Account):
    first = promise(60)
    conversation = asked(account)
    due = Clock.objects.get().due_at
    second = promise(10, kind="portal")
    assert start_clocks(by=factories.staff("lead"), promise=second) == 0
    conversation.refresh_from_db()
    assert (conversation.due_at, Clock.objects.get().promise) == (due, first)


def test_the_settings_say_how_many_wait_and_one_click_promises_it_to_them(account: Account):
    asked(account), asked(account)
    made = promise()
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.staff("lead"))
    page = client.get(reverse("desk:deadline-settings")).content.decode()
    assert "2 wait without a deadline" in page
    page = client.post(reverse("desk:promise-start", args=[made.pk]), follow=True).content.decode()
    assert ["2 deadlines run from now on." in page, "without a deadline" in page] == [True, False]


def test_what_is_due_next_goes_first_then_what_has_waited_longest(account: Account):
    agent, other = factories.staff("agent"), factories.staff("agent")
    longest, long = asked(account, hours=9), asked(account, hours=8)
    promise(600, kind="mastodon")
    promise(30, kind="mastodon", priority="urgent")
    calm = asked(factories.mastodon_account(), hours=2)
    urgent = asked(factories.mastodon_account(), hours=1)
    inbox.set_priority(by=agent, conversation=urgent, priority="urgent")
    assert [take_next(by=agent) for _ in range(2)] == [urgent, calm]
    set_availability(by=other, takes=True, most=1, languages=["de", "en"], topics=[])
    assert route() == 1
    assert dict(Conversation.objects.values_list("pk", "assignee")) == {
        urgent.pk: agent.pk,
        calm.pk: agent.pk,
        longest.pk: other.pk,
        long.pk: None,
    }
