"""What speaks for each candidate: a text against a pool of questions, seen by meaning in three ways and by letters."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilft.reading.embedding import Vectors, unit
from hilft.reading.letters import Letters, letters, shared

FIRST = 384
"""Dimensions of the first encoder within the joined vectors."""

NEAREST = 3
"""How many of a question's nearest wordings speak for it together."""

RIVALS = 5
"""So many candidates behind the first are looked at to judge how sure it is."""

EVIDENCE = 12
"""Numbers for each candidate that rank it; further ones say how it lies among its neighbours."""

ROW = EVIDENCE + 6


class Side(NamedTuple):
    """Texts as all views see them: projected, by the first and the second encoder, and by letters."""

    views: tuple[Vectors, Vectors, Vectors]
    letters: Letters
    lengths: NDArray[np.float32]


class Pool(NamedTuple):
    """Wordings sorted by question: `starts` is where each question's begin."""

    side: Side
    starts: NDArray[np.int64]


def side(texts: Sequence[str], vectors: Vectors, *, projection: Vectors, rarity: NDArray[np.float32]) -> Side:
    """Texts with their joined vectors, made comparable."""
    views = (unit(vectors @ projection), unit(vectors[:, :FIRST]), unit(vectors[:, FIRST:]))
    return Side(views, letters(texts, rarity), np.log1p([len(text) for text in texts]).astype(np.float32))


def evidence(asked: Side, pool: Pool) -> Vectors:
    """`(texts, questions, ROW)`: the nearest wording, the nearest three and the middle of each question by each view,
    how many wordings it has, and how close its wordings are to each other and to those of other questions."""
    rows: list[Vectors] = []
    around: list[Vectors] = []
    shape = (len(asked.lengths), len(pool.starts))
    for ours, theirs in zip(asked.views, pool.side.views, strict=True):
        middle = unit(np.add.reduceat(theirs, pool.starts))
        rows += [*_nearest(ours @ theirs.T, pool.starts), ours @ middle.T]
        around += [np.broadcast_to(value, shape) for value in _surroundings(theirs, pool.starts)]
    rows += _nearest(shared(asked.letters, pool.side.letters), pool.starts)
    count = np.log(_counts(pool.starts, len(pool.side.lengths))).astype(np.float32)
    return np.stack([*rows, np.broadcast_to(count, shape), *around], axis=-1)


def doubts(found: Vectors, scores: Vectors, lengths: NDArray[np.float32]) -> Vectors:
    """What says how sure the first candidate is: its lead, its agreement over the views, and its surroundings.

    There must be at least RIVALS + 1 candidates.
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, : RIVALS + 1]
    top = np.take_along_axis(scores, order, axis=1)
    rest = np.take_along_axis(found, order[:, :, None], axis=1)
    share = np.exp(top - top[:, :1])
    share /= share.sum(axis=1, keepdims=True)
    first, others = rest[:, 0], rest[:, 1:, :EVIDENCE]
    ahead = first[:, :EVIDENCE] - others.max(axis=1)
    beyond = first[:, :EVIDENCE] - others.mean(axis=1)
    highest = found[:, :, :EVIDENCE].max(axis=1) - first[:, :EVIDENCE]
    agreed = (highest[:, [0, 3, 6, 9]] <= 0).sum(axis=1, keepdims=True)
    inner, outer = first[:, EVIDENCE::2], first[:, EVIDENCE + 1 :: 2]
    near, mean = first[:, [0, 3, 6]], first[:, [1, 4, 7]]
    chance = [top[:, :1], top[:, :1] - top[:, 1:2], share[:, :1], -(share * np.log(share + 1e-9)).sum(1, keepdims=True)]
    parts = [*chance, first, ahead, beyond, agreed, near - inner, mean - inner, near - outer, mean - outer]
    return np.hstack([*parts, lengths[:, None]]).astype(np.float32)


def _nearest(likeness: Vectors, starts: NDArray[np.int64]) -> list[Vectors]:
    """Each question's nearest wording, and the mean of its nearest three."""
    best = np.maximum.reduceat(likeness, starts, axis=1)
    mean = np.empty_like(best)
    for place, part in enumerate(np.split(likeness, starts[1:], axis=1)):
        near = np.partition(part, -NEAREST, axis=1)[:, -NEAREST:] if part.shape[1] > NEAREST else part
        mean[:, place] = near.mean(axis=1)
    return [best, mean]


def _surroundings(vectors: Vectors, starts: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
    """How near a question's wordings are to each other, and to the nearest wordings of other questions."""
    likeness = vectors @ vectors.T
    counts = _counts(starts, len(vectors))
    own = np.repeat(np.arange(len(starts)), counts)
    sums = np.add.reduceat(np.add.reduceat(likeness, starts, axis=0), starts, axis=1)
    pairs = counts * (counts - 1)
    inner = (np.diagonal(sums) - counts) / np.maximum(pairs, 1)
    inner = np.where(pairs > 0, inner, inner[pairs > 0].mean() if (pairs > 0).any() else 0.5)
    apart = np.where(own[:, None] == own[None, :], -1.0, likeness)
    most = min(RIVALS, len(vectors) - 1)
    near = np.partition(apart, -most, axis=1)[:, -most:].mean(axis=1) if most else np.zeros(len(vectors))
    outer = np.add.reduceat(near, starts) / counts
    return inner.astype(np.float32), outer.astype(np.float32)


def _counts(starts: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    return np.diff(np.append(starts, total))
