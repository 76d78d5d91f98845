"""What the rules are told of a reply: personal data is what the validated answer does not say itself."""

import pytest

from hilft.knowledge.models import Question
from hilft.people.models import User
from hilft.publishing.commands import drafts
from hilft.publishing.facts import personal_kinds
from hilft.publishing.models import Draft
from tests import factories

pytestmark = pytest.mark.django_db

BODY = "Sperren Sie die Karte über unseren Sperr-Notruf 0800 000 1160, das dauert höchstens {hours} Stunden."


def inserted(agent: User, question: Question) -> Draft:
    conversation = factories.message(factories.portal_account(), "Meine SIM ist weg, was nun?").conversation
    draft = drafts.begin(by=agent, conversation=conversation)
    return drafts.insert(by=agent, draft=draft, question=question)


def test_the_hotline_of_a_validated_answer_holds_nothing():
    agent = factories.staff("agent")
    draft = inserted(agent, factories.question(body=BODY))
    assert ("0800 000 1160" in draft.text, personal_kinds(draft)) == (True, [])
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=draft.conversation.messages.get().pk)
    assert (draft.state, draft.rule) == ("released", "unchanged-rendering")


@pytest.mark.parametrize(
    ("added", "kinds"),
    [
        ("Oder unter 0800 000 1160.", []),
        ("Oder unter 0431 5550117.", ["Telefon"]),
        ("Ihre Nummer ist die 0431 5550117, sonst jana@post.example.", ["E-Mail", "Telefon"]),
    ],
)
def test_what_somebody_adds_is_looked_at(added: str, kinds: list[str]):
    agent = factories.staff("agent")
    draft = inserted(agent, factories.question(body=BODY))
    draft = drafts.save(by=agent, draft=draft, text=f"{draft.text} {added}")
    assert personal_kinds(draft) == kinds


def test_an_answer_that_has_changed_since_vouches_for_nothing():
    agent, question = factories.staff("agent"), factories.question(body=BODY)
    draft = inserted(agent, question)
    factories.publish(question, hours=24)
    assert personal_kinds(Draft.objects.get(pk=draft.pk)) == ["Telefon"]
