"""The figures of matching: rank, separation of known from unknown, and what a precision leaves over."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Asked(NamedTuple):
    """One query: whether its question is in the index, its rank there (0 for none), and the confidence."""

    known: bool
    rank: int
    confidence: float


def mrr(asked: Sequence[Asked]) -> float:
    """Mean of one over the rank among the first ten, over the known ones."""
    known = [a for a in asked if a.known]
    return float(np.mean([1 / a.rank if 0 < a.rank <= 10 else 0.0 for a in known])) if known else float("nan")


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a known query's confidence exceeds an unknown one's, ties half (Mann–Whitney U / nm)."""
    if not positive or not negative:
        return float("nan")
    values = np.concatenate([positive, negative])
    _unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    u = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(u / (len(positive) * len(negative)))


def coverage(asked: Sequence[Asked], *, precision: float) -> float:
    """Share of known queries answered rightly at the lowest threshold whose precision over all queries holds.

    An unknown query above the threshold counts as a wrong answer.
    """
    known = sum(a.known for a in asked)
    right = best = 0
    for answered, a in enumerate(sorted(asked, key=lambda a: -a.confidence), start=1):
        right += a.known and a.rank == 1
        if right / answered >= precision:
            best = right
    return best / known if known else float("nan")


def summary(asked: Sequence[Asked]) -> dict[str, float | int]:
    """The figures of the protocol."""
    known = [a for a in asked if a.known]
    return {
        "known": len(known),
        "unknown": len(asked) - len(known),
        "mrr_at_10": mrr(asked),
        "hit_at_1": float(np.mean([a.rank == 1 for a in known])),
        "auroc": auroc([a.confidence for a in known], [a.confidence for a in asked if not a.known]),
        "coverage_at_p95": coverage(asked, precision=0.95),
    }
