"""An author's record: from every text being checked to a sample, earned by checks without a fault.

The counts of checks in a row follow from the binomial: n clean checks show with 95 % confidence that at most the
share p of texts is faulty when (1 − p)ⁿ ≤ .05. Beside it runs Wald's sequential
test of 3 % against 10 % (α .05, β .10).
"""

import math
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

GOOD, BAD, ALPHA, BETA = 0.03, 0.10, 0.05, 0.10
_ODDS: Final = math.log(BAD * (1 - GOOD) / (GOOD * (1 - BAD)))
SLOPE: Final = math.log((1 - GOOD) / (1 - BAD)) / _ODDS
ACCEPTS_BELOW: Final = math.log((1 - ALPHA) / BETA) / _ODDS
REJECTS_ABOVE: Final = math.log((1 - BETA) / ALPHA) / _ODDS


class Step(NamedTuple):
    """From so many clean checks in a row, at most `faulty` of the texts are, and `share` of them is still held."""

    clean: int
    faulty: float
    share: float


STEPS: Final = (Step(0, 1.0, 1.0), Step(29, 0.10, 0.30), Step(59, 0.05, 0.15), Step(149, 0.02, 0.05))


class Trial(StrEnum):
    """What the sequential test says."""

    GOES_ON = "goes on"
    GOOD = "good"
    BAD = "bad"


class Record(NamedTuple):
    """Checks of one author's texts: in a row without a fault, and all of them with their faults."""

    clean: int
    checks: int
    faults: int

    @property
    def step(self) -> Step:
        """How far the author has come; a test that found too many faults leads back to the beginning."""
        if self.test is Trial.BAD:
            return STEPS[0]
        return next(step for step in reversed(STEPS) if self.clean >= step.clean)

    @property
    def following(self) -> Step | None:
        """The next step to be earned."""
        return next((step for step in STEPS if step.clean > self.step.clean), None)

    @property
    def test(self) -> Trial:
        """The sequential test at this point."""
        if self.faults >= SLOPE * self.checks + REJECTS_ABOVE:
            return Trial.BAD
        return Trial.GOOD if self.faults <= SLOPE * self.checks - ACCEPTS_BELOW else Trial.GOES_ON

    @property
    def accepts_at(self) -> float:
        """Up to so many faults the test accepts."""
        return SLOPE * self.checks - ACCEPTS_BELOW

    @property
    def rejects_at(self) -> float:
        """From so many faults on the test rejects."""
        return SLOPE * self.checks + REJECTS_ABOVE


def counted(checks: Iterable[bool]) -> Record:
    """The record after these checks, oldest first; each says whether the text was without a fault."""
    clean = total = faults = 0
    for fine in checks:
        total += 1
        faults += not fine
        clean = clean + 1 if fine else 0
    return Record(clean, total, faults)
