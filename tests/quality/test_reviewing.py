"""From the first mark to the decision on a dispute, and everything that is refused on the way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.people.errors import NotAllowed, Refusal
from hilft.quality.commands import reviewing
from hilft.quality.enums import State
from hilft.quality.models import Dispute, Review, Sample
from hilft.quality.queries import (
    access_result,
    access_sample,
    may_dispute,
    results_of,
    reviews_shown,
    to_decide,
    to_look_at_together,
    to_review,
)
from tests import factories
from tests.quality.made import drawn, said, scored

pytestmark = pytest.mark.django_db
TONELESS = {"accuracy": "met", "tone": "missed", "compliance": "met", "resolution": "met"}


def outcome(sample: Sample) -> tuple[object, ...]:
    sample.refresh_from_db()
    return sample.state, sample.score, sample.passed, sample.critical


def test_one_review_settles_it_and_its_author_alone_sees_the_result():
    agent, trainer = factories.staff("agent"), factories.staff("trainer")
    sample = drawn(agent)
    assert list(to_review(trainer)) == [sample]
    reviewing.score(by=trainer, sample=sample, remark="Gut.", **said(tone="missed"))
    assert outcome(sample) == (State.DONE, 83, True, False)
    assert (list(to_review(trainer)), list(results_of(agent)), list(results_of(trainer))) == ([], [sample], [])
    for other in (trainer, factories.staff("lead"), factories.staff("operator")):
        with pytest.raises(Sample.DoesNotExist):
            access_result(other, sample.pk)
    assert [(entry.actor, entry.data) for entry in Entry.objects.filter(verb="quality.score")] == [(trainer, {})]
    with pytest.raises(Refusal):
        reviewing.score(by=factories.staff("trainer"), sample=sample, **said())


def test_nobody_reviews_what_they_had_a_hand_in():
    both = factories.staff("agent", "approver", "trainer")
    sample = drawn(both)
    assert list(to_review(both)) == []
    with pytest.raises(Sample.DoesNotExist):
        access_sample(both, sample.pk)
    with pytest.raises(NotAllowed):
        reviewing.score(by=both, sample=sample, **said())
    with pytest.raises(IntegrityError, match="had a hand in"):
        Review.objects.create(
            sample=sample, round="first", reviewer=both, marks={}, score=1, passed=True, critical=False, at=now()
        )


def test_agents_editors_and_operators_review_nothing():
    sample = drawn()
    for role in ("agent", "editor", "operator"):
        user = factories.staff(role)
        with pytest.raises(NotAllowed):
            to_review(user)
        with pytest.raises(NotAllowed):
            reviewing.score(by=user, sample=sample, **said())


@pytest.mark.parametrize(
    "given",
    [
        {"marks": {}, "comments": {}},
        {"marks": {"accuracy": "met"}, "comments": {}},
        {"marks": dict.fromkeys(("accuracy", "tone", "compliance", "resolution"), "none"), "comments": {}},
        {"marks": TONELESS, "comments": {"tone": " "}},
    ],
)
def test_a_review_says_something_of_each_criterion(given: dict[str, dict[str, str]]):
    sample = drawn()
    with pytest.raises(Refusal):
        reviewing.score(by=factories.staff("trainer"), sample=sample, **given)
    assert Review.objects.count() == 0


def test_two_reviews_stay_hidden_from_each_other_and_are_averaged():
    one, two, sample = factories.staff("trainer"), factories.staff("lead"), drawn(twice=True)
    first = scored(sample, one, tone="missed")
    assert sample.state == State.SECOND
    assert (list(to_review(one)), list(to_review(two))) == ([], [sample])
    assert (reviews_shown(two, sample), reviews_shown(one, sample)) == ([], [first])
    with pytest.raises(NotAllowed):
        reviewing.score(by=one, sample=sample, **said())
    second = scored(sample, two)
    assert outcome(sample) == (State.DONE, 92, True, False)
    assert reviews_shown(one, sample) == reviews_shown(two, sample) == [first, second]
    assert reviews_shown(factories.staff("approver"), sample) == []


def test_what_two_see_differently_they_look_at_together():
    one, two, sample = factories.staff("trainer"), factories.staff("lead"), drawn(twice=True)
    scored(sample, one)
    scored(sample, two, accuracy="missed")
    assert outcome(sample) == (State.TOGETHER, None, None, None)
    third = factories.staff("approver")
    assert [list(to_look_at_together(who)) for who in (one, two, third)] == [[sample], [sample], []]
    with pytest.raises(NotAllowed):
        reviewing.agree(by=third, sample=sample, **said())
    reviewing.agree(by=two, sample=sample, **said(resolution="missed"))
    assert outcome(sample) == (State.DONE, 75, False, False)
    with pytest.raises(Refusal):
        reviewing.agree(by=one, sample=sample, **said())
    assert Entry.objects.filter(verb="quality.agree", actor=two).count() == 1


def test_a_dispute_is_decided_by_somebody_new_and_the_old_review_stays():
    agent, one, third = factories.staff("agent"), factories.staff("trainer"), factories.staff("lead")
    sample = drawn(agent)
    first = scored(sample, one, accuracy="missed")
    assert outcome(sample) == (State.DONE, 67, False, True)
    reviewing.dispute(by=agent, sample=sample, reason="Die Frist war an dem Tag noch 48 Stunden.")
    assert [list(to_decide(who)) for who in (one, third)] == [[], [sample]]
    fresh = access_sample(third, sample.pk)
    assert reviews_shown(third, fresh) == [first]
    with pytest.raises(NotAllowed):
        reviewing.decide(by=one, sample=sample, remark="Nein.", **said())
    with pytest.raises(NotAllowed):
        reviewing.decide(by=agent, sample=sample, remark="Ja.", **said())
    with pytest.raises(Refusal):
        reviewing.decide(by=third, sample=sample, remark=" ", **said())
    decision = reviewing.decide(by=third, sample=sample, remark="Stimmt.", **said())
    assert outcome(sample) == (State.DONE, 100, True, False)
    assert list(sample.reviews.order_by("pk")) == [first, decision]
    assert Dispute.objects.get().decision == decision
    with pytest.raises(Refusal):
        reviewing.decide(by=factories.staff("approver"), sample=sample, remark="Doch nicht.", **said())
    with pytest.raises(Refusal):
        reviewing.dispute(by=agent, sample=sample, reason="Noch einmal.")
    verbs = Entry.objects.filter(verb__in=["quality.dispute", "quality.decide"]).order_by("pk")
    assert [(entry.verb, entry.actor, entry.data) for entry in verbs] == [
        ("quality.dispute", agent, {}),
        ("quality.decide", third, {}),
    ]


def test_only_the_author_disputes_with_a_reason_and_in_time():
    agent = factories.staff("agent")
    sample = drawn(agent)
    with pytest.raises(Refusal):
        reviewing.dispute(by=agent, sample=sample, reason="Es gibt noch kein Ergebnis.")
    scored(sample, tone="missed")
    with pytest.raises(NotAllowed):
        reviewing.dispute(by=factories.staff("agent"), sample=sample, reason="Das war anders.")
    with pytest.raises(Refusal):
        reviewing.dispute(by=agent, sample=sample, reason=" ")
    assert may_dispute(sample)
    Sample.objects.filter(pk=sample.pk).update(settled_at=now() - timedelta(days=14))
    sample.refresh_from_db()
    assert not may_dispute(sample)
    with pytest.raises(Refusal):
        reviewing.dispute(by=agent, sample=sample, reason="Zu spät.")


def test_the_database_keeps_reviews_and_deciders_as_they_are():
    trainer, sample = factories.staff("trainer"), drawn()
    review = scored(sample, trainer)
    for change in (lambda: Review.objects.filter(pk=review.pk).update(score=1), review.delete):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="does not decide"):
        Review.objects.create(
            sample=sample, round="decision", reviewer=trainer, marks={}, score=1, passed=True, critical=False, at=now()
        )
