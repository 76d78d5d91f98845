"""What learns: a projection, a ranking of candidates, and a line and trees that say how sure the first one is."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilft.knowledge.evidence import EVIDENCE
from hilft.knowledge.trained import Forest
from hilft.reading.embedding import Vectors

Whole = NDArray[np.int64]
Doubles = NDArray[np.float64]
DIMENSIONS: Final = 200
WHITENING, SHRINKAGE = 0.7, 0.1

DEPTH, TREES, RATE, SMOOTH, BINS = 3, 150, 0.08, 4.0, 32
FEATURES_TRIED = 0.2
"""The share of features that each tree may ask."""


class Round(NamedTuple):
    """One exercise: evidence for texts about the same candidates, which of them is right (-1 for none), its weight."""

    found: Vectors
    right: Whole
    lengths: Vectors
    weight: float


def projection(vectors: Vectors, labels: Whole) -> Vectors:
    """Discriminant analysis: directions in which questions differ from each other, not wordings of the same one.

    Within-class scatter is shrunk and whitened in part; every question weighs the same.
    """
    counts = np.bincount(labels)
    middles = np.zeros((len(counts), vectors.shape[1]), np.float32)
    np.add.at(middles, labels, vectors)
    middles /= counts[:, None]
    spread = (vectors - middles[labels]) / np.sqrt(counts[labels, None]).astype(np.float32)
    scatter = (spread.T @ spread).astype(np.float64) / len(counts)
    scatter = (1 - SHRINKAGE) * scatter + SHRINKAGE * np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    values, axes = np.linalg.eigh(scatter)
    whitened = axes * values ** (-WHITENING / 2)
    apart = middles @ whitened
    _left, _sizes, directions = np.linalg.svd(apart - apart.mean(axis=0), full_matrices=False)
    found = whitened @ directions[:DIMENSIONS].T
    return np.asarray(found / np.abs(found).max(), np.float32)


def ranking(rounds: Sequence[Round], *, steps: int = 300, ridge: float = 1e-3) -> Vectors:
    """Weights of the evidence by conditional logit: among its candidates, the right question's chance is highest."""
    every = np.concatenate([r.found[..., :EVIDENCE].reshape(-1, EVIDENCE) for r in rounds])
    spread = every.std(axis=0) + 1e-9
    exercises = [(r.found[r.right >= 0][..., :EVIDENCE] / spread, r.right[r.right >= 0], r.weight) for r in rounds]
    total = sum(weight * len(right) for _x, right, weight in exercises)
    weights, speed, size = np.zeros(EVIDENCE), np.zeros(EVIDENCE), np.zeros(EVIDENCE)
    for step in range(1, steps + 1):
        slope = ridge * weights
        for x, right, weight in exercises:
            chance = _chances(x @ weights)
            chance[np.arange(len(right)), right] -= 1
            slope = slope + weight * np.einsum("qm,qmk->k", chance, x) / total
        speed = 0.9 * speed + 0.1 * slope
        size = 0.99 * size + 0.01 * slope**2
        weights -= 0.1 * (speed / (1 - 0.9**step)) / (np.sqrt(size / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / spread, np.float32)


def _chances(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def line(rows: Vectors, right: NDArray[np.bool_], weight: Vectors, *, ridge: float = 20.0) -> Vectors:
    """Logistic regression by Newton's steps; the last number is the constant."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    x = np.hstack([(rows - middle) / spread, np.ones((len(rows), 1))])
    found = np.zeros(x.shape[1])
    for _step in range(8):
        chance = 1 / (1 + np.exp(-x @ found))
        bend = (x * (weight * chance * (1 - chance))[:, None]).T @ x + ridge * np.eye(len(found))
        found -= np.linalg.solve(bend, x.T @ (weight * (chance - right)) + ridge * found)
    slope = found[:-1] / spread
    return np.asarray(np.append(slope, found[-1] - slope @ middle), np.float32)


def forest(rows: Vectors, right: NDArray[np.bool_], weight: Vectors, *, seed: int = 0) -> Forest:
    """Boosted trees of three questions each (the same for all branches of a level), by log loss."""
    rng = np.random.default_rng(seed)
    edges = np.quantile(rows, np.linspace(0, 1, BINS + 1)[1:-1], axis=0).astype(np.float32)
    binned = np.stack([np.searchsorted(edges[:, f], rows[:, f], side="left") for f in range(rows.shape[1])], axis=1)
    share = float((weight * right).sum() / weight.sum())
    start = np.log(share / (1 - share))
    total = np.full(len(rows), start)
    trees = []
    for _tree in range(TREES):
        chance = 1 / (1 + np.exp(-total))
        slope, bend = weight * (right - chance), weight * chance * (1 - chance)
        tried = rng.choice(rows.shape[1], max(1, int(FEATURES_TRIED * rows.shape[1])), replace=False)
        leaf, asked = _grow(binned, slope, bend, tried)
        added = RATE * np.bincount(leaf, slope, 1 << DEPTH) / (np.bincount(leaf, bend, 1 << DEPTH) + SMOOTH)
        total += added[leaf]
        trees.append((asked, added))
    feature = np.array([[f for f, _b in asked] for asked, _added in trees])
    threshold = np.array([[edges[b, f] for f, b in asked] for asked, _added in trees], np.float32)
    leaves = np.array([added for _asked, added in trees], np.float32)
    return Forest(feature, threshold, leaves, np.array([start], np.float32))


def _grow(binned: Whole, slope: Doubles, bend: Doubles, tried: Whole) -> tuple[Whole, list[tuple[int, int]]]:
    leaf = np.zeros(len(binned), np.int64)
    asked = []
    for level in range(DEPTH):
        best = (-np.inf, 0, 0)
        for f in tried:
            place = leaf * BINS + binned[:, f]
            cells = (1 << level) * BINS
            s = np.bincount(place, slope, cells).reshape(-1, BINS).cumsum(axis=1)
            b = np.bincount(place, bend, cells).reshape(-1, BINS).cumsum(axis=1)
            gain = s**2 / (b + SMOOTH) + (s[:, -1:] - s) ** 2 / (b[:, -1:] - b + SMOOTH)
            gains = gain[:, :-1].sum(axis=0)
            at = int(gains.argmax())
            if gains[at] > best[0]:
                best = (float(gains[at]), int(f), at)
        _gain, f, at = best
        asked.append((f, at))
        leaf |= (binned[:, f] > at).astype(np.int64) << level
    return leaf, asked
