"""Each fault of the practice networks while replies leave: all arrive, none twice, none lost, and what needs a person
is listed. `./hilft bench faults` runs all of it with 500 replies; docs/faults.md has its table."""

from collections.abc import Iterator
from typing import Any

import pytest

from hilft.approvals.models import Rule
from hilft.cli.bench.faults.cases import CASES
from hilft.cli.bench.faults.run import run

WHERE = {fault: ("facebook", "x")[number % 2] for number, fault in enumerate(CASES)}
"""Each fault on one network, by turns: both together would take twice as long."""

FEW, MANY = 30, 120
CROWDED = ("timeout_after",)
"""Faults that are tried with many replies here: answers lost on a network that takes the same words twice."""


@pytest.fixture
def rules(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """First in is last out: puts back what migrations had put in, after a test with real transactions emptied it."""
    with django_db_blocker.unblock():
        kept = list(Rule.objects.all())
    yield
    with django_db_blocker.unblock():
        Rule.objects.bulk_create(kept, ignore_conflicts=True)


@pytest.mark.slow
@pytest.mark.parametrize("fault", CASES)
def test_nothing_is_lost_and_nothing_comes_twice(rules: None, transactional_db: None, fault: str) -> None:
    count = MANY if fault in CROWDED else FEW
    found = run(WHERE[fault], CASES[fault], count)
    assert (found.questions, found.replies) == (count, count)
    assert (found.twice, found.lost, found.person, found.wrong) == (0, 0, 0, 0)
