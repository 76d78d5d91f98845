"""Fixing, adding and deciding: from the conversation, on the page of an offer, and in the work list."""

import pytest
from django.test import Client
from django.urls import reverse

from hilft.inbox.models import Conversation, Match
from hilft.knowledge import proposals
from hilft.knowledge.models import Answer, Question, Version
from hilft.people.models import User
from hilft.publishing.commands import decisions, drafts
from hilft.publishing.models import Draft, Placement
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import asked, digest, leave, said, status
from tests.knowledge.test_governance import somebody, texts

pytestmark = pytest.mark.django_db
FIXED = {
    "body_de-sie": "Orange heißt: Bitte warten Sie 24 Stunden.",
    "short_de-sie": "Bitte warten Sie.",
    "body_de-du": "Orange heißt: Warte bitte 24 Stunden.",
    "short_de-du": "Warte bitte.",
    "note": "Kürzer, Quelle: Technik",
    "based_on": "1",
    "read": "on",
}


def suggested(question: Question) -> Conversation:
    """A conversation in which this question is suggested."""
    message = asked()
    Match.objects.create(message=message, question=question, rank=1, score=0.95, likeness="sure")
    return message.conversation


def dock(client: Client, conversation: Conversation) -> str:
    return client.get(reverse("desk:conversation", args=[conversation.pk])).content.decode()


def fix(client: Client, conversation: Conversation, question: Question, **changed: str) -> str:
    return said(client, reverse("desk:fix", args=[conversation.pk, question.pk]), **(FIXED | changed))


def holding(question: Question) -> tuple[int, str, str]:
    answer = Answer.objects.select_related("current").get(question=question)
    return (answer.current.number if answer.current else 0, answer.confidence, answer.audience)


def test_a_publishers_fix_holds_at_once_and_undo_brings_the_old_text_back(desk: Desk):
    question, client = factories.question(), desk(factories.staff("lead"))
    conversation = suggested(question)
    assert f'href="{reverse("desk:fix", args=[conversation.pk, question.pk])}"' in dock(client, conversation)
    form = client.get(reverse("desk:fix", args=[conversation.pk, question.pk]), headers={"hx-request": "true"})
    assert "data-dialog-now" in form.content.decode()
    assert "Your text holds at once" in form.content.decode()
    assert "Published as version 2." in fix(client, conversation, question)
    version = Version.objects.get(number=2)
    assert version.checklist["source"] == "person"
    assert version.checklist["fits"] == "machine"
    undo = f"{reverse('desk:proposal-withdraw', args=[version.pk])}?conversation={conversation.pk}"
    assert "What held before holds again." in said(client, undo)
    assert holding(question) == (3, "checked", "public")


def test_a_candidates_fix_waits_with_its_difference_until_somebody_else_publishes_it(desk: Desk):
    agent, editor = desk(factories.staff("agent", name="Mara Lüders")), desk(factories.staff("editor"))
    question = factories.question()
    conversation = suggested(question)
    assert "Proposed: it waits for a second person." in fix(agent, conversation, question, read="")
    assert holding(question) == (1, "checked", "public")
    offered = Version.objects.get(number=2)
    url = reverse("desk:proposal", args=[offered.pk])
    listed = editor.get(reverse("desk:worklist"), {"kind": "proposed"}).content.decode()
    assert (url in listed, "Mara Lüders" in listed) == (True, True)
    page = editor.get(url).content.decode()
    assert "<del>" in page
    assert "Tick every point first" in editor.post(url).content.decode()
    by_hand = ["clear", "current", "one", "source"]
    editor.post(url, {"points": by_hand})
    assert holding(question) == (2, "checked", "public")
    offered.refresh_from_db()
    assert {code for code, tick in offered.checklist.items() if tick == "person"} == set(by_hand)
    assert status(agent, "desk:proposal", offered.pk) == 200
    assert "Somebody whose right" not in agent.get(url).content.decode()


