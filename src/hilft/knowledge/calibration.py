"""How likely a match is right in this installation: the shipped likelihood, bent by the verdicts of its own people."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

PRIOR: Final = 12.0
"""How firmly few verdicts are held to the shipped curve: some eighty of them weigh as much as it does."""
FLATTEST: Final = 0.2
STEPS: Final = 25


class Curve(NamedTuple):
    """A line through log-odds; the shipped one changes nothing."""

    slope: float = 1.0
    offset: float = 0.0

    def bent(self, chance: float) -> float:
        """The likelihood as this installation knows it."""
        return 1 / (1 + math.exp(-(self.slope * log_odds(chance) + self.offset)))


def log_odds(chance: float) -> float:
    """The likelihood on the scale where evidence adds up; never infinite."""
    held = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


def fitted(verdicts: Sequence[tuple[float, bool]]) -> Curve:
    """Platt's calibration with a prior: shipped likelihoods and whether each match was right; by Newton's steps."""
    slope, offset = 1.0, 0.0
    for _step in range(STEPS):
        by_slope, by_offset = PRIOR * (slope - 1), PRIOR * offset
        both, slope_twice, offset_twice = 0.0, PRIOR, PRIOR
        for chance, right in verdicts:
            odds = log_odds(chance)
            likely = 1 / (1 + math.exp(-(slope * odds + offset)))
            by_slope += (likely - right) * odds
            by_offset += likely - right
            bend = likely * (1 - likely)
            slope_twice, offset_twice, both = slope_twice + bend * odds**2, offset_twice + bend, both + bend * odds
        scale = slope_twice * offset_twice - both**2
        slope -= (offset_twice * by_slope - both * by_offset) / scale
        offset -= (slope_twice * by_offset - both * by_slope) / scale
        slope = max(slope, FLATTEST)
    return Curve(slope, offset)
