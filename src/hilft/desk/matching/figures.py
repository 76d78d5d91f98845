"""Figures from people's verdicts: shares with their intervals, a setting with its consequences, and reliability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from hilft.inbox.verdicts import Outcome
from hilft.knowledge.calibration import Curve

Z: Final = 1.96
BINS: Final = 10


class Share(NamedTuple):
    """So many of so many, with Wilson's 95 % interval; nothing of nothing has none."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, at 95 %."""
        if not self.whole:
            return 0.0, 1.0
        share, spread = self.part / self.whole, Z**2 / self.whole
        middle = (share + spread / 2) / (1 + spread)
        reach = Z / (1 + spread) * math.sqrt(share * (1 - share) / self.whole + spread / self.whole / 4)
        return max(middle - reach, 0.0), min(middle + reach, 1.0)

    @property
    def percent(self) -> int | None:
        """The share in whole percent."""
        return None if self.value is None else round(100 * self.value)

    @property
    def low(self) -> int:
        """The lower end in whole percent."""
        return round(100 * self.interval[0])

    @property
    def high(self) -> int:
        """The upper end in whole percent."""
        return round(100 * self.interval[1])


@dataclass(frozen=True)
class Setting:
    """What a bar means: of what is suggested how much is right, of what has an answer how much is found."""

    precision: Share
    recall: Share
    coverage: Share

    @property
    def one_in(self) -> int | None:
        """Every how-many-th suggestion is wrong; None when none was."""
        wrong = self.precision.whole - self.precision.part
        return max(round(self.precision.whole / wrong), 1) if wrong else None

    @property
    def posts(self) -> tuple[int, int]:
        """How many of how few posts get a suggestion."""
        return simple(self.coverage.value or 0.0)


class Bin(NamedTuple):
    """Matches of about the same likelihood in the picture's own units, and how often they were right."""

    low: int
    high: int
    share: Share
    x: int
    y: int
    width: int
    height: int
    top: int
    reach: int


def at(told: Sequence[Outcome], curve: Curve, bar: float) -> Setting:
    """The consequences of a bar, on these verdicts."""
    shown = [one for one in told if one.suggested is not None and curve.bent(one.chance) >= bar]
    right = sum(one.right for one in shown)
    answered = sum(one.meant is not None for one in told)
    return Setting(Share(right, len(shown)), Share(right, answered), Share(len(shown), len(told)))


def simple(share: float) -> tuple[int, int]:
    """The nearest fraction with a whole of at most ten."""
    return min(
        ((round(share * whole), whole) for whole in range(2, 11)),
        key=lambda pair: (round(abs(pair[0] / pair[1] - share), 3), pair[1]),
    )


def reliability(told: Sequence[Outcome], curve: Curve, *, size: int) -> list[Bin]:
    """How often matches were right, by the likelihood they had; empty bins are left out."""
    step = size // BINS
    bins = []
    binned: list[list[Outcome]] = [[] for _ in range(BINS)]
    for one in told:
        if one.suggested is not None:
            binned[min(int(curve.bent(one.chance) * BINS), BINS - 1)].append(one)
    for number, mine in enumerate(binned):
        if mine:
            share = Share(sum(one.right for one in mine), len(mine))
            low, high = share.interval
            height = max(round((share.value or 0) * size), 4)
            edge = round(size * (1 - high))
            reach = round(size * (high - low))
            width = step // 2
            low_, high_ = 100 * number // BINS, 100 * (number + 1) // BINS
            bins.append(Bin(low_, high_, share, number * step + step // 4, size - height, width, height, edge, reach))
    return bins
