"""Macros write drafts and take steps; what is sent goes through the same hands as ever."""

import pytest
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import last_seen
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Team, User
from hilft.publishing.commands import deliveries, drafts
from hilft.publishing.macros.commands import delete_macro, run, save_macro
from hilft.publishing.macros.models import Macro
from hilft.publishing.macros.queries import macros_of, outlook
from hilft.publishing.models import Delivery, Draft
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return factories.staff("agent", name="Mara Köhler")


@pytest.fixture
def message() -> Message:
    return made.asked()


def macro(by: User, **fields: object) -> Macro:
    given: dict[str, object] = {
        "macro": None,
        "label": "Störung",
        "mine": True,
        "team": None,
        "question": None,
        "text": "Hallo {name}, {agent} sieht nach.",
        "text_en": "",
        "now": [],
        "sent": [],
    }
    return save_macro(by=by, **(given | fields))  # type: ignore[arg-type]


def test_it_writes_a_draft_and_takes_its_steps_but_sends_nothing(agent: User, message: Message):
    found = macro(agent, now=[Wanted(Do.TAG, ["Störung"]), Wanted(Do.ASSIGN, agent.pk)], sent=[Wanted(Do.CLOSE)])
    before = Conversation.objects.values().get()
    seen = outlook(by=agent, conversation=message.conversation, macro=found)
    assert Conversation.objects.values().get() == before
    draft = run(by=agent, conversation=message.conversation, macro=found)
    assert draft.text == seen.text == f"Hallo {message.conversation.handle.shown}, Mara Köhler sieht nach."
    after = Conversation.objects.get()
    assert (draft.state, after.tags, after.assignee, after.state) == ("editing", ["Störung"], agent, "open")
    assert Delivery.objects.count() == 0
    assert Entry.objects.filter(verb="publishing.run_macro", actor=agent).count() == 1
    assert Macro.objects.get().used == 1


def test_its_free_text_goes_to_a_second_person_like_any_other(agent: User, message: Message):
    draft = run(by=agent, conversation=message.conversation, macro=macro(agent))
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    assert draft.state == "waiting"


def test_an_answer_is_inserted_as_its_rendering_and_the_last_steps_follow_the_sending(agent: User, message: Message):
    found = macro(agent, text="", question=factories.question(), sent=[Wanted(Do.CLOSE), Wanted(Do.TAG, ["Fertig"])])
    draft = run(by=agent, conversation=message.conversation, macro=found)
    assert draft.unchanged
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    assert (draft.state, Conversation.objects.get().state) == ("released", "open")
    Delivery.objects.update(due_at=now())
    deliveries.deliver(draft.delivery.pk)
    after = Conversation.objects.get()
    assert (after.state, after.tags) == ("done", ["Fertig"])


def test_english_customers_are_written_to_in_english(agent: User, message: Message):
    Conversation.objects.update(language="en")
    conversation = Conversation.objects.get()
    found = macro(agent, text_en="Hello {name}")
    assert outlook(by=agent, conversation=conversation, macro=found).text == f"Hello {conversation.handle.shown}"


def test_what_somebody_has_written_is_never_replaced(agent: User, message: Message):
    draft = drafts.begin(by=agent, conversation=message.conversation)
    drafts.save(by=agent, draft=draft, text="Meine Worte")
    with pytest.raises(Refusal):
        run(by=agent, conversation=message.conversation, macro=macro(agent))
    assert Draft.objects.get().text == "Meine Worte"


def test_macros_are_ones_own_a_teams_or_everybodys(agent: User, message: Message):
    lead, other, team = factories.staff("lead"), factories.staff("agent"), Team.objects.create(name="Technik")
    agent.teams.add(team)
    own, teams = macro(agent, label="1"), macro(lead, label="2", mine=False, team=team)
    everybodys = macro(lead, label="3", mine=False)
    assert list(macros_of(agent)) == [own, teams, everybodys]
    assert list(macros_of(other)) == [everybodys]
    with pytest.raises(NotAllowed):
        run(by=other, conversation=message.conversation, macro=own)
    with pytest.raises(NotAllowed):
        macro(agent, mine=False)
    with pytest.raises(NotAllowed):
        macro(agent, macro=everybodys)
    for theirs in (own, everybodys):
        with pytest.raises(NotAllowed):
            delete_macro(by=other, macro=theirs)
    delete_macro(by=agent, macro=own)
    verbs = ("publishing.save_macro", "publishing.delete_macro")
    assert [Entry.objects.filter(verb=verb).count() for verb in verbs] == [3, 1]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"text": "Hallo {vorname}"}, "not known: vorname"), ({"text": " "}, "needs a text or something to do")],
)
def test_a_macro_that_makes_no_sense_is_refused(agent: User, fields: dict[str, object], reason: str):
    with override("en"), pytest.raises(Refusal, match=reason):
        macro(agent, **fields)
