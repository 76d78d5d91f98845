"""The editors' lists of questions against a plain count in Python, whatever is asked, answered, voted and judged."""

import random
from datetime import timedelta

import pytest

from hilft.base.clock import now
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Conversation, Judgement
from hilft.inbox.worklist import LATELY, asked_with_votes, asked_without_good_answer, flagged, wanting
from hilft.knowledge.commands import add_question, vote
from hilft.knowledge.enums import Confidence
from hilft.knowledge.models import Answer, Question, Version, Vote
from hilft.knowledge.queries import questions_of
from hilft.publishing.models import Placement
from hilft.publishing.placements import unused, unused_with_last
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def chance() -> random.Random:
    """Some thirty questions in every state, asked, judged, voted on and answered with at random, seven of each kind."""
    chance = random.Random(11)
    agent, account = factories.staff("agent"), factories.mastodon_account()
    for number in range(36):
        question = factories.question() if number % 6 else add_question(by=None, title=f"Offen {number}?", topic="X")
        Answer.objects.filter(question=question).update(confidence=chance.choice(Confidence.values))
        age = chance.choice([1, 300, 500])
        Version.objects.filter(answer__question=question).update(published_at=now() - timedelta(days=age))
        for voter in range(chance.choice([0, 3, 5])):
            current = question.answer.current
            if current:
                vote(version=current, voter=str(voter), helped=chance.random() < 0.4)
        for _ in range(chance.choice([0, 1, 2, 3])):
            message = factories.message(account, who=f"kunde{chance.random()}")
            when = now() - timedelta(days=chance.choice([1, 80, 100]))
            Conversation.objects.filter(pk=message.conversation_id).update(question=question, last_message_at=when)
            judgement = Judgement.objects.create(
                message=message, question=question, verdict=chance.choice(Verdict.values), by=agent
            )
            Judgement.objects.filter(pk=judgement.pk).update(at=now() - timedelta(days=chance.choice([0, 2, 400])))
        if question.answer.current and chance.random() < 0.5:
            Answer.objects.filter(question=question).update(confidence=Confidence.CHECKED, audience="public")
            placement = made.reply(agent, question)
            Placement.objects.filter(pk=placement.pk).update(
                published_at=now() - timedelta(days=chance.choice([10, 400, 500]))
            )
    Question.objects.filter(pk=Question.objects.order_by("pk")[7].pk).update(merged_into=Question.objects.first())
    return chance


def _alive() -> list[Question]:
    every = Question.objects.select_related("answer__current").filter(merged_into=None).order_by("pk")
    return [question for question in every if question.answer.confidence != Confidence.ARCHIVED]


def test_asked_without_a_good_answer(chance):
    expected = []
    for question in _alive():
        recent = question.conversations.filter(last_message_at__gte=now() - LATELY).count()
        said = list(Vote.objects.filter(version=question.answer.current_id).values_list("helped", flat=True))
        yes, no = said.count(True), said.count(False)
        good = question.answer.confidence == Confidence.CHECKED and question.answer.current is not None
        if recent and not (good and not (no > yes and no >= 3)):
            expected.append((-recent, question.pk, yes, no))
    found = asked_with_votes(list(asked_without_good_answer()))
    assert [(-q.lately, q.pk, q.yes, q.no) for q in found] == sorted(expected)
    assert len(expected) > 5
    assert asked_without_good_answer().count() == len(expected)
    assert {question.pk for question in wanting()} == {pk for _lately, pk, _yes, _no in expected}


def test_called_wrong_or_outdated_since_the_answer_was_published(chance):
    expected = []
    for question in _alive():
        current = question.answer.current
        said = [j.verdict for j in question.judgements.all() if current and j.at > current.published_at]
        wrong, outdated = said.count(Verdict.WRONG), said.count(Verdict.OUTDATED)
        if wrong + outdated:
            expected.append((-wrong - outdated, question.pk, wrong, outdated))
    found = questions_of(list(flagged()))
    assert [(-q.flags, q.pk, q.wrong, q.outdated) for q in found] == sorted(expected)
    assert len(expected) > 2
    assert flagged().count() == len(expected)


def test_not_used_for_a_year(chance):
    expected = []
    for question in _alive():
        current = question.answer.current
        used = [placement.published_at for placement in question.placements.all()]
        if current and current.published_at < now() - YEAR and not any(at >= now() - YEAR for at in used):
            expected.append((current.published_at, question.pk, max(used, default=None)))
    found = unused_with_last(list(unused()))
    assert [(q.answer.current.published_at, q.pk, q.last_used) for q in found] == sorted(expected)
    assert len(expected) > 2
    assert unused().count() == len(expected)
