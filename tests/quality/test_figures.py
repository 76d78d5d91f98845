"""Figures of the team: whole weeks, large groups, and never anything of a person."""

from datetime import timedelta

import pytest

from hilft.base.clock import now
from hilft.people.models import Team, User
from hilft.publishing.models import Placement
from hilft.quality.enums import State
from hilft.quality.figures import agreements, period, team_figures
from hilft.quality.models import Plan, Review, Sample
from hilft.quality.queries import newest_card
from tests import factories
from tests.desk import made
from tests.quality.made import marks, plan

pytestmark = pytest.mark.django_db


def settled(of: Plan, reply: Placement, author: User, *, passed: bool = True) -> Sample:
    """A result of the week before last, whose reply is one and the same text."""
    at = period()[1] - timedelta(days=9)
    return Sample.objects.create(
        plan=of,
        placement=reply,
        scorecard=newest_card("antwort"),
        author=author,
        hands=[author.pk],
        lot=0.0,
        percent=100,
        twice=False,
        state=State.DONE,
        score=100,
        passed=passed,
        critical=False,
        drawn_at=at,
        settled_at=at,
    )


def reviewed(sample: Sample, by: User, round_: str, **given: str) -> None:
    score = 60 if given else 100
    Review.objects.create(
        sample=sample,
        round=round_,
        reviewer=by,
        marks=marks(**given),
        score=score,
        passed=not given,
        critical=False,
        at=sample.drawn_at,
    )


def replies(number: int, question_by: User) -> list[Placement]:
    question = factories.question()
    return [made.reply(question_by, question) for _reply in range(number)]


def test_a_group_is_shown_from_ten_replies_of_five_people_on():
    writer, of = factories.staff("agent"), plan()
    people = [factories.staff("agent") for _person in range(5)]
    team = Team.objects.create(name="Festnetz")
    team.members.add(*people)
    found = replies(10, writer)
    for number, reply in enumerate(found[:9]):
        settled(of, reply, people[number % 5], passed=number > 0)
    assert team_figures() == (None, [], [], [])
    last = settled(of, found[9], people[4])
    figures = team_figures()
    assert figures.total is not None
    assert (figures.total.n, len(figures.total.people), figures.total.passed) == (10, 5, 9)
    assert [(name, share.n) for name, share in figures.teams] == [("Festnetz", 10)]
    assert [(name, share.n) for name, share in figures.channels] == [("portal", 10)]
    assert figures.met == []
    settled(of, replies(1, writer)[0], writer)
    with_one_more = team_figures()
    assert with_one_more.total is not None
    assert (with_one_more.total.n, with_one_more.teams) == (11, [])
    Sample.objects.filter(pk__gte=last.pk).update(settled_at=now())
    assert team_figures().total is None


def test_agreement_takes_ten_replies_and_three_reviewers():
    of, author = plan(), factories.staff("agent")
    one, two, three = (factories.staff("trainer") for _person in range(3))
    found = [settled(of, reply, author) for reply in replies(10, author)]
    for number, sample in enumerate(found):
        reviewed(sample, one, "first", **({"tone": "missed"} if number % 2 else {}))
        reviewed(sample, two, "second", **({"tone": "missed"} if number % 2 else {}))
    assert agreements() is None
    eleventh = settled(of, replies(1, author)[0], author)
    reviewed(eleventh, three, "first")
    reviewed(eleventh, one, "second")
    rows = agreements()
    assert rows is not None
    told = {row.criterion.key if row.criterion else "": (row.found.n, row.found.alpha, row.verdict) for row in rows}
    assert told == {
        "": (11, 1.0, "good"),
        "accuracy": (11, None, ""),
        "tone": (11, 1.0, "good"),
        "compliance": (11, None, ""),
        "resolution": (11, None, ""),
    }
