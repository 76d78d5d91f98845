"""Krippendorff's α: how far two or more people agree beyond what chance would give.

K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), https://repository.upenn.edu/asc_papers/43: from
a matrix of coincidences o(c,k) = Σᵤ (pairs c–k in unit u) / (mᵤ − 1), with mᵤ values in unit u, and its sums n(c), n:
α = 1 − (n − 1) · Σ o(c,k) δ²(c,k) / Σ n(c) n(k) δ²(c,k). Values may be missing; a unit with fewer than two has no say.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

type Unit = Sequence[float | None]
type Table = NDArray[np.float64]

GOOD: Final = 0.80
TENTATIVE: Final = 0.667
"""From here on α is good, or allows tentative conclusions (Krippendorff, Content Analysis, 2004, p. 241)."""

RESAMPLES: Final = 1000
SEED: Final = 2011


class Agreement(NamedTuple):
    """α of so many units with at least two values, and a 95 % interval; no α where everybody always said the same.

    The interval is the percentile bootstrap over units; it is missing with fewer than two units.
    """

    n: int
    alpha: float | None
    low: float | None
    high: float | None


def nominal(values: Table, _sums: Table) -> Table:
    """Values are names: two are the same or not."""
    return 1.0 - np.eye(len(values))


def ordinal(_values: Table, sums: Table) -> Table:
    """Values are ranks: the distance is the number of values between them, the ends counted half."""
    middles = np.cumsum(sums, axis=-1) - sums / 2
    return np.asarray((middles[..., :, None] - middles[..., None, :]) ** 2)


def interval(values: Table, _sums: Table) -> Table:
    """Values are numbers with equal steps."""
    return np.asarray((values[:, None] - values[None, :]) ** 2)


def ratio(values: Table, _sums: Table) -> Table:
    """Values are numbers with a zero."""
    total = values[:, None] + values[None, :]
    return np.asarray(((values[:, None] - values[None, :]) / np.where(total == 0, 1, total)) ** 2)


def alpha(units: Sequence[Unit], distance: Callable[[Table, Table], Table] = nominal) -> float | None:
    """α of units, each with what its observers said; None where there is nothing to agree on."""
    values, tables = _coincidences(units)
    found = float(_alpha(tables.sum(axis=0), values, distance)) if len(tables) else np.nan
    return None if np.isnan(found) else found


def agreement(units: Sequence[Unit], distance: Callable[[Table, Table], Table] = nominal) -> Agreement:
    """α with its interval; the same units always give the same."""
    values, tables = _coincidences(units)
    found, n = alpha(units, distance), len(tables)
    if found is None or n < 2:
        return Agreement(n, found, None, None)
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    again = _alpha(np.tensordot(drawn.astype(np.float64), tables, axes=1), values, distance)
    low, high = np.nanpercentile(again, [2.5, 97.5])
    return Agreement(n, found, float(low), float(high))


def _coincidences(units: Sequence[Unit]) -> tuple[Table, Table]:
    """The values in their order, and one matrix of coincidences for each unit that has at least two."""
    told = [[value for value in unit if value is not None] for unit in units]
    told = [unit for unit in told if len(unit) > 1]
    values = sorted({value for unit in told for value in unit})
    counts = np.array([[unit.count(value) for value in values] for unit in told], dtype=np.float64)
    if not told:
        return np.zeros(0), np.zeros((0, 0, 0))
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    return np.array(values, dtype=np.float64), pairs / (counts.sum(axis=1) - 1)[:, None, None]


def _alpha(table: Table, values: Table, distance: Callable[[Table, Table], Table]) -> Any:
    """α of one table of coincidences or of a stack of them; not a number where nothing varies."""
    sums = table.sum(axis=-1)
    apart = distance(values, sums)
    seen = (table * apart).sum(axis=(-1, -2))
    expected = (sums[..., :, None] * sums[..., None, :] * apart).sum(axis=(-1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (sums.sum(axis=-1) - 1) * seen / expected, np.nan)
