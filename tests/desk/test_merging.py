"""Merging and splitting at the desk: what is shown before, what is done, and the way back."""

import pytest
from django.urls import reverse

from hilft.inbox.models import Match
from hilft.knowledge.commands import add_question, add_wording
from hilft.knowledge.models import Move, Question
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import reply, said

pytestmark = pytest.mark.django_db


def test_a_merge_is_previewed_done_and_undone(desk: Desk):
    editor = factories.staff("editor")
    client = desk(editor)
    a, b = factories.question(title="Router orange?"), factories.question(title="Kasten orange?")
    add_question(by=editor, title="Ohne Antwort?", topic="Festnetz")
    reply(factories.staff("agent"), b)
    address = reverse("desk:question-merge", args=[b.pk])

    page = client.get(address).content.decode()
    assert (f"?into={a.pk}" in page, "Ohne Antwort?" in page) == (True, False)
    page = client.get(address, {"q": "orange"}, headers={"hx-request": "true"}).content.decode()
    assert page.count("?into=") == 1
    page = client.get(address, {"into": a.pk}).content.decode()
    assert "<dt>Replies out there</dt><dd>1</dd>" in page
    assert Move.objects.count() == 0
    page = said(client, address, into=a.pk)

    assert "“Kasten orange?” was merged into this one" in page
    assert client.get(reverse("desk:question", args=[b.pk])).headers["location"] == reverse(
        "desk:question", args=[a.pk]
    )
    page = said(client, reverse("desk:move-undo", args=[Move.objects.get().pk]))
    assert "everything is where it was" in page
    assert Question.objects.get(pk=b.pk).merged_into is None


def test_a_split_shows_what_moves_and_leaves_what_is_to_stay(desk: Desk):
    editor, agent = factories.staff("editor"), factories.staff("agent")
    client, question = desk(editor), factories.question(title="Router blinkt?")
    green = add_wording(by=editor, question=question, text="Router blinkt grün?")
    placements = [reply(agent, question) for _ in range(2)]
    for placement in placements:
        message = placement.conversation.messages.order_by("pk")[0]
        Match.objects.create(message=message, question=question, wording=green, rank=1, score=1, likeness="sure")
    address = reverse("desk:question-split", args=[question.pk])
    form = {"title": "Was heißt grün?", "topic": "Festnetz", "wordings": [green.pk]}

    assert "Router blinkt grün?" in client.get(address).content.decode()
    page = client.get(address, form).content.decode()
    assert "1 wording · 2 conversations · 2 replies out there" in page
    assert Move.objects.count() == 0
    assert client.post(address, {"title": "Nein?"}).status_code == 422
    page = said(client, address, **form, staying=[placements[1].conversation_id])

    new = Question.objects.get(title="Was heißt grün?")
    assert "Split off from “Router blinkt?”" in page
    assert list(new.placements.all()) == [placements[0]]
    assert (
        "“Was heißt grün?” was split off" in client.get(reverse("desk:question", args=[question.pk])).content.decode()
    )
    said(client, reverse("desk:move-undo", args=[Move.objects.get().pk]))
    assert question.placements.count() == 2


@pytest.mark.parametrize("name", ["desk:question-merge", "desk:question-split"])
def test_only_editors(desk: Desk, name: str):
    question = factories.question()
    for role, status in (("editor", 200), ("lead", 200), ("agent", 403)):
        assert desk(factories.staff(role)).get(reverse(name, args=[question.pk])).status_code == status


@pytest.mark.parametrize("conversations", [1, 3])
def test_number_of_queries_of_the_preview(desk: Desk, django_assert_num_queries, conversations: int):
    editor, agent, question = factories.staff("editor"), factories.staff("agent"), factories.question()
    green = add_wording(by=editor, question=question, text="Router blinkt grün?")
    for _ in range(conversations):
        message = reply(agent, question).conversation.messages.order_by("pk")[0]
        Match.objects.create(message=message, question=question, wording=green, rank=1, score=1, likeness="sure")
    client, target = desk(editor), factories.question()
    form = {"title": "Was heißt grün?", "topic": "Festnetz", "wordings": [green.pk]}
    with django_assert_num_queries(15):
        client.get(reverse("desk:question-split", args=[question.pk]), form)
    with django_assert_num_queries(15):
        client.get(reverse("desk:question-merge", args=[question.pk]), {"into": target.pk})
