"""The editor's work list: each kind with its evidence and one action, empty states, and what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hilft.base.clock import now
from hilft.inbox.commands import judge
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Conversation
from hilft.knowledge.commands import add_question, vote
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.models import Finding, Question, Version
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import asked, reply, said

pytestmark = pytest.mark.django_db
KINDS = ("asked", "contradiction", "flagged", "two", "unused")


def page(client, kind: str) -> str:
    return client.get(reverse("desk:worklist"), {"kind": kind}).content.decode()


def pair(kind: FindingKind, against: list[list[str]] | None = None) -> Finding:
    a, b = factories.question(), factories.question()
    return Finding.objects.create(
        kind=kind,
        question=a,
        other=b,
        wording=a.wordings.get(),
        other_wording=b.wordings.get(),
        evidence={"against": against or []},
        found_at=now(),
    )


def test_nothing_to_do(desk: Desk):
    client = desk(factories.staff("editor"))
    for kind in KINDS:
        assert "Nothing to do here" in page(client, kind)
    assert desk(factories.staff("agent")).get(reverse("desk:worklist")).status_code == 403


def test_asked_without_a_good_answer(desk: Desk):
    empty, bad, good = add_question(by=None, title="Leer?", topic="X"), factories.question(), factories.question()
    for question in (empty, empty, bad, good):
        Conversation.objects.filter(pk=asked().conversation_id).update(question=question)
    for voter in range(3):
        vote(version=bad.answer.current, voter=str(voter), helped=False)
    shown = page(desk(factories.staff("editor")), "asked")
    assert "asked 2 times in three months" in shown
    assert "3 readers say that it did not help, 0 that it did" in shown
    assert (shown.index("Leer?") < shown.index(bad.title), good.title in shown) == (True, False)
    assert shown.count("Write the answer: ") == 2


def test_called_outdated_since_its_version(desk: Desk):
    agent, question = factories.staff("agent"), factories.question()
    judge(by=agent, conversation=asked().conversation, verdict=Verdict.OUTDATED, question=question)
    client = desk(factories.staff("editor"))
    assert "wrong: 0 · outdated: 1 · since version 1" in page(client, "flagged")
    factories.publish(question)
    assert "Nothing to do here" in page(client, "flagged")


def test_answers_that_contradict_each_other_side_by_side(desk: Desk):
    found = pair(FindingKind.CONTRADICTION, [["48 Stunden", "24 Stunden"]])
    shown = page(desk(factories.staff("editor")), "contradiction")
    assert shown.index("<strong>48 Stunden</strong>") < shown.index("<strong>24 Stunden</strong>")
    assert shown.count("Edit the older answer: ") == 1
    assert reverse("desk:question-edit", args=[found.question_id]) in shown


def test_wordings_that_match_two_questions_lead_to_a_merge(desk: Desk):
    found = pair(FindingKind.TWO)
    shown = page(desk(factories.staff("editor")), "two")
    assert f"{reverse('desk:question-merge', args=[found.other_id])}?into={found.question_id}" in shown


def test_not_used_for_a_year_is_archived(desk: Desk):
    client = desk(factories.staff("editor"))
    old, used, new = (factories.question() for _ in range(3))
    Version.objects.filter(answer__question__in=[old, used]).update(published_at=now() - timedelta(days=400))
    reply(factories.staff("agent"), used)
    shown = page(client, "unused")
    assert ([q.title in shown for q in (old, used, new)], "never used" in shown) == ([True, False, False], True)
    said(client, reverse("desk:question-state", args=[old.pk]), confidence="archived", audience="internal")
    assert "Nothing to do here" in page(client, "unused")


def test_much_work_of_another_kind_is_not_counted_any_further(desk: Desk, monkeypatch):
    monkeypatch.setattr("hilft.desk.worklist.views.MANY", 2)
    for _ in range(3):
        pair(FindingKind.TWO)
    client = desk(factories.staff("editor"))
    assert '<span class="count">2+</span>' in page(client, "asked")
    assert '<span class="count">3</span>' in page(client, "two")


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        pair(FindingKind.TWO)
        pair(FindingKind.CONTRADICTION, [["1 €", "2 €"]])
        Conversation.objects.filter(pk=asked().conversation_id).update(
            question=add_question(by=None, title="Leer?", topic="X")
        )
        judge(
            by=factories.staff("agent"),
            conversation=asked().conversation,
            verdict=Verdict.WRONG,
            question=factories.question(),
        )
        old = factories.question()
        Version.objects.filter(answer__question=old).update(published_at=now() - timedelta(days=400))
    assert Question.objects.count() == rows * 7
    client = desk(factories.staff("editor"))
    for kind, queries in {"asked": 17, "contradiction": 20, "flagged": 16, "two": 20, "unused": 17}.items():
        with django_assert_num_queries(queries):
            client.get(reverse("desk:worklist"), {"kind": kind})
