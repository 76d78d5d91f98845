"""Whatever people do in whatever order: nobody reviews their own, sees the other too early, or is one too many."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.quality.commands import reviewing
from hilft.quality.commands.drawing import draw
from hilft.quality.enums import Mark, Round, State
from hilft.quality.models import Review, Sample
from hilft.quality.queries import access_sample, reviews_shown
from tests import factories
from tests.desk import made
from tests.quality.made import plan, said

pytestmark = pytest.mark.django_db
STEPS = 60
ROLES = {"ada": ["agent"], "ben": ["agent", "trainer"], "cem": ["approver"], "dina": ["lead"], "eva": ["trainer"]}


class Office:
    """People who write, review and dispute at random; some of what they try is refused."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.people = [factories.staff(*roles, name=name) for name, roles in ROLES.items()]
        self.answer = factories.question()
        plan(twice_percent=60)
        self.done: Counter[str] = Counter()

    def act(self) -> None:
        name = self.random.choices(["reply", "take", "score", "agree", "dispute", "decide"], [2, 3, 8, 4, 4, 4])[0]
        for person in self.random.sample(self.people, 3):
            try:
                getattr(self, name)(person)
            except (Refusal, LookupError):
                continue
            self.done[name] += 1
            self.check()
            return

    def reply(self, by: User) -> None:
        if Sample.objects.count() < 4:
            made.reply(by, self.answer)
            draw()

    def take(self, by: User) -> None:
        reviewing.take(by=by, sample=self.any(state__in=[State.OPEN, State.SECOND]))

    def score(self, by: User) -> None:
        open_ones = {"state__in": [State.OPEN, State.SECOND]} if self.random.random() < 0.7 else {}
        reviewing.score(by=by, sample=self.any(**open_ones), **self.words())

    def agree(self, by: User) -> None:
        reviewing.agree(by=by, sample=self.any(), **self.words())

    def dispute(self, by: User) -> None:
        sample = self.any()
        by = by if self.random.random() < 0.3 else sample.author
        reviewing.dispute(by=by, sample=sample, reason="Das sehe ich anders.")

    def decide(self, by: User) -> None:
        reviewing.decide(by=by, sample=self.any(dispute__isnull=False), remark="Darum.", **self.words())

    def any(self, **which: Any) -> Sample:
        return self.random.choice(list(Sample.objects.filter(**which).select_related("author").order_by("pk")))

    def words(self) -> dict[str, Any]:
        return said(**({"tone": Mark.MISSED} if self.random.random() < 0.4 else {}))

    def check(self) -> None:
        for sample in Sample.objects.order_by("pk"):
            written = list(sample.reviews.order_by("pk"))
            assert not {review.reviewer_id for review in written} & set(sample.hands)
            by = {review.round: review.reviewer_id for review in written}
            assert len({by[one] for one in (Round.FIRST, Round.SECOND) if one in by}) == min(len(by), 1 + sample.twice)
            assert by.get(Round.TOGETHER) in {None, by.get(Round.FIRST), by.get(Round.SECOND)}
            assert by.get(Round.DECISION, 0) not in {by.get(one) for one in by if one != Round.DECISION}
            assert sample.takers.count() + len({Round.FIRST, Round.SECOND} & by.keys()) <= 1 + sample.twice
            self.check_hidden(sample, written)

    def check_hidden(self, sample: Sample, written: list[Review]) -> None:
        both_in = sample.state in {State.TOGETHER, State.DONE}
        for user in self.people:
            try:
                seen = reviews_shown(user, access_sample(user, sample.pk))
            except (Refusal, Sample.DoesNotExist):
                continue
            others = [review for review in seen if review.reviewer_id != user.pk]
            assert both_in or not others


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_reviews_their_own_or_sees_too_early(seed: int):
    office = Office(Random(seed))
    for _step in range(STEPS):
        office.act()
    assert min(office.done[name] for name in ("reply", "score", "dispute", "decide")) > 0, office.done
