"""Clocks of conversations, through the inbox's own doors: when they start and stop, what they froze, whom they warn."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.commands import connect_account
from hilft.channels.contract import Kind
from hilft.channels.models import Account
from hilft.escalation.commands.clocks import watch
from hilft.escalation.commands.settings import delete_promise, save_promise, save_schedule
from hilft.escalation.models import Clock, Promise, Schedule
from hilft.escalation.rules import hours_of
from hilft.inbox import commands as inbox
from hilft.inbox.handling import joining, steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.models import Conversation, Message
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Team
from tests import factories
from tests.desk import made
from tests.factories import AT

pytestmark = pytest.mark.django_db

MORNING = [[(540, 1020)]] * 5 + [[]] * 2
"""Monday to Friday, 9 to 17 o'clock."""


def promise(minutes: int = 60, **fields: Any) -> Promise:
    values: dict[str, Any] = {"kind": "", "priority": "", "what": "first", "schedule": None}
    return save_promise(by=None, minutes=minutes, **(values | fields))


def hours(name: str = "Service", week: Any = MORNING, **fields: Any) -> Schedule:
    return save_schedule(by=None, name=name, week=week, **fields).schedule


@pytest.fixture
def account() -> Account:
    return factories.portal_account()


def only() -> Clock:
    return Clock.objects.get()


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+01:00")


def mails() -> list[tuple[str, str]]:
    found = ProcrastinateJob.objects.filter(task_name="channels.mail").order_by("pk")
    return [(job.args["to"], job.args["subject"]) for job in found]


def test_without_a_promise_no_clock_runs(account: Account):
    factories.message(account)
    assert (Clock.objects.count(), Conversation.objects.get().due_at) == (0, None)


def test_a_message_starts_it_at_its_own_time_and_further_ones_change_nothing(account: Account):
    promise(60)
    factories.message(account, thread="eins")
    factories.message(account, "Noch etwas", thread="eins", at=AT + timedelta(minutes=5))
    clock = only()
    assert (clock.what, clock.started_at, clock.due_at) == ("first", AT, AT + timedelta(hours=1))
    assert (clock.warns_at, clock.alarms_at) == (AT + timedelta(minutes=30), AT + timedelta(minutes=48))
    assert Conversation.objects.get().due_at == clock.due_at


def test_an_earlier_message_that_comes_in_late_moves_it_back(account: Account):
    promise(60)
    factories.message(account, thread="eins")
    factories.message(account, "Zuerst", thread="eins", at=AT - timedelta(minutes=20))
    assert only().due_at == AT + timedelta(minutes=40)


@pytest.mark.parametrize(
    ("kind", "priority", "minutes"),
    [("portal", "urgent", 5), ("portal", "normal", 20), ("mastodon", "urgent", 15), ("mastodon", "normal", 45)],
)
def test_the_most_specific_promise_wins(kind: str, priority: str, minutes: int):
    promise(60)
    promise(20, kind="portal")
    promise(15, priority="urgent")
    promise(5, kind="portal", priority="urgent")
    promise(90, kind="mastodon", priority="high")
    promise(45, kind="mastodon")
    account = factories.portal_account() if kind == "portal" else factories.mastodon_account()
    conversation = factories.message(account).conversation
    inbox.set_priority(by=factories.staff("agent"), conversation=conversation, priority=priority)
    assert only().minutes == minutes
    assert Conversation.objects.get().due_at == AT + timedelta(minutes=minutes)


def test_a_reply_stops_it_and_the_next_message_starts_the_next_promise():
    promise(60)
    promise(30, what="next")
    author, question = factories.staff("agent"), factories.question()
    placement = made.reply(author, question)
    clock = only()
    assert (clock.outcome, clock.stopped_at is not None, clock.breached_at) == ("replied", True, None)
    conversation = Conversation.objects.get()
    assert conversation.due_at is None
    later = now() + timedelta(minutes=1)
    factories.message(
        placement.account, "Und jetzt?", thread=conversation.thread, who=conversation.handle.external_id, at=later
    )
    following = Clock.objects.get(stopped_at=None)
    assert (following.what, following.due_at) == ("next", later + timedelta(minutes=30))


