"""Solved without contact: intervals as published, and an effect that only the comparison shows."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hilft.base.clock import now
from hilft.knowledge.enums import AskingEnd
from hilft.knowledge.models import Asking
from hilft.knowledge.selfhelp import HELD_OUT, begin, effect, end, newcombe, wilson
from tests import factories


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (9, 10, 0.5958, 0.9821)],
)
def test_wilsons_interval_as_published(hits: int, n: int, low: float, high: float):
    """Newcombe, Stat. Med. 17 (1998), 857-872, table I, method 3; the last is practice's 9 of 10."""
    found = wilson(hits, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((5, 56), (0, 29), -0.0381, 0.1926)],
)
def test_the_difference_of_two_shares_as_published(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
):
    """Newcombe, Stat. Med. 17 (1998), 873-890, table II, method 10."""
    found = newcombe(*one, *other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.django_db
def test_the_effect_is_the_difference_and_not_what_people_say():
    for number in range(100):
        shown = Asking.objects.create(key=uuid.uuid4(), held_out=False)
        end(shown.key, AskingEnd.ASKED if number < 40 else AskingEnd.SOLVED)
    for number in range(50):
        held = Asking.objects.create(key=uuid.uuid4(), held_out=True)
        if number < 25:
            end(held.key, AskingEnd.ASKED)
    found = effect(now() - timedelta(days=1), now() + timedelta(days=1))
    assert (found.shown, found.shown_asked, found.solved, found.held, found.held_asked) == (100, 40, 60, 50, 25)
    assert found.prevented == pytest.approx(10)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high
    nothing = effect(now() - timedelta(days=9), now() - timedelta(days=8))
    assert (nothing.shown, nothing.prevented) == (0, None)


@pytest.mark.django_db
def test_about_a_tenth_is_held_out_and_having_asked_is_the_last_word():
    keys = [uuid.UUID(int=number) for number in range(200)]
    assert sum(begin(key).held_out for key in keys) == 2 * HELD_OUT
    assert Asking.objects.count() == 200
    begin(keys[0])
    assert Asking.objects.count() == 200
    end(keys[0], AskingEnd.ASKED)
    end(keys[0], AskingEnd.SOLVED)
    assert Asking.objects.get(key=keys[0]).outcome == "asked"


@pytest.mark.django_db
@pytest.mark.parametrize(("n", "says"), [(0, "Nobody has begun"), (10, "Too few people yet"), (40, "questions fewer")])
def test_the_page_gives_no_figure_for_too_few(n: int, says: str):
    for held in (True, False):
        for _ in range(n):
            Asking.objects.create(key=uuid.uuid4(), held_out=held, outcome="asked" if held else "")
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.staff("editor"))
    assert says in client.get(reverse("desk:selfhelp")).content.decode()
