"""Rules for what comes in: once per message, the earlier one first, tried before they hold, each step undone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.escalation.commands.settings import save_promise, save_schedule
from hilft.inbox.handling import intake_rules, steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.facts import Hours, facts_of, with_earlier
from hilft.inbox.handling.intake_rules import ask, save_intake_rule
from hilft.inbox.handling.models import IntakeRule, Step
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.models import Conversation, Message
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
BILL = {"text": {"has": ["rechnung"]}}


@pytest.fixture
def lead() -> User:
    return factories.staff("lead")


def made(lead: User, when: dict[str, object], *then: Wanted, last: bool = False, label: str = "Regel") -> IntakeRule:
    return save_intake_rule(by=lead, rule=None, label=label, label_en="", when=when, then=then, last=last, active=True)


def tag(name: str) -> Wanted:
    return Wanted(Do.TAG, [name])


def test_a_rule_acts_as_a_message_comes_in_with_its_name_in_the_record(lead: User):
    rule = made(lead, BILL, tag("Rechnung"), Wanted(Do.ASSIGN, lead.pk), label="Rechnungen")
    account = factories.portal_account()
    found = factories.message(account, "Meine Rechnungen stimmen nicht").conversation
    other = factories.message(account, "Abrechnung?", who="ayse").conversation
    found.refresh_from_db()
    assert (found.tags, found.assignee) == (["Rechnung"], lead)
    assert Conversation.objects.get(pk=other.pk).tags == [], "a word begins with it, not ends"
    assert list(Entry.objects.filter(data__rule=rule.pk).order_by("pk").values_list("verb", flat=True)) == [
        "inbox.tag",
        "inbox.assign",
    ]
    assert set(Step.objects.values_list("rule", "rule_name")) == {(rule.pk, "Rechnungen")}


def test_it_acts_once_on_a_message_even_after_an_undo(lead: User):
    made(lead, BILL, tag("Rechnung"))
    message = factories.message(factories.portal_account(), "Rechnung?")
    steps.undo(by=lead, step=Step.objects.get())
    assert ask(message) == []
    assert Conversation.objects.get().tags == []


def test_what_was_there_before_a_rule_stays_as_it_is(lead: User):
    message = factories.message(factories.portal_account(), "Rechnung?")
    made(lead, BILL, tag("Rechnung"))
    assert ask(message) == []


def test_the_earlier_rule_sets_what_both_want_and_tags_add_up(lead: User):
    other = factories.staff("agent")
    made(lead, BILL, Wanted(Do.ASSIGN, lead.pk), tag("A"))
    made(lead, {"public": True}, Wanted(Do.ASSIGN, other.pk), tag("B"))
    found = factories.message(factories.portal_account(), "Rechnung").conversation
    found.refresh_from_db()
    assert (found.assignee, found.tags) == (lead, ["A", "B"])


def test_after_a_last_rule_no_other_is_asked(lead: User):
    made(lead, BILL, tag("A"), last=True)
    made(lead, {"public": True}, tag("B"))
    assert factories.message(factories.portal_account(), "Rechnung") is not None
    assert Conversation.objects.get().tags == ["A"]


def test_a_rule_about_the_topic_waits_until_it_is_known(lead: User):
    rule = made(lead, {"topic": "Festnetz"}, tag("F"))
    message = factories.message(factories.portal_account())
    assert Conversation.objects.get().tags == []
    Conversation.objects.update(topic="Festnetz")
    message.refresh_from_db()
    assert ask(message, late=True) == [rule]
    assert ask(message, late=True) == []
    assert Conversation.objects.get().tags == ["F"]


def test_spam_by_a_rule_marks_no_author(lead: User):
    made(lead, {"text": {"has": ["uhren"]}}, Wanted(Do.SPAM))
    account = factories.portal_account()
    first = factories.message(account, "Billige Uhren!").conversation
    second = factories.message(account, "Eine echte Frage").conversation
    found = {c.pk: (c.sorted_out, c.state) for c in Conversation.objects.all()}
    assert found == {first.pk: ("spam", "done"), second.pk: ("", "open")}


def test_the_facts_that_rules_ask_about(lead: User):
    account = factories.mastodon_account()
    factories.message(account, "Hallo", who="jonas")
    message = factories.message(account, "Das ist ein Fall für meinen Anwalt", who="jonas")
    facts = facts_of(with_earlier(Message.objects.filter(pk=message.pk)).get(), Hours())
    assert facts == {
        "network": "mastodon",
        "account": "Mastodon",
        "language": "de",
        "public": True,
        "addressed": True,
        "text": "\nDas ist ein Fall für meinen Anwalt",
        "author": "jonas",
        "earlier": 1,
        "topic": "",
        "tags": [],
        "business_time": True,
        "risks": ["law"],
    }


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (datetime(2026, 11, 3, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 3, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 3, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 7, 10, 0, tzinfo=UTC), False),
    ],
)
def test_business_time_where_nothing_is_promised(at: datetime, open_: bool):
    assert Hours()["mastodon"].is_open(at) is open_


def test_business_time_is_that_of_what_is_promised_on_a_channel(django_assert_num_queries):
    nights = save_schedule(by=None, name="Nacht", week=[[(0, 360)]] * 7, region="BE").schedule
    days = save_schedule(by=None, name="Tag", week=[[(540, 1020)]] * 7).schedule
    for kind, priority, schedule in (("x", "", nights), ("", "", days), ("x", "urgent", days), ("email", "", None)):
        save_promise(by=None, kind=kind, priority=priority, what="first", minutes=60, schedule=schedule)
    tuesday, holiday = (datetime(2026, 12, day, 3, 0, tzinfo=UTC) for day in (22, 25))
    hours = Hours()
    with django_assert_num_queries(6):
        found = {kind: [hours[kind].is_open(at) for at in (tuesday, holiday)] for kind in ("x", "mastodon", "email")}
    assert found == {"x": [True, False], "mastodon": [False, False], "email": [False, False]}
    with django_assert_num_queries(0):
        assert hours["x"].is_open(tuesday)


def test_a_trial_counts_shows_examples_and_conflicts_and_changes_nothing(lead: User):
    account = factories.portal_account()
    for number in range(7):
        text = "Rechnung?" if number < 6 else "Router?"
        factories.message(account, text, who=f"g{number}", at=now() - timedelta(days=number))
    factories.message(account, "Rechnung?", who="old", at=now() - timedelta(days=31))
    upper = made(lead, {"author": {"any": ["g0", "g1", "g6"]}}, Wanted(Do.TEAM, None), Wanted(Do.ASSIGN, lead.pk))
    agrees = made(lead, BILL, Wanted(Do.TOPIC, "Geld"))
    rule = IntakeRule(position=99, when=BILL, then=[Wanted(Do.ASSIGN, None).kept(), Wanted(Do.TOPIC, "Geld").kept()])
    trial = intake_rules.tried(rule, [upper, agrees], intake_rules.arrived(days=30))
    assert (trial.messages, trial.acted, trial.conflicts) == (7, 6, [(upper, 2)])
    assert [message.conversation.handle.handle for message in trial.examples] == ["g0", "g1", "g2", "g3", "g4"]
    assert Step.objects.count() == 0


@pytest.mark.parametrize(
    ("when", "then", "reason"),
    [
        ({"moon": "full"}, [tag("A")], "cannot be understood: moon"),
        ({"earlier": {"has": ["1"]}}, [tag("A")], "cannot be understood: earlier"),
        ({}, [tag("A")], "at least one condition"),
        (BILL, [], "something to do"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(lead: User, when: dict[str, object], then: list[Wanted], reason: str):
    with override("en"), pytest.raises(Refusal, match=reason):
        made(lead, when, *then)


def test_rules_are_ordered_and_deleted_by_leads(lead: User):
    first, second = made(lead, BILL, tag("A"), label="1"), made(lead, BILL, tag("B"), label="2")
    intake_rules.move_intake_rule(by=lead, rule=second, up=True)
    assert list(intake_rules.every_intake_rule()) == [second, first]
    factories.message(factories.portal_account(), "Rechnung")
    intake_rules.delete_intake_rule(by=lead, rule=first)
    assert set(Step.objects.values_list("rule_name", flat=True)) == {"1", "2"}, "what it did keeps its name"
    verbs = ("inbox.save_intake_rule", "inbox.move_intake_rule", "inbox.delete_intake_rule")
    assert [Entry.objects.filter(verb=verb).count() for verb in verbs] == [2, 1, 1]
    for act in (intake_rules.delete_intake_rule, lambda **given: intake_rules.move_intake_rule(up=True, **given)):
        with pytest.raises(NotAllowed):
            act(by=factories.staff("agent"), rule=second)