def test_closing_ends_it_and_opening_again_goes_on_with_the_same(account: Account):
    promise(60)
    agent, conversation = factories.staff("agent"), factories.message(account).conversation
    inbox.close(by=agent, conversation=conversation)
    assert (only().outcome, Conversation.objects.get().due_at) == ("closed", None)
    inbox.reopen(by=agent, conversation=conversation)
    clock = only()
    assert (clock.outcome, clock.stopped_at, clock.due_at) == ("", None, AT + timedelta(hours=1))
    assert Conversation.objects.get().due_at == clock.due_at
    inbox.close(by=agent, conversation=conversation)
    factories.message(account, "Neues", thread=conversation.thread, at=now() + timedelta(minutes=1))
    assert list(Clock.objects.order_by("pk").values_list("outcome", flat=True)) == ["closed", ""]


def test_putting_it_away_is_no_reply_and_deleting_the_message_ends_it(account: Account):
    promise(60)
    agent, message = factories.staff("agent"), factories.message(account, thread="eins")
    inbox.snooze(by=agent, conversation=message.conversation, until=now() + timedelta(hours=3))
    assert only().stopped_at is None
    factories.take(account, factories.event(account, ref_id=str(message.external_id), kind=Kind.DELETED))
    assert only().outcome == "closed"


def test_automatic_mail_starts_none(account: Account):
    promise(60)
    factories.take(account, msgspec.structs.replace(factories.event(account), automatic=True))
    assert (Message.objects.count(), Clock.objects.count()) == (1, 0)


def test_hours_that_change_in_mid_case_move_nothing_that_runs(account: Account):
    schedule = hours(region="SH")
    kept = promise(8 * 60, schedule=schedule)
    factories.message(account, at=berlin("2026-11-03T16:00"), who="eins")
    clock = only()
    assert clock.due_at == berlin("2026-11-04T16:00")
    everyday = [[(0, 1440)]] * 7
    save_schedule(by=None, schedule=schedule, name="Service", week=everyday, since=berlin("2026-11-03T17:00"))
    save_promise(by=None, promise=kept, kind="", priority="", what="first", minutes=10, schedule=schedule)
    clock.refresh_from_db()
    assert (clock.minutes, clock.due_at) == (480, berlin("2026-11-04T16:00"))
    reckoned = hours_of(clock.version).due(clock.started_at, timedelta(minutes=clock.minutes))
    assert reckoned == clock.due_at, "what it froze is enough to reckon it again"
    factories.message(account, at=berlin("2026-11-03T23:00"), who="zwei")
    assert Clock.objects.order_by("-pk")[0].due_at == berlin("2026-11-03T23:10")


def test_hours_count_by_the_version_that_held(account: Account):
    schedule = hours()
    longer = [[(540, 1200)]] * 5 + [[]] * 2
    save_schedule(by=None, schedule=schedule, name="Service", week=longer, since=berlin("2026-11-04T00:00"))
    promise(10 * 60, schedule=schedule)
    factories.message(account, at=berlin("2026-11-03T16:00"))
    assert only().due_at == berlin("2026-11-04T18:00"), "one hour by the old hours, nine by the new"


def test_half_time_calls_the_assignee_and_later_the_leads_of_the_team(account: Account):
    connect_account(by=None, kind="email", name="Post", handle="post@nordnetz.example", settings={}, secrets={})
    promise(60)
    agent, lead, other = factories.staff("agent"), factories.staff("lead"), factories.staff("lead")
    team = Team.objects.create(name="Netz")
    lead.teams.add(team)
    conversation = factories.message(account).conversation
    Conversation.objects.filter(pk=conversation.pk).update(assignee=agent, team=team)
    with time_machine.travel(AT + timedelta(minutes=29), tick=False):
        assert (watch(), mails()) == (0, [])
    with time_machine.travel(AT + timedelta(minutes=30), tick=False):
        assert (watch(), watch()) == (1, 0)
    assert [to for to, _ in mails()] == [agent.email]
    with time_machine.travel(AT + timedelta(minutes=48), tick=False):
        assert (watch(), watch()) == (1, 0)
    assert [to for to, _ in mails()] == [agent.email, agent.email, lead.email]
    assert other.email not in dict(mails())
    with time_machine.travel(AT + timedelta(minutes=61), tick=False):
        assert (watch(), watch()) == (1, 0)
    assert only().breached_at == AT + timedelta(minutes=61)
    verbs = Entry.objects.filter(verb__startswith="escalation.").order_by("pk").values_list("verb", flat=True)
    told = [verb.partition(".")[2] for verb in verbs]
    assert told == ["save_promise", "warn", "alarm", "breach"]


