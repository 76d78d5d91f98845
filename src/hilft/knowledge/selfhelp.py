"""What showing hosted answers to people who are about to ask prevents, measured by a share that is shown none."""

import uuid
from datetime import datetime
from math import sqrt
from typing import Final, NamedTuple

from django.db.models import Count, Q

from hilft.knowledge.enums import AskingEnd
from hilft.knowledge.models import Asking

HELD_OUT: Final = 10
"""Percent of askers who are shown nothing; enough for an answer within months, little enough to be fair."""

Z: Final = 1.959964
"""The 97.5th percentile of the normal distribution: intervals are of 95 %."""


class Interval(NamedTuple):
    """A share with its 95 % interval, all between 0 and 1."""

    share: float
    low: float
    high: float


class Effect(NamedTuple):
    """Of `shown` people with an answer in view and `held` without, how many went on to ask, and what that means.

    `prevented` is how many questions the answers saved among those who saw them, `low` to `high` its 95 % interval;
    None while either side is empty.
    """

    shown: int
    shown_asked: int
    solved: int
    held: int
    held_asked: int
    prevented: float | None
    low: float | None
    high: float | None


def begin(key: uuid.UUID) -> Asking:
    """Notes that somebody is about to ask and that something seems to fit; asked again, it is the same row."""
    found, _created = Asking.objects.get_or_create(key=key, defaults={"held_out": key.int % 100 < HELD_OUT})
    return found


def end(key: uuid.UUID, outcome: AskingEnd) -> None:
    """Notes how they went on; having asked is the last word, unless `solve` says otherwise."""
    Asking.objects.filter(key=key).exclude(outcome=AskingEnd.ASKED).update(outcome=outcome)


def solve(key: uuid.UUID) -> None:
    """Notes that somebody who had asked already, by mail, found the answer that they were shown to solve it."""
    Asking.objects.filter(key=key, held_out=False).update(outcome=AskingEnd.SOLVED)


def effect(first: datetime, last: datetime) -> Effect:
    """The effect over a time, by Newcombe's interval for the difference of two shares."""
    rows = Asking.objects.filter(at__range=(first, last)).order_by().values_list("held_out")
    asked, solved = Count("pk", filter=Q(outcome="asked")), Count("pk", filter=Q(outcome="solved"))
    counts = {held: numbers for held, *numbers in rows.annotate(n=Count("pk"), asked=asked, solved=solved)}
    shown, shown_asked, said = counts.get(False, (0, 0, 0))
    held, held_asked, _said = counts.get(True, (0, 0, 0))
    if not shown or not held:
        return Effect(shown, shown_asked, said, held, held_asked, None, None, None)
    difference = newcombe(held_asked, held, shown_asked, shown)
    return Effect(shown, shown_asked, said, held, held_asked, *(shown * part for part in difference))


def wilson(hits: int, n: int) -> Interval:
    """A share's score interval (Wilson, J. Am. Stat. Assoc. 22, 1927); without any case it is all of 0 to 1."""
    if not n:
        return Interval(0.0, 0.0, 1.0)
    share, square = hits / n, Z * Z / n
    middle = share + square / 2
    reach = Z * sqrt(share * (1 - share) / n + square / (4 * n))
    return Interval(share, max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square)))


def newcombe(hits: int, n: int, other_hits: int, other_n: int) -> Interval:
    """The difference of two shares with its hybrid score interval (Newcombe, Stat. Med. 17, 1998, method 10)."""
    one, other = wilson(hits, n), wilson(other_hits, other_n)
    share = one.share - other.share
    down = sqrt((one.share - one.low) ** 2 + (other.high - other.share) ** 2)
    up = sqrt((one.high - one.share) ** 2 + (other.share - other.low) ** 2)
    return Interval(share, share - down, share + up)
