"""Linking at the desk: what is offered, how it shows in the conversation, and the way back."""

import pytest
from django.urls import reverse

from hilft.inbox.models import Duplicate, Match
from hilft.inbox.queries import duplicate_of
from hilft.knowledge.commands import add_question
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import asked, said

pytestmark = pytest.mark.django_db


def test_suggested_and_found_questions_are_offered_and_linked(desk: Desk):
    client = desk(factories.staff("agent"))
    message, question = asked(), factories.question(title="Router blinkt orange?")
    other = factories.question(title="Wie kündige ich?")
    add_question(by=None, title="Wie kündige ich ohne Antwort?", topic="Vertrag")
    Match.objects.create(message=message, question=question, rank=1, score=1, likeness="sure")
    address = reverse("desk:duplicate", args=[message.conversation_id])

    page = client.get(address).content.decode()
    assert ("Link to: Router blinkt orange?" in page, "Link to: Wie kündige ich?" in page) == (True, False)
    page = client.get(address, {"q": "kündige"}, headers={"hx-request": "true"}).content.decode()
    assert page.count("Link to: ") == 1
    assert "Only questions with a published answer" in client.get(address, {"q": "xyz"}).content.decode()
    page = said(client, reverse("desk:duplicate-link", args=[message.conversation_id]), question=other.pk)

    assert "Linked as a duplicate of" in page
    assert "Linked: “Wie kündige ich?”" in page
    duplicate = Duplicate.objects.get()
    assert "Take back" in client.get(address).content.decode()
    page = said(client, reverse("desk:duplicate-undo", args=[duplicate.pk]))
    assert "The link is taken back." in page
    assert duplicate_of(message.conversation) is None


def test_from_the_portal_and_back(desk: Desk):
    client = desk(factories.staff("editor"))
    message, question = asked(), factories.question()
    address = reverse("desk:duplicate-link", args=[message.conversation_id])
    answer = client.post(f"{address}?from=portal", {"question": question.pk})
    assert answer.headers["location"].endswith(f"/fragen/{message.conversation.thread}/")


def test_a_confirmed_match_is_linked_by_one_key(desk: Desk):
    client = desk(factories.staff("agent"))
    message, question = asked(), factories.question()
    show = reverse("desk:conversation", args=[message.conversation_id])
    key = 'data-key-label="Link as duplicate of the confirmed question"'
    assert key not in client.get(show).content.decode()
    client.post(reverse("desk:verdict", args=[message.conversation_id]), {"verdict": "used", "question": question.pk})
    assert key in client.get(show).content.decode()


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("editor", 200), ("operator", 403)])
def test_who_may_link(desk: Desk, role: str, status: int):
    message = asked()
    client = desk(factories.staff(role))
    assert client.get(reverse("desk:duplicate", args=[message.conversation_id])).status_code == status
    assert client.get(reverse("desk:duplicate-link", args=[message.conversation_id])).status_code in {403, 405}


@pytest.mark.parametrize("matches", [1, 3])
def test_number_of_queries(desk: Desk, django_assert_num_queries, matches: int):
    client, message = desk(factories.staff("agent")), asked()
    for rank in range(1, matches + 1):
        Match.objects.create(message=message, question=factories.question(), rank=rank, score=1, likeness="sure")
    address = reverse("desk:duplicate", args=[message.conversation_id])
    client.get(address)
    with django_assert_num_queries(16):
        client.get(address)
