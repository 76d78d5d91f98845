"""What is drawn for an exam, how it is counted, and what comes next for somebody in a module."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from hilft.training.enums import Step

AHEAD: Final = timedelta(days=60)
"""So long before a certificate ends it can be refreshed."""


class Standing(NamedTuple):
    """Where somebody stands in a module.

    Counted since the last revocation, if there was one: `exam` is the last exam with its end, `practised` whether a
    trainer passed a reply. `until` is the end of the certificate that holds, `certified` that there is one.
    """

    unread: int
    exam_passed: bool | None
    exam_at: datetime | None
    practice_waits: bool
    practised: bool
    certified: bool
    until: datetime | None
    certified_at: datetime | None


def step(standing: Standing, *, has_task: bool, retry: timedelta, at: datetime) -> Step:
    """What comes next. A refresher is the exam alone; after a revocation everything but the reading is due again."""
    ends_soon = standing.until is not None and standing.until <= at + AHEAD
    if standing.certified and not ends_soon:
        return Step.DONE
    if standing.unread and not standing.certified_at:
        return Step.LESSONS
    if standing.practice_waits:
        return Step.MARKING
    fresh = standing.exam_at is not None and (standing.certified_at is None or standing.exam_at > standing.certified_at)
    if fresh and standing.exam_passed and has_task and not standing.practised:
        return Step.PRACTICE
    if fresh and standing.exam_passed is False and standing.exam_at and at < standing.exam_at + retry:
        return Step.LATER
    return Step.REFRESH if standing.certified_at else Step.EXAM


def draw(bank: Sequence[int], number: int, seed: int, *, last: Sequence[int] = ()) -> list[int]:
    """So many questions of the bank in the order of the seed; never the same ones as last time where others exist."""
    random, number = Random(seed), min(number, len(bank))  # noqa: S311  an order, no secret
    drawn = random.sample(sorted(bank), number)
    others = sorted(set(bank) - set(drawn))
    if others and drawn and set(drawn) == set(last):
        drawn[random.randrange(number)] = random.choice(others)
    return drawn


def order(choices: int, seed: int, question: int) -> list[int]:
    """The places of a question's choices as they are shown."""
    places = list(range(choices))
    Random(f"{seed}:{question}").shuffle(places)  # noqa: S311  an order, no secret
    return places


def is_right(choices: Sequence[Mapping[str, Any]], chosen: Sequence[int]) -> bool:
    """Whether exactly the right choices were chosen."""
    return {place for place, choice in enumerate(choices) if choice["right"]} == set(chosen)


def passes(right: int, asked: int, percent: int) -> bool:
    """Whether so many right answers suffice."""
    return asked > 0 and right * 100 >= percent * asked
