"""What an exam draws and how it counts, for every bank and seed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.training.enums import Step
from hilft.training.rules import Standing, draw, is_right, order, passes, step

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FRESH = Standing(0, None, None, practice_waits=False, practised=False, certified=False, until=None, certified_at=None)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**62), st.integers(0, 2**62))
def test_a_draw_never_repeats_where_the_bank_allows(bank: int, number: int, seed: int, before: int):
    pool = list(range(100, 100 + bank))
    last = draw(pool, number, before)
    drawn = draw(pool, number, seed, last=last)
    assert len(drawn) == len(set(drawn)) == min(bank, number)
    assert set(drawn) <= set(pool)
    assert (set(drawn) == set(last)) is (number >= bank)
    assert draw(pool, number, seed, last=last) == drawn


@given(st.integers(2, 6), st.integers(0, 2**62))
def test_the_order_of_choices_holds_for_its_seed(choices: int, seed: int):
    assert sorted(order(choices, seed, 7)) == list(range(choices))
    assert order(choices, seed, 7) == order(choices, seed, 7)


def test_exactly_the_right_choices_are_right():
    choices = [{"right": True}, {"right": False}, {"right": True}]
    assert [is_right(choices, chosen) for chosen in ([0, 2], [0], [0, 1, 2], [])] == [True, False, False, False]


@pytest.mark.parametrize(
    ("right", "asked", "percent", "suffices"), [(4, 5, 80, True), (3, 5, 80, False), (0, 0, 1, False)]
)
def test_a_share_passes(right: int, asked: int, percent: int, suffices: bool):
    assert passes(right, asked, percent) is suffices


@pytest.mark.parametrize(
    ("standing", "following"),
    [
        (FRESH._replace(unread=1), Step.LESSONS),
        (FRESH, Step.EXAM),
        (FRESH._replace(exam_passed=False, exam_at=AT - DAY / 2), Step.LATER),
        (FRESH._replace(exam_passed=False, exam_at=AT - DAY), Step.EXAM),
        (FRESH._replace(exam_passed=True, exam_at=AT - DAY), Step.PRACTICE),
        (FRESH._replace(exam_passed=True, exam_at=AT - DAY, practice_waits=True), Step.MARKING),
        (FRESH._replace(certified=True, certified_at=AT, until=AT + 61 * DAY), Step.DONE),
        (FRESH._replace(certified=True, certified_at=AT), Step.DONE),
        (FRESH._replace(certified=True, certified_at=AT - 300 * DAY, until=AT + 60 * DAY, unread=1), Step.REFRESH),
        (FRESH._replace(certified_at=AT - 400 * DAY), Step.REFRESH),
    ],
)
def test_what_comes_next(standing: Standing, following: Step):
    assert step(standing, has_task=True, retry=DAY, at=AT) == following