def test_what_was_asleep_for_long_says_it_once(account: Account):
    promise(60)
    factories.message(account)
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        assert (watch(), watch()) == (1, 0)
    clock = only()
    assert clock.warned_at == clock.alarmed_at == clock.breached_at == AT + timedelta(days=1)


def test_a_reply_after_time_broke_the_promise_even_if_nobody_looked(account: Account):
    promise(1)
    author = factories.staff("agent")
    with time_machine.travel(now() - timedelta(minutes=10)):
        message = made.asked()
    assert message.conversation.clocks.get().breached_at is None
    inbox.close(by=author, conversation=message.conversation)
    clock = message.conversation.clocks.get()
    assert clock.breached_at == clock.due_at


def test_hours_that_never_open_promise_nothing_and_are_refused(account: Account):
    with pytest.raises(Refusal):
        hours(week=[[]] * 7)
    with pytest.raises(Refusal):
        hours(week=[[(600, 540)]] * 7)
    schedule = hours()
    for kept in schedule.versions.all():
        kept.week = [[]] * 7
        kept.save()
    promise(60, schedule=schedule)
    factories.message(account)
    assert Clock.objects.count() == 0


def test_promises_and_hours_are_for_leads_and_refuse_what_cannot_be(account: Account):
    agent, lead = factories.staff("agent"), factories.staff("lead")
    schedule = hours()
    with pytest.raises(NotAllowed):
        save_schedule(by=agent, name="Neu", week=MORNING)
    with pytest.raises(Refusal):
        save_schedule(by=lead, name="Service", week=MORNING)
    planned = save_schedule(by=lead, schedule=schedule, name="Service", week=MORNING, since=berlin("2027-01-01T00:00"))
    with pytest.raises(Refusal):
        save_schedule(by=lead, schedule=schedule, name="Service", week=MORNING, since=planned.since)
    kept = save_promise(by=lead, kind="", priority="", what="first", minutes=60, schedule=schedule)
    for wrong in ({"minutes": 0}, {"warn": 80}, {"alarm": 100}):
        with pytest.raises(Refusal):
            promise(**({"kind": "x"} | wrong))
    with pytest.raises(Refusal):
        promise(60)
    with pytest.raises(NotAllowed):
        delete_promise(by=agent, promise=kept)
    factories.message(account)
    delete_promise(by=lead, promise=kept)
    inbox.set_priority(by=agent, conversation=Conversation.objects.get(), priority="high")
    assert (only().minutes, only().promise, only().priority) == (60, None, "high")
    assert Entry.objects.filter(verb="escalation.delete_promise", actor=lead).count() == 1


def test_merged_conversations_wait_as_one(account: Account):
    promise(60)
    early = factories.message(account, "Seit gestern nichts.", thread="eins").conversation
    late = factories.message(account, "Hallo?", thread="zwei", at=AT + timedelta(minutes=10)).conversation
    agent = factories.staff("agent")
    together = joining.merge(by=agent, source=early, target=late)
    running = Clock.objects.get(stopped_at=None)
    assert (running.conversation_id, running.started_at) == (late.pk, AT)
    joining.undo(by=agent, joining=together)
    assert set(Clock.objects.filter(stopped_at=None).values_list("conversation", flat=True)) == {early.pk, late.pk}


def test_what_is_closed_with_many_has_no_clock_until_that_is_undone(account: Account):
    promise(60)
    conversation = factories.message(account).conversation
    agent = factories.staff("agent")
    step = steps.take(by=agent, conversation=conversation, wanted=steps.Wanted(Do.CLOSE))
    assert only().stopped_at is not None
    steps.undo(by=agent, step=step)
    assert only().stopped_at is None
