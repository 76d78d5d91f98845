"""Runs of letters that two texts share, weighted by how rare they are: evidence beside meaning."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIZES = (3, 4, 5)
BUCKETS = 1 << 15
PRIME, MIX = np.uint64(1_000_003), np.uint64(0x9E3779B97F4A7C15)


class Letters(NamedTuple):
    """The runs of several texts: whose each is, its bucket, and its weight; each text has length one."""

    row: NDArray[np.int64]
    bucket: NDArray[np.int64]
    weight: NDArray[np.float32]
    texts: int


def letters(texts: Sequence[str], rarity: NDArray[np.float32]) -> Letters:
    """Texts as weighted runs; `rarity` has a weight for each bucket."""
    row, bucket, times = runs(texts)
    weight = (1 + np.log(times)).astype(np.float32) * rarity[bucket]
    length = np.sqrt(np.bincount(row, weight**2, minlength=len(texts))) + 1e-9
    return Letters(row, bucket, (weight / length[row]).astype(np.float32), len(texts))


def runs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each text's different runs of three to five letters: text, bucket, and how often."""
    plain = [f" {' '.join(text.lower().split())} " for text in texts]
    codes = np.frombuffer("".join(plain).encode("utf-32-le", "replace"), "<u4").astype(np.uint64)
    owner = np.repeat(np.arange(len(plain)), [len(text) for text in plain])
    keys = []
    for size in SIZES:
        ends = max(len(codes) - size + 1, 0)
        hashed = np.zeros(ends, np.uint64)
        for place in range(size):
            hashed = hashed * PRIME + codes[place : place + ends]
        within = owner[:ends] == owner[len(codes) - ends :]
        bucket = ((hashed * MIX) >> np.uint64(40)).astype(np.int64) % BUCKETS
        keys.append(owner[:ends][within] * BUCKETS + bucket[within])
    found, times = np.unique(np.concatenate(keys), return_counts=True)
    return found // BUCKETS, found % BUCKETS, times


def shared(some: Letters, others: Letters) -> NDArray[np.float32]:
    """Cosine of each of some texts with each of the others."""
    used, place = np.unique(some.bucket, return_inverse=True)
    if not len(used):
        return np.zeros((some.texts, others.texts), np.float32)
    left = np.zeros((some.texts, len(used)), np.float32)
    left[some.row, place] = some.weight
    near = np.searchsorted(used, others.bucket).clip(max=len(used) - 1)
    hit = used[near] == others.bucket
    right = np.zeros((others.texts, len(used)), np.float32)
    right[others.row[hit], near[hit]] = others.weight[hit]
    return left @ right.T