def test_what_a_contributor_offers_is_used_in_the_dock_and_becomes_public_with_the_reply(desk: Desk):
    contributor, other = somebody("contributor"), factories.staff("agent")
    question = factories.question()
    offered = proposals.propose(by=contributor, question=question, texts=texts("Sofort"))
    conversation = suggested(question)
    assert "Use the proposed text" not in dock(desk(contributor), conversation), "one's own is for somebody else"
    page = dock(desk(other), conversation)
    assert "Your use of it makes it public." in page
    assert f'"version": "{offered.pk}"' in page
    client = desk(other)
    url = reverse("desk:draft-save", args=[conversation.pk])
    client.post(url, {"text": "Sofort, Sie.", "question": question.pk, "version": offered.pk})
    draft = Draft.objects.get()
    assert draft.source is not None
    assert draft.source.version == offered
    seen = conversation.messages.latest("pk").pk
    draft = drafts.submit(by=other, draft=draft, text=draft.rendering, seen=seen)
    assert draft.state == "waiting", "an unpublished text is seen by a second person"
    draft = decisions.approve(by=factories.staff("approver"), draft=draft, digest=digest(draft)).draft
    leave(draft.delivery)
    assert holding(question) == (2, "checked", "public")
    assert Placement.objects.get().state == "current"


def test_one_goes_back_from_an_offered_text_to_the_one_that_holds(desk: Desk):
    question, client = factories.question(), desk(factories.staff("agent"))
    offered = proposals.propose(by=somebody("contributor"), question=question, texts=texts("Sofort"))
    candidate = proposals.propose(by=factories.staff("agent"), question=question, texts=texts("Nie"))
    conversation = suggested(question)
    url = reverse("desk:draft-save", args=[conversation.pk])
    for version, behind in ((offered.pk, 2), ("", 1)):
        client.post(url, {"text": "x", "question": question.pk, "version": version})
        assert Draft.objects.get().source.version.number == behind
    refused = client.post(url, {"text": "x", "question": question.pk, "version": candidate.pk}, follow=True)
    assert "This text is not offered any more." in refused.content.decode()


def test_a_new_answer_from_a_reply_and_its_undo(desk: Desk):
    agent = factories.staff("agent")
    client, message = desk(agent), asked("Kann ich die eSIM umziehen? Tel. 0431 1234567")
    conversation = message.conversation
    drafts.save(by=agent, draft=drafts.begin(by=agent, conversation=conversation), text="Ja, in der App.")
    url = reverse("desk:host", args=[conversation.pk])
    form = client.get(url).content.decode()
    assert "Ja, in der App." in form
    assert "Write the answer in one form" in said(client, url, title="eSIM umziehen?", topic="Mobilfunk")
    page = said(client, url, title="eSIM umziehen?", topic="Mobilfunk", sie="Ja, in der App.")
    assert "Kept as a draft: the editors see it in their list." in page
    question = Question.objects.get()
    conversation.refresh_from_db()
    assert (conversation.question, conversation.confirmed) == (question, True)
    assert "0431" not in " ".join(question.wordings.values_list("text", flat=True))
    listed = desk(factories.staff("editor")).get(reverse("desk:worklist"), {"kind": "asked"}).content.decode()
    assert "eSIM umziehen?" in listed
    said(client, reverse("desk:host-undo", args=[conversation.pk, question.pk]))
    conversation.refresh_from_db()
    assert (Question.objects.count(), conversation.question, conversation.confirmed) == (0, None, False)


def test_a_contributors_new_answer_is_for_the_team_and_links_nowhere_yet(desk: Desk):
    contributor, other = somebody("contributor"), factories.staff("agent")
    conversation = asked("Kann ich die eSIM umziehen?").conversation
    page = said(
        desk(contributor),
        reverse("desk:host", args=[conversation.pk]),
        title="eSIM umziehen?",
        topic="Mobilfunk",
        sie="Ja, tippen Sie in der App darauf.",
        du="Ja, tipp in der App darauf.",
    )
    assert "The team may use it now" in page
    question = Question.objects.get()
    assert holding(question) == (1, "unchecked", "internal")
    draft = drafts.insert(by=other, draft=drafts.begin(by=other, conversation=conversation), question=question)
    assert f"/f/{question.slug}/" not in draft.text
    undo = reverse("desk:host-undo", args=[conversation.pk, question.pk])
    said(desk(contributor), undo)
    assert holding(question)[1] == "archived", "what holds is never deleted"


