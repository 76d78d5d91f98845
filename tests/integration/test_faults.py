"""Each fault of the practice networks while replies leave: all arrive, none twice, none lost, and what needs a person
is listed. `./hilft bench faults` runs all of it with 500 replies; docs/faults.md has its table."""

import pytest

from hilft.cli.bench.faults.cases import CASES
from hilft.cli.bench.faults.run import run

WHERE = {fault: ("facebook", "x")[number % 2] for number, fault in enumerate(CASES)}
"""Each fault on one network, by turns: both together would take twice as long."""

FEW, MANY = 30, 120
CROWDED = ("timeout_after",)
"""Faults that are tried with many replies here: answers lost on a network that takes the same words twice."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", CASES)
def test_nothing_is_lost_and_nothing_comes_twice(rules_kept: None, transactional_db: None, fault: str) -> None:
    count = MANY if fault in CROWDED else FEW
    found = run(WHERE[fault], CASES[fault], count)
    assert (found.questions, found.replies) == (count, count)
    assert (found.twice, found.lost, found.person, found.wrong) == (0, 0, 0, 0)
