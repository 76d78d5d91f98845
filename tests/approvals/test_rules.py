"""Which rule decides: conditions as data, and mistakes in them named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.approvals.enums import Tier
from hilft.approvals.models import Rule
from hilft.approvals.queries import drawn
from hilft.approvals.records import Record
from hilft.approvals.rules import NOBODY_SAID, Ruling, fits, mistakes, ruling

NOTHING, PROVEN = Record(0, 0, 0), Record(29, 29, 0)


@pytest.mark.parametrize(
    ("when", "facts", "holds"),
    [
        ({}, {}, True),
        ({"public": True}, {"public": True}, True),
        ({"public": True}, {"public": False}, False),
        ({"public": True}, {}, False),
        ({"risks": {"any": ["law", "money"]}}, {"risks": ["money"]}, True),
        ({"risks": {"any": ["law"]}}, {"risks": []}, False),
        ({"channel": {"any": ["x", "facebook"]}}, {"channel": "x"}, True),
        ({"channel": {"any": ["x"]}}, {"channel": "email"}, False),
        ({"changed_share": {"max": 10}}, {"changed_share": 10}, True),
        ({"changed_share": {"max": 10}}, {"changed_share": 11}, False),
        ({"changed_share": {"min": 5, "max": 10}}, {"changed_share": 4}, False),
        ({"changed_share": {"min": 5}}, {}, False),
        ({"changed_share": {"max": 1}}, {"changed_share": True}, False),
        ({"public": True, "language": "de"}, {"public": True, "language": "en"}, False),
    ],
)
def test_conditions(when: dict[str, object], facts: dict[str, object], holds: bool) -> None:
    assert fits(when, facts) is holds


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"public": True, "risks": {"any": ["law"]}, "changed_share": {"max": 10}}, []),
        ({"reach": {"min": 1}}, ["reach"]),
        ({"public": "yes"}, ["public: yes"]),
        ({"changed_share": {"over": 3}}, ["changed_share: {'over': 3}"]),
        ({"changed_share": {}}, ["changed_share: {}"]),
        ({"risks": "law"}, ["risks: law"]),
        ({"risks": {"any": []}}, ["risks: {'any': []}"]),
        ({"language": {"min": 1}}, ["language: {'min': 1}"]),
        ({"changed_share": {"max": "10"}}, ["changed_share: {'max': '10'}"]),
    ],
)
def test_mistakes_are_named(when: dict[str, object], found: list[str]) -> None:
    assert mistakes(when) == found


def rule(code: str, tier: Tier, **when: object) -> Rule:
    return Rule(code=code, tier=tier, when=when)


def test_the_first_rule_that_fits_decides_and_silence_needs_a_person() -> None:
    rules = [rule("private", Tier.PASSES, public=False), rule("rest", Tier.RECORD)]
    assert ruling(rules, {"public": False}, NOTHING) == Ruling("private", Tier.PASSES, 0.0, 1.0)
    assert ruling(rules, {"public": True}, NOTHING) == Ruling("rest", Tier.RECORD, 1.0, 1.0)
    assert ruling(rules, {"public": True}, PROVEN) == Ruling("rest", Tier.RECORD, 0.30, 0.30)
    assert ruling(rules[:1], {"public": True}, PROVEN) == Ruling(NOBODY_SAID, Tier.PERSON, 1.0, 0.30)
    assert ruling([rule("law", Tier.PERSON)], {}, PROVEN).held_share == 1.0


@given(st.integers(), st.integers())
def test_a_lot_is_drawn_always_or_never(author: int, post: int) -> None:
    """Whoever takes a text back and submits it again cannot draw anew."""
    assert drawn(1.0, author, post)
    assert not drawn(0.0, author, post)
    assert drawn(0.3, author, post) == drawn(0.3, author, post)
    assert drawn(0.9, author, post) or not drawn(0.3, author, post)


def test_about_the_share_is_drawn() -> None:
    assert 230 <= sum(drawn(0.3, 7, post) for post in range(1000)) <= 370, "five standard deviations around 300"