def test_an_offer_is_sent_back_taken_over_or_taken_back(desk: Desk):
    agent, editor, question = factories.staff("agent"), desk(factories.staff("editor")), factories.question()
    first, second, third = (proposals.propose(by=agent, question=question, texts=texts(word)) for word in "abc")
    page = said(editor, reverse("desk:proposal-reject", args=[first.pk]), reason="Zu ungenau")
    assert "Sent back to" in page
    assert "Zu ungenau" in desk(agent).get(reverse("desk:proposal", args=[first.pk])).content.decode()
    led = editor.post(reverse("desk:proposal-takeover", args=[second.pk]))
    assert led.url == reverse("desk:question-edit", args=[question.pk])
    assert "The proposal is taken back." in said(desk(agent), reverse("desk:proposal-withdraw", args=[third.pk]))
    assert Version.objects.waiting().count() == 0


def test_an_editor_without_the_publishers_right_proposes(desk: Desk):
    editor, question = somebody("candidate", "editor"), factories.question()
    client = desk(editor)
    client.post(reverse("desk:question-edit", args=[question.pk]), FIXED | {"action": "publish", "seen": ""})
    url = reverse("desk:question-publish", args=[question.pk])
    page = client.get(url).content.decode()
    assert "Propose to a second person" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    led = client.post(url, {"replies": "correct", "seen": seen})
    assert led.url == reverse("desk:proposal", args=[Version.objects.get(number=2).pk])
    assert holding(question) == (1, "checked", "public")


def test_care_of_an_answer_and_its_review_from_the_work_list(desk: Desk):
    editor, question = factories.staff("editor"), factories.question()
    client = desk(editor)
    care = reverse("desk:question-care", args=[question.pk])
    said(client, care, owner=str(editor.pk), review_on="2026-01-01")
    assert "Saved." in said(
        client, reverse("desk:question-governance", args=[question.pk]), governance="two", reason="Reguliert"
    )
    listed = client.get(reverse("desk:worklist"), {"kind": "due"}).content.decode()
    assert (question.title in listed, editor.name in listed, "two people always" in listed) == (True, True, True)
    page = client.get(reverse("desk:question", args=[question.pk])).content.decode()
    assert "Changes take two people always: Reguliert." in page
    said(client, reverse("desk:question-still-right", args=[question.pk]))
    assert (
        "No answer has to be looked at again yet."
        in client.get(reverse("desk:worklist"), {"kind": "due"}).content.decode()
    )
    assert "looked at it when it was due" in client.get(care).content.decode()
    assert status(desk(factories.staff("agent")), "desk:question-care", question.pk) == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_what_the_new_kinds_of_work_cost(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        question = factories.question()
        proposals.propose(by=factories.staff("agent"), question=question, texts=texts())
        Answer.objects.filter(question=question).update(review_on="2026-01-01")
    client = desk(factories.staff("editor"))
    for kind, queries in {"due": 16, "proposed": 16}.items():
        with django_assert_num_queries(queries):
            page = client.get(reverse("desk:worklist"), {"kind": kind}).content.decode()
        assert page.count("<li><p>") == rows


def test_only_who_works_on_answers_proposes(desk: Desk):
    question = factories.question()
    conversation = suggested(question)
    operator = desk(factories.staff("operator"))
    assert status(operator, "desk:fix", conversation.pk, question.pk) == 403
    assert status(operator, "desk:host", conversation.pk) == 403
    assert User.objects.filter(roles=["operator"]).count() == 1
