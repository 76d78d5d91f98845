"""An author's record: the arithmetic of earned release, against the figures of the field."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.approvals.records import ACCEPTS_BELOW, REJECTS_ABOVE, SLOPE, STEPS, Trial, counted

clean = st.lists(st.booleans(), max_size=300)


@pytest.mark.parametrize(("checks", "faulty"), [(29, 0.10), (59, 0.05), (149, 0.02)])
def test_so_many_clean_checks_show_the_share(checks: int, faulty: float) -> None:
    """The rule of three's exact form: this many suffice for 95 %, one less does not."""
    assert [(step.clean, step.faulty) for step in STEPS if step.clean == checks] == [(checks, faulty)]
    assert (1 - faulty) ** checks <= 0.05
    assert (1 - faulty) ** (checks - 1) > 0.05


def test_the_sequential_test_has_the_lines_of_the_field() -> None:
    assert (round(SLOPE, 3), round(ACCEPTS_BELOW, 2), round(REJECTS_ABOVE, 2)) == (0.059, 1.76, 2.26)


def test_twenty_nine_in_a_row_are_held_by_sample_and_a_rejection_leads_back() -> None:
    shares = [counted([True] * n).step.share for n in (0, 28, 29, 58, 59, 148, 149)]
    assert shares == [1.0, 1.0, 0.30, 0.30, 0.15, 0.15, 0.05]
    after = counted([True] * 149 + [False])
    assert (after.clean, after.step.share, after.following) == (0, 1.0, STEPS[1])
    assert counted([True] * 29 + [False] + [True] * 29).step.share == 0.30


def test_too_many_faults_lead_back_however_many_are_clean_since() -> None:
    record = counted([False] * 6 + [True] * 29)
    assert (record.test, record.step) == (Trial.BAD, STEPS[0])
    assert counted([True] * 31).test is Trial.GOOD
    assert counted([True] * 30).test is Trial.GOES_ON


@given(clean)
def test_the_share_falls_only_by_clean_checks(checks: list[bool]) -> None:
    before, after = counted(checks), counted([*checks, False])
    assert after.step.share == 1.0
    assert (after.clean, after.checks, after.faults) == (0, before.checks + 1, before.faults + 1)
    assert counted([*checks, True]).step.share <= before.step.share or before.test is Trial.BAD
    assert math.isclose(before.rejects_at - before.accepts_at, ACCEPTS_BELOW + REJECTS_ABOVE)
