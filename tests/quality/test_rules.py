"""How a scorecard is counted, when two reviews lie apart, what a lot decides, and which figures may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.quality.enums import Mark
from hilft.quality.rules import (
    Criterion,
    Reply,
    Result,
    Share,
    apart,
    both,
    falls_under,
    lot,
    may_be_shown,
    result,
    safe,
)

CARD = [
    Criterion("accuracy", "Richtigkeit", "", "", "", 4, critical=True),
    Criterion("tone", "Ton", "", "", "", 2, critical=False),
    Criterion("resolution", "Lösung", "", "", "", 3, critical=False),
]
MARKS = st.fixed_dictionaries({one.key: st.sampled_from(Mark.values) for one in CARD})


@pytest.mark.parametrize(
    ("accuracy", "tone", "resolution", "found"),
    [
        ("met", "met", "met", Result(100, passed=True, critical=False)),
        ("met", "missed", "met", Result(78, passed=False, critical=False)),
        ("met", "none", "met", Result(100, passed=True, critical=False)),
        ("missed", "met", "met", Result(56, passed=False, critical=True)),
        ("none", "met", "missed", Result(40, passed=False, critical=False)),
    ],
)
def test_a_scorecard_is_counted(accuracy: str, tone: str, resolution: str, found: Result):
    marks = {"accuracy": accuracy, "tone": tone, "resolution": resolution}
    assert result(CARD, marks, enough=80) == found


@pytest.mark.parametrize(
    "marks",
    [{}, {"accuracy": "met"}, dict.fromkeys(("accuracy", "tone", "resolution"), "none"),
     {"accuracy": "met", "tone": "met", "resolution": "good"}],
)  # fmt: skip
def test_what_is_no_review(marks: dict[str, str]):
    with pytest.raises(ValueError, match="A review needs"):
        result(CARD, marks, enough=80)


@given(MARKS.filter(lambda marks: set(marks.values()) != {"none"}), st.integers(1, 100))
def test_one_critical_error_fails_whatever_the_rest(marks: dict[str, str], enough: int):
    found = result(CARD, marks, enough=enough)
    assert found.critical is (marks["accuracy"] == "missed")
    assert not (found.critical and found.passed)
    assert 0 <= found.score <= 100


def test_two_reviews_lie_apart_by_verdict_or_by_points():
    good = Result(100, passed=True, critical=False)
    assert [apart(good, other) for other in (good, good._replace(score=81), good._replace(score=80))] == [
        False,
        False,
        True,
    ]
    assert apart(good, good._replace(passed=False))
    assert both(good, good._replace(score=83)) == good._replace(score=92)


@given(st.integers(0, 2**62), st.integers(1, 10**6))
def test_a_lot_holds_for_its_seed(seed: int, reply: int):
    assert lot(seed, "drawn", reply) == lot(seed, "drawn", reply)
    assert 0 <= lot(seed, "drawn", reply) < 1


def test_lots_are_spread_evenly():
    drawn = sum(lot(7, "drawn", reply) < 0.05 for reply in range(20_000))
    assert 900 < drawn < 1100


def test_whose_replies_a_plan_draws():
    reply = Reply("x", 1, new=False, marked=True)
    asked = [
        ("all", "", []),
        ("new", "", []),
        ("marked", "x", []),
        ("all", "email", []),
        ("all", "", [0, 1]),
        ("all", "", [3]),
    ]
    found = [falls_under(reply, whose=whose, channel=kind, tiers=tiers) for whose, kind, tiers in asked]
    assert found == [True, False, True, False, True, False]


SHARES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(Share, st.integers(0, 40), st.frozensets(st.integers(0, 9)), st.just(0)),
)


@given(SHARES)
def test_what_is_left_out_never_follows_by_subtraction(groups: dict[str, Share]):
    shown = safe(groups)
    hidden = [share for key, share in groups.items() if key not in shown and share.n]
    assert all(may_be_shown(share) for share in shown.values())
    rest = Share(sum(one.n for one in hidden), frozenset().union(*(one.people for one in hidden)), 0)
    assert not shown or not hidden or may_be_shown(rest)


def test_a_small_team_takes_the_next_one_with_it():
    many, few = frozenset(range(6)), frozenset({7})
    groups = {"a": Share(50, many, 40), "b": Share(12, many, 9), "c": Share(3, few, 3)}
    assert set(safe(groups)) == {"a"}
    assert set(safe({"a": groups["a"], "b": groups["b"]})) == {"a", "b"}
