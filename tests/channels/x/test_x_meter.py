"""The daily budget: counted ahead, kept to the cent, and never in the way of an answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.channels.contract import OverBudget
from hilft.channels.ledger import packaged
from hilft.channels.x.meter import Meter
from tests.channels.world import Heard, eventually, polled, reply, words
from tests.channels.x.world import XWorld

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A time that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def metered(budget: str = "0", clock: Clock | None = None) -> Meter:
    return Meter(packaged("x"), Decimal(budget), clock or Clock())


def test_a_resource_is_charged_once_a_day() -> None:
    clock = Clock()
    meter = metered(clock=clock)
    meter.read("price.read_dm", ["1", "2", "1"])
    meter.read("price.read_dm", ["2", "3"])
    assert meter.today == Decimal("0.03")
    clock.at += timedelta(hours=12)
    assert meter.today == 0
    meter.read("price.read_dm", ["2"])
    assert meter.today == Decimal("0.01")
    assert meter.spent() == {"price.read_dm": 4}
    assert meter.spent() == {}
    assert meter.today == Decimal("0.01")


def test_no_budget_asks_for_everything() -> None:
    meter = metered()
    meter.did("price.post_with_url", 1000)
    meter.enough()
    assert meter.affordable("price.read_post", 10, 100) == 100


def test_the_end_of_the_budget_is_midnight_utc() -> None:
    meter = metered("0.05")
    meter.did("price.read_post", 10)
    with pytest.raises(OverBudget, match=r"0\.05 US dollars") as over:
        meter.enough()
    assert over.value.after == timedelta(hours=12)


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(["price.read_post", "price.read_dm"])), max_size=60))
def test_reading_never_costs_more_than_the_budget(answers: list[tuple[int, str]]) -> None:
    meter = metered("0.33")
    number = 0
    for size, price in answers:
        try:
            asked = meter.affordable(price, 5, 100)
        except OverBudget:
            continue
        found = [str(number + one) for one in range(min(size, asked))]
        number += len(found)
        meter.read(price, found)
        assert meter.today <= Decimal("0.33")


def test_pitfall_10_a_daily_budget_stops_polling_before_the_money_does(alone: XWorld) -> None:
    adapter = alone.made(budget_usd_a_day=0.02)
    start = adapter.poll("")[1]
    for number in range(30):
        alone.ask(words(f"Frage {number}"))
    raws, cursor = adapter.poll(start)
    assert len(raws) == 20
    with pytest.raises(OverBudget) as over:
        adapter.poll(cursor)
    assert timedelta(0) < over.value.after <= timedelta(days=1)
    assert alone.bill()["usd"] <= 0.02
    (question,) = adapter.parse(raws[0].body)
    assert adapter.allowed("reply", question.ref).ok
    assert adapter.allowed("reply", question.ref).reason == ""
    sent = adapter.publish(reply(question, words("Antworten gehen immer.")))
    assert alone.standing(sent.ref)
    rest, _ = alone.made().poll(cursor)
    assert len([raw for raw in rest if raw.key not in {one.key for one in raws}]) == 11


def test_pitfall_10_listening_stops_with_the_money_and_says_until_when(alone: XWorld) -> None:
    adapter = alone.made(budget_usd_a_day=0.01, messages=False)
    listener = Heard(adapter, adapter.poll("")[1])
    try:
        for number in range(12):
            alone.ask(words(f"Frage {number}"))
        error = eventually(lambda: listener.error)
        assert isinstance(error, OverBudget)
        assert len(listener.raws) <= 10
        assert alone.bill()["usd"] <= 0.01
    finally:
        listener.end()


def test_two_threads_do_not_spend_the_same_money() -> None:
    meter = metered()

    def read() -> None:
        for number in range(500):
            meter.read("price.read_post", [str(number)])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meter.spent() == {"price.read_post": 500}


def test_a_question_is_charged_as_a_mention_of_us(alone: XWorld) -> None:
    text = words("Was kostet eine Frage?")
    alone.brand.spent()
    alone.ask(text)
    polled(alone, text)
    assert alone.brand.spent() == {"price.read_own_mention": 1}
