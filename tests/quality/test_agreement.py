"""Krippendorff's α against the published worked examples, and what holds whoever said what."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.quality.agreement import Unit, agreement, alpha, interval, nominal, ordinal, ratio

FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Krippendorff 2011, C: four observers, twelve units."""

BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
"""The same, A: Meg and Owen, ten articles."""

NAMES = ["aabbdcccedda", "babbbccceddd"]
"""The same, B: Ben and Gerry, twelve articles."""

VALUE = st.sampled_from([None, 1.0, 2.0, 3.0])
UNITS = st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=12)


def by_unit(observers: Any) -> list[Unit]:
    return [list(unit) for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("distance", "published"), [(nominal, 0.743), (ordinal, 0.815), (interval, 0.849), (ratio, 0.797)]
)
def test_four_observers(distance: Callable[..., Any], published: float):
    found = alpha(by_unit(FOUR), distance)
    assert found is not None
    assert round(found, 3) == published


def test_two_observers():
    names = by_unit([[ord(letter) for letter in observer] for observer in NAMES])
    assert [round(alpha(units) or 0, 3) for units in (by_unit(BINARY), names)] == [0.095, 0.692]


@given(UNITS, st.permutations(range(3)), st.sampled_from([nominal, ordinal, interval, ratio]))
def test_who_said_it_changes_nothing(units: list[Unit], order: list[int], distance: Callable[..., Any]):
    assert alpha([[unit[place] for place in order] for unit in units], distance) == alpha(units, distance)


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=2, max_size=12), st.integers(2, 4))
def test_perfect_agreement_is_one_where_there_is_anything_to_agree_on(values: list[float], observers: int):
    found = agreement([[value] * observers for value in values])
    assert found.n == len(values)
    if len(set(values)) == 1:
        assert found[1:] == (None, None, None)
    else:
        assert found[1:] == (1.0, 1.0, 1.0)


@given(UNITS)
def test_the_interval_is_always_the_same_and_units_of_one_say_nothing(units: list[Unit]):
    found = agreement(units)
    lonely: list[Unit] = [[1.0, None, None], [None, None, None]]
    assert agreement([*units, *lonely]) == found
    if found.low is not None and found.high is not None:
        assert found.low <= found.high <= 1.0


def test_the_interval_of_the_published_example_holds_its_value():
    found = agreement(by_unit(FOUR))
    assert found.n == 11
    assert found.alpha is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.alpha < found.high
